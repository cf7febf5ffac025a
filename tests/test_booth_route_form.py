import pytest

from checkin.booth.models import Stop
from checkin.booth.route_form import MOST_STOPS, acted, form_of, rows_from, rows_of
from events.core.errors import Invalid
from events.models import Text

STOPS = [Stop(booth="A-01", minutes=5, note=Text(en="Robots")), Stop(booth="A-02", minutes=8)]
ROWS = [{"booth": booth} for booth in ("A", "B", "C")]


def test_a_route_comes_back_from_its_form() -> None:
    rows = rows_from(STOPS)
    values = {f"{name}.{index}": text for index, row in enumerate(rows) for name, text in row.items()}

    assert form_of(rows_of({**values, "seen": "x", "act": "save"})).route() == STOPS


@pytest.mark.parametrize(
    ("act", "order"),
    [
        ("save", "ABC"),
        ("up.1", "BAC"),
        ("up.0", "ABC"),
        ("down.1", "ACB"),
        ("down.2", "ABC"),
        ("remove.1", "AC"),
        ("remove.3", "ABC"),
        ("remove.x", "ABC"),
        ("", "ABC"),
        ("up.99999", "ABC"),
    ],
)
def test_each_button_does_what_it_says(act: str, order: str) -> None:
    assert "".join(row["booth"] for row in acted(ROWS, act)) == order


def test_a_stop_is_added_at_the_end_with_the_usual_minutes() -> None:
    assert acted(ROWS[:1], "add", added="Z") == [{"booth": "A"}, {"booth": "Z", "minutes": "5"}]
    assert acted(ROWS[:1], "add") == ROWS[:1]


@pytest.mark.parametrize("minutes", ["", "0", "241", "x"])
def test_minutes_that_cannot_be_are_said_at_their_stop(minutes: str) -> None:
    with pytest.raises(Invalid) as refused:
        form_of([{"booth": "A", "minutes": "5"}, {"booth": "B", "minutes": minutes}])

    assert list(refused.value.fields) == ["stops.1.minutes"]


def test_no_form_is_longer_than_a_tour_may_be() -> None:
    values = {f"booth.{index}": "A" for index in range(MOST_STOPS + 5)}

    assert len(rows_of(values)) == MOST_STOPS


def test_a_number_that_no_row_has_is_left_out() -> None:
    assert rows_of({f"booth.{'9' * 5000}": "A", "booth.0": "B"})[0]["booth"] == "B"
