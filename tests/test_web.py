from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest

from checkin.models import Profile
from events.core.web import DEVICE_COOKIE, LANGUAGE_COOKIE, SESSION_COOKIE
from tests import door_crew
from tests.cast import Cast, filled, on_one_engine

HOME = "/desk/sign-in"
HEADINGS = {"zh-Hans": "登录", "zh-Hant": "登入", "en": "Sign in"}


def language_of(text: str) -> str:
    return text.split('<html lang="')[1].split('"', maxsplit=1)[0]


WISHES = {
    ("", "", ""): "en",
    ("", "", "zh-HK,zh;q=0.9"): "zh-Hant",
    ("", "zh-Hans", "zh-HK"): "zh-Hans",
    ("en", "zh-Hans", "zh-HK"): "en",
    ("zh-TW", "zh-Hans", "en"): "zh-Hant",
    ("fr", "zh-Hans", "zh-HK"): "zh-Hant",
    ("", "fr", "zh-HK"): "zh-Hant",
    ("\x00", "", "zh-CN"): "zh-Hans",
}
"""What the address asks for, what the browser remembers, what its user likes, and what is spoken then."""


@on_one_engine
async def test_the_address_wins_over_the_cookie_and_the_cookie_over_the_browser(cast: Cast) -> None:
    spoken = {}

    for asked, cookie, header in WISHES:
        remembered = {LANGUAGE_COOKIE: cookie} if cookie else {}
        browser = cast.browser(headers={"Accept-Language": header}, cookies=remembered)
        page = await browser.get(HOME, params={"lang": asked} if asked else {})
        spoken[asked, cookie, header] = language_of(page.text)
        assert page.headers["content-language"] == language_of(page.text)
        assert f"<h1>{HEADINGS[language_of(page.text)]}</h1>" in page.text
        assert {"Accept-Language", "Cookie"} <= set(page.headers["vary"].split(", "))

    assert spoken == WISHES


@on_one_engine
async def test_a_language_that_was_asked_for_is_remembered_for_a_year(cast: Cast) -> None:
    answer = await cast.stranger.get(HOME, params={"lang": "zh-hk"})
    later = await cast.stranger.get(HOME)

    cookie = SimpleCookie(answer.headers["set-cookie"])[LANGUAGE_COOKIE]
    assert (cookie.value, cookie["max-age"], cookie["samesite"]) == ("zh-Hant", str(365 * 24 * 3600), "lax")
    assert language_of(later.text) == "zh-Hant"
    assert "set-cookie" not in later.headers


@on_one_engine
@pytest.mark.parametrize("path", [HOME, "/nothing-here", "//evil.example/%2e%2e"])
async def test_the_links_between_languages_stay_on_the_page_and_keep_its_question(cast: Cast, path: str) -> None:
    page = await cast.stranger.get(path, params={"q": "陈 &伟", "lang": "en"})

    link = 'href="?q=%E9%99%88+%26%E4%BC%9F&amp;lang=zh-Hant"'
    assert link in page.text


@on_one_engine
async def test_a_script_is_refused_with_a_problem_document(cast: Cast) -> None:
    answer = await cast.script.get(
        f"{cast.api}/guests", params={"status": "dead"}, headers={"Accept-Language": "zh-CN"}
    )

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "title": "Unprocessable Entity",
        "status": 422,
        "code": "invalid",
        "detail": "请检查标出的栏目。",
        "fields": [{"field": "status", "code": "not_offered", "message": "请从列表中选择一项。"}],
    }


@on_one_engine
@pytest.mark.parametrize(
    ("method", "path", "status", "title", "code"),
    [
        ("GET", "/api/v1/events/valley-launch", 401, "Unauthorized", "unauthenticated"),
        ("GET", "/api/v1/nothing", 404, "Not Found", "not_found"),
        ("DELETE", "/api/v1/events", 405, "Method Not Allowed", "method_not_allowed"),
    ],
)
async def test_every_refusal_under_the_api_is_a_problem_whatever_is_accepted(
    cast: Cast, method: str, path: str, status: int, title: str, code: str
) -> None:
    answer = await cast.stranger.request(method, path, headers={"Accept": "text/html"})

    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert (document["status"], document["title"], document["code"]) == (status, title, code)
    assert answer.status_code == status
    assert document["detail"]


@on_one_engine
async def test_a_person_is_refused_with_a_page_in_their_language(cast: Cast) -> None:
    page = await cast.stranger.get("/nothing-here", headers={"Accept-Language": "zh-TW"})

    assert page.status_code == 404
    assert language_of(page.text) == "zh-Hant"
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "404" in page.text


@on_one_engine
@pytest.mark.parametrize(("language", "words"), [("zh-CN", "内容过多"), ("zh-HK", "內容過多"), ("en", "too much")])
async def test_a_body_that_is_too_large_is_refused_in_the_language_of_the_reader(
    cast: Cast, language: str, words: str
) -> None:
    path, headers = f"/e/{cast.event.slug}/register", {"Accept-Language": language}

    answers = [
        await cast.stranger.post(path, data=filled(cast.event, name="x" * 1_000_000), headers=headers),
        await cast.stranger.post(
            path, data=filled(cast.event) | {f"f{n}": "x" * 9_999 for n in range(101)}, headers=headers
        ),
        await cast.script.post(f"{cast.api}/guests", json={"name": "x" * 1_000_000}, headers=headers),
    ]

    assert [answer.status_code for answer in answers] == [413] * 3
    assert answers[2].json()["code"] == "too_large"


@on_one_engine
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("&".join(f"field{number}=x" for number in range(1000)).encode(), "application/x-www-form-urlencoded"),
        (b"--b\r\nno header", "multipart/form-data; boundary=b"),
        (b"anything", "multipart/form-data"),
        (
            b'--b\r\nContent-Disposition: form-data; name="f"; filename="x.exe"\r\n\r\nMZ\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
        ),
    ],
    ids=["thousand fields", "broken parts", "no boundary", "a file"],
)
async def test_a_form_that_is_none_is_refused_and_not_a_fault(cast: Cast, body: bytes, content_type: str) -> None:
    path = f"/e/{cast.event.slug}/register"

    answer = await cast.stranger.post(path, content=body, headers={"Content-Type": content_type})

    assert answer.status_code == 400
    assert "The request could not be understood." in answer.text


@on_one_engine
async def test_a_form_of_another_kind_is_an_empty_one(cast: Cast) -> None:
    for content_type in ("", "text/plain", "application/json", "application/octet-stream", ";;;", "\xff"):
        headers = {"Content-Type": content_type.encode("latin-1")} if content_type else {}

        answer = await cast.stranger.post(f"/e/{cast.event.slug}/register", content=b"name=x", headers=headers)

        assert answer.status_code == 422
        assert "Please fill this in." in answer.text


@on_one_engine
async def test_a_form_in_parts_is_taken_and_never_a_fault_in_whatever_encoding_it_claims(cast: Cast) -> None:
    answers = {}

    for charset in ("utf-8", "utf-16", "latin-1", "unheard-of", "utf-7"):
        parts = [
            f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in filled(cast.event).items()
        ]
        headers = {"Content-Type": f"multipart/form-data; boundary=b; charset={charset}"}
        body = "".join([*parts, "--b--\r\n"]).encode()
        answers[charset] = await cast.stranger.post(f"/e/{cast.event.slug}/register", content=body, headers=headers)

    assert answers["utf-8"].status_code == 303
    assert {answer.status_code for answer in answers.values()} <= {303, 400, 422}


@on_one_engine
async def test_of_a_field_that_is_sent_twice_the_first_counts(cast: Cast) -> None:
    form = [("name", "第一"), ("name", "第二"), *((k, v) for k, v in filled(cast.event).items() if k != "name")]
    body = urlencode(form).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    answer = await cast.stranger.post(f"/e/{cast.event.slug}/register", content=body, headers=headers)

    assert "第一" in (await cast.stranger.get(answer.headers["location"])).text


VERSIONS = {
    '"1"': 200,
    'W/"1"': 200,
    "*": 200,
    ' "1" ': 200,
    '"2"': 412,
    '"0"': 412,
    '"999999999"': 412,
    '"9999999999"': 400,
    '"abc"': 400,
    '"-1"': 400,
    '"1", "2"': 400,
    '""': 400,
    '"²"': 400,
}
"""What If-Match may say about a guest whose version is 1, and what is answered."""


@on_one_engine
async def test_a_change_names_the_version_that_it_means(cast: Cast) -> None:
    answers = {}

    for given in VERSIONS:
        guest = await cast.guest()
        address, headers = f"{cast.api}/guests/{guest.id}", {"If-Match": given.encode()}
        answers[given] = await cast.script.patch(address, json={"job_title": "Chair"}, headers=headers)

    assert {given: answer.status_code for given, answer in answers.items()} == VERSIONS
    changed = [answer for answer in answers.values() if answer.status_code == 200]
    assert [answer.headers["etag"] for answer in changed] == ['"2"'] * 4
    assert answers['"2"'].json()["code"] == "stale"


@on_one_engine
@pytest.mark.parametrize("accept", ["application/json", "application/problem+json, application/json;q=0.9"])
async def test_whoever_accepts_json_is_refused_in_json_anywhere(cast: Cast, accept: str) -> None:
    answer = await cast.stranger.get("/desk", headers={"Accept": accept})

    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


@on_one_engine
async def test_links_in_files_lead_to_the_public_address(cast: Cast) -> None:
    guest = await cast.guest()
    elsewhere = cast.browser()
    elsewhere.base_url = "http://10.0.0.7:8000"

    entry = await elsewhere.get(f"/t/{guest.code}/event.ics")

    assert f"URL:http://guests.test/t/{guest.code}" in entry.text.replace("\r\n ", "")


async def test_a_session_that_ended_leaves_a_paired_device_what_it_is(cast: Cast) -> None:
    device = (await door_crew.paired(cast)).token

    statuses = [
        (
            await cast.browser(cookies={SESSION_COOKIE: session, DEVICE_COOKIE: token}).get(f"{cast.api}/gates")
        ).status_code
        for session, token in (("ended", device), ("ended", "unknown"), ("ended", ""))
    ]

    assert statuses == [200, 401, 401]


async def test_a_session_that_stands_comes_before_the_device(cast: Cast) -> None:
    device = (await door_crew.paired(cast)).token
    session = cast.organiser.cookies[SESSION_COOKIE]

    browser = cast.browser(cookies={SESSION_COOKIE: session, DEVICE_COOKIE: device})

    assert (await browser.get(f"{cast.api}/devices")).status_code == 200


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Mode": "navigate"}, {"Accept": "text/html,application/xhtml+xml"}])
async def test_whoever_types_an_address_of_the_api_is_no_device(cast: Cast, headers: dict[str, str]) -> None:
    await cast.guest("欧阳晓彤")
    kiosk, _ = await door_crew.phone(cast, profile=Profile.KIOSK)

    answers = [
        await kiosk.get(f"{cast.api}/{address}", headers=headers)
        for address in ("manifest", "door-search?q=ou", "gates", "board")
    ]

    assert [answer.status_code for answer in answers] == [401] * 4
    assert not any("欧阳晓彤" in answer.text for answer in answers)


@pytest.mark.parametrize("mode", ["cors", "same-origin"])
async def test_the_scripts_of_a_device_read_the_api_whatever_they_accept(cast: Cast, mode: str) -> None:
    device, _ = await door_crew.phone(cast)

    answer = await device.get(f"{cast.api}/manifest", headers={"Sec-Fetch-Mode": mode, "Accept": "text/html"})

    assert answer.status_code == 200


async def test_a_device_opens_its_pages_and_prints_badges_by_their_address(cast: Cast) -> None:
    guest = await cast.guest()
    device, _ = await door_crew.phone(cast, profile=Profile.KIOSK)
    await device.post(f"{cast.api}/scans", json={"scans": [cast.scan(guest.code)]})
    addresses = (f"/door/{cast.event.slug}/kiosk", f"/door/{cast.event.slug}/self-test", f"/door/badge/{guest.id}.pdf")

    answers = [await device.get(address, headers={"Sec-Fetch-Mode": "navigate"}) for address in addresses]

    assert [answer.status_code for answer in answers] == [200] * 3


async def test_a_person_who_is_signed_in_may_open_an_address_of_the_api(cast: Cast) -> None:
    answer = await cast.organiser.get(f"{cast.api}/gates", headers={"Sec-Fetch-Mode": "navigate"})

    assert answer.status_code == 200
