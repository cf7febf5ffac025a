"""QR symbols as pictures for screens: a ticket, kept with a long press, and the link that pairs a phone."""

from io import BytesIO

from PIL import Image

from badges.symbol import QUIET_ZONE, Symbol, link_symbol, symbol

_MODULE_PX = 24
_LINK_MODULE_PX = 12


def qr_png(code: str) -> bytes:
    """A black and white PNG of the symbol, 24 px a module, with its quiet zone."""
    return _png(symbol(code), _MODULE_PX)


def link_png(address: str) -> bytes:
    """A black and white PNG of a link's symbol, 12 px a module, with its quiet zone."""
    return _png(link_symbol(address), _LINK_MODULE_PX)


def _png(drawn: Symbol, module_px: int) -> bytes:
    rows = Image.frombytes("1", (drawn.side, drawn.side), bytes(~byte & 0xFF for byte in drawn.rows))
    side = drawn.side + 2 * QUIET_ZONE
    framed = Image.new("1", (side, side), color=1)
    framed.paste(rows, (QUIET_ZONE, QUIET_ZONE))
    file = BytesIO()
    framed.resize((side * module_px, side * module_px)).save(file, "PNG", optimize=True)
    return file.getvalue()
