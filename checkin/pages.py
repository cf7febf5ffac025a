"""The door page, and the attendance record as files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from anyio import to_thread
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from badges import attendance as paper
from badges.pages import press_of
from checkin import attendance, service_worker
from checkin.attendance import Attendance, Wanted
from checkin.attendance_sheet import sheet_of
from checkin.device_store import device_by_id
from checkin.gates import usable_gates
from checkin.models import Device, DeviceId, Gate, Profile
from checkin.service_worker import VERSION_HEADER, Shell
from checkin.wechat import is_wechat
from checkin.wording import words
from events import store
from events.access import event_for
from events.core.auth import Principal, Scope
from events.core.errors import Invalid
from events.core.i18n import Catalogues, Language, language_of
from events.core.web import Ask, language_for, page, principal_of, see_other
from events.models import Event, GuestStatus
from events.sides import discreet


async def door_home(request: Ask) -> Response:
    """`/door`: straight to the event of a paired device, or the coming one where there is only one; else a choice."""
    principal = await principal_of(request)
    principal.require_somewhere(Scope.DOOR)
    now = request.state["clock"].now()
    if own := principal.event_id:
        event = await request.state["database"].read(lambda tx: store.event_by_id(tx, own))
        return see_other(request, "door", event=event.slug)
    events = [event for event in await request.state["database"].read(store.all_events) if event.ends_at >= now]
    if len(events) == 1:
        return see_other(request, "door", event=events[0].slug)
    return page(request, "door_home.html", {"events": events})


async def door(request: Ask) -> Response:
    """`/door/{event}`: the scanner of one gate, for whoever is signed in and for a paired device."""
    event, principal = await event_for(request, Scope.DOOR)
    place = await _place(request, event, principal)
    if place.device and place.device.profile is Profile.KIOSK:
        return see_other(request, "door:kiosk", event=event.slug)
    return _door_page(request, event, principal, place)


async def self_test(request: Ask) -> Response:
    """`/door/{event}/self-test`: the same page with its self-test open; here staff also come out of the kiosk."""
    event, principal = await event_for(request, Scope.DOOR)
    return _door_page(request, event, principal, await _place(request, event, principal), opens="self-test")


async def attendance_pdf(request: Ask) -> Response:
    """The attendance record on A4."""
    language = _language(request)
    record = await _attendance(request)
    sheet = sheet_of(
        record, now=request.state["clock"].now(), catalogues=request.state["catalogues"], language=language
    )
    content = await press_of(request).print(paper.draw, sheet)
    return _file(content, record.event, "pdf", "application/pdf")


async def attendance_csv(request: Ask) -> Response:
    """The attendance record as CSV."""
    content, event = await _spreadsheet(request, attendance.as_csv)
    return _file(content, event, "csv", "text/csv; charset=utf-8")


async def attendance_xlsx(request: Ask) -> Response:
    """The attendance record as a spreadsheet."""
    content, event = await _spreadsheet(request, attendance.as_xlsx)
    return _file(content, event, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


async def attendance_json(request: Ask) -> Response:
    """The attendance record for scripts."""
    return JSONResponse(attendance.as_json(await _attendance(request)))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a door stands: the gates to choose from, the gate it begins with, the device if it is one."""

    gates: Sequence[Gate]
    gate: Gate
    device: Device | None


async def _place(request: Ask, event: Event, principal: Principal) -> _Place:
    now, chosen = request.state["clock"].now(), request.query_params.get("gate", "")

    async def read(tx: AsyncConnection) -> _Place:
        gates = await usable_gates(tx, event.id, actor=principal.name, now=now)
        own = principal.device_id
        device = await device_by_id(tx, event.id, DeviceId(own)) if own else None
        wanted = chosen or (str(device.gate_id) if device else "")
        return _Place(gates, next((gate for gate in gates if str(gate.id) == wanted), gates[0]), device)

    return await request.state["database"].write(read)


def _door_page(request: Ask, event: Event, principal: Principal, place: _Place, *, opens: str = "") -> Response:
    language = language_for(request)
    shell: Shell = request.scope["state"]["door_shell"]
    settings = {
        "event": {"id": str(event.id), "slug": event.slug, "title": event.title.said_in(language)},
        "gates": [{"id": str(each.id), "name": each.name} for each in place.gates],
        "gate": {"id": str(place.gate.id), "name": place.gate.name},
        "device": _identity(place.device) if place.device else None,
        "urls": _addresses(request, event),
        "messages": words(language),
        "languages": _languages(request, event),
        "user": {"name": principal.shown},
        "timezone": event.timezone,
        "starts_at": event.starts_at.isoformat(),
        "lead": Scope.DESK in principal.scopes,
        "opens": opens,
        "version": shell.version,
    }
    context = {"door": settings, "lang": language.value, "wechat": is_wechat(request), "modules": shell.modules}
    answer = page(request, "door.html", context)
    answer.headers[VERSION_HEADER] = shell.version
    return answer


def _identity(device: Device) -> dict[str, str]:
    identity = {"id": str(device.id), "name": device.name, "profile": Profile(device.profile).value}
    return {**identity, "gate_id": str(device.gate_id), "language": device.language}


async def _attendance(request: Ask) -> Attendance:
    event, principal = await event_for(request, Scope.READ)
    wanted = _wanted(request)
    found = await request.state["database"].read(lambda tx: attendance.attendance_of(tx, event, wanted))
    seen = [replace(each, guest=discreet(each.guest, principal)) for each in found.attendees]
    return replace(found, attendees=seen)


def _wanted(request: Ask) -> Wanted:
    asked = request.query_params
    status = asked.get("status", "")
    if status and status not in set(GuestStatus):
        raise Invalid(fields={"status": "not_offered"})
    chosen = GuestStatus(status) if status else None
    return Wanted(status=chosen, category=asked.get("category", ""), gate=asked.get("gate", ""))


async def _spreadsheet(request: Ask, write: Callable[..., bytes]) -> tuple[bytes, Event]:
    record = await _attendance(request)
    catalogues: Catalogues = request.state["catalogues"]
    job = partial(write, record, catalogues=catalogues, language=_language(request))
    return await to_thread.run_sync(job), record.event


def _language(request: Ask) -> Language:
    return language_of(request.query_params.get("lang", "")) or language_for(request)


def _file(content: bytes, event: Event, suffix: str, media_type: str) -> Response:
    disposition = f'attachment; filename="{event.slug}-attendance.{suffix}"'
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)


def _addresses(request: Ask, event: Event) -> dict[str, str]:
    base = request.url_for("api:event", event=str(event.id)).path
    return {
        "scans": f"{base}/scans",
        "undo": f"{base}/scans/{{id}}/undo",
        "search": f"{base}/door-search?q=",
        "summary": f"{base}/summary",
        "stream": f"{base}/board",
        "manifest": f"{base}/manifest",
        "walk_ins": f"{base}/walk-ins",
        "device": f"{base}/device",
        "sign_on": f"{base}/device/sign-on",
        "confirm": f"{base}/door/guests/{{guest}}/confirm",
        "conflicts": f"{base}/conflicts",
        "kiosk_find": f"{base}/kiosk/find",
        "badge": f"/door/badge/{{guest}}.pdf?event={event.slug}",
        "worker": request.url_for("door:worker").path,
    }


def _languages(request: Ask, event: Event) -> list[dict[str, str]]:
    path = request.url_for("door", event=event.slug).path
    return [
        {"tag": language.value, "name": language.own_name, "href": f"{path}?lang={language.value}"}
        for language in Language
    ]


def _exports(suffix: str, endpoint: Callable[..., object]) -> list[Route]:
    return [
        Route(f"/desk/{{event}}/attendance.{suffix}", endpoint, name=f"desk:attendance_{suffix}"),
        Route(f"/api/v1/events/{{event}}/attendance.{suffix}", endpoint, name=f"api:attendance_{suffix}"),
    ]


routes = [
    Route("/door", door_home, name="door_home"),
    *service_worker.routes,
    Route("/door/{event}", door, name="door"),
    Route("/door/{event}/self-test", self_test, name="door:self_test"),
    *_exports("pdf", attendance_pdf),
    *_exports("csv", attendance_csv),
    *_exports("xlsx", attendance_xlsx),
    *_exports("json", attendance_json),
]
