"""Which names ask for a confirmed reading, and which are left in peace."""

import pypinyin
import pytest

from checkin.stage import readings
from checkin.stage.readings import needs_reading, suggested_reading, ways_to_read
from events.demo.story import load


@pytest.mark.parametrize(
    "name",
    [
        "仇明远",  # Qiu, elsewhere chou
        "单立民",
        "單立民",
        "解旭东",
        "尉迟明哲",
        "尉遲明哲",
        "盖文渊",
        "區志強",
        "查良镛",
        "王乐",  # le or yue
        "王樂",
        "任晟",
        "钟𬭎",  # rare
        "高翀",
        "宋堃",
        "𠮷田健太",
        "龚䶮",
    ],
)
def test_a_surname_that_misleads_and_a_rare_or_polyphonic_character_need_a_reading(name: str) -> None:
    assert needs_reading(name)


@pytest.mark.parametrize(
    "name",
    [
        "陈伟",
        "冯启邦",
        "馮啟邦",
        "欧阳振邦",
        "歐陽震華",
        "曾国藩",
        "任静雯",
        "鄺子軒",  # its simplified form is usual
        "曾瑋琪",
        "諸葛承志",
        "Anthony Fung",
        "Иван",
        "",
    ],
)
def test_a_name_that_everybody_reads_alike_needs_none(name: str) -> None:
    assert not needs_reading(name)


def test_few_of_a_real_guest_list_are_asked_about() -> None:
    names = [guest.name for guest in load().guests]

    asked = [name for name in names if needs_reading(name)]

    assert 0.03 < len(asked) / len(names) < 0.2


def test_what_is_called_polyphonic_is_so() -> None:
    alike = [char for char in readings._GIVEN - set("喆堃") if len(pypinyin.pinyin(char, heteronym=True)[0]) == 1]

    assert alike == []


def test_a_character_that_no_dictionary_reads_is_rare() -> None:
    assert pypinyin.pinyin("\U0003134a", errors="ignore") == []

    assert needs_reading("陈\U0003134a")


@pytest.mark.parametrize(
    ("name", "latin", "suggestion"),
    [
        ("单立民", "", "Shàn Lìmín"),
        ("尉迟明哲", "", "Yùchí Míngzhé"),
        ("仇明远", "", "Qiú Míngyuǎn"),
        ("單立民", "SHAN Limin", "Shàn Lìmín"),
        ("吕乐", "", "Lǚ Lè"),
        ("吕乐", "LYU Le", "Lǚ Lè"),
        ("沈洁", "Jie Shen", "Shěn Jié"),
        ("吉田健太", "Yoshida Kenta", ""),
        ("馮啟邦", "FUNG Kai-pong", ""),
        ("仇", "", "Qiú"),
        ("Jean Martin", "", ""),
        ("王Jean", "", ""),
        ("", "", ""),
    ],
)
def test_a_reading_is_suggested_with_its_tones_the_surname_as_surnames_are_read(
    name: str, latin: str, suggestion: str
) -> None:
    assert suggested_reading(name, latin) == suggestion


def test_the_other_readings_are_told_of_characters_that_mislead_only() -> None:
    assert ways_to_read("单立行") == {"单": ["dān", "chán", "shàn"], "行": readings_of("行")}
    assert ways_to_read("王思远") == {}


def readings_of(char: str) -> list[str]:
    return pypinyin.pinyin(char, heteronym=True)[0]
