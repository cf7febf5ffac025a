import re
from uuid import uuid4

import pytest

from checkin.booth.tours import seal
from events.core.auth import Scope
from events.models import SegmentId
from tests.booths import exhibitor, route_of, tour
from tests.cast import Cast, on_one_engine

pytestmark = on_one_engine


@pytest.fixture
async def walk(cast: Cast) -> SegmentId:
    """A tour that stops at A-01 and A-02; A-03 is not on it."""
    for booth in ("A-01", "A-02", "A-03"):
        await exhibitor(cast, booth)
    return await tour(cast, "A-01", "A-02")


def page_of(walk: SegmentId, rest: str = "") -> str:
    return f"/stage/valley-launch/tour/{walk}{rest}"


def next_stop(html: str) -> str:
    [booth] = re.findall(r'id="next-stop"><span class="booth-number">([\w-]+)<', html)
    return booth


async def typed(cast: Cast, walk: SegmentId, **given: str) -> dict[str, str]:
    """The form as it is sent when nothing in it was changed."""
    stops = await route_of(cast, walk)
    rows = {f"booth.{index}": stop.booth for index, stop in enumerate(stops)}
    minutes = {f"minutes.{index}": str(stop.minutes) for index, stop in enumerate(stops)}
    return {**rows, **minutes, "seen": seal(stops), "act": "save", **given}


async def test_the_guide_is_shown_the_stop_where_the_tour_should_be(cast: Cast, walk: SegmentId) -> None:
    before = await cast.protocol.get(page_of(walk))
    cast.clock.forward(minutes=75)
    later = await cast.protocol.get(page_of(walk))

    assert (next_stop(before.text), next_stop(later.text)) == ("A-01", "A-02")


async def test_the_guide_goes_on_at_their_own_pace(cast: Cast, walk: SegmentId) -> None:
    second = await cast.protocol.get(page_of(walk, "?stop=2&lang=en"))
    beyond = await cast.protocol.get(page_of(walk, "?stop=99"))
    nonsense = await cast.protocol.get(page_of(walk, "?stop=x"))

    assert [next_stop(page.text) for page in (second, beyond, nonsense)] == ["A-02", "A-02", "A-01"]
    assert "Back to A-01" in second.text


async def test_the_guide_sees_who_is_there_without_their_addresses(cast: Cast, walk: SegmentId) -> None:
    guest = await cast.guest("员工甲", booth="A-01", email="staff@example.com", job_title="经理")
    empty = await cast.protocol.get(page_of(walk, "?lang=en"))
    await cast.scanned(cast.scan(guest.code))

    async def shown() -> str:
        return (await cast.protocol.get(page_of(walk, "?lang=en"))).text

    assert "0 of 1 there" not in empty.text
    assert "Nobody there" in empty.text
    text = await shown()
    assert "1 of 1 there" in text
    assert "员工甲" in text
    assert "staff@example.com" not in text


async def test_a_tour_without_stops_says_so(cast: Cast) -> None:
    walk = await tour(cast)

    page = await cast.protocol.get(page_of(walk, "?lang=en"))

    assert "This tour has no stops yet." in page.text


async def test_what_is_no_tour_is_not_there(cast: Cast, walk: SegmentId) -> None:
    del walk
    answers = [await cast.protocol.get(page_of(SegmentId(uuid4()), rest)) for rest in ("", "/edit")]

    assert [answer.status_code for answer in answers] == [404, 404]


async def test_a_stop_is_moved_and_what_was_typed_is_saved_with_it(cast: Cast, walk: SegmentId) -> None:
    values = await typed(cast, walk, act="down.0", **{"minutes.0": "12", "note.en.0": "Ask for the demonstration"})

    answer = await cast.protocol.post(page_of(walk, "/edit"), data=values)
    form = await cast.protocol.get(answer.headers["location"])

    assert answer.status_code == 303
    assert [(stop.booth, stop.minutes, stop.note.en) for stop in await route_of(cast, walk)] == [
        ("A-02", 10, ""),
        ("A-01", 12, "Ask for the demonstration"),
    ]
    assert "Ask for the demonstration" in form.text


async def test_a_stop_is_added_and_only_free_booths_are_offered(cast: Cast, walk: SegmentId) -> None:
    before = await cast.protocol.get(page_of(walk, "/edit"))

    await cast.protocol.post(page_of(walk, "/edit"), data=await typed(cast, walk, act="add", add="A-03"))

    after = await cast.protocol.get(page_of(walk, "/edit"))
    assert re.findall(r'<option value="([\w-]+)"', before.text) == ["A-03"]
    assert re.findall(r'<option value="([\w-]+)"', after.text) == []
    assert [stop.booth for stop in await route_of(cast, walk)] == ["A-01", "A-02", "A-03"]


async def test_a_wrong_minute_is_said_at_its_stop_and_what_was_typed_stays(cast: Cast, walk: SegmentId) -> None:
    values = await typed(cast, walk, **{"minutes.1": "500", "note.en.1": "Long"})

    answer = await cast.protocol.post(page_of(walk, "/edit"), data=values)

    assert answer.status_code == 422
    assert 'id="minutes.1-error"' in answer.text
    assert 'value="500"' in answer.text
    assert 'value="Long"' in answer.text


async def test_a_booth_that_is_not_there_is_refused(cast: Cast, walk: SegmentId) -> None:
    answer = await cast.protocol.post(page_of(walk, "/edit"), data=await typed(cast, walk, **{"booth.0": "Z-99"}))

    assert answer.status_code == 422
    assert 'id="booth.0-error"' in answer.text


async def test_after_a_clash_the_current_route_stands_beside_what_was_typed(cast: Cast, walk: SegmentId) -> None:
    values = await typed(cast, walk, act="up.1")
    await cast.protocol.post(page_of(walk, "/edit"), data=await typed(cast, walk, act="remove.0"))

    clash = await cast.protocol.post(page_of(walk, "/edit?lang=en"), data=values)
    [seen] = re.findall(r'name="seen" value="(\w+)"', clash.text)
    again = await cast.protocol.post(page_of(walk, "/edit"), data={**values, "seen": seen})

    assert clash.status_code == 412
    assert "As it stands now" in clash.text
    assert re.findall(r'name="booth.\d" value="([\w-]+)"', clash.text) == ["A-02", "A-01"]
    assert again.status_code == 303
    assert [stop.booth for stop in await route_of(cast, walk)] == ["A-02", "A-01"]


async def test_who_may_only_read_sees_the_guides_view_and_changes_nothing(cast: Cast, walk: SegmentId) -> None:
    reader = await cast.token(Scope.READ)

    seen = await reader.get(page_of(walk))
    changed = await reader.post(page_of(walk, "/edit"), data=await typed(cast, walk, act="remove.0"))

    assert (next_stop(seen.text), changed.status_code) == ("A-01", 403)
