from dataclasses import replace
from datetime import UTC, datetime

import pytest

from events import seeding, store
from events.core import accounts
from events.core.auth import Keyring
from events.core.database import Database
from events.core.errors import Conflict
from events.core.ids import Role
from events.demo.story import load
from events.guestlist import Sought, find_guests
from events.models import GuestStatus, RegistrationMode
from tests.cast import NOON, FrozenClock

STORY = load()


async def test_a_database_is_empty_until_the_event_is_seeded(database: Database) -> None:
    before = await database.read(seeding.is_empty)
    await database.write(lambda tx: seeding.seed_event(tx, STORY, now=NOON))

    assert (before, await database.read(seeding.is_empty)) == (True, False)


async def test_the_event_is_kept_as_the_story_tells_it(database: Database) -> None:
    story = replace(STORY, registration=RegistrationMode.APPROVAL)

    event = await database.write(lambda tx: seeding.seed_event(tx, story, now=NOON))

    assert (event.slug, event.title, event.venue, event.capacity) == (
        story.slug,
        story.title,
        story.venue,
        story.capacity,
    )
    assert (event.registration, event.notice, event.registered) == (RegistrationMode.APPROVAL, story.notice, 0)
    assert await database.read(lambda tx: store.hosts_of(tx, event.id)) == list(story.hosts)
    assert await database.read(lambda tx: store.categories_of(tx, event.id)) == list(story.categories)
    assert [each.title for each in await database.read(lambda tx: store.segments_of(tx, event.id))] == [
        each.title for each in story.segments
    ]
    assert {each.name for each in await database.read(lambda tx: store.exhibitors_of(tx, event.id))} == {
        each.name for each in story.exhibitors
    }


async def test_seeding_again_is_refused_and_leaves_one_event(database: Database) -> None:
    await database.write(lambda tx: seeding.seed_event(tx, STORY, now=NOON))

    with pytest.raises(Conflict) as refused:
        await database.write(lambda tx: seeding.seed_event(tx, STORY, now=NOON))

    assert refused.value.code == "slug_taken"
    assert len(await database.read(store.all_events)) == 1


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("now", "starts_at"),
    [
        (datetime(2026, 3, 2, 5, 29, tzinfo=UTC), datetime(2026, 3, 2, 5, 30, tzinfo=UTC)),
        (datetime(2026, 3, 2, 5, 30, tzinfo=UTC), datetime(2026, 3, 3, 5, 30, tzinfo=UTC)),
        (datetime(2026, 3, 2, 16, 1, tzinfo=UTC), datetime(2026, 3, 3, 5, 30, tzinfo=UTC)),
    ],
)
async def test_the_event_is_today_at_the_venue_unless_it_has_begun(
    database: Database, now: datetime, starts_at: datetime
) -> None:
    event = await database.write(lambda tx: seeding.seed_event(tx, STORY, now=now))

    assert event.starts_at == starts_at
    assert all(starts_at.date() == each.starts_at.date() for each in await _segments(database, event.id))


async def _segments(database: Database, event_id):
    return await database.read(lambda tx: store.segments_of(tx, event_id))


async def test_guests_are_confirmed_each_as_the_list_says(database: Database) -> None:
    story = replace(STORY, guests=STORY.guests[:6])
    event = await database.write(lambda tx: seeding.seed_event(tx, story, now=NOON))

    count = await database.write(lambda tx: seeding.seed_guests(tx, event, story, now=NOON))

    kept = (await database.read(lambda tx: find_guests(tx, event.id, Sought()))).guests
    told = ("name", "name_latin", "organisation", "job_title", "email", "category", "language", "side")
    assert (count, {guest.status for guest in kept}) == (6, {GuestStatus.CONFIRMED})
    assert {tuple(getattr(guest, name) for name in told) for guest in kept} == {
        tuple(getattr(line, name) for name in told) for line in story.guests
    }


async def test_parties_come_together_and_guests_of_honour_have_the_liaison_of_their_side(database: Database) -> None:
    event = await database.write(lambda tx: seeding.seed_event(tx, STORY, now=NOON))
    await database.write(lambda tx: seeding.seed_guests(tx, event, STORY, now=NOON))

    kept = (await database.read(lambda tx: find_guests(tx, event.id, Sought(limit=500)))).guests

    names = {guest.id: guest.name for guest in kept}
    assert {guest.name: names[guest.leader_id] for guest in kept if guest.leader_id} == {
        "黎焯賢": "徐兆恆",
        "譚凱珊": "徐兆恆",
        "侯佳": "单立民",
        "丁一": "单立民",
    }
    looked_after = {(guest.category, guest.side, guest.liaison_name) for guest in kept if guest.liaison}
    assert looked_after == {
        (category, side, name)
        for category in ("principal", "signatory")
        for side, name in (("hkstp", "聶凱怡"), ("hetao", "史珂"))
    }


async def test_people_are_made_once_and_get_links_that_sign_them_in(database: Database) -> None:
    keyring = Keyring(database, FrozenClock(), "k" * 32)
    nobody = await database.write(lambda tx: seeding.links_for(tx, keyring, now=NOON))
    for _ in range(2):
        await database.write(lambda tx: seeding.seed_people(tx, now=NOON))

    links = await database.write(lambda tx: seeding.links_for(tx, keyring, now=NOON))

    users = [
        await database.write(lambda tx, secret=secret: accounts.redeem_link(tx, keyring, secret=secret, now=NOON))
        for secret in links.values()
    ]
    assert nobody == {}
    assert [(user.email, user.role) for user in users] == [
        ("organiser@example.org", Role.ORGANISER),
        ("steward@example.org", Role.STEWARD),
        ("protocol@example.org", Role.PROTOCOL),
    ]
