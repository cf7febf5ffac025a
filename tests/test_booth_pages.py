import pytest

from tests.booths import booth_phone, exhibitor, scanned, visitor
from tests.cast import Cast, on_one_engine
from tests.phones import Phone, paired

pytestmark = on_one_engine


@pytest.fixture
async def phone(cast: Cast) -> Phone:
    await exhibitor(cast)
    return await booth_phone(cast)


async def test_the_page_names_the_booth_and_holds_no_visitor(cast: Cast, phone: Phone) -> None:
    guest = await visitor(cast, "陈伟")
    await scanned(cast, phone.browser, guest.code)

    page = await phone.browser.get("/booth?lang=en")

    assert page.headers["cache-control"] == "no-store"
    assert "Zhiwei Intelligence" in page.text
    assert "Scan a visitor&#39;s code" in page.text
    assert "陈伟" not in page.text


async def test_the_page_asks_for_its_own_addresses(cast: Cast, phone: Phone) -> None:
    page = await phone.browser.get("/booth")

    assert f'"leads": "{cast.api}/leads"' in page.text
    assert "manifest" not in page.text


@pytest.mark.parametrize(
    ("suffix", "kind"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
async def test_a_booth_takes_its_list_home(cast: Cast, phone: Phone, suffix: str, kind: str) -> None:
    await scanned(cast, phone.browser, (await visitor(cast)).code)

    answer = await phone.browser.get(f"/booth/leads.{suffix}", headers={"Sec-Fetch-Mode": "navigate"})

    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)


async def test_a_phone_of_the_door_has_no_booth_and_a_booths_phone_no_door(cast: Cast, phone: Phone) -> None:
    door = await paired(cast)

    assert (await door.browser.get("/booth")).status_code == 403
    assert (await phone.browser.get("/door")).status_code == 403
    assert (await phone.browser.get("/door/valley-launch")).status_code == 403


async def test_somebody_who_is_signed_in_is_at_no_booth(cast: Cast) -> None:
    assert (await cast.organiser.get("/booth")).status_code == 403
    assert (await cast.script.get("/booth")).status_code == 403
