from dataclasses import replace
from uuid import uuid4

import anyio
import pytest
import sqlalchemy as sa

from checkin import store
from checkin.gates import MAIN_ENTRANCE, open_gate, usable_gates
from checkin.models import Gate, GateId, GateKind, Reentry
from events.core.database import Database
from events.core.errors import Conflict, Invalid
from events.core.ids import EventId
from events.core.tables import audit
from tests.cast import NOON, planned

GATE = Gate(id=GateId(uuid4()), name="North")


async def _open(database: Database, event_id: EventId, gate: Gate) -> None:
    await database.write(lambda tx: open_gate(tx, event_id, gate, actor="lead", now=NOON))


async def _gates(database: Database, event_id: EventId) -> list[Gate]:
    return await database.read(lambda tx: tx.run_sync(store.gates_of, event_id))


async def test_gates_are_kept_whole_and_in_the_order_of_opening(database: Database) -> None:
    event = await planned(database)
    hall = Gate(
        id=GateId(uuid4()),
        name="Hall",
        kind=GateKind.ZONE,
        admits=frozenset({"vip", "guest"}),
        reentry=Reentry.AFTER_EXIT,
        opens_at=NOON,
        closes_at=event.ends_at,
        zone="hall",
        limit=80,
    )

    await _open(database, event.id, hall)
    await _open(database, event.id, GATE)

    assert await _gates(database, event.id) == [hall, GATE]


async def test_opening_a_gate_is_noted(database: Database) -> None:
    event = await planned(database)

    await _open(database, event.id, GATE)

    noted = sa.select(audit.c.actor, audit.c.subject_id, audit.c.detail).where(audit.c.action == "gate.opened")
    rows = await database.read(lambda tx: tx.execute(noted))
    assert [tuple(row) for row in rows] == [("lead", GATE.id, {"name": "North"})]


async def test_a_name_opens_one_gate_of_an_event(database: Database) -> None:
    event, other = await planned(database), await planned(database, slug="other")
    await _open(database, event.id, GATE)

    with pytest.raises(Conflict) as refused:
        await _open(database, event.id, replace(GATE, id=GateId(uuid4())))
    await _open(database, other.id, GATE)

    assert (refused.value.code, refused.value.parameters) == ("gate_taken", {"name": "North"})
    assert await _gates(database, event.id) == await _gates(database, other.id) == [GATE]


async def test_a_gate_admits_categories_of_its_event_only(database: Database) -> None:
    event = await planned(database)

    with pytest.raises(Invalid) as refused:
        await _open(database, event.id, replace(GATE, admits=frozenset({"vip", "astronaut"})))

    assert refused.value.fields == {"admits": "not_offered"}
    assert await _gates(database, event.id) == []


async def test_an_event_without_gates_gets_its_main_entrance_once(database: Database) -> None:
    event = await planned(database)

    made, again = [
        await database.write(lambda tx: usable_gates(tx, event.id, actor="door", now=NOON)) for _ in range(2)
    ]

    assert [gate.name for gate in made] == [MAIN_ENTRANCE]
    assert again == made


async def test_two_doors_that_open_at_once_share_one_entrance(database: Database) -> None:
    event = await planned(database)
    seen: list[list[Gate]] = []
    both = anyio.Event()
    waiting = 0

    async def arrive() -> None:
        nonlocal waiting
        waiting += 1
        if waiting == 8:
            both.set()
        await both.wait()
        seen.append(await database.write(lambda tx: usable_gates(tx, event.id, actor="door", now=NOON)))

    async with anyio.create_task_group() as doors:
        for _ in range(8):
            doors.start_soon(arrive)

    assert seen == [await _gates(database, event.id)] * 8
    assert [gate.name for gate in seen[0]] == [MAIN_ENTRANCE]
