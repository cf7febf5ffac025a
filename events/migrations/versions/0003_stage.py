"""Programme, rounds, precedence, records and booths; whose contact data somebody may see.

Columns are added with a default for the rows that are there. SQLite can add a kind of device only by making its two
tables anew, to which nothing refers.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

_UNSAID = '{"zh_hans": "", "zh_hant": "", "en": ""}'
_PROFILES = "profile IN ('scanner', 'kiosk', 'booth')"


def upgrade() -> None:
    for table in ("pairings", "devices"):
        _widen_profiles(table)
    for table, columns in _added().items():
        for column in columns:
            op.add_column(table, column)
    op.execute(
        "UPDATE segments SET position = (SELECT count(*) FROM segments AS other "
        "WHERE other.event_id = segments.event_id "
        "AND (other.starts_at, other.segment_id) <= (segments.starts_at, segments.segment_id))"
    )
    _create_plans()
    _create_rounds()
    _create_proofs()


def _json() -> sa.types.TypeEngine[Any]:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _text(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=False, server_default="")


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default="1")


def _added() -> dict[str, list[sa.Column[Any]]]:
    return {
        "segments": [
            _number("position"),
            sa.Column("languages", _json(), nullable=False, server_default='["zh-Hans"]'),
            sa.Column("public", sa.Boolean(), nullable=False, server_default=sa.true()),
            sa.Column("script", _json(), nullable=False, server_default=_UNSAID),
            _number("version"),
        ],
        "exhibitors": [
            sa.Column("summary", _json(), nullable=False, server_default=_UNSAID),
            sa.Column("gate_id", sa.Uuid()),
            _number("version"),
        ],
        "guests": [
            _text("liaison_name", 120),
            _text("liaison_phone", 32),
            _text("booth", 12),
            sa.Column("shares_at", sa.DateTime(timezone=True)),
        ],
        "tokens": [_text("side", 40)],
        "users": [_text("side", 40)],
    }


def _widen_profiles(table: str) -> None:
    with op.batch_alter_table(table) as altered:
        altered.drop_constraint(op.f(f"ck_{table}_profile"), type_="check")
        altered.create_check_constraint(op.f(f"ck_{table}_profile"), _PROFILES)


def _create_plans() -> None:
    op.create_table(
        "prints",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("print_id", sa.Uuid(), nullable=False),
        sa.Column("segment_id", sa.Uuid(), nullable=True),
        sa.Column(
            "language",
            sa.Enum("zh-Hans", "zh-Hant", "en", name="language", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_name", sa.String(length=254), nullable=False),
        sa.Column("lines", _json(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name=op.f("fk_prints_event_id")),
        sa.PrimaryKeyConstraint("event_id", "print_id", name=op.f("pk_prints")),
        comment="A printed cue sheet: a digest of each line, by the line's key. No segment: the whole programme.",
    )
    op.create_index(op.f("ix_prints_event_id_at"), "prints", ["event_id", "at"])
    op.create_table(
        "precedence_lists",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("segment_id", sa.Uuid(), nullable=True),
        sa.Column("title", _json(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("tie_breaks", _json(), nullable=False),
        sa.Column("interleaves", sa.Boolean(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("honour", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "segment_id"],
            ["segments.event_id", "segments.segment_id"],
            name=op.f("fk_precedence_lists_event_id_segment_id"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name=op.f("fk_precedence_lists_event_id")),
        sa.PrimaryKeyConstraint("event_id", "list_id", name=op.f("pk_precedence_lists")),
    )
    op.create_table(
        "tour_stops",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("booth", sa.String(length=12), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("note", _json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "booth"],
            ["exhibitors.event_id", "exhibitors.booth"],
            name=op.f("fk_tour_stops_event_id_booth"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "segment_id"],
            ["segments.event_id", "segments.segment_id"],
            name=op.f("fk_tour_stops_event_id_segment_id"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name=op.f("fk_tour_stops_event_id")),
        sa.PrimaryKeyConstraint("event_id", "segment_id", "position", name=op.f("pk_tour_stops")),
    )
    op.create_table(
        "excuses",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("represented_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "guest_id"], ["guests.event_id", "guests.guest_id"], name=op.f("fk_excuses_event_id_guest_id")
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "represented_by"],
            ["guests.event_id", "guests.guest_id"],
            name=op.f("fk_excuses_event_id_represented_by"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name=op.f("fk_excuses_event_id")),
        sa.PrimaryKeyConstraint("event_id", "guest_id", name=op.f("pk_excuses")),
        comment="Who sent word that they cannot come, and who stands for them.",
    )
    op.create_table(
        "leads",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("booth", sa.String(length=12), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("actor_name", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "booth"], ["exhibitors.event_id", "exhibitors.booth"], name=op.f("fk_leads_event_id_booth")
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "guest_id"], ["guests.event_id", "guests.guest_id"], name=op.f("fk_leads_event_id_guest_id")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name=op.f("fk_leads_event_id")),
        sa.PrimaryKeyConstraint("event_id", "lead_id", name=op.f("pk_leads")),
        sa.UniqueConstraint("event_id", "booth", "guest_id", name=op.f("uq_leads_event_id_booth_guest_id")),
        comment="A visitor who consented was scanned at a booth.",
    )
    op.create_table(
        "precedence_entries",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("founded", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id", "guest_id"],
            ["guests.event_id", "guests.guest_id"],
            name=op.f("fk_precedence_entries_event_id_guest_id"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "list_id"],
            ["precedence_lists.event_id", "precedence_lists.list_id"],
            name=op.f("fk_precedence_entries_event_id_list_id"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name=op.f("fk_precedence_entries_event_id")),
        sa.PrimaryKeyConstraint("event_id", "list_id", "guest_id", name=op.f("pk_precedence_entries")),
    )
    op.create_index(op.f("ix_precedence_entries_event_id_guest_id"), "precedence_entries", ["event_id", "guest_id"])
    op.create_table(
        "precedence_moves",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("from_position", sa.Integer(), nullable=False),
        sa.Column("to_position", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_name", sa.String(length=254), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id", "guest_id"],
            ["guests.event_id", "guests.guest_id"],
            name=op.f("fk_precedence_moves_event_id_guest_id"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "list_id"],
            ["precedence_lists.event_id", "precedence_lists.list_id"],
            name=op.f("fk_precedence_moves_event_id_list_id"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name=op.f("fk_precedence_moves_event_id")),
        sa.PrimaryKeyConstraint("event_id", "list_id", "number", name=op.f("pk_precedence_moves")),
    )


def _create_rounds() -> None:
    op.create_table(
        "rounds",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
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
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", _json(), nullable=False),
        sa.Column("item", _json(), nullable=False),
        sa.Column("script", _json(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("languages", _json(), nullable=False),
        sa.Column("cue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wants_signature", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "ready",
                "called",
                "on_stage",
                "signed",
                "exchanged",
                "closed",
                "postponed",
                "withdrawn",
                name="roundstate",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "segment_id"],
            ["segments.event_id", "segments.segment_id"],
            name=op.f("fk_rounds_event_id_segment_id"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name=op.f("fk_rounds_event_id")),
        sa.PrimaryKeyConstraint("event_id", "round_id", name=op.f("pk_rounds")),
    )
    op.create_index(op.f("ix_rounds_event_id_segment_id"), "rounds", ["event_id", "segment_id"])
    op.create_table(
        "round_parties",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", _json(), nullable=False),
        sa.Column("short", _json(), nullable=False),
        sa.Column(
            "hosting",
            sa.Enum("host", "guest", "neither", name="hosting", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "round_id"],
            ["rounds.event_id", "rounds.round_id"],
            name=op.f("fk_round_parties_event_id_round_id"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name=op.f("fk_round_parties_event_id")),
        sa.PrimaryKeyConstraint("event_id", "round_id", "number", name=op.f("pk_round_parties")),
    )
    op.create_table(
        "participants",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "signatory",
                "assistant",
                "witness",
                "presenter",
                "recipient",
                "officiant",
                "speaker",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("party", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=True),
        sa.Column("title", _json(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id", "guest_id"],
            ["guests.event_id", "guests.guest_id"],
            name=op.f("fk_participants_event_id_guest_id"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "round_id"],
            ["rounds.event_id", "rounds.round_id"],
            name=op.f("fk_participants_event_id_round_id"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name=op.f("fk_participants_event_id")),
        sa.PrimaryKeyConstraint("event_id", "participant_id", name=op.f("pk_participants")),
    )
    op.create_index(op.f("ix_participants_event_id_guest_id"), "participants", ["event_id", "guest_id"])
    op.create_index(op.f("ix_participants_event_id_round_id"), "participants", ["event_id", "round_id"])
    op.create_table(
        "spoken",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("honorific", _json(), nullable=False),
        sa.Column("reading", sa.String(length=160), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.String(length=254), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "guest_id"], ["guests.event_id", "guests.guest_id"], name=op.f("fk_spoken_event_id_guest_id")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name=op.f("fk_spoken_event_id")),
        sa.PrimaryKeyConstraint("event_id", "guest_id", name=op.f("pk_spoken")),
        comment="How a guest is announced.",
    )
    op.create_table(
        "chases",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("chase_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_name", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "guest_id"], ["guests.event_id", "guests.guest_id"], name=op.f("fk_chases_event_id_guest_id")
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "round_id"], ["rounds.event_id", "rounds.round_id"], name=op.f("fk_chases_event_id_round_id")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name=op.f("fk_chases_event_id")),
        sa.PrimaryKeyConstraint("event_id", "chase_id", name=op.f("pk_chases")),
        comment="A liaison was asked where their guest is.",
    )
    op.create_index(op.f("ix_chases_event_id_round_id"), "chases", ["event_id", "round_id"])


def _create_proofs() -> None:
    op.create_table(
        "transitions",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "ready",
                "call",
                "stage",
                "sign",
                "exchange",
                "close",
                "postpone",
                "resume",
                "withdraw",
                "undo",
                name="act",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("before", sa.String(length=20), nullable=False),
        sa.Column("after", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("actor_name", sa.String(length=254), nullable=False),
        sa.Column("where", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id", "round_id"],
            ["rounds.event_id", "rounds.round_id"],
            name=op.f("fk_transitions_event_id_round_id"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name=op.f("fk_transitions_event_id")),
        sa.PrimaryKeyConstraint("event_id", "round_id", "number", name=op.f("pk_transitions")),
    )
    op.create_table(
        "substitutions",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("substitution_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "signatory",
                "assistant",
                "witness",
                "presenter",
                "recipient",
                "officiant",
                "speaker",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("original_id", sa.Uuid(), nullable=False),
        sa.Column("substitute_id", sa.Uuid(), nullable=False),
        sa.Column("authority", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("actor_name", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "original_id"],
            ["guests.event_id", "guests.guest_id"],
            name=op.f("fk_substitutions_event_id_original_id"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "round_id"],
            ["rounds.event_id", "rounds.round_id"],
            name=op.f("fk_substitutions_event_id_round_id"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "substitute_id"],
            ["guests.event_id", "guests.guest_id"],
            name=op.f("fk_substitutions_event_id_substitute_id"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name=op.f("fk_substitutions_event_id")),
        sa.PrimaryKeyConstraint("event_id", "substitution_id", name=op.f("pk_substitutions")),
    )
    op.create_index(op.f("ix_substitutions_event_id_round_id"), "substitutions", ["event_id", "round_id"])
    op.create_table(
        "signatures",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("signature_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("strokes", _json(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "guest_id"],
            ["guests.event_id", "guests.guest_id"],
            name=op.f("fk_signatures_event_id_guest_id"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "round_id"],
            ["rounds.event_id", "rounds.round_id"],
            name=op.f("fk_signatures_event_id_round_id"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name=op.f("fk_signatures_event_id")),
        sa.PrimaryKeyConstraint("event_id", "signature_id", name=op.f("pk_signatures")),
        comment="By hand on a tablet; the last one of a participant counts.",
    )
    op.create_index(op.f("ix_signatures_event_id_round_id"), "signatures", ["event_id", "round_id"])
    op.create_table(
        "records",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "round_id"], ["rounds.event_id", "rounds.round_id"], name=op.f("fk_records_event_id_round_id")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name=op.f("fk_records_event_id")),
        sa.PrimaryKeyConstraint("event_id", "number", name=op.f("pk_records")),
        comment="What a round was when it was closed, postponed or withdrawn: canonical JSON, chained by SHA-256.",
    )
