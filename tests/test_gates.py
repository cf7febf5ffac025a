from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import anyio
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin import store
from checkin.device_tables import devices
from checkin.gates import (
    MAIN_ENTRANCE,
    Post,
    Zone,
    closed_now,
    edit_gate,
    open_gate,
    opened_now,
    posts_of,
    remove_gate,
    usable_gates,
    zones_of,
)
from checkin.models import Gate, GateId, GateKind, Profile, Reentry
from events.core.database import Database
from events.core.errors import Conflict, Invalid, NotFound, Stale
from events.core.i18n import Language
from events.core.ids import EventId
from events.core.tables import audit
from tests.cast import NOON, Cast, planned

GATE = Gate(id=GateId(uuid4()), name="North")
BEFORE, AFTER, LATER = (NOON + timedelta(hours=hours) for hours in (-1, 1, 2))
Window = tuple[datetime | None, datetime | None]


async def _open(database: Database, event_id: EventId, gate: Gate) -> None:
    await database.write(lambda tx: open_gate(tx, event_id, gate, actor="lead", now=NOON))


async def _gates(database: Database, event_id: EventId) -> list[Gate]:
    return await database.read(lambda tx: tx.run_sync(store.gates_of, event_id))


async def _paired(database: Database, event_id: EventId, name: str, *, revoked: bool = False) -> None:
    nothing = {"revoked_by": "", "steward": "", "waiting": 0, "held": 0, "app": ""}
    where = {"event_id": event_id, "device_id": uuid4(), "gate_id": GATE.id, "name": name}
    paired = {"profile": Profile.SCANNER, "language": Language.EN, "paired_at": NOON, "paired_by": "lead"}
    row = {**nothing, **where, **paired, "revoked_at": NOON if revoked else None}
    await database.write(lambda tx: tx.execute(sa.insert(devices).values(**row)))


async def _zones(tx: AsyncConnection, event_id: EventId) -> list[Zone]:
    return await zones_of(tx, event_id, await tx.run_sync(store.gates_of, event_id))


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


async def test_a_change_is_noted_with_the_values_before_and_after(database: Database) -> None:
    event = await planned(database)
    await _open(database, event.id, GATE)

    changed = replace(GATE, name="South", admits=frozenset({"vip"}), closes_at=event.ends_at)
    after = await database.write(lambda tx: edit_gate(tx, event.id, changed, version=1, actor="lead", now=NOON))

    noted = sa.select(audit.c.actor, audit.c.subject_id, audit.c.detail).where(audit.c.action == "gate.edited")
    [row] = await database.read(lambda tx: tx.execute(noted))
    closes_at = {"before": None, "after": event.ends_at.isoformat()}
    names, admits = {"before": "North", "after": "South"}, {"before": [], "after": ["vip"]}
    assert after == replace(changed, version=2)
    assert await _gates(database, event.id) == [after]
    assert row.detail == {"name": "South", "changed": {"name": names, "admits": admits, "closes_at": closes_at}}
    assert (row.actor, row.subject_id) == ("lead", GATE.id)


async def test_of_two_who_change_a_gate_at_once_one_is_told(database: Database) -> None:
    event = await planned(database)
    await _open(database, event.id, GATE)
    outcomes: list[str] = []

    async def change(zone: str) -> None:
        wanted = replace(GATE, zone=zone)
        try:
            await database.write(lambda tx: edit_gate(tx, event.id, wanted, version=1, actor="lead", now=NOON))
            outcomes.append(zone)
        except Stale:
            outcomes.append("stale")

    async with anyio.create_task_group() as desk:
        desk.start_soon(change, "hall")
        desk.start_soon(change, "yard")

    [gate] = await _gates(database, event.id)
    assert sorted(outcomes) == sorted([gate.zone, "stale"])
    assert gate.version == 2


async def test_a_gate_does_not_take_the_name_of_another(database: Database) -> None:
    event, south = await planned(database), replace(GATE, id=GateId(uuid4()), name="South")
    await _open(database, event.id, GATE)
    await _open(database, event.id, south)
    renamed = replace(south, name="North")

    with pytest.raises(Conflict) as refused:
        await database.write(lambda tx: edit_gate(tx, event.id, renamed, version=1, actor="lead", now=NOON))

    assert refused.value.code == "gate_taken"
    assert await _gates(database, event.id) == [GATE, south]


async def test_a_gate_that_is_not_there_is_not_changed(database: Database) -> None:
    event = await planned(database)

    with pytest.raises(NotFound):
        await database.write(lambda tx: edit_gate(tx, event.id, GATE, version=1, actor="lead", now=NOON))


async def test_a_window_closes_after_it_opens(database: Database) -> None:
    event = await planned(database)

    with pytest.raises(Invalid) as refused:
        await _open(database, event.id, replace(GATE, opens_at=NOON, closes_at=NOON))

    assert refused.value.fields == {"closes_at": "ends_before_start"}


@pytest.mark.parametrize(
    ("window", "opened", "closed"),
    [
        ((None, None), (None, None), (None, NOON)),
        ((BEFORE, AFTER), (BEFORE, AFTER), (BEFORE, NOON)),
        ((AFTER, LATER), (None, LATER), (None, NOON)),
        ((BEFORE, NOON), (BEFORE, None), (BEFORE, NOON)),
    ],
)
def test_open_now_and_close_now_change_no_more_of_the_window_than_they_must(
    window: Window, opened: Window, closed: Window
) -> None:
    gate = replace(GATE, opens_at=window[0], closes_at=window[1])

    assert opened_now(gate, NOON) == replace(GATE, opens_at=opened[0], closes_at=opened[1])
    assert closed_now(gate, NOON) == replace(GATE, opens_at=closed[0], closes_at=closed[1])


async def test_a_gate_is_removed_by_the_version_that_was_read(database: Database) -> None:
    event = await planned(database)
    await _open(database, event.id, GATE)

    with pytest.raises(Stale):
        await database.write(lambda tx: remove_gate(tx, event.id, GATE.id, version=2, actor="lead", now=NOON))
    before = await _gates(database, event.id)
    await database.write(lambda tx: remove_gate(tx, event.id, GATE.id, version=1, actor="lead", now=NOON))

    assert (before, await _gates(database, event.id)) == ([GATE], [])


async def test_a_gate_at_which_a_device_was_paired_is_kept(database: Database) -> None:
    event = await planned(database)
    await _open(database, event.id, GATE)
    await _paired(database, event.id, "Phone 1", revoked=True)

    with pytest.raises(Conflict) as refused:
        await database.write(lambda tx: remove_gate(tx, event.id, GATE.id, version=1, actor="lead", now=NOON))

    assert refused.value.code == "gate_used"
    assert await _gates(database, event.id) == [GATE]


async def test_a_gate_shows_the_devices_that_stand_there(database: Database) -> None:
    event, south = await planned(database), replace(GATE, id=GateId(uuid4()), name="South")
    await _open(database, event.id, GATE)
    await _open(database, event.id, south)
    for name, revoked in (("Phone 2", False), ("Phone 1", False), ("Lost", True)):
        await _paired(database, event.id, name, revoked=revoked)

    posts = await database.read(lambda tx: posts_of(tx, event.id))

    assert posts == [
        Post(gate=GATE, devices=("Phone 1", "Phone 2"), used=True),
        Post(gate=south, devices=(), used=False),
    ]


async def test_between_zones_people_move_without_passing_the_exit(cast: Cast) -> None:
    east, west = [
        (await cast.organiser.post(f"{cast.api}/gates", json=form)).json()["id"]
        for form in (
            {"name": "East", "kind": "zone", "zone": "east", "reentry": "once", "limit": 9},
            {"name": "West", "kind": "zone", "zone": "west", "reentry": "once", "limit": 5},
        )
    ]
    first, second = (await cast.guest("陈伟")).code, (await cast.guest("李娜")).code

    async def scanned(code: str, gate: str, direction: str = "entry") -> tuple[str, dict[str, int]]:
        cast.clock.forward(minutes=1)
        [answer] = await cast.scanned(cast.scan(code, gate=gate, direction=direction))
        zones = await cast.database.read(lambda tx: _zones(tx, cast.event.id))
        return answer["verdict"], {zone.name: zone.inside for zone in zones}

    steps = [
        await scanned(first, east),
        await scanned(second, east),
        await scanned(first, west),
        await scanned(second, west),
        await scanned(first, east),
        await scanned(second, str(cast.gate.id), "exit"),
    ]

    assert steps == [
        ("admitted", {"": 0, "east": 1, "west": 0}),
        ("admitted", {"": 0, "east": 2, "west": 0}),
        ("reentered", {"": 0, "east": 1, "west": 1}),
        ("reentered", {"": 0, "east": 0, "west": 2}),
        ("reentered", {"": 0, "east": 1, "west": 1}),
        ("exited", {"": 0, "east": 1, "west": 0}),
    ]


async def test_a_zone_holds_what_its_strictest_gate_allows_and_is_told_while_anybody_is_there(cast: Cast) -> None:
    for name, limit in (("Hall A", 80), ("Hall B", 60), ("Hall C", None)):
        form = {"name": name, "zone": "hall", "limit": limit}
        gate = (await cast.organiser.post(f"{cast.api}/gates", json=form)).json()["id"]
    await cast.scanned(cast.scan((await cast.guest()).code, gate=gate))

    with_gates = await cast.database.read(lambda tx: _zones(tx, cast.event.id))
    without = await cast.database.read(lambda tx: zones_of(tx, cast.event.id, [cast.gate]))

    assert with_gates == [Zone(name="", inside=0, limit=None), Zone(name="hall", inside=1, limit=60)]
    assert without == [Zone(name="", inside=0, limit=None), Zone(name="hall", inside=1, limit=None)]
