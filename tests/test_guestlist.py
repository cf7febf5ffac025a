from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import anyio
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from events.core.database import Database
from events.core.errors import Conflict, Invalid, NotFound, Refusal, Stale
from events.core.outbox import messages_of
from events.core.tables import audit
from events.forms import GuestForm, HostForm
from events.guestlist import (
    Sought,
    cancel,
    confirm,
    count_by_status,
    edit_guest,
    find_guests,
    invite,
    replace_ticket,
)
from events.models import Event, Guest, GuestId, GuestStatus, RegistrationMode, Text, TicketState
from events.registration import register
from events.store import confirmed_guests, event_by_id, guest_by_id, guest_by_ticket
from events.tables import guests, tickets
from tests.cast import NOON, planned

MINUTE = timedelta(minutes=1)


async def added(database: Database, event: Event, name: str = "陈伟", **given: str) -> Guest:
    form = GuestForm(name=name, **given)
    return await database.write(lambda tx: invite(tx, event, form, actor="organiser", now=NOON))


async def waiting(database: Database, event: Event, **given: str) -> Guest:
    """A guest who registered and waits for the organiser."""
    form = GuestForm(**{"name": "陈伟", **given})
    outcome = await database.write(lambda tx: register(tx, event, form, submission_id=uuid4(), now=NOON))
    assert outcome is not None
    return outcome.guest


async def changed(database: Database, event: Event, guest: Guest, version: int | None = None, **given: str) -> Guest:
    form = GuestForm(**{"name": guest.name, **given})
    expected = guest.version if version is None else version
    return await database.write(
        lambda tx: edit_guest(tx, event, guest, form, version=expected, actor="organiser", now=NOON)
    )


async def cancelled(database: Database, guest: Guest, reason: str = "") -> Guest:
    return await database.write(lambda tx: cancel(tx, guest, reason=reason, actor="organiser", now=NOON))


async def confirmed(database: Database, event: Event, guest: Guest, now=NOON) -> Guest:
    return await database.write(lambda tx: confirm(tx, event, guest, actor="organiser", now=now))


async def replaced(database: Database, event: Event, guest: Guest) -> Guest:
    return await database.write(lambda tx: replace_ticket(tx, event, guest, reason="遗失", actor="o", now=NOON))


async def found(database: Database, event: Event, **sought) -> list[str]:
    result = await database.read(lambda tx: find_guests(tx, event.id, Sought(**sought)))
    return [guest.name for guest in result.guests]


async def registered_in(database: Database, event: Event) -> int:
    return (await database.read(lambda tx: event_by_id(tx, event.id))).registered


async def mails_of(database: Database, event: Event) -> list[str]:
    return [message.recipient for message in await database.read(lambda tx: messages_of(tx, event.id))]


async def audited(database: Database, guest: Guest) -> list[str]:
    chosen = sa.select(audit.c.action).where(audit.c.subject_id == guest.id).order_by(audit.c.entry_id)
    return [row.action for row in await database.read(lambda tx: tx.execute(chosen))]


async def together(count: int, verb: Callable[[], Awaitable[object]]) -> Counter[str]:
    """What comes of calling `verb` that many times at once: the codes of refusals, or `done`."""
    outcomes: Counter[str] = Counter()

    async def once() -> None:
        try:
            await verb()
        except Refusal as refused:
            outcomes[refused.code] += 1
        else:
            outcomes["done"] += 1

    async with anyio.create_task_group() as tasks:
        for _ in range(count):
            tasks.start_soon(once)
    return outcomes


async def test_an_invited_guest_is_confirmed_with_seat_ticket_and_mail(database: Database) -> None:
    event = await planned(database)

    guest = await added(database, event, email="wei@example.com", category="vip")

    assert (guest.status, guest.source, guest.category) == (GuestStatus.CONFIRMED, "desk", "vip")
    assert await database.read(lambda tx: guest_by_ticket(tx, event.id, guest.code)) == guest
    assert await registered_in(database, event) == 1
    assert await mails_of(database, event) == ["wei@example.com"]
    assert await audited(database, guest) == ["guest.added"]


async def test_an_invited_guest_may_be_added_without_a_mail(database: Database) -> None:
    event = await planned(database)
    form = GuestForm(name="陈伟", email="wei@example.com")

    await database.write(lambda tx: invite(tx, event, form, actor="organiser", now=NOON, mail=False))

    assert await mails_of(database, event) == []


async def test_an_address_that_another_guest_has_is_refused(database: Database) -> None:
    event = await planned(database)
    await added(database, event, email="wei@example.com")

    with pytest.raises(Conflict) as refused:
        await added(database, event, "李娜", email="WEI@example.com")

    assert refused.value.code == "duplicate_email"
    assert await registered_in(database, event) == 1


async def test_ten_at_once_with_one_address_add_one_guest(database: Database) -> None:
    event = await planned(database)

    outcomes = await together(10, lambda: added(database, event, email="wei@example.com"))

    assert outcomes == {"done": 1, "duplicate_email": 9}
    assert await registered_in(database, event) == 1


@pytest.mark.parametrize("field", ["category", "side", "booth"])
async def test_a_choice_that_the_event_has_not_is_refused(database: Database, field: str) -> None:
    event = await planned(database)
    guest = await added(database, event)

    for verb in (
        lambda: added(database, event, **{field: "x"}),
        lambda: changed(database, event, guest, **{field: "x"}),
    ):
        with pytest.raises(Invalid) as refused:
            await verb()
        assert refused.value.fields == {field: "not_offered"}


async def test_a_guest_belongs_to_a_host_of_the_event(database: Database) -> None:
    event = await planned(database, hosts=[HostForm(key="hetao", name=Text(zh_hans="河套发展署"))])

    assert (await added(database, event, side="hetao")).side == "hetao"


async def test_a_companion_follows_a_leader_who_follows_nobody(database: Database) -> None:
    event = await planned(database)
    leader = await added(database, event, "周部长")
    secretary = await added(database, event, "何秘书", leader_id=str(leader.id))

    assert secretary.leader_id == leader.id
    for nobody in (secretary.id, uuid4()):
        with pytest.raises(Invalid) as refused:
            await added(database, event, "李司机", leader_id=str(nobody))
        assert refused.value.fields == {"leader_id": "not_offered"}


async def test_nobody_follows_themselves_or_somebody_while_being_followed(database: Database) -> None:
    event = await planned(database)
    leader, other = await added(database, event, "周部长"), await added(database, event, "林主任")
    await added(database, event, "何秘书", leader_id=str(leader.id))

    for chosen in (leader, other):
        with pytest.raises(Invalid):
            await changed(database, event, leader, leader_id=str(chosen.id))
    follower = await changed(database, event, other, leader_id=str(leader.id))

    assert follower.leader_id == leader.id


async def test_a_replaced_ticket_sends_the_guest_to_the_devices_again(database: Database) -> None:
    event = await planned(database)
    guest = await added(database, event)
    later = NOON + MINUTE

    await database.write(lambda tx: replace_ticket(tx, event, guest, reason="", actor="o", now=later))

    changed_at = sa.select(guests.c.changed_at).where(guests.c.guest_id == guest.id)
    assert (await database.read(lambda tx: tx.execute(changed_at))).scalar_one() == later


async def test_an_edited_guest_is_found_by_the_new_name_only(database: Database) -> None:
    event = await planned(database)
    guest = await added(database, event)

    edited = await changed(database, event, guest, name="欧阳娜娜", organisation="河套研究院", category="press")

    assert (edited.name, edited.organisation, edited.category, edited.version) == ("欧阳娜娜", "河套研究院", "press", 2)
    assert (edited.code, edited.id) == (guest.code, guest.id)
    assert await found(database, event, query="ouyang") == ["欧阳娜娜"]
    assert await found(database, event, query="chenwei") == []
    assert await audited(database, guest) == ["guest.added", "guest.edited"]


async def test_an_edit_of_an_older_version_is_stale(database: Database) -> None:
    event = await planned(database)
    guest = await added(database, event)
    await changed(database, event, guest, name="第一")

    with pytest.raises(Stale):
        await changed(database, event, guest, version=1, name="第二")

    assert (await database.read(lambda tx: guest_by_id(tx, event.id, guest.id))).name == "第一"


async def test_of_five_edits_at_once_one_stands(database: Database) -> None:
    event = await planned(database)
    guest = await added(database, event)

    outcomes = await together(5, lambda: changed(database, event, guest, name="改名"))

    assert outcomes == {"done": 1, "stale": 4}


async def test_a_guest_keeps_their_own_address_and_may_not_take_anothers(database: Database) -> None:
    event = await planned(database)
    await added(database, event, "李娜", email="na@example.com")
    guest = await added(database, event, email="wei@example.com")

    kept = await changed(database, event, guest, email="WEI@example.com")
    with pytest.raises(Conflict) as refused:
        await changed(database, event, kept, email="na@example.com")

    assert kept.email == "WEI@example.com"
    assert refused.value.code == "duplicate_email"


async def test_five_guests_cannot_be_given_one_address_at_once(database: Database) -> None:
    event = await planned(database)
    made = [await added(database, event, f"客{number}") for number in range(5)]
    queue = iter(made)

    outcomes = await together(5, lambda: changed(database, event, next(queue), email="one@example.com"))

    assert outcomes == {"done": 1, "duplicate_email": 4}


async def test_a_cancelled_guest_frees_the_seat_and_keeps_the_reason(database: Database) -> None:
    event = await planned(database)
    guest = await added(database, event)

    gone = await cancelled(database, guest, "行程变更")

    assert (gone.status, gone.status_reason, gone.version) == (GuestStatus.CANCELLED, "行程变更", 2)
    assert gone.code == guest.code
    assert await registered_in(database, event) == 0
    assert await audited(database, guest) == ["guest.added", "guest.cancelled"]


async def test_cancelling_again_changes_nothing(database: Database) -> None:
    event = await planned(database)
    await added(database, event, "李娜")
    guest = await added(database, event)
    first = await cancelled(database, guest, "行程变更")

    again = await cancelled(database, first, "other reason")

    assert again == first
    assert await registered_in(database, event) == 1


@pytest.mark.parametrize("verb", [cancelled, replaced, confirmed])
async def test_five_clicks_at_once_leave_one_seat_count_and_one_standing_ticket(
    database: Database, verb: Callable[..., Awaitable[Guest]]
) -> None:
    event = await planned(database, registration=RegistrationMode.APPROVAL)
    await waiting(database, event, name="李娜")
    guest = await waiting(database, event)
    given = (database, guest) if verb is cancelled else (database, event, guest)

    outcomes = await together(5, lambda: verb(*given))

    assert outcomes == {"done": 5}
    assert await registered_in(database, event) == (1 if verb is cancelled else 2)
    standing = sa.select(tickets.c.code).where(tickets.c.guest_id == guest.id, tickets.c.state == TicketState.ISSUED)
    [row] = await database.read(lambda tx: tx.execute(standing))
    assert (await database.read(lambda tx: guest_by_id(tx, event.id, guest.id))).code == row.code


async def test_the_seat_of_a_cancelled_guest_can_be_taken(database: Database) -> None:
    event = await planned(database, capacity=1)
    await cancelled(database, await waiting(database, event, name="先来"))

    assert (await waiting(database, event, name="后来")).status == GuestStatus.CONFIRMED


async def test_a_confirmed_guest_gets_the_pass_even_right_after_registering(database: Database) -> None:
    event = await planned(database, registration=RegistrationMode.APPROVAL)
    guest = await waiting(database, event, email="wei@example.com")

    sure = await confirmed(database, event, guest, now=NOON + MINUTE)

    assert (sure.status, sure.status_reason, sure.version) == (GuestStatus.CONFIRMED, "", 2)
    assert await mails_of(database, event) == ["wei@example.com"] * 2
    assert await registered_in(database, event) == 1
    assert await audited(database, guest) == ["guest.confirmed"]


async def test_confirming_again_changes_nothing_and_mails_nothing(database: Database) -> None:
    event = await planned(database)
    guest = await added(database, event, email="wei@example.com")

    again = await confirmed(database, event, guest, now=NOON + 60 * MINUTE)

    assert again == guest
    assert await mails_of(database, event) == ["wei@example.com"]


async def test_confirming_a_cancelled_guest_takes_a_seat_again(database: Database) -> None:
    event = await planned(database)
    guest = await cancelled(database, await added(database, event), "行程变更")

    back = await confirmed(database, event, guest)

    assert (back.status, back.status_reason) == (GuestStatus.CONFIRMED, "")
    assert await registered_in(database, event) == 1


async def test_a_replaced_ticket_gives_way_to_a_new_one(database: Database) -> None:
    event = await planned(database)
    guest = await added(database, event)

    fresh = await replaced(database, event, guest)

    assert fresh == replace(guest, code=fresh.code)
    assert fresh.code != guest.code
    with pytest.raises(NotFound):
        await database.read(lambda tx: guest_by_ticket(tx, event.id, guest.code))
    old = (await database.read(lambda tx: tx.execute(sa.select(tickets).where(tickets.c.code == guest.code)))).one()
    assert (old.state, old.reason) == (TicketState.REVOKED, "遗失")


async def test_a_ticket_replaced_without_a_reason_says_so_at_the_door(database: Database) -> None:
    event = await planned(database)
    guest = await added(database, event)

    await database.write(lambda tx: replace_ticket(tx, event, guest, reason="", actor="organiser", now=NOON))

    old = (await database.read(lambda tx: tx.execute(sa.select(tickets).where(tickets.c.code == guest.code)))).one()
    assert old.reason == "replaced"


async def test_a_verb_on_a_guest_of_another_event_finds_nobody(database: Database) -> None:
    event, other = await planned(database), await planned(database, slug="other")
    guest = await added(database, event)
    foreign = replace(guest, event_id=other.id)

    for verb in (lambda tx: cancel(tx, foreign, reason="", actor="o", now=NOON), *_on(other, foreign)):
        with pytest.raises(NotFound):
            await database.write(verb)

    assert await database.read(lambda tx: guest_by_id(tx, event.id, guest.id)) == guest


def _on(event: Event, guest: Guest) -> list[Callable[[AsyncConnection], Awaitable[Guest]]]:
    return [
        lambda tx: confirm(tx, event, guest, actor="o", now=NOON),
        lambda tx: replace_ticket(tx, event, guest, reason="", actor="o", now=NOON),
    ]


async def test_guests_are_listed_newest_first_in_pages_without_loss_or_repeat(database: Database) -> None:
    event = await planned(database)
    names = [f"客{number:02}" for number in range(12)]
    for name in names:
        await added(database, event, name)
    listed: list[str] = []
    cursor: GuestId | None = None

    while True:
        sought = Sought(before=cursor, limit=5)
        page = await database.read(lambda tx, sought=sought: find_guests(tx, event.id, sought))
        listed += [guest.name for guest in page.guests]
        cursor = page.cursor
        if cursor is None:
            break

    assert listed == names[::-1]


async def test_a_page_that_ends_the_list_has_no_cursor(database: Database) -> None:
    event = await planned(database)
    for number in range(4):
        await added(database, event, f"客{number}")

    pages = [await database.read(lambda tx, n=n: find_guests(tx, event.id, Sought(limit=n))) for n in (3, 4)]

    assert [page.cursor is None for page in pages] == [False, True]


QUERIES = {
    "陈": {"陈伟", "陈小满"},
    "陳偉": {"陈伟"},
    "chenwei": {"陈伟"},
    "cxm": {"陈小满"},
    "TAM": {"譚詠"},
    "4567": {"譚詠"},
    "研究院": {"陈小满"},
    "nobody": set(),
    "   ": {"譚詠", "陈小满", "陈伟"},
    "%": set(),
    "_": set(),
    "\x00": set(),
    "😀": set(),
}
"""What people type to find somebody, and whom they find."""


async def test_guests_are_found_as_people_say_them(database: Database) -> None:
    event = await planned(database)
    await added(database, event, "陈伟")
    await added(database, event, "陈小满", organisation="河套研究院")
    await added(database, event, "譚詠", name_latin="TAM Wing", phone="+852 9123 4567")

    assert {query: set(await found(database, event, query=query)) for query in QUERIES} == QUERIES


async def test_the_nearest_name_comes_first(database: Database) -> None:
    event = await planned(database)
    for name in ("李陈", "陈伟明", "陈伟"):
        await added(database, event, name)

    assert await found(database, event, query="陈伟") == ["陈伟", "陈伟明"]
    assert (await found(database, event, query="陈"))[-1] == "李陈"


async def test_status_and_category_narrow_the_list(database: Database) -> None:
    event = await planned(database)
    await added(database, event, "嘉宾")
    await added(database, event, "记者", category="press")
    await cancelled(database, await added(database, event, "缺席", category="press"))

    assert await found(database, event, category="press") == ["缺席", "记者"]
    assert await found(database, event, category="press", status=GuestStatus.CONFIRMED) == ["记者"]
    assert await found(database, event, category="no-such") == []
    counts = await database.read(lambda tx: count_by_status(tx, event.id))
    assert counts == {GuestStatus.CONFIRMED: 2, GuestStatus.CANCELLED: 1}


async def test_only_confirmed_guests_are_expected(database: Database) -> None:
    event = await planned(database)
    kept = await added(database, event, "嘉宾")
    press = await added(database, event, "记者", category="press")
    await cancelled(database, await added(database, event, "缺席"))

    async def expected(**narrowed) -> list[Guest]:
        return await database.read(lambda tx: confirmed_guests(tx, event.id, **narrowed))

    assert await expected() == [kept, press]
    assert await expected(category="press") == [press]
    assert await expected(guest_id=kept.id) == [kept]


async def test_a_guest_of_another_event_is_neither_found_nor_counted(database: Database) -> None:
    event, other = await planned(database), await planned(database, slug="other")
    guest = await added(database, event)

    assert await found(database, other) == []
    assert await database.read(lambda tx: count_by_status(tx, other.id)) == {}
    with pytest.raises(NotFound):
        await database.read(lambda tx: guest_by_id(tx, other.id, guest.id))


async def test_a_form_takes_no_guest_row_with_it(database: Database) -> None:
    event = await planned(database)
    await added(database, event, name="陈伟", email="wei@example.com")

    row = (await database.read(lambda tx: tx.execute(sa.select(guests)))).one()

    assert (row.consent_version, row.consent_at, row.submission_id) == (None, None, None)
    assert row.email_key == "wei@example.com"
