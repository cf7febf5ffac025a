"""A signature by hand on a tablet: strokes as they were drawn, with time and pressure, added to the round.

Called by the page of the tablet through the API. It decorates the record and proves nothing by itself: who is on
record as having signed is said by the round.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.stage.actor import Actor
from checkin.stage.acts import UP_THERE
from checkin.stage.models import Participant, Role, Round, RoundId
from checkin.stage.record import signatures_of, strokes_digest
from checkin.stage.record_document import Signature
from checkin.stage.tables import signatures
from checkin.stage.versions import held_round
from events.core.errors import Conflict, Invalid
from events.core.ids import EventId, new_id
from events.models import Event, GuestId

MAX_BYTES = 200_000
MAX_POINTS = 20_000
_DAY_MS = 86_400_000

Coordinate = Annotated[float, Field(ge=-10_000, le=10_000, allow_inf_nan=False)]


class Point(BaseModel):
    """Where the pen was: pixels of the page, ms of any clock, pressure from 0 to 1 where the pen tells it."""

    model_config = ConfigDict(extra="ignore")

    x: Coordinate
    y: Coordinate
    time: Annotated[float, Field(ge=0, le=1e14, allow_inf_nan=False)]
    pressure: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.0


class Stroke(BaseModel):
    """From where the pen came down to where it was lifted."""

    model_config = ConfigDict(extra="ignore")

    points: Annotated[list[Point], Field(min_length=1, max_length=MAX_POINTS)]


class SignatureForm(BaseModel):
    """Somebody's signature. participant: the part in whose name it is given."""

    model_config = ConfigDict(extra="forbid")

    participant: UUID
    strokes: Annotated[list[Stroke], Field(min_length=1, max_length=MAX_POINTS)]

    @model_validator(mode="after")
    def _is_bounded(self) -> Self:
        points = [point for stroke in self.strokes for point in stroke.points]
        times = [point.time for point in points]
        if len(points) > MAX_POINTS or max(times) - min(times) > _DAY_MS:
            raise PydanticCustomError("too_long", "too many points")
        return self

    @property
    def drawn(self) -> list[list[list[int]]]:
        """The strokes in whole numbers, which every reader takes for the same: for each point x and y in hundredths
        of a pixel, ms since the first point, thousandths of full pressure."""
        begun = min(point.time for stroke in self.strokes for point in stroke.points)
        return [[_whole(point, begun) for point in stroke.points] for stroke in self.strokes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """Who has to sign a round on the tablet, and whose signature is there. is_open: whether it can be given now."""

    round: Round
    signatories: Sequence[Participant]
    given: Sequence[Signature]
    is_open: bool

    def of(self, part: Participant) -> Signature | None:
        """The signature that counts: the last one of whoever has the part now."""
        own = [each for each in self.given if (each.participant_id, each.guest_id) == (part.id, part.guest_id)]
        return own[-1] if own else None

    @property
    def next(self) -> Participant | None:
        """Who has not signed yet, in order of the parties."""
        return next((part for part in self.signatories if not self.of(part)), None)


async def signing_of(tx: AsyncConnection, event_id: EventId, this: Round) -> Signing:
    """How far the signing of a round by hand has come."""
    given = (await signatures_of(tx, event_id, this.id)).get(this.id, [])
    is_open = this.wants_signature and this.state in UP_THERE
    return Signing(round=this, signatories=_signatories(this), given=given, is_open=is_open)


async def sign_by_hand(
    tx: AsyncConnection, event: Event, round_id: RoundId, form: SignatureForm, *, actor: Actor, now: datetime
) -> Signature:
    """Adds a signature; of several by one hand the last one counts.

    Raises NotFound, Conflict (`signature_closed`) for a round that wants none or is not being signed, Invalid for a
    part that is none of its signatories'.
    """
    this = await held_round(tx, event.id, round_id, version=None)
    if not (this.wants_signature and this.state in UP_THERE):
        raise Conflict("signature_closed")
    part = next((part for part in _signatories(this) if part.id == form.participant), None)
    if part is None or part.guest_id is None:
        raise Invalid(fields={"participant": "not_offered"})
    signature = _signature(this, part, part.guest_id, form, actor=actor, now=now)
    ids = {"signature_id": signature.id, "participant_id": part.id, "guest_id": part.guest_id, "round_id": this.id}
    told = {"strokes": form.drawn, "at": now, "actor": actor.id}
    await tx.execute(sa.insert(signatures).values(event_id=event.id, **ids, **told))
    return signature


def _signature(
    this: Round, part: Participant, guest_id: GuestId, form: SignatureForm, *, actor: Actor, now: datetime
) -> Signature:
    return Signature(
        id=new_id(),
        round_id=this.id,
        participant_id=part.id,
        guest_id=guest_id,
        at=now,
        actor=actor.id,
        digest=strokes_digest(form.drawn),
    )


def _signatories(this: Round) -> list[Participant]:
    """Whoever signs, where somebody is named."""
    return [part for part in this.of_role(Role.SIGNATORY) if part.guest_id]


def _whole(point: Point, begun: float) -> list[int]:
    return [round(100 * point.x), round(100 * point.y), round(point.time - begun), round(1000 * point.pressure)]
