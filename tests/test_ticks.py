"""Entering what was ticked on paper: whom somebody means, and when it was."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.models import Entry, GateId, Mode, VerdictCode
from checkin.signin_sheet import roll_of
from checkin.ticks import Meant, Tick, days_of, entries_of, meant, moment_on_paper, read_ticks, scans_of
from events.core.errors import Invalid
from events.core.ids import EventId
from events.models import GuestId
from tests.cast import NOON, Cast, planned

ZONE = ZoneInfo("Asia/Hong_Kong")
DAY = date(2026, 3, 2)
EVENING = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["14:05", "1405", "14.05", "14：05", " 14 : 05 "])
def test_a_time_is_read_however_it_is_typed(text: str) -> None:
    assert moment_on_paper(text, day=DAY, zone=ZONE, now=EVENING) == datetime(2026, 3, 2, 6, 5, tzinfo=UTC)


@pytest.mark.parametrize(("text", "hours", "minutes"), [("9:30", 1, 30), ("930", 1, 30), ("20:00", 12, 0)])
def test_an_hour_of_one_digit_and_the_present_minute_are_times_too(text: str, hours: int, minutes: int) -> None:
    moment = datetime(2026, 3, 2, hours, minutes, tzinfo=UTC)

    assert moment_on_paper(text, day=DAY, zone=ZONE, now=EVENING) == moment


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "missing"), (" ", "missing"), ("25:00", "time"), ("14:60", "time"), ("noon", "time"), ("20:01", "future")],
)
def test_what_cannot_be_the_time_on_the_paper_is_refused(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        moment_on_paper(text, day=DAY, zone=ZONE, now=EVENING)

    assert refused.value.fields == {"at": code}


def test_ticks_that_can_be_read_are_taken_and_the_others_named() -> None:
    right, wrong = GuestId(uuid4()), GuestId(uuid4())

    ready, refused = read_ticks({right: "1405", wrong: "?"}, day=DAY, zone=ZONE, now=EVENING)

    assert ready == [Tick(right, datetime(2026, 3, 2, 6, 5, tzinfo=UTC))]
    assert refused == {str(wrong): "time"}


def test_a_tick_is_the_same_scan_whenever_it_is_entered() -> None:
    event_id, gate_id, guest_id = EventId(uuid4()), GateId(uuid4()), GuestId(uuid4())

    def scanned(at: datetime, gate: GateId = gate_id) -> list[object]:
        [scan] = scans_of(event_id, [Tick(guest_id, at)], gate_id=gate, undone={}, actor="lead", actor_name="Lin")
        return [scan.id, scan.mode, scan.local_verdict, scan.by, scan.scanned_at]

    first, again, elsewhere = scanned(NOON), scanned(EVENING), scanned(NOON, GateId(uuid4()))

    assert first[1:] == [Mode.PAPER, VerdictCode.ADMITTED, "Lin", NOON]
    assert first[0] == again[0] != elsewhere[0]


async def test_the_days_are_those_of_the_event_that_have_come(cast: Cast) -> None:
    event = await planned(cast.database, slug="week", ends_at=NOON + timedelta(days=3))

    days = {number: days_of(event, NOON + timedelta(days=number)) for number in (-1, 0, 1, 9)}

    first = [DAY + timedelta(days=number) for number in range(4)]
    assert days == {-1: first[:1], 0: first[:1], 1: first[:2], 9: first}


async def test_whoever_came_is_told_with_their_first_entry(cast: Cast) -> None:
    came, _ = await cast.guest("陈伟"), await cast.guest("李娜")
    await cast.scanned(cast.scan(came.code))

    entries = await cast.database.read(lambda tx: entries_of(tx, cast.event.id))

    assert entries == {came.id: Entry(NOON, cast.gate.name, "steward")}


async def _meant(cast: Cast, words: str) -> tuple[list[str], bool]:
    async def found(tx: AsyncConnection) -> Meant:
        return await meant(tx, await roll_of(tx, cast.event.id), cast.event.id, words)

    answer = await cast.database.read(found)
    return sorted(guest.name for guest in answer.guests), answer.sure


async def test_a_guest_is_surely_meant_by_code_number_slot_or_the_whole_name(cast: Cast) -> None:
    chen = await cast.guest("陈伟", pick_slot="A-07", name_latin="Wilson Chan")
    await cast.guest("陈伟明")
    numbers = (await cast.database.read(lambda tx: roll_of(tx, cast.event.id))).numbers

    asked = (chen.code, chen.code.lower(), f" {numbers[chen.id]} ", "A-07", "a07", "陈伟", "chenwei", "Wilson Chan")

    assert [await _meant(cast, words) for words in asked] == [(["陈伟"], True)] * len(asked)


async def test_what_is_less_than_a_whole_name_is_offered_to_choose_from(cast: Cast) -> None:
    await cast.guest("陈伟", organisation="河套研究院")
    other = await cast.guest("陈芳", phone="+85221234567")
    await cast.guest("李娜")
    await cast.guest("李娜", pick_slot="A-02")

    asked = {words: await _meant(cast, words) for words in ("chen", "wei", "4567", "河套", "李娜", "nobody", "", "?")}

    assert asked == {
        "chen": (["陈伟", "陈芳"], False),
        "wei": (["陈伟"], False),
        "4567": (["陈芳"], False),
        "河套": (["陈伟"], False),
        "李娜": (["李娜", "李娜"], False),
        **dict.fromkeys(("nobody", "", "?"), ([], False)),
    }
    assert await _meant(cast, other.code[:-1]) == ([], False)


async def test_a_slot_that_two_badges_share_means_neither_surely(cast: Cast) -> None:
    for name in ("陈伟", "李娜"):
        await cast.guest(name, pick_slot="A-01")

    assert await _meant(cast, "A-01") == (["李娜", "陈伟"], False)


async def test_the_code_of_another_event_means_nobody(cast: Cast) -> None:
    other = await planned(cast.database, slug="elsewhere")
    roll = await cast.database.read(lambda tx: roll_of(tx, other.id))
    await cast.guest("陈伟")
    code = (await cast.database.read(lambda tx: roll_of(tx, cast.event.id))).guests[0].code

    found = await cast.database.read(lambda tx: meant(tx, roll, other.id, code))

    assert (found, (await _meant(cast, code))[1]) == (Meant([], sure=False), True)
