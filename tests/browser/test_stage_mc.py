"""The tablet on the lectern: turned by keys and a clicker, told of changes, and usable without a server."""

import re
from datetime import timedelta

import anyio
import pytest
import sqlalchemy as sa
from playwright.async_api import Locator, Page, expect

from checkin.stage.actor import Actor
from checkin.stage.models import Act, Round
from checkin.stage.round_form import RoundForm
from checkin.stage.rounds import edit_round
from events.core.auth import User
from events.core.ids import Role
from events.models import Event
from events.tables import segments
from tests.browser.house import House
from tests.browser.visitor import TABLET, Visitors
from tests.cast import event_form
from tests.stage_scene import Scene, set_stage

pytestmark = pytest.mark.browser

SOON_MS = 4_000
PATIENT_MS = 30_000
MANAGER = Actor(id="stage@example.org", name="何卓文")


@pytest.fixture(scope="module")
async def protocol(house: House) -> User:
    return await house.user(Role.PROTOCOL)


@pytest.fixture
async def scene(house: House) -> Scene:
    """A stage of its own for each test."""
    form = event_form(slug=f"launch-{house.now:%H%M%S%f}", starts_at=house.now, ends_at=house.now + timedelta(hours=3))
    set_up = await set_stage(house.database, await house.event(form), now=house.now)
    bilingual = sa.update(segments).where(segments.c.event_id == set_up.event.id).values(languages=["zh-Hans", "en"])
    await house.database.write(lambda tx: tx.execute(bilingual))
    return set_up


@pytest.fixture
async def tablet(visitors: Visitors, scene: Scene, protocol: User) -> Page:
    return await opened(visitors, scene.event, protocol)


async def opened(visitors: Visitors, event: Event, user: User, *, scripts: bool = True) -> Page:
    page = await visitors.enter(user=user, size=TABLET, scripts=scripts)
    await page.goto(f"/stage/{event.slug}/mc")
    if scripts:
        await expect(page.locator(".freshness[data-state=live]")).to_be_visible()
    return page


def current(page: Page) -> Locator:
    return page.locator("[data-part=current] .mc-sentence")


def following(page: Page) -> Locator:
    return page.locator("[data-part=next]")


def place(page: Page) -> Locator:
    return page.locator("[data-part=place]")


async def reworded(house: House, scene: Scene, title: str) -> Round:
    """The first round with another title, edited by a colleague; the server hears of it at its next look."""
    before = await scene.round()
    form = RoundForm.model_validate(
        {
            "title": {"zh_hans": title},
            "parties": [{"name": dict(party.name), "hosting": party.hosting} for party in before.parties],
            "participants": [
                {
                    "id": part.id,
                    "role": part.role,
                    "party": part.party,
                    "guest_id": part.guest_id,
                    "title": dict(part.title),
                }
                for part in before.participants
            ],
        }
    )
    return await house.database.write(
        lambda tx: edit_round(tx, scene.event, scene.first, form, version=before.version, actor=MANAGER, now=house.now)
    )


async def test_keys_and_a_clicker_turn_the_lines_and_the_place_survives_a_reload(tablet: Page) -> None:
    await expect(current(tablet)).to_contain_text("下面举行")

    for key, said in (
        ("ArrowRight", "首先，由河套科技园与创新委员会签署《人工智能联合实验室共建协议》。"),
        ("PageDown", re.compile("^有请.*陈伟上台见证签约。$")),
        ("PageUp", re.compile("^首先，")),
        (" ", re.compile("见证签约。$")),
        ("ArrowLeft", re.compile("^首先，")),
        ("End", re.compile("回座。$")),
        ("Home", re.compile("^下面举行")),
        ("ArrowDown", re.compile("^首先，")),
    ):
        await tablet.keyboard.press(key)
        await expect(current(tablet)).to_have_text(said)
    await tablet.reload()

    await expect(current(tablet)).to_have_text(re.compile("^首先，"))
    await expect(place(tablet)).to_have_text(re.compile(r"^2 / \d+$"))


async def test_buttons_and_a_finger_turn_them_too(tablet: Page) -> None:
    await tablet.get_by_role("button", name="下一句").click()
    await expect(current(tablet)).to_have_text(re.compile("^首先，"))
    await tablet.get_by_role("button", name="上一句").click()
    await expect(current(tablet)).to_have_text(re.compile("^下面举行"))

    await swipe(tablet, left=True)

    await expect(current(tablet)).to_have_text(re.compile("^首先，"))


async def swipe(page: Page, *, left: bool) -> None:
    """A finger across the line that is read."""
    for name, x in (("pointerdown", 600), ("pointerup", 200)):
        at = {"clientX": x if left else 800 - x, "clientY": 500, "pointerType": "touch", "bubbles": True}
        await page.dispatch_event("[data-part=current]", name, at)


async def test_a_change_is_marked_while_the_page_is_open_until_it_is_tapped_or_passed(
    tablet: Page, house: House, scene: Scene
) -> None:
    await tablet.keyboard.press("ArrowRight")
    await expect(current(tablet)).to_contain_text("共建协议")

    await reworded(house, scene, "人工智能战略合作协议")

    await expect(current(tablet)).to_contain_text("《人工智能战略合作协议》", timeout=SOON_MS)
    mark = tablet.locator("[data-part=current] .mc-change")
    await expect(mark).to_contain_text("有改动")
    await expect(mark).to_contain_text("原为：首先，由河套科技园与创新委员会签署《人工智能联合实验室共建协议》。")
    await expect(tablet.locator("[data-part=changes]")).to_contain_text("处改动")
    await tablet.get_by_role("button", name="知道了").first.click()
    await expect(mark).to_have_count(0)
    await expect(current(tablet)).to_contain_text("《人工智能战略合作协议》")


async def test_the_page_turns_nothing_by_itself_and_offers_the_round_that_is_on_stage(
    tablet: Page, scene: Scene
) -> None:
    await scene.does(Act.READY, Act.CALL)

    banner = tablet.locator("[data-part=on-stage]")
    await expect(banner).to_contain_text("候场：第 1 轮", timeout=SOON_MS)
    await expect(current(tablet)).to_have_text(re.compile("^下面举行"))
    await scene.does(Act.STAGE)
    await expect(banner).to_contain_text("台上：第 1 轮", timeout=SOON_MS)
    await tablet.get_by_role("button", name="跳到这一轮").click()

    await expect(current(tablet)).to_have_text(re.compile("^首先，"))
    await expect(tablet.locator("[data-part=jump]")).to_be_hidden()


async def test_a_round_that_is_put_off_leaves_the_order_and_is_named(tablet: Page, scene: Scene) -> None:
    await tablet.keyboard.press("ArrowRight")
    await expect(current(tablet)).to_have_text(re.compile("^首先，"))

    await scene.does(Act.POSTPONE, reason="航班延误")

    await expect(tablet.locator(".mc-notice")).to_contain_text("已延后，不宣读。原因：航班延误", timeout=SOON_MS)
    await expect(tablet.locator("[data-part=next], [data-part=current]").filter(has_text="共建协议》")).to_have_count(0)


async def test_all_lines_are_a_list_to_choose_from(tablet: Page) -> None:
    await tablet.get_by_role("button", name="全部台词").click()
    await tablet.get_by_role("dialog").get_by_role("button", name=re.compile("换文")).first.click()

    await expect(current(tablet)).to_contain_text("交换文本")
    await expect(tablet.get_by_role("dialog")).to_have_count(0)


async def test_what_is_kept_on_the_tablet_can_be_removed(tablet: Page, scene: Scene) -> None:
    await kept(tablet)
    tablet.once("dialog", lambda dialog: dialog.accept())

    await tablet.get_by_role("button", name="从本机清除").click()

    await expect(tablet).to_have_url(re.compile(rf"/stage/{scene.event.slug}$"))
    assert await tablet.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('yingbin-mc'))") == []
    assert await tablet.evaluate("async () => (await caches.keys()).filter((name) => name.includes('-mc-'))") == []


async def test_without_scripts_it_is_a_readable_list(visitors: Visitors, scene: Scene, protocol: User) -> None:
    page = await opened(visitors, scene.event, protocol, scripts=False)

    first = page.locator(".mc-list .mc-item").nth(1)
    await expect(first).to_contain_text("首先，由河套科技园与创新委员会签署")
    await expect(page.get_by_role("button")).to_have_count(0)


async def test_the_prints_of_the_cue_sheet_fit_a_phone(visitors: Visitors, scene: Scene, protocol: User) -> None:
    phone = await visitors.enter(user=protocol, size=(360, 740), language="en")
    await phone.goto(f"/stage/{scene.event.slug}/cuesheet")
    for _ in range(2):
        await phone.evaluate(
            "fetch('', {method: 'POST', body: new URLSearchParams({language: 'en'}), redirect: 'manual'})"
        )

    await phone.reload()

    await expect(phone.locator(".sheets tbody tr")).to_have_count(2)
    assert await phone.evaluate("document.scrollingElement.scrollWidth") == 360


async def kept(page: Page) -> None:
    """Returns once the worker has the page and its files."""
    await page.evaluate("async () => { await navigator.serviceWorker.ready }")
    with anyio.fail_after(20):
        while not await page.evaluate("async (path) => Boolean(await caches.match(path))", page.url.partition("?")[0]):
            await anyio.sleep(0.1)


async def test_without_a_server_it_turns_reloads_and_says_since_when(tablet: Page, house: House, scene: Scene) -> None:
    await tablet.keyboard.press("ArrowRight")
    await kept(tablet)

    await house.cut_power()

    await expect(tablet.locator("[data-part=link]")).to_contain_text(
        re.compile(r"离线，自 \d\d:\d\d 起"), timeout=PATIENT_MS
    )
    await tablet.keyboard.press("PageDown")
    await expect(current(tablet)).to_contain_text("见证签约")
    await tablet.reload()
    await expect(current(tablet)).to_contain_text("见证签约")
    await tablet.get_by_role("link", name="English").click()
    await expect(current(tablet)).to_contain_text("To witness the signing")
    await tablet.reload()
    await expect(current(tablet)).to_contain_text("To witness the signing")
    await house.start()
    await expect(tablet.locator(".freshness[data-state=live]")).to_be_visible(timeout=PATIENT_MS)
