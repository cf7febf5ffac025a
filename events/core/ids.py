"""Ids and the words for who is who. Rows are keyed by UUIDv7, so that they sort by the time they were made."""

from enum import StrEnum
from typing import NewType
from uuid import UUID

from uuid_utils.compat import uuid7

EventId = NewType("EventId", UUID)
UserId = NewType("UserId", UUID)


class Role(StrEnum):
    """What a signed-in person is; `events.core.auth` says what each may do."""

    ADMIN = "admin"
    ORGANISER = "organiser"
    STEWARD = "steward"
    PROTOCOL = "protocol"


def new_id() -> UUID:
    """A new UUIDv7 (RFC 9562, 5.7); later ones of this process sort later."""
    return uuid7()
