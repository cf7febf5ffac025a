"""The programme's JSON API."""

from typing import Any
from uuid import uuid4

from tests.cast import Cast, on_one_engine

SIGNING = {
    "kind": "signing",
    "title": {"zh_hans": "入驻企业签约仪式", "en": "Signing"},
    "starts_at": "2026-03-02T15:40:00+08:00",
    "ends_at": "2026-03-02T16:05:00+08:00",
}

pytestmark = on_one_engine


async def added(cast: Cast, **given: Any) -> dict[str, Any]:
    answer = await cast.protocol.post(f"{cast.api}/segments", json={**SIGNING, **given})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def kinds(cast: Cast) -> list[str]:
    return [each["kind"] for each in (await cast.script.get(f"{cast.api}/segments")).json()["segments"]]


async def test_a_part_is_added_as_it_was_sent(cast: Cast) -> None:
    made = await added(cast)

    assert made == {
        **SIGNING,
        "title": {**SIGNING["title"], "zh_hant": ""},
        "id": made["id"],
        "position": 1,
        "place": {"zh_hans": "", "zh_hant": "", "en": ""},
        "script": {"zh_hans": "", "zh_hant": "", "en": ""},
        "languages": ["zh-Hans"],
        "public": True,
        "version": 1,
    }
    assert await kinds(cast) == ["signing"]


async def test_a_part_is_changed_by_its_named_fields_and_only_as_it_was_read(cast: Cast) -> None:
    path = f"{cast.api}/segments/{(await added(cast))['id']}"

    changed = await cast.protocol.patch(path, json={"public": False}, headers={"If-Match": '"1"'})
    stale = await cast.protocol.patch(path, json={"public": True}, headers={"If-Match": '"1"'})

    assert (changed.status_code, changed.json()["public"], changed.headers["ETag"]) == (200, False, '"2"')
    assert changed.json()["title"]["en"] == "Signing"
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")


async def test_the_parts_are_put_in_order_all_or_none(cast: Cast) -> None:
    first, second = await added(cast), await added(cast, kind="tour")
    path = f"{cast.api}/segments/order"

    refused = await cast.protocol.post(path, json={"ids": [second["id"]]})
    ordered = await cast.protocol.post(path, json={"ids": [second["id"], first["id"]]})

    assert refused.status_code == 412
    assert [each["kind"] for each in ordered.json()["segments"]] == ["tour", "signing"] == await kinds(cast)


async def test_a_part_is_removed_once(cast: Cast) -> None:
    path = f"{cast.api}/segments/{(await added(cast))['id']}"

    assert (await cast.protocol.delete(path)).status_code == 204
    assert (await cast.protocol.delete(path)).status_code == 404
    assert await kinds(cast) == []


async def test_what_a_part_cannot_be_is_told_by_field(cast: Cast) -> None:
    wrong = {**SIGNING, "kind": "karaoke", "ends_at": "soon", "languages": []}

    answer = await cast.protocol.post(f"{cast.api}/segments", json=wrong)
    early = await cast.protocol.post(f"{cast.api}/segments", json={**SIGNING, "ends_at": SIGNING["starts_at"]})

    assert {each["field"] for each in answer.json()["fields"]} == {"kind", "ends_at", "languages"}
    assert early.json()["fields"][0]["code"] == "ends_before_start"


async def test_a_part_of_another_event_is_not_there(cast: Cast) -> None:
    made = await added(cast)

    for path in (f"{cast.api}/segments/{uuid4()}", f"/api/v1/events/other-event/segments/{made['id']}"):
        assert (await cast.organiser.patch(path, json={})).status_code == 404
