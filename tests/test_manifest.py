"""What a device holds after pages and deltas is what the server knows, whatever happened in between."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import anyio
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checkin import store
from checkin.cursor import cursor_in, cursor_text
from checkin.gates import open_gate, usable_gates
from checkin.gates_version import gates_version
from checkin.manifest import COLUMNS, OVERLAP, Manifests, Wanted
from checkin.models import Entry, Gate, GateId, ScanId
from checkin.presence import Presence
from events import guestlist
from events.core.database import Database
from events.core.errors import Invalid
from events.forms import GuestForm
from events.models import Event, Guest, TicketState
from events.names import search_keys, to_column
from events.pool import pool_size
from events.tables import guests, tickets
from tests.cast import NOON, FrozenClock, on_one_engine, planned, unmeasured


@dataclass
class Device:
    """Keeps what pages bring, as a phone does."""

    manifests: Manifests
    event: Event
    cursor: str = ""
    tickets: list[str] = field(default_factory=list)
    revoked: list[Any] = field(default_factory=list)
    guests: dict[str, list[Any]] = field(default_factory=dict)

    async def sync(self, between: Callable[[], Awaitable[object]] | None = None) -> list[dict[str, Any]]:
        """Takes all pages of one reading; `between` happens after each."""
        pages: list[dict[str, Any]] = []
        after: str | None = ""
        while after is not None:
            page = json.loads(await self.manifests.page(self.event, Wanted(since=self.cursor, after=after)))
            self._take(page)
            pages.append(page)
            after = page["next"]
            if between:
                await between()
        self.cursor = pages[0]["cursor"]
        return pages

    def _take(self, page: dict[str, Any]) -> None:
        if "tickets" in page:
            if page["full"]:
                self.tickets, self.guests = [], {}
            self.tickets += page["tickets"]
            self.revoked = page["revoked"]
        self.guests |= {row[0]: row for row in page["guests"]}

    @property
    def held(self) -> tuple[Any, ...]:
        return sorted(self.guests.values()), self.tickets, self.revoked


@dataclass
class House:
    """An event whose guests come and go."""

    database: Database
    clock: FrozenClock
    event: Event

    def device(self, page_size: int = 1000) -> Device:
        return Device(Manifests(self.database, self.clock, page_size=page_size), self.event)

    async def guest(self, name: str = "陈伟", **fields: Any) -> Guest:
        form = GuestForm(name=name, **fields)
        return await self.database.write(
            lambda tx: guestlist.invite(tx, self.event, form, actor="cast", now=self.clock.now(), mail=False)
        )

    async def again(self, guest: Guest) -> Guest:
        found = await self.database.read(lambda tx: guestlist.find_guests(tx, self.event.id, guestlist.Sought()))
        return next(each for each in found.guests if each.id == guest.id)

    async def rename(self, guest: Guest, name: str) -> None:
        current, form = await self.again(guest), GuestForm(name=name)
        await self.database.write(
            lambda tx: guestlist.edit_guest(
                tx, self.event, current, form, version=current.version, actor="cast", now=self.clock.now()
            )
        )

    async def cancel(self, guest: Guest, reason: str = "行程变更") -> None:
        await self.database.write(
            lambda tx: guestlist.cancel(tx, guest, reason=reason, actor="cast", now=self.clock.now())
        )

    async def replace_ticket(self, guest: Guest, reason: str = "遗失") -> None:
        current = await self.again(guest)
        await self.database.write(
            lambda tx: guestlist.replace_ticket(
                tx, self.event, current, reason=reason, actor="cast", now=self.clock.now()
            )
        )

    async def move(self, guest: Guest, **given: Any) -> None:
        now = self.clock.now()
        there = Presence(last_at=now, **given)
        await self.database.write(
            lambda tx: tx.run_sync(store.keep_presence, self.event.id, {guest.id: there}, now=now)
        )

    async def mint(self, count: int) -> None:
        last = sa.select(sa.func.max(tickets.c.serial)).where(tickets.c.event_id == self.event.id)
        first = (await self.database.read(lambda tx: tx.execute(last))).scalar_one() + 1
        fresh = {"event_id": self.event.id, "state": TicketState.RESERVED, "guest_id": None, "reason": ""}
        rows = [{**fresh, "code": f"Y1{uuid4().hex[:26].upper()}", "serial": first + n} for n in range(count)]
        await self.database.write(lambda tx: tx.execute(sa.insert(tickets), rows))

    async def codes(self) -> list[str]:
        every = sa.select(tickets.c.code).where(tickets.c.event_id == self.event.id).order_by(tickets.c.serial)
        return list((await self.database.read(lambda tx: tx.execute(every))).scalars())


@pytest.fixture
async def house(database: Database, clock: FrozenClock) -> House:
    return House(database, clock, await planned(database))


def hashed(code: str) -> str:
    return urlsafe_b64encode(sha256(code.encode()).digest()[:16]).decode().rstrip("=")


def row_of(guest: Guest, page: dict[str, Any]) -> dict[str, Any]:
    row = next(row for row in page["guests"] if row[0] == str(guest.id))
    return dict(zip(page["columns"], row, strict=True))


async def test_a_guest_who_has_not_come_has_a_row_without_gaps(house: House) -> None:
    leader = await house.guest("欧阳振邦")
    guest = await house.guest(
        "單文龍",
        name_latin="Sin Man Lung",
        organisation="深圳市大疆创新科技有限公司",
        job_title="總監",
        phone="+852 9123 4567",
        email="sin@example.org",
        liaison="host@example.org",
        pick_slot="B-07",
        language="zh-Hant",
        leader_id=leader.id,
    )

    [page] = await house.device().sync()

    keys = search_keys(
        name=guest.name, name_latin=guest.name_latin, organisation=guest.organisation, phone="+852 9123 4567"
    )
    assert row_of(guest, page) == {
        "id": str(guest.id),
        "ticket": hashed(guest.code),
        "name": "單文龍",
        "name_latin": "Sin Man Lung",
        "organisation": "深圳市大疆创新科技有限公司",
        "job_title": "總監",
        "category": "guest",
        "language": "zh-Hant",
        "status": "confirmed",
        "status_reason": "",
        "pick_slot": "B-07",
        "leader_id": str(leader.id),
        "keys": to_column(keys),
        "first_at": None,
        "first_gate": "",
        "first_by": "",
        "inside": False,
        "zone": "",
        "exited": False,
        "last_at": None,
    }


async def test_a_guest_who_came_and_went_is_told_with_the_first_entry(house: House) -> None:
    guest = await house.guest()
    first = Entry(NOON - timedelta(minutes=5), "North", "陈小满")
    await house.move(guest, first=first, first_scan_id=ScanId(uuid4()), exited=True)

    [page] = await house.device().sync()

    there = {name: row_of(guest, page)[name] for name in ("first_at", "first_gate", "first_by")}
    gone = {name: row_of(guest, page)[name] for name in ("inside", "zone", "exited", "last_at")}
    assert there == {"first_at": "2026-03-02T03:55:00Z", "first_gate": "North", "first_by": "陈小满"}
    assert gone == {"inside": False, "zone": "", "exited": True, "last_at": "2026-03-02T04:00:00Z"}


async def test_neither_addresses_nor_numbers_nor_codes_leave_the_house(house: House) -> None:
    secrets = {"email": "wei.chen@example.org", "phone": "+86 154 0000 9182", "liaison": "host@example.org"}
    guest = await house.guest(**secrets)
    await house.replace_ticket(guest)

    body = (await Manifests(house.database, house.clock).page(house.event, Wanted())).decode()

    assert "\\n9182\\n" in body
    told = (*secrets.values(), "15400009182", "0000 9182", "00009182", "wei.chen", *await house.codes())
    assert [secret for secret in told if secret in body] == []


async def test_every_minted_ticket_is_known_by_a_hash_of_128_bits(house: House) -> None:
    await house.guest()

    [page] = await house.device().sync()

    assert page["tickets"] == [hashed(code) for code in await house.codes()]
    assert (len(page["tickets"]), {len(each) for each in page["tickets"]}) == (pool_size(200), {22})


async def test_a_replaced_ticket_is_revoked_with_its_reason_and_its_holder_has_another(house: House) -> None:
    guest = await house.guest()
    await house.replace_ticket(guest, "遗失")

    [page] = await house.device().sync()

    assert page["revoked"] == [[hashed(guest.code), "遗失", str(guest.id)]]
    assert row_of(guest, page)["ticket"] == hashed((await house.again(guest)).code)
    assert row_of(guest, page)["ticket"] in page["tickets"]


async def test_the_first_page_tells_the_event_its_gates_categories_and_zones(house: House) -> None:
    hall = Gate(id=GateId(uuid4()), name="展厅", zone="hall", limit=300, admits=frozenset({"vip", "guest"}))
    await house.database.write(lambda tx: usable_gates(tx, house.event.id, actor="cast", now=NOON))
    await house.database.write(lambda tx: open_gate(tx, house.event.id, hall, actor="cast", now=NOON))
    await house.move(await house.guest(), inside=True, zone="hall")

    [page] = await house.device().sync()

    kept = await house.database.read(lambda tx: tx.run_sync(store.gates_of, house.event.id))
    assert (page["format"], page["at"], page["full"], page["next"]) == (1, "2026-03-02T04:00:00Z", True, None)
    assert page["event"] == {
        "id": str(house.event.id),
        "slug": "valley-launch",
        "tag": house.event.tag,
        "title": {"zh_hans": "科创谷启动仪式", "zh_hant": "科創谷啟動儀式", "en": "Launch of the Valley"},
        "timezone": "Asia/Shanghai",
    }
    assert [gate["name"] for gate in page["gates"]] == ["正门 Main entrance", "展厅"]
    assert page["gates"][1] == {
        "id": str(hall.id),
        "name": "展厅",
        "kind": "entrance",
        "admits": ["guest", "vip"],
        "reentry": "many",
        "opens_at": None,
        "closes_at": None,
        "zone": "hall",
        "limit": 300,
        "version": 1,
    }
    assert page["gates_version"] == gates_version(kept)
    assert page["categories"][0] == {
        "key": "vip",
        "name": {"zh_hans": "贵宾", "zh_hant": "貴賓", "en": "VIP"},
        "colour": "#9a6b00",
        "attention": True,
    }
    assert page["zones"] == {"hall": 1}


async def test_the_columns_are_those_that_devices_know() -> None:
    who = ["id", "ticket", "name", "name_latin", "organisation", "job_title", "category", "language"]
    standing = ["status", "status_reason", "pick_slot", "leader_id", "keys"]
    whereabouts = ["first_at", "first_gate", "first_by", "inside", "zone", "exited", "last_at"]

    assert list(COLUMNS) == who + standing + whereabouts


async def test_guests_come_in_pages_in_the_order_of_their_ids_and_the_head_comes_once(house: House) -> None:
    made = [await house.guest(f"客{number}") for number in range(5)]

    pages = await house.device(page_size=2).sync()

    told = [[row[0] for row in page["guests"]] for page in pages]
    ids = sorted(str(guest.id) for guest in made)
    assert told == [ids[0:2], ids[2:4], ids[4:5]]
    assert [{"tickets", "revoked", "gates", "categories", "zones"} & page.keys() for page in pages[1:]] == [
        set(),
        set(),
    ]
    assert len({page["cursor"] for page in pages}) == 1


async def test_a_page_that_is_just_full_is_the_last(house: House) -> None:
    for number in range(4):
        await house.guest(f"客{number}")

    pages = await house.device(page_size=2).sync()

    assert [len(page["guests"]) for page in pages] == [2, 2]


async def test_an_event_without_guests_is_one_empty_page(house: House) -> None:
    [page] = await house.device().sync()

    assert (page["guests"], page["next"], page["full"]) == ([], None, True)


async def test_a_delta_tells_only_what_changed(house: House) -> None:
    still, renamed, moved = [await house.guest(name) for name in ("王静", "李敏", "赵磊")]
    device = house.device()
    house.clock.forward(minutes=10)
    await device.sync()
    house.clock.forward(minutes=2)
    await house.rename(renamed, "李慧敏")
    await house.move(moved, inside=True)
    await house.mint(3)

    [delta] = await device.sync()

    assert delta["full"] is False
    assert sorted(row[2] for row in delta["guests"]) == ["李慧敏", "赵磊"]
    assert delta["tickets"] == [hashed(code) for code in (await house.codes())[-3:]]
    assert str(still.id) in device.guests


async def test_a_transaction_that_ends_a_minute_late_is_not_missed(house: House) -> None:
    guest, device = await house.guest(), house.device()
    house.clock.forward(minutes=10)
    began = house.clock.now()
    house.clock.forward(seconds=59)
    await device.sync()
    late = sa.update(guests).where(guests.c.guest_id == guest.id).values(name="晚到", changed_at=began)
    await house.database.write(lambda tx: tx.execute(late))
    house.clock.forward(minutes=10)

    await device.sync()

    assert device.guests[str(guest.id)][2] == "晚到"


async def test_what_changes_between_two_pages_comes_with_the_next_delta(house: House) -> None:
    made = [await house.guest(f"客{number}") for number in range(4)]
    first = min(made, key=lambda guest: guest.id)
    device = house.device(page_size=2)
    house.clock.forward(minutes=5)

    async def rename_behind() -> None:
        house.clock.forward(minutes=5)
        await house.rename(first, "改名")

    await device.sync(between=rename_behind)
    before = device.guests[str(first.id)][2]
    await device.sync()

    assert (before, device.guests[str(first.id)][2]) == (first.name, "改名")


@on_one_engine
async def test_a_cursor_that_is_foreign_or_damaged_gets_everything(house: House) -> None:
    await house.guest()
    other = await planned(house.database, slug="another")
    manifests = Manifests(house.database, house.clock)
    foreign = json.loads(await manifests.page(other, Wanted()))["cursor"]

    for since in (foreign, "nonsense", foreign[:-6]):
        page = json.loads(await manifests.page(house.event, Wanted(since=since, after="nonsense")))
        assert (page["full"], len(page["guests"]), len(page["tickets"])) == (True, 1, pool_size(200))


@on_one_engine
@pytest.mark.parametrize(("seconds", "serials"), [(61, 0), (0, 1)])
async def test_a_cursor_ahead_of_a_restored_backup_gets_everything(house: House, seconds: int, serials: int) -> None:
    device = house.device()
    [page] = await device.sync()
    cursor = cursor_in(page["cursor"], house.event.id)
    assert cursor is not None
    ahead = replace(cursor, moment=cursor.moment + OVERLAP + timedelta(seconds=seconds), serial=cursor.serial + serials)
    level = replace(cursor, moment=cursor.moment + OVERLAP)

    device.cursor = cursor_text(level)
    [delta] = await device.sync()
    device.cursor = cursor_text(ahead)
    [again] = await device.sync()

    assert (delta["full"], again["full"]) == (False, True)


async def test_a_gate_of_another_event_is_refused(house: House) -> None:
    [gate] = await house.database.write(lambda tx: usable_gates(tx, house.event.id, actor="cast", now=NOON))
    manifests = Manifests(house.database, house.clock)

    known = json.loads(await manifests.page(house.event, Wanted(gate=gate.id)))
    with pytest.raises(Invalid) as refused:
        await manifests.page(house.event, Wanted(gate=GateId(uuid4())))

    assert ([each["id"] for each in known["gates"]], refused.value.code) == ([str(gate.id)], "unknown_gate")


async def test_devices_that_come_at_once_hold_the_same(house: House) -> None:
    for number in range(7):
        await house.guest(f"客{number}")
    manifests = Manifests(house.database, house.clock, page_size=3)
    devices = [Device(manifests, house.event) for _ in range(5)]

    async with anyio.create_task_group() as tasks:
        for device in devices:
            tasks.start_soon(device.sync)

    assert len(devices[0].guests) == 7
    assert [device.held for device in devices] == [devices[0].held] * 5


@on_one_engine
async def test_hashes_of_many_events_are_not_kept_for_ever(house: House) -> None:
    manifests = Manifests(house.database, house.clock)
    others = [await planned(house.database, slug=f"event-{number}", capacity=1) for number in range(18)]

    pages = [json.loads(await manifests.page(event, Wanted())) for event in (house.event, *others, house.event)]

    assert len(manifests._minted) <= 17
    assert pages[0]["tickets"] == pages[-1]["tickets"]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "rename", "cancel", "replace", "enter", "leave", "mint", "wait", "hurry", "sync"]),
        st.integers(0, 3),
    ),
    max_size=25,
)


@unmeasured
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, page_size=st.integers(1, 4))
async def test_deltas_add_up_to_the_whole(house: House, steps: list[tuple[str, int]], page_size: int) -> None:
    event = await planned(house.database, slug=f"event-{uuid4().hex[:8]}", capacity=5)
    replayed = House(house.database, house.clock, event)
    device, made = replayed.device(page_size), [await replayed.guest("甲"), await replayed.guest("乙")]

    for step, number in steps:
        await _happen(replayed, device, made, step, number)
    await device.sync()

    fresh = replayed.device()
    await fresh.sync()
    assert device.held == fresh.held
    assert len(fresh.guests) == len(made)


async def _happen(house: House, device: Device, made: list[Guest], step: str, number: int) -> None:
    guest = made[number % len(made)]
    match step:
        case "add":
            made.append(await house.guest(f"客{number}"))
        case "rename":
            await house.rename(guest, f"名{number}")
        case "cancel":
            await house.cancel(guest)
        case "replace":
            await house.replace_ticket(guest)
        case "enter":
            await house.move(guest, inside=True, first=Entry(house.clock.now(), "North", "甲"))
        case "leave":
            await house.move(guest, inside=False, exited=True)
        case "mint":
            await house.mint(number + 1)
        case "wait":
            house.clock.forward(minutes=number)
        case "hurry":
            house.clock.forward(seconds=number)
        case _:
            await device.sync()
