"""Opening gates."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin import store
from checkin.models import Gate, GateId
from events.core import audit
from events.core.errors import Conflict, Invalid
from events.core.ids import EventId, new_id
from events.store import categories_of

MAIN_ENTRANCE = "正门 Main entrance"


async def open_gate(tx: AsyncConnection, event_id: EventId, gate: Gate, *, actor: str, now: datetime) -> None:
    """Adds a gate. Raises Conflict for a name that is taken, Invalid for a category that the event has not."""
    if gate.admits - {category.key for category in await categories_of(tx, event_id)}:
        raise Invalid(fields={"admits": "not_offered"})
    try:
        async with tx.begin_nested():
            await tx.run_sync(store.add_gate, event_id, gate)
    except IntegrityError as error:
        raise Conflict("gate_taken", name=gate.name) from error
    await audit.note(
        tx,
        event_id=event_id,
        actor=actor,
        action="gate.opened",
        now=now,
        subject_id=gate.id,
        detail={"name": gate.name},
    )


async def usable_gates(tx: AsyncConnection, event_id: EventId, *, actor: str, now: datetime) -> list[Gate]:
    """The event's gates; an event without any gets its main entrance, so that the door always opens."""
    if gates := await tx.run_sync(store.gates_of, event_id):
        return gates
    with suppress(Conflict):  # another door opened it in the same moment
        await open_gate(tx, event_id, Gate(id=GateId(new_id()), name=MAIN_ENTRANCE), actor=actor, now=now)
    return await tx.run_sync(store.gates_of, event_id)
