"""The pages of precedence lists: make one, see where everybody stands and why, move people with a reason, see what was
moved.

A form names the version that was shown. Where a colleague was faster nothing is overwritten: the page shows the list
as it is by now and keeps what was typed.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response
from starlette.routing import Route

from checkin.stage import placing
from checkin.stage.actor import Actor
from checkin.stage.drawing import picture_of
from checkin.stage.models import HOLDS_ROUNDS
from checkin.stage.naming import guest_named, offered
from checkin.stage.plan import plan_of_ranking
from checkin.stage.plan_words import VIEWS
from checkin.stage.precedence import Ground, TieBreak
from checkin.stage.ranking import MOST_PEOPLE, ListId, Purpose, Ranking
from checkin.stage.ranking_fields import (
    TIES,
    fact_values,
    facts_of,
    form_of,
    id_in,
    moved_in,
    source_of,
    values_of,
    version_in,
)
from checkin.stage.ranking_form import MoveForm, NewRanking, UndoForm
from checkin.stage.ranking_store import ranking_by_id, rankings_of
from checkin.stage.ranking_words import GROUNDS, PURPOSES, TIE_BREAKS
from checkin.stage.seating import Honour, View, view_named
from checkin.stage.store import rounds_of
from events.access import event_for
from events.companions import label
from events.core.auth import Principal, Scope
from events.core.errors import Conflict, Invalid, Refusal, Stale
from events.core.parsing import parsed
from events.core.web import Ask, language_for, page, read_form, see_other
from events.core.wording import SENTENCES, field_sentences
from events.models import Event, GuestId
from events.store import categories_of, hosts_of, segments_of

_PATH = "/stage/{event}/precedence"
_LIST = f"{_PATH}/{{list:uuid}}"

Body = Callable[[AsyncConnection, Mapping[str, str]], Awaitable[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """The form that was sent and refused. name: which of the page's forms. stale: a colleague was faster."""

    name: str = ""
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    errors: Mapping[str, str] = field(default_factory=dict[str, str])
    refused: str = ""
    stale: bool = False


async def index(request: Ask) -> Response:
    """`/stage/{event}/precedence`: the event's lists, and the form of a new one."""
    event, principal = await event_for(request, Scope.READ)
    return await _index_page(request, event, principal, _Asking())


async def create(request: Ask) -> Response:
    """Takes the form of a new list."""
    event, principal = await event_for(request, Scope.STAGE)
    values = await read_form(request)
    actor, now = Actor.of(principal), request.state["clock"].now()

    async def made(tx: AsyncConnection) -> Ranking:
        form = NewRanking(**dict(form_of(values)), people=source_of(values))
        return await placing.make_ranking(tx, event, form, actor=actor, now=now)

    try:
        ranking = await request.state["database"].write(made)
    except Invalid as refused:
        asking = _Asking(name="new", values=values, errors=_at_source(refused.fields))
        return await _index_page(request, event, principal, asking)
    request.state["live"].publish(event.id)
    return see_other(request, "stage:precedence_list", event=event.slug, list=ranking.id)


async def show(request: Ask) -> Response:
    """`/stage/{event}/precedence/{list}?view=stage|hall`"""
    event, principal = await event_for(request, Scope.READ)
    return await _list_page(request, event, principal, _Asking())


async def move(request: Ask) -> Response:
    """Puts somebody at another position."""
    event, list_id, told = await _asked(request)

    async def body(tx: AsyncConnection, values: Mapping[str, str]) -> object:
        form = parsed(MoveForm, moved_in(values))
        return await placing.move_person(tx, event, list_id, form, version=version_in(values), **told)

    return await _done(request, event, "move", body)


async def undo(request: Ask) -> Response:
    """Takes the last move back."""
    event, list_id, told = await _asked(request)

    async def body(tx: AsyncConnection, values: Mapping[str, str]) -> object:
        reason = parsed(UndoForm, {"reason": values.get("reason", "")}).reason
        return await placing.undo_move(tx, event, list_id, reason=reason, version=version_in(values), **told)

    return await _done(request, event, "undo", body)


async def add(request: Ask) -> Response:
    """Takes people in: one who is named, and those of a segment, a round or a category."""
    event, list_id, told = await _asked(request)

    async def body(tx: AsyncConnection, values: Mapping[str, str]) -> object:
        source = source_of(values)
        if who := values.get("who", "").strip():
            source = source.model_copy(update={"guest_ids": [await _named(tx, event, who)]})
        return await placing.add_people(tx, event, list_id, source, version=version_in(values), **told)

    return await _done(request, event, "add", body)


async def drop(request: Ask) -> Response:
    """Takes somebody off the list."""
    event, list_id, told = await _asked(request)
    guest_id = request.path_params["guest"]

    async def body(tx: AsyncConnection, values: Mapping[str, str]) -> object:
        return await placing.drop_person(tx, event, list_id, guest_id, version=version_in(values), **told)

    return await _done(request, event, "drop", body)


async def rank(request: Ask) -> Response:
    """Takes by what people are ranked."""
    event, list_id, told = await _asked(request)

    async def body(tx: AsyncConnection, values: Mapping[str, str]) -> object:
        facts = facts_of(values, await ranking_by_id(tx, event.id, list_id))
        return await placing.set_facts(tx, event, list_id, facts, version=version_in(values), **told)

    return await _done(request, event, "facts", body)


async def edit(request: Ask) -> Response:
    """Takes how the list is called, ordered and drawn."""
    event, list_id, told = await _asked(request)

    async def body(tx: AsyncConnection, values: Mapping[str, str]) -> object:
        return await placing.edit_ranking(tx, event, list_id, form_of(values), version=version_in(values), **told)

    return await _done(request, event, "settings", body)


async def remove(request: Ask) -> Response:
    """Removes a list in which nobody was moved."""
    event, list_id, told = await _asked(request)
    values = await read_form(request)
    version = version_in(values)
    try:
        await request.state["database"].write(
            lambda tx: placing.remove_ranking(tx, event, list_id, version=version, **told)
        )
    except (Stale, Conflict) as refused:
        return await _refused(request, event, "remove", values, refused=refused)
    request.state["live"].publish(event.id)
    return see_other(request, "stage:precedence", event=event.slug)


async def back(request: Ask) -> Response:
    """Whoever changes the language of a page that told of a refusal."""
    event, _ = await event_for(request, Scope.READ)
    return see_other(request, "stage:precedence_list", event=event.slug, list=request.path_params["list"])


async def _asked(request: Ask) -> tuple[Event, ListId, dict[str, Any]]:
    """The event and the list of the address, and who changes it when."""
    event, principal = await event_for(request, Scope.STAGE)
    told = {"actor": Actor.of(principal), "now": request.state["clock"].now()}
    return event, ListId(request.path_params["list"]), told


async def _done(request: Ask, event: Event, name: str, body: Body) -> Response:
    """Carries a form out and shows the list, or the form again with what is in the way."""
    values = await read_form(request)
    try:
        await request.state["database"].write(lambda tx: body(tx, values))
    except (Stale, Invalid, Conflict) as refused:
        return await _refused(request, event, name, values, refused=refused)
    request.state["live"].publish(event.id)
    query = {"done": name, **({"view": values["view"]} if values.get("view") in set(View) else {})}
    return see_other(request, "stage:precedence_list", event=event.slug, list=request.path_params["list"], query=query)


async def _refused(request: Ask, event: Event, name: str, values: Mapping[str, str], *, refused: Refusal) -> Response:
    """The list as it is by now, with what was typed and what is in the way."""
    _, principal = await event_for(request, Scope.STAGE)
    fields = _at_source(refused.fields) if isinstance(refused, Invalid) else {}
    code = refused.code if isinstance(refused, Conflict) else ""
    asking = _Asking(name=name, values=values, errors=fields, refused=code, stale=isinstance(refused, Stale))
    return await _list_page(request, event, principal, asking, status=refused.status)


async def _named(tx: AsyncConnection, event: Event, text: str) -> GuestId:
    """The id of whoever a text means; raises Invalid."""
    try:
        return (await guest_named(tx, event.id, text)).id
    except Invalid as refused:
        raise Invalid(fields={"who": next(iter(refused.fields.values()))}) from refused


def _at_source(fields: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the people of a source stands beside the field in which it is chosen."""
    return {"source" if name.startswith("people") else name: code for name, code in fields.items()}


async def _index_page(request: Ask, event: Event, principal: Principal, asking: _Asking) -> Response:
    rankings = await request.state["database"].read(lambda tx: rankings_of(tx, event.id))
    usual = {"purpose": Purpose.PHOTO.value, "rows": "1", "honour": Honour.RIGHT.value}
    usual |= dict(zip(TIES, (TieBreak.POSITION.value, TieBreak.STROKES.value), strict=False))
    context = {
        **await _words(request, event, principal),
        "rankings": rankings,
        "values": asking.values if asking.name else usual,
        "errors": field_sentences(dict(asking.errors)),
    }
    return page(request, "stage/precedence.html", context, status=422 if asking.errors else 200)


async def _list_page(
    request: Ask, event: Event, principal: Principal, asking: _Asking, *, status: int = 200
) -> Response:
    database, language = request.state["database"], language_for(request)
    ranking = await database.read(lambda tx: ranking_by_id(tx, event.id, ListId(request.path_params["list"])))
    who = asking.values.get("who", "")
    several = asking.errors.get("who") == "several"
    found = await database.read(lambda tx: offered(tx, event.id, who)) if several else []
    plan = plan_of_ranking(ranking, view_named(request.query_params.get("view", "")), language)
    own = {"settings": values_of(ranking), "facts": fact_values(ranking), "move": {}, "undo": {}, "add": {}}
    preset = id_in(request.query_params.get("guest", ""))
    own["move"] = {"guest_id": str(preset)} if preset else {}
    context = {
        **await _words(request, event, principal),
        "ranking": ranking,
        "placed": ranking.placed,
        "hosts": {host.key: host.name for host in await database.read(lambda tx: hosts_of(tx, event.id))},
        "plan": plan,
        "picture": picture_of(plan),
        "asking": asking,
        "sentence": SENTENCES.get(asking.refused, ""),
        "forms": {**own, **({asking.name: asking.values} if asking.name else {})},
        "errors": field_sentences(dict(asking.errors)),
        "namesakes": [label(guest) for guest in found],
        "most_people": MOST_PEOPLE,
        "done": request.query_params.get("done", ""),
    }
    return page(request, "stage/precedence_list.html", context, status=status)


async def _words(request: Ask, event: Event, principal: Principal) -> dict[str, Any]:
    """What both pages need: who may change things, what can be chosen, and what it is called."""
    database, language = request.state["database"], language_for(request)
    segments = await database.read(lambda tx: segments_of(tx, event.id))
    return {
        "event": event,
        "may_act": Scope.STAGE in principal.scopes,
        "segments": segments,
        "stages": [segment for segment in segments if segment.kind in HOLDS_ROUNDS],
        "rounds": await database.read(lambda tx: rounds_of(tx, event.id)),
        "categories": await database.read(lambda tx: categories_of(tx, event.id)),
        "PURPOSES": {purpose: words[language] for purpose, words in PURPOSES.items()},
        "TIE_BREAKS": {tie_break: words[language] for tie_break, words in TIE_BREAKS.items()},
        "GROUNDS": {ground: words[language] for ground, words in GROUNDS.items()},
        "VIEWS": {view: words[language] for view, words in VIEWS.items()},
        "Ground": Ground,
    }


routes = [
    Route(_PATH, index, name="stage:precedence", methods=["GET"]),
    Route(_PATH, create, methods=["POST"]),
    Route(_LIST, show, name="stage:precedence_list", methods=["GET"]),
    Route(f"{_LIST}/move", move, name="stage:precedence_move", methods=["POST"]),
    Route(f"{_LIST}/undo", undo, name="stage:precedence_undo", methods=["POST"]),
    Route(f"{_LIST}/people", add, name="stage:precedence_add", methods=["POST"]),
    Route(f"{_LIST}/people/{{guest:uuid}}/remove", drop, name="stage:precedence_drop", methods=["POST"]),
    Route(f"{_LIST}/facts", rank, name="stage:precedence_facts", methods=["POST"]),
    Route(f"{_LIST}/settings", edit, name="stage:precedence_settings", methods=["POST"]),
    Route(f"{_LIST}/remove", remove, name="stage:precedence_remove", methods=["POST"]),
    Route(f"{_LIST}/{{form}}", back, methods=["GET"]),
    Route(f"{_LIST}/people/{{guest:uuid}}/remove", back, methods=["GET"]),
]
