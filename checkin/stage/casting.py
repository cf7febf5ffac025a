"""Parties and people of a round, from a form that was typed or sent: checked against the event and the round before.

Called by `rounds`.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.stage.models import ROLES, Participant, ParticipantId, Party, Role, Round
from checkin.stage.round_form import ParticipantForm, RoundForm
from events.core.errors import Invalid
from events.core.ids import EventId, new_id
from events.models import GuestId
from events.store import hosts_of
from events.tables import guests


async def cast_of(
    tx: AsyncConnection, this: Round, form: RoundForm
) -> tuple[tuple[Party, ...], tuple[Participant, ...]]:
    """The parties and the parts that a form describes, in their order.

    Raises Invalid by field for a side, party, role or guest that is not there, and for the id of another round's part.
    """
    sides = {"", *(host.key for host in await hosts_of(tx, this.event_id))}
    wrong = {f"parties.{at}.side": "not_offered" for at, party in enumerate(form.parties) if party.side not in sides}
    known = await _known(tx, this.event_id, {part.guest_id for part in form.participants if part.guest_id})
    for at, part in enumerate(form.participants):
        wrong |= {f"participants.{at}.{field}": code for field, code in _wrong(part, this, form, known).items()}
    wrong |= _repeated_ids(form.participants)
    if wrong:
        raise Invalid(fields=wrong)
    return _parties(form), _parts(form)


def check_replacements(before: Round, after: Round, *, planned: bool, swapped: Collection[ParticipantId]) -> None:
    """Raises Invalid where an edit would replace or drop somebody silently.

    While a round is `planned` people come and go, except from parts that were `swapped`; later by substitution only.
    """
    kept = {part.id: part for part in after.participants}
    wrong: dict[str, str] = {}
    for part in before.participants:
        held = part.guest_id is not None and (part.id in swapped or not planned)
        if held and part.id not in kept and not planned:
            wrong["participants"] = "substitute_instead"
        elif held and part.id in kept and kept[part.id].guest_id != part.guest_id:
            at = [each.id for each in after.participants].index(part.id)
            wrong[f"participants.{at}.guest_id"] = "substitute_instead"
    if wrong:
        raise Invalid(fields=wrong)


async def _known(tx: AsyncConnection, event_id: EventId, wanted: Collection[UUID]) -> set[UUID]:
    """Which of the guests the event has."""
    chosen = sa.select(guests.c.guest_id).where(guests.c.event_id == event_id, guests.c.guest_id.in_(wanted))
    return set((await tx.execute(chosen)).scalars())


def _wrong(part: ParticipantForm, this: Round, form: RoundForm, known: Collection[UUID]) -> Mapping[str, str]:
    own = {each.id for each in this.participants}
    found = {
        "id": part.id is not None and part.id not in own,
        "role": part.role not in ROLES[this.kind],
        "party": part.party > len(form.parties),
        "guest_id": part.guest_id is not None and part.guest_id not in known,
    }
    return {field: "not_offered" for field, is_wrong in found.items() if is_wrong}


def _repeated_ids(parts: Sequence[ParticipantForm]) -> Mapping[str, str]:
    counted = Counter(part.id for part in parts if part.id)
    return {f"participants.{at}.id": "not_valid" for at, part in enumerate(parts) if part.id and counted[part.id] > 1}


def _parties(form: RoundForm) -> tuple[Party, ...]:
    return tuple(
        Party(number=number, name=party.name, short=party.short, hosting=party.hosting, side=party.side)
        for number, party in enumerate(form.parties, 1)
    )


def _parts(form: RoundForm) -> tuple[Participant, ...]:
    """In the order in which the store reads them; whoever has no position stands behind who came before."""
    counted: Counter[tuple[Role, int]] = Counter()
    parts: list[Participant] = []
    for part in form.participants:
        counted[part.role, part.party] += 1
        parts.append(_part(part, position=part.position or counted[part.role, part.party]))
    return tuple(sorted(parts, key=lambda part: (part.party, part.position, part.id)))


def _part(part: ParticipantForm, *, position: int) -> Participant:
    return Participant(
        id=ParticipantId(part.id or new_id()),
        role=part.role,
        party=part.party,
        guest_id=GuestId(part.guest_id) if part.guest_id else None,
        title=part.title,
        position=position,
        seat=part.seat,
        place=part.place,
    )
