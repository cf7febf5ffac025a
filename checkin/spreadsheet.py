"""Tables as files that spreadsheet programs open: without mojibake, and without running anybody's name as a formula.

Called by whoever exports a list; a row is its cells as text.
"""

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO

import xlsxwriter

_BOM = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
_WIDTH = 18

Rows = Sequence[Sequence[str]]


def csv_of(heading: Sequence[str], rows: Rows) -> bytes:
    """A CSV file in UTF-8 with a byte order mark."""
    file = StringIO(newline="")
    file.write(_BOM)
    writer = csv.writer(file)
    writer.writerow(heading)
    for row in rows:
        writer.writerow([inert(cell) for cell in row])
    return file.getvalue().encode()


def xlsx_of(heading: Sequence[str], rows: Rows) -> bytes:
    """A spreadsheet with a frozen, filtered heading; text cells only, so that nothing is a formula."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "constant_memory": False}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "bottom": 1})
        for column, title in enumerate(heading):
            sheet.write_string(0, column, title, bold)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(heading) - 1)
        sheet.set_column(0, len(heading) - 1, _WIDTH)
    return file.getvalue()


def inert(cell: str) -> str:
    """A cell that begins like a formula gets an apostrophe in front, full-width signs too (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
