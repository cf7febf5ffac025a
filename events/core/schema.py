"""What every package's `tables.py` is made of: the one `MetaData`, and column types that behave alike on
SQLite and PostgreSQL."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import JSONB

Model = TypeVar("Model", bound=BaseModel)

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware time in UTC. SQLite has no zones: there the zone is taken off and put back."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuses a naive time, which would mean something else on each engine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time was given to the database")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Puts the zone back."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


class Document(sa.types.TypeDecorator[Model]):
    """A pydantic model in a JSON column."""

    impl = sa.JSON().with_variant(JSONB(), "postgresql")
    cache_ok = True

    def __init__(self, model: type[Model]) -> None:
        super().__init__()
        self.model = model

    def process_bind_param(self, value: Model | None, dialect: sa.Dialect) -> Any:
        """The model as plain JSON."""
        return None if value is None else value.model_dump(mode="json")

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Model | None:
        """The model again, checked."""
        return None if value is None else self.model.model_validate(value)


def json_type() -> sa.types.TypeEngine[Any]:
    """Plain JSON, binary on PostgreSQL."""
    return sa.JSON().with_variant(JSONB(), "postgresql")


def choice(values: type[StrEnum]) -> sa.Enum:
    """A column that holds one of `values`, as its text and under a constraint."""
    return sa.Enum(
        values,
        native_enum=False,
        create_constraint=True,
        length=20,
        name=values.__name__.lower(),
        values_callable=_values,
    )


def _values(members: type[StrEnum]) -> list[str]:
    return [member.value for member in members]


def event_key() -> sa.Column[object]:
    """The column that leads the primary key of everything in an event."""
    return sa.Column("event_id", sa.Uuid, sa.ForeignKey("events.event_id"), primary_key=True)
