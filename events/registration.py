"""Registering online: one guest per e-mail and event, no more guests than the event holds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from events.core import outbox
from events.core.errors import Conflict, Invalid
from events.core.ids import EventId, new_id
from events.forms import GuestForm, email_key
from events.models import Event, Guest, GuestId, GuestStatus, RegistrationMode
from events.names import search_keys, to_column
from events.pool import issue, issue_this
from events.store import categories_of, exhibitors_of, guest_by_email, guest_by_id, guest_by_submission, hosts_of
from events.tables import events, guests

CONFIRMATION = "confirmation"
_RESEND_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a registration: whose it is, and whether it is new.

    A page that shows either to somebody who merely typed an address would tell who is coming: both read the same there.
    """

    guest: Guest
    repeated: bool


async def register(
    tx: AsyncConnection, event: Event, form: GuestForm, *, submission_id: UUID, now: datetime, shares: bool = False
) -> Outcome | None:
    """Registers a guest who agreed to the event's current notice; the mail goes out with the commit.

    shares: they also agreed that exhibitors may know them, see `events.sharing`.

    A known address gets its pass by mail again, at most every ten minutes, and nothing changes. Neither does it when
    the same form is sent twice, even if that filled the event: `submission_id` was made with the form, so only its
    sender knows it. Sent again for somebody else, the form counts as a new one.
    None when the event is full. Raises Conflict when registration is over or by invitation only,
    Invalid when the category is not open to the public.
    """
    _check_open(event, now)
    await check_choices(tx, event, form, public=True)
    seated = await take_seat(tx, event)
    sent = await guest_by_submission(tx, event.id, submission_id)
    if sent and _is_about(form, sent):
        return await _repeated(tx, sent, seated=seated, now=now)
    key = email_key(form.email)
    if key and (known := await guest_by_email(tx, event.id, key)):
        repeated = await _repeated(tx, known, seated=seated, now=now)
        return repeated if seated else None
    if not seated:
        return None
    confirmed = event.registration == RegistrationMode.OPEN
    status = GuestStatus.CONFIRMED if confirmed else GuestStatus.PENDING
    fresh_id = new_id() if sent else submission_id
    consent: dict[str, Any] = {"consent_version": event.notice_version, "consent_at": now, "submission_id": fresh_id}
    consent["shares_at"] = now if shares else None
    guest = await add_guest(tx, event, form, status=status, source="online", now=now, **consent)
    await send_pass(tx, guest, now=now)
    return Outcome(guest, repeated=False)


async def send_pass(tx: AsyncConnection, guest: Guest, *, now: datetime) -> bool:
    """Queues the guest's pass as a mail; whether it did: not without an address."""
    if not guest.email:
        return False
    kind, recipient = CONFIRMATION, guest.email
    await outbox.queue(tx, event_id=guest.event_id, kind=kind, subject_id=guest.id, recipient=recipient, now=now)
    return True


async def resend_pass(tx: AsyncConnection, guest: Guest, *, now: datetime) -> bool:
    """As `send_pass`, for whoever asks again: not twice in ten minutes."""
    last = await outbox.last_queued_at(tx, event_id=guest.event_id, kind=CONFIRMATION, subject_id=guest.id)
    if last and now - last < _RESEND_AFTER:
        return False
    return await send_pass(tx, guest, now=now)


async def add_guest(
    tx: AsyncConnection,
    event: Event,
    form: GuestForm,
    *,
    status: GuestStatus,
    source: str,
    now: datetime,
    guest_id: GuestId | None = None,
    code: str = "",
    **consent: object,
) -> Guest:
    """A new guest with a ticket; `consent` is what their own form says besides.

    `guest_id` was made, and the ticket `code` handed out, where there was no server. The seat must have been counted.
    Raises Conflict for an address that is taken, and as `issue_this`.
    """
    guest_id = guest_id or GuestId(new_id())
    origin = {"status": status, "status_reason": "", "source": source, "version": 1}
    times = {"created_at": now, "changed_at": now}
    key = email_key(form.email)
    if key and await guest_by_email(tx, event.id, key):
        raise Conflict("duplicate_email")
    row = {"event_id": event.id, "guest_id": guest_id, **columns_of(form), **origin, **times, **consent}
    await tx.execute(sa.insert(guests).values(**row))
    await (issue_this(tx, event, guest_id, code) if code else issue(tx, event, guest_id))
    return await guest_by_id(tx, event.id, guest_id)


async def take_seat(tx: AsyncConnection, event: Event, *, beyond: bool = False) -> bool:
    """Counts one more guest unless the event is full; `beyond` counts in any case. Holds the event until commit."""
    room = sa.or_(events.c.capacity.is_(None), events.c.registered < events.c.capacity)
    chosen = sa.and_(events.c.event_id == event.id, sa.true() if beyond else room)
    counted = sa.update(events).where(chosen).values(registered=events.c.registered + 1)
    return bool((await tx.execute(counted)).rowcount)


async def leave_seat(tx: AsyncConnection, event_id: EventId) -> None:
    """Counts one guest less."""
    chosen = events.c.event_id == event_id
    await tx.execute(sa.update(events).where(chosen).values(registered=events.c.registered - 1))


async def hold_event(tx: AsyncConnection, event_id: EventId) -> None:
    """Lets nobody else take a seat or an address of the event before this transaction ends."""
    row = sa.select(events.c.event_id).where(events.c.event_id == event_id)
    await tx.execute(row.with_for_update(key_share=True))


def columns_of(form: GuestForm) -> dict[str, object]:
    """The columns of `guests` that a form fills, the search index included."""
    keys = search_keys(name=form.name, name_latin=form.name_latin, organisation=form.organisation, phone=form.phone)
    return {**form.model_dump(), "email_key": email_key(form.email), "search_keys": to_column(keys)}


async def check_choices(
    tx: AsyncConnection, event: Event, form: GuestForm, *, public: bool, guest_id: GuestId | None = None
) -> None:
    """Fills in the first category where none was chosen. Raises Invalid for one that is not on offer.

    A leader is another guest of the event who follows nobody; `guest_id`: whose form it is.
    """
    offered = [category.key for category in await categories_of(tx, event.id) if category.public or not public]
    if not form.category and offered:
        form.category = _usual(offered)
    if form.category not in offered:
        raise Invalid(fields={"category": "not_offered"})
    if form.side and form.side not in {host.key for host in await hosts_of(tx, event.id)}:
        raise Invalid(fields={"side": "not_offered"})
    if form.booth and form.booth not in {each.booth for each in await exhibitors_of(tx, event.id)}:
        raise Invalid(fields={"booth": "not_offered"})
    if form.leader_id and not await _can_lead(tx, event.id, GuestId(form.leader_id), of=guest_id):
        raise Invalid(fields={"leader_id": "not_offered"})


async def _can_lead(tx: AsyncConnection, event_id: EventId, leader_id: GuestId, *, of: GuestId | None) -> bool:
    if leader_id == of:
        return False
    leading = guests.c.event_id == event_id, guests.c.guest_id == leader_id, guests.c.leader_id.is_(None)
    followed = guests.c.event_id == event_id, guests.c.leader_id == of
    leads = sa.exists().where(*leading)
    return bool((await tx.execute(sa.select(sa.and_(leads, ~sa.exists().where(*followed)) if of else leads))).scalar())


def _usual(offered: list[str]) -> str:
    return "guest" if "guest" in offered else offered[0]


def _check_open(event: Event, now: datetime) -> None:
    if event.registration == RegistrationMode.INVITATION:
        raise Conflict("invitation_only")
    if now >= event.ends_at:
        raise Conflict("registration_over")


def _is_about(form: GuestForm, guest: Guest) -> bool:
    return (form.name, email_key(form.email)) == (guest.name, email_key(guest.email))


async def _repeated(tx: AsyncConnection, guest: Guest, *, seated: bool, now: datetime) -> Outcome:
    if seated:
        await leave_seat(tx, guest.event_id)
    await resend_pass(tx, guest, now=now)
    return Outcome(guest, repeated=True)
