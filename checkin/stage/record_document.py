"""What a round was, as a document: plain JSON, built from values.

Pure. `record` writes it into the chain when a round ends, `verifying` compares it with the rows that it came from, and
the ceremony record shows rounds that have not ended by the same document, not yet written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from checkin.presence import Presence
from checkin.stage.acts import standing
from checkin.stage.canonical import moment
from checkin.stage.models import (
    Participant,
    ParticipantId,
    Party,
    Round,
    RoundId,
    RoundState,
    Substitution,
    Transition,
)
from events.models import Event, Guest, GuestId, Segment, SegmentKind

FORM = "yingbin-record-1"
ENDS = frozenset({RoundState.CLOSED, RoundState.POSTPONED, RoundState.WITHDRAWN})
"""The states at which a round is put on record."""

Document = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Somebody signed by hand on a tablet. digest: SHA-256 over the strokes as canonical JSON."""

    id: UUID
    round_id: RoundId
    participant_id: ParticipantId
    guest_id: GuestId
    at: datetime
    actor: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a document says of a round, as it is at `at`. number: its place in the programme, from 1.

    guests: whoever has or had a part. first: how each came in first; then: where each was when it happened.
    """

    at: datetime
    event: Event
    segment: Segment
    round: Round
    number: int
    guests: Mapping[GuestId, Guest]
    first: Mapping[GuestId, Presence]
    then: Mapping[GuestId, Presence]
    transitions: Sequence[Transition]
    substitutions: Sequence[Substitution]
    signatures: Sequence[Signature]


def document_of(facts: Facts) -> Document:
    """The document without its place in the chain."""
    round_ = facts.round
    return {
        "form": FORM,
        "event": {"id": str(facts.event.id), "slug": facts.event.slug, "title": facts.event.title.model_dump()},
        "segment": _segment(facts.segment),
        "round": {**_round_entry(round_), "number": facts.number, "state": round_.state.value},
        "happened_at": moment(happened_at(facts.transitions, round_.kind)),
        "parties": [_party_entry(party) for party in round_.parties],
        "participants": [_participant(part, facts) for part in round_.participants],
        "substitutions": [_substitution(each, facts.guests) for each in facts.substitutions],
        "transitions": [_transition_entry(each) for each in facts.transitions],
        "signatures": [_signature_entry(each) for each in facts.signatures],
    }


def happened_at(transitions: Sequence[Transition], kind: SegmentKind) -> datetime | None:
    """When the document was signed, or when the others came on stage; for a round that ended before, its end."""
    deed = RoundState.SIGNED if kind is SegmentKind.SIGNING else RoundState.ON_STAGE
    done = [each for each in standing(transitions) if each.after is deed]
    if done:
        return done[-1].at
    return transitions[-1].at if transitions and transitions[-1].after in ENDS else None


def _round_entry(round_: Round) -> Document:
    """What a round says of itself, without what moving it in the programme changes."""
    return {
        "id": str(round_.id),
        "segment_id": str(round_.segment_id),
        "kind": round_.kind.value,
        "title": round_.title.model_dump(),
        "item": round_.item.model_dump(),
        "copies": round_.copies,
        "languages": [each.value for each in round_.languages],
        "wants_signature": round_.wants_signature,
    }


def _party_entry(party: Party) -> Document:
    """A party of a round."""
    return {
        "number": party.number,
        "name": party.name.model_dump(),
        "short": party.short.model_dump(),
        "hosting": party.hosting.value,
        "side": party.side,
    }


def _part_entry(part: Participant) -> Document:
    """A part in a round and the id of whoever has it."""
    return {
        "id": str(part.id),
        "role": part.role.value,
        "party": part.party,
        "position": part.position,
        "title": part.title.model_dump(),
        "seat": part.seat,
        "place": part.place,
        "guest_id": str(part.guest_id) if part.guest_id else None,
    }


def _transition_entry(each: Transition) -> Document:
    """One act on a round."""
    return {
        "number": each.number,
        "act": each.act.value,
        "before": each.before.value,
        "after": each.after.value,
        "at": moment(each.at),
        "actor": each.actor,
        "actor_name": each.actor_name,
        "where": each.where,
        "reason": each.reason,
        "undoes": each.undoes,
    }


def _substitution_entry(each: Substitution) -> Document:
    """One substitution with the ids of both."""
    return {
        "id": str(each.id),
        "participant_id": str(each.participant_id),
        "role": each.role.value,
        "original_id": str(each.original_id),
        "substitute_id": str(each.substitute_id),
        "authority": each.authority,
        "reason": each.reason,
        "at": moment(each.at),
        "actor": each.actor,
        "actor_name": each.actor_name,
    }


def _signature_entry(each: Signature) -> Document:
    """One signature by the digest of its strokes."""
    return {
        "id": str(each.id),
        "participant_id": str(each.participant_id),
        "guest_id": str(each.guest_id),
        "at": moment(each.at),
        "actor": each.actor,
        "digest": each.digest,
    }


def _segment(segment: Segment) -> Document:
    title, place = segment.title.model_dump(), segment.place.model_dump()
    return {"id": str(segment.id), "kind": segment.kind.value, "title": title, "place": place}


def _participant(part: Participant, facts: Facts) -> Document:
    return {**_part_entry(part), "guest": _guest(part.guest_id, facts) if part.guest_id else None}


def _guest(guest_id: GuestId, facts: Facts) -> Document:
    """Who has a part, and whether they were in the house when it happened."""
    came = facts.first[guest_id].first
    return {
        **_named(facts.guests[guest_id]),
        "organisation": facts.guests[guest_id].organisation,
        "job_title": facts.guests[guest_id].job_title,
        "first_at": moment(came.at) if came else None,
        "first_gate": came.gate if came else "",
        "in_house": facts.then[guest_id].inside,
    }


def _substitution(each: Substitution, guests: Mapping[GuestId, Guest]) -> Document:
    original, substitute = _named(guests[each.original_id]), _named(guests[each.substitute_id])
    return {**_substitution_entry(each), "original": original, "substitute": substitute}


def _named(guest: Guest) -> Document:
    return {"id": str(guest.id), "name": guest.name, "name_latin": guest.name_latin}
