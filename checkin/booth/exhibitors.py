"""Giving booths to exhibitors, and each booth the gate at which its phone stands. For the desk's pages and the API."""

import re
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.booth.exhibitor_form import LANGUAGES, ExhibitorForm
from checkin.booth.tables import leads, tour_stops
from checkin.device_tables import devices
from checkin.gates import open_gate, usable_gates
from checkin.models import Gate, GateId, GateKind
from events.core import audit
from events.core.errors import Conflict, Invalid, NotFound, Stale
from events.core.ids import EventId, new_id
from events.models import Exhibitor, Text
from events.store import exhibitor_of, exhibitors_of
from events.tables import exhibitors, guests

_GATE_NAME = 80
_KEY = 40


async def exhibitor_by_booth(tx: AsyncConnection, event_id: EventId, booth: str) -> Exhibitor:
    """The exhibitor at a booth; raises NotFound."""
    return await _one(tx, event_id, exhibitors.c.booth == booth)


async def exhibitor_at(tx: AsyncConnection, event_id: EventId, gate_id: GateId) -> Exhibitor:
    """The exhibitor whose gate that is; raises NotFound."""
    return await _one(tx, event_id, exhibitors.c.gate_id == gate_id)


async def add_exhibitor(
    tx: AsyncConnection, event_id: EventId, form: ExhibitorForm, *, actor: str, now: datetime
) -> Exhibitor:
    """Gives a booth to an exhibitor; raises Conflict for one that is taken, Invalid for a field without a name."""
    values = await _columns(tx, event_id, form)
    row = {"event_id": event_id, "booth": form.booth, "gate_id": None, "version": 1, **values}
    try:
        async with tx.begin_nested():
            await tx.execute(sa.insert(exhibitors).values(**row))
    except IntegrityError as error:
        raise Conflict("booth_taken", booth=form.booth) from error
    return await _noted(tx, event_id, form.booth, actor=actor, action="exhibitor.added", now=now)


async def edit_exhibitor(
    tx: AsyncConnection, event_id: EventId, form: ExhibitorForm, *, version: int, actor: str, now: datetime
) -> Exhibitor:
    """The exhibitor at `form.booth` changed to `form`. Raises Stale where `version` is not the current one, NotFound,
    Invalid as `add_exhibitor`."""
    await exhibitor_by_booth(tx, event_id, form.booth)
    values = await _columns(tx, event_id, form)
    current = exhibitors.c.event_id == event_id, exhibitors.c.booth == form.booth, exhibitors.c.version == version
    changed = sa.update(exhibitors).where(*current).values(**values, version=version + 1)
    if not (await tx.execute(changed)).rowcount:
        raise Stale
    return await _noted(tx, event_id, form.booth, actor=actor, action="exhibitor.edited", now=now)


async def remove_exhibitor(
    tx: AsyncConnection, event_id: EventId, booth: str, *, version: int, actor: str, now: datetime
) -> None:
    """Takes a booth away from whom it was given to by mistake.

    Raises Conflict where visitors, staff, a phone or a tour refer to it; Stale where `version` is not the current one,
    NotFound.
    """
    exhibitor = await exhibitor_by_booth(tx, event_id, booth)
    if await _is_used(tx, event_id, exhibitor):
        raise Conflict("booth_used", booth=booth)
    current = exhibitors.c.event_id == event_id, exhibitors.c.booth == booth, exhibitors.c.version == version
    if not (await tx.execute(sa.delete(exhibitors).where(*current))).rowcount:
        raise Stale
    detail = {"booth": booth, "name": exhibitor.name.model_dump()}
    await audit.note(tx, event_id=event_id, actor=actor, action="exhibitor.removed", now=now, detail=detail)


async def booth_gate(tx: AsyncConnection, event_id: EventId, booth: str, *, actor: str, now: datetime) -> Gate:
    """The booth's gate, opened when it is first asked for; after the main entrance, where a door would begin.

    Raises NotFound for a booth that nobody has.
    """
    exhibitor = await exhibitor_by_booth(tx, event_id, booth)
    there = {gate.id: gate for gate in await usable_gates(tx, event_id, actor=actor, now=now)}
    if exhibitor.gate_id and (gate := there.get(GateId(exhibitor.gate_id))):
        return gate
    name = _gate_name(exhibitor)
    gate = next((each for each in there.values() if each.name == name and each.kind is GateKind.BOOTH), None)
    if gate is None:
        gate = Gate(id=GateId(new_id()), name=name, kind=GateKind.BOOTH)
        await open_gate(tx, event_id, gate, actor=actor, now=now)
    own = exhibitors.c.event_id == event_id, exhibitors.c.booth == booth
    await tx.execute(sa.update(exhibitors).where(*own).values(gate_id=gate.id))
    return gate


async def paired_booths(tx: AsyncConnection, event_id: EventId) -> dict[str, int]:
    """How many phones stand at each booth that has any."""
    at_gate = sa.and_(devices.c.event_id == exhibitors.c.event_id, devices.c.gate_id == exhibitors.c.gate_id)
    chosen = sa.select(exhibitors.c.booth, sa.func.count()).select_from(exhibitors.join(devices, at_gate))
    standing = exhibitors.c.event_id == event_id, devices.c.revoked_at.is_(None)
    return {row[0]: row[1] for row in await tx.execute(chosen.where(*standing).group_by(exhibitors.c.booth))}


async def staff_counts(tx: AsyncConnection, event_id: EventId) -> dict[str, int]:
    """How many guests are staff of each booth."""
    chosen = sa.select(guests.c.booth, sa.func.count()).where(guests.c.event_id == event_id, guests.c.booth != "")
    return {row[0]: row[1] for row in await tx.execute(chosen.group_by(guests.c.booth))}


async def _one(tx: AsyncConnection, event_id: EventId, condition: sa.ColumnElement[bool]) -> Exhibitor:
    chosen = sa.select(exhibitors).where(exhibitors.c.event_id == event_id, condition)
    row = (await tx.execute(chosen)).one_or_none()
    if row is None:
        raise NotFound
    return exhibitor_of(row)


async def _columns(tx: AsyncConnection, event_id: EventId, form: ExhibitorForm) -> dict[str, object]:
    known = {each.field: each.field_name for each in await exhibitors_of(tx, event_id)}
    field, field_name = _field_of(form, known)
    if known.get(field, field_name) != field_name:
        same = exhibitors.c.event_id == event_id, exhibitors.c.field == field
        await tx.execute(sa.update(exhibitors).where(*same).values(field_name=field_name))
    return {"field": field, "field_name": field_name, "name": form.name, "summary": form.summary}


def _field_of(form: ExhibitorForm, known: Mapping[str, Text]) -> tuple[str, Text]:
    """The key and the name of the field that is meant."""
    if form.field_name:
        return form.field or key_of(form.field_name, known), form.field_name
    if not form.field:
        raise Invalid(fields={"field": "missing"})
    if form.field not in known:
        raise Invalid(fields={"field": "not_offered"})
    return form.field, known[form.field]


def key_of(name: Text, known: Mapping[str, Text]) -> str:
    """The key of the field that is called so in any language, else a new one made of the English name."""
    for key, called in known.items():
        if any(getattr(name, each) and getattr(name, each) == getattr(called, each) for each in LANGUAGES):
            return key
    stem = re.sub(r"[^a-z0-9]+", "-", name.en.lower()).strip("-")[: _KEY - 4].strip("-") or "field"
    numbered = (f"{stem}-{number}" for number in range(2, len(known) + 3))
    return next(key for key in (stem, *numbered) if key not in known)


def _gate_name(exhibitor: Exhibitor) -> str:
    name = exhibitor.name
    return f"{exhibitor.booth} {name.zh_hans or name.zh_hant or name.en}"[:_GATE_NAME].strip()


async def _is_used(tx: AsyncConnection, event_id: EventId, exhibitor: Exhibitor) -> bool:
    told = sa.exists().where(leads.c.event_id == event_id, leads.c.booth == exhibitor.booth)
    toured = sa.exists().where(tour_stops.c.event_id == event_id, tour_stops.c.booth == exhibitor.booth)
    staffed = sa.exists().where(guests.c.event_id == event_id, guests.c.booth == exhibitor.booth)
    at_gate = devices.c.event_id == event_id, devices.c.gate_id == exhibitor.gate_id
    manned = sa.exists().where(*at_gate, devices.c.revoked_at.is_(None))
    return bool((await tx.execute(sa.select(sa.or_(told, toured, staffed, manned)))).scalar())


async def _noted(
    tx: AsyncConnection, event_id: EventId, booth: str, *, actor: str, action: str, now: datetime
) -> Exhibitor:
    exhibitor = await exhibitor_by_booth(tx, event_id, booth)
    detail = {"booth": booth, "name": exhibitor.name.model_dump()}
    await audit.note(tx, event_id=event_id, actor=actor, action=action, now=now, detail=detail)
    return exhibitor
