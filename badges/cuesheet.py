"""The cue sheet: what the master of ceremonies reads out, on A4 in large type, with marks of what changed.

Called in a worker process for the stage. A line stays whole on its page with the people whom it names, and a heading
with the line that follows; only a script that was written at length runs on, two lines at least on either page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from badges.canvas import Canvas
from badges.cuesheet_words import WORDS
from badges.fonts import Weight, marked
from badges.paper import A4, POINTS_PER_MM, Box
from badges.typeset import Align, Block, Breaks, Style, wrapped

INK = "#16181d"
GREY = "#5b616e"
HAIRLINE = "#c9cdd5"


class Mark(StrEnum):
    """How a line differs from the print before."""

    NONE = ""
    CHANGED = "changed"
    NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody whom a line names. second: the name in the other script. notes: what to mind, each in a few words."""

    role: str
    name: str
    second: str = ""
    title: str = ""
    reading: str = ""
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One line. whole: phrases of its sentence that are not broken. is_read: what is not read out stands small."""

    label: str
    sentence: str
    script: str = ""
    whole: Sequence[str] = ()
    people: Sequence[Named] = ()
    mark: Mark = Mark.NONE
    is_read: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The lines of a round under its number and title; the opening of a segment has neither."""

    number: str = ""
    title: str = ""
    time: str = ""
    cues: Sequence[Cue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A segment of the programme."""

    title: str
    time: str = ""
    place: str = ""
    groups: Sequence[Group]


@dataclass(frozen=True, slots=True, kw_only=True)
class CueSheet:
    """The whole sheet. since: when the print was made that the marks compare with; gone: lines of it that are none."""

    event: str
    sections: Sequence[Section]
    printed_at: datetime
    zone: ZoneInfo
    language: str
    since: datetime | None = None
    gone: int = 0


_TEXT = Box(36, 0, 158, 0)
_GUTTER = Box(14, 0, 16, 0)
_BAR = Box(31.6, 0, 1.8, 0)
_NAME = Box(40, 0, 72, 0)
_ABOUT = Box(116, 0, 78, 0)
_HEAD = Box(14, 11, 180, 6)
_TOP = 24.0
_LAST = 279.0
_LONG = 110.0
"""People whose lines are longer together may stand on two pages, two of them at least on each."""
_FOOT = Box(14, 285.5, 180, 5)

_RUNNING = Style(size=9, minimum=7, floor=6, colour=GREY)
_RUNNING_RIGHT = replace(_RUNNING, align=Align.RIGHT)
_SMALL = Style(size=8.5, minimum=7, floor=6, colour=GREY)
_NOTICE = Style(size=10.5, minimum=9, floor=8, lines=2, weight=Weight.BOLD)
_SECTION = Style(size=21, minimum=17, floor=13, lines=3, weight=Weight.BOLD, leading=1.3)
_WHERE = Style(size=11, minimum=9, floor=8, lines=2, colour=GREY)
_TIME = Style(size=13, minimum=9, floor=8, weight=Weight.BOLD)
_ROUND = Style(size=13.5, minimum=12, floor=10, lines=4, weight=Weight.BOLD, leading=1.35)
_LABEL = Style(size=8.5, minimum=7, floor=6, colour=GREY)
_SENTENCE = Style(size=17, minimum=17, floor=17, leading=1.5)
_SCRIPT = Style(size=14.5, minimum=14.5, floor=14.5, leading=1.5)
_UNREAD = Style(size=12, minimum=12, floor=12, colour=GREY)
_WHO = Style(size=14, minimum=11, floor=9, lines=3, weight=Weight.BOLD, breaks=Breaks.NAME, leading=1.25)
_SECOND = Style(size=10, minimum=8.5, floor=7, lines=3, colour=GREY, breaks=Breaks.NAME, leading=1.3)
_ROLE = Style(size=9.5, minimum=8, floor=7, lines=3, colour=GREY, leading=1.35)
_READING = Style(size=12, minimum=9, floor=7.5, lines=3, leading=1.35)
_NOTE = Style(size=10, minimum=8.5, floor=7.5, lines=3, weight=Weight.BOLD, leading=1.35)
_MARKED = Style(size=10, minimum=7, floor=5.5, lines=2, weight=Weight.BOLD, align=Align.RIGHT, leading=1.2)

Words = Mapping[str, str]
Placed = list[tuple[Block, Style]]


def draw(sheet: CueSheet) -> bytes:
    """The sheet as PDF. It must come out whatever anybody is called: see `badges.fonts.marked`."""
    words = WORDS.get(sheet.language, WORDS["en"])
    canvas = Canvas(A4, title=f"{marked(sheet.event)} – {words['sheet']}", author="", language=sheet.language)
    flow = _Flow(canvas, sheet, words)
    flow.begin()
    for section in sheet.sections:
        flow.section(section)
    if not sheet.sections:
        flow.write(canvas.fit(words["nothing"], _WHERE, _TEXT.width), _WHERE, _TEXT)
    with canvas.shared("pages"):
        canvas.words(words["pages"].format(pages=canvas.pages), _SMALL, _FOOT)
    return canvas.finish()


class _Flow:
    """The pages in the making."""

    def __init__(self, canvas: Canvas, sheet: CueSheet, words: Words) -> None:
        self._canvas = canvas
        self._sheet = sheet
        self._words = words
        self._top = _LAST
        self._section = ""

    def begin(self) -> None:
        """The first page says what is marked on these."""
        self._page()
        if since := self._sheet.since:
            text = self._marks(f"{since.astimezone(self._sheet.zone):%Y-%m-%d %H:%M}")
            self.write(self._set(text, _NOTICE, _HEAD), _NOTICE, _HEAD)
            self._top += 3

    def section(self, section: Section) -> None:
        """A segment with its rounds."""
        title = self._set(section.title, _SECTION, _HEAD)
        where = self._set(" · ".join(filter(None, (section.time, section.place))), _WHERE, _HEAD)
        first = section.groups[0] if section.groups else Group(cues=())
        self._room_for(_mm(title) + _mm(where) + 8 + self._least(first))
        if self._top > _TOP:
            self._top += 4
        self._canvas.rule(_HEAD.left, self._top, _HEAD.width, colour=INK, thickness=0.6)
        self._top += 2.4
        self.write(title, _SECTION, _HEAD)
        self.write(where, _WHERE, _HEAD)
        self._section = section.title
        self._top += 3
        for group in section.groups:
            self._group(group)
        self._section = ""

    def write(self, block: Block, style: Style, column: Box) -> None:
        """A block at the place reached."""
        self._top = self._canvas.block(block, style, column.at(self._top))

    def _group(self, group: Group) -> None:
        self._room_for(self._least(group))
        if group.number or group.title:
            self._heading(group)
        for cue in group.cues:
            self._cue(cue)
        self._top += 2

    def _heading(self, group: Group) -> None:
        self._canvas.rule(_GUTTER.left, self._top, _HEAD.width, colour=HAIRLINE, thickness=0.3)
        self._top += 2
        self._canvas.words(group.time, _TIME, _GUTTER.at(self._top + 0.2))
        self.write(self._head(group), _ROUND, _TEXT)
        self._top += 1.5

    def _cue(self, cue: Cue) -> None:
        """A line whole on one page, if it can be; its script may run on."""
        sentence, rows = self._sentence(cue), [self._row(each) for each in cue.people]
        heights = [_row_height(row) for row in rows]
        together = heights if sum(heights) < _LONG else heights[:2]
        self._room_for(_mm(sentence) + 5 + sum(together))
        start = self._top
        self._canvas.words(cue.label, _LABEL, _TEXT.at(start))
        self._top += 4.2
        self.write(sentence, _style_of(cue), _TEXT)
        self._bar(cue, start)
        if cue.mark:
            self._canvas.words(self._words[cue.mark], _MARKED, _GUTTER.at(start + 4.4))
        for place, row in enumerate(rows):
            self._room_for(sum(heights[place:]) if len(rows) - place == 2 else heights[place])
            self._person(cue, row)
        self._script(cue)
        self._top += 3

    def _script(self, cue: Cue) -> None:
        paragraphs = [line.strip() for line in cue.script.splitlines() if line.strip()]
        for number, paragraph in enumerate(paragraphs):
            block = self._running(paragraph, _SCRIPT)
            step = block.height / len(block.lines) / POINTS_PER_MM
            self._room_for(step * min(3, len(block.lines)) + 5)
            if number == 0:
                self._canvas.words(self._words["script"], _LABEL, _TEXT.at(self._top + 1.2))
                self._top += 5.2
            self._lines(cue, block, step)

    def _lines(self, cue: Cue, block: Block, step: float) -> None:
        """A paragraph over as many pages as it takes; no page begins or ends with a single line of it."""
        rest = list(block.lines)
        while rest:
            room = int((_LAST - self._top) / step)
            taken = len(rest) if room >= len(rest) else min(room, len(rest) - 2)
            part = Block(block.size, tuple(rest[:taken]), block.height * taken / len(block.lines))
            start, rest = self._top, rest[taken:]
            self.write(part, _SCRIPT, _TEXT)
            self._bar(cue, start)
            if rest:
                self._page()

    def _bar(self, cue: Cue, start: float) -> None:
        """The mark of a line that changed, beside what was written of it from `start` on."""
        if cue.mark:
            self._canvas.band(Box(_BAR.left, start, _BAR.width, self._top - start), INK)

    def _person(self, cue: Cue, row: "_Row") -> None:
        start = self._top
        self._canvas.rule(_NAME.left, start + 0.6, _ABOUT.right - _NAME.left, colour=HAIRLINE, thickness=0.2)
        for column, blocks in ((_NAME, row.name), (_ABOUT, row.about)):
            lower = start + 2
            for block, style in blocks:
                lower = self._canvas.block(block, style, column.at(lower))
        self._top += _row_height(row)
        self._bar(cue, start)

    def _row(self, person: Named) -> "_Row":
        name = self._stack(_NAME, (person.name, _WHO), (person.second, _SECOND))
        about = (" · ".join(filter(None, (person.role, person.title))), _ROLE)
        notes = [(f"● {note}", _NOTE) for note in person.notes]
        return _Row(name, self._stack(_ABOUT, about, (person.reading, _READING), *notes))

    def _stack(self, column: Box, *texts: tuple[str, Style]) -> Placed:
        return [(self._set(text, style, column), style) for text, style in texts if text]

    def _least(self, group: Group) -> float:
        """What of a group must stand on one page: its heading and its first line."""
        head = _mm(self._head(group)) + 4 if group.number or group.title else 0
        if not group.cues:
            return head
        cue = group.cues[0]
        heights = [_row_height(self._row(each)) for each in cue.people]
        together = heights if sum(heights) < _LONG else heights[:2]
        return min(head + _mm(self._sentence(cue)) + 5 + sum(together), _LAST - _TOP - 40)

    def _head(self, group: Group) -> Block:
        return self._set(" · ".join(filter(None, (group.number, group.title))), _ROUND, _TEXT)

    def _sentence(self, cue: Cue) -> Block:
        return self._running(cue.sentence, _style_of(cue), cue.whole)

    def _running(self, text: str, style: Style, whole: Sequence[str] = ()) -> Block:
        width, kept = _TEXT.width * POINTS_PER_MM, [marked(each) for each in whole]
        return wrapped(marked(text), style, width=width, language=self._canvas.language, whole=kept)

    def _set(self, text: str, style: Style, column: Box) -> Block:
        return self._canvas.fit(marked(text), style, column.width)

    def _marks(self, time: str) -> str:
        sheet, words = self._sheet, self._words
        cues = [cue for section in sheet.sections for group in section.groups for cue in group.cues]
        is_marked = sheet.gone or any(cue.mark for cue in cues)
        gone = words["gone"].format(count=sheet.gone) if sheet.gone else ""
        return " · ".join(filter(None, (words["since" if is_marked else "same"].format(time=time), gone)))

    def _room_for(self, height: float) -> None:
        if self._top + height > _LAST and self._top > _TOP:
            self._page()

    def _page(self) -> None:
        """Begin a page under its running head."""
        canvas, sheet, words = self._canvas, self._sheet, self._words
        canvas.page()
        canvas.words(marked(sheet.event), _RUNNING, Box(_HEAD.left, _HEAD.top, 118, 5))
        canvas.words(f"{words['sheet']} · {words['language']}", _RUNNING_RIGHT, _HEAD)
        canvas.rule(_HEAD.left, 16.6, _HEAD.width, colour=HAIRLINE, thickness=0.2)
        if self._section:
            canvas.words(words["on"].format(title=marked(self._section)), _SMALL, _HEAD.at(17.8))
        self._foot()
        self._top = _TOP

    def _foot(self) -> None:
        """Page n of m, where m is filled in at the end, and when this was printed."""
        canvas, sheet = self._canvas, self._sheet
        page = canvas.fit(self._words["page"].format(page=canvas.pages), _SMALL, _FOOT.width)
        canvas.block(page, _SMALL, _FOOT)
        canvas.stamp("pages", right=page.size * page.lines[0].width / POINTS_PER_MM)
        printed = f"{sheet.printed_at.astimezone(sheet.zone):%Y-%m-%d %H:%M}"
        canvas.words(
            f"{self._words['printed']} {printed} · {sheet.zone.key}", replace(_SMALL, align=Align.RIGHT), _FOOT
        )


@dataclass(frozen=True, slots=True)
class _Row:
    """Somebody's name, and beside it what is to know of it."""

    name: Placed
    about: Placed


def _style_of(cue: Cue) -> Style:
    return _SENTENCE if cue.is_read else _UNREAD


def _row_height(row: _Row) -> float:
    return max(sum(_mm(block) for block, _ in blocks) for blocks in (row.name, row.about)) + 3


def _mm(block: Block) -> float:
    return block.height / POINTS_PER_MM
