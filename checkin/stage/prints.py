"""What was printed of the cue sheet, so that the next print marks what is different. Prints are only ever added.

Called by the page of cue sheets; `differences` is pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NewType
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.stage.cues import CueLine, digest_of
from checkin.stage.tables import prints
from events.core.errors import NotFound
from events.core.i18n import Language
from events.core.ids import EventId, new_id
from events.models import SegmentId

PrintId = NewType("PrintId", UUID)

_LISTED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """A printed cue sheet: of a segment, or of the whole programme; a digest of each line by the line's key."""

    id: PrintId
    segment_id: SegmentId | None
    language: Language
    at: datetime
    actor_name: str
    lines: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """The keys of lines that read otherwise than on a print, and of those that were not on it; how many are gone."""

    changed: frozenset[str] = frozenset()
    new: frozenset[str] = frozenset()
    gone: int = 0

    @property
    def count(self) -> int:
        """How many lines differ."""
        return len(self.changed) + len(self.new) + self.gone


def differences(printed: Print, lines: Sequence[CueLine], *, segment_id: SegmentId | None) -> Differences:
    """How the lines of now, of that segment or of all, differ from a print.

    The lines of a round that was put off are not gone: the notice in their place tells it.
    """
    now = {line.key: digest_of(line) for line in lines}
    noticed = {_subject(line.key) for line in lines if not line.kind.is_spoken}
    missing = [key for key in printed.lines if key not in now and _subject(key) not in noticed]
    return Differences(
        changed=frozenset(key for key, digest in now.items() if printed.lines.get(key, digest) != digest),
        new=frozenset(now.keys() - printed.lines.keys()),
        gone=len(missing) if printed.segment_id == segment_id else 0,
    )


async def record_print(
    tx: AsyncConnection,
    event_id: EventId,
    *,
    segment_id: SegmentId | None,
    language: Language,
    lines: Iterable[CueLine],
    actor_name: str,
    now: datetime,
) -> Print:
    """Keeps what a sheet says that is being printed."""
    made = Print(
        id=PrintId(new_id()),
        segment_id=segment_id,
        language=language,
        at=now,
        actor_name=actor_name,
        lines={line.key: digest_of(line) for line in lines},
    )
    row = {name: value for name, value in asdict(made).items() if name != "id"}
    await tx.execute(sa.insert(prints).values(event_id=event_id, print_id=made.id, **row))
    return made


async def prints_of(tx: AsyncConnection, event_id: EventId) -> list[Print]:
    """The latest prints, newest first."""
    chosen = sa.select(prints).where(prints.c.event_id == event_id)
    return [_print(row) for row in await tx.execute(chosen.order_by(*_NEWEST).limit(_LISTED))]


async def print_by_id(tx: AsyncConnection, event_id: EventId, print_id: PrintId) -> Print:
    """The print; raises NotFound."""
    chosen = sa.select(prints).where(prints.c.event_id == event_id, prints.c.print_id == print_id)
    row = (await tx.execute(chosen)).one_or_none()
    if row is None:
        raise NotFound
    return _print(row)


async def last_print(
    tx: AsyncConnection, event_id: EventId, *, segment_id: SegmentId | None, language: Language
) -> Print | None:
    """The latest sheet in that language on which the segment, or the whole programme, stood."""
    held = prints.c.segment_id.is_(None)
    covers = sa.or_(held, prints.c.segment_id == segment_id) if segment_id else held
    chosen = sa.select(prints).where(prints.c.event_id == event_id, prints.c.language == language, covers)
    row = (await tx.execute(chosen.order_by(*_NEWEST).limit(1))).one_or_none()
    return _print(row) if row else None


_NEWEST = prints.c.at.desc(), prints.c.print_id.desc()


def _subject(key: str) -> str:
    """The segment or round that a line is about."""
    return ":".join(key.split(":")[:2])


def _print(row: sa.Row[Any]) -> Print:
    return Print(
        id=PrintId(row.print_id),
        segment_id=SegmentId(row.segment_id) if row.segment_id else None,
        language=row.language,
        at=row.at,
        actor_name=row.actor_name,
        lines=row.lines,
    )
