"""What the ground floor keeps. Every row of an event carries `event_id`, first in each of its keys."""

import sqlalchemy as sa

from events.core.i18n import Language
from events.core.schema import Document, Moment, choice, event_key, json_type, metadata
from events.models import GuestStatus, RegistrationMode, SegmentKind, Text, TicketState, Venue

events = sa.Table(
    "events",
    metadata,
    sa.Column("event_id", sa.Uuid, primary_key=True),
    sa.Column("slug", sa.String(60), nullable=False, unique=True),
    sa.Column("tag", sa.String(5), nullable=False, unique=True),
    sa.Column("title", Document(Text), nullable=False),
    sa.Column("summary", Document(Text), nullable=False),
    sa.Column("starts_at", Moment, nullable=False),
    sa.Column("ends_at", Moment, nullable=False),
    sa.Column("timezone", sa.String(64), nullable=False),
    sa.Column("venue", Document(Venue), nullable=False),
    sa.Column("capacity", sa.Integer),
    sa.Column("registered", sa.Integer, nullable=False),
    sa.Column("registration", choice(RegistrationMode), nullable=False),
    sa.Column("notice_version", sa.Integer, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)

notices = sa.Table(
    "notices",
    metadata,
    event_key(),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("text", Document(Text), nullable=False),
    sa.Column("shown_from", Moment, nullable=False),
)

hosts = sa.Table(
    "hosts",
    metadata,
    event_key(),
    sa.Column("key", sa.String(40), primary_key=True),
    sa.Column("name", Document(Text), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
)

categories = sa.Table(
    "categories",
    metadata,
    event_key(),
    sa.Column("key", sa.String(40), primary_key=True),
    sa.Column("name", Document(Text), nullable=False),
    sa.Column("colour", sa.String(7), nullable=False),
    sa.Column("attention", sa.Boolean, nullable=False),
    sa.Column("rank", sa.Integer, nullable=False),
    sa.Column("public", sa.Boolean, nullable=False),
)

segments = sa.Table(
    "segments",
    metadata,
    event_key(),
    sa.Column("segment_id", sa.Uuid, primary_key=True),
    sa.Column("kind", choice(SegmentKind), nullable=False),
    sa.Column("title", Document(Text), nullable=False),
    sa.Column("place", Document(Text), nullable=False),
    sa.Column("starts_at", Moment, nullable=False),
    sa.Column("ends_at", Moment, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("languages", json_type(), nullable=False),
    sa.Column("public", sa.Boolean, nullable=False),
    sa.Column("script", Document(Text), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)

exhibitors = sa.Table(
    "exhibitors",
    metadata,
    event_key(),
    sa.Column("booth", sa.String(12), primary_key=True),
    sa.Column("field", sa.String(40), nullable=False),
    sa.Column("field_name", Document(Text), nullable=False),
    sa.Column("name", Document(Text), nullable=False),
    sa.Column("summary", Document(Text), nullable=False),
    sa.Column("gate_id", sa.Uuid),
    sa.Column("version", sa.Integer, nullable=False),
)

guests = sa.Table(
    "guests",
    metadata,
    event_key(),
    sa.Column("guest_id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("name_latin", sa.String(120), nullable=False),
    sa.Column("organisation", sa.String(160), nullable=False),
    sa.Column("job_title", sa.String(160), nullable=False),
    sa.Column("email", sa.String(254), nullable=False),
    sa.Column("email_key", sa.String(254)),
    sa.Column("phone", sa.String(32), nullable=False),
    sa.Column("category", sa.String(40), nullable=False),
    sa.Column("language", choice(Language), nullable=False),
    sa.Column("side", sa.String(40), nullable=False),
    sa.Column("status", choice(GuestStatus), nullable=False),
    sa.Column("status_reason", sa.String(200), nullable=False),
    sa.Column("source", sa.String(20), nullable=False),
    sa.Column("submission_id", sa.Uuid),
    sa.Column("consent_version", sa.Integer),
    sa.Column("consent_at", Moment),
    sa.Column("leader_id", sa.Uuid),
    sa.Column("liaison", sa.String(254), nullable=False),
    sa.Column("liaison_name", sa.String(120), nullable=False),
    sa.Column("liaison_phone", sa.String(32), nullable=False),
    sa.Column("pick_slot", sa.String(12), nullable=False),
    sa.Column("booth", sa.String(12), nullable=False),
    sa.Column("shares_at", Moment),
    sa.Column("search_keys", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(["event_id", "category"], ["categories.event_id", "categories.key"]),
    sa.UniqueConstraint("event_id", "email_key"),
    sa.UniqueConstraint("event_id", "submission_id"),
    sa.Index(None, "event_id", "status", "guest_id"),
    sa.Index(None, "event_id", "changed_at"),
    sa.Index(None, "event_id", "leader_id"),
)

tickets = sa.Table(
    "tickets",
    metadata,
    event_key(),
    sa.Column("code", sa.String(28), primary_key=True),
    sa.Column("serial", sa.Integer, nullable=False),
    sa.Column("state", choice(TicketState), nullable=False),
    sa.Column("guest_id", sa.Uuid),
    sa.Column("reason", sa.String(200), nullable=False),
    sa.ForeignKeyConstraint(["event_id", "guest_id"], ["guests.event_id", "guests.guest_id"]),
    sa.UniqueConstraint("event_id", "serial"),
    sa.Index(None, "event_id", "guest_id"),
    sa.Index(None, "event_id", "state", "serial"),
)
