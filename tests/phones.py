"""Paired devices for the tests of the door: each with its own browser, and stewards who sign on to it."""

from dataclasses import dataclass

import httpx

from checkin.credential import credential
from checkin.devices import Placement, pair, start_pairing
from checkin.models import DeviceId, Profile
from checkin.stewards import add_steward
from events.core.i18n import Language
from events.core.web import DEVICE_COOKIE
from tests.cast import Cast


@dataclass(frozen=True)
class Phone:
    """A device with its browser."""

    id: DeviceId
    browser: httpx.AsyncClient


async def paired(cast: Cast, profile: Profile = Profile.SCANNER) -> Phone:
    """A phone that has just been paired at the main entrance."""
    keyring, now = cast.state["keyring"], cast.clock.now()
    placed = Placement(name="", gate_id=cast.gate.id, profile=profile, language=Language.EN)
    code = await cast.database.write(
        lambda tx: start_pairing(tx, keyring, event_id=cast.event.id, placed=placed, actor="cast", now=now)
    )
    made = await cast.database.write(lambda tx: pair(tx, keyring, code=code, former=None, language=None, now=now))
    return Phone(made.device_id, cast.browser(cookies={DEVICE_COOKIE: made.token}))


async def signed_on(cast: Cast, phone: Phone, name: str, *, lead: bool) -> str:
    """The credential of a new steward on that phone."""
    keyring, now = cast.state["keyring"], cast.clock.now()
    steward, _ = await cast.database.write(
        lambda tx: add_steward(tx, keyring, event_id=cast.event.id, name=name, lead=lead, actor="cast", now=now)
    )
    return credential(keyring, phone.id, steward)
