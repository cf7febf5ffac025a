"""The pictures of `docs/door.md`: what a steward meets, one screen each. Taken by `python -m tests.pictures`.

The answers are written here, so that a picture shows its state and not what a demonstration happens to lead to.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from PIL import Image
from playwright.async_api import Browser, Page, Route, expect

from checkin.models import Profile
from events.core.i18n import Language
from events.core.web import DEVICE_COOKIE
from events.models import Event, Guest
from tests.browser.chromium import chromium
from tests.browser.house import House
from tests.browser.paired import pair
from tests.browser.scanner import scan

DOOR_INPUTS = (
    "checkin/templates/door*.html",
    "checkin/*_words.py",
    "events/demo/*.csv",
    "events/demo/*.json",
    "static/css/door*.css",
    "static/css/tokens.css",
    "static/js/door/*.js",
    "tests/door_pictures.py",
)
KIOSK_INPUTS = (
    "checkin/kiosk_words.py",
    "checkin/templates/kiosk.html",
    "static/css/kiosk.css",
    "static/css/tokens.css",
    "static/js/kiosk/*.js",
    "tests/door_pictures.py",
)
FIRST = {"at": "2026-03-02T05:12:00Z", "gate": "North gate", "by": "Chan Siu Mun"}
VERDICTS: dict[str, dict[str, Any]] = {
    "admitted": {"verdict": "admitted", "admits": True, "pick_slot": "B-07"},
    "vip": {"verdict": "admitted_vip", "admits": True, "round": "Round 2", "seat": "A-3"},
    "already-inside": {"verdict": "already_inside", "first": FIRST},
    "wrong-gate": {"verdict": "wrong_gate", "reason": "North gate"},
    "not-confirmed": {"verdict": "not_confirmed"},
    "cancelled": {"verdict": "cancelled", "reason": "Sent word by telephone"},
    "unsynced": {"verdict": "valid_unsynced", "admits": True, "offline": True, "guest": None},
    "unknown": {"verdict": "unknown", "guest": None},
}
DOOR_STATES = ("idle", *VERDICTS, "search", "walk-in", "self-test")
_CODE = "Y1H7K2MD0K5GFWVSMMT919J8J2FG"
_PHONE = {"width": 360, "height": 640}
_KIOSK = {"width": 768, "height": 1024}
_SHOWN_AS_GUEST = ("pick_slot", "round", "seat")
_STILL = """
const wait = window.setTimeout
window.setTimeout = (act, ms, ...given) => wait(act, ms > 1200 && ms <= 1500 ? 3_600_000 : ms, ...given)
"""


@dataclass
class _Server:
    """Answers scans as the picture wants it."""

    answer: dict[str, Any] = field(default_factory=dict)

    async def judge(self, route: Route) -> None:
        sent = route.request.post_data_json["scans"]
        usual = {"admits": False, "needs": "nothing", "reason": ""}
        await route.fulfill(json={"results": [{"id": each["id"], **usual, **self.answer} for each in sent]})


async def door_pictures(house: House, event: Event, guest: Guest) -> AsyncIterator[tuple[str, Image.Image]]:
    """Every state by name, `door-idle.png` first; `guest` stands at the door."""
    async with chromium() as browser:
        page = await _paired(browser, house, event, profile=Profile.SCANNER, size=_PHONE)
        await page.add_init_script(_STILL)
        server = _Server()
        await page.route("**/scans", server.judge)
        await _opened(page, event)
        yield "door-idle.png", await _picture(page)
        for name, given in VERDICTS.items():
            server.answer = _answer(guest, given)
            await _opened(page, event)
            await scan(page, guest.code if given.get("guest", guest) else _CODE)
            await page.locator(f"[data-verdict={given['verdict']}]").wait_for()
            yield f"door-{name}.png", await _picture(page)
        async for name, picture in _panels(page, event, guest):
            yield name, picture
        kiosk = await _paired(browser, house, event, profile=Profile.KIOSK, size=_KIOSK)
        await kiosk.goto(f"/door/{event.slug}/kiosk")
        await kiosk.locator("[data-part=tongues]").wait_for()
        yield "door-kiosk.png", await _picture(kiosk)


async def _opened(page: Page, event: Event) -> None:
    await page.goto(f"/door/{event.slug}")
    await expect(page.locator("[data-part=connection]")).to_have_text("Connected")


async def _panels(page: Page, event: Event, guest: Guest) -> AsyncIterator[tuple[str, Image.Image]]:
    await _opened(page, event)
    await page.get_by_role("combobox", name="Find a guest").fill(guest.name[0])
    await page.get_by_role("option").first.wait_for()
    yield "door-search.png", await _picture(page)
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Walk-in").click()
    await page.get_by_role("dialog", name="Walk-in").wait_for()
    yield "door-walk-in.png", await _picture(page)
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Self-test").click()
    await scan(page, "YINGBINTEST")
    yield "door-self-test.png", await _picture(page)


async def _paired(browser: Browser, house: House, event: Event, *, profile: Profile, size: dict[str, int]) -> Page:
    secret = await pair(house, event, profile=profile, language=Language.EN)
    page = await browser.new_page(viewport=size, device_scale_factor=1.5, locale="en", base_url=house.url)
    await page.context.add_cookies([{"name": DEVICE_COOKIE, "value": secret, "url": house.url}])
    return page


async def _picture(page: Page) -> Image.Image:
    return Image.open(BytesIO(await page.screenshot(animations="disabled")))


def _answer(guest: Guest, given: dict[str, Any]) -> dict[str, Any]:
    seen = {
        "id": str(guest.id),
        "name": guest.name,
        "name_latin": guest.name_latin,
        "organisation": guest.organisation,
        "job_title": guest.job_title,
        "language": guest.language.value,
        "category_name": "Guest",
        "category_colour": "#19804c",
        **{name: given[name] for name in _SHOWN_AS_GUEST if name in given},
    }
    return {"guest": seen, **{name: value for name, value in given.items() if name not in _SHOWN_AS_GUEST}}
