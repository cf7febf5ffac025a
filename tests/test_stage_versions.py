import pytest
import sqlalchemy as sa

from checkin.stage.changes import Change
from checkin.stage.models import Act, RoundId
from checkin.stage.refusals import Overtaken
from checkin.stage.versions import changes_since, held_round, raise_version
from events.core import audit
from events.core.database import Database
from events.core.errors import NotFound
from events.core.ids import new_id
from events.core.tables import audit as entries
from tests.cast import NOON, planned
from tests.stage_crew import DEPUTY, Crew


async def _crew(database: Database) -> Crew:
    return Crew(database, await planned(database))


async def test_a_round_is_held_in_the_version_that_was_read_or_whatever_it_is(database: Database) -> None:
    crew = await _crew(database)
    this = await crew.signing()
    event_id = crew.event.id

    assert await database.write(lambda tx: held_round(tx, event_id, this.id, version=1)) == this
    assert await database.write(lambda tx: held_round(tx, event_id, this.id, version=None)) == this
    with pytest.raises(Overtaken) as refused:
        await database.write(lambda tx: held_round(tx, event_id, this.id, version=2))
    with pytest.raises(NotFound):
        await database.write(lambda tx: held_round(tx, event_id, RoundId(new_id()), version=None))
    assert refused.value.changes == []


async def test_a_version_that_somebody_raised_already_is_not_raised_again(database: Database) -> None:
    crew = await _crew(database)
    seen = await crew.signing()
    await crew.press(seen, Act.READY, actor=DEPUTY)
    late = {"action": "round.edited", "actor": DEPUTY, "now": NOON, "copies": 9}

    with pytest.raises(Overtaken) as refused:
        await database.write(lambda tx: raise_version(tx, seen, **late))

    assert refused.value.changes == [Change(version=2, at=NOON, by=DEPUTY.name, what="round.ready")]
    assert (await crew.now(seen)).copies == seen.copies


async def test_raising_a_version_writes_the_values_and_notes_who_did_it(database: Database) -> None:
    crew = await _crew(database)
    this = await crew.signing()
    told = {"action": "round.edited", "actor": DEPUTY, "now": NOON, "fields": ["copies"], "detail": {"why": "x"}}

    after = await database.write(lambda tx: raise_version(tx, this, **told, copies=9))

    chosen = sa.select(entries).where(entries.c.action == "round.edited")
    [entry] = (await database.read(lambda tx: tx.execute(chosen))).all()
    assert (after.copies, after.version) == (9, 2)
    assert await crew.now(this) == after
    assert (entry.actor, entry.subject_id, entry.at) == (DEPUTY.id, this.id, NOON)
    assert entry.detail == {"version": 2, "by": DEPUTY.name, "fields": ["copies"], "detail": {"why": "x"}}


async def test_what_is_noted_of_a_round_without_a_version_is_no_change(database: Database) -> None:
    crew = await _crew(database)
    this = await crew.signing()
    told = {"event_id": crew.event.id, "actor": DEPUTY.id, "now": NOON, "subject_id": this.id}
    await database.write(lambda tx: audit.note(tx, action="liaison.chased", **told))
    await crew.press(this, Act.READY, Act.CALL)

    changes = await database.read(lambda tx: changes_since(tx, crew.event.id, this.id, 0))

    assert [(change.version, change.what) for change in changes] == [
        (1, "round.added"),
        (2, "round.ready"),
        (3, "round.call"),
    ]
