"""The page of one round: what to do next, what is missing, who takes part, who steps in, and what was done so far.

A press names the version that was shown. Where a colleague was faster nothing is overwritten: the page then says who
did what, shows the round as it is now, and keeps what was typed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response
from starlette.routing import Route

from checkin.board_pages import board_of, live_part
from checkin.stage.actor import Actor
from checkin.stage.acts import NEEDS_REASON
from checkin.stage.board import Line, Seen, seen_of
from checkin.stage.changes import Change
from checkin.stage.conducting import act
from checkin.stage.drawing import picture_of
from checkin.stage.looks import look, viewer_of
from checkin.stage.models import Act, Round, RoundId, Substitution
from checkin.stage.naming import offered
from checkin.stage.plan import plan_of
from checkin.stage.readiness import Standing
from checkin.stage.refusals import Faulty, Overtaken
from checkin.stage.returning import back_to
from checkin.stage.seating import View
from checkin.stage.substituting import substitute
from checkin.stage.substitution_form import form_of
from events.access import event_for
from events.core.auth import Principal, Scope
from events.core.errors import Conflict, Invalid, NotFound, Refusal
from events.core.i18n import Language
from events.core.parsing import parsed
from events.core.web import Ask, language_for, page, part, read_form, see_other
from events.core.wording import SENTENCES, field_sentences
from events.forms import Line as OneLine
from events.models import Event, Guest

_LONGEST_PLACE = 120
_PATH = "/stage/{event}/rounds/{round:uuid}"


class _Words(BaseModel):
    """What goes with an act. where: the place, as the page gives it."""

    reason: Annotated[OneLine, Field(max_length=200)] = ""
    where: Annotated[OneLine, Field(max_length=160)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """The form that stands open on the page, and what became of it. ask: an act that needs a reason, `substitute`, or
    nothing; participant: whose part changes hands; namesakes: whom a typed name may mean.
    """

    ask: str = ""
    participant: str = ""
    values: dict[str, str] = field(default_factory=dict[str, str])
    errors: dict[str, str] = field(default_factory=dict[str, str])
    changes: Sequence[Change] = ()
    refused: Refusal | None = None
    namesakes: Sequence[Guest] = ()


async def round_home(request: Ask) -> Response:
    """`/stage/{event}/rounds/{round}`; `ask` and `participant` in the query open a form."""
    event, principal = await event_for(request, Scope.READ)
    query = request.query_params
    return await _page(
        request, event, principal, _Asking(ask=query.get("ask", ""), participant=query.get("participant", ""))
    )


async def stream(request: Ask) -> Response:
    """The changing part of the page as an event stream. Where somebody removes the round, the page stays as it was."""
    event, principal = await event_for(request, Scope.READ)
    language, round_id = language_for(request), _round_id(request)
    (await board_of(request).shared(event.id, seen_of)).line(round_id)

    def draw(seen: Seen) -> str:
        line = next((each for each in seen.lines if each.round.id == round_id), None)
        shown = look(request, event, seen, principal=principal, language=language)
        if line is None:
            return ""
        return part(request, "stage/round_live.html", {**shown, **_drawn(line, seen, language)}, language=language)

    return live_part(request, event.id, seen_of, draw, key=("round", round_id, language, viewer_of(principal)))


async def press(request: Ask) -> Response:
    """One act on the round."""
    event, principal = await event_for(request, Scope.STAGE)
    wanted, round_id = _act_in(request), _round_id(request)
    values = await read_form(request)
    now = request.state["clock"].now()

    async def done(tx: AsyncConnection) -> Round:
        words = parsed(_Words, {name: values.get(name, "") for name in _Words.model_fields})
        actor = Actor.of(principal, words.where[:_LONGEST_PLACE])
        version = _version(values)
        return await act(tx, event, round_id, wanted, version=version, reason=words.reason, actor=actor, now=now)

    asking = _Asking(ask=wanted if wanted in NEEDS_REASON else "", values=values)
    try:
        await request.state["database"].write(done)
    except (Overtaken, Faulty, Conflict, Invalid) as refused:
        return await _refused(request, event, principal, asking, refused=refused)
    request.state["live"].publish(event.id)
    return back_to(request, event, round_id, board=values.get("back") == "board")


async def step_in(request: Ask) -> Response:
    """Gives a part to somebody else, who is registered in the same step if need be."""
    event, principal = await event_for(request, Scope.STAGE)
    values = await read_form(request)
    round_id, language = _round_id(request), language_for(request)
    now = request.state["clock"].now()

    async def done(tx: AsyncConnection) -> Substitution:
        form = form_of(values, language)
        return await substitute(
            tx,
            event,
            round_id,
            form.participant_id,
            substitute=await form.taker(tx, event.id),
            authority=form.authority,
            reason=form.reason,
            title=form.title,
            version=_version(values),
            actor=Actor.of(principal),
            now=now,
        )

    asking = _Asking(ask="substitute", participant=values.get("participant", ""), values=values)
    try:
        await request.state["database"].write(done)
    except (Overtaken, Faulty, Conflict, Invalid) as refused:
        return await _refused(request, event, principal, asking, refused=refused)
    request.state["postman"].wake()
    request.state["live"].publish(event.id)
    return back_to(request, event, round_id, board=False, done="substituted")


async def back(request: Ask) -> Response:
    """Whoever changes the language of a page that told of a refusal."""
    event, _ = await event_for(request, Scope.READ)
    return see_other(request, "stage:round", event=event.slug, round=_round_id(request), query=request.query_params)


async def _refused(request: Ask, event: Event, principal: Principal, asking: _Asking, *, refused: Refusal) -> Response:
    """The page again, with what was typed, what is in the way, and the round as it is by now."""
    codes = refused.fields if isinstance(refused, Invalid) else {}
    errors = {"substitute" if name == "guest_id" else name: code for name, code in codes.items()}
    several = errors.get("substitute") == "several"
    typed = asking.values.get("substitute", "")
    found = await request.state["database"].read(lambda tx: offered(tx, event.id, typed)) if several else []
    told = replace(
        asking,
        errors=field_sentences(errors),
        changes=refused.changes if isinstance(refused, Overtaken) else (),
        refused=None if errors else refused,
        namesakes=found,
    )
    return await _page(request, event, principal, told, status=refused.status)


async def _page(request: Ask, event: Event, principal: Principal, asking: _Asking, *, status: int = 200) -> Response:
    now = request.state["clock"].now()
    seen = await request.state["database"].read(lambda tx: seen_of(tx, event.id, now))
    line, language = seen.line(_round_id(request)), language_for(request)
    context: dict[str, Any] = {
        **look(request, event, seen, principal=principal, language=language),
        **_drawn(line, seen, language),
        "asking": asking,
        "standing": _standing(line, asking.participant),
        "sentence": SENTENCES.get(asking.refused.code, "") if asking.refused else "",
        "done": request.query_params.get("done", ""),
    }
    return page(request, "stage/round.html", context, status=status)


def _drawn(line: Line, seen: Seen, language: Language) -> dict[str, object]:
    """The round, and where its people sit and stand as the audience sees them."""
    plan = plan_of(line.round, seen.stage, View.HALL, language)
    return {"line": line, "plan": plan, "picture": picture_of(plan)}


def _standing(line: Line, participant: str) -> Standing | None:
    """The part that is to change hands; None where there is no such part, or nobody has it."""
    parts = line.readiness.people if line.may_change else ()
    return next((each for each in parts if str(each.participant.id) == participant and each.person), None)


def _act_in(request: Ask) -> Act:
    try:
        return Act(request.path_params["act"])
    except ValueError as error:
        raise NotFound from error


def _round_id(request: Ask) -> RoundId:
    return RoundId(request.path_params["round"])


def _version(values: dict[str, str]) -> int:
    text = values.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


routes = [
    Route(_PATH, round_home, name="stage:round"),
    Route(f"{_PATH}/stream", stream, name="stage:round_stream"),
    Route(f"{_PATH}/acts/{{act}}", press, name="stage:press", methods=["POST"]),
    Route(f"{_PATH}/acts/{{act}}", back, methods=["GET"]),
    Route(f"{_PATH}/substitute", step_in, name="stage:substitute", methods=["POST"]),
    Route(f"{_PATH}/substitute", back, methods=["GET"]),
]
