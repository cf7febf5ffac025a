"""The kiosk's page, where guests check themselves in; `/door/{event}` sends a device of that profile here.

It holds all three languages, since guests choose theirs, and names of nobody. Somebody who is signed in may try it.
"""

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response
from starlette.routing import Route

from checkin.device_store import device_by_id
from checkin.gates import usable_gates
from checkin.models import Device, DeviceId, Gate
from checkin.service_worker import VERSION_HEADER, Shell
from checkin.wording import kiosk_words
from events.access import event_for
from events.core.auth import Principal, Scope
from events.core.guard import POLICY
from events.core.web import Ask, language_for, page
from events.models import Event, Language


async def kiosk(request: Ask) -> Response:
    """`/door/{event}/kiosk`: what guests see of the door."""
    event, principal = await event_for(request, Scope.DOOR)
    now = request.state["clock"].now()

    async def place(tx: AsyncConnection) -> tuple[Device | None, Gate]:
        gates = await usable_gates(tx, event.id, actor=principal.name, now=now)
        device = await _device(tx, event, principal)
        return device, next((gate for gate in gates if device and gate.id == device.gate_id), gates[0])

    device, gate = await request.state["database"].write(place)
    language = Language(device.language) if device else language_for(request)
    shell: Shell = request.scope["state"]["door_shell"]
    settings = {
        "event": {"id": str(event.id), "slug": event.slug},
        "titles": {each.value: event.title.said_in(each) for each in Language},
        "gate": {"id": str(gate.id), "name": gate.name},
        "device": _identity(device) if device else None,
        "language": language.value,
        "timezone": event.timezone,
        "messages": {each.value: kiosk_words(each) for each in Language},
        "urls": _addresses(request, event),
        "version": shell.version,
    }
    answer = page(request, "kiosk.html", {"kiosk": settings, "lang": language.value}, language=language)
    answer.headers[VERSION_HEADER] = shell.version
    # The badge is printed from a frame, which holds the PDF that the script has fetched.
    answer.headers["Content-Security-Policy"] = f"{POLICY}; frame-src blob:"
    return answer


async def _device(tx: AsyncConnection, event: Event, principal: Principal) -> Device | None:
    if principal.device_id is None:
        return None
    return await device_by_id(tx, event.id, DeviceId(principal.device_id))


def _identity(device: Device) -> dict[str, str]:
    identity = {"id": str(device.id), "name": device.name, "profile": device.profile.value}
    return {**identity, "gate_id": str(device.gate_id), "language": device.language}


def _addresses(request: Ask, event: Event) -> dict[str, str]:
    base = request.url_for("api:event", event=str(event.id)).path
    door = request.url_for("door", event=event.slug).path
    return {
        "scans": f"{base}/scans",
        "undo": f"{base}/scans/{{id}}/undo",
        "summary": f"{base}/summary",
        "stream": f"{base}/board",
        "manifest": f"{base}/manifest",
        "walk_ins": f"{base}/walk-ins",
        "device": f"{base}/device",
        "sign_on": f"{base}/device/sign-on",
        "conflicts": f"{base}/conflicts",
        "kiosk_find": f"{base}/kiosk/find",
        "badge": f"/door/badge/{{guest}}.pdf?event={event.slug}",
        "worker": request.url_for("door:worker").path,
        "door": f"{door}?fresh=1",
        "leave": f"{door}/self-test",
    }


routes = [Route("/door/{event}/kiosk", kiosk, name="door:kiosk")]
