"""Six devices, wrong clocks, a bad network: whatever happens in whatever order, in the end the door knows it all.

Hypothesis makes up the day in a thread, and each day is played through the real application.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import anyio
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from checkin.gates import open_gate
from checkin.models import Gate, GateId, Reentry
from checkin.tables import admissions, presence, scans
from events.core.ids import new_id
from events.forms import GuestForm
from events.guestlist import invite
from events.models import Event, Guest, GuestStatus
from events.planning import create_event
from events.tables import guests
from tests.cast import Cast, event_form, unmeasured
from tests.door_model import Model

DEVICES, GUESTS, DAYS = 6, 2, 120
TRUSTED = timedelta(seconds=2)
WORDS = ("admitted", "admitted_vip", "already_inside", "reentered", "valid_unsynced", "cancelled", "exited", "", "?")


@dataclass(frozen=True)
class Scans:
    """A device scans a guest. `answer`: given, late (after the device has decided alone) or lost with the request."""

    device: int
    guest: int
    gate: int
    leaves: bool
    word: str | None
    answer: str


@dataclass(frozen=True)
class Cuts:
    """The network of a device goes, or comes back."""

    device: int


@dataclass(frozen=True)
class Delivers:
    """A device sends what waits, in some order, some of it twice; the answer may not arrive."""

    device: int
    order: int
    twice: bool
    heard: bool


@dataclass(frozen=True)
class Restarts:
    """A device forgets all but its queue."""

    device: int


@dataclass(frozen=True)
class Undoes:
    """A lead takes back one of the scans that were made."""

    which: int


@dataclass(frozen=True)
class Rewrites:
    """The desk gives a guest another category or status."""

    guest: int
    category: str
    status: GuestStatus


device, guest = st.integers(0, DEVICES - 1), st.integers(0, GUESTS - 1)
scanning = st.builds(
    Scans,
    device=device,
    guest=guest,
    gate=st.sampled_from([0, 0, 0, 1, 2, 3]),
    leaves=st.booleans(),
    word=st.none() | st.just("admitted") | st.sampled_from(WORDS),
    answer=st.sampled_from(["given", "late", "late", "lost"]),
)
delivering = st.builds(Delivers, device=device, order=st.integers(0, 99), twice=st.booleans(), heard=st.booleans())
rewriting = st.builds(
    Rewrites,
    guest=guest,
    category=st.sampled_from(["guest", "vip"]),
    status=st.sampled_from([GuestStatus.CANCELLED, GuestStatus.CONFIRMED]),
)
undoing, cutting, restarting = (
    st.builds(Undoes, st.integers(0, 99)),
    st.builds(Cuts, device),
    st.builds(Restarts, device),
)
happenings = st.one_of(*[scanning] * 5, *[rewriting] * 2, delivering, undoing, cutting, restarting)
days = st.lists(happenings, min_size=10, max_size=40)
offsets = st.lists(st.integers(-3600, 3600) | st.integers(-2, 2), min_size=DEVICES, max_size=DEVICES)


RIGHT = [0] * DEVICES
CANCELLED = Rewrites(guest=0, category="guest", status=GuestStatus.CANCELLED)
COMES = Scans(device=0, guest=0, gate=0, leaves=False, word="admitted", answer="given")
LEAVES = replace(COMES, leaves=True, word="exited")
SENDS = Delivers(device=0, order=0, twice=True, heard=False)


@unmeasured
async def test_after_everybody_has_synced_the_door_knows_what_happened(cast: Cast) -> None:
    @settings(
        max_examples=DAYS,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(days, offsets)
    @example([CANCELLED, replace(COMES, answer="late"), SENDS], RIGHT)  # let in after a refusal that came too late
    @example([CANCELLED, replace(COMES, answer="late"), Undoes(0), SENDS], RIGHT)  # the same, taken back meanwhile
    @example([COMES, LEAVES, replace(COMES, device=1, answer="lost")], RIGHT)  # a second first entry, after an exit
    @example([Cuts(0), COMES, LEAVES, COMES, Cuts(0)], [-1] * DEVICES)  # a clock ahead, so that all of it happens now
    def every_day(day: Sequence[Any], clocks: Sequence[int]) -> None:
        anyio.from_thread.run(_play, cast, day, clocks)

    await anyio.to_thread.run_sync(every_day)


async def _play(cast: Cast, day: Sequence[Any], clocks: Sequence[int]) -> None:
    house = await _open(cast, clocks)
    for happening in day:
        cast.clock.forward(seconds=0.3)
        await house.play(happening)
    for phone in house.phones:
        cast.clock.forward(seconds=0.3)
        await house.deliver(phone, Delivers(phone.number, order=phone.number, twice=False, heard=True))
    await house.compare()


@dataclass
class Phone:
    """A device: `behind` is how much our clock is ahead of its own, `seen` is lost when it restarts."""

    number: int
    behind: timedelta
    online: bool = True
    waiting: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    seen: set[int] = field(default_factory=set[int])

    def says(self, scans: Scans) -> str:
        """What it would say alone, unless the day has it say something else."""
        usual = "exited" if scans.leaves else "already_inside" if scans.guest in self.seen else "admitted"
        self.seen.add(scans.guest)
        return usual if scans.word is None else scans.word


@dataclass
class House:
    """The real door, and the model beside it, hearing the same."""

    cast: Cast
    event: Event
    gates: Sequence[Gate]
    guests: Sequence[Guest]
    phones: Sequence[Phone]
    model: Model
    made: dict[str, Scans] = field(default_factory=dict[str, Scans])
    true_times: dict[str, datetime] = field(default_factory=dict[str, datetime])

    @property
    def now(self) -> datetime:
        return self.cast.clock.now()

    @property
    def api(self) -> str:
        return f"/api/v1/events/{self.event.id}"

    async def play(self, happening: Any) -> None:
        match happening:
            case Scans():
                await self.scan(self.phones[happening.device], happening)
            case Cuts():
                phone = self.phones[happening.device]
                phone.online = not phone.online
            case Delivers():
                phone = self.phones[happening.device]
                if phone.online:
                    await self.deliver(phone, happening)
            case Restarts():
                self.phones[happening.device].seen.clear()
            case Undoes():
                await self.undo(happening)
            case _:
                await self.rewrite(happening)

    async def scan(self, phone: Phone, scans: Scans) -> None:
        number = UUID(int=Random(len(self.made)).getrandbits(128), version=4)
        scan = {
            "id": str(number),
            "code": self.guests[scans.guest].code,
            "gate": str(self.gates[scans.gate].id),
            "direction": "exit" if scans.leaves else "entry",
            "scanned_at": (self.now - phone.behind).isoformat(),
            "mode": "online",
            "local_verdict": phone.says(scans),
        }
        self.made[scan["id"]], self.true_times[scan["id"]] = scans, self.now
        if phone.online and scans.answer != "lost":
            await self.send(phone, [scan])
        if not phone.online or scans.answer != "given":
            phone.waiting.append({**scan, "mode": "offline"})

    async def deliver(self, phone: Phone, delivers: Delivers) -> None:
        batch = phone.waiting * (1 + delivers.twice)
        Random(delivers.order).shuffle(batch)
        if batch:
            await self.send(phone, batch)
        if delivers.heard:
            phone.waiting.clear()

    async def send(self, phone: Phone, batch: Sequence[dict[str, Any]]) -> None:
        """Every answer is what the model says, and a repeat gets the very same one."""
        sent = {"sent_at": (self.now - phone.behind).isoformat(), "scans": list(batch)}
        answer = await self.cast.steward.post(f"{self.api}/scans", json=sent)
        verdicts = [self._expected(phone, scan) for scan in batch]
        self.model.admit()
        results = answer.json()["results"]
        assert [result["verdict"] for result in results] == verdicts
        for result in results:
            fact = self.model.facts[result["id"]]
            fact.answer = fact.answer or result
            assert result == fact.answer

    def _expected(self, phone: Phone, scan: dict[str, Any]) -> str:
        scans, at = self.made[scan["id"]], self.true_times[scan["id"]]
        if abs(phone.behind) < TRUSTED:
            at = min(at - phone.behind, self.now)
        counts_at = self.now if scan["mode"] == "online" else at
        return self.model.take(scan, scans.guest, self.gates[scans.gate], counts_at=counts_at, now=self.now)

    async def undo(self, undoes: Undoes) -> None:
        if not self.made:
            return
        scan_id = list(self.made)[undoes.which % len(self.made)]
        body = {"id": str(new_id()), "reason": "wrong person"}
        answer = await self.cast.organiser.post(f"{self.api}/scans/{scan_id}/undo", json=body)
        known = self.model.facts.get(scan_id)
        assert answer.status_code == (404 if known is None else 409 if known.undone else 200)
        if known and not known.undone:
            self.model.undo(scan_id)

    async def rewrite(self, rewrites: Rewrites) -> None:
        number = rewrites.guest
        self.model.category[number], self.model.status[number] = rewrites.category, rewrites.status
        own = guests.c.guest_id == self.guests[number].id
        changed = sa.update(guests).where(own).values(category=rewrites.category, status=rewrites.status)
        await self.cast.database.write(lambda tx: tx.execute(changed))

    async def compare(self) -> None:
        """Every scan is there once; presence, admissions and conflicts are the model's; nothing waits anywhere."""
        assert [phone.waiting for phone in self.phones] == [[]] * DEVICES
        assert sorted(str(row.scan_id) for row in await self._rows(scans)) == sorted(self.made)
        assert await self._presences() == [self._place(number) for number in range(GUESTS)]
        admitted = {(row.guest_id, row.attempt, str(row.scan_id)) for row in await self._rows(admissions)}
        assert admitted == {
            (self.guests[number].id, attempt, scan_id)
            for number, given in self.model.admitted_by.items()
            for attempt, scan_id in enumerate(given)
        }
        told = (await self.cast.organiser.get(f"{self.api}/conflicts")).json()["conflicts"]
        assert {conflict["scan"] for conflict in told} == self.model.conflicts()

    async def _presences(self) -> list[tuple[Any, ...]]:
        rows = {row.guest_id: row for row in await self._rows(presence)}
        return [_facts(rows.get(guest.id)) for guest in self.guests]

    def _place(self, number: int) -> tuple[Any, ...]:
        place = self.model.place(number)
        first_at, first_id = (place.first.at, UUID(place.first.id)) if place.first else (None, None)
        attempt = self.model.attempt(number)
        return first_at, first_id, place.inside, place.zone, place.last_at, place.exited, attempt

    async def _rows(self, table: sa.Table) -> Sequence[sa.Row[Any]]:
        chosen = sa.select(table).where(table.c.event_id == self.event.id)
        return (await self.cast.database.read(lambda tx: tx.execute(chosen))).all()


def _facts(row: sa.Row[Any] | None) -> tuple[Any, ...]:
    if row is None:
        return None, None, False, "", None, False, 0
    return row.first_at, row.first_scan_id, row.inside, row.zone, row.last_at, row.exited, row.attempt


async def _open(cast: Cast, clocks: Sequence[int]) -> House:
    """A new event with four gates, one for guests of honour, one strict, one with room for one."""
    now, gate = cast.clock.now(), Gate(id=GateId(new_id()), name="Main")
    gates = [
        gate,
        replace(gate, id=GateId(new_id()), name="VIP", admits=frozenset({"vip"})),
        replace(gate, id=GateId(new_id()), name="Strict", reentry=Reentry.AFTER_EXIT),
        replace(gate, id=GateId(new_id()), name="Hall", zone="hall", limit=1),
    ]

    async def make(tx: Any) -> tuple[Event, list[Guest]]:
        event = await create_event(tx, event_form(slug=f"day-{new_id().hex}", capacity=4), actor="cast", now=now)
        for each in gates:
            await open_gate(tx, event.id, each, actor="cast", now=now)
        forms = [GuestForm(name=f"客{number}") for number in range(GUESTS)]
        return event, [await invite(tx, event, form, actor="cast", now=now, mail=False) for form in forms]

    event, made = await cast.database.write(make)
    phones = [Phone(number, timedelta(seconds=offset)) for number, offset in enumerate(clocks)]
    status = dict.fromkeys(range(GUESTS), GuestStatus.CONFIRMED)
    return House(cast, event, gates, made, phones, Model(status, dict.fromkeys(range(GUESTS), "guest")))
