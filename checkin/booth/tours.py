"""Guided tours past the booths: the route of a segment of kind `tour`, and who is at each stop right now."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.booth.models import Staff, Stop, Tour, Visiting
from checkin.booth.tables import tour_stops
from checkin.tables import presence
from events.core import audit
from events.core.dialect import locks_rows
from events.core.errors import Invalid, NotFound, Stale
from events.core.ids import EventId
from events.models import Exhibitor, GuestStatus, Segment, SegmentId, SegmentKind
from events.store import GUEST_ROWS, exhibitors_of, guest_of, segments_of
from events.tables import guests, segments, tickets


async def tours_of(tx: AsyncConnection, event_id: EventId, now: datetime) -> list[Tour]:
    """Every tour of the programme with its stops, and who of the staff is in the house."""
    del now
    stops, staff = await _stops(tx, event_id), await _staff(tx, event_id)
    booths = {each.booth: each for each in await exhibitors_of(tx, event_id)}
    tours = [segment for segment in await segments_of(tx, event_id) if segment.kind is SegmentKind.TOUR]
    return [Tour(segment=each, stops=_visited(each, stops[each.id], booths, staff)) for each in tours]


async def tour_of(tx: AsyncConnection, event_id: EventId, segment_id: SegmentId, now: datetime) -> Tour:
    """The tour of a segment; raises NotFound where that is none."""
    for tour in await tours_of(tx, event_id, now):
        if tour.segment.id == segment_id:
            return tour
    raise NotFound


async def set_route(
    tx: AsyncConnection,
    event_id: EventId,
    segment_id: SegmentId,
    stops: Sequence[Stop],
    *,
    seen: str,
    actor: str,
    now: datetime,
) -> None:
    """Gives a tour another route. seen: the `seal` of the route that was read.

    Raises Stale where it is another one by now, Invalid for a booth that nobody has or that stands twice, NotFound for
    a segment that is no tour.
    """
    await _hold(tx, event_id, segment_id)
    before = (await _stops(tx, event_id))[segment_id]
    if seal(before) != seen:
        raise Stale
    await _check(tx, event_id, stops)
    own = tour_stops.c.event_id == event_id, tour_stops.c.segment_id == segment_id
    await tx.execute(sa.delete(tour_stops).where(*own))
    key = {"event_id": event_id, "segment_id": segment_id}
    for position, stop in enumerate(stops, 1):
        told = {"booth": stop.booth, "minutes": stop.minutes, "note": stop.note}
        await tx.execute(sa.insert(tour_stops).values(**key, position=position, **told))
    detail = {"before": [stop.booth for stop in before], "after": [stop.booth for stop in stops]}
    await audit.note(
        tx, event_id=event_id, actor=actor, action="tour.routed", now=now, subject_id=segment_id, detail=detail
    )


def seal(stops: Sequence[Stop]) -> str:
    """A short text that is another one for every other route."""
    told = [[stop.booth, stop.minutes, stop.note.model_dump()] for stop in stops]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


async def _hold(tx: AsyncConnection, event_id: EventId, segment_id: SegmentId) -> None:
    """Lets nobody else change the route before this transaction ends; raises NotFound for what is no tour."""
    own = segments.c.event_id == event_id, segments.c.segment_id == segment_id
    chosen = sa.select(segments.c.segment_id).where(*own, segments.c.kind == SegmentKind.TOUR)
    if (await tx.execute(chosen.with_for_update() if locks_rows(tx) else chosen)).first() is None:
        raise NotFound


async def _check(tx: AsyncConnection, event_id: EventId, stops: Sequence[Stop]) -> None:
    booths = [stop.booth for stop in stops]
    offered = {each.booth for each in await exhibitors_of(tx, event_id)}
    wrong = {f"booth.{index}": "not_offered" for index, booth in enumerate(booths) if booth not in offered}
    twice = {f"booth.{index}": "stop_twice" for index, booth in enumerate(booths) if booth in booths[:index]}
    if wrong or twice:
        raise Invalid(fields=twice | wrong)


async def _stops(tx: AsyncConnection, event_id: EventId) -> Mapping[SegmentId, list[Stop]]:
    chosen = sa.select(tour_stops).where(tour_stops.c.event_id == event_id).order_by(tour_stops.c.position)
    found: defaultdict[SegmentId, list[Stop]] = defaultdict(list)
    for row in await tx.execute(chosen):
        found[SegmentId(row.segment_id)].append(Stop(booth=row.booth, minutes=row.minutes, note=row.note))
    return found


async def _staff(tx: AsyncConnection, event_id: EventId) -> Mapping[str, list[Staff]]:
    """The confirmed staff of each booth, those in the house first."""
    there = sa.and_(presence.c.event_id == guests.c.event_id, presence.c.guest_id == guests.c.guest_id)
    inside = sa.func.coalesce(presence.c.inside, sa.false()).label("inside")
    chosen = sa.select(guests, tickets.c.code, inside).select_from(GUEST_ROWS.outerjoin(presence, there))
    chosen = chosen.where(guests.c.event_id == event_id, guests.c.booth != "")
    chosen = chosen.where(guests.c.status == GuestStatus.CONFIRMED)
    found: defaultdict[str, list[Staff]] = defaultdict(list)
    for row in await tx.execute(chosen.order_by(inside.desc(), guests.c.guest_id)):
        found[row.booth].append(Staff(guest=guest_of(row), inside=bool(row.inside)))
    return found


def _visited(
    segment: Segment, stops: Sequence[Stop], booths: Mapping[str, Exhibitor], staff: Mapping[str, list[Staff]]
) -> list[Visiting]:
    """The stops with the time at which each is due, counted from the beginning of the tour."""
    visited: list[Visiting] = []
    at = segment.starts_at
    for number, stop in enumerate(stops, 1):
        people = tuple(staff.get(stop.booth, ()))
        visited.append(Visiting(number=number, at=at, stop=stop, exhibitor=booths[stop.booth], staff=people))
        at += timedelta(minutes=stop.minutes)
    return visited
