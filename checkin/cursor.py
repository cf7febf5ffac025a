"""How far a device has read an event: the cursors of a manifest, as text that only the server understands.

A cursor that cannot be read, or is another event's, is as good as none: the device then gets everything again.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, NonNegativeInt, TypeAdapter

_LONGEST = 1000


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("before the year 1 or after 9999 in UTC") from error


_Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Everything that changed before `moment` was read, and all tickets up to `serial`."""

    event_id: UUID
    moment: _Moment
    serial: NonNegativeInt
    format: Literal[1] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """How far one reading of several pages has come: to the guest `after`.

    It carries the cursors with which reading began, so that whatever changes between two pages comes with the next
    delta, and so that a page cannot belong to another reading.
    """

    after: UUID | None
    since: Cursor | None
    until: Cursor


_CURSOR: TypeAdapter[Cursor] = TypeAdapter(Cursor)
_BOOKMARK: TypeAdapter[Bookmark] = TypeAdapter(Bookmark)
Mark = TypeVar("Mark", Cursor, Bookmark)


def cursor_text(cursor: Cursor) -> str:
    """The cursor as a device keeps it."""
    return _text(_CURSOR, cursor)


def bookmark_text(bookmark: Bookmark) -> str:
    """The bookmark as a device sends it back."""
    return _text(_BOOKMARK, bookmark)


def cursor_in(text: str, event_id: UUID) -> Cursor | None:
    """The cursor that was given out for this event, None for anything else."""
    cursor = _read(_CURSOR, text)
    return cursor if cursor and cursor.event_id == event_id else None


def bookmark_in(text: str, event_id: UUID) -> Bookmark | None:
    """The bookmark that was given out for this event, None for anything else."""
    bookmark = _read(_BOOKMARK, text)
    return bookmark if bookmark and bookmark.until.event_id == event_id else None


def _text(adapter: TypeAdapter[Any], mark: Cursor | Bookmark) -> str:
    return urlsafe_b64encode(adapter.dump_json(mark)).decode().rstrip("=")


def _read(adapter: TypeAdapter[Mark], text: str) -> Mark | None:
    if not text or len(text) > _LONGEST:
        return None
    try:
        return adapter.validate_json(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        return None
