"""One file that holds the whole database, and puts it back into another one of either engine.

The command line calls `backup` while the server runs, and `restore` where none does. The file is gzip over lines of
JSON: what it is, then each table's rows in the order in which they depend on each other, then how many there were. It
describes its own columns, so that a later version restores it at its revision and migrates from there.
"""

import gzip
import io
import json
import os
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, TextIO, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from events.core.database import Database
from events.core.schema import Document, Moment, json_type
from events.migrations import all_tables, bring_to, current_revision, head_revision, knows

FORM = "yingbin-backup-1"
_ROWS_AT_ONCE = 500
_LONGEST_LINE = 2**24
"""No row comes near it; a file that was made to fill the memory does."""


class Unfit(Exception):
    """A file that cannot be restored, or a database that it cannot be restored into; the message says why."""


@dataclass(frozen=True, slots=True)
class _Table:
    """A table as a backup describes it: columns in order, each with its kind."""

    name: str
    columns: tuple[tuple[str, str], ...]

    @property
    def plain(self) -> sa.TableClause:
        """For statements: documents are plain JSON and choices text, so that rows pass unchanged."""
        return sa.table(self.name, *(sa.column(name, _KINDS[kind].type) for name, kind in self.columns))


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of value: how it is stored, and how it is written in the file and read."""

    type: sa.types.TypeEngine[Any]
    write: Callable[[Any], Any] | None = None
    read: Callable[[str], Any] | None = None


_KINDS: Mapping[str, _Kind] = {
    "uuid": _Kind(sa.Uuid(), str, UUID),
    "moment": _Kind(Moment(), datetime.isoformat, datetime.fromisoformat),
    "json": _Kind(json_type()),
    "boolean": _Kind(sa.Boolean()),
    "integer": _Kind(sa.Integer()),
    "text": _Kind(sa.Text()),
}
_KIND_OF: Mapping[type[Any], str] = {
    sa.Uuid: "uuid",
    Moment: "moment",
    Document: "json",
    sa.JSON: "json",
    sa.Boolean: "boolean",
    sa.Integer: "integer",
    sa.String: "text",
    sa.Text: "text",
    sa.Enum: "text",
}


async def backup(database: Database, path: Path, *, now: datetime) -> int:
    """Writes everything into `path`, which only its owner may read, and answers how many rows that were.

    The rows are of one moment, whatever is written meanwhile; a file that is there is replaced when the new one is
    whole. Raises Unfit for a database of another version.
    """
    with _replacing(path) as file:
        return await database.read(lambda tx: _write(tx, file, now))


async def restore(database: Database, path: Path) -> int:
    """Puts a backup into a database in which there is nothing yet, and answers how many rows that were.

    Raises Unfit where the file is none, is damaged or of a newer version, or where the database holds something; then
    the database is as it was.
    """
    return await database.write(lambda tx: _read(tx, path))


async def _write(tx: AsyncConnection, file: TextIO, now: datetime) -> int:
    revision = head_revision()
    if await current_revision(tx) != revision:
        raise Unfit("the database is not of this version: run `yingbin migrate` first")
    tables = [_described(table) for table in all_tables()]
    columns = {table.name: table.columns for table in tables}
    _put(file, {"form": FORM, "revision": revision, "at": now.isoformat(), "tables": columns})
    return sum([await _write_table(tx, file, table) for table in tables])


async def _write_table(tx: AsyncConnection, file: TextIO, table: _Table) -> int:
    """A line that says how many rows follow, and the rows; a few are held at a time."""
    count = (await tx.execute(sa.select(sa.func.count()).select_from(table.plain))).scalar_one()
    _put(file, {"table": table.name, "rows": count})
    writers = [_KINDS[kind].write for _, kind in table.columns]
    stream = await tx.stream(sa.select(table.plain))
    async for rows in stream.partitions(_ROWS_AT_ONCE):
        for row in rows:
            _put(file, _passed_through(writers, row))
    return count


async def _read(tx: AsyncConnection, path: Path) -> int:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        lines = _lines(file)
        revision, tables = _heading(next(lines, None))
        await _make_room(tx, revision, tables)
        count = sum([await _read_table(tx, lines, table) for table in tables])
        if next(lines, None) is not None:
            raise Unfit("the backup goes on after its end")
    await tx.run_sync(bring_to, head_revision())
    return count


async def _make_room(tx: AsyncConnection, revision: str, tables: Sequence[_Table]) -> None:
    """Brings an empty database to the revision of the file; raises Unfit where that would lose something."""
    found = await current_revision(tx)
    if found is None:
        await tx.run_sync(bring_to, revision)
    elif found != revision:
        raise Unfit(f"the backup is of revision {revision} and the database of {found}: restore into an empty database")
    for table in tables:
        if (await tx.execute(sa.select(sa.literal(1)).select_from(table.plain).limit(1))).first():
            raise Unfit("the database is not empty: a backup is restored into a new one only")


async def _read_table(tx: AsyncConnection, lines: Iterator[Any], table: _Table) -> int:
    heading = _object(next(lines, None))
    if heading.get("table") != table.name:
        raise Unfit(f"the backup lacks the table {table.name}")
    count, left = 0, heading.get("rows")
    if not isinstance(left, int) or left < 0:
        raise Unfit(f"the backup is damaged at the table {table.name}")
    while rows := list(islice(lines, min(_ROWS_AT_ONCE, left - count))):
        await tx.execute(sa.insert(table.plain), [_row(table, row) for row in rows])
        count += len(rows)
    if count != left:
        raise Unfit(f"the backup ends within the table {table.name}")
    return count


def _row(table: _Table, values: Sequence[Any]) -> dict[str, Any]:
    """A row of the file as the database takes it."""
    names, readers = [name for name, _ in table.columns], [_KINDS[kind].read for _, kind in table.columns]
    try:
        return dict(zip(names, _passed_through(readers, values), strict=True))
    except (TypeError, ValueError) as error:
        raise Unfit(f"the backup is damaged in the table {table.name}") from error


def _passed_through(functions: Sequence[Callable[[Any], Any] | None], values: Iterable[Any]) -> list[Any]:
    paired = zip(functions, values, strict=True)
    return [function(value) if function and value is not None else value for function, value in paired]


def _heading(line: object) -> tuple[str, list[_Table]]:
    """The revision and the tables of a backup; raises Unfit for any other file, and for one of a newer version."""
    heading = _object(line)
    if heading.get("form") != FORM:
        raise Unfit("this is no backup of Yingbin")
    revision = str(heading.get("revision"))
    if not knows(revision):
        raise Unfit(
            f"the backup is of revision {revision}, which this version does not know: install the newer version"
        )
    try:
        return revision, [
            _Table(name, tuple(_column(*column) for column in columns))
            for name, columns in _object(heading.get("tables")).items()
        ]
    except (KeyError, TypeError) as error:
        raise Unfit("the backup is damaged in its heading") from error


def _column(name: str, kind: str) -> tuple[str, str]:
    """A column as the heading describes it; raises KeyError for a kind that there is not."""
    if kind not in _KINDS:
        raise KeyError(kind)
    return str(name), kind


def _object(line: object) -> dict[str, Any]:
    """A line that says something of the rows; empty for any other."""
    return cast("dict[str, Any]", line) if isinstance(line, dict) else {}


def _described(table: sa.Table) -> _Table:
    return _Table(table.name, tuple((column.name, _KIND_OF[type(column.type)]) for column in table.columns))


def _put(file: TextIO, line: object) -> None:
    file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


def _lines(file: TextIO) -> Generator[Any]:
    """The lines one by one; raises Unfit where the file is cut off or a byte of it was changed."""
    try:
        while line := file.readline(_LONGEST_LINE):
            if len(line) == _LONGEST_LINE:
                raise Unfit("a line of the backup is longer than any row")
            yield json.loads(line)
    except (EOFError, zlib.error, gzip.BadGzipFile, ValueError, RecursionError) as error:
        raise Unfit("the backup is damaged, or this is none") from error


@contextmanager
def _replacing(path: Path) -> Generator[TextIO]:
    """A compressed file that takes the place of `path` when it is whole, and is nobody else's to read."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as raw:
        try:
            with (
                gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as packed,
                io.TextIOWrapper(packed, "utf-8") as file,
            ):
                yield file
            raw.flush()
            os.fsync(raw.fileno())
            Path(raw.name).replace(path)
        except BaseException:
            Path(raw.name).unlink()
            raise
