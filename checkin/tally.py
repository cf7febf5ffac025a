"""Whether what is counted twice comes out the same; `yingbin verify` asks.

Who is in the house is kept beside the first entries from which it follows, and so is the number of seats taken.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.tables import admissions, presence
from events.models import Event, GuestStatus
from events.tables import guests


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """entered: guests who came in. admitted: those of them whose first entry is on record. seated: whose registration
    takes a seat; counted: how many seats the event counts."""

    entered: int
    admitted: int
    seated: int
    counted: int

    @property
    def agrees(self) -> bool:
        """Whether both counts are the same."""
        return (self.entered, self.seated) == (self.admitted, self.counted)

    def __str__(self) -> str:
        if self.agrees:
            return f"{self.entered} people came in, {self.seated} seats are taken: both counts agree"
        came = f"{self.entered} people came in by presence and {self.admitted} by first entries"
        return f"{came}; {self.seated} seats are taken by registrations and {self.counted} by the event"


async def tally_of(tx: AsyncConnection, event: Event) -> Tally:
    """The counts of an event."""
    came = presence.c.event_id == event.id, presence.c.first_scan_id.is_not(None)
    same = sa.and_(*(admissions.c[name] == presence.c[name] for name in ("event_id", "guest_id", "attempt")))
    seats = guests.c.event_id == event.id, guests.c.status.in_((GuestStatus.CONFIRMED, GuestStatus.PENDING))
    here = sa.select(sa.func.count())
    return Tally(
        entered=(await tx.execute(here.select_from(presence).where(*came))).scalar_one(),
        admitted=(await tx.execute(here.select_from(presence.join(admissions, same)).where(*came))).scalar_one(),
        seated=(await tx.execute(here.select_from(guests).where(*seats))).scalar_one(),
        counted=event.registered,
    )
