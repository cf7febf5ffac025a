"""A booth's visitors as its people take them home: JSON, CSV and a spreadsheet."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from checkin.booth.booth_words import column_words
from checkin.booth.models import Visit
from checkin.spreadsheet import csv_of, xlsx_of
from events.core.auth import Principal
from events.core.i18n import Language

_CARD = ("name", "name_latin", "organisation", "job_title")


def card(visit: Visit, zone: ZoneInfo, principal: Principal) -> dict[str, Any]:
    """What the visitor agreed to have told, with when they were scanned.

    The address is left out for somebody who works for the other hosting side.
    """
    guest = visit.guest
    said = {name: getattr(guest, name) for name in _CARD}
    email = guest.email if principal.sees_contacts(guest.side) else ""
    when = {"booth": visit.booth, "at": visit.at.astimezone(zone).isoformat(), "by": visit.by}
    return {"id": str(visit.id), **when, **said, "email": email, "language": guest.language.value, "note": visit.note}


def as_csv(visits: Sequence[Visit], *, zone: ZoneInfo, language: Language, principal: Principal) -> bytes:
    """The list for any spreadsheet program."""
    return csv_of(column_words(language), _rows(visits, zone, principal))


def as_xlsx(visits: Sequence[Visit], *, zone: ZoneInfo, language: Language, principal: Principal) -> bytes:
    """The list as a spreadsheet."""
    return xlsx_of(column_words(language), _rows(visits, zone, principal))


def _rows(visits: Sequence[Visit], zone: ZoneInfo, principal: Principal) -> list[list[str]]:
    return [
        [
            visit.booth,
            f"{visit.at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
            *(getattr(visit.guest, name) for name in _CARD),
            visit.guest.email if principal.sees_contacts(visit.guest.side) else "",
            visit.note,
        ]
        for visit in visits
    ]
