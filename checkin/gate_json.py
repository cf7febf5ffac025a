"""A gate as it is told: `GET /gates` and the manifest say the same."""

from typing import Any

from checkin.models import Gate


def gate_json(gate: Gate) -> dict[str, Any]:
    """The gate's rules, the categories in order."""
    return {
        "id": str(gate.id),
        "name": gate.name,
        "kind": gate.kind.value,
        "admits": sorted(gate.admits),
        "reentry": gate.reentry.value,
        "opens_at": gate.opens_at.isoformat() if gate.opens_at else None,
        "closes_at": gate.closes_at.isoformat() if gate.closes_at else None,
        "zone": gate.zone,
        "limit": gate.limit,
        "version": gate.version,
    }
