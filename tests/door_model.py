"""What must be true of the door, worked out as plainly as can be: all facts in one list, everything else from it.

It shares `judge` with the door, which has a table of its own cases, and nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from checkin.models import (
    Direction,
    Entry,
    Gate,
    GuestFacts,
    History,
    Mode,
    TicketFacts,
    TicketStanding,
    VerdictCode,
)
from checkin.verdict import judge
from events.models import GuestStatus

FIRST = {"admitted", "admitted_vip"}
GREEN = FIRST | {"reentered", "valid_unsynced"}
KNOWN = {code.value for code in VerdictCode}


@dataclass
class Fact:
    """A scan that the server has. `happened`: somebody went through. `decided`: the device said more afterwards."""

    scan: dict[str, Any]
    guest: int
    gate: Gate
    at: datetime
    verdict: str
    happened: bool
    conflict: bool
    answer: dict[str, Any]
    decided: bool = False
    undone: bool = False

    @property
    def id(self) -> str:
        return self.scan["id"]


@dataclass
class Place:
    """Where somebody is."""

    first: Fact | None = None
    inside: bool = False
    zone: str = ""
    last_at: datetime | None = None
    exited: bool = False


@dataclass
class Model:
    """The facts in the order in which they arrived, what the desk says of the guests, and who was admitted by what."""

    status: dict[int, GuestStatus]
    category: dict[int, str]
    facts: dict[str, Fact] = field(default_factory=dict[str, Fact])
    admitted_by: dict[int, list[str]] = field(default_factory=dict[int, list[str]])

    def take(self, scan: dict[str, Any], guest: int, gate: Gate, *, counts_at: datetime, now: datetime) -> str:
        """The verdict on a scan that arrives; the first one where it arrives again."""
        if known := self.facts.get(scan["id"]):
            self._decide(known, scan)
            return known.verdict
        place = self.place(guest)
        if counts_at >= now and place.last_at and place.last_at >= now:
            counts_at = place.last_at + timedelta(microseconds=1)
        verdict = self._verdict(scan, guest, gate, place, at=counts_at)
        word = verdict if scan["mode"] == "online" else scan["local_verdict"]
        happened, conflict = _outcome(scan["direction"], verdict, word)
        self.facts[scan["id"]] = Fact(scan, guest, gate, counts_at, verdict, happened, conflict, answer={})
        return verdict

    def admit(self) -> None:
        """After a batch: who is in the house for the first time was admitted by the scan that is their first."""
        for guest in self.status:
            first, given = self.place(guest).first, self.admitted_by.setdefault(guest, [])
            if first and not (given and not self.facts[given[-1]].undone):
                given.append(first.id)

    def undo(self, scan_id: str) -> None:
        """A lead takes a scan back."""
        self.facts[scan_id].undone = True
        self.admit()

    def place(self, guest: int) -> Place:
        """Where a guest is now."""
        place = Place()
        for fact in self._passages(guest):
            place.last_at, place.exited = fact.at, fact.scan["direction"] == "exit"
            place.inside = not place.exited
            place.zone = fact.gate.zone if place.inside else ""
            place.first = place.first or (fact if place.inside else None)
        return place

    def conflicts(self) -> set[str]:
        """The scans of which device and server do not say the same."""
        return {fact.id for fact in self.facts.values() if fact.conflict and not fact.undone}

    def attempt(self, guest: int) -> int:
        """How many first entries of a guest were undone."""
        return sum(self.facts[scan_id].undone for scan_id in self.admitted_by.get(guest, []))

    def _passages(self, guest: int) -> Iterator[Fact]:
        own = [each for each in self.facts.values() if each.guest == guest and each.happened and not each.undone]
        yield from sorted(own, key=lambda fact: (fact.at, fact.id))

    def _decide(self, known: Fact, scan: dict[str, Any]) -> None:
        if known.scan["mode"] != "online" or known.decided or scan["mode"] != "offline":
            return
        known.decided = True
        happened, known.conflict = _outcome(scan["direction"], known.verdict, scan["local_verdict"])
        known.happened = known.happened or happened

    def _verdict(self, scan: dict[str, Any], guest: int, gate: Gate, place: Place, *, at: datetime) -> str:
        first = place.first and Entry(place.first.at, place.first.gate.name, "")
        inside = [other for other in map(self.place, self.status) if other.inside and other.zone == gate.zone]
        verdict = judge(
            TicketFacts(standing=TicketStanding.ISSUED),
            GuestFacts(
                status=self.status[guest], category=self.category[guest], attention=self.category[guest] == "vip"
            ),
            gate,
            History(first=first, inside=place.inside, zone=place.zone, exited=place.exited, zone_count=len(inside)),
            at,
            direction=Direction(scan["direction"]),
            mode=Mode(scan["mode"]),
        )
        return verdict.code.value


def _outcome(direction: str, verdict: str, word: str) -> tuple[bool, bool]:
    """Whether somebody went through on this word, and whether it is not what the server says."""
    word = word if word in KNOWN else verdict
    if direction == "exit":
        return word == "exited", False
    return word in GREEN, (word in GREEN) != (verdict in GREEN) or (word in FIRST and verdict == "reentered")
