"""The ceremony record: what was signed and handed over, by whom as it really was, who was there, and when; on A4.

Called in a worker process for the stage and by the command line. A round stays on one page where it fits on one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from badges.canvas import Canvas
from badges.fonts import Weight, marked
from badges.handwriting import Strokes, fitted
from badges.paper import A4, POINTS_PER_MM, Box
from badges.record_words import WORDS
from badges.typeset import Align, Block, Breaks, Style

INK = "#16181d"
GREY = "#5b616e"
HAIRLINE = "#d9dce2"
ACCENT = "#9b2318"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendant:
    """Somebody who took part. second: the name in the other script. instead: «乙 代 甲 签».

    first_at: aware, None for whom no door has scanned. was_there: when it happened; None where it has not yet.
    is_named: false for a part that nobody has, of which `name` says so.
    """

    role: str
    name: str
    second: str = ""
    title: str = ""
    organisation: str = ""
    instead: str = ""
    first_at: datetime | None = None
    gate: str = ""
    was_there: bool | None = None
    is_named: bool = True
    strokes: Strokes = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A party with its people; people of no party stand under no name."""

    name: str = ""
    people: Sequence[Attendant] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundEntry:
    """A round. steps: what was done, with its time. notes: sentences on substitutions, reasons, and what was undone.

    digest: of its record, with that record's number; empty for a round that is not on record.
    """

    label: str
    title: str
    facts: str = ""
    state: str
    sides: Sequence[Side] = ()
    steps: Sequence[tuple[datetime, str]] = ()
    notes: Sequence[str] = ()
    number: int = 0
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentEntry:
    """A part of the programme with its rounds."""

    title: str
    where: str = ""
    rounds: Sequence[RoundEntry] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """An exhibitor. staff: who of them came, each with the time of entry."""

    booth: str
    name: str
    field: str = ""
    staff: Sequence[tuple[str, datetime]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CeremonyRecord:
    """All that the record says, in the reader's language; times are aware and shown in `zone`.

    verdict: what checking the chain found. number, digest: of its last record, 0 and empty for none.
    """

    title: str
    when: str = ""
    venue: str = ""
    hosts: Sequence[str] = ()
    summary: str = ""
    verdict: str = ""
    segments: Sequence[SegmentEntry] = ()
    stands: Sequence[Stand] = ()
    number: int = 0
    digest: str = ""
    zone: ZoneInfo
    generated_at: datetime
    language: str


_PAGE = A4.box.inset(16, 15)
_LAST = 274.0
"""Where the lowest row of a page may end."""
_FOOT = Box(_PAGE.left, 280, _PAGE.width, 6)
_ROLE, _NAME, _WORK, _CAME, _SIGNATURE = (
    Box(left, 0, width, 0) for left, width in ((16, 19), (37, 45), (84, 48), (134, 24), (160, 34))
)
_BOOTH, _EXHIBITOR, _FIELD, _STAFF = (
    Box(left, 0, width, 0) for left, width in ((16, 14), (32, 62), (96, 36), (134, 60))
)
_PARTIES = Box(_PAGE.left, 0, 116, 0)
_LABEL, _TEXT = Box(_PAGE.left, 0, 19, 0), Box(37, 0, _PAGE.right - 37, 0)
_SIGNED = 13.0
"""How high a row with a signature is at least."""

_RECORD = Style(size=10, minimum=9, floor=8, weight=Weight.BOLD, colour=ACCENT)
_TITLE = Style(size=21, minimum=17, floor=12, lines=3, weight=Weight.BOLD, leading=1.3)
_KEY = Style(size=8.5, minimum=7, floor=6, colour=GREY, leading=1.6)
_FACT = Style(size=9.5, minimum=8.5, floor=7, lines=3, leading=1.45)
_PURPOSE = Style(size=8.5, minimum=8.5, floor=8, lines=4, colour=GREY, leading=1.5)
_SEGMENT = Style(size=15, minimum=12, floor=10, lines=2, weight=Weight.BOLD, leading=1.3)
_WHERE = Style(size=9, minimum=8, floor=7, lines=2, colour=GREY)
_NUMBER = Style(size=9, minimum=8, floor=7, weight=Weight.BOLD, colour=ACCENT, leading=1.5)
_STATE = replace(_NUMBER, colour=INK, align=Align.RIGHT)
_ROUND = Style(size=12.5, minimum=11, floor=9, lines=4, weight=Weight.BOLD, leading=1.35)
_PARTY = Style(size=9.5, minimum=8.5, floor=7, lines=2, weight=Weight.BOLD)
_HEAD = Style(size=8, minimum=6.5, floor=6, colour=GREY)
_HEAD_RIGHT = replace(_HEAD, align=Align.RIGHT)
_PART = Style(size=8.5, minimum=7, floor=6, lines=2, colour=GREY, leading=1.6)
_WHO = Style(size=10, minimum=8.5, floor=7, lines=3, weight=Weight.BOLD, breaks=Breaks.NAME)
_UNDER = Style(size=8, minimum=7, floor=6.5, lines=2, colour=GREY)
_INSTEAD = Style(size=8.5, minimum=7, floor=6.5, lines=3, colour=ACCENT, weight=Weight.BOLD)
_SAID = Style(size=9, minimum=8, floor=7, lines=3, leading=1.45)
_TIME = Style(size=10, minimum=8, floor=7, weight=Weight.BOLD)
_ABSENT = replace(_TIME, size=9, weight=Weight.REGULAR, colour=GREY, leading=1.5)
_NOTE = Style(size=8.5, minimum=8.5, floor=7.5, lines=6, leading=1.5)
_DIGEST = Style(size=7.5, minimum=5.5, floor=5, colour=GREY, leading=1.6)

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Row:
    """Texts side by side. above, below: white around them in mm. line: the colour of the rule under it."""

    columns: Sequence[tuple[Box, Sequence[tuple[Block, Style]]]]
    above: float = 0.8
    below: float = 0.8
    line: str = ""
    strokes: Strokes = ()

    @property
    def height(self) -> float:
        """All of it, in mm."""
        blocks = (sum(block.height for block, _ in column) / POINTS_PER_MM for _, column in self.columns)
        return self.above + max(_SIGNED if self.strokes else 0, *blocks, 0) + self.below


def draw(record: CeremonyRecord) -> bytes:
    """The record as PDF. It must come out whatever anybody is called: see `badges.fonts.marked`."""
    words = WORDS.get(record.language, WORDS["en"])
    title = f"{marked(record.title)} – {words['record']}"
    canvas = Canvas(A4, title=title, author=marked(" · ".join(record.hosts)), language=record.language)
    flow = _Flow(canvas, record, words)
    flow.draw()
    return canvas.finish()


class _Flow:
    """The pages in the making."""

    def __init__(self, canvas: Canvas, record: CeremonyRecord, words: Words) -> None:
        self._canvas = canvas
        self._record = record
        self._words = words
        self._moment = _moment_format(record)
        self._top = 0.0

    def draw(self) -> None:
        """All pages, then how many that made."""
        self._canvas.page()
        self._top = self._opening()
        for segment in self._record.segments:
            self._segment(segment)
        if not self._record.segments:
            self._put([self._row((_TEXT, (self._words["no_rounds"], _SAID)), above=6)])
        if self._record.stands:
            self._stands(self._record.stands)
        self._foot()
        with self._canvas.shared("pages"):
            self._canvas.words(self._words["pages"].format(pages=self._canvas.pages), _HEAD, _FOOT)

    def _opening(self) -> float:
        """Title block and what the record is; returns where the first segment begins."""
        canvas, record, words = self._canvas, self._record, self._words
        top = canvas.words(words["record"], _RECORD, _PAGE) + 1.5
        top = canvas.words(marked(record.title), _TITLE, _PAGE.starting_at(top)) + 4
        facts = ("when", record.when), ("venue", record.venue), ("hosts", " · ".join(record.hosts))
        for key, fact in (*facts, ("rounds", record.summary), ("chain", record.verdict)):
            if fact:
                canvas.words(words[key], _KEY, _LABEL.at(top))
                top = canvas.words(marked(fact), _FACT, _TEXT.at(top)) + 0.6
        canvas.rule(_PAGE.left, top + 3, _PAGE.width, colour=HAIRLINE)
        return canvas.words(words["purpose"], _PURPOSE, _PAGE.at(top + 5)) + 2

    def _segment(self, segment: SegmentEntry) -> None:
        """A heading, never alone at the end of a page, and the rounds."""
        heading = [
            self._row((_PAGE, (segment.title, _SEGMENT), (segment.where, _WHERE)), above=8, below=1.5, line=INK),
        ]
        for entry in segment.rounds:
            self._put([*heading, *self._round(entry)])
            heading = []
        self._put(heading)

    def _round(self, entry: RoundEntry) -> list[_Row]:
        words = self._words
        label = (_PAGE, (entry.label, _NUMBER)), (_PAGE, (entry.state, _STATE))
        rows = [
            self._row(*label, above=5, below=0.4),
            self._row((_PAGE, (entry.title, _ROUND), (entry.facts, _WHERE)), above=0, below=1.8),
        ]
        if not entry.digest:
            rows.append(self._row((_PAGE, (f"○ {words['open']}", _UNDER)), above=0, below=1.5))
        rows += self._people(entry.sides, absent=words["absent" if entry.digest else "awaited"])
        if entry.steps:
            rows.append(self._labelled(words["course"], "  →  ".join(self._steps(entry.steps)), above=1.8))
        rows += [self._labelled("", note, above=0.4) for note in entry.notes]
        if entry.digest:
            number = words["record_number"].format(number=entry.number)
            rows.append(
                self._row((_LABEL, (number, _DIGEST)), (_TEXT, (f"SHA-256 {entry.digest}", _DIGEST)), above=0.8)
            )
        rows[-1] = replace(rows[-1], below=3.5, line=HAIRLINE)
        return rows

    def _people(self, sides: Sequence[Side], *, absent: str) -> list[_Row]:
        """The parties with their people; the first heading names the columns on the right too."""
        signed = any(each.strokes for side in sides for each in side.people)
        heads = [
            (_CAME, (self._words["came"], _HEAD)),
            (_SIGNATURE, (self._words["signature"] if signed else "", _HEAD)),
        ]
        rows: list[_Row] = []
        for side in sides:
            if side.name or heads:
                rows.append(self._row((_PARTIES, (side.name, _PARTY)), *heads, above=1.6, below=0.9, line=HAIRLINE))
                heads = []
            rows += [self._person(each, absent=absent) for each in side.people]
        return rows

    def _person(self, each: Attendant, *, absent: str) -> _Row:
        columns = (
            (_ROLE, (each.role, _PART)),
            (_NAME, (each.name, _WHO), (each.second, _UNDER), (each.instead, _INSTEAD)),
            (_WORK, (each.title, _SAID), (each.organisation, _UNDER)),
            (_CAME, *self._came(each, absent=absent)),
        )
        return replace(self._row(*columns, above=1.2), strokes=each.strokes)

    def _came(self, each: Attendant, *, absent: str) -> list[tuple[str, Style]]:
        """When somebody came in, by word and shape where they did not."""
        if each.first_at is None:
            return [(f"○ {absent}" if each.is_named else "", _ABSENT)]
        away = self._words["away"] if each.was_there is False else ""
        return [(self._time(each.first_at), _TIME), (each.gate, _UNDER), (away, _UNDER)]

    def _steps(self, steps: Iterable[tuple[datetime, str]]) -> list[str]:
        return [f"{word} {self._time(at)}" for at, word in steps]

    def _stands(self, stands: Sequence[Stand]) -> None:
        words = self._words
        columns = (_BOOTH, "booth"), (_EXHIBITOR, "exhibitor"), (_FIELD, "field"), (_STAFF, "staff")
        rows = [
            self._row((_PAGE, (words["stands"], _SEGMENT)), above=8, below=1.5),
            self._row(*((column, (words[key], _HEAD)) for column, key in columns), line=INK),
        ]
        nobody = f"○ {words['absent' if self._record.number else 'awaited']}"
        for stand in stands:
            staff = "、".join(f"{name} {self._time(at)}" for name, at in stand.staff) or nobody
            told = stand.booth, stand.name, stand.field, staff
            pairs = zip((_BOOTH, _EXHIBITOR, _FIELD, _STAFF), told, strict=True)
            rows.append(self._row(*((column, (text, _SAID)) for column, text in pairs), line=HAIRLINE))
        self._put(rows[:3])
        for row in rows[3:]:
            self._put([row])

    def _labelled(self, label: str, text: str, *, above: float) -> _Row:
        return self._row((_LABEL, (label, _PART)), (_TEXT, (text, _NOTE)), above=above, below=0.4)

    def _row(
        self,
        *columns: tuple[Box, *tuple[tuple[str, Style], ...]],
        above: float = 0.8,
        below: float = 0.8,
        line: str = "",
    ) -> _Row:
        fitted_columns = [
            (box, [(self._canvas.fit(marked(text), style, box.width), style) for text, style in texts if text])
            for box, *texts in columns
        ]
        return _Row(fitted_columns, above, below, line)

    def _put(self, rows: Sequence[_Row]) -> None:
        """Rows that belong together: on this page, else on the next, else on as many as they take."""
        needed = sum(row.height for row in rows)
        if self._top + needed > _LAST and needed <= _LAST - _PAGE.top - 10:
            self._next_page()
        for row in rows:
            if self._top + row.height > _LAST:
                self._next_page()
            self._draw(row)

    def _draw(self, row: _Row) -> None:
        canvas, top = self._canvas, self._top + row.above
        for column, blocks in row.columns:
            lower = top
            for block, style in blocks:
                lower = canvas.block(block, style, column.at(lower))
        for stroke in fitted(row.strokes, replace(_SIGNATURE, top=top, height=_SIGNED - 1)):
            canvas.curve(stroke.points, colour=INK, thickness=stroke.thickness)
        self._top += row.height
        if row.line:
            canvas.rule(_PAGE.left, self._top, _PAGE.width, colour=row.line, thickness=0.35 if row.line == INK else 0.2)

    def _next_page(self) -> None:
        self._foot()
        self._canvas.page()
        heading = f"{marked(self._record.title)} · {self._words['record']}"
        self._top = self._canvas.words(heading, _HEAD, _PAGE) + 2

    def _foot(self) -> None:
        """Page x of y, where y is filled in when all pages are drawn; when this was made; where the chain ends."""
        canvas, record, words = self._canvas, self._record, self._words
        page = canvas.fit(words["page"].format(page=canvas.pages), _HEAD, _FOOT.width)
        canvas.block(page, _HEAD, _FOOT)
        canvas.stamp("pages", right=page.size * page.lines[0].width / POINTS_PER_MM)
        made = record.generated_at.astimezone(record.zone)
        offset = f"{made:%z}"
        stamp = f"{words['generated']} {made:%Y-%m-%d %H:%M} · {record.zone.key} (UTC{offset[:3]}:{offset[3:]})"
        canvas.words(stamp, _HEAD_RIGHT, _FOOT)
        last = words["last"].format(number=record.number) if record.number else words["none_yet"]
        canvas.words(f"{last} SHA-256 {record.digest}" if record.digest else last, _DIGEST, _FOOT.at(_FOOT.top + 4.6))

    def _time(self, at: datetime) -> str:
        return f"{at.astimezone(self._record.zone):{self._moment}}"


def _moment_format(record: CeremonyRecord) -> str:
    """The time of day, with the day where the acts fall on several."""
    moments = [at for segment in record.segments for entry in segment.rounds for at, _ in entry.steps]
    return "%H:%M" if len({at.astimezone(record.zone).date() for at in moments}) < 2 else "%m-%d %H:%M"
