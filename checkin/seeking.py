"""Finding a guest by name at the door. The rows say who they are and where, never how to reach them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.tables import presence
from events import store
from events.core.i18n import Language
from events.core.ids import EventId
from events.guestlist import Sought, find_guests
from events.models import Category, Guest

_ROWS = 8


async def search_rows(tx: AsyncConnection, event_id: EventId, query: str, language: Language) -> list[dict[str, Any]]:
    """The eight nearest guests, each with category, status and whether they are inside."""
    found = (await find_guests(tx, event_id, Sought(query=query, limit=_ROWS))).guests
    categories = {category.key: category for category in await store.categories_of(tx, event_id)}
    own = presence.c.event_id == event_id, presence.c.guest_id.in_([guest.id for guest in found])
    rows = await tx.execute(sa.select(presence.c.guest_id, presence.c.inside, presence.c.first_at).where(*own))
    there = {row.guest_id: row for row in rows}
    return [_row(guest, categories[guest.category], there.get(guest.id), language) for guest in found]


def _row(guest: Guest, category: Category, there: Any, language: Language) -> dict[str, Any]:
    return {
        "id": str(guest.id),
        "name": guest.name,
        "name_latin": guest.name_latin,
        "organisation": guest.organisation,
        "category": guest.category,
        "category_name": category.name.said_in(language),
        "category_colour": category.colour,
        "status": guest.status.value,
        "inside": bool(there and there.inside),
        "first_at": there.first_at.isoformat() if there and there.first_at else None,
    }
