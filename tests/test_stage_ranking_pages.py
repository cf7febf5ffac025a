"""The pages of precedence lists: what stands on them, forms without scripts, and colleagues who are faster."""

import re
from html import unescape
from typing import Any

import httpx
import pytest

from checkin.stage.ranking import Ranking
from checkin.stage.ranking_store import rankings_of
from events.core.auth import Scope
from tests.cast import Cast, on_one_engine
from tests.stage_crew import Crew

pytestmark = on_one_engine
ZH = {"Accept-Language": "zh-Hans"}
FORM = {"title.zh_hans": "合影站位", "purpose": "photo", "rows": "1", "honour": "right", "tie_1": "position"}


async def _list(cast: Cast, *names: str, **given: str) -> Ranking:
    """A list of new guests of those names, made and filled by the pages."""
    await cast.protocol.post(_path(cast), data={**FORM, "tie_2": "strokes", **given})
    for name in names:
        await cast.guest(name, organisation="河套发展署")
        version = (await _read(cast)).version
        await cast.protocol.post(_path(cast, await _read(cast), "people"), data={"who": name, "version": str(version)})
    return await _read(cast)


async def _read(cast: Cast) -> Ranking:
    [ranking] = await cast.database.read(lambda tx: rankings_of(tx, cast.event.id))
    return ranking


def _path(cast: Cast, ranking: Ranking | None = None, leaf: str = "") -> str:
    own = f"/{ranking.id}" if ranking else ""
    return f"/stage/{cast.event.slug}/precedence{own}{leaf and '/' + leaf}"


async def _send(cast: Cast, ranking: Ranking, leaf: str, **fields: str) -> httpx.Response:
    values = {"version": str(ranking.version), **fields}
    return await cast.protocol.post(_path(cast, ranking, leaf), data=values, headers=ZH)


async def _page(cast: Cast, ranking: Ranking, query: str = "", by: httpx.AsyncClient | None = None) -> str:
    answer = await (by or cast.protocol).get(f"{_path(cast, ranking)}{query}", headers=ZH)
    assert answer.status_code == 200
    return answer.text


def _order(page: str) -> list[str]:
    [listed] = re.findall(r'<ol class="order".*?</ol>', page, re.DOTALL)
    return re.findall(r'order-name"><bdi>(.*?)</bdi>', listed)


def _drawn(page: str) -> list[str]:
    return [name.replace("\u3000", "") for name in re.findall(r'class="seatplan-name"[^>]*>(.*?)</text>', page)]


def _who(ranking: Ranking, name: str) -> str:
    return next(str(guest.id) for guest in ranking.guests.values() if guest.name == name)


async def test_a_list_is_made_and_leads_to_its_page(cast: Cast) -> None:
    answer = await cast.protocol.post(_path(cast), data={**FORM, "tie_2": "pinyin", "interleaves": "1"})

    made = await _read(cast)
    assert (answer.status_code, answer.headers["location"]) == (303, _path(cast, made))
    assert (made.title.zh_hans, [*made.tie_breaks], made.interleaves) == ("合影站位", ["position", "pinyin"], True)
    index = (await cast.protocol.get(_path(cast), headers=ZH)).text
    assert "合影站位" in index
    assert "0 人" in index


async def test_a_list_begins_with_everybody_of_a_round(cast: Cast) -> None:
    this = await Crew(cast.database, cast.event).signing("甲", "丙")

    await cast.protocol.post(_path(cast), data={**FORM, "source": f"round:{this.id}"})

    assert sorted(_order(await _page(cast, await _read(cast)))) == ["丙", "甲"]


@pytest.mark.parametrize(
    ("fields", "typed", "told"),
    [
        ({"title.zh_hans": "", "title.en": " "}, 'value="photo" selected', "请填写此项"),
        ({"source": "round:nobody"}, 'value="合影站位"', "请从列表中选择"),
        ({"rows": "9"}, 'value="合影站位"', "排数"),
    ],
)
async def test_a_wrong_form_comes_back_with_what_was_typed(
    cast: Cast, fields: dict[str, str], typed: str, told: str
) -> None:
    answer = await cast.protocol.post(_path(cast), data={**FORM, **fields}, headers=ZH)

    assert answer.status_code == 422
    assert typed in answer.text
    assert told in answer.text
    assert await cast.database.read(lambda tx: rankings_of(tx, cast.event.id)) == []


async def test_everybody_stands_in_order_with_the_reason_and_is_drawn_from_the_centre(cast: Cast) -> None:
    ranking = await _list(cast, "潘安", "丁一", "王明")

    from_hall, from_stage = await _page(cast, ranking), await _page(cast, ranking, "?view=stage")

    assert _order(from_hall) == ["丁一", "王明", "潘安"]
    assert (_drawn(from_hall), _drawn(from_stage)) == (["王明", "丁一", "潘安"], ["潘安", "丁一", "王明"])
    assert from_hall.count("姓氏笔画") > 3
    assert "观众席" in from_hall


async def test_a_move_shows_where_somebody_would_stand_and_why_they_do_not(cast: Cast) -> None:
    ranking = await _list(cast, "丁一", "王明", "潘安")

    answer = await _send(
        cast, ranking, "move", guest_id=_who(ranking, "潘安"), to_position="1", reason="兼任组委会主任", view="stage"
    )

    page = await _page(cast, ranking)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{_path(cast, ranking)}?done=move&view=stage")
    assert _order(page) == ["潘安", "丁一", "王明"]
    assert '<span class="order-change">3 → 1</span> 调整：兼任组委会主任 · protocol' in page
    assert '<span class="order-change">1 → 2</span> 因他人调整而变动' in page
    assert "调整记录" in page


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"to_position": "1", "reason": ""}, "请填写此项"),
        ({"to_position": "", "reason": "x"}, "新位次"),
        ({"to_position": "3", "reason": "x"}, "此人已在这个位次"),
    ],
)
async def test_a_move_without_a_reason_or_a_place_is_asked_again(cast: Cast, fields: dict[str, str], told: str) -> None:
    ranking = await _list(cast, "丁一", "王明", "潘安")

    answer = await _send(cast, ranking, "move", guest_id=_who(ranking, "潘安"), **fields)

    assert answer.status_code == 422
    assert told in answer.text
    assert f'value="{_who(ranking, "潘安")}" selected' in answer.text
    assert (await _read(cast)).moves == ()


async def test_whoever_was_slower_sees_the_list_as_it_is_and_keeps_what_they_typed(cast: Cast) -> None:
    ranking = await _list(cast, "丁一", "王明", "潘安")
    await _send(cast, ranking, "move", guest_id=_who(ranking, "潘安"), to_position="1", reason="主宾")

    answer = await _send(cast, ranking, "move", guest_id=_who(ranking, "王明"), to_position="1", reason="次宾")

    assert answer.status_code == 412
    assert _order(answer.text) == ["潘安", "丁一", "王明"]
    assert 'value="次宾"' in answer.text
    assert "潘安</bdi> 3 → 1 · 主宾" in answer.text
    assert f'name="version" value="{ranking.version + 1}"' in answer.text
    assert len((await _read(cast)).moves) == 1


async def test_the_last_move_is_taken_back_with_a_reason(cast: Cast) -> None:
    ranking = await _list(cast, "丁一", "王明")
    await _send(cast, ranking, "move", guest_id=_who(ranking, "王明"), to_position="1", reason="主宾")

    refused = await _send(cast, await _read(cast), "undo", reason="")
    undone = await _send(cast, await _read(cast), "undo", reason="误操作")
    nothing = await _send(cast, await _read(cast), "undo", reason="再来")

    page = await _page(cast, ranking)
    assert [refused.status_code, undone.status_code, nothing.status_code] == [422, 303, 409]
    assert "没有可以撤销的调整了" in nothing.text
    assert _order(page) == ["丁一", "王明"]
    assert '<span class="history-undone"><bdi>王明</bdi> 2 → 1</span>' in page
    assert "撤销第 1 次调整" in page


async def test_a_name_that_several_bear_is_asked_for_again_with_all_of_them(cast: Cast) -> None:
    ranking = await _list(cast)
    for organisation in ("河套发展署", "香港科技园公司"):
        await cast.guest("丁一", organisation=organisation)

    answer = await _send(cast, ranking, "people", who="丁一")
    chosen = await _send(cast, ranking, "people", who="丁一 · 香港科技园公司")
    nobody = await _send(cast, await _read(cast), "people", who="查无此人")

    assert (answer.status_code, chosen.status_code, nobody.status_code) == (422, 303, 422)
    assert re.findall(r'<option value="(丁一 · .*?)">', answer.text) == ["丁一 · 香港科技园公司", "丁一 · 河套发展署"]
    assert [guest.organisation for guest in (await _read(cast)).guests.values()] == ["香港科技园公司"]


async def test_ranks_are_set_in_one_form_and_a_wrong_one_keeps_the_others(cast: Cast) -> None:
    ranking = await _list(cast, "丁一", "潘安")
    first, last = _who(ranking, "丁一"), _who(ranking, "潘安")

    wrong = await _send(cast, ranking, "facts", **{f"rank-{last}": "1", f"founded-{first}": "3000"})
    right = await _send(cast, ranking, "facts", **{f"rank-{last}": "1", f"founded-{first}": "1997"})

    assert (wrong.status_code, right.status_code) == (422, 303)
    assert f'id="founded-{first}-error"' in wrong.text
    assert re.search(rf'name="rank-{last}"[^>]*value="1"', wrong.text)
    assert _order(await _page(cast, ranking)) == ["潘安", "丁一"]
    assert (await _read(cast)).placed[1].entry.founded == 1997


async def test_somebody_leaves_the_list_and_the_history_says_so(cast: Cast) -> None:
    ranking = await _list(cast, "丁一", "王明")
    await _send(cast, ranking, "move", guest_id=_who(ranking, "王明"), to_position="1", reason="主宾")

    answer = await _send(cast, await _read(cast), f"people/{_who(ranking, '王明')}/remove")

    page = await _page(cast, ranking)
    assert answer.status_code == 303
    assert _order(page) == ["丁一"]
    assert "已移出名单的人" in page


async def test_name_and_order_of_a_list_are_changed(cast: Cast) -> None:
    ranking = await _list(cast, "潘安", "丁一")
    place = await Crew(cast.database, cast.event).segment()

    answer = await _send(cast, ranking, "settings", **{**FORM, "title.en": "Photo", "segment_id": str(place)})

    changed = await _read(cast)
    assert answer.status_code == 303
    assert (changed.title.en, changed.segment_id, [*changed.tie_breaks]) == ("Photo", place, ["position"])


async def test_a_list_that_a_colleague_changed_is_not_removed_and_is_shown_as_it_is(cast: Cast) -> None:
    ranking = await _list(cast, "王明", "李晓明")
    await _send(cast, ranking, "move", guest_id=_who(ranking, "王明"), to_position="2", reason="惯例")

    stale, moved = await _send(cast, ranking, "remove"), await _send(cast, await _read(cast), "remove")

    assert (stale.status_code, moved.status_code) == (412, 409)
    assert "同事已先行操作" in stale.text
    assert "名单上有过位次调整，须留存备查，不能删除。" in moved.text
    assert _order(stale.text) == _order(moved.text) == ["李晓明", "王明"]


async def test_whoever_changes_the_language_of_a_refusal_comes_back_to_the_list(cast: Cast) -> None:
    ranking = await _list(cast, "王明")

    answers = [
        await cast.protocol.get(_path(cast, ranking, leaf))
        for leaf in ("move", "remove", f"people/{_who(ranking, '王明')}/remove")
    ]

    assert [answer.headers.get("location") for answer in answers] == [_path(cast, ranking)] * 3


async def test_a_list_in_which_nobody_was_moved_is_removed(cast: Cast) -> None:
    ranking = await _list(cast, "丁一")

    answer = await _send(cast, ranking, "remove")

    assert (answer.status_code, answer.headers["location"]) == (303, _path(cast))
    assert await cast.database.read(lambda tx: rankings_of(tx, cast.event.id)) == []


async def test_who_only_reads_sees_the_order_and_no_form(cast: Cast) -> None:
    ranking = await _list(cast, "丁一", "王明")
    reader = await cast.token(Scope.READ)

    page, index = await _page(cast, ranking, by=reader), (await reader.get(_path(cast))).text

    assert _order(page) == ["丁一", "王明"]
    assert [text.count("<form") for text in (page, index)] == [0, 0]
    assert "<form" in await _page(cast, ranking)


async def test_changing_the_language_of_a_refused_page_leads_back_to_the_list(cast: Cast) -> None:
    ranking = await _list(cast, "丁一")

    answer = await cast.protocol.get(f"{_path(cast, ranking, 'move')}?lang=en")

    assert (answer.status_code, answer.headers["location"]) == (303, _path(cast, ranking))


async def test_names_are_escaped(cast: Cast) -> None:
    ranking = await _list(cast, "<b>丁</b>")

    page = await _page(cast, ranking)

    assert "<b>丁" not in page
    assert "<b>丁</b>" in unescape(page)


async def test_somebody_may_be_chosen_in_the_address(cast: Cast) -> None:
    ranking = await _list(cast, "丁一", "王明")
    chosen: Any = _who(ranking, "王明")

    page = await _page(cast, ranking, f"?guest={chosen}")

    assert f'value="{chosen}" selected' in page
