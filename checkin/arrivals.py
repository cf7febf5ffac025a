"""Announces who has come in: a row for the pages, a mail for the liaison, a message for each webhook.

Called by the door in the transaction of the scans that are the reason; the outbox and the courier deliver afterwards.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from checkin.device_tables import alerts, deliveries, webhooks
from checkin.models import Arrival
from checkin.tables import presence, undos
from events.core.ids import EventId, new_id
from events.core.outbox import queue_at_once
from events.models import GuestId
from events.tables import guests

ARRIVAL = "arrival"
"""The kind of mail that tells a liaison."""

_NEWS = timedelta(hours=1)
"""Later than this an arrival is no news: it stands on the page, and nobody is written to."""


@dataclass(frozen=True, slots=True)
class _Leader:
    liaison: str
    is_there: bool


def announce(tx: sa.Connection, event_id: EventId, arrivals: Sequence[Arrival], *, now: datetime) -> int:
    """Announces those of `arrivals` that somebody waits for; how many announcements there are.

    A companion announces the leader, unless the leader is there. Nobody is announced twice, unless the scan was taken
    back meanwhile. The scans stand in the database already.
    """
    awaited = [each for each in arrivals if each.attention or each.liaison or each.leader_id]
    if not awaited:
        return 0
    leaders = _leaders(tx, event_id, {each.leader_id for each in awaited if each.leader_id})
    told = _announced(tx, event_id, {each.guest_id for each in awaited} | set(leaders))
    coming = {guest_id: leader for guest_id, leader in leaders.items() if not leader.is_there}
    written = list(_alerts(event_id, awaited, coming=coming, told=told))
    if written:
        tx.execute(sa.insert(alerts), [row for row, _ in written])
        _tell(tx, event_id, [each for each in written if now - each[0]["at"] <= _NEWS], now=now)
    return len(written)


def _alerts(
    event_id: EventId,
    awaited: Sequence[Arrival],
    *,
    coming: dict[GuestId, _Leader],
    told: set[tuple[GuestId, bool]],
) -> Iterator[tuple[dict[str, Any], str]]:
    """Rows of `alerts`, each with the liaison to be told; `told` grows by what they say."""
    here = {each.guest_id for each in awaited}
    for arrival in awaited:
        row: dict[str, Any] = {"event_id": event_id, "scan_id": arrival.scan_id, "gate": arrival.gate, "at": arrival.at}
        own, leader_id = (arrival.guest_id, False), arrival.leader_id
        if (arrival.attention or arrival.liaison) and own not in told:
            told.add(own)
            yield {**row, "alert_id": new_id(), "guest_id": arrival.guest_id, "companion_id": None}, arrival.liaison
        leader = coming.get(leader_id) if leader_id and leader_id not in here else None
        if leader_id is None or leader is None or told & {(leader_id, True), (leader_id, False)}:
            continue
        told.add((leader_id, True))
        row |= {"alert_id": new_id(), "guest_id": leader_id, "companion_id": arrival.guest_id}
        yield row, leader.liaison


def _leaders(tx: sa.Connection, event_id: EventId, guest_ids: Collection[GuestId]) -> dict[GuestId, _Leader]:
    if not guest_ids:
        return {}
    same = sa.and_(presence.c.event_id == guests.c.event_id, presence.c.guest_id == guests.c.guest_id)
    chosen = sa.select(guests.c.guest_id, guests.c.liaison, presence.c.first_at)
    chosen = chosen.select_from(guests.outerjoin(presence, same)).where(guests.c.event_id == event_id)
    rows = tx.execute(chosen.where(guests.c.guest_id.in_(guest_ids)))
    return {GuestId(row.guest_id): _Leader(row.liaison, row.first_at is not None) for row in rows}


def _announced(tx: sa.Connection, event_id: EventId, guest_ids: Collection[GuestId]) -> set[tuple[GuestId, bool]]:
    """Who was announced by a scan that stands, and whether it was a companion's."""
    undone = sa.exists().where(undos.c.event_id == alerts.c.event_id, undos.c.scan_id == alerts.c.scan_id)
    chosen = sa.select(alerts.c.guest_id, alerts.c.companion_id).where(alerts.c.event_id == event_id, ~undone)
    rows = tx.execute(chosen.where(alerts.c.guest_id.in_(guest_ids)))
    return {(GuestId(row.guest_id), row.companion_id is not None) for row in rows}


def _tell(tx: sa.Connection, event_id: EventId, news: Sequence[tuple[dict[str, Any], str]], *, now: datetime) -> None:
    """Queues what goes out: a mail where there is a liaison, and one delivery for each standing webhook."""
    for row, liaison in news:
        if liaison:
            queue_at_once(tx, event_id=event_id, kind=ARRIVAL, subject_id=row["alert_id"], recipient=liaison, now=now)
    standing = sa.select(webhooks.c.webhook_id).where(webhooks.c.event_id == event_id, webhooks.c.removed_at.is_(None))
    receivers = tx.execute(standing.order_by(webhooks.c.webhook_id)).scalars().all()
    if due := [_delivery(event_id, row["alert_id"], receiver, now) for row, _ in news for receiver in receivers]:
        tx.execute(sa.insert(deliveries), due)


def _delivery(event_id: EventId, alert_id: UUID, webhook_id: UUID, now: datetime) -> dict[str, Any]:
    row = {"event_id": event_id, "delivery_id": new_id(), "webhook_id": webhook_id, "alert_id": alert_id}
    return {**row, "due_at": now, "tried_at": None, "attempts": 0, "outcome": "waiting", "detail": ""}
