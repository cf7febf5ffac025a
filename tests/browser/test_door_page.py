"""The door in the hands of a steward with a hand-held scanner, and with a server that goes away."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from playwright.async_api import Page, expect

from checkin.tables import scans
from events.core.auth import User
from events.core.ids import Role
from events.models import Event
from tests.browser.disk import holding_guests
from tests.browser.house import House
from tests.browser.scanner import answered, scan, verdict
from tests.browser.visitor import TABLET, Visitors
from tests.cast import event_form, eventually

pytestmark = pytest.mark.browser

PASSWORD = "long enough for anybody"
UNKNOWN = "Y1ABCDE00000000000000000000X"


@pytest.fixture(scope="module")
async def event(house: House) -> Event:
    """An event that has begun."""
    return await house.event(event_form(starts_at=house.now, ends_at=house.now + timedelta(hours=3)))


@pytest.fixture(scope="module")
async def steward(house: House) -> User:
    return await house.user(Role.STEWARD)


@pytest.fixture
async def door(visitors: Visitors, event: Event, steward: User) -> Page:
    """The steward's door, which has heard from the server."""
    return await opened_door(visitors, event, steward)


async def test_a_scanner_admits_a_guest_while_somebody_types_a_name(door: Page, house: House, event: Event) -> None:
    guest = await house.guest(event, "王方")
    field = door.get_by_label("查找嘉宾或输入编号").first
    await field.fill("王")

    await scan(door, guest.code)

    await answered(door, "请入场", "王方")
    await expect(field).to_have_value("王")


async def test_a_scanner_admits_a_guest_under_a_chinese_input_method(door: Page, house: House, event: Event) -> None:
    guest = await house.guest(event, "李楠")

    await scan(door, guest.code, input_method=True)

    await answered(door, "请入场", "李楠")


async def test_green_goes_on_by_itself_and_the_counter_has_risen(door: Page, house: House, event: Event) -> None:
    guest = await house.guest(event, "周宁")
    inside = int(await door.locator("[data-part=inside]").text_content())

    await scan(door, guest.code)

    await answered(door, "请入场", "周宁")
    await expect(verdict(door, "请入场")).to_be_hidden()
    await expect(door.locator("[data-part=inside]")).to_have_text(str(inside + 1))
    await expect(door.get_by_role("listitem").filter(has_text="周宁")).to_contain_text("请入场")


async def test_a_second_scan_is_amber_with_the_time_of_the_first(
    door: Page, visitors: Visitors, house: House, event: Event, steward: User
) -> None:
    guest = await house.guest(event, "刘阳")
    await scan(door, guest.code)
    await answered(door, "请入场", "刘阳")
    moment = house.now.astimezone(ZoneInfo(event.timezone))

    other_door = await opened_door(visitors, event, steward)
    await scan(other_door, guest.code)

    amber = verdict(other_door, "已入场")
    await expect(amber).to_contain_text("刘阳")
    first = await amber.get_by_role("listitem").text_content()
    assert first.split(" · ")[0] in {f"首次入场 {each:%H:%M}" for each in (moment, moment - timedelta(seconds=20))}
    await expect(amber.get_by_role("button")).to_have_text(["同一人，准予入场", "不是同一人"])


@pytest.mark.parametrize("name", ["令狐远征", "Maria da Conceição Rodrigues do Nascimento Sá"])
async def test_a_verdict_fits_the_smallest_phone_with_its_name_large_and_its_buttons_in_view(
    door: Page, visitors: Visitors, house: House, event: Event, steward: User, name: str
) -> None:
    guest = await house.guest(event, name, organisation="Rheinfels-Institut für Mikrosystemtechnik GmbH")
    await scan(door, guest.code)
    await answered(door, "请入场", name)

    phone = await opened_door(visitors, event, steward)
    await phone.set_viewport_size({"width": 360, "height": 640})
    await scan(phone, guest.code)

    amber = verdict(phone, "已入场")
    await expect(amber).to_be_visible()
    for button in await amber.get_by_role("button").all():
        await expect(button).to_be_in_viewport(ratio=1)
    drawn = await amber.locator("[data-part=verdict-name]").bounding_box()
    assert drawn["height"] >= 640 // 6
    assert await phone.evaluate("document.scrollingElement.scrollWidth") == 360


async def test_an_unknown_code_is_red_and_does_not_stop_the_next_scan(door: Page, house: House, event: Event) -> None:
    guest = await house.guest(event, "赵岚")

    await scan(door, UNKNOWN)
    await expect(verdict(door, "无法识别")).to_contain_text("请引导至服务台")
    await scan(door, guest.code)

    await answered(door, "请入场", "赵岚")


async def test_a_scan_that_is_taken_back_lets_the_guest_in_again(door: Page, house: House, event: Event) -> None:
    guest = await house.guest(event, "孙悦")
    await scan(door, guest.code)

    await door.get_by_role("button", name="撤销", exact=True).click()
    await door.get_by_role("button", name="再按一次撤销").click()
    await expect(door.get_by_role("listitem").filter(has_text="孙悦")).to_contain_text("已撤销")
    await scan(door, guest.code)

    await answered(door, "请入场", "孙悦")


@pytest.mark.parametrize(
    ("typed", "name", "phone"),
    [
        ("陈", "陈伟", ""),
        ("shan yu", "单雨桐", ""),
        ("hzw", "何卓文", ""),
        ("4321", "黄丽", "+852 5555 4321"),
    ],
)
async def test_a_guest_without_a_badge_is_found_as_people_say_it_and_enter_admits(
    door: Page, house: House, event: Event, typed: str, name: str, phone: str
) -> None:
    await house.guest(event, name, phone=phone)

    await door.get_by_role("combobox", name="查找嘉宾或输入编号").press_sequentially(typed, delay=60)
    await expect(door.get_by_role("option")).to_contain_text([name])
    await door.keyboard.press("Enter")

    await answered(door, "请入场", name)


async def test_without_a_server_the_door_decides_says_so_and_is_recorded_once_it_is_back(
    visitors: Visitors, house: House, event: Event, steward: User
) -> None:
    guest = await house.guest(event, "吴桐")
    door = await opened_door(visitors, event, steward)
    await holding_guests(door, event)
    await house.cut_power()

    await scan(door, guest.code)
    await expect(verdict(door, "请入场")).to_contain_text("本机判定，尚未上传")
    await expect(door.locator("[data-part=connection]")).to_have_text("离线 · 1 条待上传")
    await house.start()

    await expect(door.locator("[data-part=connection]")).to_have_text("已连接", timeout=30_000)
    await recorded(house, event, guest.id, ["admitted"])


async def test_who_was_let_in_is_still_in_after_a_power_cut(
    door: Page, visitors: Visitors, house: House, event: Event, steward: User
) -> None:
    guest = await house.guest(event, "郑远")
    await scan(door, guest.code)
    await answered(door, "请入场", "郑远")

    await house.cut_power()
    await house.start()
    other_door = await opened_door(visitors, event, steward)
    await scan(other_door, guest.code)

    await expect(verdict(other_door, "已入场")).to_contain_text("郑远")


async def test_a_scan_made_after_the_session_ended_is_recorded_once_the_steward_signs_in_again(
    visitors: Visitors, house: House, event: Event
) -> None:
    lead = await house.user(Role.ORGANISER)
    await house.password(lead, PASSWORD)
    guest = await house.guest(event, "钱进")
    door = await opened_door(visitors, event, lead)
    await holding_guests(door, event)
    await door.context.clear_cookies()

    await scan(door, guest.code)
    await answered(door, "请入场", "钱进")
    await expect(door.locator("[data-part=signed-out]")).to_contain_text("登录已过期，扫描仍保留在本机。")
    await door.get_by_role("link", name="重新登录").click()
    await door.get_by_label("电子邮箱").fill(lead.email)
    await door.get_by_label("密码").fill(PASSWORD)
    await door.get_by_role("main").get_by_role("button", name="登录").click()

    await expect(door.locator("[data-part=connection]")).to_have_text("已连接")
    await recorded(house, event, guest.id, ["admitted"])


async def opened_door(visitors: Visitors, event: Event, user: User) -> Page:
    page = await visitors.enter(user=user, size=TABLET)
    await page.goto(f"/door/{event.slug}")
    await expect(page.locator("[data-part=connection]")).to_have_text("已连接")
    return page


async def recorded(house: House, event: Event, guest_id: object, verdicts: list[str]) -> None:
    """Waits until these verdicts are on record for a guest."""

    async def are() -> bool:
        return await scans_of(house, event, guest_id) == verdicts

    await eventually(are)


async def scans_of(house: House, event: Event, guest_id: object) -> list[str]:
    """The verdicts on record for a guest."""
    chosen = scans.c.event_id == event.id, scans.c.guest_id == guest_id
    rows = await house.database.read(lambda tx: tx.execute(sa.select(scans.c.verdict).where(*chosen)))
    return [row.verdict for row in rows]
