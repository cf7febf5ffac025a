"""A device that trusts the house's own authority has what the door needs, at the address that phones open."""

import hashlib
from base64 import b64encode
from collections.abc import AsyncGenerator

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.async_api import Browser, BrowserContext, Error

from events.core.i18n import Language
from events.core.machine import this_machine
from tests.browser.axe import violations
from tests.browser.camera import Camera
from tests.browser.chromium import chromium
from tests.browser.test_pages import faults_of
from tests.programs import needs_program
from tests.secured import Secured, secured_house

pytestmark = pytest.mark.browser

HOST = this_machine().reached_at("0.0.0.0")[0]
"""An address of the local network, which no browser takes for safe by itself; without a network, loopback."""
ABILITIES = """async () => {
  const registration = await navigator.serviceWorker.register('/static/js/ticket.js', { type: 'module' })
  const film = await navigator.mediaDevices.getUserMedia({ video: true })
  return [isSecureContext, Boolean(registration.scope), film.getVideoTracks().length, Boolean(crypto.subtle)]
}"""


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Secured]:
    needs_program("chromium")
    async with secured_house(tmp_path_factory.mktemp("secured"), "--host", "0.0.0.0") as opened:
        yield opened


@pytest.fixture(scope="module")
async def trusting(house: Secured, camera: Camera) -> AsyncGenerator[Browser]:
    """A browser that trusts this server and no other whose certificate nobody knows."""
    trusted = f"--ignore-certificate-errors-spki-list={_pin(house.certificate)}"
    async with chromium(*camera.flags, "--use-fake-ui-for-media-stream", trusted) as browser:
        yield browser


@pytest.fixture
async def device(trusting: Browser) -> AsyncGenerator[BrowserContext]:
    context = await trusting.new_context(permissions=["camera"])
    yield context
    await context.close()


def _pin(certificate: x509.Certificate) -> str:
    spki = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b64encode(hashlib.sha256(spki).digest()).decode()


async def test_camera_worker_and_keys_are_there_over_https(house: Secured, device: BrowserContext) -> None:
    page = await device.new_page()
    await page.goto(f"https://{HOST}:{house.port}/desk/sign-in")

    assert await page.evaluate(ABILITIES) == [True, True, 1, True]


async def test_without_https_there_is_no_camera(house: Secured, device: BrowserContext) -> None:
    page = await device.new_page()
    await page.goto(f"http://{HOST}:{house.plain_port}/trust")

    found = await page.evaluate("() => [isSecureContext, 'mediaDevices' in navigator]")

    assert found == [HOST == "localhost"] * 2


async def test_a_browser_that_was_not_told_does_not_open_the_house(house: Secured, browser: Browser) -> None:
    page = await browser.new_page()

    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        await page.goto(f"https://{HOST}:{house.port}/desk/sign-in")
    await page.close()


async def test_the_page_about_trusting_is_in_order(house: Secured, device: BrowserContext) -> None:
    page = await device.new_page()
    address = f"http://{HOST}:{house.plain_port}/trust"

    faults = [fault for language in Language async for fault in faults_of(page, address, language)]
    for steps in await page.locator("summary").all():
        await steps.click()
        faults += await violations(page)

    assert faults == []
    assert await device.cookies() == []


async def test_from_the_page_about_trusting_the_way_leads_to_the_door(house: Secured, device: BrowserContext) -> None:
    page = await device.new_page()
    await page.goto(f"http://{HOST}:{house.plain_port}/trust?lang=en")

    await page.get_by_role("link", name="Open the door page").click()
    await page.wait_for_url(f"https://{HOST}:{house.port}/desk/sign-in?next=%2Fdoor")

    assert await page.evaluate("() => isSecureContext") is True
