"""What twenty thousand guests weigh on their way to the devices, and what a scan waits while twenty devices take them.

The pages are built in this process and measured; then a server of its own gives them to all devices at once while
doors scan, each scan counted from the moment at which it was due.
"""

import asyncio
import gzip
import json
import re
import zlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import sqlalchemy as sa

from benchmarks.checkins import _bodies, _prepare, _server
from checkin.manifest import Manifests, Wanted
from events.core.clock import SystemClock
from events.core.database import Database
from events.core.ids import new_id
from events.core.settings import read_settings
from events.demo.story import more_guests
from events.forms import GuestForm
from events.models import Event, GuestStatus, TicketState
from events.registration import columns_of
from events.store import event_by_name
from events.tables import guests, tickets

GUESTS = 20_000
CHANGED = 100
DEVICES = 20
SCANS_A_SECOND = 20
QUIET_S = 6.0
PORT = 8394
_AT_ONCE = 1_000
_NEXT = re.compile(rb'"next":"([^"]+)"')


def main() -> None:
    """Prints the figures."""
    asyncio.run(_measure())


async def _measure() -> None:
    with TemporaryDirectory(prefix="yingbin-") as name:
        folder = Path(name)
        event_id, gate, token, codes = await _prepare(folder)
        database = Database(read_settings(data_dir=folder, database_url="").database)
        event = await database.read(lambda tx: event_by_name(tx, event_id))
        await _crowd(database, event)
        await _weigh(database, event)
        await database.close()
        async with _server(["-m", "events", "serve"], PORT, folder):
            await _rush(f"/api/v1/events/{event_id}", token, _bodies(gate, codes))


async def _crowd(database: Database, event: Event) -> None:
    """Fills the event up to `GUESTS`, row by row as registration would."""
    there = await database.read(lambda tx: tx.execute(sa.select(sa.func.count()).select_from(guests)))
    lines = list(more_guests(GUESTS - there.scalar_one()))
    for start in range(0, len(lines), _AT_ONCE):
        rows = [_row(event, number, lines) for number in range(start, min(start + _AT_ONCE, len(lines)))]
        await database.write(lambda tx, rows=rows: _add(tx, event, rows))


def _row(event: Event, number: int, lines: list[Any]) -> dict[str, Any]:
    line, now = lines[number], datetime.now(UTC)
    told = ("name", "name_latin", "organisation", "job_title", "email", "phone", "category", "language", "side")
    form = GuestForm(**{name: getattr(line, name) for name in told})
    origin = {"status": GuestStatus.CONFIRMED, "status_reason": "", "source": "desk", "version": 1}
    return {"event_id": event.id, "guest_id": new_id(), **columns_of(form), **origin, "created_at": now} | {
        "changed_at": now
    }


async def _add(tx: Any, event: Event, rows: list[dict[str, Any]]) -> None:
    reserved = tickets.c.event_id == event.id, tickets.c.state == TicketState.RESERVED
    free = sa.select(tickets.c.code).where(*reserved).order_by(tickets.c.serial).limit(len(rows))
    codes = list((await tx.execute(free)).scalars())
    await tx.execute(sa.insert(guests), rows)
    taking = sa.update(tickets).where(tickets.c.event_id == event.id, tickets.c.code == sa.bindparam("taken"))
    issued = [{"taken": code, "holder": row["guest_id"]} for code, row in zip(codes, rows, strict=True)]
    await tx.execute(taking.values(state=TicketState.ISSUED, guest_id=sa.bindparam("holder")), issued)


async def _weigh(database: Database, event: Event) -> None:
    """How long one reading takes and what it weighs, whole and as a delta."""
    manifests = Manifests(database, SystemClock())
    began = perf_counter()
    pages = [page async for page in _pages(lambda after: manifests.page(event, Wanted(after=after)))]
    spent, later = perf_counter() - began, datetime.now(UTC).replace(year=2100)
    chosen = sa.select(guests.c.guest_id).where(guests.c.event_id == event.id).limit(CHANGED).scalar_subquery()
    touching = sa.update(guests).where(guests.c.guest_id.in_(chosen)).values(changed_at=later)
    still = sa.update(guests).values(changed_at=datetime(2020, 1, 1, tzinfo=UTC))
    await database.write(lambda tx: tx.execute(still))
    await database.write(lambda tx: tx.execute(touching))
    cursor = json.loads(pages[0])["cursor"]
    began = perf_counter()
    delta = await manifests.page(event, Wanted(since=cursor))
    changed = perf_counter() - began
    _print(f"seconds to build {GUESTS:,} guests", spent, "")
    _print("pages", len(pages), "")
    _print("megabytes of JSON", sum(map(len, pages)) / 1e6, "")
    _print("megabytes compressed", sum(len(gzip.compress(page)) for page in pages) / 1e6, "")
    _print("kilobytes of the first page", len(gzip.compress(pages[0])) / 1e3, "with all tickets")
    _print(f"milliseconds for {CHANGED} changed guests", changed * 1000, "")
    _print("kilobytes of them", len(gzip.compress(delta)) / 1e3, "")


async def _rush(path: str, token: str, bodies: Iterator[bytes]) -> None:
    """All devices come at once while the doors scan."""
    bearer = f"Authorization: Bearer {token}\r\n"
    quiet = asyncio.create_task(asyncio.sleep(QUIET_S))
    alone = await _doors(path, bearer, bodies, until=quiet)
    began = perf_counter()
    devices = asyncio.gather(*(_device(path, bearer) for _ in range(DEVICES)))
    busy = await _doors(path, bearer, bodies, until=devices)
    _print(f"seconds until {DEVICES} devices hold all", perf_counter() - began, "")
    for share in (0.5, 0.95, 0.99):
        figures = [sorted(waits)[int(len(waits) * share) - 1] for waits in (alone, busy)]
        limit = "at most 300" if share == 0.95 else ""
        _print(f"milliseconds a scan, p{share * 100:.0f}", figures[1], f"alone {figures[0]:.1f}   {limit}")


async def _device(path: str, bearer: str) -> int:
    async with _connection() as ask:
        head = f"GET {path}/manifest?after=%s HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\n{bearer}\r\n"
        return len([page async for page in _pages(lambda after: ask((head % after).encode()))])


async def _doors(path: str, bearer: str, bodies: Iterator[bytes], *, until: "asyncio.Future[Any]") -> list[float]:
    """What each scan waited, in ms, from the moment at which it was due."""
    waits: list[float] = []
    head = (
        f"POST {path}/scans HTTP/1.1\r\nHost: h\r\n{bearer}Content-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    )
    async with _connection() as ask:
        began = perf_counter()
        while not (waits and until.done()):
            due = began + len(waits) / SCANS_A_SECOND
            await asyncio.sleep(max(0.0, due - perf_counter()))
            body = next(bodies)
            await ask((head % len(body)).encode() + body)
            waits.append((perf_counter() - due) * 1000)
    await until
    return waits


async def _pages(fetch: Callable[[str], Awaitable[bytes]]) -> AsyncGenerator[bytes]:
    after = ""
    while True:
        page = await fetch(after)
        yield page
        following = _NEXT.search(_beginning(page))
        if following is None:
            return
        after = following[1].decode()


def _beginning(page: bytes) -> bytes:
    """As much of a page as tells whether another follows; the rest would only keep the measuring process busy."""
    return zlib.decompressobj(31).decompress(page, 2_000) if page.startswith(b"\x1f\x8b") else page[:2_000]


@asynccontextmanager
async def _connection() -> AsyncGenerator[Callable[[bytes], Awaitable[bytes]]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT, limit=4_000_000)

    async def ask(request: bytes) -> bytes:
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        if not head.startswith(b"http/1.1 200"):
            raise RuntimeError(head.decode())
        return await reader.readexactly(int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0]))

    try:
        yield ask
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


def _print(name: str, figure: float, note: str) -> None:
    print(f"{name:<40}{figure:>10,.1f}   {note}")


if __name__ == "__main__":
    main()
