"""One scan with all that was found out about it, and what is made of it: the answer, the row, the passage.

The bench makes a case of each new scan.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from checkin.ledger import Recorded
from checkin.models import Entry, Gate, Mode, Scan, Verdict
from checkin.outcome import Counted, Outcome
from checkin.presence import Passage
from checkin.store import Holder
from events.core.ids import EventId, new_id

_RAW_LENGTH = 200
_LONGEST_SKEW_MS = 2**31 - 1
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A scan that was judged: whose, when it counts, what the server says and what happened."""

    scan: Scan
    gate: Gate
    holder: Holder
    counted: Counted
    verdict: Verdict
    outcome: Outcome


def answer_to(case: Case) -> dict[str, Any]:
    """What the device is told, now and whenever it sends the scan again."""
    verdict = case.verdict
    return {
        "id": str(case.scan.id),
        "verdict": verdict.code.value,
        "admits": verdict.admits,
        "needs": verdict.needs.value,
        "reason": verdict.reason,
        "guest": case.holder.shown,
        "first": _quoted(verdict.since),
        "bound": verdict.bound.isoformat() if verdict.bound else None,
        "conflict": case.outcome.conflict,
    }


def row_of(case: Case, answer: dict[str, Any], *, event_id: EventId, now: datetime) -> dict[str, Any]:
    """The row that is appended."""
    scan, verdict, outcome = case.scan, case.verdict, case.outcome
    return {
        "event_id": event_id,
        "scan_id": scan.id,
        "recorded": new_id(),
        "gate_id": case.gate.id,
        "guest_id": case.holder.guest_id,
        "raw": _raw(case),
        "direction": scan.direction,
        "mode": scan.mode,
        "scanned_at": scan.scanned_at,
        "received_at": now,
        "counted_at": case.counted.at,
        "verdict": verdict.code,
        "admits": verdict.admits,
        "local_verdict": scan.local_verdict,
        "entered": outcome.entered,
        "conflict": outcome.conflict,
        "rehearsal": scan.rehearsal,
        "skew_ms": _milliseconds(scan.skew),
        "doubt": case.counted.doubt,
        "device_id": scan.device_id,
        "override_reason": scan.override_reason,
        "actor": scan.actor,
        "actor_name": scan.by,
        "answer": answer,
    }


def recorded_as(case: Case, answer: dict[str, Any]) -> Recorded:
    """What the same batch knows of it when its device sends it again."""
    scan, gate = case.scan, case.gate
    return Recorded(
        answer=answer,
        guest_id=case.holder.guest_id,
        verdict=case.verdict.code,
        override_reason=scan.override_reason,
        passed=case.outcome.passed,
        settled=scan.rehearsal or scan.mode is not Mode.ONLINE,
        passage=Passage(
            scan_id=scan.id, direction=scan.direction, at=case.counted.at, gate=gate.name, zone=gate.zone, by=scan.by
        ),
    )


def _quoted(entry: Entry | None) -> dict[str, str] | None:
    return {"at": entry.at.isoformat(), "gate": entry.gate, "by": entry.by} if entry else None


def _raw(case: Case) -> str:
    """What was read, as far as it can be shown; of somebody whom nobody knows, whom the device meant."""
    unknown = case.scan.guest_id if case.holder.guest_id is None else None
    text = case.scan.code or (str(unknown) if unknown else "")
    if text.isprintable():
        return text[:_RAW_LENGTH]
    return "".join(character if character.isprintable() else "\ufffd" for character in text[:_RAW_LENGTH])


def _milliseconds(skew: timedelta | None) -> int | None:
    """Bounded, because a clock may be off by centuries and a column holds 24 days."""
    return None if skew is None else max(-_LONGEST_SKEW_MS, min(skew // _MILLISECOND, _LONGEST_SKEW_MS))
