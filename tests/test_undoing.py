from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid4

import httpx
import sqlalchemy as sa

from checkin.credential import STEWARD_HEADER
from checkin.tables import admissions, undos
from tests.cast import Cast
from tests.phones import paired, signed_on


async def _undo(
    cast: Cast,
    scan_id: str,
    *,
    by: httpx.AsyncClient | None = None,
    undo_id: str = "",
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    body = {"id": undo_id or str(uuid4()), "reason": "wrong person"}
    return await (by or cast.steward).post(f"{cast.api}/scans/{scan_id}/undo", json=body, headers=headers)


async def _counts(cast: Cast) -> tuple[int, int]:
    """How many ever came, and how many are inside."""
    told = (await cast.steward.get(f"{cast.api}/summary")).json()
    return told["admitted"], told["inside"]


async def test_an_undone_guest_can_be_admitted_again(cast: Cast) -> None:
    guest = await cast.guest()
    [first] = await cast.scanned(cast.scan(guest.code))

    undone = await _undo(cast, first["id"])
    counts = await _counts(cast)
    [again] = await cast.scanned(cast.scan(guest.code))

    assert undone.status_code == 200
    assert counts == (0, 0)
    assert again["verdict"] == "admitted"


async def test_undoing_the_first_entry_leaves_a_later_one_standing(cast: Cast) -> None:
    guest = await cast.guest()
    answers = await cast.scanned(cast.scan(guest.code), cast.scan(guest.code, direction="exit"), cast.scan(guest.code))

    await _undo(cast, answers[0]["id"])

    [answer] = await cast.scanned(cast.scan(guest.code))
    assert answer["verdict"] == "already_inside"
    assert await _counts(cast) == (1, 1)


async def test_undoing_an_exit_brings_the_guest_back_inside(cast: Cast) -> None:
    guest = await cast.guest()
    answers = await cast.scanned(cast.scan(guest.code), cast.scan(guest.code, direction="exit"))

    await _undo(cast, answers[1]["id"])

    assert await _counts(cast) == (1, 1)


async def test_the_same_undo_twice_is_one_undo(cast: Cast) -> None:
    guest = await cast.guest()
    [scan] = await cast.scanned(cast.scan(guest.code))
    undo_id = str(uuid4())

    first = await _undo(cast, scan["id"], undo_id=undo_id)
    again = await _undo(cast, scan["id"], undo_id=undo_id)
    other = await _undo(cast, scan["id"])

    assert (first.status_code, again.status_code) == (200, 200)
    assert (other.status_code, other.json()["code"]) == (409, "already_undone")


async def test_a_steward_has_a_minute_and_a_lead_any_time(cast: Cast) -> None:
    guest = await cast.guest()
    [scan] = await cast.scanned(cast.scan(guest.code))
    cast.clock.forward(seconds=61)

    late = await _undo(cast, scan["id"])
    lead = await _undo(cast, scan["id"], by=cast.organiser)

    assert (late.status_code, late.json()["code"]) == (409, "undo_expired")
    assert lead.status_code == 200


async def test_nobody_undoes_the_scan_of_another_steward(cast: Cast) -> None:
    guest = await cast.guest()
    [scan] = await cast.scanned(cast.scan(guest.code), by=cast.organiser)

    answer = await _undo(cast, scan["id"])

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_a_scan_of_nobody_can_be_undone_too(cast: Cast) -> None:
    [unknown] = await cast.scanned(cast.scan("nonsense"))

    undone = await _undo(cast, unknown["id"])
    again = await _undo(cast, unknown["id"])

    assert (undone.status_code, again.status_code) == (200, 409)


async def test_a_scan_that_never_was_is_not_found(cast: Cast) -> None:
    answer = await _undo(cast, str(uuid4()))

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_device_has_a_minute_whoever_is_signed_on_and_a_lead_on_it_any_time(cast: Cast) -> None:
    phone, one, two = await paired(cast), await cast.guest("一"), await cast.guest("二")
    helper = {STEWARD_HEADER: await signed_on(cast, phone, "陈小满", lead=False)}
    lead = {STEWARD_HEADER: await signed_on(cast, phone, "林若晴", lead=True)}
    first, second = await cast.scanned(cast.scan(one.code), cast.scan(two.code), by=phone.browser)

    in_time = await _undo(cast, first["id"], by=phone.browser)
    cast.clock.forward(seconds=61)
    late = await _undo(cast, second["id"], by=phone.browser, headers=helper)
    by_lead = await _undo(cast, second["id"], by=phone.browser, headers=lead)

    rows = await cast.database.read(lambda tx: tx.execute(sa.select(undos.c.actor).order_by(undos.c.at)))
    assert [answer.status_code for answer in (in_time, late, by_lead)] == [200, 409, 200]
    assert late.json()["code"] == "undo_expired"
    assert rows.scalars().all() == [f"device:{phone.id}", f"device:{phone.id} (林若晴)"]


async def test_undoing_the_earliest_of_two_entries_leaves_the_admission_with_the_other(cast: Cast) -> None:
    guest = await cast.guest()
    at = (cast.clock.now() - timedelta(minutes=30)).isoformat()
    [online] = await cast.scanned(cast.scan(guest.code))
    [late] = await cast.scanned(cast.scan(guest.code, mode="offline", local_verdict="admitted", scanned_at=at))

    await _undo(cast, late["id"])
    one = await _admitted_by(cast)
    await _undo(cast, online["id"])
    none = await _admitted_by(cast)
    [again] = await cast.scanned(cast.scan(guest.code))

    assert (one, none) == ([(0, online["id"])], [(0, online["id"])])
    assert await _admitted_by(cast) == [(0, online["id"]), (1, again["id"])]


async def test_undoing_the_admission_hands_it_to_the_earlier_entry(cast: Cast) -> None:
    guest = await cast.guest()
    at = (cast.clock.now() - timedelta(minutes=30)).isoformat()
    [online] = await cast.scanned(cast.scan(guest.code))
    [late] = await cast.scanned(cast.scan(guest.code, mode="offline", local_verdict="admitted", scanned_at=at))

    await _undo(cast, online["id"])

    assert await _admitted_by(cast) == [(0, online["id"]), (1, late["id"])]
    assert await _counts(cast) == (1, 1)


async def _admitted_by(cast: Cast) -> list[tuple[int, str]]:
    """Which scan was the first entry, after how many that were undone."""
    chosen = sa.select(admissions.c.attempt, admissions.c.scan_id).order_by(admissions.c.attempt)
    rows = await cast.database.read(lambda tx: tx.execute(chosen))
    return [(row.attempt, str(row.scan_id)) for row in rows]
