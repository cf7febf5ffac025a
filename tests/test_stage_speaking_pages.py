"""The page of speaking names and its API."""

import re

import httpx
import pytest

from checkin.stage.models import Spoken
from checkin.stage.round_form import ParticipantForm, RoundForm
from checkin.stage.speaking import spoken_of
from events.core.auth import Scope
from events.models import Guest, GuestId, SegmentKind, Text
from tests.cast import Cast, on_one_engine
from tests.stage_crew import Crew, signing_form
from tests.test_board_pages import words_of

pytestmark = on_one_engine

LANG = {"lang": "en"}
FIELDS = {"honorific.zh_hans": "先生", "honorific.en": "Mr", "reading": "Shàn Lìmín", "version": "0"}


@pytest.fixture
async def crew(cast: Cast) -> Crew:
    return Crew(cast.database, cast.event)


@pytest.fixture
async def guest(crew: Crew) -> Guest:
    """Signs the first round with somebody whose name everybody reads, and speaks in the second."""
    guest = await crew.guest("单立民", organisation="科技园", job_title="总裁", phone="+852 5555 4321")
    await crew.add(signing_form((await crew.guest("王思远")).id, guest.id))
    form = RoundForm(title=Text(), participants=[ParticipantForm(role="speaker", guest_id=guest.id)])
    await crew.add(form, SegmentKind.SPEECHES)
    return guest


def page_of(cast: Cast, guest: Guest | None = None) -> str:
    return f"/stage/{cast.event.slug}/speaking{f'/{guest.id}' if guest else ''}"


async def read(browser: httpx.AsyncClient, cast: Cast, **query: str) -> str:
    answer = await browser.get(page_of(cast), params={**LANG, **query})
    assert answer.status_code == 200, answer.text
    return answer.text


async def sent(cast: Cast, guest: Guest, **form: str) -> httpx.Response:
    return await cast.protocol.post(page_of(cast, guest), data={**FIELDS, **form}, params=LANG)


async def stored(cast: Cast, guest_id: GuestId) -> Spoken:
    return await cast.database.read(lambda tx: spoken_of(tx, cast.event.id, guest_id))


async def test_whoever_is_easily_misread_comes_first_with_a_suggestion_and_no_number(cast: Cast, guest: Guest) -> None:
    page = await read(cast.protocol, cast)

    assert re.findall(r"<h3><bdi[^>]*>([^<]*)", page) == ["单立民", "王思远"]
    assert "To be confirmed · 2 people" in words_of(page)
    assert (
        "单立民 科技园 · 总裁 Round 1 Signatory · Round 2 Speaker Ask how the name is read "
        "Suggestion: Shàn Lìmín · 单 dān / chán / shàn Edit"
    ) in words_of(page)
    assert "5555" not in page


async def test_who_has_no_part_any_more_is_not_asked(cast: Cast, crew: Crew) -> None:
    await crew.guest("单立民")

    assert "Nobody is on a stage yet." in await read(cast.protocol, cast)


async def test_a_confirmed_reading_stands_below_with_who_asked(cast: Cast, guest: Guest) -> None:
    answer = await sent(cast, guest, confirmed="1")

    page = await read(cast.protocol, cast, done=str(guest.id))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{page_of(cast)}?done={guest.id}")
    assert (await stored(cast, guest.id)).confirmed_by == "protocol"
    assert re.findall(r"<h3><bdi[^>]*>([^<]*)", page) == ["王思远", "单立民"]
    assert "Saved: 单立民" in page
    assert "Shàn Lìmín 先生 · Mr Confirmed 12:00 by protocol" in words_of(page)


async def test_what_is_saved_without_asking_waits_to_be_confirmed(cast: Cast, guest: Guest) -> None:
    await sent(cast, guest)

    said = await stored(cast, guest.id)
    assert (said.reading, said.confirmed_at) == ("Shàn Lìmín", None)
    assert "To be confirmed · 2 people" in words_of(await read(cast.protocol, cast))


async def test_a_wrong_form_comes_back_with_what_was_typed(cast: Cast, guest: Guest) -> None:
    answer = await sent(cast, guest, reading="", confirmed="1", **{"honorific.en": "x" * 161})

    assert answer.status_code == 422
    assert re.findall(r'<p class="error" id="[^"]*\.([a-z]+)-error">', answer.text) == ["honorific"]
    assert "x" * 161 in answer.text
    missing = await sent(cast, guest, reading="", confirmed="1")
    assert "Please fill this in." in missing.text
    assert (await stored(cast, guest.id)).version == 0


async def test_who_comes_second_sees_what_a_colleague_wrote_beside_what_was_typed(cast: Cast, guest: Guest) -> None:
    await sent(cast, guest, confirmed="1")

    late = await sent(cast, guest, reading="Dān Lìmín")

    words = words_of(late.text)
    assert late.status_code == 412
    assert "A colleague was faster. Nothing was overwritten. 12:00 protocol: Edited: honorific · reading" in words
    assert 'value="Dān Lìmín"' in late.text
    assert "Now: Shàn Lìmín" in words
    assert 'name="version" value="1"' in late.text
    assert (await stored(cast, guest.id)).reading == "Shàn Lìmín"
    assert (await cast.protocol.get(page_of(cast, guest))).headers["location"] == page_of(cast)


async def test_who_only_reads_sees_no_form(cast: Cast, guest: Guest) -> None:
    page = await read(await cast.token(Scope.READ), cast)

    assert ("单立民" in page, 'name="reading"' in page) == (True, False)


async def test_a_script_says_and_reads_it_with_its_version(cast: Cast, guest: Guest) -> None:
    path = f"{cast.api}/guests/{guest.id}/spoken"
    body = {"honorific": {"en": "Mr"}, "reading": "Shàn Lìmín", "confirmed": True}

    done = await cast.script.put(path, json=body, headers={"If-Match": '"0"'})
    late = await cast.script.put(path, json={"reading": "Dān"}, headers={"If-Match": '"0"'})
    shown = await cast.script.get(path)

    assert (done.status_code, done.headers["etag"], done.json()["confirmed"]) == (200, '"1"', True)
    assert (late.status_code, late.json()["code"], len(late.json()["changes"])) == (412, "stale", 1)
    assert shown.json() == {
        "guest": str(guest.id),
        "honorific": {"zh_hans": "", "zh_hant": "", "en": "Mr"},
        "reading": "Shàn Lìmín",
        "confirmed": True,
        "confirmed_at": "2026-03-02T04:00:00+00:00",
        "confirmed_by": "token:test",
        "version": 1,
    }


async def test_a_script_of_another_event_finds_nothing(cast: Cast, guest: Guest) -> None:
    answer = await cast.outsider.put(f"{cast.api}/guests/{guest.id}/spoken", json={})

    assert answer.status_code == 404
