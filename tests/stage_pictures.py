"""The pictures of `docs/stage.md`: the stage of the demonstration event in the middle of the signing.

Called by `python -m tests.pictures`. The first eleven rounds are over, the twelfth lacks its signatory.
"""

import subprocess
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from io import BytesIO
from uuid import uuid4

import httpx
import sqlalchemy as sa
from PIL import Image, ImageDraw
from playwright.async_api import Page

from badges.badge import HAIRLINE
from checkin.gates import usable_gates
from checkin.stage.actor import Actor
from checkin.stage.conducting import act
from checkin.stage.demonstration import seed_stage
from checkin.stage.models import Act, Round, Stage, steps_of
from checkin.stage.store import stage_of
from checkin.stage.substituting import substitute
from events import seeding
from events.core import accounts
from events.core.auth import Scope
from events.core.i18n import Language
from events.core.ids import Role
from events.core.web import SESSION_COOKIE
from events.demo.ceremony import load_ceremony
from events.demo.story import load
from events.models import Event, GuestId
from events.store import confirmed_guests
from events.tables import segments
from tests.browser.chromium import chromium
from tests.browser.house import House

STAGE_INPUTS = (
    "badges/record*.py",
    "badges/tablecard.py",
    "checkin/stage/*_words.py",
    "checkin/templates/stage/*.html",
    "events/demo/*.csv",
    "events/demo/*.json",
    "static/css/stage*.css",
    "static/css/tokens.css",
    "static/js/stage/*.js",
    "tests/stage_pictures.py",
)
STAGE_VIEWS = ("programme", "board", "substitute", "mc", "plan", "card", "record")
_MANAGER = Actor(id="protocol@example.org", name="何卓文", where="三楼国际会议厅")
_OVER = 11
_LAPTOP, _TABLET, _PHONE = (1180, 900), (820, 1180), (390, 844)
_ACTS = {
    "ready": Act.READY,
    "called": Act.CALL,
    "on_stage": Act.STAGE,
    "signed": Act.SIGN,
    "exchanged": Act.EXCHANGE,
    "closed": Act.CLOSE,
}


async def stage_pictures(house: House) -> AsyncIterator[tuple[str, Image.Image]]:
    """Every view by name, `stage-programme.png` first; `house` is empty."""
    event = await _in_full_swing(house)
    stage = await house.database.read(lambda tx: stage_of(tx, event.id, house.now))
    waiting = stage.rounds[_OVER]
    here, at = f"/stage/{event.slug}", f"/stage/{event.slug}/rounds/{waiting.id}"
    part = next(each for each in waiting.participants if _named(stage, each.guest_id) == _original())
    secret = await house.session(await house.user(Role.PROTOCOL, language=Language.EN))
    async with chromium() as browser:
        context = await browser.new_context(base_url=house.url, locale="en", device_scale_factor=1.5)
        await context.add_cookies([{"name": SESSION_COOKIE, "value": secret, "url": house.url}])
        page = await context.new_page()
        show = partial(_picture, page)
        yield "stage-programme.png", await show(f"/desk/{event.slug}/programme", _LAPTOP)
        yield "stage-board.png", await show(here, _LAPTOP, at=f"#r-{waiting.id}")
        asking = f"{at}?ask=substitute&participant={part.id}"
        yield "stage-substitute.png", await show(asking, _PHONE, at="#asking")
        yield "stage-mc.png", await _lectern(page, f"{here}/mc?lang=zh-Hans")
        yield "stage-plan.png", await show(f"{at}/plan?view=hall&lang=zh-Hans", _LAPTOP)
        await _substituted(house, event, waiting)
        papers = f"/api/v1/events/{event.slug}"
        card = await page.request.get(f"{papers}/tablecards.pdf?round={waiting.id}", timeout=60_000)
        yield "stage-card.png", _printed(await card.body())
        record = await page.request.get(f"{papers}/record.pdf?lang=zh-Hans", timeout=60_000)
        yield "stage-record.png", _printed(await record.body(), saying="熊大伟 代 蒋𣲗 签")


async def _in_full_swing(house: House) -> Event:
    """The event on the day, ten minutes before the twelfth round; everybody is in but one."""
    story, ceremony = load(), load_ceremony()
    event = await house.database.write(lambda tx: seeding.seed_event(tx, story, now=house.now))
    await house.database.write(lambda tx: seeding.seed_guests(tx, event, story, now=house.now))
    await house.database.write(lambda tx: seed_stage(tx, event, ceremony, now=house.now))
    await _now(house, event)
    await _arrive(house, event)
    stage = await house.database.read(lambda tx: stage_of(tx, event.id, house.now))
    for this in stage.rounds[:_OVER]:
        await _conduct(house, event, this)
    await _press(house, event, stage.rounds[_OVER], Act.READY)
    return event


async def _now(house: House, event: Event) -> None:
    """Moves the programme so that the signing begins in ten minutes."""
    stage = await house.database.read(lambda tx: stage_of(tx, event.id, house.now))
    shift = house.now + timedelta(minutes=10) - stage.segment(stage.rounds[_OVER].segment_id).starts_at
    for each in stage.segments:
        own = segments.c.event_id == event.id, segments.c.segment_id == each.id
        times = {"starts_at": each.starts_at + shift, "ends_at": each.ends_at + shift}
        await house.database.write(
            lambda tx, own=own, times=times: tx.execute(sa.update(segments).where(*own).values(**times))
        )


async def _arrive(house: House, event: Event) -> None:
    """Scans everybody in but the one who will be replaced."""
    token = await house.database.write(
        lambda tx: accounts.create_token(
            tx, house.keyring, event_id=event.id, scope=Scope.DOOR, name="scanner", now=house.now
        )
    )
    gates = await house.database.write(lambda tx: usable_gates(tx, event.id, actor="cast", now=house.now))
    guests = await house.database.read(lambda tx: confirmed_guests(tx, event.id))
    made = {"gate": str(gates[0].id), "scanned_at": house.now.isoformat()}
    scans = [{**made, "id": str(uuid4()), "code": each.code} for each in guests if each.name != _original()]
    async with httpx.AsyncClient(base_url=house.url, headers={"Authorization": f"Bearer {token}"}) as script:
        (await script.post(f"/api/v1/events/{event.slug}/scans", json={"scans": scans}, timeout=60)).raise_for_status()


async def _conduct(house: House, event: Event, this: Round) -> None:
    for state in steps_of(this.kind)[1:]:
        await _press(house, event, this, _ACTS[state.value])


async def _press(house: House, event: Event, this: Round, done: Act) -> None:
    await house.database.write(lambda tx: act(tx, event, this.id, done, version=None, actor=_MANAGER, now=house.now))


async def _substituted(house: House, event: Event, this: Round) -> None:
    """The twelfth round is signed by the substitute."""
    told = load_ceremony().substitution
    guests = await house.database.read(lambda tx: confirmed_guests(tx, event.id))
    ids = {guest.name: guest.id for guest in guests}
    part = next(each for each in this.participants if each.guest_id == ids[told.original])
    words = {"authority": told.authority, "reason": told.reason, "version": None, "actor": _MANAGER, "now": house.now}
    await house.database.write(
        lambda tx: substitute(tx, event, this.id, part.id, substitute=ids[told.substitute], **words)
    )
    for state in steps_of(this.kind)[2:]:
        await _press(house, event, this, _ACTS[state.value])


def _original() -> str:
    return load_ceremony().substitution.original


def _named(stage: Stage, guest_id: GuestId | None) -> str:
    return stage.people[guest_id].guest.name if guest_id else ""


async def _picture(page: Page, path: str, size: tuple[int, int], *, at: str = "") -> Image.Image:
    """The page as it opens, or scrolled so that `at` stands in the middle."""
    width, height = size
    await page.set_viewport_size({"width": width, "height": height})
    await page.goto(path)
    await page.wait_for_load_state("load")
    if at:
        await page.locator(at).evaluate("part => part.scrollIntoView({ block: 'center', behavior: 'instant' })")
    return await _screen(page)


async def _lectern(page: Page, path: str) -> Image.Image:
    """The master of ceremonies has come to the line that names who is to sign."""
    await _picture(page, path, _TABLET)
    while not await page.get_by_text(_original()).first.is_visible():
        await page.keyboard.press("PageDown")
    await page.keyboard.press("PageDown")
    return await _screen(page)


async def _screen(page: Page) -> Image.Image:
    return Image.open(BytesIO(await page.screenshot(animations="disabled")))


def _printed(pdf: bytes, *, saying: str = "") -> Image.Image:
    """The first page, or the first that says so, with an edge."""
    pages = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    number = next(at for at, words in enumerate(pages.split("\f"), 1) if saying in words)
    command = ["pdftoppm", "-r", "80", "-png", "-f", str(number), "-l", str(number), "-singlefile", "-"]
    page = Image.open(BytesIO(subprocess.run(command, input=pdf, capture_output=True, check=True).stdout))
    ImageDraw.Draw(page).rectangle((0, 0, page.width - 1, page.height - 1), outline=HAIRLINE, width=2)
    return page
