import json
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from functools import cache
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from checkin.models import (
    Direction,
    Entry,
    Gate,
    GateId,
    GuestFacts,
    History,
    Mode,
    Reentry,
    TicketFacts,
    TicketStanding,
    Verdict,
    VerdictCode,
)
from checkin.verdict import judge
from events.models import GuestStatus

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "vectors" / "verdicts.json").read_text("utf-8"))


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_the_judge_says_what_the_table_says(case: dict[str, Any]):
    verdict = judged(with_defaults(case["given"]))

    assert as_json(verdict) == {"since": None, "reason": "", "bound": None} | case["verdict"]


def test_the_table_is_long_enough_and_no_case_stands_in_it_twice():
    names = [case["name"] for case in VECTORS["cases"]]
    facts = [json.dumps(with_defaults(case["given"]), sort_keys=True) for case in VECTORS["cases"]]

    assert len(names) >= 120
    assert [text for seen in (names, facts) for text, count in Counter(seen).items() if count > 1] == []


def test_the_table_has_cases_for_every_verdict():
    assert {case["verdict"]["code"] for case in VECTORS["cases"]} == set(VerdictCode)


def test_the_judge_agrees_with_its_twin_on_every_combination_of_facts():
    axes = VECTORS["census"]["axes"]
    facts = [[READ[name](value) for value in values] for name, values in axes.items()]

    verdicts = [judge(**dict(zip(axes, combination, strict=True))) for combination in product(*facts)]

    lines = "\n".join(map(cache(line), verdicts))
    assert Counter(verdict.code for verdict in verdicts) == VECTORS["census"]["counts"]
    assert sha256(lines.encode()).hexdigest() == VECTORS["census"]["sha256"]


def with_defaults(given: dict[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = dict(VECTORS["defaults"])
    for name, value in given.items():
        facts[name] = facts[name] | value if isinstance(value, dict) else value
    return facts


def judged(facts: dict[str, Any]) -> Verdict:
    return judge(**{name: READ[name](value) for name, value in facts.items()})


def ticket_of(facts: dict[str, Any]) -> TicketFacts:
    return TicketFacts(**facts | {"standing": TicketStanding(facts["standing"])})


def guest_of(facts: dict[str, Any] | None) -> GuestFacts | None:
    return facts and GuestFacts(**facts | {"status": GuestStatus(facts["status"])})


def gate_of(facts: dict[str, Any]) -> Gate:
    return Gate(
        id=GateId(UUID(int=1)),
        name="Main entrance",
        admits=frozenset(facts["admits"]),
        reentry=Reentry(facts["reentry"]),
        opens_at=moment(facts["opens_at"]),
        closes_at=moment(facts["closes_at"]),
        zone=facts["zone"],
        limit=facts["limit"],
    )


def history_of(facts: dict[str, Any]) -> History:
    first = facts["first"]
    entry = first and Entry(at=datetime.fromisoformat(first["at"]), gate=first["gate"], by=first["by"])
    return History(**facts | {"first": entry})


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


READ: dict[str, Callable[[Any], Any]] = {
    "ticket": ticket_of,
    "guest": guest_of,
    "gate": gate_of,
    "history": history_of,
    "at": moment,
    "direction": Direction,
    "mode": Mode,
    "overridden": bool,
}


def as_json(verdict: Verdict) -> dict[str, Any]:
    """The verdict as its twin answers it, in the same order of names."""
    return json.loads(json.dumps(asdict(verdict), default=datetime.isoformat))


def line(verdict: Verdict) -> str:
    return json.dumps(list(as_json(verdict).values()), ensure_ascii=False, separators=(",", ":"))
