from uuid import uuid4

import pytest

from events.core.auth import Scope
from tests.cast import Cast, on_one_engine

pytestmark = on_one_engine

URL = "https://oapi.dingtalk.com/robot/send?access_token=1f2e3d4c5b6a"
SHOWN = "https://oapi.dingtalk.com/…5b6a"


async def test_a_webhook_is_added_listed_and_removed_without_showing_its_secrets(cast: Cast) -> None:
    form = {"url": URL, "format": "dingtalk", "secret": "SECabc", "events": ["guest.arrived"]}

    added = await cast.organiser.post(f"{cast.api}/webhooks", json=form)
    listed = await cast.organiser.get(f"{cast.api}/webhooks")
    removed = await cast.organiser.delete(f"{cast.api}/webhooks/{added.json()['id']}")
    again = await cast.organiser.delete(f"{cast.api}/webhooks/{added.json()['id']}")

    expected = {"url": SHOWN, "format": "dingtalk", "signed": True, "events": ["guest.arrived"]}
    shown = {**expected, "id": added.json()["id"], "created_at": cast.clock.now().isoformat()}
    assert (added.status_code, added.json()) == (201, shown)
    assert listed.json() == {"webhooks": [shown]}
    assert (removed.status_code, removed.content, again.status_code) == (204, b"", 404)
    assert (await cast.organiser.get(f"{cast.api}/webhooks")).json() == {"webhooks": []}


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/hook",
        "javascript:alert(1)",
        "example.org/hook",
        "https://",
        "https://user:password@example.org/hook",
        "https://example.org:99999/hook",
        "https://[broken/hook",
        f"https://{70 * 'a'}/hook",
        "https://xn--a-ß/hook",
    ],
)
async def test_an_address_that_cannot_be_written_to_is_refused(cast: Cast, url: str) -> None:
    answer = await cast.organiser.post(f"{cast.api}/webhooks", json={"url": url})

    assert answer.status_code == 422
    assert [(each["field"], each["code"]) for each in answer.json()["fields"]] == [("url", "url")]


@pytest.mark.parametrize(
    ("form", "field", "code"),
    [
        ({}, "url", "missing"),
        ({"url": ""}, "url", "missing"),
        ({"url": f"https://example.org/{500 * 'x'}"}, "url", "too_long"),
        ({"url": URL, "format": "slack"}, "format", "not_valid"),
        ({"url": URL, "secret": 201 * "s"}, "secret", "too_long"),
        ({"url": URL, "events": []}, "events", "missing"),
        ({"url": URL, "events": ["guest.left"]}, "events.0", "not_valid"),
        ({"url": URL, "colour": "red"}, "colour", "unknown_field"),
    ],
)
async def test_what_is_not_understood_is_named(cast: Cast, form: dict[str, object], field: str, code: str) -> None:
    answer = await cast.organiser.post(f"{cast.api}/webhooks", json=form)

    assert answer.status_code == 422
    assert [(each["field"], each["code"]) for each in answer.json()["fields"]] == [(field, code)]


async def test_only_the_desk_looks_after_webhooks(cast: Cast) -> None:
    door = await cast.token(Scope.DOOR)
    path, form = f"{cast.api}/webhooks", {"url": URL}

    for who, status in (
        (cast.steward, 403),
        (cast.protocol, 403),
        (door, 403),
        (cast.outsider, 404),
        (cast.stranger, 401),
    ):
        answers = [await who.post(path, json=form), await who.get(path), await who.delete(f"{path}/{uuid4()}")]
        assert [answer.status_code for answer in answers] == [status] * 3


async def test_another_sites_page_adds_nothing(cast: Cast) -> None:
    answer = await cast.organiser.post(
        f"{cast.api}/webhooks", json={"url": URL}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
