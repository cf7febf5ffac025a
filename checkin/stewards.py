"""The people who sign on to devices: their names, their PINs, and who among them is a lead.

Called by the desk's page of stewards and by the API of devices; whoever lets a lead do more asks `leads`.
A PIN is six digits that the program makes; only its digest is kept, which is also what makes it unique in an event.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.credential import signed_in
from checkin.device_tables import devices, stewards
from checkin.models import DeviceId, Steward, StewardId
from events.core import audit
from events.core.auth import Keyring, Principal, Scope
from events.core.dialect import wait_turn
from events.core.errors import Conflict, NotFound, Stale, Unauthenticated
from events.core.ids import EventId, new_id

PIN_LENGTH = 6
_FEWEST_DIGITS = 4
_TRIES = 20
_MARK = 16
_BIGINT = 0x7FFF_FFFF_FFFF_FFFF


@dataclass(frozen=True, slots=True)
class Listed:
    """A steward in the list. `mark` changes with the PIN, so that one press renews it once."""

    steward: Steward
    mark: str


async def stewards_of(tx: AsyncConnection, event_id: EventId) -> list[Listed]:
    """Who may sign on, by name."""
    rows = await tx.execute(_standing(event_id).order_by(stewards.c.name))
    return [Listed(steward, steward.mark) for steward in map(_steward, rows)]


async def add_steward(
    tx: AsyncConnection, keyring: Keyring, *, event_id: EventId, name: str, lead: bool, actor: str, now: datetime
) -> tuple[Steward, str]:
    """A new steward with their PIN, which nobody can be told again. Raises Conflict for a name that is taken."""
    await wait_turn(tx, ~event_id.int & _BIGINT)  # not the turn in which the door counts its zones
    if (await tx.execute(_standing(event_id).where(stewards.c.name == name))).first():
        raise Conflict("name_taken", name=name)
    steward = Steward(id=StewardId(new_id()), name=name, lead=lead)
    row = {"event_id": event_id, "steward_id": steward.id, "name": name, "lead": lead, "created_at": now}
    pin = await _with_new_pin(tx, keyring, event_id, sa.insert(stewards).values(row))
    await _note(tx, event_id, steward, action="steward.added", actor=actor, now=now)
    return replace(steward, mark=_mark(keyring, event_id, pin)), pin


async def new_pin(
    tx: AsyncConnection,
    keyring: Keyring,
    *,
    event_id: EventId,
    steward_id: StewardId,
    mark: str,
    actor: str,
    now: datetime,
) -> tuple[Steward, str]:
    """Another PIN in place of the one that `mark` names, which ends what was allowed to whoever signed on with that.

    Raises NotFound, and Stale where it was renewed already.
    """
    steward = await _steward_by_id(tx, event_id, steward_id)
    same = stewards.c.steward_id == steward_id, sa.func.substr(stewards.c.pin_hash, 1, _MARK) == mark
    renewing = sa.update(stewards).where(stewards.c.event_id == event_id, *same)
    pin = await _with_new_pin(tx, keyring, event_id, renewing)
    await _sign_off(tx, event_id, steward.name)
    await _note(tx, event_id, steward, action="steward.pin_renewed", actor=actor, now=now)
    return replace(steward, mark=_mark(keyring, event_id, pin)), pin


async def remove_steward(
    tx: AsyncConnection, *, event_id: EventId, steward_id: StewardId, actor: str, now: datetime
) -> None:
    """Ends what a steward may do, on every device at once; removing again does nothing. Raises NotFound."""
    own = stewards.c.event_id == event_id, stewards.c.steward_id == steward_id
    row = (await tx.execute(sa.select(stewards).where(*own))).one_or_none()
    if row is None:
        raise NotFound
    ending = sa.update(stewards).where(*own, stewards.c.removed_at.is_(None)).values(removed_at=now, pin_hash=None)
    if (await tx.execute(ending)).rowcount:
        await _sign_off(tx, event_id, row.name)
        await _note(tx, event_id, _steward(row), action="steward.removed", actor=actor, now=now)


async def sign_on(
    tx: AsyncConnection, keyring: Keyring, *, event_id: EventId, device_id: DeviceId, pin: str, now: datetime
) -> Steward:
    """Whose PIN it is: the device now shows their name. Raises Unauthenticated."""
    digest = _pin_hash(keyring, event_id, pin)
    row = (await tx.execute(_standing(event_id).where(stewards.c.pin_hash == digest))).one_or_none()
    if row is None:
        raise Unauthenticated("wrong_pin")
    steward, own = _steward(row), (devices.c.event_id == event_id, devices.c.device_id == device_id)
    await tx.execute(sa.update(devices).where(*own).values(steward=steward.name))
    await _note(tx, event_id, steward, action="steward.signed_on", actor=f"device:{device_id}", now=now)
    return steward


async def steward_on(
    tx: AsyncConnection, keyring: Keyring, *, event_id: EventId, device_id: DeviceId, credential_text: str
) -> Steward | None:
    """Who signed on to the device with this credential, as they stand now.

    None for nobody, for somebody removed, and for a PIN that is theirs no more.
    """
    signed = signed_in(keyring, device_id, credential_text) if credential_text else None
    if signed is None:
        return None
    row = (await tx.execute(_standing(event_id).where(stewards.c.steward_id == signed.id))).one_or_none()
    steward = _steward(row) if row else None
    return steward if steward and steward.mark == signed.mark else None


async def leads(
    tx: AsyncConnection, event_id: EventId, principal: Principal, keyring: Keyring, credential_text: str
) -> bool:
    """Whether whoever asks may override, undo later and confirm: the desk, or a lead signed on to a device."""
    if Scope.DESK in principal.scopes:
        return True
    if principal.device_id is None:
        return False
    device_id = DeviceId(principal.device_id)
    steward = await steward_on(tx, keyring, event_id=event_id, device_id=device_id, credential_text=credential_text)
    return steward is not None and steward.lead


def _standing(event_id: EventId) -> sa.Select[Any]:
    return sa.select(stewards).where(stewards.c.event_id == event_id, stewards.c.removed_at.is_(None))


async def _steward_by_id(tx: AsyncConnection, event_id: EventId, steward_id: StewardId) -> Steward:
    row = (await tx.execute(_standing(event_id).where(stewards.c.steward_id == steward_id))).one_or_none()
    if row is None:
        raise NotFound
    return _steward(row)


def _steward(row: sa.Row[Any]) -> Steward:
    return Steward(id=StewardId(row.steward_id), name=row.name, lead=row.lead, mark=(row.pin_hash or "")[:_MARK])


async def _sign_off(tx: AsyncConnection, event_id: EventId, name: str) -> None:
    """No device shows them any more."""
    signed_on = devices.c.event_id == event_id, devices.c.steward == name
    await tx.execute(sa.update(devices).where(*signed_on).values(steward=""))


async def _with_new_pin(
    tx: AsyncConnection, keyring: Keyring, event_id: EventId, keeping: sa.Insert | sa.Update
) -> str:
    """Keeps a PIN that nobody else has; raises Stale where the statement finds no row to keep it in."""
    for pin in (_random_pin() for _ in range(_TRIES)):
        try:
            async with tx.begin_nested():
                kept = await tx.execute(keeping.values(pin_hash=_pin_hash(keyring, event_id, pin)))
        except IntegrityError:
            continue
        if not kept.rowcount:
            raise Stale
        return pin
    raise Conflict("pin_taken")


def _random_pin() -> str:
    while is_obvious(pin := f"{secrets.randbelow(10**PIN_LENGTH):0{PIN_LENGTH}}"):
        pass
    return pin


def is_obvious(pin: str) -> bool:
    """Whether somebody who guesses would try this early: few different digits, or digits in equal steps."""
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    return len(set(pin)) < _FEWEST_DIGITS or len(steps) == 1


def _mark(keyring: Keyring, event_id: EventId, pin: str) -> str:
    return _pin_hash(keyring, event_id, pin)[:_MARK]


def _pin_hash(keyring: Keyring, event_id: EventId, pin: str) -> str:
    return keyring.digest(f"{event_id}:{pin}")


async def _note(
    tx: AsyncConnection, event_id: EventId, steward: Steward, *, action: str, actor: str, now: datetime
) -> None:
    detail = {"name": steward.name, "lead": steward.lead}
    await audit.note(tx, event_id=event_id, actor=actor, action=action, now=now, subject_id=steward.id, detail=detail)
