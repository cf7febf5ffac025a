"""Where a device and the server did not say the same: shown to a lead, who settles it with a note. Nothing is changed.

Called by the door's API and by the desk's page of conflicts.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.models import Direction, Mode, ScanId, VerdictCode
from checkin.tables import decisions, gates, scans, settlements, undos
from events.core.dialect import insert_on
from events.core.errors import NotFound
from events.core.ids import EventId


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """Who looked at a conflict, when (UTC), and what they found."""

    at: datetime
    by: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A scan of which device and server did not say the same. guest: as the door showed them, None for nobody known.

    entered: whether the device let them in. at: when it counts (UTC); scanned_at: by the device's own clock.
    by: who scanned.
    """

    scan_id: ScanId
    guest: dict[str, Any] | None
    direction: Direction
    mode: Mode
    verdict: VerdictCode
    local_verdict: str
    entered: bool
    override_reason: str
    gate: str
    at: datetime
    scanned_at: datetime
    by: str
    settled: Settlement | None


async def conflicts_of(tx: AsyncConnection, event_id: EventId) -> list[Disagreement]:
    """The event's conflicts, the latest first; scans that were undone are none any more."""
    rows = await tx.execute(_conflicts(event_id).order_by(scans.c.recorded.desc()))
    return [_disagreement(row) for row in rows]


async def settle(
    tx: AsyncConnection, event_id: EventId, scan_id: ScanId, *, note: str, actor: str, now: datetime
) -> None:
    """Notes that a lead has looked at a conflict; settling again keeps the first note. Raises NotFound."""
    if (await tx.execute(_conflicts(event_id).where(scans.c.scan_id == scan_id))).first() is None:
        raise NotFound
    row = {"event_id": event_id, "scan_id": scan_id, "at": now, "note": note, "actor": actor}
    await tx.execute(insert_on(tx.dialect.name, settlements).values(**row).on_conflict_do_nothing())


def _conflicts(event_id: EventId) -> sa.Select[Any]:
    found = sa.union(
        sa.select(scans.c.scan_id).where(scans.c.event_id == event_id, scans.c.conflict),
        sa.select(decisions.c.scan_id).where(decisions.c.event_id == event_id, decisions.c.conflict),
    ).subquery()
    followed = (
        scans.join(gates, sa.and_(gates.c.event_id == scans.c.event_id, gates.c.gate_id == scans.c.gate_id))
        .outerjoin(decisions, _same_scan(decisions))
        .outerjoin(undos, _same_scan(undos))
        .outerjoin(settlements, _same_scan(settlements))
    )
    chosen = sa.select(
        scans,
        gates.c.name.label("gate"),
        sa.func.coalesce(decisions.c.local_verdict, scans.c.local_verdict).label("said"),
        sa.func.coalesce(decisions.c.entered, scans.c.entered).label("let_in"),
        settlements.c.at.label("settled_at"),
        settlements.c.actor.label("settled_by"),
        settlements.c.note,
    ).select_from(followed)
    standing = scans.c.event_id == event_id, undos.c.scan_id.is_(None)
    return chosen.where(*standing, scans.c.scan_id.in_(sa.select(found.c.scan_id)))


def _same_scan(table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.event_id == scans.c.event_id, table.c.scan_id == scans.c.scan_id)


def _disagreement(row: sa.Row[Any]) -> Disagreement:
    settled = Settlement(at=row.settled_at, by=row.settled_by, note=row.note) if row.settled_at else None
    return Disagreement(
        scan_id=ScanId(row.scan_id),
        guest=row.answer["guest"],
        direction=row.direction,
        mode=row.mode,
        verdict=row.verdict,
        local_verdict=row.said,
        entered=bool(row.let_in),
        override_reason=row.override_reason,
        gate=row.gate,
        at=row.counted_at,
        scanned_at=row.scanned_at,
        by=row.actor_name,
        settled=settled,
    )
