"""How guests are announced: the honorific, how the name is read, and who asked them. Called by pages and API."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.stage.actor import Actor
from checkin.stage.changes import Change
from checkin.stage.models import Spoken
from checkin.stage.readings import needs_reading
from checkin.stage.refusals import Overtaken
from checkin.stage.tables import spoken
from events.core import audit
from events.core.errors import Invalid
from events.core.ids import EventId
from events.core.tables import audit as entries
from events.forms import Line, ShortText
from events.models import UNSAID, Event, GuestId
from events.registration import hold_event
from events.store import guest_by_id

_SAID = "guest.spoken"


class SpokenForm(BaseModel):
    """reading: pinyin or jyutping, as the guest says it. confirmed: whether somebody asked the guest."""

    model_config = ConfigDict(extra="forbid")

    honorific: ShortText = UNSAID
    reading: Annotated[Line, Field(max_length=160)] = ""
    confirmed: bool = False


async def spoken_of(tx: AsyncConnection, event_id: EventId, guest_id: GuestId) -> Spoken:
    """How the guest is announced; of version 0 where nobody said it yet."""
    own = spoken.c.event_id == event_id, spoken.c.guest_id == guest_id
    row = (await tx.execute(sa.select(spoken).where(*own))).one_or_none()
    if row is None:
        return Spoken(guest_id=guest_id)
    return Spoken(
        guest_id=guest_id,
        honorific=row.honorific,
        reading=row.reading,
        confirmed_at=row.confirmed_at,
        confirmed_by=row.confirmed_by,
        version=row.version,
    )


async def say(
    tx: AsyncConnection,
    event: Event,
    guest_id: GuestId,
    form: SpokenForm,
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
) -> Spoken:
    """The guest as announced from now on. Who confirms is noted; confirming the same words again changes nothing.

    Raises NotFound, Overtaken where `version` is not the current one, Invalid for a name that asks for a reading and
    is confirmed without one.
    """
    await hold_event(tx, event.id)
    guest, before = await guest_by_id(tx, event.id, guest_id), await spoken_of(tx, event.id, guest_id)
    if version not in {None, before.version}:
        raise Overtaken(await _changes_since(tx, event.id, guest_id, version or 0))
    if form.confirmed and not form.reading and needs_reading(guest.name):
        raise Invalid(fields={"reading": "missing"})
    changed = _changed(before, form)
    if not changed:
        return before
    after = _said_now(before, form, actor=actor, now=now)
    await _write(tx, event.id, after)
    told = {"version": after.version, "by": actor.name, "fields": changed}
    await audit.note(tx, event_id=event.id, actor=actor.id, action=_SAID, now=now, subject_id=guest_id, detail=told)
    return after


def spoken_json(said: Spoken) -> dict[str, Any]:
    """For scripts."""
    return {
        "guest": str(said.guest_id),
        "honorific": said.honorific.model_dump(),
        "reading": said.reading,
        "confirmed": said.confirmed_at is not None,
        "confirmed_at": said.confirmed_at.isoformat() if said.confirmed_at else None,
        "confirmed_by": said.confirmed_by,
        "version": said.version,
    }


def _changed(before: Spoken, form: SpokenForm) -> list[str]:
    """What is said otherwise than before."""
    stood = {"honorific": before.honorific, "reading": before.reading, "confirmed": before.confirmed_at is not None}
    return [name for name, value in stood.items() if getattr(form, name) != value]


def _said_now(before: Spoken, form: SpokenForm, *, actor: Actor, now: datetime) -> Spoken:
    after = replace(before, honorific=form.honorific, reading=form.reading, version=before.version + 1)
    confirmed = {"confirmed_at": now, "confirmed_by": actor.name} if form.confirmed else {}
    return replace(after, **{"confirmed_at": None, "confirmed_by": "", **confirmed})


async def _write(tx: AsyncConnection, event_id: EventId, said: Spoken) -> None:
    words = {"honorific": said.honorific, "reading": said.reading, "version": said.version}
    values = {**words, "confirmed_at": said.confirmed_at, "confirmed_by": said.confirmed_by}
    own = spoken.c.event_id == event_id, spoken.c.guest_id == said.guest_id
    if said.version == 1:
        await tx.execute(sa.insert(spoken).values(event_id=event_id, guest_id=said.guest_id, **values))
        return
    current = *own, spoken.c.version == said.version - 1
    if not (await tx.execute(sa.update(spoken).where(*current).values(**values))).rowcount:
        raise Overtaken(await _changes_since(tx, event_id, said.guest_id, said.version - 1))


async def _changes_since(tx: AsyncConnection, event_id: EventId, guest_id: GuestId, version: int) -> list[Change]:
    """What was said since that version, first to last."""
    own = entries.c.event_id == event_id, entries.c.subject_id == guest_id, entries.c.action == _SAID
    found = [_change_of(row) for row in await tx.execute(sa.select(entries).where(*own))]
    return sorted((each for each in found if each.version > version), key=lambda each: each.version)


def _change_of(row: sa.Row[Any]) -> Change:
    told = row.detail
    return Change(version=told["version"], at=row.at, by=told["by"], what=row.action, fields=tuple(told["fields"]))
