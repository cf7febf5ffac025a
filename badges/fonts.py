"""Which face draws which character, and which characters no face draws.

The print shop's documents draw through `faces`; organisers ask `coverage` before print day. reportlab draws
a blank for a character that its font lacks, so every text is looked up here first. A process parses each font
once, on first use.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import groupby
from pathlib import Path

import badges
from badges.embedding import EmbeddedFont

FOLDER = Path(str(badges.__file__)).parent.parent / "static" / "vendor" / "fonts"

_CHAINS = {
    "zh-Hant": ("NotoSans", "NotoSansHK", "NotoSansSC", "NotoSansJP"),
    "": ("NotoSans", "NotoSansSC", "NotoSansHK", "NotoSansJP"),
}
_HAN = re.compile(r"[\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_WIDE_BESIDE_HAN = frozenset("“”·•…—")
_NEEDS_SHAPING = re.compile(r"[\u0590-\u109f\u1100-\u11ff\u1780-\u18af\u1cd0-\u1cff\ua8e0-\ua8ff\ufb1d-\ufefc]")
_SPACE = re.compile(r"[\t\n\v\f\r\x85\xa0\u2000-\u200a\u2028\u2029\u202f\u205f]")
_IGNORABLE = re.compile(
    r"[\xad\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
_COMPOSABLE = re.compile(r"[^\uf900-\ufaff\U0002f800-\U0002fa1f]+")

_MISSING_TYPE = "〓"


class Weight(StrEnum):
    """How heavy the strokes are."""

    REGULAR = "Regular"
    BOLD = "Bold"


class MissingGlyph(ValueError):
    """A text that cannot be printed whole: no face draws `characters`."""

    def __init__(self, text: str, characters: str) -> None:
        super().__init__(text, characters)
        self.text = text
        self.characters = characters


@dataclass(frozen=True, slots=True)
class Gap:
    """One text, by the caller's key, with the characters that cannot be printed."""

    key: str
    text: str
    characters: str


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring characters that one font draws; `width` is in em, a multiple of the type size."""

    font: EmbeddedFont
    text: str
    width: float


@dataclass(frozen=True, slots=True)
class Glyph:
    """Where a character was found, and how wide it is in em."""

    font: EmbeddedFont
    width: float


class Faces:
    """The fonts of one weight, in the order in which they are asked for a character."""

    def __init__(self, fonts: Sequence[EmbeddedFont]) -> None:
        self._narrow = _Glyphs(fonts, frozenset())
        self._wide = _Glyphs(fonts, _WIDE_BESIDE_HAN)

    def width(self, text: str) -> float:
        """How wide `text` runs, in em; raises MissingGlyph."""
        return sum(self.advances(plain(text)))

    def advances(self, ready: str) -> list[float]:
        """How far each character of a text that `plain` returned moves on, in em; raises MissingGlyph."""
        return [glyph.width for glyph in self._drawn(ready)]

    def runs(self, text: str) -> list[Run]:
        """`text` in pieces of one font each, in order; raises MissingGlyph rather than leave a hole."""
        ready = plain(text)
        runs: list[Run] = []
        start = 0
        for font, group in groupby(self._drawn(ready), key=_font_of):
            glyphs = list(group)
            runs.append(Run(font, ready[start : start + len(glyphs)], sum(map(_width_of, glyphs))))
            start += len(glyphs)
        return runs

    def missing(self, text: str) -> str:
        """The characters of `text` that no face draws, each once, in order."""
        ready = plain(text)
        looked_up = zip(ready, self._found(ready), strict=True)
        return "".join(dict.fromkeys(character for character, glyph in looked_up if glyph is None))

    def _drawn(self, ready: str) -> list[Glyph]:
        found = self._found(ready)
        drawn = [glyph for glyph in found if glyph is not None]
        if len(drawn) < len(found):
            raise MissingGlyph(ready, self.missing(ready))
        return drawn

    def _found(self, ready: str) -> list[Glyph | None]:
        glyphs = self._wide if _HAN.search(ready) else self._narrow
        return list(map(glyphs.__getitem__, ready))


def runs(text: str, faces: Faces) -> list[Run]:
    """`text` in pieces of one font each, in reading order; raises MissingGlyph."""
    return faces.runs(text)


def missing(text: str) -> str:
    """The characters of `text` that cannot be printed, each once: not in the fonts, or in need of shaping."""
    return faces(Weight.REGULAR).missing(text)


def marked(text: str) -> str:
    """The text with 〓, the printers' mark for a missing type, for every character that cannot be printed."""
    return text.translate(str.maketrans(dict.fromkeys(missing(text), _MISSING_TYPE)))


def coverage(names: Iterable[tuple[str, str]]) -> list[Gap]:
    """What cannot be printed among (key, text) pairs: one gap for each such text, in the order given."""
    return [Gap(key, text, holes) for key, text in names if (holes := missing(text))]


@cache
def faces(weight: Weight, language: str = "") -> Faces:
    """The chain for `language`, a BCP 47 tag: whose shape to take where places write one character two ways."""
    chain = _CHAINS.get(language, _CHAINS[""])
    return Faces([_font(family, weight) for family in chain])


def plain(text: str) -> str:
    """`text` as it is set: accents composed, every kind of space a space, invisible characters dropped.

    Compatibility ideographs keep their shape, which composing would replace: a name is never converted.
    """
    if text.isascii() and text.isprintable():
        return text
    spaced = _IGNORABLE.sub("", _SPACE.sub(" ", text))
    if unicodedata.is_normalized("NFC", spaced):
        return spaced
    return _COMPOSABLE.sub(lambda match: unicodedata.normalize("NFC", match[0]), spaced)


class _Glyphs(dict[str, Glyph | None]):
    """Where each character was found; filled as characters are met."""

    def __init__(self, fonts: Sequence[EmbeddedFont], wide: frozenset[str]) -> None:
        super().__init__()
        self._fonts = fonts
        self._wide = wide

    def __missing__(self, character: str) -> Glyph | None:
        glyph = None if _is_undrawable(character) else self._find(character)
        self[character] = glyph
        return glyph

    def _find(self, character: str) -> Glyph | None:
        code = ord(character)
        fonts = self._fonts[1:] if character in self._wide else self._fonts
        return next((Glyph(font, font.widths[code] / 1000) for font in fonts if code in font.widths), None)


def _is_undrawable(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Co", "Cs"} or bool(_NEEDS_SHAPING.match(character))


def _font_of(glyph: Glyph) -> EmbeddedFont:
    return glyph.font


def _width_of(glyph: Glyph) -> float:
    return glyph.width


@cache
def _font(family: str, weight: Weight) -> EmbeddedFont:
    name = f"{family}-{weight}"
    return EmbeddedFont(name, FOLDER / f"{name}.ttf")
