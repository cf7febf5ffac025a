from checkin.seeking import search_rows
from events.core.i18n import Language
from tests.cast import Cast


async def test_a_row_says_who_they_are_and_where_but_not_how_to_reach_them(cast: Cast) -> None:
    told = {"name_latin": "Chen Wei", "organisation": "研究院", "category": "vip"}
    guest = await cast.guest("陈伟", email="wei@example.com", phone="+85221234567", **told)
    await cast.scanned(cast.scan(guest.code))

    rows = await cast.database.read(lambda tx: search_rows(tx, cast.event.id, "chen", Language.ZH_HANT))

    assert rows == [
        {
            "id": str(guest.id),
            "name": "陈伟",
            "name_latin": "Chen Wei",
            "organisation": "研究院",
            "category": "vip",
            "category_name": "貴賓",
            "category_colour": "#9a6b00",
            "status": "confirmed",
            "inside": True,
            "first_at": cast.clock.now().isoformat(),
        }
    ]


async def test_who_left_is_not_inside_and_who_never_came_has_no_time(cast: Cast) -> None:
    left, away = await cast.guest("陈左"), await cast.guest("陈右")
    await cast.scanned(cast.scan(left.code), cast.scan(left.code, direction="exit"))

    rows = await cast.database.read(lambda tx: search_rows(tx, cast.event.id, "陈", Language.EN))

    state = {row["name"]: (row["inside"], row["first_at"]) for row in rows}
    assert state == {left.name: (False, cast.clock.now().isoformat()), away.name: (False, None)}


async def test_eight_rows_at_most_of_this_event_only(cast: Cast) -> None:
    for number in range(9):
        await cast.guest(f"陈{number}")
    await cast.outsider.post("/api/v1/events/other-event/guests", json={"name": "陈外人"})

    rows = await cast.database.read(lambda tx: search_rows(tx, cast.event.id, "陈", Language.EN))
    stranger = await cast.database.read(lambda tx: search_rows(tx, cast.event.id, "陈外人", Language.EN))

    assert len(rows) == 8
    assert stranger == []


async def test_four_digits_find_the_phone_that_ends_in_them(cast: Cast) -> None:
    guest = await cast.guest("陈伟", phone="+85221234567")
    await cast.guest("陈芳", phone="+85221230000")

    rows = await cast.database.read(lambda tx: search_rows(tx, cast.event.id, "4567", Language.EN))

    assert [row["id"] for row in rows] == [str(guest.id)]
