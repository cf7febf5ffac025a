"""Who may go where: every route against everybody who may come.

A new route fails the first test until it has a row in `tests/access_rules.py`.
"""

from uuid import uuid4

import pytest
from starlette.routing import Route

from events.app import routes
from tests.access_rules import ALLOWED_LATER, ENDLESS, RULES, answer_to, callers_of, places_of, sent, webhook
from tests.cast import Cast, on_one_engine


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
async def test_everybody_is_let_in_where_the_rules_say_and_nowhere_else(cast: Cast) -> None:
    callers, places = await callers_of(cast), await places_of(cast)
    expected, found = {}, {}

    for rule, (welcome, _) in RULES.items():
        for who, browser in callers.items():
            if rule in ALLOWED_LATER or (rule in ENDLESS and who in welcome):
                continue
            fresh = {"webhook:uuid": await webhook(cast)} if "{webhook:uuid}" in rule else {}
            expected[rule, who] = answer_to(rule, who)
            found[rule, who] = (await sent(browser, rule, {**places, **fresh})).status_code

    assert {case: (found[case], expected[case]) for case in expected if found[case] != expected[case]} == {}


@on_one_engine
@pytest.mark.parametrize("rule", sorted(ALLOWED_LATER))
async def test_everybody_who_is_signed_in_may_sign_out(cast: Cast, rule: str) -> None:
    callers = await callers_of(cast)

    found = {who: (await sent(browser, rule, {})).status_code for who, browser in callers.items()}

    assert found == {who: answer_to(rule, who) for who in callers}


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
