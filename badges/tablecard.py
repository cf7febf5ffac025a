"""Table cards: a name that is read from across the table, on both faces of a folded sheet.

`draw` makes one sheet a card and is called in a worker process, for a whole table and for one reprint. Names of two,
three and four hanzi are set in one size, those of two spread to the width of three, so that a row of cards looks even.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from badges.canvas import Canvas
from badges.fonts import MissingGlyph, Weight, coverage
from badges.paper import A4, POINTS_PER_MM, Box
from badges.typeset import Align, Block, Breaks, Style

INK = "#16181d"
GREY = "#5b616e"
HAIRLINE = "#b9bec8"


class CardPaper(StrEnum):
    """How a card stands: an A4 sheet folded twice to a tent, or a strip for a holder of 200 × 100 mm."""

    FOLD = "a4-fold"
    HOLDER = "200x100"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCard:
    """One card. name: in the script that its owner uses. second: the other script. below: whom they stand for.

    note: for whoever lays the table, on the foot of the sheet. language: of the name, as a BCP 47 tag.
    """

    name: str
    second: str = ""
    below: str = ""
    note: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardTray:
    """Cards in the order in which they are laid. title, author, language: of the document."""

    cards: Sequence[TableCard]
    paper: CardPaper
    title: str
    author: str
    language: str


@dataclass(frozen=True, slots=True)
class _Form:
    """Where the upright face stands; the other is its mirror image about the fold above it."""

    face: Box
    turned: Box
    note: Box
    folds: tuple[float, ...]
    cuts: tuple[Box, ...]


_THIRD = A4.height / 3
_SIDE = 16.0
_FORMS = {
    CardPaper.FOLD: _Form(
        face=Box(0, _THIRD, A4.width, _THIRD).inset(_SIDE, 6),
        turned=Box(0, 2 * _THIRD, A4.width, _THIRD).inset(_SIDE, 6),
        note=Box(_SIDE, A4.height - 14, A4.width - 2 * _SIDE, 8),
        folds=(_THIRD, 2 * _THIRD),
        cuts=(),
    ),
    CardPaper.HOLDER: _Form(
        face=Box(5, 148.5, 200, 100).inset(12, 6),
        turned=Box(5, 148.5, 200, 100).inset(12, 6),
        note=Box(_SIDE, A4.height - 14, A4.width - 2 * _SIDE, 8),
        folds=(148.5,),
        cuts=(Box(5, 48.5, 200, 0), Box(5, 248.5, 200, 0)),
    ),
}
_HANZI = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TWO = re.compile(rf"([{_HANZI}])([{_HANZI}])")
_FEW = re.compile(rf"[{_HANZI}]{{2,4}}")

_NAME = Style(
    size=112, minimum=60, floor=30, lines=2, weight=Weight.BOLD, align=Align.CENTRE, breaks=Breaks.NAME, leading=1.12
)
_LATIN = Style(
    size=76, minimum=50, floor=26, lines=3, weight=Weight.BOLD, align=Align.CENTRE, breaks=Breaks.NAME, leading=1.14
)
_SECOND = Style(size=30, minimum=20, floor=13, lines=2, align=Align.CENTRE, breaks=Breaks.NAME, leading=1.25)
_BELOW = Style(size=17, minimum=13, floor=9, lines=2, colour=GREY, align=Align.CENTRE, leading=1.35)
_NOTE = Style(size=8, minimum=7, floor=5, colour=GREY, align=Align.CENTRE)
_SCALES = (1, 0.9, 0.8, 0.7, 0.6, 0.5)
_GAP = 1.5
_TICK = 6.0


def draw(tray: CardTray) -> bytes:
    """One sheet for each card, in the order given.

    Raises MissingGlyph with everybody whose card cannot be printed whole, ValueError without a card.
    """
    if not tray.cards:
        raise ValueError("there is no card to print")
    gaps = coverage((card.name, f"{card.name}{card.second}{card.below}") for card in tray.cards)
    if gaps:
        raise MissingGlyph(
            ", ".join(gap.key for gap in gaps), "".join(sorted({*"".join(gap.characters for gap in gaps)}))
        )
    canvas = Canvas(A4, title=tray.title, author=tray.author, language=tray.language)
    for card in tray.cards:
        canvas.page()
        _card(canvas, card, _FORMS[tray.paper])
    return canvas.finish()


def spaced(name: str) -> str:
    """A name as it is set: two hanzi stand apart by the room of a third."""
    return "\u3000".join(name) if _TWO.fullmatch(name) else name


def _card(canvas: Canvas, card: TableCard, form: _Form) -> None:
    _face(canvas, card, form.face)
    with canvas.upside_down():
        _face(canvas, card, form.turned)
    canvas.words(card.note, _NOTE, form.note)
    for fold in form.folds:
        for left in (0.0, A4.width - _TICK):
            canvas.rule(left, fold, _TICK, colour=HAIRLINE)
    for cut in form.cuts:
        canvas.rule(cut.left, cut.top, cut.width, colour=HAIRLINE)


def _face(canvas: Canvas, card: TableCard, box: Box) -> None:
    """The lines in the middle of the face, all a little smaller until they have room."""
    settings = [_lines(canvas, card, box, scale) for scale in _SCALES]
    lines = next((each for each in settings if _height(each) <= box.height), settings[-1])
    top = box.top + (box.height - _height(lines)) / 2
    for block, style in lines:
        top = canvas.block(block, style, box.at(top)) + _GAP


def _lines(canvas: Canvas, card: TableCard, box: Box, scale: float) -> list[tuple[Block, Style]]:
    name = _NAME if _FEW.fullmatch(card.name) else _LATIN
    return [
        (canvas.fit(text, style.scaled(scale), box.width, language=card.language), style)
        for text, style in ((spaced(card.name), name), (card.second, _SECOND), (card.below, _BELOW))
        if text
    ]


def _height(lines: Sequence[tuple[Block, Style]]) -> float:
    return sum(block.height / POINTS_PER_MM for block, _ in lines) + _GAP * (len(lines) - 1)
