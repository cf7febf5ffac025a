from datetime import timedelta

import anyio
import pytest

from checkin.stage.chasing import CHASE, Chase, chase, chase_by_id, chases_of
from checkin.stage.models import RoundId
from events.core.database import Database
from events.core.errors import Conflict, NotFound
from events.core.ids import new_id
from events.core.outbox import messages_of
from events.models import Guest
from tests.cast import NOON, Cast, on_one_engine, planned
from tests.stage_scene import COLLEAGUE, LIAISON, Scene, set_stage


@pytest.fixture
async def scene(database: Database) -> Scene:
    return await set_stage(database, await planned(database), now=NOON)


async def chased(scene: Scene, guest: Guest, *, minutes: float = 0, round_id: RoundId | None = None) -> Chase | None:
    now = NOON + timedelta(minutes=minutes)
    return await scene.database.write(
        lambda tx: chase(tx, scene.event.id, round_id or scene.first, guest.id, actor=COLLEAGUE, now=now)
    )


async def recipients(scene: Scene) -> list[tuple[str, str]]:
    messages = await scene.database.read(lambda tx: messages_of(tx, scene.event.id))
    return [(message.kind, message.recipient) for message in messages]


async def test_chasing_writes_to_the_liaison_and_notes_who_asked(scene: Scene) -> None:
    made = await chased(scene, scene.visitor)

    assert made is not None
    assert (made.guest_id, made.at, made.actor_name) == (scene.visitor.id, NOON, "何卓文")
    assert await recipients(scene) == [(CHASE, LIAISON)]
    assert await scene.database.read(lambda tx: chase_by_id(tx, scene.event.id, made.id)) == made
    assert await scene.database.read(lambda tx: chases_of(tx, scene.event.id)) == {
        scene.first: {scene.visitor.id: made}
    }


async def test_within_two_minutes_nobody_is_written_to_again(scene: Scene) -> None:
    first = await chased(scene, scene.visitor)

    again = await chased(scene, scene.visitor, minutes=1.9)
    later = await chased(scene, scene.visitor, minutes=2)

    assert again == first
    assert later is not None
    assert later.at == NOON + timedelta(minutes=2)
    assert await recipients(scene) == [(CHASE, LIAISON)] * 2
    latest = await scene.database.read(lambda tx: chases_of(tx, scene.event.id))
    assert latest[scene.first][scene.visitor.id] == later


async def test_two_who_press_at_once_send_one_mail(scene: Scene) -> None:
    async with anyio.create_task_group() as tasks:
        for _ in range(2):
            tasks.start_soon(chased, scene, scene.visitor)

    assert await recipients(scene) == [(CHASE, LIAISON)]


async def test_nobody_is_chased_for_a_guest_without_a_liaison(scene: Scene) -> None:
    with pytest.raises(Conflict) as refused:
        await chased(scene, scene.witness)

    assert refused.value.code == "no_liaison"
    assert await recipients(scene) == []


async def test_a_guest_without_a_part_in_the_round_is_not_chased_for_it(scene: Scene) -> None:
    with pytest.raises(NotFound):
        await chased(scene, scene.spare)
    with pytest.raises(NotFound):
        await chased(scene, scene.visitor, round_id=scene.rounds[2].id)


async def test_a_chase_that_is_not_there_is_not_found(scene: Scene) -> None:
    with pytest.raises(NotFound):
        await scene.database.read(lambda tx: chase_by_id(tx, scene.event.id, new_id()))


@on_one_engine
async def test_a_guest_who_has_arrived_is_not_chased(cast: Cast) -> None:
    scene = await set_stage(cast.database, cast.event, now=NOON)
    await cast.scanned(cast.scan(scene.visitor.code))

    made = await chased(scene, scene.visitor)

    kinds = [kind for kind, _ in await recipients(scene)]
    assert made is None
    assert (CHASE in kinds, "arrival" in kinds) == (False, True)
