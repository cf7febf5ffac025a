"""What the whole ceremony was: the chain, the rounds as they stand on record or as they are now, and who exhibited.

Called by the pages of the record, which draw it as PDF or hand it out as JSON, and by the command line.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.stage.canonical import moment
from checkin.stage.record import Record, beginning_of, facts_of, records_of, strokes_of
from checkin.stage.record_document import ENDS, FORM, Document, Facts, document_of
from checkin.stage.verifying import FaultCode, Verdict, verify
from checkin.tables import presence
from events.core.ids import EventId
from events.models import Event, Exhibitor, Host, Segment
from events.store import exhibitors_of, hosts_of, segments_of
from events.tables import guests


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A round as the record shows it. record: the link that `document` is, None while the round goes on.

    number: its place in the programme now, which the document says as it was.
    """

    number: int
    document: Document
    record: Record | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """An exhibitor with who of their staff came: name, Latin name, and when."""

    exhibitor: Exhibitor
    staff: Sequence[tuple[str, str, datetime]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceremony:
    """One reading at `at`. entries: in the order of the programme. strokes: of signatures, by their id."""

    at: datetime
    event: Event
    hosts: Sequence[Host]
    segments: Sequence[Segment]
    chain: Sequence[Record]
    verdict: Verdict
    entries: Sequence[Entry]
    strokes: Mapping[str, Any]
    stands: Sequence[Stand]


async def ceremony_of(tx: AsyncConnection, event: Event, *, now: datetime) -> Ceremony:
    """The ceremony as it stands."""
    chain = await records_of(tx, event.id)
    latest = {record.round_id: record for record in chain}
    facts, verdict = await facts_of(tx, event, now=now), await verify(tx, event)
    return Ceremony(
        at=now,
        event=event,
        hosts=await hosts_of(tx, event.id),
        segments=await segments_of(tx, event.id),
        chain=chain,
        verdict=verdict,
        entries=[_entry(each, latest.get(each.round.id), verdict) for each in facts],
        strokes=await strokes_of(tx, event.id),
        stands=await _stands(tx, event.id),
    )


def as_json(ceremony: Ceremony) -> str:
    """The record as a script takes it. Each `digest` is SHA-256 over its `document` in canonical JSON (RFC 8785)."""
    chain = ceremony.chain
    told = {
        "form": FORM,
        "at": moment(ceremony.at),
        "event": {"id": str(ceremony.event.id), "slug": ceremony.event.slug},
        "begins": beginning_of(ceremony.event.id),
        "digest": ceremony.verdict.digest,
        "whole": ceremony.verdict.fault is None,
        "records": [{"number": each.number, "digest": each.digest, "document": _told(each)} for each in chain],
        "open": [entry.document for entry in ceremony.entries if entry.record is None],
        "strokes": dict(ceremony.strokes),
        "exhibitors": [_stand_json(stand) for stand in ceremony.stands],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def _told(record: Record) -> Document | str:
    """The document; its bare text where that was altered and may be none."""
    try:
        return record.body if record.is_intact else record.document
    except ValueError:
        return record.document


def _entry(facts: Facts, record: Record | None, verdict: Verdict) -> Entry:
    """What is on record of a round that has ended, else what there is to say of it now; so too where the text on
    record is not the one of its digest, or the record is the one that was altered."""
    if record and record.is_intact and facts.round.state in ENDS and not _names(verdict, record):
        return Entry(number=facts.number, document=record.body, record=record)
    return Entry(number=facts.number, document=document_of(facts), record=None)


def _names(verdict: Verdict, record: Record) -> bool:
    """Whether that record is the one found altered."""
    fault = verdict.fault
    return fault is not None and (fault.code, fault.number) == (FaultCode.ALTERED, record.number)


async def _stands(tx: AsyncConnection, event_id: EventId) -> list[Stand]:
    """Every exhibitor with their staff in order of arrival."""
    came = sa.and_(presence.c.event_id == guests.c.event_id, presence.c.guest_id == guests.c.guest_id)
    chosen = sa.select(guests.c.booth, guests.c.name, guests.c.name_latin, presence.c.first_at)
    chosen = chosen.select_from(guests.join(presence, came)).where(
        guests.c.event_id == event_id, guests.c.booth != "", presence.c.first_at.is_not(None)
    )
    rows = (await tx.execute(chosen.order_by(presence.c.first_at, guests.c.guest_id))).all()
    return [
        Stand(
            exhibitor=each,
            staff=[(row.name, row.name_latin, row.first_at) for row in rows if row.booth == each.booth],
        )
        for each in await exhibitors_of(tx, event_id)
    ]


def _stand_json(stand: Stand) -> Document:
    staff = [{"name": name, "name_latin": latin, "first_at": moment(at)} for name, latin, at in stand.staff]
    exhibitor = stand.exhibitor
    named = {"name": exhibitor.name.model_dump(), "field": exhibitor.field_name.model_dump()}
    return {"booth": exhibitor.booth, **named, "staff": staff}
