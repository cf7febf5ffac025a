"""What a round still lacks before it may be called ready, without HTTP or SQL.

Called by `conducting`, by `readiness` for the board, and by the editor of rounds.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from badges import fonts
from checkin.stage.acts import TO_COME, UP_THERE
from checkin.stage.models import Hosting, Participant, ParticipantId, Role, Round, RoundId, Stage
from events.models import UNSAID, GuestId, GuestStatus, SegmentKind, Text

Prints = Callable[[str], list[str]]
"""The characters of a text that no font draws."""


class FaultCode(StrEnum):
    """What can be wrong with a round."""

    NO_TITLE = "no_title"
    NO_PARTY = "no_party"
    BOTH_HOSTS = "both_hosts"
    NO_SIGNATORY = "no_signatory"
    NO_PRESENTER = "no_presenter"
    NO_RECIPIENT = "no_recipient"
    NO_OFFICIANT = "no_officiant"
    NO_SPEAKER = "no_speaker"
    UNNAMED = "unnamed"
    NOT_REGISTERED = "not_registered"
    TWICE_ON_STAGE = "twice_on_stage"
    SEAT_TAKEN = "seat_taken"
    UNPRINTABLE = "unprintable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong: with which part and which guest, or with which party; and with which other round.

    holes: the characters that cannot be printed.
    """

    code: FaultCode
    participant_id: ParticipantId | None = None
    guest_id: GuestId | None = None
    party: int = 0
    other_round_id: RoundId | None = None
    holes: str = ""


_NEEDED = {
    SegmentKind.PRESENTATION: {Role.PRESENTER: FaultCode.NO_PRESENTER, Role.RECIPIENT: FaultCode.NO_RECIPIENT},
    SegmentKind.LAUNCH: {Role.OFFICIANT: FaultCode.NO_OFFICIANT},
    SegmentKind.SPEECHES: {Role.SPEAKER: FaultCode.NO_SPEAKER},
}


def holes(text: str) -> list[str]:
    """The characters of a text that none of our fonts draws."""
    return list(fonts.missing(text))


def faults_of(this: Round, stage: Stage, prints: Prints = holes) -> list[Fault]:
    """All that is wrong with a round, what concerns the whole round first; nothing: it may be called ready."""
    return [
        *_of_the_document(this, prints),
        *_of_the_parties(this, prints),
        *_of_missing_parts(this),
        *_of_the_people(this, stage, prints),
        *repeated(this),
        *elsewhere(this, stage),
        *_of_the_seats(this),
    ]


def repeated(this: Round) -> Iterator[Fault]:
    """Whoever has more than one part in the round, at each but the first."""
    seen: set[GuestId] = set()
    for part in this.participants:
        if part.guest_id in seen:
            yield _about(part, FaultCode.TWICE_ON_STAGE, other=this.id)
        elif part.guest_id:
            seen.add(part.guest_id)


def elsewhere(this: Round, stage: Stage) -> Iterator[Fault]:
    """Whoever is to be on the stage for another round at the same time."""
    for other in stage.rounds:
        if other.id != this.id and _coincide(this, other):
            busy = {part.guest_id for part in other.participants}
            yield from (
                _about(part, FaultCode.TWICE_ON_STAGE, other=other.id)
                for part in this.participants
                if part.guest_id and part.guest_id in busy
            )


def _coincide(this: Round, other: Round) -> bool:
    """Both are on the stage now, or both are still to come and announced for the same moment."""
    states = {this.state, other.state}
    return states <= UP_THERE or (states <= TO_COME and this.cue_at is not None and this.cue_at == other.cue_at)


def _of_the_document(this: Round, prints: Prints) -> Iterator[Fault]:
    nameless = this.title == UNSAID
    unsaid_gift = this.kind is SegmentKind.PRESENTATION and this.item == UNSAID
    if nameless and (this.kind is SegmentKind.SIGNING or unsaid_gift):
        yield Fault(code=FaultCode.NO_TITLE)
    if missing := _holes_in(this.title, prints):
        yield Fault(code=FaultCode.UNPRINTABLE, holes=missing)


def _of_the_parties(this: Round, prints: Prints) -> Iterator[Fault]:
    if this.kind is SegmentKind.SIGNING and len(this.parties) < 2:
        yield Fault(code=FaultCode.NO_PARTY)
    hosting = Counter(party.hosting for party in this.parties)
    if hosting[Hosting.HOST] > 1 and not hosting[Hosting.GUEST]:
        yield Fault(code=FaultCode.BOTH_HOSTS)
    for party in this.parties:
        if missing := _holes_in(party.name, prints):
            yield Fault(code=FaultCode.UNPRINTABLE, party=party.number, holes=missing)


def _of_missing_parts(this: Round) -> Iterator[Fault]:
    if this.kind is SegmentKind.SIGNING:
        signing = {part.party for part in this.of_role(Role.SIGNATORY)}
        for party in this.parties:
            if party.number not in signing:
                yield Fault(code=FaultCode.NO_SIGNATORY, party=party.number)
    for role, code in _NEEDED.get(this.kind, {}).items():
        if not this.of_role(role):
            yield Fault(code=code)


def _of_the_people(this: Round, stage: Stage, prints: Prints) -> Iterator[Fault]:
    for part in this.participants:
        person = stage.person(part)
        if person is None:
            yield _about(part, FaultCode.UNNAMED)
            continue
        if person.guest.status is not GuestStatus.CONFIRMED:
            yield _about(part, FaultCode.NOT_REGISTERED)
        if missing := "".join(prints(person.guest.name)):
            yield _about(part, FaultCode.UNPRINTABLE, missing=missing)


def _of_the_seats(this: Round) -> Iterator[Fault]:
    taken: set[tuple[str, int]] = set()
    for part in this.participants:
        chairs = {(row, number) for row, number in (("table", part.seat), ("behind", part.place)) if number is not None}
        if chairs & taken:
            yield _about(part, FaultCode.SEAT_TAKEN)
        taken |= chairs


def _about(part: Participant, code: FaultCode, *, other: RoundId | None = None, missing: str = "") -> Fault:
    return Fault(
        code=code,
        participant_id=part.id,
        guest_id=part.guest_id,
        party=part.party,
        other_round_id=other,
        holes=missing,
    )


def _holes_in(text: Text, prints: Prints) -> str:
    said = text.zh_hans, text.zh_hant, text.en
    return "".join(dict.fromkeys(hole for words in said for hole in prints(words)))
