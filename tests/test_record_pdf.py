from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from badges.record import Attendant, CeremonyRecord, RoundEntry, SegmentEntry, Side, Stand, draw
from badges.record_words import WORDS
from tests.cast import NOON
from tests.programs import lines_of, page_count, text_of

PEN = [[[0, 0, 0, 500], [900, 300, 20, 700], [1800, 100, 40, 300]], [[400, 800, 90, 0], [1500, 900, 120, 0]]]
CHEN = Attendant(
    role="签字人",
    name="赵敏",
    second="ZHAO Min",
    title="副署长",
    organisation="河套发展署",
    instead="赵敏 代 陈伟 签",
    first_at=NOON - timedelta(minutes=30),
    gate="正门",
    was_there=True,
    strokes=PEN,
)
LI = Attendant(role="签字人", name="李静", title="董事长", first_at=NOON, was_there=True)
WANG = Attendant(role="见证人", name="王芳", organisation="科技厅", first_at=NOON, gate="东门", was_there=False)
AWAY = Attendant(role="助签人", name="周杰")


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


CLOSED = RoundEntry(
    label="第 1 轮",
    title="共建联合实验室合作协议",
    facts="2 份 · 简体中文、English",
    state="● 已结束",
    sides=[Side(name="主方 · 河套发展署", people=[CHEN, WANG]), Side(name="客方 · 鹏城芯片公司", people=[LI, AWAY])],
    steps=[(at(1), "就绪"), (at(3), "已签署"), (at(5), "已结束")],
    notes=["赵敏 代 陈伟 签。授权：署长办公室；原因：临时公务。12:00 由何卓文记录。"],
    number=1,
    digest="3f" * 32,
)
OPEN = RoundEntry(label="第 2 轮", title="合作备忘录", state="○ 草拟")
RECORD = CeremonyRecord(
    title="科创谷启动仪式",
    when="2026年3月2日 14:00–18:00",
    venue="香港科学园深圳分园",
    hosts=["香港科技园公司", "河套发展署"],
    summary="共 2 轮 · 已结束 1 · 未结束 1 · 替换 1 人",
    segments=[SegmentEntry(title="签约仪式", where="15:00–16:00 · 大厅", rounds=[CLOSED, OPEN])],
    stands=[
        Stand(booth="A1", name="鹏城芯片公司", field="人工智能", staff=[("林若晴", at(0)), ("陈小满", at(9))]),
        Stand(booth="A2", name="河套数据公司"),
    ],
    number=1,
    digest="3f" * 32,
    zone=ZoneInfo("Asia/Hong_Kong"),
    generated_at=at(60),
    language="zh-Hans",
)


def test_the_record_says_who_signed_for_whom_who_was_there_and_what_became_of_each_round() -> None:
    assert lines_of(draw(RECORD), layout=True) == [
        "签约纪实",
        "科创谷启动仪式",
        "时间 2026年3月2日 14:00–18:00",
        "地点 香港科学园深圳分园",
        "主办单位 香港科技园公司 · 河套发展署",
        "轮次 共 2 轮 · 已结束 1 · 未结束 1 · 替换 1 人",
        "本纪实如实记载出席情况与仪式经过，不构成法律意义上的电子签名；文件的效力以各方签署的文本为准。入场时间取自验票记录。",
        "签约仪式",
        "15:00–16:00 · 大厅",
        "第1轮 ● 已结束",
        "共建联合实验室合作协议",
        "2 份 · 简体中文、English",
        "主方 · 河套发展署 入场 屏幕签名",
        "签字人 赵敏 副署长 11:30",
        "ZHAO Min 河套发展署 正门",
        "赵敏 代 陈伟 签",
        "见证人 王芳 科技厅 12:00",
        "东门",
        "届时不在场",
        "客方 · 鹏城芯片公司",
        "签字人 李静 董事长 12:00",
        "助签人 周杰 ○ 无入场记录",
        "经过 就绪 12:01 → 已签署 12:03 → 已结束 12:05",
        "赵敏 代 陈伟 签。授权：署长办公室；原因：临时公务。12:00 由何卓文记录。",
        "第 1 号记录 SHA-256 3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f",
        "第2轮 ○ 草拟",
        "合作备忘录",
        "○ 本轮尚未结束，以下为现时情况，未列入记录。",
        "参展单位",
        "展位 单位 领域 到场人员",
        "A1 鹏城芯片公司 人工智能 林若晴 12:00、陈小满 12:09",
        "A2 河套数据公司 ○ 无入场记录",
        "第 1 页，共 1 页 制表时间 2026-03-02 13:00 · Asia/Hong_Kong (UTC+08:00)",
        "末号记录（第 1 号） SHA-256 3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f",
    ]


def test_the_same_record_makes_the_same_bytes() -> None:
    assert draw(RECORD) == draw(replace(RECORD))


def test_signatures_are_drawn_as_curves_and_not_as_pictures() -> None:
    signed, bare = draw(RECORD), draw(replace(RECORD, segments=[SegmentEntry(title="空", rounds=[OPEN])]))

    pages = [PdfReader(BytesIO(pdf)).pages for pdf in (signed, bare)]
    curves = [sum(page.get_contents().get_data().count(b" c ") for page in each) for each in pages]
    assert curves == [3, 0]
    assert [image for page in pages[0] for image in page.images] == []


def test_a_dot_is_drawn_as_a_dot() -> None:
    dot = replace(CHEN, strokes=[[[5, 5, 0, 500]]])
    entry = replace(CLOSED, sides=[Side(people=[dot])])

    pdf = draw(replace(RECORD, segments=[SegmentEntry(title="签约", rounds=[entry])]))

    data = PdfReader(BytesIO(pdf)).pages[0].get_contents().get_data()
    assert data.count(b" l S Q") == 1


def test_a_round_stays_on_one_page_where_it_fits_and_every_page_says_what_it_belongs_to() -> None:
    rounds = [replace(CLOSED, label=f"第 {number} 轮", title=f"第{number}号协议书") for number in range(1, 13)]

    pdf = draw(replace(RECORD, segments=[SegmentEntry(title="签约仪式", rounds=rounds)]))

    pages = [lines_of(pdf, page=number) for number in range(1, page_count(pdf) + 1)]
    assert len(pages) > 4
    marks = "号协议书", "号记录 SHA-256"
    titles, digests = ([sum(mark in line for line in page) for page in pages] for mark in marks)
    assert titles == digests
    assert sum(titles) == 12
    assert {page[0] for page in pages[1:]} == {"科创谷启动仪式 · 签约纪实"}
    assert {page[-1].partition(" SHA")[0] for page in pages} == {"末号记录（第 1 号）"}


def test_a_round_with_more_people_than_a_page_holds_goes_on_overleaf() -> None:
    crowd = [replace(WANG, name=f"{chr(0x4E00 + number)}明") for number in range(70)]
    entry = replace(CLOSED, sides=[Side(people=crowd)])

    pdf = draw(replace(RECORD, segments=[SegmentEntry(title="合影", rounds=[entry])]))

    names = [word for line in lines_of(pdf) for word in line.split() if word.endswith("明")]
    assert names == [each.name for each in crowd]
    lows: list[float] = []
    for page in PdfReader(BytesIO(pdf)).pages:
        page.extract_text(visitor_text=lambda text, _, matrix, *__: lows.append(matrix[5]) if "明" in text else None)
    assert min(lows) > (297 - 276) / 25.4 * 72


def test_who_is_expected_is_not_yet_told_to_have_stayed_away() -> None:
    awaited = replace(OPEN, sides=[Side(people=[AWAY, Attendant(role="见证人", name="未定人选", is_named=False)])])

    lines = lines_of(draw(replace(RECORD, segments=[SegmentEntry(title="签约", rounds=[awaited])])), layout=True)

    assert [line for line in lines if line.startswith(("助签人", "见证人"))] == [
        "助签人 周杰 ○ 尚未到场",
        "见证人 未定人选",
    ]


def test_exhibitors_are_still_expected_while_nothing_is_on_record() -> None:
    before = lines_of(draw(replace(RECORD, number=0, digest="")), layout=True)

    assert "A2 河套数据公司 ○ 尚未到场" in before


def test_times_on_several_days_carry_the_day() -> None:
    late = replace(CLOSED, steps=[(at(1), "就绪"), (at(60 * 30), "已结束")])

    text = text_of(draw(replace(RECORD, segments=[SegmentEntry(title="签约", rounds=[late])])))

    assert "就绪 03-02 12:01" in text
    assert "已结束 03-03 18:00" in text


def test_a_character_that_no_font_draws_is_marked_and_the_record_comes_out() -> None:
    odd = replace(CHEN, name="王\ufdd0", instead="", strokes=())
    entry = replace(CLOSED, sides=[Side(people=[odd])])

    text = text_of(draw(replace(RECORD, segments=[SegmentEntry(title="签约", rounds=[entry])])))

    assert "〓" in text


def test_a_ceremony_without_rounds_says_so() -> None:
    empty = replace(RECORD, segments=[], stands=[], number=0, digest="", summary="", hosts=[])

    lines = lines_of(draw(empty))

    assert "议程中没有轮次" in lines
    assert lines[-1] == "尚无记录"


def test_a_fault_of_the_chain_stands_at_the_head_of_the_record() -> None:
    lines = lines_of(draw(replace(RECORD, verdict="第 1 号记录被改动：其内容与摘要不符。")), layout=True)

    assert "核验 第 1 号记录被改动：其内容与摘要不符。" in lines


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-Hans", ("签约纪实", "不构成法律意义上的电子签名", "入场", "屏幕签名", "无入场记录")),
        ("zh-Hant", ("簽約紀實", "並非法律意義上的電子簽署", "入場", "屏幕簽名", "無入場記錄")),
        ("en", ("Ceremony record", "It is not an electronic signature in law", "Entered", "No entry recorded")),
    ],
)
def test_the_record_speaks_the_readers_language(language: str, words: tuple[str, ...]) -> None:
    text = " ".join(text_of(draw(replace(RECORD, language=language))).split())

    assert [each for each in words if each not in text] == []


def test_every_language_has_the_same_words() -> None:
    assert {language: set(words) for language, words in WORDS.items()} == {
        language: set(WORDS["en"]) for language in WORDS
    }
