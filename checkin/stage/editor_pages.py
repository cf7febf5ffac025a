"""The editor of rounds: a form that a protocol officer fills in the day before, and mends on a phone.

It works without JavaScript: a button that adds a row sends the form and gets it back with the row. Where a colleague
was faster nothing is written: the page says who did what, and shows what stands there now beside what was typed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from checkin.stage.actor import Actor
from checkin.stage.acts import OPEN
from checkin.stage.board import Line, Seen, seen_of
from checkin.stage.changes import Change
from checkin.stage.comparing import compared
from checkin.stage.editor_form import form_of, namesakes_in
from checkin.stage.editor_sheet import MOST_FIELDS, Sheet, empty_sheet, sheet_of
from checkin.stage.looks import look
from checkin.stage.models import HOLDS_ROUNDS, ROLES, Hosting, Round, RoundId
from checkin.stage.refusals import Faulty, Overtaken
from checkin.stage.rounds import PLANNED, add_round, edit_round, move_round, remove_round
from events.access import event_for
from events.companions import label
from events.core.auth import Principal, Scope
from events.core.errors import Conflict, Invalid, NotFound, Refusal
from events.core.web import Ask, language_for, page, read_form, see_other
from events.core.wording import SENTENCES, field_sentences
from events.models import Event, Guest, Segment, SegmentId
from events.store import hosts_of

_NEW = "/stage/{event}/segments/{segment:uuid}/new"
_ROUND = "/stage/{event}/rounds/{round:uuid}"


@dataclass(frozen=True, kw_only=True)
class _Place:
    """What is edited, by whom: a round, or a new one of the segment where `line` is None."""

    event: Event
    principal: Principal
    seen: Seen
    segment: Segment
    line: Line | None = None


@dataclass(frozen=True, kw_only=True)
class _Asking:
    """The form and what became of it. now: by field, what stands there where it is not what was typed."""

    sheet: Sheet
    errors: Mapping[str, str] = field(default_factory=dict[str, str])
    namesakes: Mapping[str, list[Guest]] = field(default_factory=dict[str, list[Guest]])
    changes: Sequence[Change] = ()
    now: Mapping[str, str] = field(default_factory=dict[str, str])
    refused: Refusal | None = None
    status: int = 200


async def new_round(request: Ask) -> Response:
    """`/stage/{event}/segments/{segment}/new`: an empty form."""
    place = await _segment_asked(request)
    return await _page(request, place, _Asking(sheet=empty_sheet(place.segment.kind)))


async def add(request: Ask) -> Response:
    """Takes the form of a new round; `then` `another` asks for the next one."""
    place = await _segment_asked(request)
    event, segment = place.event, place.segment
    sheet = Sheet(await read_form(request, most=MOST_FIELDS))
    if grown := _grown(sheet, segment):
        return await _page(request, place, _Asking(sheet=grown))
    told, database = _told(request, place.principal), request.state["database"]
    try:
        form = await database.read(lambda tx: form_of(tx, event, sheet))
        made = await database.write(lambda tx: add_round(tx, event, segment.id, form, **told))
    except Invalid as refused:
        return await _page(request, place, await _wrong(request, event, sheet, refused))
    request.state["live"].publish(event.id)
    if sheet.get("then") == "another":
        return see_other(request, "stage:new_round", event=event.slug, segment=segment.id, query={"done": "added"})
    return see_other(request, "stage:round", event=event.slug, round=made.id)


async def edit(request: Ask) -> Response:
    """`/stage/{event}/rounds/{round}/edit`: the round as it stands."""
    place, line = await _round_asked(request)
    return await _page(request, place, _Asking(sheet=_as_it_stands(place, line)))


async def change(request: Ask) -> Response:
    """Takes the form of a round."""
    place, line = await _round_asked(request)
    event, round_id = place.event, line.round.id
    sheet = Sheet(await read_form(request, most=MOST_FIELDS))
    if grown := _grown(sheet, place.segment):
        return await _page(request, place, _Asking(sheet=grown))
    told, database = _told(request, place.principal), request.state["database"]
    try:
        form = await database.read(lambda tx: form_of(tx, event, sheet))
        await database.write(lambda tx: edit_round(tx, event, round_id, form, version=_version(sheet), **told))
    except (Overtaken, Conflict, Invalid) as refused:
        return await _refused(request, sheet, refused)
    request.state["live"].publish(event.id)
    return see_other(request, "stage:round", event=event.slug, round=round_id)


async def remove(request: Ask) -> Response:
    """Takes away a round that was planned by mistake."""
    place, line = await _round_asked(request)
    version, told = _version(Sheet(await read_form(request))), _told(request, place.principal)
    try:
        await request.state["database"].write(
            lambda tx: remove_round(tx, place.event, line.round.id, version=version, **told)
        )
    except (Overtaken, Conflict) as refused:
        return await _refused(request, _as_it_stands(place, line), refused)
    request.state["live"].publish(place.event.id)
    return see_other(request, "desk:programme", event=place.event.slug)


async def move(request: Ask) -> Response:
    """Puts the round at the place `to` of its segment, counted from 1."""
    event, principal = await event_for(request, Scope.STAGE)
    sheet, round_id, told = (
        Sheet(await read_form(request)),
        RoundId(request.path_params["round"]),
        _told(request, principal),
    )
    text = sheet.get("to")
    put = {"position": int(text) if text.isdecimal() and len(text) < 4 else 1, "version": _version(sheet)}
    await request.state["database"].write(lambda tx: move_round(tx, event, round_id, **put, **told))
    request.state["live"].publish(event.id)
    return see_other(request, "desk:programme", event=event.slug)


async def back(request: Ask) -> Response:
    """Whoever changes the language of a page that told of a refusal."""
    event, _ = await event_for(request, Scope.READ)
    round_id = request.path_params["round"]
    return see_other(request, "stage:edit_round", event=event.slug, round=round_id, query=request.query_params)


async def _segment_asked(request: Ask) -> _Place:
    """Raises NotFound for a segment that does not consist of rounds."""
    event, principal = await event_for(request, Scope.STAGE)
    seen, wanted = await _seen(request, event), SegmentId(request.path_params["segment"])
    for segment in seen.stage.segments:
        if segment.id == wanted and segment.kind in HOLDS_ROUNDS:
            return _Place(event=event, principal=principal, seen=seen, segment=segment)
    raise NotFound


async def _round_asked(request: Ask) -> tuple[_Place, Line]:
    event, principal = await event_for(request, Scope.STAGE)
    seen = await _seen(request, event)
    line = seen.line(RoundId(request.path_params["round"]))
    return _Place(event=event, principal=principal, seen=seen, segment=line.segment, line=line), line


async def _seen(request: Ask, event: Event) -> Seen:
    now = request.state["clock"].now()
    return await request.state["database"].read(lambda tx: seen_of(tx, event.id, now))


def _told(request: Ask, principal: Principal) -> dict[str, Any]:
    """Who does it, and when."""
    return {"actor": Actor.of(principal), "now": request.state["clock"].now()}


def _as_it_stands(place: _Place, line: Line) -> Sheet:
    return sheet_of(line.round, place.seen.stage.people, place.event.zone)


def _grown(sheet: Sheet, segment: Segment) -> Sheet | None:
    """The form with the row that was asked for: `party`, or `person:` and the row of a party; None where none was."""
    what, _, party = sheet.get("more").partition(":")
    if what == "party":
        return sheet.with_party(segment.kind)
    return sheet.with_person(party, ROLES[segment.kind][-1].value) if what == "person" else None


async def _refused(request: Ask, sheet: Sheet, refused: Refusal) -> Response:
    """The page of the round again, with what was typed and what is in the way; the round is read anew."""
    place, line = await _round_asked(request)
    if isinstance(refused, Invalid):
        asking = await _wrong(request, place.event, sheet, refused)
    elif isinstance(refused, Overtaken):
        beside = compared(sheet, _as_it_stands(place, line))
        asking = _Asking(sheet=beside.sheet, now=beside.now, changes=refused.changes, status=refused.status)
    else:
        asking = _Asking(sheet=sheet, refused=refused, status=refused.status)
    return await _page(request, place, asking)


async def _wrong(request: Ask, event: Event, sheet: Sheet, refused: Invalid) -> _Asking:
    fields = {sheet.on_page(name): code for name, code in refused.fields.items()}
    found = await request.state["database"].read(lambda tx: namesakes_in(tx, event.id, sheet, fields))
    return _Asking(sheet=sheet, errors=field_sentences(fields), namesakes=found, status=refused.status)


async def _page(request: Ask, place: _Place, asking: _Asking) -> Response:
    event, language, refused = place.event, language_for(request), asking.refused
    this = place.line.round if place.line else None
    context: dict[str, Any] = {
        **look(request, event, place.seen, principal=place.principal, language=language),
        "line": place.line,
        "segment": place.segment,
        "asking": asking,
        "sheet": asking.sheet,
        "roles": ROLES[place.segment.kind],
        "Hosting": Hosting,
        "hosts": await request.state["database"].read(lambda tx: hosts_of(tx, event.id)),
        "label": label,
        "fixed": _fixed(this, place.seen) if this else frozenset[str](),
        "is_open": this is None or this.state in OPEN,
        "faults": refused.members(language)["faults"] if isinstance(refused, Faulty) else [],
        "sentence": SENTENCES.get(refused.code, "") if refused else "",
        "done": request.query_params.get("done", ""),
    }
    return page(request, "stage/editor.html", context, status=asking.status)


def _fixed(this: Round, seen: Seen) -> frozenset[str]:
    """The parts that change hands by substitution only."""
    swapped = {each.participant_id for each in seen.stage.substitutions.get(this.id, ())}
    held = (part for part in this.participants if part.guest_id)
    return frozenset(str(part.id) for part in held if this.state not in PLANNED or part.id in swapped)


def _version(sheet: Sheet) -> int:
    text = sheet.get("version")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


routes = [
    Route(_NEW, new_round, name="stage:new_round", methods=["GET"]),
    Route(_NEW, add, methods=["POST"]),
    Route(f"{_ROUND}/edit", edit, name="stage:edit_round", methods=["GET"]),
    Route(f"{_ROUND}/edit", change, methods=["POST"]),
    Route(f"{_ROUND}/remove", remove, name="stage:remove_round", methods=["POST"]),
    Route(f"{_ROUND}/remove", back, methods=["GET"]),
    Route(f"{_ROUND}/move", move, name="stage:move_round", methods=["POST"]),
    Route(f"{_ROUND}/move", back, methods=["GET"]),
]
