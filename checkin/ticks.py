"""Entering afterwards what was ticked on the sign-in sheets: who, and the time that stands on the paper.

The desk's page of ticks calls this. A tick is a scan of mode `paper`, whose id is made of event, guest, gate and how
often their entry was undone, so that entering a sheet twice does nothing the second time.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid5
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.models import Entry, GateId, Mode, Scan, ScanId, VerdictCode
from checkin.signin_sheet import Roll
from checkin.tables import presence
from events.core.errors import Invalid
from events.core.ids import EventId
from events.guestlist import Sought, find_guests
from events.models import Event, Guest, GuestId, GuestStatus
from events.names import order
from events.ticket import parse

_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.：]?([0-5][0-9])")
_CHOICES = 9


@dataclass(frozen=True, slots=True)
class Tick:
    """Somebody came, at (UTC)."""

    guest_id: GuestId
    at: datetime


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom some words may mean, nearest first. sure: it is the one guest there is, by the whole name or better."""

    guests: Sequence[Guest]
    sure: bool


def days_of(event: Event, now: datetime) -> list[date]:
    """The days of the event at its venue, the first one in any case, none that is still to come."""
    first, last = (moment.astimezone(event.zone).date() for moment in (event.starts_at, event.ends_at))
    last = max(first, min(last, now.astimezone(event.zone).date()))
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def moment_on_paper(text: str, *, day: date, zone: ZoneInfo, now: datetime) -> datetime:
    """When it was (UTC): `text` is 14:05, 1405 or 9.30.

    Raises Invalid for the field `at`: `missing`, `time` where it is none, `future`.
    """
    plain = "".join(text.split())
    found = _TIME.fullmatch(plain)
    if found is None:
        raise Invalid(fields={"at": "time" if plain else "missing"})
    moment = datetime.combine(day, time(int(found[1]), int(found[2])), zone).astimezone(UTC)
    if moment > now:
        raise Invalid(fields={"at": "future"})
    return moment


def read_ticks(
    times: Mapping[GuestId, str], *, day: date, zone: ZoneInfo, now: datetime
) -> tuple[list[Tick], dict[str, str]]:
    """The ticks whose times can be read, and the code of what is wrong with each of the others, by guest."""
    ready: list[Tick] = []
    wrong: dict[str, str] = {}
    for guest_id, text in times.items():
        try:
            ready.append(Tick(guest_id, moment_on_paper(text, day=day, zone=zone, now=now)))
        except Invalid as refused:
            wrong[str(guest_id)] = refused.fields["at"]
    return ready, wrong


def scans_of(
    event_id: EventId,
    ticks: Iterable[Tick],
    *,
    gate_id: GateId,
    undone: Mapping[GuestId, int],
    actor: str,
    actor_name: str,
) -> list[Scan]:
    """The ticks as the door admits them: people were let in on the word of whoever held the sheet.

    undone: how many first entries of each guest were, as far as any; what was undone can be entered again.
    """
    return [
        Scan(
            id=ScanId(uuid5(event_id, f"{tick.guest_id} paper {gate_id} {undone.get(tick.guest_id, 0)}")),
            gate_id=gate_id,
            guest_id=tick.guest_id,
            scanned_at=tick.at,
            mode=Mode.PAPER,
            local_verdict=VerdictCode.ADMITTED,
            actor=actor,
            actor_name=actor_name,
        )
        for tick in ticks
    ]


async def entries_of(tx: AsyncConnection, event_id: EventId) -> dict[GuestId, Entry]:
    """The first entries of all who came, however that is known."""
    facts = presence.c.guest_id, presence.c.first_at, presence.c.first_gate, presence.c.first_by
    chosen = sa.select(*facts).where(presence.c.event_id == event_id, presence.c.first_at.is_not(None))
    return {
        GuestId(row.guest_id): Entry(row.first_at, row.first_gate, row.first_by) for row in await tx.execute(chosen)
    }


async def undone_of(tx: AsyncConnection, event_id: EventId, ticks: Iterable[Tick]) -> dict[GuestId, int]:
    """How many first entries of these guests were undone, of those of whom any was."""
    own = presence.c.event_id == event_id, presence.c.guest_id.in_([tick.guest_id for tick in ticks])
    chosen = sa.select(presence.c.guest_id, presence.c.attempt).where(*own, presence.c.attempt > 0)
    return {GuestId(row.guest_id): row.attempt for row in await tx.execute(chosen)}


async def meant(tx: AsyncConnection, roll: Roll, event_id: EventId, words: str) -> Meant:
    """Whom somebody means who types or scans `words`: the code of a sheet, a ticket number, a badge slot, a name."""
    if exact := [guest for guest in roll.guests if _is_exactly(guest, words, roll.numbers)]:
        return Meant(exact, sure=len(exact) == 1)
    sought = Sought(query=words, status=GuestStatus.CONFIRMED, limit=_CHOICES)
    found = (await find_guests(tx, event_id, sought)).guests if words else []
    whole = [guest for guest in found if order(words, guest.name, guest.name_latin) == 0]
    return Meant(whole, sure=True) if len(whole) == 1 else Meant(found, sure=False)


def _is_exactly(guest: Guest, words: str, numbers: Mapping[GuestId, int]) -> bool:
    code, plain = parse(words), "".join(words.split()).upper()
    if code:
        return guest.code == code.text
    return plain in {f"{numbers[guest.id]}", guest.pick_slot.upper(), guest.pick_slot.upper().replace("-", "")} - {""}
