"""Where the browser goes on after a press that worked: to the round, on its own page or on the board."""

from http import HTTPStatus
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from checkin.stage.models import RoundId
from events.core.web import Ask
from events.models import Event


def back_to(request: Ask, event: Event, round_id: RoundId, *, board: bool, done: str = "") -> Response:
    """Sends the browser on, on the board to the round's place; `done`: what is told at the top of the page, if so."""
    own = request.url_for("stage:round", event=event.slug, round=round_id).path
    path = request.url_for("stage:board", event=event.slug).path if board else own
    following = f"?{urlencode({'done': done})}" if done else f"#r-{round_id}" if board else ""
    return RedirectResponse(f"{path}{following}", HTTPStatus.SEE_OTHER)
