"""What the door says to a scan, and why: one pure function, called by the door for every scan.

Its twin static/js/verdict.js answers on a device without the server; tests/vectors/verdicts.json holds both to
the same cases. The rules in order, the first that applies decides:

1. The code itself: unknown, of another event, withdrawn, or still in the pool. Offline a genuine code whose
   holder is not on the device yet is `valid_unsynced`; online and on paper that cannot be, so it is `unknown`.
2. Somebody known who leaves has `exited`, whatever else is true of them.
3. A cancelled registration. Everything up to here is red, and nobody can override it.
4. Amber, which a lead may override: not confirmed, another gate, a repeat, outside the hours, zone full.
   A repeat is named before the hours and the limit, because who is inside already does not want to enter.
5. Green: the first entry, else an entry again.
"""

from datetime import datetime

from checkin.models import (
    Direction,
    Gate,
    GuestFacts,
    History,
    Mode,
    Need,
    Reentry,
    TicketFacts,
    TicketStanding,
    Verdict,
    VerdictCode,
)
from events.models import GuestStatus


def judge(
    ticket: TicketFacts,
    guest: GuestFacts | None,
    gate: Gate,
    history: History,
    at: datetime,
    *,
    direction: Direction = Direction.ENTRY,
    mode: Mode = Mode.ONLINE,
    overridden: bool = False,
) -> Verdict:
    """Decides one scan from the facts. `overridden`: a lead lets the holder in, which red never allows."""
    if guest is None or ticket.standing is not TicketStanding.ISSUED:
        return _of_code(ticket, guest, direction=direction, mode=mode)
    if direction is Direction.EXIT:
        return Verdict(code=VerdictCode.EXITED, admits=False, since=history.first)
    if guest.status is GuestStatus.CANCELLED:
        return _refused(VerdictCode.CANCELLED, Need.DESK, reason=guest.reason or ticket.reason)
    amber = None if overridden else _amber(guest, gate, history, at)
    return amber or _green(guest, history)


def _of_code(ticket: TicketFacts, guest: GuestFacts | None, *, direction: Direction, mode: Mode) -> Verdict:
    if ticket.standing is TicketStanding.REVOKED:
        if guest and guest.status is GuestStatus.CANCELLED:
            return _refused(VerdictCode.CANCELLED, Need.DESK, reason=guest.reason or ticket.reason)
        return _refused(VerdictCode.REVOKED, Need.DESK, reason=ticket.reason)
    if ticket.standing is TicketStanding.OTHER_EVENT:
        return _refused(VerdictCode.OTHER_EVENT, Need.DESK, reason=ticket.event)
    if ticket.standing is TicketStanding.UNKNOWN or mode is not Mode.OFFLINE:
        return _refused(VerdictCode.UNKNOWN, Need.DESK)
    if direction is Direction.EXIT:
        return Verdict(code=VerdictCode.EXITED, admits=False)
    return Verdict(code=VerdictCode.VALID_UNSYNCED, admits=True)


def _amber(guest: GuestFacts, gate: Gate, history: History, at: datetime) -> Verdict | None:
    if guest.status is not GuestStatus.CONFIRMED:
        return _refused(VerdictCode.NOT_CONFIRMED, Need.LEAD, reason=guest.reason)
    if gate.admits and guest.category not in gate.admits:
        return _refused(VerdictCode.WRONG_GATE, Need.OTHER_GATE, reason=guest.elsewhere)
    if _is_repeat(gate, history):
        return Verdict(code=VerdictCode.ALREADY_INSIDE, admits=False, needs=Need.CHOOSE, since=history.first)
    if gate.opens_at and at < gate.opens_at:
        return Verdict(code=VerdictCode.TOO_EARLY, admits=False, needs=Need.WAIT, bound=gate.opens_at)
    if gate.closes_at and at >= gate.closes_at:
        return Verdict(code=VerdictCode.TOO_LATE, admits=False, needs=Need.LEAD, bound=gate.closes_at)
    if gate.limit is not None and history.zone_count >= gate.limit:
        return _refused(VerdictCode.ZONE_FULL, Need.WAIT)
    return None


def _is_repeat(gate: Gate, history: History) -> bool:
    if history.inside:
        return history.zone == gate.zone
    if history.first is None:
        return False
    return gate.reentry is Reentry.ONCE or (gate.reentry is Reentry.AFTER_EXIT and not history.exited)


def _green(guest: GuestFacts, history: History) -> Verdict:
    if history.first or history.inside:
        return Verdict(code=VerdictCode.REENTERED, admits=True, since=history.first)
    code = VerdictCode.ADMITTED_VIP if guest.attention else VerdictCode.ADMITTED
    return Verdict(code=code, admits=True)


def _refused(code: VerdictCode, needs: Need, *, reason: str = "") -> Verdict:
    return Verdict(code=code, admits=False, needs=needs, reason=reason)
