from pathlib import Path
from uuid import UUID, uuid4

import anyio
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

from checkin.tables import scans, undos
from events import migrations
from events.core.database import Database
from events.core.errors import SettingError
from events.core.schema import metadata
from events.migrations import current_revision, head_revision, migrate
from tests.cast import NOON


async def test_migrated_tables_are_those_of_the_code(database: Database) -> None:
    def differences(connection: sa.Connection) -> list[object]:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    assert await database.read(lambda tx: tx.run_sync(differences)) == []


async def test_scans_and_their_undoing_survive_the_coming_of_devices(empty_url: str) -> None:
    database = Database(empty_url)
    await database.write(lambda tx: tx.run_sync(_upgrade_to, "0001"))
    event, gate, scan = uuid4(), uuid4(), uuid4()
    await database.write(lambda tx: tx.run_sync(_fill_first_version, event, gate, scan))

    await migrate(database)

    kept = sa.select(scans.c.scan_id, scans.c.entered, scans.c.mode, undos.c.reason).join(undos)
    assert (await database.read(lambda tx: tx.execute(kept))).one() == (scan, True, "online", "mistake")
    await database.close()


async def test_no_choice_is_lost_on_the_way(database: Database) -> None:
    def checked(connection: sa.Connection) -> set[str | None]:
        return {each["name"] for each in sa.inspect(connection).get_check_constraints("scans")}

    found = await database.read(lambda tx: tx.run_sync(checked))

    assert found >= {"ck_scans_mode", "ck_scans_direction", "ck_scans_verdictcode"}


def _upgrade_to(connection: sa.Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _fill_first_version(connection: sa.Connection, event: UUID, gate: UUID, scan: UUID) -> None:
    """Rows as the first version wrote them."""
    then = sa.MetaData()
    then.reflect(connection, only=["events", "gates", "scans", "undos"])
    moment = NOON.replace(tzinfo=None) if connection.dialect.name == "sqlite" else NOON
    ids = {"event_id": event, "gate_id": gate, "scan_id": scan}
    ids = {name: value.hex if connection.dialect.name == "sqlite" else value for name, value in ids.items()}
    text = {
        "slug": "old",
        "tag": "OLD00",
        "timezone": "Asia/Hong_Kong",
        "registration": "open",
        "name": "Gate",
        "zone": "",
    }
    choices = {"kind": "entrance", "reentry": "many", "direction": "entry", "mode": "online", "verdict": "admitted"}
    said = {"raw": "", "local_verdict": "", "override_reason": "", "actor": "", "actor_name": "", "reason": "mistake"}
    rest = {"undo_id": ids["scan_id"], "recorded": ids["scan_id"], "admits": True, "registered": 0, "notice_version": 1}
    values = {**ids, **text, **choices, **said, **rest, "version": 1, "position": 0}
    for table in (then.tables[name] for name in ("events", "gates", "scans", "undos")):
        row = {column.name: values.get(column.name) for column in table.columns}
        for column in table.columns:
            if isinstance(column.type, sa.DateTime):
                row[column.name] = moment
            elif isinstance(column.type, sa.JSON):
                row[column.name] = {}
        connection.execute(sa.insert(table).values(**row))


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
