"""Where people sit and stand, held against a table of cases that were written by hand."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkin.stage.models import Hosting
from checkin.stage.seating import Figure, Honour, View, at_table, in_rows, row_sizes

TABLE: dict[str, Any] = json.loads(Path(__file__).with_name("vectors").joinpath("stage.json").read_text("utf-8"))
CASES = TABLE["cases"]

figures = st.builds(
    Figure,
    key=st.uuids().map(str),
    hosting=st.sampled_from(Hosting),
    party=st.integers(0, 3),
    assists=st.booleans(),
    slot=st.none() | st.integers(-1, 40),
)
crowds = st.lists(figures, max_size=30, unique_by=lambda each: each.key)


def figure(said: str) -> Figure:
    """Somebody as the table writes them."""
    key, *marks = said.split()
    return Figure(
        key=key,
        hosting=next((Hosting(mark) for mark in marks if mark in set(Hosting)), Hosting.NEITHER),
        party=next((int(mark[1:]) for mark in marks if mark[0] == "p"), 0),
        assists="assists" in marks,
        slot=next((int(mark[1:]) for mark in marks if mark[0] == "@"), None),
    )


def drawn(case: dict[str, Any]) -> list[str]:
    """The rows that the code makes of a case, as the table writes them."""
    people, view = [figure(said) for said in case["people"]], View(case["view"])
    honour = Honour(case.get("honour", "right"))
    rows = (
        [at_table(people, view=view)]
        if case["kind"] == "table"
        else in_rows(people, rows=case.get("rows", 1), honour=honour, view=view)
    )
    return [" ".join(each.key for each in row) for row in rows]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_every_case_of_the_table_is_drawn_as_it_says(case: dict[str, Any]) -> None:
    assert drawn(case) == case["expect"]


def test_the_table_says_each_thing_once_from_both_viewpoints() -> None:
    names = [case["name"] for case in CASES]

    assert len(names) >= 48
    assert len(set(names)) == len(names)
    assert {(case["kind"], case["view"]) for case in CASES} == {
        ("table", "stage"),
        ("table", "hall"),
        ("rows", "stage"),
        ("rows", "hall"),
    }


@given(crowds, st.sampled_from(View))
def test_everybody_is_at_the_table_once(people: list[Figure], view: View) -> None:
    seated = at_table(people, view=view)

    assert sorted(each.key for each in seated) == sorted(each.key for each in people)


@given(crowds, st.integers(1, 3), st.sampled_from(Honour))
def test_everybody_stands_once_and_the_audience_sees_the_reverse(
    people: list[Figure], rows: int, honour: Honour
) -> None:
    own = in_rows(people, rows=rows, honour=honour)
    seen = in_rows(people, rows=rows, honour=honour, view=View.HALL)

    assert sorted(each.key for row in own for each in row) == sorted(each.key for each in people)
    assert seen == [list(reversed(row)) for row in own]


@given(st.integers(0, 30), st.integers(0, 4))
def test_rows_are_as_even_as_can_be_and_the_longer_ones_in_front(count: int, rows: int) -> None:
    sizes = row_sizes(count, rows)

    assert sum(sizes) == count
    assert sizes == sorted(sizes, reverse=True)
    assert all(sizes)
    assert max(sizes, default=0) - min(sizes, default=0) <= 1


@given(st.lists(st.integers(0, 30), unique=True, min_size=1, max_size=30), st.sampled_from(Honour))
def test_rank_falls_from_the_centre_outwards(ranks: list[int], honour: Honour) -> None:
    people = [Figure(key=str(rank)) for rank in sorted(ranks)]

    [row] = in_rows(people, honour=honour)

    place = {each.key: number for number, each in enumerate(row)}
    distances = [abs(place[each.key] - place[people[0].key]) for each in people]
    assert distances == [(number + 1) // 2 for number in range(len(people))]
