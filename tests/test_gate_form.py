"""A gate in a page's form: what was typed comes back as it was, in the time of the venue."""

from datetime import UTC, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from checkin.gate_form import PRESETS, form_of, preset_values, values_of
from checkin.models import Gate, GateId, GateKind, Reentry
from events.core.errors import Invalid
from events.core.i18n import Language
from events.models import Category, Text

ZONE = ZoneInfo("Asia/Hong_Kong")
HALL = Gate(
    id=GateId(uuid4()),
    name="Hall",
    kind=GateKind.ZONE,
    admits=frozenset({"vip", "guest"}),
    reentry=Reentry.AFTER_EXIT,
    opens_at=datetime(2026, 3, 2, 5, 30, tzinfo=UTC),
    zone="hall",
    limit=80,
    version=3,
)
CATEGORIES = [
    Category(key=key, name=Text(en=key), colour="#000000", attention=attention, rank=0, public=True)
    for key, attention in (("vip", True), ("guest", False))
]


def test_a_gate_fills_its_form_in_the_time_of_the_venue() -> None:
    assert values_of(HALL, ZONE) == {
        "name": "Hall",
        "kind": "zone",
        "reentry": "after_exit",
        "zone": "hall",
        "opens_at": "2026-03-02T13:30",
        "closes_at": "",
        "admits.vip": "1",
        "admits.guest": "1",
        "limit": "80",
        "version": "3",
    }


@pytest.mark.parametrize("gate", [HALL, Gate(id=HALL.id, name="North", version=3)])
def test_a_form_that_nobody_touched_describes_the_same_gate(gate: Gate) -> None:
    again = form_of(values_of(gate, ZONE), ZONE).gate(gate.id)

    assert values_of(again, ZONE) == {**values_of(gate, ZONE), "version": "1"}
    assert (again.admits, again.opens_at, again.limit) == (gate.admits, gate.opens_at, gate.limit)


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"name": ""}, {"name": "missing"}),
        ({"limit": "many"}, {"limit": "not_valid"}),
        ({"opens_at": "soon"}, {"opens_at": "not_valid"}),
        ({"kind": "window"}, {"kind": "not_valid"}),
    ],
)
def test_what_cannot_be_is_refused_by_field(typed: dict[str, str], fields: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        form_of({**values_of(HALL, ZONE), **typed}, ZONE)

    assert refused.value.fields == fields


@pytest.mark.parametrize("language", list(Language))
def test_every_preset_is_a_whole_gate_in_every_language(language: Language) -> None:
    forms = {
        key: form_of(preset_values(preset, categories=CATEGORIES, language=language), ZONE)
        for key, preset in PRESETS.items()
    }

    assert {key: form.admits for key, form in forms.items()} == {"main": [], "vip": ["vip"], "zone": [], "exit": []}
    assert (forms["zone"].kind, forms["zone"].limit, bool(forms["zone"].zone)) == (GateKind.ZONE, 100, True)
