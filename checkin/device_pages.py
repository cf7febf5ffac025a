"""The desk's pages of devices: how they all are, the code that pairs another one, and one device with what it holds."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from anyio import to_thread
from babel.dates import format_timedelta
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response
from starlette.routing import Route

from badges.picture import link_png
from checkin import devices
from checkin.device_store import device_by_id, last_uploads
from checkin.devices import Placement
from checkin.gates import usable_gates
from checkin.health import concerns_of
from checkin.models import Device, DeviceId, Gate, GateId, Profile
from checkin.store import gates_of
from checkin.wording import words
from events.access import event_for
from events.core.auth import Principal, Scope
from events.core.errors import Invalid, NotFound
from events.core.i18n import Language
from events.core.parsing import parsed
from events.core.web import Ask, base_url, language_for, page, read_form, see_other
from events.core.wording import field_sentences
from events.forms import Line
from events.models import Event
from events.store import exhibitors_of

_LAST_SCANS = 10
_SECOND = timedelta(seconds=1)


class PlacementForm(BaseModel):
    """Where a device stands and what it is for. Without a name it is numbered at its gate."""

    model_config = ConfigDict(extra="ignore")

    name: Annotated[Line, Field(max_length=80)] = ""
    gate: UUID
    profile: Profile
    language: Language

    def placement(self) -> Placement:
        """The placement that this describes."""
        return Placement(name=self.name, gate_id=GateId(self.gate), profile=self.profile, language=self.language)


async def device_list(request: Ask) -> Response:
    """How every device is; a part of the page that the browser fetches again every few seconds."""
    event, principal = await event_for(request, Scope.DESK)
    return await _list_page(request, event, principal)


async def start_pairing(request: Ask) -> Response:
    """Makes a code for one more phone and shows it."""
    event, principal = await event_for(request, Scope.DESK)
    values = await read_form(request)
    keyring, now = request.state["keyring"], request.state["clock"].now()
    try:
        form = parsed(PlacementForm, values)
        code = await request.state["database"].write(
            lambda tx: devices.start_pairing(
                tx, keyring, event_id=event.id, placed=form.placement(), actor=principal.name, now=now
            )
        )
    except Invalid as refused:
        return await _list_page(request, event, principal, values=values, errors=refused.fields)
    return see_other(request, "desk:pairing", event=event.slug, secret=devices.grouped(code))


async def pairing(request: Ask) -> Response:
    """The code, large, with how long it holds; as soon as a phone has used it, which device that is."""
    event, _ = await event_for(request, Scope.DESK)
    keyring, secret = request.state["keyring"], request.path_params["secret"]
    found = await request.state["database"].read(lambda tx: devices.pairing_of(tx, keyring, secret))
    if found.event_id != event.id:
        raise NotFound
    code = devices.grouped(devices.plain(secret))
    address = f"{base_url(request)}{request.url_for('pair', secret=code).path}"
    picture = await to_thread.run_sync(link_png, address)
    context = {
        "event": event,
        "pairing": found,
        "address": address,
        "picture": f"data:image/png;base64,{b64encode(picture).decode()}",
        **_moments(request),
    }
    return page(request, "desk_pairing.html", context)


async def device_home(request: Ask) -> Response:
    """One device: how it is, where it stands, and what is on it should it be lost."""
    event, device, principal = await _device_for(request)
    return await _device_page(request, event, device, principal)


async def move_device(request: Ask) -> Response:
    """Gives a device another gate, profile, language or name."""
    event, device, principal = await _device_for(request)
    values, now = await read_form(request), request.state["clock"].now()
    try:
        placed = _named_placement(values)
        await request.state["database"].write(
            lambda tx: devices.move(
                tx, event_id=event.id, device_id=device.id, placed=placed, actor=principal.name, now=now
            )
        )
    except Invalid as refused:
        return await _device_page(request, event, device, principal, values=values, errors=refused.fields)
    return _changed(request, event, device, done="moved")


async def withdraw_device(request: Ask) -> Response:
    """Withdraws a device for good, and shows what it holds."""
    event, device, principal = await _device_for(request)
    now = request.state["clock"].now()
    await request.state["database"].write(
        lambda tx: devices.revoke(tx, event_id=event.id, device_id=device.id, actor=principal.name, now=now)
    )
    return _changed(request, event, device, done="withdrawn")


async def _device_for(request: Ask) -> tuple[Event, Device, Principal]:
    event, principal = await event_for(request, Scope.DESK)
    device_id = DeviceId(request.path_params["device"])
    device = await request.state["database"].read(lambda tx: device_by_id(tx, event.id, device_id))
    return event, device, principal


def _named_placement(values: Mapping[str, str]) -> Placement:
    form = parsed(PlacementForm, values)
    if not form.name:
        raise Invalid(fields={"name": "missing"})
    return form.placement()


def _changed(request: Ask, event: Event, device: Device, *, done: str) -> Response:
    """After a device was moved or withdrawn: from now on it is asked for anew, and whoever watches is told."""
    request.state["keyring"].forget()
    request.state["live"].publish(event.id)
    return see_other(request, "desk:device", query={"done": done}, event=event.slug, device=device.id)


async def _list_page(
    request: Ask,
    event: Event,
    principal: Principal,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    moments = _moments(request)
    found = await request.state["database"].read(lambda tx: devices.devices_of(tx, event.id))
    rows = [(device, concerns_of(device, moments["now"])) for device in found]
    context = {
        "event": event,
        "standing": [row for row in rows if not row[0].revoked_at],
        "withdrawn": [device for device, _ in rows if device.revoked_at],
        "gates": await _gates(request, event, principal, at_booths=False),
        "values": values or {"language": language_for(request), "profile": Profile.SCANNER},
        "errors": field_sentences(dict(errors or {})),
        **moments,
    }
    return page(request, "desk_devices.html", context, status=422 if errors else 200)


async def _device_page(
    request: Ask,
    event: Event,
    device: Device,
    principal: Principal,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    moments = _moments(request)
    context = {
        "event": event,
        "device": device,
        "concerns": concerns_of(device, moments["now"]),
        "uploads": await request.state["database"].read(
            lambda tx: last_uploads(tx, event.id, device.id, limit=_LAST_SCANS)
        ),
        "gates": await _gates(request, event, principal, at_booths=device.profile is Profile.BOOTH),
        "values": values or _values(device),
        "errors": field_sentences(dict(errors or {})),
        "verdict_words": words(language_for(request)),
        **moments,
    }
    return page(request, "desk_device.html", context, status=422 if errors else 200)


async def _gates(request: Ask, event: Event, principal: Principal, *, at_booths: bool) -> list[Gate]:
    """The exhibitors' gates, or those of the doors; only an event without any is written to."""
    database, now = request.state["database"], request.state["clock"].now()
    gates = await database.read(lambda tx: tx.run_sync(gates_of, event.id))
    if not gates:
        gates = await database.write(lambda tx: usable_gates(tx, event.id, actor=principal.name, now=now))
    booths = {each.gate_id for each in await database.read(lambda tx: exhibitors_of(tx, event.id))}
    return [gate for gate in gates if (gate.id in booths) == at_booths]


def _values(device: Device) -> dict[str, str]:
    return {
        "name": device.name,
        "gate": str(device.gate_id),
        "profile": device.profile,
        "language": device.language,
    }


def _moments(request: Ask) -> dict[str, Any]:
    """What a template says of times with: `ago(moment)`, beside `say_time`."""
    now, locale = request.state["clock"].now(), language_for(request).locale

    def ago(moment: datetime) -> str:
        passed = max(now - moment, _SECOND)
        return format_timedelta(-passed, granularity="second", add_direction=True, format="short", locale=locale)

    return {"now": now, "ago": ago}


routes = [
    Route("/desk/{event}/door/devices", device_list, name="desk:devices", methods=["GET"]),
    Route("/desk/{event}/door/devices", start_pairing, methods=["POST"]),
    Route("/desk/{event}/door/devices/pair/{secret}", pairing, name="desk:pairing", methods=["GET"]),
    Route("/desk/{event}/door/devices/{device:uuid}", device_home, name="desk:device", methods=["GET"]),
    Route("/desk/{event}/door/devices/{device:uuid}", move_device, methods=["POST"]),
    Route("/desk/{event}/door/devices/{device:uuid}/withdraw", withdraw_device, name="desk:withdraw", methods=["POST"]),
]
