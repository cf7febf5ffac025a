"""Rows of devices and of the codes that pair them, as values; `checkin/devices.py` has the verbs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.device_tables import devices, pairings
from checkin.models import Device, DeviceId, GateId, Profile, VerdictCode
from checkin.tables import gates, scans
from events.core.errors import NotFound
from events.core.i18n import Language
from events.core.ids import EventId
from events.core.tables import tokens
from events.tables import exhibitors, guests

_DEVICES = sa.select(devices, gates.c.name.label("gate")).select_from(
    devices.join(gates, sa.and_(gates.c.event_id == devices.c.event_id, gates.c.gate_id == devices.c.gate_id))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """A code that pairs one phone. `device_id`: the phone that used it."""

    event_id: EventId
    name: str
    profile: Profile
    gate_id: GateId
    gate: str
    language: Language
    created_by: str
    expires_at: datetime
    device_id: DeviceId | None

    def is_open(self, now: datetime) -> bool:
        """Whether a phone may still use it."""
        return self.device_id is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class Upload:
    """A scan as a device sent it: when it counts, of whom (nobody for an unknown code), and what was answered."""

    at: datetime
    guest: str
    gate: str
    verdict: VerdictCode


async def all_devices(tx: AsyncConnection, event_id: EventId) -> list[Device]:
    """The event's devices in the order in which they were paired, withdrawn ones included."""
    rows = await tx.execute(_DEVICES.where(devices.c.event_id == event_id).order_by(devices.c.device_id))
    return [_device(row) for row in rows]


async def device_by_id(tx: AsyncConnection, event_id: EventId, device_id: DeviceId) -> Device:
    """Raises NotFound."""
    own = devices.c.event_id == event_id, devices.c.device_id == device_id
    row = (await tx.execute(_DEVICES.where(*own))).one_or_none()
    if row is None:
        raise NotFound
    return _device(row)


async def add_device(tx: AsyncConnection, pairing: Pairing, device_id: DeviceId, **given: Any) -> None:
    """Keeps the phone that used a pairing."""
    row = {
        "event_id": pairing.event_id,
        "device_id": device_id,
        "name": pairing.name,
        "profile": pairing.profile,
        "gate_id": pairing.gate_id,
        "language": pairing.language,
        "paired_by": pairing.created_by,
        "revoked_by": "",
        "steward": "",
        "waiting": 0,
        "held": 0,
        "app": "",
    }
    await tx.execute(sa.insert(devices).values({**row, **given}))


async def change_device(
    tx: AsyncConnection, event_id: EventId, device_id: DeviceId, changes: Mapping[str, Any]
) -> bool:
    """Changes a device that was not withdrawn; whether there is one."""
    standing = devices.c.event_id == event_id, devices.c.device_id == device_id, devices.c.revoked_at.is_(None)
    return bool((await tx.execute(sa.update(devices).where(*standing).values(**changes))).rowcount)


async def is_at_booth(tx: AsyncConnection, event_id: EventId, gate_id: GateId) -> bool:
    """Whether the gate is an exhibitor's."""
    own = sa.exists().where(exhibitors.c.event_id == event_id, exhibitors.c.gate_id == gate_id)
    return bool((await tx.execute(sa.select(own))).scalar())


async def rename_token(tx: AsyncConnection, event_id: EventId, device_id: DeviceId, name: str) -> None:
    """Scans name the device as it is called from now on."""
    own = tokens.c.event_id == event_id, tokens.c.device_id == device_id
    await tx.execute(sa.update(tokens).where(*own).values(name=name))


async def add_pairing(tx: AsyncConnection, row: Mapping[str, Any]) -> None:
    """Keeps a code that nobody has used."""
    await tx.execute(sa.insert(pairings).values(**row))


async def pairing_by_hash(tx: AsyncConnection, pairing_hash: str) -> Pairing | None:
    """The pairing of a code, used and old ones included."""
    joined = pairings.join(
        gates, sa.and_(gates.c.event_id == pairings.c.event_id, gates.c.gate_id == pairings.c.gate_id)
    )
    chosen = sa.select(pairings, gates.c.name.label("gate")).select_from(joined)
    row = (await tx.execute(chosen.where(pairings.c.pairing_hash == pairing_hash))).one_or_none()
    return _pairing(row) if row else None


async def names_taken(tx: AsyncConnection, event_id: EventId, now: datetime) -> set[str]:
    """What standing devices are called, and those that are just being paired."""
    standing = devices.c.event_id == event_id, devices.c.revoked_at.is_(None)
    coming = pairings.c.event_id == event_id, pairings.c.device_id.is_(None), pairings.c.expires_at > now
    names = sa.union(sa.select(devices.c.name).where(*standing), sa.select(pairings.c.name).where(*coming))
    return set((await tx.execute(names)).scalars())


async def use_pairing(tx: AsyncConnection, pairing_hash: str, *, device_id: DeviceId, now: datetime) -> bool:
    """Gives the code to one phone; False where another one was first, or the code is too old or unknown."""
    free = pairings.c.pairing_hash == pairing_hash, pairings.c.device_id.is_(None), pairings.c.expires_at > now
    return bool((await tx.execute(sa.update(pairings).where(*free).values(device_id=device_id))).rowcount)


async def last_uploads(tx: AsyncConnection, event_id: EventId, device_id: DeviceId, *, limit: int) -> list[Upload]:
    """The scans that a device sent last, the newest first."""
    joined = scans.join(gates, sa.and_(gates.c.event_id == scans.c.event_id, gates.c.gate_id == scans.c.gate_id))
    joined = joined.outerjoin(
        guests, sa.and_(guests.c.event_id == scans.c.event_id, guests.c.guest_id == scans.c.guest_id)
    )
    told = scans.c.counted_at, guests.c.name.label("guest"), gates.c.name.label("gate"), scans.c.verdict
    own = scans.c.event_id == event_id, scans.c.device_id == device_id
    rows = await tx.execute(
        sa.select(*told).select_from(joined).where(*own).order_by(scans.c.recorded.desc()).limit(limit)
    )
    return [Upload(row.counted_at, row.guest or "", row.gate, row.verdict) for row in rows]


def _device(row: sa.Row[Any]) -> Device:
    return Device(
        id=DeviceId(row.device_id),
        name=row.name,
        profile=row.profile,
        gate_id=GateId(row.gate_id),
        gate=row.gate,
        language=row.language,
        paired_at=row.paired_at,
        paired_by=row.paired_by,
        revoked_at=row.revoked_at,
        seen_at=row.seen_at,
        steward=row.steward,
        waiting=row.waiting,
        oldest_waiting_at=row.oldest_waiting_at,
        data_at=row.data_at,
        skew_ms=row.skew_ms,
        battery=row.battery,
        held=row.held,
        app=row.app,
    )


def _pairing(row: sa.Row[Any]) -> Pairing:
    return Pairing(
        event_id=EventId(row.event_id),
        name=row.name,
        profile=row.profile,
        gate_id=GateId(row.gate_id),
        gate=row.gate,
        language=row.language,
        created_by=row.created_by,
        expires_at=row.expires_at,
        device_id=DeviceId(row.device_id) if row.device_id else None,
    )
