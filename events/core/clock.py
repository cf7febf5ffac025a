"""What time it is, and in which zones. A clock is handed to whatever needs it, so that tests can hold it still."""

from datetime import UTC, datetime
from functools import cache
from typing import Protocol
from zoneinfo import available_timezones


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)


@cache
def zone_names() -> frozenset[str]:
    """Every zone that the machine knows. Finding them opens six hundred files, so it is done once a process."""
    return frozenset(available_timezones())
