"""The organiser's work on the guest list: adding, finding, changing, confirming, cancelling, replacing a ticket."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from events.core import audit
from events.core.errors import Conflict, Stale
from events.core.ids import EventId
from events.forms import GuestForm, email_key
from events.models import Event, Guest, GuestId, GuestStatus
from events.names import like_patterns, order
from events.pool import issue, revoke
from events.registration import add_guest, check_choices, columns_of, hold_event, leave_seat, send_pass, take_seat
from events.store import GUESTS, guest_by_email, guest_by_id, guest_of
from events.tables import guests

_GONE = {GuestStatus.CANCELLED, GuestStatus.DECLINED}
_SEARCHED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which guests are wanted. `query`: a name as people say it, an organisation, four digits; empty: all.

    telephones_of: the hosting side whose guests alone are found by digits; empty: all are.
    """

    query: str = ""
    status: GuestStatus | None = None
    category: str = ""
    before: GuestId | None = None
    limit: int = 50
    telephones_of: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of guests; `cursor` asks for the following page, None on the last one."""

    guests: list[Guest]
    cursor: GuestId | None


async def find_guests(tx: AsyncConnection, event_id: EventId, sought: Sought) -> Found:
    """The guests sought: nearest name first for a query, newest first without one."""
    chosen = GUESTS.where(guests.c.event_id == event_id, *_conditions(sought)).order_by(guests.c.guest_id.desc())
    if sought.query.strip():
        found = [guest_of(row) for row in await tx.execute(chosen.limit(_SEARCHED))]
        found.sort(key=lambda guest: order(sought.query, guest.name, guest.name_latin))
        return Found(found[: sought.limit], None)
    found = [guest_of(row) for row in await tx.execute(chosen.limit(sought.limit + 1))]
    page = found[: sought.limit]
    return Found(page, page[-1].id if len(found) > len(page) else None)


async def count_by_status(tx: AsyncConnection, event_id: EventId) -> dict[GuestStatus, int]:
    """How many guests stand where."""
    counted = sa.select(guests.c.status, sa.func.count()).where(guests.c.event_id == event_id)
    return {row[0]: row[1] for row in await tx.execute(counted.group_by(guests.c.status))}


async def invite(
    tx: AsyncConnection, event: Event, form: GuestForm, *, actor: str, now: datetime, mail: bool = True
) -> Guest:
    """Adds a confirmed guest on the organiser's word, beyond the capacity if need be.

    Raises Conflict for an address that is taken, Invalid for a category or side that the event has not.
    """
    await check_choices(tx, event, form, public=False)
    await take_seat(tx, event, beyond=True)
    guest = await add_guest(tx, event, form, status=GuestStatus.CONFIRMED, source="desk", now=now)
    if mail:
        await send_pass(tx, guest, now=now)
    await _note(tx, guest, actor=actor, action="guest.added", now=now)
    return guest


async def edit_guest(
    tx: AsyncConnection,
    event: Event,
    guest: Guest,
    form: GuestForm,
    *,
    version: int,
    actor: str,
    now: datetime,
) -> Guest:
    """The guest changed to `form`. Raises Stale where `version` is not the current one, Conflict and Invalid as
    `invite`."""
    await hold_event(tx, event.id)
    await check_choices(tx, event, form, public=False, guest_id=guest.id)
    key = email_key(form.email)
    holder = await guest_by_email(tx, event.id, key) if key else None
    if holder and holder.id != guest.id:
        raise Conflict("duplicate_email")
    await _update(tx, guest, version=version, values=columns_of(form), now=now)
    await _note(tx, guest, actor=actor, action="guest.edited", now=now)
    return await guest_by_id(tx, event.id, guest.id)


async def cancel(tx: AsyncConnection, guest: Guest, *, reason: str, actor: str, now: datetime) -> Guest:
    """Cancels the registration and frees the seat; the door then refuses the ticket with the reason.

    Cancelling again changes nothing.
    """
    guest = await _held(tx, guest)
    if guest.status in _GONE:
        return guest
    values = {"status": GuestStatus.CANCELLED, "status_reason": reason}
    await _update(tx, guest, version=guest.version, values=values, now=now)
    await leave_seat(tx, guest.event_id)
    await _note(tx, guest, actor=actor, action="guest.cancelled", now=now)
    return await guest_by_id(tx, guest.event_id, guest.id)


async def confirm(tx: AsyncConnection, event: Event, guest: Guest, *, actor: str, now: datetime) -> Guest:
    """Confirms a waiting, declined or cancelled registration and mails the pass. Confirming again changes nothing."""
    guest = await _held(tx, guest)
    if guest.status == GuestStatus.CONFIRMED:
        return guest
    if guest.status in _GONE:
        await take_seat(tx, event, beyond=True)
    values = {"status": GuestStatus.CONFIRMED, "status_reason": ""}
    await _update(tx, guest, version=guest.version, values=values, now=now)
    await _note(tx, guest, actor=actor, action="guest.confirmed", now=now)
    confirmed = await guest_by_id(tx, event.id, guest.id)
    await send_pass(tx, confirmed, now=now)
    return confirmed


async def replace_ticket(
    tx: AsyncConnection, event: Event, guest: Guest, *, reason: str, actor: str, now: datetime
) -> Guest:
    """Gives the guest a new ticket; the old one is refused from now on, with the reason."""
    guest = await _held(tx, guest)
    await revoke(tx, event.id, guest.code, reason=reason or "replaced")
    await issue(tx, event, guest.id)
    await _touch(tx, guest, now=now)
    await _note(tx, guest, actor=actor, action="ticket.replaced", now=now)
    return await guest_by_id(tx, event.id, guest.id)


def _conditions(sought: Sought) -> list[sa.ColumnElement[bool]]:
    patterns = like_patterns(sought.query)
    conditions: list[sa.ColumnElement[bool]] = [guests.c.search_keys.like(pattern, escape="\\") for pattern in patterns]
    if sought.query.strip() and not patterns:
        conditions.append(sa.false())
    if sought.telephones_of and any(map(str.isdigit, sought.query)):
        conditions.append(guests.c.side == sought.telephones_of)
    if sought.status:
        conditions.append(guests.c.status == sought.status)
    if sought.category:
        conditions.append(guests.c.category == sought.category)
    if sought.before:
        conditions.append(guests.c.guest_id < sought.before)
    return conditions


async def _held(tx: AsyncConnection, guest: Guest) -> Guest:
    """The guest as they stand now and until this transaction ends."""
    row = guests.c.event_id == guest.event_id, guests.c.guest_id == guest.id
    await tx.execute(sa.select(guests.c.guest_id).where(*row).with_for_update(key_share=True))
    return await guest_by_id(tx, guest.event_id, guest.id)


async def _update(
    tx: AsyncConnection, guest: Guest, *, version: int, values: Mapping[str, object], now: datetime
) -> None:
    current = guests.c.event_id == guest.event_id, guests.c.guest_id == guest.id, guests.c.version == version
    changed = sa.update(guests).where(*current).values(**values, version=version + 1, changed_at=now)
    if not (await tx.execute(changed)).rowcount:
        raise Stale


async def _touch(tx: AsyncConnection, guest: Guest, *, now: datetime) -> None:
    """Something about the guest changed elsewhere: devices fetch the row again."""
    own = guests.c.event_id == guest.event_id, guests.c.guest_id == guest.id
    await tx.execute(sa.update(guests).where(*own).values(changed_at=now))


async def _note(tx: AsyncConnection, guest: Guest, *, actor: str, action: str, now: datetime) -> None:
    await audit.note(tx, event_id=guest.event_id, actor=actor, action=action, now=now, subject_id=guest.id)
