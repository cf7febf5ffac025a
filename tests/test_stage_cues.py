"""What is said, line by line, in three languages, and what makes a line another one."""

from dataclasses import replace

import pytest

from checkin.stage.cues import CueKind, CueLine, digest_of, lines_of, on_stage
from checkin.stage.models import Act, Party, Role, Round, RoundState, Transition
from events.core.i18n import Language
from events.models import UNSAID, SegmentKind, Text
from tests.cast import NOON
from tests.lectern import (
    CHEN,
    FUNG,
    HALL,
    LAB,
    OUYANG,
    PARTIES,
    SHAN,
    SIGNATORIES,
    SIGNING,
    YUCHI,
    event,
    held,
    part,
    segment,
    stage,
    swapped,
)

ZH, HK, EN = Language.ZH_HANS, Language.ZH_HANT, Language.EN
WITNESS = part(33, Role.WITNESS, OUYANG)


def said(*rounds: Round, language: Language = ZH, **given: object) -> list[str]:
    """The sentences of a stage with these rounds, without the opening."""
    return [line.sentence for line in lines_of(stage(*rounds, **given), event(), language)][1:]


def one_of(lines: list[CueLine], kind: CueKind) -> CueLine:
    """The one line of a kind."""
    [found] = [line for line in lines if line.kind is kind]
    return found


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            ZH,
            [
                "下面举行入驻企业签约仪式。",
                "下面，由香港科技园公司与河套发展署签署《战略合作协议》。",
                "有请深圳市政协副主席，福田区委书记欧阳振邦先生上台见证签约。",
                "有请香港科技园公司主席馮啟邦先生、河套发展署署长单立民先生上台签约。",
                "请双方代表签署文本。",
                "请双方代表交换文本，握手并合影留念。",
                "让我们以热烈的掌声，祝贺香港科技园公司与河套发展署成功签约！请各位嘉宾回座。",
            ],
        ),
        (
            HK,
            [
                "現在舉行入駐企業簽約儀式。",
                "現在，由香港科技園公司與河套發展署簽署《策略合作協議》。",
                "有請深圳市政协副主席，福田区委书记欧阳振邦先生上台見證簽署。",
                "有請香港科技園公司主席馮啟邦先生、河套發展署署長单立民先生上台簽署。",
                "請雙方代表簽署。",
                "請雙方代表交換文本，握手並合照留念。",
                "請以熱烈掌聲，恭賀香港科技園公司與河套發展署完成簽署！請各位嘉賓回座。",
            ],
        ),
        (
            EN,
            [
                "Next on our programme: Signing: resident companies.",
                "Now, Hong Kong Science and Technology Parks Corporation and Hetao Development Authority will sign "
                "“Agreement on Cooperation”.",
                "To witness the signing, please welcome Mr Ouyang Zhenbang, 副主席，福田区委书记, 深圳市政协.",
                "To sign, please welcome Mr Anthony FUNG Kai-pong, Chairman, Hong Kong Science and Technology Parks "
                "Corporation; and Mr Shan Limin, Director, Hetao Development Authority.",
                "Please sign.",
                "Please exchange the documents, shake hands, and turn to the cameras.",
                "The signing is complete. Please join me in congratulating Hong Kong Science and Technology Parks "
                "Corporation and Hetao Development Authority. Thank you; please take your seats.",
            ],
        ),
    ],
)
def test_a_signing_is_said_from_its_opening_to_its_end(language: Language, sentences: list[str]) -> None:
    there = stage(held(participants=(*SIGNATORIES, WITNESS)))

    assert [line.sentence for line in lines_of(there, event(), language)] == sentences


def test_rounds_are_called_first_next_and_last_of_what_is_left_in_the_order() -> None:
    off = held(41, state=RoundState.WITHDRAWN)

    calls = [each[:3] for each in said(off, held(42), held(43), held(44)) if "《" in each]

    assert calls == ["首先，", "接下来", "最后，"]


def test_a_round_that_was_put_off_is_named_with_its_reason_in_place_of_its_lines() -> None:
    off = held(41, state=RoundState.POSTPONED)
    history = {off.id: [put_off(off, "签字人航班延误")]}

    lines = lines_of(stage(off, held(42), transitions=history), event(), ZH)

    notice = one_of(lines, CueKind.POSTPONED)
    assert (notice.sentence, notice.number, notice.label) == ("已延后，不宣读。原因：签字人航班延误", 1, "延后")
    assert [line.kind.is_spoken for line in lines[:3]] == [True, False, True]
    assert {line.round_id for line in lines if line.kind.is_spoken} == {None, held(42).id}


def put_off(held: Round, reason: str) -> Transition:
    after = RoundState.POSTPONED
    moves = {"act": Act.POSTPONE, "before": RoundState.DRAFT, "after": after}
    return Transition(round_id=held.id, number=1, at=NOON, actor="cast", actor_name="何卓文", reason=reason, **moves)


def test_a_notice_without_a_reason_says_that_it_is_not_read() -> None:
    assert said(held(state=RoundState.WITHDRAWN), language=EN) == ["Withdrawn: not to be read."]


def test_several_parties_are_all_named_and_addressed_as_all() -> None:
    three = held(parties=(*PARTIES, Party(number=3, name=LAB)))

    sentences = said(three)

    assert sentences[0] == "下面，由香港科技园公司、河套发展署与青年实验室签署《战略合作协议》。"
    assert sentences[2:4] == ["请各方代表签署文本。", "请各方代表交换文本，握手并合影留念。"]
    assert said(three, language=EN)[0].startswith(
        "Now, Hong Kong Science and Technology Parks Corporation, Hetao Development Authority and Youth Laboratory"
    )


def test_what_nobody_has_filled_in_yet_can_still_be_read() -> None:
    bare = held(title=UNSAID, parties=(), participants=(part(31, Role.SIGNATORY, None),))

    assert said(bare) == [
        "下面，签署合作文件。",
        "有请（人选待定）上台签约。",
        "请双方代表签署文本。",
        "请双方代表交换文本，握手并合影留念。",
        "让我们以热烈的掌声，祝贺双方成功签约！请各位嘉宾回座。",
    ]


@pytest.mark.parametrize(("title", "shown"), [("《备忘录》", "《备忘录》"), ("备忘录", "《备忘录》")])
def test_a_title_has_its_marks_once(title: str, shown: str) -> None:
    assert said(held(title=Text(zh_hans=title)))[0].endswith(f"签署{shown}。")


def test_assistants_come_along_and_are_not_read_out() -> None:
    helped = held(participants=(*SIGNATORIES, part(35, Role.ASSISTANT, CHEN, party=2)))

    [invitation] = [line for line in lines_of(stage(helped), event(), ZH) if line.people]

    assert [each.name for each in invitation.people] == ["馮啟邦", "单立民", "陈静"]
    assert "陈静" not in invitation.sentence


def test_certificates_are_received_and_presented() -> None:
    place = segment(SegmentKind.PRESENTATION)
    parts = (part(39, Role.RECIPIENT, CHEN), part(40, Role.PRESENTER, YUCHI))
    award = held(within=place, parties=(), participants=parts, item=Text(zh_hans="商务签注证明", en="the certificate"))

    assert said(award, segments=[place]) == [
        "下面，颁发商务签注证明。",
        "有请河套发展署副署长陈静女士上台领取商务签注证明。",
        "有请香港中联办深圳联络部部长尉迟明哲上台颁发商务签注证明。",
        "请颁发商务签注证明，并合影留念。",
        "让我们以热烈的掌声表示祝贺！请各位嘉宾回座。",
    ]
    untitled = replace(award, item=UNSAID, title=UNSAID)
    assert said(untitled, segments=[place], language=EN)[0] == "Now, the presentation of the certificates."


def test_a_launch_is_officiated_together() -> None:
    place = segment(SegmentKind.LAUNCH)
    launch = held(
        within=place, parties=(), participants=(part(36, Role.OFFICIANT, FUNG), part(37, Role.OFFICIANT, SHAN))
    )

    assert said(launch, segments=[place], language=HK) == [
        "有請各位主禮嘉賓上台：香港科技園公司主席馮啟邦先生、河套发展署署长单立民先生。",
        "請各位主禮嘉賓一同啟動！",
        "啟動成功！感謝各位主禮嘉賓，請回座。",
    ]


def test_speakers_are_asked_for_in_turn_and_thanked_by_name() -> None:
    place = segment(SegmentKind.SPEECHES)
    speeches = [
        held(number, within=place, parties=(), participants=(part(number, Role.SPEAKER, who),))
        for number, who in ((41, SHAN), (42, YUCHI), (43, None))
    ]
    empty = held(44, within=place, parties=(), participants=())

    sentences = said(*speeches, empty, segments=[place])

    assert sentences == [
        "首先，有请河套发展署署长单立民先生致辞。",
        "感谢单立民先生的致辞。",
        "接下来，有请香港中联办深圳联络部部长尉迟明哲致辞。",
        "感谢香港中联办深圳联络部部长尉迟明哲的致辞。",
        "接下来，有请（人选待定）致辞。",
        "感谢（人选待定）的致辞。",
        "最后，有请（人选待定）致辞。",
        "感谢（人选待定）的致辞。",
    ]


@pytest.mark.parametrize("kind", SegmentKind)
@pytest.mark.parametrize("language", Language)
def test_every_part_of_the_programme_is_opened(kind: SegmentKind, language: Language) -> None:
    [opening] = lines_of(stage(segments=[segment(kind)]), event(), language)

    assert SIGNING.said_in(language) in opening.sentence
    assert (opening.kind, opening.at, "{" in opening.sentence) == (CueKind.OPENING, NOON, False)


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        (HALL, "请各位来宾移步三楼国际会议厅，参加入驻企业签约仪式。"),
        (UNSAID, "请各位来宾移步现场，参加入驻企业签约仪式。"),
    ],
)
def test_guests_are_told_where_to_go_where_that_is_known(place: Text, sentence: str) -> None:
    [opening] = lines_of(stage(segments=[segment(SegmentKind.PHOTO, place=place)]), event(), ZH)

    assert opening.sentence == sentence


def test_an_opening_that_was_written_is_said_as_it_was_written_in_its_own_language_only() -> None:
    written = segment(script=Text(zh_hans="尊敬的各位来宾，下面签约。"))

    openings = [lines_of(stage(segments=[written]), event(), language)[0].sentence for language in (ZH, HK, EN)]

    assert openings[:2] == ["尊敬的各位来宾，下面签约。"] * 2
    assert openings[2] == "Next on our programme: Signing: resident companies."


def test_what_was_written_for_a_round_stands_with_its_first_line() -> None:
    scripted = held(script=Text(zh_hans="这是双方的第三份协议。"))

    lines = lines_of(stage(scripted), event(), ZH)

    assert [(line.kind, line.script) for line in lines if line.script] == [(CueKind.CALL, "这是双方的第三份协议。")]
    assert [line.at for line in lines[1:]] == [NOON, None, None, None, None]


def test_one_part_of_the_programme_can_be_asked_for() -> None:
    second = segment(number=22)
    there = stage(held(41), held(42, within=second), segments=[segment(), second])

    lines = lines_of(there, event(), ZH, segment_id=second.id)

    assert {(line.segment_id, line.number) for line in lines} == {(second.id, 0), (second.id, 2)}


def test_a_line_reads_whoever_really_signs() -> None:
    here = held(participants=(part(31, Role.SIGNATORY, CHEN, party=1), SIGNATORIES[1]))
    substitution = swapped(here, here.participants[0], FUNG, CHEN)
    there = stage(here, substitutions={here.id: [substitution]})

    [invitation] = [line for line in lines_of(there, event(), ZH) if line.people]

    assert invitation.sentence.startswith("有请香港科技园公司副署长陈静女士、")
    assert [(each.name, each.stands_for) for each in invitation.people] == [("陈静", "馮啟邦"), ("单立民", "")]


def test_keys_stay_while_words_change_and_no_two_are_alike() -> None:
    before = lines_of(stage(held(participants=(*SIGNATORIES, WITNESS))), event(), ZH)
    after = lines_of(stage(held(participants=(*SIGNATORIES, WITNESS), title=Text(zh_hans="备忘录"))), event(), EN)

    assert [line.key for line in before] == [line.key for line in after]
    assert len({line.key for line in before}) == len(before)


def test_a_line_is_another_one_when_a_word_a_name_a_reading_or_a_time_of_it_changes() -> None:
    call, invitation = lines_of(stage(held()), event(), ZH)[1:3]
    shan = invitation.people[1]

    digests = {
        digest_of(each)
        for each in (
            call,
            replace(call, sentence="别的"),
            replace(call, script="别的"),
            replace(call, at=None),
            invitation,
            replace(invitation, people=()),
            replace(invitation, people=(invitation.people[0], replace(shan, reading="Shàn Lìmín"))),
            replace(invitation, people=(invitation.people[0], replace(shan, reading="Shàn Lìmín", confirmed=True))),
        )
    }

    assert len(digests) == 8


def test_a_line_is_the_same_whatever_becomes_of_its_round() -> None:
    line = lines_of(stage(held()), event(), ZH)[1]

    assert digest_of(replace(line, state=RoundState.CLOSED, number=7)) == digest_of(line)


@pytest.mark.parametrize(
    ("states", "place"),
    [
        ((RoundState.CLOSED, RoundState.ON_STAGE, RoundState.CALLED), 1),
        ((RoundState.EXCHANGED, RoundState.CALLED, RoundState.READY), 0),
        ((RoundState.CLOSED, RoundState.READY, RoundState.DRAFT), None),
    ],
)
def test_the_round_on_stage_is_the_furthest_that_is_going_on(states: tuple[RoundState, ...], place: int | None) -> None:
    there = stage(*(held(number, state=state) for number, state in enumerate(states, 41)))

    assert on_stage(there) == (None if place is None else there.rounds[place])
