"""Who is in the house: worked out from scans, kept beside them so that the next door need not count.

`after` is the one rule; the door applies it to each new scan and an undo applies it to all that remain.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from checkin.models import Direction, Entry, ScanId


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A scan as far as presence goes; `admits` as the verdict said."""

    scan_id: ScanId
    direction: Direction
    admits: bool
    at: datetime
    gate: str
    zone: str
    by: str


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
    """The presence that follows; a refused scan changes nothing."""
    if passage.direction is Direction.EXIT:
        return replace(presence, inside=False, zone="", last_at=passage.at, exited=True)
    if not passage.admits:
        return presence
    inside = replace(presence, inside=True, zone=passage.zone, last_at=passage.at, exited=False)
    if presence.first:
        return inside
    first = Entry(passage.at, passage.gate, passage.by)
    return replace(inside, first=first, first_scan_id=passage.scan_id)


def replayed(passages: Iterable[Passage], *, attempt: int) -> Presence:
    """The presence after all of `passages`, which are in the order in which they were recorded."""
    presence = Presence(attempt=attempt)
    for passage in passages:
        presence = after(presence, passage)
    return presence
