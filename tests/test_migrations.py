import anyio
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from events.core.database import Database
from events.core.errors import SettingError
from events.core.schema import metadata
from events.migrations import current_revision, head_revision, migrate


async def test_migrated_tables_are_those_of_the_code(database: Database) -> None:
    def differences(connection: sa.Connection) -> list[object]:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    assert await database.read(lambda tx: tx.run_sync(differences)) == []


async def test_migrating_again_changes_nothing(database: Database) -> None:
    assert await migrate(database) == head_revision()
    assert await database.read(current_revision) == head_revision()


async def test_two_processes_migrate_one_after_the_other(empty_url: str) -> None:
    first, second = Database(empty_url), Database(empty_url)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(migrate, first)
        tasks.start_soon(migrate, second)

    assert await second.read(current_revision) == head_revision()
    await first.close()
    await second.close()


async def test_a_newer_database_is_refused(database: Database) -> None:
    newer = sa.text("UPDATE alembic_version SET version_num = '9999'")
    await database.write(lambda tx: tx.execute(newer))

    with pytest.raises(SettingError, match="9999"):
        await migrate(database)
