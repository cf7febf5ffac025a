import re
from datetime import timedelta

import anyio
import httpx
import pytest

from checkin.devices import devices_of
from checkin.models import Device
from events.core.ids import Role
from events.core.web import DEVICE_COOKIE, SESSION_COOKIE
from tests.cast import Cast, on_one_engine
from tests.door_crew import code_for, phone

USED = "This pairing code has been used or is too old. Ask a lead for a new one."
WECHAT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Mobile Safari/537.36 MicroMessenger/8.0.49 Language/zh_CN"


async def devices_now(cast: Cast) -> list[Device]:
    return await cast.database.read(lambda tx: devices_of(tx, cast.event.id))


def address_of(code: str) -> str:
    return f"/door/pair/{code}"


def cookies_of(answer: httpx.Response) -> dict[str, str]:
    return {header.partition("=")[0]: header for header in answer.headers.get_list("set-cookie")}


@on_one_engine
async def test_opening_the_link_shows_what_the_phone_would_become_and_uses_nothing_up(cast: Cast) -> None:
    code = await code_for(cast)

    pages = [await cast.stranger.get(address_of(code), params={"lang": "en"}) for _ in range(3)]

    assert [page.status_code for page in pages] == [200] * 3
    assert all(said in pages[2].text for said in ("主入口 1 号机", cast.gate.name, "Launch of the Valley", "Scanner"))
    assert len(re.findall("<button", pages[2].text)) == 1
    assert DEVICE_COOKIE not in cast.stranger.cookies
    assert await devices_now(cast) == []


@on_one_engine
async def test_the_page_speaks_the_language_of_the_device_until_another_is_chosen(cast: Cast) -> None:
    code = await code_for(cast)

    page = await cast.browser(headers={"Accept-Language": "en"}).get(address_of(code))
    chosen = await cast.browser().get(address_of(code), params={"lang": "zh-Hant"})

    assert '<html lang="zh-Hans">' in page.text
    assert '<html lang="zh-Hant">' in chosen.text


async def test_pressing_the_button_pairs_the_phone_until_a_week_after_the_event(cast: Cast) -> None:
    code, browser = await code_for(cast), cast.browser()

    answer = await browser.post(address_of(code))
    gates = await browser.get(f"{cast.api}/gates")

    assert (answer.status_code, answer.headers["location"]) == (303, "/door")
    life = int((cast.event.ends_at + timedelta(days=7) - cast.clock.now()).total_seconds())
    kept = cookies_of(answer)[DEVICE_COOKIE].lower()
    assert kept.partition("; ")[2] == f"httponly; max-age={life}; path=/; samesite=lax"
    assert browser.cookies["yingbin_language"] == "zh-Hans"
    assert gates.status_code == 200
    assert [device.name for device in await devices_now(cast)] == ["主入口 1 号机"]


@on_one_engine
async def test_over_https_the_cookie_travels_over_https_only(cast: Cast) -> None:
    code = await code_for(cast)
    browser = httpx.AsyncClient(transport=cast.transport, base_url="https://guests.test")

    answer = await browser.post(address_of(code))

    assert "; secure" in cookies_of(answer)[DEVICE_COOKIE].lower()


@on_one_engine
async def test_a_phone_paired_long_after_the_event_keeps_the_cookie_for_a_day(cast: Cast) -> None:
    cast.clock.forward(days=30)
    code = await code_for(cast)

    answer = await cast.browser().post(address_of(code))

    assert "max-age=86400;" in cookies_of(answer)[DEVICE_COOKIE].lower()


async def test_two_phones_press_at_once_and_one_is_paired(cast: Cast) -> None:
    code, statuses = await code_for(cast), []

    async def press() -> None:
        statuses.append((await cast.browser().post(address_of(code))).status_code)

    async with anyio.create_task_group() as tasks:
        for _ in range(5):
            tasks.start_soon(press)

    assert sorted(statuses) == [303, 409, 409, 409, 409]
    assert len(await devices_now(cast)) == 1


async def test_the_phone_that_used_a_code_is_sent_to_its_door_again(cast: Cast) -> None:
    code, browser = await code_for(cast), cast.browser()
    await browser.post(address_of(code))

    answers = [await browser.get(address_of(code)), await browser.post(address_of(code))]

    assert [(answer.status_code, answer.headers["location"]) for answer in answers] == [(303, "/door")] * 2
    assert len(await devices_now(cast)) == 1


@on_one_engine
async def test_a_used_an_old_and_an_unknown_code_say_so(cast: Cast) -> None:
    used, old = await code_for(cast), await code_for(cast)
    await cast.browser().post(address_of(used))
    cast.clock.forward(minutes=10)

    for code in (used, old, "0" * 12, "x"):
        for answer in (
            await cast.browser().get(address_of(code), params={"lang": "en"}),
            await cast.browser().post(address_of(code), params={"lang": "en"}),
        ):
            assert (answer.status_code, USED in answer.text) == (409, True), code


@on_one_engine
async def test_guessing_codes_is_braked(cast: Cast) -> None:
    statuses = [(await cast.stranger.get(address_of("0" * 12))).status_code for _ in range(201)]

    assert (set(statuses[:200]), statuses[200]) == ({409}, 429)


async def test_a_phone_that_is_paired_again_leaves_its_old_device(cast: Cast) -> None:
    browser, before = await phone(cast)
    code = await code_for(cast, name="北门 1 号机")
    was = browser.cookies[DEVICE_COOKIE]

    answer = await browser.post(address_of(code), params={"lang": "zh-Hant"})
    browser.cookies.clear()
    old = await cast.browser(cookies={DEVICE_COOKIE: was}).get(f"{cast.api}/gates")

    assert answer.status_code == 303
    assert (old.status_code, old.json()["code"]) == (401, "device_revoked")
    standing, gone = await devices_now(cast)
    assert (standing.name, standing.language, standing.revoked_at) == ("北门 1 号机", "zh-Hant", None)
    assert (gone.id, gone.revoked_at) == (before, cast.clock.now())


@on_one_engine
async def test_a_phone_that_was_withdrawn_may_be_paired_again(cast: Cast) -> None:
    browser, device_id = await phone(cast)
    await cast.organiser.post(f"/desk/valley-launch/door/devices/{device_id}/withdraw")
    code = await code_for(cast)

    answer = await browser.post(address_of(code))

    assert answer.status_code == 303
    assert [bool(device.revoked_at) for device in await devices_now(cast)] == [False, True]


@on_one_engine
async def test_whoever_is_signed_in_on_the_phone_is_told_and_signed_out(cast: Cast) -> None:
    lead = await cast.person(Role.ORGANISER)
    session = lead.cookies[SESSION_COOKIE]
    code = await code_for(cast)

    page = await lead.get(address_of(code), params={"lang": "en"})
    answer = await lead.post(address_of(code))
    elsewhere = await cast.browser(cookies={SESSION_COOKIE: session}).get(f"{cast.api}/gates")

    assert "organiser is signed in on this phone and will be signed out" in page.text
    assert 'yingbin_session=""' in cookies_of(answer)[SESSION_COOKIE]
    assert elsewhere.status_code == 401


@on_one_engine
async def test_a_script_s_token_in_the_cookie_is_no_phone(cast: Cast) -> None:
    token = cast.script.headers["authorization"].partition(" ")[2]
    code = await code_for(cast)

    answer = await cast.browser(cookies={DEVICE_COOKIE: token}).post(address_of(code))

    assert answer.status_code == 303
    assert (await cast.script.get(f"{cast.api}/gates")).status_code == 200


@on_one_engine
@pytest.mark.parametrize("header", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.test"}])
async def test_another_site_cannot_pair_a_phone(cast: Cast, header: dict[str, str]) -> None:
    code = await code_for(cast)

    answer = await cast.browser().post(address_of(code), headers=header)

    assert answer.status_code == 403
    assert await devices_now(cast) == []


@on_one_engine
async def test_inside_wechat_the_way_out_is_shown_in_every_language(cast: Cast) -> None:
    code = await code_for(cast)

    inside = await cast.browser(headers={"User-Agent": WECHAT}).get(address_of(code))
    outside = await cast.browser(headers={"User-Agent": "Mozilla/5.0 Safari/605"}).get(address_of(code))

    ways = ("在浏览器打开", "在瀏覽器開啟", "Open in Browser")
    assert [way in inside.text for way in ways] == [True] * 3
    assert [way in outside.text for way in ways] == [False] * 3
