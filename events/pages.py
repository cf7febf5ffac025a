"""What guests see: the events, an event, its registration form, and their own pass."""

from dataclasses import dataclass
from urllib.parse import quote, unquote
from uuid import UUID, uuid4

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from events import store
from events.calendar import calendar_entry
from events.core.errors import Conflict, Invalid, NotFound
from events.core.guard import refuse_cross_site
from events.core.i18n import Language, language_of
from events.core.parsing import parsed
from events.core.web import Ask, base_url, client_of, is_secure, language_for, page, read_form, see_other
from events.core.wording import field_sentences
from events.forms import GuestForm
from events.models import SEGMENT_WORDS, Category, Event, Guest, RegistrationMode
from events.registration import register
from events.sharing import has_exhibitors, share
from events.ticket import grouped, parse

_REGISTERED_COOKIE = "yingbin_registered"
_REMEMBERED_S = 600
_FIELDS = ("name", "name_latin", "organisation", "job_title", "email", "phone", "category", "language")


async def home(request: Ask) -> Response:
    """The events that are held or were."""
    now = request.state["clock"].now()
    events = await request.state["database"].read(store.all_events)
    coming = sorted((event for event in events if event.ends_at > now), key=lambda event: event.starts_at)
    past = [event for event in events if event.ends_at <= now]
    return page(request, "home.html", {"coming": coming, "past": past})


async def event_page(request: Ask) -> Response:
    """What, when, where, by whom, with the programme and the exhibitors."""
    event = await _event(request)
    database = request.state["database"]
    context = {
        "event": event,
        "open": _is_open(event, request),
        "hosts": await database.read(lambda tx: store.hosts_of(tx, event.id)),
        "segments": [each for each in await database.read(lambda tx: store.segments_of(tx, event.id)) if each.public],
        "kinds": SEGMENT_WORDS,
        "exhibitors": await database.read(lambda tx: store.exhibitors_of(tx, event.id)),
    }
    return page(request, "event.html", context)


async def register_form(request: Ask) -> Response:
    """The empty form."""
    return await _form_page(request, await _event(request), values={"language": language_for(request).value})


async def register_guest(request: Ask) -> Response:
    """Takes the form. Switching the language comes here too, so that what was typed is kept."""
    refuse_cross_site(request.headers, request.method)
    event = await _event(request)
    values = await read_form(request)
    if language := language_of(values.pop("switch", "")):
        return await _form_page(request, event, values=values, language=language)
    await request.state["registration_brake"].press(client_of(request))
    now, shares = request.state["clock"].now(), await _shares(request, event, values)
    try:
        form = _accepted(event, values)
        outcome = await request.state["database"].write(
            lambda tx: register(tx, event, form, submission_id=_submission(values), now=now, shares=shares)
        )
    except Invalid as refused:
        return await _form_page(request, event, values=values, errors=refused.fields)
    request.state["postman"].wake()
    if outcome is None:
        raise Conflict("full")
    if form.email:
        return _look_into_your_mail(request, event, form.email)
    return see_other(request, "pass", code=outcome.guest.code)


async def registered(request: Ask) -> Response:
    """The same words to everybody, whether the address was new or known."""
    event = await _event(request)
    return page(
        request, "registered.html", {"event": event, "email": unquote(request.cookies.get(_REGISTERED_COOKIE, ""))}
    )


async def pass_page(request: Ask) -> Response:
    """A guest's own pass: whoever has the code may see it."""
    holder = await holder_of(request)
    if request.path_params["code"] != holder.guest.code:
        return RedirectResponse(request.url_for("pass", code=holder.guest.code).path)
    context = {"event": holder.event, "guest": holder.guest, "category": holder.category}
    asks = await request.state["database"].read(lambda tx: has_exhibitors(tx, holder.event.id))
    answer = page(request, "pass.html", {**context, "code": grouped(holder.guest.code), "asks_to_share": asks})
    answer.headers.update({"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"})
    return answer


async def change_sharing(request: Ask) -> Response:
    """Gives or takes back the consent to be known to exhibitors.

    Whoever has the code may, as with the rest of the pass, so there is nobody in whose name another site could send it.
    """
    holder = await holder_of(request)
    agrees, now = (await read_form(request)).get("shares") == "1", request.state["clock"].now()
    await request.state["database"].write(lambda tx: share(tx, holder.guest, agrees=agrees, now=now))
    return see_other(request, "pass", code=holder.guest.code)


async def calendar_file(request: Ask) -> Response:
    """The event as a calendar entry that links to the pass."""
    holder = await holder_of(request)
    url = f"{base_url(request)}/t/{holder.guest.code}"
    language = language_for(request)
    entry = calendar_entry(holder.event, language=language, url=url, now=request.state["clock"].now())
    headers = {"Content-Disposition": f'attachment; filename="{holder.event.slug}.ics"', "Cache-Control": "no-store"}
    return Response(entry, media_type="text/calendar", headers=headers)


@dataclass(frozen=True, slots=True)
class Holder:
    """A pass: whose it is, for what, and in which category."""

    event: Event
    guest: Guest
    category: Category


async def holder_of(request: Ask) -> Holder:
    """Whoever has the code in the address; raises NotFound for one that is no standing ticket of ours."""
    code = parse(request.path_params["code"])
    if code is None:
        raise NotFound
    database = request.state["database"]
    event = await database.read(lambda tx: store.event_by_tag(tx, code.tag))
    guest = await database.read(lambda tx: store.guest_by_ticket(tx, event.id, code.text))
    categories = await database.read(lambda tx: store.categories_of(tx, event.id))
    return Holder(event, guest, next(category for category in categories if category.key == guest.category))


async def _event(request: Ask) -> Event:
    return await request.state["database"].read(lambda tx: store.event_by_name(tx, request.path_params["slug"]))


def _is_open(event: Event, request: Ask) -> bool:
    return event.registration != RegistrationMode.INVITATION and request.state["clock"].now() < event.ends_at


def _accepted(event: Event, values: dict[str, str]) -> GuestForm:
    """The form as typed by somebody who agreed to the notice that is in force; raises Invalid."""
    agreed = values.get("consent") == str(event.notice_version)
    given = {name: value for name in _FIELDS if (value := values.get(name))}
    try:
        form = parsed(GuestForm, {"name": "", **given})
    except Invalid as refused:
        raise Invalid(fields=refused.fields if agreed else {**refused.fields, "consent": "consent"}) from refused
    if not agreed:
        raise Invalid(fields={"consent": "consent"})
    return form


async def _shares(request: Ask, event: Event, values: dict[str, str]) -> bool:
    """Whether the guest agreed to what they were asked: an event without exhibitors asks nothing."""
    if values.get("shares") != "1":
        return False
    return await request.state["database"].read(lambda tx: has_exhibitors(tx, event.id))


def _submission(values: dict[str, str]) -> UUID:
    try:
        return UUID(values.get("submission", ""))
    except ValueError:
        return uuid4()


async def _form_page(
    request: Ask,
    event: Event,
    *,
    values: dict[str, str],
    errors: dict[str, str] | None = None,
    language: Language | None = None,
) -> Response:
    categories = await request.state["database"].read(lambda tx: store.categories_of(tx, event.id))
    context = {
        "event": event,
        "open": _is_open(event, request),
        "categories": [category for category in categories if category.public],
        "asks_to_share": await request.state["database"].read(lambda tx: has_exhibitors(tx, event.id)),
        "values": {"submission": str(uuid4()), **values},
        "errors": field_sentences(errors or {}),
    }
    status = 422 if errors else 200
    return page(request, "register.html", context, language=language, status=status)


def _look_into_your_mail(request: Ask, event: Event, email: str) -> Response:
    answer = see_other(request, "registered", slug=event.slug)
    path = request.url_for("registered", slug=event.slug).path
    secure = is_secure(request)
    answer.set_cookie(_REGISTERED_COOKIE, quote(email), _REMEMBERED_S, path=path, httponly=True, secure=secure)
    return answer


routes = [
    Route("/", home, name="home"),
    Route("/e/{slug}", event_page, name="event"),
    Route("/e/{slug}/register", register_form, name="register", methods=["GET"]),
    Route("/e/{slug}/register", register_guest, methods=["POST"]),
    Route("/e/{slug}/registered", registered, name="registered"),
    Route("/t/{code}", pass_page, name="pass", methods=["GET"]),
    Route("/t/{code}/sharing", change_sharing, name="pass_sharing", methods=["POST"]),
    Route("/t/{code}/event.ics", calendar_file, name="calendar"),
]
