"""The organiser's desk: events, guest list, mails.

What the print shop and the door offer is linked from its pages by route name.
"""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import anyio
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from events import companions, guestlist, planning, registration, store
from events.access import event_for, guest_for
from events.core import outbox
from events.core.auth import Principal, Scope
from events.core.clock import zone_names
from events.core.errors import Conflict, Invalid, NotFound, Stale
from events.core.outbox import Message
from events.core.parsing import parsed
from events.core.web import Ask, page, principal_of, read_form, see_other
from events.core.wording import field_sentences
from events.forms import EventForm, GuestForm, ReasonForm
from events.guestlist import Found, Sought
from events.models import Event, Guest, GuestId, GuestStatus, RegistrationMode
from events.sides import discreet, place
from events.ticket import grouped

_PAGE = 50
_GUEST_FIELDS = tuple(GuestForm.model_fields)
_TEXTS = ("title", "summary", "venue_name", "venue_address", "notice")
_LANGUAGES = ("zh_hans", "zh_hant", "en")


async def home(request: Ask) -> Response:
    """All events."""
    (await principal_of(request)).require(Scope.READ)
    events = await request.state["database"].read(store.all_events)
    return page(request, "desk/home.html", {"events": events, "now": request.state["clock"].now()})


async def new_event(request: Ask) -> Response:
    """The empty event form."""
    (await principal_of(request)).require(Scope.DESK)
    return _event_page(request, values={"timezone": "Asia/Hong_Kong", "registration": "open"})


async def create_event(request: Ask) -> Response:
    """Takes the event form."""
    principal = await principal_of(request)
    principal.require(Scope.DESK)
    values = await read_form(request)
    now = request.state["clock"].now()
    try:
        form = _event_form(values)
        event = await request.state["database"].write(
            lambda tx: planning.create_event(tx, form, actor=principal.name, now=now)
        )
    except (Invalid, Conflict) as refused:
        return _event_page(request, values=values, errors=_field_errors(refused))
    return see_other(request, "desk:event", event=event.slug)


async def event_home(request: Ask) -> Response:
    """One event at a glance: counts, the next things to do."""
    event, _ = await event_for(request, Scope.READ)
    counts = await request.state["database"].read(lambda tx: guestlist.count_by_status(tx, event.id))
    return page(
        request,
        "desk/event.html",
        {"event": event, "counts": counts, "GuestStatus": GuestStatus, "now": request.state["clock"].now()},
    )


async def edit_event_form(request: Ask) -> Response:
    """The event form, filled."""
    event, _ = await event_for(request, Scope.DESK)
    return _event_page(request, values=_event_values(event), event=event)


async def edit_event(request: Ask) -> Response:
    """Takes the filled event form; refuses to overwrite what somebody else changed."""
    event, principal = await event_for(request, Scope.DESK)
    values = await read_form(request)
    now = request.state["clock"].now()
    try:
        form = _event_form(values)
        version = _number(values.get("version", ""))
        changed = await request.state["database"].write(
            lambda tx: planning.edit_event(tx, event, form, version=version, actor=principal.name, now=now)
        )
    except Stale as refused:
        fresh = await request.state["database"].read(lambda tx: store.event_by_id(tx, event.id))
        values["version"] = str(fresh.version)
        return _event_page(request, values=values, event=fresh, errors=_field_errors(refused))
    except (Invalid, Conflict) as refused:
        return _event_page(request, values=values, event=event, errors=_field_errors(refused))
    return see_other(request, "desk:event", event=changed.slug)


async def guest_list(request: Ask) -> Response:
    """The guests, searched and paged."""
    event, principal = await event_for(request, Scope.READ)
    asked = request.query_params
    status = asked.get("status", "")
    sought = Sought(
        query=asked.get("q", "")[:100],
        status=GuestStatus(status) if status in set(GuestStatus) else None,
        category=asked.get("category", ""),
        before=_guest_id(asked.get("cursor", "")),
        limit=_PAGE,
        telephones_of=principal.side,
    )
    database = request.state["database"]
    found = await database.read(lambda tx: guestlist.find_guests(tx, event.id, sought))
    context = {
        "event": event,
        "sought": sought,
        "found": Found([discreet(guest, principal) for guest in found.guests], found.cursor),
        "categories": await database.read(lambda tx: store.categories_of(tx, event.id)),
        "statuses": list(GuestStatus),
    }
    return page(request, "desk/guests.html", context)


async def new_guest(request: Ask) -> Response:
    """The empty guest form."""
    event, _ = await event_for(request, Scope.DESK)
    leader_id = _guest_id(request.query_params.get("leader", ""))
    database = request.state["database"]
    leader = await database.read(lambda tx: store.guest_by_id(tx, event.id, leader_id)) if leader_id else None
    return await _guest_page(request, event, values={"mail": "1", "leader": companions.label(leader)})


async def add_guest(request: Ask) -> Response:
    """Takes the guest form."""
    event, principal = await event_for(request, Scope.DESK)
    values = await read_form(request)
    now, mail = request.state["clock"].now(), values.get("mail") == "1"
    try:
        form = place(await _guest_form(request, event, values), principal)
        guest = await request.state["database"].write(
            lambda tx: guestlist.invite(tx, event, form, actor=principal.name, now=now, mail=mail)
        )
    except (Invalid, Conflict) as refused:
        return await _guest_page(request, event, values=values, errors=_field_errors(refused))
    request.state["postman"].wake()
    return _back_to(request, guest, done="added")


async def guest_home(request: Ask) -> Response:
    """One guest: what they told, their ticket, what can be done."""
    event, guest, principal = await guest_for(request, Scope.READ)
    is_own = principal.sees_contacts(guest.side)
    return await _guest_page(request, event, values=_guest_values(guest), guest=guest, is_own=is_own)


async def edit_guest(request: Ask) -> Response:
    """Takes the filled guest form; refuses to overwrite what somebody else changed."""
    event, guest, principal = await guest_for(request, Scope.DESK)
    values = await read_form(request)
    now = request.state["clock"].now()
    try:
        form = place(await _guest_form(request, event, values, guest), principal)
        version = _number(values.get("version", ""))
        await request.state["database"].write(
            lambda tx: guestlist.edit_guest(tx, event, guest, form, version=version, actor=principal.name, now=now)
        )
    except Stale as refused:
        fresh = await request.state["database"].read(lambda tx: store.guest_by_id(tx, event.id, guest.id))
        values["version"] = str(fresh.version)
        return await _guest_page(request, event, values=values, guest=fresh, errors=_field_errors(refused))
    except (Invalid, Conflict) as refused:
        return await _guest_page(request, event, values=values, guest=guest, errors=_field_errors(refused))
    return _back_to(request, guest, done="saved")


async def cancel_guest(request: Ask) -> Response:
    """Cancels a registration, with the reason that the door will show."""
    event, guest, principal = await guest_for(request, Scope.DESK)
    now = request.state["clock"].now()
    try:
        reason = await _reason(request)
    except Invalid as refused:
        return await _guest_page(request, event, values=_guest_values(guest), guest=guest, errors=refused.fields)
    await request.state["database"].write(
        lambda tx: guestlist.cancel(tx, guest, reason=reason, actor=principal.name, now=now)
    )
    return _back_to(request, guest, done="cancelled")


async def confirm_guest(request: Ask) -> Response:
    """Confirms a registration that waits, and mails the pass."""
    event, guest, principal = await guest_for(request, Scope.DESK)
    now = request.state["clock"].now()
    await request.state["database"].write(lambda tx: guestlist.confirm(tx, event, guest, actor=principal.name, now=now))
    request.state["postman"].wake()
    return _back_to(request, guest, done="confirmed")


async def replace_ticket(request: Ask) -> Response:
    """Gives a new ticket in place of one that was lost or passed on."""
    event, guest, principal = await guest_for(request, Scope.DESK)
    now = request.state["clock"].now()
    try:
        reason = await _reason(request)
    except Invalid as refused:
        return await _guest_page(request, event, values=_guest_values(guest), guest=guest, errors=refused.fields)
    await request.state["database"].write(
        lambda tx: guestlist.replace_ticket(tx, event, guest, reason=reason, actor=principal.name, now=now)
    )
    return _back_to(request, guest, done="replaced")


async def resend_pass(request: Ask) -> Response:
    """Mails the pass again."""
    _, guest, _ = await guest_for(request, Scope.DESK)
    now = request.state["clock"].now()
    await request.state["database"].write(lambda tx: registration.resend_pass(tx, guest, now=now))
    request.state["postman"].wake()
    return _back_to(request, guest, done="resent")


async def mails(request: Ask) -> Response:
    """What was sent, what waits, and what is kept here because no mail server is set up."""
    event, principal = await event_for(request, Scope.DESK)
    messages = await request.state["database"].read(lambda tx: outbox.messages_of(tx, event.id))
    messages = [each for each in messages if await _is_theirs(request, each, principal)]
    has_server = bool(request.state["settings"].smtp_url)
    return page(request, "desk/mails.html", {"event": event, "messages": messages, "has_server": has_server})


async def mail_file(request: Ask) -> Response:
    """A kept mail, to open in a mail program."""
    event, principal = await event_for(request, Scope.DESK)
    wanted = request.path_params["message"]
    message = await request.state["database"].read(lambda tx: outbox.message_by_id(tx, event.id, wanted))
    path = request.state["settings"].data_dir / "mail" / message.detail
    theirs = await _is_theirs(request, message, principal)
    if message.outcome != "kept" or not theirs or not await anyio.Path(path).is_file():
        raise NotFound
    return FileResponse(path, media_type="message/rfc822", filename=message.detail)


async def _is_theirs(request: Ask, message: Message, principal: Principal) -> bool:
    """Whether a mail is the principal's business: who works for one side reads what its own guests were sent."""
    if not principal.side:
        return True
    if message.kind != registration.CONFIRMATION:
        return False
    guest_id = GuestId(message.subject_id)
    guest = await request.state["database"].read(lambda tx: store.guest_by_id(tx, message.event_id, guest_id))
    return principal.sees_contacts(guest.side)


async def _reason(request: Ask) -> str:
    return parsed(ReasonForm, {"reason": (await read_form(request)).get("reason", "")}).reason


def _back_to(request: Ask, guest: Guest, *, done: str) -> Response:
    return see_other(request, "desk:guest", query={"done": done}, event=request.path_params["event"], guest=guest.id)


def _event_page(
    request: Ask, *, values: dict[str, str], event: Event | None = None, errors: dict[str, str] | None = None
) -> Response:
    context = {"event": event, "values": values, "errors": field_sentences(errors or {})}
    return page(
        request, "desk/event_form.html", {**context, "modes": list(RegistrationMode)}, status=422 if errors else 200
    )


async def _guest_page(
    request: Ask,
    event: Event,
    *,
    values: dict[str, str],
    guest: Guest | None = None,
    errors: dict[str, str] | None = None,
    is_own: bool = True,
) -> Response:
    database = request.state["database"]
    party = await database.read(lambda tx: companions.party_of(tx, guest)) if guest else None
    context = {
        "event": event,
        "guest": guest,
        "is_own": is_own,
        "party": party,
        "leaders": await _leaders(request, event, values if "leader" in (errors or {}) else {}),
        "code": grouped(guest.code) if guest and guest.code else "",
        "values": {"leader": companions.label(party.leader if party else None), **values},
        "errors": field_sentences(errors or {}),
        "categories": await database.read(lambda tx: store.categories_of(tx, event.id)),
        "hosts": await database.read(lambda tx: store.hosts_of(tx, event.id)),
        "exhibitors": await database.read(lambda tx: store.exhibitors_of(tx, event.id)),
    }
    return page(request, "desk/guest.html", context, status=422 if errors else 200)


def _event_form(values: dict[str, str]) -> EventForm:
    texts = {name: {language: values.get(f"{name}.{language}", "") for language in _LANGUAGES} for name in _TEXTS}
    venue = {"name": texts.pop("venue_name"), "address": texts.pop("venue_address")}
    zone = values.get("timezone", "")
    times = {name: _local_time(values.get(name, ""), zone) for name in ("starts_at", "ends_at")}
    plain = {name: values.get(name, "") for name in ("slug", "registration")}
    capacity = values.get("capacity") or None
    return parsed(EventForm, {**plain, **times, **texts, "venue": venue, "timezone": zone, "capacity": capacity})


def _local_time(text: str, zone: str) -> str:
    """A browser's local time with the offset of `zone` on that day; as it is where either is unknown."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        return text
    return local.replace(tzinfo=ZoneInfo(zone)).isoformat() if zone in zone_names() else text


def _event_values(event: Event) -> dict[str, str]:
    said = {
        "title": event.title,
        "summary": event.summary,
        "venue_name": event.venue.name,
        "venue_address": event.venue.address,
        "notice": event.notice,
    }
    texts = {f"{name}.{language}": getattr(text, language) for name, text in said.items() for language in _LANGUAGES}
    moments = {"starts_at": event.starts_at, "ends_at": event.ends_at}
    times = {name: moment.astimezone(event.zone).strftime("%Y-%m-%dT%H:%M") for name, moment in moments.items()}
    plain = {"slug": event.slug, "timezone": event.timezone, "registration": event.registration.value}
    return {**texts, **times, **plain, "capacity": str(event.capacity or ""), "version": str(event.version)}


async def _guest_form(request: Ask, event: Event, values: dict[str, str], guest: Guest | None = None) -> GuestForm:
    given: dict[str, object] = {name: value for name in _GUEST_FIELDS if (value := values.get(name))}
    if "leader" in values:
        named = values["leader"]
        given["leader_id"] = await request.state["database"].read(
            lambda tx: companions.leader_named(tx, event.id, named, of=guest)
        )
    return parsed(GuestForm, {"name": "", **given})


async def _leaders(request: Ask, event: Event, values: dict[str, str]) -> list[str]:
    """Whom the field offers: who fits what was typed, else whom people usually accompany."""
    typed, database = values.get("leader", ""), request.state["database"]
    fitting = await database.read(lambda tx: companions.sought(tx, event.id, typed)) if typed else []
    found = fitting or await database.read(lambda tx: companions.likely_leaders(tx, event.id))
    return [companions.label(guest) for guest in found]


def _guest_values(guest: Guest) -> dict[str, str]:
    return {**{name: str(getattr(guest, name) or "") for name in _GUEST_FIELDS}, "version": str(guest.version)}


def _field_errors(refused: Invalid | Conflict | Stale) -> dict[str, str]:
    if isinstance(refused, Invalid):
        return {"leader" if field == "leader_id" else field: code for field, code in refused.fields.items()}
    return {{"slug_taken": "slug", "duplicate_email": "email", "stale": "version"}[refused.code]: refused.code}


def _guest_id(text: str) -> GuestId | None:
    try:
        return GuestId(UUID(text))
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


routes = [
    Route("/desk", home, name="desk:home"),
    Route("/desk/new", new_event, name="desk:new_event", methods=["GET"]),
    Route("/desk/new", create_event, methods=["POST"]),
    Route("/desk/{event}", event_home, name="desk:event"),
    Route("/desk/{event}/edit", edit_event_form, name="desk:edit_event", methods=["GET"]),
    Route("/desk/{event}/edit", edit_event, methods=["POST"]),
    Route("/desk/{event}/guests", guest_list, name="desk:guests", methods=["GET"]),
    Route("/desk/{event}/guests/new", new_guest, name="desk:new_guest", methods=["GET"]),
    Route("/desk/{event}/guests/new", add_guest, methods=["POST"]),
    Route("/desk/{event}/guests/{guest}", guest_home, name="desk:guest", methods=["GET"]),
    Route("/desk/{event}/guests/{guest}", edit_guest, methods=["POST"]),
    Route("/desk/{event}/guests/{guest}/cancel", cancel_guest, name="desk:cancel_guest", methods=["POST"]),
    Route("/desk/{event}/guests/{guest}/confirm", confirm_guest, name="desk:confirm_guest", methods=["POST"]),
    Route("/desk/{event}/guests/{guest}/replace-ticket", replace_ticket, name="desk:replace_ticket", methods=["POST"]),
    Route("/desk/{event}/guests/{guest}/resend", resend_pass, name="desk:resend_pass", methods=["POST"]),
    Route("/desk/{event}/mails", mails, name="desk:mails"),
    Route("/desk/{event}/mails/{message:uuid}", mail_file, name="desk:mail_file"),
]
