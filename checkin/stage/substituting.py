"""Somebody takes another's part, on whose authority and why: one transaction from the registration to the excuse.

Called by the page of a round and by the API. Badge, table card, cue line, seat plan and record read what it writes.
"""

from dataclasses import asdict
from datetime import datetime
from functools import partial

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.stage.actor import Actor
from checkin.stage.acts import OPEN, UP_THERE
from checkin.stage.excusing import rewrite_excuses
from checkin.stage.faults import elsewhere
from checkin.stage.models import Participant, ParticipantId, Round, RoundId, Substitution
from checkin.stage.refusals import Faulty
from checkin.stage.store import stage_of
from checkin.stage.tables import participants, substitutions
from checkin.stage.versions import held_round, raise_version
from events import guestlist
from events.core import audit
from events.core.errors import Conflict, Invalid, NotFound
from events.core.ids import EventId, new_id
from events.forms import GuestForm
from events.models import UNSAID, Event, Guest, GuestId, GuestStatus, Text
from events.registration import add_guest, check_choices, send_pass, take_seat
from events.store import guest_by_id

SOURCE = "substitute"
_GONE = frozenset({GuestStatus.DECLINED, GuestStatus.CANCELLED})


async def substitute(
    tx: AsyncConnection,
    event: Event,
    round_id: RoundId,
    participant_id: ParticipantId,
    *,
    substitute: GuestId | GuestForm,
    authority: str,
    reason: str,
    title: Text = UNSAID,
    version: int | None,
    actor: Actor,
    now: datetime,
) -> Substitution:
    """Gives a part to a guest, or to somebody who is registered and confirmed in the same breath.

    title: as the substitute is read out, empty for their own. Who is replaced is excused, until they take their part
    back. Raises NotFound, Overtaken, Conflict (`round_done` from `signed` on, `nobody_to_replace`), Faulty for
    somebody who stands on the stage for another round, and Invalid by field: no authority or reason, the same person,
    somebody who has a part in the round, a registration that was cancelled, and as `guestlist.invite`.
    """
    _check_words(authority=authority, reason=reason)
    this = await held_round(tx, event.id, round_id, version=version)
    part = _part(this, participant_id)
    original = await guest_by_id(tx, event.id, part.guest_id) if part.guest_id else None
    if original is None:
        raise Conflict("nobody_to_replace")
    taker = await _taker(tx, event, this, original, wanted=substitute, actor=actor, now=now)
    made = Substitution(
        id=new_id(),
        round_id=this.id,
        participant_id=part.id,
        role=part.role,
        original_id=original.id,
        substitute_id=taker.id,
        authority=authority,
        reason=reason,
        at=now,
        actor=actor.id,
        actor_name=actor.name,
    )
    await _hand_over(tx, event.id, made, title=title)
    names = {"original": original.name, "substitute": taker.name}
    after = await raise_version(tx, this, action="round.substituted", actor=actor, now=now, detail=names)
    await _check_stage(tx, after, made, now=now)
    return made


def _check_words(**words: str) -> None:
    missing = {name: "missing" for name, said in words.items() if not said.strip()}
    if missing:
        raise Invalid(fields=missing)


def _part(this: Round, participant_id: ParticipantId) -> Participant:
    if this.state not in OPEN:
        raise Conflict("round_done")
    part = next((each for each in this.participants if each.id == participant_id), None)
    if part is None:
        raise NotFound
    return part


async def _taker(
    tx: AsyncConnection,
    event: Event,
    this: Round,
    original: Guest,
    *,
    wanted: GuestId | GuestForm,
    actor: Actor,
    now: datetime,
) -> Guest:
    """Who takes the part: a confirmed guest who has none in the round."""
    if isinstance(wanted, GuestForm):
        return await _registered(tx, event, original, wanted, actor=actor, now=now)
    if wanted == original.id:
        raise Invalid(fields={"guest_id": "same_person"})
    if wanted in {part.guest_id for part in this.participants}:
        raise Invalid(fields={"guest_id": "in_round"})
    try:
        guest = await guest_by_id(tx, event.id, wanted)
    except NotFound as error:
        raise Invalid(fields={"guest_id": "not_offered"}) from error
    if guest.status in _GONE:
        raise Invalid(fields={"guest_id": "not_coming"})
    return await guestlist.confirm(tx, event, guest, actor=actor.id, now=now)


async def _registered(
    tx: AsyncConnection, event: Event, original: Guest, form: GuestForm, *, actor: Actor, now: datetime
) -> Guest:
    """A new confirmed guest with a ticket, of the original's category and side unless the form says otherwise."""
    usual = {"category": form.category or original.category, "side": form.side or original.side}
    described = form.model_copy(update=usual)
    await check_choices(tx, event, described, public=False)
    await take_seat(tx, event, beyond=True)
    guest = await add_guest(tx, event, described, status=GuestStatus.CONFIRMED, source=SOURCE, now=now)
    await send_pass(tx, guest, now=now)
    detail = {"source": SOURCE, "original": str(original.id)}
    note = partial(audit.note, tx, event_id=event.id, actor=actor.id, now=now)
    await note(action="guest.added", subject_id=guest.id, detail=detail)
    return guest


async def _hand_over(tx: AsyncConnection, event_id: EventId, made: Substitution, *, title: Text) -> None:
    own = participants.c.event_id == event_id, participants.c.participant_id == made.participant_id
    await tx.execute(sa.update(participants).where(*own).values(guest_id=made.substitute_id, title=title))
    row = asdict(made)
    await tx.execute(sa.insert(substitutions).values(event_id=event_id, substitution_id=row.pop("id"), **row))
    await rewrite_excuses(tx, event_id)


async def _check_stage(tx: AsyncConnection, this: Round, made: Substitution, *, now: datetime) -> None:
    """Nobody takes a part on the stage while they stand there for another round."""
    stage = await stage_of(tx, this.event_id, now)
    current = next(each for each in stage.rounds if each.id == this.id)
    clashes = [fault for fault in elsewhere(current, stage) if fault.participant_id == made.participant_id]
    if this.state in UP_THERE and clashes:
        raise Faulty(clashes, this=current, stage=stage)
