"""What of the lines stands on the printed sheet."""

from uuid import UUID

from badges.cuesheet import Mark
from checkin.stage.cue_sheet import sheet_of
from checkin.stage.cues import digest_of, lines_of
from checkin.stage.models import Stage
from checkin.stage.prints import Print, PrintId
from events.core.i18n import Language
from events.models import SegmentKind, Text
from tests.cast import NOON
from tests.lectern import event, held, segment, stage

ZH = Language.ZH_HANS


def printed(there: Stage) -> Print:
    """A print of the whole programme as it is."""
    lines = {line.key: digest_of(line) for line in lines_of(there, event(), ZH)}
    made = PrintId(UUID(int=61))
    return Print(id=made, segment_id=None, language=ZH, at=NOON, actor_name="何卓文", lines=lines)


def test_the_sheet_has_a_section_for_each_segment_and_a_group_for_each_round() -> None:
    second = segment(SegmentKind.PHOTO, 22, title=Text(zh_hans="全体合影"))
    there = stage(held(41), held(42, cue_at=None), segments=[segment(), second])

    sheet = sheet_of(there, event(), ZH, segment_id=None, since=None)

    first = sheet.sections[0]
    assert (sheet.event, sheet.language, sheet.zone.key, sheet.printed_at) == (
        "科创谷启动仪式",
        "zh-Hans",
        "Asia/Hong_Kong",
        NOON,
    )
    assert [section.title for section in sheet.sections] == ["入驻企业签约仪式", "全体合影"]
    assert (first.time, first.place) == ("12:00–12:30", "三楼国际会议厅")
    assert [(each.number, each.title, each.time, len(each.cues)) for each in first.groups] == [
        ("", "", "", 1),
        ("第 1 轮", "战略合作协议", "12:00", 5),
        ("第 2 轮", "战略合作协议", "", 5),
    ]
    assert [(each.name, list(each.notes)) for each in first.groups[1].cues[1].people] == [
        ("馮啟邦", []),
        ("单立民", ["读音待确认"]),
    ]
    assert "单立民先生" in first.groups[1].cues[1].whole


def test_what_differs_from_a_print_is_marked() -> None:
    before, after = stage(held(41)), stage(held(41, title=Text(zh_hans="备忘录")), held(42))

    sheet = sheet_of(after, event(), ZH, segment_id=None, since=printed(before))

    marks = [{cue.mark for cue in group.cues} for group in sheet.sections[0].groups]
    assert marks == [{Mark.NONE}, {Mark.CHANGED}, {Mark.NEW}]
    assert (sheet.since, sheet.gone) == (NOON, 0)


def test_lines_that_are_gone_are_counted() -> None:
    sheet = sheet_of(stage(), event(), ZH, segment_id=None, since=printed(stage(held(41))))

    assert sheet.gone == 5
