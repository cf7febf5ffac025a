"""The one place that draws: words, rules, bands and QR symbols on sheets measured in mm from the top left corner.

Every document of the print shop is drawn with a `Canvas` and taken from it as bytes. The same calls give the same
bytes, the words can be copied and searched in the order in which they were drawn, and parts that repeat are
stored once.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas as Sheets

from badges.embedding import Document
from badges.paper import POINTS_PER_MM, Box, Paper
from badges.symbol import QUIET_ZONE, Symbol
from badges.typeset import FULL_WIDTH_OPENING, Align, Block, Line, Style, fit

_ASCENT = 0.88
"""Where the baseline of hanzi stands below the top of the em box, in em."""
_EM = 1000
"""The advance width of a full-width character, in the unit of `EmbeddedFont.widths`."""


class Canvas:
    """A document in the making. Begin each page with `page`, take the bytes with `finish`."""

    def __init__(self, paper: Paper, *, title: str, author: str, language: str) -> None:
        rl_config.useA85 = 0
        self.paper = paper
        self.language = language
        self._pages = 0
        self._parts = _Parts()
        self._sheets: Any = _Sheets(
            "",
            pagesize=(paper.width * POINTS_PER_MM, paper.height * POINTS_PER_MM),
            pageCompression=1,
            invariant=1,
            lang=language,
        )
        self._sheets.setTitle(title)
        self._sheets.setAuthor(author)
        self._sheets.setCreator("Yingbin")

    @property
    def pages(self) -> int:
        """How many pages were begun."""
        return self._pages

    def page(self) -> None:
        """Begin a page; the one before it is done."""
        if self._pages:
            self._sheets.showPage()
        self._pages += 1

    def finish(self) -> bytes:
        """The document; the canvas is used up."""
        self._sheets.showPage()
        return bytes(self._sheets.getpdfdata())

    @contextmanager
    def shared(self, name: str) -> Generator[None]:
        """What is drawn inside is stored once under `name`, any text, and appears wherever `stamp` puts it."""
        self._sheets.beginForm(self._parts[name])
        yield
        self._sheets.endForm()

    def has(self, name: str) -> bool:
        """Whether a shared part of this name was drawn."""
        return bool(self._sheets.hasForm(self._parts[name]))

    def stamp(self, name: str, *, right: float = 0, down: float = 0) -> None:
        """Put a shared part on the page, moved by so many mm; it may also be drawn later."""
        if right or down:
            self._put(f"q 1 0 0 1 {_number(right * POINTS_PER_MM)} {_number(-down * POINTS_PER_MM)} cm")
        self._sheets.doForm(self._parts[name])
        if right or down:
            self._put("Q")

    @contextmanager
    def upside_down(self) -> Generator[None]:
        """What is drawn inside stands on its head, as if the sheet were turned half round meanwhile."""
        width, height = self.paper.width * POINTS_PER_MM, self.paper.height * POINTS_PER_MM
        self._put(f"q -1 0 0 -1 {_number(width)} {_number(height)} cm")
        yield
        self._put("Q")

    def fit(self, text: str, style: Style, width: float, *, language: str | None = None) -> Block:
        """Set `text` into `width` mm without drawing it; raises MissingGlyph."""
        chosen = self.language if language is None else language
        return fit(text, style, width=width * POINTS_PER_MM, language=chosen)

    def words(self, text: str, style: Style, box: Box, *, language: str | None = None) -> float:
        """Write `text` from the top of `box`, fitted to its width; returns the lower edge in mm.

        Raises MissingGlyph, and then nothing of `text` was drawn.
        """
        return self.block(self.fit(text, style, box.width, language=language), style, box)

    def block(self, block: Block, style: Style, box: Box) -> float:
        """Write a fitted text from the top of `box`; returns the lower edge in mm."""
        step = block.size * style.leading
        baseline = (self.paper.height - box.top) * POINTS_PER_MM - step / 2 - block.size * (_ASCENT - 0.5)
        parts = [f"{_paint(style.colour)} rg BT"]
        for line in block.lines:
            left = _left(line, block.size, style, box) * POINTS_PER_MM
            parts.append(f"1 0 0 1 {_number(left)} {_number(baseline)} Tm {self._shown(line, block.size)}")
            baseline -= step
        self._put(" ".join([*parts, "ET"]))
        return box.top + block.height / POINTS_PER_MM

    def rule(self, left: float, top: float, width: float, *, colour: str, thickness: float = 0.2) -> None:
        """A horizontal line, `thickness` mm, hanging from `top`."""
        self.band(Box(left, top, width, thickness), colour)

    def band(self, box: Box, colour: str) -> None:
        """A filled rectangle."""
        self._put(f"{_paint(colour)} rg {self._rectangle(box)} re f")

    def curve(self, points: Sequence[tuple[float, float]], *, colour: str, thickness: float) -> None:
        """A smooth line with round ends through points in mm; a single one is a dot."""
        drawn = [(left * POINTS_PER_MM, (self.paper.height - top) * POINTS_PER_MM) for left, top in points]
        width = _number(thickness * POINTS_PER_MM)
        self._put(f"q 1 J 1 j {width} w {_paint(colour)} RG {_path(drawn)} S Q")

    def code(self, symbol: Symbol, box: Box) -> None:
        """A QR symbol filling `box`, a square; the caller keeps `quiet_zone(symbol, box)` around it white."""
        left, low = box.left * POINTS_PER_MM, (self.paper.height - box.bottom) * POINTS_PER_MM
        side = _number(box.width * POINTS_PER_MM)
        self._put(f"0 g q {side} 0 0 {side} {_number(left)} {_number(low)} cm")
        self._put(f"BI /W {symbol.side} /H {symbol.side} /BPC 1 /IM true /D [1 0] /F /AHx ID")
        self._put(f"{symbol.rows.hex()}> EI Q")

    def _shown(self, line: Line, size: float) -> str:
        height = _number(size)
        return " ".join(
            f"{resource} {height} Tf <{codes.hex()}> Tj"
            for run in line.runs
            for resource, codes in run.font.encode(run.text, self._sheets.document)
        )

    def _rectangle(self, box: Box) -> str:
        corners = (box.left, self.paper.height - box.bottom, box.width, box.height)
        return " ".join(_number(edge * POINTS_PER_MM) for edge in corners)

    def _put(self, operators: str) -> None:
        self._sheets.addLiteral(operators)


class _Parts(dict[str, str]):
    """Names that PDF allows for the names that callers give to shared parts."""

    def __missing__(self, name: str) -> str:
        return self.setdefault(name, f"part{len(self)}")


class _Sheets(Sheets):
    """reportlab's canvas with its document in reach."""

    _doc: Document

    @property
    def document(self) -> Document:
        return self._doc


def quiet_zone(symbol: Symbol, side: float) -> float:
    """How many mm of white a symbol drawn `side` mm wide needs around it."""
    return QUIET_ZONE * side / symbol.side


def readable_on(colour: str) -> str:
    """Black or white, whichever stands out more on `colour`; always at least 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    return max(("#000000", "#ffffff"), key=lambda ink: contrast(ink, colour))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two `#rrggbb` colours, 1 to 21, as WCAG 2.2 defines it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> tuple[float, ...]:
    return tuple(byte / 255 for byte in bytes.fromhex(colour.removeprefix("#")))


@cache
def _paint(colour: str) -> str:
    return " ".join(_number(part, 3) for part in _parts(colour))


def _path(points: Sequence[tuple[float, float]]) -> str:
    """The operators of a line through points: Bézier curves whose handles follow the neighbours (Catmull-Rom)."""
    told = [f"{_number(points[0][0])} {_number(points[0][1])} m"]
    if len(points) == 1:
        return f"{told[0]} {told[0][:-1]}l"
    padded = [points[0], *points, points[-1]]
    for before, start, end, after in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        first = [here + (there - past) / 6 for here, there, past in zip(start, end, before, strict=True)]
        second = [there - (beyond - here) / 6 for here, there, beyond in zip(start, end, after, strict=True)]
        told.append(f"{' '.join(map(_number, (*first, *second, *end)))} c")
    return " ".join(told)


def _left(line: Line, size: float, style: Style, box: Box) -> float:
    em = size / POINTS_PER_MM
    if style.align is Align.LEFT:
        return box.left - _hang(line) * em
    spare = box.width - line.width * em
    return box.left + (spare / 2 if style.align is Align.CENTRE else spare)


def _hang(line: Line) -> float:
    """The empty half of a full-width opening mark, moved out so that the left edge looks straight."""
    first = line.runs[0] if line.runs else None
    if first is None or first.text[0] not in FULL_WIDTH_OPENING:
        return 0
    return 0.5 if first.font.widths[ord(first.text[0])] == _EM else 0


def _number(value: float, digits: int = 2) -> str:
    return f"{value:.{digits}f}".rstrip("0").rstrip(".")
