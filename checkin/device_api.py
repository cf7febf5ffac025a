"""The API of paired devices: how they report, how a steward signs on, and how they all are."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from checkin import devices, stewards
from checkin.credential import STEWARD_HEADER, credential
from checkin.device_store import device_by_id
from checkin.devices import Report
from checkin.gates_version import gates_version
from checkin.health import concerns_of
from checkin.models import Device, DeviceId, Gate, Profile, Steward
from checkin.store import gates_of
from events.access import event_for, event_id_for
from events.core.auth import Scope
from events.core.errors import Forbidden
from events.core.guard import Brake
from events.core.ids import EventId
from events.core.web import Ask, principal_of, read_json
from events.forms import Line

_TRUSTED_SKEW = timedelta(seconds=2)
_MEMORY = timedelta(days=7)
_LARGEST = 10_000_000


class ReportForm(BaseModel):
    """How a device is. Its own times are by its own clock; `data_at` is what the manifest said."""

    model_config = ConfigDict(extra="forbid")

    sent_at: AwareDatetime
    waiting: Annotated[int, Field(ge=0, le=_LARGEST)] = 0
    oldest_waiting_at: AwareDatetime | None = None
    data_at: AwareDatetime | None = None
    skew_ms: float | None = None
    battery: Annotated[float, Field(ge=0, le=100)] | None = None
    held: Annotated[int, Field(ge=0, le=_LARGEST)] = 0
    app: Annotated[Line, Field(max_length=80)] = ""
    profile_seen: Annotated[Line, Field(max_length=20)] | None = None


class PinForm(BaseModel):
    """What a steward types to sign on."""

    model_config = ConfigDict(extra="forbid")

    pin: Annotated[str, Field(pattern=rf"^[0-9]{{{stewards.PIN_LENGTH}}}$")]


async def report(request: Ask) -> Response:
    """`POST /events/{event}/device`: takes how a device is, a booth's too, and answers what has changed for it."""
    principal = await principal_of(request)
    scope = Scope.BOOTH if Scope.BOOTH in principal.scopes else Scope.DOOR
    event_id, device_id = await _device_asking(request, scope)
    form = await read_json(request, ReportForm)
    database, now = request.state["database"], request.state["clock"].now()

    async def known(tx: AsyncConnection) -> tuple[Device, list[Gate], Steward | None]:
        steward = await stewards.steward_on(
            tx, request.state["keyring"], event_id=event_id, device_id=device_id, credential_text=_credential(request)
        )
        return await device_by_id(tx, event_id, device_id), await tx.run_sync(gates_of, event_id), steward

    device, gates, steward = await database.read(known)
    told = _told(form, steward, now)
    if devices.is_news(device, told, now):
        await database.write(lambda tx: devices.report(tx, event_id=event_id, device_id=device_id, told=told, now=now))
    return JSONResponse(
        {
            "at": now.isoformat(),
            "device": _identity(device),
            "gates_version": gates_version(gates),
            "steward_valid": steward is not None,
        }
    )


async def sign_on(request: Ask) -> Response:
    """`POST /events/{event}/device/sign-on`: a steward takes the device over; ten tries in five minutes."""
    event_id, device_id = await _device_asking(request, Scope.DOOR)
    pin = (await read_json(request, PinForm)).pin
    brake: Brake = request.scope["state"]["pin_brake"]
    await brake.press(str(device_id))
    keyring, now = request.state["keyring"], request.state["clock"].now()
    steward = await request.state["database"].write(
        lambda tx: stewards.sign_on(tx, keyring, event_id=event_id, device_id=device_id, pin=pin, now=now)
    )
    told = {"id": str(steward.id), "name": steward.name, "lead": steward.lead}
    return JSONResponse({"steward": told, "credential": credential(keyring, device_id, steward)})


async def list_devices(request: Ask) -> Response:
    """`GET /events/{event}/devices`: every device with what is worth a look."""
    event, _ = await event_for(request, Scope.DESK)
    now = request.state["clock"].now()
    found = await request.state["database"].read(lambda tx: devices.devices_of(tx, event.id))
    return JSONResponse({"devices": [_state(device, now) for device in found]})


async def _device_asking(request: Ask, scope: Scope) -> tuple[EventId, DeviceId]:
    event_id, principal = await event_id_for(request, scope)
    if principal.device_id is None:
        raise Forbidden
    return event_id, DeviceId(principal.device_id)


def _credential(request: Ask) -> str:
    return request.headers.get(STEWARD_HEADER, "")


def _told(form: ReportForm, steward: Steward | None, now: datetime) -> Report:
    """The report by our clock."""
    skew = now - form.sent_at
    return Report(
        steward=steward.name if steward else "",
        waiting=form.waiting,
        oldest_waiting_at=_ours(form.oldest_waiting_at, now, skew) if form.waiting else None,
        data_at=_ours(form.data_at, now, timedelta()),
        skew_ms=devices.skew_ms(form.sent_at, now),
        battery=round(form.battery) if form.battery is not None else None,
        held=form.held,
        app=form.app,
    )


def _ours(moment: datetime | None, now: datetime, skew: timedelta) -> datetime | None:
    """A moment of a clock that is `skew` behind ours; within the last week, whatever the device says."""
    if moment is None:
        return None
    age = now - moment - (skew if abs(skew) >= _TRUSTED_SKEW else timedelta())
    return now - max(timedelta(), min(age, _MEMORY))


def _identity(device: Device) -> dict[str, str]:
    return {
        "id": str(device.id),
        "name": device.name,
        "profile": Profile(device.profile).value,
        "gate": str(device.gate_id),
        "language": device.language,
    }


def _state(device: Device, now: datetime) -> dict[str, Any]:
    facts = {name: _plain(value) for name, value in asdict(device).items()}
    return {**facts, "concerns": [concern.value for concern in concerns_of(device, now)]}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, int) else str(value)


routes = [
    Route("/api/v1/events/{event}/device", report, name="api:device", methods=["POST"]),
    Route("/api/v1/events/{event}/device/sign-on", sign_on, name="api:sign_on", methods=["POST"]),
    Route("/api/v1/events/{event}/devices", list_devices, name="api:devices", methods=["GET"]),
]
