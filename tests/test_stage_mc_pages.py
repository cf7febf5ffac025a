"""The tablet's page and its lines as JSON."""

import json
import re
from typing import Any

import httpx
import pytest

from checkin import board_pages
from checkin.stage.cue_json import cues_json, told_by
from checkin.stage.models import Act
from checkin.stage.store import stage_of
from events.core.auth import Scope
from events.core.i18n import Language
from events.store import event_by_id
from tests.cast import Cast, on_one_engine
from tests.stage_scene import Scene, set_stage

pytestmark = on_one_engine


@pytest.fixture
async def scene(cast: Cast) -> Scene:
    return await set_stage(cast.database, cast.event, now=cast.clock.now())


@pytest.fixture
def path(cast: Cast) -> str:
    return f"/stage/{cast.event.slug}/mc"


def told_in(page: httpx.Response) -> dict[str, Any]:
    """What the page tells its script."""
    found = re.search(r'<script type="application/json" id="told">(.*?)</script>', page.text, re.DOTALL)
    assert found
    return json.loads(found[1])


def items_of(page: httpx.Response) -> list[str]:
    """The lines as somebody without scripts reads them."""
    found = re.findall(r'<li class="mc-item.*?(?=<li class="mc-item|</ol>)', page.text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in found]


async def test_without_scripts_the_page_is_a_list_of_all_lines(cast: Cast, scene: Scene, path: str) -> None:
    items = items_of(await cast.protocol.get(path, params={"lang": "zh-Hans"}))

    assert len(items) == 17
    assert items[1].startswith(
        "12:12 第 1 轮 · 人工智能联合实验室共建协议 · 宣布 草拟 首先，由河套科技园与创新委员会签署"
    )
    assert "王思远 WANG Siyuan 签字人 · 河套科技园总裁" in items[3]


async def test_the_page_carries_the_lines_and_its_words_in_every_language(cast: Cast, scene: Scene, path: str) -> None:
    page = await cast.protocol.get(path, params={"lang": "en"})

    told = told_in(page)
    assert (told["language"], told["timezone"], told["titles"]["zh-Hant"]) == (
        "en",
        "Asia/Shanghai",
        "科創谷啟動儀式",
    )
    assert {language: words["go_on"] for language, words in told["words"].items()} == {
        "zh-Hans": "下一句",
        "zh-Hant": "下一句",
        "en": "Next line",
    }
    assert [len(lines) for lines in told["cues"]["lines"].values()] == [17, 17, 17]
    assert told["urls"] == {
        "cues": f"{cast.api}/cues",
        "stream": f"{path}/stream",
        "worker": "/stage/worker.js",
        "stage": f"/stage/{cast.event.slug}",
        "sign_in": path,
    }


async def test_an_empty_programme_says_so(cast: Cast, path: str) -> None:
    assert items_of(await cast.protocol.get(path, params={"lang": "en"})) == ["No lines yet: the programme is empty."]


async def test_what_somebody_typed_is_never_markup(cast: Cast, scene: Scene, path: str) -> None:
    await cast.organiser.patch(
        f"{cast.api}/guests/{scene.host.id}", json={"name": "<b>王</b>", "organisation": "</script><i>"}
    )

    page = await cast.protocol.get(path)

    assert ("<b>王" in page.text, "</script><i>" in page.text, "&lt;b&gt;王" in page.text) == (False, False, True)
    assert "<b>王</b>" in json.dumps(told_in(page), ensure_ascii=False)


async def test_scripts_get_the_lines_in_every_language_or_in_one(cast: Cast, scene: Scene) -> None:
    reader = await cast.token(Scope.READ)

    every, one = await reader.get(f"{cast.api}/cues"), await reader.get(f"{cast.api}/cues?lang=en")

    assert list(every.json()["lines"]) == ["zh-Hans", "zh-Hant", "en"]
    assert list(one.json()["lines"]) == ["en"]
    assert one.headers["cache-control"] == "no-store"


async def test_the_stream_tells_which_version_the_lines_are_of(
    cast: Cast, scene: Scene, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board_pages, "_STREAM_S", -1.0)
    before = (await cast.protocol.get(f"{cast.api}/cues")).json()["version"]
    assert await streamed(cast, path) == before

    await scene.does(Act.READY, Act.CALL)
    cast.state["live"].publish(cast.event.id)

    after = await streamed(cast, path)
    stage = await cast.database.read(lambda tx: stage_of(tx, cast.event.id, cast.clock.now()))
    assert after == cues_json(stage, cast.event, Language)["version"] != before


async def test_who_comes_in_at_the_door_does_not_have_the_lines_put_together_again(
    cast: Cast, scene: Scene, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board_pages, "_STREAM_S", -1.0)
    stage = await cast.database.read(lambda tx: stage_of(tx, cast.event.id, cast.clock.now()))
    told = await cast.database.read(lambda tx: event_by_id(tx, cast.event.id)), *told_by(stage)
    cast.state["painter"].drawn(("lines", cast.event.id), told, lambda _: "as put together before")

    await cast.scanned(cast.scan(scene.host.code))
    cast.state["live"].publish(cast.event.id)
    quiet = await streamed(cast, path)
    await scene.does(Act.READY)
    cast.state["live"].publish(cast.event.id)

    assert quiet == "as put together before" != await streamed(cast, path)


async def streamed(cast: Cast, path: str) -> str:
    """The version in the first event of the stream."""
    answer = await cast.protocol.get(f"{path}/stream")
    [data] = re.findall(r"^data: (.*)$", answer.text, re.MULTILINE)
    return json.loads(data)["html"]


async def test_nobody_reads_the_lines_who_may_not_read_the_event(cast: Cast, path: str) -> None:
    for address in (path, f"{path}/stream", f"{cast.api}/cues"):
        assert (await cast.outsider.get(address)).status_code == 404
        assert (await cast.steward.get(address)).status_code == 403


async def test_no_contact_of_anybody_is_in_the_lines(cast: Cast, scene: Scene, path: str) -> None:
    for address in (path, f"{cast.api}/cues"):
        text = (await cast.protocol.get(address)).text
        assert "李晓明" in text
        assert ("lam@example.org" in text, "5555 4321" in text, scene.visitor.code in text) == (False, False, False)
