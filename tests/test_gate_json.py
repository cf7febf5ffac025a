from dataclasses import replace
from uuid import uuid4

from checkin.gate_json import gate_json
from checkin.models import Gate, GateId, GateKind, Reentry
from tests.cast import NOON


def test_a_gate_is_told_with_all_its_rules() -> None:
    gate = Gate(
        id=GateId(uuid4()),
        name="展厅",
        kind=GateKind.ZONE,
        admits=frozenset({"vip", "guest"}),
        reentry=Reentry.AFTER_EXIT,
        opens_at=NOON,
        zone="hall",
        limit=300,
        version=4,
    )

    told = gate_json(gate)

    assert told == {
        "id": str(gate.id),
        "name": "展厅",
        "kind": "zone",
        "admits": ["guest", "vip"],
        "reentry": "after_exit",
        "opens_at": "2026-03-02T04:00:00+00:00",
        "closes_at": None,
        "zone": "hall",
        "limit": 300,
        "version": 4,
    }
    assert gate_json(replace(gate, closes_at=NOON)) == {**told, "closes_at": told["opens_at"]}
