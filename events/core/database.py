"""One database, SQLite or PostgreSQL, behind three verbs: `read`, `write` and, for the door, `write_at_once`.

What differs between the engines lives here and in `events.core.dialect`. A body given to a writing verb may run twice,
so it touches nothing but the database.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from socket import gaierror
from typing import Any, Generic, TypeVar

import anyio
import sqlalchemy as sa
from sqlalchemy.event import listen
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from events.core.errors import Broken, Malformed, Refusal, Unavailable

Result = TypeVar("Result")
Body = Callable[[AsyncConnection], Awaitable[Result]]
BodyAtOnce = Callable[[sa.Connection], Result]

_QUIET: dict[str, Any] = {"hide_parameters": True}
"""What a statement carried, names and codes, does not belong in a log."""

_ENGINE: dict[str, Any] = {"pool_pre_ping": True, **_QUIET}
_ATTEMPTS = 5
_RETRIED_STATES = {"40001", "40P01", "23505"}
"""PostgreSQL, appendix A: serialization_failure, deadlock_detected, and unique_violation, because somebody else's row
came first and a second look finds it."""

_NOT_TEXT = "22021"  # character_not_in_repertoire: U+0000, which SQLite stores and PostgreSQL does not
_NO_ANSWER = (ConnectionError, FileNotFoundError, TimeoutError, gaierror, PoolTimeout)
_NOT_THERE = {"08", "3D", "53", "57"}  # classes of states: connection, catalog name, resources, operator intervention


class Database:
    """The connections of one process.

    SQLite gets several readers and one writer at a time, in order of asking; PostgreSQL one pool and a smaller one for
    the door, so that the public pages cannot keep a scan waiting.
    """

    def __init__(self, url: str) -> None:
        self._side = _SideThread(url) if url.startswith("sqlite") else None
        self._reader, self._writer = _sqlite_engines(url) if self._side else _postgresql_engines(url)
        self._door = self._writer if self._side else create_async_engine(url, pool_size=2, max_overflow=2, **_ENGINE)

    async def read(self, body: Body[Result]) -> Result:
        """What `body` answers, from one consistent view; it may not write."""
        return await _Unit(self._reader, body, commits=False).run()

    async def write(self, body: Body[Result]) -> Result:
        """Runs `body` in a transaction and commits; on any exception, cancellation included, nothing stays.

        PostgreSQL may ask to try again after a deadlock: then `body` runs once more, five times at most.
        """
        if self._side is None:
            return await _retried(self._writer, body)
        async with self._side.turn:
            return await _Unit(self._writer, body, commits=True).run()

    async def write_at_once(self, body: BodyAtOnce[Result]) -> Result:
        """As `write`, for a synchronous `body` of many statements that is not worth interrupting.

        On SQLite it runs in a thread of its own: one change of threads instead of one a statement, which is what a busy
        event loop makes expensive. A cancelled caller does not stop it.
        """
        if self._side is None:
            return await _retried(self._door, lambda tx: tx.run_sync(body))
        return await asyncio.shield(asyncio.create_task(self._side.write(body)))

    async def close(self) -> None:
        """Gives all connections back."""
        if self._side:
            await self._side.close()
        for engine in {self._reader, self._writer, self._door}:
            await engine.dispose()


class _SideThread:
    """The writing connection of `write_at_once` on SQLite, and the turn that all writers of the process take."""

    def __init__(self, url: str) -> None:
        self.turn = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, "door")
        self._engine = sa.create_engine(url.replace("+aiosqlite", ""), poolclass=sa.StaticPool, **_QUIET)
        listen(self._engine, "connect", _prepare_sqlite)
        listen(self._engine, "begin", _beginner("BEGIN IMMEDIATE"))

    async def write(self, body: BodyAtOnce[Result]) -> Result:
        """Runs `body` and commits, after whoever asked before."""
        async with self.turn:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._committed, body)

    def _committed(self, body: BodyAtOnce[Result]) -> Result:
        with self._engine.begin() as tx:
            return body(tx)

    async def close(self) -> None:
        """Waits for the last transaction and closes the connection where it was opened."""
        async with self.turn:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._engine.dispose)
        self._thread.shutdown()


async def _retried(engine: AsyncEngine, body: Body[Result]) -> Result:
    for attempt in range(1, _ATTEMPTS):
        try:
            return await _Unit(engine, body, commits=True).run()
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in _RETRIED_STATES:
                raise
            await anyio.sleep(random.SystemRandom().uniform(0, 0.02 * attempt))  # spreads writers
    return await _Unit(engine, body, commits=True).run()


class _Unit(Generic[Result]):
    """One transaction, in a task of its own that nobody cancels: a SQLite driver that is interrupted in a statement
    may keep the file locked. A caller that is cancelled abandons it instead, and then it is rolled back."""

    def __init__(self, engine: AsyncEngine, body: Body[Result], *, commits: bool) -> None:
        self._engine = engine
        self._body = body
        self._commits = commits

    async def run(self) -> Result:
        """What the body answers. When the caller is cancelled, the transaction has ended before this does."""
        task = asyncio.create_task(self._transact())
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            self._commits = False
            with anyio.CancelScope(shield=True):
                await asyncio.wait([task])
            _ = task.cancelled() or task.exception()
            raise

    async def _transact(self) -> Result:
        async with self._engine.connect() as tx:
            await tx.begin()
            result = await self._body(tx)
            if self._commits:
                await tx.commit()
            return result


def refusal_of(error: SQLAlchemyError | OSError) -> Refusal:
    """What a failure of the database means for whoever asked: Malformed for text that it cannot hold, Unavailable
    where no server answers, else Broken."""
    state = str(getattr(getattr(error, "orig", None), "sqlstate", None) or "")
    if state == _NOT_TEXT:
        return Malformed()
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    if lost or isinstance(error, _NO_ANSWER) or state[:2] in _NOT_THERE:
        return Unavailable()
    return Broken()


def _postgresql_engines(url: str) -> tuple[AsyncEngine, AsyncEngine]:
    engine = create_async_engine(url, pool_size=8, max_overflow=4, **_ENGINE)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True), engine


def _sqlite_engines(url: str) -> tuple[AsyncEngine, AsyncEngine]:
    reader = create_async_engine(url, pool_size=4, max_overflow=4, **_QUIET)
    writer = create_async_engine(url, pool_size=1, max_overflow=0, **_QUIET)
    for engine, begin in ((reader, "BEGIN"), (writer, "BEGIN IMMEDIATE")):
        listen(engine.sync_engine, "connect", _prepare_sqlite)
        listen(engine.sync_engine, "begin", _beginner(begin))
    return reader, writer


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver then leaves BEGIN to us
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=10000",
        "cache_size=-65536",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _beginner(statement: str) -> Callable[[sa.Connection], None]:
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(statement)

    return begin
