"""Live counts of an event: one query after each change, however many watch."""

from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field

import anyio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.tables import presence
from events.core.database import Database
from events.core.ids import EventId
from events.core.live import Live
from events.models import GuestStatus
from events.tables import guests

_TICK_S = 0.5
_STALE_S = 2.0
"""After this another process may have committed something."""


@dataclass(frozen=True, slots=True)
class Counts:
    """People of an event: confirmed, ever admitted, in the house now."""

    expected: int
    admitted: int
    inside: int


async def counts_of(tx: AsyncConnection, event_id: EventId) -> Counts:
    """The counts as committed."""
    confirmed = guests.c.event_id == event_id, guests.c.status == GuestStatus.CONFIRMED
    expected = await tx.execute(sa.select(sa.func.count()).select_from(guests).where(*confirmed))
    came = sa.func.count(presence.c.first_at), sa.func.count().filter(presence.c.inside)
    row = (await tx.execute(sa.select(*came).where(presence.c.event_id == event_id))).one()
    return Counts(expected.scalar_one(), row[0], row[1])


@dataclass(frozen=True, slots=True)
class _Reading:
    bell: anyio.Event
    read_at: float
    counts: Counts


@dataclass(slots=True)
class Board:
    """Shares one reading of the counts among all who watch an event."""

    database: Database
    live: Live
    _shared: dict[EventId, _Reading] = field(default_factory=dict[EventId, _Reading])
    _reading: anyio.Lock = field(default_factory=anyio.Lock)

    async def counts(self, event_id: EventId) -> Counts:
        """The counts, read again only when something was committed since."""
        async with self._reading:
            shared = self._shared.get(event_id)
            if shared is None or shared.bell.is_set() or anyio.current_time() > shared.read_at + _STALE_S:
                shared = self._shared[event_id] = await self._read(event_id)
            return shared.counts

    async def _read(self, event_id: EventId) -> _Reading:
        bell, now = self.live.bell(event_id), anyio.current_time()
        return _Reading(bell, now, await self.database.read(lambda tx: counts_of(tx, event_id)))

    async def watch(self, event_id: EventId) -> AsyncIterator[dict[str, int]]:
        """The counts at once and after every change, twice a second at most, until the caller goes away."""
        while True:
            bell = self.live.bell(event_id)
            yield asdict(await self.counts(event_id))
            with anyio.move_on_after(_STALE_S):
                await bell.wait()
            await anyio.sleep(_TICK_S)
