"""Real Chromium before the real server: one browser for all these tests, one server for each file of them."""

from collections.abc import AsyncGenerator

import pytest
from playwright.async_api import Browser, async_playwright

from tests.browser.camera import Camera
from tests.browser.house import House, house_in
from tests.browser.visitor import Visitors
from tests.programs import needs_program

_FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="package")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="package")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Camera:
    """What the browser films, a bare wall at first."""
    return Camera(tmp_path_factory.mktemp("camera") / "film.mjpeg")


@pytest.fixture(scope="package")
async def browser(camera: Camera) -> AsyncGenerator[Browser]:
    chromium = needs_program("chromium")
    async with async_playwright() as playwright:
        yield await playwright.chromium.launch(executable_path=chromium, args=[*_FLAGS, *camera.flags])


@pytest.fixture(scope="module")
async def house(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[House]:
    """A running server with nothing in it. Where there is no browser, none is started."""
    opened = house_in(tmp_path_factory.mktemp("house"))
    await opened.start()
    yield opened
    await opened.close()


@pytest.fixture
async def visitors(browser: Browser, house: House) -> AsyncGenerator[Visitors]:
    """Lets people in, sends them home, and fails where a browser complained."""
    visitors = Visitors(browser, house)
    yield visitors
    assert await visitors.leave() == []
