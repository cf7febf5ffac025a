"""Who is excused because somebody stands for them: worked out from all substitutions, kept for the attendance record.

Called by every verb that gives a part to somebody, takes it away, or puts a round aside.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.stage.acts import ASIDE
from checkin.stage.models import ParticipantId, Substitution
from checkin.stage.store import substitutions_of
from checkin.stage.tables import participants, rounds
from checkin.tables import excuses
from events.core.ids import EventId
from events.models import GuestId


@dataclass(frozen=True, slots=True, kw_only=True)
class Excuse:
    """Why somebody need not come, since when (UTC), and who has their part now."""

    represented_by: GuestId
    reason: str
    at: datetime
    actor: str


def excuses_of(made: Iterable[Substitution], *, needed: Collection[GuestId] = ()) -> Mapping[GuestId, Excuse]:
    """Everybody who gave up a part and has not taken it back; `made`: first to last.

    After A → B → C, A and B are excused and C stands for both; after A → B → A nobody is. Who gave up parts in several
    rounds is represented by whoever took the last one. Whoever is `needed` for another part is not excused.
    """
    parts: defaultdict[ParticipantId, list[Substitution]] = defaultdict(list)
    for each in made:
        parts[each.participant_id].append(each)
    found = [pair for each in parts.values() for pair in _of_part(each)]
    still_free = [pair for pair in found if pair[0] not in needed]
    return dict(sorted(still_free, key=lambda pair: pair[1].at))


async def rewrite_excuses(tx: AsyncConnection, event_id: EventId) -> None:
    """Brings the excuses of everybody who ever gave up a part up to date; hold the event before."""
    made = [each for those in (await substitutions_of(tx, event_id)).values() for each in those]
    if not made:
        return
    await tx.execute(sa.delete(excuses).where(excuses.c.event_id == event_id))
    for guest_id, excuse in excuses_of(made, needed=await _needed(tx, event_id)).items():
        await tx.execute(sa.insert(excuses).values(event_id=event_id, guest_id=guest_id, **_row(excuse)))


async def _needed(tx: AsyncConnection, event_id: EventId) -> set[GuestId]:
    """Whoever has a part in a round that was not put aside."""
    held = sa.and_(rounds.c.event_id == participants.c.event_id, rounds.c.round_id == participants.c.round_id)
    chosen = sa.select(participants.c.guest_id).select_from(participants.join(rounds, held))
    here = participants.c.event_id == event_id, rounds.c.state.not_in(ASIDE)
    return {GuestId(each) for each in (await tx.execute(chosen.where(*here))).scalars() if each}


def _of_part(made: Iterable[Substitution]) -> list[tuple[GuestId, Excuse]]:
    """Those who gave up one part, each with the excuse: whoever takes it back makes all that followed undone."""
    line: list[GuestId] = []
    given_up: dict[GuestId, Substitution] = {}
    for each in made:
        line = line or [each.original_id]
        given_up[each.original_id] = each
        back = each.substitute_id in line
        line = line[: line.index(each.substitute_id) + 1] if back else [*line, each.substitute_id]
    *excused, holder = line
    return [(guest_id, _excuse(given_up[guest_id], holder)) for guest_id in excused]


def _excuse(made: Substitution, holder: GuestId) -> Excuse:
    return Excuse(represented_by=holder, reason=made.reason, at=made.at, actor=made.actor)


def _row(excuse: Excuse) -> dict[str, object]:
    said = {"reason": excuse.reason, "at": excuse.at, "actor": excuse.actor}
    return {"represented_by": excuse.represented_by, **said}
