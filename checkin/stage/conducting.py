"""The stage manager's word: one act on a round, appended to what was done before.

Called by the pages of the stage and by its API, each in a transaction.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.stage.actor import Actor
from checkin.stage.acts import ASIDE, NEEDS_REASON, after, standing
from checkin.stage.excusing import rewrite_excuses
from checkin.stage.faults import Fault, elsewhere, faults_of
from checkin.stage.models import Act, Round, RoundId, RoundState, Stage, Transition
from checkin.stage.record import append_record
from checkin.stage.refusals import Faulty
from checkin.stage.store import stage_of, transitions_of
from checkin.stage.tables import transitions
from checkin.stage.versions import held_round, raise_version
from events.core.errors import Conflict, Invalid
from events.models import Event

_FIT = frozenset({RoundState.READY, RoundState.CALLED, RoundState.ON_STAGE})
"""Nobody is missing in these: a round that was put aside comes back to them as it comes to `ready`."""


async def act(
    tx: AsyncConnection,
    event: Event,
    round_id: RoundId,
    act: Act,
    *,
    version: int | None,
    reason: str = "",
    where: str = "",
    actor: Actor,
    now: datetime,
) -> Round:
    """The round after `act`. version: the one that whoever presses has seen, None for whatever it is now.

    Raises Overtaken (a Stale) where it is another one, Conflict (`act_impossible`) where the act does not follow from
    where the round stands, Invalid without a reason that is needed, Faulty where the round is not fit for it.
    """
    this = await held_round(tx, event.id, round_id, version=version)
    history = (await transitions_of(tx, event.id, round_id)).get(round_id, [])
    reached, undoes = _outcome(this, act, history)
    if act in NEEDS_REASON and not reason:
        raise Invalid(fields={"reason": "missing"})
    if act in {Act.READY, Act.STAGE} or (this.state in ASIDE and reached in _FIT):
        await _check(tx, replace(this, state=reached), act, now=now)
    said = replace(actor, where=where or actor.where)
    transition = _transition(this, act, reached=reached, undoes=undoes, reason=reason, actor=said, now=now)
    await tx.execute(sa.insert(transitions).values(event_id=event.id, **asdict(transition)))
    step = transition.number
    that = await raise_version(tx, this, action=f"round.{act}", actor=actor, now=now, state=reached, step=step)
    await rewrite_excuses(tx, event.id)
    await append_record(tx, event, round_id, now=now)
    return that


def _outcome(this: Round, act: Act, history: Sequence[Transition]) -> tuple[RoundState, int | None]:
    """Where the act leads, and the number of the act that it takes back."""
    done = standing(history)
    if act is Act.UNDO and done:
        return done[-1].before, done[-1].number
    reached = after(this.kind, this.state, act)
    if reached is None:
        raise Conflict("act_impossible")
    return reached, None


async def _check(tx: AsyncConnection, this: Round, act: Act, *, now: datetime) -> None:
    """`this`: the round as it would be after `act`. It is ready without a fault, and on stage nobody can be twice."""
    stage = await stage_of(tx, this.event_id, now)
    if faults := _faults(this, stage, act):
        raise Faulty(faults, this=this, stage=stage)


def _faults(this: Round, stage: Stage, act: Act) -> list[Fault]:
    return list(elsewhere(this, stage)) if act is Act.STAGE else faults_of(this, stage)


def _transition(
    this: Round, act: Act, *, reached: RoundState, undoes: int | None, reason: str, actor: Actor, now: datetime
) -> Transition:
    return Transition(
        round_id=this.id,
        number=this.step + 1,
        act=act,
        before=this.state,
        after=reached,
        at=now,
        actor=actor.id,
        actor_name=actor.name,
        where=actor.where,
        reason=reason,
        undoes=undoes,
    )
