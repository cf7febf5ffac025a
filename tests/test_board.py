import json
import os
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from subprocess import DEVNULL
from typing import Any
from uuid import uuid4

import anyio
import httpx
import pytest
from sqlalchemy import event as sql

from checkin import api
from checkin.api import _board_events
from checkin.board import Board, Counts, counts_of
from checkin.gates_version import gates_version
from checkin.store import gates_of
from events import guestlist
from events.core import accounts
from events.core.auth import Keyring, Scope
from events.core.clock import SystemClock
from events.core.database import Database
from events.core.settings import Settings
from events.demo.venue import _answering, _free_port
from tests.cast import Cast, on_one_engine, planned


@contextmanager
def _counted_statements(database: Database) -> Iterator[list[str]]:
    """Every SELECT of the readers meanwhile, without those that look from time to time whether something is due."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT") and "due_at" not in statement:
            statements.append(statement)

    engine = database._reader.sync_engine
    sql.listen(engine, "before_cursor_execute", note)
    yield statements
    sql.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def board(cast: Cast) -> Board:
    return cast.state["board"]


async def test_counts_are_the_confirmed_those_who_came_and_those_inside(cast: Cast) -> None:
    stays, leaves, gone, _away = [await cast.guest(name) for name in ("留", "走", "消", "未")]
    await cast.scanned(*[cast.scan(guest.code) for guest in (stays, leaves, gone)])
    await cast.scanned(cast.scan(leaves.code, direction="exit"))
    await cast.database.write(lambda tx: guestlist.cancel(tx, gone, reason="", actor="test", now=cast.clock.now()))

    counts = await cast.database.read(lambda tx: counts_of(tx, cast.event.id, cast.clock.now()))

    assert counts == Counts(expected=3, admitted=3, inside=2, gates_version=gates_version([cast.gate]))


async def test_however_many_watch_one_reading_serves_them(cast: Cast, board: Board) -> None:
    await cast.guest()
    seen: list[dict[str, Any]] = []

    async def watch() -> None:
        seen.append(await anext(board.watch(cast.event.id)))

    with _counted_statements(cast.database) as statements:
        async with anyio.create_task_group() as watchers:
            for _ in range(50):
                watchers.start_soon(watch)

    assert seen == [counted(cast, 1, 0, 0)] * 50
    assert len(statements) == 3


@on_one_engine
async def test_a_change_reaches_whoever_watches(cast: Cast, board: Board) -> None:
    guest = await cast.guest()
    watching = board.watch(cast.event.id)
    before = await anext(watching)

    await cast.scanned(cast.scan(guest.code))
    with anyio.fail_after(5):
        after = await anext(watching)

    assert before == counted(cast, 1, 0, 0)
    assert after == counted(cast, 1, 1, 1)


@on_one_engine
async def test_a_changed_gate_reaches_whoever_watches_as_a_new_version(cast: Cast, board: Board) -> None:
    watching = board.watch(cast.event.id)
    before = await anext(watching)

    await cast.organiser.post(f"{cast.api}/gates", json={"name": "North"})
    with anyio.fail_after(5):
        after = await anext(watching)
        while after == before:
            after = await anext(watching)

    gates = await cast.database.read(lambda tx: tx.run_sync(gates_of, cast.event.id))
    assert (before["gates_version"], after["gates_version"]) == (gates_version(gates[:1]), gates_version(gates))


@on_one_engine
async def test_one_reading_is_the_same_object_for_everybody_until_something_was_committed(
    cast: Cast, board: Board
) -> None:
    first, second = [await board.counts(cast.event.id) for _ in range(2)]
    cast.state["live"].publish(cast.event.id)
    third = await board.counts(cast.event.id)

    assert first is second
    assert first is not third


@on_one_engine
async def test_the_stream_sends_the_counts_as_events(cast: Cast, board: Board) -> None:
    await cast.guest()

    sent = await anext(_board_events(board, cast.event.id))

    assert (sent["event"], json.loads(sent["data"])) == ("board", counted(cast, 1, 0, 0))


@on_one_engine
async def test_what_another_process_committed_shows_within_a_few_seconds(cast: Cast, board: Board) -> None:
    before = await board.counts(cast.event.id)
    await cast.guest()

    at_once = await board.counts(cast.event.id)
    await anyio.sleep(2.1)
    later = await board.counts(cast.event.id)

    assert (before.expected, at_once.expected, later.expected) == (0, 0, 1)


@on_one_engine
async def test_a_scan_is_counted_at_once_in_the_summary(cast: Cast) -> None:
    guest = await cast.guest()

    before = (await cast.steward.get(f"{cast.api}/summary")).json()
    await cast.scanned(cast.scan(guest.code))
    after = (await cast.steward.get(f"{cast.api}/summary")).json()

    assert before == counted(cast, 1, 0, 0)
    assert after == counted(cast, 1, 1, 1)


@on_one_engine
async def test_a_real_server_streams_every_change(settings: Settings, database: Database) -> None:
    event = await planned(database)
    path = f"/api/v1/events/{event.slug}"
    keyring, now = Keyring(database, SystemClock(), settings.secret_key), SystemClock().now()
    token = await database.write(
        lambda tx: accounts.create_token(tx, keyring, event_id=event.id, scope=Scope.DESK, name="board", now=now)
    )

    async with _served(settings) as base_url, _script(base_url, token) as script:
        with anyio.fail_after(30):
            gate = (await script.post(f"{path}/gates", json={"name": "North"})).json()["id"]
            guest = (await script.post(f"{path}/guests", json={"name": "陈伟"})).json()["guests"][0]
            scan = {"id": str(uuid4()), "code": guest["code"], "gate": gate, "scanned_at": now.isoformat()}
            async with script.stream("GET", f"{path}/board") as answer:
                lines = answer.aiter_lines()
                before = await _next_counts(lines)
                await script.post(f"{path}/scans", json={"scans": [scan]})
                after = await _next_counts(lines)

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert before.pop("gates_version") == after.pop("gates_version") != ""
    assert before == {"expected": 1, "admitted": 0, "inside": 0}
    assert after == {"expected": 1, "admitted": 1, "inside": 1}


def counted(cast: Cast, expected: int, admitted: int, inside: int) -> dict[str, Any]:
    """The counts of an event that has its first gate only."""
    counts = {"expected": expected, "admitted": admitted, "inside": inside}
    return {**counts, "gates_version": gates_version([cast.gate])}


@asynccontextmanager
async def _served(settings: Settings) -> AsyncGenerator[str]:
    """A real server of its own process, on the same database."""
    port = _free_port()
    given = {"DATABASE_URL": settings.database, "DATA_DIR": str(settings.data_dir), "SECRET_KEY": settings.secret_key}
    environment = {**os.environ, **{f"YINGBIN_{name}": value for name, value in given.items()}}
    command = [sys.executable, "-m", "events", "serve", "--port", str(port)]
    process = await anyio.open_process(command, env=environment, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL)
    try:
        await _answering(f"http://127.0.0.1:{port}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


def _script(base_url: str, token: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=base_url, headers={"Authorization": f"Bearer {token}"}, timeout=20)


async def _next_counts(lines: AsyncIterator[str]) -> dict[str, Any]:
    async for line in lines:
        if line.startswith("data:"):
            return json.loads(line.removeprefix("data:"))
    raise AssertionError("the stream ended")


async def test_a_stream_of_counts_ends_after_a_while_so_that_rights_are_asked_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "_STREAM_S", 0.0)

    with anyio.fail_after(10):
        sent = [each async for each in _board_events(cast.state["board"], cast.event.id)]

    assert [each["event"] for each in sent] == ["board"]
