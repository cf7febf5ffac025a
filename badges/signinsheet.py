"""Sign-in sheets: the guest list on A4 for the desk that has neither network nor power, in order of the names.

Called in a worker process for the desk's page. Each desk gets sheets with page numbers of their own; every row has
the ticket's QR symbol, so that the ticks are entered later with a hand scanner. The symbols stand far enough apart
for one of them to be aimed at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from badges.canvas import Canvas
from badges.fonts import Weight, marked, missing
from badges.paper import A4, POINTS_PER_MM, Box
from badges.signinsheet_words import WORDS
from badges.symbol import symbol
from badges.typeset import Align, Block, Breaks, Style

INK = "#16181d"
GREY = "#5b616e"
PALE = "#8b919d"
HAIRLINE = "#c9cdd5"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRow:
    """One guest. letter: under which the guest is looked for. number: the ticket's, which never changes."""

    code: str
    number: int
    letter: str
    name: str
    name_latin: str = ""
    organisation: str = ""
    category: str = ""
    colour: str = HAIRLINE
    slot: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The guests of one desk in their order. name: the range of letters, the category or the gate."""

    name: str
    rows: Sequence[SignInRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInSheet:
    """All sheets of an event in the reader's language. blank: lines for walk-ins at the end of each desk's."""

    title: str
    when: str = ""
    desks: Sequence[Desk]
    printed_at: datetime
    zone: ZoneInfo
    language: str
    blank: int = 8


_PAGE = A4.box.inset(8, 10)
_TITLE = Box(_PAGE.left, 10, 130, 12)
_DESK = Box(142, 8.5, A4.width - 8 - 142, 12)
_HEADS = 24.0
"""Where the heads of the columns stand."""
_TOP = 29.5
_LAST = 281.0
"""Where the lowest row of a page may end."""
_FOOT = Box(_PAGE.left, 284.5, _PAGE.width, 5)

_LETTER, _TICK, _CODE, _NAME, _WORK, _CATEGORY, _SLOT, _TIME, _SIGNATURE = (
    Box(left, 0, width, 0)
    for left, width in (
        (8, 10),
        (19, 6.5),
        (30, 14),
        (48.5, 42),
        (93, 37),
        (133, 19),
        (153.5, 12.5),
        (167, 11.5),
        (180.5, 21.5),
    )
)
_ROW = 16.7
"""A symbol of 14 mm and the white that it needs to the next."""
_BLANK_ROW = 12.5
_QUIET = 2.3
_BOX_INK = 0.3
_LINE_RISE = 4.6
"""How far the line to write on stands above the end of the row."""

_EVENT = Style(size=9.5, minimum=8, floor=7, weight=Weight.BOLD)
_WHEN = Style(size=8, minimum=7, floor=6.5, colour=GREY, leading=1.5)
_RANGE = Style(size=22, minimum=12, floor=9, lines=2, weight=Weight.BOLD, align=Align.RIGHT, leading=1.15)
_HEAD = Style(size=7.5, minimum=6, floor=5, colour=GREY)
_HEAD_RIGHT = replace(_HEAD, align=Align.RIGHT)
_INDEX = Style(size=26, minimum=20, floor=12, weight=Weight.BOLD, align=Align.CENTRE, leading=1)
_AGAIN = replace(_INDEX, size=14, minimum=10, weight=Weight.REGULAR, colour=PALE)
_WHO = Style(size=14, minimum=11, floor=8, lines=2, weight=Weight.BOLD, breaks=Breaks.NAME, leading=1.2)
_LATIN = Style(size=8.5, minimum=7, floor=6, lines=2, colour=GREY, breaks=Breaks.NAME, leading=1.3)
_TEXT = Style(size=8.5, minimum=8, floor=6.5, lines=3, leading=1.35)
_KIND = Style(size=8, minimum=7, floor=5.5, lines=3, leading=1.35)
_NUMBER = Style(size=6.5, minimum=5, floor=4.5, colour=GREY, align=Align.CENTRE, leading=1.2)
_PLACE = Style(size=11, minimum=8, floor=6, weight=Weight.BOLD, align=Align.CENTRE, leading=1.2)

Words = Mapping[str, str]
Placed = Sequence[tuple[Block, Style]]


def draw(sheet: SignInSheet, labels: Words | None = None) -> bytes:
    """The sheets as PDF. `labels` replaces the words of `signinsheet_words` for the sheet's language.

    They must come out whatever a guest is called: a character that no face draws is marked as in the attendance record.
    """
    words = labels or WORDS.get(sheet.language, WORDS["en"])
    canvas = Canvas(A4, title=f"{marked(sheet.title)} – {words['sheet']}", author="", language=sheet.language)
    with canvas.shared("heads"):
        _heads(canvas, words)
    for number, desk in enumerate(sheet.desks or (Desk(name="", rows=()),)):
        _Desk(canvas, sheet, desk, words, part=f"pages {number}").draw()
    return canvas.finish()


def _heads(canvas: Canvas, words: Words) -> None:
    """The heads of the columns with the line under them."""
    heads = (("came", _TICK), ("name", _NAME), ("organisation", _WORK), ("category", _CATEGORY))
    written = (("slot", _SLOT), ("time", _TIME), ("signature", _SIGNATURE))
    for key, column in (*heads, *written):
        canvas.words(words[key], _HEAD, replace(column, top=_HEADS, width=column.width + 2))
    canvas.rule(_PAGE.left, _TOP - 0.8, _PAGE.width, colour=INK, thickness=0.35)


class _Desk:
    """The sheets of one desk in the making."""

    def __init__(self, canvas: Canvas, sheet: SignInSheet, desk: Desk, words: Words, *, part: str) -> None:
        self._canvas = canvas
        self._sheet = sheet
        self._desk = desk
        self._words = words
        self._part = part
        self._pages = 0
        self._top = _LAST
        self._letter = ""

    def draw(self) -> None:
        """All rows, then the blank ones, then how many pages that made."""
        if not self._desk.rows:
            self._room_for(_ROW)
            self._top = self._canvas.words(self._words["nobody"], _TEXT, replace(_NAME, top=self._top + 3, width=120))
        for row in self._desk.rows:
            self._row(row)
        for number in range(self._sheet.blank):
            self._blank(first=number == 0)
        with self._canvas.shared(self._part):
            self._canvas.words(self._words["pages"].format(pages=self._pages), _HEAD, _FOOT)

    def _row(self, row: SignInRow) -> None:
        canvas = self._canvas
        who = self._set(_NAME, *_names(row))
        work = self._set(_WORK, (row.organisation, _TEXT))
        kind = self._set(replace(_CATEGORY, width=_CATEGORY.width - 3), (row.category, _KIND))
        self._room_for(height := max(_ROW, *(_height(each) + 3 for each in (who, work, kind))))
        top = self._top
        self._index(row.letter)
        self._tick(f"{row.number}")
        canvas.code(symbol(row.code), Box(_CODE.left, top + (height - _CODE.width) / 2, _CODE.width, _CODE.width))
        for column, blocks in ((_NAME, who), (_WORK, work)):
            self._stack(blocks, column, middle=top + height / 2)
        canvas.band(Box(_CATEGORY.left, top + height / 2 - 4.5, 1.5, 9), row.colour)
        self._stack(kind, replace(_CATEGORY, left=_CATEGORY.left + 3), middle=top + height / 2)
        self._stack(self._set(_SLOT, (row.slot, _PLACE)), _SLOT, middle=top + height / 2)
        self._lines_to_write_on(_TIME, _SIGNATURE, height=height)
        self._end_row(height)

    def _blank(self, *, first: bool) -> None:
        """A line on which somebody is written who was not on the list."""
        self._room_for(_BLANK_ROW)
        self._index("+")
        if first:
            self._canvas.words(self._words["walk_ins"], _HEAD, _NAME.at(self._top + 0.8))
        self._tick("")
        name = replace(_NAME, left=_CODE.left, width=_NAME.right - _CODE.left)
        self._lines_to_write_on(name, _WORK, _CATEGORY, _TIME, _SIGNATURE, height=_BLANK_ROW + 1.6)
        self._end_row(_BLANK_ROW)

    def _room_for(self, height: float) -> None:
        if self._top + height > _LAST:
            self._page()

    def _page(self) -> None:
        """Begin a page that says whose it is."""
        canvas, sheet = self._canvas, self._sheet
        canvas.page()
        self._pages += 1
        lower = canvas.words(marked(sheet.title), _EVENT, _TITLE)
        count = self._words["guests"].format(count=len(self._desk.rows))
        canvas.words(" · ".join(filter(None, (self._words["sheet"], sheet.when, count))), _WHEN, _TITLE.at(lower + 0.4))
        canvas.words(marked(self._desk.name), _RANGE, _DESK)
        canvas.stamp("heads")
        self._foot()
        self._top = _TOP

    def _foot(self) -> None:
        """Page x of y, where y is filled in when the desk's pages are drawn, and when this was printed."""
        canvas, sheet = self._canvas, self._sheet
        page = canvas.fit(self._words["page"].format(page=self._pages), _HEAD, _FOOT.width)
        canvas.block(page, _HEAD, _FOOT)
        canvas.stamp(self._part, right=page.size * page.lines[0].width / POINTS_PER_MM)
        printed = f"{sheet.printed_at.astimezone(sheet.zone):%Y-%m-%d %H:%M}"
        canvas.words(f"{self._words['printed']} {printed} · {sheet.zone.key}", _HEAD_RIGHT, _FOOT)

    def _index(self, letter: str) -> None:
        """The letter in the margin under a strong line where a new one begins, and small where a page goes on."""
        if letter != self._letter:
            self._letter = letter
            self._canvas.words(letter, _INDEX, _LETTER.at(self._top + 1.6))
            if self._top > _TOP:
                self._rule(_PAGE.left, colour=INK, thickness=0.5)
        elif self._top == _TOP:
            self._canvas.words(letter, _AGAIN, _LETTER.at(_TOP + 2.2))

    def _tick(self, number: str) -> None:
        box = _TICK.at(self._top + (3.6 if number else 3))
        side = _TICK.width
        for edge in (
            Box(box.left, box.top, side, _BOX_INK),
            Box(box.left, box.top + side - _BOX_INK, side, _BOX_INK),
            Box(box.left, box.top, _BOX_INK, side),
            Box(box.left + side - _BOX_INK, box.top, _BOX_INK, side),
        ):
            self._canvas.band(edge, INK)
        self._canvas.words(number, _NUMBER, box.at(box.top + side + 0.7))

    def _lines_to_write_on(self, *columns: Box, height: float) -> None:
        for column in columns:
            self._canvas.rule(column.left, self._top + height - _LINE_RISE, column.width, colour=PALE, thickness=0.15)

    def _end_row(self, height: float) -> None:
        self._top += height
        self._rule(_TICK.left, colour=HAIRLINE, thickness=0.2)

    def _rule(self, left: float, *, colour: str, thickness: float) -> None:
        """A line between two rows that leaves the symbols their white."""
        for start, end in ((left, _CODE.left - _QUIET), (_CODE.right + _QUIET, _PAGE.right)):
            self._canvas.rule(start, self._top - thickness / 2, end - start, colour=colour, thickness=thickness)

    def _set(self, column: Box, *texts: tuple[str, Style]) -> Placed:
        return [(self._canvas.fit(marked(text), style, column.width), style) for text, style in texts if text]

    def _stack(self, blocks: Placed, column: Box, *, middle: float) -> None:
        """Blocks under each other, around the middle of the row."""
        lower = middle - _height(blocks) / 2
        for block, style in blocks:
            lower = self._canvas.block(block, style, column.at(lower))


def _names(row: SignInRow) -> list[tuple[str, Style]]:
    """The name with its Latin form under it, or that alone where no face draws the name."""
    if row.name_latin and missing(row.name) and not missing(row.name_latin):
        return [(row.name_latin, _WHO)]
    return [(row.name, _WHO), (row.name_latin, _LATIN)]


def _height(blocks: Placed) -> float:
    return sum(block.height for block, _ in blocks) / POINTS_PER_MM
