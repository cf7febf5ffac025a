"""The one thing that has to work: somebody registers, is scanned in, and stands in the record of the day."""

from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from events.core.i18n import Language
from events.core.ids import Role
from tests.browser.camera import Camera
from tests.browser.house import House
from tests.browser.scanner import answered
from tests.browser.visitor import PHONE, Visitors, sign_in
from tests.programs import codes_on, lines_of, pictures_of

pytestmark = pytest.mark.browser

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
PRINTER_DPI = 203


async def test_a_guest_who_registers_on_a_phone_is_scanned_in_from_paper_and_stands_in_the_record(
    house: House, visitors: Visitors, camera: Camera
) -> None:
    organiser = await visitors.enter(language="en")
    await sign_in(organiser, await house.link(await house.user(Role.ORGANISER, language=Language.EN)), to="/desk")
    await make_event(organiser, today=house.now.astimezone(HONG_KONG))

    guest = await visitors.enter(size=PHONE)
    await register(guest, "欧阳晓彤")
    badge = await guest.request.get(await guest.get_by_role("link", name="胸牌（PDF）").get_attribute("href"))

    camera.hold_up(*pictures_of(await badge.body(), dpi=PRINTER_DPI))
    shown_at = house.now.astimezone(HONG_KONG)
    steward = await visitors.enter(language="zh-Hant-HK", size=PHONE)
    await sign_in(steward, await house.link(await house.user(Role.STEWARD)), to="/door")
    await expect(steward.get_by_text("已連線")).to_be_visible()
    await steward.context.grant_permissions(["camera"])
    await steward.get_by_role("button", name="開啟鏡頭").click()
    await answered(steward, "請入場", "欧阳晓彤")
    admitted_at = house.now.astimezone(HONG_KONG)

    async with organiser.expect_download() as download:
        await organiser.get_by_role("link", name="Attendance record (PDF)").click()
    record = Path(await (await download.value).path()).read_bytes()
    lines = [line for line in lines_of(record, layout=True) if "欧阳晓彤" in line]
    assert lines in [[f"1 欧阳晓彤 河套发展署 Guest {moment:%H:%M}"] for moment in (shown_at, admitted_at)]


async def make_event(page: Page, *, today: datetime) -> None:
    """Fills in the event form, and stays on the page of the new event."""
    await page.get_by_role("link", name="New event").click()
    await page.get_by_role("group", name="Event title").get_by_label("简体中文").fill("科创谷启动仪式")
    await page.get_by_role("group", name="Event title").get_by_label("English").fill("Launch of the Valley")
    await page.get_by_label("Begins").fill((today - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"))
    await page.get_by_label("Ends").fill((today + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M"))
    await page.get_by_label("Time zone").fill(HONG_KONG.key)
    await page.get_by_label("Places").fill("200")
    await page.get_by_label("Short name").fill("valley-launch")
    await page.get_by_role("button", name="Make the event").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Launch of the Valley")


async def register(page: Page, name: str) -> None:
    """From the event's page to one's own pass, without an e-mail address."""
    await page.goto("/e/valley-launch")
    await page.get_by_role("link", name="嘉宾登记").click()
    await page.get_by_label("姓名", exact=True).fill(name)
    await page.get_by_label("单位").fill("河套发展署")
    await page.get_by_label("我已阅读并同意").check()
    await page.get_by_role("main").get_by_role("button", name="嘉宾登记").click()
    picture = page.get_by_role("img", name=f"{name}的二维码")
    await expect(picture).to_be_in_viewport(ratio=1)
    shown = Image.open(BytesIO(await picture.screenshot()))
    assert codes_on(shown) == [page.url.rpartition("/")[2]]
