"""The door's JSON API for who is not confirmed: walk-ins, and the lead's word."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from checkin import walkin
from checkin.credential import STEWARD_HEADER, signed_in
from checkin.models import DeviceId
from checkin.stewards import leads
from events.access import event_for, guest_for
from events.core.auth import Principal, Scope
from events.core.errors import Conflict, Forbidden, Invalid
from events.core.parsing import parsed
from events.core.web import Ask, language_for, problem_of, read_json
from events.forms import GuestForm
from events.models import Event, GuestId

_AT_ONCE = 200
_LONGEST = 1000
_LONGEST_ID = 64


class WalkInForm(BaseModel):
    """Somebody who is not on the list. `id` is made on the device and becomes the guest's; `code`: a spare badge."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    name: str
    organisation: str = ""
    phone: str = ""
    category: str = ""
    code: Annotated[str, Field(max_length=_LONGEST)] = ""
    at: AwareDatetime | None = None
    steward: Annotated[str, Field(max_length=_LONGEST)] = ""

    def guest_form(self) -> GuestForm:
        """The guest, by the rules of every other form; raises Invalid."""
        return parsed(GuestForm, self.model_dump(include={"name", "organisation", "phone", "category"}))


class WalkInBatch(BaseModel):
    """Up to two hundred walk-ins; each is checked by itself."""

    model_config = ConfigDict(extra="forbid")

    walk_ins: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=_AT_ONCE)]
    sent_at: AwareDatetime | None = None


async def take_walk_ins(request: Ask) -> Response:
    """`POST /events/{event}/walk-ins`: the good ones are taken, the others come back as `refused`."""
    event, principal = await event_for(request, Scope.DOOR)
    batch = await read_json(request, WalkInBatch)
    results = [await _result(request, event, principal, entry, sent_at=batch.sent_at) for entry in batch.walk_ins]
    request.state["live"].publish(event.id)
    return JSONResponse({"results": results})


async def confirm(request: Ask) -> Response:
    """`POST /events/{event}/door/guests/{guest}/confirm`: by the desk, or a lead signed on to the device."""
    event, guest, principal = await guest_for(request, Scope.DOOR)
    keyring, credential = request.state["keyring"], request.headers.get(STEWARD_HEADER, "")
    database, now = request.state["database"], request.state["clock"].now()
    if not await database.read(lambda tx: leads(tx, event.id, principal, keyring, credential)):
        raise Forbidden("steward_needed")
    actor = _actor(request, principal, credential)
    await database.write(lambda tx: walkin.confirm(tx, event, guest.id, actor=actor, now=now))
    request.state["postman"].wake()
    request.state["live"].publish(event.id)
    return JSONResponse(await _shown(request, event, guest.id))


async def _result(
    request: Ask, event: Event, principal: Principal, entry: dict[str, Any], *, sent_at: datetime | None
) -> dict[str, Any]:
    as_sent = str(entry.get("id", ""))[:_LONGEST_ID]
    try:
        shown = await _taken_in(request, event, principal, parsed(WalkInForm, entry), sent_at=sent_at)
    except (Invalid, Conflict) as error:
        return {"id": as_sent, "refused": problem_of(request, error)}
    return {"id": as_sent, "status": shown["status"], "guest": shown}


async def _taken_in(
    request: Ask, event: Event, principal: Principal, form: WalkInForm, *, sent_at: datetime | None
) -> dict[str, Any]:
    guest_id, guest_form = GuestId(form.id), form.guest_form()
    guest_form.language = language_for(request)
    actor = _actor(request, principal, form.steward)
    clock = {"at": form.at, "sent_at": sent_at}
    detail = {name: moment.isoformat() for name, moment in clock.items() if moment}
    now = request.state["clock"].now()
    await request.state["database"].write(
        lambda tx: walkin.take_in(tx, event, guest_id, guest_form, code=form.code, actor=actor, now=now, detail=detail)
    )
    return await _shown(request, event, guest_id)


async def _shown(request: Ask, event: Event, guest_id: GuestId) -> dict[str, Any]:
    language = language_for(request)
    return await request.state["database"].read(lambda tx: walkin.shown(tx, event.id, guest_id, language))


def _actor(request: Ask, principal: Principal, credential: str) -> str:
    """Who did it, for the record: the steward on the device, else the device or whoever is signed in."""
    if principal.device_id is None or not credential:
        return principal.name
    steward = signed_in(request.state["keyring"], DeviceId(principal.device_id), credential)
    return f"{principal.name} ({steward.name})" if steward else principal.name


routes = [
    Route("/api/v1/events/{event}/walk-ins", take_walk_ins, name="api:walk_ins", methods=["POST"]),
    Route("/api/v1/events/{event}/door/guests/{guest}/confirm", confirm, name="api:door_confirm", methods=["POST"]),
]
