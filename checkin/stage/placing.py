"""Making precedence lists, and putting people on them where protocol wants them.

Called by the pages, the API and the demonstration, each in a transaction. Whatever changes a list raises its version
by a conditional update, so that two officers never overwrite each other; moves are appended, with reason and name.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.stage.actor import Actor
from checkin.stage.models import RoundId
from checkin.stage.precedence import Move
from checkin.stage.ranking import MOST_PEOPLE, ListId, Ranking
from checkin.stage.ranking_form import Facts, MoveForm, NewRanking, RankingForm, Source
from checkin.stage.ranking_store import guests_by_id, on_stage, ranking_by_id
from checkin.stage.tables import precedence_entries, precedence_lists, precedence_moves
from events.core import audit
from events.core.errors import Conflict, Invalid, NotFound, Stale
from events.core.ids import EventId, new_id
from events.models import Event, Guest, GuestId, SegmentId
from events.registration import hold_event
from events.store import categories_of, confirmed_guests, segments_of


async def make_ranking(tx: AsyncConnection, event: Event, form: NewRanking, *, actor: Actor, now: datetime) -> Ranking:
    """A new list with the people of its source.

    Raises Invalid for a segment that is not there and for more people than a list holds.
    """
    await _check_segment(tx, event.id, form)
    list_id = ListId(new_id())
    keys = {"event_id": event.id, "list_id": list_id, "version": 1}
    await tx.execute(sa.insert(precedence_lists).values(**keys, **_columns(form)))
    people = await _people(tx, event.id, form.people)
    await _insert(tx, event.id, list_id, people)
    await _note(tx, event.id, list_id, action="precedence.made", actor=actor, now=now, people=len(people))
    return await ranking_by_id(tx, event.id, list_id)


async def edit_ranking(
    tx: AsyncConnection,
    event: Event,
    list_id: ListId,
    form: RankingForm,
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
) -> Ranking:
    """The list described anew; raises Stale, NotFound, and Invalid as `make_ranking`."""
    ranking = await _held(tx, event.id, list_id, version=version)
    await _check_segment(tx, event.id, form)
    await _raise_version(tx, ranking, **_columns(form))
    await _note(tx, event.id, list_id, action="precedence.edited", actor=actor, now=now)
    return await ranking_by_id(tx, event.id, list_id)


async def remove_ranking(
    tx: AsyncConnection, event: Event, list_id: ListId, *, version: int | None, actor: Actor, now: datetime
) -> None:
    """Removes a list in which nobody was ever moved; raises Conflict for any other, Stale, NotFound."""
    ranking = await _held(tx, event.id, list_id, version=version)
    if ranking.moves:
        raise Conflict("list_moved")
    for table in (precedence_entries, precedence_lists):
        await tx.execute(sa.delete(table).where(table.c.event_id == event.id, table.c.list_id == list_id))
    await _note(tx, event.id, list_id, action="precedence.removed", actor=actor, now=now)


async def add_people(
    tx: AsyncConnection,
    event: Event,
    list_id: ListId,
    source: Source,
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
) -> Ranking:
    """Puts people on the list who are not on it yet; raises Invalid as `make_ranking`, Stale, NotFound."""
    ranking = await _held(tx, event.id, list_id, version=version)
    people = [guest for guest in await _people(tx, event.id, source) if guest.id not in ranking.guests]
    if len(people) + len(ranking.entries) > MOST_PEOPLE:
        raise Invalid(fields={"people": "too_many_people"})
    await _raise_version(tx, ranking)
    await _insert(tx, event.id, list_id, people)
    await _note(tx, event.id, list_id, action="precedence.added", actor=actor, now=now, people=len(people))
    return await ranking_by_id(tx, event.id, list_id)


async def drop_person(
    tx: AsyncConnection,
    event: Event,
    list_id: ListId,
    guest_id: GuestId,
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
) -> Ranking:
    """Takes somebody off the list; their moves stay on record. Raises Stale, NotFound."""
    ranking = await _held(tx, event.id, list_id, version=version)
    if ranking.entry(guest_id) is None:
        raise NotFound
    await _raise_version(tx, ranking)
    await tx.execute(sa.delete(precedence_entries).where(*_own(ranking, guest_id)))
    await _note(tx, event.id, list_id, action="precedence.dropped", actor=actor, now=now, guest=str(guest_id))
    return await ranking_by_id(tx, event.id, list_id)


async def set_facts(
    tx: AsyncConnection,
    event: Event,
    list_id: ListId,
    facts: Mapping[GuestId, Facts],
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
) -> Ranking:
    """Says by what people are ranked; raises Stale, NotFound, also for somebody who is not on the list."""
    ranking = await _held(tx, event.id, list_id, version=version)
    if any(ranking.entry(guest_id) is None for guest_id in facts):
        raise NotFound
    await _raise_version(tx, ranking)
    for guest_id, told in facts.items():
        await tx.execute(sa.update(precedence_entries).where(*_own(ranking, guest_id)).values(**dict(told)))
    changed = {str(guest_id): dict(told) for guest_id, told in facts.items()}
    await _note(tx, event.id, list_id, action="precedence.facts", actor=actor, now=now, facts=changed)
    return await ranking_by_id(tx, event.id, list_id)


async def move_person(
    tx: AsyncConnection,
    event: Event,
    list_id: ListId,
    form: MoveForm,
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
) -> Ranking:
    """Puts somebody at another position and keeps who did it and why.

    Raises Invalid for a position that the list has not and for the one where they are, Stale, NotFound.
    """
    ranking = await _held(tx, event.id, list_id, version=version)
    places = {each.entry.guest_id: each.position for each in ranking.placed}
    here = places.get(GuestId(form.guest_id))
    if here is None:
        raise NotFound
    if form.to_position > len(places) or form.to_position == here:
        raise Invalid(fields={"to_position": "same_position" if form.to_position == here else "not_offered"})
    move = _next_move(ranking, actor, now, guest_id=GuestId(form.guest_id), reason=form.reason)
    return await _append(tx, ranking, move | {"from_position": here, "to_position": form.to_position}, actor=actor)


async def undo_move(
    tx: AsyncConnection,
    event: Event,
    list_id: ListId,
    *,
    reason: str,
    version: int | None,
    actor: Actor,
    now: datetime,
) -> Ranking:
    """Takes the last move that stands back, by appending that it does not count; twice takes back two.

    Raises Conflict where none stands, Stale, NotFound.
    """
    ranking = await _held(tx, event.id, list_id, version=version)
    last: Move | None = ranking.last_move
    if last is None:
        raise Conflict("nothing_to_undo")
    back = {"from_position": last.to_position, "to_position": last.from_position, "undoes": last.number}
    move = _next_move(ranking, actor, now, guest_id=last.guest_id, reason=reason)
    return await _append(tx, ranking, move | back, actor=actor)


async def _append(tx: AsyncConnection, ranking: Ranking, move: dict[str, Any], *, actor: Actor) -> Ranking:
    await _raise_version(tx, ranking)
    await tx.execute(sa.insert(precedence_moves).values(event_id=ranking.event_id, list_id=ranking.id, **move))
    told = {"number": move["number"], "guest": str(move["guest_id"]), "reason": move["reason"]}
    action = "precedence.undone" if "undoes" in move else "precedence.moved"
    await _note(tx, ranking.event_id, ranking.id, action=action, actor=actor, now=move["at"], **told)
    return await ranking_by_id(tx, ranking.event_id, ranking.id)


def _next_move(ranking: Ranking, actor: Actor, now: datetime, *, guest_id: GuestId, reason: str) -> dict[str, Any]:
    number = len(ranking.moves) + 1
    return {"number": number, "guest_id": guest_id, "reason": reason, "at": now, "actor_name": actor.name}


async def _held(tx: AsyncConnection, event_id: EventId, list_id: ListId, *, version: int | None) -> Ranking:
    """The list, which nobody else changes before this transaction ends; raises Stale, NotFound."""
    await hold_event(tx, event_id)
    ranking = await ranking_by_id(tx, event_id, list_id)
    if version not in {None, ranking.version}:
        raise Stale
    return ranking


async def _raise_version(tx: AsyncConnection, ranking: Ranking, **values: Any) -> None:
    own = precedence_lists.c
    current = own.event_id == ranking.event_id, own.list_id == ranking.id, own.version == ranking.version
    following = {**values, "version": ranking.version + 1}
    changed = await tx.execute(sa.update(precedence_lists).where(*current).values(**following))
    if not changed.rowcount:
        raise Stale


async def _check_segment(tx: AsyncConnection, event_id: EventId, form: RankingForm) -> None:
    if form.segment_id and form.segment_id not in {each.id for each in await segments_of(tx, event_id)}:
        raise Invalid(fields={"segment_id": "not_offered"})


async def _people(tx: AsyncConnection, event_id: EventId, source: Source) -> list[Guest]:
    """Everybody whom the source names, each once."""
    wanted = [GuestId(each) for each in source.guest_ids]
    if source.segment_id:
        wanted += await on_stage(tx, event_id, segment_id=SegmentId(source.segment_id))
    if source.round_id:
        wanted += await on_stage(tx, event_id, round_id=RoundId(source.round_id))
    if source.category:
        wanted += [guest.id for guest in await confirmed_guests(tx, event_id, category=source.category)]
    people = await guests_by_id(tx, event_id, list(dict.fromkeys(wanted)))
    if {GuestId(each) for each in source.guest_ids} - {guest.id for guest in people}:
        raise Invalid(fields={"people": "not_offered"})
    if len(people) > MOST_PEOPLE:
        raise Invalid(fields={"people": "too_many_people"})
    return people


async def _insert(tx: AsyncConnection, event_id: EventId, list_id: ListId, people: Sequence[Guest]) -> None:
    """Puts people on the list, each with the rank of their category as grade until somebody says otherwise."""
    grades = {category.key: category.rank for category in await categories_of(tx, event_id)}
    own = {"event_id": event_id, "list_id": list_id, "rank": 0, "founded": None}
    rows = [{**own, "guest_id": guest.id, "grade": grades.get(guest.category, 0)} for guest in people]
    if rows:
        await tx.execute(sa.insert(precedence_entries), rows)


def _own(ranking: Ranking, guest_id: GuestId) -> tuple[sa.ColumnElement[bool], ...]:
    own = precedence_entries.c
    return own.event_id == ranking.event_id, own.list_id == ranking.id, own.guest_id == guest_id


def _columns(form: RankingForm) -> dict[str, Any]:
    """The list as its row."""
    values = {name: getattr(form, name) for name in RankingForm.model_fields}
    return {**values, "tie_breaks": [each.value for each in form.tie_breaks]}


async def _note(
    tx: AsyncConnection,
    event_id: EventId,
    list_id: ListId,
    *,
    action: str,
    actor: Actor,
    now: datetime,
    **detail: object,
) -> None:
    told = {"by": actor.name, **detail}
    await audit.note(tx, event_id=event_id, actor=actor.id, action=action, now=now, subject_id=list_id, detail=told)
