"""The desk's pages of the programme, without JavaScript."""

from typing import Any

import httpx

from checkin.stage.segment_form import SegmentForms
from events.models import Segment
from events.store import segments_of
from tests.cast import Cast, on_one_engine

pytestmark = on_one_engine

FIELDS = {
    "kind": "signing",
    "title.zh_hans": "签约仪式",
    "title.en": "Signing",
    "starts_at": "2026-03-02T15:40",
    "ends_at": "2026-03-02T16:05",
    "language.zh-Hans": "1",
    "language.en": "1",
    "public": "1",
}
SHEET = "kind,starts,ends,title\nSpeeches,15:00,15:30,Speeches\nTour,17:00,17:45,Tour of the park\n"


def path(cast: Cast, rest: str = "") -> str:
    return f"/desk/{cast.event.slug}/programme{rest}"


async def parts(cast: Cast) -> list[Segment]:
    return await cast.database.read(lambda tx: segments_of(tx, cast.event.id))


async def sent(cast: Cast, rest: str, **data: Any) -> httpx.Response:
    return await cast.protocol.post(path(cast, rest), data=data)


async def uploaded(cast: Cast, content: str) -> httpx.Response:
    file = {"sheet": ("programme.csv", content.encode(), "text/csv")}
    return await cast.protocol.post(path(cast, "/import"), files=file)


async def test_a_part_is_added_by_the_form_and_stands_in_the_programme(cast: Cast) -> None:
    empty = await cast.protocol.get(path(cast))

    answer = await sent(cast, "/new", **FIELDS)

    [made] = await parts(cast)
    page = await cast.protocol.get(path(cast))
    assert "Nothing is planned yet." in empty.text
    assert (answer.status_code, answer.headers["Location"]) == (303, path(cast))
    assert (made.title.zh_hans, [*made.languages], made.public) == ("签约仪式", ["zh-Hans", "en"], True)
    assert made.starts_at.astimezone(cast.event.zone).isoformat() == "2026-03-02T15:40:00+08:00"
    assert "Signing ceremony" in page.text


async def test_a_wrong_form_comes_back_with_what_was_typed(cast: Cast) -> None:
    answer = await sent(cast, "/new", **{**FIELDS, "ends_at": "2026-03-02T15:00", "title.en": "Signing <b>"})

    assert answer.status_code == 422
    assert "The end must be after the beginning." in answer.text
    assert "Signing &lt;b&gt;" in answer.text
    assert await parts(cast) == []


async def test_a_part_that_a_colleague_changed_is_shown_beside_what_was_typed(cast: Cast) -> None:
    await sent(cast, "/new", **FIELDS)
    [made] = await parts(cast)
    kept = {name: value for name, value in FIELDS.items() if name != "public"}
    told = {"place.zh_hant": "三樓會堂", "script.en": "Welcome, partners.", "language.zh-Hant": "1"}
    title = {"title.en": "Signing of the partners"}
    await sent(cast, f"/{made.id}", version="1", **{**kept, **told, **title})

    late = await sent(cast, f"/{made.id}", **{**FIELDS, "version": "1", "title.en": "Signing of ten companies"})

    assert late.status_code == 412
    for words in ("Signing of the partners", "三樓會堂", "Welcome, partners.", "Not shown to guests"):
        assert words in late.text
    assert '<span lang="zh-Hant">繁體中文</span> ·' in late.text
    assert 'value="Signing of ten companies"' in late.text
    assert [each.title.en for each in await parts(cast)] == ["Signing of the partners"]


async def test_a_part_is_moved_to_a_place_and_removed(cast: Cast) -> None:
    for kind in ("reception", "speeches", "tour"):
        await sent(cast, "/new", **{**FIELDS, "kind": kind})
    first, second, _ = await parts(cast)

    await sent(cast, f"/{first.id}/move", to="3")
    await sent(cast, f"/{second.id}/remove", version="1")

    assert [each.kind for each in await parts(cast)] == ["tour", "reception"]


async def test_guests_see_what_is_meant_for_them(cast: Cast) -> None:
    await sent(cast, "/new", **{**FIELDS, "title.en": "Signing in public"})
    hidden = {name: value for name, value in FIELDS.items() if name != "public"}
    await sent(cast, "/new", **{**hidden, "title.en": "Rehearsal"})

    page = await cast.stranger.get(f"/e/{cast.event.slug}?lang=en")

    assert "Signing in public" in page.text
    assert "Rehearsal" not in page.text
    assert "Rehearsal" in (await cast.protocol.get(path(cast))).text


async def test_a_spreadsheet_is_shown_first_and_written_when_confirmed(cast: Cast) -> None:
    shown = await uploaded(cast, SHEET)
    before = await parts(cast)
    event = cast.event
    rows = SegmentForms.model_validate(
        [
            {
                "kind": "speeches",
                "title": {"en": "Speeches"},
                "starts_at": event.starts_at,
                "ends_at": event.ends_at,
            }
        ]
    )

    answer = await sent(cast, "/import/take", rows=rows.model_dump_json())

    assert (shown.status_code, before) == (200, [])
    assert "2 parts can be read" in shown.text
    assert "Tour of the park" in shown.text
    assert answer.status_code == 303
    assert [each.title.en for each in await parts(cast)] == ["Speeches"]


async def test_a_spreadsheet_with_a_wrong_row_says_which_and_cannot_be_written(cast: Cast) -> None:
    shown = await uploaded(cast, SHEET + "Karaoke,18:00,19:00,Singing\n")

    assert shown.status_code == 422
    assert "Row 4, Kind: This is not a valid entry." in shown.text
    assert 'name="rows"' not in shown.text


async def test_what_is_no_spreadsheet_is_refused_in_words(cast: Cast) -> None:
    shown = await uploaded(cast, "hello")

    assert shown.status_code == 422
    assert "The first row must name the columns" in shown.text


async def test_a_reader_sees_the_programme_and_no_buttons(cast: Cast) -> None:
    await sent(cast, "/new", **FIELDS)
    part = f"/{(await parts(cast))[0].id}"

    read, changed = await cast.protocol.get(path(cast)), await cast.steward.post(path(cast, part), data=FIELDS)

    assert "Add a part" in read.text
    assert changed.status_code == 403


async def test_a_place_that_is_no_number_leaves_the_part_where_it_is(cast: Cast) -> None:
    for title in ("First", "Second"):
        await sent(cast, "/new", **{**FIELDS, "title.en": title})
    first, _ = await parts(cast)

    for place in ("9" * 5000, "-1", "top"):
        answer = await sent(cast, f"/{first.id}/move", to=place)
        assert (place[:3], answer.status_code) == (place[:3], 303)

    assert [each.title.en for each in await parts(cast)] == ["First", "Second"]
