"""Delivers arrivals to webhooks, one process's share of them; `events.app` runs it beside the server.

A delivery is queued with its alert and made at least once: a process that ends in the middle leaves it to the next.
Several processes may deliver at once: a row is claimed by moving its `due_at`.
"""

import logging
import random
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import anyio
import httpx
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.alert_mail import Herald
from checkin.device_tables import deliveries, webhooks
from checkin.models import RobotFormat
from checkin.robots import PER_MINUTE, Told, complaint, posting
from checkin.webhooks import Webhook, webhook_of
from events.core.clock import Clock
from events.core.database import Database
from events.core.ids import EventId
from events.models import Event

TIMEOUT_S = 5.0

_CLAIM = timedelta(minutes=1)
_PACE = timedelta(seconds=10)
_BATCH = 10
_MAX_ATTEMPTS = 10
_FIRST_WAIT_S, _LONGEST_WAIT_S = 5, 600
_LONGEST_ANSWER = 65_536
_LONGEST_DETAIL = 400
_IDLE_S = 2.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Errand:
    event_id: EventId
    id: UUID
    alert_id: UUID
    attempts: int
    webhook: Webhook


@dataclass(slots=True)
class Courier:
    """Delivers what is due. `chance` gives numbers from 0 to 1 that keep receivers from being asked all at once."""

    database: Database
    clock: Clock
    client: httpx.AsyncClient
    herald: Herald
    chance: Callable[[], float] = random.random
    _wake: anyio.Event = field(default_factory=anyio.Event)

    def wake(self) -> None:
        """Says that something was queued, so that nobody waits for the next round."""
        self._wake.set()

    async def run(self) -> None:
        """Delivers until cancelled."""
        while True:
            self._wake = anyio.Event()
            if not await self._round():
                with anyio.move_on_after(_IDLE_S):
                    await self._wake.wait()

    async def deliver_due(self) -> int:
        """One round: claims what is due and delivers it, side by side; how many deliveries it took up."""
        now = self.clock.now()
        if not await self.database.read(lambda tx: _is_any_due(tx, now)):
            return 0
        claimed = await self.database.write(lambda tx: _claim(tx, now))
        async with anyio.create_task_group() as tasks:
            for errand in claimed:
                tasks.start_soon(self._deliver, errand)
        return len(claimed)

    async def try_out(self, webhook: Webhook, event: Event) -> str:
        """Sends a test at once; why it failed, empty where it arrived."""
        try:
            return await self._post(webhook, self.herald.test(event))
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            return _brief(error)

    async def _round(self) -> int:
        try:
            return await self.deliver_due()
        except Exception:
            logger.exception("the webhooks could not be worked off; trying again")
            return 0

    async def _deliver(self, errand: _Errand) -> None:
        try:
            told = await self.herald.told(errand.event_id, errand.alert_id)
            refused = await self._post(errand.webhook, told)
        except (httpx.HTTPError, OSError, SQLAlchemyError) as error:
            await self._postpone(errand, _brief(error))
        except Exception as error:  # one message that cannot be written must not hold up the others
            logger.exception("delivery %s cannot be made", errand.id)
            await self._settle(errand, "failed", _brief(error))
        else:
            await (self._postpone(errand, refused) if refused else self._settle(errand, "sent", ""))

    async def _post(self, webhook: Webhook, told: Told) -> str:
        """Sends and answers why it was refused; empty where it was taken. The receiver has `TIMEOUT_S` in all."""
        sent = posting(webhook.format, told, url=webhook.url, secret=webhook.secret, at=self.clock.now())
        with anyio.fail_after(TIMEOUT_S):
            async with self.client.stream("POST", sent.url, content=sent.body, headers=sent.headers) as answer:
                return complaint(webhook.format, answer.status_code, await _beginning(answer))

    async def _postpone(self, errand: _Errand, detail: str) -> None:
        if errand.attempts >= _MAX_ATTEMPTS:
            await self._settle(errand, "failed", detail)
            return
        wait = min(_FIRST_WAIT_S * 2 ** (errand.attempts - 1), _LONGEST_WAIT_S)
        due = self.clock.now() + timedelta(seconds=wait * (0.75 + self.chance() / 2))
        await self.database.write(lambda tx: _update(tx, errand, due_at=due, detail=detail))

    async def _settle(self, errand: _Errand, outcome: str, detail: str) -> None:
        await self.database.write(lambda tx: _update(tx, errand, due_at=None, outcome=outcome, detail=detail))


def client_for_webhooks() -> httpx.AsyncClient:
    """A client that follows nobody elsewhere."""
    headers = {"User-Agent": "Yingbin"}
    return httpx.AsyncClient(verify=_authorities(), timeout=TIMEOUT_S, follow_redirects=False, headers=headers)


@cache
def _authorities() -> ssl.SSLContext:
    """Whom a receiver's certificate may be from, read once a process."""
    return httpx.create_ssl_context()


async def _is_any_due(tx: AsyncConnection, now: datetime) -> bool:
    due = sa.select(deliveries.c.delivery_id).where(deliveries.c.due_at <= now).limit(1)
    return (await tx.execute(due)).first() is not None


async def _claim(tx: AsyncConnection, now: datetime) -> list[_Errand]:
    same = sa.and_(webhooks.c.event_id == deliveries.c.event_id, webhooks.c.webhook_id == deliveries.c.webhook_id)
    receiver = webhooks.c.url, webhooks.c.format, webhooks.c.secret, webhooks.c.created_at
    due = sa.select(deliveries, *receiver).join(webhooks, same).where(deliveries.c.due_at <= now)
    due = due.order_by(deliveries.c.due_at, deliveries.c.delivery_id).limit(_BATCH)
    room: dict[UUID, int] = {}
    claimed: list[_Errand] = []
    for row in await tx.execute(due.with_for_update(skip_locked=True, of=deliveries)):
        errand = _errand(row)
        left = room[errand.webhook.id] = (
            room[errand.webhook.id] if errand.webhook.id in room else await _room(tx, errand, now)
        ) - 1
        if left < 0:
            await _update(tx, errand, due_at=now + _PACE)
            continue
        await _update(tx, errand, due_at=now + _CLAIM, tried_at=now, attempts=errand.attempts)
        claimed.append(errand)
    return claimed


async def _room(tx: AsyncConnection, errand: _Errand, now: datetime) -> int:
    """How many messages the receiver takes now: robots only so many a minute."""
    if errand.webhook.format is RobotFormat.GENERIC:
        return _BATCH
    same = deliveries.c.event_id == errand.event_id, deliveries.c.webhook_id == errand.webhook.id
    lately = deliveries.c.tried_at > now - timedelta(minutes=1)
    return PER_MINUTE - (await tx.execute(sa.select(sa.func.count()).where(*same, lately))).scalar_one()


async def _update(tx: AsyncConnection, errand: _Errand, **values: object) -> None:
    """Changes a delivery that still waits: what was removed meanwhile stays so."""
    same = deliveries.c.event_id == errand.event_id, deliveries.c.delivery_id == errand.id
    await tx.execute(sa.update(deliveries).where(*same, deliveries.c.outcome == "waiting").values(**values))


async def _beginning(answer: httpx.Response) -> bytes:
    """As much of the answer as a robot's can be."""
    taken = b""
    async for part in answer.aiter_bytes():
        taken += part
        if len(taken) > _LONGEST_ANSWER:
            break
    return taken


def _errand(row: sa.Row[Any]) -> _Errand:
    return _Errand(EventId(row.event_id), row.delivery_id, row.alert_id, row.attempts + 1, webhook_of(row))


def _brief(error: Exception) -> str:
    return "".join(filter(str.isprintable, f"{type(error).__name__}: {error}"))[:_LONGEST_DETAIL]
