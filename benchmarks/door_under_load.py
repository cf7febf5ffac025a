"""How long a scan takes while visitors crowd the public pages of the same process.

Five doors scan, four times a second each, whatever the visitors do; a scan counts from the moment at which it was due,
so that a server that stops for a while cannot hide it. Each visitor loads the event, opens the form, registers and
fetches the badge, one after the other without a pause. Rounds with and without visitors take turns on one server.
"""

import asyncio
import statistics
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from urllib.parse import quote
from uuid import uuid4

from benchmarks.checkins import _bodies, _prepare, _server

VISITORS = (0, 16)
DOORS = 5
SCANS_A_SECOND = 20
SECONDS = 8.0
ROUNDS = 3
PORT = 8393
AT_MOST_MS = 300
"""What the door promises for a verdict on a local network, 95 of 100 times."""
_PAGE = "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\nAccept-Language: zh-Hans\r\n\r\n"
_POST = (
    "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: zh-Hans\r\nSec-Fetch-Site: same-origin\r\n{more}"
    "Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
)


def main() -> None:
    """Prints the table."""
    asyncio.run(_measure())


async def _measure() -> None:
    with TemporaryDirectory(prefix="yingbin-") as folder:
        event, gate, token, codes = await _prepare(Path(folder))
        async with _server(["-m", "events", "serve"], PORT, Path(folder)) as port:
            hall = Hall(port, event, gate, token, codes)
            _print([[await hall.round(visitors) for visitors in VISITORS] for _ in range(ROUNDS)])


@dataclass(frozen=True)
class Figures:
    """What one round measured: every scan's wait in ms, and how many pages the visitors got a second."""

    waits: Sequence[float]
    pages: float

    def at(self, share: float) -> float:
        """The wait that this share of the scans stayed below."""
        return sorted(self.waits)[int(len(self.waits) * share) - 1]


def _print(rounds: Sequence[Sequence[Figures]]) -> None:
    print(f"milliseconds a scan takes at {SCANS_A_SECOND} a second, SQLite, one process")
    print(f"{'visitors':>8}{'pages/s':>9}{'p50':>9}{'p95':>9}{'p99':>9}   p95 at most {AT_MOST_MS}")
    for number, visitors in enumerate(VISITORS):
        figures = [each[number] for each in rounds]
        middle = [statistics.median(each.at(share) for each in figures) for share in (0.5, 0.95, 0.99)]
        pages = statistics.median(each.pages for each in figures)
        print(f"{visitors:>8}{pages:>9.0f}" + "".join(f"{wait:>9,.1f}" for wait in middle))


class Hall:
    """The doors and the visitors before one server."""

    def __init__(self, port: int, event: str, gate: str, token: str, codes: list[str]) -> None:
        self._port = port
        self._event = event
        self._bearer = f"Authorization: Bearer {token}\r\n"
        self._scans = _bodies(gate, codes)
        self._codes = codes
        self._numbers = count()

    async def round(self, visitors: int) -> Figures:
        """Scans for `SECONDS` while so many visitors come and go."""
        pages: list[float] = []
        crowd = [asyncio.create_task(self._visit(pages)) for _ in range(visitors)]
        await asyncio.sleep(0.5 if crowd else 0)
        begun = perf_counter()
        lanes = await asyncio.gather(*(self._door(begun + door / SCANS_A_SECOND) for door in range(DOORS)))
        for visitor in crowd:
            visitor.cancel()
            with suppress(asyncio.CancelledError):
                await visitor
        served = [moment for moment in pages if begun <= moment < begun + SECONDS]
        return Figures([wait for lane in lanes for wait in lane], len(served) / SECONDS)

    async def _door(self, begun: float) -> list[float]:
        waits: list[float] = []
        path = f"/api/v1/events/{self._event}/scans"
        async with _connection(self._port) as ask:
            for number in range(int(SECONDS * SCANS_A_SECOND / DOORS)):
                due = begun + number * DOORS / SCANS_A_SECOND
                await asyncio.sleep(max(0.0, due - perf_counter()))
                await ask(_post(path, next(self._scans), "application/json", self._bearer))
                waits.append((perf_counter() - due) * 1000)
        return waits

    async def _visit(self, pages: list[float]) -> None:
        async with _connection(self._port) as ask:
            for request in self._wishes():
                await ask(request)
                pages.append(perf_counter())

    def _wishes(self) -> Iterator[bytes]:
        """What a visitor asks for in turn; each registration comes from another address, so that no brake is met."""
        event = f"/e/{self._event}"
        while True:
            number = next(self._numbers)
            yield _PAGE.format(path=event).encode()
            yield _PAGE.format(path=f"{event}/register").encode()
            form = f"name={quote('访客')}{number}&consent=1&submission={uuid4()}".encode()
            origin = f"X-Forwarded-For: 10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}\r\n"
            yield _post(f"{event}/register", form, "application/x-www-form-urlencoded", origin)
            yield _PAGE.format(path=f"/t/{self._codes[number % len(self._codes)]}/badge.pdf").encode()


def _post(path: str, body: bytes, kind: str, more: str) -> bytes:
    return _POST.format(path=path, more=more, kind=kind, length=len(body)).encode() + body


@asynccontextmanager
async def _connection(port: int) -> AsyncGenerator["Ask"]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Ask(reader, writer)
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


class Ask:
    """Sends a request over a connection that is kept, and reads the answer to its end."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def __call__(self, request: bytes) -> None:
        """Raises RuntimeError for any answer but a good one."""
        self._writer.write(request)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        if head.split(b" ", 2)[1] not in {b"200", b"303"}:
            raise RuntimeError(head.decode())
        await self._reader.readexactly(int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0]))


if __name__ == "__main__":
    main()
