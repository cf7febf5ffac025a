"""Live readings of an event: one after each change, however many watch.

`Board` shares any reading among all who ask for it. `Counts` is the small one, which every door page follows.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import anyio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.gates_version import gates_version
from checkin.store import gates_of
from checkin.tables import presence
from events.core.clock import Clock
from events.core.database import Database
from events.core.ids import EventId
from events.core.live import Live
from events.models import GuestStatus
from events.tables import guests

_TICK_S = 0.5
_STALE_S = 2.0
"""After this another process may have committed something."""

Read = TypeVar("Read")
Reader = Callable[[AsyncConnection, EventId, datetime], Awaitable[Read]]


@dataclass(frozen=True, slots=True)
class Counts:
    """People of an event: confirmed, ever admitted, in the house now; and which state of the gates that is."""

    expected: int
    admitted: int
    inside: int
    gates_version: str = ""


async def counts_of(tx: AsyncConnection, event_id: EventId, now: datetime) -> Counts:
    """The counts as committed."""
    del now
    confirmed = guests.c.event_id == event_id, guests.c.status == GuestStatus.CONFIRMED
    expected = await tx.execute(sa.select(sa.func.count()).select_from(guests).where(*confirmed))
    came = sa.func.count(presence.c.first_at), sa.func.count().filter(presence.c.inside)
    row = (await tx.execute(sa.select(*came).where(presence.c.event_id == event_id))).one()
    gates = await tx.run_sync(gates_of, event_id)
    return Counts(expected.scalar_one(), row[0], row[1], gates_version(gates))


@dataclass(frozen=True, slots=True)
class _Reading:
    bell: anyio.Event
    read_at: float
    found: Any


@dataclass(slots=True)
class Board:
    """Shares each reading among all who watch an event."""

    database: Database
    live: Live
    clock: Clock
    _shared: dict[tuple[EventId, Reader[Any]], _Reading] = field(
        default_factory=dict[tuple[EventId, Reader[Any]], _Reading]
    )
    _reading: anyio.Lock = field(default_factory=anyio.Lock)

    async def counts(self, event_id: EventId) -> Counts:
        """The counts, read again only when something was committed since."""
        return await self.shared(event_id, counts_of)

    async def watch(self, event_id: EventId) -> AsyncIterator[dict[str, Any]]:
        """The counts at once and after every change, until the caller goes away."""
        async for counts in self.follow(event_id, counts_of):
            yield asdict(counts)

    async def shared(self, event_id: EventId, read: Reader[Read]) -> Read:
        """What `read` finds: the very same object for everybody until something was committed."""
        async with self._reading:
            known = self._shared.get((event_id, read))
            if known is None or known.bell.is_set() or anyio.current_time() > known.read_at + _STALE_S:
                known = self._shared[event_id, read] = await self._read(event_id, read)
            return known.found

    async def follow(self, event_id: EventId, read: Reader[Read]) -> AsyncIterator[Read]:
        """A reading at once, after every change, and every few seconds: a silent board is a broken one."""
        while True:
            bell = self.live.bell(event_id)
            yield await self.shared(event_id, read)
            with anyio.move_on_after(_STALE_S):
                await bell.wait()
            await anyio.sleep(_TICK_S)

    async def _read(self, event_id: EventId, read: Reader[Read]) -> _Reading:
        bell, began, now = self.live.bell(event_id), anyio.current_time(), self.clock.now()
        return _Reading(bell, began, await self.database.read(lambda tx: read(tx, event_id, now)))
