"""A guest's consent that exhibitors whose booths they visit may know who they are: given, and taken back at any time.

Only the guest gives it, on the registration form or on their own pass; no desk can.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from events.core import audit
from events.core.ids import EventId
from events.models import Guest
from events.tables import exhibitors, guests

_ACTOR = "guest"


async def has_exhibitors(tx: AsyncConnection, event_id: EventId) -> bool:
    """Whether there is anybody to agree to."""
    return bool((await tx.execute(sa.select(sa.exists().where(exhibitors.c.event_id == event_id)))).scalar())


async def share(tx: AsyncConnection, guest: Guest, *, agrees: bool, now: datetime) -> None:
    """Gives the consent or takes it back. Giving it twice keeps the first moment; the guest's version stays."""
    own = guests.c.event_id == guest.event_id, guests.c.guest_id == guest.id
    other = guests.c.shares_at.is_(None) if agrees else guests.c.shares_at.is_not(None)
    changed = sa.update(guests).where(*own, other).values(shares_at=now if agrees else None)
    if not (await tx.execute(changed)).rowcount:
        return
    action = "guest.shares" if agrees else "guest.shares_no_more"
    await audit.note(tx, event_id=guest.event_id, actor=_ACTOR, action=action, now=now, subject_id=guest.id)
