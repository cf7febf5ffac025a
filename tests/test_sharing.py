import sqlalchemy as sa

from events.core.tables import audit
from events.sharing import has_exhibitors, share
from events.store import guest_by_id
from tests.booths import agree, exhibitor
from tests.cast import NOON, Cast


async def test_an_event_asks_only_once_somebody_exhibits(cast: Cast) -> None:
    before = await cast.database.read(lambda tx: has_exhibitors(tx, cast.event.id))
    await exhibitor(cast)

    assert not before
    assert await cast.database.read(lambda tx: has_exhibitors(tx, cast.event.id))


async def test_consent_keeps_its_first_moment_and_leaves_the_guests_version(cast: Cast) -> None:
    guest = await cast.guest()

    first = await agree(cast, guest)
    cast.clock.forward(hours=1)
    again = await agree(cast, guest)

    assert guest.shares_at is None
    assert (first.shares_at, again.shares_at) == (NOON, NOON)
    assert again.version == guest.version


async def test_consent_that_was_taken_back_is_gone_and_can_be_given_again(cast: Cast) -> None:
    guest = await agree(cast, await cast.guest())

    withdrawn = await agree(cast, guest, agrees=False)
    cast.clock.forward(hours=1)
    again = await agree(cast, guest)

    assert withdrawn.shares_at is None
    assert again.shares_at == cast.clock.now()


async def test_each_change_is_written_down_once(cast: Cast) -> None:
    guest = await cast.guest()

    for agrees in (False, True, True, False, False):
        await agree(cast, guest, agrees=agrees)

    chosen = sa.select(audit.c.action).where(audit.c.subject_id == guest.id, audit.c.actor == "guest")
    actions = (await cast.database.read(lambda tx: tx.execute(chosen.order_by(audit.c.entry_id)))).scalars().all()
    assert actions == ["guest.shares", "guest.shares_no_more"]


async def test_only_the_guest_is_asked(cast: Cast) -> None:
    guest, other = await cast.guest("甲"), await cast.guest("乙")

    await cast.database.write(lambda tx: share(tx, guest, agrees=True, now=NOON))

    unasked = await cast.database.read(lambda tx: guest_by_id(tx, cast.event.id, other.id))
    assert unasked.shares_at is None
