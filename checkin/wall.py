"""What the live board shows: who is in, by category and gate, how fast people come, who was announced, and how the
devices are. One reading serves every screen; see `checkin.board`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.alerts import Alert, honours_of
from checkin.devices import devices_of
from checkin.health import Concern, concerns_of
from checkin.models import Device, Gate
from checkin.store import gates_of
from checkin.tables import presence
from events.core.ids import EventId
from events.models import Category, GuestStatus
from events.store import categories_of
from events.tables import guests

MINUTES = 60
LATELY = timedelta(minutes=5)

_HONOURS = 6
_MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Line:
    """A category. expected: confirmed guests; came: how many people of it have ever come in; inside: are there now."""

    category: Category
    expected: int
    came: int
    inside: int


@dataclass(frozen=True, slots=True)
class GateLine:
    """A gate, and how many people made their first entry there."""

    name: str
    came: int


@dataclass(frozen=True, slots=True)
class ZoneLine:
    """A zone, how many people are inside it now, and how many may be."""

    name: str
    inside: int
    limit: int | None

    @property
    def is_full(self) -> bool:
        """Whether its gates turn people away."""
        return self.limit is not None and self.inside >= self.limit


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A device and what is gravest about it; nothing where all is well."""

    device: Device
    concern: Concern | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """One reading. minutes: first entries in each of the last `MINUTES`, the current one last, which begins at
    `minute`. lately: first entries within `LATELY`. missing: confirmed guests who have not come."""

    at: datetime
    expected: int
    admitted: int
    inside: int
    missing: int
    lately: int
    minute: datetime
    minutes: Sequence[int]
    lines: Sequence[Line]
    gates: Sequence[GateLine]
    zones: Sequence[ZoneLine]
    honours: Sequence[Alert]
    devices: Sequence[DeviceLine]

    @property
    def rate(self) -> float:
        """People a minute, over the last few."""
        return self.lately / (LATELY / timedelta(minutes=1))

    @property
    def complete_at(self) -> datetime | None:
        """When everybody will be there at this rate; unknown while hardly anybody comes."""
        return self.at + timedelta(minutes=self.missing / self.rate) if self.missing and self.rate >= 1 else None

    def minute_before(self, count: int) -> datetime:
        """The minute that began so many minutes before the current one."""
        return self.minute - timedelta(minutes=count)

    @property
    def share(self) -> int:
        """Per cent of the confirmed guests who have come."""
        return 100 * (self.expected - self.missing) // self.expected if self.expected else 0


async def wall_of(tx: AsyncConnection, event_id: EventId, now: datetime) -> Wall:
    """Everything that the board shows, as committed."""
    tallies = await _tallies(tx, event_id, since=now - LATELY)
    gates = await tx.run_sync(gates_of, event_id)
    minute = now.astimezone(UTC).replace(second=0, microsecond=0)
    confirmed = [tally for tally in tallies if tally.confirmed]
    return Wall(
        at=now,
        expected=sum(tally.people for tally in confirmed),
        admitted=sum(tally.came for tally in tallies),
        inside=sum(tally.inside for tally in tallies),
        missing=sum(tally.people - tally.came for tally in confirmed),
        lately=sum(tally.lately for tally in tallies),
        minute=minute,
        minutes=await _minutes(tx, event_id, last=minute),
        lines=_lines(await categories_of(tx, event_id), tallies),
        gates=_gates(gates, tallies),
        zones=_zones(gates, tallies),
        honours=await honours_of(tx, event_id, limit=_HONOURS),
        devices=_devices(await devices_of(tx, event_id), now),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tally:
    """People of one category, alike in standing, first gate and present zone."""

    category: str
    confirmed: bool
    gate: str
    zone: str
    people: int
    came: int
    inside: int
    lately: int


async def _tallies(tx: AsyncConnection, event_id: EventId, *, since: datetime) -> list[_Tally]:
    same = sa.and_(presence.c.event_id == guests.c.event_id, presence.c.guest_id == guests.c.guest_id)
    confirmed = guests.c.status == GuestStatus.CONFIRMED
    kinds = guests.c.category, confirmed, presence.c.first_gate, presence.c.zone
    counted = (
        sa.func.count().label("people"),
        sa.func.count(presence.c.first_at).label("came"),
        sa.func.count().filter(presence.c.inside).label("inside"),
        sa.func.count().filter(presence.c.first_at > since).label("lately"),
    )
    chosen = sa.select(guests.c.category, confirmed.label("confirmed"), *kinds[2:], *counted)
    chosen = chosen.select_from(guests.outerjoin(presence, same)).where(guests.c.event_id == event_id)
    return [
        _Tally(
            category=row.category,
            confirmed=bool(row.confirmed),
            gate=row.first_gate or "",
            zone=row.zone or "",
            people=row.people,
            came=row.came,
            inside=row.inside,
            lately=row.lately,
        )
        for row in await tx.execute(chosen.group_by(*kinds))
    ]


async def _minutes(tx: AsyncConnection, event_id: EventId, *, last: datetime) -> list[int]:
    """First entries by minute. Whoever came lately was also written lately, and for that there is an index."""
    begin = last - timedelta(minutes=MINUTES - 1)
    epoch = sa.extract("epoch", presence.c.first_at)
    minute = sa.cast(epoch - epoch % _MINUTE_S, sa.BigInteger)
    recent = presence.c.event_id == event_id, presence.c.changed_at >= begin, presence.c.first_at >= begin
    rows = await tx.execute(sa.select(minute, sa.func.count()).where(*recent).group_by(minute))
    came = {row[0]: row[1] for row in rows}
    first = int(begin.timestamp())
    return [came.get(first + _MINUTE_S * index, 0) for index in range(MINUTES)]


def _lines(categories: Iterable[Category], tallies: Sequence[_Tally]) -> list[Line]:
    expected, came, inside = Counter[str](), Counter[str](), Counter[str]()
    for tally in tallies:
        expected[tally.category] += tally.people if tally.confirmed else 0
        came[tally.category] += tally.came
        inside[tally.category] += tally.inside
    lines = [Line(each, expected[each.key], came[each.key], inside[each.key]) for each in categories]
    return [line for line in lines if line.expected or line.came]


def _gates(gates: Sequence[Gate], tallies: Sequence[_Tally]) -> list[GateLine]:
    """The gates in their order, then those that have another name now."""
    came = Counter[str]()
    for tally in tallies:
        came[tally.gate] += tally.came
    names = [gate.name for gate in gates]
    former = sorted(name for name in came.keys() - set(names) if came[name])
    return [GateLine(name, came[name]) for name in (*names, *former)]


def _zones(gates: Sequence[Gate], tallies: Sequence[_Tally]) -> list[ZoneLine]:
    """The zones of the gates in their order; none where the house is all one."""
    inside = Counter[str]()
    for tally in tallies:
        inside[tally.zone] += tally.inside
    limits = {name: [gate.limit for gate in gates if gate.zone == name and gate.limit] for name in _zone_names(gates)}
    zones = [ZoneLine(name, inside[name], min(limit, default=None)) for name, limit in limits.items()]
    return zones if any(zone.name or zone.limit for zone in zones) else []


def _zone_names(gates: Sequence[Gate]) -> list[str]:
    return list(dict.fromkeys(gate.zone for gate in gates))


def _devices(devices: Iterable[Device], now: datetime) -> list[DeviceLine]:
    """Those in use, the ones with a concern first."""
    lines = [DeviceLine(each, next(iter(concerns_of(each, now)), None)) for each in devices if not each.revoked_at]
    return sorted(lines, key=lambda line: line.concern is None)
