"""The kiosk in the hands of guests: their own name, their badge, or the way to the service desk, and nothing else."""

import re
from datetime import timedelta

import anyio
import pytest
import sqlalchemy as sa
from playwright.async_api import Locator, Page, expect

from checkin.devices import Placement, devices_of, move
from checkin.models import Profile
from checkin.tables import scans
from events.core.i18n import Language
from events.core.tables import audit
from events.models import Event
from tests.browser.axe import violations
from tests.browser.disk import holding_guests
from tests.browser.house import House
from tests.browser.paired import paired_page, pin_of
from tests.browser.scanner import scan
from tests.browser.visitor import Visitors
from tests.cast import event_form

pytestmark = pytest.mark.browser

TABLET = (768, 1024)
COLUMN = (1080, 1920)
UNKNOWN = "Y1ABCDE00000000000000000000X"
LATEST_MS = 30_000
PARTS = ("find", "choose", "staff", "outcome")


@pytest.fixture(scope="module")
async def event(house: House) -> Event:
    """An event that has begun."""
    return await house.event(event_form(starts_at=house.now, ends_at=house.now + timedelta(hours=3)))


@pytest.fixture
async def kiosk(visitors: Visitors, event: Event) -> Page:
    """A kiosk at the main entrance."""
    page = await paired_page(visitors, event, profile=Profile.KIOSK, size=TABLET)
    await page.goto(f"/door/{event.slug}")
    await expect(page).to_have_url(f"{visitors.house.url}/door/{event.slug}/kiosk")
    await holding_guests(page, event)
    return page


async def test_the_lobby_greets_in_three_languages_and_then_speaks_the_one_that_is_picked(kiosk: Page) -> None:
    for greeting in ("欢迎", "歡迎", "Welcome"):
        await expect(kiosk.get_by_text(greeting, exact=True)).to_be_visible()
    assert await violations(kiosk) == []

    await kiosk.get_by_role("button", name="繁體中文").click()

    await expect(part(kiosk, "ask")).to_have_text("請將二維碼對準鏡頭")
    await expect(kiosk.get_by_role("heading", level=1)).to_have_text("科創谷啟動儀式")
    assert await kiosk.evaluate("document.documentElement.lang") == "zh-Hant"
    assert await violations(kiosk) == []


async def test_a_guest_who_scans_their_code_is_welcomed_by_name_in_their_language(
    kiosk: Page, house: House, event: Event
) -> None:
    guest = await house.guest(event, "Maria Rodrigues", language="en", organisation="Rheinfels")

    await scan(kiosk, guest.code)

    outcome = part(kiosk, "outcome")
    await expect(outcome).to_contain_text("Maria Rodrigues")
    await expect(part(kiosk, "outcome-word")).to_have_text("Welcome")
    await expect(part(kiosk, "outcome-do")).to_have_text("Your badge is being printed. Please take it below")
    assert "Rheinfels" not in await outcome.inner_text()
    assert await violations(kiosk) == []
    chosen = audit.c.event_id == event.id, audit.c.subject_id == guest.id, audit.c.action == "badge.printed"
    await eventually_counted(house, sa.select(sa.func.count()).where(*chosen))


async def test_the_welcome_goes_away_by_itself_and_leaves_nobodys_name(kiosk: Page, house: House, event: Event) -> None:
    guest = await house.guest(event, "欧阳晓彤", language="zh-Hant")
    await scan(kiosk, guest.code)
    await expect(part(kiosk, "outcome-name")).to_have_text("欧阳晓彤")

    await expect(part(kiosk, "outcome")).to_be_hidden(timeout=12_000)

    assert "欧阳晓彤" not in await kiosk.content()
    assert await kiosk.evaluate("document.documentElement.lang") == "zh-Hans"


@pytest.mark.parametrize("size", [TABLET, COLUMN])
async def test_whatever_is_not_green_sends_to_the_service_desk_without_a_reason(
    kiosk: Page, house: House, event: Event, size: tuple[int, int]
) -> None:
    width, height = size
    await kiosk.set_viewport_size({"width": width, "height": height})
    guest = await house.guest(event, "周宁")
    await scan(kiosk, guest.code)
    await expect(part(kiosk, "outcome-name")).to_have_text("周宁")
    await part(kiosk, "outcome-done").click()

    await scan(kiosk, UNKNOWN)

    await expect(part(kiosk, "outcome-word")).to_have_text("请到服务台")
    await expect(part(kiosk, "outcome-others")).to_contain_text("Please go to the service desk")
    await expect(part(kiosk, "outcome-name")).to_be_hidden()
    assert await violations(kiosk) == []


async def test_a_guest_without_a_code_finds_themselves_by_four_digits_and_a_surname(
    kiosk: Page, house: House, event: Event
) -> None:
    await house.guest(event, "黄丽", phone="+852 5555 1234", organisation="河套发展署")
    await house.guest(event, "黄山", phone="+852 5555 9999")
    await kiosk.get_by_role("button", name="English").click()
    await kiosk.get_by_role("button", name="No code?").click()

    await find(kiosk, "1234", "Li")
    await expect(part(kiosk, "find-said")).to_have_text("Not found. Try again, or go to the service desk")
    assert await violations(kiosk) == []
    await find(kiosk, "1234", "黄")
    await expect(part(kiosk, "choices").get_by_role("button")).to_have_text(["黄丽河套发展署"])
    assert await violations(kiosk) == []
    await part(kiosk, "choices").get_by_role("button").click()

    await expect(part(kiosk, "outcome-name")).to_have_text("黄丽")
    await expect(part(kiosk, "outcome-word")).to_have_text("Welcome")


async def test_without_a_server_a_known_guest_still_goes_in_and_fetches_the_badge_at_the_desk(
    visitors: Visitors, house: House, event: Event
) -> None:
    guest = await house.guest(event, "吴桐")
    kiosk = await paired_page(visitors, event, profile=Profile.KIOSK, size=TABLET)
    await kiosk.goto(f"/door/{event.slug}/kiosk")
    await holding_guests(kiosk, event)
    await kiosk.evaluate("async () => { await navigator.serviceWorker.ready }")
    await house.cut_power()

    await scan(kiosk, guest.code)
    await expect(part(kiosk, "outcome-do")).to_have_text("请入场，胸牌请到服务台领取")
    await house.start()

    chosen = scans.c.event_id == event.id, scans.c.guest_id == guest.id, scans.c.verdict == "admitted"
    await eventually_counted(house, sa.select(sa.func.count()).where(*chosen))


async def test_staff_leave_the_kiosk_by_holding_a_corner_and_typing_a_pin(
    kiosk: Page, house: House, event: Event
) -> None:
    pin = await pin_of(house, event, "陈小满")
    wrong = "000000" if pin != "000000" else "111111"
    corner = part(kiosk, "corner")
    await corner.click()
    for name in PARTS:
        await expect(part(kiosk, name)).to_be_hidden()

    await corner.click(delay=1_700)
    assert await violations(kiosk) == []
    await type_pin(kiosk, wrong)
    await expect(part(kiosk, "staff")).to_contain_text("PIN 不正确")
    await type_pin(kiosk, pin)

    await expect(kiosk).to_have_url(f"{house.url}/door/{event.slug}/self-test")
    await expect(part(kiosk, "duty-name")).to_have_text("陈小满")
    await expect(part(kiosk, "lock")).to_be_hidden()
    await expect(part(kiosk, "self-test")).to_be_visible()


@pytest.mark.parametrize(("page", "steward"), [("/self-test", "林一苇"), ("/self-test?fresh=1", "孟舟")])
async def test_a_guest_who_opens_the_door_by_its_address_finds_it_locked_until_a_steward_types_a_pin(
    kiosk: Page, house: House, event: Event, page: str, steward: str
) -> None:
    guest, pin = await house.guest(event, "韩雪"), await pin_of(house, event, steward)

    await kiosk.goto(f"/door/{event.slug}{page}")

    await expect(part(kiosk, "lock")).to_contain_text("已锁定")
    await expect(part(kiosk, "station")).to_have_js_property("inert", True)
    await scan(kiosk, guest.code)
    await expect(part(kiosk, "verdict")).to_be_hidden()
    await type_pin(kiosk, pin, panel="lock")
    await expect(part(kiosk, "lock")).to_be_hidden()
    await expect(part(kiosk, "duty-name")).to_have_text(steward)


@pytest.mark.parametrize("address", ["manifest", "door-search?q=韩", "gates"])
async def test_a_guest_who_types_an_address_of_the_api_reads_nothing(
    kiosk: Page, house: House, event: Event, address: str
) -> None:
    await house.guest(event, "韩雪")

    answer = await kiosk.goto(f"/api/v1/events/{event.id}/{address}")

    assert answer.status == 401
    assert "韩雪" not in await kiosk.content()


async def test_a_kiosk_that_the_desk_makes_a_scanner_again_is_open_to_its_staff(
    kiosk: Page, house: House, event: Event
) -> None:
    now, device_id = house.now, await kiosk.evaluate(_DEVICE)
    known = await house.database.read(lambda tx: devices_of(tx, event.id))
    device = next(each for each in known if str(each.id) == device_id)
    placed = Placement(name="", gate_id=device.gate_id, profile=Profile.SCANNER, language=Language.ZH_HANS)

    await house.database.write(
        lambda tx: move(tx, event_id=event.id, device_id=device.id, placed=placed, actor="cast", now=now)
    )

    await expect(kiosk).to_have_url(re.compile(f"/door/{event.slug}\\?"), timeout=LATEST_MS)
    await expect(part(kiosk, "connection")).to_contain_text("已连接")
    await expect(part(kiosk, "lock")).to_be_hidden()


_DEVICE = "() => JSON.parse(document.querySelector('#kiosk').textContent).device.id"


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("size", [TABLET, COLUMN])
async def test_the_kiosk_fits_its_screen_in_every_language(
    visitors: Visitors, event: Event, language: Language, size: tuple[int, int]
) -> None:
    page = await paired_page(visitors, event, profile=Profile.KIOSK, language=language, size=size)

    await page.goto(f"/door/{event.slug}/kiosk")

    await expect(page.get_by_role("heading", level=1)).to_have_text(event.title.said_in(language))
    scrolls = await page.evaluate("[document.scrollingElement.scrollWidth, document.scrollingElement.scrollHeight]")
    assert scrolls == list(size)
    for button in await page.get_by_role("navigation").get_by_role("button").all():
        assert (await button.bounding_box())["height"] >= 60


def part(page: Page, name: str) -> Locator:
    return page.locator(f"[data-part={name}]")


async def find(kiosk: Page, digits: str, surname: str) -> None:
    await part(kiosk, "digits").fill(digits)
    await part(kiosk, "surname").fill(surname)
    await part(kiosk, "find-go").click()


async def type_pin(kiosk: Page, pin: str, *, panel: str = "staff") -> None:
    for digit in pin:
        await part(kiosk, panel).get_by_role("button", name=digit, exact=True).click()


async def eventually_counted(house: House, query: sa.Select[tuple[int]]) -> None:
    """Returns once the query counts one."""
    with anyio.fail_after(20):
        while (await house.database.read(lambda tx: tx.execute(query))).scalar_one() != 1:
            await anyio.sleep(0.1)
