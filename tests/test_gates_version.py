from dataclasses import replace
from typing import Any

import pytest

from checkin.gates_version import gates_version
from checkin.models import Gate, GateId, GateKind, Reentry
from events.core.ids import new_id
from tests.cast import NOON

GATE = Gate(id=GateId(new_id()), name="北门", admits=frozenset({"vip", "guest"}))
CHANGES: list[dict[str, Any]] = [
    {"id": GateId(new_id())},
    {"version": 2},
    {"name": "南门"},
    {"kind": GateKind.ZONE},
    {"admits": frozenset({"vip"})},
    {"reentry": Reentry.ONCE},
    {"opens_at": NOON},
    {"closes_at": NOON},
    {"zone": "贵宾区"},
    {"limit": 40},
]


@pytest.mark.parametrize("change", CHANGES, ids=[next(iter(change)) for change in CHANGES])
def test_every_change_of_a_gate_is_another_version(change: dict[str, Any]) -> None:
    assert gates_version([replace(GATE, **change)]) != gates_version([GATE])


def test_the_same_gates_are_the_same_version_and_another_order_is_another() -> None:
    other = replace(GATE, id=GateId(new_id()), name="南门")

    assert gates_version([GATE, other]) == gates_version([replace(GATE), replace(other)])
    assert len({gates_version(gates) for gates in ([], [GATE], [GATE, other], [other, GATE])}) == 4
