"""The whole program in a process of its own, as an operator runs it; the tests arrange its database beside it."""

import os
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from subprocess import DEVNULL

import anyio
import httpx
from anyio.abc import Process

from events.core import accounts
from events.core.auth import Keyring, User
from events.core.clock import SystemClock
from events.core.database import Database
from events.core.i18n import Language
from events.core.ids import Role
from events.core.settings import Settings, read_settings
from events.forms import EventForm, GuestForm
from events.guestlist import invite
from events.models import Event, Guest
from events.planning import create_event

_STARTS_WITHIN_S = 60


@dataclass
class House:
    """A server on loopback with the machine's clock and a SQLite file of its own."""

    settings: Settings
    clock: SystemClock = field(default_factory=SystemClock)
    _process: Process | None = None

    def __post_init__(self) -> None:
        self.database = Database(self.settings.database)
        self.keyring = Keyring(self.database, self.clock, self.settings.secret_key)

    @property
    def url(self) -> str:
        """Where it answers."""
        return self.settings.base_url

    @property
    def now(self) -> datetime:
        return self.clock.now()

    async def start(self) -> None:
        """Returns when the server answers."""
        command = [sys.executable, "-m", "events", "serve", "--port", self.url.rpartition(":")[2]]
        given = {"YINGBIN_DATA_DIR": str(self.settings.data_dir), "YINGBIN_LOG_FORMAT": "json"}
        self._process = await anyio.open_process(
            command, env={**os.environ, **given}, stdin=DEVNULL, stdout=DEVNULL, stderr=None
        )
        with anyio.fail_after(_STARTS_WITHIN_S):
            while not await self._answers():
                assert self._process.returncode is None
                await anyio.sleep(0.05)

    async def cut_power(self) -> None:
        """Ends the server without warning: what it had not written by now is lost."""
        self._process.kill()
        await self._process.wait()

    async def close(self) -> None:
        """Stops the server as an operator does."""
        self._process.terminate()
        await self._process.wait()
        await self.database.close()

    async def user(self, role: Role, *, language: Language = Language.ZH_HANS) -> User:
        """Somebody who may sign in."""
        name = {"organiser": "林若晴", "steward": "陈小满", "protocol": "何卓文"}[role]
        return await self.database.write(
            lambda tx: accounts.create_user(
                tx, email=f"{role}@example.org", name=name, role=role, language=language, now=self.now
            )
        )

    async def link(self, user: User) -> str:
        """A link that signs the user in once."""
        secret = await self.database.write(
            lambda tx: accounts.create_link(tx, self.keyring, user_id=user.id, now=self.now)
        )
        return f"{self.url}/desk/sign-in/{secret}"

    async def session(self, user: User, *, age: timedelta = timedelta()) -> str:
        """The secret of a session that began so long ago."""
        begun = self.now - age
        return await self.database.write(
            lambda tx: accounts.start_session(tx, self.keyring, user_id=user.id, now=begun)
        )

    async def password(self, user: User, password: str) -> None:
        """Gives the user a password."""
        hashed = await accounts.hash_password(password)
        await self.database.write(lambda tx: accounts.set_password(tx, user.id, hashed))

    async def event(self, form: EventForm) -> Event:
        return await self.database.write(lambda tx: create_event(tx, form, actor="cast", now=self.now))

    async def guest(self, event: Event, name: str, *, mail: bool = False, **given: str) -> Guest:
        """A confirmed guest of the event."""
        form = GuestForm(name=name, **given)
        return await self.database.write(lambda tx: invite(tx, event, form, actor="cast", now=self.now, mail=mail))

    async def _answers(self) -> bool:
        async with httpx.AsyncClient(base_url=self.url) as client:
            try:
                return (await client.get("/readyz")).is_success
            except httpx.TransportError:
                return False


def house_in(folder: Path) -> House:
    """A house that keeps everything in `folder`, not started yet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return House(read_settings(data_dir=folder, base_url=f"http://127.0.0.1:{port}", _env_file=None))


@asynccontextmanager
async def power_cut(house: House) -> AsyncGenerator[None]:
    """While the server is away."""
    await house.cut_power()
    try:
        yield
    finally:
        await house.start()
