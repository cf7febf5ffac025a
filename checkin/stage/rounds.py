"""Planning the rounds of a segment: adding, changing, moving, removing them.

Called by the editor's pages, the API and the demonstration, each in a transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.stage.actor import Actor
from checkin.stage.acts import OPEN
from checkin.stage.casting import cast_of, check_replacements
from checkin.stage.excusing import rewrite_excuses
from checkin.stage.faults import Fault, faults_of
from checkin.stage.models import HOLDS_ROUNDS, Participant, Party, Round, RoundId, RoundState
from checkin.stage.refusals import Faulty
from checkin.stage.round_form import RoundForm, described
from checkin.stage.store import rounds_of, stage_of, substitutions_of
from checkin.stage.tables import participants, round_parties, rounds
from checkin.stage.versions import held_round, note, raise_version
from events.core.errors import Conflict, NotFound
from events.core.ids import EventId, new_id
from events.core.parsing import parsed
from events.models import Event, SegmentId
from events.registration import hold_event
from events.store import segments_of

PLANNED = frozenset({RoundState.DRAFT, RoundState.POSTPONED})
"""People come and go without a substitution."""


async def add_round(
    tx: AsyncConnection, event: Event, segment_id: SegmentId, form: RoundForm, *, actor: Actor, now: datetime
) -> Round:
    """A new round at the end of its segment.

    Raises NotFound, Conflict for a segment without rounds, Invalid for people, parties and sides that are not there.
    """
    await hold_event(tx, event.id)
    segment = next((each for each in await segments_of(tx, event.id) if each.id == segment_id), None)
    if segment is None:
        raise NotFound
    if segment.kind not in HOLDS_ROUNDS:
        raise Conflict("segment_without_rounds")
    empty = Round(
        id=RoundId(new_id()),
        event_id=event.id,
        segment_id=segment_id,
        kind=segment.kind,
        position=max((each.position for each in await _rounds_in(tx, event.id, segment_id)), default=0) + 1,
        title=form.title,
    )
    this = await _described_by(tx, empty, form)
    keys = {"event_id": event.id, "round_id": this.id, "segment_id": segment_id, "kind": this.kind}
    begun = {"position": this.position, "state": this.state, "step": this.step, "version": this.version}
    await tx.execute(sa.insert(rounds).values(**keys, **begun, **_columns(this)))
    await _write_cast(tx, this)
    await rewrite_excuses(tx, event.id)
    await note(tx, this, action="round.added", actor=actor, now=now)
    return this


async def edit_round(
    tx: AsyncConnection,
    event: Event,
    round_id: RoundId,
    form: RoundForm,
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
) -> Round:
    """The round changed to `form`; where nothing differs, nothing is changed.

    Raises Overtaken where `version` is not the current one, Conflict (`round_done`) from `signed` on, Faulty where a
    round that was called ready would lack something, Invalid as `add_round`, and (`substitute_instead`) for replacing
    somebody in a round that was called ready, or in a part that has changed hands.
    """
    this = await held_round(tx, event.id, round_id, version=version)
    if this.state not in OPEN:
        raise Conflict("round_done")
    edited = await _described_by(tx, this, form)
    changed = _changed(this, edited)
    if not changed:
        return this
    swapped = {each.participant_id for each in (await substitutions_of(tx, event.id, round_id)).get(round_id, [])}
    check_replacements(this, edited, planned=this.state in PLANNED, swapped=swapped)
    lacked = faults_of(this, await stage_of(tx, event.id, now))
    values = _columns(edited)
    after = await raise_version(tx, edited, action="round.edited", actor=actor, now=now, fields=changed, **values)
    await _write_cast(tx, after)
    await rewrite_excuses(tx, event.id)
    await _check_fitness(tx, after, lacked=lacked, now=now)
    return after


async def amend_round(
    tx: AsyncConnection,
    event: Event,
    round_id: RoundId,
    changes: Mapping[str, Any],
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
) -> Round:
    """As `edit_round` for some of the fields: the others stay as they are at that moment."""
    this = await held_round(tx, event.id, round_id, version=version)
    form = parsed(RoundForm, {**described(this), **changes})
    return await edit_round(tx, event, round_id, form, version=version, actor=actor, now=now)


async def move_round(
    tx: AsyncConnection,
    event: Event,
    round_id: RoundId,
    *,
    position: int,
    version: int | None,
    actor: Actor,
    now: datetime,
) -> Round:
    """The round at another place in its segment, counted from 1; beyond the last one it becomes the last.

    Raises NotFound and Overtaken.
    """
    this = await held_round(tx, event.id, round_id, version=version)
    others = [each.id for each in await _rounds_in(tx, event.id, this.segment_id) if each.id != round_id]
    wanted = min(max(position, 1), len(others) + 1)
    order = [*others[: wanted - 1], round_id, *others[wanted - 1 :]]
    for number, each in enumerate(order, 1):
        own = rounds.c.event_id == event.id, rounds.c.round_id == each
        await tx.execute(sa.update(rounds).where(*own).values(position=number))
    detail = {"position": wanted}
    return await raise_version(tx, this, action="round.moved", actor=actor, now=now, detail=detail, position=wanted)


async def remove_round(
    tx: AsyncConnection, event: Event, round_id: RoundId, *, version: int | None, actor: Actor, now: datetime
) -> None:
    """Removes a round that was planned by mistake.

    Raises Conflict (`round_touched`) where anything was done with it: such a round is withdrawn; NotFound, Overtaken.
    """
    this = await held_round(tx, event.id, round_id, version=version)
    if this.step:
        raise Conflict("round_touched")
    try:
        async with tx.begin_nested():
            await _erase_cast(tx, this)
            await tx.execute(sa.delete(rounds).where(*_own(rounds, this)))
    except IntegrityError as error:
        raise Conflict("round_touched") from error
    await rewrite_excuses(tx, event.id)
    await note(tx, this, action="round.removed", actor=actor, now=now)


async def _rounds_in(tx: AsyncConnection, event_id: EventId, segment_id: SegmentId) -> list[Round]:
    return [each for each in await rounds_of(tx, event_id) if each.segment_id == segment_id]


async def _described_by(tx: AsyncConnection, this: Round, form: RoundForm) -> Round:
    parties, parts = await cast_of(tx, this, form)
    return replace(
        this,
        title=form.title,
        item=form.item,
        script=form.script,
        copies=form.copies,
        languages=tuple(form.languages),
        cue_at=form.cue_at.astimezone(UTC) if form.cue_at else None,
        wants_signature=form.wants_signature,
        parties=parties,
        participants=parts,
    )


def _changed(before: Round, after: Round) -> list[str]:
    """The fields of the form that differ."""
    old, new = described(before), described(after)
    return [name for name in RoundForm.model_fields if old[name] != new[name]]


def _columns(this: Round) -> dict[str, Any]:
    """What a form fills of the round's row."""
    plain = "title", "item", "script", "copies", "cue_at", "wants_signature"
    return {**{name: getattr(this, name) for name in plain}, "languages": this.languages}


async def _check_fitness(tx: AsyncConnection, this: Round, *, lacked: Sequence[Fault], now: datetime) -> None:
    """What was called ready stays so: an edit brings no fault that was not there."""
    if this.state in PLANNED:
        return
    stage = await stage_of(tx, this.event_id, now)
    if fresh := [fault for fault in faults_of(this, stage) if fault not in lacked]:
        raise Faulty(fresh, this=this, stage=stage)


async def _write_cast(tx: AsyncConnection, this: Round) -> None:
    """Replaces parties and parts; the ids of the parts stay."""
    await _erase_cast(tx, this)
    key = {"event_id": this.event_id, "round_id": this.id}
    for party in this.parties:
        await tx.execute(sa.insert(round_parties).values(**key, **_row(party)))
    for part in this.participants:
        await tx.execute(sa.insert(participants).values(**key, **_row(part)))


async def _erase_cast(tx: AsyncConnection, this: Round) -> None:
    for table in (participants, round_parties):
        await tx.execute(sa.delete(table).where(*_own(table, this)))


def _own(table: sa.Table, this: Round) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.event_id == this.event_id, table.c.round_id == this.id


def _row(value: Party | Participant) -> dict[str, Any]:
    """The value's fields as its row calls them."""
    row = {each.name: getattr(value, each.name) for each in fields(value)}
    return {"participant_id" if name == "id" else name: value for name, value in row.items()}
