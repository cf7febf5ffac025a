from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from checkin.device_tables import devices
from checkin.health import Concern
from checkin.models import Profile
from checkin.tables import presence
from checkin.wall import MINUTES, Wall, wall_of
from events import guestlist
from events.core.i18n import Language
from events.core.ids import new_id
from events.models import Guest
from events.store import event_by_name
from tests.cast import Cast


async def wall(cast: Cast) -> Wall:
    return await cast.database.read(lambda tx: wall_of(tx, cast.event.id, cast.clock.now()))


async def gate(cast: Cast, name: str, **given: object) -> str:
    answer = await cast.organiser.post(f"{cast.api}/gates", json={"name": name, **given})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def came(cast: Cast, *guests: Guest, minutes_ago: float = 0, gate: str = "") -> None:
    """Guests who came in so long ago."""
    place = {"gate": gate} if gate else {}
    cast.clock.forward(minutes=-minutes_ago)
    await cast.scanned(*[cast.scan(guest.code, **place) for guest in guests])
    cast.clock.forward(minutes=minutes_ago)


async def device(cast: Cast, name: str, *, seen_s_ago: int | None, **given: object) -> UUID:
    """A paired phone, as it last reported."""
    now = cast.clock.now()
    seen_at = None if seen_s_ago is None else now - timedelta(seconds=seen_s_ago)
    row = {"event_id": cast.event.id, "device_id": new_id(), "name": name, "gate_id": cast.gate.id, "seen_at": seen_at}
    kind = {"profile": Profile.SCANNER, "language": Language.EN, "paired_at": now, "paired_by": "cast"}
    state = {"revoked_by": "", "steward": "", "waiting": 0, "held": 0, "app": ""}
    await cast.database.write(lambda tx: tx.execute(sa.insert(devices).values({**row, **kind, **state, **given})))
    return row["device_id"]


async def test_an_event_before_anybody_came(cast: Cast) -> None:
    await cast.guest()

    shown = await wall(cast)

    assert (shown.expected, shown.admitted, shown.inside, shown.missing, shown.share) == (1, 0, 0, 1, 0)
    assert (shown.minutes, shown.rate, shown.complete_at) == ([0] * MINUTES, 0.0, None)
    assert (shown.honours, shown.devices, shown.zones) == ([], [], [])


async def test_an_event_without_guests_has_no_share(cast: Cast) -> None:
    shown = await wall(cast)

    assert (shown.expected, shown.share, shown.lines) == (0, 0, [])


async def test_people_are_counted_by_category_in_order_of_rank(cast: Cast) -> None:
    stays, leaves, _away = [await cast.guest(name) for name in ("留", "走", "未")]
    honoured = await cast.guest("李晓明", category="vip")
    await came(cast, stays, leaves, honoured)
    await cast.scanned(cast.scan(leaves.code, direction="exit"))

    shown = await wall(cast)

    lines = [(line.category.key, line.expected, line.came, line.inside) for line in shown.lines]
    assert lines == [("vip", 1, 1, 1), ("guest", 3, 2, 1)]
    assert (shown.expected, shown.admitted, shown.inside, shown.missing, shown.share) == (4, 3, 2, 1, 75)


async def test_who_came_and_was_cancelled_afterwards_is_inside_and_not_expected(cast: Cast) -> None:
    gone, away = await cast.guest("消"), await cast.guest("未")
    await came(cast, gone)
    await cast.database.write(lambda tx: guestlist.cancel(tx, gone, reason="", actor="test", now=cast.clock.now()))

    shown = await wall(cast)

    assert away.status == "confirmed"
    assert (shown.expected, shown.admitted, shown.inside, shown.missing, shown.share) == (1, 1, 1, 1, 0)


async def test_each_gate_counts_the_first_entries_made_there(cast: Cast) -> None:
    north = await gate(cast, "North")
    first, second, third = [await cast.guest(name) for name in ("甲", "乙", "丙")]
    await came(cast, first, second)
    await came(cast, third, gate=north)
    await came(cast, first, gate=north)

    shown = await wall(cast)

    assert [(line.name, line.came) for line in shown.gates] == [(cast.gate.name, 2), ("North", 1)]


async def test_a_gate_that_was_renamed_keeps_what_it_counted_under_the_old_name(cast: Cast) -> None:
    await came(cast, await cast.guest())
    rename = sa.update(presence).values(first_gate="Old door")
    await cast.database.write(lambda tx: tx.execute(rename))

    shown = await wall(cast)

    assert [(line.name, line.came) for line in shown.gates] == [(cast.gate.name, 0), ("Old door", 1)]


async def test_a_zone_tells_how_many_are_inside_and_when_it_is_full(cast: Cast) -> None:
    hall = await gate(cast, "Hall door", zone="Hall", limit=2)
    await gate(cast, "Hall side door", zone="Hall", limit=5)
    inside = [await cast.guest(name) for name in ("甲", "乙")]
    await came(cast, inside[0], gate=hall)
    before = await wall(cast)

    await came(cast, inside[1], gate=hall)
    await came(cast, await cast.guest("丙"))

    after = await wall(cast)
    assert [(zone.name, zone.inside, zone.limit, zone.is_full) for zone in before.zones] == [
        ("", 0, None, False),
        ("Hall", 1, 2, False),
    ]
    assert [(zone.name, zone.inside, zone.limit, zone.is_full) for zone in after.zones] == [
        ("", 1, None, False),
        ("Hall", 2, 2, True),
    ]


async def test_the_last_hour_is_told_by_the_minute(cast: Cast) -> None:
    cast.clock.forward(hours=2, seconds=30)
    early, first, second, last = [await cast.guest(name) for name in ("早", "甲", "乙", "末")]
    await came(cast, early, minutes_ago=60)
    await came(cast, first, second, minutes_ago=59)
    await came(cast, last)

    shown = await wall(cast)

    assert shown.minutes == [2] + [0] * 58 + [1]
    assert shown.minute == cast.clock.now().replace(second=0)
    assert shown.minute_before(59) == shown.minute - timedelta(minutes=59)


@pytest.mark.parametrize(("count", "complete_in"), [(4, None), (5, 5), (10, 2.5)])
async def test_the_end_is_foretold_from_the_last_minutes_where_people_come(
    cast: Cast, count: int, complete_in: float | None
) -> None:
    await came(cast, *[await cast.guest(f"来{number}") for number in range(count)], minutes_ago=3)
    for number in range(5):
        await cast.guest(f"未{number}")

    shown = await wall(cast)

    expected = None if complete_in is None else cast.clock.now() + timedelta(minutes=complete_in)
    assert (shown.rate, shown.missing, shown.complete_at) == (count / 5, 5, expected)


async def test_nothing_is_foretold_when_everybody_is_there(cast: Cast) -> None:
    await came(cast, *[await cast.guest(f"来{number}") for number in range(5)])

    shown = await wall(cast)

    assert (shown.missing, shown.rate, shown.share, shown.complete_at) == (0, 1.0, 100, None)


async def test_devices_with_a_concern_come_first_and_withdrawn_ones_not_at_all(cast: Cast) -> None:
    await device(cast, "Well", seen_s_ago=5)
    await device(cast, "Silent", seen_s_ago=300)
    await device(cast, "New", seen_s_ago=None)
    await device(cast, "Withdrawn", seen_s_ago=5, revoked_at=cast.clock.now())

    shown = await wall(cast)

    assert [(line.device.name, line.concern) for line in shown.devices] == [
        ("New", Concern.UNSEEN),
        ("Silent", Concern.SILENT),
        ("Well", None),
    ]


async def test_a_rehearsal_leaves_no_trace_on_the_wall(cast: Cast) -> None:
    guest = await cast.guest("李晓明", category="vip")
    before = await wall(cast)

    await cast.scanned(cast.scan(guest.code, id=str(uuid4()), rehearsal=True))
    rehearsed = await wall(cast)
    await came(cast, guest)

    assert rehearsed == before
    assert (await wall(cast)).admitted == 1


async def test_another_event_is_not_counted(cast: Cast) -> None:
    await came(cast, await cast.guest())
    other = await cast.database.read(lambda tx: event_by_name(tx, "other-event"))

    shown = await cast.database.read(lambda tx: wall_of(tx, other.id, cast.clock.now()))

    assert (shown.expected, shown.admitted, shown.gates) == (0, 0, [])
