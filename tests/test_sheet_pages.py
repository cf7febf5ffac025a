"""The desk's pages for a door without network: sheets to print, ticks to enter, badge slots."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa

from checkin.tables import presence, scans
from events.core.auth import Scope
from events.core.ids import Role
from events.forms import GuestForm
from events.guestlist import invite
from events.models import Guest
from events.tables import guests
from tests.cast import NOON, Cast, on_one_engine, planned
from tests.programs import codes_on, lines_of, page_count, pictures_of, text_of

pytestmark = on_one_engine


def _at(cast: Cast, rest: str) -> str:
    return f"/desk/{cast.event.slug}/door/{rest}"


async def _entered(cast: Cast, **data: str) -> httpx.Response:
    return await cast.organiser.post(_at(cast, "ticks"), data=data, headers={"Accept-Language": "en"})


async def _came(cast: Cast) -> dict[Any, str]:
    """The first entries, as clocks at the venue showed them."""
    chosen = sa.select(presence.c.guest_id, presence.c.first_at).where(presence.c.first_at.is_not(None))
    rows = await cast.database.read(lambda tx: tx.execute(chosen))
    return {row.guest_id: f"{row.first_at.astimezone(cast.event.zone):%H:%M}" for row in rows}


async def _count(cast: Cast) -> int:
    return await cast.database.read(lambda tx: _scans(tx))


async def _scans(tx: Any) -> int:
    return (await tx.execute(sa.select(sa.func.count()).select_from(scans))).scalar_one()


async def _first_entries(tx: Any) -> list[Any]:
    return list((await tx.execute(sa.select(presence.c.first_at))).scalars())


async def _scan_ids(tx: Any) -> list[Any]:
    return list((await tx.execute(sa.select(scans.c.scan_id))).scalars())


@pytest.fixture
async def crowd(cast: Cast) -> list[Guest]:
    """Three guests, in the evening of the event."""
    made = [await cast.guest(name) for name in ("安一", "曾国藩", "陈大文")]
    cast.clock.forward(hours=6)
    return made


async def test_the_sheets_are_printed_by_desk_with_a_code_for_each_guest(cast: Cast, crowd: list[Guest]) -> None:
    answer = await cast.organiser.get(_at(cast, "sheets.pdf"), params={"desks": "2", "lang": "zh-Hant"})

    pages = [lines_of(answer.content, page=number)[2] for number in (1, 2)]
    codes = [code for page in pictures_of(answer.content, dpi=300) for code in codes_on(page)]
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("application/pdf", "no-store")
    assert (page_count(answer.content), pages) == (2, ["A", "C – Z"])
    assert sorted(codes) == sorted(guest.code for guest in crowd)
    assert "報到表" in text_of(answer.content)


async def test_the_page_says_how_many_are_on_each_desks_list(cast: Cast, crowd: list[Guest]) -> None:
    page = await cast.organiser.get(_at(cast, "sheets"), params={"desks": "2", "lang": "en"})
    odd = await cast.organiser.get(_at(cast, "sheets"), params={"split": "x", "desks": "999", "lang": "en"})

    assert [words in page.text for words in ("Confirmed guests: 3", "C – Z", "desk=2")] == [True, True, True]
    assert (odd.status_code, 'value="12"' in odd.text) == (200, True)


async def test_without_guests_there_is_nothing_to_print_or_enter(cast: Cast) -> None:
    pages = [await cast.organiser.get(_at(cast, rest), params={"lang": "en"}) for rest in ("sheets", "ticks")]

    assert [page.status_code for page in pages] == [200, 200]
    assert "Nobody is confirmed yet." in pages[0].text


async def test_ticks_are_recorded_with_the_time_on_the_paper(cast: Cast, crowd: list[Guest]) -> None:
    first, second, _ = crowd

    answer = await _entered(
        cast, **{f"tick-{first.id}": "1", f"tick-{second.id}": "1", f"time-{second.id}": "1433", "at": "14:05"}
    )

    assert answer.status_code == 303
    assert await _came(cast) == {first.id: "14:05", second.id: "14:33"}


async def test_the_next_page_begins_with_the_time_and_gate_of_the_last(cast: Cast, crowd: list[Guest]) -> None:
    gate = (await cast.organiser.post(f"{cast.api}/gates", json={"name": "South"})).json()["id"]

    answer = await _entered(cast, who="anyi", at="1405", gate=gate)
    shown = (await cast.organiser.get(answer.headers["location"])).text

    assert ('value="1405"' in shown, f'value="{gate}" selected' in shown) == (True, True)
    assert (await _came(cast), "South" in shown) == ({crowd[0].id: "14:05"}, True)


async def test_entering_a_sheet_twice_does_nothing_the_second_time(cast: Cast, crowd: list[Guest]) -> None:
    data = {f"tick-{guest.id}": "1" for guest in crowd}
    await _entered(cast, **data, at="14:05")
    before = await _came(cast), await _count(cast)

    again = await _entered(cast, **data, at="15:00")

    assert again.status_code == 303
    assert (await _came(cast), await _count(cast)) == before == (dict.fromkeys([g.id for g in crowd], "14:05"), 3)


async def test_a_tick_that_was_undone_can_be_entered_again(cast: Cast, crowd: list[Guest]) -> None:
    tick = {f"tick-{crowd[0].id}": "1"}
    await _entered(cast, **tick, at="14:05")
    [scan_id] = await cast.database.read(lambda tx: _scan_ids(tx))
    await cast.organiser.post(f"{cast.api}/scans/{scan_id}/undo", json={"id": str(uuid4()), "reason": "wrong row"})

    await _entered(cast, **tick, at="14:50")
    twice = await _entered(cast, **tick, at="14:55")

    assert (twice.status_code, await _came(cast), await _count(cast)) == (303, {crowd[0].id: "14:50"}, 2)


async def test_a_hand_scanner_ticks_whom_it_reads(cast: Cast, crowd: list[Guest]) -> None:
    answer = await _entered(cast, who=f" {crowd[1].code.lower()} ", at="14:05")

    assert (answer.status_code, await _came(cast)) == (303, {crowd[1].id: "14:05"})


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        ("23:59", "This time has not come yet."),
        ("soon", "This is not a time such as 14:05."),
        ("", "Please enter the time on the paper."),
    ],
)
async def test_a_wrong_time_keeps_its_row_while_the_right_ones_are_recorded(
    cast: Cast, crowd: list[Guest], at: str, sentence: str
) -> None:
    first, second, _ = crowd

    answer = await _entered(
        cast, **{f"tick-{first.id}": "1", f"tick-{second.id}": "1", f"time-{second.id}": "1433", "at": at}
    )

    kept = f'name="tick-{first.id}" value="1" checked'
    assert (answer.status_code, sentence in answer.text, kept in answer.text) == (422, True, True)
    assert await _came(cast) == {second.id: "14:33"}


async def test_somebody_typed_in_whose_time_is_wrong_stays_on_the_page(cast: Cast, crowd: list[Guest]) -> None:
    page = _at(cast, "ticks?desks=2&desk=1")

    answer = await cast.organiser.post(page, data={"who": "zeng guofan", "at": "25:00"})

    assert (answer.status_code, f'name="tick-{crowd[1].id}" value="1" checked' in answer.text) == (422, True)
    assert await _came(cast) == {}


async def test_where_several_fit_they_are_offered(cast: Cast, crowd: list[Guest]) -> None:
    second = await cast.guest("陈大明")

    answer = await _entered(cast, who="chen", at="14:05")

    offered = [f'name="tick-{guest.id}"' in answer.text for guest in (crowd[2], second, crowd[0])]
    assert (answer.status_code, offered) == (422, [True, True, False])
    assert "Is it one of these?" in answer.text


@pytest.mark.parametrize("who", ["nobody", "Y1H7K2MD0K"])
async def test_who_is_not_found_is_said_and_stays_in_the_field(cast: Cast, crowd: list[Guest], who: str) -> None:
    answer = await _entered(cast, who=who, at="14:05")

    assert (answer.status_code, "Nobody was found." in answer.text, f'value="{who}"' in answer.text) == (
        422,
        True,
        True,
    )


async def test_who_was_scanned_is_shown_as_in_and_not_ticked_again(cast: Cast, crowd: list[Guest]) -> None:
    await cast.scanned(cast.scan(crowd[0].code))

    shown = (await cast.organiser.get(_at(cast, "ticks"), params={"lang": "en"})).text
    answer = await _entered(cast, who="anyi", **{f"tick-{crowd[0].id}": "1"}, at="14:05")

    assert (f'name="tick-{crowd[0].id}"' in shown, "steward" in shown, "18:00" in shown) == (False, True, True)
    assert (answer.status_code, "This guest is in already." in answer.text, await _count(cast)) == (422, True, 1)


async def test_a_long_list_is_paged_in_its_order(cast: Cast) -> None:
    for number in range(61):
        await cast.guest(f"陈{number:02}")

    pages = [(await cast.organiser.get(_at(cast, "ticks"), params={"page": page})).text for page in ("1", "2")]

    assert [page.count('name="tick-') for page in pages] == [60, 1]
    assert [page.count('rel="next"') for page in pages] == [1, 0]


async def test_an_event_without_gates_gets_its_main_entrance(cast: Cast, crowd: list[Guest]) -> None:
    await cast.organiser.delete(f"{cast.api}/gates/{cast.gate.id}")

    answer = await _entered(cast, who="anyi", at="14:05")

    assert (answer.status_code, await _came(cast)) == (303, {crowd[0].id: "14:05"})


async def _fair(cast: Cast) -> str:
    """An event of two days with a guest each for two desks; the address of its ticks."""
    event = await planned(cast.database, slug="fair", ends_at=NOON + timedelta(days=1))
    for name in ("安一", "曾国藩"):
        form = GuestForm(name=name)
        await cast.database.write(lambda tx, form=form: invite(tx, event, form, actor="x", now=NOON, mail=False))
    return f"/desk/{event.slug}/door/ticks"


async def test_a_page_left_open_overnight_still_means_its_own_day(cast: Cast) -> None:
    address = await _fair(cast)
    opened = await cast.organiser.get(address)
    [day] = re.findall(r'name="day" value="([^"]+)"', opened.text)
    cast.clock.forward(days=1)
    clerk = await cast.person(Role.ORGANISER)

    await clerk.post(address, data={"day": day, "who": "anyi", "at": "09:30"})

    entered = await cast.database.read(lambda tx: _first_entries(tx))
    assert (day, entered) == ("2026-03-02", [NOON.replace(hour=1, minute=30)])


async def test_the_day_that_was_chosen_stays_on_the_way_to_the_next_desk(cast: Cast) -> None:
    address = await _fair(cast)
    cast.clock.forward(days=1)
    clerk = await cast.person(Role.ORGANISER)

    page = await clerk.get(address, params={"desks": "2", "day": "2026-03-02"})

    links = re.findall(r'href="[^"]*desk=[12]&amp;page=1(&amp;[^"]*)"', page.text)
    assert links == ["&amp;gate=&amp;day=2026-03-02&amp;at="] * 2


async def test_more_boxes_than_letters_can_name_are_refused_beside_the_field(cast: Cast) -> None:
    for slot in ("ZZ-01", ""):
        await cast.guest("安一", pick_slot=slot)

    answer = await cast.organiser.post(_at(cast, "slots"), data={"per_box": "1"}, headers={"Accept-Language": "en"})

    assert (answer.status_code, 'id="per_box-error"' in answer.text) == (422, True)
    assert "more boxes than A to ZZ" in answer.text


async def test_slots_are_given_and_order_the_badges(cast: Cast, crowd: list[Guest]) -> None:
    given = await cast.organiser.post(_at(cast, "slots"), data={"per_box": "2"})
    said = await cast.organiser.get(given.headers["location"], params={"lang": "en"})
    rows = await cast.database.read(lambda tx: tx.execute(sa.select(guests.c.name, guests.c.pick_slot)))
    badges = await cast.organiser.get(f"/desk/{cast.event.slug}/badges.pdf", params={"order": "slot"})

    names = [lines_of(badges.content, page=page) for page in (1, 2, 3)]
    assert (given.status_code, said.status_code) == (303, 200)
    assert {row.name: row.pick_slot for row in rows} == {"安一": "A-01", "陈大文": "A-02", "曾国藩": "B-01"}
    assert [
        (name in lines, slot in lines)
        for lines, name, slot in zip(names, ("安一", "陈大文", "曾国藩"), ("A-01", "A-02", "B-01"), strict=True)
    ] == [(True, True)] * 3


async def test_only_the_desk_prints_enters_and_gives(cast: Cast) -> None:
    async def tried(who: httpx.AsyncClient) -> set[int]:
        seen = [await who.get(_at(cast, rest)) for rest in ("sheets", "sheets.pdf", "ticks")]
        done = [await who.post(_at(cast, rest), data={"at": "1"}) for rest in ("ticks", "slots")]
        return {answer.status_code for answer in (*seen, *done)}

    assert await tried(cast.steward) == await tried(await cast.token(Scope.DOOR)) == {403}
    assert await tried(await cast.person(Role.PROTOCOL)) == {403}
    assert await tried(cast.outsider) == {404}
