from datetime import UTC, datetime, timedelta

from events.core.clock import SystemClock
from tests.cast import NOON, FrozenClock


def test_the_machines_clock_tells_an_aware_time_in_utc() -> None:
    before = datetime.now(UTC)

    told = SystemClock().now()

    assert before <= told <= datetime.now(UTC)
    assert told.utcoffset() == timedelta()


def test_the_clock_of_the_tests_moves_only_when_told() -> None:
    clock = FrozenClock()

    first, second = clock.now(), clock.now()
    clock.forward(minutes=90)

    assert first == second == NOON
    assert clock.now() == NOON + timedelta(minutes=90)
