"""The live board on two screens at once, with a server that goes away, and at every size that it is made for."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa
from playwright.async_api import Locator, Page, expect

from checkin.device_tables import devices
from checkin.gates import usable_gates
from checkin.models import Profile
from events.core import accounts
from events.core.auth import Scope, User
from events.core.i18n import Language
from events.core.ids import Role, new_id
from events.models import Event, Guest
from tests.browser.house import House
from tests.browser.visitor import DESKTOP, TABLET, Visitors
from tests.cast import event_form

pytestmark = pytest.mark.browser

SOON_MS = 1_000
WALL, BIG_WALL, SMALL_PHONE = (1920, 1080), (3840, 2160), (360, 740)
FAULTS = Path(__file__).with_name("inspection.js").read_text()


@pytest.fixture(scope="module")
async def event(house: House) -> Event:
    """An event that has begun."""
    return await house.event(event_form(starts_at=house.now, ends_at=house.now + timedelta(hours=3)))


@pytest.fixture(scope="module")
async def organiser(house: House) -> User:
    return await house.user(Role.ORGANISER)


@pytest.fixture
async def board(visitors: Visitors, event: Event, organiser: User) -> Page:
    return await opened_board(visitors, event, organiser)


async def opened_board(visitors: Visitors, event: Event, user: User, *, size: tuple[int, int] = WALL) -> Page:
    page = await visitors.enter(user=user, size=size)
    await page.goto(f"/board/{event.slug}")
    await expect(freshness(page)).to_contain_text("实时")
    return page


def freshness(page: Page) -> Locator:
    return page.locator("[data-freshness]")


def inside(page: Page) -> Locator:
    return page.locator("[data-part=figures] .chief dd")


async def scan(house: House, event: Event, guest: Guest) -> dict[str, Any]:
    """A scan at the main entrance, by a script."""
    token = await house.database.write(
        lambda tx: accounts.create_token(
            tx, house.keyring, event_id=event.id, scope=Scope.DOOR, name="scanner", now=house.now
        )
    )
    gates = await house.database.write(lambda tx: usable_gates(tx, event.id, actor="cast", now=house.now))
    made = {"id": str(uuid4()), "code": guest.code, "gate": str(gates[0].id), "scanned_at": house.now.isoformat()}
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=house.url, headers=headers) as script:
        answer = await script.post(f"/api/v1/events/{event.slug}/scans", json={"scans": [made]})
    [result] = answer.json()["results"]
    assert result["admits"], result
    return made


async def test_a_scan_shows_on_every_screen_within_a_second(
    board: Page, visitors: Visitors, house: House, event: Event
) -> None:
    protocol = await house.user(Role.PROTOCOL)
    other = await opened_board(visitors, event, protocol, size=TABLET)
    guest = await house.guest(event, "李晓明", name_latin="LI Xiaoming", category="vip")
    before = int(await inside(board).text_content())

    await scan(house, event, guest)

    for screen in (board, other):
        await expect(inside(screen)).to_have_text(str(before + 1), timeout=SOON_MS)
        await expect(screen.locator(".honour").first).to_contain_text("李晓明", timeout=SOON_MS)
        await expect(screen.locator(".honour").first).to_contain_text("已到场")


async def test_a_board_says_when_it_is_cut_off_and_comes_back_by_itself(
    board: Page, house: House, event: Event
) -> None:
    guest = await house.guest(event, "陈志豪", category="vip")
    await house.cut_power()

    await expect(freshness(board)).to_contain_text(re.compile(r"连接中断，正在重连 · \d+ 秒前更新"))
    await expect(board.locator("[data-announce]")).to_contain_text("连接中断")
    await house.start()
    await expect(freshness(board)).to_contain_text("实时")
    await scan(house, event, guest)

    await expect(board.locator(".honour").first).to_contain_text("陈志豪", timeout=SOON_MS)


async def test_a_board_that_was_signed_out_says_so_and_asks_for_signing_in(
    board: Page, house: House, event: Event
) -> None:
    await board.context.clear_cookies()
    await house.cut_power()
    await house.start()

    await expect(freshness(board)).to_contain_text("登录已过期")
    await board.get_by_role("link", name="重新登录").click()

    await expect(board).to_have_url(re.compile(r"/desk/sign-in\?next="))


async def test_the_desks_page_of_arrivals_follows_too(
    visitors: Visitors, house: House, event: Event, organiser: User
) -> None:
    page = await visitors.enter(user=organiser)
    await page.goto(f"/desk/{event.slug}/door/alerts")
    await expect(freshness(page)).to_contain_text("实时")
    leader = await house.guest(event, "王思远", category="vip")
    companion = await house.guest(event, "王方", leader_id=str(leader.id))

    await scan(house, event, companion)

    first = page.locator(".arrival").first
    await expect(first).to_contain_text("王思远", timeout=SOON_MS)
    await expect(first).to_contain_text("随员已到，主宾将至")


async def test_the_desks_page_asks_before_it_removes_a_webhook(
    visitors: Visitors, event: Event, organiser: User
) -> None:
    page = await visitors.enter(user=organiser)
    await page.goto(f"/desk/{event.slug}/door/alerts")
    await page.get_by_label("类型").select_option("feishu")
    await page.get_by_label("机器人地址").fill("https://open.feishu.cn/open-apis/bot/v2/hook/1234-abcd")
    await page.get_by_role("button", name="添加").click()
    listed = page.get_by_role("listitem").filter(has_text="https://open.feishu.cn/…abcd")
    await expect(listed).to_be_visible()

    page.once("dialog", lambda dialog: dialog.dismiss())
    await listed.get_by_role("button", name="移除").click()
    await expect(listed).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    await listed.get_by_role("button", name="移除").click()

    await expect(page.get_by_text("Webhook 已移除，密钥已清除。")).to_be_visible()
    await expect(listed).to_have_count(0)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("size", [SMALL_PHONE, TABLET, DESKTOP, WALL, BIG_WALL])
async def test_the_board_fits_its_screen_and_has_no_faults(
    visitors: Visitors, house: House, event: Event, organiser: User, size: tuple[int, int], language: Language
) -> None:
    await furnish(house, event)
    page = await visitors.enter(user=organiser, language=language.value, size=size)
    await page.goto(f"/board/{event.slug}?lang={language.value}")
    await expect(page.locator(".freshness[data-state=live]")).to_be_visible()

    assert await page.evaluate(FAULTS) == []
    if size[0] >= DESKTOP[0]:
        assert await page.evaluate("document.scrollingElement.scrollHeight <= innerHeight")


async def test_the_names_on_a_wall_are_large_enough_for_five_metres(board: Page, house: House, event: Event) -> None:
    """On a 55-inch screen 27 of 1,080 lines are 17 mm high, which is read from five metres (one in 300)."""
    await furnish(house, event)

    sizes = await board.evaluate(
        "[...document.querySelectorAll('.honour-name, .board-figures dd, .board-table .chief')]"
        ".map((element) => parseFloat(getComputedStyle(element).fontSize))"
    )

    assert len(sizes) > 5
    assert min(sizes) >= 27


async def furnish(house: House, event: Event) -> None:
    """A guest of honour with long words, and a phone that is silent."""
    words = {"organisation": "粤港澳大湾区国际人工智能产业发展研究中心（筹）", "job_title": "秘书长兼首席科学家"}
    guest = await house.guest(event, "欧阳文静", name_latin="OUYANG Wenjing", category="vip", **words)
    await scan(house, event, guest)
    [gate, *_] = await house.database.write(lambda tx: usable_gates(tx, event.id, actor="cast", now=house.now))
    silent = house.now - timedelta(minutes=5)
    row = {"event_id": event.id, "device_id": new_id(), "name": "North 1", "gate_id": gate.id, "seen_at": silent}
    kind = {"profile": Profile.SCANNER, "language": Language.EN, "paired_at": silent, "paired_by": "cast"}
    state = {"revoked_by": "", "steward": "", "waiting": 0, "held": 0, "app": ""}
    await house.database.write(lambda tx: tx.execute(sa.insert(devices).values({**row, **kind, **state})))
