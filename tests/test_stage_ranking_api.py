"""Precedence lists as scripts make, read and change them."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.cast import Cast, on_one_engine


async def _made(cast: Cast, *names: str, **given: Any) -> dict[str, Any]:
    people = [str((await cast.guest(name, job_title="主任")).id) for name in names or ("丁一", "王明", "潘安")]
    form = {"title": {"zh_hans": "合影站位"}, "people": {"guest_ids": people}, **given}
    answer = await cast.protocol.post(f"{cast.api}/precedence", json=form)
    assert answer.status_code == 201, answer.text
    return answer.json()


def _at(cast: Cast, made: dict[str, Any], leaf: str = "") -> str:
    return f"{cast.api}/precedence/{made['id']}{leaf}"


def _names(told: dict[str, Any]) -> str:
    return " ".join(each["guest"]["name"] for each in told["entries"])


def _id(made: dict[str, Any], name: str) -> str:
    return next(each["guest"]["id"] for each in made["entries"] if each["guest"]["name"] == name)


async def _moved(cast: Cast, made: dict[str, Any], name: str, to: int, **headers: str) -> httpx.Response:
    move = {"guest_id": _id(made, name), "to_position": to, "reason": "主宾"}
    return await cast.protocol.post(_at(cast, made, "/moves"), json=move, headers=headers)


async def test_a_list_is_made_listed_and_shown_with_its_etag(cast: Cast) -> None:
    made = await _made(cast, rows=2, honour="left")

    shown = await cast.script.get(_at(cast, made))
    listed = await cast.script.get(f"{cast.api}/precedence")

    assert (shown.json(), shown.headers["etag"]) == (made, '"1"')
    assert listed.json() == {"lists": [made]}
    assert (_names(made), made["rows"], made["honour"]) == ("丁一 王明 潘安", 2, "left")
    assert made["tie_breaks"] == ["position", "strokes"]
    assert [(each["position"], each["natural"], each["ground"], each["move"]) for each in made["entries"]] == [
        (1, 1, "strokes", None),
        (2, 2, "strokes", None),
        (3, 3, "strokes", None),
    ]


@on_one_engine
async def test_a_list_shows_nobodys_contact_data(cast: Cast) -> None:
    guest = await cast.guest("丁一", email="ding@example.org", phone="+86 139 0000 0000", liaison="l@example.org")
    made = await _made(cast, people={"guest_ids": [str(guest.id)]})

    answer = await cast.script.get(_at(cast, made))

    assert set(answer.json()["entries"][0]["guest"]) == {
        "id",
        "name",
        "name_latin",
        "organisation",
        "job_title",
        "side",
    }


@on_one_engine
async def test_a_move_and_its_undoing_stay_in_the_history(cast: Cast) -> None:
    made = await _made(cast)

    moved = (await _moved(cast, made, "潘安", 1)).json()
    undone = (await cast.protocol.post(_at(cast, made, "/undo"), json={"reason": "误操作"})).json()

    assert (_names(moved), moved["entries"][0]["natural"], moved["entries"][0]["move"]) == ("潘安 丁一 王明", 3, 1)
    assert (_names(undone), undone["version"]) == ("丁一 王明 潘安", 3)
    assert [(each["number"], each["reason"], each["by"], each["undoes"]) for each in undone["moves"]] == [
        (1, "主宾", "protocol", None),
        (2, "误操作", "protocol", 1),
    ]


@on_one_engine
async def test_somebody_who_read_an_older_version_is_refused(cast: Cast) -> None:
    made = await _made(cast)
    await _moved(cast, made, "潘安", 1)

    stale = await _moved(cast, made, "王明", 1, **{"If-Match": '"1"'})
    current = await _moved(cast, made, "王明", 1, **{"If-Match": '"2"'})

    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert (current.status_code, current.headers["etag"]) == (200, '"3"')


@on_one_engine
async def test_some_fields_of_a_list_are_changed(cast: Cast) -> None:
    made = await _made(cast)

    answer = await cast.protocol.patch(_at(cast, made), json={"rows": 3, "tie_breaks": ["latin", "latin"]})

    changed = answer.json()
    assert (changed["rows"], changed["tie_breaks"], changed["title"]) == (3, ["latin"], made["title"])


@on_one_engine
async def test_people_come_and_go_and_are_ranked(cast: Cast) -> None:
    made = await _made(cast, "丁一")
    other = await cast.guest("潘安")

    await cast.protocol.post(_at(cast, made, "/people"), json={"guest_ids": [str(other.id)]})
    facts = {str(other.id): {"rank": 1, "founded": 1997}}
    ranked = (await cast.protocol.post(_at(cast, made, "/facts"), json=facts)).json()
    left = (await cast.protocol.delete(_at(cast, made, f"/people/{other.id}"))).json()

    assert _names(ranked) == "潘安 丁一"
    assert {name: ranked["entries"][0][name] for name in ("rank", "grade", "founded", "ground")} == {
        "rank": 1,
        "grade": 0,
        "founded": 1997,
        "ground": "rank",
    }
    assert _names(left) == "丁一"


@on_one_engine
@pytest.mark.parametrize(
    ("leaf", "body", "field"),
    [
        ("/moves", {"to_position": 1, "reason": ""}, "reason"),
        ("/moves", {"to_position": 0, "reason": "x"}, "to_position"),
        ("/undo", {"reason": " "}, "reason"),
        ("/people", {"guest_ids": [str(uuid4())]}, "people"),
    ],
)
async def test_what_is_missing_or_wrong_is_named(cast: Cast, leaf: str, body: dict[str, Any], field: str) -> None:
    made = await _made(cast)
    given = {"guest_id": _id(made, "潘安"), **body} if leaf == "/moves" else body

    answer = await cast.protocol.post(_at(cast, made, leaf), json=given)

    assert (answer.status_code, [each["field"] for each in answer.json()["fields"]]) == (422, [field])


@on_one_engine
async def test_a_list_is_removed_until_somebody_was_moved(cast: Cast) -> None:
    fresh, used = await _made(cast, "丁一"), await _made(cast)
    await _moved(cast, used, "潘安", 1)

    gone = await cast.protocol.delete(_at(cast, fresh))
    kept = await cast.protocol.delete(_at(cast, used))

    assert (gone.status_code, (await cast.script.get(_at(cast, fresh))).status_code) == (204, 404)
    assert (kept.status_code, kept.json()["code"]) == (409, "list_moved")
