"""Chasing: the liaison of somebody who is not here yet is asked by mail where they are. Called by the stage's pages.

The mail is queued in the transaction that notes who asked; `chase_mail` writes it.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.stage.actor import Actor
from checkin.stage.models import RoundId
from checkin.stage.tables import chases, participants
from checkin.tables import presence
from events.core import outbox
from events.core.errors import Conflict, NotFound
from events.core.ids import EventId, new_id
from events.models import GuestId
from events.store import guest_by_id
from events.tables import guests

CHASE = "chase"
"""The kind of such a mail; its subject is the chase."""

AGAIN_AFTER = timedelta(minutes=2)
"""So long nobody is asked a second time about the same guest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chase:
    """Somebody was asked where the guest is, for the sake of a round. actor_name: who had them asked."""

    id: UUID
    round_id: RoundId
    guest_id: GuestId
    at: datetime
    actor_name: str


async def chase(
    tx: AsyncConnection, event_id: EventId, round_id: RoundId, guest_id: GuestId, *, actor: Actor, now: datetime
) -> Chase | None:
    """Asks the guest's liaison. Within `AGAIN_AFTER` of the last time nobody is written to, and that chase comes back;
    None where the guest is in the house by now.

    Raises NotFound where the guest has no part in the round, Conflict where nobody can be written to.
    """
    await _hold(tx, event_id, guest_id)
    await _require_part(tx, event_id, round_id, guest_id)
    guest = await guest_by_id(tx, event_id, guest_id)
    if not guest.liaison:
        raise Conflict("no_liaison")
    if await _is_inside(tx, event_id, guest_id):
        return None
    last = await _last_of(tx, event_id, guest_id)
    if last and now - last.at < AGAIN_AFTER:
        return last
    made = Chase(id=new_id(), round_id=round_id, guest_id=guest_id, at=now, actor_name=actor.name)
    row = {"chase_id": made.id, "round_id": round_id, "guest_id": guest_id, "at": now, "actor_name": actor.name}
    await tx.execute(sa.insert(chases).values(event_id=event_id, **row))
    await outbox.queue(tx, event_id=event_id, kind=CHASE, subject_id=made.id, recipient=guest.liaison, now=now)
    return made


async def chases_of(tx: AsyncConnection, event_id: EventId) -> Mapping[RoundId, Mapping[GuestId, Chase]]:
    """The latest chase of each guest, by round and guest."""
    latest: defaultdict[RoundId, dict[GuestId, Chase]] = defaultdict(dict)
    chosen = sa.select(chases).where(chases.c.event_id == event_id).order_by(chases.c.at, chases.c.chase_id)
    for row in await tx.execute(chosen):
        made = _chase_of(row)
        latest[made.round_id][made.guest_id] = made
    return latest


async def chase_by_id(tx: AsyncConnection, event_id: EventId, chase_id: UUID) -> Chase:
    """The chase; raises NotFound."""
    row = (
        await tx.execute(sa.select(chases).where(chases.c.event_id == event_id, chases.c.chase_id == chase_id))
    ).first()
    if row is None:
        raise NotFound
    return _chase_of(row)


async def _hold(tx: AsyncConnection, event_id: EventId, guest_id: GuestId) -> None:
    """Makes a second press at the same moment wait for the first."""
    row = sa.select(guests.c.guest_id).where(guests.c.event_id == event_id, guests.c.guest_id == guest_id)
    await tx.execute(row.with_for_update(key_share=True))


async def _require_part(tx: AsyncConnection, event_id: EventId, round_id: RoundId, guest_id: GuestId) -> None:
    same = participants.c.event_id == event_id, participants.c.round_id == round_id
    found = await tx.execute(sa.select(participants.c.role).where(*same, participants.c.guest_id == guest_id))
    if found.first() is None:
        raise NotFound


async def _is_inside(tx: AsyncConnection, event_id: EventId, guest_id: GuestId) -> bool:
    same = presence.c.event_id == event_id, presence.c.guest_id == guest_id
    return bool((await tx.execute(sa.select(presence.c.inside).where(*same))).scalar())


async def _last_of(tx: AsyncConnection, event_id: EventId, guest_id: GuestId) -> Chase | None:
    same = chases.c.event_id == event_id, chases.c.guest_id == guest_id
    row = (await tx.execute(sa.select(chases).where(*same).order_by(chases.c.at.desc()).limit(1))).first()
    return _chase_of(row) if row else None


def _chase_of(row: sa.Row[Any]) -> Chase:
    return Chase(
        id=row.chase_id,
        round_id=RoundId(row.round_id),
        guest_id=GuestId(row.guest_id),
        at=row.at,
        actor_name=row.actor_name,
    )
