"""A paired phone: Chromium with a folder of its own, so that it can be closed and started again like a real one."""

import shutil
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import anyio
from playwright.async_api import BrowserContext, Page, async_playwright, expect

from checkin.devices import Placement, start_pairing
from checkin.gates import usable_gates
from checkin.models import Profile
from events.core.i18n import Language
from events.models import Event
from tests.browser.chromium import FLAGS
from tests.browser.disk import holding_guests
from tests.browser.house import House
from tests.browser.visitor import TABLET

_PATIENCE_MS = 10_000
_SYNCED_WITHIN_S = 60


@dataclass
class Phone:
    """A browser that is one device; `folder` is its memory."""

    house: House
    event: Event
    folder: Path
    complaints: list[str] = field(default_factory=list)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _context: BrowserContext | None = None

    async def switch_on(self) -> Page:
        """The browser's one page, empty."""
        playwright = await self._stack.enter_async_context(async_playwright())
        width, height = TABLET
        self._context = await playwright.chromium.launch_persistent_context(
            str(self.folder),
            executable_path=shutil.which("chromium"),
            args=FLAGS,
            base_url=self.house.url,
            locale="zh-Hans",
            viewport={"width": width, "height": height},
        )
        self._context.set_default_timeout(_PATIENCE_MS)
        self._context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        return self._context.pages[0]

    async def switch_off(self) -> None:
        """Closes the browser; the folder keeps what a disk keeps."""
        if self._context:
            await self._context.close()
        await self._stack.aclose()

    async def slow_down(self, page: Page, times: int) -> None:
        """Makes the page's processor so many times slower."""
        session = await self._opened.new_cdp_session(page)
        await session.send("Emulation.setCPUThrottlingRate", {"rate": times})

    async def another_tab(self) -> Page:
        return await self._opened.new_page()

    @property
    def _opened(self) -> BrowserContext:
        assert self._context
        return self._context

    async def pair(self, page: Page) -> None:
        """Opens the link of a pairing code and presses the one button."""
        await page.goto(f"/door/pair/{await self._code()}")
        await page.locator("main button").click()

    async def open_door(self, page: Page) -> None:
        await page.goto(f"/door/{self.event.slug}")
        await page.wait_for_function("() => performance.getEntriesByName('door-ready').length")

    async def synced(self, page: Page) -> None:
        """Returns once the door has the guest list, and its pages are kept for when the server is away."""
        await expect(page.locator("[data-part=connection]")).to_have_text("已连接")
        with anyio.fail_after(_SYNCED_WITHIN_S):
            await page.evaluate("async () => { await navigator.serviceWorker.ready }")
        await holding_guests(page, self.event)

    async def _code(self) -> str:
        house, event = self.house, self.event
        gates = await house.database.write(lambda tx: usable_gates(tx, event.id, actor="cast", now=house.now))
        placed = Placement(name="1 号机", gate_id=gates[0].id, profile=Profile.SCANNER, language=Language.ZH_HANS)
        return await house.database.write(
            lambda tx: start_pairing(tx, house.keyring, event_id=event.id, placed=placed, actor="cast", now=house.now)
        )


async def on_duty(phone: Phone) -> Page:
    """The door of a paired phone that holds the guest list."""
    page = await phone.switch_on()
    await phone.pair(page)
    await phone.open_door(page)
    await phone.synced(page)
    return page
