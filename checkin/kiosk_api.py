"""The kiosk: a guest finds themselves, and the badge of whoever was just let in prints where they stand."""

from typing import Annotated, Any

import anyio
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from badges.pages import press_of, print_badge
from checkin import kiosk
from checkin.device_store import device_by_id
from checkin.models import DeviceId, Profile
from events.access import event_for
from events.core import audit
from events.core.auth import Principal, Scope
from events.core.errors import Forbidden, NotFound
from events.core.guard import Brake
from events.core.web import Ask, principal_of, read_json
from events.forms import Line
from events.models import Event, Guest, GuestId
from events.store import event_by_name

_ANSWERED_AFTER_S = 0.3
"""Longer than any search takes: how long it took must not tell whether somebody was found."""


class SelfForm(BaseModel):
    """What a guest types at a kiosk."""

    model_config = ConfigDict(extra="forbid")

    digits: Annotated[str, Field(pattern=r"^[0-9]{4}$")]
    surname: Annotated[Line, Field(min_length=1, max_length=40)]


async def find_self(request: Ask) -> Response:
    """`POST /events/{event}/kiosk/find`: three guests at most, and only where both are right."""
    event, principal = await event_for(request, Scope.DOOR)
    await _require_kiosk(request, event, principal)
    await _brake(request).press(principal.name)
    form = await read_json(request, SelfForm)
    due = anyio.current_time() + _ANSWERED_AFTER_S
    found = await request.state["database"].read(
        lambda tx: kiosk.find_self(tx, event.id, digits=form.digits, surname=form.surname)
    )
    await anyio.sleep_until(due)
    return JSONResponse({"guests": [_row(guest) for guest in found]}, headers={"Cache-Control": "no-store"})


async def badge(request: Ask) -> Response:
    """`/door/badge/{guest}.pdf`: of whom this device admitted in the last ten minutes; printing is written down.

    A person who is signed in names the event: `?event=`.
    """
    principal = await principal_of(request)
    principal.require_somewhere(Scope.DOOR)
    event = await _event_of(request, principal)
    database, now = request.state["database"], request.state["clock"].now()
    guest_id = GuestId(request.path_params["guest"])
    guest = await database.read(lambda tx: kiosk.just_admitted(tx, event.id, guest_id, principal, now=now))
    content = await print_badge(press_of(request), database, event, guest)
    await database.write(
        lambda tx: audit.note(
            tx, event_id=event.id, actor=principal.name, action="badge.printed", now=now, subject_id=guest.id
        )
    )
    headers = {"Content-Disposition": 'inline; filename="badge.pdf"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)


async def _require_kiosk(request: Ask, event: Event, principal: Principal) -> None:
    if principal.device_id is None:
        raise Forbidden
    device_id = DeviceId(principal.device_id)
    device = await request.state["database"].read(lambda tx: device_by_id(tx, event.id, device_id))
    if device.profile is not Profile.KIOSK:
        raise Forbidden


async def _event_of(request: Ask, principal: Principal) -> Event:
    name = str(principal.event_id) if principal.event_id else request.query_params.get("event", "")
    if not name:
        raise NotFound
    return await request.state["database"].read(lambda tx: event_by_name(tx, name))


def _brake(request: Ask) -> Brake:
    return request.scope["state"]["kiosk_brake"]


def _row(guest: Guest) -> dict[str, Any]:
    return {"id": str(guest.id), "name": guest.name, "organisation": guest.organisation}


routes = [
    Route("/api/v1/events/{event}/kiosk/find", find_self, name="api:kiosk_find", methods=["POST"]),
    Route("/door/badge/{guest:uuid}.pdf", badge, name="door:badge"),
]
