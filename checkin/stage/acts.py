"""What may follow in a round: the one table of steps, without HTTP or SQL.

Called by `conducting`, which does it, and by whoever shows buttons.
"""

from collections.abc import Sequence
from itertools import pairwise

from checkin.stage.models import Act, RoundState, Transition, steps_of
from events.models import SegmentKind

NEEDS_REASON = frozenset({Act.POSTPONE, Act.WITHDRAW})
"""Acts that the record explains."""

TO_COME = frozenset({RoundState.DRAFT, RoundState.READY, RoundState.CALLED})
"""The round waits for its turn."""

OPEN = TO_COME | {RoundState.ON_STAGE, RoundState.POSTPONED}
"""Nothing is signed yet: parts may still change hands."""

ASIDE = frozenset({RoundState.POSTPONED, RoundState.WITHDRAWN})
"""The round is not held for now: its people may change, or go up for another."""

UP_THERE = frozenset({RoundState.ON_STAGE, RoundState.SIGNED, RoundState.EXCHANGED})
"""The people of the round stand on the stage."""

_LEADS_TO = {
    Act.READY: RoundState.READY,
    Act.CALL: RoundState.CALLED,
    Act.STAGE: RoundState.ON_STAGE,
    Act.SIGN: RoundState.SIGNED,
    Act.EXCHANGE: RoundState.EXCHANGED,
    Act.CLOSE: RoundState.CLOSED,
}


def after(kind: SegmentKind, state: RoundState, act: Act) -> RoundState | None:
    """Where an act leads from `state`; None where it cannot be done there, and for `undo`, which leads back."""
    match act:
        case Act.UNDO:
            return None
        case Act.RESUME:
            return RoundState.DRAFT if state is RoundState.POSTPONED else None
        case Act.POSTPONE:
            return RoundState.POSTPONED if state in OPEN - {RoundState.POSTPONED} else None
        case Act.WITHDRAW:
            return RoundState.WITHDRAWN if state in OPEN else None
        case _:
            return _next_step(kind, state, _LEADS_TO[act])


def possible(kind: SegmentKind, state: RoundState, history: Sequence[Transition] = ()) -> list[Act]:
    """The acts that can be done now, the next usual step first; `undo` last, where `history` has what it takes back."""
    forward = [act for act in Act if after(kind, state, act)]
    return [*forward, Act.UNDO] if standing(history) else forward


def standing(history: Sequence[Transition]) -> list[Transition]:
    """The acts that nobody has taken back, first to last."""
    undone = {each.undoes for each in history}
    return [each for each in history if each.act is not Act.UNDO and each.number not in undone]


def _next_step(kind: SegmentKind, state: RoundState, wanted: RoundState) -> RoundState | None:
    return wanted if (state, wanted) in pairwise(steps_of(kind)) else None
