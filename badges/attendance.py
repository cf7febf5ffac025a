"""The attendance record: who was expected, who came, when and through which gate, on A4.

Called in a worker process for the desk's page, the API and the command line. Rows are drawn one by one as they
come, so that a record of twenty thousand guests needs seconds and hardly more memory than its own pages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from badges.attendance_words import WORDS
from badges.canvas import Canvas
from badges.fonts import Weight, marked, missing
from badges.paper import A4, POINTS_PER_MM, Box
from badges.typeset import Align, Block, Breaks, Style

INK = "#16181d"
GREY = "#5b616e"
PALE = "#8b919d"
HAIRLINE = "#d9dce2"
ACCENT = "#1d4e89"


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """How many guests of a category were expected, how many came, and how many of the others are excused."""

    name: str
    expected: int
    attended: int
    excused: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceRow:
    """One guest. first_entry: aware, None for who did not come. status: a word on the guest's registration.

    excused: whether they sent word that they cannot come; represented_by: the name of whoever stands for them.
    """

    name: str
    name_latin: str = ""
    organisation: str = ""
    job_title: str = ""
    category: str = ""
    first_entry: datetime | None = None
    gate: str = ""
    status: str = ""
    excused: bool = False
    represented_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceSheet:
    """All that the record says, in the reader's language; times are aware and shown in `zone`."""

    title: str
    subtitles: tuple[str, ...] = ()
    when: str = ""
    venue: str = ""
    hosts: tuple[str, ...] = ()
    zone: ZoneInfo
    generated_at: datetime
    totals: Sequence[Total]
    rows: Sequence[AttendanceRow]
    language: str


_PAGE = A4.box.inset(16, 15)
_FOOT = Box(_PAGE.left, 283, _PAGE.width, 6)
_LAST = 278.0
"""Where the lowest row of a page may end."""

_NUMBER, _NAME, _WORK, _CATEGORY, _ENTRY = (
    Box(left, 0, width, 0) for left, width in ((16, 11), (28, 45), (76, 63), (142, 24), (169, 25))
)
_TOTALS = tuple(Box(left, 0, width, 0) for left, width in ((16, 70), (88, 20), (110, 20), (136, 40), (178, 16)))
_WITH_EXCUSED = tuple(Box(left, 0, width, 0) for left, width in ((16, 54), (72, 20), (92, 20), (140, 36), (178, 16)))
_EXCUSED = Box(112, 0, 20, 0)
"""The totals give way to another column where anybody is excused."""

_RECORD = Style(size=10, minimum=9, floor=8, weight=Weight.BOLD, colour=ACCENT)
_TITLE = Style(size=21, minimum=17, floor=12, lines=3, weight=Weight.BOLD, leading=1.3)
_SUBTITLE = Style(size=11, minimum=10, floor=8, lines=2, colour=GREY)
_LABEL = Style(size=8.5, minimum=7, floor=6, colour=GREY, leading=1.6)
_FACT = Style(size=9.5, minimum=8.5, floor=7, lines=3, leading=1.45)
_HEAD = Style(size=8, minimum=6.5, floor=6, colour=GREY)
_HEAD_RIGHT = replace(_HEAD, align=Align.RIGHT)
_TEXT = Style(size=9, minimum=8, floor=7, lines=3, leading=1.45)
_FIGURE = replace(_TEXT, align=Align.RIGHT)
_WHO = Style(size=10, minimum=8.5, floor=7, lines=3, weight=Weight.BOLD, breaks=Breaks.NAME)
_UNDER = Style(size=8, minimum=7, floor=6.5, lines=2, colour=GREY)
_SMALL = Style(size=8.5, minimum=7, floor=6.5, lines=2, leading=1.55)
_COUNT = Style(size=8, minimum=6, floor=5, colour=PALE, leading=1.65)
_CAME = Style(size=10, minimum=8, floor=7, weight=Weight.BOLD, align=Align.RIGHT)
_ABSENT = replace(_CAME, size=9, weight=Weight.REGULAR, colour=GREY, leading=1.5)
_WHERE = replace(_UNDER, align=Align.RIGHT)
_FOR_THEM = replace(_WHERE, lines=3, breaks=Breaks.NAME)

Words = Mapping[str, str]
Column = tuple[Box, list[tuple[Block, Style]]]


def draw(sheet: AttendanceSheet, labels: Words | None = None) -> bytes:
    """The record as PDF. `labels` replaces the words of `attendance_words` for the sheet's language.

    The minutes must come out whatever a guest or a gate is called: a character that no face draws is marked as missing.
    """
    sheet = _set_whole(sheet)
    words = labels or WORDS.get(sheet.language, WORDS["en"])
    author = " · ".join(sheet.hosts)
    canvas = Canvas(A4, title=f"{sheet.title} – {words['record']}", author=author, language=sheet.language)
    with canvas.shared("heads"):
        _heads(canvas, words)
    canvas.page()
    _rows(canvas, sheet, words=words, top=_opening(canvas, sheet, words))
    with canvas.shared("pages"):
        canvas.words(words["pages"].format(pages=canvas.pages), _HEAD, _FOOT)
    return canvas.finish()


def _opening(canvas: Canvas, sheet: AttendanceSheet, words: Words) -> float:
    """Title block and totals; returns where the list begins."""
    top = canvas.words(words["record"], _RECORD, _PAGE) + 1.5
    top = canvas.words(sheet.title, _TITLE, _PAGE.starting_at(top)) + 1
    for subtitle in sheet.subtitles:
        top = canvas.words(subtitle, _SUBTITLE, _PAGE.starting_at(top))
    top += 5
    for key, fact in (("when", sheet.when), ("venue", sheet.venue), ("hosts", "、".join(sheet.hosts))):
        if fact:
            top = _fact(canvas, words[key], fact, top=top)
    return _totals(canvas, sheet.totals, words=words, top=top + 6) + 9


def _fact(canvas: Canvas, label: str, fact: str, *, top: float) -> float:
    canvas.words(label, _LABEL, Box(_PAGE.left, top, 22, 0))
    return canvas.words(fact, _FACT, Box(_PAGE.left + 24, top, _PAGE.width - 24, 0)) + 0.6


def _totals(canvas: Canvas, totals: Sequence[Total], *, words: Words, top: float) -> float:
    """The table of categories with their sum; returns its lower edge."""
    in_all = _sum(totals, words["total"])
    columns = _WITH_EXCUSED if in_all.excused else _TOTALS
    heads = (words[key] for key in ("category", "expected", "attended", "rate"))
    for text, column, right in zip(heads, (*columns[:3], columns[4]), (False, True, True, True), strict=True):
        style = _HEAD_RIGHT if right else _HEAD
        canvas.words(text, style, column.at(top))
    if in_all.excused:
        canvas.words(words["excused"], _HEAD_RIGHT, _EXCUSED.at(top))
    top += 5.2
    canvas.rule(_PAGE.left, top, _PAGE.width, colour=INK, thickness=0.35)
    for total in totals:
        top = _total(canvas, total, columns, top=top + 1.4, weight=Weight.REGULAR) + 1.4
        canvas.rule(_PAGE.left, top, _PAGE.width, colour=HAIRLINE)
    return _total(canvas, in_all, columns, top=top + 1.6, weight=Weight.BOLD)


def _total(canvas: Canvas, total: Total, columns: Sequence[Box], *, top: float, weight: Weight) -> float:
    text, figure = replace(_TEXT, weight=weight), replace(_FIGURE, weight=weight)
    name, expected, attended, bar, rate = (column.at(top) for column in columns)
    bottom = canvas.words(total.name, text, name)
    canvas.words(f"{total.expected:,}", figure, expected)
    canvas.words(f"{total.attended:,}", figure, attended)
    if columns is _WITH_EXCUSED:
        canvas.words(f"{total.excused:,}", figure, _EXCUSED.at(top))
    if total.expected:
        share = total.attended / total.expected
        canvas.band(replace(bar, top=top + 1.6, height=1.2), HAIRLINE)
        canvas.band(replace(bar, top=top + 1.6, height=1.2, width=bar.width * min(share, 1)), ACCENT)
        canvas.words(f"{share:.0%}", figure, rate)
    return bottom


def _sum(totals: Sequence[Total], name: str) -> Total:
    expected = sum(total.expected for total in totals)
    attended, excused = sum(total.attended for total in totals), sum(total.excused for total in totals)
    return Total(name=name, expected=expected, attended=attended, excused=excused)


def _set_whole(sheet: AttendanceSheet) -> AttendanceSheet:
    return replace(
        sheet,
        title=marked(sheet.title),
        subtitles=tuple(map(marked, sheet.subtitles)),
        venue=marked(sheet.venue),
        hosts=tuple(map(marked, sheet.hosts)),
        totals=[replace(total, name=marked(total.name)) for total in sheet.totals],
        rows=[_set_row(row) for row in sheet.rows],
    )


def _set_row(row: AttendanceRow) -> AttendanceRow:
    names = "name", "name_latin", "organisation", "job_title", "category", "gate", "represented_by"
    said = {name: getattr(row, name) for name in names}
    if not missing("".join(said.values())):
        return row
    return replace(row, **{name: marked(text) for name, text in said.items()})


def _heads(canvas: Canvas, words: Words) -> None:
    """The heads of the list's columns with the line under them, from the upper edge of the sheet."""
    columns = (_NUMBER, _NAME, _WORK, _CATEGORY)
    for key, column in zip(("number", "name", "organisation", "category"), columns, strict=True):
        canvas.words(words[key], _HEAD, column)
    canvas.words(words["first_entry"], _HEAD_RIGHT, _ENTRY)
    canvas.rule(_PAGE.left, 5.2, _PAGE.width, colour=INK, thickness=0.35)


def _rows(canvas: Canvas, sheet: AttendanceSheet, *, words: Words, top: float) -> None:
    """The list, over as many pages as it takes, with the foot of each."""
    canvas.stamp("heads", down=top)
    top += 5.6
    if not sheet.rows:
        canvas.words(words["nobody"], _TEXT, Box(_PAGE.left, top + 2, _PAGE.width, 0))
    moment = _moment_format(sheet)
    for number, row in enumerate(sheet.rows, start=1):
        columns = [*_guest(canvas, number, row), _entry(canvas, row, sheet.zone, moment=moment, words=words)]
        height = max(map(_height, columns)) + 3.2
        if top + height > _LAST:
            _foot(canvas, sheet, words)
            top = _next_page(canvas, sheet, words)
        _row(canvas, columns, top=top + 1.6)
        top += height
        canvas.rule(_PAGE.left, top, _PAGE.width, colour=HAIRLINE)
    _foot(canvas, sheet, words)


def _guest(canvas: Canvas, number: int, row: AttendanceRow) -> list[Column]:
    return [
        _column(canvas, _NUMBER, (f"{number}", _COUNT)),
        _column(canvas, _NAME, (row.name, _WHO), (row.name_latin, _UNDER)),
        _column(canvas, _WORK, (row.organisation, _TEXT), (row.job_title, _UNDER)),
        _column(canvas, _CATEGORY, (row.category, _SMALL)),
    ]


def _entry(canvas: Canvas, row: AttendanceRow, zone: ZoneInfo, *, moment: str, words: Words) -> Column:
    if row.first_entry is None:
        word = f"△ {words['excused']}" if row.excused else f"○ {words['absent']}"
        by = words["represented"].format(name=row.represented_by) if row.represented_by else ""
        return _column(canvas, _ENTRY, (word, _ABSENT), (by, _FOR_THEM), (row.status, _WHERE))
    return _column(canvas, _ENTRY, (f"{row.first_entry.astimezone(zone):{moment}}", _CAME), (row.gate, _WHERE))


def _column(canvas: Canvas, column: Box, *texts: tuple[str, Style]) -> Column:
    return column, [(canvas.fit(text, style, column.width), style) for text, style in texts if text]


def _height(column: Column) -> float:
    return sum(block.height for block, _ in column[1]) / POINTS_PER_MM


def _row(canvas: Canvas, columns: Sequence[Column], *, top: float) -> None:
    for column, blocks in columns:
        lower = top
        for block, style in blocks:
            lower = canvas.block(block, style, column.at(lower))


def _next_page(canvas: Canvas, sheet: AttendanceSheet, words: Words) -> float:
    """Begin a page that says what it belongs to; returns where its rows begin."""
    canvas.page()
    lower = canvas.words(f"{sheet.title} · {words['record']}", _HEAD, _PAGE) + 3
    canvas.stamp("heads", down=lower)
    return lower + 5.6


def _foot(canvas: Canvas, sheet: AttendanceSheet, words: Words) -> None:
    """Page x of y, where y is filled in when all pages are drawn, and when and in which zone the record was made."""
    page = canvas.fit(words["page"].format(page=canvas.pages), _HEAD, _FOOT.width)
    canvas.block(page, _HEAD, _FOOT)
    canvas.stamp("pages", right=page.size * page.lines[0].width / POINTS_PER_MM)
    generated = sheet.generated_at.astimezone(sheet.zone)
    offset = f"{generated:%z}"
    stamp = f"{words['generated']} {generated:%Y-%m-%d %H:%M} · {sheet.zone.key} (UTC{offset[:3]}:{offset[3:]})"
    canvas.words(stamp, _HEAD_RIGHT, _FOOT)


def _moment_format(sheet: AttendanceSheet) -> str:
    """The time of day, with the day where the entries fall on several."""
    days = {row.first_entry.astimezone(sheet.zone).date() for row in sheet.rows if row.first_entry}
    return "%H:%M" if len(days) < 2 else "%m-%d %H:%M"
