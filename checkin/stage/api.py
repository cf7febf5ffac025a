"""The stage's JSON API for rounds: plan them, conduct them, replace people, ask who is in the house."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, RootModel
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from checkin.stage.actor import Actor
from checkin.stage.conducting import act
from checkin.stage.models import Act, ParticipantId, Round, RoundId, Stage
from checkin.stage.readiness import readiness_of
from checkin.stage.round_form import RoundForm
from checkin.stage.round_json import readiness_json, round_json, substitution_json
from checkin.stage.rounds import add_round, amend_round, move_round, remove_round
from checkin.stage.store import stage_of
from checkin.stage.substituting import substitute
from events.access import event_for
from events.core.auth import Principal, Scope
from events.core.errors import Invalid, NotFound
from events.core.parsing import parsed_json
from events.core.web import Ask, etag, language_for, read_json, version_wanted
from events.forms import GuestForm, Line, ShortText
from events.models import UNSAID, Event, GuestId, SegmentId

Result = TypeVar("Result")
_PATH = "/api/v1/events/{event}/rounds"
_ROUND = f"{_PATH}/{{round:uuid}}"


class ActForm(BaseModel):
    """Why a round is postponed or withdrawn, and where whoever says so stands."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[Line, Field(max_length=200)] = ""
    where: Annotated[Line, Field(max_length=120)] = ""


class MoveForm(BaseModel):
    """Which round of its segment a round becomes."""

    model_config = ConfigDict(extra="forbid")

    position: Annotated[int, Field(ge=1, le=1000)]


class SubstituteForm(BaseModel):
    """Who takes whose part: a guest, or somebody who is not registered yet. title: as they are read out."""

    model_config = ConfigDict(extra="forbid")

    participant: UUID
    guest_id: UUID | None = None
    guest: GuestForm | None = None
    authority: Annotated[Line, Field(max_length=200)]
    reason: Annotated[Line, Field(max_length=200)]
    title: ShortText = UNSAID

    @property
    def taker(self) -> GuestId | GuestForm:
        """Whoever was named; raises Invalid where nobody was, or two were."""
        if self.guest_id and not self.guest:
            return GuestId(self.guest_id)
        if self.guest and not self.guest_id:
            return self.guest
        raise Invalid(fields={"guest_id": "not_valid" if self.guest else "missing"})


class _Changes(RootModel[dict[str, Any]]):
    """Some of the fields of a round."""


async def create_round(request: Ask) -> Response:
    """`POST /events/{event}/segments/{segment}/rounds`"""
    event, principal = await event_for(request, Scope.STAGE)
    form = await read_json(request, RoundForm)
    segment_id, told = SegmentId(request.path_params["segment"]), _told(request, principal)
    made = await _write(request, event, lambda tx: add_round(tx, event, segment_id, form, **told))
    return await _answer(request, event, principal, made.id, status=201)


async def list_rounds(request: Ask) -> Response:
    """`GET /events/{event}/rounds`: in the order of the programme."""
    event, principal = await event_for(request, Scope.READ)
    stage = await _stage(request, event)
    language = language_for(request)
    return JSONResponse({"rounds": [round_json(each, stage, principal, language=language) for each in stage.rounds]})


async def show_round(request: Ask) -> Response:
    """`GET …/rounds/{round}`"""
    event, principal = await event_for(request, Scope.READ)
    return await _answer(request, event, principal, _round_id(request))


async def change_round(request: Ask) -> Response:
    """`PATCH …/rounds/{round}`: the named fields; `If-Match` names the version that was read."""
    event, principal = await event_for(request, Scope.STAGE)
    changes = parsed_json(_Changes, await request.body()).root
    round_id, version, told = _round_id(request), version_wanted(request), _told(request, principal)
    await _write(request, event, lambda tx: amend_round(tx, event, round_id, changes, version=version, **told))
    return await _answer(request, event, principal, round_id)


async def put_round(request: Ask) -> Response:
    """`POST …/rounds/{round}/move {position}`"""
    event, principal = await event_for(request, Scope.STAGE)
    position = (await read_json(request, MoveForm)).position
    round_id, version, told = _round_id(request), version_wanted(request), _told(request, principal)
    await _write(request, event, lambda tx: move_round(tx, event, round_id, position=position, version=version, **told))
    return await _answer(request, event, principal, round_id)


async def delete_round(request: Ask) -> Response:
    """`DELETE …/rounds/{round}`: one with which nothing was done."""
    event, principal = await event_for(request, Scope.STAGE)
    round_id, version, told = _round_id(request), version_wanted(request), _told(request, principal)
    await _write(request, event, lambda tx: remove_round(tx, event, round_id, version=version, **told))
    return Response(status_code=204)


async def conduct(request: Ask, *, done: Act) -> Response:
    """`POST …/rounds/{round}/{act} {reason, where}`"""
    event, principal = await event_for(request, Scope.STAGE)
    said = parsed_json(ActForm, await request.body() or b"{}")
    round_id, version, told = _round_id(request), version_wanted(request), _told(request, principal)
    words = {"reason": said.reason, "where": said.where}
    await _write(request, event, lambda tx: act(tx, event, round_id, done, version=version, **words, **told))
    return await _answer(request, event, principal, round_id)


async def replace_person(request: Ask) -> Response:
    """`POST …/rounds/{round}/substitute`: the round as it is then, and the substitution."""
    event, principal = await event_for(request, Scope.STAGE)
    form = await read_json(request, SubstituteForm)
    round_id, taker = _round_id(request), form.taker
    given = {name: getattr(form, name) for name in ("authority", "reason", "title")}
    given |= {"version": version_wanted(request), **_told(request, principal)}
    part = ParticipantId(form.participant)
    made = await _write(request, event, lambda tx: substitute(tx, event, round_id, part, substitute=taker, **given))
    request.state["postman"].wake()
    stage, language = await _stage(request, event), language_for(request)
    answer = {"substitution": substitution_json(made, stage, language=language)}
    this = _found(stage, round_id)
    answer["round"] = round_json(this, stage, principal, language=language)
    return JSONResponse(answer, headers=etag(this.version))


async def show_readiness(request: Ask) -> Response:
    """`GET …/rounds/{round}/readiness`"""
    event, principal = await event_for(request, Scope.READ)
    stage = await _stage(request, event)
    this = _found(stage, _round_id(request))
    language = language_for(request)
    answer = readiness_json(readiness_of(this, stage), this, stage, principal, language=language)
    return JSONResponse(answer, headers=etag(this.version))


def _told(request: Ask, principal: Principal) -> dict[str, Any]:
    """Who does it, and when."""
    return {"actor": Actor.of(principal), "now": request.state["clock"].now()}


async def _write(request: Ask, event: Event, body: Callable[[AsyncConnection], Awaitable[Result]]) -> Result:
    """What `body` answers, once it is committed and everybody who watches has heard of it."""
    written = await request.state["database"].write(body)
    request.state["live"].publish(event.id)
    return written


async def _stage(request: Ask, event: Event) -> Stage:
    now = request.state["clock"].now()
    return await request.state["database"].read(lambda tx: stage_of(tx, event.id, now))


async def _answer(
    request: Ask, event: Event, principal: Principal, round_id: RoundId, *, status: int = 200
) -> Response:
    """The round as it is now."""
    stage = await _stage(request, event)
    this = _found(stage, round_id)
    body = round_json(this, stage, principal, language=language_for(request))
    return JSONResponse(body, status, etag(this.version))


def _found(stage: Stage, round_id: RoundId) -> Round:
    for each in stage.rounds:
        if each.id == round_id:
            return each
    raise NotFound


def _round_id(request: Ask) -> RoundId:
    return RoundId(request.path_params["round"])


routes = [
    Route(
        "/api/v1/events/{event}/segments/{segment:uuid}/rounds", create_round, name="api:new_round", methods=["POST"]
    ),
    Route(_PATH, list_rounds, name="api:rounds", methods=["GET"]),
    Route(_ROUND, show_round, name="api:round", methods=["GET"]),
    Route(_ROUND, change_round, methods=["PATCH"]),
    Route(_ROUND, delete_round, methods=["DELETE"]),
    Route(f"{_ROUND}/move", put_round, methods=["POST"]),
    Route(f"{_ROUND}/substitute", replace_person, methods=["POST"]),
    Route(f"{_ROUND}/readiness", show_readiness, methods=["GET"]),
    *(Route(f"{_ROUND}/{each}", partial(conduct, done=each), methods=["POST"]) for each in Act),
]
