from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from checkin.stage.excusing import Excuse, excuses_of
from checkin.stage.models import Person
from tests.cast import NOON
from tests.stage_values import part, person, swap

PEOPLE = [person(number, name) for number, name in ((11, "甲"), (12, "乙"), (13, "丙"), (14, "丁"))]
A, B, C, D = PEOPLE
HERE, THERE = part(21, A), part(22, D)


def named(*line: Person) -> dict[str, str]:
    """Who is excused, and who stands for them, after a part went from one to the next of a line."""
    pairs = enumerate(pairwise(line), 1)
    names = {each.guest.id: each.guest.name for each in PEOPLE}
    made = [swap(number, HERE, original, taker) for number, (original, taker) in pairs]
    return {names[guest_id]: names[excuse.represented_by] for guest_id, excuse in excuses_of(made).items()}


def test_who_gave_up_a_part_is_excused_with_the_reason_and_the_time() -> None:
    excuse = Excuse(represented_by=B.guest.id, reason="第1次", at=NOON + timedelta(minutes=1), actor="cast")

    assert excuses_of([swap(1, HERE, A, B)]) == {A.guest.id: excuse}


def test_the_last_of_a_line_stands_for_all_before() -> None:
    assert named(A, B, C) == {"甲": "丙", "乙": "丙"}


def test_who_takes_a_part_back_is_excused_no_more_and_neither_is_who_gave_it_back() -> None:
    assert named(A, B, A) == {}
    assert named(A, B, C, A) == {}
    assert named(A, B, C, B) == {"甲": "乙"}
    assert named(A, B, A, C) == {"甲": "丙"}


def test_who_gave_up_parts_in_two_rounds_is_represented_by_whoever_took_the_last() -> None:
    found = excuses_of([swap(1, HERE, A, B), swap(2, THERE, A, C)])

    assert {guest_id: excuse.represented_by for guest_id, excuse in found.items()} == {A.guest.id: C.guest.id}


def test_who_is_needed_for_another_part_is_not_excused() -> None:
    made = [swap(1, HERE, A, B), swap(2, THERE, D, C)]

    found = excuses_of(made, needed={A.guest.id, B.guest.id, C.guest.id})

    assert set(found) == {D.guest.id}


def test_nobody_is_excused_where_nobody_was_replaced() -> None:
    assert excuses_of([]) == {}


@given(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=12))
def test_the_holder_of_a_part_is_never_excused_and_stands_for_everybody_who_is(line: list[Person]) -> None:
    moves = [each for number, each in enumerate(line) if number == 0 or each != line[number - 1]]

    found = named(*moves)

    assert moves[-1].guest.name not in found
    assert set(found.values()) <= {moves[-1].guest.name}
    assert (moves[0].guest.name in found) == (moves[-1] != moves[0])
