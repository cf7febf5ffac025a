"""Badge slots: where each printed badge stands in its box (B-07), so that it is found as fast as its name is read.

The desk's page of sheets calls `assign`. Boxes are named A, B … Z, AA; what a guest has stays, because the badge may
be printed, unless everything is numbered anew.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby, islice

import sqlalchemy as sa
from anyio import to_thread
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.signin_sheet import in_order
from events.core import audit
from events.core.dialect import locks_rows
from events.core.errors import Invalid
from events.core.ids import EventId
from events.models import Category, Guest, GuestId
from events.slot import BOXES, Place, place_of
from events.store import categories_of, confirmed_guests
from events.tables import guests

PER_BOX = 20
MAX_PER_BOX = 99


async def assign(
    tx: AsyncConnection,
    event_id: EventId,
    *,
    per_box: int = PER_BOX,
    by_category: bool = False,
    anew: bool = False,
    actor: str,
    now: datetime,
) -> int:
    """Gives slots to confirmed guests in the order of their names; how many got one that they had not.

    Who has a slot keeps it, and the others come after the last one taken, unless `anew`: then whoever is not confirmed
    loses theirs. by_category: every category begins a box of its own, in order of rank.
    Raises Invalid (`boxes_full`) where that makes more boxes than the letters can name.
    """
    await _hold(tx, event_id)
    confirmed = await to_thread.run_sync(in_order, await confirmed_guests(tx, event_id))
    taken = await _taken(tx, event_id)
    waiting = [guest for guest in confirmed if anew or not guest.pick_slot]
    kinds = await categories_of(tx, event_id) if by_category else []
    given = slots_for(waiting, after=() if anew else taken.values(), kinds=kinds, per_box=per_box)
    wanted = {**dict.fromkeys(taken if anew else (), ""), **given}
    changed = {guest_id: slot for guest_id, slot in wanted.items() if slot != taken.get(guest_id, "")}
    await _keep(tx, event_id, changed, now=now)
    assigned = sum(bool(slot) for slot in changed.values())
    detail = {"assigned": assigned, "per_box": per_box, "by_category": by_category, "anew": anew}
    await audit.note(tx, event_id=event_id, actor=actor, action="slots.assigned", now=now, detail=detail)
    return assigned


def slots_for(
    waiting: Sequence[Guest], *, after: Iterable[str], kinds: Sequence[Category] = (), per_box: int = PER_BOX
) -> dict[GuestId, str]:
    """The slots of these guests in their order, after all that are taken; with `kinds` each category in new boxes.

    Raises Invalid as `assign`.
    """
    rank = {kind.key: number for number, kind in enumerate(kinds)}
    taken = [place for slot in after if (place := place_of(slot))]
    free = next(islice(max(taken).following(per_box), 1, None)) if taken else Place(0, 0)
    given: dict[GuestId, str] = {}
    ranked = sorted(waiting, key=lambda guest: rank.get(guest.category, 0))
    for _, own in groupby(ranked, key=lambda guest: rank.get(guest.category, 0)):
        places = (Place(free.box + 1, 0) if kinds and free.number else free).following(per_box)
        given.update((guest.id, _said(place)) for guest, place in zip(own, places, strict=False))
        free = next(places)
    return given


def _said(place: Place) -> str:
    if place.box >= BOXES:
        raise Invalid(fields={"per_box": "boxes_full"})
    return str(place)


async def _hold(tx: AsyncConnection, event_id: EventId) -> None:
    """Lets nobody else give slots or edit these guests before this transaction ends."""
    if locks_rows(tx):
        chosen = sa.select(guests.c.guest_id).where(guests.c.event_id == event_id)
        await tx.execute(chosen.order_by(guests.c.guest_id).with_for_update(key_share=True))


async def _taken(tx: AsyncConnection, event_id: EventId) -> dict[GuestId, str]:
    """The slots of everybody, cancelled guests too: their badges may still stand there."""
    chosen = sa.select(guests.c.guest_id, guests.c.pick_slot)
    rows = await tx.execute(chosen.where(guests.c.event_id == event_id, guests.c.pick_slot != ""))
    return {GuestId(row.guest_id): row.pick_slot for row in rows}


async def _keep(tx: AsyncConnection, event_id: EventId, slots: dict[GuestId, str], *, now: datetime) -> None:
    if not slots:
        return
    own = guests.c.event_id == event_id, guests.c.guest_id == sa.bindparam("guest")
    change = (
        sa.update(guests)
        .where(*own)
        .values(pick_slot=sa.bindparam("slot"), changed_at=now, version=guests.c.version + 1)
    )
    await tx.execute(change, [{"guest": guest_id, "slot": slot} for guest_id, slot in slots.items()])
