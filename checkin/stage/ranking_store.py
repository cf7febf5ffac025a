"""Rows of precedence lists as values. Every function takes the transaction first."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.stage.models import RoundId
from checkin.stage.precedence import Entry, Move, TieBreak
from checkin.stage.ranking import ListId, Purpose, Ranking
from checkin.stage.seating import Honour
from checkin.stage.tables import participants, precedence_entries, precedence_lists, precedence_moves, rounds
from events.core.errors import NotFound
from events.core.ids import EventId
from events.models import Guest, GuestId, SegmentId
from events.store import GUESTS, guest_of, hosts_of
from events.tables import guests


async def rankings_of(tx: AsyncConnection, event_id: EventId, list_id: ListId | None = None) -> list[Ranking]:
    """All precedence lists in the order in which they were made, or the one of that id."""
    chosen = sa.select(precedence_lists).where(precedence_lists.c.event_id == event_id)
    if list_id:
        chosen = chosen.where(precedence_lists.c.list_id == list_id)
    found = (await tx.execute(chosen.order_by(precedence_lists.c.list_id))).all()
    sides = tuple(host.key for host in await hosts_of(tx, event_id))
    listed = await _listed(tx, event_id, list_id)
    moves = await _moves(tx, event_id, list_id)
    return [_ranking_of(row, sides, listed[row.list_id], tuple(moves[row.list_id])) for row in found]


async def ranking_by_id(tx: AsyncConnection, event_id: EventId, list_id: ListId) -> Ranking:
    """The list; raises NotFound."""
    found = await rankings_of(tx, event_id, list_id)
    if not found:
        raise NotFound
    return found[0]


async def guests_by_id(tx: AsyncConnection, event_id: EventId, guest_ids: Sequence[GuestId]) -> list[Guest]:
    """The guests of these ids, in the order of the ids; an id that nobody has is passed over."""
    rows = await tx.execute(GUESTS.where(guests.c.event_id == event_id, guests.c.guest_id.in_(guest_ids)))
    found = {GuestId(row.guest_id): guest_of(row) for row in rows}
    return [found[guest_id] for guest_id in guest_ids if guest_id in found]


async def on_stage(
    tx: AsyncConnection, event_id: EventId, *, segment_id: SegmentId | None = None, round_id: RoundId | None = None
) -> list[GuestId]:
    """Everybody who has a part in the rounds of a segment, or in one round, in the order in which they are listed."""
    same = sa.and_(rounds.c.event_id == participants.c.event_id, rounds.c.round_id == participants.c.round_id)
    chosen = sa.select(participants.c.guest_id).select_from(participants.join(rounds, same))
    chosen = chosen.where(participants.c.event_id == event_id, participants.c.guest_id.is_not(None))
    if segment_id:
        chosen = chosen.where(rounds.c.segment_id == segment_id)
    if round_id:
        chosen = chosen.where(rounds.c.round_id == round_id)
    order = rounds.c.position, participants.c.position, participants.c.party, participants.c.participant_id
    return list(dict.fromkeys(GuestId(row.guest_id) for row in await tx.execute(chosen.order_by(*order))))


async def _listed(
    tx: AsyncConnection, event_id: EventId, list_id: ListId | None
) -> Mapping[Any, list[tuple[Entry, Guest]]]:
    """The people of each list."""
    own = precedence_entries.c
    chosen = sa.select(own.list_id, own.guest_id, own.rank, own.grade, own.founded).where(own.event_id == event_id)
    if list_id:
        chosen = chosen.where(own.list_id == list_id)
    rows = (await tx.execute(chosen)).all()
    needed = list({GuestId(row.guest_id) for row in rows})
    people = {guest.id: guest for guest in await guests_by_id(tx, event_id, needed)}
    found: defaultdict[Any, list[tuple[Entry, Guest]]] = defaultdict(list)
    for row in rows:
        if guest := people.get(GuestId(row.guest_id)):
            found[row.list_id].append((_entry_of(row, guest), guest))
    return found


async def _moves(tx: AsyncConnection, event_id: EventId, list_id: ListId | None) -> Mapping[Any, list[Move]]:
    chosen = sa.select(precedence_moves).where(precedence_moves.c.event_id == event_id)
    if list_id:
        chosen = chosen.where(precedence_moves.c.list_id == list_id)
    found: defaultdict[Any, list[Move]] = defaultdict(list)
    for row in await tx.execute(chosen.order_by(precedence_moves.c.number)):
        found[row.list_id].append(_move_of(row))
    return found


def _ranking_of(
    row: sa.Row[Any], sides: tuple[str, ...], listed: Sequence[tuple[Entry, Guest]], moves: tuple[Move, ...]
) -> Ranking:
    return Ranking(
        id=ListId(row.list_id),
        event_id=EventId(row.event_id),
        segment_id=SegmentId(row.segment_id) if row.segment_id else None,
        title=row.title,
        purpose=Purpose(row.purpose),
        tie_breaks=tuple(TieBreak(each) for each in row.tie_breaks),
        interleaves=row.interleaves,
        rows=row.rows,
        honour=Honour(row.honour),
        version=row.version,
        sides=sides,
        entries=tuple(entry for entry, _ in listed),
        moves=moves,
        guests={guest.id: guest for _, guest in listed},
    )


def _entry_of(row: Any, guest: Guest) -> Entry:
    return Entry(
        guest_id=guest.id,
        rank=row.rank,
        grade=row.grade,
        founded=row.founded,
        name=guest.name,
        name_latin=guest.name_latin,
        organisation=guest.organisation,
        side=guest.side,
    )


def _move_of(row: sa.Row[Any]) -> Move:
    return Move(
        number=row.number,
        guest_id=GuestId(row.guest_id),
        from_position=row.from_position,
        to_position=row.to_position,
        reason=row.reason,
        at=row.at,
        actor_name=row.actor_name,
        undoes=row.undoes,
    )
