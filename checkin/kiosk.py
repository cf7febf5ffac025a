"""A guest without a code at hand finds themselves: four last digits of the phone and the surname, both of them right.

Called by `checkin/kiosk_api.py`. What a kiosk tells, anybody who stands before it can ask: names of nobody else.
"""

from datetime import datetime, timedelta
from itertools import pairwise

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.models import Direction
from checkin.tables import scans, undos
from events.core.auth import Principal
from events.core.errors import NotFound
from events.core.ids import EventId
from events.models import Guest, GuestId, GuestStatus
from events.names import fold, like_patterns, order
from events.store import GUESTS, guest_by_id, guest_of
from events.tables import guests

ROWS = 3
PRINTED_WITHIN = timedelta(minutes=10)
_DIGITS = 4
_OFFERED = (GuestStatus.CONFIRMED, GuestStatus.PENDING, GuestStatus.WAITLISTED)
_SURNAME_OR_WORD = 1
_BEGINNING = 2
_WITHOUT_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


async def find_self(tx: AsyncConnection, event_id: EventId, *, digits: str, surname: str) -> list[Guest]:
    """The guests of whom both are true, three at most; whoever is not expected at all is nobody."""
    known = [guests.c.search_keys.like(pattern, escape="\\") for pattern in like_patterns(digits)]
    chosen = GUESTS.where(guests.c.event_id == event_id, guests.c.status.in_(_OFFERED), *known)
    found = [guest_of(row) for row in await tx.execute(chosen.order_by(guests.c.guest_id))]
    theirs = [guest for guest in found if _ends_in(guest.phone, digits)]
    return [guest for guest in theirs if answers_to(surname, guest.name, guest.name_latin)][:ROWS]


def answers_to(surname: str, name: str, name_latin: str = "") -> bool:
    """Whether somebody of this name would give `surname` as theirs: in either script, in any reading of its
    characters, or as a word of the Latin spelling (two words where a surname has two: Au Yeung, Fan Tsui)."""
    asked = fold(surname).replace(" ", "")
    written = f"{name_latin} {name}".casefold()
    if any(asked in _words(spelling) for spelling in (written, written.translate(_WITHOUT_UMLAUTS))):
        return True
    if not _is_one_word(asked):
        return False
    return order(asked, name, name_latin) <= (_SURNAME_OR_WORD if asked.isascii() else _BEGINNING)


async def just_admitted(
    tx: AsyncConnection, event_id: EventId, guest_id: GuestId, principal: Principal, *, now: datetime
) -> Guest:
    """The guest whom this device, or this person, let in within the last ten minutes; raises NotFound for any other."""
    own = scans.c.device_id == principal.device_id if principal.device_id else scans.c.actor == principal.name
    let_in = scans.c.direction == Direction.ENTRY, scans.c.entered, ~scans.c.rehearsal
    lately = scans.c.guest_id == guest_id, scans.c.received_at >= now - PRINTED_WITHIN
    taken_back = sa.exists().where(undos.c.event_id == scans.c.event_id, undos.c.scan_id == scans.c.scan_id)
    standing = sa.select(scans.c.scan_id).where(scans.c.event_id == event_id, own, *let_in, *lately, ~taken_back)
    if (await tx.execute(standing.limit(1))).first() is None:
        raise NotFound
    return await guest_by_id(tx, event_id, guest_id)


def _words(spelling: str) -> set[str]:
    """Each word of a name, and each two that follow each other."""
    words = fold(spelling).split()
    return {*words, *(first + second for first, second in pairwise(words))}


def _ends_in(phone: str, digits: str) -> bool:
    return "".join(filter(str.isdigit, phone))[-_DIGITS:] == digits


def _is_one_word(asked: str) -> bool:
    """Whether it is one piece to `order`, which would be content with any of several."""
    letters = [character for character in asked if character.isascii()]
    return asked.isalpha() and len(letters) in {0, len(asked)}
