from uuid import uuid4

import sqlalchemy as sa

from checkin import ledger, store
from checkin.models import Gate, GateId, GateKind, TicketFacts, TicketStanding
from checkin.presence import NOWHERE
from events.models import TicketState
from events.tables import tickets
from tests.cast import Cast


async def test_nothing_is_asked_for_no_codes_and_no_guests(cast: Cast) -> None:
    found = await cast.database.read(
        lambda tx: tx.run_sync(
            lambda tx: (
                store.holders_by_code(tx, cast.event.id, ()),
                store.holders_by_guest(tx, cast.event.id, ()),
                ledger.recorded(tx, cast.event.id, ()),
            )
        )
    )

    assert found == ({}, {}, {})


async def test_a_ticket_of_the_pool_has_no_holder(cast: Cast) -> None:
    reserved = sa.select(tickets.c.code).where(
        tickets.c.event_id == cast.event.id, tickets.c.state == TicketState.RESERVED
    )
    code = (await cast.database.read(lambda tx: tx.execute(reserved.limit(1)))).scalar_one()

    found = await cast.database.read(lambda tx: tx.run_sync(store.holders_by_code, cast.event.id, [code]))

    assert found == {code: store.Holder(ticket=TicketFacts(standing=TicketStanding.RESERVED), presence=NOWHERE)}


async def test_a_guest_is_found_with_the_standing_ticket_only(cast: Cast) -> None:
    guest = await cast.guest()
    await cast.script.post(f"{cast.api}/guests/{guest.id}/replace-ticket", json={"reason": "遗失"})

    found = await cast.database.read(lambda tx: tx.run_sync(store.holders_by_guest, cast.event.id, [guest.id]))
    old = await cast.database.read(lambda tx: tx.run_sync(store.holders_by_code, cast.event.id, [guest.code]))

    assert found[guest.id].ticket == TicketFacts(standing=TicketStanding.ISSUED)
    assert old[guest.code].ticket == TicketFacts(standing=TicketStanding.REVOKED, reason="遗失")


async def test_zones_count_who_is_inside_now(cast: Cast) -> None:
    made = await cast.organiser.post(f"{cast.api}/gates", json={"name": "Hall", "zone": "hall"})
    hall, one, two = made.json()["id"], await cast.guest("一"), await cast.guest("二")
    await cast.scanned(cast.scan(one.code, gate=hall), cast.scan(two.code), cast.scan(two.code, gate=hall))
    await cast.scanned(cast.scan(one.code, direction="exit"))

    counts = await cast.database.read(lambda tx: tx.run_sync(store.zone_counts, cast.event.id))

    assert counts == {"hall": 1}


async def test_a_guest_who_never_came_has_no_attempt(cast: Cast) -> None:
    guest = await cast.guest()

    attempt = await cast.database.read(lambda tx: tx.run_sync(store.attempt_of, cast.event.id, guest.id))

    assert attempt == 0


def test_elsewhere_is_the_first_gate_that_admits_the_category():
    vip = Gate(id=GateId(uuid4()), name="VIP", admits=frozenset({"vip"}))
    everybody = Gate(id=GateId(uuid4()), name="Main")

    assert store.elsewhere([vip, everybody], "guest") == "Main"
    assert store.elsewhere([vip, everybody], "vip") == "VIP"
    assert store.elsewhere([vip], "guest") == ""


def test_nobody_is_sent_to_a_booth():
    booth = Gate(id=GateId(uuid4()), name="A-01", kind=GateKind.BOOTH)
    everybody = Gate(id=GateId(uuid4()), name="Main")

    assert store.elsewhere([booth, everybody], "guest") == "Main"
    assert store.elsewhere([booth], "guest") == ""
