"""Gates, tickets, their holders and where those are, read and written for a whole batch of scans at a time.

These functions are synchronous, because a batch is admitted in one go beside the event loop;
`tx.run_sync` calls them from elsewhere.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from checkin.models import Entry, Gate, GateId, GateKind, GuestFacts, TicketFacts, TicketStanding
from checkin.presence import NOWHERE, Presence
from checkin.tables import gates, presence
from events.core.dialect import insert_on, locks_rows
from events.core.ids import EventId
from events.core.schema import json_type
from events.models import GuestId, Text, TicketState
from events.tables import categories, events, guests, tickets

_HOLDERS = (
    sa.select(
        tickets.c.code,
        tickets.c.state,
        tickets.c.reason,
        guests.c.guest_id,
        guests.c.name,
        guests.c.name_latin,
        guests.c.organisation,
        guests.c.job_title,
        guests.c.category,
        guests.c.language,
        guests.c.status,
        guests.c.status_reason,
        guests.c.leader_id,
        guests.c.liaison,
        guests.c.pick_slot,
        sa.type_coerce(categories.c.name, json_type()).label("category_name"),
        categories.c.colour,
        categories.c.attention,
        presence.c.first_scan_id,
        presence.c.first_at,
        presence.c.first_gate,
        presence.c.first_by,
        presence.c.inside,
        presence.c.zone,
        presence.c.last_at,
        presence.c.exited,
        presence.c.attempt,
    )
    .select_from(tickets)
    .outerjoin(guests, sa.and_(guests.c.event_id == tickets.c.event_id, guests.c.guest_id == tickets.c.guest_id))
    .outerjoin(categories, sa.and_(categories.c.event_id == guests.c.event_id, categories.c.key == guests.c.category))
    .outerjoin(presence, sa.and_(presence.c.event_id == guests.c.event_id, presence.c.guest_id == guests.c.guest_id))
)
_PRESENCE_COLUMNS = tuple(column.name for column in presence.columns if not column.primary_key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A ticket, whose it is, and where they are. `shown` is what the door's screen tells of them.

    leader_id: whose companion they are. liaison: the address of whoever is told of the arrival.
    """

    ticket: TicketFacts
    guest_id: GuestId | None = None
    facts: GuestFacts | None = None
    leader_id: GuestId | None = None
    liaison: str = ""
    presence: Presence = NOWHERE
    shown: Mapping[str, Any] | None = None


def gates_of(tx: sa.Connection, event_id: EventId) -> list[Gate]:
    """The event's gates in their order."""
    rows = tx.execute(sa.select(gates).where(gates.c.event_id == event_id).order_by(gates.c.position, gates.c.gate_id))
    return [_gate(row) for row in rows]


def add_gate(tx: sa.Connection, event_id: EventId, gate: Gate) -> None:
    """Keeps a new gate, last in order."""
    counted = tx.execute(sa.select(sa.func.count()).where(gates.c.event_id == event_id))
    row = {"event_id": event_id, "gate_id": gate.id, "name": gate.name, "kind": gate.kind, "zone": gate.zone}
    rule = {"admits": sorted(gate.admits), "reentry": gate.reentry, "limit": gate.limit}
    hours = {"opens_at": gate.opens_at, "closes_at": gate.closes_at}
    tx.execute(sa.insert(gates).values(**row, **rule, **hours, position=counted.scalar_one(), version=gate.version))


def hold_zones(tx: sa.Connection, event_id: EventId) -> None:
    """Lets no other process count people in zones before this transaction ends."""
    if locks_rows(tx):
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(event_id.int & 0x7FFF_FFFF_FFFF_FFFF)))


def lock_holders(
    tx: sa.Connection, event_id: EventId, *, codes: Collection[str], guest_ids: Collection[GuestId]
) -> None:
    """Holds the guests of these tickets until commit, always in the same order, so that two doors cannot both judge."""
    if not locks_rows(tx):
        return
    joined = tickets.join(
        guests, sa.and_(guests.c.event_id == tickets.c.event_id, guests.c.guest_id == tickets.c.guest_id)
    )
    wanted = sa.or_(tickets.c.code.in_(codes), guests.c.guest_id.in_(guest_ids))
    chosen = sa.select(guests.c.guest_id).select_from(joined).where(tickets.c.event_id == event_id, wanted)
    tx.execute(chosen.order_by(guests.c.guest_id).with_for_update(of=guests, key_share=True))


def holders_by_code(tx: sa.Connection, event_id: EventId, codes: Collection[str]) -> dict[str, Holder]:
    """The tickets of this event among `codes`, with their holders."""
    if not codes:
        return {}
    chosen = _HOLDERS.where(tickets.c.event_id == event_id, tickets.c.code.in_(codes))
    return {row.code: _holder(row) for row in tx.execute(chosen)}


def holders_by_guest(tx: sa.Connection, event_id: EventId, guest_ids: Collection[GuestId]) -> dict[GuestId, Holder]:
    """The guests with their standing tickets."""
    if not guest_ids:
        return {}
    standing = tickets.c.event_id == event_id, tickets.c.state == TicketState.ISSUED
    chosen = _HOLDERS.where(*standing, tickets.c.guest_id.in_(guest_ids))
    return {GuestId(row.guest_id): _holder(row) for row in tx.execute(chosen)}


def other_event(tx: sa.Connection, code: str) -> Text | None:
    """The title of whichever event issued the code."""
    joined = tickets.join(events, events.c.event_id == tickets.c.event_id)
    issued = tickets.c.code == code, tickets.c.state != TicketState.RESERVED
    return (tx.execute(sa.select(events.c.title).select_from(joined).where(*issued))).scalar_one_or_none()


def zone_counts(tx: sa.Connection, event_id: EventId) -> dict[str, int]:
    """How many people are inside each zone."""
    inside = presence.c.event_id == event_id, presence.c.inside
    counted = sa.select(presence.c.zone, sa.func.count()).where(*inside).group_by(presence.c.zone)
    return {row[0]: row[1] for row in tx.execute(counted)}


def keep_presence(tx: sa.Connection, event_id: EventId, kept: Mapping[GuestId, Presence], *, now: datetime) -> None:
    """Replaces the presence of these guests."""
    if not kept:
        return
    rows = [{**_presence_row(event_id, guest_id, kept[guest_id]), "changed_at": now} for guest_id in sorted(kept)]
    tx.execute(_keeping(tx.dialect.name), rows)


def attempt_of(tx: sa.Connection, event_id: EventId, guest_id: GuestId) -> int:
    """How many first entries of a guest were undone."""
    own = presence.c.event_id == event_id, presence.c.guest_id == guest_id
    return tx.execute(sa.select(presence.c.attempt).where(*own)).scalar_one_or_none() or 0


def elsewhere(gates_of_event: Iterable[Gate], category: str) -> str:
    """The first gate that admits a category, by name; empty where none does. Nobody is sent to a booth."""
    doors = (gate for gate in gates_of_event if gate.kind is not GateKind.BOOTH)
    return next((gate.name for gate in doors if not gate.admits or category in gate.admits), "")


def _gate(row: sa.Row[Any]) -> Gate:
    return Gate(
        id=GateId(row.gate_id),
        name=row.name,
        kind=row.kind,
        admits=frozenset(row.admits),
        reentry=row.reentry,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        zone=row.zone,
        limit=row.limit,
        version=row.version,
    )


def _holder(row: Any) -> Holder:
    ticket = TicketFacts(standing=TicketStanding(row.state.value), reason=row.reason)
    if row.guest_id is None:
        return Holder(ticket=ticket)
    facts = GuestFacts(
        status=row.status, category=row.category, attention=bool(row.attention), reason=row.status_reason
    )
    return Holder(
        ticket=ticket,
        guest_id=GuestId(row.guest_id),
        facts=facts,
        leader_id=row.leader_id,
        liaison=row.liaison,
        presence=_presence(row),
        shown=_shown(row),
    )


def _shown(row: sa.Row[Any]) -> dict[str, Any]:
    return {
        "id": str(row.guest_id),
        "name": row.name,
        "name_latin": row.name_latin,
        "organisation": row.organisation,
        "job_title": row.job_title,
        "category": row.category,
        "category_name": row.category_name,
        "category_colour": row.colour or "",
        "language": row.language.value,
        "status": row.status.value,
        "pick_slot": row.pick_slot,
        "leader_id": str(row.leader_id) if row.leader_id else None,
    }


def _presence(row: sa.Row[Any]) -> Presence:
    if row.attempt is None:
        return NOWHERE
    first = Entry(row.first_at, row.first_gate, row.first_by) if row.first_at else None
    return Presence(
        first=first,
        first_scan_id=row.first_scan_id,
        inside=row.inside,
        zone=row.zone,
        last_at=row.last_at,
        exited=row.exited,
        attempt=row.attempt,
    )


def _presence_row(event_id: EventId, guest_id: GuestId, kept: Presence) -> dict[str, Any]:
    first = kept.first
    return {
        "event_id": event_id,
        "guest_id": guest_id,
        "first_scan_id": kept.first_scan_id,
        "first_at": first.at if first else None,
        "first_gate": first.gate if first else "",
        "first_by": first.by if first else "",
        "inside": kept.inside,
        "zone": kept.zone,
        "last_at": kept.last_at,
        "exited": kept.exited,
        "attempt": kept.attempt,
    }


@cache
def _keeping(dialect: str) -> Any:
    adding = insert_on(dialect, presence)
    changes = {name: adding.excluded[name] for name in _PRESENCE_COLUMNS}
    return adding.on_conflict_do_update(index_elements=["event_id", "guest_id"], set_=changes)
