from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from checkin.device_tables import alerts
from checkin.tables import admissions, presence, scans
from events.models import Guest
from events.tables import guests
from tests.cast import Cast
from tests.facts import ago, offline, presence_of, rows_of


async def test_scans_that_arrive_late_take_their_place_in_time(cast: Cast) -> None:
    guest = await cast.guest()
    await cast.scanned(cast.scan(guest.code))
    await cast.scanned(offline(cast, guest, "exited", direction="exit", scanned_at=ago(cast, minutes=20)))

    await cast.scanned(offline(cast, guest, scanned_at=ago(cast, minutes=30)))

    row = await presence_of(cast, guest)
    assert row.first_at == cast.clock.now() - timedelta(minutes=30)
    assert (row.inside, row.exited, row.last_at) == (True, False, cast.clock.now())


async def test_a_queue_out_of_order_leaves_the_guest_where_they_are(cast: Cast) -> None:
    guest = await cast.guest()

    await cast.scanned(
        offline(cast, guest, "exited", direction="exit", scanned_at=ago(cast, minutes=10)),
        offline(cast, guest, "reentered", scanned_at=ago(cast, minutes=5)),
        offline(cast, guest, scanned_at=ago(cast, minutes=30)),
    )

    row = await presence_of(cast, guest)
    assert row.first_at == cast.clock.now() - timedelta(minutes=30)
    assert (row.inside, row.last_at) == (True, cast.clock.now() - timedelta(minutes=5))


async def test_an_earlier_entry_that_arrives_late_is_no_second_admission(cast: Cast) -> None:
    guest = await cast.guest()
    [online] = await cast.scanned(cast.scan(guest.code))

    [late] = await cast.scanned(offline(cast, guest, scanned_at=ago(cast, minutes=30)))

    [admission] = await rows_of(cast, admissions)
    assert admission.scan_id == UUID(online["id"])
    assert (await presence_of(cast, guest)).first_scan_id == UUID(late["id"])
    assert (late["verdict"], late["conflict"]) == ("already_inside", True)


async def test_an_offline_scan_counts_by_our_clock_and_both_clocks_are_kept(cast: Cast) -> None:
    guest, now = await cast.guest(), cast.clock.now()
    wrong = timedelta(hours=1)
    scan = offline(cast, guest, scanned_at=(now - wrong - timedelta(minutes=10)).isoformat())

    await cast.steward.post(f"{cast.api}/scans", json={"sent_at": (now - wrong).isoformat(), "scans": [scan]})

    [row] = await rows_of(cast, scans)
    assert (row.counted_at, row.skew_ms, row.doubt) == (now - timedelta(minutes=10), 3_600_000, "")
    assert (row.scanned_at, row.received_at) == (now - wrong - timedelta(minutes=10), now)


async def test_a_clock_that_is_centuries_off_is_doubted_and_does_no_harm(cast: Cast) -> None:
    guest, now = await cast.guest(), cast.clock.now()
    scan = offline(cast, guest, scanned_at="9999-12-30T00:00:00+00:00")

    await cast.steward.post(f"{cast.api}/scans", json={"sent_at": "0001-01-02T00:00:00Z", "scans": [scan]})

    [row] = await rows_of(cast, scans)
    assert (row.counted_at, row.skew_ms, row.doubt) == (now, 2**31 - 1, "clock")


async def test_what_happens_in_one_moment_keeps_its_order(cast: Cast) -> None:
    guest = await cast.guest()
    doubtful = "1970-01-01T00:00:00+00:00"
    await cast.scanned(cast.scan(guest.code), cast.scan(guest.code, direction="exit"))

    await cast.scanned(
        offline(cast, guest, "reentered", scanned_at=doubtful),
        offline(cast, guest, "exited", direction="exit", scanned_at=doubtful),
        cast.scan(guest.code),
    )

    moments = sorted(row.counted_at - cast.clock.now() for row in await rows_of(cast, scans))
    assert moments == [timedelta(microseconds=number) for number in range(5)]
    assert (await presence_of(cast, guest)).inside is True


async def test_who_was_let_in_offline_against_the_servers_word_is_inside_and_a_conflict(cast: Cast) -> None:
    guest = await cast.guest()
    await cast.script.post(f"{cast.api}/guests/{guest.id}/cancel", json={"reason": "行程变更"})

    [answer] = await cast.scanned(offline(cast, guest))

    [row] = await rows_of(cast, scans)
    assert (answer["verdict"], answer["admits"], answer["conflict"]) == ("cancelled", False, True)
    assert (row.admits, row.entered, row.conflict) == (False, True, True)
    assert (await presence_of(cast, guest)).inside is True


async def test_who_was_turned_away_offline_is_not_inside(cast: Cast) -> None:
    guest = await cast.guest()

    [answer] = await cast.scanned(offline(cast, guest, "not_confirmed"))

    assert (answer["verdict"], answer["conflict"]) == ("admitted", True)
    assert await rows_of(cast, presence) == []


async def test_an_offline_override_by_nobodys_leave_is_kept_as_what_happened(cast: Cast) -> None:
    guest = await cast.guest()
    await cast.scanned(cast.scan(guest.code), cast.scan(guest.code, direction="exit"))
    closed = {"name": "Closed", "closes_at": ago(cast, hours=1)}
    gate = (await cast.organiser.post(f"{cast.api}/gates", json=closed)).json()["id"]
    claim = {"override": {"reason": "speaker"}, "gate": gate}

    [answer] = await cast.scanned(offline(cast, guest, "too_late", **claim))

    [row] = await rows_of(cast, scans, gate_id=UUID(gate))
    assert (answer["verdict"], answer["conflict"]) == ("too_late", True)
    assert (row.entered, row.override_reason) == (True, "speaker")
    assert (await presence_of(cast, guest)).inside is True


async def test_somebody_whom_the_server_does_not_know_is_kept_by_the_id_that_the_device_had(cast: Cast) -> None:
    stranger = str(uuid4())

    [answer] = await cast.scanned(cast.scan(guest_id=stranger, mode="offline", local_verdict="admitted"))

    [row] = await rows_of(cast, scans)
    assert (answer["verdict"], answer["conflict"]) == ("unknown", True)
    assert (row.guest_id, row.raw, row.entered) == (None, stranger, True)


async def test_a_tick_on_paper_is_an_entry_at_the_time_on_paper(cast: Cast) -> None:
    guest = await cast.guest()
    tick = cast.scan(guest_id=str(guest.id), mode="paper", local_verdict="admitted", scanned_at=ago(cast, days=3))

    [answer] = await cast.scanned(tick, by=cast.organiser)

    record = (await cast.organiser.get(f"{cast.api}/attendance.json")).json()
    assert (answer["verdict"], answer["conflict"]) == ("admitted", False)
    assert datetime.fromisoformat(record["guests"][0]["first_at"]) == cast.clock.now() - timedelta(days=3)


async def test_only_a_first_entry_is_announced(cast: Cast) -> None:
    guest = await cast.guest(category="vip")
    later = cast.scan(guest.code)
    await cast.scanned(later)

    await cast.scanned(
        cast.scan(guest.code, direction="exit"),
        cast.scan(guest.code),
        offline(cast, guest, scanned_at=ago(cast, minutes=5)),
    )

    assert [(row.scan_id, row.guest_id) for row in await rows_of(cast, alerts)] == [(UUID(later["id"]), guest.id)]


async def test_a_batch_announces_the_entry_that_was_first_not_the_one_that_arrived_first(cast: Cast) -> None:
    guest = await cast.guest()
    liaison = sa.update(guests).where(guests.c.guest_id == guest.id).values(liaison="host@example.org")
    await cast.database.write(lambda tx: tx.execute(liaison))
    second = offline(cast, guest, "reentered", scanned_at=ago(cast, minutes=5))
    first = offline(cast, guest, scanned_at=ago(cast, minutes=9))

    await cast.scanned(second, first)

    [alert] = await rows_of(cast, alerts)
    [admission] = await rows_of(cast, admissions)
    assert (alert.scan_id, admission.scan_id) == (UUID(first["id"]), UUID(first["id"]))
    assert alert.at == cast.clock.now() - timedelta(minutes=9)


@contextmanager
def _statements() -> Iterator[list[str]]:
    """What is asked of the database meanwhile: verb and first table."""
    heard: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        words = statement.split()
        after = {"SELECT": "FROM", "INSERT": "INTO"}.get(words[0])
        if after:
            heard.append(f"{words[0]} {words[words.index(after) + 1].split('(')[0]}")

    sa.event.listen(sa.Engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", hear)


ONLINE = ["SELECT gates", "SELECT scans", "SELECT tickets", "INSERT scans", "INSERT presence", "INSERT admissions"]
LOCKING = ["SELECT gates", "SELECT tickets", *ONLINE[1:]]


@pytest.mark.parametrize(
    ("make", "more"),
    [
        (lambda cast, guest: cast.scan(guest.code), []),
        (lambda cast, guest: cast.scan(guest.code, local_verdict="admitted"), []),
        (lambda cast, guest: offline(cast, guest), []),
        (lambda cast, guest: cast.scan(guest.code, rehearsal=True), ["SELECT scans"]),
    ],
    ids=["online", "online with what the device would say", "offline, of who never came", "in the rehearsal"],
)
async def test_a_scan_asks_the_database_no_more_than_it_must(
    cast: Cast, server: str, make: Callable[[Cast, Guest], dict[str, Any]], more: list[str]
) -> None:
    made = [await cast.guest(f"客{number}") for number in range(3)]
    await cast.scanned(make(cast, made[0]))

    with _statements() as asked:
        await cast.scanned(make(cast, made[1]), make(cast, made[2]))

    usual = LOCKING if server else ONLINE
    assert asked == ([*usual[:-3], *more, "INSERT scans"] if more else usual)


async def test_a_late_scan_of_who_has_been_inside_asks_once_more_for_all_of_the_batch(cast: Cast, server: str) -> None:
    made = [await cast.guest(f"客{number}") for number in range(3)]
    await cast.scanned(*[cast.scan(guest.code) for guest in made])

    with _statements() as asked:
        await cast.scanned(*[offline(cast, guest, scanned_at=ago(cast, minutes=5)) for guest in made])

    usual = LOCKING if server else ONLINE
    assert asked == [*usual[:-3], "SELECT scans", "INSERT scans", "INSERT presence"]
