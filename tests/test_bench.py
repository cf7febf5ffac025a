from datetime import timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa

from checkin.device_tables import alerts
from checkin.tables import admissions, decisions, presence, scans
from tests.cast import Cast
from tests.facts import ago, late, offline, presence_of, rows_of


async def test_what_happened_at_a_gate_that_is_no_more_is_kept_at_the_first_one(cast: Cast) -> None:
    guest, gone = await cast.guest(), str(uuid4())

    online = await cast.steward.post(f"{cast.api}/scans", json={"scans": [cast.scan(guest.code, gate=gone)]})
    [answer] = await cast.scanned(offline(cast, guest, gate=gone))

    [row] = await rows_of(cast, scans)
    assert (online.status_code, answer["verdict"]) == (422, "admitted")
    assert (row.gate_id, row.doubt) == (cast.gate.id, "gate")


async def test_a_device_that_waited_in_vain_tells_what_it_decided(cast: Cast) -> None:
    guest = await cast.guest()
    await cast.scanned(cast.scan(guest.code), cast.scan(guest.code, direction="exit"))
    gate = (await cast.organiser.post(f"{cast.api}/gates", json={"name": "Once", "reentry": "once"})).json()["id"]
    scan = cast.scan(guest.code, gate=gate, local_verdict="reentered")
    [first] = await cast.scanned(scan)
    before = await presence_of(cast, guest)
    cast.clock.forward(seconds=3)

    again = await late(cast, scan, "reentered")
    more = await late(cast, scan, "already_inside")

    [decision] = await rows_of(cast, decisions)
    assert (first["verdict"], first["conflict"], before.inside) == ("already_inside", False, False)
    assert again == more == first
    assert (decision.local_verdict, decision.entered, decision.conflict) == ("reentered", True, True)
    assert (decision.scan_id, decision.received_at) == (UUID(scan["id"]), cast.clock.now())
    assert (await presence_of(cast, guest)).inside is True


async def test_a_decision_that_agrees_changes_nothing(cast: Cast) -> None:
    guest = await cast.guest()
    scan = cast.scan(guest.code)
    [first] = await cast.scanned(scan)
    before = await presence_of(cast, guest)

    again = await late(cast, scan, "admitted")

    [decision] = await rows_of(cast, decisions)
    assert again == first
    assert (decision.entered, decision.conflict) == (True, False)
    assert await presence_of(cast, guest) == before


async def test_who_was_admitted_stays_admitted_where_the_device_said_no(cast: Cast) -> None:
    guest = await cast.guest()
    scan = cast.scan(guest.code)
    await cast.scanned(scan)

    await late(cast, scan, "not_confirmed")

    [decision] = await rows_of(cast, decisions)
    assert (decision.entered, decision.conflict) == (False, True)
    assert (await presence_of(cast, guest)).inside is True


async def test_scan_and_decision_may_share_a_commit(cast: Cast) -> None:
    guest = await cast.guest()
    await cast.script.post(f"{cast.api}/guests/{guest.id}/cancel", json={"reason": "行程变更"})
    scan = cast.scan(guest.code)

    first, again = await cast.scanned(scan, {**scan, "mode": "offline", "local_verdict": "admitted"})

    [decision] = await rows_of(cast, decisions)
    assert (first, first["verdict"], decision.entered) == (again, "cancelled", True)
    assert (await presence_of(cast, guest)).first_scan_id == UUID(scan["id"])
    assert len(await rows_of(cast, admissions)) == 1


async def test_a_decision_on_a_scan_that_was_undone_moves_nobody(cast: Cast) -> None:
    guest = await cast.guest()
    await cast.script.post(f"{cast.api}/guests/{guest.id}/cancel", json={"reason": "行程变更"})
    scan = cast.scan(guest.code)
    await cast.scanned(scan)
    await cast.steward.post(f"{cast.api}/scans/{scan['id']}/undo", json={"id": str(uuid4())})

    await late(cast, scan, "admitted")

    assert [row.entered for row in await rows_of(cast, decisions)] == [True]
    assert (await presence_of(cast, guest)).first_at is None


async def test_an_id_that_comes_back_with_another_ticket_is_no_decision(cast: Cast) -> None:
    one, two = await cast.guest("一"), await cast.guest("二")
    scan = cast.scan(one.code)
    [first] = await cast.scanned(scan)

    again = await late(cast, {**scan, "code": two.code}, "admitted")

    assert again == first
    assert await rows_of(cast, decisions) == []


async def test_a_late_exit_that_only_the_device_allowed_is_an_exit(cast: Cast) -> None:
    guest = await cast.guest()
    await cast.scanned(cast.scan(guest.code))
    await cast.script.post(f"{cast.api}/guests/{guest.id}/replace-ticket", json={"reason": "遗失"})
    leaving = cast.scan(guest.code, direction="exit")
    [refused] = await cast.scanned(leaving)
    inside = (await presence_of(cast, guest)).inside

    await late(cast, leaving, "exited")

    assert (refused["verdict"], inside) == ("revoked", True)
    assert (await presence_of(cast, guest)).inside is False
    await cast.scanned(offline(cast, guest, scanned_at=ago(cast, minutes=5)))
    assert (await presence_of(cast, guest)).inside is False


async def test_a_rehearsal_leaves_no_trace_in_any_report(cast: Cast) -> None:
    guest = await cast.guest(category="vip")

    answers = await cast.scanned(
        cast.scan(guest.code, rehearsal=True),
        cast.scan(guest.code, rehearsal=True),
        offline(cast, guest, "admitted", rehearsal=True),
        cast.scan(guest.code, rehearsal=True, direction="exit"),
    )

    record = (await cast.organiser.get(f"{cast.api}/attendance.json")).json()
    counts = (await cast.steward.get(f"{cast.api}/summary")).json()
    assert [answer["verdict"] for answer in answers] == ["admitted_vip", "already_inside", "already_inside", "exited"]
    assert [answer["conflict"] for answer in answers] == [False] * 4
    assert (counts["admitted"], counts["inside"]) == (0, 0)
    assert [guest["first_at"] for guest in record["guests"]] == [None]
    assert [await rows_of(cast, table) for table in (presence, admissions, decisions, alerts)] == [[], [], [], []]
    assert [row.rehearsal for row in await rows_of(cast, scans)] == [True] * 4


async def test_a_rehearsal_does_not_wait_for_the_doors_to_open(cast: Cast) -> None:
    guest = await cast.guest()
    hours = {"opens_at": (cast.clock.now() + timedelta(hours=1)).isoformat()}
    gate = (await cast.organiser.post(f"{cast.api}/gates", json={"name": "北门", **hours})).json()["id"]

    real, rehearsed = await cast.scanned(
        cast.scan(guest.code, gate=gate), cast.scan(guest.code, gate=gate, rehearsal=True)
    )

    assert (real["verdict"], rehearsed["verdict"]) == ("too_early", "admitted")


async def test_a_rehearsal_remembers_itself_and_the_real_day_does_not(cast: Cast) -> None:
    guest = await cast.guest()
    rehearsed = cast.scan(guest.code, rehearsal=True)
    await cast.scanned(rehearsed)

    [again] = await cast.scanned(cast.scan(guest.code, rehearsal=True))
    await cast.steward.post(f"{cast.api}/scans/{rehearsed['id']}/undo", json={"id": str(uuid4())})
    [undone] = await cast.scanned(cast.scan(guest.code, rehearsal=True))
    [real] = await cast.scanned(cast.scan(guest.code))
    [after] = await cast.scanned(cast.scan(guest.code, rehearsal=True))

    verdicts = [answer["verdict"] for answer in (again, undone, real, after)]
    assert verdicts == ["already_inside", "admitted", "admitted", "already_inside"]


async def test_a_decision_in_a_rehearsal_is_not_noted(cast: Cast) -> None:
    guest = await cast.guest()
    scan = cast.scan(guest.code, rehearsal=True)
    [first] = await cast.scanned(scan)

    again = await late(cast, scan, "not_confirmed")

    assert again == first
    assert await rows_of(cast, decisions) == []


async def test_a_gate_that_wants_an_exit_lets_nobody_in_without_one(cast: Cast) -> None:
    strict = {"name": "Strict", "reentry": "after_exit"}
    gate = (await cast.organiser.post(f"{cast.api}/gates", json=strict)).json()["id"]
    left, still = await cast.guest("出去"), await cast.guest("没出去")
    await cast.scanned(cast.scan(left.code), cast.scan(still.code), cast.scan(left.code, direction="exit"))
    clear = sa.update(presence).where(presence.c.guest_id == still.id).values(inside=False)
    await cast.database.write(lambda tx: tx.execute(clear))

    answers = await cast.scanned(cast.scan(left.code, gate=gate), cast.scan(still.code, gate=gate))

    assert [answer["verdict"] for answer in answers] == ["reentered", "already_inside"]
