"""Rows of the stage as values. Every function takes the transaction first and says its rows by name."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.models import Direction
from checkin.stage.models import (
    Act,
    Participant,
    ParticipantId,
    Party,
    Person,
    Round,
    RoundId,
    RoundState,
    Spoken,
    Stage,
    Substitution,
    Transition,
)
from checkin.stage.tables import participants, round_parties, rounds, spoken, substitutions, transitions
from checkin.tables import gates, presence, scans
from events.core.errors import NotFound
from events.core.i18n import Language
from events.core.ids import EventId
from events.models import UNSAID, GuestId, SegmentId
from events.store import GUEST_ROWS, guest_of, segments_of
from events.tables import guests, segments, tickets


async def stage_of(tx: AsyncConnection, event_id: EventId, now: datetime) -> Stage:
    """The whole stage as committed: segments, rounds in the order in which they are called, everybody they need."""
    return Stage(
        at=now,
        segments=await segments_of(tx, event_id),
        rounds=await rounds_of(tx, event_id),
        people=await people_of(tx, event_id),
        transitions=await transitions_of(tx, event_id),
        substitutions=await substitutions_of(tx, event_id),
    )


async def rounds_of(tx: AsyncConnection, event_id: EventId, round_id: RoundId | None = None) -> list[Round]:
    """All rounds by segment and position, or the one of that id."""
    same = sa.and_(segments.c.event_id == rounds.c.event_id, segments.c.segment_id == rounds.c.segment_id)
    chosen = sa.select(rounds).select_from(rounds.join(segments, same)).where(rounds.c.event_id == event_id)
    if round_id:
        chosen = chosen.where(rounds.c.round_id == round_id)
    ordered = chosen.order_by(segments.c.position, segments.c.starts_at, rounds.c.position, rounds.c.round_id)
    found = (await tx.execute(ordered)).all()
    parties = await _parties(tx, event_id, round_id)
    parts = await _participants(tx, event_id, round_id)
    return [_round_of(row, tuple(parties[row.round_id]), tuple(parts[row.round_id])) for row in found]


async def round_by_id(tx: AsyncConnection, event_id: EventId, round_id: RoundId) -> Round:
    """The round; raises NotFound."""
    found = await rounds_of(tx, event_id, round_id)
    if not found:
        raise NotFound
    return found[0]


async def transitions_of(
    tx: AsyncConnection, event_id: EventId, round_id: RoundId | None = None
) -> Mapping[RoundId, list[Transition]]:
    """What was done to each round, or to one, first act first; an empty list for a round that nobody touched."""
    chosen = sa.select(transitions).where(transitions.c.event_id == event_id)
    if round_id:
        chosen = chosen.where(transitions.c.round_id == round_id)
    found: defaultdict[RoundId, list[Transition]] = defaultdict(list)
    for row in await tx.execute(chosen.order_by(transitions.c.number)):
        found[RoundId(row.round_id)].append(_transition_of(row))
    return found


async def substitutions_of(
    tx: AsyncConnection, event_id: EventId, round_id: RoundId | None = None
) -> Mapping[RoundId, list[Substitution]]:
    """Who stood in for whom in each round, or in one, earliest first."""
    chosen = sa.select(substitutions).where(substitutions.c.event_id == event_id)
    if round_id:
        chosen = chosen.where(substitutions.c.round_id == round_id)
    found: defaultdict[RoundId, list[Substitution]] = defaultdict(list)
    for row in await tx.execute(chosen.order_by(substitutions.c.at, substitutions.c.substitution_id)):
        found[RoundId(row.round_id)].append(_substitution_of(row))
    return found


async def people_of(tx: AsyncConnection, event_id: EventId) -> dict[GuestId, Person]:
    """Everybody who has or had a part in a round, with what the door knows of them."""
    here = sa.and_(presence.c.event_id == guests.c.event_id, presence.c.guest_id == guests.c.guest_id)
    said = sa.and_(spoken.c.event_id == guests.c.event_id, spoken.c.guest_id == guests.c.guest_id)
    door = presence.c.first_at, presence.c.first_gate, presence.c.inside, presence.c.last_at
    words = spoken.c.honorific, spoken.c.reading, spoken.c.confirmed_at, spoken.c.confirmed_by
    chosen = sa.select(guests, tickets.c.code, *door, *words, spoken.c.version.label("spoken_version"))
    chosen = chosen.select_from(GUEST_ROWS.outerjoin(presence, here).outerjoin(spoken, said))
    needed = guests.c.event_id == event_id, guests.c.guest_id.in_(_needed(event_id))
    lately = await _last_gates(tx, event_id)
    return {
        GuestId(row.guest_id): _person_of(row, lately.get(row.guest_id, ""))
        for row in await tx.execute(chosen.where(*needed))
    }


def _needed(event_id: EventId) -> sa.CompoundSelect[Any]:
    """The ids of everybody on a stage, of who was replaced too."""
    here, theirs = participants.c.guest_id.is_not(None), substitutions.c.event_id == event_id
    return sa.union(
        sa.select(participants.c.guest_id).where(participants.c.event_id == event_id, here),
        sa.select(substitutions.c.original_id).where(theirs),
        sa.select(substitutions.c.substitute_id).where(theirs),
    )


async def _last_gates(tx: AsyncConnection, event_id: EventId) -> dict[Any, str]:
    """The gate of the scan that is each person's latest."""
    latest = sa.and_(
        scans.c.event_id == presence.c.event_id,
        scans.c.guest_id == presence.c.guest_id,
        scans.c.counted_at == presence.c.last_at,
        sa.or_(scans.c.entered, scans.c.direction == Direction.EXIT),
        ~scans.c.rehearsal,
    )
    there = sa.and_(gates.c.event_id == scans.c.event_id, gates.c.gate_id == scans.c.gate_id)
    chosen = sa.select(presence.c.guest_id, gates.c.name).select_from(presence.join(scans, latest).join(gates, there))
    needed = presence.c.event_id == event_id, presence.c.guest_id.in_(_needed(event_id))
    return {row.guest_id: row.name for row in await tx.execute(chosen.where(*needed))}


async def _parties(tx: AsyncConnection, event_id: EventId, round_id: RoundId | None) -> Mapping[Any, list[Party]]:
    chosen = sa.select(round_parties).where(round_parties.c.event_id == event_id)
    if round_id:
        chosen = chosen.where(round_parties.c.round_id == round_id)
    found: defaultdict[Any, list[Party]] = defaultdict(list)
    for row in await tx.execute(chosen.order_by(round_parties.c.number)):
        found[row.round_id].append(
            Party(number=row.number, name=row.name, short=row.short, hosting=row.hosting, side=row.side)
        )
    return found


async def _participants(
    tx: AsyncConnection, event_id: EventId, round_id: RoundId | None
) -> Mapping[Any, list[Participant]]:
    chosen = sa.select(participants).where(participants.c.event_id == event_id)
    if round_id:
        chosen = chosen.where(participants.c.round_id == round_id)
    ordered = chosen.order_by(participants.c.party, participants.c.position, participants.c.participant_id)
    found: defaultdict[Any, list[Participant]] = defaultdict(list)
    for row in await tx.execute(ordered):
        found[row.round_id].append(_participant_of(row))
    return found


def _round_of(row: sa.Row[Any], parties: tuple[Party, ...], parts: tuple[Participant, ...]) -> Round:
    return Round(
        id=RoundId(row.round_id),
        event_id=EventId(row.event_id),
        segment_id=SegmentId(row.segment_id),
        kind=row.kind,
        position=row.position,
        title=row.title,
        item=row.item,
        script=row.script,
        copies=row.copies,
        languages=tuple(Language(each) for each in row.languages),
        cue_at=row.cue_at,
        wants_signature=row.wants_signature,
        state=row.state,
        step=row.step,
        version=row.version,
        parties=parties,
        participants=parts,
    )


def _participant_of(row: sa.Row[Any]) -> Participant:
    return Participant(
        id=ParticipantId(row.participant_id),
        role=row.role,
        party=row.party,
        guest_id=GuestId(row.guest_id) if row.guest_id else None,
        title=row.title,
        position=row.position,
        seat=row.seat,
        place=row.place,
    )


def _transition_of(row: sa.Row[Any]) -> Transition:
    return Transition(
        round_id=RoundId(row.round_id),
        number=row.number,
        act=Act(row.act),
        before=RoundState(row.before),
        after=RoundState(row.after),
        at=row.at,
        actor=row.actor,
        actor_name=row.actor_name,
        where=row.where,
        reason=row.reason,
        undoes=row.undoes,
    )


def _substitution_of(row: sa.Row[Any]) -> Substitution:
    return Substitution(
        id=row.substitution_id,
        round_id=RoundId(row.round_id),
        participant_id=ParticipantId(row.participant_id),
        role=row.role,
        original_id=GuestId(row.original_id),
        substitute_id=GuestId(row.substitute_id),
        authority=row.authority,
        reason=row.reason,
        at=row.at,
        actor=row.actor,
        actor_name=row.actor_name,
    )


def _person_of(row: sa.Row[Any], last_gate: str) -> Person:
    return Person(
        guest=guest_of(row),
        spoken=Spoken(
            guest_id=GuestId(row.guest_id),
            honorific=row.honorific or UNSAID,
            reading=row.reading or "",
            confirmed_at=row.confirmed_at,
            confirmed_by=row.confirmed_by or "",
            version=row.spoken_version or 0,
        ),
        first_at=row.first_at,
        first_gate=row.first_gate or "",
        inside=bool(row.inside),
        last_at=row.last_at,
        last_gate=last_gate,
    )
