"""Runs print jobs in worker processes, so that ten thousand badges never slow a scan.

The application keeps one press open and hands it the drawing functions. A worker starts with the first job that
finds none idle, reads the fonts once and stays for the next job; it ends with the event loop.
"""

import operator
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar, TypeVarTuple, cast

from anyio import BrokenWorkerProcess, CapacityLimiter, to_process, to_thread

Printed = TypeVar("Printed")
Parts = TypeVarTuple("Parts")


class Press:
    """At most `workers` jobs at a time; others wait in line. Use it as `async with Press() as press`."""

    def __init__(self, workers: int = 2) -> None:
        self._limiter = CapacityLimiter(workers)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is left to stop: every job ends with the task that waits for it."""

    async def print(self, function: Callable[[*Parts], Printed], *args: *Parts) -> Printed:
        """What `function(*args)` returns or raises, computed elsewhere; both must be picklable.

        Cancelling the caller kills the worker at once. A worker that dies on its own is replaced and the job
        tried once more; raises BrokenWorkerProcess when that fails too.
        """
        content = await to_thread.run_sync(pickle.dumps, partial(function, *args))
        job = cast("Callable[[], Printed]", _Packed(content))
        try:
            return await self._run(job)
        except BrokenWorkerProcess:
            return await self._run(job)

    async def _run(self, job: Callable[[], Printed]) -> Printed:
        return await to_process.run_sync(operator.call, job, cancellable=True, limiter=self._limiter)


@dataclass(frozen=True, slots=True)
class _Packed:
    """A job that was pickled in a thread, since thousands of guests would hold up the event loop."""

    content: bytes

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[bytes]]:
        """The worker finds the job itself in this place."""
        return pickle.loads, (self.content,)
