"""Admitting a batch of scans in one transaction; the door calls it for whoever scans.

A scan that is known already gets its first answer again. Any other is judged on what is known when it arrives, and
appended; presence, first entries and arrivals follow from what happened, which offline is what the device said.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from checkin import ledger, store
from checkin.arrivals import announce
from checkin.bench import Bench
from checkin.models import Arrival, Mode, Scan
from checkin.presence import replayed
from checkin.store import Holder
from checkin.whereabouts import Whereabouts
from events.core.ids import EventId
from events.models import GuestId
from events.ticket import parse


def admit(tx: sa.Connection, event_id: EventId, scans: Sequence[Scan], *, now: datetime) -> list[dict[str, Any]]:
    """Judges and appends `scans`; the answers in their order.

    Ids are looked up before any rule, so that an honest retry gets the first answer again.
    Raises Invalid for a gate that the event has not.
    """
    bench = _open_bench(tx, event_id, scans, now=now)
    answers = [bench.answer(tx, scan) for scan in scans]
    _write(tx, bench)
    return answers


def _open_bench(tx: sa.Connection, event_id: EventId, scans: Sequence[Scan], *, now: datetime) -> Bench:
    read = {raw: code.text for raw in {scan.code for scan in scans} if (code := parse(raw))}
    codes = set(read.values())
    guest_ids = {scan.guest_id for scan in scans if scan.guest_id}
    gates = {gate.id: gate for gate in store.gates_of(tx, event_id)}
    limited = any(gate.limit is not None for gate in gates.values())
    if limited:
        store.hold_zones(tx, event_id)
    store.lock_holders(tx, event_id, codes=codes, guest_ids=guest_ids)
    bench = Bench(
        event_id=event_id,
        now=now,
        gates=gates,
        known=ledger.recorded(tx, event_id, {scan.id for scan in scans}),
        read=read,
        by_code=store.holders_by_code(tx, event_id, codes),
        by_guest=store.holders_by_guest(tx, event_id, guest_ids),
    )
    if limited:
        bench.house.zones = store.zone_counts(tx, event_id)
    _look_back(tx, bench, scans)
    return bench


def _look_back(tx: sa.Connection, bench: Bench, scans: Sequence[Scan]) -> None:
    """Reads the passages of guests whose scans may come out of order, and all passages of the rehearsal."""
    if any(scan.mode is not Mode.ONLINE for scan in scans):
        late = _holders(bench, [scan for scan in scans if scan.mode is not Mode.ONLINE])
        been = {guest_id for guest_id, holder in late.items() if holder.presence.last_at}
        bench.house.earlier = {guest_id: [] for guest_id in late} | ledger.passages_of(tx, bench.event_id, been)
    if any(scan.rehearsal for scan in scans):
        rehearsing = _holders(bench, [scan for scan in scans if scan.rehearsal])
        earlier = ledger.passages_of(tx, bench.event_id, set(rehearsing), rehearsal=True)
        moved = {guest_id: replayed(passages, attempt=0) for guest_id, passages in earlier.items()}
        bench.rehearsed = Whereabouts(earlier=earlier, moved=moved)


def _holders(bench: Bench, scans: Sequence[Scan]) -> dict[GuestId, Holder]:
    found = [holder for scan in scans if (holder := bench.holder(scan))]
    return {holder.guest_id: holder for holder in found if holder.guest_id}


def _write(tx: sa.Connection, bench: Bench) -> None:
    ledger.append_scans(tx, bench.scans)
    ledger.append_decisions(tx, bench.decisions)
    store.keep_presence(tx, bench.event_id, bench.house.moved, now=bench.now)
    arrivals = list(_arrivals(bench))
    ledger.append_admissions(tx, [_admission(bench, arrival) for arrival in arrivals])
    announce(tx, bench.event_id, arrivals, now=bench.now)


def _arrivals(bench: Bench) -> Iterator[Arrival]:
    for guest_id, holder in bench.newcomers.items():
        moved = bench.house.moved[guest_id]
        if moved.first and moved.first_scan_id:
            yield Arrival(
                guest_id=guest_id,
                scan_id=moved.first_scan_id,
                gate=moved.first.gate,
                at=moved.first.at,
                attention=bool(holder.facts and holder.facts.attention),
                leader_id=holder.leader_id,
                liaison=holder.liaison,
            )


def _admission(bench: Bench, arrival: Arrival) -> dict[str, Any]:
    attempt = bench.house.moved[arrival.guest_id].attempt
    row = {"event_id": bench.event_id, "guest_id": arrival.guest_id, "attempt": attempt}
    return {**row, "scan_id": arrival.scan_id}
