"""The bench on which a batch of scans is judged: the facts that were read for it, and what it leaves to be written.

Only `checkin.admitting` opens one. Scans of a batch see each other, in their order.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from checkin import store
from checkin.case import Case, answer_to, recorded_as, row_of
from checkin.ledger import Recorded
from checkin.models import (
    Gate,
    GateId,
    GuestFacts,
    History,
    Mode,
    Scan,
    ScanId,
    TicketFacts,
    TicketStanding,
    Verdict,
)
from checkin.outcome import Counted, Outcome, counted, outcome_of
from checkin.presence import NOWHERE, Passage, Presence
from checkin.store import Holder
from checkin.verdict import judge
from checkin.whereabouts import Whereabouts
from events.core.errors import Invalid
from events.core.ids import EventId
from events.models import GuestId

_TICK = timedelta(microseconds=1)
_NOBODY = Holder(ticket=TicketFacts(standing=TicketStanding.UNKNOWN))


@dataclass(slots=True, kw_only=True)
class Bench:
    """What a batch is judged on.

    known: scans that have their answer. read: raw codes as tickets spell them.
    house: where guests are; rehearsed: where they are as far as the rehearsal goes.
    scans, decisions: rows to append. newcomers: whose first entry is in this batch.
    """

    event_id: EventId
    now: datetime
    gates: Mapping[GateId, Gate]
    known: dict[ScanId, Recorded]
    read: Mapping[str, str]
    by_code: Mapping[str, Holder]
    by_guest: Mapping[GuestId, Holder]
    house: Whereabouts = field(default_factory=Whereabouts)
    rehearsed: Whereabouts = field(default_factory=Whereabouts)
    scans: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    decisions: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    newcomers: dict[GuestId, Holder] = field(default_factory=dict[GuestId, Holder])

    def answer(self, tx: sa.Connection, scan: Scan) -> dict[str, Any]:
        """The first answer if the scan is known, else a new one. Raises Invalid for a gate that the event has not."""
        if known := self.known.get(scan.id):
            self._hear_again(known, scan)
            return known.answer
        case = self._judged(scan, self.holder(scan) or self._stranger(tx, scan))
        answer = answer_to(case)
        self.scans.append(row_of(case, answer, event_id=self.event_id, now=self.now))
        self.known[scan.id] = recorded = recorded_as(case, answer)
        if recorded.passed:
            self._move(case.holder, recorded.passage, rehearsal=scan.rehearsal)
        return answer

    def holder(self, scan: Scan) -> Holder | None:
        """Whose scan it is, if it is one of our tickets or guests."""
        return self.by_guest.get(scan.guest_id) if scan.guest_id else self.by_code.get(self.read.get(scan.code, ""))

    def _stranger(self, tx: sa.Connection, scan: Scan) -> Holder:
        code = self.read.get(scan.code)
        title = store.other_event(tx, code) if code else None
        if title is None:
            return _NOBODY
        name = title.zh_hans or title.zh_hant or title.en
        return Holder(ticket=TicketFacts(standing=TicketStanding.OTHER_EVENT, event=name))

    def _judged(self, scan: Scan, holder: Holder) -> Case:
        gate = self._gate(scan)
        present = self._present(holder, rehearsal=scan.rehearsal)
        counts = self._counted(scan, present)
        if gate.id != scan.gate_id:
            counts = replace(counts, doubt="gate")
        verdict = judge(
            holder.ticket,
            self._facts(gate, holder),
            replace(gate, opens_at=None, closes_at=None) if scan.rehearsal else gate,
            self._history(scan, gate, present),
            counts.at,
            direction=scan.direction,
            mode=scan.mode,
            overridden=bool(scan.override_reason) and scan.may_override,
        )
        outcome = _outcome(scan, verdict)
        return Case(scan=scan, gate=gate, holder=holder, counted=counts, verdict=verdict, outcome=outcome)

    def _gate(self, scan: Scan) -> Gate:
        """Where it was; what happened at a gate that is no more is kept at the event's first."""
        gate = self.gates.get(scan.gate_id)
        if gate is None and scan.mode is not Mode.ONLINE:
            gate = next(iter(self.gates.values()), None)
        if gate is None:
            raise Invalid("unknown_gate", fields={"gate": "not_offered"})
        return gate

    def _present(self, holder: Holder, *, rehearsal: bool) -> Presence:
        if holder.guest_id is None:
            return NOWHERE
        if rehearsal:
            return self.rehearsed.moved.get(holder.guest_id, NOWHERE)
        return self.house.moved.get(holder.guest_id, holder.presence)

    def _counted(self, scan: Scan, present: Presence) -> Counted:
        """When the scan counts; what happens now comes after all that is known of the holder, if by a microsecond."""
        counts = counted(scan.scanned_at, mode=scan.mode, skew=scan.skew, now=self.now)
        if counts.at < self.now or present.last_at is None or present.last_at < self.now:
            return counts
        return replace(counts, at=present.last_at + _TICK)

    def _facts(self, gate: Gate, holder: Holder) -> GuestFacts | None:
        facts = holder.facts
        if facts is None or not gate.admits or facts.category in gate.admits:
            return facts
        return replace(facts, elsewhere=store.elsewhere(self.gates.values(), facts.category))

    def _history(self, scan: Scan, gate: Gate, present: Presence) -> History:
        return History(
            first=present.first,
            inside=present.inside,
            zone=present.zone,
            exited=present.exited,
            zone_count=0 if scan.rehearsal else self.house.zones.get(gate.zone, 0),
        )

    def _move(self, holder: Holder, passage: Passage, *, rehearsal: bool) -> None:
        if holder.guest_id is None:
            return
        present = self._present(holder, rehearsal=rehearsal)
        moved = (self.rehearsed if rehearsal else self.house).take(holder.guest_id, present, passage)
        if moved.first and not present.first and not rehearsal:
            self.newcomers[holder.guest_id] = holder

    def _hear_again(self, known: Recorded, scan: Scan) -> None:
        """Notes what a device decided alone, where the server's answer had come too late for it."""
        holder = self.holder(scan) or _NOBODY
        if known.settled or scan.mode is not Mode.OFFLINE or holder.guest_id != known.guest_id:
            return
        outcome = outcome_of(
            known.verdict,
            direction=known.passage.direction,
            mode=Mode.OFFLINE,
            local_verdict=scan.local_verdict,
            overridden=bool(known.override_reason),
        )
        self.decisions.append(
            {
                "event_id": self.event_id,
                "scan_id": scan.id,
                "local_verdict": scan.local_verdict,
                "entered": outcome.entered,
                "conflict": outcome.conflict,
                "received_at": self.now,
            }
        )
        self.known[scan.id] = replace(known, settled=True)
        if outcome.passed and not (known.passed or known.undone):
            self._move(holder, known.passage, rehearsal=False)


def _outcome(scan: Scan, verdict: Verdict) -> Outcome:
    outcome = outcome_of(
        verdict.code,
        direction=scan.direction,
        mode=scan.mode,
        local_verdict=scan.local_verdict,
        overridden=bool(scan.override_reason),
    )
    return replace(outcome, conflict=False) if scan.rehearsal else outcome
