"""From facts to sign-in sheets: who stands on which desk's list, in which order, and what of them is printed.

`desks_of` is asked by the sheets and by the page on which their ticks are entered, so that both agree.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from badges import signinsheet as paper
from checkin import store
from checkin.models import Gate, GateKind
from events.core.i18n import Language, say_period
from events.core.ids import EventId
from events.models import Category, Event, Guest, GuestId, TicketState
from events.names import index_letter, sort_key
from events.store import categories_of, confirmed_guests
from events.tables import tickets

MAX_DESKS = 12


class Split(StrEnum):
    """Among whom the list is divided."""

    LETTERS = "letters"
    CATEGORY = "category"
    GATE = "gate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Roll:
    """The confirmed guests of an event in order of their names, and what dividing and printing them takes.

    numbers: of each guest's ticket, which stay whoever registers later.
    """

    guests: Sequence[Guest]
    numbers: Mapping[GuestId, int]
    categories: Sequence[Category]
    gates: Sequence[Gate]


@dataclass(frozen=True, slots=True)
class Desk:
    """The guests of one desk in order. name: its letters, or the category or gate."""

    name: str
    guests: Sequence[Guest]


async def roll_of(tx: AsyncConnection, event_id: EventId) -> Roll:
    """The facts, the guests as yet in no order: see `in_order`."""
    return Roll(
        guests=await confirmed_guests(tx, event_id),
        numbers=await _ticket_numbers(tx, event_id),
        categories=await categories_of(tx, event_id),
        gates=await tx.run_sync(store.gates_of, event_id),
    )


def in_order(guests: Sequence[Guest]) -> list[Guest]:
    """By pinyin, Latin names among them; called in a thread, since thousands of names take half a second."""
    return sorted(guests, key=lambda guest: (sort_key(guest.name, guest.name_latin), guest.id))


def desks_of(roll: Roll, *, split: Split, desks: int, language: Language) -> list[Desk]:
    """The guests in order, divided; `desks` says among how many the letters are. None without a guest is named."""
    guests = in_order(roll.guests)
    if split is Split.LETTERS:
        return _by_letters(guests, desks)
    if split is Split.CATEGORY:
        names = {category.key: category.name.said_in(language) for category in roll.categories}
        return _by(guests, lambda guest: names[guest.category], list(names.values()))
    return _by(guests, lambda guest: _gate_for(guest, roll.gates), [*(gate.name for gate in roll.gates), _NO_GATE])


def sheet_of(
    event: Event, roll: Roll, desks: Sequence[Desk], *, now: datetime, language: Language
) -> paper.SignInSheet:
    """The sheets in `language`, its times for the event's zone."""
    kinds = {category.key: category for category in roll.categories}
    return paper.SignInSheet(
        title=event.title.said_in(language),
        when=say_period(event.starts_at, event.ends_at, event.zone, language),
        desks=[
            paper.Desk(name=desk.name, rows=[_row(guest, roll, kinds, language) for guest in desk.guests])
            for desk in desks
        ],
        printed_at=now,
        zone=event.zone,
        language=language.value,
    )


_NO_GATE = "–"


def _row(guest: Guest, roll: Roll, kinds: Mapping[str, Category], language: Language) -> paper.SignInRow:
    return paper.SignInRow(
        code=guest.code,
        number=roll.numbers[guest.id],
        letter=index_letter(guest.name, guest.name_latin),
        name=guest.name,
        name_latin=guest.name_latin,
        organisation=guest.organisation,
        category=kinds[guest.category].name.said_in(language),
        colour=kinds[guest.category].colour,
        slot=guest.pick_slot,
    )


def _by_letters(guests: Sequence[Guest], desks: int) -> list[Desk]:
    """Whole letters to each desk, so that each has about as many guests; fewer desks where there are few letters."""
    shares: dict[int, list[tuple[str, list[Guest]]]] = {}
    before = 0
    for letter, group in groupby(guests, key=lambda guest: index_letter(guest.name, guest.name_latin)):
        own = list(group)
        middle = before + len(own) / 2
        shares.setdefault(int(middle * desks / len(guests)), []).append((letter, own))
        before += len(own)
    return [_lettered(share) for share in shares.values()]


def _lettered(share: Sequence[tuple[str, Sequence[Guest]]]) -> Desk:
    first, last = share[0][0], share[-1][0]
    return Desk(first if first == last else f"{first} – {last}", [guest for _, own in share for guest in own])


def _by(guests: Sequence[Guest], name_of: Callable[[Guest], str], names: Sequence[str]) -> list[Desk]:
    shares: dict[str, list[Guest]] = {name: [] for name in names}
    for guest in guests:
        shares[name_of(guest)].append(guest)
    return [Desk(name, own) for name, own in shares.items() if own]


def _gate_for(guest: Guest, gates: Sequence[Gate]) -> str:
    """The entrance that admits the fewest categories and this one among them: where the guest is sent to."""
    entrances = [gate for gate in gates if gate.kind is GateKind.ENTRANCE]
    fitting = [gate for gate in entrances if not gate.admits or guest.category in gate.admits]
    chosen = min(fitting, key=lambda gate: (not gate.admits, len(gate.admits)), default=None)
    return chosen.name if chosen else _NO_GATE


async def _ticket_numbers(tx: AsyncConnection, event_id: EventId) -> dict[GuestId, int]:
    issued = tickets.c.event_id == event_id, tickets.c.state == TicketState.ISSUED
    rows = await tx.execute(sa.select(tickets.c.guest_id, tickets.c.serial).where(*issued))
    return {GuestId(row.guest_id): row.serial for row in rows}
