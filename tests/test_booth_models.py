from datetime import timedelta
from uuid import uuid4

import pytest

from checkin.booth.models import Stop, Tour, Visiting
from events.models import UNSAID, Exhibitor, Segment, SegmentId, SegmentKind, Text
from tests.cast import NOON

TOUR = Segment(
    id=SegmentId(uuid4()),
    position=1,
    kind=SegmentKind.TOUR,
    title=Text(en="Tour"),
    place=UNSAID,
    starts_at=NOON,
    ends_at=NOON + timedelta(hours=1),
)


def visiting(number: int, *, minutes: int) -> Visiting:
    at = NOON + timedelta(minutes=10 * (number - 1))
    exhibitor = Exhibitor(booth=f"A-0{number}", field="ai", name=Text(en="A"))
    return Visiting(
        number=number, at=at, stop=Stop(booth=exhibitor.booth, minutes=minutes), exhibitor=exhibitor, staff=()
    )


def test_a_stop_ends_after_its_minutes() -> None:
    assert visiting(2, minutes=15).until == NOON + timedelta(minutes=25)


@pytest.mark.parametrize(("minutes", "number"), [(-60, 1), (0, 1), (9.9, 1), (10, 2), (29, 3), (600, 3)])
def test_the_clock_says_at_which_stop_the_tour_should_be(minutes: float, number: int) -> None:
    tour = Tour(segment=TOUR, stops=[visiting(each, minutes=10) for each in (1, 2, 3)])

    assert tour.due(NOON + timedelta(minutes=minutes)) == number


def test_a_tour_without_stops_is_nowhere() -> None:
    assert Tour(segment=TOUR, stops=[]).due(NOON) == 0
