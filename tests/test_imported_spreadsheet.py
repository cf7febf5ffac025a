"""Spreadsheets from elsewhere: what is read, and what would take more memory or time than anybody's list."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter

from events.core.errors import Invalid
from events.spreadsheet import MOST_COLUMNS, rows_of

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def book(*rows: tuple[object, ...]) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return file.getvalue()


def bare_book(*cells: str) -> bytes:
    """A workbook of nothing but these cells, by their names: a few hundred bytes."""
    written = "".join(f'<row r="{cell.lstrip("AXFD")}"><c r="{cell}"><v>1</v></c></row>' for cell in cells)
    linked = (
        f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="a" Type="{_LINKS}/%s" Target="%s"/></Relationships>'
    )
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as made:
        made.writestr("_rels/.rels", linked % ("officeDocument", "xl/workbook.xml"))
        made.writestr("xl/_rels/workbook.xml.rels", linked % ("worksheet", "worksheets/sheet1.xml"))
        sheets = '<sheets><sheet name="a" sheetId="1" r:id="a"/></sheets>'
        made.writestr("xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}">{sheets}</workbook>')
        sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>{written}</sheetData></worksheet>'
        made.writestr("xl/worksheets/sheet1.xml", sheet)
    return file.getvalue()


async def test_rows_that_hold_anything_come_with_their_numbers() -> None:
    assert await rows_of(book(("a", 1), (), ("", "b"))) == [(1, ["a", 1.0]), (3, ["", "b"])]
    assert await rows_of(b"a,1\n\n,b\n") == [(1, ["a", "1"]), (3, ["", "b"])]


async def test_a_workbook_that_asks_for_half_a_terabyte_is_no_sheet_and_ends_nobody_but_its_reader() -> None:
    assert await rows_of(bare_book("A1", "A2")) == [(1, [1.0]), (2, [1.0])]

    with pytest.raises(Invalid, match="not_a_sheet"):
        await rows_of(bare_book("A1", "XFD1048576"))


async def test_rows_and_columns_are_bounded() -> None:
    wide = tuple(range(MOST_COLUMNS + 1))

    [(_, cells)] = await rows_of(book(wide))
    with pytest.raises(Invalid, match="too_many_rows"):
        await rows_of(book(*[(1,)] * 5001))

    assert len(cells) == MOST_COLUMNS


async def test_a_separator_of_lines_within_a_cell_is_no_new_row() -> None:
    assert await rows_of("Tour\u2028of the park,\x0b3\n".encode()) == [(1, ["Tour\u2028of the park", "\x0b3"])]
