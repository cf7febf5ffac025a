import pytest

from badges.attendance import AttendanceRow, Total
from checkin.attendance import Wanted, attendance_of
from checkin.attendance_sheet import sheet_of
from events import guestlist
from events.core.i18n import Catalogues, Language
from events.forms import CategoryForm, GuestForm, HostForm
from events.models import Text, Venue
from events.planning import create_event
from tests.cast import Cast, event_form, on_one_engine
from tests.programs import lines_of, page_count
from tests.stage_crew import Crew

GATE = "厅 \U0001f600 ندى"


@on_one_engine
async def test_the_sheet_says_event_hosts_totals_and_guests_in_the_readers_language(cast: Cast) -> None:
    form = event_form(
        slug="signing",
        venue=Venue(name=Text(zh_hans="分园", zh_hant="分園", en="Branch")),
        hosts=[HostForm(key="a", name=Text(zh_hans="甲方", en="Party A")), HostForm(key="b", name=Text(en="Party B"))],
        categories=[CategoryForm(key="guest", name=Text(zh_hans="嘉宾", zh_hant="嘉賓", en="Guest"))],
    )
    event = await cast.database.write(lambda tx: create_event(tx, form, actor="test", now=cast.clock.now()))
    record = await cast.database.read(lambda tx: attendance_of(tx, event, Wanted()))

    sheet = sheet_of(record, now=cast.clock.now(), catalogues=Catalogues(), language=Language.EN)

    assert (sheet.title, sheet.venue, sheet.hosts) == ("Launch of the Valley", "Branch", ("Party A", "Party B"))
    assert sheet.when == "Monday, 2 March 2026 14:00–18:00"
    assert (sheet.zone.key, sheet.generated_at, sheet.language) == ("Asia/Shanghai", cast.clock.now(), "en")
    assert (sheet.totals, sheet.rows) == ([], [])


async def test_a_row_says_who_when_and_where_and_the_status_of_who_is_not_expected(cast: Cast) -> None:
    told = {"name_latin": "Chen Wei", "organisation": "研究院", "job_title": "院长"}
    came, gone = await cast.guest("陈伟", **told), await cast.guest("高远", category="vip")
    await cast.scanned(cast.scan(came.code), cast.scan(gone.code))
    await cast.database.write(lambda tx: guestlist.cancel(tx, gone, reason="", actor="test", now=cast.clock.now()))
    record = await cast.database.read(lambda tx: attendance_of(tx, cast.event, Wanted()))

    sheet = sheet_of(record, now=cast.clock.now(), catalogues=Catalogues(), language=Language.ZH_HANT)

    entered = {"first_entry": cast.clock.now(), "gate": cast.gate.name}
    assert sheet.rows == [
        AttendanceRow(name="高远", category="貴賓", status="已取消", **entered),
        AttendanceRow(name="陈伟", category="嘉賓", **told, **entered),
    ]
    assert sheet.totals == [Total(name="貴賓", expected=0, attended=1), Total(name="嘉賓", expected=1, attended=1)]


@on_one_engine
@pytest.mark.parametrize(
    ("lang", "record", "title", "absent", "foot"),
    [
        ("zh-Hans", "出席记录", "科创谷启动仪式", "○ 未到", "第 2 页，共 2 页"),
        ("zh-Hant", "出席記錄", "科創谷啟動儀式", "○ 缺席", "第 2 頁，共 2 頁"),
        ("en", "Attendance record", "Launch of the Valley", "○ Absent", "Page 2 of 2"),
    ],
)
async def test_the_paper_comes_in_each_language_with_page_x_of_y(
    cast: Cast, lang: str, record: str, title: str, absent: str, foot: str
) -> None:
    for number in range(35):
        await cast.guest(f"客{number:02}")

    pdf = (await cast.protocol.get(f"{cast.api}/attendance.pdf", params={"lang": lang})).content

    assert page_count(pdf) == 2
    assert lines_of(pdf, page=1)[:2] == [record, title]
    assert sum(line.endswith(absent) for line in lines_of(pdf, layout=True)) == 35
    assert lines_of(pdf, page=2, layout=True)[-1].startswith(foot)


@on_one_engine
async def test_what_no_face_draws_is_marked_and_stops_no_paper(cast: Cast) -> None:
    gate = await cast.organiser.post(f"{cast.api}/gates", json={"name": GATE})
    guest = await cast.guest("ندى", name_latin="Nada", organisation="شركة")
    await cast.scanned(cast.scan(guest.code, gate=gate.json()["id"]))

    answer = await cast.organiser.get(f"{cast.api}/attendance.pdf", params={"lang": "en"})

    assert answer.status_code == 200
    lines = lines_of(answer.content, layout=True)
    assert lines[-3:-1] == ["1 〓〓〓 〓〓〓〓 Guest 12:00", "Nada 厅 〓 〓〓〓"]


@on_one_engine
async def test_a_substitution_on_the_stage_reaches_the_record_in_each_language(cast: Cast) -> None:
    crew = Crew(cast.database, cast.event)
    this = await crew.signing("甲", "丙")
    await crew.replace(this, GuestForm(name="林晓", name_latin="Lin Xiao"))

    async def said(language: Language) -> list[str]:
        pdf = (await cast.protocol.get(f"{cast.api}/attendance.pdf", params={"lang": language.value})).content
        return [line for line in lines_of(pdf, layout=True) if "△" in line or "代" in line or "proxy" in line]

    assert {language: await said(language) for language in Language} == {
        Language.ZH_HANS: ["2 甲 嘉宾 △ 请假", "由 林晓 代"],
        Language.ZH_HANT: ["2 甲 嘉賓 △ 請假", "由 林晓 代"],
        Language.EN: ["2 甲 Guest △ Excused", "proxy: Lin Xiao"],
    }
