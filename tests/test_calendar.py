from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Component

from events.calendar import calendar_entry
from events.core.i18n import Language
from events.core.ids import EventId, new_id
from events.models import Event, RegistrationMode, Text, Venue
from tests.cast import NOON

EVENT = Event(
    id=EventId(new_id()),
    slug="valley-launch",
    tag="ABCDE",
    title=Text(zh_hans="启动仪式：深港共创，一园两地；\\欢迎", zh_hant="啟動儀式", en="Launch"),
    summary=Text(),
    starts_at=NOON + timedelta(hours=2),
    ends_at=NOON + timedelta(hours=6),
    timezone="Asia/Hong_Kong",
    venue=Venue(name=Text(en="Hall 1"), address=Text(en="8 Park Road")),
    capacity=None,
    registered=0,
    registration=RegistrationMode.OPEN,
    notice=Text(),
    notice_version=1,
    version=3,
)


def written(event: Event, language: Language = Language.EN) -> bytes:
    return calendar_entry(event, language=language, url="https://x.hk/t/Y1", now=NOON)


def entry(event: Event, language: Language = Language.EN) -> Component:
    [found] = Calendar.from_ical(written(event, language)).walk("VEVENT")
    return found


def test_the_entry_says_what_when_and_where() -> None:
    found = entry(EVENT)

    assert (str(found["SUMMARY"]), str(found["LOCATION"])) == ("Launch", "Hall 1, 8 Park Road")
    assert (str(found["UID"]), found["SEQUENCE"]) == (f"{EVENT.id}@yingbin", 3)
    assert (str(found["URL"]), found.decoded("DTSTAMP")) == ("https://x.hk/t/Y1", NOON)


@pytest.mark.parametrize("timezone", ["Asia/Hong_Kong", "Asia/Shanghai", "Europe/London", "America/New_York", "UTC"])
def test_the_entry_is_in_the_zone_of_the_event(timezone: str) -> None:
    found = entry(replace(EVENT, timezone=timezone))

    for field, moment in (("DTSTART", EVENT.starts_at), ("DTEND", EVENT.ends_at)):
        told = found.decoded(field)
        assert told == moment
        assert told.replace(tzinfo=None) == moment.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)


def test_a_phone_that_knows_no_zones_finds_the_zone_inside() -> None:
    [zone] = Calendar.from_ical(written(replace(EVENT, timezone="Europe/London"))).walk("VTIMEZONE")

    assert str(zone["TZID"]) == "Europe/London"


def test_an_event_over_midnight_and_the_change_of_clocks_keeps_its_moments() -> None:
    london = ZoneInfo("Europe/London")
    starts, ends = datetime(2026, 3, 28, 23, tzinfo=london), datetime(2026, 3, 29, 3, tzinfo=london)

    found = entry(replace(EVENT, timezone="Europe/London", starts_at=starts, ends_at=ends))

    assert found.decoded("DTEND") - found.decoded("DTSTART") == ends - starts
    assert found.decoded("DTEND").utcoffset() == timedelta(hours=1)


@pytest.mark.parametrize(
    ("language", "title"), [(Language.ZH_HANS, "启动仪式：深港共创，一园两地；\\欢迎"), (Language.ZH_HANT, "啟動儀式")]
)
def test_the_title_is_in_the_language_of_the_reader(language: Language, title: str) -> None:
    assert str(entry(EVENT, language)["SUMMARY"]) == title


def test_an_event_without_a_place_has_an_empty_one() -> None:
    assert str(entry(replace(EVENT, venue=Venue()))["LOCATION"]) == ""


def test_no_line_is_longer_than_a_calendar_reads() -> None:
    long = replace(EVENT, title=Text(zh_hans="启动仪式" * 30))

    lines = written(long, Language.ZH_HANS).split(b"\r\n")

    assert max(map(len, lines)) <= 75
    assert str(entry(long, Language.ZH_HANS)["SUMMARY"]) == "启动仪式" * 30


def test_what_is_typed_cannot_begin_a_line_of_its_own() -> None:
    sly = replace(EVENT, title=Text(en="Launch\r\nATTENDEE:mailto:all@example.com"))

    assert "ATTENDEE" not in entry(sly)
    assert b"ATTENDEE" in written(sly)
