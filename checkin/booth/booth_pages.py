"""The page of a booth's phone: scanning visitors, and the list of those who agreed. It holds no guest but these."""

from starlette.responses import Response
from starlette.routing import Route

from checkin.booth.booth_words import booth_words
from checkin.booth.visit_api import exported, stand_of
from checkin.wechat import is_wechat
from events.core.web import Ask, language_for, page


async def booth(request: Ask) -> Response:
    """`/booth`: for the phone that was paired at a booth, and nobody else."""
    stand = await stand_of(request)
    language, event = language_for(request), stand.event
    base = request.url_for("api:event", event=str(event.id)).path
    settings = {
        "booth": stand.exhibitor.booth,
        "event": str(event.id),
        "timezone": event.timezone,
        "messages": booth_words(language),
        "urls": {"leads": f"{base}/leads", "list": f"{base}/leads.json", "device": f"{base}/device"},
    }
    names = {"event": event, "exhibitor": stand.exhibitor, "device": stand.device, "words": settings["messages"]}
    context = {"settings": settings, "lang": language.value, "wechat": is_wechat(request), **names}
    answer = page(request, "booth/booth.html", context)
    answer.headers["Cache-Control"] = "no-store"
    return answer


async def own_list(request: Ask) -> Response:
    """`/booth/leads.csv` and `.xlsx`: the booth's own visitors, to take home."""
    stand = await stand_of(request)
    suffix = request.url.path.rpartition(".")[2]
    return await exported(request, suffix, stand.event, stand.principal, stand.exhibitor.booth)


routes = [
    Route("/booth", booth, name="booth"),
    Route("/booth/leads.csv", own_list, name="booth:csv"),
    Route("/booth/leads.xlsx", own_list, name="booth:xlsx"),
]
