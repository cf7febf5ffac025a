import pytest

from checkin.booth.exhibitor_sheet import MOST_EXHIBITORS, Problem, sheet_of
from checkin.spreadsheet import xlsx_of
from events.core.errors import Invalid
from events.models import Text
from events.spreadsheet import rows_of

HEADING = "展位\t企业\tcompany (en)\t领域\tsummary (en)\t其他"


def table(*rows: str, heading: str = HEADING) -> bytes:
    return "\n".join((heading, *rows)).encode()


async def test_each_row_is_an_exhibitor_and_unknown_columns_are_left_out() -> None:
    sheet = sheet_of(
        await rows_of(table("A-01\t知微智能\tZhiwei\t人工智能\tModels\tx", "", "A-02\t言溪语音\t\t人工智能\t\t")), ()
    )

    assert sheet.problems == []
    assert [(form.booth, form.name, form.field_name, form.summary) for form in sheet.forms] == [
        ("A-01", Text(zh_hans="知微智能", en="Zhiwei"), Text(zh_hans="人工智能"), Text(en="Models")),
        ("A-02", Text(zh_hans="言溪语音"), Text(zh_hans="人工智能"), Text()),
    ]


async def test_what_is_wrong_is_told_with_the_number_of_its_row() -> None:
    rows = (
        "A-01\t知微智能\t\t人工智能",
        "A 02\t言溪语音\t\t人工智能",
        "A-03\t\t\t",
        "A-01\t再来\t\t大数据",
        "B-01\t旧的\t\t大数据",
    )

    sheet = sheet_of(await rows_of(table(*rows)), {"B-01"})

    assert sheet.problems == [
        Problem(3, "booth", "not_valid"),
        Problem(4, "field_name", "missing"),
        Problem(4, "name", "missing"),
        Problem(5, "booth", "booth_taken"),
        Problem(6, "booth", "booth_taken"),
    ]
    assert [form.booth for form in sheet.forms] == ["A-01"]


async def test_a_booth_that_is_a_mere_number_stays_one() -> None:
    sheet = sheet_of(await rows_of(table("7\t甲\t\t乙")), ())

    assert [form.booth for form in sheet.forms] == ["7"]


async def test_an_excel_file_is_read_as_well() -> None:
    content = xlsx_of(("Booth", "Company", "Field"), [["C-01", "Hetu Data", "Big data"]])

    [form] = sheet_of(await rows_of(content), ()).forms

    assert (form.booth, form.name.en, form.field_name) == ("C-01", "Hetu Data", Text(en="Big data"))


def test_more_exhibitors_than_are_written_at_once_are_refused() -> None:
    rows = [(1, ["booth", "company", "field"]), *((number, ["", "", ""]) for number in range(MOST_EXHIBITORS + 1))]

    with pytest.raises(Invalid) as refused:
        sheet_of(rows, ())

    assert refused.value.code == "too_many_rows"


@pytest.mark.parametrize("content", [b"", b"name\tcompany\nA\tB", "姓名,单位\n甲,乙".encode("gb18030")])
async def test_a_table_without_a_column_of_booths_is_no_list_of_exhibitors(content: bytes) -> None:
    rows = await rows_of(content)

    with pytest.raises(Invalid) as refused:
        sheet_of(rows, ())

    assert refused.value.code == "no_headings"
