"""Who comes before whom (礼宾次序): the natural order of a list, and what a protocol officer moved in it, with reasons.

Pure. Called by the pages and the API of precedence lists, and by whoever draws or prints one.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from checkin.stage.strokes import stroke_key
from events.models import GuestId
from events.names import fold, sort_key

_LAST = 10**9
"""Where whoever was given no number stands."""


class TieBreak(StrEnum):
    """By what people of one rank are told apart."""

    POSITION = "position"
    FOUNDED = "founded"
    ORGANISATION = "organisation"
    PINYIN = "pinyin"
    STROKES = "strokes"
    LATIN = "latin"


class Ground(StrEnum):
    """Why somebody stands behind whoever is before them: by rank, by a tie-break, because the sides take turns, or by
    the bare spelling of the name where nothing else tells two people apart."""

    RANK = "rank"
    POSITION = "position"
    FOUNDED = "founded"
    ORGANISATION = "organisation"
    PINYIN = "pinyin"
    STROKES = "strokes"
    LATIN = "latin"
    TURN = "turn"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Somebody on a list. rank, grade: lower first, 0 for none, which stands behind all that are given.

    rank: where protocol puts this person, whatever else is so. grade: of the position held. founded: the year of the
    organisation, the older first. side: the key of the hosting side, empty for none.
    """

    guest_id: GuestId
    rank: int = 0
    grade: int = 0
    founded: int | None = None
    name: str
    name_latin: str = ""
    organisation: str = ""
    side: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Somebody was put at `to_position`, from 1. `number`: from 1 without a gap.

    undoes: the number of the move that this one takes back; it moves nobody itself.
    """

    number: int
    guest_id: GuestId
    from_position: int
    to_position: int
    reason: str
    at: datetime
    actor_name: str
    undoes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An entry where it stands. position: in the list as it is; natural: without any move; both from 1.

    ground: why its natural position is that. move: the last one that stands and moved this very person; without one,
    a position other than the natural one comes from moves of others.
    """

    entry: Entry
    position: int
    natural: int
    ground: Ground
    move: Move | None = None


def ordered(
    entries: Sequence[Entry],
    tie_breaks: Sequence[TieBreak],
    *,
    interleaves: bool = False,
    sides: Sequence[str] = (),
    moves: Sequence[Move] = (),
) -> list[Placed]:
    """The list as it stands, whatever the order of `entries`.

    Explicit rank decides first, across sides. Among people of one rank, or of none, the tie-breaks decide in turn, then
    the spelling of the name and the id, so that no two are equal. With `interleaves` the `sides`, in the order given,
    take turns within each rank, each in its own order; the side that did not have the last word goes on, and people of
    no side stand behind. That is how two hosts show that they are equal: the first of each stand together, whatever
    their offices. Moves that stand are applied last, in the order in which they were made.
    """
    natural = _natural(entries, tie_breaks, sides=sides if interleaves else ())
    numbers = {entry.guest_id: number for number, entry in enumerate(natural, 1)}
    standing = [move for move in standing_moves(moves) if move.guest_id in numbers]
    latest = {move.guest_id: move for move in standing}
    grounds = _grounds(natural, tie_breaks, turns=interleaves)
    return [
        Placed(
            entry=entry,
            position=position,
            natural=numbers[entry.guest_id],
            ground=grounds[entry.guest_id],
            move=latest.get(entry.guest_id),
        )
        for position, entry in enumerate(_moved(natural, standing), 1)
    ]


def standing_moves(moves: Sequence[Move]) -> list[Move]:
    """The moves that nobody took back, first to last."""
    undone = {move.undoes for move in moves}
    kept = (move for move in moves if move.undoes is None and move.number not in undone)
    return sorted(kept, key=lambda move: move.number)


def _natural(entries: Sequence[Entry], tie_breaks: Sequence[TieBreak], *, sides: Sequence[str]) -> list[Entry]:
    def key(entry: Entry) -> tuple[Any, ...]:
        ties = (_KEYS[tie_break](entry) for tie_break in tie_breaks)
        return _rank(entry), *ties, entry.name, entry.guest_id

    natural: list[Entry] = []
    for _, group in groupby(sorted(entries, key=key), key=_rank):
        natural.extend(_in_turns(list(group), sides, last=natural[-1].side if natural else ""))
    return natural


def _in_turns(people: Sequence[Entry], sides: Sequence[str], *, last: str) -> Iterator[Entry]:
    """People of one rank, the sides in turn after the side of whoever is before them."""
    waiting = {side: deque(each for each in people if each.side == side) for side in sides}
    start = sides.index(last) + 1 if last in sides else 0
    turns = deque((*sides[start:], *sides[:start]))
    while any(waiting.values()):
        if line := waiting[turns[0]]:
            yield line.popleft()
        turns.rotate(-1)
    yield from (each for each in people if each.side not in waiting)


def _moved(natural: Sequence[Entry], standing: Sequence[Move]) -> list[Entry]:
    order = list(natural)
    for move in standing:
        place = next(place for place, entry in enumerate(order) if entry.guest_id == move.guest_id)
        order.insert(move.to_position - 1, order.pop(place))
    return order


def _grounds(natural: Sequence[Entry], tie_breaks: Sequence[TieBreak], *, turns: bool) -> dict[GuestId, Ground]:
    """Why each stands behind the one before: of their own side where sides take turns, else behind the turn."""
    grounds: dict[GuestId, Ground] = {}
    for place, entry in enumerate(natural):
        peers = [each for each in natural if each.side == entry.side] if turns else list(natural)
        own = peers.index(entry)
        other = peers[own - 1] if own else next(iter(peers[1:]), None)
        ground = _difference(entry, other, tie_breaks) if other else Ground.NAME
        leads = turns and place > 0 and own == 0 and _rank(natural[place - 1]) == _rank(entry)
        grounds[entry.guest_id] = Ground.TURN if leads else ground
    return grounds


def _difference(entry: Entry, other: Entry, tie_breaks: Sequence[TieBreak]) -> Ground:
    """The first thing that tells two people apart."""
    if _rank(entry) != _rank(other):
        return Ground.RANK
    for tie_break in tie_breaks:
        key = _KEYS[tie_break]
        if key(entry) != key(other):
            return Ground(tie_break.value)
    return Ground.NAME


def _rank(entry: Entry) -> int:
    return entry.rank or _LAST


def _by_letters(entry: Entry) -> tuple[bool, str]:
    """By the Latin spelling as the guest gives it; who has none stands behind."""
    spelt = fold(entry.name_latin or entry.name)
    return not spelt.isascii(), spelt


_KEYS: Mapping[TieBreak, Callable[[Entry], Any]] = {
    TieBreak.POSITION: lambda entry: entry.grade or _LAST,
    TieBreak.FOUNDED: lambda entry: entry.founded or _LAST,
    TieBreak.ORGANISATION: lambda entry: (not entry.organisation, sort_key(entry.organisation)),
    TieBreak.PINYIN: lambda entry: sort_key(entry.name, entry.name_latin),
    TieBreak.STROKES: lambda entry: stroke_key(entry.name),
    TieBreak.LATIN: _by_letters,
}
