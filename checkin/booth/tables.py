"""What the booths keep: whom each was given, and the tours that lead past them."""

import sqlalchemy as sa

from events.core.schema import Document, Moment, event_key, metadata
from events.models import Text


def _to(table: str, column: str) -> sa.ForeignKeyConstraint:
    """A link within the event to a column of the same name."""
    return sa.ForeignKeyConstraint(["event_id", column], [f"{table}.event_id", f"{table}.{column}"])


leads = sa.Table(
    "leads",
    metadata,
    event_key(),
    sa.Column("lead_id", sa.Uuid, primary_key=True),
    sa.Column("booth", sa.String(12), nullable=False),
    sa.Column("guest_id", sa.Uuid, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("note", sa.String(400), nullable=False),
    sa.Column("actor_name", sa.String(254), nullable=False),
    _to("exhibitors", "booth"),
    _to("guests", "guest_id"),
    sa.UniqueConstraint("event_id", "booth", "guest_id"),
    comment="A visitor who consented was scanned at a booth.",
)

tour_stops = sa.Table(
    "tour_stops",
    metadata,
    event_key(),
    sa.Column("segment_id", sa.Uuid, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("booth", sa.String(12), nullable=False),
    sa.Column("minutes", sa.Integer, nullable=False),
    sa.Column("note", Document(Text), nullable=False),
    _to("segments", "segment_id"),
    _to("exhibitors", "booth"),
)
