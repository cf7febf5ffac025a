from uuid import uuid4

from tests.cast import Cast


async def _undo(cast: Cast, scan_id: str, *, by: object = None, undo_id: str = ""):
    body = {"id": undo_id or str(uuid4()), "reason": "wrong person"}
    return await (by or cast.steward).post(f"{cast.api}/scans/{scan_id}/undo", json=body)


async def test_an_undone_guest_can_be_admitted_again(cast: Cast) -> None:
    guest = await cast.guest()
    [first] = await cast.scanned(cast.scan(guest.code))

    undone = await _undo(cast, first["id"])
    counts = (await cast.steward.get(f"{cast.api}/summary")).json()
    [again] = await cast.scanned(cast.scan(guest.code))

    assert undone.status_code == 200
    assert counts == {"expected": 1, "admitted": 0, "inside": 0}
    assert again["verdict"] == "admitted"


async def test_undoing_the_first_entry_leaves_a_later_one_standing(cast: Cast) -> None:
    guest = await cast.guest()
    answers = await cast.scanned(cast.scan(guest.code), cast.scan(guest.code, direction="exit"), cast.scan(guest.code))

    await _undo(cast, answers[0]["id"])

    [answer] = await cast.scanned(cast.scan(guest.code))
    assert answer["verdict"] == "already_inside"
    assert (await cast.steward.get(f"{cast.api}/summary")).json() == {"expected": 1, "admitted": 1, "inside": 1}


async def test_undoing_an_exit_brings_the_guest_back_inside(cast: Cast) -> None:
    guest = await cast.guest()
    answers = await cast.scanned(cast.scan(guest.code), cast.scan(guest.code, direction="exit"))

    await _undo(cast, answers[1]["id"])

    assert (await cast.steward.get(f"{cast.api}/summary")).json()["inside"] == 1


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


async def test_a_scan_that_never_was_is_not_found(cast: Cast) -> None:
    answer = await _undo(cast, str(uuid4()))

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
