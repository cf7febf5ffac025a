"""The door's JSON API: gates, scans, undo, counts and the attendance record."""

import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from sse_starlette import EventSourceResponse
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from checkin import store
from checkin.board import Board
from checkin.door import Door, Scan
from checkin.gates import open_gate
from checkin.models import Direction, Gate, GateId, GateKind, Mode, Reentry, ScanId
from checkin.seeking import search_rows
from checkin.undoing import undo
from events.access import event_for, event_id_for
from events.core.auth import Principal, Scope
from events.core.errors import Forbidden, Invalid
from events.core.i18n import Language
from events.core.ids import EventId, new_id
from events.core.web import Ask, language_for, read_json
from events.forms import Line, Moment
from events.models import GuestId, Text

_AT_ONCE = 1000
_CODE_LENGTH = 2000


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("before the year 1 or after 9999 in UTC") from error


class GateForm(BaseModel):
    """A gate as somebody describes it."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Line, Field(min_length=1, max_length=80)]
    kind: GateKind = GateKind.ENTRANCE
    admits: Annotated[list[str], Field(max_length=40)] = []
    reentry: Reentry = Reentry.MANY
    opens_at: Moment | None = None
    closes_at: Moment | None = None
    zone: Annotated[Line, Field(max_length=40)] = ""
    limit: Annotated[int, Field(ge=1, le=100_000)] | None = None

    def gate(self, gate_id: GateId) -> Gate:
        """The gate that this describes."""
        rule: dict[str, Any] = {**dict(self), "id": gate_id, "admits": frozenset(self.admits)}
        return Gate(**rule)


class Override(BaseModel):
    """Why a lead lets somebody in."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[Line, Field(min_length=1, max_length=200)]


class ScanForm(BaseModel):
    """One scan as a device sends it: `code` as it was read, or `guest_id` from the search."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    code: Annotated[str, Field(max_length=_CODE_LENGTH)] = ""
    guest_id: UUID | None = None
    gate: UUID
    direction: Direction = Direction.ENTRY
    scanned_at: Annotated[AwareDatetime, AfterValidator(_in_utc)]
    mode: Mode = Mode.ONLINE
    local_verdict: Annotated[str, Field(max_length=20)] = ""
    override: Override | None = None


class ScanBatch(BaseModel):
    """Scans in the order in which they happened."""

    model_config = ConfigDict(extra="forbid")

    scans: Annotated[list[ScanForm], Field(min_length=1, max_length=_AT_ONCE)]


class UndoForm(BaseModel):
    """Why a scan is taken back; `id` is made on the device."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    reason: Annotated[Line, Field(max_length=200)] = ""


async def create_gate(request: Ask) -> Response:
    """`POST /events/{event}/gates`"""
    event, principal = await event_for(request, Scope.DESK)
    form = await read_json(request, GateForm)
    gate = form.gate(GateId(new_id()))
    now = request.state["clock"].now()
    await request.state["database"].write(lambda tx: open_gate(tx, event.id, gate, actor=principal.name, now=now))
    return JSONResponse(_gate_json(gate), 201)


async def list_gates(request: Ask) -> Response:
    """`GET /events/{event}/gates`"""
    event, _ = await event_for(request, Scope.DOOR)
    gates = await request.state["database"].read(lambda tx: tx.run_sync(store.gates_of, event.id))
    return JSONResponse({"gates": [_gate_json(gate) for gate in gates]})


async def scan(request: Ask) -> Response:
    """`POST /events/{event}/scans`: answered when durable; repeating it changes nothing."""
    event_id, principal = await event_id_for(request, Scope.DOOR)
    batch = await read_json(request, ScanBatch)
    scans = [_scan(form, principal) for form in batch.scans]
    door: Door = request.scope["state"]["door"]
    answers = await door.admit(event_id, scans)
    language = language_for(request)
    return JSONResponse({"results": [_said(answer, language) for answer in answers]})


async def undo_scan(request: Ask) -> Response:
    """`POST /events/{event}/scans/{id}/undo`"""
    event_id, principal = await event_id_for(request, Scope.DOOR)
    form = await read_json(request, UndoForm)
    now = request.state["clock"].now()
    await request.state["database"].write_at_once(
        lambda tx: undo(
            tx,
            event_id,
            ScanId(request.path_params["scan"]),
            undo_id=form.id,
            reason=form.reason,
            actor=principal.name,
            lead=Scope.DESK in principal.scopes,
            now=now,
        )
    )
    request.state["live"].publish(event_id)
    return JSONResponse({"id": str(form.id), "scan": str(request.path_params["scan"])})


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
    async for counts in board.watch(event_id):
        yield {"event": "board", "data": json.dumps(counts)}


def _scan(form: ScanForm, principal: Principal) -> Scan:
    if bool(form.code) == bool(form.guest_id):
        raise Invalid(fields={"code": "missing"})
    if form.override and Scope.DESK not in principal.scopes:
        raise Forbidden
    return Scan(
        id=ScanId(form.id),
        gate_id=GateId(form.gate),
        code=form.code,
        guest_id=GuestId(form.guest_id) if form.guest_id else None,
        direction=form.direction,
        scanned_at=form.scanned_at,
        mode=form.mode,
        local_verdict=form.local_verdict,
        override_reason=form.override.reason if form.override else "",
        actor=principal.name,
        actor_name=principal.shown,
    )


def _said(answer: dict[str, Any], language: Language) -> dict[str, Any]:
    """The answer with the category's name in the reader's language."""
    guest = answer["guest"]
    if guest is None:
        return answer
    name = Text.model_validate(guest["category_name"]).said_in(language)
    return {**answer, "guest": {**guest, "category_name": name}}


def _gate_json(gate: Gate) -> dict[str, Any]:
    return {
        "id": str(gate.id),
        "name": gate.name,
        "kind": gate.kind.value,
        "admits": sorted(gate.admits),
        "reentry": gate.reentry.value,
        "opens_at": gate.opens_at.isoformat() if gate.opens_at else None,
        "closes_at": gate.closes_at.isoformat() if gate.closes_at else None,
        "zone": gate.zone,
        "limit": gate.limit,
    }


routes = [
    Route("/api/v1/events/{event}/scans", scan, name="api:scans", methods=["POST"]),
    Route("/api/v1/events/{event}/scans/{scan:uuid}/undo", undo_scan, name="api:undo", methods=["POST"]),
    Route("/api/v1/events/{event}/gates", create_gate, name="api:gates", methods=["POST"]),
    Route("/api/v1/events/{event}/gates", list_gates, methods=["GET"]),
    Route("/api/v1/events/{event}/door-search", search, name="api:door_search"),
    Route("/api/v1/events/{event}/summary", summary, name="api:summary"),
    Route("/api/v1/events/{event}/board", stream, name="api:board"),
]
