"""Whether the ceremony's record is what was written: every digest, every link, and the rows that it came from.

`yingbin verify` and the page of the record ask. Rows are read as the engine holds them, so that a value which this
program would never have written is an alteration found and not a failure.
"""

import json
import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.stage.canonical import digest_of, moment
from checkin.stage.models import RoundState
from checkin.stage.record import beginning_of, strokes_digest
from checkin.stage.record_document import ENDS, Document
from checkin.stage.tables import participants, records, round_parties, rounds, signatures, substitutions, transitions
from events.core.ids import EventId
from events.core.schema import Document as Model
from events.core.schema import Moment
from events.models import Event

_SHAPELESS = (AttributeError, KeyError, TypeError, ValueError)
"""What looking into a document raises that somebody wrote who does not know how documents are made."""

_KEPT = ("id", "segment_id", "kind", "title", "item", "copies", "languages", "wants_signature")
"""What a closed round goes on to say; it may be moved in the programme."""

Rows = Mapping[str, Sequence[Document]]
"""Rows of a table by round, each as a document says it."""


class FaultCode(StrEnum):
    """What is wrong: the record's text, that it is gone, the rows it came from, or that a round ended without one."""

    ALTERED = "record_altered"
    LOST = "record_lost"
    UNLIKE = "record_unlike"
    MISSING = "record_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """The first record that is not what was written; `number` is 0 for a round that ended without one."""

    code: FaultCode
    number: int = 0
    round_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of a chain. digest: of its last record, or where it begins: whoever noted it down compares it."""

    records: int
    digest: str
    fault: Fault | None = None


async def verify(tx: AsyncConnection, event: Event) -> Verdict:
    """Looks at every record of the event, first one first, and stops at the first that was altered."""
    chain = sorted(await _rows(tx, records, event.id), key=_place)
    sources = await _sources(tx, event.id)
    fault = _first_altered(chain, event.id, sources) or _missing(chain, sources)
    digest = chain[-1]["digest"] if chain else beginning_of(event.id)
    return Verdict(records=len(chain), digest=digest, fault=fault)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sources:
    """The rows that documents were made from."""

    rounds: Rows
    parties: Rows
    participants: Rows
    transitions: Rows
    substitutions: Rows
    signatures: Rows


def _first_altered(chain: Sequence[Document], event_id: EventId, sources: _Sources) -> Fault | None:
    latest = {link["round_id"]: link["number"] for link in chain}
    previous = beginning_of(event_id)
    for number, link in enumerate(chain, start=1):
        if link["number"] != number:
            return Fault(code=FaultCode.LOST, number=number)
        try:
            body = _body(link)
            if body is None:
                return _fault(FaultCode.ALTERED, link)
            if link["previous"] != previous:
                return _fault(FaultCode.ALTERED, _rewritten(chain, number))
            if not _agrees(body, sources, is_latest=latest[link["round_id"]] == number):
                return _fault(FaultCode.UNLIKE, link)
        except _SHAPELESS:
            return _fault(FaultCode.ALTERED, link)
        previous = link["digest"]
    return None


def _place(link: Document) -> float:
    """Its number; behind all others for what is none, so that it is missed where it belongs."""
    return link["number"] if isinstance(link["number"], int) else math.inf


def _body(link: Document) -> Document | None:
    """The document, if its text is the one of the digest and the columns beside it say the same."""
    if digest_of(link["document"]) != link["digest"]:
        return None
    body = json.loads(link["document"])
    beside = body["number"], body["previous"], body["recorded_at"], body["round"]["id"]
    return body if beside == (link["number"], link["previous"], link["at"], link["round_id"]) else None


def _rewritten(chain: Sequence[Document], number: int) -> Document:
    """Which of two neighbours that do not fit was written anew: the earlier one, if the chain goes on from the later
    one or ends with it."""
    here, after = chain[number - 1], chain[number:]
    goes_on = not after or after[0]["previous"] == here["digest"]
    return chain[number - 2] if number > 1 and goes_on else here


def _agrees(body: Document, sources: _Sources, *, is_latest: bool) -> bool:
    """Whether the rows still say what the record says. They may say more, of what came later."""
    round_id = body["round"]["id"]
    acts, stood_in, signed = (
        rows.get(round_id, []) for rows in (sources.transitions, sources.substitutions, sources.signatures)
    )
    told = (body["transitions"], acts), (body["substitutions"], stood_in), (body["signatures"], signed)
    if not all(_among(*each) for each in told):
        return False
    if not (is_latest and len(acts) == len(body["transitions"])):
        return True
    state = {"id": round_id, "state": body["round"]["state"], "step": len(acts)}
    if not _among([state], sources.rounds.get(round_id, [])) or len(signed) != len(body["signatures"]):
        return False
    return state["state"] != RoundState.CLOSED or _is_untouched(body, sources, round_id)


def _is_untouched(body: Document, sources: _Sources, round_id: str) -> bool:
    """Whether not a word of a closed round was changed."""
    whole = (
        (body["substitutions"], sources.substitutions),
        (body["parties"], sources.parties),
        (body["participants"], sources.participants),
        ([{name: body["round"][name] for name in _KEPT}], sources.rounds),
    )
    held = [(told, rows.get(round_id, [])) for told, rows in whole]
    return all(len(told) == len(rows) and _among(told, rows) for told, rows in held)


def _among(told: Sequence[Document], rows: Sequence[Document]) -> bool:
    """Whether everything that is told stands in the rows word for word; a row has more columns or fewer."""
    known = {_key(row): row for row in rows}
    return all(_is_same(each, known.get(_key(each))) for each in told)


def _is_same(told: Document, row: Document | None) -> bool:
    return row is not None and all(row[name] == value for name, value in told.items() if name in row)


def _key(entry: Document) -> Any:
    return entry["id"] if "id" in entry else entry["number"]


def _missing(chain: Sequence[Document], sources: _Sources) -> Fault | None:
    """A round that ended without a record of that end, or that no act has ended."""
    told = {(link["round_id"], len(json.loads(link["document"])["transitions"])) for link in chain}
    for round_id, [held] in sources.rounds.items():
        acts = sources.transitions.get(round_id, [])
        ends = {(round_id, each["number"]) for each in acts if each["after"] in ENDS}
        is_odd = held["state"] in ENDS and (round_id, held["step"]) not in ends
        if is_odd or not ends <= told:
            return Fault(code=FaultCode.MISSING, round_id=round_id)
    return None


def _fault(code: FaultCode, link: Document) -> Fault:
    return Fault(code=code, number=link["number"], round_id=link["round_id"])


async def _sources(tx: AsyncConnection, event_id: EventId) -> _Sources:
    async def by_round(table: sa.Table, own: str = "") -> Rows:
        found: defaultdict[str, list[Document]] = defaultdict(list)
        for row in await _rows(tx, table, event_id, own=own):
            found[row.pop("round_id")].append(row)
        return found

    signed = await by_round(signatures, "signature_id")
    for row in (row for own in signed.values() for row in own):
        row["digest"] = _digest(row.pop("strokes"))
    return _Sources(
        rounds={row["id"]: [row] for row in await _rows(tx, rounds, event_id, own="round_id")},
        parties=await by_round(round_parties),
        participants=await by_round(participants, "participant_id"),
        transitions=await by_round(transitions),
        substitutions=await by_round(substitutions, "substitution_id"),
        signatures=signed,
    )


async def _rows(tx: AsyncConnection, table: sa.Table, event_id: EventId, *, own: str = "") -> list[Document]:
    """The rows as documents say them, without the event; the column `own` is called `id` there."""
    columns = [column for column in table.columns if column.name != "event_id"]
    raw = [sa.column(column.name, sa.types.NullType()) for column in columns]
    there = sa.select(*raw).select_from(sa.table(table.name)).where(sa.column("event_id", sa.Uuid()) == event_id)
    rows = await tx.execute(there)
    names = ["id" if column.name == own else column.name for column in columns]
    kinds = [column.type for column in columns]
    return [dict(zip(names, map(_said, row, kinds), strict=True)) for row in rows]


def _said(value: Any, kind: sa.types.TypeEngine[Any]) -> Any:
    """A value as a document says it; as it stands, where it is none of its kind."""
    read = _READ.get(type(kind))
    if read is None or value is None:
        return value
    try:
        return read(value)
    except (TypeError, ValueError):
        return value


def _id(value: object) -> str:
    return str(UUID(str(value)))


def _time(value: Any) -> str | None:
    at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment(at if at.tzinfo else at.replace(tzinfo=UTC))


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _digest(strokes: object) -> str:
    """Of strokes as they were never taken: none."""
    try:
        return strokes_digest(strokes)
    except ValueError:
        return ""


_READ: Mapping[type[Any], Callable[[Any], Any]] = {sa.Uuid: _id, Moment: _time, Model: _json, sa.JSON: _json}
"""How the engine's own values are read."""
