import json
import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import httpx
import pytest

from checkin.models import Profile
from checkin.wording import words
from events.core.i18n import Language
from tests import door_crew
from tests.cast import Cast, on_one_engine
from tests.programs import lines_of

pytestmark = on_one_engine


def _settings_in(page: httpx.Response) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="door">(.*?)</script>', page.text, re.DOTALL)
    assert found
    return json.loads(found[1])


async def test_the_door_offers_a_choice_where_several_events_are_coming(cast: Cast) -> None:
    page = await cast.steward.get("/door", params={"lang": "en"})

    assert page.status_code == 200
    assert re.findall(r'href="(/door/[^"]+)"', page.text) == ["/door/other-event", "/door/valley-launch"]
    assert "Launch of the Valley" in page.text


async def test_the_door_goes_straight_to_the_one_event_that_is_coming(cast: Cast) -> None:
    later = cast.event.ends_at + timedelta(days=1)
    described = {"slug": "tomorrow", "title": {"en": "Tomorrow"}, "starts_at": later.isoformat()}
    ends_at = (later + timedelta(hours=2)).isoformat()
    made = await cast.organiser.post("/api/v1/events", json={**described, "ends_at": ends_at})
    cast.clock.moment = cast.event.ends_at + timedelta(hours=2)

    answer = await cast.steward.get("/door")

    assert made.status_code == 201
    assert (answer.status_code, answer.headers["location"]) == (303, "/door/tomorrow")


async def test_without_a_coming_event_the_door_says_so(cast: Cast) -> None:
    cast.clock.forward(hours=12)

    page = await cast.steward.get("/door", params={"lang": "en"})

    assert "No event is coming up, so there is no door to open." in page.text


async def test_the_door_page_tells_its_script_where_to_ask(cast: Cast) -> None:
    guest = await cast.guest()
    door = _settings_in(await cast.steward.get(f"/door/{cast.event.slug}", headers={"Accept-Language": "en"}))
    urls = door["urls"]

    scanned = await cast.steward.post(urls["scans"], json={"scans": [cast.scan(guest.code, gate=door["gate"]["id"])]})
    found = await cast.steward.get(urls["search"] + "陈")
    counted = await cast.steward.get(urls["summary"])
    scan_id = scanned.json()["results"][0]["id"]
    undone = await cast.steward.post(urls["undo"].format(id=scan_id), json={"id": guest.id.hex, "reason": ""})

    assert scanned.json()["results"][0]["verdict"] == "admitted"
    assert [row["id"] for row in found.json()["guests"]] == [str(guest.id)]
    assert counted.json().items() >= {"expected": 1, "admitted": 1, "inside": 1}.items()
    assert undone.status_code == 200
    assert urls["stream"] == f"{cast.api}/board"


async def test_the_door_page_says_event_gate_and_who_is_on_duty(cast: Cast) -> None:
    south = (await cast.organiser.post(f"{cast.api}/gates", json={"name": "South"})).json()["id"]

    first = _settings_in(await cast.steward.get(f"/door/{cast.event.id}", params={"lang": "en"}))
    chosen = _settings_in(await cast.organiser.get(f"/door/{cast.event.slug}", params={"gate": south, "lang": "en"}))
    unknown = _settings_in(await cast.steward.get(f"/door/{cast.event.slug}", params={"gate": "nowhere"}))

    main = {"id": str(cast.gate.id), "name": cast.gate.name}
    event = {"id": str(cast.event.id), "slug": cast.event.slug, "title": "Launch of the Valley"}
    assert (first["event"], first["gate"], first["lead"]) == (event, main, False)
    assert first["gates"] == [main, {"id": south, "name": "South"}]
    assert (first["user"], first["timezone"]) == ({"name": "steward"}, "Asia/Shanghai")
    assert (chosen["gate"], chosen["lead"]) == ({"id": south, "name": "South"}, True)
    assert unknown["gate"] == main


@pytest.mark.parametrize("language", Language)
async def test_the_door_page_speaks_the_language_asked_for(cast: Cast, language: Language) -> None:
    page = await cast.steward.get(f"/door/{cast.event.slug}", params={"lang": language.value})

    assert f'<html lang="{language.value}">' in page.text
    assert page.headers["content-language"] == language.value
    assert _settings_in(page)["messages"] == words(language)
    assert cast.event.title.said_in(language) in unescape(page.text)
    assert cast.steward.cookies["yingbin_language"] == language.value


async def test_a_title_cannot_end_the_script_that_holds_it(cast: Cast) -> None:
    title = '</script><script>alert("1")</script>'
    starts_at, ends_at = (moment.isoformat() for moment in (cast.event.starts_at, cast.event.ends_at))
    described = {"slug": "quoted", "title": {"en": title}, "starts_at": starts_at, "ends_at": ends_at}
    await cast.organiser.post("/api/v1/events", json=described)

    page = await cast.steward.get("/door/quoted", params={"lang": "en"})

    assert _settings_in(page)["event"]["title"] == title
    assert "<script>alert" not in page.text


async def test_whoever_is_not_signed_in_is_asked_to(cast: Cast) -> None:
    answers = [await cast.stranger.get(path) for path in ("/door", "/door/valley-launch")]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert [answer.headers["location"] for answer in answers] == [
        "/desk/sign-in?next=%2Fdoor",
        "/desk/sign-in?next=%2Fdoor%2Fvalley-launch",
    ]


async def test_protocol_has_no_door_and_nobody_one_of_an_unknown_event(cast: Cast) -> None:
    answers = [
        await cast.protocol.get("/door"),
        await cast.protocol.get("/door/valley-launch"),
        await cast.steward.get("/door/no-such-event"),
        await cast.steward.get("/door/valley-launch"),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 404, 200]


async def test_a_steward_reaches_neither_desk_nor_exports(cast: Cast) -> None:
    names = ("attendance.pdf", "attendance.csv", "attendance.xlsx", "attendance.json", "badges.pdf")
    paths = [f"{base}/{name}" for base in (cast.api, f"/desk/{cast.event.slug}") for name in names]

    answers = [await cast.steward.get(path) for path in ("/desk", f"/desk/{cast.event.slug}", *paths)]

    assert [answer.status_code for answer in answers] == [403] * 12


@pytest.mark.parametrize(
    ("suffix", "kind", "begins"),
    [
        ("pdf", "application/pdf", b"%PDF-"),
        ("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbf"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
        ("json", "application/json", b"{"),
    ],
)
async def test_organiser_and_protocol_export_the_record(cast: Cast, suffix: str, kind: str, begins: bytes) -> None:
    await cast.guest()
    paths = [f"{base}/attendance.{suffix}" for base in (cast.api, f"/desk/{cast.event.slug}")]

    answers = [await who.get(path) for who in (cast.organiser, cast.protocol) for path in paths]

    assert [answer.status_code for answer in answers] == [200] * 4
    assert {answer.headers["content-type"] for answer in answers} == {kind}
    assert all(answer.content.startswith(begins) for answer in answers)


async def test_an_export_is_a_file_of_that_event_and_stays_in_no_cache(cast: Cast) -> None:
    answer = await cast.organiser.get(f"{cast.api}/attendance.csv")

    assert answer.headers["content-disposition"] == 'attachment; filename="valley-launch-attendance.csv"'
    assert answer.headers["cache-control"] == "no-store"


async def test_an_export_speaks_the_language_asked_for_else_the_readers(cast: Cast) -> None:
    readers = {"Accept-Language": "zh-Hant"}

    asked = await cast.organiser.get(f"{cast.api}/attendance.csv", params={"lang": "zh-Hans"}, headers=readers)
    own = await cast.organiser.get(f"{cast.api}/attendance.csv", headers=readers)
    unknown = await cast.organiser.get(f"{cast.api}/attendance.csv", params={"lang": "tlh"}, headers=readers)

    heads = [answer.content.decode("utf-8-sig").split(",")[6] for answer in (asked, own, unknown)]
    assert heads == ["首次入场", "首次入場", "首次入場"]


async def test_an_export_is_filtered_and_refuses_a_status_that_is_none(cast: Cast) -> None:
    await cast.guest("甲")
    await cast.guest("乙", category="vip")

    filtered = await cast.organiser.get(f"{cast.api}/attendance.json", params={"category": "vip"})
    waiting = await cast.organiser.get(f"{cast.api}/attendance.json", params={"status": "pending"})
    refused = await cast.organiser.get(f"{cast.api}/attendance.json", params={"status": "asleep"})

    assert [guest["name"] for guest in filtered.json()["guests"]] == ["乙"]
    assert waiting.json()["guests"] == []
    assert refused.status_code == 422
    assert [(field["field"], field["code"]) for field in refused.json()["fields"]] == [("status", "not_offered")]


async def test_the_paper_of_an_event_without_guests_says_so(cast: Cast) -> None:
    paper = await cast.organiser.get(f"{cast.api}/attendance.pdf", params={"lang": "zh-Hant"})

    assert "名單上沒有嘉賓" in lines_of(paper.content)


async def test_a_paired_phone_goes_straight_to_its_event_and_gate(cast: Cast) -> None:
    south = (await cast.organiser.post(f"{cast.api}/gates", json={"name": "South"})).json()["id"]
    phone, device_id = await door_crew.phone(cast, name="南门 1 号机", gate_id=UUID(south))

    home = await phone.get("/door")
    door = _settings_in(await phone.get(home.headers["location"]))

    assert home.headers["location"] == f"/door/{cast.event.slug}"
    assert door["gate"] == {"id": south, "name": "South"}
    assert door["device"] == {
        "id": str(device_id),
        "name": "南门 1 号机",
        "profile": "scanner",
        "gate_id": south,
        "language": "zh-Hans",
    }
    assert (door["user"], door["lead"]) == ({"name": "南门 1 号机"}, False)


async def test_the_door_of_somebody_who_is_signed_in_is_no_device(cast: Cast) -> None:
    door = _settings_in(await cast.steward.get(f"/door/{cast.event.slug}"))

    assert door["device"] is None


async def test_a_kiosk_is_sent_to_what_guests_see_and_staff_come_out_by_the_self_test(cast: Cast) -> None:
    kiosk, _ = await door_crew.phone(cast, profile=Profile.KIOSK)

    door = await kiosk.get(f"/door/{cast.event.slug}")
    behind = _settings_in(await kiosk.get(f"/door/{cast.event.slug}/self-test"))

    assert (door.status_code, door.headers["location"]) == (303, f"/door/{cast.event.slug}/kiosk")
    assert (behind["opens"], behind["device"]["profile"]) == ("self-test", "kiosk")


async def test_a_phone_sees_no_other_event(cast: Cast) -> None:
    phone, _ = await door_crew.phone(cast)

    assert (await phone.get("/door/other-event")).status_code == 404


async def test_every_address_of_the_door_page_leads_somewhere(cast: Cast) -> None:
    guest = await cast.guest()
    phone, _ = await door_crew.phone(cast)
    urls = _settings_in(await phone.get(f"/door/{cast.event.slug}"))["urls"]

    got = {name: (await phone.get(urls[name])).status_code for name in ("manifest", "worker", "summary")}
    posted = {
        name: (await phone.post(urls[name].replace("{guest}", str(guest.id)), json={})).status_code
        for name in ("walk_ins", "device", "sign_on", "confirm", "kiosk_find")
    }

    assert got == {"manifest": 200, "worker": 200, "summary": 200}
    assert set(posted.values()) <= {403, 422}
    assert (await phone.get(urls["conflicts"])).status_code == 403
