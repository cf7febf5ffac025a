"""A programme from a spreadsheet: every way in which organisers write one, and what is told of what cannot be read."""

from datetime import UTC, datetime, time, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
import xlsxwriter

from checkin.stage.programme_sheet import Problem, Sheet, sheet_of
from events.core.errors import Invalid
from events.core.i18n import Catalogues, Language
from events.models import Event, SegmentKind
from events.spreadsheet import rows_of
from tests.cast import event_form

CATALOGUES = Catalogues()


@pytest.fixture(scope="module")
def event() -> Event:
    """The cast's event as it would stand in the database."""
    form = event_form()
    kept = {name: getattr(form, name) for name in ("slug", "title", "summary", "starts_at", "ends_at", "timezone")}
    rest = {"venue": form.venue, "capacity": None, "registered": 0, "registration": form.registration}
    return Event(id=uuid4(), tag="Q63N5", notice=form.notice, notice_version=1, version=1, **kept, **rest)


async def taken(event: Event, text: str, encoding: str = "utf-8") -> Sheet:
    return await read(event, text.encode(encoding))


async def read(event: Event, content: bytes) -> Sheet:
    return sheet_of(await rows_of(content), event, CATALOGUES)


def book(*rows: tuple[object, ...]) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as made:
        sheet, clock = made.add_worksheet(), made.add_format({"num_format": "hh:mm"})
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(number, column, cell, clock if isinstance(cell, time) else None)
    return file.getvalue()


async def test_headings_and_kinds_are_read_in_chinese(event: Event) -> None:
    sheet = await taken(
        event, "类型,开始,结束,名称,地点,语言,公开\n签约仪式,15:40,16:05,入驻企业签约,三楼,简体、英文,否\n"
    )

    [form] = sheet.forms
    assert sheet.problems == []
    assert (form.kind, form.title.zh_hans, form.place.zh_hans) == (SegmentKind.SIGNING, "入驻企业签约", "三楼")
    assert form.starts_at == datetime(2026, 3, 2, 7, 40, tzinfo=UTC)
    assert form.ends_at - form.starts_at == timedelta(minutes=25)
    assert (form.languages, form.public) == ([Language.ZH_HANS, Language.EN], False)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
async def test_text_is_read_in_the_encodings_that_spreadsheets_write(event: Event, encoding: str) -> None:
    sheet = await taken(event, "环节类型\t开始\t结束\t名称\n致辞\t15：00\t15：30\t领导致辞\n", encoding)

    assert [form.title.zh_hans for form in sheet.forms] == ["领导致辞"]


async def test_a_workbook_with_real_times_is_read(event: Event) -> None:
    rows = ("kind", "starts", "ends", "title"), ("Tour", time(17, 0), time(17, 45), "Tour of the park")

    [form] = (await read(event, book(*rows))).forms

    assert (form.kind, form.title.en) == (SegmentKind.TOUR, "Tour of the park")
    assert form.starts_at == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


async def test_a_date_that_is_written_out_counts(event: Event) -> None:
    sheet = await taken(event, "kind,starts,ends,title\nphoto,2026/03/03 09:00,2026-03-03T09:30,Photo\n")

    assert sheet.forms[0].starts_at == datetime(2026, 3, 3, 1, 0, tzinfo=UTC)


async def test_each_row_that_cannot_be_read_is_told_by_its_number(event: Event) -> None:
    sheet = await taken(
        event,
        "kind,starts,ends,title\n\nkaraoke,15:00,16:00,Singing\nphoto,late,16:00,Photo\n"
        "photo,16:00,15:00,Photo\ntour,17:00,18:00,\ntour,17:00,18:00,Tour\n",
    )

    assert [form.title.en for form in sheet.forms] == ["Tour"]
    assert sheet.problems == [
        Problem(3, "kind", "not_valid"),
        Problem(4, "starts_at", "not_valid"),
        Problem(5, "ends_at", "ends_before_start"),
        Problem(6, "title", "missing"),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_headings"),
        (b"name,time\nTea,15:00\n", "no_headings"),
        (b"PK\x03\x04 not really a workbook", "not_a_sheet"),
        (b"\xff\xfe\x00\xd8", "not_a_sheet"),
        (b"kind,starts\x00\n", "not_a_sheet"),
        (b"kind,starts\n" + b"tour,1\n" * 5001, "too_many_rows"),
        (b"kind,starts\n" + b"tour,1\n" * 101, "too_many_segments"),
    ],
)
async def test_what_is_no_programme_is_refused(event: Event, content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        await read(event, content)

    assert refused.value.code == code


async def test_a_time_that_names_its_offset_keeps_it(event: Event) -> None:
    sheet = await taken(event, "kind,starts,ends,title\nphoto,2026-03-02T09:00Z,2026-03-02T18:00+08:00,Photo\n")

    [form] = sheet.forms
    assert (form.starts_at.astimezone(UTC).hour, form.ends_at.astimezone(UTC).hour) == (9, 10)


async def test_hours_beyond_a_week_are_no_time(event: Event) -> None:
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as made:
        sheet, hours = made.add_worksheet(), made.add_format({"num_format": "[h]:mm"})
        sheet.write_row(0, 0, ("kind", "starts", "ends", "title"))
        sheet.write_row(1, 0, ("tour", 0.5, 0.75, "Tour"), hours)
        sheet.write_row(2, 0, ("tour", 2_900_000.5, 0.75, "Tour"), hours)

    found = await read(event, file.getvalue())

    assert [form.starts_at for form in found.forms] == [datetime(2026, 3, 2, 4, 0, tzinfo=UTC)]
    assert found.problems == [Problem(3, "starts_at", "not_valid")]
