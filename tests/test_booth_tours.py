from datetime import timedelta

import anyio
import pytest

from checkin.booth.models import Stop, Tour
from checkin.booth.tours import seal, set_route, tour_of
from events.core.errors import Invalid, NotFound, Refusal, Stale
from events.core.ids import new_id
from events.models import SegmentId, SegmentKind, Text
from events.store import segments_of
from tests.booths import exhibitor, route_of, tour
from tests.cast import Cast


@pytest.fixture
async def hall(cast: Cast) -> Cast:
    for booth in ("A-01", "A-02", "A-03"):
        await exhibitor(cast, booth)
    return cast


async def read(cast: Cast, segment_id: SegmentId) -> Tour:
    return await cast.database.read(lambda tx: tour_of(tx, cast.event.id, segment_id, cast.clock.now()))


async def reroute(cast: Cast, segment_id: SegmentId, *booths: str, seen: str) -> None:
    stops = [Stop(booth=booth, minutes=5, note=Text(en="Hello")) for booth in booths]
    now = cast.clock.now()
    await cast.database.write(
        lambda tx: set_route(tx, cast.event.id, segment_id, stops, seen=seen, actor="cast", now=now)
    )


async def test_stops_follow_each_other_from_the_beginning_of_the_tour(hall: Cast) -> None:
    segment_id = await tour(hall, "A-02", "A-01", minutes=10)

    found = await read(hall, segment_id)

    begins = found.segment.starts_at
    assert [(each.number, each.stop.booth, each.exhibitor.booth, each.at) for each in found.stops] == [
        (1, "A-02", "A-02", begins),
        (2, "A-01", "A-01", begins + timedelta(minutes=10)),
    ]


async def test_the_guide_sees_who_of_the_staff_is_in_the_house(hall: Cast) -> None:
    segment_id = await tour(hall, "A-01")
    away, here = await hall.guest("不在", booth="A-01"), await hall.guest("在场", booth="A-01")
    await hall.guest("别家", booth="A-02")
    await hall.scanned(hall.scan(here.code))

    [stop] = (await read(hall, segment_id)).stops

    assert [(each.guest.name, each.inside) for each in stop.staff] == [(here.name, True), (away.name, False)]
    assert stop.present == 1


async def test_who_left_is_not_there_any_more(hall: Cast) -> None:
    segment_id = await tour(hall, "A-01")
    guest = await hall.guest("员工", booth="A-01")
    await hall.scanned(hall.scan(guest.code))
    hall.clock.forward(minutes=5)
    await hall.scanned(hall.scan(guest.code, direction="exit"))

    [stop] = (await read(hall, segment_id)).stops

    assert stop.present == 0


async def test_a_route_replaces_the_one_that_was_read(hall: Cast) -> None:
    segment_id = await tour(hall, "A-01", "A-02")

    await reroute(hall, segment_id, "A-03", "A-01", seen=seal(await route_of(hall, segment_id)))

    assert await route_of(hall, segment_id) == [
        Stop(booth=booth, minutes=5, note=Text(en="Hello")) for booth in ("A-03", "A-01")
    ]


async def test_a_route_that_somebody_changed_meanwhile_stays(hall: Cast) -> None:
    segment_id = await tour(hall, "A-01")
    seen = seal(await route_of(hall, segment_id))
    await reroute(hall, segment_id, "A-02", seen=seen)

    with pytest.raises(Stale):
        await reroute(hall, segment_id, "A-03", seen=seen)

    assert [stop.booth for stop in await route_of(hall, segment_id)] == ["A-02"]


async def test_of_two_who_save_at_once_one_is_told(hall: Cast) -> None:
    segment_id = await tour(hall, "A-01")
    seen, refused = seal(await route_of(hall, segment_id)), list[str]()

    async def save(booth: str) -> None:
        try:
            await reroute(hall, segment_id, booth, seen=seen)
        except Refusal as error:
            refused.append(error.code)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(save, "A-02")
        tasks.start_soon(save, "A-03")

    assert refused == ["stale"]
    assert len(await route_of(hall, segment_id)) == 1


@pytest.mark.parametrize(
    ("booths", "wrong"),
    [(("A-01", "Z-99"), {"booth.1": "not_offered"}), (("A-01", "A-02", "A-01"), {"booth.2": "stop_twice"})],
)
async def test_a_tour_stops_once_at_booths_that_are_there(
    hall: Cast, booths: tuple[str, ...], wrong: dict[str, str]
) -> None:
    segment_id = await tour(hall)

    with pytest.raises(Invalid) as refused:
        await reroute(hall, segment_id, *booths, seen=seal([]))

    assert refused.value.fields == wrong


async def test_what_is_no_tour_has_no_route(hall: Cast) -> None:
    with pytest.raises(NotFound):
        await reroute(hall, SegmentId(new_id()), "A-01", seen=seal([]))
    with pytest.raises(NotFound):
        await read(hall, SegmentId(new_id()))
    kinds = [each.kind for each in await hall.database.read(lambda tx: segments_of(tx, hall.event.id))]
    assert SegmentKind.TOUR not in kinds
