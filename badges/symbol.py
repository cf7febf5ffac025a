"""The QR symbol of a ticket code, as modules; `canvas` paints it. A link gets a symbol of whatever size it needs.

Version and mask are fixed, so that every badge costs the same and the scanner always meets the same size:
version 2 at level Q holds the 28 characters of a ticket and survives the loss of a quarter of its area.
"""

from dataclasses import dataclass
from typing import Any, Final

from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError
from qrcode.main import QRCode
from qrcode.util import QRData

VERSION = 2
MASK = 2
ALPHANUMERIC: Final = 2
"""The mode indicator of upper-case letters and digits, ISO/IEC 18004 table 2."""
QUIET_ZONE = 4
"""Modules of white that ISO/IEC 18004 asks for on every side."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """`side` modules a side; `rows` one bit a module, dark is 1, each row filled up to whole bytes."""

    side: int
    rows: bytes


def symbol(code: str) -> Symbol:
    """Encode `code`; raises ValueError when it is not upper-case alphanumeric or too long for version 2."""
    maker = QRCode(version=VERSION, error_correction=ERROR_CORRECT_Q, mask_pattern=MASK, border=0)
    try:
        maker.add_data(QRData(code, mode=ALPHANUMERIC), optimize=0)
        maker.make(fit=False)
    except DataOverflowError as error:
        raise ValueError(f"{len(code)} characters do not fit a version {VERSION} symbol") from error
    return _drawn(maker)


def link_symbol(address: str) -> Symbol:
    """Encode a link for a camera that is held before a screen, at level M."""
    maker = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    maker.add_data(address)
    maker.make(fit=True)
    return _drawn(maker)


def _drawn(maker: QRCode[Any]) -> Symbol:
    return Symbol(maker.modules_count, b"".join(_row(row) for row in maker.modules))


def _row(modules: list[bool | None]) -> bytes:
    bits = "".join("1" if dark else "0" for dark in modules)
    width = -(-len(bits) // 8)
    return (int(bits, 2) << (width * 8 - len(bits))).to_bytes(width)
