"""What is held and who is invited, as pure values: no HTTP, no SQL.

Every other module speaks in these. Times are aware and in UTC; the event's zone is applied at the edge.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from events.core.i18n import Language
from events.core.ids import EventId

GuestId = NewType("GuestId", UUID)
SegmentId = NewType("SegmentId", UUID)


class Text(BaseModel):
    """One thing said in up to three languages."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    zh_hans: str = ""
    zh_hant: str = ""
    en: str = ""

    def said_in(self, language: Language) -> str:
        """The words in `language`, else in the nearest language that has any; never converted."""
        wanted = language.value.lower().replace("-", "_")
        for field in (wanted, *_NEAREST[language]):
            if words := getattr(self, field):
                return str(words)
        return ""


_NEAREST = {
    Language.ZH_HANS: ("zh_hant", "en"),
    Language.ZH_HANT: ("zh_hans", "en"),
    Language.EN: ("zh_hans", "zh_hant"),
}


UNSAID = Text()
"""Nothing said in any language."""


class Venue(BaseModel):
    """Where an event is held."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Text = Text()
    address: Text = Text()


class RegistrationMode(StrEnum):
    """Who may register: everybody at once, everybody subject to approval, or invited people only."""

    OPEN = "open"
    APPROVAL = "approval"
    INVITATION = "invitation"


class GuestStatus(StrEnum):
    """Where a registration stands; only `confirmed` guests are expected at the door."""

    PENDING = "pending"
    WAITLISTED = "waitlisted"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"


STATUS_WORDS = {
    GuestStatus.PENDING: "To be confirmed",
    GuestStatus.WAITLISTED: "Waiting list",
    GuestStatus.CONFIRMED: "Confirmed",
    GuestStatus.DECLINED: "Declined",
    GuestStatus.CANCELLED: "Cancelled",
}
"""What each status is called, in English; the catalogues have the rest."""


class TicketState(StrEnum):
    """Where a minted ticket stands: still in the pool, in a guest's hands, or withdrawn."""

    RESERVED = "reserved"
    ISSUED = "issued"
    REVOKED = "revoked"


class SegmentKind(StrEnum):
    """The kinds of programme segment."""

    RECEPTION = "reception"
    EXHIBITION = "exhibition"
    SPEECHES = "speeches"
    LAUNCH = "launch"
    SIGNING = "signing"
    PRESENTATION = "presentation"
    RELEASE = "release"
    TOUR = "tour"
    PHOTO = "photo"


SEGMENT_WORDS = {
    SegmentKind.RECEPTION: "Reception",
    SegmentKind.EXHIBITION: "Exhibition",
    SegmentKind.SPEECHES: "Speeches",
    SegmentKind.LAUNCH: "Launch ceremony",
    SegmentKind.SIGNING: "Signing ceremony",
    SegmentKind.PRESENTATION: "Presentation",
    SegmentKind.RELEASE: "Release",
    SegmentKind.TOUR: "Tour",
    SegmentKind.PHOTO: "Group photo",
}
"""What each kind is called, in English; the catalogues have the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One ceremony. `tag` is the five characters that its ticket codes carry; `version` counts edits."""

    id: EventId
    slug: str
    tag: str
    title: Text
    summary: Text
    starts_at: datetime
    ends_at: datetime
    timezone: str
    venue: Venue
    capacity: int | None
    registered: int
    registration: RegistrationMode
    notice: Text
    notice_version: int
    version: int

    @property
    def zone(self) -> ZoneInfo:
        """The event's zone, in which people read its times."""
        return ZoneInfo(self.timezone)

    @property
    def is_full(self) -> bool:
        """Whether nobody more can register online."""
        return self.capacity is not None and self.registered >= self.capacity


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """One of the hosting sides; a guest may belong to a side by its key."""

    key: str
    name: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A kind of guest. `colour` is `#rrggbb`, `attention` asks the door to alert a host, low `rank` goes first."""

    key: str
    name: Text
    colour: str
    attention: bool
    rank: int
    public: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One part of the programme, `position` from 1. languages: in which it is announced, in that order.

    public: whether guests see it. script: what the master of ceremonies opens it with.
    """

    id: SegmentId
    position: int
    kind: SegmentKind
    title: Text
    place: Text
    starts_at: datetime
    ends_at: datetime
    languages: tuple[Language, ...] = ()
    public: bool = True
    script: Text = UNSAID
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibitor:
    """A company that shows its work at a booth; `field` is the key of its field, `field_name` what that is called.

    gate_id: the gate of kind `booth` at which its staff scan visitors, if there is one.
    """

    booth: str
    field: str
    field_name: Text = UNSAID
    name: Text
    summary: Text = UNSAID
    gate_id: UUID | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """A registered person. `name` is in the script that the guest uses and is never converted.

    leader_id: whose companion this is. liaison: the address of whoever is told of the arrival, with name and phone.
    pick_slot: where the printed badge stands in its box. booth: of the exhibitor whose staff this is.
    shares_at: since when exhibitors may scan this guest and get their details, None where they may not.
    """

    id: GuestId
    event_id: EventId
    name: str
    name_latin: str
    organisation: str
    job_title: str
    email: str
    phone: str
    category: str
    language: Language
    side: str
    status: GuestStatus
    status_reason: str
    code: str
    source: str
    created_at: datetime
    version: int
    leader_id: GuestId | None = None
    liaison: str = ""
    liaison_name: str = ""
    liaison_phone: str = ""
    pick_slot: str = ""
    booth: str = ""
    shares_at: datetime | None = None
