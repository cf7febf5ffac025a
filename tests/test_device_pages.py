import re
from base64 import b64decode
from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import Any

import httpx
import pytest
import zxingcpp
from PIL import Image

from checkin import devices
from checkin.devices import Report, devices_of
from checkin.models import Device, DeviceId
from tests.cast import NOON, Cast, on_one_engine
from tests.door_crew import paired, phone

pytestmark = on_one_engine
DESK = "/desk/valley-launch/door/devices"


async def devices_now(cast: Cast) -> list[Device]:
    return await cast.database.read(lambda tx: devices_of(tx, cast.event.id))


def form(cast: Cast, **given: str) -> dict[str, str]:
    return {"gate": str(cast.gate.id), "profile": "scanner", "language": "en", "name": "", **given}


async def shown(cast: Cast, path: str = DESK) -> str:
    return unescape((await cast.organiser.get(path, headers={"Accept-Language": "en"})).text)


async def new_code(cast: Cast, **given: str) -> str:
    """The address of the page that shows a new code."""
    answer = await cast.organiser.post(DESK, data=form(cast, **given))
    assert answer.status_code == 303
    return answer.headers["location"]


async def reported(cast: Cast, device_id: DeviceId, **given: Any) -> None:
    now = cast.clock.now()
    usual = {"steward": "", "waiting": 0, "oldest_waiting_at": None, "data_at": now, "skew_ms": 0, "battery": None}
    told = Report(**{**usual, "held": 3, "app": "0.2.0", **given})
    await cast.database.write(
        lambda tx: devices.report(tx, event_id=cast.event.id, device_id=device_id, told=told, now=now)
    )


def rows_of(page: str) -> list[str]:
    """The words of each row of the list."""
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", row).split()) for row in rows[1:]]


def errors_in(page: httpx.Response) -> dict[str, str]:
    return dict(re.findall(r'<p class="error" id="([\w.]+)-error">([^<]*)</p>', page.text))


async def test_without_a_device_the_page_offers_to_pair_one(cast: Cast) -> None:
    page = await shown(cast)

    assert "No phone is paired yet." in page
    assert '<details class="disclosure framed narrow" id="pair" open>' in page


async def test_the_code_is_a_picture_of_the_address_that_a_phone_opens(cast: Cast) -> None:
    location = await new_code(cast, name="主入口 2 号机")

    page = await shown(cast, location)

    picture = re.search(r'src="data:image/png;base64,([^"]+)"', page)
    assert picture
    read = zxingcpp.read_barcode(Image.open(BytesIO(b64decode(picture[1]))))
    assert read
    address = read.text
    assert re.fullmatch(r"http://guests\.test/door/pair/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", address)
    assert location.rpartition("/")[2] == address.rpartition("/")[2]
    assert f'<p class="code">{address}</p>' in page
    assert all(words in page for words in ("主入口 2 号机", "Waiting for the phone", "12:10", "10 min left"))
    assert (await cast.browser().post(address)).status_code == 303


async def test_the_page_of_the_code_tells_when_the_phone_is_paired_and_when_it_was_not(cast: Cast) -> None:
    used, old = await new_code(cast), await new_code(cast)
    await cast.browser().post(f"/door/pair/{used.rpartition('/')[2]}")
    cast.clock.forward(minutes=9, seconds=30)
    waiting = await shown(cast, old)
    cast.clock.forward(minutes=1)

    pages = {"waiting": waiting, "paired": await shown(cast, used), "too old": await shown(cast, old)}

    live = {name: 'data-live="2"' in page for name, page in pages.items()}
    assert live == {"waiting": True, "paired": False, "too old": False}
    assert "1 min left" in pages["waiting"]
    assert "The phone is paired" in pages["paired"]
    assert "This code is too old" in pages["too old"]


async def test_a_code_is_not_shown_at_another_events_desk(cast: Cast) -> None:
    location = await new_code(cast)
    secret = location.rpartition("/")[2]

    elsewhere = await cast.organiser.get(f"/desk/other-event/door/devices/pair/{secret}")
    unknown = await cast.organiser.get(f"{DESK}/pair/0000-0000-0000")

    assert ((await cast.organiser.get(location)).status_code, elsewhere.status_code) == (200, 404)
    assert unknown.status_code == 409


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("gate", "0" * 32, "Please choose one of the list."),
        ("gate", "north", "This is not a valid entry."),
        ("profile", "camera", "This is not a valid entry."),
        ("language", "fr", "This is not a valid entry."),
        ("name", "x" * 81, "This is too long."),
    ],
)
async def test_a_wrong_placement_comes_back_with_what_was_typed(
    cast: Cast, field: str, value: str, sentence: str
) -> None:
    made = await paired(cast)
    typed = form(cast, **{"name": "北门", field: value})

    pages = [await cast.organiser.post(path, data=typed) for path in (DESK, f"{DESK}/{made.device_id}")]

    for page in pages:
        assert (page.status_code, errors_in(page)) == (422, {field: sentence})
        assert f'value="{typed["name"]}"' in page.text
    assert [device.name for device in await devices_now(cast)] == ["主入口 1 号机"]


async def test_the_list_tells_how_every_device_is(cast: Cast) -> None:
    healthy, troubled, unseen = [(await paired(cast, name=name)).device_id for name in ("A", "B", "C")]
    early = NOON - timedelta(minutes=12)
    await reported(
        cast, troubled, waiting=31, oldest_waiting_at=early, data_at=early, skew_ms=44_000, battery=7, held=1204
    )
    cast.clock.forward(seconds=61)
    await reported(cast, healthy, steward="陈小满", battery=80, skew_ms=-3000)

    page = await shown(cast)

    gate = cast.gate.name
    assert rows_of(page) == [
        f"A {gate} · Scanner Healthy 陈小满 1 sec ago 12:01:01 0 3 guests 1 sec ago 3 s ahead 80 % 0.2.0",
        f"B {gate} · Scanner No sign of life Scans are waiting Old guest list Clock is wrong Battery low "
        "nobody 1 min ago 12:00:00 31 since 11:48 1204 guests 13 min ago 44 s behind 7 % 0.2.0",
        f"C {gate} · Scanner Not seen yet nobody – 0 0 guests – – –",
    ]
    assert "3 paired · 2 to look at" in page
    assert f'id="device-{unseen}"' in page


async def test_a_device_is_moved_from_its_page(cast: Cast) -> None:
    made = await paired(cast)
    await cast.organiser.post(f"{cast.api}/gates", json={"name": "北门"})
    north = next(
        gate for gate in (await cast.organiser.get(f"{cast.api}/gates")).json()["gates"] if gate["name"] == "北门"
    )
    path = f"{DESK}/{made.device_id}"

    answer = await cast.organiser.post(path, data=form(cast, gate=north["id"], profile="kiosk", name="北门 1"))
    nameless = await cast.organiser.post(path, data=form(cast))
    page = await shown(cast, answer.headers["location"])

    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?done=moved")
    assert errors_in(nameless) == {"name": "Please fill this in."}
    device = (await devices_now(cast))[0]
    assert (device.name, device.gate, device.profile, device.language) == ("北门 1", "北门", "kiosk", "en")
    assert "The changes are saved." in page
    assert re.findall(r"<option value=\"([^\"]*)\" selected", page) == [north["id"], "kiosk", "en"]


async def test_a_lost_phone_is_withdrawn_at_once_and_what_it_holds_is_listed(cast: Cast) -> None:
    guest, (browser, device_id) = await cast.guest("李娜"), await phone(cast)
    await cast.scanned(cast.scan(guest.code), by=browser)
    await reported(cast, device_id, waiting=4, oldest_waiting_at=NOON, held=1204)
    path = f"{DESK}/{device_id}"
    before = await shown(cast, path)

    answer = await cast.organiser.post(f"{path}/withdraw")
    again = await cast.organiser.post(f"{path}/withdraw")
    after = await shown(cast, answer.headers["location"])

    assert (await browser.get(f"{cast.api}/gates")).json()["code"] == "device_revoked"
    assert [each.headers["location"] for each in (answer, again)] == [f"{path}?done=withdrawn"] * 2
    assert ("If this phone is lost" in before, "What this phone holds" in after) == (True, True)
    for said in ("titles of 1204 guests", "4 scans that were not uploaded", "Last scans from this phone", "李娜"):
        assert (said in before, said in after) == (True, True), said
    assert ("/withdraw" in before, "/withdraw" in after) == (True, False)
    assert (await cast.organiser.post(path, data=form(cast, name="X"))).status_code == 409


async def test_a_phone_that_holds_nothing_says_so(cast: Cast) -> None:
    made = await paired(cast)

    page = await shown(cast, f"{DESK}/{made.device_id}")

    assert "No guest list, as far as it has reported." in page
    assert "No scan was waiting when it last reported." in page
    assert "Last scans from this phone" not in page


async def test_withdrawn_devices_stand_apart_with_what_was_still_on_them(cast: Cast) -> None:
    made = await paired(cast)
    await reported(cast, made.device_id, waiting=4, oldest_waiting_at=NOON)
    await cast.organiser.post(f"{DESK}/{made.device_id}/withdraw")

    page = await shown(cast)

    assert "No phone is paired yet." in page
    assert "4 scans were still on it" in page


async def test_an_event_without_a_gate_gets_its_main_entrance(cast: Cast) -> None:
    page = await cast.organiser.get("/desk/other-event/door/devices")

    assert re.findall(r"<option value=\"[^\"]*\">([^<]*Main entrance)</option>", page.text) == ["正门 Main entrance"]


async def test_the_devices_are_the_desks_alone(cast: Cast) -> None:
    browser, device_id = await phone(cast)
    code = (await new_code(cast)).rpartition("/")[2]
    reads = (DESK, f"{DESK}/pair/{code}", f"{DESK}/{device_id}")
    writes = (DESK, f"{DESK}/{device_id}", f"{DESK}/{device_id}/withdraw")
    callers = (cast.steward, cast.protocol, browser, cast.outsider)

    asked = [[(await each.get(path)).status_code for each in callers] for path in reads]
    sent = [[(await each.post(path, data=form(cast, name="X"))).status_code for each in callers] for path in writes]
    strange = [(await cast.stranger.get(path)).status_code for path in reads]

    assert asked + sent == [[403, 403, 403, 404]] * 6
    assert (strange, (await cast.stranger.post(DESK)).status_code) == ([303] * 3, 401)
    assert [device.name for device in await devices_now(cast)] == ["主入口 1 号机"]
    assert (await cast.organiser.get(f"{DESK}/{'0' * 8}-0000-0000-0000-{'0' * 12}")).status_code == 404
