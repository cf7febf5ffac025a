from dataclasses import replace
from datetime import timedelta

import anyio
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.stage.changes import Change
from checkin.stage.faults import FaultCode
from checkin.stage.models import Act, ParticipantId, Role, Round, RoundState, Substitution
from checkin.stage.refusals import Faulty, Overtaken
from checkin.stage.rounds import edit_round, remove_round
from checkin.stage.substituting import SOURCE, substitute
from checkin.stage.tables import substitutions
from checkin.tables import excuses
from events import guestlist
from events.core.database import Database
from events.core.errors import Conflict, Invalid, NotFound
from events.core.ids import new_id
from events.core.tables import audit, outbox
from events.forms import GuestForm
from events.models import Guest, GuestId, GuestStatus, Text, TicketState
from events.registration import add_guest
from events.store import event_by_id, guest_by_id
from events.tables import guests, tickets
from tests.cast import NOON, planned
from tests.stage_crew import DEPUTY, FORWARD, MANAGER, Crew, signing_form

LATER = NOON + timedelta(minutes=5)
NEWCOMER = GuestForm(name="乙", job_title="副总裁", email="yi@example.org")


async def _crew(database: Database) -> Crew:
    return Crew(database, await planned(database, capacity=2))


async def _excused(crew: Crew) -> dict[GuestId, tuple[GuestId, str]]:
    """Who is excused, by whom they are represented, and why."""
    chosen = sa.select(excuses).where(excuses.c.event_id == crew.event.id)
    found = await crew.database.read(lambda tx: tx.execute(chosen))
    return {row.guest_id: (row.represented_by, row.reason) for row in found}


async def _count(crew: Crew, table: sa.Table) -> int:
    counted = sa.select(sa.func.count()).select_from(table)
    return (await crew.database.read(lambda tx: tx.execute(counted))).scalar_one()


async def test_a_guest_takes_the_part_of_another_who_is_excused(database: Database) -> None:
    crew = await _crew(database)
    this = await crew.signing("甲", "丙")
    part, taker = this.participants[0], await crew.guest("乙")

    made = await crew.replace(this, taker.id, title=Text(zh_hans="副总裁"))

    after = await crew.now(this)
    assert made == Substitution(
        id=made.id,
        round_id=this.id,
        participant_id=part.id,
        role=Role.SIGNATORY,
        original_id=part.guest_id or GuestId(new_id()),
        substitute_id=taker.id,
        authority="主席",
        reason="航班延误",
        at=NOON,
        actor=MANAGER.id,
        actor_name=MANAGER.name,
    )
    assert after.participants[0] == replace(part, guest_id=taker.id, title=Text(zh_hans="副总裁"))
    assert after.version == this.version + 1
    assert (await crew.stage()).substitutions[this.id] == [made]
    assert await _excused(crew) == {made.original_id: (taker.id, "航班延误")}


async def test_somebody_who_is_not_registered_is_registered_in_the_same_breath(database: Database) -> None:
    crew = await _crew(database)
    this = await crew.signing("甲", "丙")
    original = await crew.database.read(lambda tx: guest_by_id(tx, crew.event.id, _holder(this)))

    made = await crew.replace(this, NEWCOMER, now=LATER)

    guest = await crew.database.read(lambda tx: guest_by_id(tx, crew.event.id, made.substitute_id))
    sent = (await database.read(lambda tx: tx.execute(sa.select(outbox.c.recipient)))).scalars().all()
    assert (guest.name, guest.status, guest.source) == ("乙", GuestStatus.CONFIRMED, SOURCE)
    assert (guest.category, guest.side) == (original.category, original.side)
    assert len(guest.code) > 0
    assert sent == ["yi@example.org"]
    assert (await database.read(lambda tx: event_by_id(tx, crew.event.id))).registered == 3


async def test_devices_are_told_of_the_new_guest_with_the_next_delta(database: Database) -> None:
    crew = await _crew(database)
    this = await crew.signing("甲", "丙")

    made = await crew.replace(this, NEWCOMER, now=LATER)

    changed = sa.select(guests.c.guest_id).where(guests.c.changed_at >= LATER)
    assert (await database.read(lambda tx: tx.execute(changed))).scalars().all() == [made.substitute_id]


async def test_a_form_may_name_another_category_than_that_of_the_original(database: Database) -> None:
    crew = await _crew(database)
    this = await crew.signing("甲", "丙")

    made = await crew.replace(this, GuestForm(name="乙", category="vip"))

    guest = await database.read(lambda tx: guest_by_id(tx, crew.event.id, made.substitute_id))
    assert guest.category == "vip"


async def test_if_the_transaction_fails_nothing_of_it_remains(database: Database) -> None:
    crew = await _crew(database)
    this = await crew.signing("甲", "丙")
    tables = (guests, tickets, substitutions, excuses, outbox, audit)
    before = [await _count(crew, table) for table in tables], await _issued(crew)

    async def failing(tx: AsyncConnection) -> None:
        at, words = this.participants[0].id, {"authority": "主席", "reason": "航班延误"}
        given = {"version": None, "actor": MANAGER, "now": NOON}
        made = await substitute(tx, crew.event, this.id, at, substitute=NEWCOMER, **words, **given)
        assert (await guest_by_id(tx, crew.event.id, made.substitute_id)).name == "乙"
        raise TimeoutError

    with pytest.raises(TimeoutError):
        await database.write(failing)

    assert ([await _count(crew, table) for table in tables], await _issued(crew)) == before
    assert await crew.now(this) == this
    assert (await database.read(lambda tx: event_by_id(tx, crew.event.id))).registered == 2


async def test_an_address_that_is_taken_registers_nobody_and_replaces_nobody(database: Database) -> None:
    crew = await _crew(database)
    this = await crew.signing("甲", "丙")
    await crew.guest("别人", email="yi@example.org")

    with pytest.raises(Conflict) as refused:
        await crew.replace(this, NEWCOMER)

    assert refused.value.code == "duplicate_email"
    assert await crew.now(this) == this
    assert (await database.read(lambda tx: event_by_id(tx, crew.event.id))).registered == 3


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        ({"authority": " "}, {"authority": "missing"}),
        ({"reason": ""}, {"reason": "missing"}),
        ({"authority": "", "reason": ""}, {"authority": "missing", "reason": "missing"}),
    ],
)
async def test_nobody_is_replaced_without_authority_and_reason(
    database: Database, words: dict[str, str], fields: dict[str, str]
) -> None:
    crew = await _crew(database)
    this = await crew.signing("甲", "丙")

    with pytest.raises(Invalid) as refused:
        await crew.replace(this, NEWCOMER, **words)

    assert refused.value.fields == fields
    assert await crew.now(this) == this


async def test_neither_the_same_person_nor_one_who_has_a_part_nor_a_stranger_takes_it(database: Database) -> None:
    crew = await _crew(database)
    this = await crew.signing("甲", "丙")
    takers = {
        "same_person": _holder(this),
        "in_round": this.participants[1].guest_id or GuestId(new_id()),
        "not_offered": GuestId(new_id()),
        "not_coming": (await _cancelled(crew)).id,
    }

    for code, taker in takers.items():
        with pytest.raises(Invalid) as refused:
            await crew.replace(this, taker)
        assert refused.value.fields == {"guest_id": code}
    assert await crew.now(this) == this


async def test_somebody_who_waits_for_approval_is_confirmed_by_taking_a_part(database: Database) -> None:
    crew = await _crew(database)
    this = await crew.signing("甲", "丙")
    form = GuestForm(name="乙", category="guest")
    waiting = await database.write(
        lambda tx: add_guest(tx, crew.event, form, status=GuestStatus.PENDING, source="online", now=NOON)
    )

    await crew.replace(this, waiting.id)

    assert (await database.read(lambda tx: guest_by_id(tx, crew.event.id, waiting.id))).status is GuestStatus.CONFIRMED


@pytest.mark.parametrize("acts", [3, 2, 1])
async def test_people_are_replaced_until_the_moment_of_signing(database: Database, acts: int) -> None:
    crew = await _crew(database)
    this = await crew.press(await crew.signing("甲", "丙"), *FORWARD[:acts])

    made = await crew.replace(this, NEWCOMER)

    after = await crew.now(this)
    assert (after.state, after.participants[0].guest_id) == (this.state, made.substitute_id)


@pytest.mark.parametrize("acts", [4, 5, 6])
async def test_nobody_is_replaced_in_what_was_signed(database: Database, acts: int) -> None:
    crew = await _crew(database)
    this = await crew.press(await crew.signing("甲", "丙"), *FORWARD[:acts])

    with pytest.raises(Conflict) as refused:
        await crew.replace(this, NEWCOMER)

    assert refused.value.code == "round_done"
    assert await crew.now(this) == this


async def test_a_part_that_nobody_has_and_one_that_is_not_there_change_no_hands(database: Database) -> None:
    crew = await _crew(database)
    this = await crew.add(signing_form((await crew.guest("甲")).id, None))

    with pytest.raises(Conflict) as nobody:
        await crew.replace(this, NEWCOMER, part=this.participants[1].id)
    with pytest.raises(NotFound):
        await crew.replace(this, NEWCOMER, part=ParticipantId(new_id()))

    assert nobody.value.code == "nobody_to_replace"


async def test_nobody_goes_up_who_stands_on_the_stage_for_another_round(database: Database) -> None:
    crew = await _crew(database)
    this, other = await crew.signing("甲", "丙"), await crew.signing("丁", "戊")
    await crew.press(other, *FORWARD[:3])
    this = await crew.press(this, *FORWARD[:3])

    with pytest.raises(Faulty) as refused:
        await crew.replace(this, _holder(other))

    assert [(fault.code, fault.other_round_id) for fault in refused.value.faults] == [
        (FaultCode.TWICE_ON_STAGE, other.id)
    ]
    assert await crew.now(this) == this


async def test_a_substitute_who_is_replaced_leaves_both_excused_and_the_last_one_stands_for_both(
    database: Database,
) -> None:
    crew = await _crew(database)
    this = await crew.signing("甲", "丙")
    second, third = await crew.guest("乙"), await crew.guest("丁")

    await crew.replace(this, second.id, now=NOON)
    await crew.replace(this, third.id, now=LATER, reason="身体不适")

    assert await _excused(crew) == {
        _holder(this): (third.id, "航班延误"),
        second.id: (third.id, "身体不适"),
    }


async def test_whoever_takes_their_part_back_is_excused_no_more(database: Database) -> None:
    crew = await _crew(database)
    this = await crew.signing("甲", "丙")
    taker = await crew.guest("乙")
    await crew.replace(this, taker.id, now=NOON)

    await crew.replace(this, _holder(this), now=LATER, reason="航班已到")

    assert await _excused(crew) == {}
    assert (await crew.now(this)).participants[0].guest_id == _holder(this)
    assert len((await crew.stage()).substitutions[this.id]) == 2


async def test_each_round_excuses_its_own_people(database: Database) -> None:
    crew = await _crew(database)
    this, other = await crew.signing("甲", "丙"), await crew.signing("丁", "戊")
    taker = await crew.guest("乙")

    await crew.replace(this, taker.id, now=NOON)
    await crew.replace(other, NEWCOMER, now=LATER)
    await crew.replace(this, _holder(this), now=LATER)

    newcomer = (await crew.now(other)).participants[0].guest_id
    assert await _excused(crew) == {_holder(other): (newcomer, "航班延误")}


async def test_who_still_signs_another_round_is_not_excused_until_that_one_is_given_up_or_put_aside(
    database: Database,
) -> None:
    crew = await _crew(database)
    this = await crew.signing("甲", "丙")
    other = await crew.add(signing_form(_holder(this), (await crew.guest("戊")).id))
    taker = await crew.guest("乙")

    await crew.replace(this, taker.id)
    needed = await _excused(crew)
    await crew.press(other, Act.POSTPONE, reason="文件未齐")
    aside = await _excused(crew)
    await crew.press(other, Act.UNDO)
    back = await _excused(crew)
    await crew.replace(other, (await crew.guest("丁")).id, now=LATER)

    assert (needed, aside, back) == ({}, {_holder(this): (taker.id, "航班延误")}, {})
    assert set(await _excused(crew)) == {_holder(this)}


async def test_who_is_planned_for_another_round_after_all_is_excused_no_more(database: Database) -> None:
    crew = await _crew(database)
    this = await crew.signing("甲", "丙")
    taker = await crew.guest("乙")
    await crew.replace(this, taker.id)
    before = await _excused(crew)

    planned_for = await crew.add(signing_form(_holder(this)))
    after = await _excused(crew)
    given = {"version": None, "actor": MANAGER, "now": NOON}
    nobody = signing_form(None)
    await database.write(lambda tx: edit_round(tx, crew.event, planned_for.id, nobody, **given))
    edited = await _excused(crew)
    again = await crew.add(signing_form(_holder(this)))
    await database.write(lambda tx: remove_round(tx, crew.event, again.id, **given))

    assert (set(before), after) == ({_holder(this)}, {})
    assert edited == before
    assert await _excused(crew) == before


async def test_a_substitution_on_an_older_version_is_refused_with_what_happened(database: Database) -> None:
    crew = await _crew(database)
    seen = await crew.signing("甲", "丙")
    await crew.replace(seen, (await crew.guest("乙")).id, actor=DEPUTY, now=LATER)

    with pytest.raises(Overtaken) as refused:
        await crew.replace(seen, NEWCOMER, version=seen.version)

    detail = {"original": "甲", "substitute": "乙"}
    assert refused.value.changes == [
        Change(version=2, at=LATER, by=DEPUTY.name, what="round.substituted", detail=detail)
    ]


async def test_when_one_calls_while_another_replaces_one_wins_and_the_other_hears_of_it(database: Database) -> None:
    crew = await _crew(database)
    seen = await crew.press(await crew.signing("甲", "丙"), Act.READY)
    done: list[str] = []
    heard: list[list[str]] = []

    async def call() -> None:
        try:
            await crew.press(seen, Act.CALL, version=seen.version)
        except Overtaken as refused:
            heard.append([change.what for change in refused.changes])
        else:
            done.append("round.call")

    async def replace_somebody() -> None:
        try:
            await crew.replace(seen, NEWCOMER, version=seen.version)
        except Overtaken as refused:
            heard.append([change.what for change in refused.changes])
        else:
            done.append("round.substituted")

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(call)
        tasks.start_soon(replace_somebody)

    after = await crew.now(seen)
    assert heard == [done]
    assert after.version == seen.version + 1
    assert (after.state is RoundState.CALLED) == (done == ["round.call"])
    assert (after.participants != seen.participants) == (done == ["round.substituted"])


async def test_of_two_who_replace_the_same_person_at_once_one_registers_nobody(database: Database) -> None:
    crew = await _crew(database)
    seen = await crew.signing("甲", "丙")
    ends: list[str] = []

    async def replace_by(name: str) -> None:
        try:
            await crew.replace(seen, GuestForm(name=name), version=seen.version)
        except Overtaken:
            ends.append("late")
        else:
            ends.append(name)

    async with anyio.create_task_group() as tasks:
        for name in ("乙", "丁"):
            tasks.start_soon(replace_by, name)

    [winner] = [end for end in ends if end != "late"]
    known = (await database.read(lambda tx: tx.execute(sa.select(guests.c.name)))).scalars().all()
    assert sorted(known) == sorted(["甲", "丙", winner])
    assert (await crew.now(seen)).participants[0].guest_id != _holder(seen)


def _holder(this: Round) -> GuestId:
    """Who has the first part of a round."""
    guest_id = this.participants[0].guest_id
    assert guest_id
    return guest_id


async def _cancelled(crew: Crew) -> Guest:
    guest = await crew.guest("不来")
    return await crew.database.write(lambda tx: guestlist.cancel(tx, guest, reason="", actor="desk", now=NOON))


async def _issued(crew: Crew) -> int:
    """How many tickets are in somebody's hands."""
    chosen = sa.select(sa.func.count()).where(tickets.c.state == TicketState.ISSUED)
    return (await crew.database.read(lambda tx: tx.execute(chosen))).scalar_one()
