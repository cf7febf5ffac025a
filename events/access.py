"""Which event an address means, and whether whoever asks may."""

from uuid import UUID

from events.core.auth import Principal, Scope
from events.core.errors import NotFound
from events.core.ids import EventId
from events.core.web import Ask, principal_of
from events.models import Event, Guest, GuestId
from events.sides import discreet, require_own
from events.store import event_by_name, guest_by_id


async def event_for(request: Ask, scope: Scope) -> tuple[Event, Principal]:
    """The event named in the address, for somebody with `scope`; raises as `Principal.require`, NotFound."""
    principal = await principal_of(request)
    principal.require_somewhere(scope)
    event = await request.state["database"].read(lambda tx: event_by_name(tx, request.path_params["event"]))
    principal.require(scope, event.id)
    return event, principal


async def event_id_for(request: Ask, scope: Scope) -> tuple[EventId, Principal]:
    """As `event_for`, without asking the database where the address has the id: for the scan path."""
    event_id = _id_in(request.path_params["event"])
    if event_id is None:
        event, principal = await event_for(request, scope)
        return event.id, principal
    principal = await principal_of(request)
    principal.require(scope, EventId(event_id))
    return EventId(event_id), principal


async def guest_for(request: Ask, scope: Scope) -> tuple[Event, Guest, Principal]:
    """The guest named in the address, in the event named there, as the principal may see them.

    Raises as `event_for`, and Forbidden where somebody means to change a guest of the other hosting side.
    """
    event, principal = await event_for(request, scope)
    guest_id = _id_in(request.path_params["guest"])
    if guest_id is None:
        raise NotFound
    guest = await request.state["database"].read(lambda tx: guest_by_id(tx, event.id, GuestId(guest_id)))
    if scope is not Scope.READ:
        require_own(guest, principal)
    return event, discreet(guest, principal), principal


def _id_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
