"""Admitting guests: each scan is judged once, appended, and answered only after its commit.

Scans that arrive while a commit is under way wait together and share the next one; that is what makes thousands of
durable check-ins a second possible on one disk.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import anyio
import sqlalchemy as sa
from anyio.abc import TaskGroup

from checkin import store
from checkin.models import (
    Direction,
    Entry,
    Gate,
    GateId,
    GuestFacts,
    History,
    Mode,
    ScanId,
    TicketFacts,
    TicketStanding,
    Verdict,
)
from checkin.presence import Passage, Presence, after
from checkin.store import Holder
from checkin.verdict import judge
from events.core.clock import Clock
from events.core.database import Database
from events.core.errors import Invalid
from events.core.ids import EventId, new_id
from events.core.live import Live
from events.models import GuestId
from events.ticket import parse

_SHARED = 256
_RAW_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One scan as a device sends it: a code as it was read, or a guest picked from the search.

    id: made on the device, so that a repeat is recognised. scanned_at: by the device's clock.
    actor: the account that scanned, actor_name: what the next door calls them.
    override_reason: why a lead lets the holder in against an amber verdict; empty without one.
    """

    id: ScanId
    gate_id: GateId
    code: str = ""
    guest_id: GuestId | None = None
    direction: Direction = Direction.ENTRY
    scanned_at: datetime
    mode: Mode = Mode.ONLINE
    local_verdict: str = ""
    override_reason: str = ""
    actor: str
    actor_name: str = ""


@dataclass(slots=True)
class _Waiting:
    """Scans of one request, and what became of them."""

    scans: Sequence[Scan]
    done: anyio.Event = field(default_factory=anyio.Event)
    answers: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    error: Exception | None = None


class Door:
    """Takes scans of all requests of this process and admits them together."""

    def __init__(self, database: Database, clock: Clock, live: Live, tasks: TaskGroup) -> None:
        self._database = database
        self._clock = clock
        self._live = live
        self._tasks = tasks
        self._queues: dict[EventId, list[_Waiting]] = {}

    async def admit(self, event_id: EventId, scans: Sequence[Scan]) -> list[dict[str, Any]]:
        """The answers in the order of `scans`, durable before they are given; a known id gets its first answer.

        Raises Invalid for a gate that the event has not. A caller that goes away leaves its scans recorded.
        """
        waiting = _Waiting(scans)
        queue = self._queues.get(event_id)
        if queue is None:
            self._queues[event_id] = [waiting]
            self._tasks.start_soon(self._work_off, event_id)
        else:
            queue.append(waiting)
        await waiting.done.wait()
        if waiting.error:
            raise waiting.error
        return waiting.answers

    async def _work_off(self, event_id: EventId) -> None:
        while queue := self._queues[event_id]:
            batch, self._queues[event_id] = queue[:_SHARED], queue[_SHARED:]
            await self._settle(event_id, batch)
        del self._queues[event_id]

    async def _settle(self, event_id: EventId, batch: list[_Waiting]) -> None:
        try:
            await self._admit_together(event_id, batch)
        except Exception as error:  # noqa: BLE001 — handed to the callers; one bad scan must not fail the others
            if len(batch) == 1:
                batch[0].error = error
            else:
                for waiting in batch:
                    await self._settle(event_id, [waiting])
        for waiting in batch:
            waiting.done.set()

    async def _admit_together(self, event_id: EventId, batch: list[_Waiting]) -> None:
        scans = [scan for waiting in batch for scan in waiting.scans]
        now = self._clock.now()
        answers = await self._database.write_at_once(lambda tx: admit(tx, event_id, scans, now=now))
        self._live.publish(event_id)
        following = iter(answers)
        for waiting in batch:
            waiting.answers = [next(following) for _ in waiting.scans]


def admit(tx: sa.Connection, event_id: EventId, scans: Sequence[Scan], *, now: datetime) -> list[dict[str, Any]]:
    """Judges and appends `scans` in one transaction; the answers in their order.

    Ids are looked up before any rule, so that an honest retry gets the first answer again.
    Raises Invalid for a gate that the event has not.
    """
    bench = _open_bench(tx, event_id, scans, now=now)
    answers = [bench.answer(tx, scan) for scan in scans]
    store.append_scans(tx, bench.rows)
    store.append_admissions(tx, bench.admissions)
    store.keep_presence(tx, event_id, bench.moved, now=now)
    return answers


@dataclass(slots=True, kw_only=True)
class _Bench:
    """The facts that a batch is judged on, and what it leaves to be written."""

    event_id: EventId
    now: datetime
    given: dict[ScanId, dict[str, Any]]
    gates: dict[GateId, Gate]
    read: dict[str, str]
    by_code: dict[str, Holder]
    by_guest: dict[GuestId, Holder]
    zones: dict[str, int]
    rows: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    admissions: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    moved: dict[GuestId, Presence] = field(default_factory=dict[GuestId, Presence])

    def answer(self, tx: sa.Connection, scan: Scan) -> dict[str, Any]:
        """The first answer if the scan is known, else a new verdict."""
        if scan.id in self.given:
            return self.given[scan.id]
        gate = self.gates.get(scan.gate_id)
        if gate is None:
            raise Invalid("unknown_gate", fields={"gate": "not_offered"})
        holder = self._holder(tx, scan)
        present = self.moved.get(holder.guest_id, holder.presence) if holder.guest_id else holder.presence
        verdict = self._judged(scan, gate, holder, present)
        self.given[scan.id] = answer = _answer(scan, verdict, holder)
        self._record(scan, gate, verdict, holder, answer)
        if holder.guest_id:
            self._move(scan, gate, verdict, holder.guest_id, present)
        return answer

    def _holder(self, tx: sa.Connection, scan: Scan) -> Holder:
        if scan.guest_id:
            return self.by_guest.get(scan.guest_id, _NOBODY)
        code = self.read.get(scan.code)
        if code is None:
            return _NOBODY
        if holder := self.by_code.get(code):
            return holder
        title = store.other_event(tx, code)
        if title is None:
            return _NOBODY
        name = title.zh_hans or title.zh_hant or title.en
        return Holder(ticket=TicketFacts(standing=TicketStanding.OTHER_EVENT, event=name))

    def _judged(self, scan: Scan, gate: Gate, holder: Holder, present: Presence) -> Verdict:
        history = History(
            first=present.first, inside=present.inside, zone=present.zone, zone_count=self.zones.get(gate.zone, 0)
        )
        return judge(
            holder.ticket,
            self._facts(gate, holder),
            gate,
            history,
            self._counted_at(scan),
            direction=scan.direction,
            mode=scan.mode,
            overridden=bool(scan.override_reason),
        )

    def _facts(self, gate: Gate, holder: Holder) -> GuestFacts | None:
        facts = holder.facts
        if facts is None or not gate.admits or facts.category in gate.admits:
            return facts
        return GuestFacts(
            status=facts.status,
            category=facts.category,
            attention=facts.attention,
            reason=facts.reason,
            elsewhere=store.elsewhere(self.gates.values(), facts.category),
        )

    def _counted_at(self, scan: Scan) -> datetime:
        """Our clock for what happens now; the device's for what it did while offline, unless that is in the future."""
        return min(scan.scanned_at, self.now) if scan.mode is Mode.OFFLINE else self.now

    def _record(self, scan: Scan, gate: Gate, verdict: Verdict, holder: Holder, answer: dict[str, Any]) -> None:
        self.rows.append(
            {
                "event_id": self.event_id,
                "scan_id": scan.id,
                "recorded": new_id(),
                "gate_id": gate.id,
                "guest_id": holder.guest_id,
                "raw": _printable(scan.code),
                "direction": scan.direction,
                "mode": scan.mode,
                "scanned_at": scan.scanned_at,
                "received_at": self.now,
                "counted_at": self._counted_at(scan),
                "verdict": verdict.code,
                "admits": verdict.admits,
                "local_verdict": scan.local_verdict,
                "entered": verdict.admits,
                "conflict": False,
                "rehearsal": False,
                "skew_ms": None,
                "doubt": "",
                "device_id": None,
                "override_reason": scan.override_reason,
                "actor": scan.actor,
                "actor_name": scan.actor_name or scan.actor,
                "answer": answer,
            }
        )

    def _move(self, scan: Scan, gate: Gate, verdict: Verdict, guest_id: GuestId, present: Presence) -> None:
        passage = Passage(
            scan_id=scan.id,
            direction=scan.direction,
            admits=verdict.admits,
            at=self._counted_at(scan),
            gate=gate.name,
            zone=gate.zone,
            by=scan.actor_name or scan.actor,
        )
        moved = after(present, passage)
        if moved == present:
            return
        self.moved[guest_id] = moved
        self._count_zones(present, moved)
        if moved.first_scan_id == scan.id:
            row = {"event_id": self.event_id, "guest_id": guest_id, "attempt": moved.attempt, "scan_id": scan.id}
            self.admissions.append(row)

    def _count_zones(self, before: Presence, moved: Presence) -> None:
        if before.inside:
            self.zones[before.zone] = self.zones.get(before.zone, 0) - 1
        if moved.inside:
            self.zones[moved.zone] = self.zones.get(moved.zone, 0) + 1


_NOBODY = Holder(ticket=TicketFacts(standing=TicketStanding.UNKNOWN))


def _open_bench(tx: sa.Connection, event_id: EventId, scans: Sequence[Scan], *, now: datetime) -> _Bench:
    read = {raw: code.text for raw in {scan.code for scan in scans} if (code := parse(raw))}
    codes = set(read.values())
    guest_ids = {scan.guest_id for scan in scans if scan.guest_id}
    gates = {gate.id: gate for gate in store.gates_of(tx, event_id)}
    limited = any(gate.limit is not None for gate in gates.values())
    if limited:
        store.hold_zones(tx, event_id)
    store.lock_holders(tx, event_id, codes=codes, guest_ids=guest_ids)
    return _Bench(
        event_id=event_id,
        now=now,
        given=store.answers_given(tx, event_id, {scan.id for scan in scans}),
        gates=gates,
        read=read,
        by_code=store.holders_by_code(tx, event_id, codes),
        by_guest=store.holders_by_guest(tx, event_id, guest_ids),
        zones=store.zone_counts(tx, event_id) if limited else {},
    )


def _answer(scan: Scan, verdict: Verdict, holder: Holder) -> dict[str, Any]:
    return {
        "id": str(scan.id),
        "verdict": verdict.code.value,
        "admits": verdict.admits,
        "needs": verdict.needs.value,
        "reason": verdict.reason,
        "guest": holder.shown,
        "first": _quoted(verdict.since),
        "bound": verdict.bound.isoformat() if verdict.bound else None,
    }


def _quoted(entry: Entry | None) -> dict[str, str] | None:
    return {"at": entry.at.isoformat(), "gate": entry.gate, "by": entry.by} if entry else None


def _printable(raw: str) -> str:
    if raw.isprintable():
        return raw[:_RAW_LENGTH]
    return "".join(character if character.isprintable() else "\ufffd" for character in raw[:_RAW_LENGTH])
