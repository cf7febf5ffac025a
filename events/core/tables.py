"""What the core keeps: people who sign in, their sessions and tokens, mails to send, and who did what."""

import sqlalchemy as sa

from events.core.i18n import Language
from events.core.ids import Role
from events.core.schema import Moment, choice, event_key, json_type, metadata

users = sa.Table(
    "users",
    metadata,
    sa.Column("user_id", sa.Uuid, primary_key=True),
    sa.Column("email", sa.String(254), nullable=False, unique=True),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("role", choice(Role), nullable=False),
    sa.Column("language", choice(Language), nullable=False),
    sa.Column("password_hash", sa.String(200), nullable=False),
    sa.Column("side", sa.String(40), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("session_hash", sa.String(64), primary_key=True),
    sa.Column("user_id", sa.Uuid, sa.ForeignKey("users.user_id"), nullable=False, index=True),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
)

sign_in_links = sa.Table(
    "sign_in_links",
    metadata,
    sa.Column("link_hash", sa.String(64), primary_key=True),
    sa.Column("user_id", sa.Uuid, sa.ForeignKey("users.user_id"), nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
)

tokens = sa.Table(
    "tokens",
    metadata,
    event_key(),
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("scope", sa.String(20), nullable=False),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("device_id", sa.Uuid),
    sa.Column("side", sa.String(40), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("revoked_at", Moment),
    sa.Index(None, "token_hash", unique=True),
    sa.Index(None, "event_id", "device_id"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    event_key(),
    sa.Column("message_id", sa.Uuid, primary_key=True),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("subject_id", sa.Uuid, nullable=False),
    sa.Column("recipient", sa.String(254), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("due_at", Moment),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("outcome", sa.String(20), nullable=False),
    sa.Column("detail", sa.String(400), nullable=False),
    sa.Index(None, "due_at"),
    sa.Index(None, "event_id", "subject_id", "created_at"),
)

audit = sa.Table(
    "audit",
    metadata,
    event_key(),
    sa.Column("entry_id", sa.Uuid, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor", sa.String(254), nullable=False),
    sa.Column("action", sa.String(60), nullable=False),
    sa.Column("subject_id", sa.Uuid),
    sa.Column("detail", json_type(), nullable=False),
)
