"""From facts to paper: what of an attendance stands on the A4 record."""

from datetime import datetime

from badges.attendance import AttendanceRow, AttendanceSheet, Total
from checkin.attendance import Attendance, Attendee
from events.core.i18n import Catalogues, Language, say_period
from events.models import STATUS_WORDS, GuestStatus


def sheet_of(attendance: Attendance, *, now: datetime, catalogues: Catalogues, language: Language) -> AttendanceSheet:
    """The record in `language`, its times for the event's zone."""
    event = attendance.event
    names = {total.category.key: total.category.name.said_in(language) for total in attendance.totals}
    return AttendanceSheet(
        title=event.title.said_in(language),
        when=say_period(event.starts_at, event.ends_at, event.zone, language),
        venue=event.venue.name.said_in(language),
        hosts=tuple(host.name.said_in(language) for host in attendance.hosts),
        zone=event.zone,
        generated_at=now,
        totals=[
            Total(
                name=names[total.category.key],
                expected=total.expected,
                attended=total.attended,
                excused=total.excused,
            )
            for total in attendance.totals
        ],
        rows=[_row(attendee, names, catalogues, language) for attendee in attendance.attendees],
        language=language.value,
    )


def _row(attendee: Attendee, names: dict[str, str], catalogues: Catalogues, language: Language) -> AttendanceRow:
    guest = attendee.guest
    confirmed = guest.status == GuestStatus.CONFIRMED
    return AttendanceRow(
        name=guest.name,
        name_latin=guest.name_latin,
        organisation=guest.organisation,
        job_title=guest.job_title,
        category=names.get(guest.category, guest.category),
        first_entry=attendee.first_at,
        gate=attendee.gate,
        excused=attendee.is_excused,
        represented_by=attendee.excused.said_in(language) if attendee.excused else "",
        status="" if confirmed else catalogues.say(STATUS_WORDS[guest.status], language),
    )
