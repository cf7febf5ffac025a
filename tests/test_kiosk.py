from typing import Any
from uuid import UUID, uuid4

import pytest

from checkin.kiosk import answers_to, find_self, just_admitted
from events.core.auth import Principal, Scope
from events.core.errors import NotFound
from tests.cast import Cast
from tests.phones import Phone, paired


@pytest.mark.parametrize(
    ("surname", "name", "latin"),
    [
        ("陈", "陈伟", ""),
        ("陳", "陈伟", ""),
        ("chen", "陈伟", ""),
        ("CHEN", "陈伟", ""),
        ("Chén", "陈伟", ""),
        ("陈伟", "陈伟", ""),
        ("chenwei", "陈伟", ""),
        ("Chen Wei", "陈伟", ""),
        ("shan", "单立民", ""),
        ("dan", "单立民", ""),
        ("单", "單立民", ""),
        ("ouyang", "欧阳振邦", ""),
        ("Ou Yang", "歐陽振邦", ""),
        ("歐陽", "欧阳振邦", ""),
        ("诸葛", "諸葛承志", ""),
        ("范徐", "范徐慧儀", "Fan Tsui Wai-yee, Vivian"),
        ("Fan Tsui", "范徐慧儀", "Fan Tsui Wai-yee, Vivian"),
        ("fan", "范徐慧儀", "Fan Tsui Wai-yee, Vivian"),
        ("au yeung", "歐陽詠茵", "Cherry AU YEUNG Wing-yan"),
        ("au-yeung", "歐陽詠茵", "Cherry AU-YEUNG Wing-yan"),
        ("tsui", "徐兆恆", "Tsui Siu-hang, Raymond"),
        ("Strauss-Mueller", "Jürgen Strauß-Müller", ""),
        ("Strauß-Müller", "Jürgen Strauß-Müller", ""),
        ("Mueller", "Eva Müller", ""),
        ("Muller", "Eva Müller", ""),
        ("O'Brien", "Siobhán O’Brien", ""),
        ("do Nascimento", "Maria da Conceição Rodrigues do Nascimento Sá", ""),
        ("吉田", "𠮷田健太", ""),
        ("Петров", "Иван Петров", ""),
    ],
)
def test_somebody_answers_to_their_surname_however_it_is_written(surname: str, name: str, latin: str) -> None:
    assert answers_to(surname, name, latin) is True


@pytest.mark.parametrize(
    ("surname", "name", "latin"),
    [
        ("李", "陈伟", "Chen Wei"),
        ("li", "陈伟", "Chen Wei"),
        ("c", "陈伟", "Chen Wei"),
        ("che", "陈伟", "Chen Wei"),
        ("伟", "陈伟", "Chen Wei"),
        ("wang li chen zhang", "陈伟", "Chen Wei"),
        ("王李陈张", "陈伟", ""),
        ("王chen", "陈伟", ""),
        ("li chen", "陈伟", "Chen Wei"),
        ("", "陈伟", "Chen Wei"),
        ("%", "陈伟", "Chen Wei"),
        ("9123", "陈伟", "Chen Wei"),
        ("河套", "陈伟", "Chen Wei"),
    ],
)
def test_nobody_answers_to_a_part_of_it_or_to_several_names(surname: str, name: str, latin: str) -> None:
    assert answers_to(surname, name, latin) is False


async def _found(cast: Cast, digits: str, surname: str) -> list[str]:
    found = await cast.database.read(lambda tx: find_self(tx, cast.event.id, digits=digits, surname=surname))
    return [guest.organisation for guest in found]


async def test_both_the_digits_and_the_surname_must_be_right(cast: Cast) -> None:
    await cast.guest("陈伟", organisation="甲", phone="+86 154 0000 4567")
    await cast.guest("陈曦", organisation="乙", phone="+86 154 0000 9999")
    await cast.guest("李敏", organisation="丙", phone="+86 154 0000 4567")

    found = [await _found(cast, *asked) for asked in (("4567", "陈"), ("9999", "chen"), ("9999", "李"), ("1540", "陈"))]

    assert found == [["甲"], ["乙"], [], []]


async def test_digits_of_a_name_are_no_phone_number(cast: Cast) -> None:
    await cast.guest("陈伟", organisation="4567 Ventures", phone="+86 154 0000 1111")
    await cast.guest("陈敏", organisation="4567 Partners")
    await cast.guest("陈好", organisation="好", phone="+86 154 0000 4567")

    assert await _found(cast, "4567", "陈") == ["好"]


async def test_three_are_offered_at_most_and_nobody_who_is_not_expected(cast: Cast) -> None:
    for number in range(4):
        await cast.guest("张伟", organisation=f"第{number}家", phone="+86 154 0000 4567")
    gone = await cast.guest("王静", phone="+86 154 0000 4567")
    expected = await _found(cast, "4567", "王")
    await cast.organiser.post(f"{cast.api}/guests/{gone.id}/cancel", json={"reason": "不来"})

    assert (await _found(cast, "4567", "张"), expected, await _found(cast, "4567", "王")) == (
        ["第0家", "第1家", "第2家"],
        [""],
        [],
    )


def _device(phone: Phone) -> Principal:
    return Principal(f"device:{phone.id}", frozenset({Scope.DOOR}), device_id=UUID(str(phone.id)))


async def _just(cast: Cast, guest_id: Any, principal: Principal) -> bool:
    now = cast.clock.now()
    try:
        found = await cast.database.read(lambda tx: just_admitted(tx, cast.event.id, guest_id, principal, now=now))
    except NotFound:
        return False
    return found.id == guest_id


async def test_only_the_device_that_let_a_guest_in_knows_it_for_ten_minutes(cast: Cast) -> None:
    phone, other, guest = await paired(cast), await paired(cast), await cast.guest()
    before = await _just(cast, guest.id, _device(phone))
    await cast.scanned(cast.scan(guest.code), by=phone.browser)

    at_once = await _just(cast, guest.id, _device(phone)), await _just(cast, guest.id, _device(other))
    cast.clock.forward(minutes=10)
    at_last = await _just(cast, guest.id, _device(phone))
    cast.clock.forward(seconds=1)

    assert (before, at_once, at_last, await _just(cast, guest.id, _device(phone))) == (
        False,
        (True, False),
        True,
        False,
    )


async def test_somebody_who_is_signed_in_knows_whom_they_let_in(cast: Cast) -> None:
    guest = await cast.guest()
    await cast.scanned(cast.scan(guest.code))

    known = [await _just(cast, guest.id, Principal(name, frozenset())) for name in ("steward@example.org", "x")]

    assert known == [True, False]


async def test_a_scan_that_let_nobody_in_or_was_taken_back_does_not_count(cast: Cast) -> None:
    phone = await paired(cast)
    waiting, left, undone = [await cast.guest(name) for name in ("甲", "乙", "丙")]
    await cast.organiser.post(f"{cast.api}/guests/{waiting.id}/cancel", json={"reason": "不来"})
    scan = cast.scan(undone.code)
    scans = [cast.scan(waiting.code), cast.scan(left.code, direction="exit"), scan]
    await cast.scanned(*scans, by=phone.browser)
    known = await _just(cast, undone.id, _device(phone))

    await phone.browser.post(f"{cast.api}/scans/{scan['id']}/undo", json={"id": str(uuid4()), "reason": "误扫"})

    assert known is True
    assert [await _just(cast, guest.id, _device(phone)) for guest in (waiting, left, undone)] == [False] * 3


async def test_a_rehearsed_entry_does_not_count(cast: Cast) -> None:
    phone, guest = await paired(cast), await cast.guest()
    [rehearsed] = await cast.scanned(cast.scan(guest.code, rehearsal=True), by=phone.browser)
    before = await _just(cast, guest.id, _device(phone))

    [entered] = await cast.scanned(cast.scan(guest.code), by=phone.browser)

    assert (rehearsed["verdict"], entered["verdict"]) == ("admitted", "admitted")
    assert (before, await _just(cast, guest.id, _device(phone))) == (False, True)
