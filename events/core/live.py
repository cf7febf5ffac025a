"""Tells whoever watches an event that something was committed. In this process only; says that, not what."""

from collections import defaultdict

import anyio

from events.core.ids import EventId


class Live:
    """One bell for each event. Published after commit, heard by every watcher that waits."""

    def __init__(self) -> None:
        self._bells: defaultdict[EventId, anyio.Event] = defaultdict(anyio.Event)

    def publish(self, event_id: EventId) -> None:
        """Rings the event's bell."""
        self._bells.pop(event_id, anyio.Event()).set()

    def bell(self, event_id: EventId) -> anyio.Event:
        """The bell that rings at the next change; take it before looking, so that no change is missed."""
        return self._bells[event_id]
