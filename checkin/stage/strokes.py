"""Ordering names by strokes (姓氏笔画为序), as mainland lists of people who are equal are ordered.

Called by `precedence`. The fewer strokes the earlier; with as many, by the shapes of the strokes in the order in
which they are written: 横 竖 撇 点 折 (GF 3003-1999); characters that are still equal by code point. A character counts
as the guest writes it, simplified or traditional, and as the mainland counts: 阝 has two strokes, so 陳 has ten and not
eleven. How characters are written is installed from npm and read at first use (docs/decisions/strokes.md).
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from itertools import chain
from pathlib import Path

import checkin

FOLDER = Path(str(checkin.__file__)).parent.parent / "static" / "vendor" / "strokes"

CharacterKey = tuple[bool, int, str, str]
"""Whether nothing is known of it, how many strokes, the shape of each in turn from 1 to 5, and the character."""
StrokeKey = tuple[tuple[CharacterKey, ...], bool, tuple[CharacterKey, ...], str]

_SHORT = 2
_SHAPES = {"j": "1", "i": "1", "f": "2", "g": "2", "s": "3", "k": "4", "d": "4", "l": "4"}
"""The packages' letters of strokes by shape: 提 counts as 横, 竖钩 as 竖, 捺 as 点; every other letter is a 折."""
_FOLDED = "5"
_SEQUENCES = re.compile(r"""JSON\.parse\('(\{".":"[a-z]+"[^']*\})'\)""")
"""The one table of a file whose values are letters of strokes; the others are of codes and spellings."""


def stroke_key(name: str) -> StrokeKey:
    """Where a name stands: by its first character, then a name of two characters before longer ones, then the others.

    Of one surname 高富 precedes 高大富, although 大 has fewer strokes: the missing character counts as none. Characters
    of which nothing is known, such as Latin letters, 䶮 and 𣲗, stand behind all others, by code point.
    """
    keys = tuple(_character_key(character) for character in name if not character.isspace())
    return keys[:1], len(keys) > _SHORT, keys[1:], name


def strokes_of(character: str) -> int | None:
    """With how many strokes a character is written; None where nothing is known of it."""
    shapes = _shapes().get(character)
    return len(shapes) if shapes else None


def _character_key(character: str) -> CharacterKey:
    shapes = _shapes().get(character, "")
    return not shapes, len(shapes), shapes, character


@cache
def _shapes() -> Mapping[str, str]:
    """The shapes of each character's strokes, in the order in which they are written."""
    written = chain.from_iterable(_sequences(name).items() for name in ("traditional.js", "simplified.js"))
    return {character: "".join(_SHAPES.get(letter, _FOLDED) for letter in letters) for character, letters in written}


def _sequences(name: str) -> dict[str, str]:
    """The letters of each character's strokes in one of the files."""
    [table] = _SEQUENCES.findall((FOLDER / name).read_text("utf-8"))
    return json.loads(table)
