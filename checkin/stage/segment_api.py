"""The programme's JSON API: list, add, change, remove, put in order."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from checkin.stage.programme import add_segments, amend_segment, order_segments, remove_segment
from checkin.stage.segment_form import SegmentChanges, SegmentForm
from events.access import event_for
from events.core.auth import Scope
from events.core.parsing import parsed_json
from events.core.web import Ask, etag, read_json, version_wanted
from events.models import Event, Segment, SegmentId
from events.store import segments_of

_PATH = "/api/v1/events/{event}/segments"


class _Order(BaseModel):
    """All parts of the programme, first to last."""

    model_config = ConfigDict(extra="forbid")

    ids: list[UUID]


async def list_segments(request: Ask) -> Response:
    """`GET /events/{event}/segments`"""
    event, _ = await event_for(request, Scope.READ)
    found = await request.state["database"].read(lambda tx: segments_of(tx, event.id))
    return _all(event, found)


async def add_segment(request: Ask) -> Response:
    """`POST /events/{event}/segments`: at the end of the programme."""
    event, principal = await event_for(request, Scope.STAGE)
    form, now = await read_json(request, SegmentForm), request.state["clock"].now()
    [made] = await request.state["database"].write(
        lambda tx: add_segments(tx, event, [form], actor=principal.name, now=now)
    )
    request.state["live"].publish(event.id)
    return JSONResponse(segment_json(event, made), 201, etag(made.version))


async def change_segment(request: Ask) -> Response:
    """`PATCH /events/{event}/segments/{segment}`: the named fields; `If-Match` names the version that was read."""
    event, principal = await event_for(request, Scope.STAGE)
    segment_id = SegmentId(request.path_params["segment"])
    changes = parsed_json(SegmentChanges, await request.body()).root
    version, now = version_wanted(request), request.state["clock"].now()
    changed = await request.state["database"].write(
        lambda tx: amend_segment(tx, event.id, segment_id, changes, version=version, actor=principal.name, now=now)
    )
    request.state["live"].publish(event.id)
    return JSONResponse(segment_json(event, changed), headers=etag(changed.version))


async def delete_segment(request: Ask) -> Response:
    """`DELETE /events/{event}/segments/{segment}`: one to which nothing refers."""
    event, principal = await event_for(request, Scope.STAGE)
    segment_id = SegmentId(request.path_params["segment"])
    version, now = version_wanted(request), request.state["clock"].now()
    await request.state["database"].write(
        lambda tx: remove_segment(tx, event.id, segment_id, version=version, actor=principal.name, now=now)
    )
    request.state["live"].publish(event.id)
    return Response(status_code=204)


async def order(request: Ask) -> Response:
    """`POST /events/{event}/segments/order`: `{"ids": […]}`, every part of the programme once."""
    event, principal = await event_for(request, Scope.STAGE)
    wanted, now = await read_json(request, _Order), request.state["clock"].now()
    ids = [SegmentId(each) for each in wanted.ids]
    found = await request.state["database"].write(
        lambda tx: order_segments(tx, event, ids, actor=principal.name, now=now)
    )
    request.state["live"].publish(event.id)
    return _all(event, found)


def segment_json(event: Event, segment: Segment) -> dict[str, Any]:
    """The segment for scripts; times with the event's offset."""
    times = {name: getattr(segment, name).astimezone(event.zone).isoformat() for name in ("starts_at", "ends_at")}
    texts = {name: getattr(segment, name).model_dump() for name in ("title", "place", "script")}
    plain = {"kind": segment.kind, "position": segment.position, "languages": segment.languages}
    return {"id": str(segment.id), **plain, **texts, **times, "public": segment.public, "version": segment.version}


def _all(event: Event, found: list[Segment]) -> Response:
    return JSONResponse({"segments": [segment_json(event, each) for each in found]})


routes = [
    Route(_PATH, list_segments, name="api:segments", methods=["GET"]),
    Route(_PATH, add_segment, methods=["POST"]),
    Route(f"{_PATH}/order", order, name="api:order_segments", methods=["POST"]),
    Route(f"{_PATH}/{{segment:uuid}}", change_segment, name="api:segment", methods=["PATCH"]),
    Route(f"{_PATH}/{{segment:uuid}}", delete_segment, methods=["DELETE"]),
]
