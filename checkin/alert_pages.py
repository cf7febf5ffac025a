"""The desk's page of arrivals: who was announced, which webhooks are told, and what became of the messages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response
from starlette.routing import Route

from checkin.alerts import Alert, alerts_of
from checkin.board_pages import board_of, live_part
from checkin.courier import Courier
from checkin.models import RobotFormat
from checkin.webhook_api import WebhookForm
from checkin.webhooks import Delivery, add_webhook, deliveries_of, remove_webhook, webhook_by_id, webhooks_of
from events.access import event_for
from events.core.auth import Scope
from events.core.errors import Invalid
from events.core.ids import EventId
from events.core.parsing import parsed
from events.core.web import Ask, language_for, page, part, read_form, see_other
from events.core.wording import field_sentences
from events.models import Event

_PATH = "/desk/{event}/door/alerts"
_WEBHOOK = f"{_PATH}/webhooks/{{webhook:uuid}}"
_ARRIVALS = 50
_DELIVERIES = 20
_FIELDS = ("url", "format", "secret")


@dataclass(frozen=True, slots=True)
class Seen:
    """What changes on the page."""

    at: datetime
    alerts: list[Alert]
    deliveries: list[Delivery]


async def seen_of(tx: AsyncConnection, event_id: EventId, now: datetime) -> Seen:
    """The latest arrivals and messages."""
    alerts = await alerts_of(tx, event_id, limit=_ARRIVALS)
    return Seen(now, alerts, await deliveries_of(tx, event_id, limit=_DELIVERIES))


async def alerts(request: Ask) -> Response:
    """`/desk/{event}/door/alerts`"""
    event, _ = await event_for(request, Scope.DESK)
    return await _page(request, event)


async def stream(request: Ask) -> Response:
    """The changing part of the page as an event stream."""
    event, _ = await event_for(request, Scope.DESK)
    language = language_for(request)

    def draw(seen: Seen) -> str:
        return part(
            request,
            "alerts_live.html",
            {"event": event, "seen": seen, "desk": _desk(request, event)},
            language=language,
        )

    return live_part(request, event.id, seen_of, draw, key=("alerts", event.id, language))


async def add(request: Ask) -> Response:
    """Takes the form for a new receiver."""
    event, principal = await event_for(request, Scope.DESK)
    values = await read_form(request)
    now = request.state["clock"].now()
    try:
        form = parsed(WebhookForm, {name: values[name] for name in _FIELDS if name in values})
    except Invalid as refused:
        shown = {**values, "secret": ""}
        return await _page(request, event, values=shown, errors=field_sentences(refused.fields), status=422)
    await request.state["database"].write(
        lambda tx: add_webhook(
            tx, event.id, form.url, robot=form.format, secret=form.secret, actor=principal.name, now=now
        )
    )
    return see_other(request, "desk:alerts", event=event.slug, query={"done": "added"})


async def remove(request: Ask) -> Response:
    """Takes a receiver away."""
    event, principal = await event_for(request, Scope.DESK)
    webhook_id: UUID = request.path_params["webhook"]
    now = request.state["clock"].now()
    await request.state["database"].write(
        lambda tx: remove_webhook(tx, event.id, webhook_id, actor=principal.name, now=now)
    )
    return see_other(request, "desk:alerts", event=event.slug, query={"done": "removed"})


async def try_out(request: Ask) -> Response:
    """Sends a test now, and says how the receiver took it."""
    event, _ = await event_for(request, Scope.DESK)
    webhook_id: UUID = request.path_params["webhook"]
    webhook = await request.state["database"].read(lambda tx: webhook_by_id(tx, event.id, webhook_id))
    courier: Courier = request.scope["state"]["courier"]
    if refused := await courier.try_out(webhook, event):
        return await _page(request, event, refused=refused, tried=webhook.shown, status=502)
    return see_other(request, "desk:alerts", event=event.slug, query={"done": "tested"})


async def back(request: Ask) -> Response:
    """Whoever changes the language of a page that told of a failed test."""
    event, _ = await event_for(request, Scope.DESK)
    return see_other(request, "desk:alerts", event=event.slug, query=request.query_params)


async def _page(
    request: Ask,
    event: Event,
    *,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    refused: str = "",
    tried: str = "",
    status: int = 200,
) -> Response:
    context: dict[str, Any] = {
        "event": event,
        "seen": await board_of(request).shared(event.id, seen_of),
        "desk": _desk(request, event),
        "webhooks": await request.state["database"].read(lambda tx: webhooks_of(tx, event.id)),
        "formats": list(RobotFormat),
        "values": values or {},
        "errors": errors or {},
        "refused": refused,
        "tried": tried,
        "done": request.query_params.get("done", ""),
    }
    return page(request, "alerts.html", context, status=status)


def _desk(request: Ask, event: Event) -> str:
    """Where the event's pages begin, for links in what is drawn for everybody."""
    return request.url_for("desk:event", event=event.slug).path


routes = [
    Route(_PATH, alerts, name="desk:alerts", methods=["GET"]),
    Route(_PATH, add, methods=["POST"]),
    Route(f"{_PATH}/stream", stream, name="desk:alerts_stream"),
    Route(f"{_WEBHOOK}/remove", remove, name="desk:remove_webhook", methods=["POST"]),
    Route(f"{_WEBHOOK}/test", try_out, name="desk:test_webhook", methods=["POST"]),
    Route(f"{_WEBHOOK}/test", back, methods=["GET"]),
]
