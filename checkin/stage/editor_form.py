"""From the editor's form to a `RoundForm`: whom the typed names mean, and everything that is wrong at once.

Called by the editor's pages in a reading; the verbs check again what they are given.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.stage.editor_sheet import Sheet
from checkin.stage.naming import guest_named, offered
from checkin.stage.round_form import RoundForm
from events.companions import label
from events.core.errors import Invalid, NotFound
from events.core.ids import EventId
from events.core.parsing import parsed
from events.models import Event, Guest, GuestId
from events.store import guest_by_id


async def form_of(tx: AsyncConnection, event: Event, sheet: Sheet) -> RoundForm:
    """What was typed; raises Invalid by the fields of `RoundForm`, which `Sheet.on_page` finds on the page."""
    named: dict[int, GuestId] = {}
    wrong: dict[str, str] = {}
    for at, row in enumerate(sheet.people):
        try:
            found = await _meant(tx, event.id, sheet, row)
        except Invalid as refused:
            wrong[f"participants.{at}.guest_id"] = refused.fields["substitute"]
        else:
            named |= {row: found} if found else {}
    try:
        form = parsed(RoundForm, sheet.described(event.zone, named))
    except Invalid as refused:
        raise Invalid(fields=refused.fields | wrong) from refused
    if wrong:
        raise Invalid(fields=wrong)
    return form


async def namesakes_in(
    tx: AsyncConnection, event_id: EventId, sheet: Sheet, fields: dict[str, str]
) -> dict[str, list[Guest]]:
    """Whom each field may mean that several answer to."""
    several = [name for name, code in fields.items() if code == "several"]
    return {name: await offered(tx, event_id, sheet.get(name)) for name in several}


async def _meant(tx: AsyncConnection, event_id: EventId, sheet: Sheet, row: int) -> GuestId | None:
    """Who is meant: whoever stood there, while nobody typed another; who was picked among namesakes; else by name."""
    text = sheet.get(f"people.{row}.guest")
    if not text:
        return None
    stood = await _guest(tx, event_id, sheet.get(f"people.{row}.guest_id"))
    if stood and label(stood) == text:
        return stood.id
    picked = await _guest(tx, event_id, sheet.get(f"people.{row}.chosen"))
    if picked and picked.id in {guest.id for guest in await offered(tx, event_id, text)}:
        return picked.id
    return (await guest_named(tx, event_id, text)).id


async def _guest(tx: AsyncConnection, event_id: EventId, text: str) -> Guest | None:
    try:
        return await guest_by_id(tx, event_id, GuestId(UUID(text)))
    except (ValueError, NotFound):
        return None
