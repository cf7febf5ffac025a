from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import uuid4

from checkin.models import Direction, Entry, ScanId
from checkin.presence import NOWHERE, Passage, Presence, after, replayed

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def _passage(direction: Direction = Direction.ENTRY, *, minutes: int = 0, zone: str = "") -> Passage:
    at, scan_id = NOON + timedelta(minutes=minutes), ScanId(uuid4())
    return Passage(scan_id=scan_id, direction=direction, at=at, gate="North", zone=zone, by="steward")


def test_the_first_admission_is_kept_as_first_entry():
    entry = _passage(zone="hall")

    assert after(NOWHERE, entry) == Presence(
        first=Entry(NOON, "North", "steward"), first_scan_id=entry.scan_id, inside=True, zone="hall", last_at=NOON
    )


def test_an_exit_ends_the_stay_and_keeps_the_first_entry():
    present = after(NOWHERE, _passage(zone="hall"))

    left = after(present, _passage(Direction.EXIT, minutes=9))

    assert left == replace(present, inside=False, zone="", last_at=NOON + timedelta(minutes=9), exited=True)


def test_an_exit_before_any_entry_leaves_no_first_entry():
    left = after(NOWHERE, _passage(Direction.EXIT))

    assert left == Presence(last_at=NOON, exited=True)


def test_moving_between_zones_needs_no_exit():
    present = after(NOWHERE, _passage(zone="hall"))

    moved = after(present, _passage(minutes=3, zone="gallery"))

    assert moved == replace(present, zone="gallery", last_at=NOON + timedelta(minutes=3))


def test_replaying_all_scans_gives_what_the_door_kept():
    passages = [_passage(), _passage(Direction.EXIT, minutes=1), _passage(minutes=2, zone="hall")]
    kept = NOWHERE
    for passage in passages:
        kept = after(kept, passage)

    assert replayed(passages, attempt=0) == kept
    assert replayed(passages, attempt=2) == replace(kept, attempt=2)
    assert replayed([], attempt=1) == Presence(attempt=1)


def test_the_order_of_arrival_makes_no_difference_to_what_was():
    passages = [_passage(minutes=2), _passage(Direction.EXIT, minutes=5), _passage(minutes=9, zone="hall")]

    replays = [replayed(order, attempt=0) for order in permutations(passages)]

    assert replays == [replays[0]] * 6
    assert replays[0].first_scan_id == passages[0].scan_id
    assert (replays[0].inside, replays[0].zone) == (True, "hall")


def test_two_passages_of_one_moment_are_in_the_order_of_their_ids():
    entry, leaving = sorted([_passage(), _passage()], key=lambda passage: passage.scan_id)
    leaving = replace(leaving, direction=Direction.EXIT)

    assert replayed([leaving, entry], attempt=0).inside is False
