"""What a phone opens to become a device of the door: a page with one button, and the press of it.

Camera apps and messengers open links before anybody presses anything, so opening the page uses nothing up.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response
from starlette.routing import Route

from checkin import devices
from checkin.device_store import Pairing
from checkin.devices import Former, Paired
from checkin.models import DeviceId, Profile
from checkin.wechat import is_wechat
from events import store
from events.core import accounts
from events.core.auth import Principal
from events.core.errors import Conflict, Unauthenticated
from events.core.guard import Brake, refuse_cross_site
from events.core.i18n import Language, language_of
from events.core.web import (
    DEVICE_COOKIE,
    LANGUAGE_COOKIE,
    SESSION_COOKIE,
    Ask,
    client_of,
    is_secure,
    page,
    principal_of,
    see_other,
)
from events.models import Event

_KEPT_AFTER = timedelta(days=7)
_KEPT_AT_LEAST = timedelta(days=1)


async def pairing_page(request: Ask) -> Response:
    """`/door/pair/{secret}`: what this phone would become. A phone that used the code already goes to its door."""
    pairing = await _pairing_asked_for(request)
    if await _is_paired_by(request, pairing):
        return see_other(request, _home_of(pairing.profile))
    if not pairing.is_open(request.state["clock"].now()):
        raise Conflict("pairing_used")
    event = await request.state["database"].read(lambda tx: store.event_by_id(tx, pairing.event_id))
    context = {"event": event, "pairing": pairing, "wechat": is_wechat(request), "owner": await _owner(request)}
    return page(request, "pair.html", context, language=_language(request) or pairing.language)


async def pair(request: Ask) -> Response:
    """Pairs this phone. Whoever was signed in on it is signed out: it now belongs to the door."""
    refuse_cross_site(request.headers, request.method)
    pairing = await _pairing_asked_for(request)
    if await _is_paired_by(request, pairing):
        return see_other(request, _home_of(pairing.profile))
    paired, event = await request.state["database"].write(_pairing(request, former=await _former(request)))
    request.state["keyring"].forget()
    request.state["live"].publish(event.id)
    return _kept(request, paired, event)


def _pairing(request: Ask, *, former: Former | None) -> Callable[[AsyncConnection], Awaitable[tuple[Paired, Event]]]:
    keyring, now = request.state["keyring"], request.state["clock"].now()
    code, language = request.path_params["secret"], _language(request)

    async def body(tx: AsyncConnection) -> tuple[Paired, Event]:
        paired = await devices.pair(tx, keyring, code=code, former=former, language=language, now=now)
        await accounts.end_session(tx, keyring, request.cookies.get(SESSION_COOKIE, ""))
        return paired, await store.event_by_id(tx, paired.event_id)

    return body


def _kept(request: Ask, paired: Paired, event: Event) -> Response:
    """Sends the phone to its door, or its booth, with what it keeps until a week after the event."""
    life = max(event.ends_at + _KEPT_AFTER - request.state["clock"].now(), _KEPT_AT_LEAST)
    max_age, secure = int(life.total_seconds()), is_secure(request)
    answer = see_other(request, _home_of(paired.profile))
    answer.set_cookie(DEVICE_COOKIE, paired.token, max_age=max_age, httponly=True, samesite="lax", secure=secure)
    answer.set_cookie(LANGUAGE_COOKIE, paired.language, max_age=max_age, samesite="lax", secure=secure)
    if SESSION_COOKIE in request.cookies:
        answer.delete_cookie(SESSION_COOKIE)
    return answer


def _home_of(profile: Profile) -> str:
    return "booth" if profile is Profile.BOOTH else "door_home"


async def _pairing_asked_for(request: Ask) -> Pairing:
    brake: Brake = request.scope["state"]["pairing_brake"]
    await brake.press(client_of(request))
    keyring, code = request.state["keyring"], request.path_params["secret"]
    return await request.state["database"].read(lambda tx: devices.pairing_of(tx, keyring, code))


async def _is_paired_by(request: Ask, pairing: Pairing) -> bool:
    former = await _former(request)
    return former is not None and former.device_id == pairing.device_id


async def _former(request: Ask) -> Former | None:
    """What this phone is already."""
    try:
        principal = await request.state["keyring"].by_token(request.cookies.get(DEVICE_COOKIE, ""))
    except Unauthenticated:
        return None
    if principal.event_id is None or principal.device_id is None:
        return None
    return Former(principal.event_id, DeviceId(principal.device_id))


async def _owner(request: Ask) -> Principal | None:
    """Who is signed in on this phone as a person, and will not be afterwards."""
    try:
        principal = await principal_of(request)
    except Unauthenticated:
        return None
    return principal if principal.user else None


def _language(request: Ask) -> Language | None:
    """The language chosen on this very page, if any."""
    return language_of(request.query_params.get("lang", ""))


routes = [
    Route("/door/pair/{secret}", pairing_page, name="pair", methods=["GET"]),
    Route("/door/pair/{secret}", pair, methods=["POST"]),
]
