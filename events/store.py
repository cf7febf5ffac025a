"""Rows of the ground floor as values. Every function takes the transaction first and says its rows by name."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from events.core.errors import NotFound
from events.core.i18n import Language
from events.core.ids import EventId
from events.models import (
    Category,
    Event,
    Exhibitor,
    Guest,
    GuestId,
    GuestStatus,
    Host,
    Segment,
    SegmentId,
    TicketState,
)
from events.tables import categories, events, exhibitors, guests, hosts, notices, segments, tickets

_EVENT = sa.select(events, notices.c.text.label("notice")).select_from(
    events.join(
        notices,
        sa.and_(notices.c.event_id == events.c.event_id, notices.c.version == events.c.notice_version),
    )
)
_STANDING_TICKET = sa.and_(
    tickets.c.event_id == guests.c.event_id,
    tickets.c.guest_id == guests.c.guest_id,
    tickets.c.state == TicketState.ISSUED,
)
GUEST_ROWS = guests.join(tickets, _STANDING_TICKET)
GUESTS = sa.select(guests, tickets.c.code).select_from(GUEST_ROWS)


async def event_by_name(tx: AsyncConnection, name: str) -> Event:
    """The event of a slug or an id; raises NotFound."""
    column = events.c.event_id == UUID(name) if _is_uuid(name) else events.c.slug == name
    return await _one_event(tx, column)


async def event_by_tag(tx: AsyncConnection, tag: str) -> Event:
    """The event whose ticket codes carry `tag`; raises NotFound."""
    return await _one_event(tx, events.c.tag == tag)


async def event_by_id(tx: AsyncConnection, event_id: EventId) -> Event:
    """The event; raises NotFound."""
    return await _one_event(tx, events.c.event_id == event_id)


async def all_events(tx: AsyncConnection) -> list[Event]:
    """Every event, the latest first."""
    return [event_of(row) for row in await tx.execute(_EVENT.order_by(events.c.starts_at.desc(), events.c.slug))]


async def hosts_of(tx: AsyncConnection, event_id: EventId) -> list[Host]:
    """The hosting sides in their order."""
    rows = await tx.execute(sa.select(hosts).where(hosts.c.event_id == event_id).order_by(hosts.c.position))
    return [Host(key=row.key, name=row.name) for row in rows]


async def categories_of(tx: AsyncConnection, event_id: EventId) -> list[Category]:
    """The categories of guest, highest rank first."""
    chosen = sa.select(categories).where(categories.c.event_id == event_id)
    return [category_of(row) for row in await tx.execute(chosen.order_by(categories.c.rank, categories.c.key))]


async def segments_of(tx: AsyncConnection, event_id: EventId) -> list[Segment]:
    """The programme in its order."""
    chosen = sa.select(segments).where(segments.c.event_id == event_id)
    ordered = chosen.order_by(segments.c.position, segments.c.starts_at, segments.c.segment_id)
    return [segment_of(row) for row in await tx.execute(ordered)]


async def exhibitors_of(tx: AsyncConnection, event_id: EventId) -> list[Exhibitor]:
    """The exhibitors by booth."""
    chosen = sa.select(exhibitors).where(exhibitors.c.event_id == event_id).order_by(exhibitors.c.booth)
    return [exhibitor_of(row) for row in await tx.execute(chosen)]


async def guest_by_id(tx: AsyncConnection, event_id: EventId, guest_id: GuestId) -> Guest:
    """The guest with the standing ticket; raises NotFound."""
    row = (await tx.execute(GUESTS.where(guests.c.event_id == event_id, guests.c.guest_id == guest_id))).one_or_none()
    if row is None:
        raise NotFound
    return guest_of(row)


async def guest_by_email(tx: AsyncConnection, event_id: EventId, email_key: str) -> Guest | None:
    """The guest who registered with an address, given as its key."""
    found = GUESTS.where(guests.c.event_id == event_id, guests.c.email_key == email_key)
    row = (await tx.execute(found)).one_or_none()
    return guest_of(row) if row else None


async def guest_by_submission(tx: AsyncConnection, event_id: EventId, submission_id: UUID) -> Guest | None:
    """The guest whom a form made, when it is sent twice."""
    found = GUESTS.where(guests.c.event_id == event_id, guests.c.submission_id == submission_id)
    row = (await tx.execute(found)).one_or_none()
    return guest_of(row) if row else None


async def guest_by_ticket(tx: AsyncConnection, event_id: EventId, code: str) -> Guest:
    """Whose pass a standing code is; raises NotFound."""
    row = (await tx.execute(GUESTS.where(tickets.c.event_id == event_id, tickets.c.code == code))).one_or_none()
    if row is None:
        raise NotFound
    return guest_of(row)


async def confirmed_guests(
    tx: AsyncConnection, event_id: EventId, *, category: str = "", guest_id: GuestId | None = None
) -> list[Guest]:
    """The guests who are expected, in order of category and name: all, those of a category, or one."""
    chosen = GUESTS.where(guests.c.event_id == event_id, guests.c.status == GuestStatus.CONFIRMED)
    if category:
        chosen = chosen.where(guests.c.category == category)
    if guest_id:
        chosen = chosen.where(guests.c.guest_id == guest_id)
    return [guest_of(row) for row in await tx.execute(chosen.order_by(guests.c.category, guests.c.name))]


def event_of(row: sa.Row[Any]) -> Event:
    """The event in a row of `events` with its notice."""
    return Event(
        id=EventId(row.event_id),
        slug=row.slug,
        tag=row.tag,
        title=row.title,
        summary=row.summary,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        timezone=row.timezone,
        venue=row.venue,
        capacity=row.capacity,
        registered=row.registered,
        registration=row.registration,
        notice=row.notice,
        notice_version=row.notice_version,
        version=row.version,
    )


def guest_of(row: sa.Row[Any]) -> Guest:
    """The guest in a row of `guests` with the code of the standing ticket."""
    return Guest(
        id=GuestId(row.guest_id),
        event_id=EventId(row.event_id),
        name=row.name,
        name_latin=row.name_latin,
        organisation=row.organisation,
        job_title=row.job_title,
        email=row.email,
        phone=row.phone,
        category=row.category,
        language=row.language,
        side=row.side,
        status=row.status,
        status_reason=row.status_reason,
        code=row.code,
        leader_id=GuestId(row.leader_id) if row.leader_id else None,
        liaison=row.liaison,
        liaison_name=row.liaison_name,
        liaison_phone=row.liaison_phone,
        pick_slot=row.pick_slot,
        booth=row.booth,
        shares_at=row.shares_at,
        source=row.source,
        created_at=row.created_at,
        version=row.version,
    )


def segment_of(row: sa.Row[Any]) -> Segment:
    """The segment in a row of `segments`."""
    return Segment(
        id=SegmentId(row.segment_id),
        position=row.position,
        kind=row.kind,
        title=row.title,
        place=row.place,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        languages=tuple(Language(each) for each in row.languages),
        public=row.public,
        script=row.script,
        version=row.version,
    )


def exhibitor_of(row: sa.Row[Any]) -> Exhibitor:
    """The exhibitor in a row of `exhibitors`."""
    return Exhibitor(
        booth=row.booth,
        field=row.field,
        field_name=row.field_name,
        name=row.name,
        summary=row.summary,
        gate_id=row.gate_id,
        version=row.version,
    )


def category_of(row: sa.Row[Any]) -> Category:
    """The category in a row of `categories`."""
    return Category(
        key=row.key,
        name=row.name,
        colour=row.colour,
        attention=row.attention,
        rank=row.rank,
        public=row.public,
    )


async def _one_event(tx: AsyncConnection, condition: sa.ColumnElement[bool]) -> Event:
    row = (await tx.execute(_EVENT.where(condition))).one_or_none()
    if row is None:
        raise NotFound
    return event_of(row)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
