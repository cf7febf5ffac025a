"""Who visited a booth and agreed to be known there. For the booth's phone, its exports and the desk's.

A booth learns of nobody but whom it scanned itself, and only while that guest agrees. Consent counts from when it was
given: who takes it back is gone from every list at once, and who gives it again is there again when scanned again.
Nothing here touches presence: a booth is no door.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.booth.models import Answer, Found, Visit, VisitId
from checkin.booth.tables import leads
from events.core.dialect import insert_on
from events.core.errors import Conflict, NotFound
from events.core.ids import EventId
from events.models import Guest, GuestId, GuestStatus
from events.store import GUEST_ROWS, guest_by_ticket, guest_of
from events.tables import guests, tickets
from events.ticket import parse


async def meet(
    tx: AsyncConnection,
    event_id: EventId,
    code: str,
    *,
    booth: str,
    visit_id: VisitId,
    note: str | None,
    at: datetime,
    by: str,
) -> Found:
    """Takes a code that a booth scanned. A visitor who agreed is kept once a booth, however often they are scanned;
    of anybody else nothing is kept and nothing is told. A `note` replaces the one before, an empty one takes it away,
    None leaves it.

    at: when it was scanned; `visit_id` was made with the scan, so that sending it again is no second visit.
    """
    guest = await _holder(tx, event_id, code)
    if guest is None:
        return Found(answer=Answer.UNKNOWN)
    if guest.shares_at is None or guest.status is not GuestStatus.CONFIRMED:
        return Found(answer=Answer.NOT_AGREED)
    told = {"at": max(at, guest.shares_at), "note": note or "", "actor_name": by}
    row = {"event_id": event_id, "lead_id": visit_id, "booth": booth, "guest_id": guest.id, **told}
    adding = insert_on(tx.dialect.name, leads).values(**row).on_conflict_do_nothing()
    is_new = bool((await tx.execute(adding)).rowcount) or await _renewed(tx, guest, booth, told)
    if note is not None and not is_new:
        await tx.execute(sa.update(leads).where(*_same(event_id, booth, guest.id)).values(note=note))
    [visit] = await _visits(tx, event_id, leads.c.booth == booth, leads.c.guest_id == guest.id) or [None]
    if visit is None:
        raise Conflict
    return Found(answer=Answer.SHARED, visit=visit, repeated=not is_new and visit.id != visit_id)


async def visits_of(tx: AsyncConnection, event_id: EventId, booth: str = "") -> list[Visit]:
    """The visitors who still agree, in the order in which they came: of one booth, or of all."""
    return await _visits(tx, event_id, *([leads.c.booth == booth] if booth else []))


async def _holder(tx: AsyncConnection, event_id: EventId, code: str) -> Guest | None:
    ticket = parse(code)
    if ticket is None:
        return None
    try:
        return await guest_by_ticket(tx, event_id, ticket.text)
    except NotFound:
        return None


async def _renewed(tx: AsyncConnection, guest: Guest, booth: str, told: dict[str, Any]) -> bool:
    """Whether the visit was from before the guest took back their consent and gave it again; it then begins anew."""
    before = (*_same(guest.event_id, booth, guest.id), leads.c.at < guest.shares_at)
    return bool((await tx.execute(sa.update(leads).where(*before).values(**told))).rowcount)


def _same(event_id: EventId, booth: str, guest_id: GuestId) -> tuple[sa.ColumnElement[bool], ...]:
    return leads.c.event_id == event_id, leads.c.booth == booth, leads.c.guest_id == guest_id


async def _visits(tx: AsyncConnection, event_id: EventId, *wanted: sa.ColumnElement[bool]) -> list[Visit]:
    who = sa.and_(leads.c.event_id == guests.c.event_id, leads.c.guest_id == guests.c.guest_id)
    told = leads.c.lead_id, leads.c.booth.label("visited"), leads.c.at, leads.c.note, leads.c.actor_name
    chosen = sa.select(guests, tickets.c.code, *told).select_from(GUEST_ROWS.join(leads, who))
    agreed = leads.c.at >= guests.c.shares_at, guests.c.status == GuestStatus.CONFIRMED
    chosen = chosen.where(leads.c.event_id == event_id, *agreed, *wanted)
    return [_visit(row) for row in await tx.execute(chosen.order_by(leads.c.at, leads.c.lead_id))]


def _visit(row: sa.Row[Any]) -> Visit:
    return Visit(
        id=VisitId(row.lead_id), booth=row.visited, guest=guest_of(row), at=row.at, note=row.note, by=row.actor_name
    )
