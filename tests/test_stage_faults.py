from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from checkin.stage.faults import Fault, FaultCode, faults_of, holes
from checkin.stage.models import Hosting, Participant, Party, Role, Round, RoundState
from events.models import UNSAID, GuestStatus, SegmentKind, Text
from tests.cast import NOON
from tests.stage_values import AGREEMENT, PARK, VALLEY, part, person, signing, stage

A, B, C = person(11, "陈伟"), person(12, "李静"), person(13, "王𬭎")
SIGNS = part(21, A, party=1)
COUNTERSIGNS = part(22, B, party=2)
SOUND = signing(31, SIGNS, COUNTERSIGNS)


def codes(this: Round, **given: Any) -> list[str]:
    others = given.pop("others", ())
    people = given.pop("people", (A, B, C))
    return [fault.code.value for fault in faults_of(this, stage(this, *others, people=people), **given)]


def test_a_round_that_lacks_nothing_has_no_fault() -> None:
    assert faults_of(SOUND, stage(SOUND, people=(A, B))) == []


def test_a_document_needs_a_title_and_two_parties_each_with_a_signatory() -> None:
    bare = signing(31, title=UNSAID, parties=())
    unsigned = signing(31, SIGNS)

    assert codes(bare) == ["no_title", "no_party"]
    assert faults_of(unsigned, stage(unsigned, people=(A,))) == [Fault(code=FaultCode.NO_SIGNATORY, party=2)]


@pytest.mark.parametrize(
    ("kind", "parts", "expected"),
    [
        (SegmentKind.PRESENTATION, [], ["no_presenter", "no_recipient"]),
        (SegmentKind.PRESENTATION, [part(21, A, Role.PRESENTER)], ["no_recipient"]),
        (SegmentKind.PRESENTATION, [part(21, A, Role.RECIPIENT)], ["no_presenter"]),
        (SegmentKind.LAUNCH, [], ["no_officiant"]),
        (SegmentKind.LAUNCH, [part(21, A, Role.OFFICIANT)], []),
        (SegmentKind.SPEECHES, [], ["no_speaker"]),
        (SegmentKind.SPEECHES, [part(21, A, Role.SPEAKER)], []),
    ],
)
def test_each_kind_of_round_needs_its_own_people(
    kind: SegmentKind, parts: list[Participant], expected: list[str]
) -> None:
    assert codes(signing(31, *parts, kind=kind, parties=())) == expected


@pytest.mark.parametrize(
    ("kind", "item", "expected"),
    [
        (SegmentKind.PRESENTATION, UNSAID, ["no_title"]),
        (SegmentKind.PRESENTATION, Text(zh_hans="证书"), []),
        (SegmentKind.SPEECHES, UNSAID, []),
    ],
)
def test_a_presentation_is_named_by_its_title_or_by_what_is_handed_over(
    kind: SegmentKind, item: Text, expected: list[str]
) -> None:
    roles = Role.PRESENTER, Role.RECIPIENT, Role.SPEAKER
    parts = [part(number, who, role) for number, who, role in zip((21, 22, 23), (A, B, C), roles, strict=True)]

    assert codes(signing(31, *parts, kind=kind, parties=(), title=UNSAID, item=item)) == expected


def test_a_part_that_nobody_has_and_a_registration_that_is_not_confirmed_are_named() -> None:
    waiting = person(12, "李静", status=GuestStatus.PENDING)
    this = signing(31, part(21, None, party=1), COUNTERSIGNS)

    found = faults_of(this, stage(this, people=(waiting,)))

    assert found == [
        Fault(code=FaultCode.UNNAMED, participant_id=SIGNS.id, party=1),
        Fault(code=FaultCode.NOT_REGISTERED, participant_id=COUNTERSIGNS.id, guest_id=B.guest.id, party=2),
    ]


@pytest.mark.parametrize(
    ("hosting", "expected"),
    [
        ((Hosting.HOST, Hosting.HOST), ["both_hosts"]),
        ((Hosting.HOST, Hosting.GUEST), []),
        ((Hosting.HOST, Hosting.NEITHER), []),
        ((Hosting.NEITHER, Hosting.NEITHER), []),
        ((Hosting.GUEST, Hosting.GUEST), []),
    ],
)
def test_two_hosts_need_a_guest(hosting: tuple[Hosting, Hosting], expected: list[str]) -> None:
    first, second = hosting
    parties = Party(number=1, name=PARK, hosting=first), Party(number=2, name=VALLEY, hosting=second)

    assert codes(replace(SOUND, parties=parties)) == expected


def test_nobody_has_two_parts_in_one_round() -> None:
    again = part(23, A, Role.WITNESS, party=1)
    this = signing(31, SIGNS, COUNTERSIGNS, again)

    found = faults_of(this, stage(this, people=(A, B)))

    twice = Fault(code=FaultCode.TWICE_ON_STAGE, participant_id=again.id, guest_id=A.guest.id, party=1)
    assert found == [replace(twice, other_round_id=this.id)]


@pytest.mark.parametrize(
    ("mine", "theirs", "clash"),
    [
        (RoundState.ON_STAGE, RoundState.ON_STAGE, True),
        (RoundState.ON_STAGE, RoundState.SIGNED, True),
        (RoundState.ON_STAGE, RoundState.EXCHANGED, True),
        (RoundState.ON_STAGE, RoundState.CALLED, False),
        (RoundState.CALLED, RoundState.ON_STAGE, False),
        (RoundState.ON_STAGE, RoundState.CLOSED, False),
        (RoundState.DRAFT, RoundState.DRAFT, False),
    ],
)
def test_nobody_stands_on_the_stage_for_two_rounds(mine: RoundState, theirs: RoundState, *, clash: bool) -> None:
    other = signing(32, part(24, A, party=1), part(25, C, party=2), state=theirs)

    assert codes(replace(SOUND, state=mine), others=(other,)) == (["twice_on_stage"] if clash else [])


@pytest.mark.parametrize(
    ("theirs", "minutes", "clash"),
    [
        (RoundState.DRAFT, 0, True),
        (RoundState.READY, 0, True),
        (RoundState.DRAFT, 1, False),
        (RoundState.POSTPONED, 0, False),
        (RoundState.CLOSED, 0, False),
    ],
)
def test_nobody_is_announced_for_two_rounds_at_the_same_moment(
    theirs: RoundState, minutes: int, *, clash: bool
) -> None:
    parts = part(24, C, party=1), part(25, B, party=2)
    other = signing(32, *parts, state=theirs, cue_at=NOON + timedelta(minutes=minutes))
    this = replace(SOUND, cue_at=NOON)

    found = faults_of(this, stage(this, other, people=(A, B, C)))

    about = {"participant_id": COUNTERSIGNS.id, "guest_id": B.guest.id, "party": 2, "other_round_id": other.id}
    assert found == ([Fault(code=FaultCode.TWICE_ON_STAGE, **about)] if clash else [])


def test_nobody_shares_a_chair_or_a_place_in_the_back_row() -> None:
    same_chair = signing(31, replace(SIGNS, seat=1), replace(COUNTERSIGNS, seat=1))
    same_place = signing(31, replace(SIGNS, place=2), replace(COUNTERSIGNS, place=2))
    beside = signing(31, replace(SIGNS, seat=1, place=2), replace(COUNTERSIGNS, seat=2, place=1))

    assert (codes(same_chair), codes(same_place), codes(beside)) == (["seat_taken"], ["seat_taken"], [])


def test_names_that_cannot_be_printed_are_told_with_what_is_missing() -> None:
    ghost = person(11, "陈😀伟")
    titled = replace(SOUND, title=Text(zh_hans="协议ندى", en="ن"), parties=(Party(number=1, name=Text(en="ف")),))
    this = replace(titled, participants=(SIGNS,))

    found = faults_of(this, stage(this, people=(ghost,)))

    assert [(fault.code.value, fault.participant_id, fault.party, fault.holes) for fault in found] == [
        ("unprintable", None, 0, "ندى"),
        ("no_party", None, 0, ""),
        ("unprintable", None, 1, "ف"),
        ("unprintable", SIGNS.id, 0 + SIGNS.party, "😀"),
    ]


def test_what_can_be_printed_is_for_the_caller_to_say() -> None:
    assert codes(SOUND, prints=lambda text: ["静"] if "静" in text else []) == ["unprintable"]


def test_a_rare_character_of_a_name_is_no_fault() -> None:
    assert (holes("王𬭎"), holes(AGREEMENT.zh_hans)) == ([], [])
    assert codes(signing(31, SIGNS, part(22, C, party=2))) == []


def test_a_fault_is_told_once_for_each_part() -> None:
    third = replace(part(UUID(int=26).int, None, Role.WITNESS), party=2)

    assert codes(signing(31, part(21, None, party=1), COUNTERSIGNS, third)) == ["unnamed", "unnamed"]
