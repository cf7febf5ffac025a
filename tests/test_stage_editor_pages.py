"""The editor of rounds, without JavaScript."""

import re
from html import unescape

import httpx
import pytest

from checkin.stage.models import Act, Hosting, Role, Round, RoundState
from checkin.stage.store import rounds_of
from events.core.auth import Scope
from events.models import SegmentKind
from tests.cast import NOON, Cast, on_one_engine
from tests.stage_crew import Crew
from tests.stage_scene import Scene, set_stage
from tests.test_board_pages import words_of

pytestmark = on_one_engine

LANG = {"lang": "en"}


@pytest.fixture
async def scene(cast: Cast) -> Scene:
    return await set_stage(cast.database, cast.event, now=NOON)


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of the form that edits."""
    form = page[page.index("data-editor") : page.index("form-end")]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        given = {name: unescape(value) for name, value in re.findall(r'([a-z-]+)="([^"]*)"', tag)}
        is_box = given.get("type") in {"checkbox", "radio"}
        if "name" in given and (not is_box or re.search(r"\schecked\b", tag)):
            found[given["name"]] = given.get("value", "")
    for name, options in re.findall(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        found[name] = next(iter(re.findall(r'value="([^"]*)" selected', options)), "")
    for name, text in re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL):
        found[name] = unescape(text)
    return found


async def opened(cast: Cast, path: str) -> dict[str, str]:
    page = await cast.protocol.get(path, params=LANG)
    assert page.status_code == 200, page.text
    return fields_of(page.text)


async def sent(cast: Cast, path: str, form: dict[str, str]) -> httpx.Response:
    return await cast.protocol.post(path, data=form, params=LANG)


async def held(cast: Cast, scene: Scene) -> list[Round]:
    return await cast.database.read(lambda tx: rounds_of(tx, cast.event.id))


def new_in(cast: Cast, segment_id: object) -> str:
    return f"/stage/{cast.event.slug}/segments/{segment_id}/new"


async def test_an_empty_form_of_a_signing_has_two_parties(cast: Cast, scene: Scene) -> None:
    form = await opened(cast, new_in(cast, scene.segment_id))

    assert [name for name in form if name.endswith(".hosting")] == ["parties.0.hosting", "parties.1.hosting"]
    assert [form[f"people.{row}.role"] for row in range(4)] == ["signatory", "assistant", "signatory", "assistant"]
    assert [form[f"people.{row}.party"] for row in range(4)] == ["0", "0", "1", "1"]
    assert form["copies"] == "2"


async def test_a_round_is_added_as_it_was_typed(cast: Cast, scene: Scene) -> None:
    form = await opened(cast, new_in(cast, scene.segment_id))
    form |= {
        "title.zh_hans": "合作协议",
        "title.en": "Agreement",
        "copies": "4",
        "cue_at": "2026-03-02T15:45",
        "language.en": "1",
        "wants_signature": "1",
        "script.en": "Please rise.\r\nThank you.",
        "parties.0.name.zh_hans": "河套科技园",
        "parties.0.hosting": "host",
        "parties.1.name.en": "Innovation Board",
        "parties.1.short.en": "Board",
        "parties.1.hosting": "guest",
        "people.0.guest": "王思远 · 科技园",
        "people.0.seat": "2",
        "people.2.guest": "li xiaoming",
        "people.2.title.en": "Deputy Director",
    }

    answer = await sent(cast, new_in(cast, scene.segment_id), form)

    made = (await held(cast, scene))[-1]
    assert (answer.status_code, answer.headers["location"]) == (303, f"/stage/{cast.event.slug}/rounds/{made.id}")
    assert (made.title.zh_hans, made.title.en, made.copies, [*made.languages]) == ("合作协议", "Agreement", 4, ["en"])
    assert (made.wants_signature, made.script.en) == (True, "Please rise.\nThank you.")
    assert str(made.cue_at) == "2026-03-02 07:45:00+00:00"
    assert [(party.name.zh_hans or party.name.en, party.short.en, party.hosting) for party in made.parties] == [
        ("河套科技园", "", Hosting.HOST),
        ("Innovation Board", "Board", Hosting.GUEST),
    ]
    assert [(part.role, part.party, part.guest_id, part.seat, part.title.en) for part in made.participants] == [
        (Role.SIGNATORY, 1, scene.host.id, 2, ""),
        (Role.SIGNATORY, 2, scene.visitor.id, None, "Deputy Director"),
    ]


async def test_after_adding_one_the_next_can_be_written(cast: Cast, scene: Scene) -> None:
    path = new_in(cast, scene.segment_id)

    answer = await sent(cast, path, {"title.en": "Agreement", "copies": "2", "then": "another"})

    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?done=added")
    page = await cast.protocol.get(path, params={**LANG, "done": "added"})
    assert "The round is added. Here is the form of the next one." in page.text


async def test_a_button_adds_a_row_and_keeps_what_was_typed(cast: Cast, scene: Scene) -> None:
    path = new_in(cast, scene.segment_id)
    form = await opened(cast, path) | {"title.en": "A <b> title", "parties.1.name.en": "The Board"}

    party = await sent(cast, path, form | {"more": "party"})
    person = await sent(cast, path, fields_of(party.text) | {"more": "person:1"})
    witness = await sent(cast, path, fields_of(person.text) | {"more": "person:"})

    grown = fields_of(witness.text)
    assert [answer.status_code for answer in (party, person, witness)] == [200, 200, 200]
    assert (grown["title.en"], grown["parties.1.name.en"]) == ("A <b> title", "The Board")
    assert [grown[f"people.{row}.party"] for row in range(8)] == ["0", "0", "1", "1", "2", "2", "1", ""]
    assert grown["people.7.role"] == "witness"
    assert "parties.2.name.en" in grown
    assert len(await held(cast, scene)) == 3


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        (SegmentKind.PRESENTATION, ["presenter", "recipient"]),
        (SegmentKind.LAUNCH, ["officiant"] * 3),
        (SegmentKind.SPEECHES, ["speaker"]),
    ],
)
async def test_each_kind_asks_for_who_takes_part_in_it(cast: Cast, kind: SegmentKind, rows: list[str]) -> None:
    crew = Crew(cast.database, cast.event)
    path, guest = new_in(cast, await crew.segment(kind)), await crew.guest("王思远")
    form = await opened(cast, path)

    answer = await sent(cast, path, form | {"people.0.guest": "王思远", "title.en": "First", "item.en": "A plaque"})

    assert [form[f"people.{row}.role"] for row in range(len(rows))] == rows
    [made] = await cast.database.read(lambda tx: rounds_of(tx, cast.event.id))
    assert answer.status_code == 303
    assert [(part.role, part.guest_id) for part in made.participants] == [(rows[0], guest.id)]
    assert (made.kind, made.item.en) == (kind, "A plaque")


async def test_a_segment_without_rounds_has_no_form(cast: Cast) -> None:
    segment = await Crew(cast.database, cast.event).segment(SegmentKind.PHOTO)

    assert (await cast.protocol.get(new_in(cast, segment))).status_code == 404


async def test_wrong_entries_come_back_with_each_error_beside_its_field(cast: Cast, scene: Scene) -> None:
    path = new_in(cast, scene.segment_id)
    form = {
        "title.en": "x" * 161,
        "copies": "0",
        "parties.4.name.en": "",
        "parties.4.hosting": "neither",
        "parties.6.hosting": "neither",
        "people.2.party": "4",
        "people.2.role": "signatory",
        "people.2.guest": "Nobody At All",
        "people.5.party": "",
        "people.5.role": "speaker",
        "people.5.guest": "陈伟",
        "people.5.seat": "99",
    }

    answer = await sent(cast, path, form)

    wrong = re.findall(r'<p class="error" id="([^"]*)-error">([^<]*)', answer.text)
    assert answer.status_code == 422
    assert sorted(wrong) == [
        ("copies", "This is not a valid entry."),
        ("parties.4.name", "Please fill this in."),
        ("people.2.guest", "Please choose one of the list."),
        ("people.5.seat", "This is not a valid entry."),
        ("title", "This is too long."),
    ]
    assert 'value="Nobody At All"' in answer.text
    assert 'href="#people.2.guest"' in answer.text
    assert len(await held(cast, scene)) == 3


async def test_what_only_the_event_can_refuse_is_told_beside_its_field_too(cast: Cast, scene: Scene) -> None:
    form = await opened(cast, f"{scene.path}/edit") | {"parties.0.side": "moon", "people.1.role": "speaker"}

    answer = await sent(cast, f"{scene.path}/edit", form)

    assert answer.status_code == 422
    assert re.findall(r'<p class="error" id="([^"]*)-error">', answer.text) == ["people.1.role"]
    assert 'href="#parties.0.side"' in answer.text


async def test_of_several_namesakes_one_is_picked(cast: Cast, scene: Scene) -> None:
    twins = [await cast.guest("张伟", organisation=name) for name in ("甲公司", "甲公司")]
    path = new_in(cast, scene.segment_id)
    form = {"copies": "2", "people.0.party": "", "people.0.role": "witness", "people.0.guest": "张伟 · 甲公司"}

    asked = await sent(cast, path, form)
    done = await sent(cast, path, form | {"people.0.chosen": str(twins[1].id)})
    other = await sent(cast, path, form | {"people.0.chosen": str(scene.host.id)})

    assert (asked.status_code, "Which of them?" in asked.text) == (422, True)
    picks = re.findall(r'name="people.0.chosen" value="([^"]*)"', asked.text)
    assert sorted(picks) == sorted(str(each.id) for each in twins)
    assert (done.status_code, other.status_code) == (303, 422)
    assert [part.guest_id for part in (await held(cast, scene))[-1].participants] == [twins[1].id]


async def test_a_namesake_who_stands_there_stays_while_nobody_types_another(cast: Cast, scene: Scene) -> None:
    await cast.guest("王思远", organisation="科技园")
    form = await opened(cast, f"{scene.path}/edit")

    answer = await sent(cast, f"{scene.path}/edit", form | {"copies": "6"})

    this = await scene.round()
    assert answer.status_code == 303
    assert (this.copies, this.participants[0].guest_id) == (6, scene.host.id)


async def test_a_round_that_is_sent_back_as_it_was_shown_does_not_change(cast: Cast, scene: Scene) -> None:
    before = await scene.round()

    answer = await sent(cast, f"{scene.path}/edit", await opened(cast, f"{scene.path}/edit"))

    assert (answer.status_code, answer.headers["location"]) == (303, scene.path)
    assert await scene.round() == before


async def test_an_edit_keeps_the_ids_of_the_parts(cast: Cast, scene: Scene) -> None:
    before = await scene.round()
    form = await opened(cast, f"{scene.path}/edit") | {"people.1.guest": "欧阳文静", "people.0.gone": "1"}

    await sent(cast, f"{scene.path}/edit", form)

    after = await scene.round()
    kept = [part for part in before.participants if part.guest_id != scene.host.id]
    assert {part.id for part in after.participants} == {part.id for part in kept}
    assert scene.spare.id in {part.guest_id for part in after.participants}
    assert after.version == 2


async def test_a_part_whose_name_is_cleared_stays_and_waits_for_somebody(cast: Cast, scene: Scene) -> None:
    form = await opened(cast, f"{scene.path}/edit") | {"people.1.guest": " ", "people.1.title.en": "Deputy Director"}

    await sent(cast, f"{scene.path}/edit", form)

    [part] = [part for part in (await scene.round()).participants if part.guest_id is None]
    assert (part.id, part.title.en) == (scene.part_of(scene.visitor), "Deputy Director")


async def test_a_row_is_added_to_a_round_too_and_nothing_is_written(cast: Cast, scene: Scene) -> None:
    path = f"{scene.path}/edit"

    answer = await sent(cast, path, await opened(cast, path) | {"more": "person:0", "copies": "7"})

    grown = fields_of(answer.text)
    assert (grown["people.3.party"], grown["people.3.role"], grown["copies"]) == ("0", "witness", "7")
    assert (await scene.round()).version == 1


async def test_a_party_that_is_taken_out_takes_its_people_along(cast: Cast, scene: Scene) -> None:
    form = await opened(cast, f"{scene.path}/edit") | {"parties.0.gone": "1"}

    await sent(cast, f"{scene.path}/edit", form)

    after = await scene.round()
    assert [party.name.en for party in after.parties] == ["Innovation Board"]
    assert [(part.party, part.guest_id) for part in after.participants] == [
        (1, scene.visitor.id),
        (1, scene.witness.id),
    ]


async def test_who_comes_second_sees_what_was_changed_beside_what_was_typed(cast: Cast, scene: Scene) -> None:
    form, path = await opened(cast, f"{scene.path}/edit"), f"{scene.path}/edit"
    first = form | {"title.en": "The colleague's title", "copies": "8", "more": ""}
    first |= {"people.9.party": "0", "people.9.role": "assistant", "people.9.guest": "欧阳文静", "people.2.gone": "1"}
    await cast.organiser.post(path, data=first, params=LANG)

    late = await sent(cast, path, form | {"title.en": "My title"})

    words = words_of(late.text)
    assert late.status_code == 412
    assert "A colleague was faster. Nothing was overwritten. 12:00 organiser: Edited: title · copies · people" in words
    assert ('value="My title"' in late.text, "Now: The colleague&#39;s title" in late.text) == (True, True)
    assert "Now: 8" in words
    assert "A colleague added this row." in words
    assert "A colleague took this row out; saving adds it again." in words
    assert (await scene.round()).title.en == "The colleague's title"

    again = await sent(cast, path, fields_of(late.text))

    after = await scene.round()
    assert (again.status_code, after.title.en, after.copies, after.version) == (303, "My title", 2, 3)
    assert {part.guest_id for part in after.participants} == {
        scene.host.id,
        scene.visitor.id,
        scene.witness.id,
        scene.spare.id,
    }


async def test_a_round_that_was_called_ready_changes_hands_by_substitution(cast: Cast, scene: Scene) -> None:
    await cast.scanned(cast.scan(scene.host.code))
    this = await scene.does(Act.READY)
    page = (await cast.protocol.get(f"{scene.path}/edit", params=LANG)).text

    changed = await sent(cast, f"{scene.path}/edit", fields_of(page) | {"people.1.guest": "欧阳文静"})
    lacking = await sent(cast, f"{scene.path}/edit", fields_of(page) | {"title.en": "", "title.zh_hans": ""})

    assert this.state is RoundState.READY
    assert f"ask=substitute&amp;participant={scene.part_of(scene.visitor)}#asking" in page
    assert page.count(" readonly") == 3
    assert (changed.status_code, "This part changes hands by substitution only" in changed.text) == (422, True)
    assert (lacking.status_code, "The document has no title" in lacking.text) == (409, True)
    assert (await scene.round()).version == this.version


async def test_a_round_that_is_signed_is_not_edited(cast: Cast, scene: Scene) -> None:
    form = await opened(cast, f"{scene.path}/edit")
    this = await scene.does(Act.READY, Act.CALL, Act.STAGE, Act.SIGN)

    page = await cast.protocol.get(f"{scene.path}/edit", params=LANG)
    answer = await sent(cast, f"{scene.path}/edit", form | {"version": str(this.version), "copies": "9"})

    assert "This round has been signed or is over. Undo the last step first." in page.text
    assert (answer.status_code, (await scene.round()).copies) == (409, 2)


async def test_a_round_that_nobody_touched_is_removed(cast: Cast, scene: Scene) -> None:
    await scene.does(Act.POSTPONE, reason="等候")
    untouched = f"/stage/{cast.event.slug}/rounds/{scene.rounds[1].id}"

    done = await sent(cast, f"{untouched}/remove", {"version": "1"})
    refused = await sent(cast, f"{scene.path}/remove", {"version": "2"})
    late = await sent(cast, f"{scene.path}/remove", {})
    reader = await cast.protocol.get(f"{scene.path}/remove")

    assert (done.status_code, done.headers["location"]) == (303, f"/desk/{cast.event.slug}/programme")
    assert (refused.status_code, "Withdraw it instead." in refused.text) == (409, True)
    assert (late.status_code, "A colleague was faster." in late.text) == (412, True)
    assert (reader.status_code, reader.headers["location"]) == (303, f"{scene.path}/edit")
    assert [each.id for each in await held(cast, scene)] == [scene.rounds[0].id, scene.rounds[2].id]


async def test_the_programme_lists_the_rounds_of_a_part_and_moves_them(cast: Cast, scene: Scene) -> None:
    programme = f"/desk/{cast.event.slug}/programme"
    page = await cast.protocol.get(programme, params=LANG)

    answer = await sent(cast, f"{scene.path}/move", {"to": "3", "version": "1"})
    late = await sent(cast, f"{scene.path}/move", {"to": "1", "version": "1"})

    assert "Round 1 Joint laboratory agreement Hetao Park × Innovation Board Draft" in words_of(page.text)
    assert f'href="{scene.path}/edit"' in page.text
    assert f'href="{new_in(cast, scene.segment_id)}"' in page.text
    assert (answer.status_code, answer.headers["location"], late.status_code) == (303, programme, 412)
    assert [each.id for each in await held(cast, scene)] == [scene.rounds[at].id for at in (1, 2, 0)]


async def test_who_only_reads_sees_the_rounds_and_no_editor(cast: Cast, scene: Scene) -> None:
    crowd = await cast.protocol.get(f"/desk/{cast.event.slug}/programme", params=LANG)
    reader = await cast.token(Scope.READ)

    page = await reader.get(f"/desk/{cast.event.slug}/programme", params=LANG)

    assert "Add a round" in crowd.text
    assert ("Add a round" in page.text, f'href="{scene.path}"' in page.text) == (False, True)
