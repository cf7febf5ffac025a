"""The print shop's counter: a guest's badge and QR picture, and badges in batches for the desk."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from anyio import to_thread
from starlette.responses import Response
from starlette.routing import Route

from badges.fonts import MissingGlyph
from badges.picture import qr_png
from badges.press import Press
from badges.shop import badge_of, draw_all, header_of
from events import store
from events.access import event_for
from events.core.auth import Scope
from events.core.database import Database
from events.core.errors import Conflict, Invalid, NotFound
from events.core.i18n import Language
from events.core.web import Ask, language_for
from events.models import Event, Guest, GuestId, GuestStatus
from events.names import sort_key
from events.pages import holder_of
from events.slot import slot_key


def press_of(request: Ask) -> Press:
    """The press that the lifespan opened."""
    return request.scope["state"]["press"]


async def own_badge(request: Ask) -> Response:
    """`/t/{code}/badge.pdf`: a confirmed guest's own badge."""
    holder = await holder_of(request)
    if holder.guest.status != GuestStatus.CONFIRMED:
        raise NotFound
    return _pdf(await print_badge(press_of(request), request.state["database"], holder.event, holder.guest))


async def own_picture(request: Ask) -> Response:
    """`/t/{code}/qr.png`: the QR symbol as a picture that a phone can keep."""
    holder = await holder_of(request)
    if holder.guest.status != GuestStatus.CONFIRMED:
        raise NotFound
    picture = await to_thread.run_sync(qr_png, holder.guest.code)
    return Response(picture, media_type="image/png", headers={"Cache-Control": "no-store"})


async def batch(request: Ask) -> Response:
    """Badges of the confirmed guests: all, of one category, or of one guest, ordered by slot, pinyin or code points."""
    event, principal = await event_for(request, Scope.DESK)
    database = request.state["database"]
    category, guest_id = _wanted(request)
    found = await database.read(lambda tx: store.confirmed_guests(tx, event.id, category=category, guest_id=guest_id))
    guests = [guest for guest in found if principal.sees_contacts(guest.side)]
    if not guests:
        raise NotFound
    if key := _ORDERS.get(request.query_params.get("order", "")):
        guests = await to_thread.run_sync(partial(sorted, guests, key=key))
    press, language = press_of(request), language_for(request)
    return _pdf(await print_badges(press, database, event, guests, language=language), name=event.slug)


async def print_badge(press: Press, database: Database, event: Event, guest: Guest) -> bytes:
    """One guest's badge in their language; raises Conflict where a character cannot be drawn."""
    return await print_badges(press, database, event, [guest], language=guest.language)


async def print_badges(
    press: Press, database: Database, event: Event, guests: Sequence[Guest], *, language: Language
) -> bytes:
    """Badges in the order of `guests` under one heading; raises Conflict naming whom no font can print."""
    categories = await database.read(lambda tx: store.categories_of(tx, event.id))
    hosts = await database.read(lambda tx: store.hosts_of(tx, event.id))
    drawn = [badge_of(guest, categories) for guest in guests]
    try:
        return await press.print(draw_all, drawn, header_of(event, hosts, language))
    except MissingGlyph as error:
        raise Conflict("cannot_print", characters=f"{error.characters} ({error.text})") from error


def _by_slot(guest: Guest) -> tuple[Any, ...]:
    return slot_key(guest.pick_slot), _by_pinyin(guest)


def _by_pinyin(guest: Guest) -> tuple[Any, ...]:
    return sort_key(guest.name, guest.name_latin)


_ORDERS: Mapping[str, Callable[[Guest], tuple[Any, ...]]] = {"slot": _by_slot, "pinyin": _by_pinyin}


def _pdf(content: bytes, *, name: str = "badge") -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)


def _wanted(request: Ask) -> tuple[str, GuestId | None]:
    guest = request.query_params.get("guest")
    try:
        return request.query_params.get("category", ""), GuestId(UUID(guest)) if guest else None
    except ValueError as error:
        raise Invalid(fields={"guest": "not_offered"}) from error


routes = [
    Route("/t/{code}/badge.pdf", own_badge, name="badge"),
    Route("/t/{code}/qr.png", own_picture, name="qr"),
    Route("/desk/{event}/badges.pdf", batch, name="desk:badges"),
    Route("/api/v1/events/{event}/badges.pdf", batch, name="api:badges"),
]
