"""What the desk changes while phones are at work: each of them follows, without anybody touching it."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import expect

from checkin.devices import Placement, devices_of, move
from checkin.gates import open_gate
from checkin.models import Gate, GateId, Profile
from checkin.store import gates_of
from events.core.i18n import Language
from events.core.ids import Role, new_id
from events.core.web import SESSION_COOKIE
from events.models import Event
from tests.browser.house import House, power_cut
from tests.browser.phone import Phone, on_duty
from tests.browser.scanner import scan, verdict
from tests.cast import event_form

pytestmark = pytest.mark.browser

LATEST_MS = 30_000
NEWS_WITHIN_MS = 5_000


@pytest.fixture
async def event(house: House) -> Event:
    """An event that has begun, one for each test."""
    slug = f"gala-{uuid4().hex[:8]}"
    return await house.event(event_form(slug=slug, starts_at=house.now, ends_at=house.now + timedelta(hours=3)))


@pytest.fixture
async def phone(house: House, event: Event, tmp_path: Path) -> AsyncGenerator[Phone]:
    """A phone that is switched off; nothing in its pages may fail unseen."""
    phone = Phone(house, event, tmp_path / "phone")
    yield phone
    await phone.switch_off()
    assert phone.complaints == []


async def test_a_phone_that_the_desk_moves_stands_at_its_new_gate_and_speaks_its_new_language(
    phone: Phone, house: House, event: Event
) -> None:
    door = await on_duty(phone)
    south = Gate(id=GateId(new_id()), name="南门")
    await house.database.write(lambda tx: open_gate(tx, event.id, south, actor="cast", now=house.now))
    [device] = await house.database.read(lambda tx: devices_of(tx, event.id))

    placed = Placement(name=device.name, gate_id=south.id, profile=Profile.SCANNER, language=Language.EN)
    await house.database.write(
        lambda tx: move(tx, event_id=event.id, device_id=device.id, placed=placed, actor="cast", now=house.now)
    )

    await expect(door.locator("[data-part=gate-name]")).to_have_text("南门", timeout=LATEST_MS)
    await expect(door.locator("[data-part=connection]")).to_have_text("Connected", timeout=LATEST_MS)


async def test_a_gate_that_the_desk_edits_is_on_an_open_phone_within_five_seconds(
    phone: Phone, house: House, event: Event
) -> None:
    guest = await house.guest(event, "孙悦", category="guest")
    door = await on_duty(phone)

    await edited_gate(house, event, {"name": "贵宾入口", "admits": ["vip"]})

    await expect(door.locator("[data-part=gate-name]")).to_have_text("贵宾入口", timeout=NEWS_WITHIN_MS)
    async with power_cut(house):
        await scan(door, guest.code)
        await expect(verdict(door, "请走其他入口")).to_contain_text("孙悦")


async def edited_gate(house: House, event: Event, changes: dict[str, object]) -> None:
    """An organiser changes the main entrance."""
    [gate] = await house.database.read(lambda tx: tx.run_sync(gates_of, event.id))
    session = await house.session(await house.user(Role.ORGANISER))
    async with httpx.AsyncClient(base_url=house.url, cookies={SESSION_COOKIE: session}) as desk:
        answer = await desk.patch(f"/api/v1/events/{event.id}/gates/{gate.id}", json=changes)
    assert answer.status_code == 200, answer.text
