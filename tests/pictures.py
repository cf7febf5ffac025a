"""Makes the pictures of the README and of docs/, of the demonstration event: `python -m tests.pictures`.

Each picture carries a digest of the files that it shows, so that a test tells when it is out of date, whatever the
machine's fonts and rendering are.
"""

import asyncio
import subprocess
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo
from playwright.async_api import expect

from badges import badge
from badges.badge import HAIRLINE
from badges.shop import badge_of, header_of
from events import seeding, store
from events.core.i18n import Language
from events.core.ids import Role
from events.core.web import SESSION_COOKIE
from events.demo.story import load
from events.models import Event, Guest
from tests.browser.chromium import chromium
from tests.browser.house import House, house_in
from tests.browser.scanner import scan
from tests.door_pictures import DOOR_INPUTS, DOOR_STATES, KIOSK_INPUTS, door_pictures
from tests.stage_pictures import STAGE_INPUTS, STAGE_VIEWS, stage_pictures

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "pictures"
INPUTS = {
    "door.png": (
        "checkin/templates/door*.html",
        "checkin/*_words.py",
        "events/demo/*.csv",
        "events/demo/*.json",
        "static/css/door*.css",
        "static/css/tokens.css",
        "static/js/door/*.js",
        "tests/pictures.py",
    ),
    "badge.png": (
        "badges/badge.py",
        "badges/canvas.py",
        "badges/fonts.py",
        "badges/paper.py",
        "badges/shop.py",
        "badges/symbol.py",
        "badges/typeset.py",
        "events/demo/*.csv",
        "events/demo/*.json",
        "static/package-lock.json",
        "tests/pictures.py",
    ),
    **{f"door-{state}.png": DOOR_INPUTS for state in DOOR_STATES},
    "door-kiosk.png": KIOSK_INPUTS,
    **{f"stage-{view}.png": STAGE_INPUTS for view in STAGE_VIEWS},
}
_DAY = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
_GUEST = "上官若云"
_CODE = "Y1H7K2MD0K5GFWVSMMT919J8J2FG"
_PHONE = (420, 594)
_DPI = 203
_KEY = "inputs"


@dataclass(frozen=True)
class Sitter:
    """Whose badge and whose arrival are shown."""

    house: House
    event: Event
    guest: Guest


def inputs_of(picture: str, root: Path = ROOT) -> list[Path]:
    """The files that the picture shows."""
    return sorted(path for pattern in INPUTS[picture] for path in root.glob(pattern))


def digest_of(picture: str, root: Path = ROOT) -> str:
    """What the picture's inputs say now."""
    digest = sha256()
    for path in inputs_of(picture, root):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_text("utf-8").encode())
    return digest.hexdigest()


def kept_digest(picture: str) -> str:
    """What they said when the picture was made."""
    with Image.open(FOLDER / picture) as image:
        return image.text[_KEY]


async def make() -> None:
    """Writes all pictures."""
    async with _house() as house:
        sitter = await _seated(house)
        _keep("badge.png", await _badge(sitter))
        _keep("door.png", await _door(sitter))
        async for name, picture in door_pictures(house, sitter.event, sitter.guest):
            _keep(name, picture)
    async with _house() as house:
        async for name, picture in stage_pictures(house):
            _keep(name, picture)


@asynccontextmanager
async def _house() -> AsyncGenerator[House]:
    with TemporaryDirectory(prefix="yingbin-") as folder:
        house = house_in(Path(folder))
        await house.start()
        try:
            yield house
        finally:
            await house.close()


async def _seated(house: House) -> Sitter:
    story = load()
    event = await house.database.write(lambda tx: seeding.seed_event(tx, story, now=_DAY))
    await house.database.write(lambda tx: seeding.seed_guests(tx, event, story, now=_DAY))
    guests = await house.database.read(lambda tx: store.confirmed_guests(tx, event.id))
    return Sitter(house, event, next(guest for guest in guests if guest.name == _GUEST))


async def _badge(sitter: Sitter) -> Image.Image:
    event = sitter.event
    hosts = await sitter.house.database.read(lambda tx: store.hosts_of(tx, event.id))
    categories = await sitter.house.database.read(lambda tx: store.categories_of(tx, event.id))
    drawn = replace(badge_of(sitter.guest, categories), code=_CODE)
    pdf = badge.draw([drawn], event=header_of(event, hosts, Language.ZH_HANS))
    return _printed(pdf)


def _printed(pdf: bytes) -> Image.Image:
    """The first page with an edge, as it would have on a table."""
    command = ["pdftoppm", "-r", str(_DPI), "-png", "-singlefile", "-"]
    page = Image.open(BytesIO(subprocess.run(command, input=pdf, capture_output=True, check=True).stdout))
    ImageDraw.Draw(page).rectangle((0, 0, page.width - 1, page.height - 1), outline=HAIRLINE, width=2)
    return page


async def _door(sitter: Sitter) -> Image.Image:
    house = sitter.house
    secret = await house.session(await house.user(Role.STEWARD))
    width, height = _PHONE
    async with chromium() as browser:
        page = await browser.new_page(
            viewport={"width": width, "height": height}, device_scale_factor=2, locale="en", base_url=house.url
        )
        await page.context.add_cookies([{"name": SESSION_COOKIE, "value": secret, "url": house.url}])
        await page.goto(f"/door/{sitter.event.slug}")
        await expect(page.locator("[data-part=connection]")).to_have_text("Connected")
        await scan(page, sitter.guest.code)
        await expect(page.get_by_role("group", name="Guest of honour")).to_contain_text(_GUEST)
        return Image.open(BytesIO(await page.screenshot(animations="disabled")))


def _keep(name: str, picture: Image.Image) -> None:
    about = PngInfo()
    about.add_text(_KEY, digest_of(name))
    FOLDER.mkdir(parents=True, exist_ok=True)
    picture.convert("RGB").save(FOLDER / name, pnginfo=about, optimize=True)


if __name__ == "__main__":
    asyncio.run(make())
