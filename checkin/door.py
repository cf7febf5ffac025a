"""The door: takes scans from all requests, and answers each only after its commit.

Scans that arrive while a commit is under way wait together and share the next one; that is what makes thousands of
durable check-ins a second possible on one disk.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import anyio
from anyio.abc import TaskGroup

from checkin.admitting import admit
from checkin.models import Scan
from events.core.clock import Clock
from events.core.database import Database
from events.core.ids import EventId
from events.core.live import Live

_SHARED = 256


@dataclass(slots=True)
class _Waiting:
    """Scans of one request, and what became of them."""

    scans: Sequence[Scan]
    done: anyio.Event = field(default_factory=anyio.Event)
    answers: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    error: Exception | None = None


class Door:
    """Takes scans of all requests of this process and admits them together."""

    def __init__(self, database: Database, clock: Clock, live: Live, tasks: TaskGroup) -> None:
        self._database = database
        self._clock = clock
        self._live = live
        self._tasks = tasks
        self._queues: dict[EventId, list[_Waiting]] = {}

    async def admit(self, event_id: EventId, scans: Sequence[Scan]) -> list[dict[str, Any]]:
        """The answers in the order of `scans`, durable before they are given; a known id gets its first answer.

        Raises Invalid for a gate that the event has not. A caller that goes away leaves its scans recorded.
        """
        waiting = _Waiting(scans)
        queue = self._queues.get(event_id)
        if queue is None:
            self._queues[event_id] = [waiting]
            self._tasks.start_soon(self._work_off, event_id)
        else:
            queue.append(waiting)
        await waiting.done.wait()
        if waiting.error:
            raise waiting.error
        return waiting.answers

    async def _work_off(self, event_id: EventId) -> None:
        while queue := self._queues[event_id]:
            batch, self._queues[event_id] = queue[:_SHARED], queue[_SHARED:]
            await self._settle(event_id, batch)
        del self._queues[event_id]

    async def _settle(self, event_id: EventId, batch: list[_Waiting]) -> None:
        try:
            await self._admit_together(event_id, batch)
        except Exception as error:  # noqa: BLE001 — handed to the callers; one bad scan must not fail the others
            if len(batch) == 1:
                batch[0].error = error
            else:
                for waiting in batch:
                    await self._settle(event_id, [waiting])
        for waiting in batch:
            waiting.done.set()

    async def _admit_together(self, event_id: EventId, batch: list[_Waiting]) -> None:
        scans = [scan for waiting in batch for scan in waiting.scans]
        now = self._clock.now()
        answers = await self._database.write_at_once(lambda tx: admit(tx, event_id, scans, now=now))
        self._live.publish(event_id)
        following = iter(answers)
        for waiting in batch:
            waiting.answers = [next(following) for _ in waiting.scans]
