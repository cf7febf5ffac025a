"""The QR symbol as a picture for screens: a guest keeps it with a long press."""

from io import BytesIO

from PIL import Image

from badges.symbol import QUIET_ZONE, symbol

_MODULE_PX = 24


def qr_png(code: str) -> bytes:
    """A black and white PNG of the symbol, 24 px a module, with its quiet zone."""
    drawn = symbol(code)
    rows = Image.frombytes("1", (drawn.side, drawn.side), bytes(~byte & 0xFF for byte in drawn.rows))
    side = drawn.side + 2 * QUIET_ZONE
    framed = Image.new("1", (side, side), color=1)
    framed.paste(rows, (QUIET_ZONE, QUIET_ZONE))
    file = BytesIO()
    framed.resize((side * _MODULE_PX, side * _MODULE_PX)).save(file, "PNG", optimize=True)
    return file.getvalue()
