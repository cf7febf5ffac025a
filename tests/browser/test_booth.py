"""A booth's phone in the hands of an exhibitor: who agreed and nobody else, also after a time without a connection."""

from datetime import timedelta

import pytest
from playwright.async_api import Locator, Page, expect

from checkin.booth import exhibitors
from checkin.booth.exhibitor_form import ExhibitorForm
from checkin.devices import Placement, pair, start_pairing
from checkin.models import Profile
from events.core.i18n import Language
from events.core.web import DEVICE_COOKIE
from events.models import Event, Guest, Text
from events.sharing import share
from tests.browser.axe import violations
from tests.browser.house import House, power_cut
from tests.browser.paired import paired_page
from tests.browser.scanner import scan
from tests.browser.visitor import PHONE, TABLET, Visitors
from tests.cast import event_form

pytestmark = pytest.mark.browser

NAME = Text(zh_hans="知微智能", zh_hant="知微智能", en="Zhiwei Intelligence")
_HELD = """
async () => {
  const names = (await indexedDB.databases()).map(({ name }) => name).filter((name) => name.startsWith('yingbin.door.'))
  const counts = names.map((name) => new Promise((resolve) => {
    indexedDB.open(name).onsuccess = ({ target: { result } }) => {
      result.transaction('guests').objectStore('guests').count().onsuccess = ({ target }) => {
        resolve(target.result)
        result.close()
      }
    }
  }))
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
}
"""


@pytest.fixture(scope="module")
async def event(house: House) -> Event:
    """An event that has begun, with an exhibitor at A-01."""
    event = await house.event(event_form(starts_at=house.now, ends_at=house.now + timedelta(hours=3)))
    form = ExhibitorForm(booth="A-01", field_name=Text(en="AI"), name=NAME)
    await house.database.write(lambda tx: exhibitors.add_exhibitor(tx, event.id, form, actor="cast", now=house.now))
    return event


async def booth_secret(house: House, event: Event, language: Language = Language.ZH_HANS) -> str:
    """The secret of a new phone at the booth."""

    async def made(tx: object) -> str:
        gate = await exhibitors.booth_gate(tx, event.id, "A-01", actor="cast", now=house.now)
        placed = Placement(name="", gate_id=gate.id, profile=Profile.BOOTH, language=language)
        code = await start_pairing(tx, house.keyring, event_id=event.id, placed=placed, actor="cast", now=house.now)
        return (await pair(tx, house.keyring, code=code, former=None, language=None, now=house.now)).token

    return await house.database.write(made)


async def booth_page(
    visitors: Visitors, event: Event, *, language: Language = Language.ZH_HANS, size: tuple[int, int] = PHONE
) -> Page:
    """The booth's page on a phone that is paired there."""
    page = await visitors.enter(language=language.value, size=size)
    secret = await booth_secret(visitors.house, event, language)
    await page.context.add_cookies([{"name": DEVICE_COOKIE, "value": secret, "url": visitors.house.url}])
    await page.goto(f"/booth?lang={language.value}")
    return page


async def visitor(house: House, event: Event, name: str, **given: str) -> Guest:
    """A guest who agreed to be known to exhibitors."""
    guest = await house.guest(event, name, **given)
    await agree(house, guest)
    return guest


async def agree(house: House, guest: Guest, *, agrees: bool = True) -> None:
    now = house.now
    await house.database.write(lambda tx: share(tx, guest, agrees=agrees, now=now))


def part(page: Page, name: str) -> Locator:
    return page.locator(f"[data-part={name}]")


async def test_a_visitor_who_agreed_is_shown_and_stays_on_the_list_with_a_note(
    visitors: Visitors, house: House, event: Event
) -> None:
    guest = await visitor(house, event, "歐陽靖", organisation="河谷資本", email="ay@example.com", language="zh-Hant")
    page = await booth_page(visitors, event, language=Language.EN)

    await scan(page, guest.code)
    await expect(part(page, "card-word")).to_have_text("The visitor has agreed")
    await expect(part(page, "name")).to_have_text("歐陽靖")
    await expect(part(page, "email")).to_have_text("ay@example.com")
    await page.get_by_label("Note").fill("Wants a prototype")
    await page.get_by_role("button", name="Save the note").click()

    await expect(part(page, "note-said")).to_have_text("Saved")
    await expect(part(page, "list").locator("li")).to_contain_text("歐陽靖")
    await expect(part(page, "list").locator("li")).to_contain_text("Wants a prototype")
    assert await violations(page) == []


async def test_whoever_has_not_agreed_is_nobody_until_they_do(visitors: Visitors, house: House, event: Event) -> None:
    guest = await house.guest(event, "陈伟", organisation="河谷资本")
    page = await booth_page(visitors, event)

    await scan(page, guest.code)
    await expect(part(page, "card-word")).to_have_text("来宾尚未同意")
    assert "陈伟" not in await page.content()
    await agree(house, guest)
    await part(page, "again").click()

    await expect(part(page, "name")).to_have_text("陈伟")


async def test_what_is_scanned_without_a_connection_arrives_later_even_after_the_page_was_left(
    visitors: Visitors, house: House, event: Event
) -> None:
    agreed, not_agreed = await visitor(house, event, "韩雪"), await house.guest(event, "秦朗")
    page = await booth_page(visitors, event)
    await expect(part(page, "link-word")).to_have_text("已连接")

    async with power_cut(house):
        for guest in (agreed, not_agreed):
            await scan(page, guest.code)
            await expect(part(page, "card-word")).to_have_text("已存下，联网后发送")
            await part(page, "next").click()
        await expect(part(page, "link-word")).to_have_text("未连接 · 2 条待发送")
        kept = await page.evaluate("JSON.stringify(localStorage)")
    await page.goto("/booth")

    await expect(part(page, "list")).to_contain_text("韩雪")
    await expect(part(page, "told")).to_contain_text("1 位")
    await expect(part(page, "link-word")).to_have_text("已连接")
    assert agreed.code in kept
    assert "韩雪" not in kept


async def test_a_phone_that_stood_at_the_door_forgets_its_guest_list_at_a_booth(
    visitors: Visitors, house: House, event: Event
) -> None:
    await house.guest(event, "单立民")
    page = await paired_page(visitors, event, size=PHONE)
    await page.goto(f"/door/{event.slug}")
    await page.wait_for_function(f"({_HELD})().then((count) => count > 0)")

    secret = await booth_secret(house, event)
    await page.context.add_cookies([{"name": DEVICE_COOKIE, "value": secret, "url": house.url}])
    await page.goto("/booth")

    await page.wait_for_function(f"({_HELD})().then((count) => count === 0)")
    assert (await page.goto(f"/api/v1/events/{event.id}/manifest")).status == 401


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("size", [(360, 740), TABLET])
async def test_the_page_fits_its_screen_in_every_language(
    visitors: Visitors, event: Event, language: Language, size: tuple[int, int]
) -> None:
    page = await booth_page(visitors, event, language=language, size=size)
    await expect(part(page, "link")).to_have_attribute("data-state", "online")

    await scan(page, "Y1ABCDE00000000000000000000X")

    await expect(part(page, "card")).to_have_attribute("data-state", "unknown")
    assert await page.evaluate("document.scrollingElement.scrollWidth") == size[0]
    assert await violations(page) == []
