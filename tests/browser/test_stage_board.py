"""The readiness board and a round under pressure: scans and colleagues while somebody looks, types and presses."""

import re
from datetime import timedelta

import pytest
from playwright.async_api import Locator, Page, expect

from checkin.stage.models import Act, RoundState
from checkin.stage.rounds import remove_round
from events.core.auth import User
from events.core.ids import Role
from tests.browser.house import House
from tests.browser.test_board import scan
from tests.browser.visitor import PHONE, TABLET, Visitors
from tests.cast import event_form
from tests.stage_scene import COLLEAGUE, Scene, set_stage

pytestmark = pytest.mark.browser

SOON_MS = 1_000
SETTLED_MS = 800
"""So long after it appeared a button takes a press."""


@pytest.fixture(scope="module")
async def officer(house: House) -> User:
    return await house.user(Role.PROTOCOL)


@pytest.fixture
async def scene(house: House) -> Scene:
    """A fresh event for each test."""
    times = {"starts_at": house.now, "ends_at": house.now + timedelta(hours=3)}
    event = await house.event(event_form(**times, slug=f"stage-{house.now:%H%M%S%f}"))
    return await set_stage(house.database, event, now=house.now)


@pytest.fixture
async def board(visitors: Visitors, scene: Scene, officer: User) -> Page:
    return await opened(visitors, officer, f"/stage/{scene.event.slug}")


async def opened(visitors: Visitors, user: User, path: str, *, size: tuple[int, int] = TABLET) -> Page:
    page = await visitors.enter(user=user, size=size)
    await page.goto(path)
    await expect(page.locator("[data-freshness]")).to_contain_text("实时")
    return page


def first(board: Page) -> Locator:
    return board.locator(".round").first


async def test_a_scan_at_the_door_shows_on_the_board_within_a_second(board: Page, house: House, scene: Scene) -> None:
    await expect(first(board)).to_contain_text("0 / 3 已到场")
    await expect(first(board).locator(".awaited")).to_have_count(3)

    await scan(house, scene.event, scene.visitor)

    await expect(first(board)).to_contain_text("1 / 3 已到场", timeout=SOON_MS)
    await expect(first(board).locator(".awaited")).to_have_count(2, timeout=SOON_MS)
    await expect(first(board)).not_to_contain_text("李晓明")


async def test_a_colleagues_press_shows_without_reloading(
    board: Page, visitors: Visitors, house: House, scene: Scene
) -> None:
    colleague = await opened(visitors, await house.user(Role.ORGANISER), scene.path, size=PHONE)
    await colleague.wait_for_timeout(SETTLED_MS)

    await colleague.get_by_role("button", name="确认就绪").click()

    await expect(first(board).locator(".state")).to_have_text("就绪", timeout=SOON_MS)
    await expect(first(board).get_by_role("button", name="请候场")).to_be_visible()


async def test_a_double_press_is_one_step(board: Page, scene: Scene) -> None:
    await board.wait_for_timeout(SETTLED_MS)

    await first(board).get_by_role("button", name="确认就绪").dblclick()

    await expect(first(board).locator(".state")).to_have_text("就绪")
    await expect(board).to_have_url(re.compile(rf"/stage/{scene.event.slug}#r-{scene.first}$"))
    assert (await scene.round()).state is RoundState.READY


async def test_what_is_half_typed_and_unfolded_stays_while_others_work(
    visitors: Visitors, house: House, scene: Scene, officer: User
) -> None:
    page = await opened(visitors, officer, f"{scene.path}?ask=substitute&participant={scene.part_of(scene.visitor)}")
    await page.get_by_text("尚未登记？").click()
    await page.get_by_label(re.compile("^姓名")).fill("林晓")
    await page.get_by_label("授权人").fill("礼宾负")

    await scan(house, scene.event, scene.host)
    await expect(page.locator(".part").first).to_contain_text("到场", timeout=SOON_MS)

    await expect(page.get_by_label(re.compile("^姓名"))).to_have_value("林晓")
    await expect(page.get_by_label("授权人")).to_have_value("礼宾负")
    await expect(page.get_by_label("授权人")).to_be_focused()


async def test_what_is_unfolded_on_the_board_and_has_the_focus_stays(board: Page, house: House, scene: Scene) -> None:
    await scene.does(Act.POSTPONE, reason="等候嘉宾")
    unfolded = first(board).locator("details")
    await unfolded.locator("summary").click()
    await expect(unfolded.get_by_role("link", name="替换").first).to_be_visible()

    await scan(house, scene.event, scene.visitor)

    await expect(unfolded.locator(".awaited")).to_have_count(2, timeout=SOON_MS)
    await expect(unfolded).to_have_attribute("open", "")
    await expect(unfolded.locator("summary")).to_be_focused()


async def test_without_scripts_who_comes_second_reads_what_was_done(
    visitors: Visitors, scene: Scene, officer: User
) -> None:
    page = await visitors.enter(user=officer, scripts=False)
    await page.goto(scene.path)
    await scene.does(Act.READY, Act.CALL)

    await page.get_by_role("button", name="确认就绪").click()

    notice = page.get_by_role("alert")
    await expect(notice).to_contain_text("同事已先行操作，未覆盖任何内容。")
    await expect(notice.get_by_role("listitem")).to_have_text(
        [re.compile("何卓文 · 确认就绪"), re.compile("何卓文 · 请候场")]
    )
    await expect(page.get_by_role("button", name="请上台")).to_be_visible()
    assert (await scene.round()).state is RoundState.CALLED


async def test_a_substitute_is_found_while_typing_and_stands_in_the_history(
    visitors: Visitors, scene: Scene, officer: User
) -> None:
    page = await opened(visitors, officer, f"/stage/{scene.event.slug}", size=PHONE)
    await page.get_by_role("link", name="替换 李晓明").click()
    await page.wait_for_url("**#asking")
    field = page.get_by_label("替换人")
    await field.press_sequentially("ouyang")
    offered = page.locator("#offered option")
    await expect(offered).to_have_count(1)
    await field.fill(await offered.get_attribute("value") or "")
    await page.get_by_label("授权人").fill("礼宾负责人")
    await page.get_by_label("原因").fill("航班延误")

    await page.get_by_role("button", name="替换", exact=True).click()

    await expect(page.get_by_role("status").filter(has_text="代")).to_have_text("欧阳文静 代 李晓明 签")
    await expect(page.locator(".deed").last).to_contain_text("授权人：礼宾负责人")


async def test_chasing_takes_one_press(board: Page, scene: Scene) -> None:
    await first(board).get_by_role("button", name="催请").click()

    await expect(first(board).locator(".chased")).to_contain_text("何卓文催请")


async def test_a_round_that_a_colleague_removes_stays_on_the_screen_of_who_looks_at_it(
    visitors: Visitors, scene: Scene, officer: User
) -> None:
    last = scene.rounds[2]
    page = await opened(visitors, officer, f"/stage/{scene.event.slug}/rounds/{last.id}")

    await scene.database.write(
        lambda tx: remove_round(tx, scene.event, last.id, version=None, actor=COLLEAGUE, now=scene.now)
    )

    await page.wait_for_timeout(2 * SOON_MS)
    await expect(page.locator(".now")).to_contain_text("草拟")
    await expect(page.locator("[data-freshness]")).to_contain_text("实时")
