"""Ordering names by strokes, as lists of people who are equal are ordered on the mainland."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkin.stage.strokes import stroke_key, strokes_of
from events.demo.story import load


@pytest.mark.parametrize(
    ("expected", "why"),
    [
        ("二丁卜万马王方叶田冯刘李何陈周", "the fewer strokes the earlier, then by the shape of each stroke in turn"),
        ("丁于王石任李林施秦曹彭蔡潘", "the fewer strokes the earlier"),
        ("王毛文孔", "four strokes that begin with 横, 撇, 点 and 折"),
        ("石卢白冯司", "five strokes that begin with 横, 竖, 撇, 点 and 折"),
        ("林欧", "eight strokes that begin with 横, of which the second is 竖 and 撇"),
        ("二丁十厂七卜人八几", "竖钩 counts as 竖, 捺 as 点, 竖弯钩 as 折; what is still equal stands by code point"),
        ("主冯兰", "提 counts as 横"),
        ("陳葉馮鄧劉", "traditional surnames among themselves"),
        ("刘陈陳張黃劉", "a surname counts as the guest writes it, simplified or traditional"),
    ],
)
def test_surnames_stand_in_the_order_of_the_standard(expected: str, why: str) -> None:
    surnames = expected[::-1]

    assert "".join(sorted(surnames, key=stroke_key)) == expected, why


def test_a_name_of_two_characters_precedes_longer_ones_of_the_same_surname() -> None:
    names = ["高大富", "高富", "高一鸣"]

    assert sorted(names, key=stroke_key) == ["高富", "高一鸣", "高大富"]


def test_a_space_within_a_name_makes_no_difference() -> None:
    assert stroke_key("高 富")[:3] == stroke_key("高富")[:3]


def test_what_nothing_is_known_of_stands_behind_by_code_point() -> None:
    names = ["𣲗明", "龘一", "䶮华", "Anna", "龙王"]

    assert sorted(names, key=stroke_key) == ["龙王", "Anna", "䶮华", "龘一", "𣲗明"]


@pytest.mark.parametrize(
    ("character", "strokes"), [("一", 1), ("凸", 5), ("陈", 7), ("陳", 10), ("鬱", 29), ("A", None), ("𣲗", None)]
)
def test_it_tells_with_how_many_strokes_a_character_is_written(character: str, strokes: int | None) -> None:
    assert strokes_of(character) == strokes


def test_the_surname_of_every_guest_of_the_demonstration_is_known() -> None:
    surnames = {guest.name[0] for guest in load().guests if "一" <= guest.name[0] <= "鿿"}

    assert sorted(surname for surname in surnames if strokes_of(surname) is None) == []


@given(st.lists(st.text(max_size=5), max_size=8))
def test_any_names_at_all_have_an_order(names: list[str]) -> None:
    assert sorted(sorted(names, key=stroke_key, reverse=True), key=stroke_key) == sorted(names, key=stroke_key)
