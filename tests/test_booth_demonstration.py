"""The demonstration's guided tour as it stands after seeding."""

from checkin.booth.demonstration import seed_tour
from checkin.booth.tours import tours_of
from events import seeding
from events.core.database import Database
from events.demo.story import load
from tests.cast import NOON


async def test_the_demonstrations_tour_leads_past_six_booths_with_staff_and_ends_on_time(database: Database) -> None:
    story = load()
    event = await database.write(lambda tx: seeding.seed_event(tx, story, now=NOON))
    await database.write(lambda tx: seeding.seed_guests(tx, event, story, now=NOON))

    count = await database.write(lambda tx: seed_tour(tx, event, story, now=NOON))

    [tour] = await database.read(lambda tx: tours_of(tx, event.id, NOON))
    assert [each.stop.booth for each in tour.stops] == ["A-03", "B-01", "B-04", "C-01", "D-03", "D-04"]
    assert (count, tour.stops[-1].until) == (6, tour.segment.ends_at)
    assert {len(each.staff) for each in tour.stops} == {2}
    assert all(each.stop.note.zh_hans and each.stop.note.zh_hant and each.stop.note.en for each in tour.stops)
