"""The stage's nouns as pure values: no HTTP, no SQL.

A round is one document to sign, one presentation, one launch or one speech; what happened to it is a list of
transitions, which only grows. Convention of host and guest is stored, never left and right: those depend on who looks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from events.core.i18n import Language
from events.core.ids import EventId
from events.models import UNSAID, Guest, GuestId, Segment, SegmentId, SegmentKind, Text

RoundId = NewType("RoundId", UUID)
ParticipantId = NewType("ParticipantId", UUID)


class RoundState(StrEnum):
    """Where a round stands."""

    DRAFT = "draft"
    READY = "ready"
    CALLED = "called"
    ON_STAGE = "on_stage"
    SIGNED = "signed"
    EXCHANGED = "exchanged"
    CLOSED = "closed"
    POSTPONED = "postponed"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What a stage manager does to a round; `undo` takes the last act back by appending."""

    READY = "ready"
    CALL = "call"
    STAGE = "stage"
    SIGN = "sign"
    EXCHANGE = "exchange"
    CLOSE = "close"
    POSTPONE = "postpone"
    RESUME = "resume"
    WITHDRAW = "withdraw"
    UNDO = "undo"


class Hosting(StrEnum):
    """Which side of the house a party is: the guest stands to the right, as they themselves see it."""

    HOST = "host"
    GUEST = "guest"
    NEITHER = "neither"


class Role(StrEnum):
    """What somebody does in a round."""

    SIGNATORY = "signatory"
    ASSISTANT = "assistant"
    WITNESS = "witness"
    PRESENTER = "presenter"
    RECIPIENT = "recipient"
    OFFICIANT = "officiant"
    SPEAKER = "speaker"


HOLDS_ROUNDS = frozenset({SegmentKind.SIGNING, SegmentKind.PRESENTATION, SegmentKind.LAUNCH, SegmentKind.SPEECHES})
"""The kinds of segment that consist of rounds."""

ROLES: Mapping[SegmentKind, Sequence[Role]] = {
    SegmentKind.SIGNING: (Role.SIGNATORY, Role.ASSISTANT, Role.WITNESS),
    SegmentKind.PRESENTATION: (Role.PRESENTER, Role.RECIPIENT),
    SegmentKind.LAUNCH: (Role.OFFICIANT,),
    SegmentKind.SPEECHES: (Role.SPEAKER,),
}
"""Who takes part in a round of each kind, in the order in which people are listed."""

_SIGNING = (RoundState.SIGNED, RoundState.EXCHANGED)
_USUAL = (RoundState.DRAFT, RoundState.READY, RoundState.CALLED, RoundState.ON_STAGE)


def steps_of(kind: SegmentKind) -> tuple[RoundState, ...]:
    """The states that a round of this kind goes through, first to last; only a signing is signed and exchanged."""
    return (*_USUAL, *(_SIGNING if kind is SegmentKind.SIGNING else ()), RoundState.CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """An organisation that takes part, `number` from 1 in the agreed order. short: what stands on a card.

    side: the key of the hosting side that looks after it, empty for none.
    """

    number: int
    name: Text
    short: Text = UNSAID
    hosting: Hosting = Hosting.NEITHER
    side: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """A part in a round, and who has it now; nobody yet where `guest_id` is None.

    party: the number of the party that they stand for, 0 for none. title: as it is read out; empty: the guest's own.
    position: from 1 among those of the same role and party. seat, place: at the table and in the back row, counted
    from 1 from the signers' own left; None: by convention.
    """

    id: ParticipantId
    role: Role
    party: int = 0
    guest_id: GuestId | None = None
    title: Text = UNSAID
    position: int = 1
    seat: int | None = None
    place: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round. title: of the document, the award or the speech. item: what is handed over.

    copies: of the document; languages: its versions. script: what the master of ceremonies says besides.
    wants_signature: whether signatories also sign on a tablet. step: the number of the last transition, 0 before any;
    version: counts every change, transitions and substitutions included, and is the round's ETag.
    """

    id: RoundId
    event_id: EventId
    segment_id: SegmentId
    kind: SegmentKind
    position: int
    title: Text
    item: Text = UNSAID
    script: Text = UNSAID
    copies: int = 2
    languages: tuple[Language, ...] = ()
    cue_at: datetime | None = None
    wants_signature: bool = False
    state: RoundState = RoundState.DRAFT
    step: int = 0
    version: int = 1
    parties: tuple[Party, ...] = ()
    participants: tuple[Participant, ...] = ()

    def of_role(self, role: Role) -> list[Participant]:
        """Who takes this part, in order of party and position."""
        return [each for each in self.participants if each.role is role]

    def party(self, number: int) -> Party | None:
        """The party of a number; None for 0."""
        return next((party for party in self.parties if party.number == number), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One act on a round: `number` from 1 without a gap; `undoes` names the act that it takes back.

    actor: the account or token; actor_name: what people call them. where: the place, as they gave it.
    """

    round_id: RoundId
    number: int
    act: Act
    before: RoundState
    after: RoundState
    at: datetime
    actor: str
    actor_name: str
    where: str = ""
    reason: str = ""
    undoes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitution:
    """Somebody takes another's part: who, for whom, on whose authority, why, when, recorded by whom."""

    id: UUID
    round_id: RoundId
    participant_id: ParticipantId
    role: Role
    original_id: GuestId
    substitute_id: GuestId
    authority: str
    reason: str
    at: datetime
    actor: str
    actor_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """How a guest is announced. reading: pinyin or jyutping, as confirmed by whoever knows; confirmed_at None: not yet.

    version: counts edits, 0 where nothing was said.
    """

    guest_id: GuestId
    honorific: Text = UNSAID
    reading: str = ""
    confirmed_at: datetime | None = None
    confirmed_by: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody whom a round needs: the guest, how they are announced, and what the door knows.

    first_at: first entry, None before it; last_at and last_gate: the latest scan that let them in or out.
    """

    guest: Guest
    spoken: Spoken
    first_at: datetime | None = None
    first_gate: str = ""
    inside: bool = False
    last_at: datetime | None = None
    last_gate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One reading of the whole stage; `rounds` in the order in which they are called."""

    at: datetime
    segments: Sequence[Segment]
    rounds: Sequence[Round]
    people: Mapping[GuestId, Person]
    transitions: Mapping[RoundId, Sequence[Transition]] = field(default_factory=dict[RoundId, Sequence[Transition]])
    substitutions: Mapping[RoundId, Sequence[Substitution]] = field(
        default_factory=dict[RoundId, Sequence[Substitution]]
    )

    def rounds_of(self, segment_id: SegmentId) -> list[Round]:
        """The rounds of a segment in their order."""
        return [each for each in self.rounds if each.segment_id == segment_id]

    def segment(self, segment_id: SegmentId) -> Segment:
        """The segment; KeyError where there is none."""
        found = {each.id: each for each in self.segments}
        return found[segment_id]

    def person(self, participant: Participant) -> Person | None:
        """Who has a part now; None where nobody is named."""
        return self.people.get(participant.guest_id) if participant.guest_id else None
