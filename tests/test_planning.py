from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import anyio
import pytest
import sqlalchemy as sa

from events.core.database import Database
from events.core.errors import Conflict, Invalid, Refusal, Stale
from events.core.ids import EventId, new_id
from events.core.tables import audit
from events.forms import CategoryForm, HostForm
from events.models import Event, RegistrationMode, Text, Venue
from events.planning import DEFAULT_NOTICE, edit_event
from events.store import all_events, categories_of, event_by_id, event_by_name, event_by_tag, hosts_of
from events.tables import notices, tickets
from tests.cast import NOON, event_form, planned


async def change(database: Database, event: Event, *, version: int | None = None, **given: Any) -> Event:
    form = event_form(**{"slug": event.slug, "notice": event.notice, **given})
    expected = event.version if version is None else version
    return await database.write(
        lambda tx: edit_event(tx, event, form, version=expected, actor="organiser", now=NOON + timedelta(hours=1))
    )


async def audited(database: Database, event: Event) -> list[tuple[str, str]]:
    chosen = sa.select(audit).where(audit.c.event_id == event.id).order_by(audit.c.entry_id)
    return [(row.actor, row.action) for row in await database.read(lambda tx: tx.execute(chosen))]


async def test_an_event_is_kept_as_its_organiser_described_it(database: Database) -> None:
    venue = Venue(name=Text(zh_hans="深圳分园", en="Shenzhen Branch"), address=Text(zh_hans="福田区"))

    made = await planned(database, venue=venue, registration=RegistrationMode.APPROVAL, summary=Text(en="Welcome"))

    kept = await database.read(lambda tx: event_by_id(tx, made.id))
    assert kept == made
    assert (kept.slug, kept.title.en, kept.timezone) == ("valley-launch", "Launch of the Valley", "Asia/Shanghai")
    assert (kept.venue, kept.capacity, kept.registered) == (venue, 200, 0)
    assert (kept.registration, kept.summary) == (RegistrationMode.APPROVAL, Text(en="Welcome"))
    assert (kept.starts_at, kept.ends_at) == (NOON + timedelta(hours=2), NOON + timedelta(hours=6))
    assert (kept.version, kept.notice_version, kept.notice) == (1, 1, DEFAULT_NOTICE)


async def test_an_event_is_found_by_its_id_its_slug_and_its_tag(database: Database) -> None:
    event = await planned(database)

    found = [
        await database.read(lambda tx: event_by_name(tx, str(event.id))),
        await database.read(lambda tx: event_by_name(tx, event.slug)),
        await database.read(lambda tx: event_by_tag(tx, event.tag)),
    ]

    assert found == [event] * 3


async def test_hosts_keep_their_order_and_categories_their_rank(database: Database) -> None:
    hosts = [HostForm(key=key, name=Text(en=key.upper())) for key in ("hkstp", "hetao", "andmore")]
    kinds = [CategoryForm(key=key, name=Text(en=key), rank=rank) for key, rank in (("z", 1), ("b", 2), ("a", 2))]

    event = await planned(database, hosts=hosts, categories=kinds)

    assert [host.key for host in await database.read(lambda tx: hosts_of(tx, event.id))] == [
        "hkstp",
        "hetao",
        "andmore",
    ]
    assert [kind.key for kind in await database.read(lambda tx: categories_of(tx, event.id))] == ["z", "a", "b"]


async def test_the_usual_categories_are_there_when_none_were_named(database: Database) -> None:
    event = await planned(database)

    kinds = await database.read(lambda tx: categories_of(tx, event.id))

    assert [(kind.key, kind.public, kind.attention) for kind in kinds] == [
        ("vip", False, True),
        ("guest", True, False),
        ("press", True, False),
        ("staff", False, False),
    ]


async def test_events_are_listed_with_the_latest_first(database: Database) -> None:
    for slug, days in (("first", 0), ("third", 7), ("second", 3)):
        later = timedelta(days=days)
        await planned(database, slug=slug, starts_at=NOON + later, ends_at=NOON + later + timedelta(hours=1))

    assert [event.slug for event in await database.read(all_events)] == ["third", "second", "first"]


async def test_a_taken_short_name_is_refused_by_name(database: Database) -> None:
    await planned(database)

    with pytest.raises(Conflict) as refused:
        await planned(database)

    assert (refused.value.code, refused.value.parameters) == ("slug_taken", {"slug": "valley-launch"})


async def test_four_at_once_with_one_short_name_make_one_event(database: Database) -> None:
    outcomes: Counter[str] = Counter()

    async def plan() -> None:
        try:
            await planned(database)
        except Conflict as refused:
            outcomes[refused.code] += 1
        else:
            outcomes["made"] += 1

    async with anyio.create_task_group() as tasks:
        for _ in range(4):
            tasks.start_soon(plan)

    assert outcomes == {"made": 1, "slug_taken": 3}


async def test_an_event_ends_after_its_beginning(database: Database) -> None:
    event = await planned(database)

    for minutes in (0, -1):
        ends_at = NOON + timedelta(hours=2, minutes=minutes)
        with pytest.raises(Invalid) as on_making:
            await planned(database, slug="second", ends_at=ends_at)
        with pytest.raises(Invalid) as on_changing:
            await change(database, event, ends_at=ends_at)
        assert on_making.value.fields == on_changing.value.fields == {"ends_at": "ends_before_start"}


async def test_a_change_counts_the_version_up_and_is_audited(database: Database) -> None:
    event = await planned(database)

    changed = await change(database, event, slug="renamed", title=Text(en="Renamed"), capacity=None)

    assert (changed.slug, changed.title, changed.capacity) == ("renamed", Text(en="Renamed"), None)
    assert (changed.version, changed.notice_version) == (2, 1)
    assert await audited(database, event) == [("cast", "event.created"), ("organiser", "event.edited")]


async def test_a_larger_capacity_mints_more_tickets(database: Database) -> None:
    event = await planned(database, capacity=10)

    await change(database, event, capacity=200)

    count = sa.select(sa.func.count()).where(tickets.c.event_id == event.id)
    assert (await database.read(lambda tx: tx.execute(count))).scalar_one() == 250


async def test_a_changed_notice_becomes_a_new_version_and_the_old_one_is_kept(database: Database) -> None:
    event = await planned(database)

    changed = await change(database, event, notice=Text(en="New"))

    rows = await database.read(lambda tx: tx.execute(sa.select(notices).order_by(notices.c.version)))
    assert [(row.version, row.text) for row in rows] == [(1, DEFAULT_NOTICE), (2, Text(en="New"))]
    assert (changed.notice, changed.notice_version) == (Text(en="New"), 2)


async def test_a_notice_left_empty_stays_the_standard_one(database: Database) -> None:
    event = await planned(database)

    changed = await change(database, event, notice=Text())

    assert (changed.notice, changed.notice_version) == (DEFAULT_NOTICE, 1)


async def test_what_somebody_else_changed_is_not_overwritten(database: Database) -> None:
    event = await planned(database)
    await change(database, event, title=Text(en="First"))

    with pytest.raises(Stale):
        await change(database, event, title=Text(en="Second"))

    assert (await database.read(lambda tx: event_by_id(tx, event.id))).title == Text(en="First")


async def test_of_three_changes_at_once_one_stands(database: Database) -> None:
    event = await planned(database)
    outcomes: Counter[str] = Counter()

    async def rewrite(words: str) -> None:
        try:
            await change(database, event, notice=Text(en=words))
        except Stale as refused:
            outcomes[refused.code] += 1
        else:
            outcomes[words] += 1

    async with anyio.create_task_group() as tasks:
        for words in ("one", "two", "three"):
            tasks.start_soon(rewrite, words)

    kept = await database.read(lambda tx: event_by_id(tx, event.id))
    assert outcomes == {"stale": 2, kept.notice.en: 1}
    assert kept.notice_version == 2


async def test_a_change_may_not_take_the_short_name_of_another_event(database: Database) -> None:
    event = await planned(database)
    await planned(database, slug="taken")

    with pytest.raises(Conflict) as refused:
        await change(database, event, slug="taken")

    assert refused.value.code == "slug_taken"


async def test_three_events_cannot_take_one_short_name_at_once(database: Database) -> None:
    events = [await planned(database, slug=slug) for slug in ("one", "two", "three")]
    outcomes: Counter[str] = Counter()

    async def rename(event: Event) -> None:
        try:
            await change(database, event, slug="wanted")
        except Refusal as refused:
            outcomes[refused.code] += 1
        else:
            outcomes["renamed"] += 1

    async with anyio.create_task_group() as tasks:
        for event in events:
            tasks.start_soon(rename, event)

    assert outcomes == {"renamed": 1, "slug_taken": 2}


async def test_a_change_to_an_event_that_is_gone_is_stale(database: Database) -> None:
    event = await planned(database)
    gone = replace(event, id=EventId(new_id()))

    with pytest.raises(Stale):
        await change(database, gone, slug="other", notice=event.notice)
