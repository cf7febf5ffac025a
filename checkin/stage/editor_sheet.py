"""The form of a round as its page sends it: flat names, with a row for each party and each person.

A row keeps its number while the page is open, and a person's row names the row of the party (`party`, empty for none).
The pages of the editor read it into a `RoundForm` and write a round into it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from checkin.stage.models import ROLES, Hosting, Participant, Person, Round
from events.companions import label
from events.core.i18n import Language
from events.models import UNSAID, GuestId, SegmentKind, Text

MOST_FIELDS = 1200
"""What a page with as many parties and people as a round may have sends."""

TONGUES = ("zh_hans", "zh_hant", "en")
PARTIES, PEOPLE = "parties", "people"
_TEXTS = ("title", "item", "script")
_NUMBERS = ("position", "seat", "place")
_ROW = re.compile(r"(parties|people)\.(0|[1-9][0-9]{0,2})\.(.+)")
_BEGINS_WITH = {
    SegmentKind.SIGNING: (1, 1, 0),
    SegmentKind.PRESENTATION: (1, 1),
    SegmentKind.LAUNCH: (3,),
    SegmentKind.SPEECHES: (1,),
}
"""How many rows of each role an empty form has, for each party of a signing."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands in the form."""

    values: Mapping[str, str]

    def get(self, name: str) -> str:
        """What was typed into a field, without the blanks around it."""
        return self.values.get(name, "").strip()

    def rows(self, kind: str) -> list[int]:
        """The numbers of the rows of parties or people, as they stand on the page."""
        found = (_ROW.fullmatch(name) for name in self.values)
        return sorted({int(row[2]) for row in found if row and row[1] == kind})

    def people_of(self, party: int | None) -> list[int]:
        """The rows of who stands for a party; None: for no party, or for one that is not on the page."""
        parties = {str(row) for row in self.rows(PARTIES)}
        named = {row: self.get(f"people.{row}.party") for row in self.rows(PEOPLE)}
        return [row for row, at in named.items() if (at not in parties if party is None else at == str(party))]

    def following(self, kind: str) -> int:
        """The number of the next row."""
        return max(self.rows(kind), default=-1) + 1

    @property
    def parties(self) -> list[int]:
        """The rows of parties that count: not taken out, and somebody or something stands in them."""
        cast = {self.get(f"people.{row}.party") for row in self.people}
        there = (row for row in self.rows(PARTIES) if not self._is_gone(PARTIES, row))
        return [row for row in there if str(row) in cast or self._is_named(row)]

    @property
    def people(self) -> list[int]:
        """The rows of people that count."""
        gone = {str(row) for row in self.rows(PARTIES) if self._is_gone(PARTIES, row)}
        return [
            row
            for row in self.rows(PEOPLE)
            if not self._is_gone(PEOPLE, row) and self.get(f"people.{row}.party") not in gone and self._is_cast(row)
        ]

    def with_party(self, kind: SegmentKind) -> "Sheet":
        """One more party, with the people who belong to it."""
        row = self.following(PARTIES)
        grown = Sheet({**self.values, f"parties.{row}.hosting": Hosting.NEITHER.value})
        for role, count in zip(ROLES[kind], _BEGINS_WITH[kind], strict=True):
            for _ in range(count if kind is SegmentKind.SIGNING else 0):
                grown = grown.with_person(str(row), role)
        return grown

    def with_person(self, party: str, role: str) -> "Sheet":
        """One more row for somebody of a party, or of none."""
        row = self.following(PEOPLE)
        return Sheet({**self.values, f"people.{row}.party": party, f"people.{row}.role": role})

    def described(self, zone: ZoneInfo, named: Mapping[int, GuestId]) -> dict[str, Any]:
        """What `RoundForm` takes; `named`: whom the rows of people mean."""
        parties = {str(row): number for number, row in enumerate(self.parties, 1)}
        return {
            **{name: self._text(name) for name in _TEXTS},
            "copies": self.get("copies"),
            "languages": [language for language in Language if f"language.{language}" in self.values],
            "cue_at": _moment(self.get("cue_at"), zone),
            "wants_signature": "wants_signature" in self.values,
            "parties": [self._party(row) for row in self.parties],
            "participants": [self._person(row, parties, named) for row in self.people],
        }

    def on_page(self, field: str) -> str:
        """What the page calls a field of `RoundForm`."""
        kind, at, *rest = [*field.split("."), ""]
        if kind == "parties" and at.isdecimal():
            return ".".join(filter(None, (PARTIES, str(self.parties[int(at)]), *rest)))
        if kind == "participants" and at.isdecimal():
            name = "guest" if rest[0] in {"guest_id", "id", "party"} else rest[0]
            return f"people.{self.people[int(at)]}.{name}"
        return PEOPLE if kind == "participants" else kind

    def _text(self, name: str) -> dict[str, str]:
        return {tongue: self.get(f"{name}.{tongue}") for tongue in TONGUES}

    def _party(self, row: int) -> dict[str, Any]:
        at = f"parties.{row}"
        said = {name: self._text(f"{at}.{name}") for name in ("name", "short")}
        return {**said, "hosting": self.get(f"{at}.hosting"), "side": self.get(f"{at}.side")}

    def _person(self, row: int, parties: Mapping[str, int], named: Mapping[int, GuestId]) -> dict[str, Any]:
        at = f"people.{row}"
        counted = {name: self.get(f"{at}.{name}") or None for name in _NUMBERS}
        return {
            "id": self.get(f"{at}.id") or None,
            "role": self.get(f"{at}.role"),
            "party": parties.get(self.get(f"{at}.party"), 0),
            "guest_id": named.get(row),
            "title": self._text(f"{at}.title"),
            **counted,
        }

    def _is_gone(self, kind: str, row: int) -> bool:
        return f"{kind}.{row}.gone" in self.values

    def _is_named(self, party: int) -> bool:
        return any(words for name in ("name", "short") for words in self._text(f"parties.{party}.{name}").values())

    def _is_cast(self, person: int) -> bool:
        """Somebody has the part, or it is there with nobody named yet."""
        at = f"people.{person}"
        return bool(self.get(f"{at}.guest") or self.get(f"{at}.id") or any(self._text(f"{at}.title").values()))


def empty_sheet(kind: SegmentKind) -> Sheet:
    """A form to begin with: two parties for a signing, and rows for who takes part."""
    sheet = Sheet({"copies": "2"})
    if kind is SegmentKind.SIGNING:
        return sheet.with_party(kind).with_party(kind)
    for role, count in zip(ROLES[kind], _BEGINS_WITH[kind], strict=True):
        for _ in range(count):
            sheet = sheet.with_person("", role)
    return sheet


def sheet_of(this: Round, people: Mapping[GuestId, Person], zone: ZoneInfo) -> Sheet:
    """A round as its form shows it."""
    local = f"{this.cue_at.astimezone(zone):%Y-%m-%dT%H:%M}" if this.cue_at else ""
    values = {"version": str(this.version), "copies": str(this.copies), "cue_at": local}
    values |= _said("title", this.title) | _said("item", this.item) | _said("script", this.script)
    values |= {f"language.{language}": "1" for language in this.languages}
    values |= {"wants_signature": "1"} if this.wants_signature else {}
    for row, party in enumerate(this.parties):
        at = f"parties.{row}"
        values |= _said(f"{at}.name", party.name) | _said(f"{at}.short", party.short)
        values |= {f"{at}.hosting": party.hosting.value, f"{at}.side": party.side}
    for row, part in enumerate(_in_order(this)):
        values |= _person_values(f"people.{row}", part, people)
    return Sheet(values)


def _in_order(this: Round) -> list[Participant]:
    roles = list(ROLES[this.kind])
    return sorted(this.participants, key=lambda part: (part.party, roles.index(part.role), part.position, part.id))


def _person_values(at: str, part: Participant, people: Mapping[GuestId, Person]) -> dict[str, str]:
    person = people.get(part.guest_id) if part.guest_id else None
    numbers = {f"{at}.{name}": str(getattr(part, name) or "") for name in _NUMBERS}
    return {
        f"{at}.id": str(part.id),
        f"{at}.party": str(part.party - 1) if part.party else "",
        f"{at}.role": part.role.value,
        f"{at}.guest": label(person.guest) if person else "",
        f"{at}.guest_id": str(person.guest.id) if person else "",
        **numbers,
        **_said(f"{at}.title", part.title),
    }


def _said(name: str, text: Text = UNSAID) -> dict[str, str]:
    return {f"{name}.{tongue}": getattr(text, tongue) for tongue in TONGUES}


def _moment(text: str, zone: ZoneInfo) -> str | None:
    """A browser's local time with the offset of the venue; what is none is left for the form to refuse."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone).isoformat()
    except ValueError:
        return text or None
