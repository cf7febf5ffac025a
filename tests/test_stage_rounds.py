from datetime import UTC, datetime, timedelta

import anyio
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.stage.changes import Change
from checkin.stage.faults import FaultCode
from checkin.stage.models import Act, Hosting, Participant, Party, Role, Round, RoundState
from checkin.stage.refusals import Faulty, Overtaken
from checkin.stage.round_form import ParticipantForm, PartyForm, RoundForm, form_of
from checkin.stage.rounds import add_round, amend_round, edit_round, move_round, remove_round
from checkin.stage.store import rounds_of
from checkin.stage.tables import chases, participants, round_parties
from checkin.stage.versions import changes_since
from events import guestlist
from events.core.database import Database
from events.core.errors import Conflict, Invalid, NotFound
from events.core.i18n import Language
from events.core.ids import new_id
from events.forms import GuestForm, HostForm
from events.models import Guest, SegmentId, SegmentKind, Text
from events.store import guest_by_id
from tests.cast import NOON, planned
from tests.stage_crew import DEPUTY, FORWARD, MANAGER, Crew

LATER = NOON + timedelta(minutes=5)


async def _crew(database: Database) -> Crew:
    host = HostForm(key="park", name=Text(zh_hans="园区"))
    return Crew(database, await planned(database, hosts=[host]))


async def _edit(crew: Crew, this: Round, form: RoundForm | None = None, **changes: object) -> Round:
    """The round after an edit, `changes` to its present form unless another form is given."""
    version = changes.pop("version", None)
    wanted = form or form_of(this).model_copy(update=changes)
    given = {"version": version, "actor": DEPUTY, "now": LATER}
    return await crew.database.write(lambda tx: edit_round(tx, crew.event, this.id, wanted, **given))


async def _move(crew: Crew, this: Round, position: int, *, version: int | None = None) -> Round:
    given = {"position": position, "version": version, "actor": DEPUTY, "now": LATER}
    return await crew.database.write(lambda tx: move_round(tx, crew.event, this.id, **given))


async def _remove(crew: Crew, this: Round, *, version: int | None = None) -> None:
    given = {"version": version, "actor": DEPUTY, "now": LATER}
    await crew.database.write(lambda tx: remove_round(tx, crew.event, this.id, **given))


async def _order(crew: Crew) -> list[tuple[str, int]]:
    found = await crew.database.read(lambda tx: rounds_of(tx, crew.event.id))
    return [(each.title.en, each.position) for each in found]


async def test_a_round_is_kept_as_it_was_described(database: Database) -> None:
    crew = await _crew(database)
    signs, assists = await crew.guest("甲"), await crew.guest("乙")
    title, short = Text(zh_hans="河套发展署", en="Hetao Authority"), Text(zh_hans="河套")
    form = RoundForm(
        title=Text(zh_hans="合作协议"),
        script=Text(zh_hans="第一行\n第二行"),
        copies=4,
        languages=[Language.ZH_HANS, Language.EN, Language.ZH_HANS],
        cue_at=datetime.fromisoformat("2026-03-02T15:00:00+08:00"),
        wants_signature=True,
        parties=[PartyForm(name=title, short=short, hosting=Hosting.HOST, side="park"), PartyForm(name=Text(en="B"))],
        participants=[
            ParticipantForm(role=Role.SIGNATORY, party=2, guest_id=None),
            ParticipantForm(role=Role.SIGNATORY, party=1, guest_id=signs.id, title=Text(en="Head"), seat=2, place=1),
            ParticipantForm(role=Role.ASSISTANT, party=1, guest_id=assists.id),
            ParticipantForm(role=Role.SIGNATORY, party=1),
        ],
    )

    this = await crew.add(form)

    ids = [part.id for part in this.participants]
    assert await crew.now(this) == this
    assert (this.state, this.step, this.version, this.position) == (RoundState.DRAFT, 0, 1, 1)
    assert (this.cue_at, this.languages) == (datetime(2026, 3, 2, 7, 0, tzinfo=UTC), (Language.ZH_HANS, Language.EN))
    assert this.parties == (
        Party(number=1, name=title, short=short, hosting=Hosting.HOST, side="park"),
        Party(number=2, name=Text(en="B")),
    )
    assert this.participants == (
        Participant(id=ids[0], role=Role.SIGNATORY, party=1, guest_id=signs.id, title=Text(en="Head"), seat=2, place=1),
        Participant(id=ids[1], role=Role.ASSISTANT, party=1, guest_id=assists.id),
        Participant(id=ids[2], role=Role.SIGNATORY, party=1, position=2),
        Participant(id=ids[3], role=Role.SIGNATORY, party=2),
    )


async def test_rounds_follow_each_other_in_their_segment(database: Database) -> None:
    crew = await _crew(database)

    made = [await crew.signing("甲", "乙"), await crew.signing("丙", "丁")]
    speech = await crew.add(RoundForm(title=Text(en="Speech")), SegmentKind.SPEECHES)

    assert [each.position for each in (*made, speech)] == [1, 2, 1]
    assert speech.kind is SegmentKind.SPEECHES


async def test_a_segment_of_another_kind_holds_no_rounds_and_an_unknown_one_is_not_found(database: Database) -> None:
    crew = await _crew(database)
    form, given = RoundForm(title=Text(en="x")), {"actor": MANAGER, "now": NOON}

    with pytest.raises(Conflict) as refused:
        await crew.add(form, SegmentKind.RECEPTION)
    with pytest.raises(NotFound):
        await database.write(lambda tx: add_round(tx, crew.event, SegmentId(new_id()), form, **given))

    assert refused.value.code == "segment_without_rounds"
    assert await _order(crew) == []


async def test_people_parties_and_sides_that_are_not_there_are_refused_by_field(database: Database) -> None:
    crew, part = await _crew(database), ParticipantForm(role=Role.SIGNATORY)
    elsewhere = await Crew(database, await planned(database, slug="another")).guest("别处")
    foreign = await crew.signing("甲", "乙")
    form = RoundForm(
        title=Text(en="x"),
        parties=[PartyForm(name=Text(en="A"), side="moon")],
        participants=[
            part.model_copy(update={"party": 2}),
            part.model_copy(update={"role": Role.SPEAKER}),
            part.model_copy(update={"guest_id": elsewhere.id}),
            part.model_copy(update={"id": foreign.participants[0].id}),
        ],
    )

    with pytest.raises(Invalid) as refused:
        await crew.add(form)

    assert refused.value.fields == {
        "parties.0.side": "not_offered",
        "participants.0.party": "not_offered",
        "participants.1.role": "not_offered",
        "participants.2.guest_id": "not_offered",
        "participants.3.id": "not_offered",
    }


async def test_an_edit_keeps_the_ids_of_the_parts_and_says_what_it_changed(database: Database) -> None:
    crew = await _crew(database)
    this = await crew.signing("甲", "丙")
    form = form_of(this)
    form.participants[0].seat = 2
    form.title = Text(zh_hans="补充协议")

    edited = await _edit(crew, this, form)

    changes = await database.read(lambda tx: changes_since(tx, crew.event.id, this.id, this.version))
    fields = ("title", "participants")
    assert [part.id for part in edited.participants] == [part.id for part in this.participants]
    assert (edited.title, edited.participants[0].seat, edited.version) == (Text(zh_hans="补充协议"), 2, 2)
    assert await crew.now(this) == edited
    assert changes == [Change(version=2, at=LATER, by=DEPUTY.name, what="round.edited", fields=fields)]


async def test_an_edit_that_changes_nothing_leaves_the_version(database: Database) -> None:
    crew = await _crew(database)
    this = await crew.signing("甲", "丙")

    assert await _edit(crew, this) == this
    assert (await crew.now(this)).version == 1


async def test_a_part_that_stands_twice_in_a_form_is_refused(database: Database) -> None:
    crew = await _crew(database)
    this = await crew.signing("甲", "丙")
    form = form_of(this)

    with pytest.raises(Invalid) as refused:
        await _edit(crew, this, form.model_copy(update={"participants": [form.participants[0]] * 2}))

    assert refused.value.fields == {"participants.0.id": "not_valid", "participants.1.id": "not_valid"}


async def test_an_edit_of_an_older_version_is_refused_with_what_changed(database: Database) -> None:
    crew = await _crew(database)
    seen = await crew.signing("甲", "丙")
    await _edit(crew, seen, copies=3)

    with pytest.raises(Overtaken) as refused:
        await _edit(crew, seen, copies=5, version=seen.version)

    assert refused.value.changes == [
        Change(version=2, at=LATER, by=DEPUTY.name, what="round.edited", fields=("copies",))
    ]
    assert (await crew.now(seen)).copies == 3


async def test_of_two_who_edit_at_once_one_wins(database: Database) -> None:
    crew = await _crew(database)
    seen = await crew.signing("甲", "丙")
    ends: list[int | str] = []

    async def edit(copies: int) -> None:
        try:
            ends.append((await _edit(crew, seen, copies=copies, version=1)).copies)
        except Overtaken as refused:
            ends.append(refused.changes[0].what)

    async with anyio.create_task_group() as tasks:
        for copies in (3, 5):
            tasks.start_soon(edit, copies)

    [won] = [end for end in ends if isinstance(end, int)]
    assert sorted(ends, key=str) == [won, "round.edited"]
    assert (await crew.now(seen)).copies == won


@pytest.mark.parametrize("acts", [4, 5, 6])
async def test_what_was_signed_is_not_edited(database: Database, acts: int) -> None:
    crew = await _crew(database)
    this = await crew.press(await crew.signing("甲", "丙"), *FORWARD[:acts])

    with pytest.raises(Conflict) as refused:
        await _edit(crew, this, copies=9)

    assert refused.value.code == "round_done"


async def test_what_was_called_ready_is_edited_without_losing_what_made_it_ready(database: Database) -> None:
    crew = await _crew(database)
    this = await crew.press(await crew.signing("甲", "丙"), Act.READY)

    edited = await _edit(crew, this, copies=9)
    with pytest.raises(Faulty) as refused:
        await _edit(crew, edited, title=Text())

    assert (edited.state, edited.copies) == (RoundState.READY, 9)
    assert [fault.code for fault in refused.value.faults] == [FaultCode.NO_TITLE]
    assert await crew.now(this) == edited


async def test_a_fault_that_came_by_itself_does_not_stand_in_the_way_of_an_edit(database: Database) -> None:
    crew = await _crew(database)
    this = await crew.press(await crew.signing("甲", "丙"), Act.READY)
    await _cancel_first(crew, this)

    assert (await _edit(crew, this, copies=9)).copies == 9


async def test_once_ready_people_are_replaced_by_substitution_only(database: Database) -> None:
    crew = await _crew(database)
    this, other = await crew.signing("甲", "丙"), await crew.guest("乙")
    form = form_of(await crew.press(this, Act.READY))
    swapped, dropped = form.model_copy(deep=True), form.model_copy(deep=True)
    swapped.participants[1].guest_id = other.id
    dropped.participants = [*form.participants[:1], ParticipantForm(role=Role.SIGNATORY, party=2, guest_id=other.id)]

    for wanted, field in ((swapped, "participants.1.guest_id"), (dropped, "participants")):
        with pytest.raises(Invalid) as refused:
            await _edit(crew, this, wanted)
        assert refused.value.fields == {field: "substitute_instead"}
    added = await _edit(crew, this, participants=[*form.participants, _witness(other)])
    assert len(added.participants) == 3


async def test_a_draft_changes_people_freely_except_in_a_part_that_has_changed_hands(database: Database) -> None:
    crew = await _crew(database)
    this, other = await crew.signing("甲", "丙"), await crew.guest("乙")
    await crew.replace(this, GuestForm(name="丁"))
    form = form_of(await crew.now(this))
    free, held = form.model_copy(deep=True), form.model_copy(deep=True)
    free.participants[1].guest_id = other.id
    held.participants[0].guest_id = other.id

    with pytest.raises(Invalid) as refused:
        await _edit(crew, this, held)
    edited = await _edit(crew, this, free)
    dropped = await _edit(crew, this, participants=form_of(edited).participants[1:])

    assert refused.value.fields == {"participants.0.guest_id": "substitute_instead"}
    assert edited.participants[1].guest_id == other.id
    assert [part.guest_id for part in dropped.participants] == [other.id]


async def test_a_round_is_moved_within_its_segment(database: Database) -> None:
    crew = await _crew(database)
    made = [await crew.add(RoundForm(title=Text(en=name))) for name in "ABCD"]
    await crew.add(RoundForm(title=Text(en="Speech")), SegmentKind.SPEECHES)

    moved = await _move(crew, made[3], 2)

    assert await _order(crew) == [("A", 1), ("D", 2), ("B", 3), ("C", 4), ("Speech", 1)]
    assert (moved.position, moved.version) == (2, 2)
    assert await crew.now(made[3]) == moved
    await _move(crew, made[0], 99)
    assert await _order(crew) == [("D", 1), ("B", 2), ("C", 3), ("A", 4), ("Speech", 1)]


async def test_a_move_that_comes_too_late_moves_nothing(database: Database) -> None:
    crew = await _crew(database)
    made = [await crew.add(RoundForm(title=Text(en=name))) for name in "AB"]
    await _move(crew, made[1], 1, version=1)

    with pytest.raises(Overtaken) as refused:
        await _move(crew, made[1], 2, version=1)

    assert [(change.what, change.detail) for change in refused.value.changes] == [("round.moved", {"position": 1})]
    assert await _order(crew) == [("B", 1), ("A", 2)]


async def test_a_round_that_was_planned_by_mistake_is_removed_with_its_parts(database: Database) -> None:
    crew = await _crew(database)
    this, kept = await crew.signing("甲", "丙"), await crew.signing("乙", "丁")

    await _remove(crew, this, version=1)

    left = [await _ids(crew, table) for table in (participants, round_parties)]
    assert left == [{kept.id}, {kept.id}]
    with pytest.raises(NotFound):
        await crew.now(this)
    assert (await crew.now(kept)).position == 2


async def test_a_round_that_something_was_done_with_stays(database: Database) -> None:
    crew = await _crew(database)
    pressed = await crew.press(await crew.signing("甲", "丙"), Act.READY, Act.UNDO)
    chased, swapped = await crew.signing("乙", "丁"), await crew.signing("戊", "己")
    await _chase(crew, chased)
    await crew.replace(swapped, GuestForm(name="庚"))

    for this in (pressed, chased, swapped):
        with pytest.raises(Conflict) as refused:
            await _remove(crew, this)
        assert refused.value.code == "round_touched"
    with pytest.raises(Overtaken):
        await _remove(crew, pressed, version=1)
    assert [len((await crew.now(this)).participants) for this in (pressed, chased, swapped)] == [2, 2, 2]


def _witness(guest: Guest) -> ParticipantForm:
    return ParticipantForm(role=Role.WITNESS, party=1, guest_id=guest.id)


async def _cancel_first(crew: Crew, this: Round) -> None:
    guest_id = this.participants[0].guest_id
    assert guest_id

    async def cancel(tx: AsyncConnection) -> None:
        guest = await guest_by_id(tx, crew.event.id, guest_id)
        await guestlist.cancel(tx, guest, reason="", actor="desk", now=NOON)

    await crew.database.write(cancel)


async def _chase(crew: Crew, this: Round) -> None:
    who = {"guest_id": this.participants[0].guest_id, "round_id": this.id}
    row = {"event_id": crew.event.id, "chase_id": new_id(), **who, "at": NOON, "actor_name": "何卓文"}
    await crew.database.write(lambda tx: tx.execute(sa.insert(chases).values(**row)))


async def _ids(crew: Crew, table: sa.Table) -> set[object]:
    rows = await crew.database.read(lambda tx: tx.execute(sa.select(table.c.round_id)))
    return set(rows.scalars())


async def test_a_change_of_some_fields_leaves_the_others_as_a_colleague_left_them_a_moment_before(
    database: Database,
) -> None:
    crew = await _crew(database)
    this = await crew.signing("甲", "丙")
    given = {"version": None, "actor": DEPUTY, "now": LATER}
    held = anyio.Event()

    async def colleague(tx: AsyncConnection) -> None:
        await amend_round(tx, crew.event, this.id, {"item": {"en": "Plaque"}}, **given)
        held.set()
        await anyio.sleep(0.2)  # meanwhile the other asks

    async with anyio.create_task_group() as both:
        both.start_soon(database.write, colleague)
        await held.wait()
        await database.write(lambda tx: amend_round(tx, crew.event, this.id, {"copies": 5}, **given))

    after = await crew.now(this)
    assert (after.item.en, after.copies) == ("Plaque", 5)


async def test_a_new_round_is_the_last_of_its_segment_even_where_others_were_removed(database: Database) -> None:
    crew = await _crew(database)
    made = [await crew.add(RoundForm(title=Text(en=name))) for name in "ABCD"]
    for this in made[1:3]:
        await _remove(crew, this)
    await crew.add(RoundForm(title=Text(en="E")))

    assert [name for name, _ in await _order(crew)] == ["A", "D", "E"]
