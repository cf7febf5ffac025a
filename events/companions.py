"""Parties: a leader, and the people who come along. The desk asks here whom somebody accompanies."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from events.core.errors import Invalid
from events.core.ids import EventId
from events.guestlist import Sought, find_guests
from events.models import Guest, GuestId, GuestStatus
from events.names import order
from events.store import GUESTS, guest_by_id, guest_of
from events.tables import categories, guests

_OFFERED = 200
_SEPARATOR = " · "


@dataclass(frozen=True, slots=True)
class Party:
    """Whom a guest accompanies, or who accompanies them."""

    leader: Guest | None
    companions: list[Guest]


async def party_of(tx: AsyncConnection, guest: Guest) -> Party:
    """The guest's leader and companions, companions by name."""
    leader = await guest_by_id(tx, guest.event_id, guest.leader_id) if guest.leader_id else None
    following = GUESTS.where(guests.c.event_id == guest.event_id, guests.c.leader_id == guest.id)
    rows = await tx.execute(following.order_by(guests.c.name, guests.c.guest_id))
    return Party(leader, [guest_of(row) for row in rows])


async def leader_named(tx: AsyncConnection, event_id: EventId, text: str, *, of: Guest | None) -> GuestId | None:
    """Whom the text means, a label as offered or a name as people say it; nobody for an empty one.

    `of`: whose form it is; their present leader stays, even where others are called the same.
    Raises Invalid for a name that nobody has, or several have.
    """
    if not text.strip():
        return None
    present = (await party_of(tx, of)).leader if of else None
    if present and label(present) == text:
        return present.id
    named = await _labelled(tx, event_id, text.strip()) or await sought(tx, event_id, text)
    exact = [guest for guest in named if order(text, guest.name, guest.name_latin) == 0]
    [one, *others] = (exact if len(named) > 1 and exact else named) or [None]
    if one is None or others:
        raise Invalid(fields={"leader": "several" if one else "not_offered"})
    return one.id


async def likely_leaders(tx: AsyncConnection, event_id: EventId) -> list[Guest]:
    """Whom people come along with: guests of categories that ask for attention, by name."""
    joined = guests.c.event_id == categories.c.event_id, guests.c.category == categories.c.key
    attended = sa.exists().where(*joined, categories.c.attention)
    own = guests.c.event_id == event_id, guests.c.leader_id.is_(None), guests.c.status != GuestStatus.CANCELLED
    chosen = GUESTS.where(*own, attended).order_by(guests.c.name, guests.c.guest_id).limit(_OFFERED)
    return [guest_of(row) for row in await tx.execute(chosen)]


async def sought(tx: AsyncConnection, event_id: EventId, text: str) -> list[Guest]:
    """Who could lead among those that the guest list finds for the text."""
    name = text.partition(_SEPARATOR)[0]
    found = await find_guests(tx, event_id, Sought(query=name, limit=_OFFERED))
    return [guest for guest in found.guests if guest.leader_id is None]


def label(guest: Guest | None) -> str:
    """A guest as a list offers them: the name, and where they are from."""
    return _SEPARATOR.join(filter(None, (guest.name, guest.organisation))) if guest else ""


async def _labelled(tx: AsyncConnection, event_id: EventId, text: str) -> list[Guest]:
    name, _, organisation = text.partition(_SEPARATOR)
    told = guests.c.name == name, guests.c.organisation == organisation, guests.c.leader_id.is_(None)
    return [guest_of(row) for row in await tx.execute(GUESTS.where(guests.c.event_id == event_id, *told))]
