"""Mails that must not get lost: queued in the transaction that is their reason, delivered after it was committed.

A row says what to write to whom; the words are composed on delivery by the composer of its kind. Several processes may
deliver at once: a row is claimed by moving its `due_at`.
"""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import aiosmtplib
import anyio
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from events.core.clock import Clock
from events.core.database import Database
from events.core.errors import NotFound
from events.core.ids import EventId, new_id
from events.core.mail import Post
from events.core.tables import outbox

_CLAIM = timedelta(minutes=2)
_BATCH = 5
_MAX_ATTEMPTS = 12
_IDLE_S = 2.0
"""So soon a mail is noticed that the door or another process queued."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A row of the outbox. `outcome`: waiting, sent, kept or failed; `detail` the file's name or the error."""

    id: UUID
    event_id: EventId
    kind: str
    subject_id: UUID
    recipient: str
    created_at: datetime
    attempts: int
    outcome: str
    detail: str


Composer = Callable[[Message], Awaitable[EmailMessage]]


async def queue(
    tx: AsyncConnection, *, event_id: EventId, kind: str, subject_id: UUID, recipient: str, now: datetime
) -> None:
    """Adds a mail to the caller's transaction."""
    await tx.run_sync(queue_at_once, event_id=event_id, kind=kind, subject_id=subject_id, recipient=recipient, now=now)


def queue_at_once(
    tx: sa.Connection, *, event_id: EventId, kind: str, subject_id: UUID, recipient: str, now: datetime
) -> None:
    """As `queue`, for a transaction of `write_at_once`."""
    row = {"event_id": event_id, "message_id": new_id(), "kind": kind, "subject_id": subject_id}
    state = {"created_at": now, "due_at": now, "attempts": 0, "outcome": "waiting", "detail": ""}
    tx.execute(sa.insert(outbox).values(**row, recipient=recipient, **state))


async def last_queued_at(tx: AsyncConnection, *, event_id: EventId, kind: str, subject_id: UUID) -> datetime | None:
    """When a mail of that kind was last asked for about that subject."""
    same = outbox.c.event_id == event_id, outbox.c.subject_id == subject_id, outbox.c.kind == kind
    return (await tx.execute(sa.select(sa.func.max(outbox.c.created_at)).where(*same))).scalar_one()


async def messages_of(tx: AsyncConnection, event_id: EventId, *, limit: int = 200) -> list[Message]:
    """The newest mails of an event, newest first."""
    newest = sa.select(outbox).where(outbox.c.event_id == event_id).order_by(outbox.c.message_id.desc()).limit(limit)
    return [_message(row) for row in await tx.execute(newest)]


async def message_by_id(tx: AsyncConnection, event_id: EventId, message_id: UUID) -> Message:
    """A mail of an event; raises NotFound."""
    same = outbox.c.event_id == event_id, outbox.c.message_id == message_id
    row = (await tx.execute(sa.select(outbox).where(*same))).one_or_none()
    if row is None:
        raise NotFound
    return _message(row)


@dataclass(slots=True)
class Postman:
    """Delivers what is due, one process's share of it."""

    database: Database
    clock: Clock
    post: Post
    composers: Mapping[str, Composer]
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
        """One round: claims what is due and delivers it; how many messages it took up."""
        now = self.clock.now()
        if not await self.database.read(lambda tx: _is_any_due(tx, now)):
            return 0
        claimed = await self.database.write(lambda tx: _claim(tx, now))
        for message in claimed:
            await self._deliver(message)
        return len(claimed)

    async def _round(self) -> int:
        try:
            return await self.deliver_due()
        except Exception:
            logger.exception("the outbox could not be worked off; trying again")
            return 0

    async def _deliver(self, message: Message) -> None:
        try:
            mail = await self.composers[message.kind](message)
            outcome, detail = await self.post.send(mail, message.id)
        except (OSError, SQLAlchemyError, anyio.BrokenWorkerProcess, aiosmtplib.SMTPException) as error:
            await self._postpone(message, _brief(error))
        except Exception as error:  # one mail that cannot be written must not hold up the others
            logger.exception("mail %s cannot be written", message.id)
            await self._settle(message, "failed", _brief(error))
        else:
            await self._settle(message, outcome, detail)

    async def _postpone(self, message: Message, detail: str) -> None:
        if message.attempts >= _MAX_ATTEMPTS:
            await self._settle(message, "failed", detail)
            return
        wait = timedelta(seconds=min(15 * 2**message.attempts, 3600))
        due = self.clock.now() + wait
        await self.database.write(lambda tx: _update(tx, message, due_at=due, detail=detail))

    async def _settle(self, message: Message, outcome: str, detail: str) -> None:
        await self.database.write(lambda tx: _update(tx, message, due_at=None, outcome=outcome, detail=detail))


async def _is_any_due(tx: AsyncConnection, now: datetime) -> bool:
    """Asked before claiming, so that a process with nothing to do never waits for its turn to write."""
    return (await tx.execute(sa.select(outbox.c.message_id).where(outbox.c.due_at <= now).limit(1))).first() is not None


async def _claim(tx: AsyncConnection, now: datetime) -> list[Message]:
    due = sa.select(outbox).where(outbox.c.due_at <= now).order_by(outbox.c.due_at).limit(_BATCH)
    messages = [_message(row) for row in await tx.execute(due.with_for_update(skip_locked=True))]
    for message in messages:
        await _update(tx, message, due_at=now + _CLAIM, attempts=message.attempts + 1)
    return messages


async def _update(tx: AsyncConnection, message: Message, **values: object) -> None:
    row = outbox.c.event_id == message.event_id, outbox.c.message_id == message.id
    await tx.execute(sa.update(outbox).where(*row).values(**values))


def _message(row: sa.Row[Any]) -> Message:
    return Message(
        id=row.message_id,
        event_id=EventId(row.event_id),
        kind=row.kind,
        subject_id=row.subject_id,
        recipient=row.recipient,
        created_at=row.created_at,
        attempts=row.attempts,
        outcome=row.outcome,
        detail=row.detail,
    )


def _brief(error: Exception) -> str:
    return re.sub(r"[\s\x00]+", " ", f"{type(error).__name__}: {error}")[:400]
