from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import anyio
import pytest
import sqlalchemy as sa

from checkin import devices
from checkin.booth.exhibitors import booth_gate
from checkin.device_store import device_by_id, last_uploads
from checkin.device_tables import pairings
from checkin.devices import Former, Paired, Report, devices_of, grouped, is_news, numbered, plain, skew_ms
from checkin.gates import open_gate
from checkin.models import Device, DeviceId, Gate, GateId, Profile, VerdictCode
from events.core.auth import Scope
from events.core.errors import Conflict, Invalid, NotFound, Refusal, Unauthenticated
from events.core.i18n import Language
from events.core.ids import new_id
from events.core.tables import audit
from tests.booths import exhibitor
from tests.cast import NOON, Cast, on_one_engine
from tests.door_crew import code_for, paired, phone, placed_at


async def device_of(cast: Cast, device_id: DeviceId) -> Device:
    return await cast.database.read(lambda tx: device_by_id(tx, cast.event.id, device_id))


async def pair_with(cast: Cast, code: str, **given: Any) -> Paired:
    keyring, now = cast.state["keyring"], cast.clock.now()
    return await cast.database.write(
        lambda tx: devices.pair(tx, keyring, code=code, **{"former": None, "language": None, "now": now, **given})
    )


async def revoke(cast: Cast, device_id: DeviceId) -> None:
    await cast.database.write(
        lambda tx: devices.revoke(
            tx, event_id=cast.event.id, device_id=device_id, actor="lead@example.org", now=cast.clock.now()
        )
    )


async def move(cast: Cast, device_id: DeviceId, **given: Any) -> None:
    await cast.database.write(
        lambda tx: devices.move(
            tx,
            event_id=cast.event.id,
            device_id=device_id,
            placed=placed_at(cast, **given),
            actor="lead@example.org",
            now=cast.clock.now(),
        )
    )


async def noted(cast: Cast) -> list[tuple[str, str, Any]]:
    """What the audit says of devices: who, what, and the detail."""
    about = sa.or_(audit.c.action.startswith("device."), audit.c.action.startswith("pairing."))
    rows = await cast.database.read(lambda tx: tx.execute(sa.select(audit).where(about).order_by(audit.c.entry_id)))
    return [(row.actor, row.action, row.detail) for row in rows]


def told(**given: Any) -> Report:
    usual: dict[str, Any] = {"steward": "", "waiting": 0, "oldest_waiting_at": None, "data_at": None, "skew_ms": 0}
    return Report(**{**usual, "battery": None, "held": 0, "app": "", **given})


async def test_a_phone_that_shows_the_code_becomes_a_device_at_the_gate(cast: Cast) -> None:
    code = await code_for(cast, profile=Profile.KIOSK)

    made = await pair_with(cast, code)

    device = await device_of(cast, made.device_id)
    principal = await cast.state["keyring"].by_token(made.token)
    assert (device.name, device.gate, device.profile) == ("主入口 1 号机", cast.gate.name, Profile.KIOSK)
    assert (device.paired_by, device.paired_at, device.seen_at) == ("lead@example.org", NOON, None)
    assert (principal.device_id, principal.event_id) == (made.device_id, cast.event.id)
    assert (principal.scopes, principal.shown) == ({Scope.DOOR}, "主入口 1 号机")
    facts = {"name": "主入口 1 号机", "gate": cast.gate.name, "profile": "kiosk"}
    assert await noted(cast) == [
        ("lead@example.org", "pairing.started", facts),
        ("lead@example.org", "device.paired", facts),
    ]


async def test_only_the_digest_of_a_code_is_kept(cast: Cast) -> None:
    code = await code_for(cast)

    rows = (await cast.database.read(lambda tx: tx.execute(sa.select(pairings)))).all()

    assert [row.pairing_hash for row in rows] == [cast.state["keyring"].digest(code)]
    assert code not in str(rows)


async def test_a_code_is_read_however_it_is_typed(cast: Cast) -> None:
    code = await code_for(cast)

    made = await pair_with(cast, f" {grouped(code).lower()} ")

    assert (await device_of(cast, made.device_id)).gate == cast.gate.name
    assert plain("ol-i1 ab") == "0111AB"


async def test_a_code_works_once(cast: Cast) -> None:
    code = await code_for(cast)
    await pair_with(cast, code)

    with pytest.raises(Conflict, match="pairing_used"):
        await pair_with(cast, code)

    assert len(await cast.database.read(lambda tx: devices_of(tx, cast.event.id))) == 1


async def test_two_phones_at_once_with_one_code_make_one_device(cast: Cast) -> None:
    code, refused = await code_for(cast), []

    async def try_to_pair() -> None:
        try:
            await pair_with(cast, code)
        except Refusal as error:
            refused.append(error.code)

    async with anyio.create_task_group() as tasks:
        for _ in range(8):
            tasks.start_soon(try_to_pair)

    assert refused == ["pairing_used"] * 7
    assert len(await cast.database.read(lambda tx: devices_of(tx, cast.event.id))) == 1


@pytest.mark.parametrize(("minutes", "works"), [(9.99, True), (10, False)])
async def test_a_code_works_for_ten_minutes(cast: Cast, minutes: float, works: bool) -> None:
    code = await code_for(cast)
    cast.clock.forward(minutes=minutes)

    with nullcontext() if works else pytest.raises(Conflict, match="pairing_used"):
        await pair_with(cast, code)

    assert len(await cast.database.read(lambda tx: devices_of(tx, cast.event.id))) == works


@on_one_engine
async def test_an_unknown_code_is_told_apart_from_nothing(cast: Cast) -> None:
    with pytest.raises(Conflict, match="pairing_used"):
        await pair_with(cast, "0" * 12)


@on_one_engine
async def test_a_code_is_not_made_for_another_events_gate(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        await code_for(cast, gate_id=GateId(new_id()))

    assert refused.value.fields == {"gate": "not_offered"}


@on_one_engine
async def test_devices_without_a_name_are_numbered_at_their_gate(cast: Cast) -> None:
    first = await paired(cast, name="")
    await code_for(cast, name="")
    third = await paired(cast, name="", language=Language.ZH_HANS)
    await revoke(cast, first.device_id)
    again = await paired(cast, name="")
    english = await paired(cast, name="", language=Language.EN)

    names = [(await device_of(cast, made.device_id)).name for made in (first, third, again, english)]

    assert names == [f"{cast.gate.name} {text}" for text in ("1 号机", "3 号机", "1 号机", "1")]


def test_the_number_stays_visible_after_a_long_name_of_a_gate() -> None:
    assert numbered({"北" * 60 + " 1 號機"}, "北" * 80, Language.ZH_HANT) == "北" * 60 + " 2 號機"


async def test_a_phone_that_is_paired_again_is_no_longer_what_it_was(cast: Cast) -> None:
    before = await paired(cast)
    code = await code_for(cast, name="北门 1 号机")

    after = await pair_with(cast, code, former=Former(before.event_id, before.device_id), language=Language.ZH_HANT)

    old, new = await device_of(cast, before.device_id), await device_of(cast, after.device_id)
    assert (old.revoked_at, new.revoked_at) == (NOON, None)
    assert (new.name, new.language, after.language) == ("北门 1 号机", "zh-Hant", "zh-Hant")
    with pytest.raises(Unauthenticated, match="device_revoked"):
        await cast.state["keyring"].by_token(before.token)


async def test_a_withdrawn_device_gets_no_further_than_the_door_mat(cast: Cast) -> None:
    browser, device_id = await phone(cast)
    before = await browser.get(f"{cast.api}/gates")

    await revoke(cast, device_id)
    cast.state["keyring"].forget()
    after = await browser.get(f"{cast.api}/gates")
    await revoke(cast, device_id)

    assert (before.status_code, after.status_code, after.json()["code"]) == (200, 401, "device_revoked")
    assert (await device_of(cast, device_id)).revoked_at == NOON
    assert [action for _, action, _ in await noted(cast)] == ["pairing.started", "device.paired", "device.withdrawn"]


@on_one_engine
async def test_what_does_not_exist_is_neither_moved_nor_withdrawn(cast: Cast) -> None:
    for deed in (revoke, move):
        with pytest.raises(NotFound):
            await deed(cast, DeviceId(new_id()))


async def test_a_device_is_moved_with_what_was_and_what_became_noted(cast: Cast) -> None:
    made, north = await paired(cast), Gate(id=GateId(new_id()), name="北门")
    await cast.database.write(lambda tx: open_gate(tx, cast.event.id, north, actor="cast", now=NOON))
    wanted = {"name": "北门 1 号机", "gate_id": north.id, "profile": Profile.KIOSK, "language": Language.EN}

    await move(cast, made.device_id, **wanted)
    await move(cast, made.device_id, **wanted)

    device = await device_of(cast, made.device_id)
    assert (device.name, device.gate, device.profile, device.language) == ("北门 1 号机", "北门", "kiosk", "en")
    assert (await cast.state["keyring"].by_token(made.token)).shown == "北门 1 号机"
    assert [entry for entry in await noted(cast) if entry[1] == "device.moved"] == [
        (
            "lead@example.org",
            "device.moved",
            {
                "from": {
                    "name": "主入口 1 号机",
                    "gate": cast.gate.name,
                    "profile": "scanner",
                    "language": "zh-Hans",
                },
                "to": {"name": "北门 1 号机", "gate": "北门", "profile": "kiosk", "language": "en"},
            },
        )
    ]


@on_one_engine
async def test_a_withdrawn_device_is_not_moved(cast: Cast) -> None:
    made = await paired(cast)
    await revoke(cast, made.device_id)

    with pytest.raises(Conflict, match="device_revoked"):
        await move(cast, made.device_id, name="北门 1 号机")

    assert (await device_of(cast, made.device_id)).name == "主入口 1 号机"


async def test_a_device_is_as_it_last_reported_until_it_is_withdrawn(cast: Cast) -> None:
    made, since = await paired(cast), NOON - timedelta(minutes=3)
    report = told(waiting=7, oldest_waiting_at=since, data_at=since, skew_ms=-40, battery=81, held=1204, app="0.2.0")

    async def send(report: Report) -> None:
        await cast.database.write(
            lambda tx: devices.report(tx, event_id=cast.event.id, device_id=made.device_id, told=report, now=NOON)
        )

    await send(report)
    await revoke(cast, made.device_id)
    await send(told(waiting=0))

    device = await device_of(cast, made.device_id)
    assert (device.seen_at, device.waiting, device.oldest_waiting_at, device.data_at) == (NOON, 7, since, since)
    assert (device.skew_ms, device.battery, device.held, device.app) == (-40, 81, 1204, "0.2.0")


@on_one_engine
async def test_devices_are_listed_by_name_with_numbers_counted_and_withdrawn_ones_last(cast: Cast) -> None:
    for name in ("B 10", "B 2", "A", "B 2 b", "C"):
        made = await paired(cast, name=name)
    gone = await paired(cast, name="1")
    await revoke(cast, gone.device_id)

    found = await cast.database.read(lambda tx: devices_of(tx, cast.event.id))

    assert [device.name for device in found] == ["A", "B 2", "B 2 b", "B 10", "C", "1"]
    assert made.event_id == cast.event.id


NEWS = {
    "never seen": (None, told(), True),
    "seen just now": (timedelta(seconds=4), told(), False),
    "seen five seconds ago": (timedelta(seconds=5), told(), True),
    "somebody signed on": (timedelta(seconds=1), told(steward="陈小满"), True),
    "the queue is no longer empty": (timedelta(seconds=1), told(waiting=1), True),
    "the battery fell": (timedelta(seconds=1), told(battery=3), False),
}


@pytest.mark.parametrize(("ago", "report", "news"), NEWS.values(), ids=NEWS)
def test_a_report_is_written_when_it_is_news(ago: timedelta | None, report: Report, news: bool) -> None:
    device = Device(
        id=DeviceId(new_id()),
        name="A",
        profile=Profile.SCANNER,
        gate_id=GateId(new_id()),
        gate="G",
        language="en",
        paired_at=NOON,
        paired_by="",
        seen_at=ago and NOON - ago,
    )

    assert is_news(device, report, NOON) is news


def test_a_clock_is_measured_as_far_as_a_column_holds_it() -> None:
    assert skew_ms(NOON - timedelta(seconds=41), NOON) == 41_000
    assert skew_ms(NOON + timedelta(seconds=2), NOON) == -2_000
    assert skew_ms(NOON - timedelta(days=20_000), NOON) == 2**31 - 1
    assert skew_ms(NOON + timedelta(days=20_000), NOON) == 1 - 2**31


async def test_the_last_scans_of_a_device_are_told_the_newest_first(cast: Cast) -> None:
    guest, (browser, device_id) = await cast.guest("李娜"), await phone(cast)
    await cast.scanned(cast.scan(guest.code), by=browser)
    await cast.scanned(cast.scan("Y1" + "0" * 26), by=browser)
    await cast.scanned(cast.scan(guest.code), by=cast.steward)

    uploads = await cast.database.read(lambda tx: last_uploads(tx, cast.event.id, device_id, limit=10))
    newest = await cast.database.read(lambda tx: last_uploads(tx, cast.event.id, device_id, limit=1))

    assert [(upload.guest, upload.verdict, upload.gate, upload.at) for upload in uploads] == [
        ("", VerdictCode.UNKNOWN, cast.gate.name, NOON),
        ("李娜", VerdictCode.ADMITTED, cast.gate.name, NOON),
    ]
    assert newest == uploads[:1]


@pytest.fixture
async def stand(cast: Cast) -> Gate:
    """The gate of an exhibitor's booth."""
    await exhibitor(cast)
    now = cast.clock.now()
    return await cast.database.write(lambda tx: booth_gate(tx, cast.event.id, "A-01", actor="cast", now=now))


async def test_a_phone_at_a_booth_may_scan_for_the_booth_and_nothing_else(cast: Cast, stand: Gate) -> None:
    door = await paired(cast)
    made = await paired(cast, profile=Profile.BOOTH, gate_id=stand.id)

    scopes = [(await cast.state["keyring"].by_token(each.token)).scopes for each in (door, made)]

    assert scopes == [{Scope.DOOR}, {Scope.BOOTH}]
    assert made.profile is Profile.BOOTH


async def test_a_phone_for_a_booth_stands_at_an_exhibitors_gate(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        await code_for(cast, profile=Profile.BOOTH)

    assert refused.value.fields == {"gate": "not_offered"}


@pytest.mark.parametrize(("before", "after"), [(Profile.BOOTH, Profile.SCANNER), (Profile.KIOSK, Profile.BOOTH)])
async def test_no_phone_goes_from_the_door_to_a_booth_or_back(
    cast: Cast, stand: Gate, before: Profile, after: Profile
) -> None:
    gate_id = stand.id if before is Profile.BOOTH else cast.gate.id
    made = await paired(cast, profile=before, gate_id=gate_id)

    with pytest.raises(Invalid) as refused:
        await move(cast, made.device_id, profile=after, gate_id=stand.id)

    assert refused.value.fields == {"profile": "not_offered"}
    assert (await device_of(cast, made.device_id)).profile is before


async def test_the_doors_phones_stand_at_no_booth(cast: Cast, stand: Gate) -> None:
    made = await paired(cast)

    for tried in (code_for(cast, gate_id=stand.id), move(cast, made.device_id, gate_id=stand.id)):
        with pytest.raises(Invalid) as refused:
            await tried
        assert refused.value.fields == {"gate": "not_offered"}


async def test_a_booths_phone_is_renamed_and_moved_to_another_booth_only(cast: Cast, stand: Gate) -> None:
    made = await paired(cast, profile=Profile.BOOTH, gate_id=stand.id)
    await move(cast, made.device_id, profile=Profile.BOOTH, gate_id=stand.id, name="左侧")

    with pytest.raises(Invalid):
        await move(cast, made.device_id, profile=Profile.BOOTH)

    assert (await device_of(cast, made.device_id)).name == "左侧"
