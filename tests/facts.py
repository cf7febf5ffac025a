"""What the tests of the door look at and send: rows, where a guest is, scans of a device without the server."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from checkin.tables import presence
from events.models import Guest
from tests.cast import Cast


async def rows_of(cast: Cast, table: sa.Table, **given: Any) -> list[sa.Row[Any]]:
    chosen = sa.select(table).where(table.c.event_id == cast.event.id).filter_by(**given)
    return list((await cast.database.read(lambda tx: tx.execute(chosen))).all())


async def presence_of(cast: Cast, guest: Guest) -> sa.Row[Any]:
    [row] = await rows_of(cast, presence, guest_id=guest.id)
    return row


def ago(cast: Cast, **time: float) -> str:
    return (cast.clock.now() - timedelta(**time)).isoformat()


def offline(cast: Cast, guest: Guest, local_verdict: str = "admitted", **given: Any) -> dict[str, Any]:
    return cast.scan(guest.code, mode="offline", local_verdict=local_verdict, **given)


async def late(cast: Cast, scan: dict[str, Any], local_verdict: str) -> dict[str, Any]:
    """Sends a scan again after its device had decided alone."""
    [answer] = await cast.scanned({**scan, "mode": "offline", "local_verdict": local_verdict})
    return answer
