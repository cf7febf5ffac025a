"""Somebody who is not on the list: taken in at the door, let in when a lead confirms.

Called by `checkin/walkin_api.py`. It works without a network: the device makes the guest's id, and the badge that it
hands out is a spare one of which it knows the hash.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from checkin import store
from events import guestlist
from events.core import audit
from events.core.errors import Conflict, NotFound
from events.core.i18n import Language
from events.core.ids import EventId
from events.forms import GuestForm
from events.models import Event, Guest, GuestId, GuestStatus, Text
from events.registration import add_guest, check_choices, take_seat
from events.store import guest_by_id
from events.ticket import parse


async def take_in(
    tx: AsyncConnection,
    event: Event,
    guest_id: GuestId,
    form: GuestForm,
    *,
    code: str = "",
    actor: str,
    now: datetime,
    detail: Mapping[str, object],
) -> Guest:
    """Adds a guest who waits for a lead, beyond the capacity if need be; a known id is the same guest again.

    `code`: the spare badge that was handed out, as it was read; without one the next ticket of the pool.
    Raises Conflict for a code that is no spare badge of the event, Invalid for a category that the event has not.
    """
    with suppress(NotFound):
        return await guest_by_id(tx, event.id, guest_id)
    await check_choices(tx, event, form, public=False)
    await take_seat(tx, event, beyond=True)
    waiting, spare = GuestStatus.PENDING, _spare(code)
    guest = await add_guest(tx, event, form, status=waiting, source="walk_in", now=now, guest_id=guest_id, code=spare)
    await audit.note(
        tx, event_id=event.id, actor=actor, action="guest.walked_in", now=now, subject_id=guest_id, detail=detail
    )
    return guest


async def confirm(tx: AsyncConnection, event: Event, guest_id: GuestId, *, actor: str, now: datetime) -> Guest:
    """Lets a lead confirm whoever waits or had declined. Raises NotFound, Conflict for a cancelled registration."""
    await tx.run_sync(store.lock_holders, event.id, codes=(), guest_ids={guest_id})
    guest = await guest_by_id(tx, event.id, guest_id)
    if guest.status is GuestStatus.CANCELLED:
        raise Conflict
    return await guestlist.confirm(tx, event, guest, actor=actor, now=now)


async def shown(tx: AsyncConnection, event_id: EventId, guest_id: GuestId, language: Language) -> dict[str, Any]:
    """The guest as the answer to a scan shows them, the category's name in `language`; raises NotFound."""
    holder = (await tx.run_sync(store.holders_by_guest, event_id, {guest_id})).get(guest_id)
    if holder is None or holder.shown is None:
        raise NotFound
    name = Text.model_validate(holder.shown["category_name"]).said_in(language)
    return {**holder.shown, "category_name": name}


def _spare(code: str) -> str:
    if not code:
        return ""
    read = parse(code)
    if read is None:
        raise Conflict("badge_not_spare")
    return read.text
