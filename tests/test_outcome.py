from datetime import UTC, datetime, timedelta

import pytest

from checkin.models import Direction, Mode, VerdictCode
from checkin.outcome import Counted, Outcome, counted, outcome_of

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
NOBODY_WENT = Outcome(entered=False, passed=False, conflict=False)
CAME_IN = Outcome(entered=True, passed=True, conflict=False)


def _outcome(code: VerdictCode, local_verdict: str = "", *, mode: Mode = Mode.OFFLINE, overridden: bool = False):
    return outcome_of(code, direction=Direction.ENTRY, mode=mode, local_verdict=local_verdict, overridden=overridden)


def test_online_the_servers_word_is_what_happened():
    refused = _outcome(VerdictCode.ALREADY_INSIDE, "admitted", mode=Mode.ONLINE)
    let_in = _outcome(VerdictCode.ADMITTED, "already_inside", mode=Mode.ONLINE)

    assert (refused, let_in) == (NOBODY_WENT, CAME_IN)


@pytest.mark.parametrize("mode", [Mode.OFFLINE, Mode.PAPER])
def test_without_the_server_the_devices_word_is_what_happened(mode: Mode):
    let_in = _outcome(VerdictCode.NOT_CONFIRMED, "admitted", mode=mode)
    refused = _outcome(VerdictCode.ADMITTED, "not_confirmed", mode=mode)

    assert let_in == Outcome(entered=True, passed=True, conflict=True)
    assert refused == Outcome(entered=False, passed=False, conflict=True)


@pytest.mark.parametrize("word", ["admitted", "admitted_vip", "reentered", "valid_unsynced"])
def test_every_green_word_of_a_device_lets_somebody_in(word: str):
    assert _outcome(VerdictCode.ADMITTED, word) == CAME_IN


@pytest.mark.parametrize("word", ["", "lovely"])
def test_where_the_device_said_nothing_sensible_the_servers_word_counts(word: str):
    assert _outcome(VerdictCode.ADMITTED, word) == CAME_IN
    assert _outcome(VerdictCode.CANCELLED, word) == NOBODY_WENT


def test_device_and_server_may_refuse_for_different_reasons():
    assert _outcome(VerdictCode.CANCELLED, "already_inside") == NOBODY_WENT


@pytest.mark.parametrize("word", ["admitted", "admitted_vip"])
def test_two_first_entries_are_a_conflict_even_where_both_let_in(word: str):
    assert _outcome(VerdictCode.REENTERED, word) == Outcome(entered=True, passed=True, conflict=True)
    assert _outcome(VerdictCode.REENTERED, "reentered") == CAME_IN


def test_an_override_lets_in_against_amber_and_never_against_red():
    amber = _outcome(VerdictCode.ADMITTED, "not_confirmed", overridden=True)
    red = _outcome(VerdictCode.CANCELLED, "cancelled", overridden=True)

    assert (amber, red) == (CAME_IN, NOBODY_WENT)


@pytest.mark.parametrize(
    ("mode", "code", "word", "passed"),
    [
        (Mode.ONLINE, VerdictCode.EXITED, "", True),
        (Mode.ONLINE, VerdictCode.REVOKED, "exited", False),
        (Mode.OFFLINE, VerdictCode.REVOKED, "exited", True),
        (Mode.OFFLINE, VerdictCode.EXITED, "revoked", False),
        (Mode.OFFLINE, VerdictCode.EXITED, "", True),
    ],
)
def test_who_leaves_has_left_on_the_word_that_counts(mode: Mode, code: VerdictCode, word: str, passed: bool):
    outcome = outcome_of(code, direction=Direction.EXIT, mode=mode, local_verdict=word)

    assert outcome == Outcome(entered=False, passed=passed, conflict=False)


def test_online_a_scan_counts_now_whatever_the_device_thinks():
    yesterday = NOW - timedelta(days=1)

    assert counted(yesterday, mode=Mode.ONLINE, skew=timedelta(hours=1), now=NOW) == Counted(NOW)


def test_offline_a_scan_counts_when_it_was_made_by_our_clock():
    noon_there = NOW - timedelta(hours=3)

    unmeasured = counted(noon_there, mode=Mode.OFFLINE, skew=None, now=NOW)
    behind = counted(noon_there, mode=Mode.OFFLINE, skew=timedelta(hours=1), now=NOW)
    ahead = counted(NOW + timedelta(minutes=50), mode=Mode.OFFLINE, skew=-timedelta(hours=1), now=NOW)

    assert unmeasured == Counted(noon_there)
    assert behind == Counted(NOW - timedelta(hours=2))
    assert ahead == Counted(NOW - timedelta(minutes=10))


def test_a_little_ahead_is_now_and_raises_no_doubt():
    assert counted(NOW + timedelta(seconds=2), mode=Mode.OFFLINE, skew=None, now=NOW) == Counted(NOW)


@pytest.mark.parametrize(
    ("scanned_at", "skew"),
    [
        (NOW + timedelta(seconds=3), None),
        (NOW - timedelta(hours=48, seconds=1), None),
        (datetime(1970, 1, 1, tzinfo=UTC), None),
        (NOW - timedelta(hours=47), -timedelta(hours=2)),
        (NOW, timedelta(hours=1)),
        (datetime(9999, 12, 31, tzinfo=UTC), timedelta(days=700_000)),
    ],
)
def test_a_time_that_cannot_be_counts_on_arrival_and_is_doubted(scanned_at: datetime, skew: timedelta | None):
    assert counted(scanned_at, mode=Mode.OFFLINE, skew=skew, now=NOW) == Counted(NOW, "clock")


def test_a_time_on_paper_is_believed_for_sixty_days_whatever_the_clock():
    last_week = NOW - timedelta(days=7)

    assert counted(last_week, mode=Mode.PAPER, skew=None, now=NOW) == Counted(last_week)
    assert counted(NOW + timedelta(days=1), mode=Mode.PAPER, skew=None, now=NOW) == Counted(NOW, "clock")
    assert counted(NOW - timedelta(days=61), mode=Mode.PAPER, skew=None, now=NOW) == Counted(NOW, "clock")
    assert counted(NOW, mode=Mode.PAPER, skew=timedelta(hours=-1), now=NOW) == Counted(NOW)
