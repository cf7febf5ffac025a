from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from checkin.models import Direction, Entry, ScanId
from checkin.presence import NOWHERE, Passage, Presence, after, replayed

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def _passage(direction: Direction = Direction.ENTRY, *, minutes: int = 0, zone: str = "", admits: bool = True):
    at, scan_id = NOON + timedelta(minutes=minutes), ScanId(uuid4())
    return Passage(scan_id=scan_id, direction=direction, admits=admits, at=at, gate="North", zone=zone, by="steward")


def test_the_first_admission_is_kept_as_first_entry():
    entry = _passage(zone="hall")

    assert after(NOWHERE, entry) == Presence(
        first=Entry(NOON, "North", "steward"), first_scan_id=entry.scan_id, inside=True, zone="hall", last_at=NOON
    )


def test_a_refused_scan_changes_nothing():
    present = after(NOWHERE, _passage(zone="hall"))

    assert after(present, _passage(minutes=5, admits=False)) == present


def test_an_exit_ends_the_stay_and_keeps_the_first_entry():
    present = after(NOWHERE, _passage(zone="hall"))

    left = after(present, _passage(Direction.EXIT, minutes=9, admits=False))

    assert left == replace(present, inside=False, zone="", last_at=NOON + timedelta(minutes=9))


def test_an_exit_before_any_entry_leaves_no_first_entry():
    left = after(NOWHERE, _passage(Direction.EXIT, admits=False))

    assert left == Presence(last_at=NOON)


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
