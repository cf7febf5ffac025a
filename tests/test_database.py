import asyncio

import anyio
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from events.core.database import Database
from events.planning import create_event
from events.tables import events
from tests.cast import NOON, event_form


async def _slugs(database: Database) -> list[str]:
    rows = await database.read(lambda tx: tx.execute(sa.select(events.c.slug).order_by(events.c.slug)))
    return [row.slug for row in rows]


async def _create(tx: AsyncConnection, slug: str) -> None:
    await create_event(tx, event_form(slug=slug), actor="test", now=NOON)


async def test_a_written_row_is_read_back(database: Database) -> None:
    await database.write(lambda tx: _create(tx, "kept"))

    assert await _slugs(database) == ["kept"]


async def test_an_exception_leaves_nothing_behind(database: Database) -> None:
    async def body(tx: AsyncConnection) -> None:
        await _create(tx, "lost")
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(body)

    assert await _slugs(database) == []


@pytest.mark.parametrize("how", ["scope", "task"])
async def test_a_cancelled_transaction_is_rolled_back_and_blocks_nobody(database: Database, how: str) -> None:
    written = anyio.Event()

    async def body(tx: AsyncConnection) -> None:
        await _create(tx, "cancelled")
        written.set()
        await anyio.sleep(0.1)

    if how == "scope":
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(database.write, body)
            await written.wait()
            tasks.cancel_scope.cancel()
    else:
        task = asyncio.create_task(database.write(body))
        await written.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with anyio.fail_after(5):
        await database.write(lambda tx: _create(tx, "after"))
    assert await _slugs(database) == ["after"]


async def test_cancelling_while_waiting_for_the_writer_leaks_no_connection(database: Database) -> None:
    async def slow(tx: AsyncConnection) -> None:
        await tx.execute(sa.select(1))
        await anyio.sleep(0.05)

    for _ in range(20):
        tasks = [asyncio.create_task(database.write(slow)) for _ in range(4)]
        await asyncio.sleep(0.001)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    with anyio.fail_after(5):
        await database.write(lambda tx: _create(tx, "still-alive"))
    assert await _slugs(database) == ["still-alive"]


async def test_a_cancelled_scope_ends_at_whatever_point_it_is_cancelled(database: Database) -> None:
    async def body(tx: AsyncConnection) -> None:
        for _ in range(5):
            await tx.execute(sa.select(1))

    for delay_ms in range(20):
        with anyio.move_on_after(delay_ms / 1000):
            await database.write(body)

    with anyio.fail_after(5):
        await database.write(lambda tx: _create(tx, "still-alive"))
    assert await _slugs(database) == ["still-alive"]


async def test_two_writers_at_once_both_commit(database: Database) -> None:
    async with anyio.create_task_group() as tasks:
        for number in range(8):
            tasks.start_soon(database.write, lambda tx, number=number: _create(tx, f"event-{number}"))

    assert await _slugs(database) == [f"event-{number}" for number in range(8)]


async def test_a_deadlock_is_tried_again(database: Database) -> None:
    for slug in ("one", "two"):
        await database.write(lambda tx, slug=slug: _create(tx, slug))
    both_hold_one = anyio.Event()
    holding = 0

    async def crosswise(first: str, second: str) -> None:
        async def body(tx: AsyncConnection) -> None:
            nonlocal holding
            await _touch(tx, first)
            holding += 1
            if holding == 2:
                both_hold_one.set()
            with anyio.move_on_after(0.2):
                await both_hold_one.wait()
            await _touch(tx, second)

        await database.write(body)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(crosswise, "one", "two")
        tasks.start_soon(crosswise, "two", "one")

    rows = await database.read(lambda tx: tx.execute(sa.select(events.c.version).order_by(events.c.slug)))
    assert [row.version for row in rows] == [3, 3]


async def _touch(tx: AsyncConnection, slug: str) -> None:
    await tx.execute(sa.update(events).where(events.c.slug == slug).values(version=events.c.version + 1))


async def test_a_naive_time_is_refused(database: Database) -> None:
    naive = NOON.replace(tzinfo=None)

    with pytest.raises(sa.exc.StatementError, match="naive time"):
        await database.write(lambda tx: tx.execute(sa.update(events).values(starts_at=naive)))
