"""Making precedence lists and moving people on them: every verb, each refusal, two officers at once."""

from typing import Any
from uuid import uuid4

import anyio
import pytest
import sqlalchemy as sa

from checkin.stage import placing
from checkin.stage.precedence import Ground, TieBreak
from checkin.stage.ranking import MOST_PEOPLE, ListId, Purpose, Ranking, in_order
from checkin.stage.ranking_form import Facts, MoveForm, NewRanking, RankingForm, Source
from checkin.stage.ranking_store import ranking_by_id, rankings_of
from checkin.stage.seating import Honour
from checkin.stage.tables import precedence_moves
from events.core.database import Database
from events.core.errors import Conflict, Invalid, NotFound, Stale
from events.core.tables import audit
from events.forms import CategoryForm, HostForm
from events.models import GuestId, SegmentKind, Text
from tests.cast import NOON, planned
from tests.stage_crew import DEPUTY, MANAGER, Crew

TITLE = Text(zh_hans="合影站位", zh_hant="合照站位", en="Group photo")
TOLD = {"actor": MANAGER, "now": NOON}
GRADED = [
    CategoryForm(key="guest", name=Text(en="Guest"), rank=70),
    CategoryForm(key="vip", name=Text(en="VIP"), rank=5),
]
SIDES = [HostForm(key="hk", name=Text(en="HK")), HostForm(key="sz", name=Text(en="SZ"))]


async def _crew(database: Database, **given: Any) -> Crew:
    return Crew(database, await planned(database, **given))


async def _made(crew: Crew, *names: str, **given: Any) -> Ranking:
    """A list of new guests of those names, in the order of their strokes unless something else is said."""
    people = [(await crew.guest(name)).id for name in names]
    form = NewRanking(title=TITLE, **{"people": Source(guest_ids=[*people]), **given})
    return await crew.database.write(lambda tx: placing.make_ranking(tx, crew.event, form, **TOLD))


async def _now(crew: Crew, ranking: Ranking) -> Ranking:
    return await crew.database.read(lambda tx: ranking_by_id(tx, crew.event.id, ranking.id))


async def _moved(crew: Crew, ranking: Ranking, who: GuestId, to: int, **given: Any) -> Ranking:
    form = MoveForm(guest_id=who, to_position=to, reason=given.pop("reason", "主宾"))
    usual = {"version": None, **TOLD, **given}
    return await crew.database.write(lambda tx: placing.move_person(tx, crew.event, ranking.id, form, **usual))


async def _undone(crew: Crew, ranking: Ranking, **given: Any) -> Ranking:
    usual = {"reason": "误操作", "version": None, **TOLD, **given}
    return await crew.database.write(lambda tx: placing.undo_move(tx, crew.event, ranking.id, **usual))


def _names(ranking: Ranking) -> str:
    return " ".join(guest.name for guest in in_order(ranking))


def _who(ranking: Ranking, name: str) -> GuestId:
    return next(guest.id for guest in ranking.guests.values() if guest.name == name)


async def test_a_list_is_made_with_its_people_in_order(database: Database) -> None:
    crew = await _crew(database)

    made = await _made(crew, "潘安", "丁一", "王明", rows=2, honour=Honour.LEFT, purpose=Purpose.BACK_ROW)

    assert _names(made) == "丁一 王明 潘安"
    assert (made.title, made.rows, made.honour, made.purpose) == (TITLE, 2, Honour.LEFT, Purpose.BACK_ROW)
    assert (made.tie_breaks, made.version, made.moves) == ((TieBreak.POSITION, TieBreak.STROKES), 1, ())
    assert await crew.database.read(lambda tx: rankings_of(tx, crew.event.id)) == [made]


async def test_a_list_begins_with_the_people_of_a_segment_or_of_one_round(database: Database) -> None:
    crew = await _crew(database)
    first, second = await crew.signing("甲", "乙"), await crew.signing("丙", "丁")

    segment = await _made(crew, people=Source(segment_id=first.segment_id))
    one = await _made(crew, people=Source(round_id=second.id))

    assert sorted(guest.name for guest in segment.guests.values()) == sorted("甲乙丙丁")
    assert sorted(guest.name for guest in one.guests.values()) == sorted("丙丁")


async def test_a_list_begins_with_a_category_and_takes_its_rank_as_the_grade(database: Database) -> None:
    crew = await _crew(database, categories=GRADED)
    usual, honoured = await crew.guest("丁一", category="guest"), await crew.guest("潘安", category="vip")

    made = await _made(crew, people=Source(category="vip"))
    both = await _made(crew, people=Source(guest_ids=[usual.id, honoured.id]))

    assert [(each.name, each.grade) for each in made.entries] == [("潘安", 5)]
    assert _names(both) == "潘安 丁一"
    assert [each.ground for each in both.placed] == [Ground.POSITION, Ground.POSITION]


async def test_the_sides_of_the_event_take_turns_in_their_order(database: Database) -> None:
    crew = await _crew(database, hosts=SIDES)
    people = [await crew.guest(name, side=side) for name, side in (("丁一", "sz"), ("王明", "sz"), ("潘安", "hk"))]

    made = await _made(crew, people=Source(guest_ids=[each.id for each in people]), interleaves=True)

    assert _names(made) == "潘安 丁一 王明"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"segment_id": uuid4()}, "segment_id"),
        ({"people": Source(guest_ids=[uuid4()])}, "people"),
    ],
)
async def test_what_is_not_of_the_event_is_refused(database: Database, given: dict[str, Any], field: str) -> None:
    crew = await _crew(database)

    with pytest.raises(Invalid) as refused:
        await _made(crew, **given)

    assert refused.value.fields == {field: "not_offered"}
    assert await crew.database.read(lambda tx: rankings_of(tx, crew.event.id)) == []


async def test_a_list_holds_no_more_people_than_can_be_drawn(database: Database) -> None:
    crew = await _crew(database)
    for number in range(MOST_PEOPLE):
        await crew.guest(f"嘉宾{number}")
    full = await _made(crew, people=Source(category="guest"))
    more = await crew.guest("多一")

    with pytest.raises(Invalid) as added:
        await _added(crew, full, Source(guest_ids=[more.id]))
    with pytest.raises(Invalid) as made:
        await _made(crew, people=Source(category="guest"))

    assert [added.value.fields, made.value.fields] == [{"people": "too_many_people"}] * 2
    assert len((await _now(crew, full)).entries) == MOST_PEOPLE


async def _added(crew: Crew, ranking: Ranking, source: Source, **given: Any) -> Ranking:
    usual = {"version": None, **TOLD, **given}
    return await crew.database.write(lambda tx: placing.add_people(tx, crew.event, ranking.id, source, **usual))


async def test_somebody_is_added_once(database: Database) -> None:
    crew = await _crew(database)
    made = await _made(crew, "丁一")
    other = await crew.guest("王明")
    source = Source(guest_ids=[other.id, _who(made, "丁一")])

    await _added(crew, made, source)
    again = await _added(crew, made, source)

    assert (_names(again), again.version) == ("丁一 王明", 3)


async def test_a_move_keeps_who_moved_whom_from_where_to_where_and_why(database: Database) -> None:
    crew = await _crew(database)
    made = await _made(crew, "丁一", "王明", "潘安")

    moved = await _moved(crew, made, _who(made, "潘安"), 1, reason="兼任组委会主任", actor=DEPUTY)

    [move] = moved.moves
    assert (_names(moved), moved.version) == ("潘安 丁一 王明", 2)
    assert (move.number, move.from_position, move.to_position) == (1, 3, 1)
    assert (move.reason, move.actor_name, move.at, move.undoes) == ("兼任组委会主任", DEPUTY.name, NOON, None)
    assert [(each.natural, each.position) for each in moved.placed] == [(3, 1), (1, 2), (2, 3)]


@pytest.mark.parametrize(("to", "code"), [(4, "not_offered"), (3, "same_position")])
async def test_nobody_is_moved_beyond_the_list_or_to_where_they_are(database: Database, to: int, code: str) -> None:
    crew = await _crew(database)
    made = await _made(crew, "丁一", "王明", "潘安")

    with pytest.raises(Invalid) as refused:
        await _moved(crew, made, _who(made, "潘安"), to)

    assert refused.value.fields == {"to_position": code}
    assert (await _now(crew, made)).moves == ()


async def test_somebody_who_is_not_on_the_list_is_not_found(database: Database) -> None:
    crew = await _crew(database)
    made = await _made(crew, "丁一")
    other = await crew.guest("王明")

    for refused in (
        lambda tx: placing.move_person(
            tx, crew.event, made.id, MoveForm(guest_id=other.id, to_position=1, reason="x"), version=None, **TOLD
        ),
        lambda tx: placing.drop_person(tx, crew.event, made.id, other.id, version=None, **TOLD),
        lambda tx: placing.set_facts(tx, crew.event, made.id, {other.id: Facts(rank=1)}, version=None, **TOLD),
        lambda tx: placing.undo_move(tx, crew.event, ListId(uuid4()), reason="x", version=None, **TOLD),
    ):
        with pytest.raises(NotFound):
            await database.write(refused)


async def test_undoing_twice_takes_two_moves_back_and_keeps_them_all_on_record(database: Database) -> None:
    crew = await _crew(database)
    made = await _made(crew, "丁一", "王明", "潘安")
    await _moved(crew, made, _who(made, "潘安"), 1)
    await _moved(crew, made, _who(made, "王明"), 1)

    once = await _undone(crew, made)
    twice = await _undone(crew, made)

    assert (_names(once), _names(twice)) == ("潘安 丁一 王明", "丁一 王明 潘安")
    assert [(each.number, each.undoes) for each in twice.moves] == [(1, None), (2, None), (3, 2), (4, 1)]
    with pytest.raises(Conflict) as refused:
        await _undone(crew, made)
    assert refused.value.code == "nothing_to_undo"


async def test_who_is_taken_off_leaves_their_moves_on_record(database: Database) -> None:
    crew = await _crew(database)
    made = await _made(crew, "丁一", "王明", "潘安")
    moved = await _moved(crew, made, _who(made, "潘安"), 1)

    left = await crew.database.write(
        lambda tx: placing.drop_person(tx, crew.event, made.id, _who(made, "潘安"), version=moved.version, **TOLD)
    )

    assert (_names(left), left.version, left.moves) == ("丁一 王明", 3, moved.moves)


async def test_a_set_rank_puts_somebody_first(database: Database) -> None:
    crew = await _crew(database)
    made = await _made(crew, "丁一", "潘安")
    facts = {_who(made, "潘安"): Facts(rank=1, grade=3, founded=1997)}

    ranked = await crew.database.write(lambda tx: placing.set_facts(tx, crew.event, made.id, facts, version=1, **TOLD))

    first = ranked.placed[0].entry
    assert (first.name, first.rank, first.grade, first.founded) == ("潘安", 1, 3, 1997)
    assert ranked.version == 2


async def test_a_list_is_described_anew(database: Database) -> None:
    crew = await _crew(database)
    made = await _made(crew, "潘安", "丁一")
    place = await crew.segment(SegmentKind.PHOTO)
    form = RankingForm(title=Text(en="Handshakes"), purpose=Purpose.HANDSHAKE, segment_id=place, tie_breaks=[], rows=3)

    edited = await crew.database.write(
        lambda tx: placing.edit_ranking(tx, crew.event, made.id, form, version=1, **TOLD)
    )

    assert (edited.title.en, edited.purpose, edited.segment_id) == ("Handshakes", Purpose.HANDSHAKE, place)
    assert (edited.tie_breaks, edited.rows, edited.version) == ((), 3, 2)


async def test_a_list_is_removed_unless_somebody_was_moved(database: Database) -> None:
    crew = await _crew(database)
    fresh, used = await _made(crew, "丁一"), await _made(crew, "王明", "潘安")
    await _moved(crew, used, _who(used, "潘安"), 1)

    await database.write(lambda tx: placing.remove_ranking(tx, crew.event, fresh.id, version=1, **TOLD))
    with pytest.raises(Conflict) as refused:
        await database.write(lambda tx: placing.remove_ranking(tx, crew.event, used.id, version=None, **TOLD))

    assert refused.value.code == "list_moved"
    assert [each.id for each in await database.read(lambda tx: rankings_of(tx, crew.event.id))] == [used.id]


async def test_whoever_saw_an_older_version_overwrites_nothing(database: Database) -> None:
    crew = await _crew(database)
    made = await _made(crew, "丁一", "王明", "潘安")
    moved = await _moved(crew, made, _who(made, "潘安"), 1)

    with pytest.raises(Stale):
        await _moved(crew, made, _who(made, "王明"), 1, version=made.version)

    assert await _now(crew, made) == moved


async def test_of_two_officers_at_once_one_moves_and_the_other_is_told(database: Database) -> None:
    crew = await _crew(database)
    made = await _made(crew, "丁一", "王明", "潘安")
    outcomes: list[str] = []

    async def officer(name: str) -> None:
        try:
            await _moved(crew, made, _who(made, name), 1, version=made.version)
            outcomes.append("moved")
        except Stale:
            outcomes.append("stale")

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(officer, "潘安")
        tasks.start_soon(officer, "王明")

    assert sorted(outcomes) == ["moved", "stale"]
    assert len((await _now(crew, made)).moves) == 1


async def test_moves_are_numbered_without_a_gap_and_noted_in_the_audit(database: Database) -> None:
    crew = await _crew(database)
    made = await _made(crew, "丁一", "王明")
    await _moved(crew, made, _who(made, "王明"), 1)
    await _undone(crew, made)

    numbers = (await database.read(lambda tx: tx.execute(sa.select(precedence_moves.c.number)))).scalars().all()
    chosen = sa.select(audit.c.action).where(audit.c.subject_id == made.id).order_by(audit.c.entry_id)
    noted = (await database.read(lambda tx: tx.execute(chosen))).scalars().all()

    assert sorted(numbers) == [1, 2]
    assert noted == ["precedence.made", "precedence.moved", "precedence.undone"]
