"""The ticket code: made once, printed small, scanned or typed at a door, and read here.

`Y1` names the scheme, five characters the event, twenty are the secret (100 random bits), the last is a
check. Registration mints through this module; the pass page, the desk and the door read with it.
`static/js/ticket.js` is its twin, and `tests/vectors/tickets.json` holds the two together.

The check character finds slips of hand and eye, not forgery: the secret is the proof. Each of the 32
symbols stands for an element of the field GF(32), that is GF(2)[x] modulo x⁵+x²+1, where x generates
all 31 non-zero elements. A code c₀ … c₂₇ is valid when Σ cᵢ·x^(27−i) = 0. No weight is zero, so
changing one symbol by d ≠ 0 changes the sum by d·weight ≠ 0. The 28 weights are 28 different powers (28
≤ 31), so exchanging symbols a ≠ b at two places, adjacent or not, changes it by (a−b)·(weight−weight′)
≠ 0. Both errors are therefore always caught.
"""

import hashlib
import re
import secrets
import unicodedata
from dataclasses import dataclass

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SCHEME = "Y1"
TAG_LENGTH = 5
SECRET_LENGTH = 20
LENGTH = len(SCHEME) + TAG_LENGTH + SECRET_LENGTH + 1

_FIELD_POLYNOMIAL = 0b100101
_LONGEST_INPUT = 512
_LINK = re.compile(r"https?://.*/t/([^/?#]+).*", re.IGNORECASE)
_LOOKALIKES = str.maketrans("OIL", "011")
_SEPARATORS = frozenset({"Cc", "Cf", "Pd", "Zl", "Zp", "Zs"})


@dataclass(frozen=True, slots=True)
class Code:
    """A well-formed code: the event's `tag`, the `secret`, and all of it as printed in `text`."""

    tag: str
    secret: str
    text: str


def new_tag() -> str:
    """Five random characters for a new event's codes."""
    return _random(TAG_LENGTH)


def mint(tag: str) -> str:
    """A new code of the event with this `tag`, with a secret that nobody can guess."""
    if len(tag) != TAG_LENGTH or not set(tag) <= set(ALPHABET):
        raise ValueError(f"not an event tag: {tag!r}")
    body = SCHEME + tag + _random(SECRET_LENGTH)
    return body + _check_character(body)


def parse(text: str) -> Code | None:
    """Reads what was scanned or typed; None when it is no ticket code.

    Forgiven: lower case, spaces and hyphens anywhere, O for 0, I and L for 1, full-width characters, and a
    link to the pass (`HTTPS://HOST/T/<code>`) in place of the code.
    """
    if len(text) > _LONGEST_INPUT:
        return None
    code = _plain(text)
    if len(code) != LENGTH or not code.startswith(SCHEME) or not set(code) <= set(ALPHABET):
        return None
    if _check_character(code[:-1]) != code[-1]:
        return None
    after_tag = len(SCHEME) + TAG_LENGTH
    return Code(tag=code[len(SCHEME) : after_tag], secret=code[after_tag:-1], text=code)


def grouped(code: str) -> str:
    """The code as it is printed for people: `Y1 TTTTT SSSSS SSSSS SSSSS SSSSS C`."""
    body = code[len(SCHEME) : -1]
    return " ".join([SCHEME, *(body[start : start + 5] for start in range(0, len(body), 5)), code[-1]])


def digest(code: str) -> bytes:
    """SHA-256 of the code, which proves a ticket in a manifest without giving it away."""
    return hashlib.sha256(code.encode()).digest()


def _random(length: int) -> str:
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in secrets.token_bytes(length))  # 32 divides 256


def _plain(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text.upper().translate(_LOOKALIKES)
    normal = unicodedata.normalize("NFKC", text)
    kept = "".join(letter for letter in normal if unicodedata.category(letter) not in _SEPARATORS)
    link = _LINK.fullmatch(kept)
    return (link[1] if link else kept).upper().translate(_LOOKALIKES)


def _check_character(body: str) -> str:
    total = 0
    for symbol in body:
        total = _TIMES_X[total ^ _VALUES[symbol]]
    return ALPHABET[total]


def _times_x(element: int) -> int:
    doubled = element << 1
    return doubled ^ _FIELD_POLYNOMIAL if doubled >= len(ALPHABET) else doubled


_VALUES = {symbol: value for value, symbol in enumerate(ALPHABET)}
_TIMES_X = [_times_x(element) for element in range(len(ALPHABET))]
