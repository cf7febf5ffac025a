"""The machine's own Chromium, without what would disturb a test or ask the network."""

import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-print-preview",
]


@asynccontextmanager
async def chromium(*flags: str) -> AsyncGenerator[Browser]:
    """A running browser, with these flags besides."""
    async with async_playwright() as playwright:
        program = shutil.which("chromium")
        yield await playwright.chromium.launch(executable_path=program, args=[*FLAGS, *flags])
