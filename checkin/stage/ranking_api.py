"""The stage's JSON API for precedence lists: make them, say who is on them and by what they are ranked, move people."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, RootModel
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from checkin.stage.actor import Actor
from checkin.stage.placing import (
    add_people,
    drop_person,
    edit_ranking,
    make_ranking,
    move_person,
    remove_ranking,
    set_facts,
    undo_move,
)
from checkin.stage.ranking import MOST_PEOPLE, ListId, Ranking
from checkin.stage.ranking_form import Facts, MoveForm, NewRanking, RankingForm, Source, UndoForm, described
from checkin.stage.ranking_json import ranking_json
from checkin.stage.ranking_store import ranking_by_id, rankings_of
from events.access import event_for
from events.core.auth import Principal, Scope
from events.core.parsing import parsed, parsed_json
from events.core.web import Ask, etag, read_json, version_wanted
from events.models import Event, GuestId

_PATH = "/api/v1/events/{event}/precedence"
_LIST = f"{_PATH}/{{list:uuid}}"


class _Changes(RootModel[dict[str, Any]]):
    """Some of the fields of a list."""


class FactsOf(RootModel[Annotated[dict[UUID, Facts], Field(max_length=MOST_PEOPLE)]]):
    """The facts of some people of a list, by guest."""


async def create(request: Ask) -> Response:
    """`POST /events/{event}/precedence`"""
    event, principal = await event_for(request, Scope.STAGE)
    form, told = await read_json(request, NewRanking), _told(request, principal)
    return await _write(request, event, lambda tx: make_ranking(tx, event, form, **told), status=201)


async def index(request: Ask) -> Response:
    """`GET /events/{event}/precedence`"""
    event, _ = await event_for(request, Scope.READ)
    found = await request.state["database"].read(lambda tx: rankings_of(tx, event.id))
    return JSONResponse({"lists": [ranking_json(each) for each in found]})


async def show(request: Ask) -> Response:
    """`GET …/precedence/{list}`"""
    event, _ = await event_for(request, Scope.READ)
    return _answer(await request.state["database"].read(lambda tx: ranking_by_id(tx, event.id, _list_id(request))))


async def change(request: Ask) -> Response:
    """`PATCH …/precedence/{list}`: the named fields; `If-Match` names the version that was read."""
    event, principal = await event_for(request, Scope.STAGE)
    changes = parsed_json(_Changes, await request.body()).root
    list_id, kept = _list_id(request), _kept(request, principal)

    async def done(tx: AsyncConnection) -> Ranking:
        form = parsed(RankingForm, {**described(await ranking_by_id(tx, event.id, list_id)), **changes})
        return await edit_ranking(tx, event, list_id, form, **kept)

    return await _write(request, event, done)


async def remove(request: Ask) -> Response:
    """`DELETE …/precedence/{list}`: one in which nobody was moved."""
    event, principal = await event_for(request, Scope.STAGE)
    list_id, kept = _list_id(request), _kept(request, principal)
    await request.state["database"].write(lambda tx: remove_ranking(tx, event, list_id, **kept))
    request.state["live"].publish(event.id)
    return Response(status_code=204)


async def add(request: Ask) -> Response:
    """`POST …/precedence/{list}/people {guest_ids, segment_id, round_id, category}`"""
    event, principal = await event_for(request, Scope.STAGE)
    source = await read_json(request, Source)
    list_id, kept = _list_id(request), _kept(request, principal)
    return await _write(request, event, lambda tx: add_people(tx, event, list_id, source, **kept))


async def drop(request: Ask) -> Response:
    """`DELETE …/precedence/{list}/people/{guest}`"""
    event, principal = await event_for(request, Scope.STAGE)
    list_id, guest_id, kept = _list_id(request), GuestId(request.path_params["guest"]), _kept(request, principal)
    return await _write(request, event, lambda tx: drop_person(tx, event, list_id, guest_id, **kept))


async def rank(request: Ask) -> Response:
    """`POST …/precedence/{list}/facts {guest: {rank, grade, founded}}`"""
    event, principal = await event_for(request, Scope.STAGE)
    told = (await read_json(request, FactsOf)).root
    facts = {GuestId(guest_id): each for guest_id, each in told.items()}
    list_id, kept = _list_id(request), _kept(request, principal)
    return await _write(request, event, lambda tx: set_facts(tx, event, list_id, facts, **kept))


async def move(request: Ask) -> Response:
    """`POST …/precedence/{list}/moves {guest_id, to_position, reason}`"""
    event, principal = await event_for(request, Scope.STAGE)
    form = await read_json(request, MoveForm)
    list_id, kept = _list_id(request), _kept(request, principal)
    return await _write(request, event, lambda tx: move_person(tx, event, list_id, form, **kept))


async def undo(request: Ask) -> Response:
    """`POST …/precedence/{list}/undo {reason}`: the last move that stands."""
    event, principal = await event_for(request, Scope.STAGE)
    reason = (await read_json(request, UndoForm)).reason
    list_id, kept = _list_id(request), _kept(request, principal)
    return await _write(request, event, lambda tx: undo_move(tx, event, list_id, reason=reason, **kept))


async def _write(
    request: Ask, event: Event, body: Callable[[AsyncConnection], Awaitable[Ranking]], *, status: int = 200
) -> Response:
    ranking = await request.state["database"].write(body)
    request.state["live"].publish(event.id)
    return _answer(ranking, status=status)


def _answer(ranking: Ranking, *, status: int = 200) -> Response:
    return JSONResponse(ranking_json(ranking), status, etag(ranking.version))


def _told(request: Ask, principal: Principal) -> dict[str, Any]:
    return {"actor": Actor.of(principal), "now": request.state["clock"].now()}


def _kept(request: Ask, principal: Principal) -> dict[str, Any]:
    """Who changes which version of a list, and when."""
    return {**_told(request, principal), "version": version_wanted(request)}


def _list_id(request: Ask) -> ListId:
    return ListId(request.path_params["list"])


routes = [
    Route(_PATH, create, name="api:precedence", methods=["POST"]),
    Route(_PATH, index, methods=["GET"]),
    Route(_LIST, show, name="api:precedence_list", methods=["GET"]),
    Route(_LIST, change, methods=["PATCH"]),
    Route(_LIST, remove, methods=["DELETE"]),
    Route(f"{_LIST}/people", add, methods=["POST"]),
    Route(f"{_LIST}/people/{{guest:uuid}}", drop, methods=["DELETE"]),
    Route(f"{_LIST}/facts", rank, methods=["POST"]),
    Route(f"{_LIST}/moves", move, methods=["POST"]),
    Route(f"{_LIST}/undo", undo, methods=["POST"]),
]
