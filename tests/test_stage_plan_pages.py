"""Drawings of seats on pages and as PDF: for a round, for a list, for the whole programme."""

import re

import pytest

from checkin.stage.models import Hosting, Role, Round
from checkin.stage.round_form import ParticipantForm, PartyForm, RoundForm
from events.models import SegmentKind, Text
from tests.cast import Cast, on_one_engine
from tests.programs import page_count, text_of
from tests.stage_crew import Crew

pytestmark = on_one_engine
ZH = {"Accept-Language": "zh-Hans"}


async def _signing(crew: Crew, title: str = "合作协议") -> Round:
    parties = [
        PartyForm(name=Text(zh_hans="科创谷"), hosting=Hosting.HOST),
        PartyForm(name=Text(zh_hans="海岚"), hosting=Hosting.GUEST),
    ]
    people = [await crew.guest(name) for name in ("霍俊彦", "上官若云")]
    parts = [
        ParticipantForm(role=Role.SIGNATORY, party=number, guest_id=each.id) for number, each in enumerate(people, 1)
    ]
    return await crew.add(RoundForm(title=Text(zh_hans=title), parties=parties, participants=parts))


def _drawn(page: str) -> list[str]:
    return re.findall(r'class="seatplan-name"[^>]*>(.*?)</text>', page)


@pytest.mark.parametrize(("view", "names"), [("hall", ["上官若云", "霍俊彦"]), ("stage", ["霍俊彦", "上官若云"])])
async def test_a_round_is_drawn_for_whoever_looks(cast: Cast, view: str, names: list[str]) -> None:
    this = await _signing(Crew(cast.database, cast.event))

    answer = await cast.protocol.get(f"/stage/{cast.event.slug}/rounds/{this.id}/plan?view={view}", headers=ZH)

    assert (answer.status_code, _drawn(answer.text)) == (200, names)
    assert f'href="/stage/{cast.event.slug}/rounds/{this.id}/plan?view={view}" aria-current="true"' in answer.text
    assert "签约台" in answer.text


async def test_a_round_without_people_says_so(cast: Cast) -> None:
    this = await Crew(cast.database, cast.event).add(RoundForm(title=Text(zh_hans="协议")))

    page = (await cast.protocol.get(f"/stage/{cast.event.slug}/rounds/{this.id}/plan", headers=ZH)).text

    assert "本轮还没有安排人员" in page
    assert "seatplan-picture" not in page


async def test_the_plan_of_a_round_is_printed_in_the_language_that_is_asked_for(cast: Cast) -> None:
    this = await _signing(Crew(cast.database, cast.event))

    answer = await cast.script.get(f"{cast.api}/seatplan.pdf?round={this.id}&view=stage&lang=en")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    text = " ".join(text_of(answer.content).split())
    assert "As seen from the stage" in text
    assert text.index("霍俊彦") < text.index("上官若云")


async def test_without_a_round_every_round_but_speeches_has_a_page(cast: Cast) -> None:
    crew = Crew(cast.database, cast.event)
    await _signing(crew, "协议")
    await _signing(crew, "备忘录")
    await crew.add(RoundForm(title=Text(zh_hans="致辞")), SegmentKind.SPEECHES)

    answer = await cast.script.get(f"{cast.api}/seatplan.pdf")

    assert page_count(answer.content) == 2
    assert [title in text_of(answer.content) for title in ("协议", "备忘录", "致辞")] == [True, True, False]


async def test_a_list_is_printed_from_the_centre_outwards(cast: Cast) -> None:
    people = [str((await cast.guest(name)).id) for name in ("丁一", "王明", "潘安")]
    form = {"title": {"zh_hans": "合影"}, "people": {"guest_ids": people}}
    made = (await cast.protocol.post(f"{cast.api}/precedence", json=form)).json()

    answer = await cast.script.get(f"{cast.api}/seatplan.pdf?list={made['id']}&view=hall")

    text = "".join(text_of(answer.content).split())
    assert text.index("王明") < text.index("丁一") < text.index("潘安")


@pytest.mark.parametrize("query", ["round=nobody", "list=nobody", f"round={'0' * 32}", f"list={'0' * 32}", ""])
async def test_what_is_not_there_is_not_printed(cast: Cast, query: str) -> None:
    answer = await cast.script.get(f"{cast.api}/seatplan.pdf?{query}")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
