from dataclasses import replace

import pytest

from checkin.stage.board import Line, Seen, seen_of
from checkin.stage.models import Act, Role, RoundId
from events.core.database import Database
from events.core.errors import NotFound
from events.core.ids import new_id
from tests.cast import NOON, planned
from tests.stage_scene import Scene, set_stage


@pytest.fixture
async def scene(database: Database) -> Scene:
    return await set_stage(database, await planned(database), now=NOON)


async def seen(scene: Scene) -> Seen:
    return await scene.database.read(lambda tx: seen_of(tx, scene.event.id, NOON))


async def first(scene: Scene) -> Line:
    return (await seen(scene)).line(scene.first)


async def test_rounds_stand_in_the_order_in_which_they_are_called_and_the_first_is_next(scene: Scene) -> None:
    lines = (await seen(scene)).lines

    assert [(line.number, line.round.id, line.is_next, line.is_near) for line in lines] == [
        (1, scene.rounds[0].id, True, False),
        (2, scene.rounds[1].id, False, True),
        (3, scene.rounds[2].id, False, True),
    ]
    assert {line.segment.id for line in lines} == {scene.segment_id}
    assert (lines[0].readiness.present, lines[0].readiness.needed) == (0, 3)


async def test_who_shares_a_reading_shares_its_lines(scene: Scene) -> None:
    reading = await seen(scene)

    assert reading.lines is reading.lines
    assert reading.line(scene.first) is reading.lines[0]


@pytest.mark.parametrize(("act", "is_over"), [(Act.POSTPONE, False), (Act.WITHDRAW, True)])
async def test_a_round_that_is_put_aside_is_not_next(scene: Scene, act: Act, *, is_over: bool) -> None:
    await scene.does(act, reason="设备故障")

    lines = (await seen(scene)).lines

    assert [line.is_next for line in lines] == [False, True, False]
    assert (lines[0].is_aside, lines[0].is_over) == (True, is_over)


async def test_the_usual_step_comes_first_and_exceptions_are_none(scene: Scene) -> None:
    draft = await first(scene)
    await scene.does(Act.READY, Act.CALL)
    called = await first(scene)
    await scene.does(Act.WITHDRAW, reason="改期")
    withdrawn = await first(scene)

    assert (draft.usual, draft.last, draft.may_change) == (Act.READY, None, True)
    assert called.usual is Act.STAGE
    assert called.last is not None
    assert called.last.act is Act.CALL
    assert (withdrawn.usual, withdrawn.may_change) == (None, False)


async def test_a_postponed_round_is_resumed(scene: Scene) -> None:
    await scene.does(Act.POSTPONE, reason="等候嘉宾")

    assert (await first(scene)).usual is Act.RESUME


async def test_what_was_taken_back_is_not_taken_back_again(scene: Scene) -> None:
    await scene.does(Act.READY, Act.CALL, Act.UNDO)

    last = (await first(scene)).last

    assert last is not None
    assert last.act is Act.READY


async def test_who_must_be_there_is_awaited_first_and_nobody_once_it_is_signed(scene: Scene) -> None:
    draft = await first(scene)
    await scene.does(Act.READY, Act.CALL, Act.STAGE, Act.SIGN)
    signed = await first(scene)

    roles = [each.participant.role for each in draft.awaited]
    assert roles == [Role.SIGNATORY, Role.SIGNATORY, Role.WITNESS]
    assert (signed.readiness.missing != [], signed.awaited) == (True, [])


async def test_where_all_is_over_nothing_is_next(scene: Scene) -> None:
    reading = await seen(scene)
    none = Seen(stage=replace(reading.stage, rounds=[]))

    assert none.lines == []


async def test_a_round_of_another_event_is_not_found(scene: Scene) -> None:
    with pytest.raises(NotFound):
        (await seen(scene)).line(RoundId(new_id()))
