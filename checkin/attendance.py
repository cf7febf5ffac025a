"""Who came: the facts behind the attendance PDF, the spreadsheet and the JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from anyio import to_thread
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.spreadsheet import csv_of, xlsx_of
from checkin.tables import excuses, presence
from events import store
from events.core.i18n import Catalogues, Language
from events.core.ids import EventId
from events.models import STATUS_WORDS, Category, Event, Guest, GuestId, GuestStatus, Host
from events.names import sort_key
from events.store import GUEST_ROWS, guest_of
from events.tables import categories, guests, tickets

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
EXCUSED, REPRESENTED = "Excused", "Excused (represented by {name})"


_other = guests.alias("representative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Representative:
    """Who stands for a guest who is excused; nobody where `id` is None."""

    id: GuestId | None = None
    name: str = ""
    name_latin: str = ""

    def said_in(self, language: Language) -> str:
        """Their name, in English the Latin one where there is one."""
        return (self.name_latin or self.name) if language is Language.EN else self.name


@dataclass(frozen=True, slots=True)
class Attendee:
    """A guest, and when (UTC) and where they first came in, None for who did not.

    excused: by whom they are represented, for who sent word that they cannot come; None for everybody else.
    """

    guest: Guest
    first_at: datetime | None
    gate: str
    inside: bool
    excused: Representative | None = None

    @property
    def is_excused(self) -> bool:
        """Whether they sent word and did not come."""
        return self.excused is not None and self.first_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which guests the record is of; everything empty: all who are or were expected, came, or are excused."""

    status: GuestStatus | None = None
    category: str = ""
    gate: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """How many of a category were expected, how many came, and how many of the others are excused."""

    category: Category
    expected: int
    attended: int
    excused: int = 0


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
    return csv_of(_heading(catalogues, language), _rows(attendance, catalogues, language))


def as_xlsx(attendance: Attendance, *, catalogues: Catalogues, language: Language) -> bytes:
    """A spreadsheet with a frozen, filtered heading; text cells only, so that nothing is a formula."""
    return xlsx_of(_heading(catalogues, language), _rows(attendance, catalogues, language))


def as_json(attendance: Attendance) -> dict[str, object]:
    """The same for scripts; times with the event's offset."""
    zone = attendance.event.zone
    return {
        "totals": [
            {
                "category": total.category.key,
                "expected": total.expected,
                "attended": total.attended,
                "excused": total.excused,
            }
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
                "excused": _excuse_json(attendee),
            }
            for attendee in attendance.attendees
        ],
    }


def _excuse_json(attendee: Attendee) -> dict[str, object] | None:
    if attendee.excused is None:
        return None
    by = attendee.excused
    return {"represented_by": {"id": str(by.id), "name": by.name, "name_latin": by.name_latin} if by.id else None}


def say_status(attendee: Attendee, *, catalogues: Catalogues, language: Language) -> str:
    """Where the registration stands, or that they are excused and who stands for them."""
    if attendee.excused is None or not attendee.is_excused:
        return catalogues.say(STATUS_WORDS[attendee.guest.status], language)
    name = attendee.excused.said_in(language)
    return catalogues.say(REPRESENTED, language, name=name) if name else catalogues.say(EXCUSED, language)


async def _attendees(tx: AsyncConnection, event_id: EventId, wanted: Wanted) -> list[Attendee]:
    there = sa.and_(presence.c.event_id == guests.c.event_id, presence.c.guest_id == guests.c.guest_id)
    kind = sa.and_(categories.c.event_id == guests.c.event_id, categories.c.key == guests.c.category)
    away = sa.and_(excuses.c.event_id == guests.c.event_id, excuses.c.guest_id == guests.c.guest_id)
    for_them = sa.and_(_other.c.event_id == excuses.c.event_id, _other.c.guest_id == excuses.c.represented_by)
    joined = GUEST_ROWS.join(categories, kind).outerjoin(presence, there).outerjoin(excuses, away)
    facts = presence.c.first_at, presence.c.first_gate, presence.c.inside, excuses.c.at.label("excused_at")
    by = _other.c.guest_id.label("by_id"), _other.c.name.label("by_name"), _other.c.name_latin.label("by_latin")
    chosen = sa.select(guests, tickets.c.code, *facts, *by).select_from(joined.outerjoin(_other, for_them))
    chosen = chosen.where(guests.c.event_id == event_id, *_conditions(wanted))
    ordered = chosen.order_by(categories.c.rank, categories.c.key, guests.c.guest_id)
    found = [
        Attendee(guest_of(row), row.first_at, row.first_gate or "", bool(row.inside), _representative(row))
        for row in await tx.execute(ordered)
    ]
    return await to_thread.run_sync(_by_category_and_name, found)


def _representative(row: sa.Row[Any]) -> Representative | None:
    if row.excused_at is None:
        return None
    known = GuestId(row.by_id) if row.by_id else None
    return Representative(id=known, name=row.by_name or "", name_latin=row.by_latin or "")


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
        excused = excuses.c.at.is_not(None)
        conditions.append(sa.or_(guests.c.status == GuestStatus.CONFIRMED, came, excused))
    if wanted.category:
        conditions.append(guests.c.category == wanted.category)
    if wanted.gate:
        conditions.append(presence.c.first_gate == wanted.gate)
    return conditions


def _is_of(category: Category, attendee: Attendee) -> bool:
    return attendee.guest.category == category.key


def _total(category: Category, own: Sequence[Attendee]) -> Total:
    expected = sum(attendee.guest.status == GuestStatus.CONFIRMED for attendee in own)
    attended = sum(attendee.first_at is not None for attendee in own)
    return Total(category, expected, attended, sum(attendee.is_excused for attendee in own))


def _heading(catalogues: Catalogues, language: Language) -> list[str]:
    return [catalogues.say(column, language) for column in COLUMNS]


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
            say_status(attendee, catalogues=catalogues, language=language),
            f"{attendee.first_at.astimezone(zone):%Y-%m-%d %H:%M:%S}" if attendee.first_at else "",
            attendee.gate,
            attendee.guest.email,
            attendee.guest.phone,
        ]
        for attendee in attendance.attendees
    ]
