import pytest

from tests.booths import AI, booth_phone, exhibitor
from tests.cast import Cast, on_one_engine

pytestmark = on_one_engine

FIELD = {"zh_hans": "大数据", "zh_hant": "大數據", "en": "Big data"}
NAME = {"zh_hans": "河图数据", "zh_hant": "", "en": "Hetu Data"}
NOTHING = {"zh_hans": "", "zh_hant": "", "en": ""}


async def test_an_exhibitor_is_made_listed_and_shown(cast: Cast) -> None:
    made = await cast.script.post(
        f"{cast.api}/exhibitors", json={"booth": "C-01", "field_name": FIELD, "name": NAME, "summary": {"en": "Data."}}
    )

    shown = await cast.script.get(f"{cast.api}/exhibitors/C-01")
    listed = await cast.script.get(f"{cast.api}/exhibitors")

    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    assert made.json() == {
        "booth": "C-01",
        "field": "big-data",
        "field_name": FIELD,
        "name": NAME,
        "summary": {**NOTHING, "en": "Data."},
        "gate": None,
        "version": 1,
    }
    assert shown.json() == made.json()
    assert listed.json() == {"exhibitors": [made.json()]}


async def test_a_change_names_only_what_changes(cast: Cast) -> None:
    before = await exhibitor(cast)

    answer = await cast.script.patch(f"{cast.api}/exhibitors/A-01", json={"summary": {"en": "Robots."}})

    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    told = answer.json()
    assert (told["name"], told["field"]) == (before.name.model_dump(), before.field)
    assert told["summary"]["en"] == "Robots."


async def test_a_field_is_renamed_for_all_who_are_in_it(cast: Cast) -> None:
    await exhibitor(cast, "A-01")
    await exhibitor(cast, "A-02")
    renamed = {"field": "artificial-intelligence", "field_name": {"en": "AI"}}

    await cast.script.patch(f"{cast.api}/exhibitors/A-01", json=renamed)

    listed = (await cast.script.get(f"{cast.api}/exhibitors")).json()["exhibitors"]
    assert [each["field_name"]["en"] for each in listed] == ["AI", "AI"]


async def test_a_field_that_is_only_named_is_another_one(cast: Cast) -> None:
    await exhibitor(cast, "A-01")
    await exhibitor(cast, "A-02")

    answer = await cast.script.patch(f"{cast.api}/exhibitors/A-02", json={"field_name": FIELD})

    other = await cast.script.get(f"{cast.api}/exhibitors/A-01")
    assert answer.json()["field"] == "big-data"
    assert other.json()["field_name"] == AI.model_dump()


async def test_an_older_version_changes_and_removes_nothing(cast: Cast) -> None:
    await exhibitor(cast)
    await cast.script.patch(f"{cast.api}/exhibitors/A-01", json={"summary": {"en": "Newer."}})
    old = {"If-Match": '"1"'}

    changed = await cast.script.patch(f"{cast.api}/exhibitors/A-01", json={"summary": {}}, headers=old)
    removed = await cast.script.delete(f"{cast.api}/exhibitors/A-01", headers=old)

    assert [(answer.status_code, answer.json()["code"]) for answer in (changed, removed)] == [(412, "stale")] * 2
    shown = await cast.script.get(f"{cast.api}/exhibitors/A-01")
    assert shown.json()["summary"]["en"] == "Newer."


async def test_an_exhibitor_is_removed_unless_something_refers_to_it(cast: Cast) -> None:
    await exhibitor(cast, "A-01")
    await exhibitor(cast, "A-02")
    await booth_phone(cast, "A-02")

    free = await cast.script.delete(f"{cast.api}/exhibitors/A-01")
    used = await cast.script.delete(f"{cast.api}/exhibitors/A-02")

    assert (free.status_code, used.status_code, used.json()["code"]) == (204, 409, "booth_used")


async def test_a_booth_keeps_its_number(cast: Cast) -> None:
    await exhibitor(cast)

    same = await cast.script.patch(f"{cast.api}/exhibitors/A-01", json={"booth": "A-01"})
    other = await cast.script.patch(f"{cast.api}/exhibitors/A-01", json={"booth": "A-02"})

    assert (same.status_code, other.status_code) == (200, 422)
    assert other.json()["fields"][0]["code"] == "booth_stays"


@pytest.mark.parametrize("booth", ["", ".", "..", "a/b", "A 1", "?", "A" * 13, "-1"])
async def test_a_booth_is_a_word_that_can_stand_in_an_address(cast: Cast, booth: str) -> None:
    answer = await cast.script.post(f"{cast.api}/exhibitors", json={"booth": booth, "field_name": FIELD, "name": NAME})

    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json()["fields"]] == ["booth"]


async def test_a_booth_may_be_numbered_in_chinese(cast: Cast) -> None:
    await exhibitor(cast, "甲1")

    answer = await cast.script.get(f"{cast.api}/exhibitors/甲1")

    assert answer.json()["booth"] == "甲1"


async def test_a_booth_that_is_taken_stays_with_whom_it_is(cast: Cast) -> None:
    await exhibitor(cast)

    answer = await cast.script.post(f"{cast.api}/exhibitors", json={"booth": "A-01", "field_name": FIELD, "name": NAME})

    assert (answer.status_code, answer.json()["code"]) == (409, "booth_taken")
