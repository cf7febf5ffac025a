from typing import Any

import httpx
import pytest

from checkin.stage.canonical import canonical, digest_of
from checkin.stage.handwriting import MAX_BYTES, MAX_POINTS, SignatureForm
from checkin.stage.models import Act, Role, Round
from checkin.stage.record import records_of, strokes_of
from events.core.auth import Scope
from tests.cast import Cast, on_one_engine
from tests.ceremony import TO_THE_END, Ceremony

DOWN = [{"x": 10.504, "y": 20, "time": 1000, "pressure": 0.5}, {"x": 30, "y": 40.5, "time": 1016, "pressure": 0.7}]
PEN = [{"points": DOWN}, {"points": [{"x": 5, "y": 6, "time": 2000}]}]
DRAWN = [[[1050, 2000, 0, 500], [3000, 4050, 16, 700]], [[500, 600, 1000, 0]]]


@pytest.fixture
async def ceremony(cast: Cast) -> Ceremony:
    return Ceremony(cast.database, cast.event, cast.clock)


@pytest.fixture
async def signing(ceremony: Ceremony) -> Round:
    """A round on stage that wants signatures."""
    return await ceremony.do(await ceremony.signing(wants_signature=True), *TO_THE_END[:3])


def signatory(this: Round, number: int = 0) -> str:
    return str(this.of_role(Role.SIGNATORY)[number].id)


async def send(cast: Cast, this: Round, *, by: httpx.AsyncClient | None = None, **given: Any) -> httpx.Response:
    body = {"participant": signatory(this), "strokes": PEN, **given}
    return await (by or cast.protocol).post(f"{cast.api}/rounds/{this.id}/signatures", json=body)


async def test_a_signature_is_kept_in_whole_numbers_with_the_digest_of_its_strokes(cast: Cast, signing: Round) -> None:
    answer = await send(cast, signing)

    assert answer.status_code == 201, answer.text
    told = answer.json()
    kept = await cast.database.read(lambda tx: strokes_of(tx, cast.event.id))
    assert kept == {told["id"]: DRAWN}
    assert told["digest"] == digest_of(canonical(DRAWN))
    assert (told["participant"], told["at"]) == (signatory(signing), cast.clock.now().isoformat())


async def test_of_several_signatures_in_a_part_the_last_one_is_on_record(
    cast: Cast, ceremony: Ceremony, signing: Round
) -> None:
    first, last = [(await send(cast, signing)).json()["id"] for _ in range(2)]

    await ceremony.do(signing, *TO_THE_END[3:])

    [record] = await cast.database.read(lambda tx: records_of(tx, cast.event.id))
    assert [each["id"] for each in record.body["signatures"]] == [first, last]


@on_one_engine
@pytest.mark.parametrize("done", [3, 4, 5])
async def test_signing_is_open_from_the_stage_to_the_exchange(cast: Cast, ceremony: Ceremony, done: int) -> None:
    this = await ceremony.do(await ceremony.signing(wants_signature=True), *TO_THE_END[:done])

    assert (await send(cast, this)).status_code == 201


@on_one_engine
@pytest.mark.parametrize("done", [0, 1, 2, 6])
async def test_before_and_after_nobody_signs(cast: Cast, ceremony: Ceremony, done: int) -> None:
    this = await ceremony.do(await ceremony.signing(wants_signature=True), *TO_THE_END[:done])

    answer = await send(cast, this)

    assert (answer.status_code, answer.json()["code"]) == (409, "signature_closed")


@on_one_engine
async def test_a_round_that_wants_none_takes_none(cast: Cast, ceremony: Ceremony) -> None:
    this = await ceremony.do(await ceremony.signing(), *TO_THE_END[:3])

    answer = await send(cast, this)

    assert (answer.status_code, answer.json()["code"]) == (409, "signature_closed")


@on_one_engine
async def test_who_only_watches_does_not_sign(cast: Cast, signing: Round) -> None:
    witness = str(signing.of_role(Role.WITNESS)[0].id)

    answer = await send(cast, signing, participant=witness)

    assert (answer.status_code, answer.json()["fields"][0]["field"]) == (422, "participant")


@on_one_engine
async def test_a_round_that_does_not_exist_takes_no_signature(cast: Cast, signing: Round) -> None:
    path = f"{cast.api}/rounds/{cast.event.id}/signatures"

    answer = await cast.protocol.post(path, json={"participant": signatory(signing), "strokes": PEN})

    assert answer.status_code == 404


BAD: dict[str, Any] = {
    "no strokes": [],
    "a stroke without points": [{"points": []}],
    "too many points": [{"points": [{"x": 1, "y": 1, "time": 1}] * (MAX_POINTS + 1)}],
    "too many points in all": [{"points": [{"x": 1, "y": 1, "time": 1}] * 10_001}] * 2,
    "a point beyond the screen": [{"points": [{"x": 1e6, "y": 1, "time": 1}]}],
    "no time": [{"points": [{"x": 1, "y": 1}]}],
    "a pressure beyond all": [{"points": [{"x": 1, "y": 1, "time": 1, "pressure": 2}]}],
    "a signature of two days": [{"points": [{"x": 1, "y": 1, "time": 0}, {"x": 1, "y": 1, "time": 2e8}]}],
    "words": "strokes",
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_signature_is_refused(kind: str) -> None:
    with pytest.raises(ValueError, match=r"strokes|SignatureForm"):
        SignatureForm.model_validate({"participant": "018f0000-0000-7000-8000-000000000000", "strokes": BAD[kind]})


@on_one_engine
async def test_more_than_200_kb_are_refused_whatever_they_are(cast: Cast, signing: Round) -> None:
    path = f"{cast.api}/rounds/{signing.id}/signatures"

    answers = [await cast.protocol.post(path, content=b" " * size) for size in (MAX_BYTES, MAX_BYTES + 1)]

    assert [answer.status_code for answer in answers] == [400, 413]


@on_one_engine
async def test_a_substitute_signs_and_who_was_replaced_no_longer_counts(
    cast: Cast, ceremony: Ceremony, signing: Round
) -> None:
    await send(cast, signing)
    part = signing.of_role(Role.SIGNATORY)[0]
    taker = await ceremony.guest("赵敏", name_latin="ZHAO Min")
    this = await ceremony.stand_in(signing, part, taker)

    page = (await cast.protocol.get(sign_page(cast, this))).text

    assert "赵敏" in heading_of(page)
    given = (await send(cast, this)).json()
    assert given["guest"] == str(taker.id)
    assert "李静" in heading_of((await cast.protocol.get(sign_page(cast, this))).text)


@on_one_engine
async def test_the_tablet_turns_to_the_next_until_everybody_has_signed(cast: Cast, signing: Round) -> None:
    asked = []
    for number in range(2):
        asked.append(heading_of((await cast.protocol.get(sign_page(cast, signing))).text))
        await send(cast, signing, participant=signatory(signing, number))

    asked.append(heading_of((await cast.protocol.get(sign_page(cast, signing))).text))

    assert ["陈伟" in asked[0], "李静" in asked[1]] == [True, True]
    assert "Everybody has signed" in asked[2]


@on_one_engine
async def test_somebody_may_be_asked_for_by_name_and_sign_again(cast: Cast, signing: Round) -> None:
    await send(cast, signing)

    page = (await cast.protocol.get(sign_page(cast, signing), params={"participant": signatory(signing)})).text

    assert "陈伟" in heading_of(page)
    assert page.count("has signed") == 1


@on_one_engine
async def test_the_tablet_waits_before_the_stage_and_says_where_nobody_signs(cast: Cast, ceremony: Ceremony) -> None:
    waiting, paper = await ceremony.signing(wants_signature=True), await ceremony.signing()

    pages = [(await cast.protocol.get(sign_page(cast, this))).text for this in (waiting, paper)]

    assert [heading_of(page) for page in pages] == ["One moment, please", "This round is signed on paper only."]
    assert ["<canvas" in page for page in pages] == [False, False]


@on_one_engine
async def test_a_round_of_which_nobody_signs_by_hand_says_so(cast: Cast, ceremony: Ceremony, signing: Round) -> None:
    await ceremony.do(signing, Act.UNDO, Act.UNDO, Act.UNDO)
    nobody = {"participants": []}
    await cast.script.patch(f"{cast.api}/rounds/{signing.id}", json=nobody)

    page = (await cast.protocol.get(sign_page(cast, signing))).text

    assert heading_of(page) == "One moment, please"


@on_one_engine
async def test_whoever_only_reads_neither_sees_the_tablet_nor_signs(cast: Cast, signing: Round) -> None:
    reader = await cast.token(Scope.READ)

    answers = [await reader.get(sign_page(cast, signing)), await send(cast, signing, by=reader)]
    outside = await send(cast, signing, by=cast.outsider)

    assert [answer.status_code for answer in (*answers, outside)] == [403, 403, 404]


def sign_page(cast: Cast, this: Round) -> str:
    return f"/stage/{cast.event.slug}/rounds/{this.id}/sign"


def heading_of(page: str) -> str:
    return page.partition("<h1>")[2].partition("</h1>")[0]
