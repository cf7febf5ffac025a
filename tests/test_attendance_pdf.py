from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from badges.attendance import AttendanceRow, AttendanceSheet, Total, draw
from badges.attendance_words import WORDS
from tests.programs import lines_of, page_count, text_of

ENTRY = datetime(2026, 3, 2, 1, 41, tzinfo=UTC)
CAME = AttendanceRow(
    name="欧阳修远",
    name_latin="Ouyang Xiuyuan",
    organisation="河套发展署",
    job_title="署长",
    category="主礼嘉宾",
    first_entry=ENTRY,
    gate="正门",
)
AWAY = AttendanceRow(name="王𬭎", category="嘉宾", status="已取消")
SHEET = AttendanceSheet(
    title="青年科创谷启动仪式",
    subtitles=("Launch of the Valley",),
    when="2026年3月2日 09:30",
    venue="香港科学园深圳分园",
    hosts=("香港科技园公司", "河套发展署"),
    zone=ZoneInfo("Asia/Hong_Kong"),
    generated_at=datetime(2026, 3, 2, 4, 30, tzinfo=UTC),
    totals=[Total(name="主礼嘉宾", expected=3, attended=2), Total(name="嘉宾", expected=0, attended=1)],
    rows=[CAME, AWAY],
    language="zh-Hans",
)


def test_the_record_says_event_totals_guests_and_when_it_was_made():
    pdf = draw(SHEET)

    assert lines_of(pdf, layout=True) == [
        "出席记录",
        "青年科创谷启动仪式",
        "Launch of the Valley",
        "时间 2026年3月2日 09:30",
        "地点 香港科学园深圳分园",
        "主办单位 香港科技园公司、河套发展署",
        "类别 应到 实到 到场率",
        "主礼嘉宾 3 2 67%",
        "嘉宾 0 1",
        "合计 3 3 100%",
        "序号 姓名 单位及职务 类别 首次入场",
        "1 欧阳修远 河套发展署 主礼嘉宾 09:41",
        "Ouyang Xiuyuan 署长 正门",
        "2 王𬭎 嘉宾 ○ 未到",
        "已取消",
        "第 1 页，共 1 页 制表时间 2026-03-02 12:30 · Asia/Hong_Kong (UTC+08:00)",
    ]


@pytest.mark.parametrize(
    ("language", "heads", "word", "by"),
    [
        ("zh-Hans", "类别 应到 实到 请假 到场率", "△ 请假", "由 王𬭎 代"),
        ("zh-Hant", "類別 應出席 已出席 請假 出席率", "△ 請假", "由 王𬭎 代"),
        ("en", "Category Expected Attended Excused Rate", "△ Excused", "proxy: 王𬭎"),
    ],
)
def test_who_is_excused_is_marked_with_whoever_stands_for_them_and_counted(language, heads, word, by):
    away = replace(CAME, first_entry=None, gate="", excused=True, represented_by="王𬭎")
    totals = [Total(name="主礼嘉宾", expected=3, attended=1, excused=2), Total(name="嘉宾", expected=1, attended=1)]

    lines = lines_of(draw(replace(SHEET, rows=[away, AWAY], totals=totals, language=language)), layout=True)

    start = lines.index(heads)
    assert lines[start + 1 : start + 3] == ["主礼嘉宾 3 1 2 33%", "嘉宾 1 1 0 100%"]
    assert lines[start + 3].endswith(" 4 2 2 50%")
    assert lines[start + 5 : start + 7] == [f"1 欧阳修远 河套发展署 主礼嘉宾 {word}", f"Ouyang Xiuyuan 署长 {by}"]


def test_who_is_excused_without_anybody_in_their_stead_is_marked_alone():
    away = replace(CAME, first_entry=None, gate="", excused=True)

    lines = lines_of(draw(replace(SHEET, rows=[away])), layout=True)

    assert lines[-3:-1] == ["1 欧阳修远 河套发展署 主礼嘉宾 △ 请假", "Ouyang Xiuyuan 署长"]


def test_a_guest_is_read_cell_by_cell():
    lines = lines_of(draw(SHEET))

    start = lines.index("1 欧阳修远")
    assert lines[start + 1 : start + 6] == ["Ouyang Xiuyuan", "河套发展署", "署长", "主礼嘉宾 09:41", "正门"]


def test_times_are_those_of_the_zone_of_the_event():
    lines = lines_of(draw(replace(SHEET, zone=ZoneInfo("Europe/London"))))

    assert [line for line in lines if line.startswith("主礼嘉宾 0")] == ["主礼嘉宾 01:41"]
    assert lines[-1] == "第 1 页，共 1 页 制表时间 2026-03-02 04:30 · Europe/London (UTC+00:00)"


def test_entries_on_several_days_carry_the_day():
    rows = [CAME, replace(CAME, first_entry=ENTRY + timedelta(days=1))]

    lines = lines_of(draw(replace(SHEET, rows=rows)))

    assert [line for line in lines if line.endswith("09:41")] == [
        "主礼嘉宾 03-02 09:41",
        "主礼嘉宾 03-03 09:41",
    ]


def test_many_rows_run_over_pages_with_heads_and_numbers_on_each():
    rows = [replace(CAME, name=f"{chr(0x4E00 + number)}明远", name_latin="") for number in range(100)]

    pdf = draw(replace(SHEET, rows=rows))

    count = page_count(pdf)
    pages = [lines_of(pdf, page=number, layout=True) for number in range(1, count + 1)]
    names = [word for line in lines_of(pdf) for word in line.split() if word.endswith("明远")]
    assert count > 3
    assert names == [row.name for row in rows]
    assert [page.count("序号 姓名 单位及职务 类别 首次入场") for page in pages] == [1] * count
    assert [page[-1].split(" 制表")[0] for page in pages] == [f"第 {n} 页，共 {count} 页" for n in range(1, count + 1)]
    assert [page[0] for page in pages[1:]] == ["青年科创谷启动仪式 · 出席记录"] * (count - 1)


def test_nothing_is_drawn_over_the_foot_of_a_page_however_long_the_texts():
    long = replace(CAME, name="Wolfeschlegelsteinhausen " * 4, organisation="国" * 80, job_title="长" * 80)

    pdf = draw(replace(SHEET, rows=[long] * 60))

    lows: list[float] = []
    for page in PdfReader(BytesIO(pdf)).pages:
        page.extract_text(visitor_text=lambda text, _, matrix, *__: lows.append(matrix[5]) if "国" in text else None)
    assert len(lows) >= 60
    assert min(lows) > (297 - 279) / 25.4 * 72


def test_an_event_that_says_little_has_a_short_title_block():
    lines = lines_of(draw(replace(SHEET, subtitles=(), when="", venue="", hosts=())))

    assert lines[:3] == ["出席记录", "青年科创谷启动仪式", "类别 应到 实到 到场率"]


def test_an_empty_list_says_so():
    lines = lines_of(draw(replace(SHEET, rows=[], totals=[])))

    assert lines[-4:-1] == ["合计 0 0", "序号 姓名 单位及职务 类别 首次入场", "名单为空"]


@pytest.mark.parametrize(
    ("language", "record", "absent", "page"),
    [
        ("zh-Hans", "出席记录", "2 王𬭎 嘉宾 ○ 未到", "第 1 页，共 1 页 制表时间"),
        ("zh-Hant", "出席記錄", "2 王𬭎 嘉宾 ○ 缺席", "第 1 頁，共 1 頁 製表時間"),
        ("en", "Attendance record", "2 王𬭎 嘉宾 ○ Absent", "Page 1 of 1 Generated"),
    ],
)
def test_the_record_speaks_the_language_of_its_reader(language, record, absent, page):
    lines = lines_of(draw(replace(SHEET, language=language)))

    assert (lines[0], lines[-3], lines[-1].split(" 2026")[0]) == (record, absent, page)


def test_every_language_has_the_same_words():
    assert {tuple(words) for words in WORDS.values()} == {tuple(WORDS["en"])}


def test_other_words_can_be_given():
    lines = lines_of(draw(SHEET, {**WORDS["en"], "record": "Who came"}))

    assert lines[0] == "Who came"


def test_the_same_record_gives_the_same_bytes():
    assert draw(SHEET) == draw(SHEET)


def test_a_character_that_no_face_draws_is_set_as_a_missing_type():
    text = text_of(draw(replace(SHEET, rows=[replace(CAME, name="陈😀")])))

    assert "陈〓" in text
