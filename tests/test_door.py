from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

import anyio
import anyio.lowlevel
import httpx
import pytest
import sqlalchemy as sa
import uvicorn

from checkin.door import Door
from checkin.scan_form import Crew, ScanBatch
from checkin.tables import admissions, scans
from events import guestlist
from events.core.auth import ROLE_SCOPES, Principal, Scope
from events.core.database import Database
from events.core.ids import Role
from events.models import GuestStatus
from events.tables import guests, tickets
from tests.cast import Cast, eventually


async def test_the_first_scan_admits_and_names_the_guest(cast: Cast) -> None:
    guest = await cast.guest("陈伟", name_latin="Chen Wei", organisation="河套研究院")

    [answer] = await cast.scanned(cast.scan(guest.code))

    assert (answer["verdict"], answer["admits"], answer["first"]) == ("admitted", True, None)
    assert answer["guest"]["name"] == "陈伟"
    assert answer["guest"]["name_latin"] == "Chen Wei"
    assert answer["guest"]["organisation"] == "河套研究院"
    assert answer["guest"]["category_name"] == "Guest"


async def test_the_door_shows_neither_address_nor_phone(cast: Cast) -> None:
    guest = await cast.guest(email="wei@example.com", phone="+85221234567")

    [answer] = await cast.scanned(cast.scan(guest.code))

    assert "email" not in answer["guest"]
    assert "phone" not in answer["guest"]


async def test_a_second_scan_is_refused_with_the_first_time_gate_and_steward(cast: Cast) -> None:
    guest = await cast.guest()
    await cast.scanned(cast.scan(guest.code))
    first_at = cast.clock.now().isoformat()
    cast.clock.forward(minutes=5)

    [answer] = await cast.scanned(cast.scan(guest.code))

    assert (answer["verdict"], answer["admits"]) == ("already_inside", False)
    assert answer["first"] == {"at": first_at, "gate": cast.gate.name, "by": "steward"}


async def test_repeating_a_scan_gets_its_first_answer_again(cast: Cast) -> None:
    guest = await cast.guest()
    scan = cast.scan(guest.code)
    [first] = await cast.scanned(scan)
    cast.clock.forward(hours=1)

    again = await cast.scanned(scan, scan)

    assert again == [first, first]
    assert first["verdict"] == "admitted"


async def test_a_guest_found_by_name_is_admitted_like_a_ticket(cast: Cast) -> None:
    guest = await cast.guest()

    [by_name] = await cast.scanned(cast.scan(guest_id=str(guest.id)))
    [by_ticket] = await cast.scanned(cast.scan(guest.code))

    assert (by_name["verdict"], by_ticket["verdict"]) == ("admitted", "already_inside")


async def test_a_guest_of_a_category_that_asks_for_attention_is_announced(cast: Cast) -> None:
    guest = await cast.guest(category="vip")

    [answer] = await cast.scanned(cast.scan(guest.code))

    assert answer["verdict"] == "admitted_vip"


async def test_leaving_and_coming_back_is_a_reentry(cast: Cast) -> None:
    guest = await cast.guest()

    answers = await cast.scanned(cast.scan(guest.code), cast.scan(guest.code, direction="exit"), cast.scan(guest.code))

    assert [answer["verdict"] for answer in answers] == ["admitted", "exited", "reentered"]


@pytest.mark.parametrize(
    "code",
    ["", "no code at all", "Y1ABCDE00000000000000000000X", "\x00\U0001f600", "https://example.com/", "ي" * 300],
)
async def test_what_is_no_ticket_of_ours_is_unknown(cast: Cast, code: str) -> None:
    answer = await cast.steward.post(f"{cast.api}/scans", json={"scans": [cast.scan(code or " ")]})

    assert answer.status_code == 200
    assert answer.json()["results"][0]["verdict"] == "unknown"


async def test_a_ticket_that_was_never_issued_is_unknown(cast: Cast) -> None:
    reserved = sa.select(tickets.c.code).where(tickets.c.event_id == cast.event.id, tickets.c.state == "reserved")
    code = (await cast.database.read(lambda tx: tx.execute(reserved.limit(1)))).scalar_one()

    online, offline = await cast.scanned(cast.scan(code), cast.scan(code, mode="offline"))

    assert (online["verdict"], offline["verdict"]) == ("unknown", "valid_unsynced")


async def test_a_ticket_of_another_event_is_named(cast: Cast) -> None:
    added = await cast.outsider.post("/api/v1/events/other-event/guests", json={"name": "外人"})
    code = added.json()["guests"][0]["code"]

    [answer] = await cast.scanned(cast.scan(code))

    assert (answer["verdict"], answer["reason"], answer["guest"]) == ("other_event", "Another", None)


async def test_a_cancelled_guest_is_refused_with_the_reason(cast: Cast) -> None:
    guest = await cast.guest()
    await cast.script.post(f"{cast.api}/guests/{guest.id}/cancel", json={"reason": "行程变更"})

    [answer] = await cast.scanned(cast.scan(guest.code))

    assert (answer["verdict"], answer["reason"]) == ("cancelled", "行程变更")


async def test_a_replaced_ticket_is_refused_and_the_new_one_admits(cast: Cast) -> None:
    guest = await cast.guest()
    replaced = await cast.script.post(f"{cast.api}/guests/{guest.id}/replace-ticket", json={"reason": "遗失"})

    old, new = await cast.scanned(cast.scan(guest.code), cast.scan(replaced.json()["code"]))

    assert (old["verdict"], old["reason"], new["verdict"]) == ("revoked", "遗失", "admitted")


async def test_a_registration_that_waits_needs_a_lead(cast: Cast) -> None:
    guest = await cast.guest()
    waiting = sa.update(guests).where(guests.c.guest_id == guest.id).values(status=GuestStatus.PENDING)
    await cast.database.write(lambda tx: tx.execute(waiting))

    [refused] = await cast.scanned(cast.scan(guest.code))
    by_steward = await cast.steward.post(
        f"{cast.api}/scans", json={"scans": [cast.scan(guest.code, override={"reason": "known to me"})]}
    )
    [by_lead] = await cast.scanned(cast.scan(guest.code, override={"reason": "confirmed by phone"}), by=cast.organiser)

    assert (refused["verdict"], refused["needs"]) == ("not_confirmed", "lead")
    assert by_steward.status_code == 403
    assert by_lead["verdict"] == "admitted"


async def test_a_gate_refuses_other_categories_and_names_theirs(cast: Cast) -> None:
    made = await cast.organiser.post(f"{cast.api}/gates", json={"name": "VIP", "admits": ["vip"]})
    guest = await cast.guest()

    [answer] = await cast.scanned(cast.scan(guest.code, gate=made.json()["id"]))

    assert (answer["verdict"], answer["reason"]) == ("wrong_gate", cast.gate.name)


async def test_a_full_zone_refuses_until_somebody_leaves(cast: Cast) -> None:
    made = await cast.organiser.post(f"{cast.api}/gates", json={"name": "Hall", "zone": "hall", "limit": 1})
    gate = made.json()["id"]
    one, two = await cast.guest("一"), await cast.guest("二")

    answers = await cast.scanned(
        cast.scan(one.code, gate=gate),
        cast.scan(two.code, gate=gate),
        cast.scan(one.code, gate=gate, direction="exit"),
        cast.scan(two.code, gate=gate),
    )

    assert [answer["verdict"] for answer in answers] == ["admitted", "zone_full", "exited", "admitted"]


async def test_a_gate_keeps_its_hours(cast: Cast) -> None:
    opens = (cast.clock.now() + timedelta(hours=1)).isoformat()
    closes = (cast.clock.now() + timedelta(hours=2)).isoformat()
    made = await cast.organiser.post(
        f"{cast.api}/gates", json={"name": "Timed", "opens_at": opens, "closes_at": closes}
    )
    gate, guest = made.json()["id"], await cast.guest()

    [early] = await cast.scanned(cast.scan(guest.code, gate=gate))
    cast.clock.forward(hours=3)
    [late] = await cast.scanned(cast.scan(guest.code, gate=gate))

    assert (early["verdict"], late["verdict"]) == ("too_early", "too_late")


async def test_an_offline_scan_counts_when_it_was_made_but_never_in_the_future(cast: Cast) -> None:
    past, future = await cast.guest("过去"), await cast.guest("未来")
    now = cast.clock.now()
    await cast.scanned(
        cast.scan(past.code, mode="offline", scanned_at=(now - timedelta(hours=1)).isoformat()),
        cast.scan(future.code, mode="offline", scanned_at=(now + timedelta(days=365)).isoformat()),
    )

    record = (await cast.organiser.get(f"{cast.api}/attendance.json")).json()

    by_name = {guest["name"]: guest["first_at"] for guest in record["guests"]}
    zone = cast.event.zone
    assert by_name == {
        "过去": (now - timedelta(hours=1)).astimezone(zone).isoformat(),
        "未来": now.astimezone(zone).isoformat(),
    }


async def test_an_unknown_gate_refuses_the_request_and_nobody_elses(cast: Cast) -> None:
    guest = await cast.guest()
    good = {"scans": [cast.scan(guest.code)]}
    bad = {"scans": [cast.scan(guest.code, gate=str(uuid4()))]}
    answers = []

    async def post(body: dict[str, object]) -> None:
        answers.append(await cast.steward.post(f"{cast.api}/scans", json=body))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(post, good)
        tasks.start_soon(post, bad)

    assert sorted(answer.status_code for answer in answers) == [200, 422]


async def test_two_hundred_scans_of_a_ticket_from_twenty_connections_admit_once(cast: Cast) -> None:
    guest, verdicts = await cast.guest(), Counter[str]()
    headers = dict((await cast.token(Scope.DOOR)).headers)
    one_each = httpx.Limits(max_connections=1)

    async def scan_ten_times(url: str) -> None:
        async with httpx.AsyncClient(base_url=url, headers=headers, limits=one_each) as connection:
            for _ in range(10):
                [answer] = await cast.scanned(cast.scan(guest.code), by=connection)
                verdicts[answer["verdict"]] += 1

    async with _on_loopback(cast) as url, anyio.create_task_group() as tasks:
        for _ in range(20):
            tasks.start_soon(scan_ten_times, url)

    assert verdicts == {"admitted": 1, "already_inside": 199}
    kept = await cast.database.read(lambda tx: tx.execute(sa.select(sa.func.count()).select_from(admissions)))
    assert kept.scalar_one() == 1


async def test_concurrent_scans_share_commits(cast: Cast) -> None:
    made = [await cast.guest(f"客{number}") for number in range(40)]
    writes = 0
    write = cast.database.write_at_once

    async def counted(body):
        nonlocal writes
        writes += 1
        return await write(body)

    cast.state["door"]._database = type("Counted", (), {"write_at_once": staticmethod(counted)})()
    async with anyio.create_task_group() as tasks:
        for guest in made:
            tasks.start_soon(cast.scanned, cast.scan(guest.code))

    count = await cast.database.read(lambda tx: tx.execute(sa.select(sa.func.count()).select_from(scans)))
    assert count.scalar_one() == 40
    assert writes < 20


async def test_a_second_process_cannot_admit_again(cast: Cast) -> None:
    guest = await cast.guest()
    second = Database(cast.state["settings"].database)
    verdicts: list[str] = []
    async with anyio.create_task_group() as tasks:
        other = Door(second, cast.clock, cast.state["live"], tasks)
        doors = [cast.state["door"], other] * 10

        async def scan_at(door: Door) -> None:
            crew = Crew(Principal("steward", ROLE_SCOPES[Role.STEWARD]), cast.state["keyring"])
            batch = ScanBatch.model_validate({"scans": [cast.scan(guest.code)]})
            [answer] = await door.admit(cast.event.id, crew.scans(batch, received_at=cast.clock.now()))
            verdicts.append(answer["verdict"])

        async with anyio.create_task_group() as scanning:
            for door in doors:
                scanning.start_soon(scan_at, door)
    await second.close()

    assert Counter(verdicts) == {"admitted": 1, "already_inside": 19}


async def test_a_caller_that_goes_away_leaves_its_scan_recorded(cast: Cast) -> None:
    guest = await cast.guest()
    scan = cast.scan(guest.code)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(cast.scanned, scan)
        await anyio.lowlevel.checkpoint()
        await anyio.lowlevel.checkpoint()
        tasks.cancel_scope.cancel()

    [answer] = await cast.scanned(scan)

    assert answer["verdict"] == "admitted"


async def test_a_batch_after_a_cancelled_guest_keeps_its_order(cast: Cast) -> None:
    made = [await cast.guest(f"客{number}") for number in range(5)]
    await cast.database.write(lambda tx: guestlist.cancel(tx, made[2], reason="", actor="test", now=cast.clock.now()))

    answers = await cast.scanned(*[cast.scan(guest.code) for guest in made])

    assert [answer["guest"]["name"] for answer in answers] == [guest.name for guest in made]
    assert [answer["verdict"] for answer in answers] == ["admitted"] * 2 + ["cancelled"] + ["admitted"] * 2


@asynccontextmanager
async def _on_loopback(cast: Cast) -> AsyncGenerator[str]:
    """The address of a real server in front of the application."""
    assert isinstance(cast.transport, httpx.ASGITransport)
    config = uvicorn.Config(cast.transport.app, port=0, lifespan="off", log_config=None, access_log=False)
    server = uvicorn.Server(config)

    async def has_started() -> bool:
        return server.started

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(server.serve)
        await eventually(has_started)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        server.should_exit = True
