"""A plan of seats measured for the screen: where every card and line of words stands, in pixels.

Pure; `stage/seatplan_svg.html` writes down what comes out of here. Browsers do not break lines in SVG, so that the
words are fitted here, by how wide characters usually run.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from checkin.stage.plan import Plan, Row, Seat
from checkin.stage.plan_words import HALL, TABLE
from checkin.stage.seating import View

CARD_WIDTH = 76
CARD_HEIGHT = 98
_GAP = 6
_ROW_GAP = 26
_EDGE = 6
_STRIP = 34
_BAR = 30
_BAR_GAP = 8
_LEAST_WIDTH = 280
_SHRINKS_UNTIL = 1220
_FITS_UNTIL = 340
_INSIDE = CARD_WIDTH - 6
_NAME_ROOM = 44
_LEADING = 1.15

_NAME_SIZES = (20, 18, 16, 15, 14, 13, 12, 11)
_NAME_LINES = 3
_UNDER_SIZE = 11
_UNDER_LINES = 2
_STEPS = 16
"""In how many steps the evenest lines are looked for."""
_AT_WORDS = re.compile(r"[^ ·]+·? ?|.")
_AT_JOINTS = re.compile(r"[^ ·\-]+[·\-]? ?|.")
_BETWEEN_HANZI = re.compile(
    r"[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff（《〈「]|[^ ·\-\u3005-\uffee]+[·\-]? ?|."
)
_NAME_BREAKS = (_AT_WORDS, _AT_JOINTS)
_PROSE_BREAKS = (_BETWEEN_HANZI,)
"""Where a text may be broken, the kindest places first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A line of words around `x`, on the baseline `y`."""

    text: str
    x: float
    y: float
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Somebody's card, from its left upper corner."""

    seat: Seat
    x: float
    y: float
    tag: Words
    name: tuple[Words, ...]
    under: tuple[Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The table, or where the audience sits."""

    x: float
    y: float
    width: float
    height: float
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The whole drawing. size: whether it fits a phone, shrinks to a desk's screen, or always scrolls."""

    width: int
    height: int
    size: str
    hall: Bar
    tables: tuple[Bar, ...]
    cards: tuple[Card, ...]
    card_width: int = CARD_WIDTH
    card_height: int = CARD_HEIGHT


def picture_of(plan: Plan) -> Picture:
    """The plan laid out as seen from above, the hall below for the audience and above for who stands on the stage."""
    widest = max((_row_width(row) for row in plan.rows), default=0)
    width = max(widest, _LEAST_WIDTH) + 2 * _EDGE
    is_hall = plan.view is View.HALL
    rows = list(reversed(plan.rows)) if is_hall else list(plan.rows)
    top = float(_EDGE if is_hall else _EDGE + _STRIP + _ROW_GAP)
    cards: list[Card] = []
    tables: list[Bar] = []
    for row in rows:
        bar = _BAR + _BAR_GAP if row.has_table else 0
        card_top = top if is_hall else top + bar
        cards.extend(_cards(row, width, card_top))
        if row.has_table:
            bar_top = card_top + CARD_HEIGHT + _BAR_GAP if is_hall else top
            tables.append(_table(row, plan, width, bar_top))
        top += CARD_HEIGHT + bar + _ROW_GAP
    strip = top if is_hall else float(_EDGE)
    height = round(top + _STRIP + _EDGE if is_hall else top - _ROW_GAP + _EDGE)
    hall = _bar(HALL[plan.language], Bounds(_EDGE, strip, width - 2 * _EDGE, _STRIP))
    return Picture(width=width, height=height, size=_size(width), hall=hall, tables=tuple(tables), cards=tuple(cards))


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle: left, top, width and height."""

    left: float
    top: float
    width: float
    height: float


def fitted(text: str, *, sizes: Sequence[int], lines: int, width: float, name: bool) -> tuple[int, list[str]]:
    """The largest of `sizes` at which `text` runs in at most `lines` lines, and these; cut at the smallest."""
    for breaks in _NAME_BREAKS if name else _PROSE_BREAKS:
        pieces = breaks.findall(text)
        for size in sizes:
            found = list(_broken(pieces, width / size))
            is_low = len(found) <= lines and len(found) * size * _LEADING <= _NAME_ROOM
            if is_low and all(_width(line) <= width / size for line in found):
                return size, _evened(pieces, width / size, lines=len(found))
    return sizes[-1], _cut(text, lines=lines, measure=width / sizes[-1])


def _row_width(row: Row) -> int:
    return len(row.seats) * (CARD_WIDTH + _GAP) - _GAP


def _size(width: int) -> str:
    if width <= _FITS_UNTIL:
        return "small"
    return "medium" if width <= _SHRINKS_UNTIL else "wide"


def _cards(row: Row, width: int, top: float) -> Iterator[Card]:
    left = (width - _row_width(row)) / 2
    for number, seat in enumerate(row.seats):
        yield _card(seat, left + number * (CARD_WIDTH + _GAP), top)


def _card(seat: Seat, x: float, y: float) -> Card:
    middle = x + CARD_WIDTH / 2
    size, name = fitted(seat.name, sizes=_NAME_SIZES, lines=_NAME_LINES, width=_INSIDE, name=True)
    step = size * _LEADING
    first = y + 44 - (len(name) - 1) * step / 2 + size * 0.36
    small, under = fitted(seat.under, sizes=(_UNDER_SIZE,), lines=_UNDER_LINES, width=_INSIDE, name=False)
    return Card(
        seat=seat,
        x=x,
        y=y,
        tag=Words(text=seat.tag, x=middle, y=y + 17, size=12),
        name=tuple(Words(text=line, x=middle, y=first + n * step, size=size) for n, line in enumerate(name)),
        under=tuple(Words(text=line, x=middle, y=y + 77 + n * 14, size=small) for n, line in enumerate(under)),
    )


def _table(row: Row, plan: Plan, width: int, top: float) -> Bar:
    """The table before its signatories, without the assistants at its ends."""
    left = (width - _row_width(row)) / 2
    chairs = [number for number, seat in enumerate(row.seats) if not seat.assists] or [0]
    start = left + chairs[0] * (CARD_WIDTH + _GAP)
    end = left + chairs[-1] * (CARD_WIDTH + _GAP) + CARD_WIDTH
    return _bar(TABLE[plan.language], Bounds(start, top, end - start, _BAR))


def _bar(text: str, bounds: Bounds) -> Bar:
    middle = bounds.left + bounds.width / 2
    words = Words(text=text, x=middle, y=bounds.top + bounds.height / 2 + 4.5, size=13)
    return Bar(x=bounds.left, y=bounds.top, width=bounds.width, height=bounds.height, words=words)


def _broken(pieces: Sequence[str], measure: float) -> Iterator[str]:
    """The pieces in as few lines as `measure`, in em, allows."""
    line = ""
    for piece in pieces:
        if line and _width((line + piece).rstrip()) > measure:
            yield line.rstrip()
            line = ""
        line += piece
    if line.strip():
        yield line.rstrip()


def _evened(pieces: Sequence[str], measure: float, *, lines: int) -> list[str]:
    """The pieces in so many lines, as alike in width as can be."""
    steps = (measure * part / _STEPS for part in range(1, _STEPS))
    settings = (list(_broken(pieces, step)) for step in steps)
    whole = list(_broken(pieces, measure))

    def fits(line: str) -> bool:
        return _width(line) <= measure

    return next((each for each in settings if len(each) == lines and all(map(fits, each))), whole)


def _cut(text: str, *, lines: int, measure: float) -> list[str]:
    """As many characters as there is room for, and an ellipsis."""
    found = list(_broken(list(text), measure))
    if len(found) <= lines:
        return found
    last = found[lines - 1]
    while last and _width(f"{last}…") > measure:
        last = last[:-1]
    return [*found[: lines - 1], f"{last}…"]


def _width(text: str) -> float:
    """How wide a text usually runs, in em."""
    return sum(map(_advance, text))


def _advance(character: str) -> float:
    if unicodedata.east_asian_width(character) in {"W", "F"}:
        return 1.0
    return 0.72 if character.isupper() else 0.6
