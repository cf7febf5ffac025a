"""Puts the route of the demonstration's guided tour into a database that has its exhibitors."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.booth.models import Stop
from checkin.booth.tours import seal, set_route, tours_of
from events.demo.story import Story
from events.models import Event
from events.seeding import ACTOR


async def seed_tour(tx: AsyncConnection, event: Event, story: Story, *, now: datetime) -> int:
    """The stops of the story's route in the one tour of its programme; how many."""
    [tour] = await tours_of(tx, event.id, now)
    stops = [Stop(booth=each.booth, minutes=each.minutes, note=each.note) for each in story.route]
    await set_route(tx, event.id, tour.segment.id, stops, seen=seal([]), actor=ACTOR, now=now)
    return len(stops)
