"""What happened at the door, and when it counts: pure rules beside `judge`, which only says what should have happened.

A device without an answer decides alone, and people walk in on its word. So what happened to an offline scan is what
the device said; where that is not what the server says, both are kept and a lead looks at the two.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from checkin.models import Direction, Mode, VerdictCode

JITTER = timedelta(seconds=2)
"""Clocks that agree this well agree: the rest is the time that a request is under way."""

_LONGEST_AGO = timedelta(hours=48)
_PAPER_AGO = timedelta(days=60)
_FIRST_ENTRIES = {VerdictCode.ADMITTED, VerdictCode.ADMITTED_VIP}
_LETS_IN = _FIRST_ENTRIES | {VerdictCode.REENTERED, VerdictCode.VALID_UNSYNCED}
_OVERRIDABLE = {
    VerdictCode.NOT_CONFIRMED,
    VerdictCode.WRONG_GATE,
    VerdictCode.ALREADY_INSIDE,
    VerdictCode.TOO_EARLY,
    VerdictCode.TOO_LATE,
    VerdictCode.ZONE_FULL,
}
_WORDS = {code.value: code for code in VerdictCode}


@dataclass(frozen=True, slots=True)
class Outcome:
    """entered: somebody came in. passed: came in or went out. conflict: device and server do not say the same."""

    entered: bool
    passed: bool
    conflict: bool


def outcome_of(
    code: VerdictCode, *, direction: Direction, mode: Mode, local_verdict: str, overridden: bool = False
) -> Outcome:
    """What happened to a scan of which the server says `code`.

    Online that is the server's word; otherwise the device's, or the server's again where the device said none.
    overridden: a lead let the holder in, whatever amber the device showed.
    """
    word = code if mode is Mode.ONLINE else _WORDS.get(local_verdict, code)
    if direction is Direction.EXIT:
        return Outcome(entered=False, passed=word is VerdictCode.EXITED, conflict=False)
    entered = word in _LETS_IN or (overridden and word in _OVERRIDABLE)
    twice = code is VerdictCode.REENTERED and word in _FIRST_ENTRIES
    return Outcome(entered=entered, passed=entered, conflict=entered != (code in _LETS_IN) or twice)


@dataclass(frozen=True, slots=True)
class Counted:
    """When (UTC) a scan counts, and why the device's clock was not believed, if it was not."""

    at: datetime
    doubt: str = ""


def counted(scanned_at: datetime, *, mode: Mode, skew: timedelta | None, now: datetime) -> Counted:
    """When a scan counts that the device made at `scanned_at`, by its own clock, and that arrives `now`.

    skew: how far that clock is behind ours, None where nobody measured it. Online it counts now. Offline it counts
    when it was made, up to 48 hours ago and never in the future; a time outside that is not believed. Paper may lie
    about for 60 days before somebody enters it.
    """
    if mode is Mode.ONLINE:
        return Counted(now)
    drift, longest_ago = (timedelta(), _PAPER_AGO) if mode is Mode.PAPER else (skew or timedelta(), _LONGEST_AGO)
    try:
        made_at = scanned_at + drift
    except OverflowError:
        return Counted(now, "clock")
    if now - longest_ago <= made_at <= now + JITTER:
        return Counted(min(made_at, now))
    return Counted(now, "clock")
