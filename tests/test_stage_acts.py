"""The table of steps, and what must hold however long a stage manager presses."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkin.stage.acts import NEEDS_REASON, OPEN, TO_COME, UP_THERE, after, possible, standing
from checkin.stage.models import HOLDS_ROUNDS, Act, RoundId, RoundState, Transition, steps_of
from events.core.ids import new_id
from events.models import SegmentKind
from tests.cast import NOON

SIGNING, SPEECHES = SegmentKind.SIGNING, SegmentKind.SPEECHES
ROUND = RoundId(new_id())
KINDS = sorted(HOLDS_ROUNDS)
FORWARD = [Act.READY, Act.CALL, Act.STAGE, Act.SIGN, Act.EXCHANGE, Act.CLOSE]


def test_a_signing_goes_from_draft_to_closed_in_six_steps() -> None:
    state, passed = RoundState.DRAFT, [RoundState.DRAFT]
    for act in FORWARD:
        state = after(SIGNING, state, act) or RoundState.WITHDRAWN
        passed.append(state)

    assert tuple(passed) == steps_of(SIGNING)
    assert [state.value for state in passed] == [
        "draft",
        "ready",
        "called",
        "on_stage",
        "signed",
        "exchanged",
        "closed",
    ]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not SIGNING])
def test_only_a_signing_is_signed_and_exchanged(kind: SegmentKind) -> None:
    on_stage = RoundState.ON_STAGE

    assert after(kind, on_stage, Act.CLOSE) is RoundState.CLOSED
    assert (after(kind, on_stage, Act.SIGN), after(kind, RoundState.SIGNED, Act.EXCHANGE)) == (None, None)
    assert (after(SIGNING, on_stage, Act.CLOSE), after(SIGNING, on_stage, Act.SIGN)) == (None, RoundState.SIGNED)


@pytest.mark.parametrize(
    ("state", "acts"),
    [
        (RoundState.DRAFT, ["ready", "postpone", "withdraw"]),
        (RoundState.READY, ["call", "postpone", "withdraw"]),
        (RoundState.CALLED, ["stage", "postpone", "withdraw"]),
        (RoundState.ON_STAGE, ["sign", "postpone", "withdraw"]),
        (RoundState.SIGNED, ["exchange"]),
        (RoundState.EXCHANGED, ["close"]),
        (RoundState.CLOSED, []),
        (RoundState.POSTPONED, ["resume", "withdraw"]),
        (RoundState.WITHDRAWN, []),
    ],
)
def test_what_can_be_done_begins_with_the_next_usual_step(state: RoundState, acts: list[str]) -> None:
    assert [act.value for act in possible(SIGNING, state)] == acts


def test_undo_is_offered_last_while_something_stands_that_it_can_take_back() -> None:
    done = transition(1, Act.READY, RoundState.DRAFT, RoundState.READY)
    undone = transition(2, Act.UNDO, RoundState.READY, RoundState.DRAFT, undoes=1)

    assert possible(SIGNING, RoundState.READY, [done]) == [Act.CALL, Act.POSTPONE, Act.WITHDRAW, Act.UNDO]
    assert Act.UNDO not in possible(SIGNING, RoundState.DRAFT, [done, undone])
    assert possible(SIGNING, RoundState.CLOSED, [done]) == [Act.UNDO]


def test_leaving_the_order_of_the_day_needs_a_reason() -> None:
    assert {Act.POSTPONE, Act.WITHDRAW} == NEEDS_REASON


def test_nothing_is_open_that_was_signed_and_who_waits_is_not_on_stage() -> None:
    assert {RoundState.ON_STAGE} == OPEN & UP_THERE
    assert set() == TO_COME & UP_THERE
    assert set(RoundState) - OPEN - UP_THERE == {RoundState.CLOSED, RoundState.WITHDRAWN}


@given(st.sampled_from(KINDS), st.lists(st.sampled_from(sorted(Act)), max_size=40))
def test_a_round_is_where_its_acts_have_led_it_and_no_step_was_skipped(kind: SegmentKind, acts: list[Act]) -> None:
    history: list[Transition] = []
    state = RoundState.DRAFT

    for act in acts:
        seen = list(history)
        if act in possible(kind, state, history):
            state = pressed(kind, state, act, history)
        assert history[: len(seen)] == seen

    assert state == (history[-1].after if history else RoundState.DRAFT)
    assert state == folded(kind, history)
    assert [each.number for each in history] == list(range(1, len(history) + 1))
    reached = [each.after for each in standing(history) if each.after in steps_of(kind)]
    assert reached == climbed(kind, reached)


@given(st.sampled_from(KINDS), st.lists(st.sampled_from(sorted(set(Act) - {Act.UNDO})), max_size=30))
def test_undoing_everything_leads_back_to_the_draft_through_the_same_states(kind: SegmentKind, acts: list[Act]) -> None:
    history: list[Transition] = []
    states = [RoundState.DRAFT]
    for act in acts:
        if act in possible(kind, states[-1], history):
            states.append(pressed(kind, states[-1], act, history))

    back = [states[-1]]
    while Act.UNDO in possible(kind, back[-1], history):
        back.append(pressed(kind, back[-1], Act.UNDO, history))

    assert back == states[::-1]
    assert standing(history) == []


def pressed(kind: SegmentKind, state: RoundState, act: Act, history: list[Transition]) -> RoundState:
    """Appends the act to the history; the state that follows."""
    undone = standing(history)[-1] if act is Act.UNDO else None
    reached = undone.before if undone else after(kind, state, act)
    assert reached is not None
    number = undone.number if undone else None
    history.append(transition(len(history) + 1, act, state, reached, undoes=number))
    return reached


def folded(kind: SegmentKind, history: list[Transition]) -> RoundState:
    """Where the acts lead that nobody took back, by the table alone."""
    state = RoundState.DRAFT
    for each in standing(history):
        reached = after(kind, state, each.act)
        assert reached is not None
        state = reached
    return state


def climbed(kind: SegmentKind, reached: list[RoundState]) -> list[RoundState]:
    """The same states, if each is one step above the one before or the round was resumed to its draft."""
    steps = list(steps_of(kind))
    before = RoundState.DRAFT
    for each in reached:
        assert each is RoundState.DRAFT or steps.index(each) == steps.index(before) + 1
        before = each
    return reached


def transition(
    number: int, act: Act, before: RoundState, reached: RoundState, *, undoes: int | None = None
) -> Transition:
    made = Transition(
        round_id=ROUND,
        number=number,
        act=act,
        before=before,
        after=reached,
        at=NOON,
        actor="cast",
        actor_name="何卓文",
    )
    return replace(made, undoes=undoes)
