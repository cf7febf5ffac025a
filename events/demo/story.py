"""The demonstration event as values, for seeding an empty installation, `yingbin demo` and load tests.

Every guest and every company in it is invented, and any likeness to a living person is chance; the offices and
the course of the day follow the published report of a real ceremony. Addresses are under example.com and
example.org, telephone numbers in ranges that are not given out. `event.json` says `"invented": true`.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from hashlib import blake2b
from importlib.resources import files
from typing import TypeVar
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from events.models import Category, Exhibitor, Host, Language, RegistrationMode, SegmentKind, Text, Venue

_Item = TypeVar("_Item")

_CROWD = frozenset({"guest", "exhibitor", "press", "research", "government"})
"""The categories of which a crowd may hold any number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of business in which companies exhibit."""

    key: str
    name: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class StorySegment:
    """One part of the programme, by the clock of the venue."""

    kind: SegmentKind
    title: Text
    place: Text
    starts_at: time
    ends_at: time
    languages: tuple[Language, ...] = (Language.ZH_HANS, Language.EN)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestLine:
    """One line of the guest list, as an organiser would import it. booth: where an exhibitor's staff stand."""

    name: str
    name_latin: str
    organisation: str
    job_title: str
    email: str
    phone: str
    category: str
    language: Language
    side: str
    booth: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLiaison:
    """The host who looks after a side's guests of honour: address, name and telephone, as a guest's form has them."""

    liaison: str
    liaison_name: str
    liaison_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryStop:
    """Where the guided tour stops. note: what the guide takes care of there."""

    booth: str
    minutes: int
    note: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryParty:
    """Who comes with whom, by name."""

    leader: str
    companions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The whole event. Times are times of day at the venue; `moment` puts them on a day."""

    invented: bool
    slug: str
    title: Text
    summary: Text
    timezone: str
    starts_at: time
    ends_at: time
    venue: Venue
    capacity: int
    registration: RegistrationMode
    notice: Text
    hosts: tuple[Host, ...]
    categories: tuple[Category, ...]
    fields: tuple[Field, ...]
    exhibitors: tuple[Exhibitor, ...]
    segments: tuple[StorySegment, ...]
    liaisons: Mapping[str, StoryLiaison]
    parties: tuple[StoryParty, ...]
    route: tuple[StoryStop, ...]
    guests: tuple[GuestLine, ...] = ()

    def moment(self, day: date, clock: time) -> datetime:
        """When the venue's clocks show `clock` on `day`, in UTC."""
        return datetime.combine(day, clock, tzinfo=ZoneInfo(self.timezone)).astimezone(UTC)


def load() -> Story:
    """The event with its 216 guests, in order of precedence of their categories."""
    story = TypeAdapter(Story).validate_json(_read("event.json"))
    return replace(story, guests=tuple(_guests()))


def more_guests(count: int, seed: int = 0) -> Iterator[GuestLine]:
    """Further invented guests, `count` of them: surnames, given names and offices of the list, mixed anew.

    The same seed gives the same guests. Each has an e-mail address of their own, for one seed and for several.
    """
    crowds = [_Crowd(language, _guests()) for language in (Language.ZH_HANS, Language.ZH_HANT)]
    for number in range(count):
        dice = _Dice(f"{seed}:{number}")
        yield dice.pick(crowds).guest(dice, f"guest{seed}-{number + 1:05}@crowd.example.org")


def _guests() -> Iterator[GuestLine]:
    for row in csv.DictReader(_read("guests.csv").splitlines()):
        language = Language(row.pop("language"))
        yield GuestLine(**row, language=language)


def _read(name: str) -> str:
    return files("events.demo").joinpath(name).read_text("utf-8")


class _Dice:
    """Throws that depend on the label alone, on every machine and every version of Python."""

    def __init__(self, label: str) -> None:
        digest = blake2b(label.encode(), digest_size=64).digest()
        self._throws = (int.from_bytes(digest[at : at + 4], "big") for at in range(0, 64, 4))

    def pick(self, items: Sequence[_Item]) -> _Item:
        return items[next(self._throws) % len(items)]


class _Crowd:
    """People of one script, from whose names and offices new people are made."""

    def __init__(self, language: Language, lines: Iterator[GuestLine]) -> None:
        own = [line for line in lines if line.language == language]
        self._names = [line for line in own if _is_plain(line)]
        self._offices = [line for line in own if line.category in _CROWD and line.phone]

    def guest(self, dice: _Dice, email: str) -> GuestLine:
        surname, given, office = dice.pick(self._names), dice.pick(self._names), dice.pick(self._offices)
        return replace(
            office,
            name=surname.name[0] + given.name[1:],
            name_latin=f"{surname.name_latin.split(' ')[0]} {given.name_latin.partition(' ')[2]}",
            email=email,
            booth="",
            phone=office.phone[:-4] + "".join(dice.pick("0123456789") for _ in range(4)),
        )


def _is_plain(line: GuestLine) -> bool:
    """Whether the name is a surname and two characters, spelt in that order, the given name being the longer."""
    surname, _, given = line.name_latin.partition(" ")
    return len(line.name) == 3 and len(surname) < len(given) and not given.split(" ")[0].isupper()
