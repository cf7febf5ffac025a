"""The main job: events, guests, tickets, the door, mail, accounts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("tag", sa.String(length=5), nullable=False),
        sa.Column("title", _JSON, nullable=False),
        sa.Column("summary", _JSON, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("venue", _JSON, nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("registered", sa.Integer(), nullable=False),
        sa.Column(
            "registration",
            sa.Enum(
                "open",
                "approval",
                "invitation",
                name="registrationmode",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("notice_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_events"),
        sa.UniqueConstraint("slug", name="uq_events_slug"),
        sa.UniqueConstraint("tag", name="uq_events_tag"),
    )
    op.create_table(
        "users",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "admin",
                "organiser",
                "steward",
                "protocol",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "language",
            sa.Enum("zh-Hans", "zh-Hant", "en", name="language", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_users"),
        sa.UniqueConstraint("email", name="uq_users_email"),
    )
    op.create_table(
        "audit",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("detail", _JSON, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name="fk_audit_event_id"),
        sa.PrimaryKeyConstraint("event_id", "entry_id", name="pk_audit"),
    )
    op.create_table(
        "categories",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name", _JSON, nullable=False),
        sa.Column("colour", sa.String(length=7), nullable=False),
        sa.Column("attention", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name="fk_categories_event_id"),
        sa.PrimaryKeyConstraint("event_id", "key", name="pk_categories"),
    )
    op.create_table(
        "exhibitors",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("booth", sa.String(length=12), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("field_name", _JSON, nullable=False),
        sa.Column("name", _JSON, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name="fk_exhibitors_event_id"),
        sa.PrimaryKeyConstraint("event_id", "booth", name="pk_exhibitors"),
    )
    op.create_table(
        "gates",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("gate_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("entrance", "zone", "booth", name="gatekind", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("admits", _JSON, nullable=False),
        sa.Column(
            "reentry",
            sa.Enum("once", "many", "after_exit", name="reentry", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("limit", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name="fk_gates_event_id"),
        sa.PrimaryKeyConstraint("event_id", "gate_id", name="pk_gates"),
        sa.UniqueConstraint("event_id", "name", name="uq_gates_event_id_name"),
    )
    op.create_table(
        "hosts",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name", _JSON, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name="fk_hosts_event_id"),
        sa.PrimaryKeyConstraint("event_id", "key", name="pk_hosts"),
    )
    op.create_table(
        "notices",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", _JSON, nullable=False),
        sa.Column("shown_from", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name="fk_notices_event_id"),
        sa.PrimaryKeyConstraint("event_id", "version", name="pk_notices"),
    )
    op.create_table(
        "outbox",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name="fk_outbox_event_id"),
        sa.PrimaryKeyConstraint("event_id", "message_id", name="pk_outbox"),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_due_at", ["due_at"], unique=False)
        batch_op.create_index(
            "ix_outbox_event_id_subject_id_created_at", ["event_id", "subject_id", "created_at"], unique=False
        )

    op.create_table(
        "segments",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "reception",
                "exhibition",
                "speeches",
                "launch",
                "signing",
                "presentation",
                "release",
                "tour",
                "photo",
                name="segmentkind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("title", _JSON, nullable=False),
        sa.Column("place", _JSON, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name="fk_segments_event_id"),
        sa.PrimaryKeyConstraint("event_id", "segment_id", name="pk_segments"),
    )
    op.create_table(
        "sessions",
        sa.Column("session_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_sessions_user_id"),
        sa.PrimaryKeyConstraint("session_hash", name="pk_sessions"),
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index("ix_sessions_user_id", ["user_id"], unique=False)

    op.create_table(
        "sign_in_links",
        sa.Column("link_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_sign_in_links_user_id"),
        sa.PrimaryKeyConstraint("link_hash", name="pk_sign_in_links"),
    )
    op.create_table(
        "tokens",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name="fk_tokens_event_id"),
        sa.PrimaryKeyConstraint("event_id", "token_hash", name="pk_tokens"),
    )
    with op.batch_alter_table("tokens", schema=None) as batch_op:
        batch_op.create_index("ix_tokens_token_hash", ["token_hash"], unique=True)

    op.create_table(
        "guests",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_latin", sa.String(length=120), nullable=False),
        sa.Column("organisation", sa.String(length=160), nullable=False),
        sa.Column("job_title", sa.String(length=160), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column(
            "language",
            sa.Enum("zh-Hans", "zh-Hant", "en", name="language", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "waitlisted",
                "confirmed",
                "declined",
                "cancelled",
                name="gueststatus",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("status_reason", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("consent_version", sa.Integer(), nullable=True),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search_keys", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "category"], ["categories.event_id", "categories.key"], name="fk_guests_event_id_category"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name="fk_guests_event_id"),
        sa.PrimaryKeyConstraint("event_id", "guest_id", name="pk_guests"),
        sa.UniqueConstraint("event_id", "email_key", name="uq_guests_event_id_email_key"),
        sa.UniqueConstraint("event_id", "submission_id", name="uq_guests_event_id_submission_id"),
    )
    with op.batch_alter_table("guests", schema=None) as batch_op:
        batch_op.create_index("ix_guests_event_id_status_guest_id", ["event_id", "status", "guest_id"], unique=False)

    op.create_table(
        "admissions",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("scan_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "guest_id"], ["guests.event_id", "guests.guest_id"], name="fk_admissions_event_id_guest_id"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name="fk_admissions_event_id"),
        sa.PrimaryKeyConstraint("event_id", "guest_id", "attempt", name="pk_admissions"),
        comment="A guest's first entry; a second row needs an undo in between, which raises `attempt`.",
    )
    op.create_table(
        "presence",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("first_scan_id", sa.Uuid(), nullable=True),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_gate", sa.String(length=80), nullable=False),
        sa.Column("first_by", sa.String(length=254), nullable=False),
        sa.Column("inside", sa.Boolean(), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "guest_id"], ["guests.event_id", "guests.guest_id"], name="fk_presence_event_id_guest_id"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name="fk_presence_event_id"),
        sa.PrimaryKeyConstraint("event_id", "guest_id", name="pk_presence"),
    )
    with op.batch_alter_table("presence", schema=None) as batch_op:
        batch_op.create_index("ix_presence_event_id_inside_zone", ["event_id", "inside", "zone"], unique=False)

    op.create_table(
        "scans",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("scan_id", sa.Uuid(), nullable=False),
        sa.Column("recorded", sa.Uuid(), nullable=False),
        sa.Column("gate_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=True),
        sa.Column("raw", sa.String(length=200), nullable=False),
        sa.Column(
            "direction",
            sa.Enum("entry", "exit", name="direction", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column(
            "mode",
            sa.Enum("online", "offline", name="mode", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "admitted",
                "admitted_vip",
                "reentered",
                "exited",
                "already_inside",
                "wrong_gate",
                "too_early",
                "too_late",
                "zone_full",
                "not_confirmed",
                "cancelled",
                "revoked",
                "other_event",
                "unknown",
                "valid_unsynced",
                name="verdictcode",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("admits", sa.Boolean(), nullable=False),
        sa.Column("local_verdict", sa.String(length=20), nullable=False),
        sa.Column("override_reason", sa.String(length=200), nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("actor_name", sa.String(length=254), nullable=False),
        sa.Column("answer", _JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "gate_id"], ["gates.event_id", "gates.gate_id"], name="fk_scans_event_id_gate_id"
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "guest_id"], ["guests.event_id", "guests.guest_id"], name="fk_scans_event_id_guest_id"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name="fk_scans_event_id"),
        sa.PrimaryKeyConstraint("event_id", "scan_id", name="pk_scans"),
    )
    with op.batch_alter_table("scans", schema=None) as batch_op:
        batch_op.create_index("ix_scans_event_id_guest_id_recorded", ["event_id", "guest_id", "recorded"], unique=False)

    op.create_table(
        "tickets",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=28), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "reserved",
                "issued",
                "revoked",
                name="ticketstate",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("guest_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "guest_id"], ["guests.event_id", "guests.guest_id"], name="fk_tickets_event_id_guest_id"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name="fk_tickets_event_id"),
        sa.PrimaryKeyConstraint("event_id", "code", name="pk_tickets"),
        sa.UniqueConstraint("event_id", "serial", name="uq_tickets_event_id_serial"),
    )
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.create_index("ix_tickets_event_id_guest_id", ["event_id", "guest_id"], unique=False)
        batch_op.create_index("ix_tickets_event_id_state_serial", ["event_id", "state", "serial"], unique=False)

    op.create_table(
        "undos",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("scan_id", sa.Uuid(), nullable=False),
        sa.Column("undo_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "scan_id"], ["scans.event_id", "scans.scan_id"], name="fk_undos_event_id_scan_id"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name="fk_undos_event_id"),
        sa.PrimaryKeyConstraint("event_id", "scan_id", name="pk_undos"),
    )
