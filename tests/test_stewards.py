from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import anyio
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin import stewards
from checkin.credential import credential
from checkin.device_store import device_by_id
from checkin.device_tables import stewards as table
from checkin.models import DeviceId, Steward, StewardId
from checkin.stewards import is_obvious, leads, sign_on, steward_on, stewards_of
from events.core.auth import Principal, Scope
from events.core.errors import Conflict, NotFound, Refusal, Stale, Unauthenticated
from events.core.ids import EventId, new_id
from events.core.tables import audit
from tests.cast import NOON, Cast, on_one_engine, planned
from tests.door_crew import paired, steward


async def on_duty(cast: Cast, pin: str, device_id: DeviceId) -> Steward:
    """Whoever signs on to the device with this PIN."""
    keyring = cast.state["keyring"]
    return await cast.database.write(
        lambda tx: sign_on(tx, keyring, event_id=cast.event.id, device_id=device_id, pin=pin, now=NOON)
    )


async def renewed(cast: Cast, steward_id: StewardId, mark: str) -> str:
    keyring, names = cast.state["keyring"], {"event_id": cast.event.id, "actor": "lead@example.org", "now": NOON}
    _, pin = await cast.database.write(
        lambda tx: stewards.new_pin(tx, keyring, steward_id=steward_id, mark=mark, **names)
    )
    return pin


async def removed(cast: Cast, steward_id: StewardId) -> None:
    await cast.database.write(
        lambda tx: stewards.remove_steward(
            tx, event_id=cast.event.id, steward_id=steward_id, actor="lead@example.org", now=NOON
        )
    )


async def mark_of(cast: Cast, steward_id: StewardId) -> str:
    listed = await cast.database.read(lambda tx: stewards_of(tx, cast.event.id))
    return next(each.mark for each in listed if each.steward.id == steward_id)


async def shown_on(cast: Cast, device_id: DeviceId) -> str:
    return (await cast.database.read(lambda tx: device_by_id(tx, cast.event.id, device_id))).steward


async def noted(cast: Cast) -> list[tuple[str, str, Any]]:
    chosen = sa.select(audit).where(audit.c.action.startswith("steward.")).order_by(audit.c.entry_id)
    rows = await cast.database.read(lambda tx: tx.execute(chosen))
    return [(row.actor, row.action, row.detail) for row in rows]


async def at_once(count: int, deed: Callable[[], Awaitable[Any]]) -> list[str]:
    """The codes of the refusals when so many do the same at once."""
    refused: list[str] = []

    async def attempt() -> None:
        try:
            await deed()
        except Refusal as error:
            refused.append(error.code)

    async with anyio.create_task_group() as tasks:
        for _ in range(count):
            tasks.start_soon(attempt)
    return refused


async def test_a_steward_signs_on_to_a_device_with_the_pin(cast: Cast) -> None:
    made, (added, pin) = await paired(cast), await steward(cast, lead=True)

    on = await on_duty(cast, pin, made.device_id)

    assert on == added == Steward(id=added.id, name="陈小满", lead=True)
    assert await shown_on(cast, made.device_id) == "陈小满"
    who = {"name": "陈小满", "lead": True}
    assert await noted(cast) == [
        ("lead@example.org", "steward.added", who),
        (f"device:{made.device_id}", "steward.signed_on", who),
    ]


async def test_a_wrong_pin_signs_nobody_on(cast: Cast) -> None:
    made, (_, pin) = await paired(cast), await steward(cast)
    wrong = "591738" if pin != "591738" else "591739"

    with pytest.raises(Unauthenticated, match="wrong_pin"):
        await on_duty(cast, wrong, made.device_id)

    assert await shown_on(cast, made.device_id) == ""


async def test_a_pin_of_another_event_signs_nobody_on(cast: Cast) -> None:
    made, other = await paired(cast), await planned(cast.database, slug="third")
    keyring = cast.state["keyring"]
    _, pin = await cast.database.write(
        lambda tx: stewards.add_steward(tx, keyring, event_id=other.id, name="A", lead=False, actor="x", now=NOON)
    )

    with pytest.raises(Unauthenticated, match="wrong_pin"):
        await on_duty(cast, pin, made.device_id)


@on_one_engine
async def test_only_the_digest_of_a_pin_is_kept(cast: Cast) -> None:
    _, pin = await steward(cast)

    rows = (await cast.database.read(lambda tx: tx.execute(sa.select(table)))).all()

    assert [row.pin_hash for row in rows] == [cast.state["keyring"].digest(f"{cast.event.id}:{pin}")]


async def test_a_name_is_given_once_also_when_two_add_it_at_the_same_moment(cast: Cast) -> None:
    refused = await at_once(6, lambda: steward(cast, "李娜"))

    assert refused == ["name_taken"] * 5
    assert [each.steward.name for each in await cast.database.read(lambda tx: stewards_of(tx, cast.event.id))] == [
        "李娜"
    ]


async def test_stewards_added_at_once_all_get_pins_of_their_own(cast: Cast) -> None:
    pins: list[str] = []

    async def add(name: str) -> None:
        pins.append((await steward(cast, name))[1])

    async with anyio.create_task_group() as tasks:
        for number in range(12):
            tasks.start_soon(add, f"S{number}")

    assert len(set(pins)) == 12
    assert [pin for pin in pins if len(pin) != 6 or not pin.isdecimal() or is_obvious(pin)] == []


async def test_a_pin_that_somebody_has_is_not_given_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([724_905, 724_905, 381_462])
    monkeypatch.setattr("checkin.stewards.secrets.randbelow", lambda _: next(drawn))

    pins = [(await steward(cast, name))[1] for name in ("一", "二")]

    assert pins == ["724905", "381462"]


@on_one_engine
async def test_without_a_free_pin_nobody_is_added(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checkin.stewards.secrets.randbelow", lambda _: 724_905)
    await steward(cast, "一")

    with pytest.raises(Conflict, match="pin_taken"):
        await steward(cast, "二")

    assert len(await cast.database.read(lambda tx: stewards_of(tx, cast.event.id))) == 1


@on_one_engine
async def test_an_obvious_pin_is_never_made(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([0, 123_456, 111_222, 90_817])
    monkeypatch.setattr("checkin.stewards.secrets.randbelow", lambda _: next(drawn))

    _, pin = await steward(cast)

    assert pin == "090817"


@pytest.mark.parametrize(
    "pin", ["000000", "777777", "123456", "654321", "012345", "987654", "121212", "123123", "112233"]
)
def test_what_is_guessed_first_is_obvious(pin: str) -> None:
    assert is_obvious(pin)


@pytest.mark.parametrize("pin", ["724905", "381462", "100234"])
def test_what_is_not_guessed_first_is_not_obvious(pin: str) -> None:
    assert not is_obvious(pin)


async def test_a_new_pin_takes_the_place_of_the_old_one(cast: Cast) -> None:
    made, (added, before) = await paired(cast), await steward(cast)

    after = await renewed(cast, added.id, await mark_of(cast, added.id))

    assert await on_duty(cast, after, made.device_id) == added
    with pytest.raises(Unauthenticated, match="wrong_pin"):
        await on_duty(cast, before, made.device_id)
    assert [action for _, action, _ in await noted(cast)] == [
        "steward.added",
        "steward.pin_renewed",
        "steward.signed_on",
    ]


async def test_a_new_pin_ends_what_whoever_signed_on_with_the_old_one_may_do(cast: Cast) -> None:
    made, (added, pin), keyring = await paired(cast), await steward(cast, lead=True), cast.state["keyring"]
    device = Principal("device", frozenset({Scope.DOOR}), event_id=cast.event.id, device_id=made.device_id)

    async def may(on: Steward) -> bool:
        text = credential(keyring, made.device_id, on)
        return await cast.database.read(lambda tx: leads(tx, cast.event.id, device, keyring, text))

    former = await on_duty(cast, pin, made.device_id)
    before = await may(former)
    after = await renewed(cast, added.id, former.mark)
    shown, ended = await shown_on(cast, made.device_id), await may(former)
    present = await on_duty(cast, after, made.device_id)

    assert (before, ended, await may(present)) == (True, False, True)
    assert (shown, await may(replace(present, mark=""))) == ("", False)


async def test_a_steward_is_told_apart_by_the_mark_of_the_pin_just_made(cast: Cast) -> None:
    added, _ = await steward(cast)
    first = await mark_of(cast, added.id)

    facts = {"event_id": cast.event.id, "actor": "lead@example.org", "now": NOON}
    again, _ = await cast.database.write(
        lambda tx: stewards.new_pin(tx, cast.state["keyring"], steward_id=added.id, mark=first, **facts)
    )

    assert (added.mark, again.mark) == (first, await mark_of(cast, added.id))
    assert again.mark != first


async def test_two_leads_renew_a_pin_once(cast: Cast) -> None:
    added, _ = await steward(cast)
    mark = await mark_of(cast, added.id)

    refused = await at_once(4, lambda: renewed(cast, added.id, mark))

    assert refused == ["stale"] * 3
    for other in ("", "%", mark[:-1]):
        with pytest.raises(Stale):
            await renewed(cast, added.id, other)


async def test_whoever_is_removed_is_signed_off_everywhere_and_stays_removed(cast: Cast) -> None:
    made, (added, pin) = await paired(cast), await steward(cast, lead=True)
    await on_duty(cast, pin, made.device_id)

    await removed(cast, added.id)
    await removed(cast, added.id)

    assert await shown_on(cast, made.device_id) == ""
    assert await cast.database.read(lambda tx: stewards_of(tx, cast.event.id)) == []
    with pytest.raises(Unauthenticated, match="wrong_pin"):
        await on_duty(cast, pin, made.device_id)
    with pytest.raises(NotFound):
        await renewed(cast, added.id, "")
    assert [action for _, action, _ in await noted(cast)][-1:] == ["steward.removed"]
    assert len(await noted(cast)) == 3


async def test_a_name_is_free_again_after_its_steward_was_removed(cast: Cast) -> None:
    added, _ = await steward(cast)
    await removed(cast, added.id)

    again, _ = await steward(cast)

    assert (again.name, again.id != added.id) == (added.name, True)


@on_one_engine
async def test_a_steward_that_does_not_exist_is_not_removed(cast: Cast) -> None:
    with pytest.raises(NotFound):
        await removed(cast, StewardId(new_id()))


async def test_a_lead_is_whoever_the_database_says_is_one_now(cast: Cast) -> None:
    made, keyring = await paired(cast), cast.state["keyring"]
    (chief, _), (helper, _) = await steward(cast, "一", lead=True), await steward(cast, "二")
    device = Principal("device", frozenset({Scope.DOOR}), event_id=cast.event.id, device_id=made.device_id)
    person = Principal("person", frozenset({Scope.DOOR}))
    desk = Principal("desk", frozenset({Scope.DESK, Scope.DOOR}))
    of_chief, of_helper = (credential(keyring, made.device_id, each) for each in (chief, helper))
    boast = credential(keyring, made.device_id, replace(helper, lead=True))
    elsewhere = credential(keyring, DeviceId(new_id()), chief)

    async def may(principal: Principal, text: str, event_id: EventId = cast.event.id) -> bool:
        return await cast.database.read(lambda tx: leads(tx, event_id, principal, keyring, text))

    assert (await may(desk, ""), await may(device, of_chief)) == (True, True)
    refused = [(person, of_chief), (device, ""), (device, of_helper), (device, boast), (device, elsewhere)]
    assert [await may(principal, text) for principal, text in [*refused, (device, "x.y")]] == [False] * 6
    assert await may(device, of_chief, EventId(new_id())) is False
    await removed(cast, chief.id)
    assert await may(device, of_chief) is False


async def test_a_credential_names_the_steward_as_they_stand_now(cast: Cast) -> None:
    made, keyring, (added, _) = await paired(cast), cast.state["keyring"], await steward(cast)
    text = credential(keyring, made.device_id, replace(added, name="Old name", lead=True))

    async def on() -> Steward | None:
        return await cast.database.read(
            lambda tx: steward_on(tx, keyring, event_id=cast.event.id, device_id=made.device_id, credential_text=text)
        )

    before = await on()
    await removed(cast, added.id)

    assert (before, await on()) == (added, None)


@pytest.mark.parametrize("server", ["postgresql"], indirect=True)
async def test_adding_stewards_waits_for_no_scan(cast: Cast) -> None:
    turn = sa.select(sa.func.pg_try_advisory_xact_lock(cast.event.id.int & 0x7FFF_FFFF_FFFF_FFFF))
    facts = {"name": "陈小满", "lead": False, "actor": "lead@example.org", "now": NOON}

    async def while_adding(tx: AsyncConnection) -> bool:
        await stewards.add_steward(tx, cast.state["keyring"], event_id=cast.event.id, **facts)
        return (await cast.database.write(lambda door: door.execute(turn))).scalar_one()

    assert await cast.database.write(while_adding) is True
