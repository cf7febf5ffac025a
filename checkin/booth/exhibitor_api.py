"""The JSON API of exhibitors."""

from typing import Any

from pydantic import RootModel
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from checkin.booth.exhibitor_form import ExhibitorForm
from checkin.booth.exhibitors import add_exhibitor, edit_exhibitor, exhibitor_by_booth, remove_exhibitor
from events.access import event_for
from events.core.auth import Scope
from events.core.errors import Invalid
from events.core.parsing import parsed, parsed_json
from events.core.web import Ask, etag, read_json, version_wanted
from events.models import Exhibitor
from events.store import exhibitors_of

_KEPT = ("booth", "field", "name", "summary")


class _Changes(RootModel[dict[str, Any]]):
    """Some of the fields of an exhibitor."""


async def list_exhibitors(request: Ask) -> Response:
    """`GET /events/{event}/exhibitors`: by booth."""
    event, _ = await event_for(request, Scope.READ)
    found = await request.state["database"].read(lambda tx: exhibitors_of(tx, event.id))
    return JSONResponse({"exhibitors": [exhibitor_json(each) for each in found]})


async def show_exhibitor(request: Ask) -> Response:
    """`GET /events/{event}/exhibitors/{booth}`"""
    event, _ = await event_for(request, Scope.READ)
    booth = request.path_params["booth"]
    found = await request.state["database"].read(lambda tx: exhibitor_by_booth(tx, event.id, booth))
    return _answer(found)


async def create_exhibitor(request: Ask) -> Response:
    """`POST /events/{event}/exhibitors`"""
    event, principal = await event_for(request, Scope.DESK)
    form, now = await read_json(request, ExhibitorForm), request.state["clock"].now()
    made = await request.state["database"].write(
        lambda tx: add_exhibitor(tx, event.id, form, actor=principal.name, now=now)
    )
    return _answer(made, 201)


async def change_exhibitor(request: Ask) -> Response:
    """`PATCH /events/{event}/exhibitors/{booth}`: the named fields, the booth's number excepted."""
    event, principal = await event_for(request, Scope.DESK)
    booth, now = request.path_params["booth"], request.state["clock"].now()
    changes, version = parsed_json(_Changes, await request.body()).root, version_wanted(request)
    if changes.get("booth", booth) != booth:
        raise Invalid(fields={"booth": "booth_stays"})

    async def change(tx: AsyncConnection) -> Exhibitor:
        current = await exhibitor_by_booth(tx, event.id, booth)
        form = parsed(ExhibitorForm, {**_described(current, changes), **changes})
        read = current.version if version is None else version
        return await edit_exhibitor(tx, event.id, form, version=read, actor=principal.name, now=now)

    return _answer(await request.state["database"].write(change))


async def delete_exhibitor(request: Ask) -> Response:
    """`DELETE /events/{event}/exhibitors/{booth}`: where nothing refers to it yet."""
    event, principal = await event_for(request, Scope.DESK)
    booth, now = request.path_params["booth"], request.state["clock"].now()
    version = version_wanted(request)

    async def remove(tx: AsyncConnection) -> None:
        read = (await exhibitor_by_booth(tx, event.id, booth)).version if version is None else version
        await remove_exhibitor(tx, event.id, booth, version=read, actor=principal.name, now=now)

    await request.state["database"].write(remove)
    return Response(status_code=204)


def exhibitor_json(exhibitor: Exhibitor) -> dict[str, Any]:
    """An exhibitor as the API shows it."""
    said = {name: getattr(exhibitor, name).model_dump() for name in ("field_name", "name", "summary")}
    gate = str(exhibitor.gate_id) if exhibitor.gate_id else None
    return {"booth": exhibitor.booth, "field": exhibitor.field, **said, "gate": gate, "version": exhibitor.version}


def _described(exhibitor: Exhibitor, changes: dict[str, Any]) -> dict[str, Any]:
    """The exhibitor as `ExhibitorForm` takes it; a field that is only named is another one."""
    kept = {name: getattr(exhibitor, name) for name in _KEPT}
    if "field_name" in changes and "field" not in changes:
        del kept["field"]
    return kept


def _answer(exhibitor: Exhibitor, status: int = 200) -> Response:
    return JSONResponse(exhibitor_json(exhibitor), status, etag(exhibitor.version))


routes = [
    Route("/api/v1/events/{event}/exhibitors", create_exhibitor, name="api:exhibitors", methods=["POST"]),
    Route("/api/v1/events/{event}/exhibitors", list_exhibitors, methods=["GET"]),
    Route("/api/v1/events/{event}/exhibitors/{booth}", show_exhibitor, name="api:exhibitor", methods=["GET"]),
    Route("/api/v1/events/{event}/exhibitors/{booth}", change_exhibitor, methods=["PATCH"]),
    Route("/api/v1/events/{event}/exhibitors/{booth}", delete_exhibitor, methods=["DELETE"]),
]
