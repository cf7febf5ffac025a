"""The badge: an A6 card that names its wearer from across a table and opens the door with its QR symbol.

`draw` makes one page a badge and is called in a worker process: for a guest's own badge, for a desk's reprint
and for the whole batch before the event.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from badges.canvas import Canvas, readable_on
from badges.fonts import Weight
from badges.paper import A6, POINTS_PER_MM, Box
from badges.symbol import symbol
from badges.typeset import Align, Block, Breaks, Style
from events.ticket import grouped

INK = "#16181d"
GREY = "#5b616e"
HAIRLINE = "#d5d8de"


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """One guest's badge.

    code: the ticket. name: in the script that the guest uses. category_name: the word on the band, whose colour
    is `category_colour`, `#rrggbb`. language: the guest's, as a BCP 47 tag. slot: where the printed badge lies.
    booth: at which booth the wearer works, in words.
    """

    code: str
    name: str
    category_name: str
    category_colour: str
    name_latin: str = ""
    organisation: str = ""
    job_title: str = ""
    language: str = ""
    slot: str = ""
    booth: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventHeader:
    """What every badge of an event says: the title in one or two languages, when and where, the hosts.

    dates, hosts: one line or several, divided by newlines.
    """

    titles: tuple[str, ...]
    dates: str
    hosts: str
    language: str


_MARGIN = 9.0
_PAGE = A6.box.inset(_MARGIN, 0)
_HEAD = Box(_PAGE.left, 13, _PAGE.width - 18, 24)
_SLOT = Box(_PAGE.right - 17, 13, 17, 8)
_WHO = Box(_PAGE.left, 38.7, _PAGE.width, 41.5)
_CODE = Box(_PAGE.left, 86, 36, 36)
_ABOUT = Box(_CODE.right + 7, 85.3, _PAGE.right - _CODE.right - 7, 36)
_TYPED = Box(_PAGE.left, 127.2, _PAGE.width, 5)
_BOOTH = Box(_PAGE.right - 28, 126.6, 28, 6)
_BAND = Box(0, 134, A6.width, 14)

_TITLE = Style(size=13, minimum=12, floor=8.5, lines=2, weight=Weight.BOLD, leading=1.3)
_SECOND_TITLE = Style(size=8.5, minimum=8, floor=6.5, lines=2, colour=GREY, leading=1.3)
_DATES = Style(size=9.5, minimum=9, floor=7, lines=3, leading=1.45)
_HOSTS = Style(size=8, minimum=7, floor=6, lines=2, colour=GREY, leading=1.5)
_NUMBER = Style(size=14, minimum=9, floor=7, weight=Weight.BOLD, align=Align.RIGHT, leading=1.2)
_NAME = Style(size=46, minimum=30, floor=12, lines=3, weight=Weight.BOLD, breaks=Breaks.NAME, leading=1.18)
_LATIN = Style(size=17, minimum=12, floor=9, lines=2, breaks=Breaks.NAME, leading=1.3)
_ORGANISATION = Style(size=11.5, minimum=10, floor=8, lines=2, weight=Weight.BOLD)
_JOB_TITLE = Style(size=10.5, minimum=9.5, floor=7.5, lines=2, colour=GREY)
_GROUPS = Style(size=8.5, minimum=6, floor=6, colour=GREY)
_STAND = Style(size=11, minimum=8, floor=6, weight=Weight.BOLD, align=Align.RIGHT)
_CATEGORY = Style(size=18, minimum=12, floor=8.5, lines=2, weight=Weight.BOLD, leading=1.2)

_SCALES = (1, 0.88, 0.77, 0.68, 0.58)
"""How far the wearer's lines shrink together until they stand above the symbol; at the last any text does."""

Placed = tuple[Block, Style, float]
"""A line of the wearer's, its style, and the gap above it in mm."""


def draw(badges: Sequence[Badge], *, event: EventHeader) -> bytes:
    """One A6 page for each badge, in the order given.

    Raises MissingGlyph when a text cannot be printed whole, ValueError when there is no badge or a code does
    not fit its symbol.
    """
    if not badges:
        raise ValueError("there is no badge to print")
    author = " · ".join(event.hosts.splitlines())
    canvas = Canvas(A6, title=event.titles[0], author=author, language=event.language)
    with canvas.shared("head"):
        _head(canvas, event)
    with canvas.shared("about"):
        _about(canvas, event)
    for badge in badges:
        canvas.page()
        _badge(canvas, badge)
    return canvas.finish()


def _head(canvas: Canvas, event: EventHeader) -> None:
    top = _HEAD.top
    for title, style in zip(event.titles[:2], (_TITLE, _SECOND_TITLE), strict=False):
        top = canvas.words(title, style, _HEAD.starting_at(top)) + 0.8


def _badge(canvas: Canvas, badge: Badge) -> None:
    canvas.stamp("head")
    canvas.words(badge.slot, _NUMBER, _SLOT)
    _who(canvas, badge)
    canvas.code(symbol(badge.code), _CODE)
    canvas.stamp("about")
    canvas.words(grouped(badge.code), _GROUPS, _TYPED)
    canvas.words(badge.booth, _STAND, _BOOTH)
    _band(canvas, badge)


def _who(canvas: Canvas, badge: Badge) -> None:
    """Name, Latin name, organisation and job title, as large as there is room for."""
    top = _WHO.top
    for block, style, gap in _lines(canvas, badge):
        top = canvas.block(block, style, _WHO.starting_at(top + gap))


def _lines(canvas: Canvas, badge: Badge) -> list[Placed]:
    settings = (_scaled_lines(canvas, badge, scale) for scale in _SCALES)
    return next(lines for lines in settings if sum(map(_height, lines)) <= _WHO.height)


def _scaled_lines(canvas: Canvas, badge: Badge, scale: float) -> list[Placed]:
    return [
        (canvas.fit(text, style.scaled(scale), _WHO.width, language=badge.language), style, gap * scale)
        for text, style, gap in (
            (badge.name, _NAME, 0.0),
            (badge.name_latin, _LATIN, 0.6),
            (badge.organisation, _ORGANISATION, 2.4),
            (badge.job_title, _JOB_TITLE, 0.2),
        )
        if text
    ]


def _height(placed: Placed) -> float:
    block, _, gap = placed
    return gap + block.height / POINTS_PER_MM


def _about(canvas: Canvas, event: EventHeader) -> None:
    top = _ABOUT.top
    for line in event.dates.splitlines():
        top = canvas.words(line, _DATES, _ABOUT.starting_at(top))
    top += 1.2
    for host in event.hosts.splitlines():
        top = canvas.words(host, _HOSTS, _ABOUT.starting_at(top))


def _band(canvas: Canvas, badge: Badge) -> None:
    """The category, stored once for all badges that share it."""
    name = f"band {badge.category_colour} {badge.category_name}"
    if not canvas.has(name):
        style = replace(_CATEGORY, colour=readable_on(badge.category_colour))
        with canvas.shared(name):
            canvas.band(_BAND, badge.category_colour)
            block = canvas.fit(badge.category_name, style, _PAGE.width)
            middle = (_BAND.height - block.height / POINTS_PER_MM) / 2
            canvas.block(block, style, _BAND.inset(_MARGIN, middle))
    canvas.stamp(name)
