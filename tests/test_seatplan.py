"""Seat plans on paper: who is where, read from the page as a reader would."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from badges.seatplan import PlanRow, PlanSeat, SeatPlan, SeatPlans, draw
from badges.seatplan_words import WORDS
from tests.programs import lines_of, page_count, pictures_of, text_of

TABLE = PlanRow(
    seats=[
        PlanSeat(name="史\u3000珂", tag="助签人", under="海岚生物药业", assists=True),
        PlanSeat(name="上官若云", tag="客方", under="海岚生物药业", signs=True),
        PlanSeat(name="霍俊彦", tag="主方", under="香港科技园", signs=True),
    ],
    has_table=True,
)
BACK = PlanRow(seats=[PlanSeat(name="任静雯", tag="客方"), PlanSeat(name="曾玮琪", tag="主方")])
PLAN = SeatPlan(title="入驻协议", rows=[TABLE, BACK], from_hall=True)
PLANS = SeatPlans(
    heading="青年科创谷启动仪式",
    plans=[PLAN],
    printed_at=datetime(2026, 3, 2, 4, 30, tzinfo=UTC),
    zone=ZoneInfo("Asia/Hong_Kong"),
    language="zh-Hans",
)


def row(count: int, name: str = "欧阳振邦") -> PlanRow:
    return PlanRow(seats=[PlanSeat(name=name, tag=str(place + 1), under="河套发展署") for place in range(count)])


def test_the_audience_reads_the_back_row_first_and_itself_last() -> None:
    lines = lines_of(draw(PLANS), layout=True)

    assert lines[:2] == ["青年科创谷启动仪式 观众视角：由观众席望向台上", "入驻协议"]
    assert [line for line in lines if "雯" in line or "霍" in line] == ["任静雯 曾玮琪", "史 珂 上官若云 霍俊彦"]
    assert lines[-3:] == ["签约台", "观众席", "5人·第1页 打印于 2026-03-02 12:30 · Asia/Hong_Kong"]


def test_from_the_stage_the_hall_comes_first_and_the_table_before_the_back_row() -> None:
    lines = lines_of(draw(replace(PLANS, plans=[replace(PLAN, from_hall=False)])), layout=True)

    assert [line for line in lines if line in {"观众席", "签约台", "任静雯 曾玮琪"} or "霍" in line] == [
        "观众席",
        "签约台",
        "史 珂 上官若云 霍俊彦",
        "任静雯 曾玮琪",
    ]


def test_each_plan_has_a_page_of_its_own() -> None:
    pdf = draw(replace(PLANS, plans=[PLAN, replace(PLAN, title="备忘录"), replace(PLAN, rows=[], title="空")]))

    assert page_count(pdf) == 3
    assert "备忘录" in text_of(pdf, page=2)
    assert "尚未安排人员" in text_of(pdf, page=3)


@pytest.mark.parametrize("rows", [[30], [10, 10, 10], [1], [12, 12]])
@pytest.mark.parametrize("from_hall", [True, False])
def test_one_to_thirty_people_in_one_to_three_rows_are_all_on_the_page(rows: list[int], from_hall: bool) -> None:
    pdf = draw(replace(PLANS, plans=[SeatPlan(title="合影", rows=[row(each) for each in rows], from_hall=from_hall)]))

    read = "".join(text_of(pdf).split())
    [page] = pictures_of(pdf, dpi=40)
    assert read.count("欧") == read.count("邦") == sum(rows)
    assert page_count(pdf) == 1
    assert page.crop((0, 0, page.width, 10)).getextrema() == (255, 255), "nothing runs over the edge"


def test_a_long_latin_name_stays_in_its_narrow_card() -> None:
    pdf = draw(replace(PLANS, plans=[SeatPlan(title="合影", rows=[row(30, "Alexander-Fitzgerald")], from_hall=True)]))

    [page] = pictures_of(pdf, dpi=40)
    assert page.crop((0, 0, 12, page.height)).getextrema() == (255, 255)


def test_a_character_that_no_face_draws_is_marked_and_nobody_else_is_lost() -> None:
    pdf = draw(replace(PLANS, plans=[SeatPlan(title="合影", rows=[row(2, "王\U0002bb37")], from_hall=True)]))

    assert "".join(text_of(pdf).split()).count("王〓") == 2


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert draw(PLANS) == draw(PLANS)


def test_other_words_take_the_place_of_ours() -> None:
    labels = {**WORDS["en"], "hall": "Auditorium"}

    assert "Auditorium" in text_of(draw(replace(PLANS, language="en"), labels))


def test_each_language_has_the_same_words() -> None:
    assert {frozenset(words) for words in WORDS.values()} == {frozenset(WORDS["en"])}
