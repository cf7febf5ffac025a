"""The booths' JSON API: a scan at a booth, and whom a booth has met. The booth's page exports through it too.

A booth's phone holds a token that opens nothing but this: no manifest, no search, no scans of the door.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Annotated
from uuid import UUID

from anyio import to_thread
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from checkin.booth import visit_sheet
from checkin.booth.exhibitors import exhibitor_at, exhibitor_by_booth
from checkin.booth.models import Found, Visit, VisitId
from checkin.booth.visits import meet, visits_of
from checkin.device_store import device_by_id
from checkin.models import Device, DeviceId
from events.access import event_for
from events.core import audit
from events.core.auth import Principal, Scope
from events.core.errors import Forbidden
from events.core.guard import Brake
from events.core.i18n import language_of
from events.core.web import Ask, language_for, principal_of, read_json
from events.forms import Line
from events.models import Event, Exhibitor
from events.store import event_by_id

_MEMORY_S = 48 * 3600
_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class VisitForm(BaseModel):
    """A code that a booth scanned, `ago_s` seconds before it was sent."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    code: Annotated[str, Field(min_length=1, max_length=200)]
    note: Annotated[Line, Field(max_length=400)] | None = None
    ago_s: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0


@dataclass(frozen=True, slots=True)
class Stand:
    """A booth's phone: at which event and at whose booth it is, and what it is called."""

    event: Event
    exhibitor: Exhibitor
    device: Device
    principal: Principal


async def stand_of(request: Ask) -> Stand:
    """The booth of the phone that asks; raises Forbidden for whoever is no booth's phone."""
    principal = await principal_of(request)
    principal.require_somewhere(Scope.BOOTH)
    own, device_id = principal.event_id, principal.device_id
    if own is None or device_id is None:
        raise Forbidden

    async def read(tx: AsyncConnection) -> Stand:
        device = await device_by_id(tx, own, DeviceId(device_id))
        exhibitor = await exhibitor_at(tx, own, device.gate_id)
        return Stand(await event_by_id(tx, own), exhibitor, device, principal)

    return await request.state["database"].read(read)


async def meet_visitor(request: Ask) -> Response:
    """`POST /events/{event}/leads`: the visitor's card where they agreed to it, else nothing of theirs.

    Two codes a second are more than a booth can scan: whoever sends more waits, so that the door does not.
    """
    event, _ = await event_for(request, Scope.BOOTH)
    stand = await stand_of(request)
    brake: Brake = request.scope["state"]["booth_brake"]
    await brake.press(str(stand.device.id))
    form = await read_json(request, VisitForm)
    at = request.state["clock"].now() - timedelta(seconds=min(form.ago_s, _MEMORY_S))
    found = await request.state["database"].write(
        lambda tx: meet(
            tx,
            event.id,
            form.code,
            booth=stand.exhibitor.booth,
            visit_id=VisitId(form.id),
            note=form.note,
            at=at,
            by=stand.device.name,
        )
    )
    return JSONResponse(_told(found, form.id, stand), headers={"Cache-Control": "no-store"})


async def list_json(request: Ask) -> Response:
    """`GET /events/{event}/leads.json`: a booth's own, for the desk those of `?booth=` or of all."""
    event, principal, booth = await _asked_for(request)
    visits = await request.state["database"].read(lambda tx: visits_of(tx, event.id, booth))
    cards = [visit_sheet.card(visit, event.zone, principal) for visit in visits]
    return JSONResponse({"leads": cards}, headers={"Cache-Control": "no-store"})


async def list_csv(request: Ask) -> Response:
    """`GET /events/{event}/leads.csv`; who took the list away is written down."""
    return await exported(request, "csv", *await _asked_for(request))


async def list_xlsx(request: Ask) -> Response:
    """`GET /events/{event}/leads.xlsx`; as the CSV."""
    return await exported(request, "xlsx", *await _asked_for(request))


async def exported(request: Ask, suffix: str, event: Event, principal: Principal, booth: str) -> Response:
    """The visitors of a booth, or of all, as a file; noted in the audit chain."""
    now, database = request.state["clock"].now(), request.state["database"]

    async def taken(tx: AsyncConnection) -> list[Visit]:
        visits = await visits_of(tx, event.id, booth)
        detail = {"booth": booth, "visitors": len(visits), "as": suffix}
        await audit.note(tx, event_id=event.id, actor=principal.name, action="leads.exported", now=now, detail=detail)
        return visits

    visits = await database.write(taken)
    language = language_of(request.query_params.get("lang", "")) or language_for(request)
    write: Callable[..., bytes] = {"csv": visit_sheet.as_csv, "xlsx": visit_sheet.as_xlsx}[suffix]
    job = partial(write, visits, zone=event.zone, language=language, principal=principal)
    name = "-".join(part for part in (event.slug, "leads", booth if booth.isascii() else "") if part)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{suffix}"', "Cache-Control": "no-store"}
    return Response(await to_thread.run_sync(job), media_type=_MEDIA[suffix], headers=headers)


async def _asked_for(request: Ask) -> tuple[Event, Principal, str]:
    """Whose visitors are wanted: a phone's own booth, whatever it asks for; for the desk the one that it names."""
    if (await principal_of(request)).device_id:
        event, principal = await event_for(request, Scope.BOOTH)
        return event, principal, (await stand_of(request)).exhibitor.booth
    event, principal = await event_for(request, Scope.DESK)
    booth = request.query_params.get("booth", "")
    if booth:
        await request.state["database"].read(lambda tx: exhibitor_by_booth(tx, event.id, booth))
    return event, principal, booth


def _told(found: Found, visit_id: UUID, stand: Stand) -> dict[str, object]:
    """The answer under the id that was sent; `lead` has its own, which is the first one's."""
    visit = found.visit
    lead = visit_sheet.card(visit, stand.event.zone, stand.principal) if visit else None
    return {"id": str(visit_id), "result": found.answer.value, "repeated": found.repeated, "lead": lead}


routes = [
    Route("/api/v1/events/{event}/leads", meet_visitor, name="api:leads", methods=["POST"]),
    Route("/api/v1/events/{event}/leads.json", list_json, name="api:leads_json"),
    Route("/api/v1/events/{event}/leads.csv", list_csv, name="api:leads_csv"),
    Route("/api/v1/events/{event}/leads.xlsx", list_xlsx, name="api:leads_xlsx"),
]
