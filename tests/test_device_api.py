from datetime import timedelta
from typing import Any

import pytest

from checkin.device_store import device_by_id
from checkin.gates_version import gates_version
from checkin.models import Device, DeviceId
from events.core.auth import Scope
from tests.cast import NOON, Cast, on_one_engine
from tests.door_crew import phone, steward

FORGED = "e30.0"


async def device_of(cast: Cast, device_id: DeviceId) -> Device:
    return await cast.database.read(lambda tx: device_by_id(tx, cast.event.id, device_id))


def report(cast: Cast, **given: Any) -> dict[str, Any]:
    return {"sent_at": cast.clock.now().isoformat(), **given}


async def test_a_device_reports_and_is_told_what_it_is(cast: Cast) -> None:
    browser, device_id = await phone(cast)
    since = (NOON - timedelta(minutes=3)).isoformat()
    told = report(cast, waiting=7, oldest_waiting_at=since, data_at=since, battery=80.6, held=1204, app="0.2.0")

    answer = await browser.post(f"{cast.api}/device", json={**told, "skew_ms": 12, "profile_seen": "scanner"})

    assert answer.status_code == 200
    assert answer.json() == {
        "at": NOON.isoformat(),
        "device": {
            "id": str(device_id),
            "name": "主入口 1 号机",
            "profile": "scanner",
            "gate": str(cast.gate.id),
            "language": "zh-Hans",
        },
        "gates_version": gates_version([cast.gate]),
        "steward_valid": False,
    }
    device = await device_of(cast, device_id)
    assert (device.seen_at, device.waiting, device.battery, device.held, device.app) == (NOON, 7, 81, 1204, "0.2.0")
    assert (device.oldest_waiting_at, device.data_at) == (NOON - timedelta(minutes=3),) * 2
    assert device.skew_ms == 0


@on_one_engine
async def test_what_a_wrong_clock_says_is_told_by_ours(cast: Cast) -> None:
    browser, device_id = await phone(cast)
    slow = cast.clock.now() - timedelta(hours=1)
    told = {"waiting": 1, "oldest_waiting_at": (slow - timedelta(minutes=5)).isoformat()}

    await browser.post(f"{cast.api}/device", json={**told, "sent_at": slow.isoformat()})

    device = await device_of(cast, device_id)
    assert (device.skew_ms, device.oldest_waiting_at) == (3_600_000, NOON - timedelta(minutes=5))


IMPOSSIBLE = {
    "the year 1": ("0001-01-01T00:00:00+14:00", NOON - timedelta(days=7)),
    "the year 9999": ("9999-12-31T23:59:59-12:00", NOON),
}


@pytest.mark.parametrize(("moment", "kept"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
async def test_a_clock_that_is_out_of_its_mind_is_heard_all_the_same(cast: Cast, moment: str, kept: Any) -> None:
    browser, device_id = await phone(cast)

    listed = await browser.post(f"{cast.api}/device", json=report(cast, data_at=moment))
    data_at = (await device_of(cast, device_id)).data_at
    cast.clock.forward(seconds=10)
    sent = await browser.post(f"{cast.api}/device", json={"sent_at": moment, "waiting": 1, "oldest_waiting_at": moment})

    assert (listed.status_code, sent.status_code) == (200, 200)
    device = await device_of(cast, device_id)
    assert (data_at, device.oldest_waiting_at) == (kept, cast.clock.now())
    assert abs(device.skew_ms or 0) == 2**31 - 1


@on_one_engine
async def test_a_device_that_reports_too_often_is_written_once_in_five_seconds(cast: Cast) -> None:
    browser, device_id = await phone(cast)
    seen = []

    for seconds, waiting in ((0, 0), (2, 0), (1, 1), (3, 2), (5, 2)):
        cast.clock.forward(seconds=seconds)
        await browser.post(f"{cast.api}/device", json=report(cast, waiting=waiting))
        device = await device_of(cast, device_id)
        seen.append((device.waiting, device.seen_at and int((device.seen_at - NOON).total_seconds())))

    assert seen == [(0, 0), (0, 0), (1, 3), (1, 3), (2, 11)]


async def test_a_steward_signs_on_and_the_device_shows_who_it_is(cast: Cast) -> None:
    (browser, device_id), (added, pin) = await phone(cast), await steward(cast, lead=True)

    answer = await browser.post(f"{cast.api}/device/sign-on", json={"pin": pin})
    signed = {"Yingbin-Steward": answer.json()["credential"]}
    with_it = await browser.post(f"{cast.api}/device", json=report(cast), headers=signed)
    on_duty = (await device_of(cast, device_id)).steward
    without = await browser.post(f"{cast.api}/device", json=report(cast))

    assert answer.status_code == 200
    assert answer.json()["steward"] == {"id": str(added.id), "name": "陈小满", "lead": True}
    assert (with_it.json()["steward_valid"], without.json()["steward_valid"]) == (True, False)
    assert (on_duty, (await device_of(cast, device_id)).steward) == ("陈小满", "")


@on_one_engine
async def test_a_device_is_told_when_the_stewards_pin_was_renewed(cast: Cast) -> None:
    (browser, device_id), (added, pin) = await phone(cast), await steward(cast, lead=True)
    answer = await browser.post(f"{cast.api}/device/sign-on", json={"pin": pin})
    signed = {"Yingbin-Steward": answer.json()["credential"]}

    before = await browser.post(f"{cast.api}/device", json=report(cast), headers=signed)
    await cast.organiser.post(f"/desk/{cast.event.slug}/door/stewards/{added.id}/pin", data={"mark": added.mark})
    cast.clock.forward(seconds=15)
    after = await browser.post(f"{cast.api}/device", json=report(cast), headers=signed)

    assert (before.json()["steward_valid"], after.json()["steward_valid"]) == (True, False)
    assert (await device_of(cast, device_id)).steward == ""


@on_one_engine
async def test_a_forged_or_foreign_credential_is_nobodys(cast: Cast) -> None:
    (one, _), (two, _), (_, pin) = await phone(cast), await phone(cast, name="B"), await steward(cast)
    foreign = (await two.post(f"{cast.api}/device/sign-on", json={"pin": pin})).json()["credential"]

    answers = [
        await one.post(f"{cast.api}/device", json=report(cast), headers={"Yingbin-Steward": text})
        for text in (foreign, FORGED, "x")
    ]

    assert [answer.json()["steward_valid"] for answer in answers] == [False] * 3


@on_one_engine
async def test_a_wrong_pin_is_refused_and_guessing_is_braked_for_this_device_only(cast: Cast) -> None:
    (one, _), (two, _), (_, pin) = await phone(cast), await phone(cast, name="B"), await steward(cast)
    wrong = "591738" if pin != "591738" else "591739"

    answers = [await one.post(f"{cast.api}/device/sign-on", json={"pin": wrong}) for _ in range(10)]
    braked = await one.post(f"{cast.api}/device/sign-on", json={"pin": pin})
    elsewhere = await two.post(f"{cast.api}/device/sign-on", json={"pin": pin})

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(401, "wrong_pin")}
    assert (braked.status_code, braked.json()["code"]) == (429, "too_many")
    assert 0 < int(braked.headers["retry-after"]) <= 300
    assert elsewhere.status_code == 200


@on_one_engine
@pytest.mark.parametrize("pin", ["12345", "1234567", "12 456", "１２３４５６", 123456, None])
async def test_what_is_no_pin_is_not_tried(cast: Cast, pin: object) -> None:
    browser, _ = await phone(cast)

    answer = await browser.post(f"{cast.api}/device/sign-on", json={"pin": pin})

    assert (answer.status_code, [field["field"] for field in answer.json()["fields"]]) == (422, ["pin"])


WRONG = {
    "no time": {"sent_at": None},
    "a time without a zone": {"sent_at": "2026-03-02T12:00:00"},
    "fewer than no scans": {"waiting": -1},
    "more than a full battery": {"battery": 101},
    "a number that is none": {"battery": "NaN"},
    "a long version": {"app": "x" * 81},
    "something else": {"else": 1},
}


@on_one_engine
@pytest.mark.parametrize("given", WRONG.values(), ids=WRONG)
async def test_a_report_that_is_none_is_refused(cast: Cast, given: dict[str, Any]) -> None:
    browser, device_id = await phone(cast)

    answer = await browser.post(f"{cast.api}/device", json=report(cast, **given))

    assert (answer.status_code, [field["field"] for field in answer.json()["fields"]]) == (422, list(given))
    assert (await device_of(cast, device_id)).seen_at is None


async def test_a_withdrawn_device_is_told_so(cast: Cast) -> None:
    browser, device_id = await phone(cast)
    await cast.organiser.post(f"/desk/valley-launch/door/devices/{device_id}/withdraw")

    answers = [
        await browser.post(f"{cast.api}/device", json=report(cast)),
        await browser.post(f"{cast.api}/device/sign-on", json={"pin": "724905"}),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(401, "device_revoked")] * 2


@on_one_engine
async def test_only_a_device_reports_and_signs_on(cast: Cast) -> None:
    browser, _ = await phone(cast)
    bodies = {"/device": report(cast), "/device/sign-on": {"pin": "724905"}}
    callers = (cast.steward, cast.organiser, cast.protocol, cast.outsider, cast.stranger)

    codes = [
        [(await each.post(cast.api + path, json=body)).status_code for each in callers] for path, body in bodies.items()
    ]
    other = await browser.post("/api/v1/events/other-event/device", json=report(cast))

    assert codes == [[403, 403, 403, 404, 401]] * 2
    assert other.status_code == 404


@on_one_engine
async def test_the_desk_sees_every_device_with_what_is_worth_a_look(cast: Cast) -> None:
    (browser, device_id), (_, silent) = await phone(cast, name="A"), await phone(cast, name="B")
    await browser.post(f"{cast.api}/device", json=report(cast, battery=9, held=3))

    answer = await (await cast.token(Scope.DESK)).get(f"{cast.api}/devices")

    one, two = answer.json()["devices"]
    assert (one["id"], one["name"], one["seen_at"], one["battery"]) == (str(device_id), "A", NOON.isoformat(), 9)
    assert (one["gate_id"], one["held"], one["concerns"]) == (str(cast.gate.id), 3, ["battery_low"])
    assert (two["id"], two["seen_at"], two["concerns"]) == (str(silent), None, ["unseen"])


@on_one_engine
async def test_the_list_of_devices_is_the_desks(cast: Cast) -> None:
    browser, _ = await phone(cast)

    callers = (browser, cast.steward, cast.protocol, cast.outsider, cast.stranger)

    assert [(await each.get(f"{cast.api}/devices")).status_code for each in callers] == [403, 403, 403, 404, 401]
