"""Forms as people fill them in: in the wrong language first, with mistakes, twice, too late, and after a long lunch."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.async_api import Page, expect

from events.core.accounts import SESSION_LIFE
from events.core.auth import User
from events.core.ids import Role
from events.core.web import SESSION_COOKIE
from events.models import Event
from events.tables import guests
from tests.browser.house import House
from tests.browser.visitor import PHONE, Visitors
from tests.cast import event_form

pytestmark = pytest.mark.browser

PASSWORD = "long enough for anybody"
TYPED = {
    "name": "陳大文",
    "name_latin": "CHAN Tai Man, Peter",
    "organisation": "香港科技園公司",
    "job_title": "總監",
    "email": "peter.chan@example.org",
    "phone": "5555 1234",
}


@pytest.fixture(scope="module")
async def event(house: House) -> Event:
    """An event of next week."""
    return await house.event(event_form(**next_week(house)))


@pytest.fixture(scope="module")
async def organiser(house: House) -> User:
    user = await house.user(Role.ORGANISER)
    await house.password(user, PASSWORD)
    return user


async def test_what_was_typed_stays_when_the_language_is_switched_without_scripts(
    visitors: Visitors, event: Event
) -> None:
    page = await visitors.enter(size=PHONE, scripts=False)
    await page.goto(f"/e/{event.slug}/register")
    for field, words in TYPED.items():
        await page.locator(f"[name={field}]").fill(words)
    await page.get_by_role("radio", name="媒体").check()
    await page.get_by_role("checkbox").check()

    await page.get_by_role("button", name="繁體中文").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("嘉賓登記")
    assert {field: await page.locator(f"[name={field}]").input_value() for field in TYPED} == TYPED
    await expect(page.get_by_role("radio", name="傳媒")).to_be_checked()
    await expect(page.get_by_role("checkbox")).to_be_checked()


async def test_mistakes_are_named_with_a_way_to_each_field_and_nothing_is_lost(
    visitors: Visitors, event: Event
) -> None:
    page = await visitors.enter(language="zh-Hant-HK", size=PHONE, scripts=False)
    await page.goto(f"/e/{event.slug}/register")
    email = page.get_by_role("textbox", name="電郵")
    await page.get_by_label("機構").fill("香港科技園公司")
    await email.fill("peter.chan")

    await page.get_by_role("main").get_by_role("button", name="嘉賓登記").click()

    await expect(page.get_by_role("alert").get_by_role("listitem")).to_have_text(
        ["姓名: 請填寫此項。", "電郵: 電郵地址格式不正確。", "私隱聲明: 請閱讀並同意私隱聲明。"]
    )
    await page.get_by_role("alert").get_by_role("link", name="電郵").click()
    await expect(email).to_be_focused()
    await expect(email).to_have_accessible_description(re.compile("電郵地址格式不正確。$"))
    await expect(email).to_have_value("peter.chan")
    await expect(page.get_by_label("機構")).to_have_value("香港科技園公司")


async def test_whoever_comes_too_late_is_told_that_the_event_is_full(visitors: Visitors, house: House) -> None:
    event = await house.event(event_form(slug="small-table", capacity=1, **next_week(house)))
    page = await visitors.enter()
    await page.goto("/e/small-table/register")
    await house.guest(event, "王方")

    await register(page, "陈伟")
    await expect(page.get_by_role("heading", level=1)).to_have_text("名额已满。")
    await page.goto("/e/small-table/register")

    await expect(page.get_by_role("main")).to_contain_text("名额已满。")
    await expect(page.get_by_role("textbox")).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_a_double_click_registers_one_guest(
    visitors: Visitors, house: House, event: Event, scripts: bool
) -> None:
    name = "赵岚" if scripts else "孙悦"
    page = await visitors.enter(scripts=scripts)
    await page.goto(f"/e/{event.slug}/register")

    await register(page, name, clicks=2)

    await expect(page.get_by_role("heading", level=1)).to_have_text(name)
    assert await guests_named(house, event, name) == 1


async def test_a_session_that_ended_leads_to_the_sign_in_page_and_back(
    visitors: Visitors, house: House, event: Event, organiser: User
) -> None:
    page = await visitors.enter()
    ended = await house.session(organiser, age=SESSION_LIFE)
    await page.context.add_cookies([{"name": SESSION_COOKIE, "value": ended, "url": house.url}])

    await page.goto(f"/desk/{event.slug}/guests")
    await expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    await page.get_by_label("电子邮箱").fill(organiser.email)
    await page.get_by_label("密码").fill(PASSWORD)
    await page.get_by_role("main").get_by_role("button", name="登录").click()

    await expect(page).to_have_url(f"{house.url}/desk/{event.slug}/guests")
    await expect(page.get_by_role("heading", level=1)).to_have_text("嘉宾")


async def test_the_guest_list_narrows_while_somebody_types(
    visitors: Visitors, house: House, event: Event, organiser: User
) -> None:
    await house.guest(event, "欧阳晓彤", organisation="河套发展署")
    await house.guest(event, "曾志远", organisation="皇岗边检站")
    page = await visitors.enter(user=organiser)
    await page.goto(f"/desk/{event.slug}/guests")
    await expect(page.get_by_role("link", name="欧阳晓彤")).to_be_visible()

    await page.get_by_role("searchbox").press_sequentially("zeng")

    await expect(page.get_by_role("rowheader")).to_have_text(["曾志远"])
    await expect(page.get_by_role("status")).to_contain_text("找到 1 位")
    await expect(page.get_by_role("searchbox")).to_be_focused()


async def register(page: Page, name: str, *, clicks: int = 1) -> None:
    """Fills in the least that is asked for and sends it."""
    await page.get_by_label("姓名", exact=True).fill(name)
    await page.get_by_label("我已阅读并同意").check()
    await page.get_by_role("main").get_by_role("button", name="嘉宾登记").click(click_count=clicks)


async def guests_named(house: House, event: Event, name: str) -> int:
    counted = sa.select(sa.func.count()).where(guests.c.event_id == event.id, guests.c.name == name)
    return await house.database.read(lambda tx: tx.scalar(counted))


def next_week(house: House) -> dict[str, object]:
    starts_at = house.now + timedelta(days=7)
    return {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=3)}
