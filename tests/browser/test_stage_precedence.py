"""A precedence list in a browser: moved by keys and by hand, never without a reason, in order at every size."""

import re

import pytest
from playwright.async_api import Page, expect

from checkin.stage.actor import Actor
from checkin.stage.placing import make_ranking
from checkin.stage.ranking import Ranking
from checkin.stage.ranking_form import NewRanking, Source
from checkin.stage.ranking_store import ranking_by_id
from events.core.auth import User
from events.core.i18n import Language
from events.core.ids import Role
from events.models import Event, Text
from tests.browser.axe import violations
from tests.browser.house import House
from tests.browser.test_pages import faults_of
from tests.browser.visitor import Visitors
from tests.cast import event_form

pytestmark = pytest.mark.browser
NAMES = ("丁一", "王明", "李安", "欧阳振邦", "潘安")


@pytest.fixture(scope="module")
async def officer(house: House) -> User:
    return await house.user(Role.PROTOCOL)


@pytest.fixture(scope="module")
async def event(house: House) -> Event:
    return await house.event(event_form())


async def listed(house: House, event: Event, *more: str, rows: int = 1) -> Ranking:
    """A list of new guests."""
    people = [(await house.guest(event, name)).id for name in (*NAMES, *more)]
    form = NewRanking(title=Text(zh_hans="合影", en="Photo"), rows=rows, people=Source(guest_ids=[*people]))
    actor = Actor(id="cast", name="cast")
    return await house.database.write(lambda tx: make_ranking(tx, event, form, actor=actor, now=house.now))


async def shown(page: Page) -> list[str]:
    return await page.locator(".order-name bdi").all_text_contents()


def path(event: Event, ranking: Ranking) -> str:
    return f"/stage/{event.slug}/precedence/{ranking.id}"


async def test_arrow_keys_move_somebody_and_the_reason_is_asked_for(
    visitors: Visitors, house: House, event: Event, officer: User
) -> None:
    ranking = await listed(house, event)
    page = await visitors.enter(user=officer)
    await page.goto(path(event, ranking))

    await page.locator("[data-handle]").nth(4).focus()
    for key in ("ArrowUp", "ArrowUp", "Enter"):
        await page.keyboard.press(key)
    await expect(page.locator("#reason")).to_be_focused()
    before = await house.database.read(lambda tx: ranking_by_id(tx, event.id, ranking.id))
    await page.keyboard.type("兼任组委会主任")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("done=move"))

    assert before.moves == ()
    assert await shown(page) == ["丁一", "王明", "潘安", "李安", "欧阳振邦"]


async def test_a_handle_is_dragged_and_escape_puts_everybody_back(
    visitors: Visitors, house: House, event: Event, officer: User
) -> None:
    ranking = await listed(house, event)
    page = await visitors.enter(user=officer)
    await page.goto(path(event, ranking))
    handle, row = page.locator("[data-handle]").nth(3), page.locator("#order li").first
    await handle.scroll_into_view_if_needed()
    start, end = await handle.bounding_box(), await row.bounding_box()
    assert start
    assert end

    await page.mouse.move(start["x"] + 9, start["y"] + 9)
    await page.mouse.down()
    await page.mouse.move(start["x"] + 9, end["y"] + 2, steps=6)
    await page.mouse.up()
    dragged, place = await shown(page), await page.locator("#to_position").input_value()
    await handle.focus()
    await page.keyboard.press("Escape")

    assert (dragged, place) == (["欧阳振邦", "丁一", "王明", "李安", "潘安"], "1")
    assert await shown(page) == [*NAMES]
    assert await page.locator("#to_position").input_value() == ""


@pytest.mark.parametrize("rows", [1, 3])
async def test_the_page_is_in_order_in_every_language_at_every_size_by_day_and_by_night(
    visitors: Visitors, house: House, event: Event, officer: User, rows: int
) -> None:
    more = [
        "Wolfeschlegelsteinhausenbergerdorff" * 2,
        *(f"陈{'一二三四五六七八九'[number % 9]}" for number in range(24)),
    ]
    ranking = await listed(house, event, *more, rows=rows)
    page = await visitors.enter(user=officer)
    address = path(event, ranking)

    found = [fault for language in Language async for fault in faults_of(page, address, language)]
    await page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")

    assert found == []
    assert await violations(page) == []
