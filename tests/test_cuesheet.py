"""The cue sheet on paper: whole lines, marks in the margin, page n of m, in three languages."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from badges.cuesheet import Cue, CueSheet, Group, Mark, Named, Section, draw
from tests.programs import lines_of, page_count, text_of

SHAN = Named(role="签字人", name="单立民", second="Shan Limin", title="河套发展署署长", notes=["读音待确认"])
FUNG = Named(role="签字人", name="馮啟邦", title="香港科技园公司主席", reading="fung4 kai2 bong1", notes=["代 陈静"])
CALL = Cue(label="宣布", sentence="首先，由香港科技园公司与河套发展署签署《战略合作协议》。")
INVITE = Cue(label="请上台", sentence="有请馮啟邦先生、单立民先生上台签约。", people=[FUNG, SHAN])
ROUND = Group(number="第 1 轮", title="战略合作协议", time="15:42", cues=[CALL, INVITE])
SIGNING = Section(title="入驻企业签约仪式", time="15:40–16:05", place="三楼国际会议厅", groups=[ROUND])
SHEET = CueSheet(
    event="青年科创谷启动仪式",
    sections=[SIGNING],
    printed_at=datetime(2026, 3, 2, 4, 30, tzinfo=UTC),
    zone=ZoneInfo("Asia/Hong_Kong"),
    language="zh-Hans",
)
SINCE = datetime(2026, 3, 2, 3, 5, tzinfo=UTC)


def of_rounds(count: int, group: Group = ROUND) -> CueSheet:
    """A sheet with so many rounds, numbered."""
    groups = [replace(group, number=f"第 {number} 轮") for number in range(1, count + 1)]
    return replace(SHEET, sections=[replace(SIGNING, groups=groups)])


def test_a_sheet_says_where_when_what_and_who() -> None:
    assert lines_of(draw(SHEET)) == [
        "青年科创谷启动仪式 主持词提示单 · 简体中文",
        "第 1 页，共 1 页 打印于 2026-03-02 12:30 · Asia/Hong_Kong",
        "入驻企业签约仪式",
        "15:40–16:05 · 三楼国际会议厅",
        "15:42 第 1 轮 · 战略合作协议",
        "宣布",
        "首先，由香港科技园公司与河套",
        "发展署签署《战略合作协议》。",
        "请上台",
        "有请馮啟邦先生、单立民先生上台签约。",
        "馮啟邦 签字人 · 香港科技园公司主席",
        "fung4 kai2 bong1",
        "● 代 陈静",
        "单立民",
        "Shan Limin",
        "签字人 · 河套发展署署长",
        "● 读音待确认",
    ]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "zh-Hans",
            ["主持词提示单 · 简体中文", "新增", "有改动", "左侧粗线标出 2026-03-02 11:05 打印后的改动 · 另删去 2 句"],
        ),
        (
            "zh-Hant",
            ["司儀稿提示單 · 繁體中文", "新增", "有改動", "左側粗線標示 2026-03-02 11:05 列印後的改動 · 另刪去 2 句"],
        ),
        (
            "en",
            [
                "Cue sheet · English",
                "New",
                "Changed",
                "what changed since the print of 2026-03-02 11:05 · lines taken out: 2",
            ],
        ),
    ],
)
def test_changes_since_a_print_are_told_by_a_word(language: str, words: list[str]) -> None:
    marked = replace(ROUND, cues=[replace(CALL, mark=Mark.NEW), replace(INVITE, mark=Mark.CHANGED)])
    sheet = replace(SHEET, sections=[replace(SIGNING, groups=[marked])], since=SINCE, gone=2, language=language)

    text = text_of(draw(sheet))

    assert [each for each in words if each not in text] == []


def test_a_sheet_that_reads_as_the_print_before_says_so() -> None:
    assert "与 2026-03-02 11:05 打印的一致" in lines_of(draw(replace(SHEET, since=SINCE)))


def test_the_same_sheet_is_the_same_file() -> None:
    assert draw(SHEET) == draw(SHEET)


def test_pages_are_counted_and_say_what_goes_on() -> None:
    pdf = draw(of_rounds(9))

    pages = [lines_of(pdf, page=number) for number in range(1, page_count(pdf) + 1)]
    assert len(pages) == 4
    assert [page[0] for page in pages] == ["青年科创谷启动仪式 主持词提示单 · 简体中文"] * 4
    assert ["续：入驻企业签约仪式" in page for page in pages] == [False, True, True, True]
    assert [f"第 {number} 页，共 4 页" in " ".join(page) for number, page in enumerate(pages, 1)] == [True] * 4


def test_a_heading_stands_on_the_page_of_its_first_line_and_a_line_with_all_its_people() -> None:
    pdf = draw(of_rounds(9))

    for number in range(1, page_count(pdf) + 1):
        text = text_of(pdf, page=number)
        assert text.count("轮 · 战略合作协议") == text.count("首先，")
        assert text.count("馮啟邦先生") == text.count("fung4") == text.count("Shan Limin")


def test_many_people_go_on_to_the_next_page_two_at_least_on_each() -> None:
    for count in range(12, 19):
        crowd = replace(INVITE, people=[SHAN] * count)
        pdf = draw(replace(SHEET, sections=[replace(SIGNING, groups=[replace(ROUND, cues=[CALL, crowd])])]))

        found = [text_of(pdf, page=number).count("Shan Limin") for number in range(1, page_count(pdf) + 1)]
        assert sum(found) == count
        assert min(found) >= 2


def test_a_script_runs_on_over_pages_without_a_line_alone() -> None:
    for lines in range(26, 34):
        cue = replace(CALL, script=f"{'春夏秋冬' * 7 * lines}\n\n{'东西南北' * 30}", mark=Mark.CHANGED)
        pdf = draw(replace(SHEET, sections=[replace(SIGNING, groups=[replace(ROUND, cues=[cue, INVITE])])]))

        pages = [lines_of(pdf, page=number) for number in range(1, page_count(pdf) + 1)]
        scripts = [[sum(set(line) <= set(run) for line in page) for page in pages] for run in ("春夏秋冬", "东西南北")]
        assert [count for found in scripts for count in found if count == 1] == []
        assert [sum(text_of(pdf).count(each) for each in run) for run in ("春", "北")] == [7 * lines, 30]


def test_a_name_is_not_broken_between_two_lines() -> None:
    for padding in range(30):
        sentence = f"有请{'香' * padding}中联办深圳联络部部长尉迟明哲先生上台颁发商务签注办理证明。"
        cue = Cue(label="请上台", sentence=sentence, whole=["尉迟明哲先生"])

        text = text_of(draw(replace(SHEET, sections=[replace(SIGNING, groups=[Group(cues=[cue])])])))

        assert "尉迟明哲先生" in text


def test_long_names_wrap_and_what_no_face_draws_is_marked() -> None:
    long = replace(
        SHAN, name="阿不都热西提·买买提明·吐尔逊·阿卜杜拉", second="Maximilian " * 6, title="国际合作与交流处" * 8
    )
    odd = replace(SHAN, name="陈ن", second="")
    cue = replace(INVITE, sentence="有请陈ن先生上台。", people=[long, odd])

    text = text_of(draw(replace(SHEET, sections=[replace(SIGNING, groups=[replace(ROUND, cues=[cue])])])))

    assert "有请陈〓先生上台。" in text
    assert (text.count("〓"), text.count("Maximilian"), text.count("国际合作与交流处") >= 6) == (2, 6, True)


def test_what_is_not_read_out_stands_there_too_and_an_empty_programme_says_so() -> None:
    notice = Cue(label="延后", sentence="已延后，不宣读。", is_read=False)
    put_off = replace(
        SHEET, sections=[replace(SIGNING, groups=[replace(ROUND, cues=[notice])]), Section(title="合影", groups=[])]
    )

    assert {"已延后，不宣读。", "合影"} <= set(lines_of(draw(put_off)))
    assert "尚无台词：议程中还没有环节。" in lines_of(draw(replace(SHEET, sections=[])))
    assert "Cue sheet · English" in text_of(draw(replace(SHEET, language="fr")))
    assert (
        text_of(draw(replace(SHEET, sections=[replace(SIGNING, groups=[Group(title="空", cues=[])])]))).count("空") == 1
    )
