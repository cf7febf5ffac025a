"""The ceremony's record: a chain of documents, one for each time that a round ended.

`conducting` calls `append_record` in the transaction of the act; pages and the command line read. Each record holds
the digest of the one before it, so that none can be altered unseen; `verifying` looks. A later record of the same
round supersedes the former, which stays.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.ledger import passages_of
from checkin.presence import Passage, Presence, replayed
from checkin.stage.canonical import canonical, digest_of, moment
from checkin.stage.models import ParticipantId, Round, RoundId, Substitution
from checkin.stage.record_document import ENDS, FORM, Document, Facts, Signature, document_of, happened_at
from checkin.stage.store import rounds_of, substitutions_of, transitions_of
from checkin.stage.tables import records, signatures
from events.core.errors import NotFound
from events.core.ids import EventId
from events.models import Event, Guest, GuestId
from events.registration import hold_event
from events.store import GUESTS, guest_of, segments_of
from events.tables import guests


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A link of an event's chain: `number` from 1 without a gap; `document` is the text that `digest` is taken over.

    previous: the digest of the record before, or where the chain begins.
    """

    number: int
    round_id: RoundId
    at: datetime
    document: str
    previous: str
    digest: str

    @property
    def is_intact(self) -> bool:
        """Whether the text is the one that the digest was taken over."""
        return digest_of(self.document) == self.digest

    @property
    def body(self) -> Document:
        """The document; raises ValueError where the text was altered and is none."""
        return json.loads(self.document)


def beginning_of(event_id: EventId) -> str:
    """Where an event's chain begins: the digest of the event's id and of the form of its records."""
    return digest_of(canonical({"event_id": str(event_id), "form": FORM}))


async def append_record(tx: AsyncConnection, event: Event, round_id: RoundId, *, now: datetime) -> Record | None:
    """Puts a round on record that was just closed, postponed or withdrawn; None for a round that stands elsewhere.

    Call it after the transition is written, in the same transaction. Who ends another round at the same time waits.
    """
    await hold_event(tx, event.id)
    [facts] = await facts_of(tx, event, now=now, round_id=round_id)
    if facts.round.state not in ENDS:
        return None
    before = await _last(tx, event.id)
    number, previous = (before.number + 1, before.digest) if before else (1, beginning_of(event.id))
    link = {"number": number, "previous": previous, "recorded_at": moment(now)}
    document = canonical({**document_of(facts), **link})
    record = Record(
        number=number, round_id=round_id, at=now, document=document, previous=previous, digest=digest_of(document)
    )
    await tx.execute(sa.insert(records).values(event_id=event.id, **asdict(record)))
    return record


async def records_of(tx: AsyncConnection, event_id: EventId) -> list[Record]:
    """The event's chain, first record first."""
    chosen = sa.select(records).where(records.c.event_id == event_id).order_by(records.c.number)
    return [_record_of(row) for row in await tx.execute(chosen)]


async def facts_of(tx: AsyncConnection, event: Event, *, now: datetime, round_id: RoundId | None = None) -> list[Facts]:
    """What there is to say of every round in the order of the programme, or of one; raises NotFound for that one."""
    programme = await rounds_of(tx, event.id)
    wanted = [round_ for round_ in programme if round_id in (None, round_.id)]
    if round_id and not wanted:
        raise NotFound
    segments = {segment.id: segment for segment in await segments_of(tx, event.id)}
    acts, stood_in = await transitions_of(tx, event.id, round_id), await substitutions_of(tx, event.id, round_id)
    signed = await signatures_of(tx, event.id, round_id)
    people = _people(wanted, [each for own in stood_in.values() for each in own])
    invited, passages = await _guests(tx, event.id, people), await tx.run_sync(passages_of, event.id, people)
    first = _presences(passages, until=None)
    return [
        Facts(
            at=now,
            event=event,
            segment=segments[each.segment_id],
            round=each,
            number=programme.index(each) + 1,
            guests=invited,
            first=first,
            then=_presences(passages, until=happened_at(acts.get(each.id, []), each.kind)),
            transitions=acts.get(each.id, []),
            substitutions=stood_in.get(each.id, []),
            signatures=signed.get(each.id, []),
        )
        for each in wanted
    ]


async def signatures_of(
    tx: AsyncConnection, event_id: EventId, round_id: RoundId | None = None
) -> Mapping[RoundId, list[Signature]]:
    """Who signed by hand in each round, or in one, earliest first; the last one of a participant counts."""
    chosen = sa.select(signatures).where(signatures.c.event_id == event_id)
    if round_id:
        chosen = chosen.where(signatures.c.round_id == round_id)
    found: defaultdict[RoundId, list[Signature]] = defaultdict(list)
    for row in await tx.execute(chosen.order_by(signatures.c.at, signatures.c.signature_id)):
        found[RoundId(row.round_id)].append(_signature_of(row))
    return found


async def strokes_of(tx: AsyncConnection, event_id: EventId) -> dict[str, Any]:
    """The strokes of every signature by its id, as they were sent in: hundredths of a pixel, ms, thousandths."""
    rows = await tx.execute(
        sa.select(signatures.c.signature_id, signatures.c.strokes).where(signatures.c.event_id == event_id)
    )
    return {str(row.signature_id): row.strokes for row in rows}


def strokes_digest(strokes: object) -> str:
    """SHA-256 over the strokes as canonical JSON."""
    return digest_of(canonical(strokes))


async def _last(tx: AsyncConnection, event_id: EventId) -> Record | None:
    chosen = sa.select(records).where(records.c.event_id == event_id).order_by(records.c.number.desc()).limit(1)
    row = (await tx.execute(chosen)).one_or_none()
    return _record_of(row) if row else None


async def _guests(tx: AsyncConnection, event_id: EventId, people: Collection[GuestId]) -> dict[GuestId, Guest]:
    rows = await tx.execute(GUESTS.where(guests.c.event_id == event_id, guests.c.guest_id.in_(people)))
    return {GuestId(row.guest_id): guest_of(row) for row in rows}


def _people(rounds: Collection[Round], substitutions: Collection[Substitution]) -> set[GuestId]:
    """Everybody who has or had a part."""
    before = {guest_id for each in substitutions for guest_id in (each.original_id, each.substitute_id)}
    return before | {part.guest_id for round_ in rounds for part in round_.participants if part.guest_id}


def _presences(passages: Mapping[GuestId, list[Passage]], *, until: datetime | None) -> dict[GuestId, Presence]:
    """Where everybody was at a moment, or is now."""
    return {
        guest_id: replayed((each for each in own if until is None or each.at <= until), attempt=0)
        for guest_id, own in passages.items()
    }


def _record_of(row: sa.Row[Any]) -> Record:
    return Record(
        number=row.number,
        round_id=RoundId(row.round_id),
        at=row.at,
        document=row.document,
        previous=row.previous,
        digest=row.digest,
    )


def _signature_of(row: sa.Row[Any]) -> Signature:
    return Signature(
        id=row.signature_id,
        round_id=RoundId(row.round_id),
        participant_id=ParticipantId(row.participant_id),
        guest_id=GuestId(row.guest_id),
        at=row.at,
        actor=row.actor,
        digest=strokes_digest(row.strokes),
    )
