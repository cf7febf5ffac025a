from datetime import timedelta
from typing import Any
from uuid import uuid4

import anyio
import pytest
import sqlalchemy as sa

from checkin.booth.models import Answer, Found, Visit, VisitId
from checkin.booth.tables import leads
from checkin.booth.visits import meet, visits_of
from checkin.tables import presence, scans
from events.core.errors import Conflict
from events.core.ids import new_id
from events.forms import GuestForm
from events.guestlist import cancel, replace_ticket
from events.models import Guest, GuestStatus
from events.registration import add_guest
from tests.booths import agree, exhibitor, visitor
from tests.cast import Cast


@pytest.fixture
async def booths(cast: Cast) -> Cast:
    """Two booths, A-01 and A-02."""
    for booth in ("A-01", "A-02"):
        await exhibitor(cast, booth)
    return cast


async def take(cast: Cast, code: str, **given: Any) -> Found:
    usual = {"booth": "A-01", "visit_id": VisitId(new_id()), "note": None, "at": cast.clock.now(), "by": "A-01 1"}
    return await cast.database.write(lambda tx: meet(tx, cast.event.id, code, **{**usual, **given}))


async def kept(cast: Cast, booth: str = "") -> list[Visit]:
    return await cast.database.read(lambda tx: visits_of(tx, cast.event.id, booth))


async def count(cast: Cast, table: sa.Table) -> int:
    return (await cast.database.read(lambda tx: tx.execute(sa.select(sa.func.count()).select_from(table)))).scalar_one()


async def test_a_visitor_who_agreed_is_kept_with_time_note_and_device(booths: Cast) -> None:
    guest = await visitor(booths)

    found = await take(booths, guest.code, note="想看样机")

    assert found.answer is Answer.SHARED
    assert found.visit is not None
    assert not found.repeated
    assert await kept(booths) == [found.visit]
    told = (found.visit.guest.name, found.visit.booth, found.visit.at, found.visit.note, found.visit.by)
    assert told == ("陈伟", "A-01", booths.clock.now(), "想看样机", "A-01 1")


async def test_of_somebody_who_did_not_agree_nothing_is_kept_or_told(booths: Cast) -> None:
    guest = await booths.guest()

    assert await take(booths, guest.code) == Found(answer=Answer.NOT_AGREED)
    assert await count(booths, leads) == 0


async def test_who_agreed_but_is_no_longer_expected_is_not_told(booths: Cast) -> None:
    guest = await visitor(booths)
    await take(booths, guest.code)
    now = booths.clock.now()
    await booths.database.write(lambda tx: cancel(tx, guest, reason="", actor="cast", now=now))

    assert await take(booths, guest.code) == Found(answer=Answer.NOT_AGREED)
    assert await kept(booths) == []


async def test_who_waits_for_confirmation_is_not_told(booths: Cast) -> None:
    form, now = GuestForm(name="候补", category="guest"), booths.clock.now()
    guest = await booths.database.write(
        lambda tx: add_guest(
            tx, booths.event, form, status=GuestStatus.PENDING, source="online", now=now, shares_at=now
        )
    )

    assert await take(booths, guest.code) == Found(answer=Answer.NOT_AGREED)


@pytest.mark.parametrize("code", ["https://example.org/poster", "Y1" + "0" * 26, ""])
async def test_what_is_nobodys_code_is_unknown(booths: Cast, code: str) -> None:
    assert await take(booths, code) == Found(answer=Answer.UNKNOWN)


async def test_a_ticket_that_was_replaced_is_unknown_and_the_new_one_is_known(booths: Cast) -> None:
    guest, now = await visitor(booths), booths.clock.now()
    fresh = await booths.database.write(
        lambda tx: replace_ticket(tx, booths.event, guest, reason="", actor="cast", now=now)
    )

    assert (await take(booths, guest.code)).answer is Answer.UNKNOWN
    assert (await take(booths, fresh.code)).answer is Answer.SHARED


async def test_a_second_scan_is_the_same_visit_with_the_newer_note(booths: Cast) -> None:
    guest = await visitor(booths)
    first = await take(booths, guest.code, note="甲")
    booths.clock.forward(minutes=5)

    again = await take(booths, guest.code)
    noted = await take(booths, guest.code, note="乙")

    assert first.visit is not None
    assert again == Found(answer=Answer.SHARED, visit=first.visit, repeated=True)
    assert [(visit.id, visit.note) for visit in await kept(booths)] == [(first.visit.id, "乙")]
    assert noted.visit is not None
    assert noted.visit.note == "乙"


async def test_a_note_is_taken_away_by_an_empty_one_and_left_by_none(booths: Cast) -> None:
    guest = await visitor(booths)
    await take(booths, guest.code, note="甲")

    await take(booths, guest.code, note=None)
    left = [visit.note for visit in await kept(booths)]
    await take(booths, guest.code, note="")

    assert (left, [visit.note for visit in await kept(booths)]) == (["甲"], [""])


async def test_what_is_sent_again_is_no_repetition(booths: Cast) -> None:
    guest, visit_id = await visitor(booths), VisitId(new_id())
    first = await take(booths, guest.code, visit_id=visit_id)

    assert await take(booths, guest.code, visit_id=visit_id) == first


async def test_an_id_that_is_taken_by_another_visitor_is_refused(booths: Cast) -> None:
    one, other, visit_id = await visitor(booths, "甲"), await visitor(booths, "乙"), VisitId(new_id())
    await take(booths, one.code, visit_id=visit_id)

    with pytest.raises(Conflict):
        await take(booths, other.code, visit_id=visit_id)


async def test_two_phones_of_a_booth_that_scan_at_once_have_one_visit(booths: Cast) -> None:
    guest = await visitor(booths)
    found: list[Found] = []

    async def scan() -> None:
        found.append(await take(booths, guest.code))

    async with anyio.create_task_group() as tasks:
        for _ in range(4):
            tasks.start_soon(scan)

    assert sorted(each.repeated for each in found) == [False, True, True, True]
    assert len({each.visit.id for each in found if each.visit}) == 1
    assert len(await kept(booths)) == 1


async def test_each_booth_has_its_own_visitors(booths: Cast) -> None:
    one, both = await visitor(booths, "甲"), await visitor(booths, "乙")
    await take(booths, one.code)
    await take(booths, both.code)
    await take(booths, both.code, booth="A-02")

    shown = {booth: [visit.guest.name for visit in await kept(booths, booth)] for booth in ("A-01", "A-02", "")}

    assert {booth: sorted(names) for booth, names in shown.items()} == {
        "A-01": sorted(["甲", "乙"]),
        "A-02": ["乙"],
        "": sorted(["甲", "乙", "乙"]),
    }


async def test_who_takes_back_the_consent_is_gone_and_stays_away_until_scanned_again(booths: Cast) -> None:
    guest = await visitor(booths)
    await take(booths, guest.code, note="旧")
    booths.clock.forward(minutes=1)

    await agree(booths, guest, agrees=False)
    withdrawn = await kept(booths)
    booths.clock.forward(minutes=1)
    await agree(booths, guest)
    agreed_again = await kept(booths)
    found = await take(booths, guest.code)

    assert (withdrawn, agreed_again) == ([], [])
    assert not found.repeated
    assert [(visit.at, visit.note) for visit in await kept(booths)] == [(booths.clock.now(), "")]


async def test_a_scan_from_before_the_consent_counts_from_it(booths: Cast) -> None:
    guest: Guest = await visitor(booths)

    found = await take(booths, guest.code, at=booths.clock.now() - timedelta(minutes=3))

    assert found.visit is not None
    assert found.visit.at == guest.shares_at
    assert await kept(booths) == [found.visit]


async def test_a_scan_at_a_booth_lets_nobody_in_and_out(booths: Cast) -> None:
    guest = await visitor(booths)
    await booths.scanned(booths.scan(guest.code))
    before = await count(booths, presence), await count(booths, scans)

    await take(booths, guest.code, visit_id=VisitId(uuid4()))

    assert before == (1, 1)
    assert (await count(booths, presence), await count(booths, scans)) == before
