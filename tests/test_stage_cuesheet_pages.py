"""Printing the cue sheet, and which print is out of date."""

import re
from uuid import UUID, uuid4

import pytest

from checkin.stage.models import Act
from events.core.auth import Scope
from tests.cast import Cast, on_one_engine
from tests.programs import text_of
from tests.stage_scene import Scene, set_stage

pytestmark = on_one_engine


@pytest.fixture
async def scene(cast: Cast) -> Scene:
    return await set_stage(cast.database, cast.event, now=cast.clock.now())


@pytest.fixture
def path(cast: Cast) -> str:
    return f"/stage/{cast.event.slug}/cuesheet"


@pytest.fixture
def pdf(cast: Cast) -> str:
    return f"/api/v1/events/{cast.event.slug}/cuesheet.pdf"


def words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize(
    ("language", "words"), [("zh-Hans", "主持词提示单"), ("zh-Hant", "司儀稿提示單"), ("en", "Cue sheet")]
)
async def test_the_sheet_comes_in_three_languages(
    cast: Cast, scene: Scene, pdf: str, language: str, words: str
) -> None:
    reader = await cast.token(Scope.READ)

    answer = await reader.get(pdf, params={"lang": language, "segment": str(scene.segment_id)})

    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("application/pdf", "no-store")
    assert f'filename="{cast.event.slug}-cuesheet.pdf"' in answer.headers["content-disposition"]
    text = text_of(answer.content)
    assert (text.count(words) > 0, "WANG Siyuan" in text) == (True, True)


async def test_the_first_print_has_no_marks_and_the_next_one_those_since(
    cast: Cast, scene: Scene, path: str, pdf: str
) -> None:
    form = {"segment": "", "language": "zh-Hans"}
    first = await cast.protocol.post(path, data=form)
    cast.clock.forward(minutes=5)
    await scene.does(Act.POSTPONE, reason="航班延误")

    second = await cast.protocol.post(path, data=form)

    assert (first.status_code, first.headers["location"]) == (303, f"{pdf}?lang=zh-Hans")
    assert re.fullmatch(rf"{re.escape(pdf)}\?lang=zh-Hans&since=[0-9a-f-]{{36}}", second.headers["location"])
    text = text_of((await cast.protocol.get(second.headers["location"])).content)
    assert "左侧粗线标出 2026-03-02 12:00 打印后的改动" in text
    assert "新增" in text


async def test_the_page_lists_prints_with_how_much_has_changed_since(cast: Cast, scene: Scene, path: str) -> None:
    await cast.protocol.post(path, data={"segment": str(scene.segment_id), "language": "en"})
    before = words_of((await cast.protocol.get(path, params={"lang": "en"})).text)
    await scene.does(Act.WITHDRAW, reason="not today")

    after = words_of((await cast.protocol.get(path, params={"lang": "en"})).text)

    row = "Monday, 2 March 2026 12:00 Signing English protocol"
    assert f"{row} Still right" in before
    assert re.search(rf"{row} Lines changed: \d+ ", after)


async def test_a_reader_sees_the_prints_and_makes_none(cast: Cast, scene: Scene, path: str) -> None:
    reader = await cast.token(Scope.READ)

    page, refused = await reader.get(path, params={"lang": "en"}), await reader.post(path, data={})

    assert ('<form class="divide" method="post" hidden>' in page.text, refused.status_code) == (True, 403)
    assert "Nothing has been printed yet." in page.text


async def test_without_a_programme_there_is_nothing_to_print(cast: Cast, path: str) -> None:
    page = await cast.protocol.get(path, params={"lang": "en"})

    assert ("The programme is empty yet." in page.text, "<form" in page.text.partition("<main")[2]) == (True, False)


@pytest.mark.parametrize("query", ["segment=nonsense", f"segment={UUID(int=1)}", "since=nonsense"])
async def test_what_is_not_there_is_refused_by_field(cast: Cast, scene: Scene, pdf: str, query: str) -> None:
    answer = await cast.protocol.get(f"{pdf}?{query}")

    field = query.partition("=")[0]
    assert (answer.status_code, [each["field"] for each in answer.json()["fields"]]) == (422, [field])


async def test_a_print_that_was_never_made_is_not_found(cast: Cast, scene: Scene, pdf: str) -> None:
    assert (await cast.protocol.get(f"{pdf}?since={uuid4()}")).status_code == 404


async def test_a_print_of_an_unknown_part_is_not_kept(cast: Cast, scene: Scene, path: str) -> None:
    refused = await cast.protocol.post(path, data={"segment": str(uuid4()), "language": "en"})

    page = await cast.protocol.get(path, params={"lang": "en"})
    assert (refused.status_code, "Nothing has been printed yet." in page.text) == (422, True)


async def test_an_outsider_finds_neither_page_nor_paper(cast: Cast, path: str, pdf: str) -> None:
    answers = [await cast.outsider.get(path), await cast.outsider.post(path, data={}), await cast.outsider.get(pdf)]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
