"""The readiness board as values: every round with who of it is here, what comes next, and who was chased; without HTTP.

`seen_of` is the one reading behind the board and the page of a round. Called by their pages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.stage.acts import NEEDS_REASON, possible, standing
from checkin.stage.chasing import Chase, chases_of
from checkin.stage.models import Act, Role, Round, RoundId, RoundState, Stage, Substitution, Transition
from checkin.stage.readiness import Readiness, Standing, readiness_of
from checkin.stage.store import stage_of
from events.core.errors import NotFound
from events.core.ids import EventId
from events.models import GuestId, Segment

LEADING = frozenset({Role.SIGNATORY, Role.PRESENTER, Role.RECIPIENT, Role.OFFICIANT, Role.SPEAKER})
"""Without them the round cannot be held; without an assistant or a witness it can."""

_NEAR = 3
_OVER = frozenset({RoundState.CLOSED, RoundState.WITHDRAWN})
_ASIDE = _OVER | {RoundState.POSTPONED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A round as the board shows it. number: its place in the whole programme, from 1.

    acts: what can be done now, the usual next step first. last: the act that `undo` takes back.
    is_next: the first that is neither over nor put off; is_near: among those that come right after it, or put off.
    """

    number: int
    round: Round
    segment: Segment
    readiness: Readiness
    acts: Sequence[Act]
    history: Sequence[Transition]
    substitutions: Sequence[Substitution]
    chases: Mapping[GuestId, Chase]
    is_next: bool = False
    is_near: bool = False

    @property
    def usual(self) -> Act | None:
        """The next usual step; None where only an exception or nothing is left."""
        first = next(iter(self.acts), None)
        return first if first not in {*NEEDS_REASON, Act.UNDO} else None

    @property
    def last(self) -> Transition | None:
        """The act that `undo` takes back."""
        done = standing(self.history)
        return done[-1] if done else None

    @property
    def awaited(self) -> list[Standing]:
        """Who is not here while parts may still change hands, those first without whom the round cannot be held."""
        missing = self.readiness.missing if self.may_change else []
        return sorted(missing, key=lambda each: each.participant.role not in LEADING)

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens."""
        return self.round.state in _OVER

    @property
    def is_aside(self) -> bool:
        """Whether it is not waited for: over, or put off."""
        return self.round.state in _ASIDE

    @property
    def may_change(self) -> bool:
        """Whether parts may still change hands."""
        return Act.WITHDRAW in self.acts


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One reading of the stage as its board shows it; whoever shares it shares its lines too."""

    stage: Stage
    chases: Mapping[RoundId, Mapping[GuestId, Chase]] = field(default_factory=dict[RoundId, Mapping[GuestId, Chase]])

    @cached_property
    def lines(self) -> Sequence[Line]:
        """Every round in the order in which they are called."""
        coming = [each.id for each in self.stage.rounds if each.state not in _ASIDE]
        return [self._line(number, each, coming) for number, each in enumerate(self.stage.rounds, 1)]

    def line(self, round_id: RoundId) -> Line:
        """The round of that id; raises NotFound."""
        for line in self.lines:
            if line.round.id == round_id:
                return line
        raise NotFound

    def _line(self, number: int, this: Round, coming: Sequence[RoundId]) -> Line:
        history = self.stage.transitions.get(this.id, ())
        return Line(
            number=number,
            round=this,
            segment=self.stage.segment(this.segment_id),
            readiness=readiness_of(this, self.stage),
            acts=possible(this.kind, this.state, history),
            history=history,
            substitutions=self.stage.substitutions.get(this.id, ()),
            chases=self.chases.get(this.id, {}),
            is_next=this.id in coming[:1],
            is_near=this.id in coming[1:_NEAR] or this.state is RoundState.POSTPONED,
        )


async def seen_of(tx: AsyncConnection, event_id: EventId, now: datetime) -> Seen:
    """The stage as committed, with who was chased."""
    return Seen(stage=await stage_of(tx, event_id, now), chases=await chases_of(tx, event_id))
