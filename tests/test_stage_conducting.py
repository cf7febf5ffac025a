from dataclasses import replace
from datetime import timedelta
from random import Random

import anyio
import pytest
import sqlalchemy as sa

from checkin.stage.acts import possible
from checkin.stage.changes import Change
from checkin.stage.conducting import act
from checkin.stage.faults import Fault, FaultCode
from checkin.stage.models import Act, Round, RoundState, Transition
from checkin.stage.refusals import Faulty, Overtaken
from checkin.stage.rounds import edit_round
from checkin.stage.tables import transitions
from events.core.database import Database
from events.core.errors import Conflict, Invalid, NotFound
from events.core.tables import audit
from events.models import SegmentKind, Text
from tests.cast import NOON, planned
from tests.stage_crew import DEPUTY, FORWARD, MANAGER, Crew, signing_form

LATER = NOON + timedelta(minutes=3)


async def _crew(database: Database) -> Crew:
    return Crew(database, await planned(database))


async def test_a_signing_is_conducted_step_by_step_and_each_step_is_on_record(database: Database) -> None:
    crew = await _crew(database)
    this = await crew.signing()

    closed = await crew.press(this, *FORWARD, where="主席台")

    made = await crew.history(this)
    assert (closed.state, closed.step, closed.version) == (RoundState.CLOSED, 6, 7)
    assert await crew.now(this) == closed
    assert [(each.number, each.act) for each in made] == list(enumerate(FORWARD, 1))
    assert made[3] == Transition(
        round_id=this.id,
        number=4,
        act=Act.SIGN,
        before=RoundState.ON_STAGE,
        after=RoundState.SIGNED,
        at=NOON,
        actor=MANAGER.id,
        actor_name=MANAGER.name,
        where="主席台",
    )


async def test_the_place_of_whoever_presses_is_kept_unless_another_is_said(database: Database) -> None:
    crew = await _crew(database)
    this = await crew.signing()
    standing_there = replace(MANAGER, where="后台")

    await crew.press(this, Act.READY, actor=standing_there)
    await crew.press(this, Act.CALL, actor=standing_there, where="侧台")

    assert [each.where for each in await crew.history(this)] == ["后台", "侧台"]


async def test_a_step_is_never_skipped(database: Database) -> None:
    crew = await _crew(database)
    this = await crew.press(await crew.signing(), Act.READY)

    with pytest.raises(Conflict) as refused:
        await crew.press(this, Act.SIGN)

    assert refused.value.code == "act_impossible"
    assert await crew.now(this) == this


@pytest.mark.parametrize("each", [Act.POSTPONE, Act.WITHDRAW])
async def test_nothing_leaves_the_order_of_the_day_without_a_reason(database: Database, each: Act) -> None:
    crew = await _crew(database)
    this = await crew.signing()

    with pytest.raises(Invalid) as refused:
        await crew.press(this, each)
    gone = await crew.press(this, each, reason="文件未齐")

    assert refused.value.fields == {"reason": "missing"}
    assert gone.state in {RoundState.POSTPONED, RoundState.WITHDRAWN}
    assert [(made.act, made.reason) for made in await crew.history(this)] == [(each, "文件未齐")]


async def test_a_round_that_lacks_something_is_not_called_ready_and_says_what(database: Database) -> None:
    crew = await _crew(database)
    form = signing_form((await crew.guest("甲")).id)
    this = await crew.add(form.model_copy(update={"title": Text()}))

    with pytest.raises(Faulty) as refused:
        await crew.press(this, Act.READY)

    assert [fault.code for fault in refused.value.faults] == [FaultCode.NO_TITLE, FaultCode.NO_PARTY]
    assert (await crew.now(this), await crew.history(this)) == (this, [])


async def test_nobody_is_called_on_stage_while_they_stand_there_for_another_round(database: Database) -> None:
    crew = await _crew(database)
    first = await crew.signing("甲", "丙")
    shared = first.participants[0].guest_id
    assert shared
    second = await crew.add(signing_form(shared, (await crew.guest("丁")).id))
    first = await crew.press(first, *FORWARD[:4])
    second = await crew.press(second, Act.READY, Act.CALL)

    with pytest.raises(Faulty) as refused:
        await crew.press(second, Act.STAGE)
    await crew.press(first, Act.EXCHANGE, Act.CLOSE)
    called = await crew.press(second, Act.STAGE)

    part = second.participants[0]
    code = FaultCode.TWICE_ON_STAGE
    clash = Fault(code=code, participant_id=part.id, guest_id=shared, party=1, other_round_id=first.id)
    assert refused.value.faults == [clash]
    assert called.state is RoundState.ON_STAGE


async def test_undoing_appends_and_leads_back_act_by_act(database: Database) -> None:
    crew = await _crew(database)
    this = await crew.press(await crew.signing(), Act.READY, Act.CALL)

    undone = await crew.press(this, Act.UNDO)
    twice = await crew.press(undone, Act.UNDO)

    told = [(each.number, each.act, each.before, each.after, each.undoes) for each in await crew.history(this)]
    assert (undone.state, twice.state, twice.step, twice.version) == (RoundState.READY, RoundState.DRAFT, 4, 5)
    assert told[2:] == [
        (3, Act.UNDO, RoundState.CALLED, RoundState.READY, 2),
        (4, Act.UNDO, RoundState.READY, RoundState.DRAFT, 1),
    ]
    with pytest.raises(Conflict, match="act_impossible"):
        await crew.press(twice, Act.UNDO)


async def test_a_closed_round_is_opened_again_by_undoing(database: Database) -> None:
    crew = await _crew(database)
    closed = await crew.press(await crew.signing(), *FORWARD)

    opened = await crew.press(closed, Act.UNDO)

    assert opened.state is RoundState.EXCHANGED
    assert (await crew.press(opened, Act.CLOSE)).state is RoundState.CLOSED


@pytest.mark.parametrize("aside", [Act.POSTPONE, Act.WITHDRAW])
async def test_undoing_puts_nobody_on_the_stage_who_went_up_for_another_round_meanwhile(
    database: Database, aside: Act
) -> None:
    crew = await _crew(database)
    first = await crew.signing("甲", "丙")
    shared = first.participants[0].guest_id
    second = await crew.add(signing_form(shared, (await crew.guest("丁")).id))
    away = await crew.press(await crew.press(first, *FORWARD[:3]), aside, reason="文件未齐")
    await crew.press(second, *FORWARD[:3])

    with pytest.raises(Faulty) as refused:
        await crew.press(away, Act.UNDO)
    await crew.press(second, *FORWARD[3:])
    back = await crew.press(away, Act.UNDO)

    assert [(fault.code, fault.other_round_id) for fault in refused.value.faults] == [
        (FaultCode.TWICE_ON_STAGE, second.id)
    ]
    assert back.state is RoundState.ON_STAGE


async def test_undoing_calls_nothing_ready_that_lost_somebody_while_it_was_put_off(database: Database) -> None:
    crew = await _crew(database)
    ready = await crew.press(await crew.signing(), Act.READY)
    await crew.press(ready, Act.POSTPONE, reason="文件未齐")
    form = signing_form(ready.participants[0].guest_id, None)
    given = {"version": None, "actor": MANAGER, "now": NOON}
    await database.write(lambda tx: edit_round(tx, crew.event, ready.id, form, **given))

    with pytest.raises(Faulty) as refused:
        await crew.press(ready, Act.UNDO)

    assert [fault.code for fault in refused.value.faults] == [FaultCode.UNNAMED]
    assert (await crew.press(ready, Act.RESUME)).state is RoundState.DRAFT


async def test_a_presentation_is_closed_from_the_stage(database: Database) -> None:
    crew = await _crew(database)
    people = [await crew.guest(name) for name in ("署长", "院长")]
    roles = ("presenter", "recipient")
    parts = [{"role": role, "guest_id": who.id} for role, who in zip(roles, people, strict=True)]
    form = signing_form(parties=[], participants=parts)
    this = await crew.add(form, SegmentKind.PRESENTATION)

    closed = await crew.press(this, Act.READY, Act.CALL, Act.STAGE, Act.CLOSE)

    assert (closed.state, closed.step) == (RoundState.CLOSED, 4)


async def test_whoever_comes_too_late_is_told_who_did_what_and_when(database: Database) -> None:
    crew = await _crew(database)
    seen = await crew.signing()
    await crew.press(seen, Act.READY, actor=DEPUTY, now=LATER)
    await crew.press(seen, Act.CALL, actor=MANAGER, now=LATER)

    with pytest.raises(Overtaken) as refused:
        await crew.press(seen, Act.READY, version=seen.version)

    assert refused.value.code == "stale"
    assert refused.value.changes == [
        Change(version=2, at=LATER, by=DEPUTY.name, what="round.ready"),
        Change(version=3, at=LATER, by=MANAGER.name, what="round.call"),
    ]


async def test_of_two_who_press_the_same_act_at_once_one_wins_and_the_other_hears_of_it(database: Database) -> None:
    crew = await _crew(database)
    ready = await crew.press(await crew.signing(), Act.READY)
    ends: list[tuple[str, object]] = []

    async def press(who: str) -> None:
        actor = replace(MANAGER, name=who)
        try:
            called = await crew.press(ready, Act.CALL, version=ready.version, actor=actor)
        except Overtaken as refused:
            ends.append(("late", [(change.by, change.what) for change in refused.changes]))
        else:
            ends.append((who, called.state))

    async with anyio.create_task_group() as tasks:
        for who in ("何卓文", "林晓"):
            tasks.start_soon(press, who)

    [winner] = [who for who, _ in ends if who != "late"]
    assert sorted(ends, key=str) == sorted([(winner, RoundState.CALLED), ("late", [(winner, "round.call")])], key=str)
    assert [each.actor_name for each in await crew.history(ready)][1:] == [winner]


async def test_of_two_who_press_without_a_version_the_second_finds_the_step_done(database: Database) -> None:
    crew = await _crew(database)
    ready = await crew.press(await crew.signing(), Act.READY)
    refused: list[str] = []

    async def press() -> None:
        try:
            await crew.press(ready, Act.CALL)
        except Conflict as error:
            refused.append(error.code)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(press)
        tasks.start_soon(press)

    assert refused == ["act_impossible"]
    assert (await crew.now(ready)).state is RoundState.CALLED


async def test_a_round_of_another_event_is_not_there(database: Database) -> None:
    crew = await _crew(database)
    this = await crew.signing()
    elsewhere = await planned(database, slug="another")

    with pytest.raises(NotFound):
        await database.write(lambda tx: act(tx, elsewhere, this.id, Act.READY, version=None, actor=MANAGER, now=NOON))


async def test_who_pressed_is_in_the_audit_too(database: Database) -> None:
    crew = await _crew(database)
    this = await crew.press(await crew.signing(), Act.READY)

    chosen = sa.select(audit).where(audit.c.subject_id == this.id).order_by(audit.c.entry_id)
    entries = (await database.read(lambda tx: tx.execute(chosen))).all()

    assert [(entry.action, entry.actor) for entry in entries] == [
        ("round.added", MANAGER.id),
        ("round.ready", MANAGER.id),
    ]


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_is_pressed_in_whatever_order_the_rows_say_where_the_round_stands(
    database: Database, seed: int
) -> None:
    crew, chance = await _crew(database), Random(seed)
    this = await crew.signing()
    rows: list[object] = []

    for _ in range(40):
        wanted = chance.choice([*Act, Act.UNDO, Act.UNDO])
        before, history = await crew.now(this), await crew.history(this)
        after = await _tried(crew, before, wanted)
        stored = await _rows(crew, this)
        assert (after is not None) == (wanted in possible(this.kind, before.state, history))
        assert stored[: len(rows)] == rows
        assert len(stored) == len(rows) + (after is not None)
        rows = stored

    final, history = await crew.now(this), await crew.history(this)
    assert [each.number for each in history] == list(range(1, len(history) + 1))
    assert [each.before for each in history[1:]] == [each.after for each in history[:-1]]
    assert (final.state, final.step, final.version) == (history[-1].after, len(history), len(history) + 1)


async def _tried(crew: Crew, this: Round, wanted: Act) -> Round | None:
    try:
        return await crew.press(this, wanted, version=this.version, reason="改期")
    except Conflict:
        return None


async def _rows(crew: Crew, this: Round) -> list[object]:
    chosen = sa.select(transitions).where(transitions.c.round_id == this.id).order_by(transitions.c.number)
    return [tuple(row) for row in await crew.database.read(lambda tx: tx.execute(chosen))]
