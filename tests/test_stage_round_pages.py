import re
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa

from checkin import board_pages
from checkin.stage.models import Act, RoundState
from checkin.stage.store import substitutions_of
from checkin.stage.tables import participants
from events.core.auth import Scope
from events.guestlist import cancel
from events.models import GuestStatus
from events.store import guest_by_id
from tests.cast import NOON, Cast, on_one_engine
from tests.stage_scene import Scene, set_stage
from tests.test_board_pages import sent_in, words_of

pytestmark = on_one_engine

LANG = {"lang": "en"}


@pytest.fixture
async def scene(cast: Cast) -> Scene:
    return await set_stage(cast.database, cast.event, now=NOON)


async def shown(browser: httpx.AsyncClient, path: str, **query: str) -> str:
    page = await browser.get(path, params={**LANG, **query})
    assert page.status_code == 200, page.text
    return page.text


async def pressed(browser: httpx.AsyncClient, scene: Scene, act: str, **form: str) -> httpx.Response:
    return await browser.post(f"{scene.path}/acts/{act}", data=form, params=LANG)


async def substituted(cast: Cast, scene: Scene, **form: str) -> httpx.Response:
    usual = {"participant": str(scene.part_of(scene.visitor)), "version": "1"}
    usual |= {"authority": "礼宾负责人", "reason": "航班延误"}
    return await cast.protocol.post(f"{scene.path}/substitute", data={**usual, **form}, params=LANG)


def versions_in(page: str) -> set[str]:
    return set(re.findall(r'name="version" value="(\d+)"', page))


async def test_the_page_shows_who_takes_part_where_and_what_the_door_knows(cast: Cast, scene: Scene) -> None:
    await cast.scanned(cast.scan(scene.host.code))

    words = words_of(await shown(cast.protocol, scene.path))

    assert "Round 1 Joint laboratory agreement Hetao Park × Innovation Board" in words
    assert "Draft 12:12 in 12 min 1 / 3 here Confirm ready" in words
    assert "Hetao Park Host side Signatory · seat 1 王思远 WANG Siyuan 科技园 · 总裁 In the house since 12:00" in words
    assert "Innovation Board Guest side Signatory · seat 2 李晓明 LI Xiaoming 创新委员会 · 副主任 Not here yet" in words
    assert "Nothing yet." in words


async def test_where_people_sit_is_drawn_as_the_audience_sees_it(cast: Cast, scene: Scene) -> None:
    page = await shown(cast.protocol, scene.path, lang="zh-Hans")

    assert re.findall(r'class="seatplan-name"[^>]*>(.*?)</text>', page) == ["陈\u3000伟", "李晓明", "王思远"]
    assert f'<a href="{scene.path}/plan">席位图</a>' in page


async def test_a_round_without_people_has_no_drawing(cast: Cast, scene: Scene) -> None:
    page = await shown(cast.protocol, f"/stage/{cast.event.slug}/rounds/{scene.rounds[1].id}")

    assert ("seatplan-picture" in page, "Seat plan" in page) == (False, False)


async def test_what_is_missing_is_said_with_where_it_is_mended(cast: Cast, scene: Scene) -> None:
    gone = await cast.database.write(lambda tx: cancel(tx, scene.host, reason="行程有变", actor="cast", now=NOON))
    desk, stage = f"/desk/{cast.event.slug}", f"/stage/{cast.event.slug}/rounds"

    first = await shown(cast.protocol, scene.path)
    second = await shown(cast.protocol, f"{stage}/{scene.rounds[1].id}")

    assert gone.status is GuestStatus.CANCELLED
    assert "WANG Siyuan is not confirmed as a guest To the guest" in words_of(first)
    assert f'href="{desk}/guests/{scene.host.id}"' in first
    assert "Fewer than two parties Edit the round" in words_of(second)
    assert "Hetao Park: no signatory Edit the round" in words_of(second)
    assert f'href="{stage}/{scene.rounds[1].id}/edit"' in second


async def test_two_rounds_of_one_moment_lead_to_each_other(cast: Cast, scene: Scene) -> None:
    twin = await set_stage(cast.database, cast.event, now=NOON)
    same = participants.c.participant_id == twin.part_of(twin.host)
    await cast.database.write(lambda tx: tx.execute(sa.update(participants).where(same).values(guest_id=scene.host.id)))

    page = await shown(cast.protocol, scene.path)

    assert "WANG Siyuan is on stage at the same time" in page
    assert f'href="{twin.path}"' in page


async def test_one_press_is_one_step(cast: Cast, scene: Scene) -> None:
    answers = [
        await pressed(cast.protocol, scene, act, version=str(version), where="主台")
        for version, act in enumerate(("ready", "call", "stage", "sign", "exchange", "close"), 1)
    ]

    words = words_of(await shown(cast.protocol, scene.path))
    assert [(answer.status_code, answer.headers["location"]) for answer in answers] == [(303, scene.path)] * 6
    assert (await scene.round()).state is RoundState.CLOSED
    assert "12:00 Confirm ready protocol · 主台" in words
    assert "12:00 Close the round protocol · 主台" in words


async def test_a_press_on_the_board_leads_back_to_it(cast: Cast, scene: Scene) -> None:
    answer = await pressed(cast.protocol, scene, "ready", version="1", back="board")

    assert answer.headers["location"] == f"/stage/{cast.event.slug}#r-{scene.first}"


async def test_who_comes_second_is_told_what_was_done_and_overwrites_nothing(cast: Cast, scene: Scene) -> None:
    await scene.does(Act.READY)

    answer = await pressed(cast.organiser, scene, "ready", version="1")

    words = words_of(answer.text)
    assert answer.status_code == 412
    assert "A colleague was faster. Nothing was overwritten. 12:00 何卓文 · Confirm ready" in words
    assert "The round as it is now is below." in words
    assert versions_in(answer.text) == {"2"}
    assert "Call to the wings" in words
    assert len((await scene.round()).participants) == 3
    assert (await scene.round()).step == 1


async def test_a_round_that_lacks_something_is_not_called_ready(cast: Cast, scene: Scene) -> None:
    second = f"/stage/{cast.event.slug}/rounds/{scene.rounds[1].id}"

    answer = await cast.protocol.post(f"{second}/acts/ready", data={"version": "1"}, params=LANG)

    assert answer.status_code == 409
    assert "The round is not fit for this yet. The document has no title" in words_of(answer.text)


async def test_a_step_that_does_not_follow_is_refused(cast: Cast, scene: Scene) -> None:
    answer = await pressed(cast.protocol, scene, "sign", version="1")

    assert answer.status_code == 409
    assert "This step does not follow from where the round stands now." in answer.text


async def test_an_act_that_there_is_not_is_not_found(cast: Cast, scene: Scene) -> None:
    assert (await pressed(cast.protocol, scene, "dance", version="1")).status_code == 404


@pytest.mark.parametrize(
    ("act", "about"), [("postpone", "The round leaves the running order"), ("withdraw", "The round is not held")]
)
async def test_postponing_and_withdrawing_take_two_steps_and_a_reason(
    cast: Cast, scene: Scene, act: str, about: str
) -> None:
    page = await shown(cast.protocol, scene.path)
    asked = await shown(cast.protocol, scene.path, ask=act)

    without = await pressed(cast.protocol, scene, act, version="1", reason=" ")
    done = await pressed(cast.protocol, scene, act, version="1", reason="等候嘉宾")

    assert (f"acts/{act}" in page, f"?ask={act}" in page, f"acts/{act}" in asked, about in asked) == (
        False,
        True,
        True,
        True,
    )
    assert (without.status_code, "Please fill this in." in without.text) == (422, True)
    assert done.status_code == 303
    assert "Reason: 等候嘉宾" in words_of(await shown(cast.protocol, scene.path))


async def test_a_form_that_came_too_late_keeps_what_was_typed(cast: Cast, scene: Scene) -> None:
    await scene.does(Act.READY)

    answer = await pressed(cast.protocol, scene, "postpone", version="1", reason="等候嘉宾")

    assert answer.status_code == 412
    assert 'value="等候嘉宾"' in answer.text
    assert "What you typed is still here." in answer.text
    assert versions_in(answer.text) == {"2"}


async def test_undo_is_kept_beside_what_it_takes_back(cast: Cast, scene: Scene) -> None:
    await scene.does(Act.READY)

    answer = await pressed(cast.protocol, scene, "undo", version="2")

    words = words_of(await shown(cast.protocol, scene.path))
    assert answer.status_code == 303
    assert "Confirm ready · taken back 何卓文" in words
    assert "Undo the last step protocol" in words


async def test_a_guest_of_the_event_steps_in(cast: Cast, scene: Scene) -> None:
    form = await shown(cast.protocol, scene.path, ask="substitute", participant=str(scene.part_of(scene.visitor)))

    answer = await substituted(cast, scene, substitute="欧阳文静 · 创新委员会", title="代理副主任")

    words = words_of(await shown(cast.protocol, scene.path, done="substituted"))
    assert "Substitute for LI Xiaoming Signatory" in words_of(form)
    assert answer.headers["location"] == f"{scene.path}?done=substituted"
    assert "Substituted OUYANG Wenjing signs for LI Xiaoming" in words
    assert "protocol · On the authority of 礼宾负责人 · Reason: 航班延误" in words
    assert "欧阳文静 OUYANG Wenjing 创新委员会 · 代理副主任" in words


async def test_somebody_new_is_registered_in_the_same_step(cast: Cast, scene: Scene) -> None:
    answer = await substituted(cast, scene, name="林晓", name_latin="LIN Xiao", job_title="处长")

    made = (await cast.database.read(lambda tx: substitutions_of(tx, scene.event.id)))[scene.first]
    guest = await cast.database.read(lambda tx: guest_by_id(tx, scene.event.id, made[0].substitute_id))
    assert answer.status_code == 303
    assert (guest.name, guest.job_title, guest.status) == ("林晓", "处长", GuestStatus.CONFIRMED)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({}, "Please fill this in."),
        ({"substitute": "无此人"}, "Please choose one of the list."),
        ({"substitute": "李晓明"}, "This is the person who is to be replaced."),
        ({"substitute": "王思远"}, "This person has a part in the round already."),
        ({"substitute": "欧阳文静", "authority": ""}, "Please fill this in."),
        ({"substitute": "欧阳文静", "name": "林晓"}, "Fill in one of the two"),
        ({"name": "林晓", "phone": "12"}, "This does not look like a phone number."),
    ],
)
async def test_a_wrong_substitution_keeps_what_was_typed(
    cast: Cast, scene: Scene, form: dict[str, str], sentence: str
) -> None:
    answer = await substituted(cast, scene, **form)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert [typed for typed in form.values() if f'value="{typed}"' not in answer.text] == []
    assert 'value="航班延误"' in answer.text


async def test_of_namesakes_one_is_chosen(cast: Cast, scene: Scene) -> None:
    await cast.guest("陈志豪", organisation="甲公司")
    other = await cast.guest("陈志豪", organisation="乙公司")

    asked = await substituted(cast, scene, substitute="陈志豪")
    done = await substituted(cast, scene, substitute="陈志豪", chosen=str(other.id))

    assert asked.status_code == 422
    assert "Which of them?" in asked.text
    assert f'name="chosen" value="{other.id}"' in asked.text
    assert done.status_code == 303
    assert other.id in {part.guest_id for part in (await scene.round()).participants}


async def test_a_substitution_that_came_too_late_keeps_what_was_typed(cast: Cast, scene: Scene) -> None:
    await scene.does(Act.READY)

    answer = await substituted(cast, scene, substitute="欧阳文静")

    assert answer.status_code == 412
    assert "A colleague was faster." in answer.text
    assert 'value="欧阳文静"' in answer.text
    assert versions_in(answer.text) == {"2"}


async def test_nobody_steps_in_once_it_is_signed(cast: Cast, scene: Scene) -> None:
    await scene.does(Act.READY, Act.CALL, Act.STAGE, Act.SIGN)

    answer = await substituted(cast, scene, substitute="欧阳文静", version="5")

    assert answer.status_code == 409
    assert "This round has been signed or is over." in answer.text
    assert "?ask=substitute" not in answer.text


async def test_a_part_that_is_not_there_opens_no_form(cast: Cast, scene: Scene) -> None:
    page = await shown(cast.protocol, scene.path, ask="substitute", participant=str(uuid4()))

    assert 'id="asking"' not in page


async def test_whoever_only_reads_is_shown_no_form(cast: Cast, scene: Scene) -> None:
    reader = await cast.token(Scope.READ)

    page = await shown(reader, scene.path, ask="postpone", participant=str(scene.part_of(scene.visitor)))

    assert ("<form" in page, "李晓明" in page) == (False, True)


async def test_changing_the_language_of_a_refusal_leads_to_the_round(cast: Cast, scene: Scene) -> None:
    answers = [await cast.protocol.get(f"{scene.path}/{each}?lang=en") for each in ("acts/call", "substitute")]

    assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {(303, f"{scene.path}?lang=en")}


async def test_the_stream_sends_the_parts_that_change(
    cast: Cast, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board_pages, "_STREAM_S", 0)
    await scene.does(Act.READY)

    sent = sent_in((await cast.protocol.get(f"{scene.path}/stream", params=LANG)).text)

    assert re.findall(r'data-part="(\w+)"', sent) == ["now", "faults", "people", "plan", "history"]
    assert "12:00 Confirm ready 何卓文" in words_of(sent)
    assert "<form class=" not in sent


async def test_a_round_of_another_event_is_not_found(cast: Cast, scene: Scene) -> None:
    here, elsewhere = [f"/stage/{slug}/rounds" for slug in (cast.event.slug, "other-event")]

    answers = [
        await cast.organiser.get(path)
        for path in (f"{here}/{uuid4()}", f"{here}/{uuid4()}/stream", f"{elsewhere}/{scene.first}")
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


async def test_the_longest_place_does_not_stand_in_the_way(cast: Cast, scene: Scene) -> None:
    answer = await pressed(cast.protocol, scene, "ready", version="1", where="台" * 160)

    assert answer.status_code == 303
