"""A list of precedence as a value: what it is for, by what it is ordered, who is on it and who was moved.

Pure. `ranking_store` reads it, `placing` changes it, pages, API and drawings show it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType
from uuid import UUID

from checkin.stage.precedence import Entry, Move, Placed, TieBreak, ordered, standing_moves
from checkin.stage.seating import Honour
from events.core.ids import EventId
from events.models import Guest, GuestId, SegmentId, Text

ListId = NewType("ListId", UUID)

MOST_PEOPLE = 60
"""So many people a list holds; those who sit or stand in one place are never more."""


class Purpose(StrEnum):
    """What a list is for."""

    SEATING = "seating"
    ANNOUNCEMENT = "announcement"
    PHOTO = "photo"
    HANDSHAKE = "handshake"
    BACK_ROW = "back_row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """A list of precedence. segment_id: the part of the programme that it is for, None for the whole event.

    rows, honour: how it is drawn. sides: the keys of the hosting sides in their order. guests: everybody on the list.
    moves: first to last, those that were taken back too. version: counts every change.
    """

    id: ListId
    event_id: EventId
    segment_id: SegmentId | None
    title: Text
    purpose: Purpose
    tie_breaks: tuple[TieBreak, ...]
    interleaves: bool
    rows: int
    honour: Honour
    version: int
    sides: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    moves: tuple[Move, ...] = ()
    guests: Mapping[GuestId, Guest]

    @property
    def placed(self) -> list[Placed]:
        """Everybody where they stand."""
        return ordered(self.entries, self.tie_breaks, interleaves=self.interleaves, sides=self.sides, moves=self.moves)

    @property
    def last_move(self) -> Move | None:
        """The move that can be taken back."""
        return next(iter(standing_moves(self.moves)[-1:]), None)

    def entry(self, guest_id: GuestId) -> Entry | None:
        """Somebody's entry; None where they are not on the list."""
        return next((each for each in self.entries if each.guest_id == guest_id), None)


def in_order(ranking: Ranking) -> Sequence[Guest]:
    """The guests in the order of the list."""
    return [ranking.guests[each.entry.guest_id] for each in ranking.placed]
