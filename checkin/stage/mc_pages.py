"""The tablet on the lectern: what is said, line by line, and the same as JSON.

The page carries all lines in every language and works from them alone; a stream tells when they are others.
"""

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from checkin.board_pages import board_of, live_part, painter_of
from checkin.service_worker import VERSION_HEADER
from checkin.stage.board import Seen, seen_of
from checkin.stage.cue_json import cues_json, told_by
from checkin.stage.mc_shell import shell_in
from checkin.stage.mc_words import words_in
from checkin.stage.models import Stage
from events.access import event_for
from events.core.auth import Scope
from events.core.i18n import Language, language_of
from events.core.web import Ask, language_for, page
from events.models import Event


async def mc(request: Ask) -> Response:
    """`/stage/{event}/mc`"""
    event, _ = await event_for(request, Scope.READ)
    shell, language = shell_in(request), language_for(request)
    cues = cues_json(await _stage(request, event), event)
    context = {
        "event": event,
        "cues": cues,
        "words": words_in(language),
        "now": request.state["clock"].now(),
        "spoken": [each for each in Language if each is language or each.value in cues["languages"]],
        "told": {
            "event": str(event.id),
            "language": language.value,
            "timezone": event.timezone,
            "words": {each.value: words_in(each) for each in Language},
            "titles": {each.value: event.title.said_in(each) for each in Language},
            "urls": _addresses(request, event),
            "cues": cues,
        },
    }
    answer = page(request, "stage/mc.html", context)
    answer.headers[VERSION_HEADER] = shell.version
    return answer


async def stream(request: Ask) -> Response:
    """`/stage/{event}/mc/stream`: which version the lines are of. What is drawn is that alone, since most readings of
    the stage change none of them, and then they are not even put together; who has another version asks for them."""
    event, _ = await event_for(request, Scope.READ)
    painter = painter_of(request)

    def version(seen: Seen) -> str:
        told = event, *told_by(seen.stage)
        return painter.drawn(("lines", event.id), told, lambda _: cues_json(seen.stage, event)["version"])

    return live_part(request, event.id, seen_of, version, key=("cues", event.id))


async def cues(request: Ask) -> Response:
    """`GET /events/{event}/cues?lang=`: the lines in every language, or in one."""
    event, _ = await event_for(request, Scope.READ)
    asked = language_of(request.query_params.get("lang", ""))
    found = cues_json(await _stage(request, event), event, [asked] if asked else Language)
    return JSONResponse(found, headers={"Cache-Control": "no-store"})


async def _stage(request: Ask, event: Event) -> Stage:
    """The stage as the board reads it, which is read once for both."""
    return (await board_of(request).shared(event.id, seen_of)).stage


def _addresses(request: Ask, event: Event) -> dict[str, str]:
    return {
        "cues": request.url_for("api:cues", event=str(event.id)).path,
        "stream": request.url_for("stage:mc_stream", event=event.slug).path,
        "worker": request.url_for("stage:worker").path,
        "stage": request.url_for("stage:board", event=event.slug).path,
        "sign_in": request.url_for("stage:mc", event=event.slug).path,
    }


routes = [
    Route("/stage/{event}/mc", mc, name="stage:mc"),
    Route("/stage/{event}/mc/stream", stream, name="stage:mc_stream"),
    Route("/api/v1/events/{event}/cues", cues, name="api:cues"),
]
