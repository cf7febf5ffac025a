"""Announced arrivals as they are told: on the board, on the desk, by mail and to robots."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.device_tables import alerts
from checkin.tables import undos
from events.core.errors import NotFound
from events.core.i18n import Language
from events.core.ids import EventId
from events.models import Event, Text
from events.tables import categories, guests

_HONG_KONG = {"Asia/Hong_Kong", "Asia/Macau", "Asia/Taipei"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """Whom an alert speaks of."""

    id: UUID
    name: str
    name_latin: str
    organisation: str
    job_title: str
    pick_slot: str
    category: str
    category_name: Text
    category_colour: str

    @property
    def second_name(self) -> str:
        """The Latin name where it says something else."""
        return self.name_latin if self.name_latin != self.name else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An arrival. companion: who was scanned, where it is the leader who is announced. taken_back: by an undo."""

    id: UUID
    at: datetime
    gate: str
    guest: Announced
    companion: str
    companion_id: UUID | None
    taken_back: bool


_companions = guests.alias("companions")
_ALERTS = (
    sa.select(
        alerts,
        guests.c.name,
        guests.c.name_latin,
        guests.c.organisation,
        guests.c.job_title,
        guests.c.pick_slot,
        guests.c.category,
        categories.c.name.label("category_name"),
        categories.c.colour,
        _companions.c.name.label("companion"),
        undos.c.undo_id,
    )
    .join(guests, sa.and_(guests.c.event_id == alerts.c.event_id, guests.c.guest_id == alerts.c.guest_id))
    .join(categories, sa.and_(categories.c.event_id == guests.c.event_id, categories.c.key == guests.c.category))
    .outerjoin(
        _companions,
        sa.and_(_companions.c.event_id == alerts.c.event_id, _companions.c.guest_id == alerts.c.companion_id),
    )
    .outerjoin(undos, sa.and_(undos.c.event_id == alerts.c.event_id, undos.c.scan_id == alerts.c.scan_id))
)


async def alerts_of(tx: AsyncConnection, event_id: EventId, *, limit: int) -> list[Alert]:
    """The latest arrivals that were announced, newest first."""
    latest = _ALERTS.where(alerts.c.event_id == event_id).order_by(alerts.c.alert_id.desc()).limit(limit)
    return [_alert(row) for row in await tx.execute(latest)]


async def honours_of(tx: AsyncConnection, event_id: EventId, *, limit: int) -> list[Alert]:
    """The latest guests of honour, each once and as told last: who belongs to a category that asks for attention."""
    latest = _ALERTS.where(alerts.c.event_id == event_id, categories.c.attention).order_by(alerts.c.alert_id.desc())
    by_guest: dict[UUID, Alert] = {}
    for row in await tx.execute(latest.limit(4 * limit)):
        by_guest.setdefault(row.guest_id, _alert(row))
    return list(by_guest.values())[:limit]


async def alert_by_id(tx: AsyncConnection, event_id: EventId, alert_id: UUID) -> Alert:
    """An announced arrival; raises NotFound."""
    chosen = _ALERTS.where(alerts.c.event_id == event_id, alerts.c.alert_id == alert_id)
    row = (await tx.execute(chosen)).one_or_none()
    if row is None:
        raise NotFound
    return _alert(row)


def house_language(event: Event) -> Language:
    """The language in which the house speaks to its own people where nobody said which: that of the event's title,
    Chinese before English, and traditional Chinese first where it is written."""
    title = event.title
    if title.zh_hant and (event.timezone in _HONG_KONG or not title.zh_hans):
        return Language.ZH_HANT
    return Language.ZH_HANS if title.zh_hans else Language.EN


def _alert(row: sa.Row[Any]) -> Alert:
    return Alert(
        id=row.alert_id,
        at=row.at,
        gate=row.gate,
        guest=Announced(
            id=row.guest_id,
            name=row.name,
            name_latin=row.name_latin,
            organisation=row.organisation,
            job_title=row.job_title,
            pick_slot=row.pick_slot,
            category=row.category,
            category_name=row.category_name,
            category_colour=row.colour,
        ),
        companion=row.companion or "",
        companion_id=row.companion_id,
        taken_back=row.undo_id is not None,
    )
