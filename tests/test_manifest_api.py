import gzip
from datetime import datetime
from typing import Any

import pytest

from checkin.models import Direction
from events.core.auth import Scope
from events.pool import pool_size
from tests.cast import NOON, Cast, on_one_engine
from tests.phones import paired


def _row(guest_id: object, page: dict[str, Any]) -> dict[str, Any]:
    row = next(row for row in page["guests"] if row[0] == str(guest_id))
    return dict(zip(page["columns"], row, strict=True))


async def test_a_paired_phone_takes_the_event_and_later_what_changed(cast: Cast) -> None:
    phone, guest = await paired(cast), await cast.guest("单立民", organisation="河套发展署")
    full = await phone.browser.get(f"{cast.api}/manifest", params={"gate": str(cast.gate.id)})
    cast.clock.forward(minutes=5)
    await cast.scanned(cast.scan(guest.code))

    delta = await phone.browser.get(f"{cast.api}/manifest", params={"since": full.json()["cursor"]})

    before, now = _row(guest.id, full.json()), _row(guest.id, delta.json())
    assert (before["inside"], before["first_at"]) == (False, None)
    assert (now["inside"], now["first_gate"], now["first_by"]) == (True, cast.gate.name, "steward")
    assert (len(full.json()["tickets"]), delta.json()["tickets"]) == (pool_size(200), [])
    assert full.headers["cache-control"] == "no-store"


async def test_the_gates_are_told_as_the_gates_address_tells_them(cast: Cast) -> None:
    hours = {"opens_at": "2026-03-02T13:00:00+08:00", "closes_at": None}
    await cast.organiser.post(f"{cast.api}/gates", json={"name": "展厅", "admits": ["vip", "guest"], **hours})

    told = (await cast.steward.get(f"{cast.api}/manifest")).json()["gates"]

    assert len(told) == 2
    assert told == (await cast.steward.get(f"{cast.api}/gates")).json()["gates"]


@on_one_engine
async def test_whoever_has_the_door_may_take_it_and_nobody_else(cast: Cast) -> None:
    phone, reader = await paired(cast), await cast.token(Scope.READ)
    askers = (phone.browser, cast.steward, cast.organiser, reader, cast.protocol, cast.stranger, cast.outsider)

    answers = [await asker.get(f"{cast.api}/manifest") for asker in askers]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 403, 403, 401, 404]


@on_one_engine
async def test_a_phone_of_one_event_does_not_get_another(cast: Cast) -> None:
    phone = await paired(cast)

    answer = await phone.browser.get("/api/v1/events/other-event/manifest")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@on_one_engine
@pytest.mark.parametrize("gate", ["0190aaaa-0000-7000-8000-000000000000", "north"])
async def test_a_gate_that_the_event_has_not_is_refused(cast: Cast, gate: str) -> None:
    answer = await cast.steward.get(f"{cast.api}/manifest", params={"gate": gate})

    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_gate")


@on_one_engine
async def test_it_travels_compressed(cast: Cast) -> None:
    await cast.guest()

    async with cast.steward.stream("GET", f"{cast.api}/manifest", headers={"Accept-Encoding": "gzip"}) as answer:
        raw = b"".join([part async for part in answer.aiter_raw()])

    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw).startswith(b'{"format":1,')


async def test_an_exit_scan_is_told_as_such(cast: Cast) -> None:
    guest = await cast.guest()
    await cast.scanned(cast.scan(guest.code))
    await cast.scanned(cast.scan(guest.code, direction=Direction.EXIT.value))

    row = _row(guest.id, (await cast.steward.get(f"{cast.api}/manifest")).json())

    assert (row["inside"], row["exited"], row["zone"]) == (False, True, "")
    assert NOON == datetime.fromisoformat(row["first_at"]) < datetime.fromisoformat(row["last_at"])
