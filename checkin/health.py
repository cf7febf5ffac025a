"""What is worth a lead's look at a device: pure, asked by the list of devices and by the board."""

from datetime import datetime, timedelta
from enum import StrEnum

from checkin.models import Device

SILENT_FOR = timedelta(seconds=60)
WAITING_FOR = timedelta(seconds=60)
DATA_AGE = timedelta(minutes=10)
SKEW_MS = 30_000
LOW_BATTERY = 20
"""Percent."""


class Concern(StrEnum):
    """What is not as it should be. `unseen`: paired, and has not reported yet. `silent`: not heard of lately."""

    WITHDRAWN = "withdrawn"
    UNSEEN = "unseen"
    SILENT = "silent"
    QUEUE_OLD = "queue_old"
    DATA_OLD = "data_old"
    CLOCK_OFF = "clock_off"
    BATTERY_LOW = "battery_low"


def concerns_of(device: Device, now: datetime) -> list[Concern]:
    """Everything that is not right with a device, the gravest first; a healthy one has none."""
    if device.revoked_at:
        return [Concern.WITHDRAWN]
    if device.seen_at is None:
        return [Concern.UNSEEN]
    found = {
        Concern.SILENT: _older(device.seen_at, SILENT_FOR, now),
        Concern.QUEUE_OLD: device.waiting > 0 and _older(device.oldest_waiting_at, WAITING_FOR, now),
        Concern.DATA_OLD: _older(device.data_at, DATA_AGE, now),
        Concern.CLOCK_OFF: abs(device.skew_ms or 0) > SKEW_MS,
        Concern.BATTERY_LOW: device.battery is not None and device.battery < LOW_BATTERY,
    }
    return [concern for concern, holds in found.items() if holds]


def _older(moment: datetime | None, limit: timedelta, now: datetime) -> bool:
    return moment is not None and now - moment > limit
