"""The tablet on which signatories sign: one after the other by name, with a pen that is a mouse here."""

from datetime import timedelta

import pytest
from playwright.async_api import Locator, Page, expect

from checkin.stage.models import Act, Role, Round
from checkin.stage.record import records_of, signatures_of, strokes_of
from events.core.auth import User
from events.core.ids import Role as UserRole
from tests.browser.house import House
from tests.browser.visitor import TABLET, Visitors
from tests.cast import event_form
from tests.ceremony import TO_THE_END, Ceremony
from tests.programs import text_of

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
async def ceremony(house: House) -> Ceremony:
    starts = house.now + timedelta(hours=1)
    event = await house.event(event_form(starts_at=starts, ends_at=starts + timedelta(hours=3)))
    return Ceremony(house.database, event)


@pytest.fixture(scope="module")
async def officer(house: House) -> User:
    return await house.user(UserRole.PROTOCOL)


async def open_tablet(visitors: Visitors, ceremony: Ceremony, this: Round, officer: User) -> Page:
    page = await visitors.enter(user=officer, size=TABLET)
    await page.goto(f"/stage/{ceremony.event.slug}/rounds/{this.id}/sign?lang=en")
    return page


async def draw(page: Page, field: Locator) -> None:
    """Two strokes, as with a finger."""
    box = await field.bounding_box()
    assert box is not None
    for top in (0.35, 0.55):
        await page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * top)
        await page.mouse.down()
        for part in range(1, 9):
            across, down = 0.3 + 0.05 * part, top + 0.05 * (part % 3)
            await page.mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
        await page.mouse.up()


async def test_signatories_sign_one_after_the_other_and_their_hands_are_in_the_record(
    visitors: Visitors, house: House, ceremony: Ceremony, officer: User
) -> None:
    this = await ceremony.do(await ceremony.signing("平板签名", wants_signature=True), *TO_THE_END[:3])
    page = await open_tablet(visitors, ceremony, this, officer)

    for name in ("陈伟", "李静"):
        await expect(page.get_by_role("heading", level=1)).to_have_text(name)
        await draw(page, page.get_by_role("img", name=f"Signature of {name}"))
        await page.get_by_role("button", name="Done").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("Everybody has signed. Thank you.")
    given = (await house.database.read(lambda tx: signatures_of(tx, ceremony.event.id)))[this.id]
    strokes = await house.database.read(lambda tx: strokes_of(tx, ceremony.event.id))
    assert [each.participant_id for each in given] == [part.id for part in this.of_role(Role.SIGNATORY)]
    assert [len(strokes[str(each.id)]) for each in given] == [2, 2]
    await ceremony.do(this, *TO_THE_END[3:])
    [record] = await house.database.read(lambda tx: records_of(tx, ceremony.event.id))
    assert [each["digest"] for each in record.body["signatures"]] == [each.digest for each in given]
    paper = await page.request.get(f"/api/v1/events/{ceremony.event.slug}/record.pdf?lang=en")
    assert "Signed on a tablet" in text_of(await paper.body())


async def test_a_signature_is_cleared_and_an_empty_one_is_not_sent(
    visitors: Visitors, house: House, ceremony: Ceremony, officer: User
) -> None:
    this = await ceremony.do(await ceremony.signing("重写", wants_signature=True), *TO_THE_END[:3])
    page = await open_tablet(visitors, ceremony, this, officer)
    hint = page.get_by_text("Please sign here")
    await draw(page, page.get_by_role("img", name="Signature of 陈伟"))
    await expect(hint).to_be_hidden()

    await page.get_by_role("button", name="Clear").click()
    await expect(hint).to_be_visible()
    await page.get_by_role("button", name="Done").click()

    await expect(page.get_by_role("alert")).to_have_text("There is no signature yet.")
    assert await house.database.read(lambda tx: signatures_of(tx, ceremony.event.id, this.id)) == {}


async def test_a_small_screen_holds_the_whole_tablet_however_long_the_title_is(
    visitors: Visitors, ceremony: Ceremony, officer: User
) -> None:
    this = await ceremony.do(await ceremony.signing("战略合作框架协议" * 8, wants_signature=True), *TO_THE_END[:3])
    page = await open_tablet(visitors, ceremony, this, officer)

    await page.set_viewport_size({"width": 360, "height": 640})

    room = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    assert await page.evaluate(room) == [360, 640]


async def test_the_tablet_turns_by_itself_when_the_round_comes_on_stage(
    visitors: Visitors, ceremony: Ceremony, officer: User
) -> None:
    this = await ceremony.signing("等候", wants_signature=True)
    page = await open_tablet(visitors, ceremony, this, officer)
    await expect(page.get_by_role("heading", level=1)).to_have_text("One moment, please")

    await ceremony.do(this, *TO_THE_END[:3])

    await expect(page.get_by_role("heading", level=1)).to_have_text("陈伟")


async def test_a_signature_that_came_too_late_stays_on_the_screen_with_the_reason(
    visitors: Visitors, ceremony: Ceremony, officer: User
) -> None:
    this = await ceremony.do(await ceremony.signing("太迟", wants_signature=True), *TO_THE_END[:3])
    page = await open_tablet(visitors, ceremony, this, officer)
    await draw(page, page.get_by_role("img", name="Signature of 陈伟"))
    await ceremony.do(this, Act.POSTPONE, reason="停电")

    await page.get_by_role("button", name="Done").click()

    await expect(page.get_by_role("alert")).to_contain_text("The signature was not taken.")
    await expect(page.get_by_role("alert")).to_contain_text("This round is not being signed right now.")
    await expect(page.get_by_role("button", name="Done")).to_be_enabled()


async def test_turning_the_tablet_keeps_what_was_drawn(
    visitors: Visitors, house: House, ceremony: Ceremony, officer: User
) -> None:
    this = await ceremony.do(await ceremony.signing("横竖", wants_signature=True), *TO_THE_END[:3])
    page = await open_tablet(visitors, ceremony, this, officer)
    await draw(page, page.get_by_role("img", name="Signature of 陈伟"))

    await page.set_viewport_size({"width": 1180, "height": 820})
    await page.get_by_role("button", name="Done").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("李静")
    strokes = await house.database.read(lambda tx: strokes_of(tx, ceremony.event.id))
    given = (await house.database.read(lambda tx: signatures_of(tx, ceremony.event.id, this.id)))[this.id]
    assert [len(strokes[str(each.id)]) for each in given] == [2]
