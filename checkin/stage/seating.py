"""Where people sit and stand, for whoever looks: from the stage towards the hall, or from the hall.

Pure. Called by `plan`, which draws the answer; `tests/vectors/stage.json` has the cases. The rules are those of
protocol practice as CEREMONY.md states them. Everything is reckoned from the people's own view, facing the hall, and
mirrored for the audience at the very end.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, zip_longest

from checkin.stage.models import Hosting


class View(StrEnum):
    """Who looks: the people themselves, facing the hall, or the audience, which sees the reverse."""

    STAGE = "stage"
    HALL = "hall"


class Honour(StrEnum):
    """On which hand of the first person the second stands: right is international practice, left (左为上) domestic
    practice on the mainland."""

    RIGHT = "right"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Somebody to be placed. key: the caller's own. slot: an explicit seat or place, from 1 from the people's own left.

    assists: whether this is an assistant, who stands beside a signatory of the same party.
    """

    key: str
    hosting: Hosting = Hosting.NEITHER
    party: int = 0
    assists: bool = False
    slot: int | None = None


def view_named(text: str) -> View:
    """The view that an address names; the audience's, where it names none."""
    return View(text) if text in set(View) else View.HALL


def at_table(people: Sequence[Figure], *, view: View) -> list[Figure]:
    """Signatories and their assistants from left to right as `view` sees them.

    Two parties: the guest signs on the right and the host on the left from the signers' own view, international
    practice which mainland protocol keeps too. Where neither is the guest of the other, and for several parties,
    the agreed order counts, the first at the place of honour: the right end, which the audience reads first.
    An assistant stands outside their signatory, on the side away from the middle of the table; in the very middle on
    the signatory's left. An explicit seat counts the signatories' chairs; who has none keeps the conventional order
    around it.
    """
    groups = _parties(people)
    signing = [[each for each in group if not each.assists] for group in groups]
    fixed = _fixed([each for each in people if not each.assists])
    seated = _around(fixed, [each for each in _chairs(signing) if each not in fixed.values()])
    beside = _assistants(groups)
    own = [each for each in people if each.assists and each not in chain(*beside.values())]
    left = len(signing[1]) if len(signing) == _TWO else (len(seated) + 1) // 2
    for chair, signatory in enumerate(seated):
        helpers = beside.get(signatory.key, [])
        own.extend((*reversed(helpers), signatory) if chair < left else (signatory, *helpers))
    return _seen(own, view)


def in_rows(
    people: Sequence[Figure], *, rows: int = 1, honour: Honour = Honour.RIGHT, view: View = View.STAGE
) -> list[list[Figure]]:
    """Rows, the front one first, each from left to right as `view` sees it. people: higher rank first.

    Rank goes from the centre outwards, the second on the hand of `honour` and then by turns, for odd and for even
    numbers alike. Where some are of the guest's side and some of the host's, the guests stand on the right, the hosts
    on the left, the first of each next to the centre; who is of neither side stands between them. Several rows: higher
    rank in front, the rows as even as can be and the longer ones in front. An explicit place counts through the rows
    from the front; the others keep the conventional order around it.
    """
    sizes = row_sizes(len(people), rows)
    fixed = _fixed(people)
    free = _by_rank([each for each in people if each not in fixed.values()])
    placed: list[list[Figure]] = []
    for number, size in enumerate(sizes):
        start = sum(sizes[:number])
        own = {slot - start: fixed[slot] for slot in sorted(fixed) if start <= slot < start + size}
        count = size - len(own)
        placed.append(_seen(_around(own, _line(free[:count], honour)), view))
        free = free[count:]
    return placed


def row_sizes(count: int, rows: int) -> list[int]:
    """How many stand in each row, the front one first; none is empty."""
    if not count:
        return []
    used = min(max(rows, 1), count)
    each, more = divmod(count, used)
    return [each + (row < more) for row in range(used)]


def _parties(people: Sequence[Figure]) -> list[list[Figure]]:
    """The parties in order of honour: the guest before the host where there are two, else as agreed."""
    numbers = sorted({each.party for each in people})
    groups = [[each for each in people if each.party == number] for number in numbers]
    if len(groups) == _TWO:
        groups.sort(key=lambda group: _HONOURED.index(group[0].hosting))
    return groups


def _chairs(signing: Sequence[Sequence[Figure]]) -> list[Figure]:
    """Signatories from their own left. Of two parties the first signatory of each sits next to the other's."""
    if len(signing) == _TWO:
        honoured, other = signing
        return [*reversed(other), *honoured]
    return list(reversed(list(chain(*signing))))


def _assistants(groups: Sequence[Sequence[Figure]]) -> Mapping[str, list[Figure]]:
    """Who stands beside each signatory; whoever is more than there are signatories stands by the last."""
    beside: dict[str, list[Figure]] = {}
    for group in groups:
        signing = [each for each in group if not each.assists]
        for number, helper in enumerate(each for each in group if each.assists and signing):
            beside.setdefault(signing[min(number, len(signing) - 1)].key, []).append(helper)
    return beside


def _fixed(people: Sequence[Figure]) -> dict[int, Figure]:
    """Who has an explicit slot, by its index: one beyond the last is the last, and the first who claims it keeps it."""
    fixed: dict[int, Figure] = {}
    for each in people:
        if each.slot is not None:
            fixed.setdefault(min(max(each.slot, 1), len(people)) - 1, each)
    return fixed


def _around(fixed: Mapping[int, Figure], others: Sequence[Figure]) -> list[Figure]:
    """`others` in their order, with each of `fixed` at its index."""
    line = list(others)
    for slot in sorted(fixed):
        line.insert(slot, fixed[slot])
    return line


def _by_rank(people: Sequence[Figure]) -> list[Figure]:
    """One order of all: who is of neither side, then guests and hosts by turns, each side in its own order."""
    guests, hosts = _of(people, Hosting.GUEST), _of(people, Hosting.HOST)
    by_turns = chain(*zip_longest(guests, hosts))
    return [*_of(people, Hosting.NEITHER), *(each for each in by_turns if each)]


def _line(people: Sequence[Figure], honour: Honour) -> list[Figure]:
    """One row from its own left: hosts, then who is of neither side from the centre outwards, then guests."""
    centre: deque[Figure] = deque()
    for number, each in enumerate(_of(people, Hosting.NEITHER)):
        goes_right = (number % 2 == 1) == (honour is Honour.RIGHT)
        (centre.append if goes_right else centre.appendleft)(each)
    return [*reversed(_of(people, Hosting.HOST)), *centre, *_of(people, Hosting.GUEST)]


def _of(people: Sequence[Figure], hosting: Hosting) -> list[Figure]:
    return [each for each in people if each.hosting is hosting]


def _seen(own: Sequence[Figure], view: View) -> list[Figure]:
    return list(own) if view is View.STAGE else list(reversed(own))


_TWO = 2
_HONOURED = (Hosting.GUEST, Hosting.NEITHER, Hosting.HOST)
