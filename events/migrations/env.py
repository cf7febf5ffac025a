"""Alembic's way in: the connection is given by `events.migrations`, the tables by every package."""

from typing import Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from events.core.schema import Document, Moment, metadata
from events.migrations import all_tables

all_tables()


def plain_type(kind: str, item: object, autogenerate: AutogenContext) -> str | Literal[False]:
    """A new migration names plain types: it must still run when ours have moved on."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and (isinstance(item, Document) or type(item) is sa.JSON):
        autogenerate.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=plain_type,
    render_as_batch=True,
)
context.run_migrations()
