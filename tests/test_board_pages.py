import json
import re
from collections.abc import AsyncIterator
from typing import Any

import anyio
import pytest

from checkin import board_pages
from checkin.board import Board
from checkin.board_pages import Painter, drawings
from checkin.wall import Wall, wall_of
from events.core.auth import Scope
from tests.cast import Cast, on_one_engine
from tests.test_board import _counted_statements
from tests.test_wall import device, gate

pytestmark = on_one_engine


@pytest.fixture
def path(cast: Cast) -> str:
    return f"/board/{cast.event.slug}"


def words_of(html: str) -> str:
    """The text of a page, without its tags."""
    return " ".join(re.sub(r"<script.*?</script>|<[^>]+>", " ", html, flags=re.DOTALL).split())


async def test_the_board_shows_who_is_in_without_any_script(cast: Cast, path: str) -> None:
    guest = await cast.guest("李晓明", name_latin="LI Xiaoming", organisation="科技创新委员会", category="vip")
    await cast.guest("陈伟")
    await cast.scanned(cast.scan(guest.code))

    page = await cast.steward.get(path, params={"lang": "en"})

    words = words_of(page.text)
    assert page.status_code == 200
    assert "Inside 1 Arrived 1 Expected 2 Not here yet 1" in words
    assert "李晓明 LI Xiaoming 科技创新委员会 12:00 Has arrived · 正门 Main entrance · VIP" in words
    assert '<meta http-equiv="refresh" content="15">' in page.text
    assert '<rect class="current" x="591" y="80.0" width="8" height="20.0"/>' in page.text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-Hans", ["在场", "应到", "按类别", "重要嘉宾", "随员已到，主宾将至", "每分钟到场人数"]),
        ("zh-Hant", ["在場", "應到", "按類別", "重要嘉賓", "隨員已到，主賓將至", "每分鐘到場人數"]),
        ("en", ["Inside", "Expected", "By category", "Guests of honour", "Companion here, principal follows"]),
    ],
)
async def test_the_board_speaks_three_languages(cast: Cast, path: str, language: str, words: list[str]) -> None:
    leader = await cast.guest("李晓明", category="vip")
    companion = await cast.guest("王方", leader_id=str(leader.id))
    await cast.scanned(cast.scan(companion.code))

    shown = words_of((await cast.steward.get(path, params={"lang": language})).text)

    assert [each for each in words if each not in shown] == []


async def test_who_was_taken_back_is_shown_so(cast: Cast, path: str) -> None:
    guest = await cast.guest("李晓明", category="vip")
    scan = cast.scan(guest.code)
    await cast.scanned(scan)
    body = {"id": "018f0000-0000-7000-8000-000000000001", "reason": ""}
    await cast.steward.post(f"{cast.api}/scans/{scan['id']}/undo", json=body)

    shown = words_of((await cast.steward.get(path, params={"lang": "en"})).text)

    assert "李晓明 12:00 Taken back" in shown
    assert "Inside 0 Arrived 0 Expected 1" in shown


async def test_zones_and_devices_tell_in_words_what_is_wrong(cast: Cast, path: str) -> None:
    hall = await gate(cast, "Hall door", zone="Hall", limit=1)
    guest = await cast.guest()
    await cast.scanned(cast.scan(guest.code, gate=hall))
    now = cast.clock.now()
    await device(cast, "Silent", seen_s_ago=300)
    await device(cast, "Queue", seen_s_ago=5, waiting=14, oldest_waiting_at=now.replace(hour=3))
    await device(cast, "Stale", seen_s_ago=5, data_at=now.replace(hour=1))
    await device(cast, "Clock", seen_s_ago=5, skew_ms=90_000)
    await device(cast, "Battery", seen_s_ago=5, battery=9)
    for name in ("New", "Newer"):
        await device(cast, name, seen_s_ago=None)
    await device(cast, "Well", seen_s_ago=5)

    shown = words_of((await cast.steward.get(path, params={"lang": "en"})).text)

    for said in (
        "Outside the zones 0 –",
        "Hall Zone full 1 1",
        "Battery Battery at 9 %",
        "Clock Clock is wrong",
        "New Not reported yet",
        "Newer Not reported yet",
        "Queue 14 scans not uploaded",
        "and 3 more",
    ):
        assert said in shown


async def test_the_pace_and_its_end_are_told(cast: Cast, path: str) -> None:
    guests = [await cast.guest(f"嘉宾{number}") for number in range(10)]
    await cast.scanned(*[cast.scan(guest.code) for guest in guests[:6]])
    half_way = words_of((await cast.steward.get(path, params={"lang": "en"})).text)
    await cast.scanned(*[cast.scan(guest.code) for guest in guests[6:]])

    complete = words_of((await cast.steward.get(path, params={"lang": "en"})).text)

    assert "1.2 a minute now At this rate everybody is here by 12:03" in half_way
    assert "2.0 a minute now Everybody is here" in complete


async def test_the_board_is_for_those_who_work_at_the_door_or_on_the_stage(cast: Cast, path: str) -> None:
    reader = await cast.token(Scope.READ)

    for address in (path, f"{path}/stream"):
        assert (await cast.stranger.get(address)).status_code == 303
        assert (await cast.outsider.get(address)).status_code == 404
        assert (await reader.get(address)).status_code == 403
    for colleague in (cast.steward, cast.protocol, cast.organiser):
        assert (await colleague.get(path)).status_code == 200


async def test_a_screen_whose_session_ended_is_refused_the_stream_and_not_sent_elsewhere(cast: Cast, path: str) -> None:
    answer = await cast.stranger.get(f"{path}/stream", headers={"Accept": "text/event-stream"})

    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_guests_of_honour_are_named_to_people_only(cast: Cast, path: str) -> None:
    guest = await cast.guest("李晓明", category="vip")
    await cast.scanned(cast.scan(guest.code))
    door = await cast.token(Scope.DOOR)

    to_a_person = await cast.protocol.get(path, params={"lang": "en"})
    to_a_script = await door.get(path, params={"lang": "en"})

    assert "李晓明" in to_a_person.text
    assert "李晓明" not in to_a_script.text
    assert "Names are shown to people who signed in." in to_a_script.text


async def test_fifty_screens_cause_one_reading_and_one_drawing(cast: Cast) -> None:
    board, painter = cast.state["board"], Painter()
    drawn: list[Wall] = []
    seen: list[dict[str, Any]] = []

    def draw(wall: Wall) -> str:
        drawn.append(wall)
        return f"inside {wall.inside}"

    async def watch() -> None:
        seen.append(await anext(drawings(board, painter, cast.event.id, wall_of, draw, key="one")))

    with _counted_statements(cast.database) as statements:
        async with anyio.create_task_group() as screens:
            for _ in range(50):
                screens.start_soon(watch)

    assert [json.loads(event["data"]) for event in seen] == [{"html": "inside 0"}] * 50
    of_the_wall = [each for each in statements if "due_at" not in each]
    assert (len(drawn), len(of_the_wall)) == (1, 6)


async def test_a_reading_that_says_the_same_is_not_drawn_again(cast: Cast) -> None:
    painter = cast.state["painter"]
    drawn: list[object] = []

    def draw(reading: list[str]) -> str:
        drawn.append(reading)
        return " ".join(reading)

    shown = [painter.drawn("one", reading, draw) for reading in (["quiet"], ["quiet"], ["busy"])]

    assert shown == ["quiet", "quiet", "busy"]
    assert drawn == [["quiet"], ["busy"]]


async def test_the_drawing_that_nobody_asked_for_for_the_longest_goes_first(cast: Cast) -> None:
    painter = cast.state["painter"]
    drawn: list[int] = []

    def shown(key: int) -> str:
        return painter.drawn(key, "reading", lambda _: drawn.append(key) or f"{key}")

    for key in range(100):
        shown(key)
    shown(0)
    shown(100)

    assert [shown(key) for key in (0, 2, 100, 1)] == ["0", "2", "100", "1"]
    assert drawn == [*range(101), 1]


async def test_screens_that_see_it_differently_get_drawings_of_their_own(cast: Cast) -> None:
    board, painter = cast.state["board"], Painter()
    event_id = cast.event.id

    events = [
        await anext(drawings(board, painter, event_id, wall_of, lambda _, key=key: f"in {key}", key=key))
        for key in ("en", "zh-Hans", "en")
    ]

    assert [json.loads(event["data"])["html"] for event in events] == ["in en", "in zh-Hans", "in en"]


async def test_a_scan_reaches_the_screen_in_the_readers_language(cast: Cast) -> None:
    guest = await cast.guest("李晓明", category="vip")
    events = stream_of(cast.state["board"], cast)
    before = json.loads((await anext(events))["data"])["html"]

    await cast.scanned(cast.scan(guest.code))
    with anyio.fail_after(5):
        after = json.loads((await anext(events))["data"])["html"]

    assert (before, after) == ("nobody", "李晓明")


async def test_where_nothing_changed_the_screen_is_told_so_and_sent_no_drawing(cast: Cast) -> None:
    guest = await cast.guest("李晓明", category="vip")
    events = stream_of(cast.state["board"], cast)

    news = [json.loads((await anext(events))["data"])]
    with anyio.fail_after(10):
        news.append(json.loads((await anext(events))["data"]))
        await cast.scanned(cast.scan(guest.code))
        news.append(json.loads((await anext(events))["data"]))

    assert news == [{"html": "nobody"}, {}, {"html": "李晓明"}]


async def test_a_stream_ends_after_a_while_so_that_rights_are_asked_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board_pages, "_STREAM_S", 0.1)

    with anyio.fail_after(10):
        events = [event async for event in stream_of(cast.state["board"], cast)]

    assert {event["retry"] for event in events} == {500}


async def test_the_stream_of_the_board_sends_its_parts(cast: Cast, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board_pages, "_STREAM_S", -1.0)

    answer = await cast.steward.get(f"{path}/stream", params={"lang": "zh-Hans"})

    html = sent_in(answer.text)
    assert answer.headers["content-type"].startswith("text/event-stream")
    parts = ["clock", "figures", "chart", "honours", "categories", "gates", "devices"]
    assert re.findall(r'data-part="(\w+)"', html) == parts
    assert "按类别" in html


def sent_in(stream: str) -> str:
    """The drawing in the first event of a stream."""
    [data] = re.findall(r"^data: (.*)$", stream, re.MULTILINE)
    return json.loads(data)["html"]


def stream_of(board: Board, cast: Cast) -> AsyncIterator[dict[str, Any]]:
    """A stream of the newest guest of honour."""

    def draw(wall: Wall) -> str:
        return wall.honours[0].guest.name if wall.honours else "nobody"

    return drawings(board, Painter(), cast.event.id, wall_of, draw, key="newest")
