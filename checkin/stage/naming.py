"""Who is meant by a name that somebody typed in a hurry. Called by the page of a round."""

from sqlalchemy.ext.asyncio import AsyncConnection

from events.companions import label
from events.core.errors import Invalid
from events.core.ids import EventId
from events.guestlist import Sought, find_guests
from events.models import Guest, GuestStatus
from events.names import order

_OFFERED = 12
_SEARCHED = 200
_GONE = {GuestStatus.CANCELLED, GuestStatus.DECLINED}


async def offered(
    tx: AsyncConnection, event_id: EventId, text: str, *, limit: int = _OFFERED, telephones_of: str = ""
) -> list[Guest]:
    """Whom the text may mean, the nearest name first; nobody for an empty one. telephones_of: see `Sought`."""
    name = text.partition(" · ")[0].strip()
    if not name:
        return []
    found = await find_guests(tx, event_id, Sought(query=name, limit=_SEARCHED, telephones_of=telephones_of))
    return [guest for guest in found.guests if guest.status not in _GONE][:limit]


async def guest_named(tx: AsyncConnection, event_id: EventId, text: str) -> Guest:
    """The one whom the text means: a label as offered, else a name as people say it.

    Raises Invalid for a name that nobody has, or several have.
    """
    found = await offered(tx, event_id, text, limit=_SEARCHED)
    labelled = [guest for guest in found if label(guest) == text.strip()]
    exact = labelled or [guest for guest in found if order(text, guest.name, guest.name_latin) == 0]
    [one, *others] = exact or found or [None]
    if one is None or others:
        raise Invalid(fields={"substitute": "several" if one else "not_offered"})
    return one
