import csv
from io import BytesIO, StringIO

import pytest
from python_calamine import CalamineWorkbook

from checkin.spreadsheet import csv_of, inert, xlsx_of

HEADING = ("Name", "Note")
ROWS = [["陈伟", "=1+1"], ["O'Neill", 'said "yes",\nthen no']]


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "＝1", "＋1", "－1", "＠a", "\t1", "\r1"])
def test_a_cell_that_begins_like_a_formula_is_text(cell: str) -> None:
    assert inert(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "陈伟", "1=1", " =1"])
def test_any_other_cell_stays_as_it_is(cell: str) -> None:
    assert inert(cell) == cell


def test_a_csv_says_that_it_is_utf_8_and_keeps_its_cells() -> None:
    content = csv_of(HEADING, ROWS)

    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""))) == [
        ["Name", "Note"],
        ["陈伟", "'=1+1"],
        ["O'Neill", 'said "yes",\nthen no'],
    ]


def test_a_spreadsheet_holds_text_only() -> None:
    sheet = CalamineWorkbook.from_filelike(BytesIO(xlsx_of(HEADING, ROWS))).get_sheet_by_index(0)

    assert sheet.to_python() == [list(HEADING), *ROWS]


def test_a_spreadsheet_without_rows_has_its_heading() -> None:
    sheet = CalamineWorkbook.from_filelike(BytesIO(xlsx_of(HEADING, []))).get_sheet_by_index(0)

    assert sheet.to_python() == [list(HEADING)]
