from typing import Any
from uuid import UUID, uuid4

import httpx
import sqlalchemy as sa

from checkin.credential import credential
from checkin.devices import revoke
from events import guestlist
from events.core.auth import Scope
from events.core.tables import audit
from events.models import GuestId, TicketState
from events.store import guest_by_id
from events.tables import tickets
from tests.cast import Cast, on_one_engine
from tests.door_crew import steward
from tests.phones import Phone, paired, signed_on


def _person(name: str = "陈小满", **given: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "name": name, "at": "2026-03-02T12:00:00+08:00", **given}


async def _sent(cast: Cast, phone: Phone, *people: Any, **given: Any) -> list[dict[str, Any]]:
    answer = await phone.browser.post(f"{cast.api}/walk-ins", json={"walk_ins": list(people), **given})
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]


async def _confirmed(cast: Cast, browser: httpx.AsyncClient, guest_id: str, credential: str = "") -> httpx.Response:
    headers = {"Yingbin-Steward": credential} if credential else {}
    return await browser.post(f"{cast.api}/door/guests/{guest_id}/confirm", headers=headers)


async def _entries(cast: Cast, guest_id: str) -> dict[str, tuple[str, Any]]:
    rows = await cast.database.read(lambda tx: tx.execute(sa.select(audit)))
    return {row.action: (row.actor, row.detail) for row in rows if str(row.subject_id) == guest_id}


async def test_a_walk_in_is_taken_and_waits(cast: Cast) -> None:
    phone, person = await paired(cast), _person(organisation="河套研究院", phone="9123 4567", category="press")

    [result] = await _sent(cast, phone, person, sent_at="2026-03-02T12:00:01+08:00")

    assert (result["id"], result["status"]) == (person["id"], "pending")
    assert (result["guest"]["name"], result["guest"]["category_name"]) == ("陈小满", "Press")
    assert "refused" not in result


async def test_a_repeat_gets_the_same_answer(cast: Cast) -> None:
    phone, person = await paired(cast), _person()

    first = await _sent(cast, phone, person)

    assert await _sent(cast, phone, person) == first


async def test_each_is_checked_by_itself_and_the_good_ones_are_taken(cast: Cast) -> None:
    phone, guest = await paired(cast), await cast.guest()
    bad: list[dict[str, Any]] = [
        _person(""),
        _person("👑王"),
        _person(phone="12"),
        _person(category="astronaut"),
        _person(code=guest.code),
        _person(email="man@example.org"),
        {**_person(), "id": "mine"},
        {},
    ]

    *refused, taken = await _sent(cast, phone, *bad, _person("李敏"))

    assert [each["refused"]["code"] for each in refused] == [
        "missing",
        "emoji",
        "phone",
        "not_offered",
        "badge_not_spare",
        "unknown_field",
        "not_valid",
        "missing",
    ]
    assert [each["id"] for each in refused[-2:]] == ["mine", ""]
    assert refused[4]["refused"]["message"] == "This is not a spare badge of this event."
    assert (taken["guest"]["name"], taken["status"]) == ("李敏", "pending")


async def test_a_spare_badge_opens_the_door_once_a_lead_has_confirmed(cast: Cast) -> None:
    phone = await paired(cast)
    reserved = tickets.c.event_id == cast.event.id, tickets.c.state == TicketState.RESERVED
    last = sa.select(tickets.c.code).where(*reserved).order_by(tickets.c.serial.desc()).limit(1)
    spare = (await cast.database.read(lambda tx: tx.execute(last))).scalar_one()
    [taken] = await _sent(cast, phone, _person(code=spare))

    [waiting] = await cast.scanned(cast.scan(spare))
    await _confirmed(cast, cast.organiser, taken["id"])
    [admitted] = await cast.scanned(cast.scan(spare))

    assert (waiting["verdict"], admitted["verdict"]) == ("not_confirmed", "admitted")


@on_one_engine
async def test_more_than_two_hundred_are_refused_together(cast: Cast) -> None:
    phone = await paired(cast)
    answers = [
        await phone.browser.post(f"{cast.api}/walk-ins", json={"walk_ins": people})
        for people in ([{}] * 201, [], [{}] * 200)
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 200]
    assert {each["refused"]["code"] for each in answers[-1].json()["results"]} == {"missing"}


@on_one_engine
async def test_only_the_door_takes_walk_ins(cast: Cast) -> None:
    people = {"walk_ins": [_person()]}
    askers = (cast.steward, await cast.token(Scope.READ), cast.stranger, cast.outsider)

    answers = [await asker.post(f"{cast.api}/walk-ins", json=people) for asker in askers]

    assert [answer.status_code for answer in answers] == [200, 403, 401, 404]


async def test_who_took_somebody_in_is_on_record_with_the_clock_of_the_device(cast: Cast) -> None:
    phone = await paired(cast)
    steward = await signed_on(cast, phone, "万芸", lead=False)
    other = await signed_on(cast, await paired(cast), "史珂", lead=True)
    people = [_person(steward=steward), _person(steward=other), _person()]

    await _sent(cast, phone, *people, sent_at="2026-03-02T12:00:01+08:00")

    told = [(await _entries(cast, person["id"]))["guest.walked_in"] for person in people]
    assert [actor for actor, _ in told] == [f"device:{phone.id} (万芸)", f"device:{phone.id}", f"device:{phone.id}"]
    assert told[0][1] == {"at": "2026-03-02T12:00:00+08:00", "sent_at": "2026-03-02T12:00:01+08:00"}


async def test_who_took_somebody_in_stays_on_record_after_the_pin_was_renewed(cast: Cast) -> None:
    phone, (on, _), person = await paired(cast), await steward(cast, "万芸"), _person()
    person["steward"] = credential(cast.state["keyring"], phone.id, on)
    await cast.organiser.post(f"/desk/{cast.event.slug}/door/stewards/{on.id}/pin", data={"mark": on.mark})

    await _sent(cast, phone, person)

    actor, _ = (await _entries(cast, person["id"]))["guest.walked_in"]
    assert actor == f"device:{phone.id} (万芸)"


async def test_a_lead_on_the_device_confirms(cast: Cast) -> None:
    phone = await paired(cast)
    lead = await signed_on(cast, phone, "孟丹", lead=True)
    [taken] = await _sent(cast, phone, _person())

    answer = await _confirmed(cast, phone.browser, taken["id"], lead)
    again = await _confirmed(cast, phone.browser, taken["id"], lead)

    assert (answer.status_code, answer.json()) == (200, {**taken["guest"], "status": "confirmed"})
    assert again.json() == answer.json()
    assert (await _entries(cast, taken["id"]))["guest.confirmed"] == (f"device:{phone.id} (孟丹)", {})


async def test_nobody_but_a_lead_of_this_device_confirms(cast: Cast) -> None:
    phone, elsewhere = await paired(cast), await paired(cast)
    [taken] = await _sent(cast, phone, _person())
    steward = await signed_on(cast, phone, "万芸", lead=False)
    foreign = await signed_on(cast, elsewhere, "孟丹", lead=True)

    answers = [await _confirmed(cast, phone.browser, taken["id"], text) for text in ("", steward, foreign, "forged.x")]
    by_user = await _confirmed(cast, cast.steward, taken["id"], foreign)

    assert {(each.status_code, each.json()["code"]) for each in (*answers, by_user)} == {(403, "steward_needed")}
    guest = await cast.database.read(lambda tx: guest_by_id(tx, cast.event.id, GuestId(UUID(taken["id"]))))
    assert guest.status == "pending"


async def test_who_was_cancelled_stays_cancelled(cast: Cast) -> None:
    guest = await cast.guest()
    now = cast.clock.now()
    await cast.database.write(lambda tx: guestlist.cancel(tx, guest, reason="不来", actor="desk", now=now))

    answer = await _confirmed(cast, cast.organiser, str(guest.id))

    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


@on_one_engine
async def test_confirming_somebody_of_another_event_finds_nobody(cast: Cast) -> None:
    guest = await cast.guest()

    answers = [
        await _confirmed(cast, cast.outsider, str(guest.id)),
        await _confirmed(cast, cast.organiser, str(uuid4())),
        await _confirmed(cast, cast.organiser, "nobody"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


@on_one_engine
async def test_a_withdrawn_device_takes_nobody_in(cast: Cast) -> None:
    phone, now = await paired(cast), cast.clock.now()
    await cast.database.write(lambda tx: revoke(tx, event_id=cast.event.id, device_id=phone.id, actor="lead", now=now))

    answer = await phone.browser.post(f"{cast.api}/walk-ins", json={"walk_ins": [_person()]})

    assert (answer.status_code, answer.json()["code"]) == (401, "device_revoked")
