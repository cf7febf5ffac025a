"""What the door appended: scans, what devices decided alone, first entries, undos. Nothing here is ever changed.

As in `checkin.store`, functions are synchronous and take a whole batch at a time.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from checkin.models import Direction, Mode, ScanId, VerdictCode
from checkin.outcome import outcome_of
from checkin.presence import Passage
from checkin.tables import admissions, decisions, gates, scans, undos
from events.core.errors import NotFound
from events.core.ids import EventId
from events.models import GuestId

_FOLLOWED = (
    sa.select(
        scans,
        gates.c.name.label("gate"),
        gates.c.zone,
        undos.c.undo_id,
        decisions.c.scan_id.label("decided"),
        decisions.c.local_verdict.label("decided_verdict"),
        decisions.c.entered.label("decided_entered"),
    )
    .join(gates, sa.and_(gates.c.event_id == scans.c.event_id, gates.c.gate_id == scans.c.gate_id))
    .outerjoin(undos, sa.and_(undos.c.event_id == scans.c.event_id, undos.c.scan_id == scans.c.scan_id))
    .outerjoin(decisions, sa.and_(decisions.c.event_id == scans.c.event_id, decisions.c.scan_id == scans.c.scan_id))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A scan that is in the ledger: the answer that was given, and what is needed where more follows.

    passed: somebody went in or out. settled: nothing that its device says later can change that.
    """

    answer: dict[str, Any]
    guest_id: GuestId | None
    verdict: VerdictCode
    override_reason: str
    passed: bool
    settled: bool
    passage: Passage
    undone: bool = False


def recorded(tx: sa.Connection, event_id: EventId, ids: Collection[ScanId]) -> dict[ScanId, Recorded]:
    """The scans among `ids` that are known already."""
    known = _FOLLOWED.where(scans.c.event_id == event_id, scans.c.scan_id.in_(ids))
    return {ScanId(row.scan_id): _recorded(row) for row in tx.execute(known)}


def passages_of(
    tx: sa.Connection, event_id: EventId, guest_ids: Collection[GuestId], *, rehearsal: bool = False
) -> dict[GuestId, list[Passage]]:
    """When these guests went in or out, undone scans left aside; an empty list for who did not."""
    found: defaultdict[GuestId, list[Passage]] = defaultdict(list, {guest_id: [] for guest_id in guest_ids})
    if not guest_ids:
        return found
    standing = scans.c.guest_id.in_(guest_ids), scans.c.rehearsal == rehearsal, undos.c.undo_id.is_(None)
    for row in tx.execute(_FOLLOWED.where(scans.c.event_id == event_id, *standing)):
        if _passed(row):
            found[row.guest_id].append(_passage(row))
    return found


def scan_by_id(tx: sa.Connection, event_id: EventId, scan_id: ScanId) -> sa.Row[Any]:
    """A recorded scan with the undo that stands against it, if any; raises NotFound."""
    row = tx.execute(_FOLLOWED.where(scans.c.event_id == event_id, scans.c.scan_id == scan_id)).one_or_none()
    if row is None:
        raise NotFound
    return row


def first_entry(tx: sa.Connection, event_id: EventId, guest_id: GuestId, *, attempt: int) -> UUID | None:
    """The scan that first let the guest in, after so many that were undone."""
    own = admissions.c.event_id == event_id, admissions.c.guest_id == guest_id, admissions.c.attempt == attempt
    return tx.execute(sa.select(admissions.c.scan_id).where(*own)).scalar_one_or_none()


def append_scans(tx: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Adds scans as they were judged."""
    _append(tx, scans, rows)


def append_decisions(tx: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Adds what devices decided alone about scans that are known; the key refuses a second decision on one."""
    _append(tx, decisions, rows)


def append_admissions(tx: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Adds first entries; the key refuses a second one of the same guest."""
    _append(tx, admissions, rows)


def append_undo(tx: sa.Connection, row: Mapping[str, Any]) -> None:
    """Adds the undoing of a scan; the key refuses a second one."""
    _append(tx, undos, [row])


def _append(tx: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        tx.execute(sa.insert(table), rows)


def _recorded(row: sa.Row[Any]) -> Recorded:
    return Recorded(
        answer=row.answer,
        guest_id=row.guest_id,
        verdict=row.verdict,
        override_reason=row.override_reason,
        passed=_passed(row),
        settled=row.mode is not Mode.ONLINE or row.rehearsal or row.decided is not None,
        passage=_passage(row),
        undone=row.undo_id is not None,
    )


def _passed(row: sa.Row[Any]) -> bool:
    """Whether somebody went through on the server's word, or later on the device's."""
    if row.direction is Direction.ENTRY:
        return row.entered or bool(row.decided_entered)
    if row.decided is not None and row.decided_verdict == VerdictCode.EXITED:
        return True
    return outcome_of(row.verdict, direction=row.direction, mode=row.mode, local_verdict=row.local_verdict).passed


def _passage(row: sa.Row[Any]) -> Passage:
    return Passage(
        scan_id=ScanId(row.scan_id),
        direction=row.direction,
        at=row.counted_at,
        gate=row.gate,
        zone=row.zone,
        by=row.actor_name,
    )
