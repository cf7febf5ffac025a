import os
import signal
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import anyio
import pytest
from anyio import BrokenWorkerProcess

from badges.badge import draw
from badges.fonts import MissingGlyph
from badges.press import Press
from tests.test_badge import BADGE, EVENT


def busy(seconds: float) -> int:
    """Compute for a while; returns the process that did."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass
    return os.getpid()


def die_until_marked(marker: Path) -> bytes:
    if marker.exists():
        return b"printed"
    marker.touch()
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def wait_in(press: Press, seconds: float, finished: list[float]) -> None:
    await press.print(busy, seconds)
    finished.append(anyio.current_time())


async def test_a_badge_is_printed_in_another_process():
    async with Press() as press:
        pdf = await press.print(partial(draw, event=EVENT), [BADGE])
        worker = await press.print(busy, 0.0)

    assert pdf == draw([BADGE], event=EVENT)
    assert worker != os.getpid()


async def test_the_same_worker_prints_the_next_job():
    async with Press(workers=1) as press:
        workers = {await press.print(busy, 0.0) for _ in range(3)}

    assert len(workers) == 1


async def test_a_refusal_comes_back_as_it_was_raised():
    async with Press() as press:
        with pytest.raises(MissingGlyph) as refusal:
            await press.print(partial(draw, event=EVENT), [replace(BADGE, name="陈😀")])

    assert (refusal.value.text, refusal.value.characters) == ("陈😀", "😀")


async def test_the_event_loop_goes_on_while_the_press_works():
    pauses: list[float] = []

    async def watch() -> None:
        while True:
            before = anyio.current_time()
            await anyio.sleep(0.01)
            pauses.append(anyio.current_time() - before)

    async with Press() as press, anyio.create_task_group() as tasks:
        tasks.start_soon(watch)
        await press.print(busy, 0.8)
        tasks.cancel_scope.cancel()

    assert len(pauses) > 20
    assert sorted(pauses)[len(pauses) // 2] < 0.1


async def test_jobs_beyond_the_workers_wait_in_line():
    finished: list[float] = []
    start = anyio.current_time()

    async with Press(workers=1) as press, anyio.create_task_group() as tasks:
        tasks.start_soon(wait_in, press, 0.3, finished)
        tasks.start_soon(wait_in, press, 0.3, finished)

    assert len(finished) == 2
    assert finished[1] - start >= 0.6


async def test_a_worker_that_dies_is_replaced_and_the_job_printed_once_more(tmp_path):
    async with Press() as press:
        printed = await press.print(die_until_marked, tmp_path / "died")

    assert printed == b"printed"


async def test_a_job_that_kills_every_worker_is_given_up_and_the_press_goes_on():
    async with Press(workers=1) as press:
        with pytest.raises(BrokenWorkerProcess):
            await press.print(die)
        worker = await press.print(busy, 0.0)

    assert worker != os.getpid()


async def test_a_cancelled_job_is_stopped_at_once_and_the_next_one_is_printed():
    async with Press(workers=1) as press:
        worker = await press.print(busy, 0.0)
        with anyio.move_on_after(0.2) as scope:
            await press.print(busy, 600.0)
        with anyio.fail_after(30):
            following = await press.print(busy, 0.0)

    assert scope.cancelled_caught
    assert following != worker
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)
