from dataclasses import replace

import pytest

from checkin.stage.changes import Change
from checkin.stage.faults import Fault, FaultCode, faults_of
from checkin.stage.models import Act, Hosting, Party, Role
from checkin.stage.saying import number_of, say_change, say_fault
from checkin.stage.stage_words import CHANGES, FAULTS, FIELDS, STATES
from events.core.i18n import Language
from events.models import UNSAID, GuestStatus, SegmentKind, Text
from tests.cast import NOON
from tests.stage_values import PARK, part, person, signing, stage

HANS, HANT, EN = Language.ZH_HANS, Language.ZH_HANT, Language.EN
CHEN, LI = person(11, "陈伟", name_latin="Chen Wei"), person(12, "李静", status=GuestStatus.PENDING)
FIRST = signing(31, part(21, CHEN, party=1), part(22, LI, party=2), cue_at=NOON)
CLASHES = signing(
    32, part(23, CHEN, party=1), part(24, CHEN, Role.WITNESS, seat=1), part(25, None, seat=1), cue_at=NOON
)
STAGE = stage(FIRST, CLASHES, people=(CHEN, LI))


def test_faults_are_said_with_names_in_each_language() -> None:
    faults = faults_of(CLASHES, STAGE)

    assert [say_fault(fault, CLASHES, STAGE, HANS) for fault in faults] == [
        "发展署：没有签字人",
        "签字人人选未定",
        "陈伟在本轮有两个角色",
        "陈伟同时须在第 1 轮 · 合作协议台上",
        "陈伟同时须在第 1 轮 · 合作协议台上",
        "未定人选的座次与他人相同",
    ]
    assert [say_fault(fault, CLASHES, STAGE, EN) for fault in faults] == [
        "The Authority: no signatory",
        "Signatory: nobody named yet",
        "Chen Wei has two parts in this round",
        "Chen Wei is on stage at the same time: round 1 · Agreement",
        "Chen Wei is on stage at the same time: round 1 · Agreement",
        "nobody yet shares a seat or place",
    ]
    assert say_fault(faults[3], CLASHES, STAGE, HANT) == "陈伟同時須在第 1 輪 · 合作協議台上"


def test_a_round_without_a_title_and_one_that_is_gone_are_said_as_well_as_can_be() -> None:
    nameless = stage(replace(FIRST, title=UNSAID), CLASHES, people=(CHEN, LI))
    alone = stage(CLASHES, people=(CHEN, LI))
    clash = next(fault for fault in faults_of(CLASHES, STAGE) if fault.other_round_id == FIRST.id)

    assert say_fault(clash, CLASHES, nameless, EN) == "Chen Wei is on stage at the same time: round 1"
    assert say_fault(clash, CLASHES, alone, EN) == "Chen Wei is on stage at the same time: "


def test_what_cannot_be_printed_is_said_of_the_title_the_party_and_the_person() -> None:
    ghost = person(11, "陈😀")
    parties = Party(number=1, name=Text(zh_hans="ندى公司")), Party(number=2, name=PARK, hosting=Hosting.HOST)
    this = replace(FIRST, title=Text(zh_hans="协议ى"), parties=parties)
    known = stage(this, people=(ghost, person(12, "李静")))

    assert [say_fault(fault, this, known, HANS) for fault in faults_of(this, known)] == [
        "协议ى中有字体未收录的字：ى",
        "ندى公司中有字体未收录的字：ندى",
        "陈😀中有字体未收录的字：😀",
    ]


@pytest.mark.parametrize("code", FaultCode)
@pytest.mark.parametrize("language", Language)
def test_every_fault_has_words_that_are_filled(code: FaultCode, language: Language) -> None:
    fault = Fault(code=code, participant_id=FIRST.participants[0].id, guest_id=CHEN.guest.id, party=1, holes="〓")

    said = say_fault(fault, FIRST, STAGE, language)

    assert said
    assert "{" not in said


def test_what_was_done_is_said_as_the_acts_are_called_with_fields_and_names() -> None:
    at, names = {"at": NOON, "by": "何卓文"}, {"original": "甲", "substitute": "乙"}
    changes = [
        Change(version=2, what="round.call", **at),
        Change(version=3, what="round.edited", fields=("title", "participants"), **at),
        Change(version=4, what="round.substituted", detail=names, **at),
        Change(version=5, what="round.moved", detail={"position": 2}, **at),
        Change(version=6, what="round.added", **at),
    ]

    assert [say_change(change, HANS) for change in changes] == [
        "请候场",
        "修改：名称 · 人员",
        "乙替换甲",
        "移至第 2 位",
        "新增本轮",
    ]
    assert [say_change(change, EN) for change in changes[:3]] == [
        "Call to the wings",
        "Edited: title · people",
        "乙 replaces 甲",
    ]


@pytest.mark.parametrize("act", Act)
def test_every_act_can_be_told_as_a_change(act: Act) -> None:
    change = Change(version=2, at=NOON, by="何卓文", what=f"round.{act}")

    assert [bool(say_change(change, language)) for language in Language] == [True] * 3


def test_a_round_is_counted_through_the_whole_programme() -> None:
    speech = signing(33, kind=SegmentKind.SPEECHES, position=1)

    assert number_of(speech, stage(FIRST, CLASHES, speech)) == 3


def test_every_word_is_said_in_every_language() -> None:
    said = [words for table in (STATES, FAULTS, CHANGES, FIELDS) for words in table.values()]

    assert {frozenset(words) for words in said} == {frozenset(Language)}
    assert all(text for words in said for text in words.values())
