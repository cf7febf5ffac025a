"""The page of table cards, and the cards as a PDF: of a segment, a round, a list, or one card again."""

from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response
from starlette.routing import Route

from badges.fonts import MissingGlyph, missing
from badges.pages import press_of
from badges.tablecard import CardPaper, draw
from checkin.stage.cards import Place, places_of, tray_of
from checkin.stage.models import HOLDS_ROUNDS, RoundId
from checkin.stage.ranking import ListId
from checkin.stage.ranking_fields import id_in
from checkin.stage.ranking_store import ranking_by_id, rankings_of
from checkin.stage.store import stage_of
from events.access import event_for
from events.core.auth import Scope
from events.core.errors import Conflict, NotFound
from events.core.i18n import language_of
from events.core.web import Ask, language_for, page
from events.models import Event, SegmentId


async def cards(request: Ask) -> Response:
    """`/stage/{event}/cards?segment=|list=`: every card as it is laid, each to be printed again."""
    event, _ = await event_for(request, Scope.READ)
    now = request.state["clock"].now()

    async def read(tx: AsyncConnection) -> dict[str, object]:
        stage = await stage_of(tx, event.id, now)
        return {
            "segments": [each for each in stage.segments if each.kind in HOLDS_ROUNDS],
            "lists": await rankings_of(tx, event.id),
            "places": await _places(tx, request, event),
        }

    found = await request.state["database"].read(read)
    query = {name: request.query_params[name] for name in ("segment", "list", "paper") if name in request.query_params}
    context = {"event": event, "papers": list(CardPaper), "paper": _paper(request), "query": query, "missing": missing}
    return page(request, "stage/cards.html", {**context, **found})


async def cards_pdf(request: Ask) -> Response:
    """`GET /events/{event}/tablecards.pdf?segment=&round=&list=&guest=&paper=a4-fold|200x100&lang=`"""
    event, _ = await event_for(request, Scope.READ)
    places = await request.state["database"].read(lambda tx: _places(tx, request, event))
    if not places:
        raise NotFound
    language = language_of(request.query_params.get("lang", "")) or language_for(request)
    tray = tray_of(event, places, paper=_paper(request), language=language)
    try:
        content = await press_of(request).print(partial(draw, tray))
    except MissingGlyph as error:
        raise Conflict("cannot_print", characters=f"{error.characters} ({error.text})") from error
    headers = {"Content-Disposition": f'inline; filename="{event.slug}-cards.pdf"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)


def _paper(request: Ask) -> CardPaper:
    asked = request.query_params.get("paper", "")
    return CardPaper(asked) if asked in set(CardPaper) else CardPaper.FOLD


async def _places(tx: AsyncConnection, request: Ask, event: Event) -> list[Place]:
    """What the query asks for; raises NotFound for a list that is not there."""
    asked = {name: id_in(request.query_params.get(name, "")) for name in ("segment", "round", "list", "guest")}
    if list_id := asked["list"]:
        ranking = await ranking_by_id(tx, event.id, ListId(list_id))
        placed = [(each, ranking.guests[each.entry.guest_id]) for each in ranking.placed]
        found = [Place(guest=guest, below=guest.organisation, number=each.position) for each, guest in placed]
    else:
        stage = await stage_of(tx, event.id, request.state["clock"].now())
        segment_id = SegmentId(asked["segment"]) if asked["segment"] else None
        found = places_of(stage, segment_id=segment_id, round_id=RoundId(asked["round"]) if asked["round"] else None)
    return [place for place in found if asked["guest"] in {None, place.guest.id}]


routes = [
    Route("/stage/{event}/cards", cards, name="stage:cards"),
    Route("/api/v1/events/{event}/tablecards.pdf", cards_pdf, name="api:tablecards"),
]
