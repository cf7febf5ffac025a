"""What a steward sees: every verdict in every language, by colour, shape and word, with one instruction."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Route, expect

from checkin.models import VerdictCode
from checkin.wording import words
from events.core.i18n import Language
from events.models import Event, Guest
from tests.browser.axe import violations
from tests.browser.disk import knowing
from tests.browser.house import House
from tests.browser.paired import paired_page
from tests.browser.scanner import scan
from tests.browser.visitor import TABLET, Visitors
from tests.cast import event_form

pytestmark = pytest.mark.browser

LOOKS = {
    "admitted": ("green", "check"),
    "admitted_vip": ("honour", "star"),
    "reentered": ("green", "loop"),
    "exited": ("blue", "exit"),
    "valid_unsynced": ("striped", "valid"),
    "already_inside": ("amber", "repeat"),
    "wrong_gate": ("amber", "signpost"),
    "too_early": ("amber", "clock"),
    "too_late": ("amber", "clock"),
    "zone_full": ("amber", "full"),
    "not_confirmed": ("amber", "alert"),
    "cancelled": ("red", "cross"),
    "revoked": ("red", "cross"),
    "other_event": ("red", "cross"),
    "unknown": ("red", "cross"),
    "not_recorded": ("amber", "alert"),
}
LONGEST = [
    "Maximiliana Wolfeschlegelsteinhausenbergerdorff de la Concepción y Montserrat",
    "阿卜杜热合曼买买提伊明江",
]
NAMELESS = {"unknown", "other_event", "valid_unsynced"}
NAME, LATIN, HOST = "欧阳晓彤", "Ouyang Xiaotong", "王志远"
PHONE, MAIL = "5555 4321", "ouyang@example.org"
SIXTH = TABLET[1] / 6
SIZES = "(all) => [all.scrollWidth, all.clientWidth, all.scrollHeight, all.clientHeight]"
GREEN_STAYS = """
const wait = window.setTimeout
window.setTimeout = (act, ms, ...given) => wait(act, ms > 1200 && ms <= 1500 ? 3_600_000 : ms, ...given)
"""
"""Green, which goes on by itself after 1.5 s, stays for as long as a test looks at it."""


@dataclass
class Door:
    """A paired phone whose server answers whatever a test wants."""

    page: Page
    language: Language
    answer: dict[str, Any] = field(default_factory=dict)

    async def judge(self, route: Route) -> None:
        """Answers the scans that the page sends."""
        sent = route.request.post_data_json["scans"]
        usual = {"admits": False, "needs": "nothing", "reason": ""}
        results = [{"id": each["id"], **usual, **self.answer} for each in sent]
        await route.fulfill(json={"results": results})

    async def shows(self, held_up: Guest, **answer: Any) -> None:
        """Scans the code of a guest, and returns once the verdict stands there."""
        self.answer = {"guest": _seen(held_up), **answer}
        await scan(self.page, held_up.code)
        await self.page.locator(f"[data-part=verdict][data-verdict={answer['verdict']}]").wait_for()

    def part(self, name: str) -> Any:
        return self.page.locator(f"[data-part={name}]")


@pytest.fixture(scope="module")
async def event(house: House) -> Event:
    """An event that has begun."""
    return await house.event(event_form(starts_at=house.now, ends_at=house.now + timedelta(hours=3)))


@pytest.fixture(scope="module")
async def doors(browser: Browser, house: House, event: Event) -> AsyncGenerator[dict[Language, Door]]:
    """A phone for each language; none of their pages may complain."""
    visitors = Visitors(browser, house)
    yield {language: await _opened(visitors, event, language) for language in Language}
    assert await visitors.leave() == []


@pytest.fixture
async def guest(house: House, event: Event) -> Guest:
    return await house.guest(event, NAME, name_latin=LATIN, organisation="河套发展署", phone=f"+852 {PHONE}")


def test_every_verdict_has_a_screen() -> None:
    assert {*VerdictCode, "not_recorded"} == LOOKS.keys()


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("verdict", LOOKS)
async def test_a_verdict_is_told_by_colour_shape_and_word_with_one_instruction(
    doors: dict[Language, Door], guest: Guest, verdict: str, language: Language
) -> None:
    door = doors[language]
    said = words(language)
    known = {} if verdict in NAMELESS else {"guest": _seen(guest)}

    await door.shows(guest, verdict=verdict, **({"guest": None} | known))

    overlay = door.part("verdict")
    tone, sign = LOOKS[verdict]
    await expect(overlay).to_have_attribute("data-tone", tone)
    await expect(door.part("verdict-icon")).to_have_attribute("href", f"#icon-{sign}")
    await expect(door.part("verdict-word")).to_have_text(said[f"{verdict}.word"])
    await expect(door.part("verdict-do")).to_have_text(said[f"{verdict}.do"])
    if known:
        await expect(door.part("verdict-name")).to_have_text(NAME)
        box = await door.part("verdict-name").bounding_box()
        assert box["height"] >= SIXTH
    shown = await overlay.inner_text()
    assert [secret for secret in (PHONE, PHONE.replace(" ", ""), MAIL) if secret in shown] == []
    assert await violations(door.page) == []


async def test_a_name_of_three_characters_is_written_a_sixth_of_the_screen_high(
    doors: dict[Language, Door], house: House, event: Event
) -> None:
    door = doors[Language.ZH_HANS]

    await door.shows(await house.guest(event, "李国栋"), verdict="admitted", admits=True)

    size = await door.part("verdict-name").evaluate("(name) => parseFloat(getComputedStyle(name).fontSize)")
    assert size >= SIXTH


async def test_whoever_comes_in_has_their_badge_in_a_slot_that_is_read_from_afar(
    doors: dict[Language, Door], house: House, event: Event
) -> None:
    door = doors[Language.EN]
    guest = await house.guest(event, "周宁")

    await door.shows(guest, verdict="admitted", admits=True, guest={**_seen(guest), "pick_slot": "B-07"})

    await expect(door.part("verdict-pick")).to_have_text("Badge slot B-07")
    size = await door.part("verdict-slot").evaluate("(slot) => parseFloat(getComputedStyle(slot).fontSize)")
    assert size >= 48


async def test_a_guest_of_honour_has_round_and_seat(doors: dict[Language, Door], house: House, event: Event) -> None:
    door = doors[Language.ZH_HANT]
    guest = await house.guest(event, "李國棟")
    place = {"round": "第二輪", "seat": "A-3"}

    await door.shows(guest, verdict="admitted_vip", admits=True, guest={**_seen(guest), **place})

    await expect(door.part("verdict-facts")).to_have_text("簽約：第二輪 · 座位 A-3")


async def test_a_companion_announces_the_leader_who_is_not_here_yet(
    doors: dict[Language, Door], house: House, event: Event
) -> None:
    door = doors[Language.ZH_HANS]
    leader = await house.guest(event, HOST)
    companion = await house.guest(event, "陈伟", leader_id=leader.id)
    await door.page.reload()
    await knowing(door.page, event, leader)

    seen = {**_seen(companion), "leader_id": str(leader.id)}
    await door.shows(companion, verdict="admitted", admits=True, guest=seen)

    await expect(door.part("verdict-do")).to_have_text(f"随员：请通知接待人员，{HOST} 将至")


@pytest.mark.parametrize("language", Language)
async def test_what_disagrees_or_was_only_rehearsed_is_marked(
    doors: dict[Language, Door], guest: Guest, language: Language
) -> None:
    door = doors[language]
    said = words(language)

    await door.shows(guest, verdict="admitted", admits=True, conflict=True, rehearsal=True)

    marks = door.part("verdict-marks").get_by_role("listitem")
    await expect(marks).to_have_text([said["mark_rehearsal"], said["mark_conflict"]])
    assert await violations(door.page) == []


@pytest.mark.parametrize("name", LONGEST)
async def test_a_name_as_long_as_names_get_stays_on_the_smallest_screen(
    doors: dict[Language, Door], house: House, event: Event, name: str
) -> None:
    door = doors[Language.EN]
    guest = await house.guest(event, name, organisation="Gesellschaft für angewandte Mikrosystemtechnik " * 2)
    await door.page.set_viewport_size({"width": 360, "height": 640})

    await door.shows(guest, verdict="not_confirmed")

    sizes = await door.part("verdict").evaluate(SIZES)
    await door.page.set_viewport_size({"width": TABLET[0], "height": TABLET[1]})
    assert sizes[0] == sizes[1]
    assert sizes[2] == sizes[3]


async def _opened(visitors: Visitors, event: Event, language: Language) -> Door:
    page = await paired_page(visitors, event, language=language)
    door = Door(page, language)
    await page.add_init_script(GREEN_STAYS)
    await page.route("**/scans", door.judge)
    await page.goto(f"/door/{event.slug}?lang={language.value}")
    await expect(door.part("connection")).to_contain_text(words(language)["online"])
    return door


def _seen(guest: Guest) -> dict[str, Any]:
    """A guest as the API shows them at the door."""
    return {
        "id": str(guest.id),
        "name": guest.name,
        "name_latin": guest.name_latin,
        "organisation": guest.organisation,
        "job_title": guest.job_title,
        "category_name": "嘉宾",
        "category_colour": "#19804c",
        "language": guest.language.value,
        "pick_slot": "",
        "leader_id": None,
    }
