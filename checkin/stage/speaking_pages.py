"""The page of speaking names: everybody on a stage, how they are announced, and whose reading nobody confirmed yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from checkin.stage.actor import Actor
from checkin.stage.board import Line, Seen, seen_of
from checkin.stage.changes import Change
from checkin.stage.looks import look
from checkin.stage.models import Person, Role, RoundState, Spoken
from checkin.stage.readings import needs_reading, suggested_reading, ways_to_read
from checkin.stage.refusals import Overtaken
from checkin.stage.speaking import SpokenForm, say, spoken_json, spoken_of
from events.access import event_for, guest_for
from events.core.auth import Principal, Scope
from events.core.errors import Invalid, Refusal
from events.core.parsing import parsed
from events.core.web import Ask, etag, language_for, page, read_form, read_json, see_other, version_wanted
from events.core.wording import field_sentences
from events.models import Event, Guest, GuestId, Text

_PAGE = "/stage/{event}/speaking"
_API = "/api/v1/events/{event}/guests/{guest}/spoken"
_TONGUES = ("zh_hans", "zh_hant", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Voiced:
    """Somebody who is called out, with their parts in the order of the programme. asks: the name is easily misread."""

    person: Person
    parts: Sequence[tuple[Line, Role]]
    asks: bool
    suggestion: str
    ways: Mapping[str, Sequence[str]]

    @property
    def is_confirmed(self) -> bool:
        """Whether somebody asked them."""
        return self.person.spoken.confirmed_at is not None

    @property
    def values(self) -> dict[str, str]:
        """The fields of the form as they stand."""
        said = self.person.spoken
        texts = {f"honorific.{tongue}": getattr(said.honorific, tongue) for tongue in _TONGUES}
        return {**texts, "reading": said.reading, "version": str(said.version)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """The form that stands open and what became of it; `guest_id`: whose it is."""

    guest_id: GuestId | None = None
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    errors: Mapping[str, str] = field(default_factory=dict[str, str])
    changes: Sequence[Change] = ()
    status: int = 200


async def speaking(request: Ask) -> Response:
    """`/stage/{event}/speaking`: whoever is not confirmed comes first, those before who are easily misread."""
    event, principal = await event_for(request, Scope.READ)
    return await _page(request, event, principal, _Asking())


async def take(request: Ask) -> Response:
    """Takes what somebody typed about a guest; `confirmed`: they asked."""
    event, guest, principal = await guest_for(request, Scope.STAGE)
    values = await read_form(request)
    try:
        await _say(request, event, guest, principal, form=_form_of(values), version=_version(values))
    except (Invalid, Overtaken) as refused:
        return await _refused(request, event, principal, guest=guest, values=values, refused=refused)
    return see_other(request, "stage:speaking", event=event.slug, query={"done": str(guest.id)})


async def back(request: Ask) -> Response:
    """Whoever changes the language of a page that told of a refusal."""
    event, _ = await event_for(request, Scope.READ)
    return see_other(request, "stage:speaking", event=event.slug, query=request.query_params)


async def show(request: Ask) -> Response:
    """`GET /events/{event}/guests/{guest}/spoken`"""
    event, guest, _ = await guest_for(request, Scope.READ)
    return _answer(await request.state["database"].read(lambda tx: spoken_of(tx, event.id, guest.id)))


async def put(request: Ask) -> Response:
    """`PUT /events/{event}/guests/{guest}/spoken`: all of it; `If-Match` names the version that was read."""
    event, guest, principal = await guest_for(request, Scope.STAGE)
    form = await read_json(request, SpokenForm)
    return _answer(await _say(request, event, guest, principal, form=form, version=version_wanted(request)))


async def _say(
    request: Ask, event: Event, guest: Guest, principal: Principal, *, form: SpokenForm, version: int | None
) -> Spoken:
    actor, now = Actor.of(principal), request.state["clock"].now()
    said = await request.state["database"].write(
        lambda tx: say(tx, event, guest.id, form, version=version, actor=actor, now=now)
    )
    request.state["live"].publish(event.id)
    return said


async def _refused(
    request: Ask, event: Event, principal: Principal, *, guest: Guest, values: Mapping[str, str], refused: Refusal
) -> Response:
    errors = field_sentences(refused.fields) if isinstance(refused, Invalid) else {}
    changes = refused.changes if isinstance(refused, Overtaken) else ()
    asking = _Asking(guest_id=guest.id, values=values, errors=errors, changes=changes, status=refused.status)
    return await _page(request, event, principal, asking)


async def _page(request: Ask, event: Event, principal: Principal, asking: _Asking) -> Response:
    now = request.state["clock"].now()
    seen = await request.state["database"].read(lambda tx: seen_of(tx, event.id, now))
    people = voiced(seen)
    context: dict[str, Any] = {
        **look(request, event, seen, principal=principal, language=language_for(request)),
        "people": people,
        "waiting": [each for each in people if not each.is_confirmed],
        "asking": asking,
        "acts": Scope.STAGE in principal.scopes,
        "is_own": principal.sees_contacts,
        "done": request.query_params.get("done", ""),
    }
    return page(request, "stage/speaking.html", context, status=asking.status)


def voiced(seen: Seen) -> list[Voiced]:
    """Everybody who has a part in a round that is not withdrawn: unconfirmed first, of these the easily misread."""
    parts: dict[GuestId, list[tuple[Line, Role]]] = {}
    for line in seen.lines:
        for part in line.round.participants if line.round.state is not RoundState.WITHDRAWN else ():
            if part.guest_id:
                parts.setdefault(part.guest_id, []).append((line, part.role))
    people = [_voiced(seen.stage.people[guest_id], held) for guest_id, held in parts.items()]
    return sorted(people, key=lambda each: (each.is_confirmed, not each.asks))


def _voiced(person: Person, parts: Sequence[tuple[Line, Role]]) -> Voiced:
    guest, asks = person.guest, needs_reading(person.guest.name)
    suggestion = suggested_reading(guest.name, guest.name_latin) if asks else ""
    return Voiced(person=person, parts=parts, asks=asks, suggestion=suggestion, ways=ways_to_read(guest.name))


def _form_of(values: Mapping[str, str]) -> SpokenForm:
    honorific = Text(**{tongue: values.get(f"honorific.{tongue}", "") for tongue in _TONGUES})
    given = {"honorific": honorific, "reading": values.get("reading", ""), "confirmed": "confirmed" in values}
    return parsed(SpokenForm, given)


def _answer(said: Spoken) -> Response:
    return JSONResponse(spoken_json(said), headers=etag(said.version))


def _version(values: Mapping[str, str]) -> int:
    text = values.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


routes = [
    Route(_PAGE, speaking, name="stage:speaking", methods=["GET"]),
    Route(f"{_PAGE}/{{guest}}", take, name="stage:speak", methods=["POST"]),
    Route(f"{_PAGE}/{{guest}}", back, methods=["GET"]),
    Route(_API, show, name="api:spoken", methods=["GET"]),
    Route(_API, put, methods=["PUT"]),
]
