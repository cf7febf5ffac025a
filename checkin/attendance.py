"""Who came: the facts behind the attendance PDF, the spreadsheet and the JSON."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO, StringIO
from itertools import groupby

import sqlalchemy as sa
import xlsxwriter
from anyio import to_thread
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.tables import presence
from events import store
from events.core.i18n import Catalogues, Language
from events.core.ids import EventId
from events.models import STATUS_WORDS, Category, Event, Guest, GuestStatus, Host
from events.names import sort_key
from events.store import GUEST_ROWS, guest_of
from events.tables import categories, guests, tickets

_BOM = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
COLUMNS = (
    "Name",
    "Latin name",
    "Organisation",
    "Title",
    "Category",
    "Status",
    "First entry",
    "Gate",
    "E-mail",
    "Phone",
)


@dataclass(frozen=True, slots=True)
class Attendee:
    """A guest, and when (UTC) and where they first came in, None for who did not."""

    guest: Guest
    first_at: datetime | None
    gate: str
    inside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which guests the record is of; everything empty: all who are or were expected, or came."""

    status: GuestStatus | None = None
    category: str = ""
    gate: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """How many of a category were expected and how many came."""

    category: Category
    expected: int
    attended: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """An event's attendance: guests by category, then in order of names; a total for each category that has any."""

    event: Event
    hosts: Sequence[Host]
    totals: Sequence[Total]
    attendees: Sequence[Attendee]


async def attendance_of(tx: AsyncConnection, event: Event, wanted: Wanted) -> Attendance:
    """The attendance as recorded now. A guest counts as expected when confirmed, as attended when ever admitted."""
    attendees = await _attendees(tx, event.id, wanted)
    kinds = await store.categories_of(tx, event.id)
    return Attendance(
        event=event,
        hosts=await store.hosts_of(tx, event.id),
        totals=[_total(kind, own) for kind in kinds if (own := [each for each in attendees if _is_of(kind, each)])],
        attendees=attendees,
    )


def as_csv(attendance: Attendance, *, catalogues: Catalogues, language: Language) -> bytes:
    """A CSV file that spreadsheet programs open without mojibake and without running a guest's name as a formula."""
    file = StringIO(newline="")
    file.write(_BOM)
    writer = csv.writer(file)
    writer.writerow([catalogues.say(column, language) for column in COLUMNS])
    for row in _rows(attendance, catalogues, language):
        writer.writerow([_inert(cell) for cell in row])
    return file.getvalue().encode()


def as_xlsx(attendance: Attendance, *, catalogues: Catalogues, language: Language) -> bytes:
    """A spreadsheet with a frozen, filtered heading; text cells only, so that nothing is a formula."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "constant_memory": False}) as book:
        sheet = book.add_worksheet()
        heading = book.add_format({"bold": True, "bottom": 1})
        for column, title in enumerate(COLUMNS):
            sheet.write_string(0, column, catalogues.say(title, language), heading)
        for number, row in enumerate(_rows(attendance, catalogues, language), 1):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(attendance.attendees), 1), len(COLUMNS) - 1)
        sheet.set_column(0, len(COLUMNS) - 1, 18)
    return file.getvalue()


def as_json(attendance: Attendance) -> dict[str, object]:
    """The same for scripts; times with the event's offset."""
    zone = attendance.event.zone
    return {
        "totals": [
            {"category": total.category.key, "expected": total.expected, "attended": total.attended}
            for total in attendance.totals
        ],
        "guests": [
            {
                "id": str(attendee.guest.id),
                "name": attendee.guest.name,
                "name_latin": attendee.guest.name_latin,
                "organisation": attendee.guest.organisation,
                "job_title": attendee.guest.job_title,
                "category": attendee.guest.category,
                "status": attendee.guest.status.value,
                "first_at": attendee.first_at.astimezone(zone).isoformat() if attendee.first_at else None,
                "gate": attendee.gate,
                "inside": attendee.inside,
            }
            for attendee in attendance.attendees
        ],
    }


async def _attendees(tx: AsyncConnection, event_id: EventId, wanted: Wanted) -> list[Attendee]:
    there = sa.and_(presence.c.event_id == guests.c.event_id, presence.c.guest_id == guests.c.guest_id)
    kind = sa.and_(categories.c.event_id == guests.c.event_id, categories.c.key == guests.c.category)
    joined = GUEST_ROWS.join(categories, kind).outerjoin(presence, there)
    facts = presence.c.first_at, presence.c.first_gate, presence.c.inside
    chosen = sa.select(guests, tickets.c.code, *facts).select_from(joined)
    chosen = chosen.where(guests.c.event_id == event_id, *_conditions(wanted))
    ordered = chosen.order_by(categories.c.rank, categories.c.key, guests.c.guest_id)
    found = [
        Attendee(guest_of(row), row.first_at, row.first_gate or "", bool(row.inside))
        for row in await tx.execute(ordered)
    ]
    return await to_thread.run_sync(_by_category_and_name, found)


def _by_category_and_name(found: Sequence[Attendee]) -> list[Attendee]:
    """Names in order within each category, the categories as they come; twenty thousand take half a second."""
    each = [list(own) for _, own in groupby(found, key=lambda attendee: attendee.guest.category)]
    return [attendee for own in each for attendee in sorted(own, key=_name)]


def _name(attendee: Attendee) -> tuple[tuple[str, ...], str]:
    return sort_key(attendee.guest.name, attendee.guest.name_latin)


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.status:
        conditions.append(guests.c.status == wanted.status)
    else:
        came = presence.c.first_at.is_not(None)
        conditions.append(sa.or_(guests.c.status == GuestStatus.CONFIRMED, came))
    if wanted.category:
        conditions.append(guests.c.category == wanted.category)
    if wanted.gate:
        conditions.append(presence.c.first_gate == wanted.gate)
    return conditions


def _is_of(category: Category, attendee: Attendee) -> bool:
    return attendee.guest.category == category.key


def _total(category: Category, own: Sequence[Attendee]) -> Total:
    expected = sum(attendee.guest.status == GuestStatus.CONFIRMED for attendee in own)
    return Total(category, expected, sum(attendee.first_at is not None for attendee in own))


def _rows(attendance: Attendance, catalogues: Catalogues, language: Language) -> list[list[str]]:
    names = {total.category.key: total.category.name.said_in(language) for total in attendance.totals}
    zone = attendance.event.zone
    return [
        [
            attendee.guest.name,
            attendee.guest.name_latin,
            attendee.guest.organisation,
            attendee.guest.job_title,
            names.get(attendee.guest.category, attendee.guest.category),
            catalogues.say(STATUS_WORDS[attendee.guest.status], language),
            f"{attendee.first_at.astimezone(zone):%Y-%m-%d %H:%M:%S}" if attendee.first_at else "",
            attendee.gate,
            attendee.guest.email,
            attendee.guest.phone,
        ]
        for attendee in attendance.attendees
    ]


def _inert(cell: str) -> str:
    """A cell that begins like a formula gets an apostrophe in front, full-width signs too (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
