"""The places of printed badges: said, read back, and put in order."""

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.slot import Place, place_of, slot_key


@pytest.mark.parametrize(
    ("slot", "place"),
    [
        ("A-01", (0, 0)),
        ("B-07", (1, 6)),
        ("Z-99", (25, 98)),
        ("AA-01", (26, 0)),
        ("AZ-20", (51, 19)),
        ("BA-01", (52, 0)),
    ],
)
def test_a_slot_says_its_box_and_place(slot: str, place: tuple[int, int]) -> None:
    assert (place_of(slot), str(Place(*place))) == (place, slot)


@pytest.mark.parametrize("slot", ["", "A1", "a-01", "A-1", "A-001", "AAA-01", "VIP", "甲-01", "A-01 "])
def test_what_somebody_named_otherwise_is_no_place(slot: str) -> None:
    assert place_of(slot) is None


def test_places_follow_each_other_box_after_box() -> None:
    assert [str(place) for place in islice(Place(25, 1).following(3), 4)] == ["Z-02", "Z-03", "AA-01", "AA-02"]


def test_badges_are_ordered_by_box_then_named_ones_then_those_without() -> None:
    slots = ["", "AA-01", "VIP", "B-02", "A-10", "A-02", "ZZ-99"]

    assert sorted(slots, key=slot_key) == ["A-02", "A-10", "B-02", "AA-01", "ZZ-99", "VIP", ""]


@given(st.integers(0, 701), st.integers(0, 98))
def test_every_place_is_read_back_as_it_is_said(box: int, number: int) -> None:
    assert place_of(str(Place(box, number))) == (box, number)
