"""The lines as a tablet gets them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from checkin.stage.cue_json import cues_json, languages_of, told_by
from checkin.stage.models import Role, RoundState
from events.core.i18n import Language
from events.models import Text
from tests.cast import NOON
from tests.lectern import CHEN, FUNG, SIGNATORIES, event, held, part, segment, stage, swapped


def test_a_line_says_all_that_a_tablet_shows() -> None:
    here = held(participants=(part(31, Role.SIGNATORY, CHEN, party=1), SIGNATORIES[1]), state=RoundState.READY)
    there = stage(here, substitutions={here.id: [swapped(here, here.participants[0], FUNG, CHEN)]})

    found = cues_json(there, event(), [Language.ZH_HANS])

    call, invitation = found["lines"]["zh-Hans"][1:3]
    assert {name: call[name] for name in ("key", "kind", "label", "spoken", "segment", "round", "title")} == {
        "key": f"round:{here.id}:call",
        "kind": "call",
        "label": "宣布",
        "spoken": True,
        "segment": "入驻企业签约仪式",
        "round": "第 1 轮",
        "title": "战略合作协议",
    }
    assert (call["state"], call["state_word"], call["time"], call["at"]) == ("ready", "就绪", "12:00", NOON.isoformat())
    assert (invitation["time"], invitation["at"], len(invitation["digest"])) == ("", None, 16)
    assert invitation["people"] == [
        {
            "role": "signatory",
            "role_word": "签字人",
            "title": "香港科技园公司副署长",
            "name": "陈静",
            "second": "Chen Jing",
            "honorific": "女士",
            "reading": "",
            "confirmed": False,
            "notes": [{"kind": "stands_for", "words": "代 馮啟邦"}],
        },
        {
            "role": "signatory",
            "role_word": "签字人",
            "title": "河套发展署署长",
            "name": "单立民",
            "second": "Shan Limin",
            "honorific": "先生",
            "reading": "",
            "confirmed": False,
            "notes": [{"kind": "unconfirmed", "words": "读音待确认"}],
        },
    ]


def test_an_english_line_notes_a_title_that_is_not_english() -> None:
    here = held(participants=(part(31, Role.WITNESS, CHEN),))

    [witnesses] = [line for line in cues_json(stage(here), event())["lines"]["en"] if "witness" in line["key"]]

    assert witnesses["people"][0]["notes"] == [{"kind": "untranslated", "words": "No English title"}]


def test_an_opening_belongs_to_no_round_and_every_language_has_the_same_keys() -> None:
    found = cues_json(stage(held()), event())

    opening = found["lines"]["en"][0]
    keys = {language: [line["key"] for line in lines] for language, lines in found["lines"].items()}
    assert (opening["round_id"], opening["number"], opening["round"], opening["state"]) == (None, 0, "", None)
    assert keys["zh-Hans"] == keys["zh-Hant"] == keys["en"]


def test_the_round_on_stage_is_told() -> None:
    busy = held(42, state=RoundState.ON_STAGE)

    assert cues_json(stage(held(), busy), event())["on_stage"] == {
        "round": str(busy.id),
        "number": 2,
        "state": "on_stage",
    }
    assert cues_json(stage(held()), event())["on_stage"] is None


def test_the_version_changes_with_what_is_shown_and_not_with_the_time_of_reading() -> None:
    there = stage(held())
    later = stage(held(), people=there.people.values())

    versions = {
        cues_json(each, event())["version"]
        for each in (there, later, stage(held(state=RoundState.CALLED)), stage(held(title=Text(en="Memorandum"))))
    }

    assert len(versions) == 3
    assert cues_json(there, event())["at"] == NOON.isoformat()


def test_the_languages_are_those_in_which_something_is_announced() -> None:
    said = [segment(languages=(Language.EN,)), segment(languages=(Language.EN,))]

    assert languages_of(said) == [Language.EN]
    assert languages_of([segment(ends_at=NOON + timedelta(hours=1))]) == list(Language)


@pytest.mark.parametrize("script", [Language.ZH_HANS, Language.ZH_HANT])
def test_what_is_said_in_chinese_is_read_in_either_script(script: Language) -> None:
    assert languages_of([segment(languages=(script,))]) == [Language.ZH_HANS, Language.ZH_HANT]


def test_the_door_tells_the_lines_nothing() -> None:
    there = stage(held())
    [first, *others] = there.people.values()
    arrived = stage(held(), people=[replace(first, inside=True, first_at=NOON, last_at=NOON), *others])
    renamed = stage(held(), people=[replace(first, guest=replace(first.guest, name="王小明")), *others])

    assert told_by(arrived) == told_by(there) != told_by(renamed)
