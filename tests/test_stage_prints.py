"""What was printed of the cue sheet, and how the lines of now differ from it."""

from uuid import UUID, uuid4

import pytest

from checkin.stage.cues import CueLine, digest_of, lines_of
from checkin.stage.models import Role, Round, RoundState
from checkin.stage.prints import Print, PrintId, differences, last_print, print_by_id, prints_of, record_print
from events.core.database import Database
from events.core.errors import NotFound
from events.core.i18n import Language
from events.models import Event, SegmentId, Text
from tests.cast import NOON, FrozenClock, planned
from tests.lectern import OUYANG, SIGNATORIES, event, held, part, segment, stage

ZH, EN = Language.ZH_HANS, Language.EN
HERE = segment().id


def lines(*rounds: Round) -> list[CueLine]:
    return lines_of(stage(*rounds), event(), ZH)


def printed(*rounds: Round, segment_id: SegmentId | None = None) -> Print:
    """A print of these rounds."""
    digests = {line.key: digest_of(line) for line in lines(*rounds)}
    made = PrintId(UUID(int=1))
    return Print(id=made, segment_id=segment_id, language=ZH, at=NOON, actor_name="何卓文", lines=digests)


def test_nothing_differs_from_a_print_of_the_same_lines() -> None:
    assert differences(printed(held()), lines(held()), segment_id=None).count == 0


def test_what_reads_otherwise_is_changed_and_what_was_added_is_new() -> None:
    found = differences(printed(held(41)), lines(held(41, title=Text(zh_hans="备忘录")), held(42)), segment_id=None)

    assert {key.split(":")[1] for key in found.changed} == {str(held(41).id)}
    assert {key.split(":")[1] for key in found.new} == {str(held(42).id)}
    assert (len(found.new), found.gone, found.count) == (5, 0, len(found.changed) + 5)


def test_a_round_that_was_put_off_is_told_by_its_notice_and_not_as_gone() -> None:
    found = differences(
        printed(held(41), held(42)), lines(held(41, state=RoundState.POSTPONED), held(42)), segment_id=None
    )

    assert (found.gone, [key.rpartition(":")[2] for key in found.new]) == (0, ["postponed"])


@pytest.mark.parametrize(("segment_id", "gone"), [(None, 1), (HERE, 0)])
def test_a_line_that_is_left_out_is_gone_where_the_print_was_of_the_same_part(
    segment_id: SegmentId | None, gone: int
) -> None:
    before = held(participants=(*SIGNATORIES, part(33, Role.WITNESS, OUYANG)))

    assert differences(printed(before), lines(held()), segment_id=segment_id).gone == gone


@pytest.fixture
async def there(database: Database) -> Event:
    return await planned(database)


async def kept(database: Database, there: Event, clock: FrozenClock, **given: SegmentId | Language | None) -> Print:
    """A print a minute after the one before."""
    clock.forward(minutes=1)
    usual = {"segment_id": None, "language": ZH, **given}
    return await database.write(
        lambda tx: record_print(tx, there.id, lines=lines(held()), actor_name="何卓文", now=clock.now(), **usual)
    )


async def test_a_print_is_kept_with_a_digest_of_each_line(database: Database, there: Event, clock: FrozenClock) -> None:
    made = await kept(database, there, clock, segment_id=HERE)

    assert await database.read(lambda tx: print_by_id(tx, there.id, made.id)) == made
    assert (made.actor_name, made.segment_id, len(made.lines)) == ("何卓文", HERE, 6)


async def test_prints_are_listed_newest_first(database: Database, there: Event, clock: FrozenClock) -> None:
    made = [await kept(database, there, clock) for _ in range(3)]

    assert await database.read(lambda tx: prints_of(tx, there.id)) == made[::-1]


async def test_a_print_of_another_event_is_not_there(database: Database, there: Event, clock: FrozenClock) -> None:
    made = await kept(database, there, clock)
    other = await planned(database, slug="another")

    with pytest.raises(NotFound):
        await database.read(lambda tx: print_by_id(tx, other.id, made.id))
    assert await database.read(lambda tx: prints_of(tx, other.id)) == []


async def test_the_last_print_is_of_the_same_language_and_covers_the_same_part(
    database: Database, there: Event, clock: FrozenClock
) -> None:
    whole = await kept(database, there, clock)
    part_of_it = await kept(database, there, clock, segment_id=HERE)
    await kept(database, there, clock, segment_id=SegmentId(uuid4()))
    await kept(database, there, clock, language=EN)

    async def last(segment_id: SegmentId | None, language: Language = ZH) -> Print | None:
        return await database.read(lambda tx: last_print(tx, there.id, segment_id=segment_id, language=language))

    assert (await last(None), await last(HERE)) == (whole, part_of_it)
    assert (await last(SegmentId(UUID(int=99))), await last(None, Language.ZH_HANT)) == (whole, None)
