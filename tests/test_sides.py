"""Two hosting sides: each reaches its own guests only, on every page, paper and answer that there is."""

import re
from dataclasses import replace
from io import BytesIO
from typing import Any
from uuid import uuid4

import httpx
import pytest
from python_calamine import CalamineWorkbook

from checkin.gates import usable_gates
from events.core import accounts
from events.core.auth import Scope
from events.core.i18n import Language
from events.core.ids import Role
from events.core.web import SESSION_COOKIE
from events.models import Guest, Text
from events.planning import create_event
from tests.access_rules import ENDLESS, RULES, places_of, sent
from tests.cast import Cast, event_form, on_one_engine, unmeasured
from tests.programs import text_of
from tests.stage_crew import Crew, signing_form

pytestmark = on_one_engine

THEIRS = {
    "email": "secret@hetao.example.org",
    "phone": "+8615400009241",
    "liaison": "liaison@hetao.example.org",
    "liaison_name": "史珂",
    "liaison_phone": "+8615400009242",
}


@pytest.fixture
async def house(cast: Cast) -> Cast:
    """The cast at an event with two hosts."""
    hosts = [{"key": key, "name": Text(en=key)} for key in ("hkstp", "hetao")]
    now = cast.clock.now()
    form = event_form(slug="two-hosts", hosts=hosts)
    event = await cast.database.write(lambda tx: create_event(tx, form, actor="cast", now=now))
    gates = await cast.database.write(lambda tx: usable_gates(tx, event.id, actor="cast", now=now))
    here = replace(cast, event=event, gate=gates[0])
    return replace(here, script=await here.token(Scope.ADMIN))


async def colleague(cast: Cast, side: str, role: Role = Role.ORGANISER) -> httpx.AsyncClient:
    """A browser of somebody who works for that side."""
    now, keyring = cast.clock.now(), cast.state["keyring"]

    async def sign_in(tx: Any) -> str:
        user = await accounts.create_user(
            tx, email=f"{uuid4().hex}@example.org", name=side, role=role, language=Language.EN, now=now, side=side
        )
        return await accounts.start_session(tx, keyring, user_id=user.id, now=now)

    return cast.browser(cookies={SESSION_COOKIE: await cast.database.write(sign_in)})


async def theirs(cast: Cast, name: str = "单立民") -> Guest:
    """A guest of the other side, with every contact there is."""
    return await cast.guest(name, side="hetao", **THEIRS)


def words_in(answer: httpx.Response) -> str:
    """Everything that can be read in an answer, whatever it is."""
    kind = answer.headers.get("Content-Type", "")
    if "pdf" in kind:
        return text_of(answer.content)
    if "spreadsheet" in kind:
        sheet = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0)
        return str(sheet.to_python())
    return answer.text


def told(answer: httpx.Response, guest: Guest) -> set[str]:
    """Which contacts of the guest an answer gives away: a telephone number in any spelling, the ticket too."""
    words = words_in(answer)
    digits = re.sub(r"\D", "", words)
    named = {value for value in (THEIRS["email"], THEIRS["liaison"], guest.code) if value in words}
    return named | {number for name in ("phone", "liaison_phone") if (number := THEIRS[name])[1:] in digits}


@unmeasured
@pytest.mark.parametrize("role", [Role.ORGANISER, Role.PROTOCOL])
async def test_no_address_tells_the_other_side_how_a_guest_is_reached(house: Cast, role: Role) -> None:
    guest = await theirs(house)
    places = {**await places_of(house), "guest": str(guest.id), "guest:uuid": str(guest.id)}
    await house.scanned(house.scan(guest.code))
    stranger = await colleague(house, "hkstp", role)
    reading = [rule for rule in RULES if rule.startswith("GET ") and "{event}" in rule and rule not in ENDLESS]

    leaks = {rule: found for rule in reading if (found := told(await sent(stranger, rule, places), guest))}

    assert leaks == {}


@unmeasured
@pytest.mark.parametrize("role", [Role.ORGANISER, Role.PROTOCOL])
async def test_the_stage_tells_the_other_side_who_is_missing_and_not_how_they_are_reached(
    house: Cast, role: Role
) -> None:
    guest = await theirs(house)
    places = {**await places_of(house), "guest": str(guest.id), "guest:uuid": str(guest.id)}
    crew = Crew(house.database, house.event)
    this = await crew.add(signing_form(guest.id, (await house.guest("王思远", side="hkstp")).id))
    places |= {"round:uuid": str(this.id), "segment:uuid": str(this.segment_id)}
    own, stranger = await colleague(house, "hetao", role), await colleague(house, "hkstp", role)
    reading = [rule for rule in RULES if rule.startswith("GET ") and "{event}" in rule and rule not in ENDLESS]

    leaks = {rule: found for rule in reading if (found := told(await sent(stranger, rule, places), guest))}

    assert leaks == {}
    for rule in ("GET /stage/{event}", "GET /stage/{event}/rounds/{round:uuid}"):
        assert THEIRS["liaison_phone"] in (await sent(own, rule, places)).text
        assert "单立民" in (await sent(stranger, rule, places)).text


@pytest.mark.parametrize("leaf", ["", "/rounds/{round}"])
async def test_the_stages_streams_draw_for_each_side_what_it_may_see(
    house: Cast, leaf: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checkin.board_pages._STREAM_S", 0)
    guest = await theirs(house)
    this = await Crew(house.database, house.event).add(signing_form(guest.id, None))
    path = f"/stage/two-hosts{leaf.format(round=this.id)}/stream"

    own = await (await colleague(house, "hetao")).get(path)
    stranger = await (await colleague(house, "hkstp")).get(path)

    assert told(own, guest) == {THEIRS["liaison_phone"]}
    assert told(stranger, guest) == set()
    assert "单立民" in stranger.text


async def test_the_same_addresses_tell_it_to_the_guests_own_side(house: Cast) -> None:
    guest = await theirs(house)
    own = await colleague(house, "hetao")
    api = f"/api/v1/events/{house.event.id}"

    asked = [f"/desk/two-hosts/guests/{guest.id}", "/desk/two-hosts/guests", f"{api}/guests", f"{api}/attendance.xlsx"]
    for path in asked:
        assert THEIRS["email"] in words_in(await own.get(path)), path
    assert THEIRS["liaison"] in (await own.get(f"{api}/guests/{guest.id}")).text


async def test_the_other_side_sees_the_name_and_when_they_came(house: Cast) -> None:
    guest = await theirs(house)
    await house.scanned(house.scan(guest.code))
    stranger = await colleague(house, "hkstp")

    record = (await stranger.get(f"/api/v1/events/{house.event.id}/attendance.json")).json()
    page = await stranger.get(f"/desk/two-hosts/guests/{guest.id}")

    assert [(each["name"], bool(each["first_at"])) for each in record["guests"]] == [("单立民", True)]
    assert "单立民" in page.text
    assert "Save" not in page.text


@pytest.mark.parametrize("verb", ["", "/cancel", "/confirm", "/replace-ticket", "/resend"])
async def test_nobody_changes_a_guest_of_the_other_side(house: Cast, verb: str) -> None:
    guest = await theirs(house)
    stranger = await colleague(house, "hkstp")

    answer = await stranger.post(f"/desk/two-hosts/guests/{guest.id}{verb}", data={"name": "x"})

    assert answer.status_code == 403
    assert "The other hosting side looks after this guest." in answer.text


async def test_a_guest_whom_one_side_adds_is_its_own_and_never_the_others(house: Cast) -> None:
    own = await colleague(house, "hkstp")
    path = f"/api/v1/events/{house.event.id}/guests"

    made = (await own.post(path, json={"name": "馮啟邦"})).json()
    refused = (await own.post(path, json={"name": "馮啟邦", "side": "hetao"})).json()
    given = await own.patch(f"{path}/{made['guests'][0]['id']}", json={"side": "hetao"})

    assert made["guests"][0]["side"] == "hkstp"
    assert [each["code"] for each in refused["refused"]] == ["other_side"]
    assert (given.status_code, given.json()["code"]) == (403, "other_side")


async def test_the_digits_of_a_telephone_number_find_a_sides_own_guests_only(house: Cast) -> None:
    await theirs(house)
    own, stranger = await colleague(house, "hetao"), await colleague(house, "hkstp")

    for path in ("/desk/two-hosts/guests?q=9241", "/stage/two-hosts/guests?q=9241"):
        assert "单立民" in (await own.get(path)).text
        assert "单立民" not in (await stranger.get(path)).text


async def test_mails_and_badges_are_those_of_ones_own_side(house: Cast) -> None:
    guest = await theirs(house)
    await house.organiser.post(f"/desk/two-hosts/guests/{guest.id}/resend")
    own, stranger = await colleague(house, "hetao"), await colleague(house, "hkstp")

    assert THEIRS["email"] in (await own.get("/desk/two-hosts/mails")).text
    assert THEIRS["email"] not in (await stranger.get("/desk/two-hosts/mails")).text
    assert (await own.get("/desk/two-hosts/badges.pdf")).status_code == 200
    assert (await stranger.get("/desk/two-hosts/badges.pdf")).status_code == 404


@pytest.mark.parametrize(("side", "sees"), [("", True), ("hetao", True), ("hkstp", False)])
async def test_a_token_of_no_side_reads_everybodys_contacts(house: Cast, side: str, sees: bool) -> None:
    guest = await theirs(house)
    now, keyring = house.clock.now(), house.state["keyring"]
    token = await house.database.write(
        lambda tx: accounts.create_token(
            tx, keyring, event_id=house.event.id, scope=Scope.READ, name="list", now=now, side=side
        )
    )
    script = house.browser(headers={"Authorization": f"Bearer {token}"})

    answer = (await script.get(f"/api/v1/events/{house.event.id}/guests/{guest.id}")).json()

    assert (answer["email"], answer["name"]) == (THEIRS["email"] if sees else "", "单立民")
