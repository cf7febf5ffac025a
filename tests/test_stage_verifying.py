from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from checkin.stage.canonical import canonical, digest_of
from checkin.stage.handwriting import SignatureForm, sign_by_hand
from checkin.stage.models import Act, Role, RoundState
from checkin.stage.record import Record, beginning_of, records_of
from checkin.stage.store import round_by_id
from checkin.stage.tables import (
    participants,
    records,
    round_parties,
    rounds,
    signatures,
    substitutions,
    transitions,
)
from checkin.stage.verifying import Fault, FaultCode, Verdict, verify
from events.core.database import Database
from events.core.schema import json_type
from events.models import Text
from tests.cast import on_one_engine, planned
from tests.ceremony import MANAGER, TO_THE_END, Ceremony
from tests.conftest import Origin, Story

SIGNED = {"strokes": [{"points": [{"x": 1, "y": 2, "time": 5, "pressure": 0.5}, {"x": 8, "y": 9, "time": 25}]}]}


async def held(database: Database) -> Ceremony:
    """Four rounds: signed with a substitute, postponed, signed, signed; five records, because one was closed twice."""
    opened = Ceremony(database, await planned(database))
    segment = await opened.segment()
    one, late, three, four = [
        await opened.signing(f"{n} 号协议", segment_id=segment, wants_signature=True) for n in range(4)
    ]
    one = await opened.stand_in(one, one.of_role(Role.SIGNATORY)[0], await opened.guest("赵敏"))
    await opened.do(one, *TO_THE_END[:3])
    await sign(opened, one)
    await opened.do(one, *TO_THE_END[3:])
    await opened.do(late, Act.READY)
    await opened.do(late, Act.POSTPONE, reason="文本未定稿")
    await opened.do(three, *TO_THE_END, Act.UNDO, Act.CLOSE)
    await opened.do(four, *TO_THE_END)
    return opened


@pytest.fixture
def story(story: Story, request: pytest.FixtureRequest) -> Story:
    return held if "ceremony" in request.fixturenames else story


@pytest.fixture
def ceremony(database: Database, origin: Origin) -> Ceremony:
    return origin.known.again(database)


async def sign(ceremony: Ceremony, this: Any) -> None:
    form = SignatureForm(participant=this.of_role(Role.SIGNATORY)[0].id, **SIGNED)
    await ceremony.database.write(
        lambda tx: sign_by_hand(tx, ceremony.event, this.id, form, actor=MANAGER, now=ceremony.clock.now())
    )


async def verdict_of(ceremony: Ceremony) -> Verdict:
    return await ceremony.database.read(lambda tx: verify(tx, ceremony.event))


async def fault_of(ceremony: Ceremony) -> tuple[FaultCode, int] | None:
    fault = (await verdict_of(ceremony)).fault
    return (fault.code, fault.number) if fault else None


async def chain_of(ceremony: Ceremony) -> list[Record]:
    return await ceremony.database.read(lambda tx: records_of(tx, ceremony.event.id))


async def change(ceremony: Ceremony, table: sa.Table, row: Mapping[str, Any], **values: Any) -> None:
    """Writes into one row past the program."""
    keys = {column.name: row[column.name] for column in table.primary_key.columns}
    held = sa.update(table).filter_by(**keys).values(**values)
    await ceremony.database.write(lambda tx: tx.execute(held))


async def rows_of(ceremony: Ceremony, table: sa.Table) -> list[Mapping[str, Any]]:
    ordered = sa.select(table).order_by(*table.primary_key.columns)
    return list((await ceremony.database.read(lambda tx: tx.execute(ordered))).mappings())


async def test_a_record_that_nobody_touched_is_whole(ceremony: Ceremony) -> None:
    verdict = await verdict_of(ceremony)

    chain = await chain_of(ceremony)
    assert verdict == Verdict(records=5, digest=chain[-1].digest)


async def test_an_event_without_records_is_whole_from_its_beginning(database: Database) -> None:
    event = await planned(database)

    verdict = await database.read(lambda tx: verify(tx, event))

    assert verdict == Verdict(records=0, digest=beginning_of(event.id))


@on_one_engine
async def test_whatever_byte_of_whatever_document_is_flipped_its_record_is_named(ceremony: Ceremony) -> None:
    chain = await chain_of(ceremony)
    places = [(record, place) for record in chain for place in range(0, len(record.document), 97)]

    for record, place in places:
        letter = "x" if record.document[place] != "x" else "y"
        altered = f"{record.document[:place]}{letter}{record.document[place + 1 :]}"
        row = {"event_id": ceremony.event.id, "number": record.number}
        await change(ceremony, records, row, document=altered)

        assert await fault_of(ceremony) == (FaultCode.ALTERED, record.number)

        await change(ceremony, records, row, document=record.document)
    assert len(places) > 100
    assert await fault_of(ceremony) is None


OTHER = UUID("018f0000-0000-7000-8000-000000000000")


def other(value: Any) -> Any:
    """Another value of the same kind."""
    match value:
        case bool():
            return not value
        case int():
            return value + 50
        case None:
            return 1
        case str():
            return f"{value[:-1]}{'?' if value[-1:] != '?' else '!'}"
        case UUID():
            return OTHER
        case list():
            return [*value, "en"]
        case Text():
            return value.model_copy(update={"en": f"{value.en}?"})
        case _:
            return value.replace(microsecond=value.microsecond + 1)


ALWAYS = {
    transitions: {"number", "before", "after", "at", "actor", "actor_name", "where", "reason", "undoes"},
    substitutions: {"substitution_id", "participant_id", "authority", "reason", "at", "actor", "actor_name"},
    signatures: {"signature_id", "participant_id", "strokes", "at", "actor"},
}
ONCE_CLOSED = {
    rounds: {"title", "item", "copies", "languages", "wants_signature", "step"},
    round_parties: {"number", "name", "short", "side"},
    participants: {"participant_id", "party", "title", "position", "seat", "place"},
}
"""What a record holds of its rows. Keys and checks of the database keep the rest from being anything else; some of it
is tried by hand below."""


@pytest.mark.parametrize("table", [*ALWAYS, *ONCE_CLOSED], ids=lambda table: table.name)
async def test_whatever_column_of_a_source_row_is_altered_the_first_record_of_its_round_is_named(
    ceremony: Ceremony, table: sa.Table
) -> None:
    chain = await chain_of(ceremony)
    closed = {record.round_id for record in chain if record.body["round"]["state"] == "closed"}
    firsts = {record.round_id: record.number for record in reversed(chain)}
    lasts = {record.round_id: record.number for record in chain}
    expected, found = {}, {}

    for row in (await rows_of(ceremony, table))[::2]:
        for name in ALWAYS.get(table, ONCE_CLOSED.get(table, set())):
            altered = {**row, name: other(row[name])}
            await change(ceremony, table, row, **{name: altered[name]})
            if table in ALWAYS or row["round_id"] in closed:
                place = row.get("number", row.get("participant_id")), row["round_id"], name
                is_new = table is transitions and row["number"] > 6
                number = (firsts if table in ALWAYS and not is_new else lasts)[row["round_id"]]
                expected[place] = (FaultCode.UNLIKE, number)
                found[place] = await fault_of(ceremony)
            await change(ceremony, table, altered, **{name: row[name]})

    assert len(expected) > 4
    assert found == expected
    assert await fault_of(ceremony) is None


@on_one_engine
@pytest.mark.parametrize("column", ["number", "round_id", "at", "previous", "digest"])
async def test_whatever_stands_beside_a_document_is_held_against_it(ceremony: Ceremony, column: str) -> None:
    [row, *_, last] = await rows_of(ceremony, records)
    altered = last["round_id"] if column == "round_id" else other(row[column])

    await change(ceremony, records, row, **{column: altered})

    lost = FaultCode.LOST if column == "number" else FaultCode.ALTERED
    assert await fault_of(ceremony) == (lost, 1)


@on_one_engine
async def test_a_record_that_was_taken_out_of_the_middle_is_named(ceremony: Ceremony) -> None:
    await remove(ceremony, records, number=3)

    assert await fault_of(ceremony) == (FaultCode.LOST, 3)


async def test_records_that_were_cut_off_are_missed(ceremony: Ceremony) -> None:
    last = (await chain_of(ceremony))[-1]
    await remove(ceremony, records, number=last.number)

    verdict = await verdict_of(ceremony)

    assert verdict.fault == Fault(code=FaultCode.MISSING, round_id=str(last.round_id))
    assert verdict.records == 4


@on_one_engine
async def test_a_round_that_no_act_has_closed_is_missed(ceremony: Ceremony) -> None:
    fresh = await ceremony.signing("五号协议")
    row = {"event_id": ceremony.event.id, "round_id": fresh.id}

    await change(ceremony, rounds, row, state=RoundState.CLOSED)

    fault = (await verdict_of(ceremony)).fault
    assert fault == Fault(code=FaultCode.MISSING, round_id=str(fresh.id))


@on_one_engine
async def test_a_closed_round_that_was_opened_past_the_program_is_named(ceremony: Ceremony) -> None:
    record = (await chain_of(ceremony))[-1]
    row = {"event_id": ceremony.event.id, "round_id": record.round_id}

    await change(ceremony, rounds, row, state=RoundState.DRAFT)

    assert await fault_of(ceremony) == (FaultCode.UNLIKE, record.number)


@on_one_engine
@pytest.mark.parametrize("number", [1, 2, 4])
async def test_a_document_that_was_written_anew_with_its_digest_is_named_by_the_one_after_it(
    ceremony: Ceremony, number: int
) -> None:
    chain = await chain_of(ceremony)
    body = chain[number - 1].body
    body["segment"]["place"]["zh_hans"] = "别处"
    document = canonical(body)
    row = {"event_id": ceremony.event.id, "number": number}

    await change(ceremony, records, row, document=document, digest=digest_of(document))

    assert await fault_of(ceremony) == (FaultCode.ALTERED, number)


@on_one_engine
async def test_a_link_that_was_bent_is_named_itself(ceremony: Ceremony) -> None:
    record = (await chain_of(ceremony))[2]
    document = canonical({**record.body, "previous": "0" * 64})
    row = {"event_id": ceremony.event.id, "number": 3}

    await change(ceremony, records, row, document=document, digest=digest_of(document), previous="0" * 64)

    assert await fault_of(ceremony) == (FaultCode.ALTERED, 3)


@on_one_engine
@pytest.mark.parametrize("table", [transitions, substitutions, signatures, participants, round_parties])
async def test_a_row_that_was_taken_away_is_missed_by_its_record(ceremony: Ceremony, table: sa.Table) -> None:
    first = (await chain_of(ceremony))[0]

    await remove(ceremony, table, round_id=first.round_id)

    assert await fault_of(ceremony) == (FaultCode.UNLIKE, 1)


@on_one_engine
@pytest.mark.parametrize("table", [substitutions, signatures, participants, round_parties])
async def test_a_row_that_was_slipped_in_after_the_end_is_seen(ceremony: Ceremony, table: sa.Table) -> None:
    first = (await chain_of(ceremony))[0]
    row = next(row for row in await rows_of(ceremony, table) if row["round_id"] == first.round_id)
    key = [column.name for column in table.primary_key.columns][-1]
    again = {**row, key: 9 if key == "number" else OTHER}

    await ceremony.database.write(lambda tx: tx.execute(sa.insert(table).values(**again)))

    assert await fault_of(ceremony) == (FaultCode.UNLIKE, 1)


@on_one_engine
async def test_what_came_after_an_end_that_was_taken_back_is_no_fault(ceremony: Ceremony) -> None:
    chain = await chain_of(ceremony)
    postponed = await ceremony.database.read(lambda tx: round_by_id(tx, ceremony.event.id, chain[1].round_id))

    await ceremony.stand_in(postponed, postponed.of_role(Role.SIGNATORY)[1], await ceremony.guest("周杰"))
    while_postponed = await fault_of(ceremony)
    resumed = await ceremony.do(postponed, Act.RESUME, *TO_THE_END[:3])
    await sign(ceremony, resumed)
    on_stage = await fault_of(ceremony)
    await ceremony.do(resumed, *TO_THE_END[3:])

    assert (while_postponed, on_stage, await fault_of(ceremony)) == (None, None, None)
    assert len(await chain_of(ceremony)) == 6


async def test_a_value_that_the_program_would_never_have_written_is_an_alteration_and_no_failure(
    ceremony: Ceremony,
) -> None:
    first = (await chain_of(ceremony))[0]
    odd = sa.table("signatures", sa.column("strokes", json_type()), sa.column("round_id", sa.Uuid))

    await ceremony.database.write(lambda tx: tx.execute(sa.update(odd).values(strokes=[[[0.5]]])))

    assert await fault_of(ceremony) == (FaultCode.UNLIKE, first.number)


@on_one_engine
async def test_a_time_that_is_none_is_an_alteration_and_no_failure(ceremony: Ceremony) -> None:
    await ceremony.database.write(lambda tx: tx.execute(sa.text("UPDATE transitions SET at = 'noon', before = '?'")))

    assert await fault_of(ceremony) == (FaultCode.UNLIKE, 1)


@on_one_engine
@pytest.mark.parametrize("column", ["document", "at", "number"])
async def test_what_is_no_text_or_number_at_all_is_found_at_its_place(ceremony: Ceremony, column: str) -> None:
    odd = f"UPDATE records SET {column} = X'FF' WHERE number = 2"

    await ceremony.database.write(lambda tx: tx.execute(sa.text(odd)))

    assert await fault_of(ceremony) == (FaultCode.LOST if column == "number" else FaultCode.ALTERED, 2)


@on_one_engine
@pytest.mark.parametrize("text", ["x", "[]", "null", "{}", '{"number":5}'])
async def test_what_is_no_document_but_has_its_own_digest_is_named_and_no_failure(
    ceremony: Ceremony, text: str
) -> None:
    last = {"event_id": ceremony.event.id, "number": 5}

    await change(ceremony, records, last, document=text, digest=digest_of(text))

    assert await fault_of(ceremony) == (FaultCode.ALTERED, 5)


@on_one_engine
@pytest.mark.parametrize("part", ["transitions", "substitutions", "parties", "participants", "signatures", "round"])
async def test_a_document_that_lacks_a_part_is_named_and_no_failure(ceremony: Ceremony, part: str) -> None:
    record = (await chain_of(ceremony))[-1]
    text = canonical({name: held for name, held in record.body.items() if name != part})

    row = {"event_id": ceremony.event.id, "number": record.number}
    await change(ceremony, records, row, document=text, digest=digest_of(text))

    assert await fault_of(ceremony) == (FaultCode.ALTERED, 5)


async def remove(ceremony: Ceremony, table: sa.Table, **given: Any) -> None:
    gone = sa.delete(table).where(table.c.event_id == ceremony.event.id).filter_by(**given)
    await ceremony.database.write(lambda tx: tx.execute(gone))
