import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
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
    verdicts = [as_json(judged(facts)) for facts in census()]

    lines = "\n".join(line(verdict) for verdict in verdicts)
    assert Counter(verdict["code"] for verdict in verdicts) == VECTORS["census"]["counts"]
    assert sha256(lines.encode()).hexdigest() == VECTORS["census"]["sha256"]


def census() -> Iterator[dict[str, Any]]:
    axes = VECTORS["census"]["axes"]
    for combination in product(*axes.values()):
        yield dict(zip(axes, combination, strict=True))


def with_defaults(given: dict[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = dict(VECTORS["defaults"])
    for name, value in given.items():
        facts[name] = facts[name] | value if isinstance(value, dict) else value
    return facts


def judged(facts: dict[str, Any]) -> Verdict:
    guest = facts["guest"]
    return judge(
        TicketFacts(**facts["ticket"] | {"standing": TicketStanding(facts["ticket"]["standing"])}),
        guest and GuestFacts(**guest | {"status": GuestStatus(guest["status"])}),
        gate_of(facts["gate"]),
        history_of(facts["history"]),
        datetime.fromisoformat(facts["at"]),
        direction=Direction(facts["direction"]),
        mode=Mode(facts["mode"]),
        overridden=facts["overridden"],
    )


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


def as_json(verdict: Verdict) -> dict[str, Any]:
    """The verdict as its twin answers it, in the same order of names."""
    return json.loads(json.dumps(asdict(verdict), default=datetime.isoformat))


def line(verdict: dict[str, Any]) -> str:
    return json.dumps(list(verdict.values()), ensure_ascii=False, separators=(",", ":"))
