"""What the door keeps of its devices, its stewards, and whom it tells of arrivals."""

import sqlalchemy as sa

from checkin.models import Profile, RobotFormat
from events.core.i18n import Language
from events.core.schema import Moment, choice, event_key, metadata


def _at_gate() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["event_id", "gate_id"], ["gates.event_id", "gates.gate_id"])


pairings = sa.Table(
    "pairings",
    metadata,
    event_key(),
    sa.Column("pairing_hash", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("profile", choice(Profile), nullable=False),
    sa.Column("gate_id", sa.Uuid, nullable=False),
    sa.Column("language", choice(Language), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("created_by", sa.String(254), nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("device_id", sa.Uuid),
    _at_gate(),
    sa.Index(None, "pairing_hash", unique=True),
    comment="A code that pairs one phone; `device_id` is set by its one use.",
)

devices = sa.Table(
    "devices",
    metadata,
    event_key(),
    sa.Column("device_id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("profile", choice(Profile), nullable=False),
    sa.Column("gate_id", sa.Uuid, nullable=False),
    sa.Column("language", choice(Language), nullable=False),
    sa.Column("paired_at", Moment, nullable=False),
    sa.Column("paired_by", sa.String(254), nullable=False),
    sa.Column("revoked_at", Moment),
    sa.Column("revoked_by", sa.String(254), nullable=False),
    sa.Column("seen_at", Moment),
    sa.Column("steward", sa.String(80), nullable=False),
    sa.Column("waiting", sa.Integer, nullable=False),
    sa.Column("oldest_waiting_at", Moment),
    sa.Column("data_at", Moment),
    sa.Column("skew_ms", sa.Integer),
    sa.Column("battery", sa.Integer),
    sa.Column("held", sa.Integer, nullable=False),
    sa.Column("app", sa.String(80), nullable=False),
    _at_gate(),
)

stewards = sa.Table(
    "stewards",
    metadata,
    event_key(),
    sa.Column("steward_id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("lead", sa.Boolean, nullable=False),
    sa.Column("pin_hash", sa.String(64)),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("removed_at", Moment),
    sa.UniqueConstraint("event_id", "pin_hash"),
    comment="A removed steward keeps the name and loses the PIN.",
)

alerts = sa.Table(
    "alerts",
    metadata,
    event_key(),
    sa.Column("alert_id", sa.Uuid, primary_key=True),
    sa.Column("guest_id", sa.Uuid, nullable=False),
    sa.Column("scan_id", sa.Uuid, nullable=False),
    sa.Column("companion_id", sa.Uuid),
    sa.Column("gate", sa.String(80), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.ForeignKeyConstraint(["event_id", "guest_id"], ["guests.event_id", "guests.guest_id"]),
    sa.ForeignKeyConstraint(["event_id", "scan_id"], ["scans.event_id", "scans.scan_id"]),
    sa.UniqueConstraint("event_id", "guest_id", "scan_id"),
    comment="Somebody has arrived; `companion_id`: the companion who was scanned, so that the leader is announced.",
)

webhooks = sa.Table(
    "webhooks",
    metadata,
    event_key(),
    sa.Column("webhook_id", sa.Uuid, primary_key=True),
    sa.Column("url", sa.String(500), nullable=False),
    sa.Column("format", choice(RobotFormat), nullable=False),
    sa.Column("secret", sa.String(200), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("removed_at", Moment),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    event_key(),
    sa.Column("delivery_id", sa.Uuid, primary_key=True),
    sa.Column("webhook_id", sa.Uuid, nullable=False),
    sa.Column("alert_id", sa.Uuid, nullable=False),
    sa.Column("due_at", Moment),
    sa.Column("tried_at", Moment),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("outcome", sa.String(20), nullable=False),
    sa.Column("detail", sa.String(400), nullable=False),
    sa.ForeignKeyConstraint(["event_id", "webhook_id"], ["webhooks.event_id", "webhooks.webhook_id"]),
    sa.ForeignKeyConstraint(["event_id", "alert_id"], ["alerts.event_id", "alerts.alert_id"]),
    sa.Index(None, "due_at"),
    sa.Index(None, "event_id", "webhook_id", "tried_at"),
)
