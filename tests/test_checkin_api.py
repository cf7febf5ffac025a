from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from events.core.auth import Scope
from tests.cast import Cast, on_one_engine

pytestmark = on_one_engine


async def _refused(cast: Cast, scan: dict[str, Any]) -> dict[str, str]:
    answer = await cast.steward.post(f"{cast.api}/scans", json={"scans": [scan]})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    return {field["field"]: field["code"] for field in answer.json()["fields"]}


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"code": ""}, {"code": "missing"}),
        ({"code": "Y1", "guest_id": str(uuid4())}, {"code": "missing"}),
        ({"code": "x" * 3000}, {"scans.0.code": "too_long"}),
        ({"colour": "red"}, {"scans.0.colour": "unknown_field"}),
        ({"id": "7"}, {"scans.0.id": "not_valid"}),
        ({"gate": None}, {"scans.0.gate": "not_valid"}),
        ({"guest_id": "nobody"}, {"scans.0.guest_id": "not_valid"}),
        ({"scanned_at": "2026-03-02T12:00:00"}, {"scans.0.scanned_at": "not_valid"}),
        ({"scanned_at": "0001-01-01T00:00:00+14:00"}, {"scans.0.scanned_at": "not_valid"}),
        ({"scanned_at": "9999-12-31T23:59:59-12:00"}, {"scans.0.scanned_at": "not_valid"}),
        ({"direction": "sideways"}, {"scans.0.direction": "not_valid"}),
        ({"override": {"reason": ""}}, {"scans.0.override.reason": "missing"}),
        ({"override": {"reason": "x" * 201}}, {"scans.0.override.reason": "too_long"}),
    ],
)
async def test_a_scan_that_cannot_be_is_refused_by_field(
    cast: Cast, given: dict[str, Any], fields: dict[str, str]
) -> None:
    assert await _refused(cast, {**cast.scan("Y1"), **given}) == fields


async def test_a_batch_holds_one_to_a_thousand_scans(cast: Cast) -> None:
    guest = await cast.guest()
    scan = cast.scan(guest.code)

    refused = [await cast.steward.post(f"{cast.api}/scans", json={"scans": scans}) for scans in ([], [scan] * 1001)]
    taken = await cast.scanned(*[scan] * 1000)

    assert [answer.status_code for answer in refused] == [422, 422]
    assert [answer.json()["fields"][0]["code"] for answer in refused] == ["missing", "too_long"]
    assert taken == [taken[0]] * 1000


@pytest.mark.parametrize("body", [b"", b"{", b"scans", b'{"scans": "\xff"}', b'{"scans": "\\ud800"}'])
async def test_what_is_no_json_is_malformed(cast: Cast, body: bytes) -> None:
    answer = await cast.steward.post(f"{cast.api}/scans", content=body)

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_body_of_more_than_a_megabyte_is_too_large(cast: Cast) -> None:
    answer = await cast.steward.post(f"{cast.api}/scans", content=b" " * 1_000_001)

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_slug_and_id_address_the_same_event(cast: Cast) -> None:
    guest = await cast.guest()
    scan = cast.scan(guest.code)
    [by_id] = await cast.scanned(scan)

    by_slug = await cast.steward.post(f"/api/v1/events/{cast.event.slug}/scans", json={"scans": [scan]})

    assert by_slug.json() == {"results": [by_id]}


@pytest.mark.parametrize("name", ["summary", "board", "door-search?q=a", "gates", "attendance.json"])
async def test_an_event_that_is_not_there_is_not_found(cast: Cast, name: str) -> None:
    for event in ("no-such-event", str(uuid4())):
        answer = await cast.organiser.get(f"/api/v1/events/{event}/{name}")

        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_another_events_token_finds_nothing_here(cast: Cast) -> None:
    for event in (cast.event.slug, str(cast.event.id)):
        path = f"/api/v1/events/{event}"

        answers = [
            await cast.outsider.get(f"{path}/summary"),
            await cast.outsider.get(f"{path}/gates"),
            await cast.outsider.post(f"{path}/scans", json={"scans": [cast.scan("Y1")]}),
            await cast.outsider.post(f"{path}/scans/{uuid4()}/undo", json={"id": str(uuid4())}),
        ]

        assert [answer.status_code for answer in answers] == [404] * 4


async def test_a_token_that_reads_does_not_open_the_door(cast: Cast) -> None:
    reader = await cast.token(Scope.READ)

    scanned = await reader.post(f"{cast.api}/scans", json={"scans": [cast.scan("Y1")]})
    sought = await reader.get(f"{cast.api}/door-search?q=a")
    read = await reader.get(f"{cast.api}/attendance.json")

    assert [answer.status_code for answer in (scanned, sought, read)] == [403, 403, 200]


async def test_nobody_scans_without_signing_in(cast: Cast) -> None:
    answer = await cast.stranger.post(f"{cast.api}/scans", json={"scans": [cast.scan("Y1")]})

    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_the_search_tells_eight_people_at_most_and_no_address(cast: Cast) -> None:
    for number in range(9):
        await cast.guest(f"陈{number}", email=f"chen{number}@example.com", phone=f"+8522123456{number}")

    found = (await cast.steward.get(f"{cast.api}/door-search", params={"q": "陈"})).json()["guests"]

    shown = {"id", "name", "name_latin", "organisation", "category", "category_name", "category_colour", "status"}
    assert len(found) == 8
    assert {key for row in found for key in row} == shown | {"inside", "first_at"}


async def test_an_empty_search_shows_nobody(cast: Cast) -> None:
    await cast.guest("陈伟")

    answers = [await cast.steward.get(f"{cast.api}/door-search", params={"q": query}) for query in ("陈", "", "  ")]

    assert [len(answer.json()["guests"]) for answer in answers] == [1, 0, 0]


@pytest.mark.parametrize("query", ["%", "_", "'", "\\", "陈" * 400, "\U0001f600", "\x00", "\u202e"])
async def test_a_search_for_anything_finds_nobody_and_harms_nothing(cast: Cast, query: str) -> None:
    await cast.guest("陈伟")

    answer = await cast.steward.get(f"{cast.api}/door-search", params={"q": query})

    assert (answer.status_code, answer.json()) == (200, {"guests": []})


@pytest.mark.parametrize(("language", "name"), [("zh-Hans", "嘉宾"), ("zh-Hant", "嘉賓"), ("en", "Guest")])
async def test_the_category_is_named_in_the_readers_language(cast: Cast, language: str, name: str) -> None:
    guest = await cast.guest()
    headers = {"Accept-Language": language}

    scanned = await cast.steward.post(f"{cast.api}/scans", json={"scans": [cast.scan(guest.code)]}, headers=headers)
    sought = await cast.steward.get(f"{cast.api}/door-search", params={"q": "陈"}, headers=headers)

    assert scanned.json()["results"][0]["guest"]["category_name"] == name
    assert sought.json()["guests"][0]["category_name"] == name


async def test_a_lead_lets_in_against_an_amber_verdict_and_a_steward_does_not(cast: Cast) -> None:
    closed = (cast.clock.now() - timedelta(minutes=1)).isoformat()
    gate = (await cast.organiser.post(f"{cast.api}/gates", json={"name": "Early", "closes_at": closed})).json()["id"]
    guest = await cast.guest()
    override = {"override": {"reason": "speaker"}}

    [late] = await cast.scanned(cast.scan(guest.code, gate=gate))
    steward = await cast.steward.post(
        f"{cast.api}/scans", json={"scans": [cast.scan(guest.code, gate=gate, **override)]}
    )
    [lead] = await cast.scanned(cast.scan(guest.code, gate=gate, **override), by=cast.organiser)

    assert (late["verdict"], late["admits"]) == ("too_late", False)
    assert (steward.status_code, steward.json()["code"]) == (403, "forbidden")
    assert (lead["verdict"], lead["admits"]) == ("admitted", True)
