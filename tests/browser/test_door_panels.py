"""What stands over the idle door: signing on, the lock, parties, walk-ins, the self-test, the rehearsal."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.async_api import Locator, Page, expect

from checkin.tables import scans
from events.models import Event
from tests.browser.axe import violations
from tests.browser.disk import holding_guests
from tests.browser.house import House
from tests.browser.paired import paired_page, pin_of
from tests.browser.scanner import answered, scan
from tests.browser.visitor import PHONE, Visitors
from tests.cast import event_form

pytestmark = pytest.mark.browser

SETTLED_MS = 450
"""A tap that comes sooner was meant for what stood there before."""


@pytest.fixture(scope="module")
async def event(house: House) -> Event:
    """An event that has begun."""
    return await house.event(event_form(starts_at=house.now, ends_at=house.now + timedelta(hours=3)))


@pytest.fixture
async def door(visitors: Visitors, event: Event) -> Page:
    """A paired phone on which nobody is signed on."""
    page = await paired_page(visitors, event, size=PHONE)
    await opened(page, f"/door/{event.slug}")
    return page


async def test_a_steward_signs_on_with_six_digits_and_off_again(door: Page, house: House, event: Event) -> None:
    pin = await pin_of(house, event, "陈小满")
    await expect(part(door, "warnings")).to_contain_text("尚未登录值守人员")

    await sign_on(door, "000000" if pin != "000000" else "111111")
    await expect(door.get_by_role("alert").filter(has_text="PIN 不正确")).to_be_visible()
    assert await violations(door) == []
    await type_pin(door, "sign-on", pin)
    await expect(part(door, "sign-on")).to_be_hidden()

    await expect(part(door, "duty-name")).to_have_text("陈小满")
    await expect(part(door, "duty-lead")).to_be_hidden()
    await expect(part(door, "warnings")).to_be_hidden()
    await twice(door, "交班", "再按一次交班")
    await expect(part(door, "duty-name")).to_have_text("无人登录")


async def test_a_scan_names_the_steward_who_is_signed_on(door: Page, house: House, event: Event) -> None:
    guest = await house.guest(event, "赵岚")
    await sign_on(door, await pin_of(house, event, "林一苇"))
    await expect(part(door, "duty-name")).to_have_text("林一苇")

    await scan(door, guest.code)
    await answered(door, "请入场", "赵岚")

    chosen = sa.select(scans.c.actor_name).where(scans.c.event_id == event.id, scans.c.guest_id == guest.id)
    assert (await house.database.read(lambda tx: tx.execute(chosen))).scalar_one() == "林一苇"


async def test_a_locked_station_shows_nothing_and_scans_nothing_until_its_pin(
    door: Page, house: House, event: Event
) -> None:
    guest, pin = await house.guest(event, "孙悦"), await pin_of(house, event, "方静")
    await sign_on(door, pin)
    await door.get_by_role("button", name="锁定", exact=True).click()

    await scan(door, guest.code)
    assert await violations(door) == []
    await expect(part(door, "lock")).to_contain_text("已锁定")
    await expect(part(door, "verdict")).to_be_hidden()
    await type_pin(door, "lock", pin)
    await expect(part(door, "lock")).to_be_hidden()
    await scan(door, guest.code)

    await answered(door, "请入场", "孙悦")


async def test_a_locked_station_is_still_locked_after_a_reload(door: Page, house: House, event: Event) -> None:
    await sign_on(door, await pin_of(house, event, "何田"))
    await door.get_by_role("button", name="锁定", exact=True).click()
    await expect(part(door, "lock")).to_be_visible()

    await door.reload()

    await expect(part(door, "connection")).to_have_text("已连接")
    await expect(part(door, "lock")).to_be_visible()
    await expect(part(door, "station")).to_have_js_property("inert", True)


async def test_a_party_is_let_in_together_from_the_leaders_code(visitors: Visitors, house: House, event: Event) -> None:
    leader = await house.guest(event, "李国栋", category="vip")
    names = ["周一", "吴二", "郑三"]
    for name in names:
        await house.guest(event, name, leader_id=leader.id)
    door = await paired_page(visitors, event)
    await opened(door, f"/door/{event.slug}")
    await holding_guests(door, event)

    await scan(door, leader.code)
    await answered(door, "贵宾", "李国栋")
    await door.wait_for_timeout(SETTLED_MS)
    await door.locator("[data-part=verdict-party]").click()

    panel = part(door, "party")
    await expect(panel).to_contain_text("李国栋 一行")
    await expect(panel.get_by_role("checkbox")).to_have_count(5)
    await expect(panel.get_by_role("checkbox", name="李国栋")).to_be_disabled()
    assert await violations(door) == []
    await panel.locator("label").filter(has_text="吴二").click()
    await panel.get_by_role("button", name="放行 2 位").click()

    await answered(door, "请入场", "郑三")
    await expect(part(door, "recent").get_by_role("listitem").filter(has_text="周一")).to_contain_text("请入场")


async def test_companions_who_join_while_their_leader_is_on_the_screen_are_offered_at_once(
    visitors: Visitors, house: House, event: Event
) -> None:
    leader = await house.guest(event, "叶知秋", category="vip")
    door = await paired_page(visitors, event)
    await opened(door, f"/door/{event.slug}")
    await holding_guests(door, event)
    await scan(door, leader.code)
    await answered(door, "贵宾", "叶知秋")
    await expect(part(door, "verdict-party")).to_be_hidden()

    await house.guest(event, "施然", leader_id=leader.id)
    await door.evaluate("() => dispatchEvent(new Event('online'))")

    await expect(part(door, "verdict-party")).to_be_visible()
    await part(door, "verdict-party").click()
    await expect(part(door, "party").get_by_role("checkbox", name="施然")).to_be_checked()
    await part(door, "party").get_by_role("button", name="关闭").click()
    row = part(door, "recent").get_by_role("listitem").filter(has_text="叶知秋")
    await expect(row.get_by_role("button", name="随行名单")).to_be_visible()


async def test_a_walk_in_waits_for_the_lead_who_confirms_and_lets_in(door: Page, house: House, event: Event) -> None:
    await sign_on(door, await pin_of(house, event, "高远", lead=True))
    await expect(part(door, "duty-lead")).to_be_visible()
    await door.get_by_role("button", name="现场登记").click()
    await door.get_by_role("button", name="登记", exact=True).click()
    await expect(part(door, "walk-in-error")).to_have_text("请填写姓名")
    assert await violations(door) == []

    await door.get_by_label("姓名", exact=True).fill("褚遂")
    await door.get_by_label("单位").fill("河套发展署")
    await door.get_by_label("手机").fill("+852 5555 0000")
    await door.get_by_role("button", name="登记", exact=True).click()
    await expect(part(door, "walk-in-done-do")).to_have_text("请现场负责人确认后入场")
    await part(door, "walk-in").get_by_role("button", name="确认并放行").click()

    await answered(door, "请入场", "褚遂")


async def test_what_is_scanned_into_a_walk_in_is_the_reserve_badge_and_no_scan(door: Page) -> None:
    await door.get_by_role("button", name="现场登记").click()

    await scan(door, "HELLO-WORLD")
    await expect(part(door, "walk-in-error")).to_have_text("这不是胸牌上的二维码")
    await scan(door, "Y1H7K2MD0K5GFWVSMMT919J8J2FG")

    await expect(part(door, "walk-in-code")).to_have_text("Y1 H7K2M D0K5G FWVSM MT919 J8J2F G")
    await expect(part(door, "walk-in-error")).to_be_hidden()
    await expect(part(door, "verdict")).to_be_hidden()


async def test_the_self_test_hears_a_scanner_and_says_what_is_missing(
    visitors: Visitors, house: House, event: Event
) -> None:
    door = await paired_page(visitors, event)
    await opened(door, f"/door/{event.slug}/self-test")
    result = part(door, "self-test-result")
    await expect(result).to_contain_text("还不能开门：摄像头或扫码枪、声音")
    assert await violations(door) == []

    await scan(door, "YINGBIN-TEST", input_method=True)
    await expect(part(door, "check-code")).to_contain_text("扫码枪已读出")
    await expect(part(door, "check-method")).to_contain_text("输入法已开启，不影响扫码")
    await part(door, "check-sound-do").click()
    await part(door, "check-sound-yes").click()

    await expect(result).to_have_text("可以开门")
    recorded = sa.select(sa.func.count()).select_from(scans).where(scans.c.raw == "YINGBIN-TEST")
    assert (await house.database.read(lambda tx: tx.execute(recorded))).scalar_one() == 0


async def test_a_rehearsal_is_begun_with_two_taps_seen_by_everybody_and_counts_for_nothing(
    visitors: Visitors, house: House, event: Event
) -> None:
    door = await paired_page(visitors, event)
    await opened(door, f"/door/{event.slug}")
    guest = await house.guest(event, "冯程")
    inside = await part(door, "inside").text_content()
    await door.get_by_role("button", name="开门自检").click()
    await twice(door, "开始演练", "再按一次开始演练")
    await part(door, "self-test").get_by_role("button", name="关闭").click()

    await expect(part(door, "rehearsal")).to_contain_text("演练中，扫描不计入正式记录")
    await expect(part(door, "rehearsal")).to_be_in_viewport()
    assert await violations(door) == []
    await scan(door, guest.code)
    await answered(door, "请入场", "演练")
    await expect(part(door, "inside")).to_have_text(inside)
    await twice(door, "结束演练", "再按一次结束")
    await scan(door, guest.code)

    await answered(door, "请入场", "冯程")
    await expect(part(door, "rehearsal")).to_be_hidden()


async def test_a_second_tab_does_not_scan_until_it_takes_over(door: Page, event: Event) -> None:
    other = await door.context.new_page()
    await other.goto(f"/door/{event.slug}")
    await expect(part(other, "blocked")).to_contain_text("另一页面正在扫码")
    assert await violations(other) == []

    await other.get_by_role("button", name="在此接管").click()

    await expect(part(other, "blocked")).to_be_hidden()
    await expect(part(door, "blocked")).to_be_visible()


async def test_a_pasted_code_is_a_scan_and_one_that_is_typed_into_the_search_too(
    door: Page, house: House, event: Event
) -> None:
    pasted, typed = await house.guest(event, "卫青"), await house.guest(event, "蒋南")

    await door.evaluate(_PASTE, pasted.code)
    await answered(door, "请入场", "卫青")
    await door.get_by_label("查找嘉宾或输入编号").first.fill(f"code {typed.code}")

    await answered(door, "请入场", "蒋南")


def part(page: Page, name: str) -> Locator:
    return page.locator(f"[data-part={name}]")


async def opened(page: Page, address: str) -> None:
    await page.goto(address)
    await expect(part(page, "connection")).to_contain_text("已连接")


async def sign_on(page: Page, pin: str) -> None:
    await page.get_by_role("button", name="值守登录").click()
    await type_pin(page, "sign-on", pin)


async def type_pin(page: Page, panel: str, pin: str) -> None:
    """On the keys of the pad, as a finger does."""
    for digit in pin:
        await part(page, panel).get_by_role("button", name=digit, exact=True).click()


async def twice(page: Page, label: str, question: str) -> None:
    await page.get_by_role("button", name=label, exact=True).click()
    await page.get_by_role("button", name=question, exact=True).click()


_PASTE = """
(text) => {
  const clipboardData = new DataTransfer()
  clipboardData.setData('text/plain', text)
  document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }))
}
"""


async def test_nothing_moves_when_the_first_tap_has_turned_on_the_sound(door: Page) -> None:
    await door.set_viewport_size({"width": 360, "height": 640})
    button, hint = part(door, "walk-in-open"), part(door, "sound")
    await expect(hint).to_be_visible()
    before = await button.bounding_box()

    await door.locator("h1").click()
    await expect(hint).to_be_hidden()

    assert await button.bounding_box() == before
