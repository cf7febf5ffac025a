"""A server of its own for `yingbin demo`: a fresh database in a temporary folder, served by a second process."""

import os
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL

import anyio
import httpx
from anyio.abc import Process

from events import seeding
from events.core import accounts
from events.core.auth import Keyring, Scope
from events.core.clock import SystemClock
from events.core.database import Database
from events.core.settings import read_settings
from events.demo.story import Story
from events.migrations import migrate

_STARTS_WITHIN_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue:
    """Where the day is held: the server, the event, a token that opens everything of it."""

    base_url: str
    slug: str
    token: str
    public: frozenset[str]
    attention: frozenset[str]

    @property
    def api(self) -> str:
        """Where the event's API begins."""
        return f"/api/v1/events/{self.slug}"


@asynccontextmanager
async def opened(folder: Path, story: Story) -> AsyncGenerator[Venue]:
    """A running server with the event and without guests; it is stopped at the end."""
    base_url = f"http://127.0.0.1:{_free_port()}"
    token = await _prepare(folder, story)
    environment = {**os.environ, "YINGBIN_DATA_DIR": str(folder), "YINGBIN_DATABASE_URL": "", "YINGBIN_SMTP_URL": ""}
    command = [sys.executable, "-m", "events", "serve", "--port", base_url.rpartition(":")[2]]
    process = await anyio.open_process(
        command, env={**environment, "YINGBIN_BASE_URL": base_url}, stdin=DEVNULL, stdout=DEVNULL, stderr=None
    )
    try:
        await _answering(base_url, process)
        yield Venue(
            base_url=base_url,
            slug=story.slug,
            token=token,
            public=frozenset(category.key for category in story.categories if category.public),
            attention=frozenset(category.key for category in story.categories if category.attention),
        )
    finally:
        with anyio.CancelScope(shield=True):
            with suppress(ProcessLookupError):  # it ended by itself
                process.terminate()
            await process.wait()


async def _prepare(folder: Path, story: Story) -> str:
    settings = read_settings(data_dir=folder, database_url="")
    database, clock = Database(settings.database), SystemClock()
    keyring, now = Keyring(database, clock, settings.secret_key), clock.now()
    try:
        await migrate(database)
        event = await database.write(lambda tx: seeding.seed_event(tx, story, now=now))
        return await database.write(
            lambda tx: accounts.create_token(
                tx, keyring, event_id=event.id, scope=Scope.ADMIN, name="demonstration", now=now
            )
        )
    finally:
        await database.close()


async def _answering(base_url: str, process: Process) -> None:
    with anyio.fail_after(_STARTS_WITHIN_S):
        async with httpx.AsyncClient(base_url=base_url) as client:
            while process.returncode is None:
                try:
                    if (await client.get("/readyz")).is_success:
                        return
                except httpx.TransportError:
                    await anyio.sleep(0.05)
    raise OSError("the demonstration's server did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
