"""The credential that a steward gets for a PIN: signed text that says who scans, on one device only.

A device gets it when somebody signs on, and whatever the device sends is read with it. That the steward still stands,
has the same PIN and is still a lead, is asked of the database; a signature cannot know.
"""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from checkin.models import DeviceId, Steward, StewardId
from events.core.auth import Keyring

STEWARD_HEADER = "Yingbin-Steward"
"""Where requests that are no scans carry it."""

_PURPOSE = "steward credential"


def credential(keyring: Keyring, device_id: DeviceId, steward: Steward) -> str:
    """The text that a device sends with every scan of this steward: `payload.signature`."""
    facts = {
        "device": str(device_id),
        "steward": str(steward.id),
        "name": steward.name,
        "lead": steward.lead,
        "mark": steward.mark,
    }
    payload = urlsafe_b64encode(json.dumps(facts, ensure_ascii=False).encode()).decode()
    return f"{payload}.{_signature(keyring, payload)}"


def signed_in(keyring: Keyring, device_id: DeviceId, text: str) -> Steward | None:
    """Who signed on to this device, whatever became of them; None when the text is forged, damaged or another device's.

    What was scanned in their name is theirs, also when it is sent after their PIN was renewed.
    """
    payload, _, signature = text.partition(".")
    if not hmac.compare_digest(_signature(keyring, payload).encode(), signature.encode()):
        return None
    facts = json.loads(urlsafe_b64decode(payload))
    if facts["device"] != str(device_id):
        return None
    steward_id, mark = StewardId(UUID(facts["steward"])), facts.get("mark", "")
    return Steward(id=steward_id, name=facts["name"], lead=facts["lead"], mark=mark)


def _signature(keyring: Keyring, payload: str) -> str:
    return keyring.digest(f"{_PURPOSE}:{payload}")
