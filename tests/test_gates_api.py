"""Gates by script: opened, listed, changed with the version that was read, removed while nothing refers to them."""

from typing import Any
from uuid import uuid4

import anyio
import httpx
import pytest

from checkin.models import Gate
from events.core.auth import Scope
from tests.cast import Cast, on_one_engine

pytestmark = on_one_engine


def _address(cast: Cast, gate: Gate | None = None) -> str:
    return f"{cast.api}/gates/{(gate or cast.gate).id}"


async def _listed(cast: Cast) -> list[dict[str, Any]]:
    return (await cast.steward.get(f"{cast.api}/gates")).json()["gates"]


async def test_a_gate_is_opened_and_listed(cast: Cast) -> None:
    described = {
        "name": "Hall",
        "kind": "zone",
        "admits": ["vip", "guest"],
        "reentry": "after_exit",
        "zone": "hall",
        "opens_at": "2026-03-02T13:30:00+08:00",
        "closes_at": None,
        "limit": 80,
    }

    made = await cast.organiser.post(f"{cast.api}/gates", json=described)
    listed = (await cast.steward.get(f"{cast.api}/gates")).json()["gates"]

    kept = {**described, "admits": ["guest", "vip"], "opens_at": "2026-03-02T05:30:00+00:00"}
    assert made.status_code == 201
    assert [gate["name"] for gate in listed] == [cast.gate.name, "Hall"]
    assert {**listed[1], "opens_at": "2026-03-02T05:30:00+00:00"} == {"id": made.json()["id"], **kept, "version": 1}


@pytest.mark.parametrize(
    ("given", "status", "code", "fields"),
    [
        ({"name": ""}, 422, "invalid", {"name": "missing"}),
        ({"name": "x" * 81}, 422, "invalid", {"name": "too_long"}),
        ({"admits": ["astronaut"]}, 422, "invalid", {"admits": "not_offered"}),
        ({"limit": 0}, 422, "invalid", {"limit": "not_valid"}),
        ({"opens_at": "2026-03-02T12:00:00"}, 422, "invalid", {"opens_at": "not_valid"}),
        ({"opens_at": "0001-01-01T00:00:00+14:00"}, 422, "invalid", {"opens_at": "not_valid"}),
        ({"colour": "red"}, 422, "invalid", {"colour": "unknown_field"}),
    ],
)
async def test_a_gate_that_cannot_be_is_refused_by_field(
    cast: Cast, given: dict[str, Any], status: int, code: str, fields: dict[str, str]
) -> None:
    answer = await cast.organiser.post(f"{cast.api}/gates", json={"name": "South", **given})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert {field["field"]: field["code"] for field in answer.json()["fields"]} == fields


async def test_a_gate_name_that_is_taken_is_a_conflict(cast: Cast) -> None:
    answer = await cast.organiser.post(f"{cast.api}/gates", json={"name": cast.gate.name})

    assert (answer.status_code, answer.json()["code"]) == (409, "gate_taken")
    assert cast.gate.name in answer.json()["detail"]


async def test_only_the_desk_opens_gates(cast: Cast) -> None:
    answers = [await who.post(f"{cast.api}/gates", json={"name": "South"}) for who in (cast.steward, cast.protocol)]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert [gate["name"] for gate in (await cast.steward.get(f"{cast.api}/gates")).json()["gates"]] == [cast.gate.name]


async def test_a_script_changes_what_it_names_and_leaves_the_rest(cast: Cast) -> None:
    changes = {"admits": ["vip"], "zone": "hall", "limit": 40, "closes_at": "2026-03-02T18:00:00+08:00"}
    [before] = await _listed(cast)

    changed = await cast.organiser.patch(_address(cast), json=changes, headers={"If-Match": '"1"'})

    after = {**before, **changes, "closes_at": "2026-03-02T10:00:00+00:00", "version": 2}
    assert (changed.status_code, changed.headers["etag"], changed.json()) == (200, '"2"', after)
    assert await _listed(cast) == [after]


async def test_an_older_version_overwrites_nothing(cast: Cast) -> None:
    await cast.organiser.patch(_address(cast), json={"zone": "hall"}, headers={"If-Match": '"1"'})

    stale = await cast.organiser.patch(_address(cast), json={"zone": "yard"}, headers={"If-Match": '"1"'})

    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert [(gate["zone"], gate["version"]) for gate in await _listed(cast)] == [("hall", 2)]


@pytest.mark.parametrize("headers", [{}, {"If-Match": "*"}])
async def test_without_a_version_the_current_one_is_meant(cast: Cast, headers: dict[str, str]) -> None:
    changed = await cast.organiser.patch(_address(cast), json={"zone": "hall"}, headers=headers)

    assert (changed.status_code, changed.json()["zone"]) == (200, "hall")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"[]", 422, "invalid"),
        (b"{", 400, "malformed"),
        (b'{"limit": 0}', 422, "invalid"),
        (b'{"name": ""}', 422, "invalid"),
        (b'{"colour": "red"}', 422, "invalid"),
        (b'{"opens_at": "2026-03-02T10:00:00Z", "closes_at": "2026-03-02T09:00:00Z"}', 422, "invalid"),
    ],
)
async def test_a_change_that_cannot_be_leaves_the_gate(cast: Cast, body: bytes, status: int, code: str) -> None:
    before = await _listed(cast)

    answer = await cast.organiser.patch(_address(cast), content=body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await _listed(cast) == before


async def test_a_change_rings_whoever_watches_the_event(cast: Cast) -> None:
    bell = cast.state["live"].bell(cast.event.id)

    await cast.organiser.patch(_address(cast), json={"zone": "hall"})

    with anyio.fail_after(1):
        await bell.wait()
    assert bell.is_set()


async def test_a_gate_that_nobody_used_is_removed(cast: Cast) -> None:
    made = (await cast.organiser.post(f"{cast.api}/gates", json={"name": "South"})).json()
    names = [gate["name"] for gate in await _listed(cast)]

    removed = await cast.organiser.delete(f"{cast.api}/gates/{made['id']}", headers={"If-Match": '"1"'})

    assert (removed.status_code, removed.content) == (204, b"")
    assert (names, [gate["name"] for gate in await _listed(cast)]) == ([cast.gate.name, "South"], [cast.gate.name])


async def test_a_gate_with_scans_is_not_removed(cast: Cast) -> None:
    await cast.scanned(cast.scan((await cast.guest()).code))

    kept = await cast.organiser.delete(_address(cast))

    assert (kept.status_code, kept.json()["code"]) == (409, "gate_used")
    assert [gate["name"] for gate in await _listed(cast)] == [cast.gate.name]


async def test_only_the_desk_changes_gates_and_only_of_its_event(cast: Cast) -> None:
    async def tried(who: httpx.AsyncClient, path: str) -> list[int]:
        return [answer.status_code for answer in (await who.patch(path, json={"zone": "x"}), await who.delete(path))]

    reader = await cast.token(Scope.DOOR)

    assert await tried(cast.stranger, _address(cast)) == [401, 401]
    assert await tried(reader, _address(cast)) == [403, 403]
    assert await tried(cast.outsider, _address(cast)) == [404, 404]
    assert await tried(cast.organiser, f"{cast.api}/gates/{uuid4()}") == [404, 404]
    assert [(gate["zone"], gate["version"]) for gate in await _listed(cast)] == [("", 1)]
