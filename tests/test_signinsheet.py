"""The paper for a desk without network: every guest in order, with a symbol that a hand scanner reads later."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from badges.signinsheet import Desk, SignInRow, SignInSheet, draw
from events.ticket import mint
from tests.programs import codes_on, lines_of, page_count, pictures_of, text_of

CODES = [mint("K7M2X") for _ in range(40)]
OUYANG = SignInRow(
    code=CODES[0],
    number=214,
    letter="O",
    name="欧阳修远",
    name_latin="Ouyang Xiuyuan",
    organisation="河套发展署",
    category="主礼嘉宾",
    colour="#b8860b",
    slot="A-07",
)
ROWS = [
    SignInRow(code=code, number=number, letter="C" if number < 20 else "D", name=f"陈{number}", category="嘉宾")
    for number, code in enumerate(CODES, start=1)
]
SHEET = SignInSheet(
    title="青年科创谷启动仪式",
    when="2026年3月2日 14:00–18:00",
    desks=[Desk(name="A – O", rows=[OUYANG])],
    printed_at=datetime(2026, 3, 2, 4, 30, tzinfo=UTC),
    zone=ZoneInfo("Asia/Hong_Kong"),
    language="zh-Hans",
    blank=2,
)


def test_a_row_says_who_from_where_and_which_slot_beside_the_ticket_number() -> None:
    assert lines_of(draw(SHEET)) == [
        "青年科创谷启动仪式",
        "签到表 · 2026年3月2日 14:00–18:00 · 1 位嘉宾",
        "A – O",
        "到场 姓名 单位 类别 格位 时间 签名",
        "第 1 页，共 1 页 打印于 2026-03-02 12:30 · Asia/Hong_Kong",
        "O 214",
        "欧阳修远",
        "Ouyang Xiuyuan",
        "河套发展署 主礼嘉宾 A-07",
        "+",
        "现场登记",
    ]


def test_every_symbol_is_read_from_a_page_printed_at_300_dpi() -> None:
    pages = pictures_of(draw(replace(SHEET, desks=[Desk(name="C – D", rows=ROWS)])), dpi=300)

    read = [codes_on(page) for page in pages]

    assert [len(page) for page in read] == [15, 15, 10]
    assert sorted(code for page in read for code in page) == sorted(CODES)


def test_each_desk_numbers_its_own_pages_and_repeats_the_heads() -> None:
    desks = [Desk(name="A – C", rows=ROWS[:19]), Desk(name="D", rows=ROWS[19:])]

    pdf = draw(replace(SHEET, desks=desks))

    feet = [line.partition(" 打印")[0] for line in lines_of(pdf) if "打印于" in line]
    tops = [lines_of(pdf, page=page)[2] for page in range(1, 5)]
    heads = [line for line in lines_of(pdf) if line.startswith("到场")]
    assert feet == ["第 1 页，共 2 页", "第 2 页，共 2 页", "第 1 页，共 2 页", "第 2 页，共 2 页"]
    assert tops == ["A – C", "A – C", "D", "D"]
    assert len(heads) == 4


def test_a_letter_stands_where_it_begins_and_where_a_page_goes_on() -> None:
    pdf = draw(replace(SHEET, desks=[Desk(name="C – D", rows=ROWS)], blank=0))

    letters = [[line for line in lines_of(pdf, page=page)[5:] if line[0] in "CD"] for page in (1, 2, 3)]
    assert letters == [["C 1"], ["C", "D 20"], ["D"]]


@pytest.mark.parametrize(
    ("language", "sheet", "walk_ins"),
    [("zh-Hans", "签到表", "现场登记"), ("zh-Hant", "報到表", "即場登記"), ("en", "Sign-in sheet", "Walk-ins")],
)
def test_the_sheet_speaks_its_readers_language(language: str, sheet: str, walk_ins: str) -> None:
    text = text_of(draw(replace(SHEET, language=language)))

    assert [text.count(words) for words in (sheet, walk_ins)] == [1, 1]


def test_other_words_may_take_the_place_of_ours() -> None:
    ours = {"sheet", "came", "name", "organisation", "category", "slot", "time", "signature", "walk_ins", "guests"}

    text = text_of(draw(SHEET, {key: key.upper() for key in (*ours, "nobody", "printed", "page", "pages")}))

    assert {key for key in ours if key.upper() in text} == ours


@pytest.mark.parametrize(
    ("name", "latin", "shown"),
    [
        ("ندى", "Nada Haddad", ["Nada Haddad"]),
        ("ندى", "", ["〓〓〓"]),
        ("陈ن", "", ["陈〓"]),
        ("阿不都热西提·买买提明·吐尔逊", "", ["阿不都热西提·", "买买提明·吐尔逊"]),
    ],
)
def test_a_name_comes_out_whatever_it_is(name: str, latin: str, shown: list[str]) -> None:
    row = replace(OUYANG, name=name, name_latin=latin, organisation="", category="", slot="")

    lines = lines_of(draw(replace(SHEET, desks=[Desk(name="A", rows=[row])])))

    assert lines[lines.index("O 214") + 1 : lines.index("+")] == shown


def test_what_is_too_long_makes_its_row_higher_and_no_page_overflows() -> None:
    long = "河套深港科技创新合作区深圳园区发展署国际合作与交流处" * 3
    rows = [replace(row, name=long[:25], name_latin="Maximilian " * 6, organisation=long) for row in ROWS]

    pdf = draw(replace(SHEET, desks=[Desk(name="C", rows=rows)], blank=0))

    read = [codes_on(page) for page in pictures_of(pdf, dpi=300)]
    assert sorted(code for page in read for code in page) == sorted(CODES)
    assert [len(lines_of(pdf, page=page)) > 0 for page in range(1, page_count(pdf) + 1)] == [True] * len(read)


def test_a_desk_without_guests_has_its_blank_lines() -> None:
    pdf = draw(replace(SHEET, desks=[]))

    assert (page_count(pdf), text_of(pdf).count("没有已确认的嘉宾"), text_of(pdf).count("现场登记")) == (1, 1, 1)
