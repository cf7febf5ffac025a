"""Drawings of seats: a round's plan on a page, and plans of rounds and lists as PDF."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from anyio import to_thread
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response
from starlette.routing import Route

from badges import seatplan as paper
from badges.pages import press_of
from checkin.stage.drawing import picture_of
from checkin.stage.models import Round, RoundId, Stage
from checkin.stage.plan import Plan, plan_of, plan_of_ranking
from checkin.stage.plan_sheet import sheet_of
from checkin.stage.plan_words import VIEWS
from checkin.stage.ranking import ListId
from checkin.stage.ranking_fields import id_in
from checkin.stage.ranking_store import ranking_by_id
from checkin.stage.saying import number_of
from checkin.stage.seating import view_named
from checkin.stage.store import stage_of
from events.access import event_for
from events.core.auth import Scope
from events.core.errors import NotFound
from events.core.i18n import Language, language_of
from events.core.web import Ask, language_for, page
from events.models import Event, SegmentKind


async def round_plan(request: Ask) -> Response:
    """`/stage/{event}/rounds/{round}/plan?view=stage|hall`"""
    event, _ = await event_for(request, Scope.READ)
    now = request.state["clock"].now()
    stage = await request.state["database"].read(lambda tx: stage_of(tx, event.id, now))
    this = _round_in(stage, RoundId(request.path_params["round"]))
    language = language_for(request)
    plan = plan_of(this, stage, view_named(request.query_params.get("view", "")), language)
    context = {
        "event": event,
        "round": this,
        "number": number_of(this, stage),
        "plan": plan,
        "picture": picture_of(plan),
        "VIEWS": {view: words[language] for view, words in VIEWS.items()},
    }
    return page(request, "stage/plan.html", context)


async def plan_pdf(request: Ask) -> Response:
    """`GET /events/{event}/seatplan.pdf?round=|list=&view=stage|hall&lang=`: one, or all but speeches."""
    event, _ = await event_for(request, Scope.READ)
    language = language_of(request.query_params.get("lang", "")) or language_for(request)
    now = request.state["clock"].now()
    plans = await request.state["database"].read(lambda tx: _plans(tx, request, event, language))
    if not plans:
        raise NotFound
    sheet = await to_thread.run_sync(partial(sheet_of, event, plans, now=now, language=language))
    content = await press_of(request).print(paper.draw, sheet)
    headers = {"Content-Disposition": f'inline; filename="{event.slug}-seats.pdf"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)


async def _plans(tx: AsyncConnection, request: Ask, event: Event, language: Language) -> Sequence[Plan]:
    """What the query asks for; raises NotFound for a round or list that is not there."""
    asked, view = request.query_params, view_named(request.query_params.get("view", ""))
    if "list" in asked:
        ranking = await ranking_by_id(tx, event.id, ListId(_id(asked["list"])))
        return [plan_of_ranking(ranking, view, language)]
    stage = await stage_of(tx, event.id, request.state["clock"].now())
    if "round" in asked:
        return [plan_of(_round_in(stage, RoundId(_id(asked["round"]))), stage, view, language)]
    return [plan_of(each, stage, view, language) for each in stage.rounds if each.kind is not SegmentKind.SPEECHES]


def _round_in(stage: Stage, round_id: RoundId) -> Round:
    found = next((each for each in stage.rounds if each.id == round_id), None)
    if found is None:
        raise NotFound
    return found


def _id(text: str) -> UUID:
    found = id_in(text)
    if found is None:
        raise NotFound
    return found


routes = [
    Route("/stage/{event}/rounds/{round:uuid}/plan", round_plan, name="stage:plan"),
    Route("/api/v1/events/{event}/seatplan.pdf", plan_pdf, name="api:seatplan"),
]
