from dataclasses import replace
from uuid import uuid4

import anyio
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from events.core.database import Database
from events.core.errors import Conflict, Stale
from events.forms import GuestForm
from events.guestlist import invite
from events.models import Event, Guest, TicketState
from events.pool import BLOCK, fill_pool, issue, issue_this, pool_size, revoke
from events.store import guest_by_id
from events.tables import tickets
from events.ticket import parse
from tests.cast import NOON, planned


async def codes_of(database: Database, event: Event, state: TicketState) -> list[str]:
    chosen = tickets.c.event_id == event.id, tickets.c.state == state
    rows = await database.read(lambda tx: tx.execute(sa.select(tickets.c.code).where(*chosen).order_by("serial")))
    return [row.code for row in rows]


async def guest_of(database: Database, event: Event, name: str = "陈伟") -> Guest:
    form = GuestForm(name=name)
    return await database.write(lambda tx: invite(tx, event, form, actor="test", now=NOON, mail=False))


@pytest.mark.parametrize(
    ("capacity", "size"), [(None, 1000), (1, 51), (200, 250), (500, 550), (501, 551), (600, 660), (100_000, 110_000)]
)
def test_a_pool_holds_a_tenth_more_than_the_capacity_and_fifty_at_least(capacity: int | None, size: int) -> None:
    assert pool_size(capacity) == size


async def test_every_ticket_exists_before_anybody_registers(database: Database) -> None:
    event = await planned(database, capacity=30)

    reserved = await codes_of(database, event, TicketState.RESERVED)

    assert len(set(reserved)) == pool_size(30)
    assert {code.tag for code in map(parse, reserved) if code} == {event.tag}
    assert [parse(code) for code in reserved].count(None) == 0


@given(st.lists(st.integers(min_value=1, max_value=40), min_size=1, max_size=4))
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_issued_tickets_parse_carry_the_tag_and_never_repeat(database: Database, batches: list[int]) -> None:
    event = await planned(database, slug=f"event-{uuid4()}"[:40], capacity=1)
    issued: list[str] = []

    for count in batches:
        issued += [(await guest_of(database, event)).code for _ in range(count)]

    assert len(set(issued)) == sum(batches)
    assert [code.text for code in map(parse, issued) if code and code.tag == event.tag] == issued
    assert await codes_of(database, event, TicketState.ISSUED) == issued


async def test_tickets_are_issued_in_the_order_in_which_they_were_minted(database: Database) -> None:
    event = await planned(database)
    first, second, *_ = await codes_of(database, event, TicketState.RESERVED)

    guests = [await guest_of(database, event, name) for name in ("一", "二")]

    assert [guest.code for guest in guests] == [first, second]


async def test_twenty_at_once_get_twenty_tickets(database: Database) -> None:
    event = await planned(database)
    codes: list[str] = []

    async def come(number: int) -> None:
        codes.append((await guest_of(database, event, f"客{number}")).code)

    async with anyio.create_task_group() as tasks:
        for number in range(20):
            tasks.start_soon(come, number)

    assert len(set(codes)) == 20


async def test_an_empty_pool_mints_another_block(database: Database) -> None:
    event = await planned(database, capacity=1)
    guest = await guest_of(database, event)
    rest = tickets.c.event_id == event.id, tickets.c.state == TicketState.RESERVED
    spent = sa.update(tickets).where(*rest).values(state=TicketState.REVOKED)
    await database.write(lambda tx: tx.execute(spent))

    code = await database.write(lambda tx: issue(tx, event, guest.id))

    assert parse(code) is not None
    assert len(await codes_of(database, event, TicketState.RESERVED)) == BLOCK - 1


async def test_filling_again_mints_only_what_is_missing(database: Database) -> None:
    event = await planned(database, capacity=30)
    before = await codes_of(database, event, TicketState.RESERVED)
    larger = replace(event, capacity=40)

    async def grow(tx: AsyncConnection) -> tuple[int, int]:
        return await fill_pool(tx, larger), await fill_pool(tx, larger)

    assert await database.write(grow) == (10, 0)
    assert (await codes_of(database, event, TicketState.RESERVED))[: len(before)] == before


async def test_a_smaller_event_keeps_its_tickets(database: Database) -> None:
    event = await planned(database, capacity=100)

    minted = await database.write(lambda tx: fill_pool(tx, replace(event, capacity=1)))

    assert minted == 0
    assert len(await codes_of(database, event, TicketState.RESERVED)) == pool_size(100)


async def test_a_ticket_that_was_printed_ahead_is_issued_while_it_is_in_the_pool(database: Database) -> None:
    event = await planned(database)
    guest, other = await guest_of(database, event), await guest_of(database, event)
    spare = (await codes_of(database, event, TicketState.RESERVED))[-1]
    await database.write(lambda tx: revoke(tx, event.id, guest.code, reason="遗失"))

    issued = await database.write(lambda tx: issue_this(tx, event, guest.id, spare))

    for code in (spare, guest.code, other.code, "Y1"):
        with pytest.raises(Conflict) as refused:
            await database.write(lambda tx, code=code: issue_this(tx, event, guest.id, code))
        assert refused.value.code == "badge_not_spare"
    assert (issued, (await database.read(lambda tx: guest_by_id(tx, event.id, guest.id))).code) == (spare, spare)


async def test_a_revoked_ticket_keeps_its_reason_and_is_never_issued_again(database: Database) -> None:
    event = await planned(database)
    guest = await guest_of(database, event)

    await database.write(lambda tx: revoke(tx, event.id, guest.code, reason="遗失"))

    row = (await database.read(lambda tx: tx.execute(sa.select(tickets).where(tickets.c.code == guest.code)))).one()
    assert (row.state, row.reason, row.guest_id) == (TicketState.REVOKED, "遗失", guest.id)
    assert (await guest_of(database, event, "下一位")).code != guest.code


async def test_a_ticket_is_revoked_once(database: Database) -> None:
    event = await planned(database)
    guest = await guest_of(database, event)
    await database.write(lambda tx: revoke(tx, event.id, guest.code, reason="遗失"))

    with pytest.raises(Stale):
        await database.write(lambda tx: revoke(tx, event.id, guest.code, reason="again"))
