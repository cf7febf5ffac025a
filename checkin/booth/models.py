"""The booths' nouns as pure values: no HTTP, no SQL.

What sales people call a lead is a `Visit` here: at the door a lead is a steward who may do more. The table and the
addresses are called `leads`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID

from events.models import UNSAID, Exhibitor, Guest, Segment, Text

VisitId = NewType("VisitId", UUID)


class Answer(StrEnum):
    """What a booth is told of a code: the visitor, that they have not agreed, or that it is nobody's."""

    SHARED = "shared"
    NOT_AGREED = "not_agreed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A visitor whom a booth scanned, and who agreed to it. by: the device, as people call it."""

    id: VisitId
    booth: str
    guest: Guest
    at: datetime
    note: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What came of a scan at a booth. repeated: this booth had the visitor already."""

    answer: Answer
    visit: Visit | None = None
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One stop of a tour. note: what the guide says or takes care of there."""

    booth: str
    minutes: int
    note: Text = UNSAID


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Somebody of an exhibitor, and whether they are in the house now."""

    guest: Guest
    inside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Visiting:
    """A stop as the guide sees it: when the tour should be there, whose booth it is, and who is expected at it."""

    number: int
    at: datetime
    stop: Stop
    exhibitor: Exhibitor
    staff: Sequence[Staff]

    @property
    def until(self) -> datetime:
        """When the tour should go on."""
        return self.at + timedelta(minutes=self.stop.minutes)

    @property
    def present(self) -> int:
        """How many of the staff are in the house."""
        return sum(each.inside for each in self.staff)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """A segment of kind `tour` with its stops in order."""

    segment: Segment
    stops: Sequence[Visiting]

    def due(self, now: datetime) -> int:
        """The number of the stop at which the tour should be by the clock: the first before it begins, the last
        after it; 0 without any."""
        begun = [each.number for each in self.stops if each.at <= now]
        return begun[-1] if begun else min(1, len(self.stops))
