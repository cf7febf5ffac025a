"""Whoever changes a round holds it, names the version that they read, and leaves a note of what they did.

Called by the verbs of the stage.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.stage.actor import Actor
from checkin.stage.changes import Change
from checkin.stage.models import Round, RoundId
from checkin.stage.refusals import Overtaken
from checkin.stage.store import round_by_id
from checkin.stage.tables import rounds
from events.core import audit
from events.core.ids import EventId
from events.core.tables import audit as entries
from events.registration import hold_event


async def held_round(tx: AsyncConnection, event_id: EventId, round_id: RoundId, *, version: int | None) -> Round:
    """The round, which nobody else changes before this transaction ends.

    Raises NotFound, Overtaken where `version` is not the current one; None: whatever it is.
    """
    await hold_event(tx, event_id)
    this = await round_by_id(tx, event_id, round_id)
    if version not in {None, this.version}:
        raise Overtaken(await changes_since(tx, event_id, round_id, version or 0))
    return this


async def raise_version(
    tx: AsyncConnection,
    this: Round,
    *,
    action: str,
    actor: Actor,
    now: datetime,
    fields: Sequence[str] = (),
    detail: Mapping[str, object] | None = None,
    **values: Any,
) -> Round:
    """Writes `values` into the round's row with its next version, and notes who did it; raises Overtaken."""
    following = this.version + 1
    current = rounds.c.event_id == this.event_id, rounds.c.round_id == this.id, rounds.c.version == this.version
    changed = await tx.execute(sa.update(rounds).where(*current).values(**values, version=following))
    if not changed.rowcount:
        raise Overtaken(await changes_since(tx, this.event_id, this.id, this.version))
    after = replace(this, **values, version=following)
    await note(tx, after, action=action, actor=actor, now=now, fields=fields, detail=detail)
    return after


async def note(
    tx: AsyncConnection,
    this: Round,
    *,
    action: str,
    actor: Actor,
    now: datetime,
    fields: Sequence[str] = (),
    detail: Mapping[str, object] | None = None,
) -> None:
    """Adds to the audit what was done to the round; `this` as it is afterwards."""
    told = {"version": this.version, "by": actor.name, "fields": list(fields), "detail": dict(detail or {})}
    await audit.note(
        tx, event_id=this.event_id, actor=actor.id, action=action, now=now, subject_id=this.id, detail=told
    )


async def changes_since(tx: AsyncConnection, event_id: EventId, round_id: RoundId, version: int) -> list[Change]:
    """What was done to a round since it had that version, first to last."""
    chosen = sa.select(entries).where(entries.c.event_id == event_id, entries.c.subject_id == round_id)
    found = [_change_of(row) for row in await tx.execute(chosen) if row.detail.get("version", 0) > version]
    return sorted(found, key=lambda change: change.version)


def _change_of(row: sa.Row[Any]) -> Change:
    told = row.detail
    return Change(
        version=told["version"],
        at=row.at,
        by=told["by"],
        what=row.action,
        fields=tuple(told["fields"]),
        detail=told["detail"],
    )
