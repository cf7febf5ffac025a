"""One change of a round as it is told: who did what and when; without HTTP or SQL."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What was done to a round: `what` as the audit has it, such as `round.call` or `round.edited`; `at` in UTC.

    version: of the round after it. fields: what an edit changed. detail: what else its sentence needs.
    """

    version: int
    at: datetime
    by: str
    what: str
    fields: tuple[str, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict[str, Any])
