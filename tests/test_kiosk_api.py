import time
from io import BytesIO
from typing import Any
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from checkin.models import Profile
from events.core.tables import audit
from tests.cast import Cast, on_one_engine
from tests.phones import Phone, paired


async def _asked(cast: Cast, browser: httpx.AsyncClient, digits: str, surname: str) -> httpx.Response:
    return await browser.post(f"{cast.api}/kiosk/find", json={"digits": digits, "surname": surname})


async def _printed(phone: Phone, guest_id: object) -> httpx.Response:
    return await phone.browser.get(f"/door/badge/{guest_id}.pdf")


async def test_a_guest_finds_themselves_and_sees_no_more_than_name_and_organisation(cast: Cast) -> None:
    kiosk = await paired(cast, Profile.KIOSK)
    guest = await cast.guest("单立民", organisation="河套发展署", phone="+86 154 0000 7554", email="shan@example.org")

    answer = await _asked(cast, kiosk.browser, "7554", "shan")

    assert answer.json() == {"guests": [{"id": str(guest.id), "name": "单立民", "organisation": "河套发展署"}]}
    assert answer.headers["cache-control"] == "no-store"


@on_one_engine
async def test_a_miss_has_the_form_and_the_time_of_a_hit(cast: Cast) -> None:
    kiosk = await paired(cast, Profile.KIOSK)
    await cast.guest("单立民", phone="+86 154 0000 7554")
    asked, spent = [("7554", "单"), ("7554", "王"), ("0000", "单")], []

    answers: list[Any] = []
    for digits, surname in asked:
        began = time.perf_counter()
        answers.append((await _asked(cast, kiosk.browser, digits, surname)).json())
        spent.append(time.perf_counter() - began)

    assert [(list(answer), len(answer["guests"])) for answer in answers] == [(["guests"], n) for n in (1, 0, 0)]
    assert min(spent) >= 0.3


@on_one_engine
async def test_only_a_kiosk_may_ask(cast: Cast) -> None:
    kiosk, scanner = await paired(cast, Profile.KIOSK), await paired(cast)
    askers = (kiosk.browser, scanner.browser, cast.organiser, cast.steward, cast.stranger, cast.outsider)

    answers = [await _asked(cast, asker, "1234", "陈") for asker in askers]

    assert [answer.status_code for answer in answers] == [200, 403, 403, 403, 401, 404]


@on_one_engine
@pytest.mark.parametrize(
    "given", [{"digits": "123"}, {"digits": "１２３４"}, {"digits": "12345"}, {"surname": " "}, {"surname": "陈" * 41}]
)
async def test_what_is_no_digits_or_no_surname_is_refused(cast: Cast, given: dict[str, str]) -> None:
    kiosk = await paired(cast, Profile.KIOSK)

    answer = await _asked(cast, kiosk.browser, **{"digits": "1234", "surname": "陈", **given})

    assert (answer.status_code, [each["field"] for each in answer.json()["fields"]]) == (422, list(given))


@on_one_engine
async def test_a_kiosk_that_guesses_is_slowed_down_and_the_next_one_is_not(cast: Cast) -> None:
    kiosk, other = await paired(cast, Profile.KIOSK), await paired(cast, Profile.KIOSK)

    tries = [(await _asked(cast, kiosk.browser, "no", "陈")).status_code for _ in range(21)]

    assert tries == [422] * 20 + [429]
    assert (await _asked(cast, other.browser, "no", "陈")).status_code == 422


async def test_the_badge_of_whoever_was_just_let_in_is_printed_and_written_down(cast: Cast) -> None:
    kiosk = await paired(cast, Profile.KIOSK)
    guest = await cast.guest("Siobhan Byrne", organisation="Liffey")
    before = await _printed(kiosk, guest.id)
    await cast.scanned(cast.scan(guest_id=str(guest.id)), by=kiosk.browser)

    answer = await _printed(kiosk, guest.id)

    text = PdfReader(BytesIO(answer.content)).pages[0].extract_text()
    noted = sa.select(audit.c.actor, audit.c.subject_id).where(audit.c.action == "badge.printed")
    entries = [tuple(row) for row in await cast.database.read(lambda tx: tx.execute(noted))]
    assert (before.status_code, answer.status_code) == (404, 200)
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("application/pdf", "no-store")
    assert "Siobhan Byrne" in text.replace("\n", " ")
    assert entries == [(f"device:{kiosk.id}", guest.id)]


@on_one_engine
async def test_another_device_prints_it_neither_then_nor_later(cast: Cast) -> None:
    kiosk, other, guest = await paired(cast, Profile.KIOSK), await paired(cast), await cast.guest()
    await cast.scanned(cast.scan(guest.code), by=kiosk.browser)

    early = [(await _printed(phone, guest.id)).status_code for phone in (kiosk, other)]
    cast.clock.forward(minutes=11)

    assert (early, (await _printed(kiosk, guest.id)).status_code) == ([200, 404], 404)


@on_one_engine
async def test_a_steward_who_is_signed_in_prints_for_whom_they_let_in_when_they_name_the_event(cast: Cast) -> None:
    guest = await cast.guest()
    await cast.scanned(cast.scan(guest.code))
    address = f"/door/badge/{guest.id}.pdf"

    named = {"event": cast.event.slug}
    answers = [await asker.get(address, params=named) for asker in (cast.steward, cast.organiser, cast.protocol)]
    without = await cast.steward.get(address)

    assert [answer.status_code for answer in answers] == [200, 404, 403]
    assert without.status_code == 404


@on_one_engine
async def test_a_badge_of_nobody_is_not_found(cast: Cast) -> None:
    kiosk = await paired(cast, Profile.KIOSK)

    assert (await _printed(kiosk, uuid4())).status_code == 404
