"""The database's history, one ordered list for the whole program, and how a database is brought up to it."""

import importlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import AsyncConnection

from events.core.database import Database
from events.core.dialect import wait_turn
from events.core.errors import SettingError
from events.core.schema import metadata

_LOCK = 0x79696E67  # "ying"
_TABLES = (
    "events.core.tables",
    "events.tables",
    "checkin.tables",
    "checkin.device_tables",
    "checkin.stage.tables",
    "checkin.booth.tables",
)
"""Where every package says what it keeps."""


async def migrate(database: Database) -> str:
    """Brings the database up to this program, one process at a time, and answers the revision.

    Raises SettingError where the database was made by a newer program.
    """
    return await database.write(_upgraded)


async def current_revision(tx: AsyncConnection) -> str | None:
    """Which revision the database is at, None for an empty one."""
    return await tx.run_sync(_revision)


@cache
def head_revision() -> str:
    """The revision that this program needs."""
    return str(_scripts(_config()).get_current_head())


def knows(revision: str) -> bool:
    """Whether this program has a revision in its history."""
    return revision in {script.revision for script in _scripts(_config()).walk_revisions()}


def bring_to(connection: sa.Connection, revision: str) -> None:
    """Brings a database up to one revision, in the transaction that is under way."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def all_tables() -> Sequence[sa.Table]:
    """Every table of the house, each after those that it refers to."""
    for module in _TABLES:
        importlib.import_module(module)
    return metadata.sorted_tables


async def _upgraded(tx: AsyncConnection) -> str:
    await wait_turn(tx, _LOCK)
    if await current_revision(tx) != head_revision():
        await tx.run_sync(_upgrade)
    return head_revision()


def _upgrade(connection: sa.Connection) -> None:
    found = _revision(connection)
    if found and not knows(found):
        raise SettingError(f"the database is at {found}, which this version does not know: install the newer version")
    bring_to(connection, head_revision())


def _revision(connection: sa.Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def _scripts(config: Config) -> ScriptDirectory:
    return ScriptDirectory.from_config(config)
