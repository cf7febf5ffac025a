"""The door's nouns as pure values: no HTTP, no SQL. The stage's will stand beside them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID

from events.models import GuestId, GuestStatus

GateId = NewType("GateId", UUID)
ScanId = NewType("ScanId", UUID)
DeviceId = NewType("DeviceId", UUID)
StewardId = NewType("StewardId", UUID)


class VerdictCode(StrEnum):
    """What the door says to a scan; the words are part of the public surface."""

    ADMITTED = "admitted"
    ADMITTED_VIP = "admitted_vip"
    REENTERED = "reentered"
    EXITED = "exited"
    ALREADY_INSIDE = "already_inside"
    WRONG_GATE = "wrong_gate"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    ZONE_FULL = "zone_full"
    NOT_CONFIRMED = "not_confirmed"
    CANCELLED = "cancelled"
    REVOKED = "revoked"
    OTHER_EVENT = "other_event"
    UNKNOWN = "unknown"
    VALID_UNSYNCED = "valid_unsynced"


class Need(StrEnum):
    """What the steward does next: nothing, choose, wait, send to another gate, a lead or the service desk."""

    NOTHING = "nothing"
    CHOOSE = "choose"
    WAIT = "wait"
    OTHER_GATE = "other_gate"
    LEAD = "lead"
    DESK = "desk"


class GateKind(StrEnum):
    """What stands at the gate."""

    ENTRANCE = "entrance"
    ZONE = "zone"
    BOOTH = "booth"


class Reentry(StrEnum):
    """Whether somebody who was admitted may come in again."""

    ONCE = "once"
    MANY = "many"
    AFTER_EXIT = "after_exit"


class Direction(StrEnum):
    """Which way the person walks."""

    ENTRY = "entry"
    EXIT = "exit"


class Mode(StrEnum):
    """Whether the device asked the server, decided by itself, or somebody ticked a name on paper."""

    ONLINE = "online"
    OFFLINE = "offline"
    PAPER = "paper"


class Profile(StrEnum):
    """What a paired device is for."""

    SCANNER = "scanner"
    KIOSK = "kiosk"
    BOOTH = "booth"


class RobotFormat(StrEnum):
    """In whose message format a webhook is told."""

    GENERIC = "generic"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"


class TicketStanding(StrEnum):
    """What is known of a scanned code."""

    UNKNOWN = "unknown"
    OTHER_EVENT = "other_event"
    RESERVED = "reserved"
    ISSUED = "issued"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A place where guests are scanned.

    `admits` empty: every category. People may enter from `opens_at` until just before `closes_at` (UTC). To move
    between gates of different `zone` needs no exit. `limit`: how many may be in the zone at once.
    `version` counts edits.
    """

    id: GateId
    name: str
    kind: GateKind = GateKind.ENTRANCE
    admits: frozenset[str] = frozenset()
    reentry: Reentry = Reentry.MANY
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    zone: str = ""
    limit: int | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A paired browser, as it last reported.

    waiting: scans not uploaded, the oldest since `oldest_waiting_at`. data_at: how old its guest list is.
    skew_ms: how far its clock is behind ours. battery: percent, where the browser tells. held: guests it knows.
    """

    id: DeviceId
    name: str
    profile: Profile
    gate_id: GateId
    gate: str
    language: str
    paired_at: datetime
    paired_by: str
    revoked_at: datetime | None = None
    seen_at: datetime | None = None
    steward: str = ""
    waiting: int = 0
    oldest_waiting_at: datetime | None = None
    data_at: datetime | None = None
    skew_ms: int | None = None
    battery: int | None = None
    held: int = 0
    app: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steward:
    """Somebody who signs on to a device with a PIN. A lead may override, and undo at any time.

    mark: of the PIN that they have, or had when they signed on; it says nothing about who they are.
    """

    id: StewardId
    name: str
    lead: bool
    mark: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One scan as a device sends it: a code as it was read, or a guest picked from the search.

    id: made on the device, so that a repeat is recognised. scanned_at: by the device's clock, which is `skew` behind
    ours; None where nobody measured it. local_verdict: what the device said, or would have said.
    actor: the account or device that scanned, actor_name: what the next door calls them.
    override_reason: why the holder is let in against an amber verdict; empty without one. It counts if `may_override`;
    an offline scan keeps it all the same, because it happened. rehearsal: before doors open; shows in no report.
    """

    id: ScanId
    gate_id: GateId
    code: str = ""
    guest_id: GuestId | None = None
    direction: Direction = Direction.ENTRY
    scanned_at: datetime
    skew: timedelta | None = None
    mode: Mode = Mode.ONLINE
    local_verdict: str = ""
    override_reason: str = ""
    may_override: bool = True
    rehearsal: bool = False
    device_id: DeviceId | None = None
    actor: str
    actor_name: str = ""

    @property
    def by(self) -> str:
        """Who scanned, as people call them."""
        return self.actor_name or self.actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Somebody's first entry, for whoever wants to be told. attention: the category asks for a host.

    at: when it counts (UTC). leader_id: whose companion this is. liaison: e-mail of the host who looks after them.
    """

    guest_id: GuestId
    scan_id: ScanId
    gate: str
    at: datetime
    attention: bool
    leader_id: GuestId | None
    liaison: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFacts:
    """What the judge is told about the code: `reason` why it was revoked, `event` whose it is if not ours."""

    standing: TicketStanding
    reason: str = ""
    event: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestFacts:
    """What the judge is told about the holder.

    attention: the category asks for a host. elsewhere: the gate for this category, when it is another one.
    reason: why the registration was cancelled or is not confirmed.
    """

    status: GuestStatus
    category: str = ""
    attention: bool = False
    elsewhere: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A first entry, as the next door quotes it: when (UTC), at which gate, by whom."""

    at: datetime
    gate: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What the holder did before, and how full the gate's zone is.

    first: the standing first entry, if any. inside: whether they are in the house now. zone: in which zone.
    exited: whether an exit scan ended the last stay; False where the house was cleared without one.
    zone_count: people now inside the gate's zone.
    """

    first: Entry | None = None
    inside: bool = False
    zone: str = ""
    exited: bool = True
    zone_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The judge's answer.

    admits: this scan lets the holder in. since: the first entry, if there was one. reason: free text to show.
    bound: when the gate opens (too early) or closed (too late).
    """

    code: VerdictCode
    admits: bool
    needs: Need = Need.NOTHING
    since: Entry | None = None
    reason: str = ""
    bound: datetime | None = None
