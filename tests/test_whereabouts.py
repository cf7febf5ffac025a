from datetime import UTC, datetime, timedelta
from uuid import uuid4

from checkin.models import Direction, ScanId
from checkin.presence import NOWHERE, Passage, after
from checkin.whereabouts import Whereabouts
from events.models import GuestId

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
GUEST = GuestId(uuid4())


def _passage(minutes: int, *, zone: str = "hall", direction: Direction = Direction.ENTRY) -> Passage:
    at = NOON + timedelta(minutes=minutes)
    return Passage(scan_id=ScanId(uuid4()), direction=direction, at=at, gate="North", zone=zone, by="steward")


def test_the_latest_passage_follows_what_was():
    where, entry = Whereabouts(), _passage(0)

    moved = where.take(GUEST, NOWHERE, entry)

    assert moved == where.moved[GUEST] == after(NOWHERE, entry)
    assert where.zones == {"hall": 1}


def test_an_earlier_passage_takes_its_place_among_those_that_are_known():
    leaving, entry = _passage(9, direction=Direction.EXIT), _passage(0)
    where = Whereabouts(earlier={GUEST: [leaving]})

    moved = where.take(GUEST, after(NOWHERE, leaving), entry)

    assert moved == after(after(NOWHERE, entry), leaving)
    assert where.zones == {}


def test_who_moves_leaves_one_zone_and_is_counted_in_the_other():
    where, hall = Whereabouts(zones={"hall": 3, "lounge": 1}), after(NOWHERE, _passage(0))

    where.take(GUEST, hall, _passage(1, zone="lounge"))

    assert where.zones == {"hall": 2, "lounge": 2}
