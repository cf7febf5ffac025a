"""One text for one value, so that its digest can be worked out again anywhere: canonical JSON as RFC 8785 has it.

Pure. Records of rounds and signatures are hashed over what comes out of here. Only what needs no rounding is taken:
whole numbers, text, truth, nothing, lists, and objects with plain names.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

_LARGEST = 2**53 - 1
"""Beyond it JSON readers round (RFC 8785, appendix D)."""


def canonical(value: object) -> str:
    """The one JSON text of `value`; raises ValueError for what has no such text."""
    _check(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(text: str) -> str:
    """SHA-256 over the text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def moment(at: datetime | None) -> str | None:
    """An aware time in UTC as RFC 3339 writes it."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def _check(value: object) -> None:
    if isinstance(value, Mapping):
        for name, held in cast("Mapping[Any, Any]", value).items():
            if not (isinstance(name, str) and name.isascii()):
                raise ValueError(f"not a name that sorts alike everywhere: {name!r}")
            _check(held)
    elif isinstance(value, list):
        for held in cast("list[Any]", value):
            _check(held)
    elif isinstance(value, float) or (isinstance(value, int) and abs(value) > _LARGEST):
        raise ValueError(f"not a number that every reader takes for the same: {value!r}")
