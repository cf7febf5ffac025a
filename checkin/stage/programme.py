"""The programme: its parts added, changed, put in order and taken away.

Called by the programme's pages and its API. Order is the organiser's own (`position`), not that of the clock: a
reception and an exhibition run side by side.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.stage.segment_form import MOST_SEGMENTS, SegmentForm, described
from checkin.stage.tables import rounds
from events.core import audit
from events.core.errors import Conflict, Invalid, NotFound, Stale
from events.core.ids import EventId, new_id
from events.core.parsing import parsed
from events.models import Event, Segment, SegmentId
from events.registration import hold_event
from events.store import segment_of, segments_of
from events.tables import segments


async def add_segments(
    tx: AsyncConnection, event: Event, forms: Sequence[SegmentForm], *, actor: str, now: datetime
) -> list[Segment]:
    """Adds parts at the end of the programme; raises Invalid where one ends too early or there are too many."""
    await hold_event(tx, event.id)
    there = len(await segments_of(tx, event.id))
    if there + len(forms) > MOST_SEGMENTS:
        raise Invalid("too_many_segments", most=MOST_SEGMENTS)
    rows = [_row(form) for form in forms]
    for position, row in enumerate(rows, there + 1):
        row |= {"event_id": event.id, "segment_id": new_id(), "position": position, "version": 1}
        await tx.execute(sa.insert(segments).values(**row))
        await _note(tx, event.id, row["segment_id"], "segment.added", actor=actor, now=now)
    return (await segments_of(tx, event.id))[there:]


async def segment_by_id(tx: AsyncConnection, event_id: EventId, segment_id: SegmentId) -> Segment:
    """The part; raises NotFound."""
    own = segments.c.event_id == event_id, segments.c.segment_id == segment_id
    row = (await tx.execute(sa.select(segments).where(*own))).one_or_none()
    if row is None:
        raise NotFound
    return segment_of(row)


async def edit_segment(
    tx: AsyncConnection,
    event_id: EventId,
    segment_id: SegmentId,
    form: SegmentForm,
    *,
    version: int,
    actor: str,
    now: datetime,
) -> Segment:
    """The part changed to `form`. Raises Stale where `version` is not the current one, Conflict where rounds hang on
    its kind."""
    await hold_event(tx, event_id)
    before = await segment_by_id(tx, event_id, segment_id)
    if before.kind is not form.kind and await _has_rounds(tx, event_id, segment_id):
        raise Conflict("segment_used")
    current = segments.c.event_id == event_id, segments.c.segment_id == segment_id, segments.c.version == version
    values = {**_row(form), "version": version + 1}
    if not (await tx.execute(sa.update(segments).where(*current).values(**values))).rowcount:
        raise Stale
    await _note(tx, event_id, segment_id, "segment.edited", actor=actor, now=now)
    return await segment_by_id(tx, event_id, segment_id)


async def amend_segment(
    tx: AsyncConnection,
    event_id: EventId,
    segment_id: SegmentId,
    changes: Mapping[str, Any],
    *,
    version: int | None,
    actor: str,
    now: datetime,
) -> Segment:
    """As `edit_segment` for some of the fields; `version`: None for whatever it is now."""
    await hold_event(tx, event_id)
    current = await segment_by_id(tx, event_id, segment_id)
    form = parsed(SegmentForm, {**described(current), **changes})
    read = current.version if version is None else version
    return await edit_segment(tx, event_id, segment_id, form, version=read, actor=actor, now=now)


async def remove_segment(
    tx: AsyncConnection, event_id: EventId, segment_id: SegmentId, *, version: int | None, actor: str, now: datetime
) -> None:
    """Takes the part away; `version`: None for whatever it is now. Raises NotFound, Stale, Conflict where something
    refers to it."""
    await hold_event(tx, event_id)
    if version not in {None, (await segment_by_id(tx, event_id, segment_id)).version}:
        raise Stale
    own = segments.c.event_id == event_id, segments.c.segment_id == segment_id
    try:
        await tx.execute(sa.delete(segments).where(*own))
    except IntegrityError as error:
        raise Conflict("segment_used") from error
    await _put_in_order(tx, event_id, [each.id for each in await segments_of(tx, event_id)])
    await _note(tx, event_id, segment_id, "segment.removed", actor=actor, now=now)


async def move_segment(
    tx: AsyncConnection, event: Event, segment_id: SegmentId, *, position: int, actor: str, now: datetime
) -> None:
    """Puts a part at that place, counted from 1; the others keep their order. Raises Stale where it is gone."""
    await hold_event(tx, event.id)
    others = [each.id for each in await segments_of(tx, event.id) if each.id != segment_id]
    before = max(position, 1) - 1
    await order_segments(tx, event, [*others[:before], segment_id, *others[before:]], actor=actor, now=now)


async def order_segments(
    tx: AsyncConnection, event: Event, ids: Sequence[SegmentId], *, actor: str, now: datetime
) -> list[Segment]:
    """The programme in the order of `ids`; raises Stale where these are not its parts as they are now."""
    await hold_event(tx, event.id)
    there = await segments_of(tx, event.id)
    if len(ids) != len(there) or {*ids} != {each.id for each in there}:
        raise Stale
    await _put_in_order(tx, event.id, ids)
    await _note(tx, event.id, None, "programme.ordered", actor=actor, now=now)
    return await segments_of(tx, event.id)


def _row(form: SegmentForm) -> dict[str, Any]:
    if form.ends_at <= form.starts_at:
        raise Invalid(fields={"ends_at": "ends_before_start"})
    return {**dict(form), "languages": [language.value for language in form.languages]}


async def _has_rounds(tx: AsyncConnection, event_id: EventId, segment_id: SegmentId) -> bool:
    own = sa.exists().where(rounds.c.event_id == event_id, rounds.c.segment_id == segment_id)
    return bool((await tx.execute(sa.select(own))).scalar())


async def _put_in_order(tx: AsyncConnection, event_id: EventId, ids: Sequence[SegmentId]) -> None:
    for position, segment_id in enumerate(ids, 1):
        own = segments.c.event_id == event_id, segments.c.segment_id == segment_id
        moved = sa.update(segments).where(*own, segments.c.position != position)
        await tx.execute(moved.values(position=position))


async def _note(
    tx: AsyncConnection, event_id: EventId, segment_id: SegmentId | None, action: str, *, actor: str, now: datetime
) -> None:
    await audit.note(tx, event_id=event_id, actor=actor, action=action, now=now, subject_id=segment_id)
