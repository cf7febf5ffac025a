"""How names are searched: what a steward types finds the guest, in Python and in SQL alike."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.names import fold, index_letter, like_patterns, matches, order, search_keys, sort_key, to_column

TABLE: dict[str, Any] = json.loads(Path(__file__).with_name("vectors").joinpath("names.json").read_text("utf-8"))
CASES = TABLE["cases"]
GUESTS = TABLE["guests"]

hanzi = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
chinese_names = st.text(hanzi, min_size=1, max_size=5)
latin_names = st.from_regex(
    r"[A-ZÀ-ÖØ-öø-ÿĐĀ-ž][a-zà-öø-ÿā-ž]{0,8}(['’-][a-z]{1,4})?( [A-Z][a-z]{0,9}(['’-][a-z]{1,4})?){0,4}",
    fullmatch=True,
)
anything = st.text(max_size=30)
unhurried = settings(deadline=None)  # the first example opens the dictionaries
queries = st.one_of(anything, chinese_names, latin_names, st.text("陈陳lgbLGB 12-'%_\\", max_size=8))


def found_by_sql(query: str, column: str) -> bool:
    patterns = like_patterns(query)
    condition = " AND ".join([r"? LIKE ? ESCAPE '\'"] * len(patterns))
    arguments = [value for pattern in patterns for value in (column, pattern)]
    with sqlite3.connect(":memory:") as connection:
        return bool(patterns) and bool(connection.execute(f"SELECT {condition}", arguments).fetchone()[0])


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_every_case_of_the_table_is_decided_as_it_says(case: dict[str, Any]) -> None:
    guest = {key: value for key, value in GUESTS[case["guest"]].items() if key != "keys"}

    keys = search_keys(**guest)

    assert matches(case["query"], keys) is case["found"]
    assert found_by_sql(case["query"], to_column(keys)) is case["found"]


@pytest.mark.parametrize("label", GUESTS)
def test_the_keys_in_the_table_are_the_keys_that_are_made(label: str) -> None:
    guest = {key: value for key, value in GUESTS[label].items() if key != "keys"}

    keys = search_keys(**guest)

    assert list(keys) == GUESTS[label]["keys"]


def test_the_table_says_each_thing_once_and_uses_every_guest() -> None:
    names = [case["name"] for case in CASES]

    assert len(names) >= 60
    assert len(set(names)) == len(names)
    assert {case["guest"] for case in CASES} == set(GUESTS)
    assert {case["found"] for case in CASES} == {True, False}


@pytest.mark.parametrize(
    ("name", "readings"),
    [
        ("单立人", ["shan", "dan"]),
        ("曾家豪", ["zeng", "ceng"]),
        ("解晓东", ["xie", "jie"]),
        ("区志强", ["ou", "qu"]),
        ("仇英", ["qiu", "chou"]),
        ("查良镛", ["zha", "cha"]),
        ("朴成浩", ["piao", "pu"]),
        ("盖文启", ["ge", "gai"]),
        ("任静", ["ren"]),
        ("华国栋", ["hua"]),
        ("尉迟恭", ["yuchi", "weichi"]),
        ("万俟明", ["moqi", "wansi"]),
        ("令狐冲", ["linghu"]),
        ("单于拓", ["chanyu", "danyu"]),
        ("长孙澈", ["zhangsun", "changsun"]),
        ("黑伯理", ["he", "hei"]),
        ("谌龙", ["shen", "chen"]),
        ("吕布", ["lv", "lu", "lyu"]),
        ("仉志远", ["zhang"]),
        ("乐嘉", ["yue", "le"]),
    ],
)
def test_a_surname_is_found_by_its_reading_as_a_surname_and_by_the_common_one(name: str, readings: list[str]) -> None:
    keys = search_keys(name=name)

    found = [reading for reading in readings if reading in keys or matches(reading, keys)]

    assert found == readings
    assert not matches("zzz", keys)


def test_a_key_is_made_once_and_in_order() -> None:
    keys = search_keys(name="李丽丽", name_latin="Li Lili", organisation="Li Lili Ltd", phone="+86 138 0000 1234")

    assert list(keys) == sorted(set(keys))


def test_a_guest_of_whom_nothing_is_known_has_no_keys() -> None:
    assert search_keys(name="", name_latin="", organisation="", phone="") == ()


def test_a_column_holds_each_key_between_line_feeds() -> None:
    assert to_column(("lgb", "李")) == "\nlgb\n李\n"
    assert to_column(()) == "\n"


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Ｌｉ　Ｇｕｏｂｉｎ", "li guobin"),
        ("Lǐ Guóbīn", "li guobin"),
        ("LÜ", "lu"),
        ("O’Brien-Smith", "obriensmith"),
        ("Đặng Thị Ánh", "dang thi anh"),
        ("Strauß, J.P.", "strauss jp"),
        ("Łukasz Ørsted", "lukasz orsted"),
        ("諸葛　亮", "诸葛 亮"),
        ("范志于", "范志于"),
        ("范志於", "范志于"),
        ("衞生署", "卫生署"),
        ("\ud800\x00\n%_\\", ""),
    ],
)
def test_what_is_typed_is_folded(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@unhurried
@given(text=anything)
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@unhurried
@given(name=chinese_names, before=chinese_names)
def test_a_part_of_a_name_folds_as_it_does_inside_the_whole(name: str, before: str) -> None:
    assert fold(before + name) == fold(before) + fold(name)


@unhurried
@given(query=queries, name=st.one_of(chinese_names, latin_names, anything), organisation=anything)
def test_sql_finds_whom_matches_finds(query: str, name: str, organisation: str) -> None:
    keys = search_keys(name=name, organisation=organisation, phone="+852 9123 4567")

    assert found_by_sql(query, to_column(keys)) is matches(query, keys)


@unhurried
@given(name=chinese_names, data=st.data())
def test_any_part_of_a_chinese_name_finds_it(name: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(name) - 1))
    end = data.draw(st.integers(start + 1, len(name)))

    keys = search_keys(name=name)

    assert matches(name[start:end], keys)


@unhurried
@given(name=latin_names, data=st.data())
def test_the_words_of_a_latin_name_find_it_in_any_order(name: str, data: st.DataObject) -> None:
    words = data.draw(st.permutations(name.split()))

    keys = search_keys(name="", name_latin=name)

    assert matches(" ".join(words), keys)


@unhurried
@given(name=st.text(max_size=300), latin=st.text(max_size=300), organisation=st.text(max_size=300))
def test_the_keys_of_a_guest_stay_small(name: str, latin: str, organisation: str) -> None:
    keys = search_keys(name=name, name_latin=latin, organisation=organisation, phone="12345")

    assert len(to_column(keys).encode()) <= 1501


def test_of_a_name_with_thousands_of_readings_the_commonest_are_kept() -> None:
    name = "单曾解区仇查朴盖"

    keys = search_keys(name=name, organisation=name * 20)

    assert len(to_column(keys).encode()) <= 1501
    assert matches("dancengjiequchouchapugai", keys)
    assert matches(name, keys)


def test_a_query_of_a_megabyte_is_read_to_its_sixty_fourth_character() -> None:
    keys = search_keys(name="李国斌")

    assert matches("李国斌" + " " * 1_000_000, keys)
    assert like_patterns("a" * 1_000_000) == ["%\n" + "a" * 32 + "%"]


@pytest.mark.parametrize("query", ["", " ", "%", "_", "\\", "'", "%%%", "·", "\n", "\ud83d"])
def test_a_query_without_a_letter_or_digit_finds_nobody(query: str) -> None:
    keys = search_keys(name="李国斌")

    assert matches("李", keys)
    assert not matches(query, keys)
    assert like_patterns(query) == []


@pytest.mark.parametrize(
    ("query", "name", "latin", "nearness"),
    [
        ("李伟", "李伟", "Li Wei", 0),
        ("liwei", "李伟", "", 0),
        ("li wei", "李伟", "", 0),
        ("CHAN Tai-man", "陳大文", "Chan Tai-man", 0),
        ("李", "李伟", "Li Wei", 1),
        ("li", "李伟", "", 1),
        ("歐陽", "欧阳靖", "", 1),
        ("ouyang", "欧阳靖", "", 1),
        ("david", "陳大文", "Chan Tai-man, David", 1),
        ("shan 1234", "单立人", "", 1),
        ("l", "李伟", "", 2),
        ("lw", "李伟", "", 2),
        ("li", "林峰", "", 2),
        ("dav", "陳大文", "Chan Tai-man, David", 2),
        ("tai", "陳大文", "Chan Tai-man, David", 2),
        ("man", "陳大文", "Chan Tai-man, David", 3),
        ("wei", "李伟", "", 3),
        ("伟", "李伟", "", 3),
        ("gb", "李国斌", "", 3),
        ("huawei", "李国斌", "", 4),
        ("1234", "李国斌", "", 4),
        ("", "李国斌", "", 4),
    ],
)
def test_the_nearer_name_comes_first(query: str, name: str, latin: str, nearness: int) -> None:
    assert order(query, name, latin) == nearness


@pytest.mark.parametrize(
    ("name", "syllables"),
    [
        ("单雄信", "shan xiong xin"),
        ("曾国藩", "zeng guo fan"),
        ("解晓东", "xie xiao dong"),
        ("區永權", "ou yong quan"),
        ("仇英", "qiu ying"),
        ("查良镛", "zha liang yong"),
        ("欧阳修", "ou yang xiu"),
        ("尉迟恭", "yu chi gong"),
        ("万俟卨", "mo qi xie"),
        ("长孙无忌", "zhang sun wu ji"),
        ("阿不都·热西提", "a bu dou re xi ti"),
        ("陈David", "chen david"),
        ("Élodie Nguyễn", "elodie nguyen"),
    ],
)
def test_a_list_reads_a_name_as_people_say_it(name: str, syllables: str) -> None:
    assert sort_key(name) == (tuple(syllables.split()), name)


def test_the_guests_own_spelling_decides_how_the_surname_is_read() -> None:
    spelt = [sort_key("乐嘉", latin)[0][0] for latin in ("", "Le Jia", "Jia Le", "Lok Ka")]

    assert spelt == ["yue", "le", "le", "yue"]


def test_a_list_mixes_scripts_and_latin_names_by_their_letters() -> None:
    names = ["张伟", "Robert Langdon", "陳大文", "陈大明", "陈大文", "司徒静", "David Chan", "ندى", "単", "Zoë"]

    ordered = sorted(names, key=sort_key)

    assert ordered == [
        "陈大明",
        "陈大文",
        "陳大文",
        "単",
        "David Chan",
        "Robert Langdon",
        "司徒静",
        "张伟",
        "Zoë",
        "ندى",
    ]


def test_a_name_in_another_script_stands_where_its_latin_form_does() -> None:
    assert [sort_key("たなか", "Tanaka Ken"), sort_key("たなか")] == [
        (("tanaka", "ken"), "たなか"),
        (("\uffff",), "たなか"),
    ]


@pytest.mark.parametrize(
    ("name", "letter"), [("曾国藩", "Z"), ("Élodie", "E"), ("3M Team", "M"), ("ندى", "#"), ("007", "#"), ("", "#")]
)
def test_the_index_letter_is_that_of_the_first_word(name: str, letter: str) -> None:
    assert index_letter(name) == letter


@unhurried
@given(st.lists(st.tuples(st.one_of(chinese_names, latin_names, anything), latin_names), max_size=6))
def test_index_letters_follow_each_other_in_the_order_of_the_list(names: list[tuple[str, str]]) -> None:
    letters = [index_letter(*each) for each in sorted(names, key=lambda each: sort_key(*each))]

    assert letters == sorted(letters, key=lambda letter: (letter == "#", letter))
