import gzip
import json
import stat
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa

from checkin.stage.record import records_of
from checkin.stage.verifying import Verdict, verify
from events import seeding
from events.backup import Unfit, backup, restore
from events.core.database import Database
from events.core.schema import metadata
from events.demo.story import load
from events.migrations import all_tables, current_revision, head_revision
from events.store import event_by_id
from tests.cast import NOON, on_one_engine, planned
from tests.ceremony import TO_THE_END, Ceremony
from tests.conftest import ENGINES, Origin, Story, postgresql_database


async def held(database: Database) -> Ceremony:
    """Two closed rounds."""
    opened = Ceremony(database, await planned(database))
    for title in ("甲", "乙"):
        await opened.do(await opened.signing(title), *TO_THE_END)
    return opened


@pytest.fixture
def story(story: Story, request: pytest.FixtureRequest) -> Story:
    return held if "ceremony" in request.fixturenames else story


@pytest.fixture
def ceremony(database: Database, origin: Origin) -> Ceremony:
    return origin.known.again(database)


@pytest.fixture(params=ENGINES)
def other_server(request: pytest.FixtureRequest) -> str:
    """As `server`, for the database beside."""
    return request.getfixturevalue("postgresql") if request.param == "postgresql" else ""


@pytest.fixture
async def other(other_server: str, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database of each engine, beside the one that is backed up."""
    async with AsyncExitStack() as stack:
        url = f"sqlite+aiosqlite:///{tmp_path / 'other.sqlite3'}"
        if other_server:
            url = await stack.enter_async_context(postgresql_database(other_server, template="template0"))
        opened = Database(url)
        yield opened
        await opened.close()


async def test_the_chain_survives_on_either_engine_and_from_one_to_the_other(
    ceremony: Ceremony, other: Database, tmp_path: Path
) -> None:
    before = await ceremony.database.read(lambda tx: verify(tx, ceremony.event))
    written = await backup(ceremony.database, tmp_path / "house.gz", now=NOON)

    read = await restore(other, tmp_path / "house.gz")

    event = await other.read(lambda tx: event_by_id(tx, ceremony.event.id))
    assert (written, event.registered) == (read, 6)
    assert await other.read(lambda tx: verify(tx, event)) == before == Verdict(records=2, digest=before.digest)
    assert await everything(other) == await everything(ceremony.database)


@on_one_engine
async def test_a_restored_chain_goes_on_where_it_ended(ceremony: Ceremony, other: Database, tmp_path: Path) -> None:
    await backup(ceremony.database, tmp_path / "house.gz", now=NOON)
    await restore(other, tmp_path / "house.gz")
    moved = Ceremony(other, ceremony.event, ceremony.clock)

    await moved.do(await moved.signing("丙"), *TO_THE_END)

    chain = await other.read(lambda tx: records_of(tx, ceremony.event.id))
    assert [record.number for record in chain] == [1, 2, 3]
    assert (await other.read(lambda tx: verify(tx, ceremony.event))).fault is None


@on_one_engine
async def test_the_whole_demonstration_comes_back_row_for_row(
    database: Database, other: Database, tmp_path: Path
) -> None:
    story = load()
    event = await database.write(lambda tx: seeding.seed_event(tx, story, now=NOON))
    await database.write(lambda tx: seeding.seed_guests(tx, event, story, now=NOON))
    await database.write(lambda tx: seeding.seed_people(tx, now=NOON))

    await backup(database, tmp_path / "house.gz", now=NOON)
    await restore(other, tmp_path / "house.gz")

    kept = await everything(database)
    assert await everything(other) == kept
    assert len(kept["guests"]) > 200


@on_one_engine
async def test_the_file_is_for_its_owner_alone_and_is_replaced_when_it_is_whole(
    ceremony: Ceremony, tmp_path: Path
) -> None:
    path = tmp_path / "house.gz"
    path.write_text("an older one")
    path.chmod(0o644)

    await backup(ceremony.database, path, now=NOON)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert heading_of(path)["form"] == "yingbin-backup-1"
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


@on_one_engine
async def test_the_same_rows_make_the_same_bytes(ceremony: Ceremony, tmp_path: Path) -> None:
    for name in ("one.gz", "two.gz"):
        await backup(ceremony.database, tmp_path / name, now=NOON)

    assert (tmp_path / "one.gz").read_bytes() == (tmp_path / "two.gz").read_bytes()


@on_one_engine
async def test_an_older_database_is_not_backed_up_and_leaves_the_old_file(empty_url: str, tmp_path: Path) -> None:
    path, empty = tmp_path / "house.gz", Database(empty_url)
    path.write_text("an older one")

    with pytest.raises(Unfit, match="yingbin migrate"):
        await backup(empty, path, now=NOON)

    assert path.read_text() == "an older one"
    assert sorted(each.name for each in tmp_path.iterdir() if "house" in each.name) == ["house.gz"]
    await empty.close()


async def test_nothing_is_restored_into_a_database_that_holds_something(ceremony: Ceremony, tmp_path: Path) -> None:
    await backup(ceremony.database, tmp_path / "house.gz", now=NOON)
    before = await everything(ceremony.database)

    with pytest.raises(Unfit, match="not empty"):
        await restore(ceremony.database, tmp_path / "house.gz")

    assert await everything(ceremony.database) == before


@on_one_engine
async def test_a_migrated_database_without_rows_takes_a_backup(
    ceremony: Ceremony, other: Database, tmp_path: Path
) -> None:
    await backup(ceremony.database, tmp_path / "house.gz", now=NOON)
    await restore(other, tmp_path / "house.gz")
    for table in reversed(all_tables()):
        await other.write(lambda tx, table=table: tx.execute(sa.delete(table)))

    await restore(other, tmp_path / "house.gz")

    assert await everything(other) == await everything(ceremony.database)


Spoil = Callable[[list[str]], list[str]]
SPOILED: dict[str, tuple[str, Spoil]] = {
    "of a newer version": ("does not know", lambda lines: [lines[0].replace('"0003"', '"9999"'), *lines[1:]]),
    "of another program": ("no backup", lambda lines: ['{"form":"other"}', *lines]),
    "without anything": ("no backup", lambda lines: []),
    "not even JSON": ("damaged", lambda lines: ["<html>", *lines]),
    "cut off within a table": ("ends within", lambda lines: lines[:-1] if lines[-1][0] == "[" else cut(lines)),
    "without its last table": ("lacks the table", lambda lines: lines[: last_heading(lines)]),
    "too long": ("goes on", lambda lines: [*lines, "[]"]),
    "without a table's columns": ("heading", lambda lines: [heading_with(lines, tables={"users": "id"}), *lines[1:]]),
    "with a kind that there is not": (
        "heading",
        lambda lines: [heading_with(lines, tables={"users": [["user_id", "secret"]]}), *lines[1:]],
    ),
    "without a revision": ("does not know", lambda lines: [heading_with(lines, revision=None), *lines[1:]]),
    "with fewer rows than none": (
        "damaged at the table",
        lambda lines: [line.replace('"rows":0', '"rows":-1') for line in lines],
    ),
    "with a line without end": ("longer than any row", lambda lines: [*lines[:2], f'"{"x" * 2**24}"']),
    "nested without end": ("damaged", lambda lines: [*lines[:2], "[" * 10**6]),
    "with a row too short": ("damaged", lambda lines: ["[]" if line[0] == "[" else line for line in lines]),
}


@on_one_engine
@pytest.mark.parametrize("kind", SPOILED)
async def test_a_spoiled_file_is_refused_and_leaves_an_empty_database_empty(
    ceremony: Ceremony, tmp_path: Path, kind: str
) -> None:
    path, empty = tmp_path / "house.gz", Database(f"sqlite+aiosqlite:///{tmp_path / 'empty.sqlite3'}")
    await backup(ceremony.database, path, now=NOON)
    words, spoil = SPOILED[kind]
    with gzip.open(path, "rt") as file:
        lines = spoil(file.read().splitlines())
    with gzip.open(path, "wt") as file:
        file.write("\n".join(lines))

    with pytest.raises(Unfit, match=words):
        await restore(empty, path)

    assert await empty.read(current_revision) is None
    await empty.close()


@on_one_engine
@pytest.mark.parametrize("spoil", [lambda packed: packed[:-400], lambda packed: packed[:900] + b"x" + packed[901:]])
async def test_a_file_of_which_bytes_were_lost_is_refused(
    ceremony: Ceremony, tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    path, empty = tmp_path / "house.gz", Database(f"sqlite+aiosqlite:///{tmp_path / 'empty.sqlite3'}")
    await backup(ceremony.database, path, now=NOON)
    path.write_bytes(spoil(path.read_bytes()))

    with pytest.raises(Unfit, match="damaged"):
        await restore(empty, path)

    assert await empty.read(current_revision) is None
    await empty.close()


@on_one_engine
async def test_a_backup_of_an_older_version_is_restored_and_migrated(ceremony: Ceremony, tmp_path: Path) -> None:
    path, empty = tmp_path / "old.gz", Database(f"sqlite+aiosqlite:///{tmp_path / 'empty.sqlite3'}")
    users = [["user_id", "uuid"], ["email", "text"], ["name", "text"], ["role", "text"], ["language", "text"]]
    users += [["password_hash", "text"], ["created_at", "moment"]]
    row = ["018f0000-0000-7000-8000-000000000000", "a@example.org", "甲", "admin", "en", "", NOON.isoformat()]
    heading = {"form": "yingbin-backup-1", "revision": "0002", "at": NOON.isoformat(), "tables": {"users": users}}
    with gzip.open(path, "wt") as file:
        file.write("\n".join(map(json.dumps, (heading, {"table": "users", "rows": 1}, row))))

    await restore(empty, path)

    [kept] = (await everything(empty))["users"]
    assert (kept.email, kept.side, await empty.read(current_revision)) == ("a@example.org", "", head_revision())
    with pytest.raises(Unfit, match="of revision 0002 and the database of 0003"):
        await restore(empty, path)
    await empty.close()


async def everything(database: Database) -> dict[str, list[sa.Row[tuple[object, ...]]]]:
    """All rows by table."""
    found = {}
    for table in all_tables():
        ordered = sa.select(table).order_by(*table.primary_key.columns)
        found[table.name] = list((await database.read(lambda tx, ordered=ordered: tx.execute(ordered))).all())
    assert set(found) == set(metadata.tables)
    return found


def heading_of(path: Path) -> dict[str, object]:
    with gzip.open(path, "rt") as file:
        return json.loads(file.readline())


def heading_with(lines: list[str], **changed: object) -> str:
    return json.dumps({**json.loads(lines[0]), **changed})


def last_heading(lines: list[str]) -> int:
    return max(number for number, line in enumerate(lines) if line.startswith('{"table"'))


def cut(lines: list[str]) -> list[str]:
    """Without the last row of the last table that has any, and what comes after."""
    return lines[: max(number for number, line in enumerate(lines) if line[0] == "[")]
