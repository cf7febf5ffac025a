"""Pulls the plug on the server in the middle of a rush, again and again: `python -m tests.torture --rounds N`.

In each round some hundred guests are scanned at two doors each, 500 scans a second; a SIGKILL ends the server at a
random moment; it starts again, and what was not answered is sent once more. Then every scan that was ever answered has
to be there with that answer, once, and every guest has to be admitted exactly once.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import anyio
import sqlalchemy as sa
from anyio.streams.buffered import BufferedByteReceiveStream

from checkin.gates import usable_gates
from checkin.tables import admissions, scans
from events.core import accounts
from events.core.auth import Scope
from events.forms import GuestForm
from events.guestlist import invite
from events.migrations import migrate
from events.models import Event, Guest
from tests.browser.house import House, house_in
from tests.cast import event_form

CONNECTIONS = 16
GUESTS = 200
SCANS_A_SECOND = 500
LONGEST_ROUND_S = 60
ROUNDS = 50
ASKED_AGAIN = 50
_LONGEST_HEAD = 65_536
_GONE = (OSError, anyio.BrokenResourceError, anyio.EndOfStream, anyio.IncompleteRead)


@dataclass(frozen=True, kw_only=True)
class Round:
    """What one round came to. answered, cut_off: scans with and without an answer when the power went.

    rate: answers a second until then. faults: what should not be, in words.
    """

    answered: int
    cut_off: int
    rate: float
    recorded: int = 0
    admitted: int = 0
    faults: Sequence[str] = ()


@dataclass
class Rush:
    """The scans of one round, and the answers that came."""

    house: House
    head: str
    scans: list[dict[str, Any]]
    answers: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    sent: set[str] = field(default_factory=set[str])
    faults: list[str] = field(default_factory=list[str])

    async def send(self, scans: Sequence[dict[str, Any]]) -> None:
        """Sends `scans` over all connections, until done or until nobody answers."""
        async with anyio.create_task_group() as tasks:
            for number in range(CONNECTIONS):
                tasks.start_soon(self._connection, scans[number::CONNECTIONS])

    async def send_the_rest(self) -> None:
        """Sends again what has no answer yet."""
        await self.send([scan for scan in self.scans if scan["id"] not in self.answers])

    async def cut_power(self, answered: int) -> float:
        """Ends the server after so many answers; how many a second there were."""
        started = time.perf_counter()
        while len(self.answers) < answered:
            await anyio.sleep(0.002)
        await self.house.cut_power()
        return len(self.answers) / (time.perf_counter() - started)

    async def _connection(self, scans: Sequence[dict[str, Any]]) -> None:
        port, started = int(self.house.url.rpartition(":")[2]), anyio.current_time()
        try:
            async with await anyio.connect_tcp("127.0.0.1", port) as stream:
                answers = BufferedByteReceiveStream(stream)
                for number, scan in enumerate(scans):
                    await anyio.sleep_until(started + number * CONNECTIONS / SCANS_A_SECOND)
                    self.sent.add(scan["id"])
                    body = json.dumps({"scans": [scan]}).encode()
                    await stream.send(f"{self.head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
                    self._hear(scan, *await _answer(answers))
        except _GONE:
            return

    def _hear(self, scan: dict[str, Any], status: str, body: bytes) -> None:
        if status != "200":
            self.faults.append(f"answered {status}: {body[:200]!r}")
            return
        [result] = json.loads(body)["results"]
        if self.answers.setdefault(scan["id"], result) != result:
            self.faults.append(f"another answer to {scan['id']}: {result}")


async def _answer(stream: BufferedByteReceiveStream) -> tuple[str, bytes]:
    head = (await stream.receive_until(b"\r\n\r\n", _LONGEST_HEAD)).decode().lower()
    length = int(head.partition("content-length:")[2].partition("\r\n")[0])
    return head.split()[1], await stream.receive_exactly(length)


async def torture(folder: Path, *, rounds: int, seed: int = 0) -> AsyncGenerator[Round]:
    """Plays so many rounds on one database in `folder`."""
    chance = random.Random(seed)
    async with _open(folder) as (house, event, token):
        for _ in range(rounds):
            with anyio.fail_after(LONGEST_ROUND_S):
                done = await _round(house, event, token, chance)
            yield done


@asynccontextmanager
async def _open(folder: Path) -> AsyncGenerator[tuple[House, Event, str]]:
    house = house_in(folder)
    await migrate(house.database)
    event = await house.event(event_form(capacity=None))
    given = {"event_id": event.id, "scope": Scope.DOOR, "name": "torture", "now": house.now}
    token = await house.database.write(lambda tx: accounts.create_token(tx, house.keyring, **given))
    await house.start()
    try:
        yield house, event, token
    finally:
        await house.close()


async def _round(house: House, event: Event, token: str, chance: random.Random) -> Round:
    guests = await _invited(house, event)
    rush = await _rush(house, event, token, guests, chance)
    rates: list[float] = []

    async def cut_power() -> None:
        rates.append(await rush.cut_power(int(chance.uniform(0.1, 0.8) * len(rush.scans))))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(cut_power)
        await rush.send(rush.scans)
    done = Round(answered=len(rush.answers), cut_off=len(rush.sent) - len(rush.answers), rate=rates[0])
    await house.start()
    kept = await _recorded(house, event, rush.answers)
    rush.faults += [f"answered and lost: {scan_id}" for scan_id in rush.answers.keys() - kept.keys()]
    await rush.send_the_rest()
    await rush.send(chance.sample(rush.scans, ASKED_AGAIN))
    return await _checked(house, event, guests, rush, done)


async def _invited(house: House, event: Event) -> list[Guest]:
    async def invite_all(tx: Any) -> list[Guest]:
        forms = [GuestForm(name=f"客{number}") for number in range(GUESTS)]
        return [await invite(tx, event, form, actor="torture", now=house.now, mail=False) for form in forms]

    return await house.database.write(invite_all)


async def _rush(house: House, event: Event, token: str, guests: Sequence[Guest], chance: random.Random) -> Rush:
    """Every guest twice, in an order in which the two scans of a guest may well meet."""
    [gate, *_] = await house.database.write(lambda tx: usable_gates(tx, event.id, actor="torture", now=house.now))
    usual = {"gate": str(gate.id), "scanned_at": house.now.isoformat()}
    made = [{**usual, "id": str(uuid4()), "code": guest.code} for guest in guests for _ in range(2)]
    places = {scan["id"]: place + chance.uniform(0, CONNECTIONS) for place, scan in enumerate(made)}
    head = f"POST /api/v1/events/{event.id}/scans HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
    return Rush(house, head, sorted(made, key=lambda scan: places[scan["id"]]))


async def _checked(house: House, event: Event, guests: Sequence[Guest], rush: Rush, done: Round) -> Round:
    """The round with what the database says in the end."""
    kept = await _recorded(house, event, {scan["id"] for scan in rush.scans})
    admitted = await _admitted(house, event, guests)
    said = Counter(answer["verdict"] for answer in rush.answers.values())
    faults = [
        *rush.faults,
        *[f"not recorded: {scan['id']}" for scan in rush.scans if scan["id"] not in kept],
        *[
            f"answered otherwise than recorded: {key}"
            for key, answer in rush.answers.items()
            if kept.get(key) != answer
        ],
        *[f"admitted {admitted[guest.id]} times: {guest.id}" for guest in guests if admitted[guest.id] != 1],
    ]
    if said != {"admitted": GUESTS, "already_inside": GUESTS}:
        faults.append(f"answered in all: {dict(said)}")
    return replace(done, recorded=len(kept), admitted=admitted.total(), faults=faults)


async def _recorded(house: House, event: Event, ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """The answers to these scans as the database has them, as far as they are the same in every language."""
    own = scans.c.event_id == event.id, scans.c.scan_id.in_([UUID(scan_id) for scan_id in ids])
    rows = await house.database.read(lambda tx: tx.execute(sa.select(scans.c.scan_id, scans.c.answer).where(*own)))
    return {str(row.scan_id): _in_english(row.answer) for row in rows}


def _in_english(answer: dict[str, Any]) -> dict[str, Any]:
    guest = answer["guest"]
    return {**answer, "guest": {**guest, "category_name": guest["category_name"]["en"]}}


async def _admitted(house: House, event: Event, guests: Sequence[Guest]) -> Counter[UUID]:
    own = admissions.c.event_id == event.id, admissions.c.guest_id.in_([guest.id for guest in guests])
    rows = await house.database.read(lambda tx: tx.execute(sa.select(admissions.c.guest_id).where(*own)))
    return Counter(rows.scalars())


async def _main(rounds: int, seed: int) -> int:
    """Prints a line a round; how many rounds went wrong."""
    played: list[Round] = []
    with TemporaryDirectory(prefix="yingbin-torture-") as folder:
        async for done in torture(Path(folder), rounds=rounds, seed=seed):
            played.append(done)
            print(
                f"round {len(played)}: {done.rate:.0f} scans/s, {done.answered} answered and {done.cut_off} under way "
                f"when the power went, {done.recorded} recorded, {done.admitted} admitted",
                *done.faults[:5],
                sep="\n  ",
                flush=True,
            )
    wrong = sum(bool(done.faults) for done in played)
    print(f"{len(played) - wrong} of {rounds} rounds without a fault")
    return wrong


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    sys.exit(1 if anyio.run(_main, chosen.rounds, chosen.seed) else 0)
