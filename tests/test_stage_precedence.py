"""Who comes before whom: rank, tie-breaks, sides by turns, and moves that can be taken back."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkin.stage.precedence import Entry, Ground, Move, Placed, TieBreak, ordered, standing_moves
from events.models import GuestId

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
SIDES = ("hkstp", "hetao")
unhurried = settings(deadline=None)  # the first example opens the dictionaries

names = st.sampled_from(["陈伟", "陳偉", "欧阳振邦", "单立民", "Anna Lee", "李安", "王小明", "王明"])
entries = st.builds(
    Entry,
    guest_id=st.uuids().map(GuestId),
    rank=st.integers(0, 3),
    grade=st.integers(0, 3),
    founded=st.none() | st.integers(1990, 1993),
    name=names,
    name_latin=st.sampled_from(["", "Chan Tai-man", "Ao"]),
    organisation=st.sampled_from(["", "河套发展署", "香港科技园公司"]),
    side=st.sampled_from(["", *SIDES]),
)
lists = st.lists(entries, max_size=12, unique_by=lambda each: each.guest_id)
tie_breaks = st.lists(st.sampled_from(TieBreak), max_size=6, unique=True)


@st.composite
def moved_lists(draw: st.DrawFn) -> tuple[list[Entry], list[Move]]:
    """A list, and moves of people on it of which some take back an earlier one."""
    people = draw(lists.filter(bool))
    moves: list[Move] = []
    for number in range(1, draw(st.integers(0, 6)) + 1):
        last = standing_moves(moves)[-1:]
        undoes = last[0].number if last and draw(st.booleans()) else None
        guest_id = draw(st.sampled_from(people)).guest_id
        moves.append(move(guest_id, draw(st.integers(1, len(people))), number=number, undoes=undoes))
    return people, moves


def entry(name: str, **given_facts: Any) -> Entry:
    """Somebody whose id is as their name is spelt."""
    facts: dict[str, Any] = {"guest_id": GuestId(UUID(int=int(name.encode().hex(), 16))), "name": name}
    return Entry(**{**facts, **given_facts})


def move(guest_id: GuestId, to: int, *, number: int = 1, undoes: int | None = None) -> Move:
    return Move(
        number=number,
        guest_id=guest_id,
        from_position=1,
        to_position=to,
        reason="兼任组委会主任",
        at=NOW,
        actor_name="礼宾",
        undoes=undoes,
    )


def told(placed: list[Placed]) -> str:
    return " ".join(each.entry.name for each in placed)


def ids(placed: list[Placed]) -> list[GuestId]:
    return [each.entry.guest_id for each in placed]


@given(lists, tie_breaks, st.booleans(), st.randoms())
@unhurried
def test_the_order_does_not_depend_on_the_order_in_which_people_are_given(
    people: list[Entry], ties: list[TieBreak], interleaves: bool, chance: Random
) -> None:
    shuffled = list(people)
    chance.shuffle(shuffled)

    one = ordered(people, ties, interleaves=interleaves, sides=SIDES)
    other = ordered(shuffled, ties, interleaves=interleaves, sides=SIDES)

    assert one == other
    assert sorted(ids(one)) == sorted(each.guest_id for each in people)
    assert [each.position for each in one] == list(range(1, len(people) + 1))
    assert [each.natural for each in one] == [each.position for each in one]


@given(lists, tie_breaks)
@unhurried
def test_interleaving_keeps_the_order_of_each_side(people: list[Entry], ties: list[TieBreak]) -> None:
    apart, together = ordered(people, ties), ordered(people, ties, interleaves=True, sides=SIDES)

    for side in ("", *SIDES):
        own = [each.entry for each in apart if each.entry.side == side]
        assert [each.entry for each in together if each.entry.side == side] == own


@given(lists, tie_breaks)
@unhurried
def test_sides_of_one_rank_take_turns_until_one_is_exhausted(people: list[Entry], ties: list[TieBreak]) -> None:
    people = [replace(each, rank=0, side=each.side or "hetao") for each in people]

    sides = [each.entry.side for each in ordered(people, ties, interleaves=True, sides=SIDES)]

    shared = 2 * min(sides.count(side) for side in SIDES)
    assert sides[:shared] == list(SIDES) * (shared // 2)
    assert len(set(sides[shared:])) <= 1


@given(lists.filter(bool), tie_breaks, st.data())
@unhurried
def test_a_move_moves_one_person_and_keeps_the_order_of_all_others(
    people: list[Entry], ties: list[TieBreak], data: st.DataObject
) -> None:
    guest_id = data.draw(st.sampled_from(people)).guest_id
    to = data.draw(st.integers(1, len(people)))
    before = ids(ordered(people, ties))

    after = ids(ordered(people, ties, moves=[move(guest_id, to)]))

    assert after.index(guest_id) == to - 1
    assert [each for each in after if each != guest_id] == [each for each in before if each != guest_id]


@given(moved_lists(), tie_breaks)
@unhurried
def test_taking_back_the_last_move_restores_what_was_before_it(
    moved: tuple[list[Entry], list[Move]], ties: list[TieBreak]
) -> None:
    people, moves = moved
    before = ordered(people, ties, moves=moves)
    number = len(moves) + 1
    made = [*moves, move(people[0].guest_id, 1, number=number)]

    undone = [*made, move(people[0].guest_id, 1, number=number + 1, undoes=number)]

    assert ordered(people, ties, moves=undone) == before


@given(moved_lists(), tie_breaks)
@unhurried
def test_with_all_moves_taken_back_everybody_is_where_they_naturally_are(
    moved: tuple[list[Entry], list[Move]], ties: list[TieBreak]
) -> None:
    people, moves = moved
    while standing := standing_moves(moves):
        moves = [*moves, move(people[0].guest_id, 1, number=len(moves) + 1, undoes=standing[-1].number)]

    placed = ordered(people, ties, moves=moves)

    assert placed == ordered(people, ties)


def test_explicit_rank_comes_first_and_lower_rank_before_higher() -> None:
    people = [entry("三"), entry("二", rank=2), entry("一", rank=1, grade=9)]

    placed = ordered(people, [TieBreak.POSITION])

    assert told(placed) == "一 二 三"
    assert [each.ground for each in placed] == [Ground.RANK, Ground.RANK, Ground.RANK]


@pytest.mark.parametrize(
    ("tie_break", "first", "second"),
    [
        (TieBreak.POSITION, {"grade": 1}, {"grade": 2}),
        (TieBreak.POSITION, {"grade": 9}, {"grade": 0}),
        (TieBreak.FOUNDED, {"founded": 1997}, {"founded": 2026}),
        (TieBreak.FOUNDED, {"founded": 2026}, {"founded": None}),
        (TieBreak.ORGANISATION, {"organisation": "大疆创新"}, {"organisation": "香港科技园公司"}),
        (TieBreak.ORGANISATION, {"organisation": "香港科技园公司"}, {"organisation": ""}),
        (TieBreak.LATIN, {"name_latin": "Au Chi-keung"}, {"name_latin": "Chan Tai-man"}),
        (TieBreak.LATIN, {"name_latin": "Wong"}, {"name_latin": ""}),
    ],
)
def test_a_tie_break_tells_two_people_apart_who_are_otherwise_alike(
    tie_break: TieBreak, first: dict[str, Any], second: dict[str, Any]
) -> None:
    people = [entry("甲", **second), entry("乙", **first)]

    placed = ordered(people, [tie_break])

    assert told(placed) == "乙 甲"
    assert [each.ground for each in placed] == [Ground(tie_break.value)] * 2


def test_pinyin_reads_a_surname_as_surnames_are_read() -> None:
    people = [entry("单立民"), entry("丁一"), entry("Anna Lee"), entry("石磊")]

    placed = ordered(people, [TieBreak.PINYIN])

    assert told(placed) == "Anna Lee 丁一 单立民 石磊"


def test_strokes_order_surnames_by_their_strokes() -> None:
    people = [entry("潘一"), entry("丁一"), entry("王一"), entry("毛一")]

    placed = ordered(people, [TieBreak.STROKES])

    assert told(placed) == "丁一 王一 毛一 潘一"


def test_the_first_tie_break_decides_before_the_second() -> None:
    people = [
        entry("甲", grade=1, founded=2020),
        entry("乙", grade=2, founded=1990),
        entry("丙", grade=1, founded=2000),
    ]

    placed = ordered(people, [TieBreak.POSITION, TieBreak.FOUNDED])

    assert told(placed) == "丙 甲 乙"
    assert [each.ground for each in placed] == [Ground.FOUNDED, Ground.FOUNDED, Ground.POSITION]


def test_two_sides_take_turns_and_each_says_why() -> None:
    people = [
        entry("港一", side="hkstp", grade=1),
        entry("港二", side="hkstp", grade=2),
        entry("深一", side="hetao", grade=3),
        entry("深二", side="hetao", grade=4),
        entry("客", grade=1),
    ]

    placed = ordered(people, [TieBreak.POSITION], interleaves=True, sides=SIDES)

    assert told(placed) == "港一 深一 港二 深二 客"
    assert [each.ground for each in placed] == [
        Ground.POSITION,
        Ground.TURN,
        Ground.POSITION,
        Ground.POSITION,
        Ground.TURN,
    ]


def test_after_a_ranked_person_the_other_side_goes_on() -> None:
    people = [
        entry("部长", side="hkstp", rank=1),
        entry("港", side="hkstp", grade=1),
        entry("深", side="hetao", grade=2),
    ]

    placed = ordered(people, [TieBreak.POSITION], interleaves=True, sides=SIDES)

    assert told(placed) == "部长 深 港"


def test_people_who_differ_in_nothing_else_stand_by_the_spelling_of_their_names() -> None:
    placed = ordered([entry("b"), entry("a")], [])

    assert told(placed) == "a b"
    assert [each.ground for each in placed] == [Ground.NAME, Ground.NAME]


def test_somebody_moved_keeps_the_move_and_others_only_the_difference() -> None:
    one, two, three = entry("一"), entry("二", grade=2), entry("三", grade=3)
    to_the_front = move(three.guest_id, 1)

    placed = ordered([replace(one, grade=1), two, three], [TieBreak.POSITION], moves=[to_the_front])

    assert told(placed) == "三 一 二"
    assert [(each.natural, each.position, each.move) for each in placed] == [
        (3, 1, to_the_front),
        (1, 2, None),
        (2, 3, None),
    ]


def test_a_move_of_somebody_who_left_the_list_moves_nobody() -> None:
    gone = entry("去")

    placed = ordered([entry("a"), entry("b")], [], moves=[move(gone.guest_id, 1)])

    assert told(placed) == "a b"


def test_a_position_beyond_the_list_is_its_end() -> None:
    first = entry("a")

    placed = ordered([first, entry("b")], [], moves=[move(first.guest_id, 9)])

    assert told(placed) == "b a"
