"""Seat plans on A4: who sits at the table and who stands behind it, or a photo line, for a stated viewpoint.

Called in a worker process for the stage. Seen from above: the audience is at the foot of the page for whoever looks
from the hall, and at its head for whoever looks from the stage. One plan a page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from badges.canvas import Canvas
from badges.fonts import Weight, marked
from badges.paper import POINTS_PER_MM, Box, Paper
from badges.seatplan_words import WORDS
from badges.typeset import Align, Breaks, Style

INK = "#16181d"
GREY = "#5b616e"
HAIRLINE = "#c9cdd5"
SUNKEN = "#eef0f3"
ACCENT = "#9b2318"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSeat:
    """Somebody. tag: side, part or number. under: whom they stand for. named: whether anybody has the part.

    signs: sits at the table. assists: stands beside it.
    """

    name: str
    tag: str = ""
    under: str = ""
    named: bool = True
    signs: bool = False
    assists: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """People from left to right as the reader sees them. has_table: whether they are at the signing table."""

    seats: Sequence[PlanSeat]
    has_table: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatPlan:
    """One page. rows: the one nearest to the audience first. from_hall: whether the audience looks."""

    title: str
    rows: Sequence[PlanRow]
    from_hall: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatPlans:
    """All plans of an event that are wanted, in the reader's language. heading: the event's title."""

    heading: str
    plans: Sequence[SeatPlan]
    printed_at: datetime
    zone: ZoneInfo
    language: str


_A4_ACROSS = Paper(297, 210)
_PAGE = _A4_ACROSS.box.inset(12, 10)
_HEADING = Box(_PAGE.left, 10, 200, 6)
_TITLE = Box(_PAGE.left, 16, _PAGE.width, 14)
_TOP, _LAST = 36.0, 196.0
_FOOT = Box(_PAGE.left, 200, _PAGE.width, 5)
_STRIP = 10.0
_BAR = 8.0
_GAP = 3.0
_ROW_GAP = 9.0
_WIDEST, _TALLEST = 40.0, 40.0
_INNER = 1.2
_NARROW = 15.0
"""Below this width a Chinese name runs down and not across."""
_LONGEST_DOWN = 6
_TAG_ROOM, _NAME_SHARE = 6.0, 0.5
_SMALLEST = 4.5

_EVENT = Style(size=9, minimum=8, floor=7, colour=GREY)
_ROUND = Style(size=19, minimum=14, floor=11, lines=2, weight=Weight.BOLD, leading=1.25)
_VIEW = Style(size=9, minimum=8, floor=7, colour=GREY, align=Align.RIGHT)
_NOTE = Style(size=8, minimum=7, floor=6, colour=GREY)
_NOTE_RIGHT = replace(_NOTE, align=Align.RIGHT)
_STRIP_WORDS = Style(size=11, minimum=9, floor=8, colour=GREY, align=Align.CENTRE)
_TABLE_WORDS = Style(size=10, minimum=8, floor=7, align=Align.CENTRE)
_TAG = Style(size=8.5, minimum=6, floor=4.5, colour=GREY, align=Align.CENTRE)
_NAME = Style(
    size=18, minimum=13, floor=4.5, lines=3, weight=Weight.BOLD, align=Align.CENTRE, breaks=Breaks.NAME, leading=1.15
)
_DOWN = replace(_NAME, minimum=6, lines=1)
_UNDER = Style(size=8, minimum=7.5, floor=6.5, lines=3, colour=GREY, align=Align.CENTRE, leading=1.25)
_UNDER_NARROW = replace(_UNDER, size=6.5, minimum=5, floor=_SMALLEST)

Words = Mapping[str, str]


def draw(plans: SeatPlans, labels: Words | None = None) -> bytes:
    """The plans as PDF. `labels` replaces the words of `seatplan_words` for the language.

    They come out whatever people are called: a character that no face draws is marked.
    """
    words = labels or WORDS.get(plans.language, WORDS["en"])
    title = f"{marked(plans.heading)} – {words['sheet']}"
    canvas = Canvas(_A4_ACROSS, title=title, author="", language=plans.language)
    for plan in plans.plans:
        canvas.page()
        _Page(canvas, plans, plan, words).draw()
    return canvas.finish()


class _Page:
    """One plan in the making."""

    def __init__(self, canvas: Canvas, plans: SeatPlans, plan: SeatPlan, words: Words) -> None:
        self._canvas = canvas
        self._plans = plans
        self._plan = plan
        self._words = words

    def draw(self) -> None:
        """Head, audience, rows and foot, in the order in which they are read."""
        self._head()
        if self._plan.from_hall:
            self._rows(_TOP, list(reversed(self._plan.rows)))
            self._strip(_LAST - _STRIP)
        else:
            self._strip(_TOP)
            self._rows(_TOP + _STRIP + _ROW_GAP, self._plan.rows)
        self._foot()

    def _head(self) -> None:
        canvas, plan = self._canvas, self._plan
        canvas.words(marked(self._plans.heading), _EVENT, _HEADING)
        canvas.words(marked(plan.title), _ROUND, _TITLE)
        viewed = self._words["from_hall" if plan.from_hall else "from_stage"]
        canvas.words(viewed, _VIEW, replace(_HEADING, width=_PAGE.width))

    def _strip(self, top: float) -> None:
        """Where the audience sits."""
        box = Box(_PAGE.left, top, _PAGE.width, _STRIP)
        self._canvas.band(box, SUNKEN)
        self._canvas.words(self._words["hall"], _STRIP_WORDS, box.at(top + 2.4))

    def _rows(self, top: float, rows: Sequence[PlanRow]) -> None:
        """The rows from the top of their room downwards, as tall as there is room, in its middle."""
        if not rows:
            self._canvas.words(self._words["nobody"], _TABLE_WORDS, _PAGE.at(100))
            return
        room = _LAST - _STRIP - _ROW_GAP - _TOP
        bars = sum(_BAR + _GAP for row in rows if row.has_table)
        height = min(_TALLEST, (room - bars - _ROW_GAP * (len(rows) - 1)) / len(rows))
        used = bars + height * len(rows) + _ROW_GAP * (len(rows) - 1)
        top += (room - used) / 2
        for row in rows:
            top = self._row(row, top, height) + _ROW_GAP

    def _row(self, row: PlanRow, top: float, height: float) -> float:
        """One row, its table on the side of the audience; returns its lower edge."""
        width = min(_WIDEST, _PAGE.width / len(row.seats))
        left = _PAGE.left + (_PAGE.width - width * len(row.seats)) / 2
        boxes = [Box(left + width * place, top, width, height) for place in range(len(row.seats))]
        if not row.has_table:
            self._seats(row, boxes)
            return top + height
        if self._plan.from_hall:
            self._seats(row, boxes)
            self._table(row, boxes, top + height + _GAP)
        else:
            self._table(row, boxes, top)
            self._seats(row, [box.at(top + _BAR + _GAP) for box in boxes])
        return top + height + _GAP + _BAR

    def _table(self, row: PlanRow, boxes: Sequence[Box], top: float) -> None:
        chairs = [box for box, seat in zip(boxes, row.seats, strict=True) if seat.signs] or list(boxes)
        box = Box(chairs[0].left, top, chairs[-1].right - chairs[0].left, _BAR)
        self._frame(box, INK, 0.4)
        self._canvas.words(self._words["table"], _TABLE_WORDS, box.at(top + 1.6))

    def _seats(self, row: PlanRow, boxes: Sequence[Box]) -> None:
        for seat, box in zip(row.seats, boxes, strict=True):
            self._seat(seat, box.inset(min(1.5, box.width / 12), 0))

    def _seat(self, seat: PlanSeat, box: Box) -> None:
        """A card: the tag above, the name in the middle, whom they stand for below."""
        self._frame(box, ACCENT if seat.signs else HAIRLINE, 0.6 if seat.signs else 0.25)
        inner = box.inset(min(_INNER, box.width / 14), 1.6)
        self._canvas.words(marked(seat.tag), _TAG, inner)
        names = Box(inner.left, inner.top + _TAG_ROOM, inner.width, inner.height * _NAME_SHARE)
        is_narrow = box.width < _NARROW
        style = replace(_DOWN if is_narrow else _NAME, colour=INK if seat.named else GREY)
        self._name(seat.name, style, names, is_narrow=is_narrow)
        self._middle(seat.under, _UNDER_NARROW if is_narrow else _UNDER, inner.starting_at(names.bottom))

    def _name(self, name: str, style: Style, box: Box, *, is_narrow: bool) -> None:
        text = marked(name)
        if is_narrow and len(text) <= _LONGEST_DOWN and not text.isascii():
            size = min(style.size, box.height / len(text) / style.leading * POINTS_PER_MM, box.width * POINTS_PER_MM)
            down = replace(style, size=size, minimum=size, floor=size)
            step = size * style.leading / POINTS_PER_MM
            top = box.top + (box.height - step * len(text)) / 2
            for place, character in enumerate(text):
                self._canvas.words(character, down, box.at(top + place * step))
            return
        self._middle(text, replace(style, lines=3), box)

    def _middle(self, text: str, style: Style, box: Box) -> None:
        """Words in the middle of a box, made smaller until they stand in it."""
        fitted = style
        block = self._canvas.fit(marked(text), fitted, box.width)
        while block.height / POINTS_PER_MM > box.height and fitted.size > _SMALLEST:
            fitted = fitted.scaled(0.9)
            block = self._canvas.fit(marked(text), fitted, box.width)
        height = block.height / POINTS_PER_MM
        self._canvas.block(block, fitted, box.at(box.top + max(0.0, (box.height - height) / 2)))

    def _frame(self, box: Box, colour: str, thickness: float) -> None:
        for edge in (
            Box(box.left, box.top, box.width, thickness),
            Box(box.left, box.bottom - thickness, box.width, thickness),
            Box(box.left, box.top, thickness, box.height),
            Box(box.right - thickness, box.top, thickness, box.height),
        ):
            self._canvas.band(edge, colour)

    def _foot(self) -> None:
        plans = self._plans
        count = sum(len(row.seats) for row in self._plan.rows)
        parts = self._words["people"].format(count=count), self._words["page"].format(page=self._canvas.pages)
        self._canvas.words(" · ".join(parts), _NOTE, _FOOT)
        printed = f"{plans.printed_at.astimezone(plans.zone):%Y-%m-%d %H:%M}"
        self._canvas.words(f"{self._words['printed']} {printed} · {plans.zone.key}", _NOTE_RIGHT, _FOOT)
