import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from checkin.attendance import Attendance, Wanted, as_csv, as_json, as_xlsx, attendance_of
from checkin.tables import excuses
from events import guestlist
from events.core.i18n import Catalogues, Language
from events.forms import GuestForm
from events.models import Guest, GuestStatus
from events.registration import add_guest
from tests.cast import Cast, on_one_engine

HEADING = ["姓名", "英文/拼音姓名", "单位", "职务", "类别", "状态", "首次入场", "入口", "电子邮箱", "手机"]


async def _record(cast: Cast, **wanted: str) -> Attendance:
    status = GuestStatus(wanted.pop("status")) if "status" in wanted else None
    return await cast.database.read(lambda tx: attendance_of(tx, cast.event, Wanted(status=status, **wanted)))


async def _names(cast: Cast, **wanted: str) -> list[str]:
    return [attendee.guest.name for attendee in (await _record(cast, **wanted)).attendees]


def _csv(record: Attendance, language: Language = Language.ZH_HANS) -> bytes:
    return as_csv(record, catalogues=Catalogues(), language=language)


def _read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def _read_xlsx(record: Attendance, language: Language = Language.ZH_HANS) -> list[list[object]]:
    content = as_xlsx(record, catalogues=Catalogues(), language=language)
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


async def _cancel(cast: Cast, guest: Guest) -> None:
    await cast.database.write(
        lambda tx: guestlist.cancel(tx, guest, reason="行程变更", actor="test", now=cast.clock.now())
    )


async def test_guests_stand_by_category_then_name_with_when_and_where_they_came(cast: Cast) -> None:
    press, guest, vip = [await cast.guest(key, category=key) for key in ("press", "guest", "vip")]
    await cast.scanned(cast.scan(guest.code))

    record = await _record(cast)

    assert [(each.guest.id, each.first_at, each.gate, each.inside) for each in record.attendees] == [
        (vip.id, None, "", False),
        (guest.id, cast.clock.now(), cast.gate.name, True),
        (press.id, None, "", False),
    ]


async def test_within_a_category_names_stand_in_order_of_pinyin(cast: Cast) -> None:
    for name, category in (
        ("曾国藩", "guest"),
        ("单雄信", "guest"),
        ("陳大明", "guest"),
        ("Robert", "guest"),
        ("张三", "vip"),
    ):
        await cast.guest(name, category=category)

    assert await _names(cast) == ["张三", "陳大明", "Robert", "单雄信", "曾国藩"]


async def test_totals_count_the_expected_and_those_who_came(cast: Cast) -> None:
    made = [await cast.guest(f"客{number}") for number in range(3)]
    vip = await cast.guest("贵宾", category="vip")
    await cast.scanned(*[cast.scan(guest.code) for guest in (*made[:2], vip)])
    await cast.scanned(cast.scan(made[0].code, direction="exit"))
    await _cancel(cast, made[1])

    totals = (await _record(cast)).totals

    assert [(total.category.key, total.expected, total.attended) for total in totals] == [
        ("vip", 1, 1),
        ("guest", 2, 2),
    ]


async def test_who_was_cancelled_after_entering_is_still_listed(cast: Cast) -> None:
    came, stayed_away = await cast.guest("来了"), await cast.guest("没来")
    await cast.scanned(cast.scan(came.code))
    await _cancel(cast, came)
    await _cancel(cast, stayed_away)

    assert await _names(cast) == ["来了"]
    assert _read_csv(_csv(await _record(cast)))[1][5] == "已取消"


async def test_the_record_is_filtered_by_status_category_and_gate(cast: Cast) -> None:
    south = (await cast.organiser.post(f"{cast.api}/gates", json={"name": "South"})).json()["id"]
    north, vip, gone = await cast.guest("甲"), await cast.guest("乙", category="vip"), await cast.guest("丙")
    await cast.scanned(cast.scan(north.code), cast.scan(vip.code, gate=south))
    await _cancel(cast, gone)

    assert await _names(cast) == ["乙", "甲"]
    assert await _names(cast, status="cancelled") == ["丙"]
    assert await _names(cast, category="vip") == ["乙"]
    assert await _names(cast, gate="South") == ["乙"]
    assert await _names(cast, gate="South", category="guest") == []


@on_one_engine
async def test_a_list_of_the_cancelled_names_their_category_as_the_reader_calls_it(cast: Cast) -> None:
    await _cancel(cast, await cast.guest("丙", category="press"))

    record = await _record(cast, status="cancelled")

    assert _read_csv(_csv(record, Language.ZH_HANT))[1][4:6] == ["傳媒", "已取消"]
    assert [(total.category.key, total.expected, total.attended) for total in record.totals] == [("press", 0, 0)]


@on_one_engine
async def test_who_waits_for_approval_is_on_the_list_of_those_who_wait_only(cast: Cast) -> None:
    await cast.database.write(
        lambda tx: add_guest(
            tx,
            cast.event,
            GuestForm(name="候补", category="guest"),
            status=GuestStatus.PENDING,
            source="test",
            now=cast.clock.now(),
        )
    )

    assert await _names(cast) == []
    assert await _names(cast, status="pending") == ["候补"]


@on_one_engine
async def test_a_csv_file_is_read_back_as_it_was_meant(cast: Cast) -> None:
    told = {"name_latin": 'O\'Neil, "Bo"', "organisation": "甲,乙;丙", "job_title": "署长", "email": "bo@example.com"}
    guest = await cast.guest("欧尼尔", phone="+852 2123 4567", **told)
    await cast.scanned(cast.scan(guest.code))

    content = _csv(await _record(cast))

    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\n") == content.count(b"\r\n") == 2
    assert _read_csv(content) == [
        HEADING,
        [
            *("欧尼尔", 'O\'Neil, "Bo"', "甲,乙;丙", "署长", "嘉宾", "已确认"),
            *("2026-03-02 12:00:00", cast.gate.name, "bo@example.com", "'+85221234567"),
        ],
    ]


@on_one_engine
async def test_a_spreadsheet_holds_the_same_as_text(cast: Cast) -> None:
    guest = await cast.guest("=1+1", phone="+852 2123 4567", organisation="@SUM(A1)", job_title="-2")
    await cast.scanned(cast.scan(guest.code))

    heading, row = _read_xlsx(await _record(cast), Language.EN)

    assert heading == [
        *("Name", "Latin name", "Organisation", "Title", "Category", "Status", "First entry", "Gate"),
        *("E-mail", "Phone"),
    ]
    assert row == [
        *("=1+1", "", "@SUM(A1)", "-2", "Guest", "Confirmed", "2026-03-02 12:00:00", cast.gate.name),
        *("", "+85221234567"),
    ]


@on_one_engine
async def test_a_name_like_a_formula_is_inert_in_csv_and_readable(cast: Cast) -> None:
    names = ["=1+1", "+1a", "-2+3a", "@SUM(A1)", "＝1+1", "＋1a", "－1a", "＠a"]
    for name in names:
        await cast.guest(name)

    rows = _read_csv(_csv(await _record(cast)))[1:]

    assert sorted(row[0] for row in rows) == sorted(f"'{name}" for name in names)


@on_one_engine
async def test_an_empty_record_is_a_heading(cast: Cast) -> None:
    record = await _record(cast)

    assert _read_csv(_csv(record)) == [HEADING]
    assert _read_xlsx(record) == [HEADING]
    assert as_json(record) == {"totals": [], "guests": []}


async def test_times_are_of_the_events_zone_across_midnight(cast: Cast) -> None:
    cast.clock.moment = datetime(2026, 3, 2, 16, 30, 15, tzinfo=UTC)
    guest = await cast.guest()
    await cast.scanned(cast.scan(guest.code))

    record = await _record(cast)

    assert _read_csv(_csv(record))[1][6] == "2026-03-03 00:30:15"
    assert as_json(record)["guests"][0]["first_at"] == "2026-03-03T00:30:15+08:00"


async def test_scripts_get_totals_and_guests(cast: Cast) -> None:
    guest = await cast.guest("陈伟", name_latin="Chen Wei", organisation="研究院", job_title="院长")
    away = await cast.guest("未到", category="vip")
    await cast.scanned(cast.scan(guest.code))

    record = as_json(await _record(cast))

    assert record == {
        "totals": [
            {"category": "vip", "expected": 1, "attended": 0, "excused": 0},
            {"category": "guest", "expected": 1, "attended": 1, "excused": 0},
        ],
        "guests": [
            _said(away, category="vip"),
            _said(guest, first_at="2026-03-02T12:00:00+08:00", gate=cast.gate.name, inside=True),
        ],
    }


def _said(guest: Guest, **given: object) -> dict[str, object]:
    told = ("name", "name_latin", "organisation", "job_title")
    usual = {"category": "guest", "status": "confirmed", "first_at": None, "gate": "", "inside": False, "excused": None}
    return {"id": str(guest.id), **{name: getattr(guest, name) for name in told}, **usual, **given}


async def _excuse(cast: Cast, guest: Guest, by: Guest | None = None) -> None:
    by_id = by.id if by else None
    row = {"guest_id": guest.id, "represented_by": by_id, "reason": "航班延误", "at": cast.clock.now(), "actor": "cast"}
    await cast.database.write(lambda tx: tx.execute(sa.insert(excuses).values(event_id=cast.event.id, **row)))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.ZH_HANS, ["请假（由 乙 代）", "请假", "已确认"]),
        (Language.ZH_HANT, ["請假（由 乙 代）", "請假", "已確認"]),
        (Language.EN, ["Excused (represented by Yi)", "Excused", "Confirmed"]),
    ],
)
@on_one_engine
async def test_files_say_who_is_excused_and_who_stands_for_them(
    cast: Cast, language: Language, words: list[str]
) -> None:
    away, alone, taker = await cast.guest("甲"), await cast.guest("卜"), await cast.guest("乙", name_latin="Yi")
    await _excuse(cast, away, by=taker)
    await _excuse(cast, alone)

    record = await _record(cast)

    expected = dict(zip(("甲", "卜", "乙"), words, strict=True))
    assert {row[0]: row[5] for row in _read_csv(_csv(record, language))[1:]} == expected
    assert {row[0]: row[5] for row in _read_xlsx(record, language)[1:]} == expected
    assert [(total.expected, total.attended, total.excused) for total in record.totals] == [(3, 0, 2)]


async def test_scripts_are_told_who_stands_for_whom(cast: Cast) -> None:
    away, taker = await cast.guest("甲"), await cast.guest("乙", name_latin="Yi")
    await _excuse(cast, away, by=taker)

    told = as_json(await _record(cast))["guests"]

    by = {"id": str(taker.id), "name": "乙", "name_latin": "Yi"}
    assert told == [_said(away, excused={"represented_by": by}), _said(taker)]


@on_one_engine
async def test_who_came_after_all_is_no_longer_excused_on_paper_and_who_was_cancelled_still_is(cast: Cast) -> None:
    came, cancelled, taker = await cast.guest("甲"), await cast.guest("戊"), await cast.guest("乙")
    await _excuse(cast, came, by=taker)
    await _excuse(cast, cancelled)
    await cast.scanned(cast.scan(came.code))
    await _cancel(cast, cancelled)

    record = await _record(cast)

    rows = {row[0]: (row[5], row[7]) for row in _read_csv(_csv(record))[1:]}
    assert rows == {"甲": ("已确认", cast.gate.name), "戊": ("请假", ""), "乙": ("已确认", "")}
    assert [(total.expected, total.attended, total.excused) for total in record.totals] == [(2, 1, 1)]
