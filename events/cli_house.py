"""What every command of the command line works with: the database, the clock, standard output, and how it fails."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer

from events.core.auth import Keyring
from events.core.clock import SystemClock
from events.core.database import Database
from events.core.errors import SettingError
from events.core.settings import Settings, read_settings
from events.migrations import current_revision, head_revision

Result = TypeVar("Result")

EventName = Annotated[str, typer.Argument(metavar="EVENT", help="Short name or id of the event.")]
Out = Annotated[Path, typer.Option(help="File to write; - for standard output.")]


class House:
    """What a command works with."""

    def __init__(self, settings: Settings) -> None:
        self.database = Database(settings.database)
        self.clock = SystemClock()
        self.keyring = Keyring(self.database, self.clock, settings.secret_key)

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self.clock.now()


def in_house(work: Callable[[House], Awaitable[Result]]) -> Result:
    """What `work` answers, done with the database that the settings name."""

    async def run() -> Result:
        house = House(read_settings())
        try:
            return await work(house)
        finally:
            await house.database.close()

    return asyncio.run(run())


def in_ready_house(work: Callable[[House], Awaitable[Result]]) -> Result:
    """As `in_house`, for what needs a database of this version and is no occasion to make one."""

    async def checked(house: House) -> Result:
        if await house.database.read(current_revision) != head_revision():
            raise SettingError("the database is not of this version: run `yingbin migrate` first")
        return await work(house)

    return in_house(checked)


def write(out: Path, content: bytes) -> None:
    """Writes to a file, and says how much that was, or to standard output for `-`."""
    if str(out) == "-":
        sys.stdout.buffer.write(content)
    else:
        out.write_bytes(content)
        typer.echo(f"{out}: {len(content):,} bytes", err=True)


def fail(line: str) -> NoReturn:
    """Ends the program with one line and status 1."""
    typer.echo(f"yingbin: {line}", err=True)
    raise SystemExit(1)
