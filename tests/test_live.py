import anyio

from events.core.ids import EventId, new_id
from events.core.live import Live


async def test_whoever_waits_hears_of_a_change() -> None:
    live, event_id = Live(), EventId(new_id())
    heard: list[int] = []

    async def watch(number: int) -> None:
        await live.bell(event_id).wait()
        heard.append(number)

    async with anyio.create_task_group() as tasks:
        for number in range(3):
            tasks.start_soon(watch, number)
        await anyio.wait_all_tasks_blocked()
        live.publish(event_id)

    assert sorted(heard) == [0, 1, 2]


async def test_a_bell_that_was_taken_before_a_change_misses_nothing() -> None:
    live, event_id = Live(), EventId(new_id())
    bell = live.bell(event_id)

    live.publish(event_id)

    assert bell.is_set()
    assert not live.bell(event_id).is_set()


async def test_a_change_of_another_event_is_not_heard() -> None:
    live, one, two = Live(), EventId(new_id()), EventId(new_id())
    bell = live.bell(one)

    live.publish(two)
    assert not bell.is_set()

    live.publish(one)
    assert bell.is_set()


async def test_a_change_that_nobody_watches_leaves_nothing_behind() -> None:
    live, event_id = Live(), EventId(new_id())

    live.publish(event_id)

    assert not live.bell(event_id).is_set()
