"""Who is in the house: worked out from what happened, kept beside it so that the next door need not count.

`after` is the one rule. The door applies it to each new passage; whatever arrives late, and every undo, replays all
passages that stand, in the order in which they happened.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from checkin.models import Direction, Entry, ScanId


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Somebody went in or out. `at` is the time that counts (UTC)."""

    scan_id: ScanId
    direction: Direction
    at: datetime
    gate: str
    zone: str
    by: str

    @property
    def order(self) -> tuple[datetime, UUID]:
        """Its place among all passages of a guest, whatever the order in which they arrived."""
        return self.at, self.scan_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Where a guest is and when they first came. `exited`: an exit scan ended the last stay.

    `attempt` counts first entries that were undone.
    """

    first: Entry | None = None
    first_scan_id: ScanId | None = None
    inside: bool = False
    zone: str = ""
    last_at: datetime | None = None
    exited: bool = False
    attempt: int = 0


NOWHERE = Presence()
"""Who has not come yet."""


def after(presence: Presence, passage: Passage) -> Presence:
    """The presence that follows a passage which is the latest."""
    if passage.direction is Direction.EXIT:
        return replace(presence, inside=False, zone="", last_at=passage.at, exited=True)
    inside = replace(presence, inside=True, zone=passage.zone, last_at=passage.at, exited=False)
    if presence.first:
        return inside
    first = Entry(passage.at, passage.gate, passage.by)
    return replace(inside, first=first, first_scan_id=passage.scan_id)


def replayed(passages: Iterable[Passage], *, attempt: int) -> Presence:
    """The presence after all of `passages`, given in any order."""
    presence = Presence(attempt=attempt)
    for passage in sorted(passages, key=lambda passage: passage.order):
        presence = after(presence, passage)
    return presence
