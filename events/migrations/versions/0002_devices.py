"""Devices, stewards, arrivals, and scans that a device decided alone.

Columns are added with a default for the rows that are there. SQLite can change the choice of `scans.mode` only by
making the table anew, for which nothing may refer to it: the undos stand aside meanwhile.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_LONG_AGO = "1970-01-01 00:00:00"
_INDEXES = {
    "tokens": [("device_id",)],
    "guests": [("changed_at",), ("leader_id",)],
    "presence": [("changed_at",)],
    "scans": [("conflict", "recorded"), ("device_id", "recorded")],
}


def upgrade() -> None:
    _widen_modes()
    for table, columns in _added().items():
        for column in columns:
            op.add_column(table, column)
    for table, indexes in _INDEXES.items():
        for columns in indexes:
            op.create_index(f"ix_{table}_event_id_{'_'.join(columns)}", table, ["event_id", *columns])
    op.execute("UPDATE scans SET entered = admits")
    op.execute("UPDATE presence SET exited = (first_at IS NOT NULL AND NOT inside)")
    _create_tables()


def _added() -> dict[str, list[sa.Column[Any]]]:
    return {
        "tokens": [sa.Column("device_id", sa.Uuid())],
        "gates": [sa.Column("version", sa.Integer(), nullable=False, server_default="1")],
        "guests": [
            sa.Column("leader_id", sa.Uuid()),
            sa.Column("liaison", sa.String(length=254), nullable=False, server_default=""),
            sa.Column("pick_slot", sa.String(length=12), nullable=False, server_default=""),
            sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False, server_default=_LONG_AGO),
        ],
        "presence": [
            sa.Column("exited", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False, server_default=_LONG_AGO),
        ],
        "scans": [
            sa.Column("entered", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column("conflict", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column("rehearsal", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column("skew_ms", sa.Integer()),
            sa.Column("doubt", sa.String(length=20), nullable=False, server_default=""),
            sa.Column("device_id", sa.Uuid()),
        ],
    }


def _widen_modes() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_scans_mode"), "scans")
        op.create_check_constraint(op.f("ck_scans_mode"), "scans", "mode IN ('online', 'offline', 'paper')")
        return
    op.execute("CREATE TEMPORARY TABLE aside AS SELECT * FROM undos")
    op.execute("DELETE FROM undos")
    with op.batch_alter_table("scans") as scans:
        scans.drop_constraint(op.f("ck_scans_mode"), type_="check")
        scans.create_check_constraint(op.f("ck_scans_mode"), "mode IN ('online', 'offline', 'paper')")
    op.execute("INSERT INTO undos SELECT * FROM aside")
    op.execute("DROP TABLE aside")


def _create_tables() -> None:
    op.create_table(
        "stewards",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("steward_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("lead", sa.Boolean(), nullable=False),
        sa.Column("pin_hash", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name="fk_stewards_event_id"),
        sa.PrimaryKeyConstraint("event_id", "steward_id", name="pk_stewards"),
        sa.UniqueConstraint("event_id", "pin_hash", name="uq_stewards_event_id_pin_hash"),
        comment="A removed steward keeps the name and loses the PIN.",
    )
    op.create_table(
        "webhooks",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column(
            "format",
            sa.Enum(
                "generic",
                "wecom",
                "dingtalk",
                "feishu",
                name="robotformat",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("secret", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name="fk_webhooks_event_id"),
        sa.PrimaryKeyConstraint("event_id", "webhook_id", name="pk_webhooks"),
    )
    op.create_table(
        "devices",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "profile",
            sa.Enum("scanner", "kiosk", name="profile", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("gate_id", sa.Uuid(), nullable=False),
        sa.Column(
            "language",
            sa.Enum("zh-Hans", "zh-Hant", "en", name="language", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("paired_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paired_by", sa.String(length=254), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=254), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("steward", sa.String(length=80), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("oldest_waiting_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("data_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("skew_ms", sa.Integer(), nullable=True),
        sa.Column("battery", sa.Integer(), nullable=True),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("app", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "gate_id"], ["gates.event_id", "gates.gate_id"], name="fk_devices_event_id_gate_id"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name="fk_devices_event_id"),
        sa.PrimaryKeyConstraint("event_id", "device_id", name="pk_devices"),
    )
    op.create_table(
        "pairings",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("pairing_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "profile",
            sa.Enum("scanner", "kiosk", name="profile", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("gate_id", sa.Uuid(), nullable=False),
        sa.Column(
            "language",
            sa.Enum("zh-Hans", "zh-Hant", "en", name="language", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=254), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id", "gate_id"], ["gates.event_id", "gates.gate_id"], name="fk_pairings_event_id_gate_id"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name="fk_pairings_event_id"),
        sa.PrimaryKeyConstraint("event_id", "pairing_hash", name="pk_pairings"),
        comment="A code that pairs one phone; `device_id` is set by its one use.",
    )
    op.create_index("ix_pairings_pairing_hash", "pairings", ["pairing_hash"], unique=True)

    op.create_table(
        "alerts",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("scan_id", sa.Uuid(), nullable=False),
        sa.Column("companion_id", sa.Uuid(), nullable=True),
        sa.Column("gate", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "guest_id"], ["guests.event_id", "guests.guest_id"], name="fk_alerts_event_id_guest_id"
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "scan_id"], ["scans.event_id", "scans.scan_id"], name="fk_alerts_event_id_scan_id"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name="fk_alerts_event_id"),
        sa.PrimaryKeyConstraint("event_id", "alert_id", name="pk_alerts"),
        sa.UniqueConstraint("event_id", "guest_id", "scan_id", name="uq_alerts_event_id_guest_id_scan_id"),
        comment="Somebody has arrived; `companion_id`: the companion who was scanned, so that the leader is announced.",
    )
    op.create_table(
        "decisions",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("scan_id", sa.Uuid(), nullable=False),
        sa.Column("local_verdict", sa.String(length=20), nullable=False),
        sa.Column("entered", sa.Boolean(), nullable=False),
        sa.Column("conflict", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "scan_id"], ["scans.event_id", "scans.scan_id"], name="fk_decisions_event_id_scan_id"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name="fk_decisions_event_id"),
        sa.PrimaryKeyConstraint("event_id", "scan_id", name="pk_decisions"),
        comment="What a device decided alone about a scan of which the server's answer came too late.",
    )
    op.create_table(
        "settlements",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("scan_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "scan_id"], ["scans.event_id", "scans.scan_id"], name="fk_settlements_event_id_scan_id"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name="fk_settlements_event_id"),
        sa.PrimaryKeyConstraint("event_id", "scan_id", name="pk_settlements"),
        comment="A lead has looked at a conflict.",
    )
    op.create_table(
        "deliveries",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "alert_id"], ["alerts.event_id", "alerts.alert_id"], name="fk_deliveries_event_id_alert_id"
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "webhook_id"],
            ["webhooks.event_id", "webhooks.webhook_id"],
            name="fk_deliveries_event_id_webhook_id",
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name="fk_deliveries_event_id"),
        sa.PrimaryKeyConstraint("event_id", "delivery_id", name="pk_deliveries"),
    )
    op.create_index("ix_deliveries_due_at", "deliveries", ["due_at"], unique=False)
    op.create_index(
        "ix_deliveries_event_id_webhook_id_tried_at",
        "deliveries",
        ["event_id", "webhook_id", "tried_at"],
        unique=False,
    )
