"""What must hold of every verdict, whatever the facts; the table of cases says which verdict it is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from checkin.models import (
    Direction,
    Entry,
    Gate,
    GateId,
    GuestFacts,
    History,
    Mode,
    Need,
    Reentry,
    TicketFacts,
    TicketStanding,
    VerdictCode,
)
from checkin.verdict import judge
from events.models import GuestStatus

RED = {VerdictCode.UNKNOWN, VerdictCode.OTHER_EVENT, VerdictCode.REVOKED, VerdictCode.CANCELLED}
AMBER = {
    VerdictCode.NOT_CONFIRMED,
    VerdictCode.WRONG_GATE,
    VerdictCode.ALREADY_INSIDE,
    VerdictCode.TOO_EARLY,
    VerdictCode.TOO_LATE,
    VerdictCode.ZONE_FULL,
}
FIRST_ENTRIES = {VerdictCode.ADMITTED, VerdictCode.ADMITTED_VIP}
GREEN = FIRST_ENTRIES | {VerdictCode.REENTERED, VerdictCode.VALID_UNSYNCED}

categories = st.sampled_from(["guest", "vip", "press", ""])
zones = st.sampled_from(["", "hall", "lounge"])
moments = st.integers(0, 9).map(lambda hours: datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=hours))
few = st.integers(0, 4)

tickets = st.builds(
    TicketFacts,
    standing=st.sampled_from(TicketStanding),
    reason=st.text(max_size=9),
    event=st.text(max_size=9),
)
guests = st.builds(
    GuestFacts,
    status=st.sampled_from(GuestStatus),
    category=categories,
    attention=st.booleans(),
    elsewhere=st.text(max_size=9),
    reason=st.text(max_size=9),
)
gates = st.builds(
    Gate,
    id=st.just(GateId(UUID(int=1))),
    name=st.just("Main entrance"),
    admits=st.frozensets(categories),
    reentry=st.sampled_from(Reentry),
    opens_at=st.none() | moments,
    closes_at=st.none() | moments,
    zone=zones,
    limit=st.none() | few,
)
histories = st.builds(
    History,
    first=st.none() | st.builds(Entry, at=moments, gate=st.just("North door"), by=st.just("Li Wei")),
    inside=st.booleans(),
    zone=zones,
    exited=st.booleans(),
    zone_count=few,
)
scans = st.fixed_dictionaries(
    {"ticket": tickets, "guest": st.none() | guests, "gate": gates, "history": histories, "at": moments}
)
circumstances = st.fixed_dictionaries(
    {"direction": st.sampled_from(Direction), "mode": st.sampled_from(Mode), "overridden": st.booleans()}
)


@given(scans, circumstances)
def test_green_admits_and_nothing_else_does(scan: dict[str, Any], how: dict[str, Any]):
    verdict = judge(**scan, **how)

    assert verdict.admits == (verdict.code in GREEN)


@given(scans, circumstances)
def test_every_verdict_is_red_amber_green_or_an_exit(scan: dict[str, Any], how: dict[str, Any]):
    verdict = judge(**scan, **how)

    assert verdict.code in RED | AMBER | GREEN | {VerdictCode.EXITED}


@given(scans, circumstances)
def test_every_refusal_says_what_to_do_next_and_nothing_else_does(scan: dict[str, Any], how: dict[str, Any]):
    verdict = judge(**scan, **how)

    assert (verdict.needs is not Need.NOTHING) == (verdict.code in RED | AMBER)


@given(scans, circumstances)
def test_only_a_genuine_code_unknown_to_an_offline_device_admits_unissued(scan: dict[str, Any], how: dict[str, Any]):
    verdict = judge(**scan, **how)

    issued_to_somebody = scan["ticket"].standing is TicketStanding.ISSUED and scan["guest"] is not None
    if verdict.admits and not issued_to_somebody:
        assert verdict.code is VerdictCode.VALID_UNSYNCED
    if verdict.code is VerdictCode.VALID_UNSYNCED:
        assert how["mode"] is Mode.OFFLINE
        assert scan["ticket"].standing in {TicketStanding.RESERVED, TicketStanding.ISSUED}


@given(scans, circumstances)
def test_an_override_turns_amber_into_green_and_changes_nothing_else(scan: dict[str, Any], how: dict[str, Any]):
    plain = judge(**scan, **how | {"overridden": False})

    overridden = judge(**scan, **how | {"overridden": True})

    if plain.code in AMBER:
        assert overridden.code in GREEN
    else:
        assert overridden == plain


@given(scans, circumstances)
def test_who_leaves_is_never_refused_for_an_amber_reason(scan: dict[str, Any], how: dict[str, Any]):
    verdict = judge(**scan, **how | {"direction": Direction.EXIT})

    assert verdict.code in RED | {VerdictCode.EXITED}


@given(scans, guests, circumstances)
def test_a_known_holder_of_an_issued_ticket_always_leaves(scan: dict[str, Any], guest: GuestFacts, how: dict[str, Any]):
    issued = scan | {"ticket": TicketFacts(standing=TicketStanding.ISSUED), "guest": guest}

    verdict = judge(**issued, **how | {"direction": Direction.EXIT})

    assert verdict.code is VerdictCode.EXITED


@given(scans, circumstances)
def test_nobody_has_a_first_entry_twice(scan: dict[str, Any], how: dict[str, Any]):
    verdict = judge(**scan, **how)

    been_inside = scan["history"].first is not None or scan["history"].inside
    assert not (been_inside and verdict.code in FIRST_ENTRIES)


@given(scans, circumstances)
def test_a_repeat_and_a_return_quote_the_first_entry(scan: dict[str, Any], how: dict[str, Any]):
    verdict = judge(**scan, **how)

    if verdict.code in {VerdictCode.ALREADY_INSIDE, VerdictCode.REENTERED}:
        assert verdict.since == scan["history"].first


@given(scans, circumstances, moments)
def test_without_hours_the_moment_does_not_matter(scan: dict[str, Any], how: dict[str, Any], other: datetime):
    always_open = scan | {"gate": replace(scan["gate"], opens_at=None, closes_at=None)}

    verdicts = [judge(**always_open | {"at": at}, **how) for at in (scan["at"], other)]

    assert verdicts[0] == verdicts[1]


@given(scans, circumstances)
def test_more_people_in_the_zone_never_open_it(scan: dict[str, Any], how: dict[str, Any]):
    fuller = replace(scan["history"], zone_count=scan["history"].zone_count + 1)

    verdict, later = judge(**scan, **how), judge(**scan | {"history": fuller}, **how)

    assert later.code in {verdict.code, VerdictCode.ZONE_FULL}
