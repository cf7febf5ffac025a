"""Real Chromium before the real server: one browser for all these tests, one server for each file of them."""

from collections.abc import AsyncGenerator

import pytest
from playwright.async_api import Browser, expect

from tests.browser.camera import Camera
from tests.browser.chromium import chromium
from tests.browser.house import House, house_in
from tests.browser.visitor import Visitors
from tests.programs import needs_program

_PATIENCE_MS = 10_000


@pytest.fixture(scope="package")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="package")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Camera:
    """What the browser films, a bare wall at first."""
    return Camera(tmp_path_factory.mktemp("camera") / "film.mjpeg")


@pytest.fixture(scope="package")
async def browser(camera: Camera) -> AsyncGenerator[Browser]:
    needs_program("chromium")
    expect.set_options(timeout=_PATIENCE_MS)
    async with chromium(*camera.flags) as browser:
        yield browser


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
