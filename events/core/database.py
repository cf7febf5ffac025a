"""One database, SQLite or PostgreSQL, behind two verbs: `read` and `write`.

What differs between the engines lives here and in `events.core.dialect`. A body given to `write` may run twice,
so it touches nothing but the database.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

import anyio
import sqlalchemy as sa
from sqlalchemy.event import listen
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

Result = TypeVar("Result")
Body = Callable[[AsyncConnection], Awaitable[Result]]

_ATTEMPTS = 5
_RETRIED_STATES = {"40001", "40P01"}  # serialization_failure and deadlock_detected, PostgreSQL appendix A


class Database:
    """The connections of one process.

    SQLite gets one writing connection, handed out in order of asking, and several reading ones; PostgreSQL one pool
    and a smaller one for the door, so that the public pages cannot keep a scan waiting.
    """

    def __init__(self, url: str) -> None:
        self.is_sqlite = url.startswith("sqlite")
        self._reader, self._writer = _sqlite_engines(url) if self.is_sqlite else _postgresql_engines(url)
        self._door = self._writer if self.is_sqlite else create_async_engine(url, pool_size=2, max_overflow=2)

    async def read(self, body: Body[Result]) -> Result:
        """What `body` answers, from one consistent view; it may not write."""
        return await _Unit(self._reader, body, commits=False).run()

    async def write(self, body: Body[Result], *, door: bool = False) -> Result:
        """Runs `body` in a transaction and commits; on any exception, cancellation included, nothing stays.

        PostgreSQL may ask to try again after a deadlock: then `body` runs once more, five times at most.
        """
        engine = self._door if door else self._writer
        for attempt in range(1, _ATTEMPTS):
            try:
                return await _Unit(engine, body, commits=True).run()
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in _RETRIED_STATES:
                    raise
                await anyio.sleep(random.uniform(0, 0.02 * attempt))  # noqa: S311 — spreads writers, hides nothing
        return await _Unit(engine, body, commits=True).run()

    async def close(self) -> None:
        """Gives all connections back."""
        for engine in {self._reader, self._writer, self._door}:
            await engine.dispose()


class _Unit(Generic[Result]):
    """One transaction, in a task of its own: a driver survives being cancelled once, as asyncio does it, but not again
    and again, as a cancelled anyio scope does. Once its commit has begun it is not cancelled any more."""

    def __init__(self, engine: AsyncEngine, body: Body[Result], *, commits: bool) -> None:
        self._engine = engine
        self._body = body
        self._commits = commits
        self._committing = False

    async def run(self) -> Result:
        """What the body answers. When the caller is cancelled, the transaction has ended before this does."""
        task = asyncio.create_task(self._transact())
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if not self._committing:
                task.cancel()
            with anyio.CancelScope(shield=True):
                await asyncio.wait([task])
            _ = task.cancelled() or task.exception()
            raise

    async def _transact(self) -> Result:
        async with self._engine.connect() as tx:
            await tx.begin()
            result = await self._body(tx)
            if self._commits:
                self._committing = True
                await tx.commit()
            return result


def _postgresql_engines(url: str) -> tuple[AsyncEngine, AsyncEngine]:
    engine = create_async_engine(url, pool_size=8, max_overflow=4, pool_pre_ping=True)
    return engine, engine


def _sqlite_engines(url: str) -> tuple[AsyncEngine, AsyncEngine]:
    reader = create_async_engine(url, pool_size=4, max_overflow=4)
    writer = create_async_engine(url, pool_size=1, max_overflow=0)
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
