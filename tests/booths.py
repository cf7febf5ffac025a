"""Exhibitors of the cast's event, the phones at their booths, visitors who agreed or did not, and a tour past them."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import sqlalchemy as sa

from checkin.booth import exhibitors
from checkin.booth.exhibitor_form import ExhibitorForm
from checkin.booth.models import Stop
from checkin.booth.tours import seal, set_route, tours_of
from checkin.devices import Placement, pair, start_pairing
from checkin.models import Profile
from events.core.i18n import Language
from events.core.ids import new_id
from events.core.web import DEVICE_COOKIE
from events.models import UNSAID, Exhibitor, Guest, SegmentId, SegmentKind, Text
from events.sharing import share
from events.store import guest_by_id
from events.tables import segments
from tests.cast import Cast
from tests.phones import Phone

AI = Text(zh_hans="人工智能", zh_hant="人工智能", en="Artificial intelligence")


def exhibitor_form(booth: str = "A-01", **given: Any) -> ExhibitorForm:
    """A company of artificial intelligence."""
    usual = {"field_name": AI, "name": Text(zh_hans="知微智能", en="Zhiwei Intelligence")}
    return ExhibitorForm(**{"booth": booth, **usual, **given})


async def exhibitor(cast: Cast, booth: str = "A-01", **given: Any) -> Exhibitor:
    """An exhibitor at a booth of their own."""
    form, now = exhibitor_form(booth, **given), cast.clock.now()
    return await cast.database.write(
        lambda tx: exhibitors.add_exhibitor(tx, cast.event.id, form, actor="cast", now=now)
    )


async def booth_phone(cast: Cast, booth: str = "A-01") -> Phone:
    """A phone that was paired at a booth."""
    keyring, now = cast.state["keyring"], cast.clock.now()

    async def made(tx: Any) -> Any:
        gate = await exhibitors.booth_gate(tx, cast.event.id, booth, actor="cast", now=now)
        placed = Placement(name="", gate_id=gate.id, profile=Profile.BOOTH, language=Language.EN)
        code = await start_pairing(tx, keyring, event_id=cast.event.id, placed=placed, actor="cast", now=now)
        return await pair(tx, keyring, code=code, former=None, language=None, now=now)

    phone = await cast.database.write(made)
    return Phone(phone.device_id, cast.browser(cookies={DEVICE_COOKIE: phone.token}))


async def agree(cast: Cast, guest: Guest, *, agrees: bool = True) -> Guest:
    """The guest, having agreed to be known to exhibitors, or having taken it back."""
    now = cast.clock.now()
    await cast.database.write(lambda tx: share(tx, guest, agrees=agrees, now=now))
    return await cast.database.read(lambda tx: guest_by_id(tx, cast.event.id, guest.id))


async def visitor(cast: Cast, name: str = "陈伟", **given: str) -> Guest:
    """A confirmed guest who agreed."""
    return await agree(cast, await cast.guest(name, **given))


async def scanned(cast: Cast, browser: httpx.AsyncClient, code: str, **given: Any) -> dict[str, Any]:
    """What a booth is told of a code."""
    answer = await browser.post(f"{cast.api}/leads", json={"id": str(uuid4()), "code": code, **given})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def met(cast: Cast, browser: httpx.AsyncClient, query: str = "") -> list[str]:
    """The names on a list of visitors."""
    answer = await browser.get(f"{cast.api}/leads.json{query}")
    return [lead["name"] for lead in answer.json()["leads"]]


async def tour(cast: Cast, *booths: str, minutes: int = 10) -> SegmentId:
    """A tour that begins an hour from now and stops at those booths."""
    segment_id, now = SegmentId(new_id()), cast.clock.now()
    begins = now + timedelta(hours=1)
    times = {"starts_at": begins, "ends_at": begins + timedelta(hours=1)}
    row = {"event_id": cast.event.id, "segment_id": segment_id, "kind": SegmentKind.TOUR, "position": 9, "version": 1}
    said = {"title": Text(zh_hans="参观", en="Tour of the park"), "place": UNSAID, "script": UNSAID}
    values = {**row, **times, **said, "languages": ["zh-Hans"], "public": True}
    await cast.database.write(lambda tx: tx.execute(sa.insert(segments).values(**values)))
    stops = [Stop(booth=booth, minutes=minutes) for booth in booths]
    await cast.database.write(
        lambda tx: set_route(tx, cast.event.id, segment_id, stops, seen=seal([]), actor="cast", now=now)
    )
    return segment_id


async def route_of(cast: Cast, segment_id: SegmentId) -> list[Stop]:
    """The stops of a tour as they are kept."""
    found = await cast.database.read(lambda tx: tours_of(tx, cast.event.id, cast.clock.now()))
    return [each.stop for tour in found if tour.segment.id == segment_id for each in tour.stops]
