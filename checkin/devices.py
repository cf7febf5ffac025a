"""Phones at the door: pairing them by a code that works once, hearing how they are, moving and withdrawing them.

Called by the desk's pages, by the page that a phone opens, and by the API of devices.
A code is twelve characters (60 random bits) of the tickets' alphabet, so that it can also be read out and typed.
"""

import re
import secrets
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from checkin import device_store as kept
from checkin.device_store import Pairing
from checkin.models import Device, DeviceId, Gate, GateId, Profile
from checkin.store import gates_of
from events.core import accounts, audit
from events.core.auth import Keyring, Scope
from events.core.errors import Conflict, Invalid
from events.core.i18n import Language
from events.core.ids import EventId, new_id
from events.ticket import ALPHABET

PAIRING_LIFE = timedelta(minutes=10)
WRITTEN_EVERY = timedelta(seconds=5)
_NAMED = {
    Language.ZH_HANS: "{gate} {number} 号机",
    Language.ZH_HANT: "{gate} {number} 號機",
    Language.EN: "{gate} {number}",
}
_GATE_PART = 60
_CODE_LENGTH = 12
_GROUP = 4
_LOOKALIKES = str.maketrans("OIL", "011", "- ")
_DIGITS = re.compile(r"(\d+)")
_MAX_MS = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """What a device is called, where it stands, what it is for, and what it speaks."""

    name: str
    gate_id: GateId
    profile: Profile
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How a device says that it is; the fields are those of `Device`."""

    steward: str
    waiting: int
    oldest_waiting_at: datetime | None
    data_at: datetime | None
    skew_ms: int | None
    battery: int | None
    held: int
    app: str


@dataclass(frozen=True, slots=True)
class Paired:
    """A phone that was paired: `token` is the secret that it keeps."""

    event_id: EventId
    device_id: DeviceId
    token: str
    language: Language
    profile: Profile


@dataclass(frozen=True, slots=True)
class Former:
    """What the same phone was before."""

    event_id: EventId
    device_id: DeviceId


async def start_pairing(
    tx: AsyncConnection, keyring: Keyring, *, event_id: EventId, placed: Placement, actor: str, now: datetime
) -> str:
    """A new code that pairs one phone within `PAIRING_LIFE`; without a name the phone is numbered at its gate.

    Raises Invalid for a gate of another event, one that is no exhibitor's where the phone is for a booth, and an
    exhibitor's where it is for a door: it would bring the guest list to the booth.
    """
    gate = await _gate_of(tx, event_id, placed.gate_id, placed.profile)
    if not placed.name:
        taken = await kept.names_taken(tx, event_id, now)
        placed = replace(placed, name=numbered(taken, gate.name, placed.language))
    code = "".join(secrets.choice(ALPHABET) for _ in range(_CODE_LENGTH))
    life = {"created_at": now, "created_by": actor, "expires_at": now + PAIRING_LIFE}
    row = {"event_id": event_id, "pairing_hash": keyring.digest(code), **asdict(placed), **life}
    await kept.add_pairing(tx, row)
    detail = {"name": placed.name, "gate": gate.name, "profile": placed.profile}
    await audit.note(tx, event_id=event_id, actor=actor, action="pairing.started", now=now, detail=detail)
    return code


async def pairing_of(tx: AsyncConnection, keyring: Keyring, code: str) -> Pairing:
    """What a code is for, used and old ones included; raises Conflict for an unknown one."""
    pairing = await kept.pairing_by_hash(tx, keyring.digest(plain(code)))
    if pairing is None:
        raise Conflict("pairing_used")
    return pairing


async def pair(
    tx: AsyncConnection, keyring: Keyring, *, code: str, former: Former | None, language: Language | None, now: datetime
) -> Paired:
    """Makes a device of the phone that shows the code first, and withdraws what it was before.

    `language`: what its steward chose on the way, if anything. Raises Conflict for a code that is used, too old or
    unknown.
    """
    pairing = await pairing_of(tx, keyring, code)
    event_id, device_id = pairing.event_id, DeviceId(new_id())
    if not await kept.use_pairing(tx, keyring.digest(plain(code)), device_id=device_id, now=now):
        raise Conflict("pairing_used")
    spoken = language or pairing.language
    await kept.add_device(tx, pairing, device_id, paired_at=now, language=spoken)
    scope = Scope.BOOTH if pairing.profile is Profile.BOOTH else Scope.DOOR
    token = await accounts.create_token(
        tx, keyring, event_id=event_id, scope=scope, name=pairing.name, now=now, device_id=device_id
    )
    if former:
        await _withdraw(tx, former.event_id, former.device_id, actor=f"device:{device_id}", now=now)
    await audit.note(
        tx,
        event_id=event_id,
        actor=pairing.created_by,
        action="device.paired",
        now=now,
        subject_id=device_id,
        detail={"name": pairing.name, "gate": pairing.gate, "profile": pairing.profile},
    )
    return Paired(event_id, device_id, token, spoken, pairing.profile)


async def devices_of(tx: AsyncConnection, event_id: EventId) -> list[Device]:
    """The event's devices by name, 2 before 10; those that were withdrawn last."""
    return sorted(await kept.all_devices(tx, event_id), key=lambda device: (bool(device.revoked_at), _order(device)))


async def report(tx: AsyncConnection, *, event_id: EventId, device_id: DeviceId, told: Report, now: datetime) -> None:
    """Keeps how a device is. A withdrawn one is not heard."""
    await kept.change_device(tx, event_id, device_id, {**asdict(told), "seen_at": now})


def is_news(device: Device, told: Report, now: datetime) -> bool:
    """Whether a report is worth a write: once in `WRITTEN_EVERY`, or when the steward or the queue changes."""
    if device.seen_at is None or now - device.seen_at >= WRITTEN_EVERY:
        return True
    return (device.steward, device.waiting > 0) != (told.steward, told.waiting > 0)


async def move(
    tx: AsyncConnection, *, event_id: EventId, device_id: DeviceId, placed: Placement, actor: str, now: datetime
) -> None:
    """Gives a device another gate, profile, language or name. Raises NotFound, Conflict for a withdrawn one.

    Invalid as `start_pairing`, and for a phone of the door that is to be a booth's, or the other way round: what the
    one may know, the other must not, so it is paired anew.
    """
    before = await kept.device_by_id(tx, event_id, device_id)
    if (before.profile is Profile.BOOTH) != (placed.profile is Profile.BOOTH):
        raise Invalid(fields={"profile": "not_offered"})
    gate = await _gate_of(tx, event_id, placed.gate_id, placed.profile)
    if not await kept.change_device(tx, event_id, device_id, asdict(placed)):
        raise Conflict("device_revoked")
    await kept.rename_token(tx, event_id, device_id, placed.name)
    was = {"name": before.name, "gate": before.gate, "profile": before.profile, "language": before.language}
    became = {"name": placed.name, "gate": gate.name, "profile": placed.profile, "language": placed.language}
    if was == became:
        return
    await audit.note(
        tx,
        event_id=event_id,
        actor=actor,
        action="device.moved",
        now=now,
        subject_id=device_id,
        detail={"from": was, "to": became},
    )


async def revoke(tx: AsyncConnection, *, event_id: EventId, device_id: DeviceId, actor: str, now: datetime) -> None:
    """Withdraws a device for good; again does nothing. Raises NotFound. The caller lets the keyring forget."""
    await kept.device_by_id(tx, event_id, device_id)
    await _withdraw(tx, event_id, device_id, actor=actor, now=now)


def numbered(taken: Collection[str], gate: str, language: Language) -> str:
    """The first name at a gate that no device has, such as “North 2” beside “North 1”."""
    number = 1
    while (name := _NAMED[language].format(gate=gate[:_GATE_PART], number=number)) in taken:
        number += 1
    return name


def skew_ms(sent_at: datetime, received_at: datetime) -> int:
    """How far a device's clock is behind ours, in milliseconds, as far as a column holds it."""
    behind = round((received_at - sent_at) / timedelta(milliseconds=1))
    return max(-_MAX_MS, min(_MAX_MS, behind))


def plain(code: str) -> str:
    """The code as it was made, however somebody typed it."""
    return code.upper().translate(_LOOKALIKES)


def grouped(code: str) -> str:
    """The code as people read it: `ABCD-EFGH-JKMN`."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


async def _gate_of(tx: AsyncConnection, event_id: EventId, gate_id: GateId, profile: Profile) -> Gate:
    is_fit = (profile is Profile.BOOTH) == await kept.is_at_booth(tx, event_id, gate_id)
    for gate in await tx.run_sync(gates_of, event_id):
        if gate.id == gate_id and is_fit:
            return gate
    raise Invalid(fields={"gate": "not_offered"})


async def _withdraw(tx: AsyncConnection, event_id: EventId, device_id: DeviceId, *, actor: str, now: datetime) -> None:
    await accounts.revoke_device(tx, event_id=event_id, device_id=device_id, now=now)
    ended = {"revoked_at": now, "revoked_by": actor, "steward": ""}
    if await kept.change_device(tx, event_id, device_id, ended):
        await audit.note(tx, event_id=event_id, actor=actor, action="device.withdrawn", now=now, subject_id=device_id)


def _order(device: Device) -> list[tuple[int, str]]:
    """So that 10 comes after 2: numbers count as numbers."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in _DIGITS.split(device.name)]
