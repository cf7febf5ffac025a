import json
from datetime import timedelta

import anyio
import pytest

from checkin.stage.canonical import canonical, digest_of
from checkin.stage.models import Act, Role
from checkin.stage.record import Record, append_record, beginning_of, facts_of, records_of
from checkin.stage.record_document import document_of
from checkin.stage.round_form import ParticipantForm, RoundForm
from events.core.database import Database
from events.core.errors import NotFound
from events.core.ids import new_id
from events.models import SegmentKind, Text
from tests.cast import NOON, Cast, on_one_engine, planned
from tests.ceremony import TO_THE_END, Ceremony


@pytest.fixture
async def ceremony(database: Database) -> Ceremony:
    return Ceremony(database, await planned(database))


async def chain_of(ceremony: Ceremony) -> list[Record]:
    return await ceremony.database.read(lambda tx: records_of(tx, ceremony.event.id))


async def test_a_round_is_put_on_record_when_it_is_closed_and_not_before(ceremony: Ceremony) -> None:
    signing = await ceremony.signing()

    await ceremony.do(signing, *TO_THE_END[:-1])
    before = await chain_of(ceremony)
    await ceremony.do(signing, Act.CLOSE)

    [record] = await chain_of(ceremony)
    assert (before, record.number, record.round_id) == ([], 1, signing.id)
    assert record.at == NOON + timedelta(minutes=6)


async def test_a_record_says_who_signed_what_for_whom_and_when(ceremony: Ceremony) -> None:
    signing = await ceremony.signing("共建协议")
    [chen, _] = signing.of_role(Role.SIGNATORY)
    await ceremony.stand_in(signing, chen, await ceremony.guest("赵敏", name_latin="ZHAO Min"))

    await ceremony.do(signing, *TO_THE_END)

    [record] = await chain_of(ceremony)
    body = record.body
    assert body["event"] == {
        "id": str(ceremony.event.id),
        "slug": "valley-launch",
        "title": {"en": "Launch of the Valley", "zh_hans": "科创谷启动仪式", "zh_hant": "科創谷啟動儀式"},
    }
    assert (body["round"]["number"], body["round"]["title"]["zh_hans"], body["round"]["copies"]) == (1, "共建协议", 2)
    assert [party["hosting"] for party in body["parties"]] == ["host", "guest"]
    assert [(part["role"], part["party"], part["guest"]["name"]) for part in body["participants"]] == [
        ("signatory", 1, "赵敏"),
        ("witness", 1, "王芳"),
        ("signatory", 2, "李静"),
    ]
    [replaced] = body["substitutions"]
    assert (replaced["substitute"]["name_latin"], replaced["original"]["name"]) == ("ZHAO Min", "陈伟")
    assert (replaced["authority"], replaced["reason"], replaced["actor_name"]) == ("署长办公室", "临时公务", "何卓文")
    assert [each["after"] for each in body["transitions"]] == [
        "ready",
        "called",
        "on_stage",
        "signed",
        "exchanged",
        "closed",
    ]
    assert body["transitions"][3]["at"] == body["happened_at"] == "2026-03-02T04:05:00Z"


async def test_the_digest_is_that_of_the_document_in_canonical_json(ceremony: Ceremony) -> None:
    await ceremony.do(await ceremony.signing(), *TO_THE_END)

    [record] = await chain_of(ceremony)

    assert record.digest == digest_of(record.document)
    assert record.document == canonical(json.loads(record.document))
    assert record.previous == record.body["previous"] == beginning_of(ceremony.event.id)


async def test_each_record_holds_the_digest_of_the_one_before_over_all_segments(ceremony: Ceremony) -> None:
    for kind in ("一号协议", "二号协议", "三号协议"):
        await ceremony.do(await ceremony.signing(kind), *TO_THE_END)

    chain = await chain_of(ceremony)

    assert [record.number for record in chain] == [1, 2, 3]
    assert [record.previous for record in chain[1:]] == [record.digest for record in chain[:-1]]


async def test_a_round_that_is_postponed_or_withdrawn_is_on_record_with_the_reason(ceremony: Ceremony) -> None:
    late, gone = await ceremony.signing("甲"), await ceremony.signing("乙")

    await ceremony.do(late, Act.POSTPONE, reason="文本未定稿")
    await ceremony.do(gone, Act.WITHDRAW, reason="改日签署")

    ends = [
        (record.body["round"]["state"], record.body["transitions"][-1]["reason"]) for record in await chain_of(ceremony)
    ]
    assert ends == [("postponed", "文本未定稿"), ("withdrawn", "改日签署")]


async def test_an_end_that_was_taken_back_and_reached_anew_is_on_record_twice(ceremony: Ceremony) -> None:
    signing = await ceremony.signing()

    await ceremony.do(signing, *TO_THE_END, Act.UNDO, Act.CLOSE)

    first, second = await chain_of(ceremony)
    assert (len(first.body["transitions"]), len(second.body["transitions"])) == (6, 8)
    assert [each["undoes"] for each in second.body["transitions"][-3:]] == [None, 6, None]


async def test_taking_back_what_resumed_a_postponed_round_puts_it_on_record_again(ceremony: Ceremony) -> None:
    signing = await ceremony.signing()

    await ceremony.do(signing, Act.POSTPONE, reason="待定")
    await ceremony.do(signing, Act.RESUME, Act.UNDO)

    assert [record.body["round"]["state"] for record in await chain_of(ceremony)] == ["postponed", "postponed"]


async def test_two_stage_managers_close_two_rounds_at_once_and_no_number_is_missing(ceremony: Ceremony) -> None:
    segment = await ceremony.segment()
    rounds = [await ceremony.signing(f"{number} 号", segment_id=segment) for number in range(6)]
    for each in rounds:
        await ceremony.do(each, *TO_THE_END[:-1])

    async with anyio.create_task_group() as tasks:
        for each in rounds:
            tasks.start_soon(ceremony.do, each, Act.CLOSE)

    chain = await chain_of(ceremony)
    assert [record.number for record in chain] == [1, 2, 3, 4, 5, 6]
    assert [record.previous for record in chain[1:]] == [record.digest for record in chain[:-1]]
    assert {record.round_id for record in chain} == {each.id for each in rounds}


async def test_two_writers_who_only_append_wait_for_each_other(ceremony: Ceremony) -> None:
    signing = await ceremony.signing()
    await ceremony.do(signing, *TO_THE_END)

    async def append() -> None:
        await ceremony.database.write(lambda tx: append_record(tx, ceremony.event, signing.id, now=NOON))

    async with anyio.create_task_group() as tasks:
        for _ in range(8):
            tasks.start_soon(append)

    assert [record.number for record in await chain_of(ceremony)] == list(range(1, 10))


async def test_events_have_chains_of_their_own_that_begin_differently(database: Database) -> None:
    one, other = [Ceremony(database, await planned(database, slug=slug)) for slug in ("one-event", "another")]

    for each in (one, other):
        await each.do(await each.signing(), *TO_THE_END)

    [first], [second] = await chain_of(one), await chain_of(other)
    assert (first.number, second.number) == (1, 1)
    assert first.previous != second.previous


async def test_a_round_that_goes_on_is_not_put_on_record(ceremony: Ceremony) -> None:
    signing = await ceremony.do(await ceremony.signing(), Act.READY)

    appended = await ceremony.database.write(lambda tx: append_record(tx, ceremony.event, signing.id, now=NOON))

    assert (appended, await chain_of(ceremony)) == (None, [])


async def test_a_round_that_does_not_exist_is_not_found(ceremony: Ceremony) -> None:
    with pytest.raises(NotFound):
        await ceremony.database.read(lambda tx: facts_of(tx, ceremony.event, now=NOON, round_id=new_id()))


@on_one_engine
async def test_a_record_tells_who_was_in_the_house_when_it_was_signed(cast: Cast) -> None:
    ceremony = Ceremony(cast.database, cast.event, cast.clock)
    signing = await ceremony.signing()
    facts = await cast.database.read(lambda tx: facts_of(tx, cast.event, now=NOON))
    chen, li, wang = [next(g for g in facts[0].guests.values() if g.name == name) for name in ("陈伟", "李静", "王芳")]
    await cast.scanned(cast.scan(chen.code), cast.scan(wang.code))
    cast.clock.forward(minutes=10)
    await cast.scanned(cast.scan(wang.code, direction="exit"))
    await ceremony.do(signing, *TO_THE_END[:4])
    cast.clock.forward(minutes=1)
    await cast.scanned(cast.scan(li.code))

    await ceremony.do(signing, *TO_THE_END[4:])

    [record] = await chain_of(ceremony)
    seen = {each["guest"]["name"]: each["guest"] for each in record.body["participants"]}
    assert {name: guest["in_house"] for name, guest in seen.items()} == {"陈伟": True, "李静": False, "王芳": False}
    assert (seen["陈伟"]["first_at"], seen["陈伟"]["first_gate"]) == ("2026-03-02T04:00:00Z", cast.gate.name)
    assert (seen["李静"]["first_at"], seen["王芳"]["first_at"]) == ("2026-03-02T04:15:00Z", "2026-03-02T04:00:00Z")


async def test_a_speech_has_happened_when_its_speaker_was_on_stage(ceremony: Ceremony) -> None:
    speaker = ParticipantForm(role=Role.SPEAKER, guest_id=(await ceremony.guest("陈伟")).id)
    form = RoundForm(title=Text(zh_hans="致辞"), participants=[speaker])
    speech = await ceremony.round(await ceremony.segment(SegmentKind.SPEECHES), form)

    await ceremony.do(speech, Act.READY, Act.CALL, Act.STAGE, Act.CLOSE)

    [record] = await chain_of(ceremony)
    assert (record.body["happened_at"], record.body["recorded_at"]) == ("2026-03-02T04:03:00Z", "2026-03-02T04:04:00Z")


async def test_a_round_that_never_happened_has_the_time_of_its_end(ceremony: Ceremony) -> None:
    await ceremony.do(await ceremony.signing(), Act.POSTPONE, reason="待定")

    [record] = await chain_of(ceremony)

    assert record.body["happened_at"] == "2026-03-02T04:01:00Z"


async def test_a_round_that_goes_on_has_the_same_document_without_a_place_in_the_chain(ceremony: Ceremony) -> None:
    signing = await ceremony.signing()

    [facts] = await ceremony.database.read(lambda tx: facts_of(tx, ceremony.event, now=NOON))

    document = document_of(facts)
    assert (document["round"]["id"], document["round"]["state"]) == (str(signing.id), "draft")
    assert (document["happened_at"], "number" in document) == (None, False)


def test_canonical_json_sorts_names_and_leaves_out_what_nobody_needs() -> None:
    assert canonical({"b": [1, None, True], "a": "甲\n"}) == '{"a":"甲\\n","b":[1,null,true]}'


@pytest.mark.parametrize("odd", [1.5, 2**53, {"键": 1}, {1: 1}, [[0.1]]])
def test_what_readers_take_differently_has_no_canonical_text(odd: object) -> None:
    with pytest.raises(ValueError, match="not a"):
        canonical(odd)
