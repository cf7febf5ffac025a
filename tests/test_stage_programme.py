"""The programme's verbs: adding, changing, ordering and taking away its parts, on both engines."""

from datetime import timedelta
from uuid import uuid4

import anyio
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.stage.actor import Actor
from checkin.stage.programme import (
    add_segments,
    amend_segment,
    edit_segment,
    move_segment,
    order_segments,
    remove_segment,
    segment_by_id,
)
from checkin.stage.round_form import RoundForm
from checkin.stage.rounds import add_round
from checkin.stage.segment_form import MOST_SEGMENTS, SegmentForm, described
from events.core.database import Database
from events.core.errors import Conflict, Invalid, NotFound, Refusal, Stale
from events.models import Event, Segment, SegmentId, SegmentKind, Text
from events.store import segments_of
from tests.cast import NOON, planned

TITLES = ("致辞", "签约", "合影")


@pytest.fixture
async def event(database: Database) -> Event:
    return await planned(database)


def form(title: str = "致辞", **given: object) -> SegmentForm:
    usual = {"kind": SegmentKind.SPEECHES, "title": Text(zh_hans=title), "starts_at": NOON}
    return SegmentForm(**{**usual, "ends_at": NOON + timedelta(minutes=20), **given})


async def three(database: Database, event: Event) -> list[Segment]:
    forms = [form(title) for title in TITLES]
    return await database.write(lambda tx: add_segments(tx, event, forms, actor="cast", now=NOON))


async def titles(database: Database, event: Event) -> list[str]:
    return [each.title.zh_hans for each in await database.read(lambda tx: segments_of(tx, event.id))]


async def test_parts_are_added_at_the_end_in_their_order(database: Database, event: Event) -> None:
    made = await three(database, event)

    assert [each.position for each in made] == [1, 2, 3]
    assert await titles(database, event) == list(TITLES)


async def test_a_part_that_ends_before_it_begins_is_refused_and_nothing_is_written(
    database: Database, event: Event
) -> None:
    forms = [form(), form(ends_at=NOON)]

    with pytest.raises(Invalid) as refused:
        await database.write(lambda tx: add_segments(tx, event, forms, actor="cast", now=NOON))

    assert refused.value.fields == {"ends_at": "ends_before_start"}
    assert await titles(database, event) == []


async def test_a_programme_has_a_hundred_parts_at_most(database: Database, event: Event) -> None:
    forms = [form()] * (MOST_SEGMENTS + 1)

    with pytest.raises(Invalid, match="too_many_segments"):
        await database.write(lambda tx: add_segments(tx, event, forms, actor="cast", now=NOON))


async def test_a_part_is_changed_and_its_place_stays(database: Database, event: Event) -> None:
    _, second, _ = await three(database, event)
    wanted = form("签约仪式", kind=SegmentKind.SIGNING, public=False)

    changed = await database.write(
        lambda tx: edit_segment(tx, event.id, second.id, wanted, version=1, actor="cast", now=NOON)
    )

    assert (changed.title.zh_hans, changed.kind, changed.public) == ("签约仪式", SegmentKind.SIGNING, False)
    assert (changed.position, changed.version) == (2, 2)
    assert described(changed) == dict(wanted)


async def test_of_two_who_change_a_part_one_is_told_that_it_is_stale(database: Database, event: Event) -> None:
    first, *_ = await three(database, event)
    outcomes: list[str] = []

    async def change(title: str) -> None:
        try:
            await database.write(
                lambda tx: edit_segment(tx, event.id, first.id, form(title), version=1, actor="cast", now=NOON)
            )
            outcomes.append(title)
        except Stale:
            outcomes.append("stale")

    async with anyio.create_task_group() as both:
        for title in ("甲", "乙"):
            both.start_soon(change, title)

    assert "stale" in outcomes
    assert (await titles(database, event))[0] in set(outcomes) - {"stale"}


async def test_the_order_is_the_organisers_own(database: Database, event: Event) -> None:
    first, second, third = await three(database, event)

    ids = [third.id, first.id, second.id]
    await database.write(lambda tx: order_segments(tx, event, ids, actor="cast", now=NOON))

    assert await titles(database, event) == ["合影", "致辞", "签约"]


@pytest.mark.parametrize("wrong", ["missing", "twice", "unknown"])
async def test_an_order_of_other_parts_than_there_are_is_stale(database: Database, event: Event, wrong: str) -> None:
    first, second, third = await three(database, event)
    ids = {
        "missing": [first.id, second.id],
        "twice": [first.id, second.id, third.id, third.id],
        "unknown": [first.id, second.id, SegmentId(uuid4())],
    }[wrong]

    with pytest.raises(Stale):
        await database.write(lambda tx: order_segments(tx, event, ids, actor="cast", now=NOON))


async def test_the_parts_after_a_removed_one_move_up(database: Database, event: Event) -> None:
    first, *_ = await three(database, event)

    await database.write(lambda tx: remove_segment(tx, event.id, first.id, version=1, actor="cast", now=NOON))

    left = await database.read(lambda tx: segments_of(tx, event.id))
    assert [(each.title.zh_hans, each.position) for each in left] == [("签约", 1), ("合影", 2)]
    with pytest.raises(NotFound):
        await database.read(lambda tx: segment_by_id(tx, event.id, first.id))


async def test_a_part_that_somebody_changed_is_not_removed(database: Database, event: Event) -> None:
    first, *_ = await three(database, event)

    with pytest.raises(Stale):
        await database.write(lambda tx: remove_segment(tx, event.id, first.id, version=2, actor="cast", now=NOON))


async def test_a_part_with_rounds_stays_and_keeps_its_kind(database: Database, event: Event) -> None:
    first, *_ = await three(database, event)
    speech, actor = RoundForm(title=Text(zh_hans="致辞")), Actor(id="cast", name="cast")
    await database.write(lambda tx: add_round(tx, event, first.id, speech, actor=actor, now=NOON))

    async def refused(what: str) -> Refusal:
        with pytest.raises(Conflict) as told:
            await database.write(
                lambda tx: (
                    remove_segment(tx, event.id, first.id, version=1, actor="cast", now=NOON)
                    if what == "remove"
                    else edit_segment(
                        tx, event.id, first.id, form(kind=SegmentKind.TOUR), version=1, actor="cast", now=NOON
                    )
                )
            )
        return told.value

    assert [(await refused(what)).code for what in ("remove", "kind")] == ["segment_used", "segment_used"]
    assert await titles(database, event) == list(TITLES)


async def test_two_moves_at_once_both_count(database: Database, event: Event) -> None:
    first, _, third = await three(database, event)
    held = anyio.Event()

    async def colleague(tx: AsyncConnection) -> None:
        await move_segment(tx, event, first.id, position=2, actor="cast", now=NOON)
        held.set()
        await anyio.sleep(0.2)  # meanwhile the other asks

    async with anyio.create_task_group() as both:
        both.start_soon(database.write, colleague)
        await held.wait()
        await database.write(lambda tx: move_segment(tx, event, third.id, position=1, actor="cast", now=NOON))

    assert await titles(database, event) == ["合影", "签约", "致辞"]


async def test_the_kind_stays_while_a_colleague_adds_the_first_round(database: Database, event: Event) -> None:
    first, *_ = await three(database, event)
    speech, actor = RoundForm(title=Text(zh_hans="致辞")), Actor(id="cast", name="cast")
    held = anyio.Event()

    async def colleague(tx: AsyncConnection) -> None:
        await add_round(tx, event, first.id, speech, actor=actor, now=NOON)
        held.set()
        await anyio.sleep(0.2)  # meanwhile the other asks

    tour = form(kind=SegmentKind.TOUR)
    async with anyio.create_task_group() as both:
        both.start_soon(database.write, colleague)
        await held.wait()
        with pytest.raises(Conflict, match="segment_used"):
            await database.write(
                lambda tx: edit_segment(tx, event.id, first.id, tour, version=1, actor="cast", now=NOON)
            )


async def test_a_change_of_some_fields_keeps_the_others(database: Database, event: Event) -> None:
    first, *_ = await three(database, event)

    changed = await database.write(
        lambda tx: amend_segment(tx, event.id, first.id, {"public": False}, version=None, actor="cast", now=NOON)
    )

    assert (changed.public, changed.title, changed.version) == (False, first.title, 2)


@pytest.mark.parametrize(("position", "order"), [(1, "合致签"), (2, "致合签"), (99, "致签合")])
async def test_a_part_is_put_at_a_place(database: Database, event: Event, position: int, order: str) -> None:
    *_, third = await three(database, event)

    await database.write(lambda tx: move_segment(tx, event, third.id, position=position, actor="cast", now=NOON))

    assert "".join(title[0] for title in await titles(database, event)) == order
