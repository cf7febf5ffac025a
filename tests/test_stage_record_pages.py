import json
import re

import pytest
import sqlalchemy as sa

from checkin.stage.canonical import canonical, digest_of
from checkin.stage.models import Act, Role
from checkin.stage.record import beginning_of, records_of
from checkin.stage.round_form import ParticipantForm, PartyForm, RoundForm
from checkin.stage.rounds import move_round
from checkin.stage.tables import records
from events.core.i18n import Language
from events.forms import GuestForm
from events.guestlist import invite
from events.models import SegmentKind, Text
from events.tables import exhibitors, guests
from tests.cast import NOON, Cast, on_one_engine
from tests.ceremony import HOST, MANAGER, TO_THE_END, Ceremony
from tests.programs import lines_of, text_of


@pytest.fixture
async def ceremony(cast: Cast) -> Ceremony:
    """A round signed by a substitute, a postponed one, one that was closed twice, a launch, and an open one."""
    opened = Ceremony(cast.database, cast.event, cast.clock)
    place = await opened.segment()
    one, late, twice, _ = [await opened.signing(title, segment_id=place) for title in ("甲约", "乙约", "丙约", "丁约")]
    li = one.of_role(Role.SIGNATORY)[1]
    taker = await opened.guest("赵敏", name_latin="ZHAO Min", job_title="副董事长", organisation="鹏城芯片公司")
    await cast.scanned(cast.scan(taker.code))
    await opened.do(await opened.stand_in(one, li, taker), *TO_THE_END)
    await opened.do(late, Act.POSTPONE, reason="文本未定稿")
    await opened.do(twice, *TO_THE_END, Act.UNDO, Act.CLOSE)
    launch = ParticipantForm(role=Role.OFFICIANT, guest_id=(await opened.guest("林若晴")).id)
    await opened.round(
        await opened.segment(SegmentKind.LAUNCH, position=2),
        RoundForm(title=Text(zh_hans="启动", en="Launch"), participants=[launch]),
    )
    return opened


async def test_the_paper_reads_who_signed_for_whom_and_what_was_postponed(cast: Cast, ceremony: Ceremony) -> None:
    answer = await cast.protocol.get(f"{cast.api}/record.pdf", params={"lang": "zh-Hans"})

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == 'inline; filename="valley-launch-record.pdf"'
    lines = lines_of(answer.content, layout=True)
    chain = await cast.database.read(lambda tx: records_of(tx, cast.event.id))
    assert "轮次 共 5 轮 · 已结束 2 · 延后 1 · 未结束 2 · 替换 1 人" in lines
    assert "赵敏 代 李静 签" in lines
    assert "赵敏 代 李静 签。授权：署长办公室；原因：临时公务。12:01 由何卓文记录。" in lines
    assert "12:08 延后，原因：文本未定稿（何卓文）。" in lines
    assert "12:14“本轮结束”于 12:15 撤销（何卓文）。" in lines
    assert "经过 就绪 12:02 → 已候场 12:03 → 已上台 12:04 → 已签署 12:05 → 已换文 12:06 → 已结束 12:07" in lines
    assert [line for line in lines if line.startswith("签字人 赵敏")] == ["签字人 赵敏 副董事长 12:00"]
    shown = [line for line in lines if "号记录" in line and "SHA-256" in line and "末" not in line]
    standing = [chain[0], chain[1], chain[3]]
    assert shown == [f"第 {each.number} 号记录 SHA-256 {each.digest}" for each in standing]
    assert lines[-1] == f"末号记录（第 4 号） SHA-256 {chain[-1].digest}"
    assert lines.count("○ 本轮尚未结束，以下为现时情况，未列入记录。") == 2


@on_one_engine
@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("zh-Hans", "赵敏 代 李静 签"),
        ("zh-Hant", "赵敏 代 李静 簽"),
        ("en", "ZHAO Min signs for 李静"),
    ],
)
async def test_the_paper_speaks_the_readers_language(cast: Cast, ceremony: Ceremony, language: str, line: str) -> None:
    answer = await cast.protocol.get(f"{cast.api}/record.pdf", params={"lang": language})

    assert line in text_of(answer.content)


@on_one_engine
async def test_the_same_record_at_the_same_moment_is_the_same_file(cast: Cast, ceremony: Ceremony) -> None:
    one, other = [(await cast.protocol.get(f"{cast.api}/record.pdf?lang=en")).content for _ in range(2)]

    assert one == other


async def test_the_json_holds_what_it_takes_to_work_the_chain_out_again(cast: Cast, ceremony: Ceremony) -> None:
    told = (await cast.protocol.get(f"{cast.api}/record.json")).json()

    previous = told["begins"]
    for each in told["records"]:
        assert each["document"]["previous"] == previous
        assert digest_of(canonical(each["document"])) == each["digest"]
        previous = each["digest"]
    assert (told["begins"], told["digest"], told["whole"]) == (beginning_of(cast.event.id), previous, True)
    assert len(told["records"]) == 4
    assert [each["round"]["state"] for each in told["open"]] == ["draft", "draft"]


@on_one_engine
async def test_nobodys_address_or_number_is_on_record(cast: Cast, ceremony: Ceremony) -> None:
    contact = {"email": "chan@example.org", "phone": "+85255551234", "liaison_phone": "+85255559999"}
    await cast.database.write(lambda tx: tx.execute(sa.update(guests).values(**contact)))

    told = (await cast.protocol.get(f"{cast.api}/record.json")).text
    paper = text_of((await cast.protocol.get(f"{cast.api}/record.pdf")).content)

    assert [word for word in ("chan@", "5555") if word in told or word in paper] == []


@on_one_engine
async def test_exhibitors_stand_with_who_of_their_staff_came(cast: Cast, ceremony: Ceremony) -> None:
    row = {"event_id": cast.event.id, "booth": "A1", "field": "ai", "field_name": Text(en="Artificial intelligence")}
    words = {"name": Text(zh_hans="鹏城芯片", en="Pengcheng"), "summary": Text(), "version": 1}
    await cast.database.write(lambda tx: tx.execute(sa.insert(exhibitors).values(**row, **words)))
    staff = GuestForm(name="周杰", name_latin="ZHOU Jie", booth="A1")
    guest = await cast.database.write(lambda tx: invite(tx, cast.event, staff, actor="cast", now=NOON, mail=False))
    await cast.scanned(cast.scan(guest.code))

    told = (await cast.protocol.get(f"{cast.api}/record.json")).json()["exhibitors"]
    lines = lines_of((await cast.protocol.get(f"{cast.api}/record.pdf?lang=en")).content, layout=True)

    [stand] = told
    assert (stand["booth"], [each["name"] for each in stand["staff"]]) == ("A1", ["周杰"])
    assert [line for line in lines if line.startswith("A1")] == ["A1 Pengcheng Artificial intelligence ZHOU Jie 12:16"]


async def test_the_page_says_that_the_chain_is_whole_and_leads_to_the_papers(cast: Cast, ceremony: Ceremony) -> None:
    page = (await cast.protocol.get(f"/stage/{cast.event.slug}/record")).text

    chain = await cast.database.read(lambda tx: records_of(tx, cast.event.id))
    assert f"4 records, none altered; the last digest is {chain[-1].digest}" in page
    assert [f"record.pdf?lang={each.value}" in page for each in Language] == [True, True, True]
    assert page.count('class="digest"') == 4
    assert page.count("Not yet") == 2
    assert "Earlier records of the same rounds: 1" in page


async def test_an_altered_record_is_named_on_the_page_and_the_paper_still_comes_out(
    cast: Cast, ceremony: Ceremony
) -> None:
    await cast.database.write(
        lambda tx: tx.execute(sa.update(records).where(records.c.number == 2).values(document='{"round": broken'))
    )

    page = (await cast.protocol.get(f"/stage/{cast.event.slug}/record")).text
    lines = lines_of((await cast.protocol.get(f"{cast.api}/record.pdf?lang=en")).content, layout=True)
    told = json.loads((await cast.protocol.get(f"{cast.api}/record.json")).text)

    said = "Record 2 was altered: its text is not the one of its digest."
    assert (said in page, f"Checked {said}" in lines) == (True, True)
    assert (told["whole"], told["records"][1]["document"]) == (False, '{"round": broken')


@on_one_engine
@pytest.mark.parametrize("text", ["x", "{}"])
async def test_what_somebody_put_in_place_of_a_document_with_its_digest_is_not_drawn(
    cast: Cast, ceremony: Ceremony, text: str
) -> None:
    last = (await cast.database.read(lambda tx: records_of(tx, cast.event.id)))[-1]
    forged = sa.update(records).where(records.c.number == last.number)
    await cast.database.write(lambda tx: tx.execute(forged.values(document=text, digest=digest_of(text))))

    page = await cast.protocol.get(f"/stage/{cast.event.slug}/record")
    paper = await cast.protocol.get(f"{cast.api}/record.pdf?lang=en")
    told = await cast.protocol.get(f"{cast.api}/record.json")

    assert [answer.status_code for answer in (page, paper, told)] == [200, 200, 200]
    assert f"Record {last.number} was altered" in page.text
    assert told.json()["whole"] is False


@on_one_engine
async def test_a_postponed_round_that_moves_to_the_end_has_the_last_number_on_paper_too(cast: Cast) -> None:
    opened = Ceremony(cast.database, cast.event, cast.clock)
    segment = await opened.segment()
    late, _ = [await opened.signing(title, segment_id=segment) for title in ("甲", "乙")]
    late = await opened.do(late, Act.POSTPONE, reason="文本未定稿")
    moving = {"position": 2, "version": late.version, "actor": MANAGER, "now": cast.clock.now()}
    await cast.database.write(lambda tx: move_round(tx, cast.event, late.id, **moving))

    page = (await cast.protocol.get(f"/stage/{cast.event.slug}/record")).text
    lines = lines_of((await cast.protocol.get(f"{cast.api}/record.pdf?lang=en")).content, layout=True)

    numbered = [("Round 1", "乙"), ("Round 2", "甲")]
    assert re.findall(r"(Round \d) · Agreement “(.)”", page) == numbered
    assert [line.split(" ")[:2] for line in lines if line.startswith("Round ")] == [["Round", "1"], ["Round", "2"]]


@on_one_engine
async def test_nobody_who_stands_for_no_party_is_drawn_under_the_name_of_one(cast: Cast) -> None:
    opened = Ceremony(cast.database, cast.event, cast.clock)
    giver, taker = await opened.guest("令狐远征"), await opened.guest("龐敬之")
    parts = [
        ParticipantForm(role=Role.RECIPIENT, party=1, guest_id=taker.id),
        ParticipantForm(role=Role.PRESENTER, guest_id=giver.id),
    ]
    form = RoundForm(title=Text(zh_hans="颁证"), parties=[PartyForm(name=HOST)], participants=parts)
    await opened.round(await opened.segment(SegmentKind.PRESENTATION), form)

    text = text_of((await cast.protocol.get(f"{cast.api}/record.pdf?lang=zh-Hans")).content)

    assert text.index("令狐远征") < text.index("河套发展署") < text.index("龐敬之")


@on_one_engine
async def test_a_part_that_nobody_has_yet_stands_as_such(cast: Cast) -> None:
    opened = Ceremony(cast.database, cast.event, cast.clock)
    form = RoundForm(title=Text(zh_hans="致辞"), participants=[ParticipantForm(role=Role.SPEAKER)])
    await opened.round(await opened.segment(SegmentKind.SPEECHES), form)

    lines = lines_of((await cast.protocol.get(f"{cast.api}/record.pdf?lang=zh-Hans")).content, layout=True)

    assert "致辞人 未定人选" in lines


@on_one_engine
async def test_an_event_without_rounds_has_an_empty_record(cast: Cast) -> None:
    page = (await cast.protocol.get(f"/stage/{cast.event.slug}/record")).text
    paper = lines_of((await cast.protocol.get(f"{cast.api}/record.pdf?lang=en")).content)

    assert "No records yet" in page
    assert "The programme has no rounds yet." in page
    assert "The programme has no rounds" in paper


@on_one_engine
async def test_a_part_that_was_taken_back_by_its_first_holder_needs_no_word(cast: Cast) -> None:
    opened = Ceremony(cast.database, cast.event, cast.clock)
    this = await opened.signing()
    part = this.of_role(Role.SIGNATORY)[0]
    chen = next(each for each in (await opened.people()) if each.name == "陈伟")
    first, second = await opened.guest("赵敏"), await opened.guest("周杰")
    this = await opened.stand_in(await opened.stand_in(this, part, first), part, second)
    replaced_twice = text_of((await cast.protocol.get(f"{cast.api}/record.pdf?lang=zh-Hans")).content)
    await opened.stand_in(this, part, chen)

    text = text_of((await cast.protocol.get(f"{cast.api}/record.pdf?lang=zh-Hans")).content)

    assert replaced_twice.count("周杰 代 陈伟 签") == 1
    assert (text.count("代 陈伟 签\n"), text.count("陈伟 代 周杰 签。")) == (0, 1)
