"""What a device takes offline: gates, tickets and guests, in pages of a thousand, and later only what changed.

Called by `checkin/manifest_api.py`. A device that holds it can judge every ticket of the event without the server, and
a thief of the device can forge none: of tickets only hashes leave, of phone numbers only the last four digits.
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import anyio
import sqlalchemy as sa
from anyio import to_thread
from pydantic_core import to_json
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin import store
from checkin.cursor import Bookmark, Cursor, bookmark_in, bookmark_text, cursor_in, cursor_text
from checkin.gate_json import gate_json
from checkin.gates_version import gates_version
from checkin.models import Gate, GateId
from checkin.tables import presence
from events.core.clock import Clock
from events.core.database import Database
from events.core.errors import Invalid
from events.core.ids import EventId
from events.models import Event, TicketState
from events.store import GUEST_ROWS, categories_of
from events.tables import guests, tickets
from events.ticket import digest

FORMAT = 1
PAGE = 1000
OVERLAP = timedelta(seconds=60)
"""A transaction may be under way this long with an earlier time; what is read twice does no harm."""

_HASH_BYTES = 16
_HASH_LENGTH = 22
_EVENTS_KNOWN = 16

_GUESTS = sa.select(
    guests.c.guest_id.label("id"),
    tickets.c.code.label("ticket"),
    guests.c.name,
    guests.c.name_latin,
    guests.c.organisation,
    guests.c.job_title,
    guests.c.category,
    guests.c.language,
    guests.c.status,
    guests.c.status_reason,
    guests.c.pick_slot,
    guests.c.leader_id,
    guests.c.search_keys.label("keys"),
    presence.c.first_at,
    sa.func.coalesce(presence.c.first_gate, "").label("first_gate"),
    sa.func.coalesce(presence.c.first_by, "").label("first_by"),
    sa.func.coalesce(presence.c.inside, sa.false()).label("inside"),
    sa.func.coalesce(presence.c.zone, "").label("zone"),
    sa.func.coalesce(presence.c.exited, sa.false()).label("exited"),
    presence.c.last_at,
).select_from(
    GUEST_ROWS.outerjoin(
        presence, sa.and_(presence.c.event_id == guests.c.event_id, presence.c.guest_id == guests.c.guest_id)
    )
)
COLUMNS = tuple(_GUESTS.selected_columns.keys())


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which page a device asks for. `since` and `after` are what it was given; `gate`: where it stands."""

    since: str = ""
    after: str = ""
    gate: GateId | None = None


@dataclass(slots=True)
class Manifests:
    """Builds the pages of this process, one at a time, so that twenty devices that come at once leave room to scan.

    page_size: guests on a page.
    """

    database: Database
    clock: Clock
    page_size: int = PAGE
    _minted: dict[EventId, list[str]] = field(default_factory=dict[EventId, list[str]])
    _turn: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(1))

    async def page(self, event: Event, wanted: Wanted) -> bytes:
        """One page as JSON, from one consistent view. Raises Invalid (`unknown_gate`) for a gate the event has not."""
        async with self._turn:
            now = self.clock.now()
            facts = await self.database.read(lambda tx: self._facts(tx, event, wanted, now=now))
            return await to_thread.run_sync(_written, facts)

    async def _facts(self, tx: AsyncConnection, event: Event, wanted: Wanted, *, now: datetime) -> "_Facts":
        gates = await tx.run_sync(store.gates_of, event.id)
        if wanted.gate and wanted.gate not in {gate.id for gate in gates}:
            raise Invalid("unknown_gate", fields={"gate": "not_offered"})
        hashes = await self._hashes(tx, event.id)
        reading = bookmark_in(wanted.after, event.id) or _begun(event, wanted.since, now=now, serial=len(hashes))
        head: Mapping[str, Any] = {} if reading.after else await _head(tx, reading, gates, hashes)
        rows = (await tx.execute(_page(reading, size=self.page_size))).all()
        further = len(rows) > self.page_size
        following = replace(reading, after=rows[self.page_size - 1].id) if further else None
        return _Facts(event, gates, now, reading, following, head, rows[: self.page_size])

    async def _hashes(self, tx: AsyncConnection, event_id: EventId) -> list[str]:
        """The hash of every minted ticket in order of serial, which counts from one without a gap: a minted ticket
        never changes its code, so only new ones are read."""
        if len(self._minted) > _EVENTS_KNOWN:
            self._minted.clear()
        known = self._minted.setdefault(event_id, [])
        fresh = sa.select(tickets.c.code).where(tickets.c.event_id == event_id, tickets.c.serial > len(known))
        codes = (await tx.execute(fresh.order_by(tickets.c.serial))).scalars().all()
        known += await to_thread.run_sync(_hashed, codes) if codes else []
        return known


def ticket_hash(code: str) -> str:
    """What a device holds of a ticket: 128 bits, because 64 could be searched on a stolen phone."""
    return urlsafe_b64encode(digest(code)[:_HASH_BYTES])[:_HASH_LENGTH].decode()


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a page is written from."""

    event: Event
    gates: Sequence[Gate]
    now: datetime
    reading: Bookmark
    following: Bookmark | None
    head: Mapping[str, Any]
    rows: Sequence[sa.Row[Any]]


def _begun(event: Event, text: str, *, now: datetime, serial: int) -> Bookmark:
    """A new reading, of what changed since the cursor `text` or of everything.

    A cursor ahead of us counts as none: an older backup was restored.
    """
    since = cursor_in(text, event.id)
    if since and (since.moment > now or since.serial > serial):
        since = None
    return Bookmark(after=None, since=since, until=Cursor(event_id=event.id, moment=now - OVERLAP, serial=serial))


async def _head(
    tx: AsyncConnection, reading: Bookmark, gates: Sequence[Gate], hashes: Sequence[str]
) -> Mapping[str, Any]:
    """What stands in the first page only."""
    event_id = EventId(reading.until.event_id)
    categories = await categories_of(tx, event_id)
    revoked = sa.select(tickets.c.code, tickets.c.reason, tickets.c.guest_id).order_by(tickets.c.serial)
    withdrawn = revoked.where(tickets.c.event_id == event_id, tickets.c.state == TicketState.REVOKED)
    return {
        "gates": [gate_json(gate) for gate in gates],
        "categories": [
            {"key": each.key, "name": each.name, "colour": each.colour, "attention": each.attention}
            for each in categories
        ],
        "zones": await tx.run_sync(store.zone_counts, event_id),
        "tickets": hashes[reading.since.serial :] if reading.since else hashes,
        "revoked": [[ticket_hash(row.code), row.reason, row.guest_id] for row in await tx.execute(withdrawn)],
    }


def _page(reading: Bookmark, *, size: int) -> sa.Select[*tuple[Any, ...]]:
    """The guests of one page, and one more that tells whether another page follows.

    Who they are is chosen first, and from `guests` alone: only then does SQLite find the rest of each row by its key.
    """
    each, event_id = guests.alias(), EventId(reading.until.event_id)
    chosen = sa.select(each.c.guest_id).where(each.c.event_id == event_id)
    if reading.since:
        chosen = chosen.where(each.c.guest_id.in_(_changed(event_id, reading.since.moment)))
    if reading.after:
        chosen = chosen.where(each.c.guest_id > reading.after)
    page = chosen.order_by(each.c.guest_id).limit(size + 1)
    return _GUESTS.where(guests.c.event_id == event_id, guests.c.guest_id.in_(page)).order_by(guests.c.guest_id)


def _changed(event_id: EventId, moment: datetime) -> sa.CompoundSelect[Any]:
    """Whose row or whereabouts changed since: two indexes, each read from its end."""
    theirs, moved = guests.alias(), presence.alias()
    return sa.union(
        sa.select(theirs.c.guest_id).where(theirs.c.event_id == event_id, theirs.c.changed_at >= moment),
        sa.select(moved.c.guest_id).where(moved.c.event_id == event_id, moved.c.changed_at >= moment),
    )


def _hashed(codes: Sequence[str]) -> list[str]:
    return [ticket_hash(code) for code in codes]


def _written(facts: _Facts) -> bytes:
    event, reading, following = facts.event, facts.reading, facts.following
    page = {
        "format": FORMAT,
        "at": facts.now,
        "cursor": cursor_text(reading.until),
        "next": bookmark_text(following) if following else None,
        "full": reading.since is None,
        "event": {name: getattr(event, name) for name in ("id", "slug", "tag", "title", "timezone")},
        "gates_version": gates_version(facts.gates),
        **facts.head,
        "columns": COLUMNS,
        "guests": [_row(row) for row in facts.rows],
    }
    return to_json(page)


def _row(row: sa.Row[Any]) -> list[Any]:
    values = list(row)
    values[1] = ticket_hash(row.ticket)
    return values
