"""Puts the demonstration's rounds, its photograph, and how its guests are announced, into a database that has its
guests."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.stage.actor import Actor
from checkin.stage.placing import make_ranking, move_person, set_facts
from checkin.stage.precedence import TieBreak
from checkin.stage.ranking import Purpose
from checkin.stage.ranking_form import Facts, MoveForm, NewRanking, Source
from checkin.stage.round_form import RoundForm
from checkin.stage.rounds import add_round
from checkin.stage.tables import spoken
from events.demo.ceremony import Ceremony, StoryPhotograph, StorySpoken, with_ids
from events.models import Event, GuestId, SegmentId
from events.store import segments_of
from events.tables import guests

ACTOR = Actor(id="demonstration", name="demonstration")


async def seed_stage(tx: AsyncConnection, event: Event, ceremony: Ceremony, *, now: datetime) -> int:
    """All rounds of the ceremony, still to be made ready; how many."""
    named = sa.select(guests.c.name, guests.c.guest_id).where(guests.c.event_id == event.id)
    ids = {str(row.name): GuestId(row.guest_id) for row in await tx.execute(named)}
    parts = [segment.id for segment in await segments_of(tx, event.id)]
    for each in ceremony.rounds:
        form = RoundForm.model_validate(with_ids(each, ids))
        await add_round(tx, event, parts[int(each["segment"]) - 1], form, actor=ACTOR, now=now)
    for said in ceremony.spoken:
        await _announce(tx, event, said, ids[said.guest], now=now)
    photograph = ceremony.photograph
    await _line_up(tx, event, photograph, parts[photograph.segment - 1], ids=ids, now=now)
    return len(ceremony.rounds)


async def _announce(tx: AsyncConnection, event: Event, said: StorySpoken, guest_id: GuestId, *, now: datetime) -> None:
    """How somebody is announced, as if it had been confirmed."""
    row = {"event_id": event.id, "guest_id": guest_id, "honorific": said.honorific, "reading": said.reading}
    confirmed = {"confirmed_at": now, "confirmed_by": ACTOR.name, "version": 1}
    await tx.execute(sa.insert(spoken).values(**row, **confirmed))


async def _line_up(
    tx: AsyncConnection,
    event: Event,
    photograph: StoryPhotograph,
    segment_id: SegmentId,
    *,
    ids: Mapping[str, GuestId],
    now: datetime,
) -> None:
    """The list of precedence for a photograph, with the one move that protocol made in it."""
    form = NewRanking(
        title=photograph.title,
        purpose=Purpose.PHOTO,
        segment_id=segment_id,
        tie_breaks=[TieBreak(each) for each in photograph.tie_breaks],
        interleaves=True,
        rows=photograph.rows,
        people=Source(guest_ids=[ids[place.guest] for place in photograph.people]),
    )
    made = await make_ranking(tx, event, form, actor=ACTOR, now=now)
    facts = {ids[place.guest]: Facts(grade=place.grade) for place in photograph.people}
    await set_facts(tx, event, made.id, facts, version=None, actor=ACTOR, now=now)
    told = photograph.move
    move = MoveForm(guest_id=ids[told.guest], to_position=told.to_position, reason=told.reason)
    await move_person(tx, event, made.id, move, version=None, actor=ACTOR, now=now)
