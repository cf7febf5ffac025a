"""What the stage keeps. Transitions, substitutions, signatures, moves and records are only ever added."""

import sqlalchemy as sa

from checkin.stage.models import Act, Hosting, Role, RoundState
from events.core.i18n import Language
from events.core.schema import Document, Moment, choice, event_key, json_type, metadata
from events.models import SegmentKind, Text


def _to(table: str, *columns: str) -> sa.ForeignKeyConstraint:
    """A link within the event: `columns` and what they are called over there, which is the same."""
    names = ["event_id", *columns]
    return sa.ForeignKeyConstraint(names, [f"{table}.{name}" for name in names])


def _to_guest(column: str = "guest_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["event_id", column], ["guests.event_id", "guests.guest_id"])


rounds = sa.Table(
    "rounds",
    metadata,
    event_key(),
    sa.Column("round_id", sa.Uuid, primary_key=True),
    sa.Column("segment_id", sa.Uuid, nullable=False),
    sa.Column("kind", choice(SegmentKind), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("title", Document(Text), nullable=False),
    sa.Column("item", Document(Text), nullable=False),
    sa.Column("script", Document(Text), nullable=False),
    sa.Column("copies", sa.Integer, nullable=False),
    sa.Column("languages", json_type(), nullable=False),
    sa.Column("cue_at", Moment),
    sa.Column("wants_signature", sa.Boolean, nullable=False),
    sa.Column("state", choice(RoundState), nullable=False),
    sa.Column("step", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    _to("segments", "segment_id"),
    sa.Index(None, "event_id", "segment_id"),
)

round_parties = sa.Table(
    "round_parties",
    metadata,
    event_key(),
    sa.Column("round_id", sa.Uuid, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("name", Document(Text), nullable=False),
    sa.Column("short", Document(Text), nullable=False),
    sa.Column("hosting", choice(Hosting), nullable=False),
    sa.Column("side", sa.String(40), nullable=False),
    _to("rounds", "round_id"),
)

participants = sa.Table(
    "participants",
    metadata,
    event_key(),
    sa.Column("participant_id", sa.Uuid, primary_key=True),
    sa.Column("round_id", sa.Uuid, nullable=False),
    sa.Column("role", choice(Role), nullable=False),
    sa.Column("party", sa.Integer, nullable=False),
    sa.Column("guest_id", sa.Uuid),
    sa.Column("title", Document(Text), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("seat", sa.Integer),
    sa.Column("place", sa.Integer),
    _to("rounds", "round_id"),
    _to_guest(),
    sa.Index(None, "event_id", "round_id"),
    sa.Index(None, "event_id", "guest_id"),
)

transitions = sa.Table(
    "transitions",
    metadata,
    event_key(),
    sa.Column("round_id", sa.Uuid, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("act", choice(Act), nullable=False),
    sa.Column("before", sa.String(20), nullable=False),
    sa.Column("after", sa.String(20), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor", sa.String(254), nullable=False),
    sa.Column("actor_name", sa.String(254), nullable=False),
    sa.Column("where", sa.String(120), nullable=False),
    sa.Column("reason", sa.String(200), nullable=False),
    sa.Column("undoes", sa.Integer),
    _to("rounds", "round_id"),
)

substitutions = sa.Table(
    "substitutions",
    metadata,
    event_key(),
    sa.Column("substitution_id", sa.Uuid, primary_key=True),
    sa.Column("round_id", sa.Uuid, nullable=False),
    sa.Column("participant_id", sa.Uuid, nullable=False),
    sa.Column("role", choice(Role), nullable=False),
    sa.Column("original_id", sa.Uuid, nullable=False),
    sa.Column("substitute_id", sa.Uuid, nullable=False),
    sa.Column("authority", sa.String(200), nullable=False),
    sa.Column("reason", sa.String(200), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor", sa.String(254), nullable=False),
    sa.Column("actor_name", sa.String(254), nullable=False),
    _to("rounds", "round_id"),
    _to_guest("original_id"),
    _to_guest("substitute_id"),
    sa.Index(None, "event_id", "round_id"),
)

signatures = sa.Table(
    "signatures",
    metadata,
    event_key(),
    sa.Column("signature_id", sa.Uuid, primary_key=True),
    sa.Column("round_id", sa.Uuid, nullable=False),
    sa.Column("participant_id", sa.Uuid, nullable=False),
    sa.Column("guest_id", sa.Uuid, nullable=False),
    sa.Column("strokes", json_type(), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor", sa.String(254), nullable=False),
    _to("rounds", "round_id"),
    _to_guest(),
    sa.Index(None, "event_id", "round_id"),
    comment="By hand on a tablet; the last one of a participant counts.",
)

records = sa.Table(
    "records",
    metadata,
    event_key(),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("round_id", sa.Uuid, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    _to("rounds", "round_id"),
    comment="What a round was when it was closed, postponed or withdrawn: canonical JSON, chained by SHA-256.",
)

chases = sa.Table(
    "chases",
    metadata,
    event_key(),
    sa.Column("chase_id", sa.Uuid, primary_key=True),
    sa.Column("round_id", sa.Uuid, nullable=False),
    sa.Column("guest_id", sa.Uuid, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor_name", sa.String(254), nullable=False),
    _to("rounds", "round_id"),
    _to_guest(),
    sa.Index(None, "event_id", "round_id"),
    comment="A liaison was asked where their guest is.",
)

spoken = sa.Table(
    "spoken",
    metadata,
    event_key(),
    sa.Column("guest_id", sa.Uuid, primary_key=True),
    sa.Column("honorific", Document(Text), nullable=False),
    sa.Column("reading", sa.String(160), nullable=False),
    sa.Column("confirmed_at", Moment),
    sa.Column("confirmed_by", sa.String(254), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    _to_guest(),
    comment="How a guest is announced.",
)

prints = sa.Table(
    "prints",
    metadata,
    event_key(),
    sa.Column("print_id", sa.Uuid, primary_key=True),
    sa.Column("segment_id", sa.Uuid),
    sa.Column("language", choice(Language), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor_name", sa.String(254), nullable=False),
    sa.Column("lines", json_type(), nullable=False),
    sa.Index(None, "event_id", "at"),
    comment="A printed cue sheet: a digest of each line, by the line's key. No segment: the whole programme.",
)

precedence_lists = sa.Table(
    "precedence_lists",
    metadata,
    event_key(),
    sa.Column("list_id", sa.Uuid, primary_key=True),
    sa.Column("segment_id", sa.Uuid),
    sa.Column("title", Document(Text), nullable=False),
    sa.Column("purpose", sa.String(20), nullable=False),
    sa.Column("tie_breaks", json_type(), nullable=False),
    sa.Column("interleaves", sa.Boolean, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("honour", sa.String(10), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    _to("segments", "segment_id"),
)

precedence_entries = sa.Table(
    "precedence_entries",
    metadata,
    event_key(),
    sa.Column("list_id", sa.Uuid, primary_key=True),
    sa.Column("guest_id", sa.Uuid, primary_key=True),
    sa.Column("rank", sa.Integer, nullable=False),
    sa.Column("grade", sa.Integer, nullable=False),
    sa.Column("founded", sa.Integer),
    _to("precedence_lists", "list_id"),
    _to_guest(),
    sa.Index(None, "event_id", "guest_id"),
)

precedence_moves = sa.Table(
    "precedence_moves",
    metadata,
    event_key(),
    sa.Column("list_id", sa.Uuid, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("guest_id", sa.Uuid, nullable=False),
    sa.Column("from_position", sa.Integer, nullable=False),
    sa.Column("to_position", sa.Integer, nullable=False),
    sa.Column("reason", sa.String(200), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor_name", sa.String(254), nullable=False),
    sa.Column("undoes", sa.Integer),
    _to("precedence_lists", "list_id"),
    _to_guest(),
)
