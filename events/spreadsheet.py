"""Rows of a spreadsheet that somebody made elsewhere: XLSX, XLS, ODS, CSV in the encodings that Excel writes, or cells
pasted from one. Called by whatever is imported.

A kilobyte of XLSX can ask for half a terabyte, and the library that reads it then ends its process. So workbooks are
read in a worker process, which may take so much memory and time and no more.
"""

import csv
import resource
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO
from itertools import islice

from anyio import BrokenWorkerProcess, fail_after, to_process
from python_calamine import CalamineError, CalamineWorkbook

from events.core.errors import Invalid

MOST_ROWS = 5000
MOST_COLUMNS = 100
"""What stands further right is not read."""

_MOST_BYTES = 2**29
_MOST_SECONDS = 10
_BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_ENCODINGS = ("utf-8-sig", "utf-16", "gb18030")

Cell = str | datetime | date | time | timedelta | float | bool
Rows = Sequence[tuple[int, Sequence[Cell]]]


async def rows_of(content: bytes) -> Rows:
    """The first sheet's rows that hold anything, with their numbers as the program shows them, from 1.

    Raises Invalid (`not_a_sheet`) for anything else and for what takes too long, `too_many_rows` beyond `MOST_ROWS`.
    """
    found = await _read_apart(content) if content.startswith(_BINARY) else _filled(_text(content))
    if len(found) > MOST_ROWS:
        raise Invalid("too_many_rows", most=MOST_ROWS)
    return found


async def _read_apart(content: bytes) -> Rows:
    try:
        with fail_after(_MOST_SECONDS):
            found = await to_process.run_sync(_workbook, content, cancellable=True)
    except (BrokenWorkerProcess, TimeoutError) as error:
        raise Invalid("not_a_sheet") from error
    if found is None:
        raise Invalid("not_a_sheet")
    return found


def _workbook(content: bytes) -> Rows | None:
    """Runs in a worker: the rows of a workbook, None for what is none."""
    with _little_memory():
        try:
            sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
            return _filled(sheet.to_python(skip_empty_area=False))
        except (CalamineError, IndexError, MemoryError, ValueError):
            return None


@contextmanager
def _little_memory() -> Generator[None]:
    """The worker is used again by others, who may need more."""
    before, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (_MOST_BYTES, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (before, most))


def _filled(rows: Iterable[Sequence[Cell]]) -> Rows:
    """Rows that hold anything, one more than there may be at most."""
    near = ((number, row[:MOST_COLUMNS]) for number, row in enumerate(rows, 1))
    filled = ((number, row) for number, row in near if any(cell not in {"", None} for cell in row))
    return list(islice(filled, MOST_ROWS + 1))


def _text(content: bytes) -> Iterator[Sequence[Cell]]:
    text = _decoded(content)
    if "\x00" in text:
        raise Invalid("not_a_sheet")
    first = text.partition("\n")[0]
    delimiter = max("\t,;", key=first.count)
    try:
        yield from csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise Invalid("not_a_sheet") from error


def _decoded(content: bytes) -> str:
    """UTF-16 only with its mark: without one almost anything is UTF-16."""
    for encoding in _ENCODINGS:
        if encoding == "utf-16" and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
            continue
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("not_a_sheet")
