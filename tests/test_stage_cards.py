"""Which table cards there are, in which order they are laid, and the page and PDF of them."""

import pytest

from badges.tablecard import CardPaper
from checkin.stage.cards import places_of, tray_of
from checkin.stage.models import Act, Hosting, Role
from checkin.stage.round_form import ParticipantForm, PartyForm, RoundForm
from events.core.i18n import Language
from events.models import SegmentKind, Text
from tests.cast import Cast, on_one_engine
from tests.programs import page_count, text_of
from tests.stage_crew import Crew

pytestmark = on_one_engine


@pytest.fixture
async def crew(cast: Cast) -> Crew:
    return Crew(cast.database, cast.event)


async def signing(crew: Crew, host: str, visitor: str) -> object:
    """A round of a host and a guest, each with an assistant, and with a witness."""
    names = {name: (await crew.guest(name)).id for name in (host, visitor, "助一", "助二", "证人")}
    parties = [
        PartyForm(name=Text(zh_hans="香港科技园公司"), short=Text(zh_hans="科技园"), hosting=Hosting.HOST),
        PartyForm(name=Text(zh_hans="海岚生物"), hosting=Hosting.GUEST),
    ]
    parts = [
        ParticipantForm(role=Role.SIGNATORY, party=1, guest_id=names[host]),
        ParticipantForm(role=Role.SIGNATORY, party=2, guest_id=names[visitor]),
        ParticipantForm(role=Role.ASSISTANT, party=1, guest_id=names["助一"]),
        ParticipantForm(role=Role.ASSISTANT, party=2, guest_id=names["助二"]),
        ParticipantForm(role=Role.WITNESS, guest_id=names["证人"]),
    ]
    return await crew.add(RoundForm(title=Text(zh_hans="协议"), parties=parties, participants=parts))


async def test_cards_lie_as_the_audience_sees_the_table_and_only_who_sits_has_one(crew: Crew) -> None:
    await signing(crew, "主人", "客人")

    places = places_of(await crew.stage())

    assert [(place.guest.name, place.below, place.number) for place in places] == [
        ("客人", "海岚生物", 1),
        ("主人", "科技园", 1),
    ]


async def test_who_signs_twice_has_one_card(crew: Crew) -> None:
    this = await crew.signing("甲", "乙")
    again = RoundForm(
        title=Text(zh_hans="备忘录"),
        parties=[PartyForm(name=Text(zh_hans="一方"))],
        participants=[ParticipantForm(role=Role.SIGNATORY, party=1, guest_id=this.participants[0].guest_id)],
    )
    await crew.add(again)

    assert sorted(place.guest.name for place in places_of(await crew.stage())) == ["乙", "甲"]


async def test_a_substitute_has_a_card_at_once_and_the_page_says_in_whose_place(cast: Cast, crew: Crew) -> None:
    this = await crew.signing("甲", "丙")
    await crew.replace(this, (await crew.guest("乙")).id)

    page = await cast.protocol.get(f"/stage/{cast.event.slug}/cards")
    sheet = await cast.protocol.get(f"{cast.api}/tablecards.pdf")

    assert {(place.guest.name, place.replaces) for place in places_of(await crew.stage())} == {("乙", "甲"), ("丙", "")}
    assert "In place of 甲" in page.text
    words = text_of(sheet.content).split()
    assert (words.count("乙"), words.count("甲")) == (2, 0)


async def test_one_card_is_printed_again_by_one_link(cast: Cast, crew: Crew) -> None:
    this = await crew.signing("甲", "丙")
    await crew.signing("丁", "戊")
    guest = this.participants[1].guest_id

    again = await cast.protocol.get(f"{cast.api}/tablecards.pdf?guest={guest}&paper=200x100")
    segment = await cast.protocol.get(f"{cast.api}/tablecards.pdf?round={this.id}")
    nobody = await cast.protocol.get(f"{cast.api}/tablecards.pdf?guest={this.id}")

    assert (page_count(again.content), text_of(again.content).split().count("丙")) == (1, 2)
    assert page_count(segment.content) == 2
    assert nobody.status_code == 404


async def test_cards_of_another_part_of_the_programme_are_left_out(crew: Crew) -> None:
    signing = await crew.signing("甲", "丙")
    speaker = ParticipantForm(role=Role.SPEAKER, guest_id=(await crew.guest("主席")).id)
    await crew.add(RoundForm(title=Text(zh_hans="致辞"), participants=[speaker]), SegmentKind.SPEECHES)
    stage = await crew.stage()

    assert [place.guest.name for place in places_of(stage, segment_id=crew.places[SegmentKind.SPEECHES])] == ["主席"]
    assert len(places_of(stage, round_id=signing.id)) == 2


async def test_a_name_that_cannot_be_printed_is_told_before_anything_is(cast: Cast, crew: Crew) -> None:
    await crew.signing("阿\U0002bb37", "丙")

    page = await cast.protocol.get(f"/stage/{cast.event.slug}/cards")
    sheet = await cast.protocol.get(f"{cast.api}/tablecards.pdf")

    assert "No installed font can draw: \U0002bb37" in page.text
    assert (sheet.status_code, sheet.json()["code"]) == (409, "cannot_print")


async def test_a_party_whose_name_cannot_be_printed_is_told_as_well(cast: Cast, crew: Crew) -> None:
    parties = [PartyForm(name=Text(zh_hans="\U0002bb37公司"))]
    signatory = ParticipantForm(role=Role.SIGNATORY, party=1, guest_id=(await crew.guest("甲")).id)
    await crew.add(RoundForm(title=Text(zh_hans="协议"), parties=parties, participants=[signatory]))

    page = await cast.protocol.get(f"/stage/{cast.event.slug}/cards")
    sheet = await cast.protocol.get(f"{cast.api}/tablecards.pdf")

    assert "No installed font can draw: \U0002bb37" in page.text
    assert (sheet.status_code, sheet.json()["detail"]) == (409, "No installed font can draw: \U0002bb37 (甲)")


async def test_nobody_has_a_card_for_a_round_that_was_withdrawn(crew: Crew) -> None:
    this = await crew.signing("甲", "丙")
    await crew.press(this, Act.POSTPONE, reason="文件未齐")
    postponed = places_of(await crew.stage())

    await crew.press(this, Act.WITHDRAW, reason="不签了")

    assert (len(postponed), places_of(await crew.stage())) == (2, [])


async def test_the_foot_of_each_sheet_says_where_it_lies(cast: Cast, crew: Crew) -> None:
    await crew.signing("甲", "丙")

    tray = tray_of(cast.event, places_of(await crew.stage()), paper=CardPaper.FOLD, language=Language.ZH_HANS)

    assert [card.note for card in tray.cards] == ["科创谷启动仪式 · 1/2", "科创谷启动仪式 · 2/2"]
