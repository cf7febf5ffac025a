"""People at their browsers: each has a context of their own, and nothing may go wrong unseen in any of them."""

import re
from dataclasses import dataclass, field

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Response, WebError, expect

from events.core.auth import User
from events.core.web import SESSION_COOKIE
from tests.browser.house import House

PHONE = (390, 844)
TABLET = (820, 1180)
DESKTOP = (1440, 900)

_MAY_BE_REFUSED = {"document", "fetch", "eventsource"}


@dataclass
class Visitors:
    """Lets people in, and keeps what their browsers complained about."""

    browser: Browser
    house: House
    complaints: list[str] = field(default_factory=list)

    async def enter(
        self,
        *,
        user: User | None = None,
        language: str = "zh-Hans",
        size: tuple[int, int] = DESKTOP,
        scripts: bool = True,
    ) -> Page:
        """The empty page of a new browser that asks for `language` and runs `scripts` or none; `user` is signed in."""
        width, height = size
        context = await self.browser.new_context(
            base_url=self.house.url,
            locale=language,
            viewport={"width": width, "height": height},
            java_script_enabled=scripts,
        )
        context.set_default_timeout(10_000)
        if user:
            secret = await self.house.session(user)
            await context.add_cookies([{"name": SESSION_COOKIE, "value": secret, "url": self.house.url}])
        context.on("console", self._heard)
        context.on("weberror", self._failed)
        context.on("response", self._answered)
        return await context.new_page()

    async def leave(self) -> list[str]:
        """Closes every context; what was complained about since the last time."""
        for context in self.browser.contexts:
            await _close(context)
        complaints, self.complaints = self.complaints, []
        return complaints

    def _heard(self, message: ConsoleMessage) -> None:
        """What did not load is told by `_answered`."""
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(message.text)

    def _failed(self, error: WebError) -> None:
        self.complaints.append(str(error.error))

    def _answered(self, response: Response) -> None:
        worst = 500 if response.request.resource_type in _MAY_BE_REFUSED else 400
        if response.status >= worst:
            self.complaints.append(f"{response.status} {response.url}")


async def _close(context: BrowserContext) -> None:
    for page in context.pages:
        await page.close()
    await context.close()


async def sign_in(page: Page, link: str, *, to: str) -> None:
    """As a person does it: opens the link, presses the one button."""
    await page.goto(f"{link}?next={to}")
    await page.locator("main button").click()
    await expect(page).not_to_have_url(re.compile("/sign-in"))
