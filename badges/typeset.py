"""How a text is fitted into a width: shrunk to a limit, then broken where a reader of its script would break it.

Pure measuring; `canvas` draws the blocks that come out of here.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate, pairwise

from badges.fonts import Faces, Run, Weight, faces, plain


class Align(StrEnum):
    """On which edge lines stand."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Breaks(StrEnum):
    """Where a text may be broken: a name never between hanzi, prose also there."""

    NAME = "name"
    PROSE = "prose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a text looks. Sizes in points.

    size: wished. minimum: how small it may get on one line. floor: how small once it is broken into `lines`.
    leading: line height as a multiple of the size.
    """

    size: float
    minimum: float
    floor: float
    lines: int = 1
    weight: Weight = Weight.REGULAR
    colour: str = "#16181d"
    align: Align = Align.LEFT
    breaks: Breaks = Breaks.PROSE
    leading: float = 1.35

    def scaled(self, factor: float) -> "Style":
        """This style with all its sizes multiplied by `factor`."""
        return replace(self, size=self.size * factor, minimum=self.minimum * factor, floor=self.floor * factor)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a block; `width` in em."""

    runs: tuple[Run, ...]
    width: float


@dataclass(frozen=True, slots=True)
class Block:
    """A fitted text: its size in points, its lines, and the height of all of them in points."""

    size: float
    lines: tuple[Line, ...]
    height: float


FULL_WIDTH_OPENING = "（《〈「『【〔“‘"
_OPENING = f"{FULL_WIDTH_OPENING}(["
_CLOSING = "，。、；：！？）》〉」』】〕”’…—·,.;:!?)]%"
_PAUSES = "，。、；：！？）》」』】”·—"
_HANZI = "\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_AT_SCRIPTS = re.compile(rf"[{_HANZI}·]+ *|[^{_HANZI}]+")
_AT_SPACES = re.compile(r"\S+ *| +")
_AT_JOINTS = re.compile(r"[^ ·‧\-‐/@]+[·‧\-‐/@]* *|[ ·‧\-‐/@]+")
_BETWEEN_HANZI = re.compile(
    rf"[{re.escape(_OPENING)}]*(?:[{_HANZI}]|[^ {_HANZI}{re.escape(_OPENING)}]+)?[{re.escape(_CLOSING)}]* *"
)
_AT_PHRASES = re.compile(rf"[^ \u3000{_PAUSES}]+[{_PAUSES}]* *\u3000?|[ \u3000{_PAUSES}]+")
_ANYWHERE = re.compile(r"[\s\S] *")
_LEVELS = {
    Breaks.NAME: (_AT_SCRIPTS, _AT_SPACES, _AT_JOINTS),
    Breaks.PROSE: (_AT_PHRASES, _BETWEEN_HANZI, _AT_JOINTS),
}
"""Where a text may be broken, the kindest places first."""
_STEP = 0.94
_EVENED = 4
"""So many lines of running text are made equally long; in more of them nobody sees the difference."""
_WORTH_IT = 1.3
"""How much larger a text must come out before it is broken at a less kind place."""


@lru_cache(maxsize=4096)
def fit(text: str, style: Style, *, width: float, language: str = "") -> Block:
    """Set `text` into `width` points: one line if it can, else up to `style.lines`, else cut with an ellipsis.

    Raises MissingGlyph.
    """
    chain = faces(style.weight, language)
    line = _line(text, chain)
    size = min(style.size, width / line.width) if line.width else style.size
    if size >= style.minimum:
        return _block(size, [line], style)
    return _broken(plain(text).strip(), style, width=width, chain=chain)


def wrapped(text: str, style: Style, *, width: float, language: str = "", whole: Sequence[str] = ()) -> Block:
    """Running text at its own size, over as many lines as it takes in `width` points; no phrase of `whole` is broken
    that has room on a line. Raises MissingGlyph."""
    chain, ready = faces(style.weight, language), plain(text).strip()
    advances, measure = chain.advances(ready), width / style.size
    broken = (
        _set_at(pieces, advances, text=ready, measure=measure)
        for pieces in (_kept_whole(ready, whole), _pieces(ready, _BETWEEN_HANZI))
    )
    kind = next((lines for lines in broken if _fits(lines, chain, measure=measure)), None)
    lines = kind or _greedy(_pieces(ready, _ANYWHERE), advances, text=ready, measure=measure)
    return _block(style.size, [_line(line, chain) for line in lines], style)


def _set_at(pieces: Sequence[int], advances: Sequence[float], *, text: str, measure: float) -> list[str]:
    lines = _greedy(pieces, advances, text=text, measure=measure)
    return _wrap(pieces, advances, text=text, measure=measure) if len(lines) <= _EVENED else lines


def _kept_whole(text: str, phrases: Sequence[str]) -> list[int]:
    """Where running text may be broken, but for the insides of these phrases."""
    inside = {
        place
        for phrase in phrases
        if phrase
        for found in re.finditer(re.escape(plain(phrase)), text)
        for place in range(found.start() + 1, found.end())
    }
    return [end for end in _pieces(text, _BETWEEN_HANZI) if end not in inside]


def _broken(text: str, style: Style, *, width: float, chain: Faces) -> Block:
    best: Block | None = None
    for level in _LEVELS[style.breaks]:
        block = _at_level(text, style, width=width, chain=chain, level=level)
        if block and (best is None or block.size > best.size * _WORTH_IT):
            best = block
    return (
        best
        or _at_level(text, style, width=width, chain=chain, level=_ANYWHERE)
        or _cut(text, style, width=width, chain=chain)
    )


def _at_level(text: str, style: Style, *, width: float, chain: Faces, level: re.Pattern[str]) -> Block | None:
    """The largest setting in at most `style.lines` lines with breaks as `level` allows, if there is one."""
    advances = chain.advances(text)
    pieces = _pieces(text, level)
    for size in _sizes(style):
        lines = _wrap(pieces, advances, text=text, measure=width / size)
        if len(lines) <= style.lines and _fits(lines, chain, measure=width / size):
            return _block(size, [_line(line, chain) for line in lines], style)
    return None


def _cut(text: str, style: Style, *, width: float, chain: Faces) -> Block:
    """The last resort for absurdly long texts: as many characters as there is room for, and an ellipsis."""
    measure = width / style.floor
    lines = _greedy(_pieces(text, _ANYWHERE), chain.advances(text), text=text, measure=measure)
    last = lines[style.lines - 1]
    while chain.width(f"{last}…") > measure:
        last = last[:-1]
    kept = [*lines[: style.lines - 1], f"{last.rstrip()}…"]
    return _block(style.floor, [_line(line, chain) for line in kept], style)


def _sizes(style: Style) -> Iterator[float]:
    size = style.minimum
    while size > style.floor:
        yield size
        size *= _STEP
    yield style.floor


def _pieces(text: str, level: re.Pattern[str]) -> list[int]:
    """Where the unbreakable pieces of `text` end."""
    return [match.end() for match in level.finditer(text) if match[0]]


def _wrap(pieces: Sequence[int], advances: Sequence[float], *, text: str, measure: float) -> list[str]:
    """Break into as few lines as `measure` (em) asks for, then even them out."""
    lines = _greedy(pieces, advances, text=text, measure=measure)
    steps = [measure * part / 16 for part in range(8, 17)]
    narrowest = bisect_left(
        steps, x=-len(lines), key=lambda step: -len(_greedy(pieces, advances, text=text, measure=step))
    )
    return _greedy(pieces, advances, text=text, measure=steps[narrowest])


def _greedy(pieces: Sequence[int], advances: Sequence[float], *, text: str, measure: float) -> list[str]:
    reach = [0.0, *accumulate(advances)]
    lines: list[str] = []
    start = 0
    for before, end in pairwise([0, *pieces]):
        visible = start + len(text[start:end].rstrip())
        if before > start and reach[visible] - reach[start] > measure:
            lines.append(text[start:before].rstrip())
            start = before
    return [*lines, text[start:].rstrip()]


def _fits(lines: Sequence[str], chain: Faces, *, measure: float) -> bool:
    return all(chain.width(line) <= measure for line in lines)


def _block(size: float, lines: Sequence[Line], style: Style) -> Block:
    return Block(size, tuple(lines), size * style.leading * len(lines))


def _line(text: str, chain: Faces) -> Line:
    runs = tuple(chain.runs(text))
    return Line(runs, sum(run.width for run in runs))
