"""Who may do what at the door: phones of another event, phones that were withdrawn, and phones without a lead."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

import httpx
import pytest

from checkin.credential import STEWARD_HEADER, credential
from events.core.auth import Scope
from tests.access_rules import FOR_PHONES, RULES, conflict, foreign_phone, places_of, sent
from tests.cast import Cast, on_one_engine
from tests.door_crew import steward
from tests.phones import Phone, paired, signed_on

SignOn = Callable[[Cast, Phone], Awaitable[str]]

UNDER_AN_EVENT = [rule for rule in RULES if "{event}" in rule]
BY_SCRIPTS = [rule for rule in RULES if "/api/" in rule]

REFUSED = {
    "override": 403,
    "enter from paper": 403,
    "undo late": 409,
    "undo another's": 403,
    "confirm": 403,
    "see conflicts": 403,
    "settle": 403,
}
"""What only a lead may do, and how everybody else is refused. The scan to undo late is their own: its time is up."""


@on_one_engine
async def test_to_a_phone_another_event_is_as_one_that_is_not_there(cast: Cast) -> None:
    phone, places = await foreign_phone(cast), await places_of(cast)
    names = (cast.event.slug, str(cast.event.id), "no-such-event", str(uuid4()))

    found = {
        rule: {(await sent(phone.browser, rule, {**places, "event": name})).status_code for name in names}
        for rule in UNDER_AN_EVENT
    }

    assert found == {rule: {404 if rule in FOR_PHONES else 403} for rule in UNDER_AN_EVENT}


@on_one_engine
async def test_a_withdrawn_phone_is_told_so_wherever_it_asks(cast: Cast) -> None:
    phone, places = await paired(cast), await places_of(cast)
    before = await phone.browser.get(f"{cast.api}/manifest")
    await cast.organiser.post(f"/desk/{cast.event.slug}/door/devices/{phone.id}/withdraw")

    answers = {rule: await sent(phone.browser, rule, places) for rule in BY_SCRIPTS}
    door = await phone.browser.get(f"/door/{cast.event.slug}")

    assert before.status_code == 200
    found = {rule: (answer.status_code, answer.json()["code"]) for rule, answer in answers.items()}
    assert found == dict.fromkeys(BY_SCRIPTS, (401, "device_revoked"))
    assert (door.status_code, door.headers["location"]) == (303, f"/desk/sign-in?next=%2Fdoor%2F{cast.event.slug}")


async def _nobody(_cast: Cast, _phone: Phone) -> str:
    return ""


async def _helper(cast: Cast, phone: Phone) -> str:
    return await signed_on(cast, phone, "陈小满", lead=False)


async def _lead_elsewhere(cast: Cast, _phone: Phone) -> str:
    return await signed_on(cast, await paired(cast), "林若晴", lead=True)


async def _former_lead(cast: Cast, phone: Phone) -> str:
    former, _ = await steward(cast, "周明远", lead=True)
    await cast.organiser.post(f"/desk/{cast.event.slug}/door/stewards/{former.id}/remove")
    return credential(cast.state["keyring"], phone.id, former)


async def _lead_by_a_former_pin(cast: Cast, phone: Phone) -> str:
    lead, _ = await steward(cast, "周明远", lead=True)
    path = f"/desk/{cast.event.slug}/door/stewards/{lead.id}/pin"
    await cast.organiser.post(path, data={"mark": lead.mark})
    return credential(cast.state["keyring"], phone.id, lead)


async def _answers(cast: Cast, phone: Phone, credential_text: str) -> dict[str, int]:
    """What a phone is answered that does everything that is for leads, on behalf of who signed on."""
    own, others, paper = cast.scan((await cast.guest()).code), cast.scan((await cast.guest()).code), await cast.guest()
    await cast.scanned(own, by=phone.browser)
    await cast.scanned(others)
    walk_in = {"id": str(uuid4()), "name": "未登记"}
    await phone.browser.post(f"{cast.api}/walk-ins", json={"walk_ins": [walk_in]})
    disputed = await conflict(cast)
    cast.clock.forward(seconds=61)
    override = cast.scan(own["code"], override={"reason": "speaker"}, steward=credential_text)
    tick = cast.scan(guest_id=str(paper.id), mode="paper", local_verdict="admitted", steward=credential_text)
    undo = {"reason": "wrong person"}
    requests = {
        "override": ("/scans", {"scans": [override]}),
        "enter from paper": ("/scans", {"scans": [tick]}),
        "undo late": (f"/scans/{own['id']}/undo", {**undo, "id": str(uuid4())}),
        "undo another's": (f"/scans/{others['id']}/undo", {**undo, "id": str(uuid4())}),
        "confirm": (f"/door/guests/{walk_in['id']}/confirm", {}),
        "settle": (f"/conflicts/{disputed}", {"note": "looked at"}),
    }
    signed = {STEWARD_HEADER: credential_text}
    answers: dict[str, httpx.Response] = {
        name: await phone.browser.post(f"{cast.api}{path}", json=body, headers=signed)
        for name, (path, body) in requests.items()
    }
    answers["see conflicts"] = await phone.browser.get(f"{cast.api}/conflicts", headers=signed)
    return {name: answer.status_code for name, answer in answers.items()}


@on_one_engine
@pytest.mark.parametrize("sign_on", [_nobody, _helper, _lead_elsewhere, _former_lead, _lead_by_a_former_pin])
async def test_a_phone_without_a_lead_cannot_do_what_only_leads_may(cast: Cast, sign_on: SignOn) -> None:
    phone = await paired(cast)

    found = await _answers(cast, phone, await sign_on(cast, phone))

    assert found == REFUSED


@on_one_engine
async def test_a_phone_on_which_a_lead_has_signed_on_can(cast: Cast) -> None:
    phone = await paired(cast)
    lead = await signed_on(cast, phone, "林若晴", lead=True)

    found = await _answers(cast, phone, lead)

    assert found == dict.fromkeys(REFUSED, 200)


async def test_the_door_knows_an_event_by_its_id_without_asking_the_database(cast: Cast) -> None:
    door, reader = await cast.token(Scope.DOOR), await cast.token(Scope.READ)
    guest = await cast.guest()

    answers = {
        name: await who.post(f"{cast.api}/scans", json={"scans": [cast.scan(guest.code)]})
        for name, who in (("door", door), ("reader", reader), ("outsider", cast.outsider), ("nobody", cast.stranger))
    }

    assert cast.api.endswith(str(cast.event.id))
    found = {name: answer.status_code for name, answer in answers.items()}
    assert found == {"door": 200, "reader": 403, "outsider": 404, "nobody": 401}
