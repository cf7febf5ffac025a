"""The door's JSON API: scans, undo, conflicts, search and counts."""

import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

import anyio
from pydantic import BaseModel, ConfigDict, Field
from sse_starlette import EventSourceResponse
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from checkin.board import Board
from checkin.conflicts import Disagreement, conflicts_of, settle
from checkin.credential import STEWARD_HEADER
from checkin.door import Door
from checkin.models import ScanId
from checkin.scan_form import Crew, ScanBatch
from checkin.seeking import search_rows
from checkin.stewards import leads
from checkin.undoing import undo
from events.access import event_for, event_id_for
from events.core.auth import Principal, Scope
from events.core.errors import Forbidden
from events.core.i18n import Language
from events.core.ids import EventId
from events.core.web import Ask, language_for, read_json
from events.forms import Line
from events.models import Text

_STREAM_S = 600.0
"""How long a stream lasts: whoever listens comes again, and is asked again for their rights."""


class UndoForm(BaseModel):
    """Why a scan is taken back; `id` is made on the device."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    reason: Annotated[Line, Field(max_length=200)] = ""


class SettlementForm(BaseModel):
    """What a lead found out about a conflict."""

    model_config = ConfigDict(extra="forbid")

    note: Annotated[Line, Field(max_length=200)] = ""


async def scan(request: Ask) -> Response:
    """`POST /events/{event}/scans`: answered when durable; repeating it changes nothing."""
    event_id, principal = await event_id_for(request, Scope.DOOR)
    batch = await read_json(request, ScanBatch)
    received_at = request.state["clock"].now()
    crew = Crew(principal, request.state["keyring"], await _leads_in(request, event_id, principal, batch))
    door: Door = request.scope["state"]["door"]
    answers = await door.admit(event_id, crew.scans(batch, received_at=received_at))
    language = language_for(request)
    return JSONResponse({"results": [_said(answer, language) for answer in answers]})


async def undo_scan(request: Ask) -> Response:
    """`POST /events/{event}/scans/{id}/undo`"""
    event_id, principal = await event_id_for(request, Scope.DOOR)
    form = await read_json(request, UndoForm)
    lead = await _leads(request, event_id, principal)
    now = request.state["clock"].now()
    await request.state["database"].write_at_once(
        lambda tx: undo(
            tx,
            event_id,
            ScanId(request.path_params["scan"]),
            undo_id=form.id,
            reason=form.reason,
            scanner=principal.name,
            actor=_named(request, principal),
            lead=lead,
            now=now,
        )
    )
    request.state["live"].publish(event_id)
    return JSONResponse({"id": str(form.id), "scan": str(request.path_params["scan"])})


async def list_conflicts(request: Ask) -> Response:
    """`GET /events/{event}/conflicts`: for leads, the latest first."""
    event_id, _ = await _lead_for(request)
    found = await request.state["database"].read(lambda tx: conflicts_of(tx, event_id))
    language = language_for(request)
    return JSONResponse({"conflicts": [_conflict(each, language) for each in found]})


async def settle_conflict(request: Ask) -> Response:
    """`POST /events/{event}/conflicts/{scan}`: a lead has looked at it."""
    event_id, actor = await _lead_for(request)
    form = await read_json(request, SettlementForm)
    scan_id, now = ScanId(request.path_params["scan"]), request.state["clock"].now()
    await request.state["database"].write(
        lambda tx: settle(tx, event_id, scan_id, note=form.note, actor=actor, now=now)
    )
    request.state["live"].publish(event_id)
    return JSONResponse({"scan": str(scan_id)})


async def search(request: Ask) -> Response:
    """`GET /events/{event}/door-search?q=`: what a steward may see of who is sought, eight rows at most."""
    event, _ = await event_for(request, Scope.DOOR)
    query = request.query_params.get("q", "")[:100]
    if not query.strip():
        return JSONResponse({"guests": []})
    language = language_for(request)
    rows = await request.state["database"].read(lambda tx: search_rows(tx, event.id, query, language))
    return JSONResponse({"guests": rows})


async def summary(request: Ask) -> Response:
    """`GET /events/{event}/summary`"""
    event, _ = await event_for(request, Scope.DOOR)
    return JSONResponse(asdict(await _board_of(request).counts(event.id)))


async def stream(request: Ask) -> Response:
    """`GET /events/{event}/board`: the counts as an event stream."""
    event, _ = await event_for(request, Scope.DOOR)
    return EventSourceResponse(_board_events(_board_of(request), event.id))


def _board_of(request: Ask) -> Board:
    return request.scope["state"]["board"]


async def _board_events(board: Board, event_id: EventId) -> AsyncIterator[dict[str, str]]:
    ends = anyio.current_time() + _STREAM_S
    async for counts in board.watch(event_id):
        yield {"event": "board", "data": json.dumps(counts)}
        if anyio.current_time() >= ends:
            return


async def _leads_in(request: Ask, event_id: EventId, principal: Principal, batch: ScanBatch) -> set[str]:
    """The credentials that scans for leads carry, as far as they are a lead's."""
    claimed = {form.steward for form in batch.scans if form.is_for_leads}
    return {credential for credential in claimed if await _leads(request, event_id, principal, credential=credential)}


async def _leads(request: Ask, event_id: EventId, principal: Principal, *, credential: str | None = None) -> bool:
    keyring = request.state["keyring"]
    text = request.headers.get(STEWARD_HEADER, "") if credential is None else credential
    return await request.state["database"].read(lambda tx: leads(tx, event_id, principal, keyring, text))


async def _lead_for(request: Ask) -> tuple[EventId, str]:
    """The event of a lead, and what the lead is called in the record; raises Forbidden for everybody else."""
    event_id, principal = await event_id_for(request, Scope.DOOR)
    if not await _leads(request, event_id, principal):
        raise Forbidden
    return event_id, _named(request, principal)


def _named(request: Ask, principal: Principal) -> str:
    """Who did it, for the record: an account, or a device and the steward on it."""
    crew = Crew(principal, request.state["keyring"])
    steward = crew.steward(request.headers.get(STEWARD_HEADER, ""))
    return f"{principal.name} ({steward.name})" if steward else principal.name


def _said(answer: dict[str, Any], language: Language) -> dict[str, Any]:
    """The answer with the category's name in the reader's language."""
    guest = answer["guest"]
    return answer if guest is None else {**answer, "guest": _shown(guest, language)}


def _shown(guest: dict[str, Any], language: Language) -> dict[str, Any]:
    return {**guest, "category_name": Text.model_validate(guest["category_name"]).said_in(language)}


def _conflict(found: Disagreement, language: Language) -> dict[str, Any]:
    settled = found.settled
    return {
        "scan": str(found.scan_id),
        "guest": _shown(found.guest, language) if found.guest else None,
        "direction": found.direction.value,
        "mode": found.mode.value,
        "verdict": found.verdict.value,
        "local_verdict": found.local_verdict,
        "entered": found.entered,
        "override_reason": found.override_reason,
        "gate": found.gate,
        "at": found.at.isoformat(),
        "by": found.by,
        "settled": {"at": settled.at.isoformat(), "by": settled.by, "note": settled.note} if settled else None,
    }


routes = [
    Route("/api/v1/events/{event}/scans", scan, name="api:scans", methods=["POST"]),
    Route("/api/v1/events/{event}/scans/{scan:uuid}/undo", undo_scan, name="api:undo", methods=["POST"]),
    Route("/api/v1/events/{event}/conflicts", list_conflicts, name="api:conflicts"),
    Route("/api/v1/events/{event}/conflicts/{scan:uuid}", settle_conflict, name="api:settle", methods=["POST"]),
    Route("/api/v1/events/{event}/door-search", search, name="api:door_search"),
    Route("/api/v1/events/{event}/summary", summary, name="api:summary"),
    Route("/api/v1/events/{event}/board", stream, name="api:board"),
]
