"""Who does something on the stage, as transitions, substitutions and the record name them."""

from dataclasses import dataclass
from typing import Self

from events.core.auth import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """id: the account or token; name: what people call them; where: the place at which they say they are."""

    id: str
    name: str
    where: str = ""

    @classmethod
    def of(cls, principal: Principal, where: str = "") -> Self:
        """Whoever asks."""
        return cls(id=principal.name, name=principal.shown, where=where)
