"""Statements in which SQLite and PostgreSQL differ, each with a name."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert_on(dialect: str, table: sa.Table) -> Any:
    """An INSERT that knows ON CONFLICT, for the dialect of that name."""
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)


def locks_rows(tx: AsyncConnection | sa.Connection) -> bool:
    """Whether rows must be locked before they are judged; a SQLite writer has the file to itself."""
    return tx.dialect.name == "postgresql"


async def wait_turn(tx: AsyncConnection, key: int) -> None:
    """Holds everybody else who asks for `key` until this transaction ends."""
    if locks_rows(tx):
        await tx.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))
