from typing import Any
from uuid import uuid4

import httpx
import sqlalchemy as sa

from checkin.credential import STEWARD_HEADER
from checkin.tables import settlements
from tests.cast import Cast
from tests.phones import paired, signed_on


async def _conflicts(cast: Cast, by: httpx.AsyncClient | None = None, **headers: str) -> list[dict[str, Any]]:
    answer = await (by or cast.organiser).get(f"{cast.api}/conflicts", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["conflicts"]


async def _two_doors(cast: Cast, name: str = "陈伟") -> str:
    """A guest whom two doors have both let in for the first time; the scan that was second to arrive."""
    guest = await cast.guest(name)
    await cast.scanned(cast.scan(guest.code))
    [second] = await cast.scanned(cast.scan(guest.code, mode="offline", local_verdict="admitted"))
    return second["id"]


async def test_an_event_without_conflicts_has_none(cast: Cast) -> None:
    guest = await cast.guest()
    await cast.scanned(cast.scan(guest.code), cast.scan(guest.code))

    assert await _conflicts(cast) == []


async def test_a_lead_sees_what_the_server_and_the_device_said(cast: Cast) -> None:
    scan_id = await _two_doors(cast)

    [found] = await _conflicts(cast)

    assert {**found, "guest": found["guest"]["name"]} == {
        "scan": scan_id,
        "guest": "陈伟",
        "direction": "entry",
        "mode": "offline",
        "verdict": "already_inside",
        "local_verdict": "admitted",
        "entered": True,
        "override_reason": "",
        "gate": cast.gate.name,
        "at": found["at"],
        "by": "steward",
        "settled": None,
    }
    assert found["guest"]["category_name"] == "Guest"


async def test_what_a_device_decided_when_the_answer_was_late_is_seen_too(cast: Cast) -> None:
    guest = await cast.guest()
    scan = cast.scan(guest.code, local_verdict="admitted")
    await cast.scanned(scan)
    agreed = await _conflicts(cast)

    await cast.scanned({**scan, "mode": "offline", "local_verdict": "not_confirmed"})

    [found] = await _conflicts(cast)
    assert agreed == []
    assert (found["verdict"], found["local_verdict"], found["entered"]) == ("admitted", "not_confirmed", False)


async def test_somebody_whom_nobody_knows_is_shown_without_a_guest(cast: Cast) -> None:
    await cast.scanned(cast.scan("nonsense", mode="offline", local_verdict="valid_unsynced"))

    [found] = await _conflicts(cast)

    assert (found["guest"], found["verdict"], found["local_verdict"]) == (None, "unknown", "valid_unsynced")


async def test_the_latest_conflict_stands_first(cast: Cast) -> None:
    ids = [await _two_doors(cast, name) for name in ("一", "二")]

    assert [found["scan"] for found in await _conflicts(cast)] == ids[::-1]


async def test_settling_is_noted_once_with_who_and_why(cast: Cast) -> None:
    scan_id, now = await _two_doors(cast), cast.clock.now()
    path = f"{cast.api}/conflicts/{scan_id}"

    first = await cast.organiser.post(path, json={"note": "同一人"})
    cast.clock.forward(minutes=1)
    again = await cast.organiser.post(path, json={"note": "看错了"})

    [found] = await _conflicts(cast)
    kept = await cast.database.read(lambda tx: tx.execute(sa.select(sa.func.count()).select_from(settlements)))
    assert (first.status_code, again.status_code, kept.scalar_one()) == (200, 200, 1)
    assert found["settled"] == {"at": now.isoformat(), "by": "organiser@example.org", "note": "同一人"}


async def test_an_undone_scan_is_no_conflict_any_more(cast: Cast) -> None:
    scan_id = await _two_doors(cast)
    before = await _conflicts(cast)

    await cast.steward.post(f"{cast.api}/scans/{scan_id}/undo", json={"id": str(uuid4())})

    assert ([found["scan"] for found in before], await _conflicts(cast)) == ([scan_id], [])


async def test_what_is_no_conflict_cannot_be_settled(cast: Cast) -> None:
    guest = await cast.guest()
    [agreed] = await cast.scanned(cast.scan(guest.code))

    answers = [
        await cast.organiser.post(f"{cast.api}/conflicts/{scan_id}", json={}) for scan_id in (agreed["id"], uuid4())
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, "not_found")] * 2


async def test_a_lead_on_a_device_settles_and_is_named(cast: Cast) -> None:
    scan_id, phone = await _two_doors(cast), await paired(cast)
    headers = {STEWARD_HEADER: await signed_on(cast, phone, "林若晴", lead=True)}

    seen = await _conflicts(cast, phone.browser, **headers)
    settled = await phone.browser.post(f"{cast.api}/conflicts/{scan_id}", json={"note": "同一人"}, headers=headers)

    [found] = await _conflicts(cast)
    assert ([each["scan"] for each in seen], settled.status_code) == ([scan_id], 200)
    assert found["settled"]["by"] == f"device:{phone.id} (林若晴)"


async def test_stewards_and_outsiders_see_no_conflicts(cast: Cast) -> None:
    scan_id, phone = await _two_doors(cast), await paired(cast)
    helper = {STEWARD_HEADER: await signed_on(cast, phone, "陈小满", lead=False)}
    path = f"{cast.api}/conflicts"

    refused = [
        await cast.steward.get(path),
        await phone.browser.get(path),
        await phone.browser.get(path, headers=helper),
        await phone.browser.post(f"{path}/{scan_id}", json={}, headers=helper),
    ]
    outside = [await cast.outsider.get(path), await cast.outsider.post(f"{path}/{scan_id}", json={})]

    assert [found["scan"] for found in await _conflicts(cast)] == [scan_id]
    assert [answer.status_code for answer in refused] == [403] * 4
    assert [answer.status_code for answer in outside] == [404] * 2
