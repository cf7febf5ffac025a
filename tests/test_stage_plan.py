"""Who sits and stands where, as a picture can show it: rounds of every kind, and lists."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from checkin.stage.models import Hosting, ParticipantId, Party, Person, Role, Round, RoundId, Spoken, Stage
from checkin.stage.models import Participant as Part
from checkin.stage.plan import Plan, as_set, plan_of, plan_of_ranking, rows_for
from checkin.stage.precedence import Entry, TieBreak
from checkin.stage.ranking import ListId, Purpose, Ranking
from checkin.stage.seating import Honour, View
from events.core.i18n import Language
from events.core.ids import EventId, new_id
from events.models import Guest, GuestId, GuestStatus, SegmentId, SegmentKind, Text

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
HOST = Party(number=1, name=Text(zh_hans="河套发展署", en="Hetao"), hosting=Hosting.HOST)
GUEST = Party(
    number=2, name=Text(zh_hans="香港科技园公司"), short=Text(zh_hans="科技园", en="HKSTP"), hosting=Hosting.GUEST
)


def guest(name: str, **given: str) -> Guest:
    plain = dict.fromkeys(("name_latin", "organisation", "job_title", "email", "phone", "side", "code", "source"), "")
    return Guest(
        id=GuestId(new_id()),
        event_id=EventId(new_id()),
        name=name,
        category="guest",
        language=Language.ZH_HANS,
        status=GuestStatus.CONFIRMED,
        status_reason="",
        created_at=NOW,
        version=1,
        **{**plain, **given},
    )


def part(role: Role, name: str = "", party: int = 0, **given: int) -> tuple[Part, Guest | None]:
    who = guest(name, organisation=f"{name}的单位") if name else None
    return Part(id=ParticipantId(new_id()), role=role, party=party, guest_id=who.id if who else None, **given), who


def planned(
    *parts: tuple[Part, Guest | None],
    kind: SegmentKind = SegmentKind.SIGNING,
    parties: tuple[Party, ...] = (HOST, GUEST),
    view: View = View.HALL,
    language: Language = Language.ZH_HANS,
) -> Plan:
    """The plan of a round with those parts."""
    this = Round(
        id=RoundId(new_id()),
        event_id=EventId(new_id()),
        segment_id=SegmentId(new_id()),
        kind=kind,
        position=1,
        title=Text(zh_hans="合作协议", en="Agreement"),
        parties=parties,
        participants=tuple(each for each, _ in parts),
    )
    people = {who.id: Person(guest=who, spoken=Spoken(guest_id=who.id)) for _, who in parts if who}
    return plan_of(this, Stage(at=NOW, segments=[], rounds=[this], people=people), view, language)


def names(plan: Plan) -> list[str]:
    return [" ".join(seat.name.replace("\u3000", "") for seat in row.seats) for row in plan.rows]


THREE = (HOST, GUEST, Party(number=3, name=Text(zh_hans="第三方")))
SIGNING = (
    part(Role.SIGNATORY, "霍俊彦", 1),
    part(Role.SIGNATORY, "上官若云", 2),
    part(Role.ASSISTANT, "钟晓岚", 1),
    part(Role.ASSISTANT, "史珂", 2),
    part(Role.WITNESS, "甲主方", 1),
    part(Role.WITNESS, "乙主方", 1, position=2),
    part(Role.WITNESS, "甲客方", 2),
)


@pytest.mark.parametrize(
    ("view", "table", "behind"),
    [
        (View.HALL, "史珂 上官若云 霍俊彦 钟晓岚", "甲客方 甲主方 乙主方"),
        (View.STAGE, "钟晓岚 霍俊彦 上官若云 史珂", "乙主方 甲主方 甲客方"),
    ],
)
def test_a_signing_has_its_table_in_front_and_its_witnesses_behind(view: View, table: str, behind: str) -> None:
    plan = planned(*SIGNING, view=view)

    assert names(plan) == [table, behind]
    assert [row.has_table for row in plan.rows] == [True, False]


def test_a_seat_says_whose_side_or_which_part_it_is_and_for_whom() -> None:
    [table, _] = planned(*SIGNING).rows

    assert [(seat.tag, seat.under, seat.signs, seat.assists) for seat in table.seats] == [
        ("助签人", "科技园", False, True),
        ("客方", "科技园", True, False),
        ("主方", "河套发展署", True, False),
        ("助签人", "河套发展署", False, True),
    ]


def test_several_parties_take_one_chair_in_turn_and_stand_behind_it_in_the_agreed_order() -> None:
    plan = planned(*(part(Role.SIGNATORY, name, number) for number, name in enumerate("甲乙丙", 1)), parties=THREE)

    chair, line = plan.rows
    assert [(seat.name, seat.under, seat.key) for seat in chair.seats] == [("签字席", "依次就座签字", "")]
    assert (chair.has_table, line.has_table) == (True, False)
    assert [(seat.name, seat.tag) for seat in line.seats] == [
        ("甲", "第 1 方"),
        ("乙", "第 2 方"),
        ("丙", "第 3 方"),
    ]


def test_several_parties_with_seats_sit_side_by_side() -> None:
    people = [part(Role.SIGNATORY, name, number, seat=4 - number) for number, name in enumerate("甲乙丙", 1)]

    [table] = planned(*people, parties=THREE).rows

    assert table.has_table
    assert [(seat.name, seat.tag) for seat in table.seats] == [
        ("甲", "第 1 方"),
        ("乙", "第 2 方"),
        ("丙", "第 3 方"),
    ]


def test_a_part_without_anybody_is_drawn_as_open() -> None:
    [row] = planned(part(Role.SIGNATORY, "霍俊彦", 1), part(Role.SIGNATORY, "", 2)).rows

    assert [(seat.name, seat.named, seat.under) for seat in row.seats] == [
        ("未定人选", False, "科技园"),
        ("霍俊彦", True, "河套发展署"),
    ]


def test_the_first_of_each_party_stands_nearer_to_the_centre_than_the_second_of_any() -> None:
    neither = (Party(number=1, name=Text(en="A")), Party(number=2, name=Text(en="B")))
    parts = [
        part(Role.WITNESS, f"{party}{position}", number, position=position)
        for number, party in enumerate("AB", 1)
        for position in (1, 2)
    ]

    plan = planned(*parts, parties=neither, view=View.STAGE)

    assert names(plan) == ["A2 A1 B1 B2"]


def test_an_explicit_place_in_the_back_row_is_kept() -> None:
    parts = [part(Role.WITNESS, "甲", 1), part(Role.WITNESS, "乙", 2), part(Role.WITNESS, "丙", 2, position=2, place=1)]

    assert names(planned(*parts, view=View.STAGE)) == ["丙 甲 乙"]


def test_presenters_stand_in_the_centre_and_recipients_around_them() -> None:
    parts = [
        part(Role.RECIPIENT, "领甲"),
        part(Role.RECIPIENT, "领乙", position=2),
        part(Role.PRESENTER, "颁甲"),
    ]

    [row] = planned(*parts, kind=SegmentKind.PRESENTATION, parties=(), view=View.STAGE).rows

    assert [(seat.name, seat.tag) for seat in row.seats] == [
        ("领\u3000乙", "领受人"),
        ("颁\u3000甲", "颁发人"),
        ("领\u3000甲", "领受人"),
    ]


def test_officiants_stand_by_rank_from_the_centre_outwards() -> None:
    parts = [part(Role.OFFICIANT, name, position=number) for number, name in enumerate("一二三四五", 1)]

    assert names(planned(*parts, kind=SegmentKind.LAUNCH, parties=(), view=View.STAGE)) == ["五 三 一 二 四"]


def test_a_round_without_people_has_nothing_to_draw() -> None:
    plan = planned()

    assert (plan.rows, plan.title) == ((), "合作协议")


def test_english_readers_read_latin_names_where_there_are_any() -> None:
    one, two = part(Role.SPEAKER, "陈伟"), part(Role.SPEAKER, "李安", position=2)
    spelt = (one[0], replace(one[1] or guest(""), name_latin="Chan Wai"))

    plan = planned(spelt, two, kind=SegmentKind.SPEECHES, parties=(), view=View.STAGE, language=Language.EN)

    assert names(plan) == ["Chan Wai 李安"]
    assert plan.spoken == "As seen from the stage. From left to right: Chan Wai, 李安"


def test_the_drawing_is_told_in_words_for_who_cannot_see_it() -> None:
    assert planned(*SIGNING[:2]).spoken == "观众视角. 自左至右：上官若云、霍俊彦"


@pytest.mark.parametrize(("count", "rows"), [(0, 1), (12, 1), (13, 2), (24, 2), (25, 3), (80, 3)])
def test_more_people_than_fit_into_a_row_stand_in_another(count: int, rows: int) -> None:
    assert rows_for(count) == rows


@pytest.mark.parametrize(
    ("name", "set_as"),
    [
        ("陈伟", "陈\u3000伟"),
        ("欧阳振邦", "欧阳振邦"),
        ("李小龙", "李小龙"),
        ("Al", "Al"),
        ("𠮷野", "𠮷\u3000野"),
        ("", ""),
    ],
)
def test_a_name_of_two_hanzi_takes_the_room_of_three(name: str, set_as: str) -> None:
    assert as_set(name) == set_as


def test_a_list_stands_in_its_rows_and_tells_each_position() -> None:
    people = [guest(name, organisation="河套发展署") for name in ("丁一", "王明", "潘安")]
    ranking = Ranking(
        id=ListId(new_id()),
        event_id=EventId(new_id()),
        segment_id=None,
        title=Text(zh_hans="合影"),
        purpose=Purpose.PHOTO,
        tie_breaks=(TieBreak.STROKES,),
        interleaves=False,
        rows=2,
        honour=Honour.LEFT,
        version=1,
        entries=tuple(Entry(guest_id=each.id, name=each.name) for each in people),
        guests={each.id: each for each in people},
    )

    plan = plan_of_ranking(ranking, View.STAGE, Language.ZH_HANS)

    assert [[(seat.tag, seat.name) for seat in row.seats] for row in plan.rows] == [
        [("2", "王\u3000明"), ("1", "丁\u3000一")],
        [("3", "潘\u3000安")],
    ]
