"""The door's JSON API for gates: open, list, change, remove. The desk's pages take their form from here."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, RootModel
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from checkin import store
from checkin.gate_json import gate_json
from checkin.gates import edit_gate, gate_by_id, open_gate, remove_gate
from checkin.models import Gate, GateId, GateKind, Reentry
from events.access import event_for
from events.core.auth import Scope
from events.core.ids import new_id
from events.core.parsing import parsed, parsed_json
from events.core.web import Ask, etag, read_json, version_wanted
from events.forms import Line, Moment


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
        """The gate that this describes, its window in UTC."""
        rule: dict[str, Any] = {**dict(self), "id": gate_id, "admits": frozenset(self.admits)}
        rule |= {"opens_at": _in_utc(self.opens_at), "closes_at": _in_utc(self.closes_at)}
        return Gate(**rule)


class _Changes(RootModel[dict[str, Any]]):
    """Some of the fields of a gate."""


async def create_gate(request: Ask) -> Response:
    """`POST /events/{event}/gates`"""
    event, principal = await event_for(request, Scope.DESK)
    form = await read_json(request, GateForm)
    gate = form.gate(GateId(new_id()))
    now = request.state["clock"].now()
    await request.state["database"].write(lambda tx: open_gate(tx, event.id, gate, actor=principal.name, now=now))
    request.state["live"].publish(event.id)
    return JSONResponse(gate_json(gate), 201, etag(gate.version))


async def list_gates(request: Ask) -> Response:
    """`GET /events/{event}/gates`"""
    event, _ = await event_for(request, Scope.DOOR)
    gates = await request.state["database"].read(lambda tx: tx.run_sync(store.gates_of, event.id))
    return JSONResponse({"gates": [gate_json(gate) for gate in gates]})


async def change_gate(request: Ask) -> Response:
    """`PATCH /events/{event}/gates/{gate}`: the named fields; `If-Match` names the version that was read."""
    event, principal = await event_for(request, Scope.DESK)
    gate_id = GateId(request.path_params["gate"])
    changes = parsed_json(_Changes, await request.body()).root
    version, now = version_wanted(request), request.state["clock"].now()

    async def change(tx: AsyncConnection) -> Gate:
        current = await gate_by_id(tx, event.id, gate_id)
        wanted = parsed(GateForm, {**_described(current), **changes}).gate(gate_id)
        read = current.version if version is None else version
        return await edit_gate(tx, event.id, wanted, version=read, actor=principal.name, now=now)

    gate = await request.state["database"].write(change)
    request.state["live"].publish(event.id)
    return JSONResponse(gate_json(gate), headers=etag(gate.version))


async def delete_gate(request: Ask) -> Response:
    """`DELETE /events/{event}/gates/{gate}`: one that was never used."""
    event, principal = await event_for(request, Scope.DESK)
    gate_id = GateId(request.path_params["gate"])
    version, now = version_wanted(request), request.state["clock"].now()

    async def remove(tx: AsyncConnection) -> None:
        read = (await gate_by_id(tx, event.id, gate_id)).version if version is None else version
        await remove_gate(tx, event.id, gate_id, version=read, actor=principal.name, now=now)

    await request.state["database"].write(remove)
    request.state["live"].publish(event.id)
    return Response(status_code=204)


def _in_utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None


def _described(gate: Gate) -> dict[str, Any]:
    """The gate as `GateForm` takes it."""
    return {**{name: getattr(gate, name) for name in GateForm.model_fields}, "admits": sorted(gate.admits)}


routes = [
    Route("/api/v1/events/{event}/gates", create_gate, name="api:gates", methods=["POST"]),
    Route("/api/v1/events/{event}/gates", list_gates, methods=["GET"]),
    Route("/api/v1/events/{event}/gates/{gate:uuid}", change_gate, name="api:gate", methods=["PATCH"]),
    Route("/api/v1/events/{event}/gates/{gate:uuid}", delete_gate, methods=["DELETE"]),
]
