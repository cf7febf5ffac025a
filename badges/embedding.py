"""A TrueType font inside a PDF, as `fonts` finds it and `canvas` writes with it.

reportlab embeds only the characters that a document uses, in subsets of 256. The table that it adds for copying
and searching is wrong above U+FFFF (𬭎 is extracted as Ⲵ), so that table is made here.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, cast

from reportlab.pdfbase.ttfonts import TTFont


class Document(Protocol):
    """The part of reportlab's document that fonts write to."""

    idToObject: dict[str, Any]


class EmbeddedFont(TTFont):
    """A font whose text can be copied out of the PDF, whatever its plane; raises TTFError without its file."""

    def __init__(self, name: str, path: Path) -> None:
        cast("Any", super()).__init__(name, str(path), asciiReadable=True)
        self.widths: Mapping[int, float] = {
            code: self.face.charWidths[code] for code in cast("dict[int, int]", self.face.charToGlyph)
        }
        """Advance width of each character that the font has, in 1/1000 em."""

    def encode(self, text: str, document: Document) -> list[tuple[str, bytes]]:
        """`text` as (font resource, codes) pairs, in order; the document embeds what is used."""
        upstream = cast("Any", self)
        return [
            (upstream.getSubsetInternalName(subset, document), codes)
            for subset, codes in upstream.splitString(text, document)
        ]

    def addObjects(self, doc: Document) -> None:
        """Write the font's objects when the document is finished."""
        subsets = cast("list[list[int]]", self.state[doc].subsets)
        cast("Any", super()).addObjects(doc)
        for number, subset in enumerate(subsets):
            name = f"{_tag(number)}+{self.face.name.decode()}"
            doc.idToObject[f"toUnicodeCMap:{name}"].content = to_unicode(name, subset)


def to_unicode(name: str, subset: Sequence[int]) -> str:
    """The CMap from codes to UTF-16 (ISO 32000-1, 9.10.3), in blocks of at most 100 as Adobe's 5014 asks."""
    pairs = [f"<{code:02X}> <{_utf16(point)}>" for code, point in enumerate(subset)]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
            f"/CMapName /{name} def /CMapType 2 def",
            f"1 begincodespacerange <00> <{len(subset) - 1:02X}> endcodespacerange",
            *("\n".join([f"{len(block)} beginbfchar", *block, "endbfchar"]) for block in blocks),
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        ]
    )


def _utf16(point: int) -> str:
    return chr(point).encode("utf-16-be").hex().upper()


def _tag(number: int) -> str:
    """The six letters with which reportlab marks a subset."""
    return f"{number:06d}".translate(str.maketrans("0123456789", "ABCDEFGIJK"))
