from datetime import timedelta
from typing import Any

import pytest

from checkin.health import Concern, concerns_of
from checkin.models import Device, DeviceId, GateId, Profile
from events.core.ids import new_id
from tests.cast import NOON


def device(**given: Any) -> Device:
    """A device that reported just now, as it should be."""
    usual: dict[str, Any] = {
        "id": DeviceId(new_id()),
        "name": "A",
        "profile": Profile.SCANNER,
        "gate_id": GateId(new_id()),
        "gate": "G",
        "language": "en",
        "paired_at": NOON,
        "paired_by": "",
        "seen_at": NOON,
        "data_at": NOON,
        "skew_ms": 0,
        "battery": 80,
    }
    return Device(**{**usual, **given})


def ago(**by: float) -> Any:
    return NOON - timedelta(**by)


CASES = {
    "as it should be": ({}, []),
    "seen a minute ago": ({"seen_at": ago(seconds=60)}, []),
    "not seen for more than a minute": ({"seen_at": ago(seconds=61)}, [Concern.SILENT]),
    "paired and not seen yet": ({"seen_at": None, "battery": None}, [Concern.UNSEEN]),
    "scans wait for a minute": ({"waiting": 2, "oldest_waiting_at": ago(seconds=60)}, []),
    "scans wait for longer": ({"waiting": 2, "oldest_waiting_at": ago(seconds=61)}, [Concern.QUEUE_OLD]),
    "nothing waits any more": ({"waiting": 0, "oldest_waiting_at": ago(seconds=61)}, []),
    "guest list of ten minutes ago": ({"data_at": ago(minutes=10)}, []),
    "guest list that is older": ({"data_at": ago(minutes=10, seconds=1)}, [Concern.DATA_OLD]),
    "no guest list yet": ({"data_at": None}, []),
    "clock half a minute behind": ({"skew_ms": 30_000}, []),
    "clock further behind": ({"skew_ms": 30_001}, [Concern.CLOCK_OFF]),
    "clock ahead": ({"skew_ms": -30_001}, [Concern.CLOCK_OFF]),
    "clock not measured": ({"skew_ms": None}, []),
    "a fifth of the battery": ({"battery": 20}, []),
    "less battery": ({"battery": 19}, [Concern.BATTERY_LOW]),
    "a browser that does not tell": ({"battery": None}, []),
    "withdrawn": ({"revoked_at": NOON, "battery": 3}, [Concern.WITHDRAWN]),
    "everything at once": (
        {
            "seen_at": ago(hours=1),
            "waiting": 1,
            "oldest_waiting_at": ago(hours=1),
            "data_at": ago(hours=1),
            "skew_ms": 99_000,
            "battery": 1,
        },
        [Concern.SILENT, Concern.QUEUE_OLD, Concern.DATA_OLD, Concern.CLOCK_OFF, Concern.BATTERY_LOW],
    ),
}


@pytest.mark.parametrize(("given", "found"), CASES.values(), ids=CASES)
def test_a_device_is_told_by_what_is_wrong_with_it(given: dict[str, Any], found: list[Concern]) -> None:
    assert concerns_of(device(**given), NOON) == found
