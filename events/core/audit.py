"""Who did what, appended beside the deed and in its transaction."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from events.core.ids import EventId, new_id
from events.core.tables import audit


async def note(
    tx: AsyncConnection,
    *,
    event_id: EventId,
    actor: str,
    action: str,
    now: datetime,
    subject_id: UUID | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Adds an entry, such as `guest.cancelled` by an organiser with the reason in `detail`."""
    entry = {"event_id": event_id, "entry_id": new_id(), "at": now, "actor": actor, "action": action}
    await tx.execute(sa.insert(audit).values(**entry, subject_id=subject_id, detail=dict(detail or {})))
