"""A plan of seats measured for the screen: nothing overlaps, nothing is cut that need not be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkin.stage.drawing import CARD_HEIGHT, CARD_WIDTH, Card, Picture, fitted, picture_of
from checkin.stage.plan import Plan, Row, Seat
from checkin.stage.seating import View
from events.core.i18n import Language


def plan(*rows: int, view: View = View.HALL, table: bool = False) -> Plan:
    """A plan with so many people in each row, the front one first."""
    made = [
        Row(
            seats=tuple(Seat(key=f"{row}-{place}", name="陈大文", tag=str(place)) for place in range(count)),
            has_table=table and row == 0,
        )
        for row, count in enumerate(rows)
    ]
    return Plan(title="合影", view=view, rows=tuple(made), language=Language.ZH_HANS)


def overlaps(one: Card, other: Card) -> bool:
    return abs(one.x - other.x) < CARD_WIDTH and abs(one.y - other.y) < CARD_HEIGHT


def tops(picture: Picture) -> list[float]:
    return sorted({card.y for card in picture.cards})


@given(st.lists(st.integers(1, 12), max_size=3), st.sampled_from(View), st.booleans())
def test_everybody_is_in_the_picture_and_nobody_stands_on_another(counts: list[int], view: View, table: bool) -> None:
    picture = picture_of(plan(*counts, view=view, table=table))

    assert len(picture.cards) == sum(counts)
    assert all(card.x >= 0 and card.x + CARD_WIDTH <= picture.width for card in picture.cards)
    assert all(card.y >= 0 and card.y + CARD_HEIGHT <= picture.height for card in picture.cards)
    assert not any(overlaps(one, two) for at, one in enumerate(picture.cards) for two in picture.cards[:at])
    assert not any(
        bar.y < card.y + CARD_HEIGHT and card.y < bar.y + bar.height
        for bar in (*picture.tables, picture.hall)
        for card in picture.cards
        if bar is picture.hall or bar.x <= card.x < bar.x + bar.width
    )


def test_the_hall_lies_below_for_the_audience_and_above_for_the_stage() -> None:
    from_hall, from_stage = picture_of(plan(3, 3)), picture_of(plan(3, 3, view=View.STAGE))

    front = {picture.hall.y: picture.cards[-1 if picture is from_hall else 0] for picture in (from_hall, from_stage)}
    assert from_hall.hall.y > max(tops(from_hall))
    assert from_stage.hall.y < min(tops(from_stage))
    assert [card.seat.key[0] for card in front.values()] == ["0", "0"]


@pytest.mark.parametrize("view", View)
def test_the_table_stands_between_the_signatories_and_the_hall_without_their_assistants(view: View) -> None:
    seats = [Seat(key=key, name=key, assists=key == "c", signs=key != "c") for key in "abc"]
    row = Row(seats=tuple(seats), has_table=True)

    picture = picture_of(Plan(title="", view=view, rows=(row,), language=Language.EN))

    [table] = picture.tables
    first, second, _ = picture.cards
    assert (table.x, table.width) == (first.x, second.x + CARD_WIDTH - first.x)
    assert (table.y > first.y) is (view is View.HALL)
    assert (table.y < picture.hall.y) is (view is View.HALL)
    assert table.words.text == "Signing table"


@pytest.mark.parametrize(("count", "size"), [(1, "small"), (4, "small"), (5, "medium"), (14, "medium"), (15, "wide")])
def test_a_picture_says_on_which_screens_it_is_shown_whole(count: int, size: str) -> None:
    assert picture_of(plan(count)).size == size


def test_an_empty_plan_is_the_hall_alone() -> None:
    picture = picture_of(plan())

    assert (picture.cards, picture.tables, picture.hall.words.text) == ((), (), "观众席")


@pytest.mark.parametrize(
    ("text", "size", "lines"),
    [
        ("欧阳振邦", 18, ["欧阳振邦"]),
        ("陈\u3000伟", 20, ["陈\u3000伟"]),
        ("Chan Tai-man", 15, ["Chan", "Tai-man"]),
        ("Alexander-Fitzgerald", 12, ["Alexander-", "Fitzgerald"]),
        ("Wolfeschlegelsteinhausenbergerdorff" * 2, 11, ["Wolfeschleg", "elsteinhaus", "enbergerdo…"]),
        ("Anthony FUNG Kai-pong", 12, ["Anthony", "FUNG", "Kai-pong"]),
        ("阿卜杜热合曼·买买提", 11, ["阿卜杜热合曼·", "买买提"]),
        ("", 20, []),
    ],
)
def test_a_name_is_as_large_as_can_be_and_broken_where_readers_break_it(text: str, size: int, lines: list[str]) -> None:
    assert fitted(text, sizes=(20, 18, 15, 12, 11), lines=3, width=76, name=True) == (size, lines)


def test_an_organisation_breaks_evenly_and_is_cut_at_last() -> None:
    long = "深圳市公安局出入境管理局" * 3

    assert fitted("创新科技及工业局", sizes=(11,), lines=2, width=76, name=False) == (11, ["创新科技", "及工业局"])
    size, lines = fitted(long, sizes=(11,), lines=2, width=76, name=False)
    assert (size, len(lines), lines[1][-1]) == (11, 2, "…")
    assert long.startswith("".join(lines).removesuffix("…"))
