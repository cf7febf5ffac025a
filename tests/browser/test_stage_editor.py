"""The editor of rounds on a phone, with and without scripts."""

from datetime import timedelta

import pytest
from playwright.async_api import Locator, Page, expect

from checkin.stage.models import Hosting, Role, Round
from checkin.stage.store import rounds_of
from events.core.auth import User
from events.core.ids import Role as Position
from tests.browser.house import House
from tests.browser.test_pages import SMALL_PHONE
from tests.browser.visitor import Visitors
from tests.cast import event_form
from tests.stage_scene import Scene, set_stage

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
async def officer(house: House) -> User:
    return await house.user(Position.PROTOCOL)


@pytest.fixture
async def scene(house: House) -> Scene:
    """A fresh event for each test."""
    times = {"starts_at": house.now, "ends_at": house.now + timedelta(hours=3)}
    event = await house.event(event_form(**times, slug=f"editor-{house.now:%H%M%S%f}"))
    return await set_stage(house.database, event, now=house.now)


async def last_of(house: House, scene: Scene) -> Round:
    return (await house.database.read(lambda tx: rounds_of(tx, scene.event.id)))[-1]


async def new_round(page: Page, scene: Scene) -> None:
    """From the programme to the form, with a title and two parties."""
    await page.goto(f"/desk/{scene.event.slug}/programme")
    await page.get_by_role("link", name="新增一轮").click()
    await page.locator("#title").get_by_label("简体中文").fill("三方合作协议")
    for number, (name, hosting) in enumerate((("河套科技园", "主方"), ("创新委员会", "客方"))):
        party = page.locator(f"#party-{number}")
        await party.locator("fieldset.said").first.get_by_label("简体中文").fill(name)
        await party.get_by_text(hosting, exact=True).click()


def person(page: Page, row: int) -> Locator:
    return page.locator(f"#person-{row}").get_by_label("嘉宾", exact=True)


async def test_a_round_of_three_parties_is_added_on_a_small_phone(
    visitors: Visitors, house: House, scene: Scene, officer: User
) -> None:
    page = await visitors.enter(user=officer, size=SMALL_PHONE)
    await new_round(page, scene)
    await person(page, 0).press_sequentially("wang siyuan")
    offered = page.locator("#offered-0 option")
    await expect(offered).to_have_count(1)
    await person(page, 0).fill(await offered.get_attribute("value") or "")
    await person(page, 2).fill("李晓明")

    await page.get_by_role("button", name="新增一方").click()

    third = page.locator("#party-2")
    await expect(third.get_by_label("简体中文").first).to_be_focused()
    await third.get_by_label("简体中文").first.fill("欧阳基金会")
    await person(page, 4).fill("欧阳文静")
    await page.get_by_role("button", name="新增见证人").click()
    await person(page, 6).fill("陈伟")
    await page.get_by_role("button", name="新增本轮").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("三方合作协议")
    made = await last_of(house, scene)
    assert [(party.name.zh_hans, party.hosting) for party in made.parties] == [
        ("河套科技园", Hosting.HOST),
        ("创新委员会", Hosting.GUEST),
        ("欧阳基金会", Hosting.NEITHER),
    ]
    assert [(part.role, part.party, part.guest_id) for part in made.participants] == [
        (Role.WITNESS, 0, scene.witness.id),
        (Role.SIGNATORY, 1, scene.host.id),
        (Role.SIGNATORY, 2, scene.visitor.id),
        (Role.SIGNATORY, 3, scene.spare.id),
    ]


async def test_the_same_works_without_scripts(visitors: Visitors, house: House, scene: Scene, officer: User) -> None:
    page = await visitors.enter(user=officer, size=SMALL_PHONE, scripts=False)
    await new_round(page, scene)
    await person(page, 0).fill("王思远")

    await page.get_by_role("button", name="新增一方").click()

    await expect(page.locator("#party-2")).to_be_in_viewport()
    await page.locator("#party-2").get_by_label("简体中文").first.fill("欧阳基金会")
    await person(page, 4).fill("欧阳文静")
    await page.get_by_role("button", name="新增本轮").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("三方合作协议")
    made = await last_of(house, scene)
    assert [party.name.zh_hans for party in made.parties] == ["河套科技园", "创新委员会", "欧阳基金会"]
    assert [part.guest_id for part in made.participants] == [scene.host.id, scene.spare.id]


async def test_return_in_a_field_saves_and_adds_no_row(
    visitors: Visitors, house: House, scene: Scene, officer: User
) -> None:
    page = await visitors.enter(user=officer)
    await page.goto(f"{scene.path}/edit")

    await page.locator("#copies").fill("6")
    await page.locator("#copies").press("Enter")

    await expect(page).to_have_url(f"{house.url}{scene.path}")
    assert (await scene.round()).copies == 6
