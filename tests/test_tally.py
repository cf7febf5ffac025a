import sqlalchemy as sa

from checkin.tables import admissions
from checkin.tally import Tally, tally_of
from events.models import GuestStatus
from events.store import event_by_id
from events.tables import guests
from tests.cast import Cast


async def tally(cast: Cast) -> Tally:
    event = await cast.database.read(lambda tx: event_by_id(tx, cast.event.id))
    return await cast.database.read(lambda tx: tally_of(tx, event))


async def test_who_came_in_and_who_takes_a_seat_are_counted_twice_and_alike(cast: Cast) -> None:
    one, other = await cast.guest("陈伟"), await cast.guest("李静")
    [first, _] = await cast.scanned(cast.scan(one.code), cast.scan(other.code))
    undone = {"id": str(other.id), "reason": "误扫"}
    await cast.steward.post(f"{cast.api}/scans/{first['id']}/undo", json=undone)

    counted = await tally(cast)

    assert (counted, counted.agrees) == (Tally(entered=1, admitted=1, seated=2, counted=2), True)
    assert str(counted) == "1 people came in, 2 seats are taken: both counts agree"


async def test_a_first_entry_that_is_gone_is_missed(cast: Cast) -> None:
    await cast.scanned(cast.scan((await cast.guest("陈伟")).code))
    await cast.database.write(lambda tx: tx.execute(sa.delete(admissions)))

    counted = await tally(cast)

    assert not counted.agrees
    assert str(counted).startswith("1 people came in by presence and 0 by first entries; 1 seats")


async def test_a_registration_that_was_cancelled_past_the_program_is_noticed(cast: Cast) -> None:
    await cast.guest("陈伟")
    await cast.database.write(lambda tx: tx.execute(sa.update(guests).values(status=GuestStatus.CANCELLED)))

    assert await tally(cast) == Tally(entered=0, admitted=0, seated=0, counted=1)
