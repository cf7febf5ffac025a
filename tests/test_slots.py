"""Giving badge slots: in order of the names, each once, and never another to who has one."""

from collections.abc import Mapping

import anyio
import pytest
import sqlalchemy as sa

from checkin.slots import assign, slots_for
from events.core.database import Database
from events.core.errors import Invalid
from events.core.ids import EventId
from events.core.tables import audit
from events.forms import GuestForm
from events.guestlist import cancel, invite
from events.models import Event, Guest
from events.tables import guests
from tests.cast import NOON, planned

LATER = NOON.replace(hour=6)


async def _invited(database: Database, event: Event, name: str, **fields: str) -> Guest:
    form = GuestForm(name=name, **fields)
    return await database.write(lambda tx: invite(tx, event, form, actor="cast", now=NOON, mail=False))


async def _slots(database: Database, event_id: EventId) -> Mapping[str, str]:
    chosen = sa.select(guests.c.name, guests.c.pick_slot).where(guests.c.event_id == event_id)
    return {row.name: row.pick_slot for row in await database.read(lambda tx: tx.execute(chosen))}


async def _give(database: Database, event_id: EventId, **how: bool | int) -> int:
    return await database.write(lambda tx: assign(tx, event_id, actor="lead", now=LATER, **how))


async def test_slots_are_given_in_the_order_in_which_people_look_for_names(database: Database) -> None:
    event = await planned(database)
    for name in ("曾国藩", "陈大文", "Robert", "单雄信"):
        await _invited(database, event, name)

    given = await _give(database, event.id, per_box=3)

    assert given == 4
    assert await _slots(database, event.id) == {"陈大文": "A-01", "Robert": "A-02", "单雄信": "A-03", "曾国藩": "B-01"}


async def test_who_has_a_slot_keeps_it_and_the_next_come_after_the_last(database: Database) -> None:
    event = await planned(database)
    await _invited(database, event, "王一", pick_slot="A-20")
    await _invited(database, event, "王二", pick_slot="VIP")
    await _invited(database, event, "安三")

    given = await _give(database, event.id)
    again = await _give(database, event.id)

    assert (given, again) == (1, 0)
    assert await _slots(database, event.id) == {"王一": "A-20", "王二": "VIP", "安三": "B-01"}


async def test_a_cancelled_guests_slot_stays_taken(database: Database) -> None:
    event = await planned(database)
    gone = await _invited(database, event, "安一", pick_slot="A-01")
    await _invited(database, event, "安二")
    await database.write(lambda tx: cancel(tx, gone, reason="", actor="cast", now=NOON))

    await _give(database, event.id)

    assert await _slots(database, event.id) == {"安一": "A-01", "安二": "A-02"}


async def test_all_are_numbered_anew_only_where_that_is_asked_for(database: Database) -> None:
    event = await planned(database)
    for name, slot in (("王一", "A-01"), ("安二", "VIP")):
        await _invited(database, event, name, pick_slot=slot)

    given = await _give(database, event.id, anew=True)

    assert (given, await _slots(database, event.id)) == (2, {"安二": "A-01", "王一": "A-02"})


async def test_anew_nobody_keeps_a_slot_that_somebody_else_gets(database: Database) -> None:
    event = await planned(database)
    gone = await _invited(database, event, "安一", pick_slot="A-01")
    await _invited(database, event, "安二", pick_slot="A-02")
    await database.write(lambda tx: cancel(tx, gone, reason="", actor="cast", now=NOON))

    given = await _give(database, event.id, anew=True)

    assert (given, await _slots(database, event.id)) == (1, {"安一": "", "安二": "A-01"})


async def test_no_slot_is_given_beyond_the_last_letters(database: Database) -> None:
    event = await planned(database)
    for name, slot in (("王一", "ZZ-01"), ("安二", ""), ("安三", "")):
        await _invited(database, event, name, pick_slot=slot)

    with pytest.raises(Invalid) as refused:
        await _give(database, event.id, per_box=2)
    given = await _give(database, event.id, per_box=3)

    assert (refused.value.fields, given) == ({"per_box": "boxes_full"}, 2)
    assert await _slots(database, event.id) == {"王一": "ZZ-01", "安二": "ZZ-02", "安三": "ZZ-03"}


async def test_each_category_begins_a_box_in_order_of_rank(database: Database) -> None:
    event = await planned(database)
    for name, category in (("安一", "guest"), ("王二", "vip"), ("安三", "vip"), ("李四", "guest")):
        await _invited(database, event, name, category=category)

    await _give(database, event.id, by_category=True)

    assert await _slots(database, event.id) == {"安三": "A-01", "王二": "A-02", "安一": "B-01", "李四": "B-02"}


async def test_a_full_box_is_not_left_empty_behind_by_the_next_category(database: Database) -> None:
    event = await planned(database)
    for name, category in (("安一", "vip"), ("王二", "vip"), ("李四", "guest")):
        await _invited(database, event, name, category=category)

    await _give(database, event.id, by_category=True, per_box=2)

    assert await _slots(database, event.id) == {"安一": "A-01", "王二": "A-02", "李四": "B-01"}


async def test_a_new_slot_is_a_change_that_devices_fetch_and_editors_notice(database: Database) -> None:
    event = await planned(database)
    guest = await _invited(database, event, "安一")

    await _give(database, event.id)

    row = sa.select(guests.c.changed_at, guests.c.version).where(guests.c.guest_id == guest.id)
    noted = sa.select(audit.c.actor, audit.c.detail).where(audit.c.action == "slots.assigned")
    detail = {"assigned": 1, "per_box": 20, "by_category": False, "anew": False}
    assert (await database.read(lambda tx: tx.execute(row))).one() == (LATER, guest.version + 1)
    assert (await database.read(lambda tx: tx.execute(noted))).one() == ("lead", detail)


async def test_an_event_without_guests_has_no_slots_to_give(database: Database) -> None:
    event = await planned(database)

    assert await _give(database, event.id, anew=True) == 0


async def test_two_who_give_slots_at_once_give_each_place_once(database: Database) -> None:
    event = await planned(database)
    names = [f"陈{number}" for number in range(12)]
    for name in names:
        await _invited(database, event, name)

    async with anyio.create_task_group() as desk:
        for _ in range(3):
            desk.start_soon(_give, database, event.id)

    slots = await _slots(database, event.id)
    assert sorted(slots.values()) == [f"A-{number:02}" for number in range(1, 13)]


@pytest.mark.parametrize("taken", [[], ["VIP"]])
def test_nobody_who_waits_gets_nothing(taken: list[str]) -> None:
    assert slots_for([], after=taken) == {}
