"""The door page, and the attendance record as files."""

from collections.abc import Callable
from functools import partial

from anyio import to_thread
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from badges import attendance as paper
from badges.pages import press_of
from checkin import attendance
from checkin.attendance import Attendance, Wanted
from checkin.attendance_sheet import sheet_of
from checkin.gates import usable_gates
from checkin.wording import words
from events import store
from events.access import event_for
from events.core.auth import Scope
from events.core.errors import Invalid
from events.core.i18n import Catalogues, Language, language_of
from events.core.web import Ask, language_for, page, principal_of, see_other
from events.models import Event, GuestStatus


async def door_home(request: Ask) -> Response:
    """`/door`: straight to the coming event where there is only one, else a choice."""
    (await principal_of(request)).require(Scope.DOOR)
    now = request.state["clock"].now()
    events = [event for event in await request.state["database"].read(store.all_events) if event.ends_at >= now]
    if len(events) == 1:
        return see_other(request, "door", event=events[0].slug)
    return page(request, "door_home.html", {"events": events})


async def door(request: Ask) -> Response:
    """`/door/{event}`: the scanner of one gate."""
    event, principal = await event_for(request, Scope.DOOR)
    now = request.state["clock"].now()
    gates = await request.state["database"].write(lambda tx: usable_gates(tx, event.id, actor=principal.name, now=now))
    chosen = request.query_params.get("gate", "")
    gate = next((gate for gate in gates if str(gate.id) == chosen), gates[0])
    language = language_for(request)
    settings = {
        "event": {"id": str(event.id), "slug": event.slug, "title": event.title.said_in(language)},
        "gates": [{"id": str(each.id), "name": each.name} for each in gates],
        "gate": {"id": str(gate.id), "name": gate.name},
        "urls": _addresses(request, event),
        "messages": words(language),
        "languages": _languages(request, event),
        "user": {"name": principal.user.name if principal.user else principal.name},
        "timezone": event.timezone,
        "lead": Scope.DESK in principal.scopes,
    }
    return page(request, "door.html", {"door": settings, "lang": language.value})


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


async def _attendance(request: Ask) -> Attendance:
    event, _ = await event_for(request, Scope.READ)
    wanted = _wanted(request)
    return await request.state["database"].read(lambda tx: attendance.attendance_of(tx, event, wanted))


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
    Route("/door/{event}", door, name="door"),
    *_exports("pdf", attendance_pdf),
    *_exports("csv", attendance_csv),
    *_exports("xlsx", attendance_xlsx),
    *_exports("json", attendance_json),
]
