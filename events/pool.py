"""The minted pool: every ticket that an event can issue exists before anybody registers.

A door device that went offline at noon thus still knows a ticket that was issued at one o'clock.
"""

from uuid import UUID

import sqlalchemy as sa
from anyio import to_thread
from sqlalchemy.ext.asyncio import AsyncConnection

from events.core.errors import Conflict, Stale
from events.core.ids import EventId
from events.models import Event, GuestId, TicketState
from events.tables import tickets
from events.ticket import mint

BLOCK = 1000
_WALK_IN_SHARE = 10
_WALK_IN_LEAST = 50


def pool_size(capacity: int | None) -> int:
    """How many tickets an event of that capacity mints: a tenth more for walk-ins, 50 at least."""
    if capacity is None:
        return BLOCK
    return capacity + max(capacity // _WALK_IN_SHARE, _WALK_IN_LEAST)


async def fill_pool(tx: AsyncConnection, event: Event) -> int:
    """Mints what is missing to `pool_size`; how many were. Never takes any away."""
    there = await tx.execute(sa.select(sa.func.count()).where(tickets.c.event_id == event.id))
    return await _mint(tx, event, max(pool_size(event.capacity) - there.scalar_one(), 0))


async def issue(tx: AsyncConnection, event: Event, guest_id: GuestId) -> str:
    """Gives the next ticket of the pool to the guest, minting another block where the pool is empty."""
    taken = await _take(tx, event.id, guest_id)
    if taken is None:
        await _mint(tx, event, BLOCK)
        taken = await _take(tx, event.id, guest_id)
    if taken is None:
        raise RuntimeError("a fresh block of tickets holds none")
    return taken


async def issue_this(tx: AsyncConnection, event: Event, guest_id: GuestId, code: str) -> str:
    """Gives the guest a ticket that was printed ahead. Raises Conflict unless it is one of the event's pool still."""
    spare = tickets.c.event_id == event.id, tickets.c.code == code, tickets.c.state == TicketState.RESERVED
    taking = sa.update(tickets).where(*spare).values(state=TicketState.ISSUED, guest_id=guest_id)
    if not (await tx.execute(taking)).rowcount:
        raise Conflict("badge_not_spare")
    return code


async def revoke(tx: AsyncConnection, event_id: EventId, code: str, *, reason: str) -> None:
    """Withdraws a standing ticket for good; the door then says why. Raises Stale where it was withdrawn before."""
    standing = tickets.c.event_id == event_id, tickets.c.code == code, tickets.c.state == TicketState.ISSUED
    revoking = sa.update(tickets).where(*standing).values(state=TicketState.REVOKED, reason=reason)
    if not (await tx.execute(revoking)).rowcount:
        raise Stale


async def _mint(tx: AsyncConnection, event: Event, count: int) -> int:
    last = await tx.execute(sa.select(sa.func.max(tickets.c.serial)).where(tickets.c.event_id == event.id))
    first = (last.scalar_one() or 0) + 1
    rows = await to_thread.run_sync(_fresh, event, first, count)
    for start in range(0, count, BLOCK):
        await tx.execute(sa.insert(tickets), rows[start : start + BLOCK])
    return count


def _fresh(event: Event, first: int, count: int) -> list[dict[str, object]]:
    fresh = {"event_id": event.id, "state": TicketState.RESERVED, "guest_id": None, "reason": ""}
    return [{**fresh, "code": mint(event.tag), "serial": serial} for serial in range(first, first + count)]


async def _take(tx: AsyncConnection, event_id: EventId, guest_id: UUID) -> str | None:
    reserved = tickets.c.event_id == event_id, tickets.c.state == TicketState.RESERVED
    following = sa.select(tickets.c.serial).where(*reserved).order_by(tickets.c.serial).limit(1)
    chosen = sa.and_(*reserved, tickets.c.serial == following.with_for_update(skip_locked=True).scalar_subquery())
    taking = sa.update(tickets).where(chosen).values(state=TicketState.ISSUED, guest_id=guest_id)
    return (await tx.execute(taking.returning(tickets.c.code))).scalar_one_or_none()
