"""The demonstration's stage as it stands after seeding."""

from collections import Counter

from checkin.stage.demonstration import seed_stage
from checkin.stage.faults import faults_of
from checkin.stage.precedence import Ground
from checkin.stage.ranking_store import rankings_of
from checkin.stage.store import stage_of
from events import seeding
from events.core.database import Database
from events.demo.ceremony import load_ceremony
from events.demo.story import load
from events.models import Event
from tests.cast import NOON


async def seeded(database: Database) -> Event:
    """The demonstration event with its guests and nothing on its stage."""
    story = load()
    event = await database.write(lambda tx: seeding.seed_event(tx, story, now=NOON))
    await database.write(lambda tx: seeding.seed_guests(tx, event, story, now=NOON))
    return event


async def test_every_round_of_the_demonstration_could_be_called_ready(database: Database) -> None:
    event = await seeded(database)

    count = await database.write(lambda tx: seed_stage(tx, event, load_ceremony(), now=NOON))

    stage = await database.read(lambda tx: stage_of(tx, event.id, NOON))
    assert (count, Counter(each.kind.value for each in stage.rounds)) == (
        26,
        {"speeches": 4, "launch": 1, "signing": 18, "presentation": 3},
    )
    assert {each.title.en: faults for each in stage.rounds if (faults := faults_of(each, stage))} == {}
    assert {person.spoken.reading for person in stage.people.values()} >= {"Qiú Míngyuǎn", "pong4 ging3 zi1"}


async def test_the_principal_guests_line_up_by_turns_and_one_was_moved_for_a_reason(database: Database) -> None:
    event = await seeded(database)

    await database.write(lambda tx: seed_stage(tx, event, load_ceremony(), now=NOON))

    [photograph] = await database.read(lambda tx: rankings_of(tx, event.id))
    placed = photograph.placed
    assert [(each.entry.name, each.natural, each.entry.side) for each in placed] == [
        ("徐兆恆", 1, "hkstp"),
        ("欧阳振邦", 2, "hetao"),
        ("范徐慧儀", 3, "hkstp"),
        ("单立民", 4, "hetao"),
        ("尉迟明哲", 6, "hetao"),
        ("馮啟邦", 5, "hkstp"),
    ]
    assert [each.ground for each in placed[1:3]] == [Ground.TURN, Ground.POSITION]
    assert [(move.from_position, move.to_position, move.reason) for move in photograph.moves] == [
        (6, 5, "香港科技园公司主席以主人身份礼让，请尉迟部长前移一位")
    ]
