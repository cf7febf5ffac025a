"""Which state of an event's gates somebody has seen: told to devices, which fetch the gates again when it differs.

Called by the manifest, by what a device is answered, and by the board.
"""

import json
from collections.abc import Sequence
from hashlib import sha256

from checkin.models import Gate

_LENGTH = 16


def gates_version(gates: Sequence[Gate]) -> str:
    """A short text that changes with every edit, addition and removal of a gate, and with their order."""
    facts = [_facts(gate) for gate in gates]
    return sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()[:_LENGTH]


def _facts(gate: Gate) -> list[object]:
    """All that a device is told of a gate."""
    hours = [moment.isoformat() if moment else "" for moment in (gate.opens_at, gate.closes_at)]
    rule = [gate.kind, sorted(gate.admits), gate.reentry, *hours, gate.zone, gate.limit]
    return [str(gate.id), gate.version, gate.name, *rule]
