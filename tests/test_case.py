from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from checkin.case import Case, answer_to, row_of
from checkin.models import (
    Entry,
    Gate,
    GateId,
    Scan,
    ScanId,
    TicketFacts,
    TicketStanding,
    Verdict,
    VerdictCode,
)
from checkin.outcome import Counted, Outcome
from checkin.store import Holder
from events.core.ids import EventId, new_id
from events.models import GuestId

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
GATE = Gate(id=GateId(uuid4()), name="North")
NOBODY = Holder(ticket=TicketFacts(standing=TicketStanding.UNKNOWN))
REFUSED = Verdict(code=VerdictCode.UNKNOWN, admits=False)


def _case(*, holder: Holder = NOBODY, verdict: Verdict = REFUSED, **given: Any) -> Case:
    scan = Scan(id=ScanId(uuid4()), gate_id=GATE.id, scanned_at=NOW, actor="steward@example.org", **given)
    outcome = Outcome(entered=False, passed=False, conflict=True)
    return Case(scan=scan, gate=GATE, holder=holder, counted=Counted(NOW), verdict=verdict, outcome=outcome)


def _row(case: Case) -> dict[str, Any]:
    return row_of(case, {}, event_id=EventId(new_id()), now=NOW)


@pytest.mark.parametrize(
    ("code", "raw"),
    [
        ("Y1ABC", "Y1ABC"),
        ("迎" * 300, "迎" * 200),
        ("a\x00b\u202ec", "a\ufffdb\ufffdc"),
        ("\x00" * 300, "\ufffd" * 200),
    ],
)
def test_what_was_read_is_kept_as_far_as_it_can_be_shown(code: str, raw: str):
    assert _row(_case(code=code))["raw"] == raw


def test_a_guest_of_ours_needs_no_text_and_a_stranger_is_kept_by_the_id_that_was_meant():
    guest_id = GuestId(uuid4())
    ours = Holder(ticket=TicketFacts(standing=TicketStanding.ISSUED), guest_id=guest_id)

    assert _row(_case(guest_id=guest_id, holder=ours))["raw"] == ""
    assert _row(_case(guest_id=guest_id))["raw"] == str(guest_id)


@pytest.mark.parametrize(
    ("skew", "kept"),
    [
        (None, None),
        (timedelta(), 0),
        (timedelta(seconds=2.5), 2_500),
        (timedelta(days=-365_000), -(2**31 - 1)),
        (timedelta(days=365_000), 2**31 - 1),
    ],
)
def test_the_skew_is_kept_as_far_as_a_column_holds_it(skew: timedelta | None, kept: int | None):
    assert _row(_case(skew=skew))["skew_ms"] == kept


def test_who_scanned_is_kept_by_account_and_by_name():
    named, nameless = _row(_case(actor_name="陈小满")), _row(_case())

    assert (named["actor"], named["actor_name"]) == ("steward@example.org", "陈小满")
    assert nameless["actor_name"] == "steward@example.org"


def test_the_answer_quotes_the_first_entry_and_the_hour_and_says_whether_the_device_said_otherwise():
    verdict = Verdict(
        code=VerdictCode.TOO_EARLY, admits=False, since=Entry(NOW, "South", "林若晴"), bound=NOW, reason="later"
    )
    case = _case(verdict=verdict)

    assert answer_to(case) == {
        "id": str(case.scan.id),
        "verdict": "too_early",
        "admits": False,
        "needs": "nothing",
        "reason": "later",
        "guest": None,
        "first": {"at": NOW.isoformat(), "gate": "South", "by": "林若晴"},
        "bound": NOW.isoformat(),
        "conflict": True,
    }
