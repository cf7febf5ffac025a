"""Webhooks over the JSON API: who else is told of arrivals."""

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

import httpx
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from checkin.models import RobotFormat
from checkin.webhooks import EVENTS, Webhook, add_webhook, remove_webhook, webhooks_of
from events.access import event_for
from events.core.auth import Scope
from events.core.web import Ask, read_json
from events.forms import Line


def _web_address(value: str) -> str:
    """An address of http or https without a name and password in it, which would end up in logs on the way."""
    try:
        parts, host = urlsplit(value), httpx.URL(value).host.encode("idna")
        _ = parts.port
    except (httpx.InvalidURL, ValueError) as error:
        raise PydanticCustomError("url", "not an address") from error
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
        raise PydanticCustomError("url", "not an address")
    return value


class WebhookForm(BaseModel):
    """A receiver as somebody describes it. `secret`: what it signs with, where it does."""

    model_config = ConfigDict(extra="forbid")

    url: Annotated[Line, Field(min_length=1, max_length=500), AfterValidator(_web_address)]
    format: RobotFormat = RobotFormat.GENERIC
    secret: Annotated[Line, Field(max_length=200)] = ""
    events: Annotated[list[Literal["guest.arrived"]], Field(min_length=1, max_length=1)] = ["guest.arrived"]


async def create_webhook(request: Ask) -> Response:
    """`POST /events/{event}/webhooks`"""
    event, principal = await event_for(request, Scope.DESK)
    form = await read_json(request, WebhookForm)
    now = request.state["clock"].now()
    webhook = await request.state["database"].write(
        lambda tx: add_webhook(
            tx, event.id, form.url, robot=form.format, secret=form.secret, actor=principal.name, now=now
        )
    )
    return JSONResponse(_webhook_json(webhook), 201)


async def list_webhooks(request: Ask) -> Response:
    """`GET /events/{event}/webhooks`"""
    event, _ = await event_for(request, Scope.DESK)
    standing = await request.state["database"].read(lambda tx: webhooks_of(tx, event.id))
    return JSONResponse({"webhooks": [_webhook_json(webhook) for webhook in standing]})


async def delete_webhook(request: Ask) -> Response:
    """`DELETE /events/{event}/webhooks/{id}`"""
    event, principal = await event_for(request, Scope.DESK)
    webhook_id: UUID = request.path_params["webhook"]
    now = request.state["clock"].now()
    await request.state["database"].write(
        lambda tx: remove_webhook(tx, event.id, webhook_id, actor=principal.name, now=now)
    )
    return Response(status_code=204)


def _webhook_json(webhook: Webhook) -> dict[str, Any]:
    """The address shortened: its key is a secret, and so is what it signs with."""
    return {
        "id": str(webhook.id),
        "url": webhook.shown,
        "format": webhook.format.value,
        "signed": bool(webhook.secret),
        "events": list(EVENTS),
        "created_at": webhook.created_at.isoformat(),
    }


routes = [
    Route("/api/v1/events/{event}/webhooks", create_webhook, name="api:webhooks", methods=["POST"]),
    Route("/api/v1/events/{event}/webhooks", list_webhooks, methods=["GET"]),
    Route("/api/v1/events/{event}/webhooks/{webhook:uuid}", delete_webhook, name="api:webhook", methods=["DELETE"]),
]
