"""Who stands on which desk's sheet, and what of them is printed."""

from collections import Counter

import pytest

from badges import signinsheet as paper
from checkin.gates import open_gate
from checkin.models import Gate, GateId, GateKind
from checkin.signin_sheet import Roll, Split, desks_of, in_order, roll_of, sheet_of
from events.core.database import Database
from events.core.i18n import Language
from events.core.ids import new_id
from events.forms import GuestForm
from events.guestlist import cancel, invite
from events.models import Event, Guest
from tests.cast import NOON, planned

NAMES = ("单雄信", "曾国藩", "陈大文", "Robert", "安一", "曾纪泽", "陳大明", "ندى")


async def _invited(database: Database, event: Event, name: str, **fields: str) -> Guest:
    form = GuestForm(name=name, **fields)
    return await database.write(lambda tx: invite(tx, event, form, actor="cast", now=NOON, mail=False))


async def _roll(database: Database, event: Event) -> Roll:
    return await database.read(lambda tx: roll_of(tx, event.id))


def _named(roll: Roll, **how: object) -> list[tuple[str, list[str]]]:
    wanted = {"split": Split.LETTERS, "desks": 1, "language": Language.EN, **how}
    return [(desk.name, [guest.name for guest in desk.guests]) for desk in desks_of(roll, **wanted)]


async def test_only_confirmed_guests_are_on_the_list_in_order_of_their_names(database: Database) -> None:
    event = await planned(database)
    made = [await _invited(database, event, name) for name in NAMES]
    gone = await _invited(database, event, "包一")
    before = await _roll(database, event)
    await database.write(lambda tx: cancel(tx, gone, reason="", actor="cast", now=NOON))

    after = await _roll(database, event)

    ordered = ["安一", "陳大明", "陈大文", "Robert", "单雄信", "曾国藩", "曾纪泽", "ندى"]
    assert [guest.name for guest in in_order(after.guests)] == ordered
    assert len(before.guests) == len(NAMES) + 1
    assert {guest.id for guest in after.guests} == {guest.id for guest in made} <= set(after.numbers)


async def test_the_number_of_a_ticket_stays_whoever_registers_later(database: Database) -> None:
    event = await planned(database)
    first = await _invited(database, event, "曾国藩")
    before = (await _roll(database, event)).numbers
    await _invited(database, event, "安一")

    after = (await _roll(database, event)).numbers

    assert after[first.id] == before[first.id]
    assert sorted(Counter(after.values()).values()) == [1, 1]


@pytest.mark.parametrize(
    ("desks", "expected"),
    [
        (1, {"A – #": 8}),
        (2, {"A – R": 4, "S – #": 4}),
        (3, {"A – C": 3, "R – S": 2, "Z – #": 3}),
        (12, {"A": 1, "C": 2, "R": 1, "S": 1, "Z": 2, "#": 1}),
    ],
)
async def test_letters_are_divided_so_that_desks_have_about_as_many(
    database: Database, desks: int, expected: dict[str, int]
) -> None:
    event = await planned(database)
    for name in NAMES:
        await _invited(database, event, name)

    divided = _named(await _roll(database, event), desks=desks)

    assert {name: len(guests) for name, guests in divided} == expected


async def test_the_list_is_divided_by_category_in_order_of_rank(database: Database) -> None:
    event = await planned(database)
    for name, category in (("安一", "guest"), ("曾国藩", "vip"), ("陈大文", "vip")):
        await _invited(database, event, name, category=category)

    divided = _named(await _roll(database, event), split=Split.CATEGORY, language=Language.ZH_HANS)

    assert [guests for _, guests in divided] == [["陈大文", "曾国藩"], ["安一"]]
    assert divided[1][0] == "嘉宾"


async def test_each_guest_is_on_the_sheet_of_the_entrance_that_is_most_theirs(database: Database) -> None:
    event = await planned(database)
    for name, category in (("安一", "guest"), ("曾国藩", "vip")):
        await _invited(database, event, name, category=category)
    vip = Gate(id=GateId(new_id()), name="VIP", admits=frozenset({"vip"}))
    main = Gate(id=GateId(new_id()), name="Main")
    hall = Gate(id=GateId(new_id()), name="Hall", kind=GateKind.ZONE, admits=frozenset({"guest"}))
    found = []

    for gate in (vip, main, hall):
        await database.write(lambda tx, gate=gate: open_gate(tx, event.id, gate, actor="lead", now=NOON))
        found.append(_named(await _roll(database, event), split=Split.GATE))

    assert found == [
        [("VIP", ["曾国藩"]), ("–", ["安一"])],
        [("VIP", ["曾国藩"]), ("Main", ["安一"])],
        [("VIP", ["曾国藩"]), ("Main", ["安一"])],
    ]


async def test_nobody_is_divided_among_no_desks(database: Database) -> None:
    event = await planned(database)
    roll = await _roll(database, event)

    assert [_named(roll, split=split, desks=3) for split in Split] == [[], [], []]


async def test_the_sheet_says_what_a_desk_needs_in_its_readers_language(database: Database) -> None:
    event = await planned(database)
    guest = await _invited(database, event, "歐陽修遠", name_latin="Au Yeung", organisation="河套", pick_slot="A-07")
    roll = await _roll(database, event)
    desks = desks_of(roll, split=Split.LETTERS, desks=1, language=Language.ZH_HANT)

    sheet = sheet_of(event, roll, desks, now=NOON, language=Language.ZH_HANT)

    [kind] = [category for category in roll.categories if category.key == "guest"]
    row = paper.SignInRow(
        code=guest.code,
        number=roll.numbers[guest.id],
        letter="O",
        name="歐陽修遠",
        name_latin="Au Yeung",
        organisation="河套",
        category="嘉賓",
        colour=kind.colour,
        slot="A-07",
    )
    assert sheet == paper.SignInSheet(
        title="科創谷啟動儀式",
        when="2026年3月2日 星期一 14:00–18:00",
        desks=[paper.Desk(name="O", rows=[row])],
        printed_at=NOON,
        zone=event.zone,
        language="zh-Hant",
    )
