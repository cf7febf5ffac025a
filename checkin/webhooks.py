"""Who is told of arrivals over HTTP: adding and removing receivers, and what became of what they were sent.

Called by the desk and the API; the courier delivers.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.device_tables import alerts, deliveries, webhooks
from checkin.models import RobotFormat
from events.core import audit
from events.core.errors import NotFound
from events.core.ids import EventId, new_id
from events.tables import guests

EVENTS = ("guest.arrived",)
"""What a receiver is told of."""

_ENDING = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A receiver. Its address holds the key of a robot and is shown to nobody again, nor is the secret."""

    id: UUID
    url: str = field(repr=False)
    format: RobotFormat
    secret: str = field(repr=False)
    created_at: datetime

    @property
    def shown(self) -> str:
        """The address as people tell two of them apart: the host and the last characters."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}/…{self.url[-_ENDING:]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message to a receiver. `outcome`: waiting, sent, failed or removed; `detail` what went wrong last."""

    id: UUID
    webhook: Webhook
    guest: str
    guest_id: UUID
    arrived_at: datetime
    due_at: datetime | None
    tried_at: datetime | None
    attempts: int
    outcome: str
    detail: str


async def add_webhook(
    tx: AsyncConnection,
    event_id: EventId,
    url: str,
    *,
    robot: RobotFormat,
    secret: str,
    actor: str,
    now: datetime,
) -> Webhook:
    """A new receiver, told of every arrival from now on."""
    webhook = Webhook(id=new_id(), url=url, format=robot, secret=secret, created_at=now)
    row = {"event_id": event_id, "webhook_id": webhook.id, "url": url, "format": robot, "secret": secret}
    await tx.execute(sa.insert(webhooks).values(**row, created_at=now, removed_at=None))
    detail = {"format": robot.value, "url": webhook.shown}
    await audit.note(
        tx, event_id=event_id, actor=actor, action="webhook.added", now=now, subject_id=webhook.id, detail=detail
    )
    return webhook


async def remove_webhook(
    tx: AsyncConnection, event_id: EventId, webhook_id: UUID, *, actor: str, now: datetime
) -> None:
    """Tells the receiver nothing more, not even what waits, and forgets its key. Raises NotFound, at a repeat too."""
    same = webhooks.c.event_id == event_id, webhooks.c.webhook_id == webhook_id, webhooks.c.removed_at.is_(None)
    webhook = await webhook_by_id(tx, event_id, webhook_id)
    forgotten = {"url": webhook.shown, "secret": "", "removed_at": now}
    if not (await tx.execute(sa.update(webhooks).where(*same).values(**forgotten))).rowcount:
        raise NotFound
    waiting = deliveries.c.event_id == event_id, deliveries.c.webhook_id == webhook_id, deliveries.c.due_at.is_not(None)
    await tx.execute(sa.update(deliveries).where(*waiting).values(due_at=None, outcome="removed"))
    await audit.note(tx, event_id=event_id, actor=actor, action="webhook.removed", now=now, subject_id=webhook_id)


async def webhooks_of(tx: AsyncConnection, event_id: EventId) -> list[Webhook]:
    """The standing receivers, in the order in which they were added."""
    standing = webhooks.c.event_id == event_id, webhooks.c.removed_at.is_(None)
    rows = await tx.execute(sa.select(webhooks).where(*standing).order_by(webhooks.c.webhook_id))
    return [webhook_of(row) for row in rows]


async def webhook_by_id(tx: AsyncConnection, event_id: EventId, webhook_id: UUID) -> Webhook:
    """A standing receiver; raises NotFound."""
    same = webhooks.c.event_id == event_id, webhooks.c.webhook_id == webhook_id, webhooks.c.removed_at.is_(None)
    row = (await tx.execute(sa.select(webhooks).where(*same))).one_or_none()
    if row is None:
        raise NotFound
    return webhook_of(row)


async def deliveries_of(tx: AsyncConnection, event_id: EventId, *, limit: int) -> list[Delivery]:
    """The latest messages with what became of them, newest first."""
    joined = (
        deliveries.join(webhooks, _same(deliveries, webhooks, "webhook_id"))
        .join(alerts, _same(deliveries, alerts, "alert_id"))
        .join(guests, _same(alerts, guests, "guest_id"))
    )
    own = *deliveries.c, alerts.c.at, alerts.c.guest_id, guests.c.name
    receiver = webhooks.c.url, webhooks.c.format, webhooks.c.secret, webhooks.c.created_at
    chosen = sa.select(*own, *receiver).select_from(joined).where(deliveries.c.event_id == event_id)
    return [_delivery(row) for row in await tx.execute(chosen.order_by(deliveries.c.delivery_id.desc()).limit(limit))]


def webhook_of(row: sa.Row[Any]) -> Webhook:
    """The receiver in a row of `webhooks`."""
    return Webhook(id=row.webhook_id, url=row.url, format=row.format, secret=row.secret, created_at=row.created_at)


def _same(one: sa.Table, other: sa.Table, key: str) -> sa.ColumnElement[bool]:
    return sa.and_(other.c.event_id == one.c.event_id, other.c[key] == one.c[key])


def _delivery(row: sa.Row[Any]) -> Delivery:
    return Delivery(
        id=row.delivery_id,
        webhook=webhook_of(row),
        guest=row.name,
        guest_id=row.guest_id,
        arrived_at=row.at,
        due_at=row.due_at,
        tried_at=row.tried_at,
        attempts=row.attempts,
        outcome=row.outcome,
        detail=row.detail,
    )
