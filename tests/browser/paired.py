"""Phones and kiosks at the door of a running house, each in a browser of its own, and stewards with their PINs."""

from playwright.async_api import Page

from checkin import devices, stewards
from checkin.devices import Placement
from checkin.gates import usable_gates
from checkin.models import Gate, Profile
from events.core.i18n import Language
from events.core.web import DEVICE_COOKIE
from events.models import Event
from tests.browser.house import House
from tests.browser.visitor import TABLET, Visitors


async def gates_of(house: House, event: Event) -> list[Gate]:
    """The event's gates; the first is its main entrance."""
    return await house.database.write(lambda tx: usable_gates(tx, event.id, actor="cast", now=house.now))


async def paired_page(
    visitors: Visitors,
    event: Event,
    *,
    profile: Profile = Profile.SCANNER,
    language: Language = Language.ZH_HANS,
    size: tuple[int, int] = TABLET,
) -> Page:
    """An empty page of a browser that was paired at the main entrance."""
    house = visitors.house
    secret = await pair(house, event, profile=profile, language=language)
    page = await visitors.enter(language=language.value, size=size)
    await page.context.add_cookies([{"name": DEVICE_COOKIE, "value": secret, "url": house.url}])
    return page


async def pair(house: House, event: Event, *, profile: Profile, language: Language) -> str:
    """The secret of a new device at the main entrance."""
    gate = (await gates_of(house, event))[0]
    placed = Placement(name="", gate_id=gate.id, profile=profile, language=language)

    async def made(tx: object) -> str:
        code = await devices.start_pairing(
            tx, house.keyring, event_id=event.id, placed=placed, actor="cast", now=house.now
        )
        phone = await devices.pair(tx, house.keyring, code=code, former=None, language=None, now=house.now)
        return phone.token

    return await house.database.write(made)


async def pin_of(house: House, event: Event, name: str, *, lead: bool = False) -> str:
    """The PIN of a new steward."""
    _, pin = await house.database.write(
        lambda tx: stewards.add_steward(
            tx, house.keyring, event_id=event.id, name=name, lead=lead, actor="cast", now=house.now
        )
    )
    return pin
