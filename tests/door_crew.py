"""Phones and stewards at the door of the cast's event, made through the verbs that the pages call."""

from typing import Any

import httpx

from checkin import devices, stewards
from checkin.devices import Paired, Placement
from checkin.models import DeviceId, Profile, Steward
from events.core.i18n import Language
from events.core.web import DEVICE_COOKIE
from tests.cast import Cast


def placed_at(cast: Cast, **given: Any) -> Placement:
    """A scanner at the main entrance."""
    usual = {"name": "主入口 1 号机", "gate_id": cast.gate.id, "profile": Profile.SCANNER, "language": Language.ZH_HANS}
    return Placement(**{**usual, **given})


async def code_for(cast: Cast, **given: Any) -> str:
    """A pairing code that nobody has used."""
    keyring, now = cast.state["keyring"], cast.clock.now()
    return await cast.database.write(
        lambda tx: devices.start_pairing(
            tx, keyring, event_id=cast.event.id, placed=placed_at(cast, **given), actor="lead@example.org", now=now
        )
    )


async def paired(cast: Cast, **given: Any) -> Paired:
    """A paired device, with the secret that it keeps."""
    keyring, code = cast.state["keyring"], await code_for(cast, **given)
    return await cast.database.write(
        lambda tx: devices.pair(tx, keyring, code=code, former=None, language=None, now=cast.clock.now())
    )


async def phone(cast: Cast, **given: Any) -> tuple[httpx.AsyncClient, DeviceId]:
    """The browser of a paired phone."""
    made = await paired(cast, **given)
    return cast.browser(cookies={DEVICE_COOKIE: made.token}), made.device_id


async def steward(cast: Cast, name: str = "陈小满", *, lead: bool = False) -> tuple[Steward, str]:
    """A steward with their PIN."""
    keyring, now = cast.state["keyring"], cast.clock.now()
    return await cast.database.write(
        lambda tx: stewards.add_steward(
            tx, keyring, event_id=cast.event.id, name=name, lead=lead, actor="lead@example.org", now=now
        )
    )
