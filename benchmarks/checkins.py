"""Durable check-ins a second over real HTTP on loopback, beside a bare JSON echo of the same server in the same run.

Both servers are idle but for the one that is measured; each figure is the median of some bounded rounds. The client
is a small one of its own, because the usual ones are slower than the server.
"""

import asyncio
import json
import os
import statistics
import sys
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from subprocess import DEVNULL
from tempfile import TemporaryDirectory
from time import perf_counter
from uuid import uuid4

from checkin.gates import usable_gates
from events import seeding
from events.core import accounts
from events.core.auth import Keyring, Scope
from events.core.clock import SystemClock
from events.core.database import Database
from events.core.settings import read_settings
from events.demo.story import load
from events.forms import GuestForm
from events.guestlist import invite
from events.migrations import migrate

CONNECTIONS = (1, 16, 32, 64)
ROUNDS = 3
REQUESTS = 1_500
GUESTS = 2_000
CAPACITY = 20_000
LATENCY_AT = 0.99

Bodies = Iterator[bytes]


def main() -> None:
    """Prints the table."""
    asyncio.run(_measure())


async def _measure() -> None:
    with TemporaryDirectory(prefix="yingbin-") as folder:
        event, gate, token, codes = await _prepare(Path(folder))
        path = f"/api/v1/events/{event}/scans"
        async with (
            _server(["-m", "events", "serve"], 8391, Path(folder)) as scans,
            _server(["-m", "uvicorn", "benchmarks.echo:app", "--no-access-log"], 8392, Path(folder)) as echo,
        ):
            await _compare(
                lambda: _request(scans, path, token, _bodies(gate, codes)),
                lambda: _request(echo, "/echo", token, _bodies(gate, codes)),
            )


async def _compare(scans: Callable[[], "Load"], echo: Callable[[], "Load"]) -> None:
    print("durable check-ins a second, SQLite, one process")
    print(f"{'connections':>11}{'check-ins/s':>13}{'p99 ms':>9}{'echo/s':>9}{'share':>8}   at least a third")
    for connections in CONNECTIONS:
        rates, shares, waits, echoes = [], [], [], []
        for _ in range(ROUNDS):
            bare = await echo().run(connections)
            done = await scans().run(connections)
            rates.append(done.rate)
            echoes.append(bare.rate)
            shares.append(done.rate / bare.rate)
            waits.append(done.p99_ms)
        middle = statistics.median
        print(
            f"{connections:>11}{middle(rates):>13,.0f}{middle(waits):>9.1f}{middle(echoes):>9,.0f}{middle(shares):>8.2f}"
        )


class Figures:
    """What one round measured."""

    def __init__(self, rate: float, waits: list[float]) -> None:
        self.rate = rate
        self.p99_ms = sorted(waits)[int(len(waits) * LATENCY_AT) - 1] * 1000


class Load:
    """A bounded number of requests over keep-alive connections."""

    def __init__(self, port: int, head: bytes, bodies: Bodies) -> None:
        self._port = port
        self._head = head
        self._bodies = bodies

    async def run(self, connections: int) -> Figures:
        """Sends `REQUESTS` requests over so many connections at once."""
        waits: list[float] = []
        started = perf_counter()
        each = REQUESTS // connections
        await asyncio.gather(*(self._connection(each, waits) for _ in range(connections)))
        return Figures(len(waits) / (perf_counter() - started), waits)

    async def _connection(self, count: int, waits: list[float]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        for _ in range(count):
            body = next(self._bodies)
            started = perf_counter()
            writer.write(self._head % len(body) + body)
            await _answered(reader)
            waits.append(perf_counter() - started)
        writer.close()
        await writer.wait_closed()


async def _answered(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head.decode())
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
    await reader.readexactly(length)


def _request(port: int, path: str, token: str, bodies: Bodies) -> Load:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
    return Load(port, (head + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n").encode(), bodies)


def _bodies(gate: str, codes: list[str]) -> Bodies:
    """Scans of guests in turn, alternately in and out, so that every one is a new fact."""
    number = 0
    while True:
        code = codes[number % len(codes)]
        direction = "exit" if number // len(codes) % 2 else "entry"
        now = datetime.now(UTC).isoformat()
        scan = {"id": str(uuid4()), "code": code, "gate": gate, "direction": direction, "scanned_at": now}
        yield json.dumps({"scans": [scan]}).encode()
        number += 1


@asynccontextmanager
async def _server(command: list[str], port: int, folder: Path) -> AsyncGenerator[int]:
    environment = {**os.environ, "YINGBIN_DATA_DIR": str(folder), "YINGBIN_DATABASE_URL": ""}
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, "--port", str(port), env=environment, stdout=DEVNULL, stderr=DEVNULL
    )
    try:
        await _listening(port)
        yield port
    finally:
        process.terminate()
        await process.wait()


async def _listening(port: int) -> None:
    for _ in range(600):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise TimeoutError(f"nothing listens on port {port}")


async def _prepare(folder: Path) -> tuple[str, str, str, list[str]]:
    settings = read_settings(data_dir=folder, database_url="")
    database = Database(settings.database)
    keyring, now = Keyring(database, SystemClock(), settings.secret_key), datetime.now(UTC)
    await migrate(database)
    story = replace(load(), capacity=CAPACITY)
    event = await database.write(lambda tx: seeding.seed_event(tx, story, now=now))
    gates = await database.write(lambda tx: usable_gates(tx, event.id, actor="benchmark", now=now))
    token = await database.write(
        lambda tx: accounts.create_token(tx, keyring, event_id=event.id, scope=Scope.DOOR, name="bench", now=now)
    )

    async def add(tx: object) -> list[str]:
        forms = [GuestForm(name=f"客{number}") for number in range(GUESTS)]
        made = [await invite(tx, event, form, actor="benchmark", now=now, mail=False) for form in forms]
        return [guest.code for guest in made]

    codes = await database.write(add)
    await database.close()
    return str(event.id), str(gates[0].id), token, codes


if __name__ == "__main__":
    main()
