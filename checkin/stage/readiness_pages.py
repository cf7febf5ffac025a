"""The readiness board: every round in order, who of it is in the house, and what to do next.

It is drawn from the reading that every page of the stage shares and follows the door's scans by an event stream.
"""

from uuid import UUID

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from checkin.board_pages import board_of, live_part
from checkin.stage.actor import Actor
from checkin.stage.board import Seen, seen_of
from checkin.stage.chasing import chase
from checkin.stage.looks import look, viewer_of
from checkin.stage.models import RoundId
from checkin.stage.naming import offered
from checkin.stage.returning import back_to
from events.access import event_for
from events.companions import label
from events.core.auth import Scope
from events.core.errors import NotFound
from events.core.web import Ask, language_for, page, part, read_form
from events.models import GuestId


async def board(request: Ask) -> Response:
    """`/stage/{event}`"""
    event, principal = await event_for(request, Scope.READ)
    seen = await board_of(request).shared(event.id, seen_of)
    shown = look(request, event, seen, principal=principal, language=language_for(request))
    return page(request, "stage/board.html", {**shown, "done": request.query_params.get("done", "")})


async def stream(request: Ask) -> Response:
    """`/stage/{event}/stream`: the changing part of the board as an event stream."""
    event, principal = await event_for(request, Scope.READ)
    language = language_for(request)

    def draw(seen: Seen) -> str:
        shown = look(request, event, seen, principal=principal, language=language)
        return part(request, "stage/board_live.html", shown, language=language)

    return live_part(request, event.id, seen_of, draw, key=("stage", event.id, language, viewer_of(principal)))


async def chase_guest(request: Ask) -> Response:
    """Asks the liaison of somebody who is waited for; a second press within two minutes writes to nobody."""
    event, principal = await event_for(request, Scope.STAGE)
    values = await read_form(request)
    round_id, guest_id = RoundId(request.path_params["round"]), _guest_id(values.get("guest", ""))
    now = request.state["clock"].now()
    made = await request.state["database"].write(
        lambda tx: chase(tx, event.id, round_id, guest_id, actor=Actor.of(principal), now=now)
    )
    request.state["postman"].wake()
    request.state["live"].publish(event.id)
    done = "here" if made is None else "" if made.at == now else "chased_lately"
    return back_to(request, event, round_id, board=values.get("back") == "board", done=done)


async def guests(request: Ask) -> Response:
    """`/stage/{event}/guests?q=`: who may be meant by what somebody types, for the field of the substitute."""
    event, principal = await event_for(request, Scope.STAGE)
    text = request.query_params.get("q", "")[:100]
    found = await request.state["database"].read(lambda tx: offered(tx, event.id, text, telephones_of=principal.side))
    return JSONResponse({"guests": [{"id": str(guest.id), "label": label(guest)} for guest in found]})


def _guest_id(text: str) -> GuestId:
    try:
        return GuestId(UUID(text))
    except ValueError as error:
        raise NotFound from error


routes = [
    Route("/stage/{event}", board, name="stage:board"),
    Route("/stage/{event}/stream", stream, name="stage:board_stream"),
    Route("/stage/{event}/guests", guests, name="stage:guests"),
    Route("/stage/{event}/rounds/{round:uuid}/chase", chase_guest, name="stage:chase", methods=["POST"]),
]
