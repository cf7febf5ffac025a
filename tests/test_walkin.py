from uuid import uuid4

import anyio
import pytest
import sqlalchemy as sa

from checkin.walkin import confirm, shown, take_in
from events import guestlist
from events.core.database import Database
from events.core.errors import Conflict, Invalid, NotFound
from events.core.i18n import Language
from events.core.tables import audit, outbox
from events.forms import GuestForm
from events.models import Event, Guest, GuestId, GuestStatus, TicketState
from events.store import event_by_id, guest_by_id
from events.tables import tickets
from events.ticket import grouped
from tests.cast import NOON, planned


async def _taken(database: Database, event: Event, guest_id: GuestId | None = None, **given: str) -> Guest:
    code, named = given.pop("code", ""), GuestForm(**{"name": "陈小满", **given})
    made = guest_id or GuestId(uuid4())
    return await database.write(
        lambda tx: take_in(
            tx, event, made, named.model_copy(), code=code, actor="device:1", now=NOON, detail={"at": "noon"}
        )
    )


async def _spares(database: Database, event: Event) -> list[str]:
    reserved = tickets.c.event_id == event.id, tickets.c.state == TicketState.RESERVED
    spare = sa.select(tickets.c.code).where(*reserved).order_by(tickets.c.serial)
    return list((await database.read(lambda tx: tx.execute(spare))).scalars())


async def test_a_walk_in_waits_for_a_lead_with_the_next_ticket_of_the_pool(database: Database) -> None:
    event = await planned(database)
    [following, *_] = await _spares(database, event)
    guest_id = GuestId(uuid4())

    guest = await _taken(database, event, guest_id, organisation="河套研究院", phone="+852 9123 4567")

    assert (guest.id, guest.code, guest.status, guest.source) == (guest_id, following, GuestStatus.PENDING, "walk_in")
    assert (guest.name, guest.organisation, guest.phone, guest.category) == (
        "陈小满",
        "河套研究院",
        "+85291234567",
        "guest",
    )


async def test_a_walk_in_is_counted_even_when_the_event_is_full(database: Database) -> None:
    event = await planned(database, capacity=1)
    await _taken(database, event)

    await _taken(database, event)

    assert (await database.read(lambda tx: event_by_id(tx, event.id))).registered == 2


async def test_a_spare_badge_becomes_the_ticket_however_it_was_read(database: Database) -> None:
    event = await planned(database)
    spare = (await _spares(database, event))[-1]

    guest = await _taken(database, event, code=grouped(spare).lower())

    assert guest.code == spare
    assert spare not in await _spares(database, event)


async def test_a_code_that_is_no_spare_badge_is_refused_and_nobody_is_added(database: Database) -> None:
    event, other = await planned(database), await planned(database, slug="another")
    issued, foreign = (await _taken(database, event)).code, (await _spares(database, other))[0]
    replaced = await _taken(database, event)
    await database.write(lambda tx: guestlist.replace_ticket(tx, event, replaced, reason="", actor="desk", now=NOON))

    for code in (issued, replaced.code, foreign, "Y1 no code"):
        with pytest.raises(Conflict) as refused:
            await _taken(database, event, code=code)
        assert refused.value.code == "badge_not_spare"
    assert (await database.read(lambda tx: event_by_id(tx, event.id))).registered == 2


async def test_a_repeat_is_the_same_guest_and_changes_nothing(database: Database) -> None:
    event, guest_id = await planned(database), GuestId(uuid4())
    first = await _taken(database, event, guest_id)

    again = await _taken(database, event, guest_id, name="别人", code=first.code)

    assert again == first
    assert (await database.read(lambda tx: event_by_id(tx, event.id))).registered == 1


async def test_the_same_walk_in_sent_twice_at_once_is_one_guest(database: Database) -> None:
    event, guest_id = await planned(database), GuestId(uuid4())
    answers: list[Guest] = []

    async def send() -> None:
        answers.append(await _taken(database, event, guest_id))

    async with anyio.create_task_group() as tasks:
        for _ in range(4):
            tasks.start_soon(send)

    assert answers == [answers[0]] * 4
    assert (await database.read(lambda tx: event_by_id(tx, event.id))).registered == 1


async def test_a_spare_badge_handed_out_twice_at_once_is_one_guest_s(database: Database) -> None:
    event = await planned(database)
    [spare, *_] = await _spares(database, event)
    given: list[str] = []

    async def hand_out() -> None:
        try:
            given.append((await _taken(database, event, code=spare)).code)
        except Conflict as refused:
            given.append(refused.code)

    async with anyio.create_task_group() as tasks:
        for _ in range(4):
            tasks.start_soon(hand_out)

    assert sorted(given) == sorted([spare] + ["badge_not_spare"] * 3)


async def test_a_category_that_the_event_has_not_is_refused(database: Database) -> None:
    event = await planned(database)

    with pytest.raises(Invalid) as refused:
        await _taken(database, event, category="astronaut")

    assert refused.value.fields == {"category": "not_offered"}


async def test_taking_in_is_on_record(database: Database) -> None:
    event = await planned(database)

    guest = await _taken(database, event)

    chosen = sa.select(audit).where(audit.c.subject_id == guest.id)
    [entry] = (await database.read(lambda tx: tx.execute(chosen))).all()
    assert (entry.action, entry.actor, entry.detail) == ("guest.walked_in", "device:1", {"at": "noon"})


async def test_a_lead_confirms_and_the_pass_is_mailed(database: Database) -> None:
    event = await planned(database)
    guest = await _taken(database, event, email="man@example.org")

    confirmed = await database.write(lambda tx: confirm(tx, event, guest.id, actor="lead", now=NOON))

    sent = (await database.read(lambda tx: tx.execute(sa.select(outbox.c.subject_id)))).scalars().all()
    assert (confirmed.status, sent) == (GuestStatus.CONFIRMED, [guest.id])


async def test_a_lead_cannot_confirm_who_was_cancelled(database: Database) -> None:
    event = await planned(database)
    guest = await _taken(database, event)
    await database.write(lambda tx: guestlist.cancel(tx, guest, reason="不来", actor="desk", now=NOON))

    with pytest.raises(Conflict):
        await database.write(lambda tx: confirm(tx, event, guest.id, actor="lead", now=NOON))

    kept = await database.read(lambda tx: guest_by_id(tx, event.id, guest.id))
    assert kept.status is GuestStatus.CANCELLED


async def test_a_guest_is_shown_as_a_scan_shows_them(database: Database) -> None:
    event = await planned(database)
    guest = await _taken(database, event, organisation="河套研究院")

    said = await database.read(lambda tx: shown(tx, event.id, guest.id, Language.EN))

    assert said == {
        "id": str(guest.id),
        "name": "陈小满",
        "name_latin": "",
        "organisation": "河套研究院",
        "job_title": "",
        "category": "guest",
        "category_name": "Guest",
        "category_colour": "#1d4f91",
        "language": "zh-Hans",
        "status": "pending",
        "pick_slot": "",
        "leader_id": None,
    }


async def test_nobody_is_shown_for_an_id_that_the_event_has_not(database: Database) -> None:
    event = await planned(database)

    with pytest.raises(NotFound):
        await database.read(lambda tx: shown(tx, event.id, GuestId(uuid4()), Language.EN))
