"""Who may go where: every route against everybody who may come.

A new route fails the first test until it has a row in `RULES`.
"""

from uuid import uuid4

import httpx
import pytest
from starlette.routing import Route

from events.app import routes
from events.core.auth import Scope
from events.core.ids import Role
from tests.cast import Cast, eventually, on_one_engine

NOBODY, STEWARD, PROTOCOL, ORGANISER, ADMIN = "nobody", "steward", "protocol", "organiser", "admin"
OUTSIDER, READER, SCANNER = "a token of another event", "a read token", "a door token"
EVERYBODY = {NOBODY, STEWARD, PROTOCOL, ORGANISER, ADMIN, OUTSIDER, READER, SCANNER}

DESK = {ORGANISER, ADMIN}
READ = {PROTOCOL, ORGANISER, ADMIN, READER}
DOOR = {STEWARD, ORGANISER, ADMIN, SCANNER}
PEOPLE = {STEWARD, PROTOCOL, ORGANISER, ADMIN}
SIGNED_IN = EVERYBODY - {NOBODY}

API = "/api/v1/events/{event}"
GUEST = "/desk/{event}/guests/{guest}"

RULES: dict[str, tuple[set[str], int]] = {
    "GET /": (EVERYBODY, 200),
    "GET /e/{slug}": (EVERYBODY, 200),
    "GET /e/{slug}/register": (EVERYBODY, 200),
    "POST /e/{slug}/register": (EVERYBODY, 422),
    "GET /e/{slug}/registered": (EVERYBODY, 200),
    "GET /t/{code}": (EVERYBODY, 200),
    "GET /t/{code}/event.ics": (EVERYBODY, 200),
    "GET /t/{code}/badge.pdf": (EVERYBODY, 200),
    "GET /t/{code}/qr.png": (EVERYBODY, 200),
    "GET /healthz": (EVERYBODY, 200),
    "GET /readyz": (EVERYBODY, 200),
    "GET /favicon.ico": (EVERYBODY, 200),
    "GET /desk/sign-in": (EVERYBODY, 200),
    "POST /desk/sign-in": (EVERYBODY, 422),
    "GET /desk/sign-in/{secret}": (EVERYBODY, 200),
    "POST /desk/sign-in/{secret}": (set(), 401),
    "POST /desk/sign-out": (SIGNED_IN, 303),
    "POST /desk/sign-out-everywhere": (PEOPLE, 303),
    "GET /desk/account": (PEOPLE, 200),
    "POST /desk/account": (PEOPLE, 422),
    "GET /desk": (READ - {READER}, 200),
    "GET /desk/new": (DESK, 200),
    "POST /desk/new": (DESK, 422),
    "GET /desk/{event}": (READ, 200),
    "GET /desk/{event}/edit": (DESK, 200),
    "POST /desk/{event}/edit": (DESK, 422),
    "GET /desk/{event}/guests": (READ, 200),
    "GET /desk/{event}/guests/new": (DESK, 200),
    "POST /desk/{event}/guests/new": (DESK, 422),
    f"GET {GUEST}": (READ, 200),
    f"POST {GUEST}": (DESK, 422),
    f"POST {GUEST}/cancel": (DESK, 303),
    f"POST {GUEST}/confirm": (DESK, 303),
    f"POST {GUEST}/replace-ticket": (DESK, 303),
    f"POST {GUEST}/resend": (DESK, 303),
    "GET /desk/{event}/mails": (DESK, 200),
    "GET /desk/{event}/mails/{message:uuid}": (DESK, 200),
    "GET /desk/{event}/badges.pdf": (DESK, 200),
    "GET /desk/{event}/attendance.pdf": (READ, 200),
    "GET /desk/{event}/attendance.csv": (READ, 200),
    "GET /desk/{event}/attendance.xlsx": (READ, 200),
    "GET /desk/{event}/attendance.json": (READ, 200),
    "GET /door": (DOOR - {SCANNER}, 200),
    "GET /door/{event}": (DOOR, 200),
    "POST /api/v1/events": (DESK, 422),
    f"GET {API}": (READ, 200),
    f"POST {API}/guests": (DESK, 201),
    f"GET {API}/guests": (READ, 200),
    f"GET {API}/guests/{{guest}}": (READ, 200),
    f"PATCH {API}/guests/{{guest}}": (DESK, 200),
    f"POST {API}/guests/{{guest}}/cancel": (DESK, 200),
    f"POST {API}/guests/{{guest}}/confirm": (DESK, 200),
    f"POST {API}/guests/{{guest}}/replace-ticket": (DESK, 200),
    f"GET {API}/badges.pdf": (DESK, 200),
    f"GET {API}/attendance.pdf": (READ, 200),
    f"GET {API}/attendance.csv": (READ, 200),
    f"GET {API}/attendance.xlsx": (READ, 200),
    f"GET {API}/attendance.json": (READ, 200),
    f"POST {API}/gates": (DESK, 422),
    f"GET {API}/gates": (DOOR, 200),
    f"POST {API}/scans": (DOOR, 422),
    f"POST {API}/scans/{{scan:uuid}}/undo": (DOOR, 422),
    f"GET {API}/door-search": (DOOR, 200),
    f"GET {API}/summary": (DOOR, 200),
    f"GET {API}/board": (DOOR, 200),
}
"""Who is let in, and what they are answered when they send nothing. Everybody else is refused."""

ENDLESS = f"GET {API}/board"
"""An event stream: whoever is let in listens for ever, which this client cannot."""

ALLOWED_LATER = {"POST /desk/sign-out", "POST /desk/sign-out-everywhere"}
"""What ends the session of whoever asks, so that each asks with a session of their own."""


def refusal_of(rule: str, who: str) -> int:
    """How somebody is refused: a person is sent to sign in, an outsider finds nothing."""
    method, path = rule.split(" ")
    if path == "/desk/sign-in/{secret}":
        return 401
    if who == NOBODY or path in {"/desk/account", "/desk/sign-out-everywhere"}:
        return 303 if method == "GET" and not path.startswith("/api/") else 401
    of_all_events = path in {"/desk", "/desk/new", "/door", "/api/v1/events"}
    return 404 if who == OUTSIDER or (of_all_events and who in {READER, SCANNER}) else 403


@pytest.fixture
async def callers(cast: Cast) -> dict[str, httpx.AsyncClient]:
    return {
        NOBODY: cast.stranger,
        STEWARD: cast.steward,
        PROTOCOL: cast.protocol,
        ORGANISER: cast.organiser,
        ADMIN: await cast.person(Role.ADMIN),
        OUTSIDER: cast.outsider,
        READER: await cast.token(Scope.READ),
        SCANNER: await cast.token(Scope.DOOR),
    }


@pytest.fixture
async def places(cast: Cast) -> dict[str, str]:
    """What stands in the places of an address: an event, a guest with a pass, a mail that was kept."""
    changed, standing = await cast.guest("变动", email="changed@example.com"), await cast.guest("不变")
    await cast.organiser.post(f"/desk/{cast.event.slug}/guests/{changed.id}/resend")
    mail = await _kept_mail(cast)
    return {
        "event": cast.event.slug,
        "slug": cast.event.slug,
        "guest": str(changed.id),
        "code": standing.code,
        "scan:uuid": str(uuid4()),
        "message:uuid": mail,
        "secret": "guessed",
    }


async def _kept_mail(cast: Cast) -> str:
    async def is_kept() -> bool:
        return "/mails/" in (await cast.organiser.get(f"/desk/{cast.event.slug}/mails")).text

    await eventually(is_kept)
    [file] = (cast.state["settings"].data_dir / "mail").iterdir()
    return file.stem


async def ask(browser: httpx.AsyncClient, rule: str, places: dict[str, str]) -> int:
    method, path = rule.split(" ")
    for name, value in places.items():
        path = path.replace(f"{{{name}}}", value)
    sent = {"json": {}} if path.startswith("/api/") and method != "GET" else {}
    return (await browser.request(method, path, **sent)).status_code


def test_every_route_has_a_rule_and_every_rule_a_route() -> None:
    known = {
        f"{method} {route.path}"
        for route in routes
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }

    assert known == set(RULES)
    assert [route.path for route in routes if not isinstance(route, Route)] == ["/static"]


@on_one_engine
async def test_everybody_is_let_in_where_the_rules_say_and_nowhere_else(
    cast: Cast, callers: dict[str, httpx.AsyncClient], places: dict[str, str]
) -> None:
    expected, found = {}, {}

    for rule, (welcome, answer) in RULES.items():
        for who, browser in callers.items():
            if rule in ALLOWED_LATER or (rule == ENDLESS and who in welcome):
                continue
            expected[rule, who] = answer if who in welcome else refusal_of(rule, who)
            found[rule, who] = await ask(browser, rule, places)

    assert {case: (found[case], expected[case]) for case in expected if found[case] != expected[case]} == {}


@on_one_engine
@pytest.mark.parametrize("rule", sorted(ALLOWED_LATER))
async def test_everybody_who_is_signed_in_may_sign_out(
    cast: Cast, callers: dict[str, httpx.AsyncClient], rule: str
) -> None:
    welcome, answer = RULES[rule]

    found = {who: await ask(browser, rule, {}) for who, browser in callers.items()}

    assert found == {who: answer if who in welcome else refusal_of(rule, who) for who in callers}


async def test_an_event_is_found_by_its_slug_and_its_id(cast: Cast) -> None:
    answers = [await cast.script.get(f"/api/v1/events/{name}") for name in (cast.event.slug, cast.event.id)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()


@on_one_engine
async def test_an_event_that_does_not_exist_is_not_found_by_anybody(cast: Cast) -> None:
    found = set()

    for name in ("no-such-event", str(uuid4()), "%00", "..%2F..", "%F0%9F%98%80", "a" * 3000):
        for path in (f"/api/v1/events/{name}", f"/api/v1/events/{name}/guests", f"/desk/{name}", f"/e/{name}"):
            found |= {(await who.get(path)).status_code for who in (cast.organiser, cast.script)}

    assert found == {404}


async def test_a_nul_is_answered_as_any_other_nonsense(cast: Cast) -> None:
    desk, nobody = f"/desk/{cast.event.slug}/guests", {"name": "\x00", "side": "\x00"}

    answers = [
        await cast.organiser.get("/desk/%00/guests"),
        await cast.stranger.get("/e/%00/register"),
        await cast.stranger.get("/t/%00"),
        await cast.organiser.get(desk, params={"category": "\x00", "q": "\x00"}),
        await cast.organiser.post(f"{desk}/new", data=nobody),
        await cast.script.post(f"{cast.api}/guests", json={"name": "陈伟", "category": "\x00"}),
        await cast.stranger.post("/desk/sign-in", data={"email": "\x00", "password": "\x00"}),
        await cast.browser(cookies={"yingbin_session": "%00"}).get("/desk"),
    ]

    assert {answer.status_code for answer in answers} <= {200, 201, 303, 400, 404, 422}


async def test_a_guest_that_does_not_exist_is_not_found(cast: Cast) -> None:
    found = set()

    for guest in ("nobody", str(uuid4()), "%00"):
        answers = [
            await cast.script.get(f"{cast.api}/guests/{guest}"),
            await cast.organiser.get(f"/desk/{cast.event.slug}/guests/{guest}"),
            await cast.organiser.post(f"/desk/{cast.event.slug}/guests/{guest}/cancel"),
        ]
        found |= {answer.status_code for answer in answers}

    assert found == {404}


async def test_the_door_knows_an_event_by_its_id_without_asking_the_database(cast: Cast) -> None:
    door, reader = await cast.token(Scope.DOOR), await cast.token(Scope.READ)
    guest = await cast.guest()

    answers = {
        name: await who.post(f"{cast.api}/scans", json={"scans": [cast.scan(guest.code)]})
        for name, who in (("door", door), ("reader", reader), ("outsider", cast.outsider), ("nobody", cast.stranger))
    }

    assert cast.api.endswith(str(cast.event.id))
    found = {name: answer.status_code for name, answer in answers.items()}
    assert found == {"door": 200, "reader": 403, "outsider": 404, "nobody": 401}


async def test_a_guest_of_another_event_is_not_found_under_ones_own(cast: Cast) -> None:
    mine = await cast.guest("嘉宾")
    other = (await cast.outsider.post("/api/v1/events/other-event/guests", json={"name": "外人"})).json()["guests"][0]

    answers = [
        await cast.outsider.get(f"{cast.api}/guests/{mine.id}"),
        await cast.outsider.get(f"/api/v1/events/other-event/guests/{mine.id}"),
        await cast.script.get(f"{cast.api}/guests/{other['id']}"),
        await cast.organiser.get(f"/desk/{cast.event.slug}/guests/{other['id']}"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4


@on_one_engine
async def test_an_unknown_token_is_nobody(cast: Cast) -> None:
    for given in ("Bearer", "Bearer ", "Bearer guessed", "Bearer \x7f", "bearer yb_x", "Token x"):
        answer = await cast.stranger.get(cast.api, headers={"Authorization": given.encode()})

        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert answer.json()["code"] == "unauthenticated"


@on_one_engine
async def test_a_token_counts_before_the_session_of_the_browser(cast: Cast) -> None:
    token = cast.outsider.headers["Authorization"]

    answer = await cast.organiser.get(cast.api, headers={"Authorization": token})

    assert answer.status_code == 404
