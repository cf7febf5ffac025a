"""Taking a scan back: a new row with a reason; the scan itself stays."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from checkin import ledger, store
from checkin.models import ScanId
from checkin.presence import replayed
from events.core.errors import Conflict, Forbidden
from events.core.ids import EventId
from events.models import GuestId

OWN_UNDO = timedelta(seconds=60)


def undo(
    tx: sa.Connection,
    event_id: EventId,
    scan_id: ScanId,
    *,
    undo_id: UUID,
    reason: str,
    scanner: str,
    actor: str,
    lead: bool,
    now: datetime,
) -> None:
    """Undoes a scan and works out where its guest is now. A repeat with the same `undo_id` does nothing.

    scanner: the account or device that asks; what it scanned itself it may undo for 60 s, a lead anything at any time.
    actor: how it stands in the record. Raises NotFound, Forbidden (somebody
    else's scan), Conflict (`undo_expired`, `already_undone`).
    """
    scan = ledger.scan_by_id(tx, event_id, scan_id)
    if scan.guest_id:
        store.lock_holders(tx, event_id, codes=(), guest_ids={GuestId(scan.guest_id)})
        scan = ledger.scan_by_id(tx, event_id, scan_id)
    if scan.undo_id == undo_id:
        return
    if scan.undo_id is not None:
        raise Conflict("already_undone")
    if not lead and scan.actor != scanner:
        raise Forbidden
    if not lead and now - scan.received_at > OWN_UNDO:
        raise Conflict("undo_expired")
    row = {"event_id": event_id, "scan_id": scan_id, "undo_id": undo_id, "at": now, "reason": reason, "actor": actor}
    ledger.append_undo(tx, row)
    if scan.guest_id and not scan.rehearsal:
        _settle(tx, event_id, GuestId(scan.guest_id), undone=scan_id, now=now)


def _settle(tx: sa.Connection, event_id: EventId, guest_id: GuestId, *, undone: ScanId, now: datetime) -> None:
    """Replays what stands. Where the scan that had first let the guest in is gone, another entry takes its place."""
    attempt = store.attempt_of(tx, event_id, guest_id)
    gone = ledger.first_entry(tx, event_id, guest_id, attempt=attempt) == undone
    passages = ledger.passages_of(tx, event_id, {guest_id})[guest_id]
    presence = replayed(passages, attempt=attempt + gone)
    store.keep_presence(tx, event_id, {guest_id: presence}, now=now)
    if gone and presence.first_scan_id:
        row = {"event_id": event_id, "guest_id": guest_id, "attempt": presence.attempt}
        ledger.append_admissions(tx, [{**row, "scan_id": presence.first_scan_id}])
