from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, StatementError

import checkin.tables
import events.tables
from events.core import schema, tables
from events.core.database import Database
from events.core.schema import Document, Moment, choice, json_type, metadata
from events.models import Text
from tests.cast import NOON

IMPORTED = (checkin.tables, events.tables, tables)
OF_THE_HOUSE = {"users", "sessions", "sign_in_links"}
"""What belongs to no event: people who sign in work on all of them."""


class Colour(StrEnum):
    """What a thing may be painted."""

    RED = "red"
    BLUE = "blue"


things = sa.Table(
    "things",
    sa.MetaData(naming_convention=schema.metadata.naming_convention),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", Moment),
    sa.Column("said", Document(Text)),
    sa.Column("colour", choice(Colour)),
    sa.Column("any", json_type()),
)


@pytest.fixture
async def shelf(database: Database) -> Database:
    """A database with a table for things."""
    await database.write(lambda tx: tx.run_sync(things.metadata.create_all))
    return database


async def put(shelf: Database, *, number: int = 1, **values: Any) -> Any:
    """Stores a thing and answers it as it is read back."""
    await shelf.write(lambda tx: tx.execute(sa.insert(things).values(number=number, **values)))
    return (await shelf.read(lambda tx: tx.execute(sa.select(things).where(things.c.number == number)))).one()


async def test_a_moment_comes_back_in_utc_whatever_its_zone_was(shelf: Database) -> None:
    for number, hours in enumerate((0, 8, -5), 1):
        moment = datetime(2026, 3, 2, 12, 30, 15, 123456, tzinfo=timezone(timedelta(hours=hours)))

        read = (await put(shelf, number=number, at=moment)).at

        assert read == moment
        assert read.utcoffset() == timedelta()


async def test_no_moment_is_no_moment(shelf: Database) -> None:
    assert (await put(shelf, at=None)).at is None


async def test_a_naive_moment_is_refused(shelf: Database) -> None:
    with pytest.raises(StatementError, match="naive time"):
        await put(shelf, at=NOON.replace(tzinfo=None))


async def test_moments_sort_by_time_whatever_their_zone_was(shelf: Database) -> None:
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    for number, hours in ((1, 8), (2, 0), (3, -8)):
        same_clock = noon.replace(tzinfo=timezone(timedelta(hours=hours)))
        await shelf.write(lambda tx, n=number, at=same_clock: tx.execute(sa.insert(things).values(number=n, at=at)))

    rows = await shelf.read(lambda tx: tx.execute(sa.select(things).where(things.c.at >= noon).order_by(things.c.at)))

    assert [row.number for row in rows] == [2, 3]


async def test_a_document_comes_back_as_the_model(shelf: Database) -> None:
    for number, said in enumerate((Text(zh_hans="你好", en='"quoted" \\ \U0001f600'), Text(), None), 1):
        assert (await put(shelf, number=number, said=said)).said == said


async def test_a_document_that_no_longer_fits_its_model_is_noticed(shelf: Database) -> None:
    await shelf.write(lambda tx: tx.execute(sa.text('INSERT INTO things (number, said) VALUES (1, \'{"fr": "Ah"}\')')))

    with pytest.raises(ValueError, match="fr"):
        (await shelf.read(lambda tx: tx.execute(sa.select(things)))).one()


async def test_a_choice_is_kept_as_its_word(shelf: Database) -> None:
    assert (await put(shelf, colour=Colour.BLUE)).colour is Colour.BLUE
    stored = await shelf.read(lambda tx: tx.execute(sa.text("SELECT colour FROM things")))
    assert stored.scalar_one() == "blue"


async def test_the_database_itself_refuses_what_is_no_choice(shelf: Database) -> None:
    with pytest.raises(IntegrityError, match="ck_things_colour"):
        await shelf.write(lambda tx: tx.execute(sa.text("INSERT INTO things (number, colour) VALUES (1, 'green')")))


async def test_plain_json_comes_back_as_it_was(shelf: Database) -> None:
    for number, anything in enumerate(({"a": [1, None, "二"]}, [], "text", 1.5), 1):
        assert (await put(shelf, number=number, any=anything)).any == anything


def test_what_belongs_to_an_event_has_its_id_first_in_every_key() -> None:
    of_events = [table for table in metadata.sorted_tables if table.name not in {*OF_THE_HOUSE, "events"}]
    assert len(of_events) > 10

    for table in of_events:
        keys = [table.primary_key, *(rule for rule in table.constraints if isinstance(rule, sa.UniqueConstraint))]
        assert [next(iter(key.columns)).name for key in keys] == ["event_id"] * len(keys), table.name
        joined = [rule for rule in table.foreign_key_constraints if rule.referred_table.name != "events"]
        assert [rule.column_keys[0] for rule in joined] == ["event_id"] * len(joined), table.name


def test_every_constraint_has_a_name_that_a_migration_can_use() -> None:
    unnamed = [(table.name, rule) for table in metadata.sorted_tables for rule in table.constraints if not rule.name]

    assert unnamed == []
