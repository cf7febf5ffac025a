"""The database's history, one ordered list for the whole program, and how a database is brought up to it."""

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

_LOCK = 0x79696E67  # "ying"


async def migrate(database: Database) -> str:
    """Brings the database up to this program, one process at a time, and answers the revision.

    Raises SettingError where the database was made by a newer program.
    """
    return await database.write(_upgraded)


async def current_revision(tx: AsyncConnection) -> str | None:
    """Which revision the database is at, None for an empty one."""
    return await tx.run_sync(_revision)


def head_revision() -> str:
    """The revision that this program needs."""
    return str(_scripts(_config()).get_current_head())


async def _upgraded(tx: AsyncConnection) -> str:
    await wait_turn(tx, _LOCK)
    await tx.run_sync(_upgrade)
    return head_revision()


def _upgrade(connection: sa.Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    found = _revision(connection)
    if found and found not in {script.revision for script in _scripts(config).walk_revisions()}:
        raise SettingError(f"the database is at {found}, which this version does not know: install the newer version")
    command.upgrade(config, "head")


def _revision(connection: sa.Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def _scripts(config: Config) -> ScriptDirectory:
    return ScriptDirectory.from_config(config)
