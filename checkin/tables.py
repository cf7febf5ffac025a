"""What the door keeps. Scans, what followed them and admissions are only ever added; presence is worked out from them.

Of a scan three times are kept: the device's (`scanned_at`), the server's (`received_at`), and the one that counts.
Of its outcome two: what the server judged (`verdict`, `admits`) and what happened (`entered`); they differ where a
device had to decide alone.
"""

import sqlalchemy as sa

from checkin.models import Direction, GateKind, Mode, Reentry, VerdictCode
from events.core.schema import Moment, choice, event_key, json_type, metadata


def _of_guest() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["event_id", "guest_id"], ["guests.event_id", "guests.guest_id"])


gates = sa.Table(
    "gates",
    metadata,
    event_key(),
    sa.Column("gate_id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("kind", choice(GateKind), nullable=False),
    sa.Column("admits", json_type(), nullable=False),
    sa.Column("reentry", choice(Reentry), nullable=False),
    sa.Column("opens_at", Moment),
    sa.Column("closes_at", Moment),
    sa.Column("zone", sa.String(40), nullable=False),
    sa.Column("limit", sa.Integer),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.UniqueConstraint("event_id", "name"),
)

scans = sa.Table(
    "scans",
    metadata,
    event_key(),
    sa.Column("scan_id", sa.Uuid, primary_key=True),
    sa.Column("recorded", sa.Uuid, nullable=False),
    sa.Column("gate_id", sa.Uuid, nullable=False),
    sa.Column("guest_id", sa.Uuid),
    sa.Column("raw", sa.String(200), nullable=False),
    sa.Column("direction", choice(Direction), nullable=False),
    sa.Column("mode", choice(Mode), nullable=False),
    sa.Column("scanned_at", Moment, nullable=False),
    sa.Column("received_at", Moment, nullable=False),
    sa.Column("counted_at", Moment, nullable=False),
    sa.Column("verdict", choice(VerdictCode), nullable=False),
    sa.Column("admits", sa.Boolean, nullable=False),
    sa.Column("local_verdict", sa.String(20), nullable=False),
    sa.Column("entered", sa.Boolean, nullable=False),
    sa.Column("conflict", sa.Boolean, nullable=False),
    sa.Column("rehearsal", sa.Boolean, nullable=False),
    sa.Column("skew_ms", sa.Integer),
    sa.Column("doubt", sa.String(20), nullable=False),
    sa.Column("device_id", sa.Uuid),
    sa.Column("override_reason", sa.String(200), nullable=False),
    sa.Column("actor", sa.String(254), nullable=False),
    sa.Column("actor_name", sa.String(254), nullable=False),
    sa.Column("answer", json_type(), nullable=False),
    sa.ForeignKeyConstraint(["event_id", "gate_id"], ["gates.event_id", "gates.gate_id"]),
    _of_guest(),
    sa.Index(None, "event_id", "guest_id", "recorded"),
    sa.Index(None, "event_id", "conflict", "recorded"),
    sa.Index(None, "event_id", "device_id", "recorded"),
)

decisions = sa.Table(
    "decisions",
    metadata,
    event_key(),
    sa.Column("scan_id", sa.Uuid, primary_key=True),
    sa.Column("local_verdict", sa.String(20), nullable=False),
    sa.Column("entered", sa.Boolean, nullable=False),
    sa.Column("conflict", sa.Boolean, nullable=False),
    sa.Column("received_at", Moment, nullable=False),
    sa.ForeignKeyConstraint(["event_id", "scan_id"], ["scans.event_id", "scans.scan_id"]),
    comment="What a device decided alone about a scan of which the server's answer came too late.",
)

settlements = sa.Table(
    "settlements",
    metadata,
    event_key(),
    sa.Column("scan_id", sa.Uuid, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("note", sa.String(200), nullable=False),
    sa.Column("actor", sa.String(254), nullable=False),
    sa.ForeignKeyConstraint(["event_id", "scan_id"], ["scans.event_id", "scans.scan_id"]),
    comment="A lead has looked at a conflict.",
)

undos = sa.Table(
    "undos",
    metadata,
    event_key(),
    sa.Column("scan_id", sa.Uuid, primary_key=True),
    sa.Column("undo_id", sa.Uuid, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("reason", sa.String(200), nullable=False),
    sa.Column("actor", sa.String(254), nullable=False),
    sa.ForeignKeyConstraint(["event_id", "scan_id"], ["scans.event_id", "scans.scan_id"]),
)

admissions = sa.Table(
    "admissions",
    metadata,
    event_key(),
    sa.Column("guest_id", sa.Uuid, primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True),
    sa.Column("scan_id", sa.Uuid, nullable=False),
    _of_guest(),
    comment="A guest's first entry; a second row needs an undo in between, which raises `attempt`.",
)

presence = sa.Table(
    "presence",
    metadata,
    event_key(),
    sa.Column("guest_id", sa.Uuid, primary_key=True),
    sa.Column("first_scan_id", sa.Uuid),
    sa.Column("first_at", Moment),
    sa.Column("first_gate", sa.String(80), nullable=False),
    sa.Column("first_by", sa.String(254), nullable=False),
    sa.Column("inside", sa.Boolean, nullable=False),
    sa.Column("zone", sa.String(40), nullable=False),
    sa.Column("last_at", Moment),
    sa.Column("exited", sa.Boolean, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    _of_guest(),
    sa.Index(None, "event_id", "inside", "zone"),
    sa.Index(None, "event_id", "changed_at"),
)

excuses = sa.Table(
    "excuses",
    metadata,
    event_key(),
    sa.Column("guest_id", sa.Uuid, primary_key=True),
    sa.Column("represented_by", sa.Uuid),
    sa.Column("reason", sa.String(200), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor", sa.String(254), nullable=False),
    _of_guest(),
    sa.ForeignKeyConstraint(["event_id", "represented_by"], ["guests.event_id", "guests.guest_id"]),
    comment="Who sent word that they cannot come, and who stands for them.",
)
