from typing import Any

import anyio
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.core.auth import Scope
from events.models import GuestStatus
from tests.cast import Cast, on_one_engine

EVENT = {
    "slug": "launch-2026",
    "title": {"zh_hans": "启动仪式", "en": "Launch"},
    "starts_at": "2026-03-02T14:00:00+08:00",
    "ends_at": "2026-03-02T18:00:00+08:00",
    "timezone": "Asia/Hong_Kong",
}


async def made(cast: Cast, *guests: dict[str, Any], **asked: Any) -> dict[str, Any]:
    answer = await cast.script.post(f"{cast.api}/guests", json={"guests": list(guests)}, **asked)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def one(cast: Cast, **given: Any) -> dict[str, Any]:
    return (await made(cast, {"name": "陈伟", **given}))["guests"][0]


def problem(answer: httpx.Response) -> tuple[int, str, dict[str, str]]:
    document = answer.json()
    return answer.status_code, document["code"], {each["field"]: each["code"] for each in document.get("fields", [])}


async def test_an_event_is_made_and_read_back(cast: Cast) -> None:
    given = {**EVENT, "capacity": 50, "registration": "approval", "hosts": [{"key": "hkstp", "name": {"en": "HKSTP"}}]}

    created = await cast.organiser.post("/api/v1/events", json=given)
    read = await cast.organiser.get("/api/v1/events/launch-2026")

    assert (created.status_code, created.headers["etag"]) == (201, '"1"')
    assert created.json() == read.json()
    event = read.json()
    assert {name: event[name] for name in EVENT} == {**EVENT, "title": {**EVENT["title"], "zh_hant": ""}}
    assert (event["capacity"], event["registered"], event["registration"]) == (50, 0, "approval")
    assert event["hosts"] == [{"key": "hkstp", "name": {"zh_hans": "", "zh_hant": "", "en": "HKSTP"}}]
    assert [category["key"] for category in event["categories"]] == ["vip", "guest", "press", "staff"]
    assert (event["notice_version"], event["version"]) == (1, 1)
    assert "主办机构" in event["notice"]["zh_hans"]


@on_one_engine
async def test_times_are_answered_in_the_zone_of_the_event(cast: Cast) -> None:
    await cast.organiser.post("/api/v1/events", json={**EVENT, "starts_at": "2026-03-02T06:00:00Z"})

    event = (await cast.organiser.get("/api/v1/events/launch-2026")).json()

    assert (event["starts_at"], event["ends_at"]) == ("2026-03-02T14:00:00+08:00", "2026-03-02T18:00:00+08:00")


async def test_a_short_name_that_is_taken_is_a_conflict(cast: Cast) -> None:
    answer = await cast.organiser.post("/api/v1/events", json={**EVENT, "slug": "valley-launch"})

    assert problem(answer) == (409, "slug_taken", {})
    assert answer.json()["detail"] == "This short name is taken: valley-launch"


@on_one_engine
async def test_an_event_that_cannot_be_is_refused_field_by_field(cast: Cast) -> None:
    given = {**EVENT, "slug": "A B", "title": {}, "starts_at": "soon", "capacity": 1e300, "colour": "red"}

    assert problem(await cast.organiser.post("/api/v1/events", json=given)) == (
        422,
        "invalid",
        {
            "slug": "not_valid",
            "title": "missing",
            "starts_at": "not_valid",
            "capacity": "not_valid",
            "colour": "unknown_field",
        },
    )


@on_one_engine
async def test_an_event_ends_after_it_begins(cast: Cast) -> None:
    answer = await cast.organiser.post("/api/v1/events", json={**EVENT, "ends_at": EVENT["starts_at"]})

    assert problem(answer) == (422, "invalid", {"ends_at": "ends_before_start"})


async def test_one_guest_is_added_and_read_back_with_their_code(cast: Cast) -> None:
    given = {
        "name": "陈伟",
        "name_latin": "Chen Wei",
        "organisation": "河套研究院",
        "job_title": "主任",
        "email": "Wei@Example.com",
        "phone": "9123 4567",
        "category": "vip",
        "language": "zh-Hant",
    }

    answer = await cast.script.post(f"{cast.api}/guests", json=given)

    assert answer.status_code == 201
    [guest], refused = answer.json()["guests"], answer.json()["refused"]
    assert refused == []
    assert {name: guest[name] for name in given} == {**given, "email": "Wei@example.com", "phone": "+85291234567"}
    assert (guest["status"], guest["source"], guest["version"]) == ("confirmed", "desk", 1)
    assert guest["code"].startswith(f"Y1{cast.event.tag}")
    read = await cast.script.get(f"{cast.api}/guests/{guest['id']}")
    assert (read.json(), read.headers["etag"]) == (guest, '"1"')


async def test_of_a_batch_the_good_are_taken_and_the_others_named_by_their_place(cast: Cast) -> None:
    await one(cast, email="taken@example.com")

    answer = await made(
        cast,
        {"name": "一"},
        {"name": ""},
        {"name": "二", "email": "two@example.com"},
        {"name": "三", "email": "TWO@example.com"},
        {"name": "四", "email": "taken@example.com"},
        {"name": "五", "category": "unheard-of"},
        {"name": "六", "emial": "x"},
        {"name": 7},
        {},
        {"name": "八🎉"},
        {"name": "九"},
    )

    assert [guest["name"] for guest in answer["guests"]] == ["一", "二", "九"]
    assert [(each["index"], each["code"]) for each in answer["refused"]] == [
        (1, "missing"),
        (3, "duplicate_email"),
        (4, "duplicate_email"),
        (5, "not_offered"),
        (6, "unknown_field"),
        (7, "not_text"),
        (8, "missing"),
        (9, "emoji"),
    ]
    assert answer["refused"][0]["message"] == "name: Please fill this in."
    assert answer["refused"][1]["message"] == "This e-mail address is already in use."


@on_one_engine
async def test_why_a_guest_was_refused_is_said_in_the_language_of_the_reader(cast: Cast) -> None:
    answer = await made(cast, {"name": ""}, headers={"Accept-Language": "zh-HK"})

    assert answer["refused"] == [{"index": 0, "code": "missing", "field": "name", "message": "name: 請填寫此項。"}]


async def test_two_batches_at_once_with_the_same_addresses_make_each_guest_once(cast: Cast) -> None:
    batch = [{"name": f"客{number}", "email": f"guest-{number}@example.com"} for number in range(10)]
    answers = []

    async def send() -> None:
        answers.append(await made(cast, *batch))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(send)
        tasks.start_soon(send)

    names = [guest["name"] for answer in answers for guest in answer["guests"]]
    assert sorted(names) == sorted(guest["name"] for guest in batch)
    assert sum(len(answer["refused"]) for answer in answers) == 10


@on_one_engine
@pytest.mark.parametrize(("count", "status"), [(1000, 201), (1001, 422), (0, 422)])
async def test_a_batch_holds_a_thousand_guests(cast: Cast, count: int, status: int) -> None:
    answer = await cast.script.post(f"{cast.api}/guests", json={"guests": [{"name": ""}] * count})

    assert answer.status_code == status
    if status == 201:
        assert [each["index"] for each in answer.json()["refused"]] == list(range(1000))
    else:
        assert problem(answer) == (422, "invalid", {"guests": "too_long" if count else "missing"})


async def test_an_added_guest_is_mailed_only_when_that_is_asked_for(cast: Cast) -> None:
    await one(cast, email="quiet@example.com")
    await made(cast, {"name": "李娜", "email": "na@example.com"}, params={"mail": "1"})

    page = await cast.organiser.get(f"/desk/{cast.event.slug}/mails")

    assert ("na@example.com" in page.text, "quiet@example.com" in page.text) == (True, False)


async def test_120_guests_are_listed_page_by_page_without_loss_or_repeat(cast: Cast) -> None:
    names = [f"客{number:03}" for number in range(120)]
    await made(cast, *({"name": name} for name in names))
    listed, sizes, cursor = [], [], None

    while cursor or not sizes:
        page = (await cast.script.get(f"{cast.api}/guests", params={"cursor": cursor} if cursor else {})).json()
        listed += [guest["name"] for guest in page["guests"]]
        sizes.append(len(page["guests"]))
        cursor = page["cursor"]
        await one(cast, name="迟到")

    assert sizes == [50, 50, 20]
    assert listed == names[::-1]


async def test_the_list_is_searched_and_narrowed(cast: Cast) -> None:
    await made(
        cast,
        {"name": "陈伟", "organisation": "河套研究院"},
        {"name": "陈小满", "category": "press"},
        {"name": "李娜", "phone": "9123 4567"},
    )

    async def listed(**asked: str) -> list[str]:
        answer = await cast.script.get(f"{cast.api}/guests", params=asked)
        return sorted(guest["name"] for guest in answer.json()["guests"])

    assert await listed(q="chen") == ["陈伟", "陈小满"]
    assert await listed(q="陳", category="press") == ["陈小满"]
    assert await listed(q="4567") == ["李娜"]
    assert await listed(status="confirmed", limit="500") == ["李娜", "陈伟", "陈小满"]
    assert await listed(status="cancelled") == []
    assert await listed(category="unheard-of") == []


@on_one_engine
async def test_a_list_that_cannot_be_asked_for_is_refused(cast: Cast) -> None:
    wrong = [
        ("status", "dead", "not_offered"),
        ("cursor", "next", "not_valid"),
        ("cursor", "\x00", "not_valid"),
        ("limit", "0", "not_valid"),
        ("limit", "501", "not_valid"),
        ("limit", "many", "not_valid"),
        ("limit", "9" * 5000, "not_valid"),
    ]

    for name, value, code in wrong:
        answer = await cast.script.get(f"{cast.api}/guests", params={name: value})
        assert problem(answer) == (422, "invalid", {name: code})


async def test_a_mere_reader_learns_no_code_that_would_open_the_door(cast: Cast) -> None:
    guest, reader = await one(cast), await cast.token(Scope.READ)

    listed = (await reader.get(f"{cast.api}/guests")).json()["guests"][0]
    read = (await reader.get(f"{cast.api}/guests/{guest['id']}")).json()

    assert "code" in guest
    assert listed == read == {name: value for name, value in guest.items() if name != "code"}


async def test_a_change_keeps_what_it_does_not_name(cast: Cast) -> None:
    guest = await one(cast, email="wei@example.com", phone="+85291234567", category="press", language="en")

    answer = await cast.script.patch(f"{cast.api}/guests/{guest['id']}", json={"job_title": " Chair "})

    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    assert answer.json() == {**guest, "job_title": "Chair", "version": 2}


async def test_a_change_of_an_older_version_is_refused_and_nothing_changes(cast: Cast) -> None:
    guest = await one(cast)
    address = f"{cast.api}/guests/{guest['id']}"
    first = await cast.script.patch(address, json={"name": "第一"}, headers={"If-Match": '"1"'})

    second = await cast.script.patch(address, json={"name": "第二"}, headers={"If-Match": '"1"'})

    assert (first.status_code, problem(second)) == (200, (412, "stale", {}))
    assert (await cast.script.get(address)).json()["name"] == "第一"


async def test_of_changes_at_once_under_one_version_one_stands(cast: Cast) -> None:
    guest = await one(cast)
    statuses: list[int] = []

    async def change(number: int) -> None:
        answer = await cast.script.patch(
            f"{cast.api}/guests/{guest['id']}", json={"name": f"改{number}"}, headers={"If-Match": '"1"'}
        )
        statuses.append(answer.status_code)

    async with anyio.create_task_group() as tasks:
        for number in range(5):
            tasks.start_soon(change, number)

    assert sorted(statuses) == [200, 412, 412, 412, 412]


CHANGES: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"name": ""}, {"name": "missing"}),
    ({"name": None}, {"name": "not_text"}),
    ({"email": "wei@"}, {"email": "email"}),
    ({"phone": "1"}, {"phone": "phone"}),
    ({"category": "unheard-of"}, {"category": "not_offered"}),
    ({"side": "nowhere"}, {"side": "not_offered"}),
    ({"language": "fr"}, {"language": "not_valid"}),
    ({"status": "confirmed"}, {"status": "unknown_field"}),
    ({"id": "1", "code": "1"}, {"id": "unknown_field", "code": "unknown_field"}),
]
"""Changes that no guest can take, and what is wrong with them."""


@on_one_engine
async def test_a_change_that_cannot_be_is_refused(cast: Cast) -> None:
    guest = await one(cast)
    address = f"{cast.api}/guests/{guest['id']}"

    told = [(change, problem(await cast.script.patch(address, json=change))) for change, _ in CHANGES]

    assert told == [(change, (422, "invalid", fields)) for change, fields in CHANGES]
    assert (await cast.script.get(address)).json() == guest


async def test_an_address_can_be_given_up_and_taken_by_somebody_else(cast: Cast) -> None:
    one_guest, other = await one(cast, email="wei@example.com"), await one(cast, name="李娜")

    early = await cast.script.patch(f"{cast.api}/guests/{other['id']}", json={"email": "wei@example.com"})
    await cast.script.patch(f"{cast.api}/guests/{one_guest['id']}", json={"email": ""})
    late = await cast.script.patch(f"{cast.api}/guests/{other['id']}", json={"email": "wei@example.com"})

    assert problem(early) == (409, "duplicate_email", {})
    assert (late.status_code, late.json()["email"]) == (200, "wei@example.com")


async def test_a_guest_is_cancelled_and_confirmed_again(cast: Cast) -> None:
    guest = await one(cast)
    address = f"{cast.api}/guests/{guest['id']}"

    gone = (await cast.script.post(f"{address}/cancel", json={"reason": " 行程\n变更 "})).json()
    again = (await cast.script.post(f"{address}/cancel", json={"reason": "other"})).json()
    back = (await cast.script.post(f"{address}/confirm")).json()

    assert (gone["status"], gone["status_reason"], gone["version"]) == ("cancelled", "行程 变更", 2)
    assert again == gone
    assert (back["status"], back["status_reason"], back["code"]) == (GuestStatus.CONFIRMED, "", guest["code"])


async def test_a_ticket_is_replaced_and_the_old_pass_is_gone(cast: Cast) -> None:
    guest = await one(cast)

    answer = await cast.script.post(f"{cast.api}/guests/{guest['id']}/replace-ticket", json={"reason": "遗失"})

    fresh = answer.json()
    assert fresh == {**guest, "code": fresh["code"]}
    assert fresh["code"] != guest["code"]
    passes = [await cast.stranger.get(f"/t/{code}") for code in (guest["code"], fresh["code"])]
    assert [answer.status_code for answer in passes] == [404, 200]


REASONS = {
    b"": (200, "", {}),
    b"  ": (200, "", {}),
    b"{}": (200, "", {}),
    b'{"reason": "' + b"x" * 201 + b'"}': (422, "invalid", {"reason": "too_long"}),
    b'{"reason": "\\u0000"}': (422, "invalid", {"reason": "unreadable"}),
    b'{"why": "x"}': (422, "invalid", {"why": "unknown_field"}),
    b"reason=x": (400, "malformed", {}),
}
"""What a script may give as its reason, and what it is told."""


@on_one_engine
async def test_a_reason_is_a_short_line_or_nothing(cast: Cast) -> None:
    told = {}

    for body in REASONS:
        guest = await one(cast)
        answer = await cast.script.post(f"{cast.api}/guests/{guest['id']}/cancel", content=body)
        told[body] = (200, "", {}) if answer.status_code == 200 else problem(answer)

    assert told == REASONS


BODIES = {
    b"": (400, "malformed", {}),
    b"{": (400, "malformed", {}),
    b"[]": (400, "malformed", {}),
    b"null": (400, "malformed", {}),
    b'"name"': (400, "malformed", {}),
    b'{"name": "\xff"}': (400, "malformed", {}),
    b'{"name": "\\ud800"}': (400, "malformed", {}),
    b"[" * 10_000: (400, "malformed", {}),
    b'{"guests": 5}': (422, "invalid", {"guests": "not_valid"}),
    b'{"guests": [5]}': (422, "invalid", {"guests.0": "not_valid"}),
    b'{"guests": [], "other": 1}': (422, "invalid", {"guests": "missing", "other": "unknown_field"}),
}
"""What a script may send in place of guests, and what it is told."""


@on_one_engine
async def test_a_body_that_holds_no_guests_is_refused(cast: Cast) -> None:
    told = {body: problem(await cast.script.post(f"{cast.api}/guests", content=body)) for body in BODIES}

    assert told == BODIES


@on_one_engine
async def test_numbers_without_end_are_no_guests(cast: Cast) -> None:
    bodies = [b'{"name": ' + number + b"}" for number in (b"1e400", b"9" * 4000, b"-0", b"Infinity")]

    answers = [await cast.script.post(f"{cast.api}/guests", content=body) for body in bodies]

    assert {answer.status_code for answer in answers} <= {201, 400}
    assert [answer.json().get("guests", []) for answer in answers] == [[]] * 4


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
fields = st.sampled_from(["name", "name_latin", "email", "phone", "category", "language", "side", "guests"])


@given(body=anything | st.dictionaries(fields, anything, max_size=4))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_a_script_sends_is_taken_or_refused(cast: Cast, body: object) -> None:
    answer = await cast.script.post(f"{cast.api}/guests", json=body)

    assert answer.status_code in {201, 400, 422}
    assert "guests" in answer.json() or "code" in answer.json()
