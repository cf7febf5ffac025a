"""Every page at three sizes, in three languages, by day and by night: nothing sticks out, nothing is unnamed."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Page
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.booth.demonstration import seed_tour
from checkin.booth.exhibitor_form import ExhibitorForm
from checkin.booth.exhibitors import add_exhibitor
from checkin.booth.models import Stop
from checkin.booth.tours import seal, set_route, tours_of
from checkin.devices import Placement, pair, start_pairing
from checkin.gates import usable_gates
from checkin.models import Gate, Profile
from checkin.stage.demonstration import seed_stage
from checkin.stage.ranking import ListId
from checkin.stage.ranking_store import rankings_of
from checkin.stewards import add_steward
from events import seeding
from events.core.auth import User
from events.core.i18n import Language
from events.core.ids import Role
from events.demo.ceremony import load_ceremony
from events.demo.story import load
from events.models import Event, Guest, SegmentId, Text
from tests import stage_scene
from tests.browser.axe import violations
from tests.browser.house import House
from tests.browser.visitor import DESKTOP, TABLET, Visitors

pytestmark = pytest.mark.browser

SMALL_PHONE = (360, 740)
FAULTS = Path(__file__).with_name("inspection.js").read_text()
PAGES = {
    "the events": "/",
    "an event": "/e/{event}",
    "the registration form": "/e/{event}/register",
    "after registering": "/e/{event}/registered",
    "a pass": "/t/{code}",
    "a page that is not there": "/e/nothing",
    "signing in": "/desk/sign-in",
    "a sign-in link": "/desk/sign-in/secret",
    "the account": "/desk/account",
    "the desk": "/desk",
    "a new event": "/desk/new",
    "an event at the desk": "/desk/{event}",
    "an event being edited": "/desk/{event}/edit",
    "the guest list": "/desk/{event}/guests",
    "nobody found": "/desk/{event}/guests?q=zzzz",
    "a new guest": "/desk/{event}/guests/new",
    "a guest": "/desk/{event}/guests/{guest}",
    "the mails": "/desk/{event}/mails",
    "the gates": "/desk/{event}/door",
    "a new gate": "/desk/{event}/door/gates/new",
    "a gate": "/desk/{event}/door/gates/{gate}",
    "the devices": "/desk/{event}/door/devices",
    "the stewards": "/desk/{event}/door/stewards",
    "the conflicts": "/desk/{event}/door/conflicts",
    "the sign-in sheets": "/desk/{event}/door/sheets",
    "ticks on paper": "/desk/{event}/door/ticks",
    "arrival alerts": "/desk/{event}/door/alerts",
    "table cards": "/stage/{event}/cards",
    "the programme": "/desk/{event}/programme",
    "a new part of the programme": "/desk/{event}/programme/new",
    "a spreadsheet to take in": "/desk/{event}/programme/import",
    "the lectern": "/stage/{event}/mc",
    "the cue sheets": "/stage/{event}/cuesheet",
    "precedence": "/stage/{event}/precedence",
    "a precedence list": "/stage/{event}/precedence/{ranking}",
    "the readiness board": "/stage/{event}",
    "the ceremony record": "/stage/{event}/record",
    "signing by hand": "/stage/{event}/rounds/{round}/sign",
    "a round": "/stage/{event}/rounds/{round}",
    "the seat plan of a round": "/stage/{event}/rounds/{round}/plan",
    "somebody stepping in": "/stage/{event}/rounds/{round}?ask=substitute&participant={part}",
    "postponing a round": "/stage/{event}/rounds/{round}?ask=postpone",
    "the exhibitors": "/desk/{event}/exhibitors",
    "a new exhibitor": "/desk/{event}/exhibitors/new",
    "an exhibitor": "/desk/{event}/exhibitors/booth/WWWWWWWWWWWW",
    "exhibitors to take in": "/desk/{event}/exhibitors/import",
    "a guided tour": "/stage/{event}/tour/{tour}",
    "the route of a tour": "/stage/{event}/tour/{tour}/edit",
    "a new round": "/stage/{event}/segments/{segment}/new",
    "a round being edited": "/stage/{event}/rounds/{round}/edit",
    "speaking names": "/stage/{event}/speaking",
    "pairing a phone": "/door/pair/{pairing}",
    "the wall": "/board/{event}",
    "the door": "/door/{event}",
}


@dataclass(frozen=True)
class Scene:
    """What there is to see, and who may see all of it."""

    event: Event
    guest: Guest
    organiser: User
    gate: Gate
    pairing: str
    stage: stage_scene.Scene
    tour: SegmentId
    ranking: ListId

    def address(self, path: str) -> str:
        """The page's address in this scene."""
        names = {"event": self.event.slug, "code": self.guest.code, "guest": self.guest.id}
        names |= {"round": self.stage.first, "part": self.stage.part_of(self.stage.visitor)}
        names |= {"segment": self.stage.segment_id, "ranking": self.ranking}
        return path.format(**names, gate=self.gate.id, pairing=self.pairing, tour=self.tour)


@pytest.fixture(scope="module")
async def scene(house: House) -> Scene:
    """The demonstration event, and a guest whose words are as long as they may be."""
    story, now = load(), house.now
    event = await house.database.write(lambda tx: seeding.seed_event(tx, story, now=now))
    await house.database.write(lambda tx: seeding.seed_guests(tx, event, story, now=now))
    await house.database.write(lambda tx: seed_stage(tx, event, load_ceremony(), now=now))
    await house.database.write(lambda tx: seed_tour(tx, event, story, now=now))
    guest = await house.guest(
        event,
        "阿卜杜热合曼·" * 11,
        mail=True,
        name_latin="Wolfeschlegelsteinhausenbergerdorff" * 2,
        organisation="DonaudampfschifffahrtsgesellschaftskapitaenWitwenkasse" * 2,
        job_title="书记" * 60,
        email=f"{'a' * 60}@{'b' * 60}.example.org",
    )
    gates = await house.database.write(lambda tx: usable_gates(tx, event.id, actor="cast", now=now))
    placed = Placement(name="1 号机", gate_id=gates[0].id, profile=Profile.SCANNER, language=Language.ZH_HANS)
    used, fresh = [
        await house.database.write(
            lambda tx: start_pairing(tx, house.keyring, event_id=event.id, placed=placed, actor="cast", now=now)
        )
        for _ in range(2)
    ]
    await house.database.write(lambda tx: pair(tx, house.keyring, code=used, former=None, language=None, now=now))
    await house.database.write(
        lambda tx: add_steward(
            tx, house.keyring, event_id=event.id, name="阿卜杜热合曼·" * 6, lead=True, actor="cast", now=now
        )
    )
    stage = await stage_scene.set_stage(house.database, event, now=now, witness=guest)
    tour = await walk_past(house, event)
    [ranking] = await house.database.read(lambda tx: rankings_of(tx, event.id))
    return Scene(event, guest, await house.user(Role.ORGANISER), gates[0], fresh, stage, tour, ranking.id)


async def walk_past(house: House, event: Event) -> SegmentId:
    """The tour of the event, led past an exhibitor first whose words are as long as they may be."""
    now, long = house.now, Text(zh_hans="展" * 160, zh_hant="展" * 160, en="Donaudampfschifffahrt" * 7)
    form = ExhibitorForm(booth="WWWWWWWWWWWW", field="ai", name=long, summary=long)
    [tour] = await house.database.read(lambda tx: tours_of(tx, event.id, now))
    before = [each.stop for each in tour.stops]
    stops = [Stop(booth=form.booth, minutes=240, note=long), *before]

    async def seed(tx: AsyncConnection) -> None:
        await add_exhibitor(tx, event.id, form, actor="cast", now=now)
        await set_route(tx, event.id, tour.segment.id, stops, seen=seal(before), actor="cast", now=now)

    await house.database.write(seed)
    for name in ("阿卜杜热合曼·" * 11, "陈伟"):
        await house.guest(event, name, booth=form.booth, job_title="书记" * 60)
    return tour.segment.id


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
async def test_the_page_is_in_order_in_every_language_at_every_size_by_day_and_by_night(
    visitors: Visitors, scene: Scene, path: str
) -> None:
    page = await visitors.enter(user=scene.organiser)
    address = scene.address(path)

    assert [fault for language in Language async for fault in faults_of(page, address, language)] == []


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
async def test_the_page_locks_nobody_out(visitors: Visitors, scene: Scene, path: str) -> None:
    page = await visitors.enter(user=scene.organiser, size=SMALL_PHONE)
    await page.goto(scene.address(path))

    by_day = await violations(page)
    await page.emulate_media(color_scheme="dark")
    by_night = await violations(page)

    assert (by_day, by_night) == ([], [])


async def faults_of(page: Page, address: str, language: Language) -> AsyncIterator[str]:
    """What is wrong at any size, by day or by night."""
    await page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
    spoken = await page.get_attribute("html", "lang")
    if spoken != language:
        yield f"{language}: speaks {spoken}"
    for width, height in (SMALL_PHONE, TABLET, DESKTOP):
        await page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)
            for fault in await page.evaluate(FAULTS):
                yield f"{language}, {width} px, {scheme}: {fault}"
