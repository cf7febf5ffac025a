"""A lead pairs a phone and watches it: two real browsers, the desk's and the phone's."""

import re

import pytest
from playwright.async_api import Page, expect

from events.core.auth import User
from events.core.ids import Role
from events.models import Event
from tests.browser.house import House
from tests.browser.visitor import PHONE, Visitors
from tests.cast import event_form

pytestmark = pytest.mark.browser
DESK = "/desk/valley-launch/door/devices"


@pytest.fixture(scope="module")
async def event(house: House) -> Event:
    return await house.event(event_form(starts_at=house.now, ends_at=house.now.replace(year=house.now.year + 1)))


@pytest.fixture(scope="module")
async def lead(house: House) -> User:
    return await house.user(Role.ORGANISER)


async def start_pairing(desk: Page) -> str:
    """Opens a code at the desk; the path that is on it."""
    await desk.goto(DESK)
    pair = desk.locator("#pair")
    if await pair.get_attribute("open") is None:
        await pair.locator("summary").click()
    await pair.get_by_role("button").click()
    address = await desk.locator(".pairing-code .code").inner_text()
    return "/door/pair/" + address.rpartition("/")[2]


@pytest.mark.usefixtures("event")
async def test_the_desk_sees_by_itself_that_the_phone_was_paired_and_how_it_is(visitors: Visitors, lead: User) -> None:
    desk, phone = await visitors.enter(user=lead, language="en"), await visitors.enter(size=PHONE)
    path = await start_pairing(desk)
    await expect(desk.get_by_role("status").filter(has_text="Waiting for the phone")).to_be_visible()

    await phone.goto(path)
    await phone.locator("main button").click()
    await expect(desk.get_by_role("heading", name="The phone is paired")).to_be_visible()
    await desk.locator("#to-device").click()

    await expect(phone).to_have_url(re.compile("/door/valley-launch"))
    await expect(desk.locator(".devices tbody tr")).to_have_count(1)
    await expect(desk.locator(".devices .state")).to_contain_text("Healthy")


@pytest.mark.usefixtures("event")
async def test_without_scripts_a_phone_is_paired_all_the_same(visitors: Visitors, lead: User) -> None:
    desk = await visitors.enter(user=lead, language="en", scripts=False)
    phone = await visitors.enter(size=PHONE, scripts=False)
    path = await start_pairing(desk)

    await phone.goto(path)
    await phone.locator("main button").click()
    await desk.reload()

    await expect(desk.get_by_role("heading", name="The phone is paired")).to_be_visible()


@pytest.mark.usefixtures("event")
async def test_the_desk_says_when_the_server_does_not_answer(visitors: Visitors, lead: User) -> None:
    desk = await visitors.enter(user=lead, language="en")
    await start_pairing(desk)
    lost = desk.locator("[data-live-lost]")
    await expect(lost).to_be_hidden()

    await desk.route("**/devices/pair/**", lambda route: route.abort())
    await expect(lost).to_be_visible()
    await desk.unroute("**/devices/pair/**")

    await expect(lost).to_be_hidden()
