from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import anyio
import pytest
import sqlalchemy as sa

from checkin.arrivals import ARRIVAL, announce
from checkin.device_tables import alerts, deliveries
from checkin.models import Arrival, RobotFormat, ScanId
from checkin.webhooks import add_webhook, remove_webhook
from events.core.tables import outbox
from events.models import Guest
from tests.cast import Cast

LIAISON = "lam@example.org"


@dataclass(frozen=True)
class Sent:
    """What the announcements of an event left behind: whom they name with whose companion, and who is told of each."""

    announced: list[tuple[UUID, UUID | None]]
    mailed: list[tuple[UUID, str]]
    delivered: list[tuple[UUID, UUID]]


async def sent(cast: Cast) -> Sent:
    rows = await rows_of(cast, alerts)
    mails = [row for row in await rows_of(cast, outbox) if row.kind == ARRIVAL]
    guest_of = {row.alert_id: row.guest_id for row in rows}
    return Sent(
        announced=[(row.guest_id, row.companion_id) for row in rows],
        mailed=[(guest_of[row.subject_id], row.recipient) for row in mails],
        delivered=[(guest_of[row.alert_id], row.webhook_id) for row in await rows_of(cast, deliveries)],
    )


async def rows_of(cast: Cast, table: sa.Table) -> list[Any]:
    chosen = sa.select(table).where(table.c.event_id == cast.event.id).order_by(*table.primary_key)
    return list(await cast.database.read(lambda tx: tx.execute(chosen)))


async def delegation(cast: Cast, *, size: int = 1) -> tuple[Guest, list[Guest]]:
    """A leader whom a liaison awaits, and companions."""
    leader = await cast.guest("李晓明", category="vip", liaison=LIAISON)
    return leader, [await cast.guest(f"随员{number}", leader_id=str(leader.id)) for number in range(size)]


async def undo(cast: Cast, scan: dict[str, Any]) -> None:
    body = {"id": str(uuid4()), "reason": "mistake"}
    answer = await cast.organiser.post(f"{cast.api}/scans/{scan['id']}/undo", json=body)
    assert answer.status_code == 200, answer.text


async def test_an_ordinary_guest_is_announced_to_nobody(cast: Cast) -> None:
    ordinary, awaited = await cast.guest("陈伟"), await cast.guest("李晓明", category="vip")

    await cast.scanned(cast.scan(ordinary.code), cast.scan(awaited.code))

    assert await sent(cast) == Sent(announced=[(awaited.id, None)], mailed=[], delivered=[])


async def test_the_liaison_of_a_guest_is_written_to(cast: Cast) -> None:
    guest = await cast.guest("陈伟", liaison=LIAISON)

    await cast.scanned(cast.scan(guest.code))

    assert await sent(cast) == Sent(announced=[(guest.id, None)], mailed=[(guest.id, LIAISON)], delivered=[])
    [alert] = await rows_of(cast, alerts)
    assert (alert.gate, alert.at) == (cast.gate.name, cast.clock.now())


async def test_each_standing_webhook_is_told(cast: Cast) -> None:
    guest = await cast.guest("陈伟", category="vip")
    first, second, removed = [await webhook(cast, number) for number in range(3)]
    await cast.database.write(lambda tx: remove_webhook(tx, cast.event.id, removed, actor="test", now=cast.clock.now()))

    await cast.scanned(cast.scan(guest.code))

    assert (await sent(cast)).delivered == [(guest.id, first), (guest.id, second)]


async def test_a_companion_announces_the_leader_to_the_leaders_liaison(cast: Cast) -> None:
    leader, [companion] = await delegation(cast)

    await cast.scanned(cast.scan(companion.code))

    assert await sent(cast) == Sent(announced=[(leader.id, companion.id)], mailed=[(leader.id, LIAISON)], delivered=[])


async def test_the_leader_is_announced_again_on_arriving_and_by_no_companion_after_that(cast: Cast) -> None:
    leader, [early, late] = await delegation(cast, size=2)

    for guest in (early, leader, late):
        await cast.scanned(cast.scan(guest.code))

    assert (await sent(cast)).announced == [(leader.id, early.id), (leader.id, None)]


async def test_a_whole_delegation_at_once_announces_its_leader_once(cast: Cast) -> None:
    leader, companions = await delegation(cast, size=3)

    await cast.scanned(*[cast.scan(guest.code) for guest in (*companions, leader)])

    assert await sent(cast) == Sent(announced=[(leader.id, None)], mailed=[(leader.id, LIAISON)], delivered=[])


async def test_several_companions_announce_the_leader_once(cast: Cast) -> None:
    leader, companions = await delegation(cast, size=3)

    await cast.scanned(*[cast.scan(guest.code) for guest in companions[:2]])
    await cast.scanned(cast.scan(companions[2].code))

    assert (await sent(cast)).announced == [(leader.id, companions[0].id)]


async def test_a_companion_whom_somebody_awaits_is_announced_as_well(cast: Cast) -> None:
    leader = await cast.guest("李晓明", category="vip")
    companion = await cast.guest("王方", category="vip", leader_id=str(leader.id))

    await cast.scanned(cast.scan(companion.code))

    assert (await sent(cast)).announced == [(companion.id, None), (leader.id, companion.id)]


async def test_a_retried_scan_and_a_second_one_announce_nobody_again(cast: Cast) -> None:
    guest = await cast.guest("陈伟", category="vip", liaison=LIAISON)
    scan = cast.scan(guest.code)

    for each in (scan, scan, cast.scan(guest.code)):
        await cast.scanned(each)

    assert await sent(cast) == Sent(announced=[(guest.id, None)], mailed=[(guest.id, LIAISON)], delivered=[])


async def test_whoever_was_taken_back_is_announced_on_coming_again(cast: Cast) -> None:
    guest = await cast.guest("陈伟", category="vip")
    scan = cast.scan(guest.code)
    await cast.scanned(scan)
    await undo(cast, scan)

    await cast.scanned(cast.scan(guest.code))

    assert (await sent(cast)).announced == [(guest.id, None), (guest.id, None)]


async def test_an_arrival_of_long_ago_stands_on_the_page_and_nobody_is_written_to(cast: Cast) -> None:
    await webhook(cast, 1)
    guest = await cast.guest("陈伟", liaison=LIAISON)
    hours_ago = (cast.clock.now() - timedelta(hours=2)).isoformat()
    scan = cast.scan(guest.code, mode="offline", local_verdict="admitted", scanned_at=hours_ago)

    answer = await cast.steward.post(
        f"{cast.api}/scans", json={"sent_at": cast.clock.now().isoformat(), "scans": [scan]}
    )

    assert answer.status_code == 200
    assert await sent(cast) == Sent(announced=[(guest.id, None)], mailed=[], delivered=[])


async def test_a_rehearsal_announces_nobody(cast: Cast) -> None:
    guest = await cast.guest("陈伟", category="vip")

    await cast.scanned(cast.scan(guest.code, rehearsal=True))
    rehearsed = await sent(cast)
    await cast.scanned(cast.scan(guest.code))

    assert rehearsed.announced == []
    assert (await sent(cast)).announced == [(guest.id, None)]


async def test_two_doors_at_once_announce_a_guest_once(cast: Cast) -> None:
    guest = await cast.guest("陈伟", category="vip", liaison=LIAISON)

    async with anyio.create_task_group() as doors:
        for _ in range(8):
            doors.start_soon(cast.scanned, cast.scan(guest.code))

    assert await sent(cast) == Sent(announced=[(guest.id, None)], mailed=[(guest.id, LIAISON)], delivered=[])


async def test_nothing_is_asked_of_the_database_for_guests_whom_nobody_awaits(cast: Cast) -> None:
    guest = await cast.guest("陈伟")
    arrival = Arrival(
        guest_id=guest.id,
        scan_id=ScanId(uuid4()),
        gate="North",
        at=cast.clock.now(),
        attention=False,
        leader_id=None,
        liaison="",
    )
    closed = sa.create_engine("sqlite://").connect()
    closed.close()

    announced = announce(closed, cast.event.id, [arrival], now=cast.clock.now())

    assert announced == 0
    with pytest.raises(sa.exc.ResourceClosedError):
        closed.execute(sa.select(1))


async def webhook(cast: Cast, number: int) -> UUID:
    """A receiver that nobody listens at."""
    added = await cast.database.write(
        lambda tx: add_webhook(
            tx,
            cast.event.id,
            f"http://127.0.0.1:9/{number}",
            robot=RobotFormat.GENERIC,
            secret="",
            actor="test",
            now=cast.clock.now(),
        )
    )
    return added.id
