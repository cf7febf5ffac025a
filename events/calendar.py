"""The event as a calendar entry that phones and desktop calendars take."""

from datetime import datetime

from icalendar import Calendar, vText
from icalendar import Event as Entry

from events.core.i18n import Language
from events.models import Event


def calendar_entry(event: Event, *, language: Language, url: str, now: datetime) -> bytes:
    """An iCalendar file (RFC 5545) with one entry in the event's zone; `url` is where the pass is."""
    entry = Entry()
    entry.add("uid", f"{event.id}@yingbin")
    entry.add("dtstamp", now)
    entry.add("dtstart", event.starts_at.astimezone(event.zone))
    entry.add("dtend", event.ends_at.astimezone(event.zone))
    entry.add("sequence", event.version)
    entry.add("summary", vText(event.title.said_in(language)))
    place = [event.venue.name.said_in(language), event.venue.address.said_in(language)]
    entry.add("location", vText(", ".join(part for part in place if part)))
    entry.add("url", url)
    calendar = Calendar()
    calendar.add("prodid", "-//Yingbin//Event//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    calendar.add_missing_timezones()
    return calendar.to_ical()
