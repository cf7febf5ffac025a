"""How guests are announced: the verb behind the page and the API."""

import anyio
import pytest
import sqlalchemy as sa

from checkin.stage.actor import Actor
from checkin.stage.models import Spoken
from checkin.stage.refusals import Overtaken
from checkin.stage.speaking import SpokenForm, say, spoken_of
from events.core.database import Database
from events.core.errors import Invalid, NotFound
from events.core.i18n import Language
from events.core.ids import new_id
from events.core.tables import audit
from events.models import Guest, GuestId, Text
from tests.cast import NOON, planned
from tests.stage_crew import DEPUTY, MANAGER, Crew

HONORIFIC = Text(zh_hans="先生", en="Mr")
SAID = SpokenForm(honorific=HONORIFIC, reading="Shàn Lìmín", confirmed=True)


@pytest.fixture
async def crew(database: Database) -> Crew:
    return Crew(database, await planned(database))


@pytest.fixture
async def guest(crew: Crew) -> Guest:
    return await crew.guest("单立民")


async def said(
    crew: Crew, guest: Guest, form: SpokenForm, *, version: int | None = None, actor: Actor = MANAGER
) -> Spoken:
    return await crew.database.write(
        lambda tx: say(tx, crew.event, guest.id, form, version=version, actor=actor, now=NOON)
    )


async def stored(crew: Crew, guest: Guest) -> Spoken:
    return await crew.database.read(lambda tx: spoken_of(tx, crew.event.id, guest.id))


async def noted(crew: Crew, guest: Guest) -> list[tuple[str, list[str]]]:
    own = audit.c.subject_id == guest.id, audit.c.action == "guest.spoken"
    chosen = sa.select(audit.c.actor, audit.c.detail).where(*own).order_by(audit.c.entry_id)
    rows = await crew.database.read(lambda tx: tx.execute(chosen))
    return [(row.actor, row.detail["fields"]) for row in rows]


async def test_what_is_said_of_a_guest_is_kept_with_who_confirmed_it(crew: Crew, guest: Guest) -> None:
    before = await stored(crew, guest)

    after = await said(crew, guest, SAID, version=0)

    assert before == Spoken(guest_id=guest.id)
    assert after == await stored(crew, guest)
    assert (after.honorific, after.reading, after.version) == (HONORIFIC, "Shàn Lìmín", 1)
    assert (after.confirmed_at, after.confirmed_by) == (NOON, MANAGER.name)
    assert await noted(crew, guest) == [(MANAGER.id, ["honorific", "reading", "confirmed"])]


async def test_confirming_the_same_again_changes_nothing(crew: Crew, guest: Guest) -> None:
    first = await said(crew, guest, SAID)

    second = await said(crew, guest, SAID, version=1, actor=DEPUTY)

    assert second == first
    assert len(await noted(crew, guest)) == 1


async def test_other_words_are_confirmed_by_who_says_so_now_or_not_at_all(crew: Crew, guest: Guest) -> None:
    await said(crew, guest, SAID)

    confirmed = await said(crew, guest, SAID.model_copy(update={"reading": "Dān Lìmín"}), actor=DEPUTY)
    unsure = await said(crew, guest, SAID.model_copy(update={"confirmed": False}))

    assert (confirmed.confirmed_by, confirmed.version) == (DEPUTY.name, 2)
    assert (unsure.confirmed_at, unsure.confirmed_by, unsure.version) == (None, "", 3)


async def test_who_comes_second_is_told_what_was_said_meanwhile(crew: Crew, guest: Guest) -> None:
    await said(crew, guest, SAID, actor=DEPUTY)

    with pytest.raises(Overtaken) as refused:
        await said(crew, guest, SpokenForm(reading="Dān Lìmín"), version=0)

    [change] = refused.value.changes
    assert (change.by, change.what, change.fields) == (
        DEPUTY.name,
        "guest.spoken",
        ("honorific", "reading", "confirmed"),
    )
    told = refused.value.members(Language.ZH_HANT)["changes"][0]
    assert told["what"] == "修改：稱謂 · 讀音 · 確認"
    assert (await stored(crew, guest)).reading == "Shàn Lìmín"


async def test_of_two_at_once_one_is_refused(crew: Crew, guest: Guest) -> None:
    answers: list[object] = []

    async def one(reading: str) -> None:
        try:
            answers.append((await said(crew, guest, SpokenForm(reading=reading), version=0)).version)
        except Overtaken as refused:
            answers.append(len(refused.changes))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(one, "Shàn Lìmín")
        tasks.start_soon(one, "Dān Lìmín")

    assert answers == [1, 1]
    assert len(await noted(crew, guest)) == 1


async def test_a_name_that_is_easily_misread_is_not_confirmed_without_a_reading(crew: Crew, guest: Guest) -> None:
    plain = await crew.guest("王思远")
    form = SpokenForm(honorific=HONORIFIC, confirmed=True)

    with pytest.raises(Invalid) as refused:
        await said(crew, guest, form)

    assert refused.value.fields == {"reading": "missing"}
    assert (await said(crew, plain, form)).confirmed_at == NOON


async def test_nobody_is_said_nothing_of(crew: Crew, guest: Guest) -> None:
    with pytest.raises(NotFound):
        await crew.database.write(
            lambda tx: say(tx, crew.event, GuestId(new_id()), SAID, version=None, actor=MANAGER, now=NOON)
        )
