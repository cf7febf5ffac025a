from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import sqlalchemy as sa

from events.core import accounts
from events.core.ids import Role
from events.core.tables import sessions, users
from events.core.web import SESSION_COOKIE
from tests.cast import Cast, on_one_engine

PASSWORD = "correct horse battery"
EMAIL = "organiser@example.org"


@pytest.fixture
async def house(cast: Cast) -> Cast:
    """The cast, with an organiser who has a password."""
    hashed = await accounts.hash_password(PASSWORD)
    given = sa.update(users).where(users.c.email == EMAIL).values(password_hash=hashed)
    await cast.database.write(lambda tx: tx.execute(given))
    return cast


async def sign_in(browser: httpx.AsyncClient, *, next_path: str = "", **given: str) -> httpx.Response:
    form = {"email": EMAIL, "password": PASSWORD, "next": next_path, **given}
    return await browser.post("/desk/sign-in", data=form)


async def link_for(cast: Cast, role: Role = Role.ORGANISER) -> str:
    now = cast.clock.now()
    user = await cast.database.read(lambda tx: accounts.user_by_email(tx, f"{role}@example.org"))
    assert user is not None
    secret = await cast.database.write(
        lambda tx: accounts.create_link(tx, cast.state["keyring"], user_id=user.id, now=now)
    )
    return f"/desk/sign-in/{secret}"


async def is_signed_in(browser: httpx.AsyncClient) -> bool:
    return (await browser.get("/desk/account")).status_code == 200


async def session_count(cast: Cast) -> int:
    counted = sa.select(sa.func.count()).select_from(sessions)
    return (await cast.database.read(lambda tx: tx.execute(counted))).scalar_one()


async def test_the_right_password_opens_the_desk(house: Cast) -> None:
    answer = await sign_in(house.stranger, email=" Organiser@Example.org ")

    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    cookie = SimpleCookie(answer.headers["set-cookie"])[SESSION_COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "lax", "/")
    assert cookie["max-age"] == str(14 * 3600)
    assert not cookie["secure"]
    assert await is_signed_in(house.stranger)


@on_one_engine
async def test_over_https_the_session_never_travels_otherwise(house: Cast) -> None:
    over_tls = house.browser()
    over_tls.base_url = "https://guests.test"

    answer = await sign_in(over_tls)

    assert SimpleCookie(answer.headers["set-cookie"])[SESSION_COOKIE]["secure"]


@pytest.mark.parametrize(
    "given",
    [{"password": "wrong"}, {"email": "nobody@example.org"}, {"email": ""}, {"email": "steward@example.org"}],
)
@on_one_engine
async def test_a_wrong_password_and_an_unknown_address_read_the_same(house: Cast, given: dict[str, str]) -> None:
    answer = await sign_in(house.stranger, **given)

    assert answer.status_code == 422
    assert "E-mail address or password is not right." in answer.text
    assert "set-cookie" not in answer.headers
    assert f'value="{given.get("email", EMAIL)}"' in answer.text
    assert PASSWORD not in answer.text


async def test_an_address_that_no_database_can_hold_signs_nobody_in(house: Cast) -> None:
    answer = await sign_in(house.stranger, email="a\x00b@example.org")

    assert answer.status_code in {400, 422}
    assert "set-cookie" not in answer.headers


@on_one_engine
async def test_after_ten_tries_an_address_waits_even_for_the_right_password(house: Cast) -> None:
    tries = [(await sign_in(house.stranger, password="wrong")).status_code for _ in range(10)]

    braked = await sign_in(house.stranger, email=EMAIL.upper())
    other = await sign_in(house.stranger, email="other@example.org")

    assert tries == [422] * 10
    assert braked.status_code == 429
    assert 0 < int(braked.headers["retry-after"]) <= 300
    assert f"Wait {braked.headers['retry-after']} seconds" in braked.text
    assert other.status_code == 422


@on_one_engine
async def test_twenty_stewards_behind_one_address_can_sign_in(cast: Cast) -> None:
    for _ in range(20):
        answer = await cast.browser().post(await link_for(cast, Role.STEWARD))
        assert answer.status_code == 303


@on_one_engine
async def test_forty_tries_from_one_network_address_are_enough(cast: Cast) -> None:
    statuses = [(await cast.stranger.post(f"/desk/sign-in/guess-{number}")).status_code for number in range(41)]

    assert statuses == [401] * 40 + [429]


@on_one_engine
@pytest.mark.parametrize(
    ("role", "home"), [(Role.ORGANISER, "/desk"), (Role.PROTOCOL, "/desk"), (Role.STEWARD, "/door")]
)
async def test_everybody_lands_where_their_work_is(cast: Cast, role: Role, home: str) -> None:
    browser = cast.browser()

    answer = await browser.post(await link_for(cast, role))

    assert answer.headers["location"] == home
    assert (await browser.get(home, follow_redirects=True)).status_code == 200


TARGETS = {
    "/desk/valley-launch": "/desk/valley-launch",
    "/door/valley-launch?gate=1&lang=en": "/door/valley-launch?gate=1&lang=en",
    "": "/desk",
    "desk": "/desk",
    "//evil.example": "/desk",
    "/\\evil.example": "/desk",
    "\\\\evil.example": "/desk",
    "/\t/evil.example": "/desk",
    "/\n/evil.example": "/desk",
    " //evil.example": "/desk",
    "https://evil.example": "/desk",
    "https:evil.example": "/desk",
    "http://[": "/desk",
    "//[": "/desk",
    "javascript:alert(1)": "/desk",
    "/\x00": "/desk",
}
"""Where somebody asks to be sent after signing in, and where they land."""


@on_one_engine
async def test_signing_in_leads_to_our_own_pages_only(cast: Cast) -> None:
    landed = {}

    for next_path in TARGETS:
        answer = await cast.browser().post(await link_for(cast), params={"next": next_path})
        landed[next_path] = answer.headers["location"]

    assert landed == TARGETS


@on_one_engine
@pytest.mark.parametrize("next_path", ["/desk/valley-launch", "//evil.example", "http://["])
async def test_a_password_leads_to_our_own_pages_only(house: Cast, next_path: str) -> None:
    answer = await sign_in(house.stranger, next_path=next_path)

    assert (answer.status_code, answer.headers["location"]) == (303, TARGETS[next_path])


async def test_a_link_asks_for_a_press_and_works_once(cast: Cast) -> None:
    link, first, second = await link_for(cast), cast.browser(), cast.browser()

    looked = [await first.get(link) for _ in range(3)]
    pressed, again = await first.post(link), await second.post(link)

    assert [answer.status_code for answer in looked] == [200] * 3
    assert (pressed.status_code, again.status_code) == (303, 401)
    assert "This sign-in link has been used or is too old." in again.text
    assert (await is_signed_in(first), await is_signed_in(second)) == (True, False)


@on_one_engine
async def test_an_old_link_is_refused(cast: Cast) -> None:
    link = await link_for(cast)
    cast.clock.forward(hours=13)

    answer = await cast.browser().post(link)

    assert answer.status_code == 401


async def test_signing_out_ends_this_session_only(cast: Cast) -> None:
    one, two = await cast.person(Role.ORGANISER), cast.organiser
    before = await session_count(cast)

    answer = await one.post("/desk/sign-out")

    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/sign-in")
    assert SimpleCookie(answer.headers["set-cookie"])[SESSION_COOKIE]["max-age"] == "0"
    assert await session_count(cast) == before - 1
    assert await is_signed_in(two)


async def test_a_session_that_was_signed_out_is_worthless_at_once(cast: Cast) -> None:
    stolen = cast.browser(cookies=dict(cast.organiser.cookies))
    assert await is_signed_in(stolen)

    await cast.organiser.post("/desk/sign-out")

    assert not await is_signed_in(stolen)


async def test_signing_out_everywhere_ends_every_session_and_link_at_once(cast: Cast) -> None:
    elsewhere, link = cast.browser(), await link_for(cast)
    await elsewhere.post(await link_for(cast))
    assert await is_signed_in(elsewhere)

    answer = await cast.organiser.post("/desk/sign-out-everywhere")

    assert answer.headers["location"] == "/desk/sign-in"
    assert not await is_signed_in(elsewhere)
    assert (await cast.browser().post(link)).status_code == 401
    assert await is_signed_in(cast.steward)


async def test_a_session_ends_after_fourteen_hours(cast: Cast) -> None:
    assert await is_signed_in(cast.organiser)
    cast.clock.forward(hours=14, seconds=1)

    page = await cast.organiser.get("/desk/valley-launch/guests")
    sent = await cast.organiser.post("/desk/valley-launch/guests/new", data={"name": "陈伟"})

    assert (page.status_code, sent.status_code) == (303, 401)
    target = urlsplit(page.headers["location"])
    assert (target.path, parse_qs(target.query)) == ("/desk/sign-in", {"next": ["/desk/valley-launch/guests"]})


@on_one_engine
async def test_the_page_that_was_asked_for_comes_after_signing_in(house: Cast) -> None:
    asked = await house.stranger.get("/desk/valley-launch/guests?q=chen&status=confirmed")
    form = await house.stranger.get(asked.headers["location"])
    next_path = parse_qs(urlsplit(asked.headers["location"]).query)["next"][0]

    answer = await sign_in(house.stranger, next_path=next_path)

    assert 'value="/desk/valley-launch/guests?q=chen&amp;status=confirmed"' in form.text
    assert answer.headers["location"] == "/desk/valley-launch/guests?q=chen&status=confirmed"


async def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(house: Cast) -> None:
    other = house.browser()
    await sign_in(other)

    answer = await house.organiser.post("/desk/account", data={"password": "a new password"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    assert (await is_signed_in(house.organiser), await is_signed_in(other)) == (True, False)
    assert (await sign_in(house.browser())).status_code == 422
    assert (await sign_in(house.browser(), password="a new password")).status_code == 303


@on_one_engine
@pytest.mark.parametrize(
    ("password", "status"), [("", 422), ("eleven char", 422), ("twelve chars", 303), ("迎" * 12, 303)]
)
async def test_a_password_has_twelve_characters_or_more(cast: Cast, password: str, status: int) -> None:
    answer = await cast.organiser.post("/desk/account", data={"password": password})

    assert answer.status_code == status
    assert ("Use 12 characters or more." in answer.text) == (status == 422)


@on_one_engine
async def test_the_account_page_says_who_one_is(cast: Cast) -> None:
    page = await cast.protocol.get("/desk/account")

    assert "protocol@example.org" in page.text
    assert "Protocol officer" in page.text


@on_one_engine
@pytest.mark.parametrize("path", ["/desk/account", "/desk/sign-out-everywhere"])
async def test_a_token_has_no_account(cast: Cast, path: str) -> None:
    answer = await cast.script.post(path, data={"password": "a new password"})

    assert answer.status_code == 401


@on_one_engine
@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}]
)
async def test_no_other_site_signs_anybody_in_or_out(house: Cast, headers: dict[str, str]) -> None:
    link = await link_for(house)
    given = {"email": EMAIL, "password": PASSWORD}

    answers = [
        await house.stranger.post("/desk/sign-in", data=given, headers=headers),
        await house.stranger.post(link, headers=headers),
        await house.organiser.post("/desk/sign-out", headers=headers),
        await house.organiser.post("/desk/sign-out-everywhere", headers=headers),
        await house.organiser.post("/desk/account", data={"password": "a new password"}, headers=headers),
    ]

    assert [answer.status_code for answer in answers] == [403] * 5
    assert "This form was sent from another site." in answers[0].text
    assert await is_signed_in(house.organiser)
    assert (await house.stranger.post(link)).status_code == 303
