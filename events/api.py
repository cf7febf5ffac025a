"""The JSON API of events and guests, for scripts and integrations. Its names are public: docs say `/api/v1`."""

from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from events import guestlist, planning, store
from events.access import event_for, guest_for
from events.core.auth import Principal, Scope
from events.core.errors import Conflict, Forbidden, Invalid, Malformed
from events.core.parsing import parsed, parsed_json
from events.core.web import Ask, etag, principal_of, problem_of, read_json, version_wanted
from events.forms import EventForm, GuestForm, ReasonForm
from events.guestlist import Found, Sought
from events.models import Event, Guest, GuestId, GuestStatus
from events.sides import discreet, place

_AT_ONCE = 1000
_MAX_PAGE = 500


class GuestBatch(BaseModel):
    """Up to a thousand guests; each is checked by itself."""

    model_config = ConfigDict(extra="forbid")

    guests: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=_AT_ONCE)]


async def create_event(request: Ask) -> Response:
    """`POST /events`"""
    principal = await principal_of(request)
    principal.require(Scope.DESK)
    form = await read_json(request, EventForm)
    now = request.state["clock"].now()
    event = await request.state["database"].write(
        lambda tx: planning.create_event(tx, form, actor=principal.name, now=now)
    )
    return JSONResponse(await _event_json(request, event), 201, etag(event.version))


async def show_event(request: Ask) -> Response:
    """`GET /events/{event}`"""
    event, _ = await event_for(request, Scope.READ)
    return JSONResponse(await _event_json(request, event), headers=etag(event.version))


async def create_guests(request: Ask) -> Response:
    """`POST /events/{event}/guests`: one guest, or a batch of which the good ones are taken."""
    event, principal = await event_for(request, Scope.DESK)
    given = _guests_in(await request.body())
    mail = request.query_params.get("mail") == "1"
    made: list[Guest] = []
    refused: list[dict[str, Any]] = []
    for index, entry in enumerate(given):
        try:
            made.append(await _invite(request, event, entry, principal=principal, mail=mail))
        except (Invalid, Conflict, Forbidden) as error:
            refused.append({"index": index, **problem_of(request, error)})
    if mail:
        request.state["postman"].wake()
    return JSONResponse({"guests": [guest_json(guest, with_code=True) for guest in made], "refused": refused}, 201)


async def list_guests(request: Ask) -> Response:
    """`GET /events/{event}/guests?q=&status=&category=&cursor=&limit=`"""
    event, principal = await event_for(request, Scope.READ)
    sought = replace(sought_in(request), telephones_of=principal.side)
    found = await request.state["database"].read(lambda tx: guestlist.find_guests(tx, event.id, sought))
    seen = Found([discreet(guest, principal) for guest in found.guests], found.cursor)
    return JSONResponse(found_json(seen, with_code=Scope.DESK in principal.scopes))


async def show_guest(request: Ask) -> Response:
    """`GET /events/{event}/guests/{id}`"""
    _, guest, principal = await guest_for(request, Scope.READ)
    return _guest_answer(guest, with_code=Scope.DESK in principal.scopes)


async def edit_guest(request: Ask) -> Response:
    """`PATCH /events/{event}/guests/{id}`: the named fields; `If-Match` names the version that was read."""
    event, guest, principal = await guest_for(request, Scope.DESK)
    changes = _object_in(await request.body())
    current = {name: getattr(guest, name) for name in GuestForm.model_fields}
    form = place(parsed(GuestForm, {**current, **changes}), principal)
    version = version_wanted(request)
    now = request.state["clock"].now()
    changed = await request.state["database"].write(
        lambda tx: guestlist.edit_guest(
            tx,
            event,
            guest,
            form,
            version=guest.version if version is None else version,
            actor=principal.name,
            now=now,
        )
    )
    return _guest_answer(changed)


async def cancel_guest(request: Ask) -> Response:
    """`POST …/guests/{id}/cancel {reason}`"""
    _, guest, principal = await guest_for(request, Scope.DESK)
    reason, now = await _reason(request), request.state["clock"].now()
    cancelled = await request.state["database"].write(
        lambda tx: guestlist.cancel(tx, guest, reason=reason, actor=principal.name, now=now)
    )
    return _guest_answer(cancelled)


async def confirm_guest(request: Ask) -> Response:
    """`POST …/guests/{id}/confirm`"""
    event, guest, principal = await guest_for(request, Scope.DESK)
    now = request.state["clock"].now()
    confirmed = await request.state["database"].write(
        lambda tx: guestlist.confirm(tx, event, guest, actor=principal.name, now=now)
    )
    request.state["postman"].wake()
    return _guest_answer(confirmed)


async def replace_ticket(request: Ask) -> Response:
    """`POST …/guests/{id}/replace-ticket {reason}`"""
    event, guest, principal = await guest_for(request, Scope.DESK)
    reason, now = await _reason(request), request.state["clock"].now()
    replaced = await request.state["database"].write(
        lambda tx: guestlist.replace_ticket(tx, event, guest, reason=reason, actor=principal.name, now=now)
    )
    return _guest_answer(replaced)


def sought_in(request: Ask) -> Sought:
    """What a query string asks for; raises Invalid for a status, cursor or limit that cannot be."""
    asked = request.query_params
    cursor = asked.get("cursor")
    return Sought(
        query=asked.get("q", "")[:100],
        status=_one_of_statuses(asked.get("status", "")),
        category=asked.get("category", ""),
        before=GuestId(_checked(_ID, cursor, "cursor")) if cursor else None,
        limit=_checked(_LIMIT, asked.get("limit", "50"), "limit"),
    )


def guest_json(guest: Guest, *, with_code: bool) -> dict[str, Any]:
    """A guest as the API shows them; whoever has the `code` can enter, so mere readers do not get it."""
    plain = ("name", "name_latin", "organisation", "job_title", "email", "phone", "category", "side")
    said = {"status_reason": guest.status_reason, "source": guest.source, **({"code": guest.code} if with_code else {})}
    values = {"language": guest.language.value, "status": guest.status.value, "version": guest.version}
    door = {
        "leader_id": str(guest.leader_id) if guest.leader_id else None,
        "liaison": guest.liaison,
        "liaison_name": guest.liaison_name,
        "liaison_phone": guest.liaison_phone,
        "pick_slot": guest.pick_slot,
        "booth": guest.booth,
    }
    return {"id": str(guest.id), **{name: getattr(guest, name) for name in plain}, **said, **door, **values}


def found_json(found: Found, *, with_code: bool) -> dict[str, Any]:
    """A page of guests; `cursor` asks for the next one."""
    return {
        "guests": [guest_json(guest, with_code=with_code) for guest in found.guests],
        "cursor": str(found.cursor) if found.cursor else None,
    }


_ID = TypeAdapter(UUID)
_LIMIT = TypeAdapter(Annotated[int, Field(ge=1, le=_MAX_PAGE)])
_OBJECT = TypeAdapter(dict[str, Any])


def _checked(adapter: TypeAdapter[Any], value: str | None, field: str) -> Any:
    try:
        return adapter.validate_strings(value)
    except ValidationError as error:
        raise Invalid(fields={field: "not_valid"}) from error


def _one_of_statuses(text: str) -> GuestStatus | None:
    if not text:
        return None
    if text not in set(GuestStatus):
        raise Invalid(fields={"status": "not_offered"})
    return GuestStatus(text)


def _object_in(body: bytes) -> dict[str, Any]:
    try:
        return _OBJECT.validate_json(body)
    except ValidationError as error:
        raise Malformed from error


def _guests_in(body: bytes) -> list[dict[str, Any]]:
    given = _object_in(body)
    return parsed(GuestBatch, given).guests if "guests" in given else [given]


async def _invite(request: Ask, event: Event, entry: dict[str, Any], *, principal: Principal, mail: bool) -> Guest:
    form = place(parsed(GuestForm, entry), principal)
    now = request.state["clock"].now()
    return await request.state["database"].write(
        lambda tx: guestlist.invite(tx, event, form, actor=principal.name, now=now, mail=mail)
    )


async def _reason(request: Ask) -> str:
    body = await request.body()
    return parsed_json(ReasonForm, body).reason if body.strip() else ""


def _guest_answer(guest: Guest, *, with_code: bool = True) -> Response:
    return JSONResponse(guest_json(guest, with_code=with_code), headers=etag(guest.version))


async def _event_json(request: Ask, event: Event) -> dict[str, Any]:
    database = request.state["database"]
    hosts = await database.read(lambda tx: store.hosts_of(tx, event.id))
    categories = await database.read(lambda tx: store.categories_of(tx, event.id))
    return {
        "id": str(event.id),
        "slug": event.slug,
        "title": event.title.model_dump(),
        "summary": event.summary.model_dump(),
        "starts_at": event.starts_at.astimezone(event.zone).isoformat(),
        "ends_at": event.ends_at.astimezone(event.zone).isoformat(),
        "timezone": event.timezone,
        "venue": event.venue.model_dump(),
        "capacity": event.capacity,
        "registered": event.registered,
        "registration": event.registration.value,
        "notice": event.notice.model_dump(),
        "notice_version": event.notice_version,
        "hosts": [{"key": host.key, "name": host.name.model_dump()} for host in hosts],
        "categories": [
            {
                "key": category.key,
                "name": category.name.model_dump(),
                "colour": category.colour,
                "attention": category.attention,
                "rank": category.rank,
                "public": category.public,
            }
            for category in categories
        ],
        "version": event.version,
    }


routes = [
    Route("/api/v1/events", create_event, name="api:events", methods=["POST"]),
    Route("/api/v1/events/{event}", show_event, name="api:event", methods=["GET"]),
    Route("/api/v1/events/{event}/guests", create_guests, name="api:guests", methods=["POST"]),
    Route("/api/v1/events/{event}/guests", list_guests, methods=["GET"]),
    Route("/api/v1/events/{event}/guests/{guest}", show_guest, name="api:guest", methods=["GET"]),
    Route("/api/v1/events/{event}/guests/{guest}", edit_guest, methods=["PATCH"]),
    Route("/api/v1/events/{event}/guests/{guest}/cancel", cancel_guest, methods=["POST"]),
    Route("/api/v1/events/{event}/guests/{guest}/confirm", confirm_guest, methods=["POST"]),
    Route("/api/v1/events/{event}/guests/{guest}/replace-ticket", replace_ticket, methods=["POST"]),
]
