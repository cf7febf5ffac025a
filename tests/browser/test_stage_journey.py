"""A round is signed: a steward scans, a protocol officer replaces somebody, a stage manager presses, side by side."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from playwright.async_api import Page, expect
from python_calamine import CalamineWorkbook

from events.core.ids import Role
from events.models import Event
from tests.browser.disk import holding_guests
from tests.browser.house import House
from tests.browser.paired import paired_page
from tests.browser.scanner import answered, scan
from tests.browser.visitor import DESKTOP, PHONE, TABLET, Visitors
from tests.cast import event_form
from tests.programs import text_of
from tests.stage_scene import Scene, set_stage

pytestmark = pytest.mark.browser

SETTLED_MS = 800
"""So long after it appeared a button takes a press."""


async def test_a_substitute_signs_and_the_record_and_the_attendance_say_so(visitors: Visitors, house: House) -> None:
    times = {"starts_at": house.now, "ends_at": house.now + timedelta(hours=3)}
    event = await house.event(event_form(**times))
    scene = await set_stage(house.database, event, now=house.now)

    steward = await at_the_door(visitors, event)
    officer = await at_the_stage(visitors, house, f"/stage/{event.slug}", role=Role.PROTOCOL, size=TABLET)
    manager = await at_the_stage(visitors, house, scene.path, role=Role.ORGANISER, size=PHONE)

    await officer_sees_who_comes(officer, steward, scene)
    await officer_replaces(officer, scene)
    await scan(steward, scene.spare.code)
    await answered(steward, "请入场", "欧阳文静")
    await expect(officer.locator("[data-freshness]")).to_contain_text("实时")
    await manager_conducts(manager)

    record = text_of(await downloaded(officer, f"/api/v1/events/{event.slug}/record.pdf?lang=zh-Hans"))
    rows = rows_of(await downloaded(manager, f"/api/v1/events/{event.slug}/attendance.xlsx?lang=zh-Hans"))
    assert "欧阳文静 代 李晓明 签" in record
    assert "航班延误" in record
    assert next(row for row in rows if "李晓明" in row)[5] == "请假（由 欧阳文静 代）"


async def officer_sees_who_comes(officer: Page, steward: Page, scene: Scene) -> None:
    """The round turns ready once its people are there; one of them does not come."""
    first = officer.locator(".round").first
    await expect(first).to_contain_text("0 / 3 已到场")
    for guest in (scene.host, scene.witness):
        await scan(steward, guest.code)
        await answered(steward, "请入场", guest.name)
    await expect(first).to_contain_text("2 / 3 已到场")
    await officer.wait_for_timeout(SETTLED_MS)
    await first.get_by_role("button", name="确认就绪").click()
    await expect(first.locator(".state")).to_have_text("就绪")


async def officer_replaces(officer: Page, scene: Scene) -> None:
    await officer.get_by_role("link", name=f"替换 {scene.visitor.name}").click()
    field = officer.get_by_label("替换人")
    await field.press_sequentially("ouyang")
    offered = officer.locator("#offered option")
    await expect(offered).to_have_count(1)
    await field.fill(await offered.get_attribute("value") or "")
    await officer.get_by_label("授权人").fill("创新委员会主任")
    await officer.get_by_label("原因").fill("航班延误")
    await officer.get_by_role("button", name="替换", exact=True).click()
    await expect(officer.get_by_role("status").filter(has_text="代")).to_have_text("欧阳文静 代 李晓明 签")


async def manager_conducts(manager: Page) -> None:
    """One press a state; the page has followed what the colleague did."""
    await expect(manager.locator("main")).to_contain_text("欧阳文静 代 李晓明 签")
    for press, state in (
        ("请候场", "已候场"),
        ("请上台", "已上台"),
        ("已签署", "已签署"),
        ("已换文", "已换文"),
        ("本轮结束", "已结束"),
    ):
        button = manager.get_by_role("button", name=re.compile(f"^{press}")).first
        await button.wait_for()
        await manager.wait_for_timeout(SETTLED_MS)
        async with manager.expect_navigation():
            await button.click()
        await expect(manager.locator(".state").first).to_have_text(state)


async def at_the_door(visitors: Visitors, event: Event) -> Page:
    page = await paired_page(visitors, event)
    await page.goto(f"/door/{event.slug}")
    await holding_guests(page, event)
    return page


async def at_the_stage(
    visitors: Visitors, house: House, path: str, *, role: Role, size: tuple[int, int] = DESKTOP
) -> Page:
    page = await visitors.enter(user=await house.user(role), size=size)
    await page.goto(path)
    await expect(page.locator("[data-freshness]")).to_contain_text("实时")
    return page


async def downloaded(page: Page, path: str) -> bytes:
    answer = await page.request.get(path, timeout=60_000)
    assert answer.status == 200
    return await answer.body()


def rows_of(content: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
