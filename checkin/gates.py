"""Opening gates, changing them, and what stands at each: for the desk's pages, the API and the door's page."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin import store
from checkin.device_tables import devices, pairings
from checkin.models import Gate, GateId
from checkin.tables import gates, scans
from events.core import audit
from events.core.errors import Conflict, Invalid, NotFound, Stale
from events.core.ids import EventId, new_id
from events.store import categories_of

MAIN_ENTRANCE = "正门 Main entrance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A gate at work: the names of the devices that stand there, and whether anything refers to it."""

    gate: Gate
    devices: tuple[str, ...]
    used: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A part of the house: how many are there now, and how many may be, by the strictest gate that leads there."""

    name: str
    inside: int
    limit: int | None


async def open_gate(tx: AsyncConnection, event_id: EventId, gate: Gate, *, actor: str, now: datetime) -> None:
    """Adds a gate.

    Raises Conflict for a name that is taken, Invalid for a category that the event has not, or a window without width.
    """
    await _check(tx, event_id, gate)
    try:
        async with tx.begin_nested():
            await tx.run_sync(store.add_gate, event_id, gate)
    except IntegrityError as error:
        raise Conflict("gate_taken", name=gate.name) from error
    await _note(tx, event_id, gate, actor=actor, action="gate.opened", now=now)


async def gate_by_id(tx: AsyncConnection, event_id: EventId, gate_id: GateId) -> Gate:
    """The gate; raises NotFound."""
    for gate in await tx.run_sync(store.gates_of, event_id):
        if gate.id == gate_id:
            return gate
    raise NotFound


async def edit_gate(
    tx: AsyncConnection, event_id: EventId, gate: Gate, *, version: int, actor: str, now: datetime
) -> Gate:
    """The gate changed to `gate`, with its next version; what changed is noted with the values before and after.

    Raises Stale where `version` is not the current one, else as `gate_by_id` and `open_gate`.
    """
    before = await gate_by_id(tx, event_id, gate.id)
    await _check(tx, event_id, gate)
    after = replace(gate, version=version + 1)
    current = gates.c.event_id == event_id, gates.c.gate_id == gate.id, gates.c.version == version
    try:
        async with tx.begin_nested():
            changed = await tx.execute(sa.update(gates).where(*current).values(**_columns(after)))
    except IntegrityError as error:
        raise Conflict("gate_taken", name=gate.name) from error
    if not changed.rowcount:
        raise Stale
    await _note(tx, event_id, gate, actor=actor, action="gate.edited", now=now, changes=_changes(before, after))
    return after


def opened_now(gate: Gate, now: datetime) -> Gate:
    """The gate without the bounds that keep people out at `now`."""
    opens_at = None if gate.opens_at and gate.opens_at > now else gate.opens_at
    closes_at = None if gate.closes_at and gate.closes_at <= now else gate.closes_at
    return replace(gate, opens_at=opens_at, closes_at=closes_at)


def closed_now(gate: Gate, now: datetime) -> Gate:
    """The gate, closed since `now`; it keeps its name, its rules and its scans."""
    opens_at = gate.opens_at if gate.opens_at and gate.opens_at < now else None
    return replace(gate, opens_at=opens_at, closes_at=now)


async def remove_gate(
    tx: AsyncConnection, event_id: EventId, gate_id: GateId, *, version: int, actor: str, now: datetime
) -> None:
    """Removes a gate that was opened by mistake.

    Raises Conflict where anybody was scanned or a device was paired there: such a gate is closed instead; Stale
    where `version` is not the current one, NotFound.
    """
    gate = await gate_by_id(tx, event_id, gate_id)
    current = gates.c.event_id == event_id, gates.c.gate_id == gate_id, gates.c.version == version
    try:
        async with tx.begin_nested():
            removed = await tx.execute(sa.delete(gates).where(*current))
    except IntegrityError as error:
        raise Conflict("gate_used", name=gate.name) from error
    if not removed.rowcount:
        raise Stale
    await _note(tx, event_id, gate, actor=actor, action="gate.removed", now=now)


async def posts_of(tx: AsyncConnection, event_id: EventId) -> list[Post]:
    """The event's gates in their order, each with what stands there."""
    at_work = devices.c.event_id == event_id, devices.c.revoked_at.is_(None)
    chosen = sa.select(devices.c.gate_id, devices.c.name).where(*at_work).order_by(devices.c.name)
    standing = [(row.gate_id, row.name) for row in await tx.execute(chosen)]
    used = await _used(tx, event_id)
    return [
        Post(gate=gate, devices=tuple(name for place, name in standing if place == gate.id), used=gate.id in used)
        for gate in await tx.run_sync(store.gates_of, event_id)
    ]


async def zones_of(tx: AsyncConnection, event_id: EventId, gates_there: Sequence[Gate]) -> list[Zone]:
    """The zones of the gates in the order of these, then any where people are still counted."""
    counted = await tx.run_sync(store.zone_counts, event_id)
    names = dict.fromkeys([gate.zone for gate in gates_there] + sorted(zone for zone in counted if counted[zone]))
    return [Zone(name=name, inside=counted.get(name, 0), limit=_limit(gates_there, name)) for name in names]


async def usable_gates(tx: AsyncConnection, event_id: EventId, *, actor: str, now: datetime) -> list[Gate]:
    """The event's gates; an event without any gets its main entrance, so that the door always opens."""
    if gates := await tx.run_sync(store.gates_of, event_id):
        return gates
    with suppress(Conflict):  # another door opened it in the same moment
        await open_gate(tx, event_id, Gate(id=GateId(new_id()), name=MAIN_ENTRANCE), actor=actor, now=now)
    return await tx.run_sync(store.gates_of, event_id)


async def _check(tx: AsyncConnection, event_id: EventId, gate: Gate) -> None:
    if gate.admits - {category.key for category in await categories_of(tx, event_id)}:
        raise Invalid(fields={"admits": "not_offered"})
    if gate.opens_at and gate.closes_at and gate.closes_at <= gate.opens_at:
        raise Invalid(fields={"closes_at": "ends_before_start"})


async def _used(tx: AsyncConnection, event_id: EventId) -> set[GateId]:
    """The gates that something refers to."""
    kept = (
        sa.exists().where(table.c.event_id == gates.c.event_id, table.c.gate_id == gates.c.gate_id)
        for table in (scans, devices, pairings)
    )
    chosen = sa.select(gates.c.gate_id).where(gates.c.event_id == event_id, sa.or_(*kept))
    return {GateId(row.gate_id) for row in await tx.execute(chosen)}


def _columns(gate: Gate) -> dict[str, Any]:
    """The gate as its row, without what an edit leaves."""
    values = {field.name: getattr(gate, field.name) for field in fields(gate) if field.name != "id"}
    return {**values, "admits": sorted(gate.admits)}


def _changes(before: Gate, after: Gate) -> dict[str, object]:
    """What is different, each with the value before and after."""
    old, new = _plain(before), _plain(after)
    return {name: {"before": old[name], "after": new[name]} for name in old if old[name] != new[name]}


def _plain(gate: Gate) -> dict[str, object]:
    """The gate's rules as JSON can hold them."""
    kept = {name: value for name, value in _columns(gate).items() if name != "version"}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in kept.items()}


def _limit(gates_there: Sequence[Gate], zone: str) -> int | None:
    return min((gate.limit for gate in gates_there if gate.zone == zone and gate.limit is not None), default=None)


async def _note(
    tx: AsyncConnection,
    event_id: EventId,
    gate: Gate,
    *,
    actor: str,
    action: str,
    now: datetime,
    changes: Mapping[str, object] | None = None,
) -> None:
    await audit.note(
        tx,
        event_id=event_id,
        actor=actor,
        action=action,
        now=now,
        subject_id=gate.id,
        detail={"name": gate.name, **({"changed": changes} if changes else {})},
    )
