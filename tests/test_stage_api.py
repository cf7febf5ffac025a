from typing import Any
from uuid import uuid4

import anyio
import httpx
import pytest

from events.core.auth import Scope
from events.models import Guest
from tests.cast import Cast, on_one_engine
from tests.stage_crew import Crew

WORDS = {"authority": "主席", "reason": "航班延误"}
ZH = {"Accept-Language": "zh-Hans"}


async def _signing(cast: Cast, *people: Guest, **given: Any) -> dict[str, Any]:
    """What a script sends to plan a signing."""
    parties = [{"name": {"zh_hans": f"第{number}方"}} for number, _ in enumerate(people, 1)]
    parts = [
        {"role": "signatory", "party": number, "guest_id": str(guest.id)} for number, guest in enumerate(people, 1)
    ]
    return {"title": {"zh_hans": "合作协议"}, "parties": parties, "participants": parts, **given}


async def _made(cast: Cast, *names: str, place: str = "") -> dict[str, Any]:
    """A round that guests of those names sign, as the API answers it; in a segment of its own unless one is named."""
    people = [await cast.guest(name) for name in names or ("甲", "丙")]
    place = place or str(await Crew(cast.database, cast.event).segment())
    answer = await cast.protocol.post(f"{cast.api}/segments/{place}/rounds", json=await _signing(cast, *people))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def _pressed(cast: Cast, made: dict[str, Any], *acts: str) -> httpx.Response:
    for act in acts[:-1]:
        answer = await cast.protocol.post(_at(cast, made, act))
        assert answer.status_code == 200, answer.text
    return await cast.protocol.post(_at(cast, made, acts[-1]))


def _at(cast: Cast, made: dict[str, Any], leaf: str = "") -> str:
    return f"{cast.api}/rounds/{made['id']}{leaf and '/' + leaf}"


def _by(name: str) -> dict[str, dict[str, str]]:
    return {"guest": {"name": name}}


async def test_a_round_is_planned_listed_and_shown_with_its_etag(cast: Cast) -> None:
    made = await _made(cast, "甲", "丙")

    shown = await cast.protocol.get(_at(cast, made))
    listed = (await cast.script.get(f"{cast.api}/rounds")).json()

    assert (shown.json(), shown.headers["etag"]) == (made, '"1"')
    assert listed == {"rounds": [made]}
    assert (made["state"], made["number"], made["possible"]) == ("draft", 1, ["ready", "postpone", "withdraw"])
    assert [part["guest"]["name"] for part in made["participants"]] == ["甲", "丙"]


async def test_a_ceremony_is_conducted_by_the_api(cast: Cast) -> None:
    made = await _made(cast)

    closed = await _pressed(cast, made, "ready", "call", "stage", "sign", "exchange", "close")

    told = closed.json()
    assert (closed.status_code, closed.headers["etag"]) == (200, '"7"')
    assert (told["state"], told["possible"]) == ("closed", ["undo"])
    assert [each["act"] for each in told["transitions"]] == ["ready", "call", "stage", "sign", "exchange", "close"]
    assert {each["by"] for each in told["transitions"]} == {"protocol"}


async def test_reason_and_place_go_on_record(cast: Cast) -> None:
    made, said = await _made(cast), {"reason": "文件未齐", "where": "后台"}

    postponed = await cast.protocol.post(_at(cast, made, "postpone"), json=said)

    [told] = postponed.json()["transitions"]
    assert {name: told[name] for name in said} == said


async def test_a_change_names_its_version_and_the_rest_stays(cast: Cast) -> None:
    made = await _made(cast)

    changed = await cast.protocol.patch(_at(cast, made), json={"copies": 4}, headers={"If-Match": '"1"'})

    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert changed.json() == {**made, "copies": 4, "version": 2}


async def test_what_comes_too_late_is_answered_with_who_changed_what_and_when(cast: Cast) -> None:
    made = await _made(cast)
    at = cast.clock.now().isoformat()
    await cast.protocol.patch(_at(cast, made), json={"copies": 4, "title": {"en": "Treaty"}})
    await cast.organiser.post(_at(cast, made, "postpone"), json={"reason": "等文件"})
    old = {"If-Match": '"1"', **ZH}

    answers = [
        await cast.protocol.patch(_at(cast, made), json={"copies": 9}, headers=old),
        await cast.protocol.post(_at(cast, made, "ready"), headers=old),
        await cast.protocol.post(_at(cast, made, "move"), json={"position": 1}, headers=old),
        await cast.protocol.delete(_at(cast, made), headers=old),
        await cast.protocol.post(
            _at(cast, made, "substitute"),
            json={"participant": made["participants"][0]["id"], **_by("乙"), **WORDS},
            headers=old,
        ),
    ]

    edited = {"code": "round.edited", "what": "修改：名称 · 份数", "fields": ["title", "copies"], "version": 2}
    postponed = {"code": "round.postpone", "what": "延后", "fields": [], "version": 3}
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(412, "stale")] * 5
    assert [answer.json()["changes"] for answer in answers] == [
        [{**edited, "at": at, "by": "protocol"}, {**postponed, "at": at, "by": "organiser"}]
    ] * 5
    assert (await cast.protocol.get(_at(cast, made))).json()["copies"] == 4


async def test_a_round_that_is_not_ready_says_what_it_lacks_in_the_readers_language(cast: Cast) -> None:
    made = await _made(cast, "甲")

    refused = await cast.protocol.post(_at(cast, made, "ready"), headers={"Accept-Language": "zh-HK"})

    assert (refused.status_code, refused.json()["code"]) == (409, "round_faulty")
    assert [(fault["code"], fault["message"]) for fault in refused.json()["faults"]] == [("no_party", "簽約方不足兩方")]
    assert refused.json()["detail"] == "本輪尚未具備條件。"


async def test_somebody_new_takes_a_part_in_one_call(cast: Cast) -> None:
    made = await _made(cast, "甲", "丙")
    part = made["participants"][0]["id"]

    answer = await cast.protocol.post(
        _at(cast, made, "substitute"),
        json={"participant": part, "guest": {"name": "乙", "email": "yi@example.org"}, "title": {"en": "VP"}, **WORDS},
        headers={"If-Match": '"1"', **ZH},
    )

    told = answer.json()
    first = told["round"]["participants"][0]
    badge = await cast.organiser.get(f"{cast.api}/badges.pdf", params={"guest": first["guest"]["id"]})
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    assert told["substitution"] == told["round"]["substitutions"][0]
    assert told["substitution"]["line"] == "乙 代 甲 签"
    assert (first["id"], first["guest"]["name"], first["title"]["en"]) == (part, "乙", "VP")
    assert badge.content.startswith(b"%PDF")


async def test_a_guest_takes_a_part_and_the_attendance_marks_who_is_excused(cast: Cast) -> None:
    made, taker = await _made(cast, "甲", "丙"), await cast.guest("乙")
    given = {"participant": made["participants"][0]["id"], "guest_id": str(taker.id), **WORDS}

    answer = await cast.protocol.post(_at(cast, made, "substitute"), json=given)

    record = (await cast.protocol.get(f"{cast.api}/attendance.json")).json()
    by = {"represented_by": {"id": str(taker.id), "name": "乙", "name_latin": ""}}
    assert answer.status_code == 200
    assert {guest["name"]: guest["excused"] for guest in record["guests"]} == {"甲": by, "丙": None, "乙": None}


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({}, {"participant": "missing", "authority": "missing", "reason": "missing"}),
        ({"participant": str(uuid4()), **WORDS}, {"guest_id": "missing"}),
        ({"participant": str(uuid4()), "guest_id": str(uuid4()), **_by("乙"), **WORDS}, {"guest_id": "not_valid"}),
        ({"participant": str(uuid4()), **_by(""), **WORDS}, {"guest.name": "missing"}),
        ({"participant": str(uuid4()), **_by("乙"), **WORDS, "authority": " "}, {"authority": "missing"}),
    ],
)
@on_one_engine
async def test_a_substitution_that_says_too_little_is_refused_by_field(
    cast: Cast, given: dict[str, Any], fields: dict[str, str]
) -> None:
    made = await _made(cast)

    refused = await cast.protocol.post(_at(cast, made, "substitute"), json=given)

    assert refused.status_code == 422
    assert {field["field"]: field["code"] for field in refused.json()["fields"]} == fields


async def test_a_scan_at_the_door_shows_in_the_readiness_of_the_round(cast: Cast) -> None:
    guest, made = await cast.guest("丁"), await _made(cast, "甲", "丙")
    await cast.protocol.patch(
        _at(cast, made), json={"participants": [{"role": "signatory", "guest_id": str(guest.id)}]}
    )
    before = (await cast.protocol.get(_at(cast, made, "readiness"))).json()
    await cast.scanned(cast.scan(guest.code))

    after = (await cast.protocol.get(_at(cast, made, "readiness"))).json()

    assert [(told["needed"], told["present"], len(told["missing"])) for told in (before, after)] == [
        (1, 0, 1),
        (1, 1, 0),
    ]
    assert (after["people"][0]["last_gate"], after["minutes_to_cue"]) == (cast.gate.name, 120)


async def test_rounds_are_moved_and_removed(cast: Cast) -> None:
    first = await _made(cast, "甲", "乙")
    second = await _made(cast, "丙", "丁", place=first["segment_id"])

    moved = await cast.protocol.post(_at(cast, second, "move"), json={"position": 1}, headers={"If-Match": '"1"'})
    removed = await cast.protocol.delete(_at(cast, first))

    left = (await cast.protocol.get(f"{cast.api}/rounds")).json()["rounds"]
    assert (moved.status_code, moved.json()["number"], moved.headers["etag"]) == (200, 1, '"2"')
    assert (removed.status_code, removed.content) == (204, b"")
    assert [each["id"] for each in left] == [second["id"]]


@pytest.mark.parametrize("leaf", ["", "readiness"])
@on_one_engine
async def test_a_round_that_is_not_there_is_not_found(cast: Cast, leaf: str) -> None:
    answer = await cast.protocol.get(_at(cast, {"id": uuid4()}, leaf))

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@on_one_engine
async def test_every_change_rings_whoever_watches(cast: Cast) -> None:
    made = await _made(cast)
    bell = cast.state["live"].bell(cast.event.id)

    await _pressed(cast, made, "ready")

    with anyio.fail_after(1):
        await bell.wait()
    assert bell.is_set()


@on_one_engine
async def test_a_reader_reads_and_presses_nothing(cast: Cast) -> None:
    made, reader = await _made(cast), await cast.token(Scope.READ)

    shown = await reader.get(_at(cast, made))
    refused = await reader.post(_at(cast, made, "ready"))

    assert (shown.status_code, shown.json()["possible"]) == (200, [])
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert (await cast.outsider.get(_at(cast, made))).status_code == 404
