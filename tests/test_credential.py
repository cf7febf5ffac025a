import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from checkin.credential import credential, signed_in
from checkin.models import DeviceId, Steward, StewardId
from events.core.auth import Keyring
from events.core.database import Database
from tests.cast import FrozenClock

DEVICE = DeviceId(uuid4())
LIN = Steward(id=StewardId(uuid4()), name="林若晴", lead=True)


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return _keyring(tmp_path, "k" * 32)


def _keyring(folder: Path, secret_key: str) -> Keyring:
    clock = FrozenClock(datetime(2026, 3, 2, tzinfo=UTC))
    return Keyring(Database(f"sqlite+aiosqlite:///{folder / 'none.sqlite3'}"), clock, secret_key)


def test_a_credential_names_who_signed_on(keyring: Keyring):
    text = credential(keyring, DEVICE, LIN)

    assert signed_in(keyring, DEVICE, text) == LIN
    assert text.isascii()


def test_a_credential_carries_the_mark_of_the_pin(keyring: Keyring):
    text = credential(keyring, DEVICE, replace(LIN, mark="0a1b"))

    on = signed_in(keyring, DEVICE, text)

    assert on
    assert on.mark == "0a1b"


def test_a_credential_from_before_marks_names_its_steward_with_none(keyring: Keyring):
    facts = {"device": str(DEVICE), "steward": str(LIN.id), "name": LIN.name, "lead": LIN.lead}
    payload = urlsafe_b64encode(json.dumps(facts).encode()).decode()

    on = signed_in(keyring, DEVICE, f"{payload}.{keyring.digest(f'steward credential:{payload}')}")

    assert (on, on and on.mark) == (LIN, "")


def test_a_credential_is_of_one_device(keyring: Keyring):
    text = credential(keyring, DEVICE, LIN)

    assert signed_in(keyring, DEVICE, text) == LIN
    assert signed_in(keyring, DeviceId(uuid4()), text) is None


def test_nobody_makes_a_lead_of_themselves(keyring: Keyring):
    payload, _, signature = credential(keyring, DEVICE, Steward(id=LIN.id, name="新手", lead=False)).partition(".")
    raised = urlsafe_b64encode(urlsafe_b64decode(payload).replace(b'"lead": false', b'"lead": true')).decode()

    assert signed_in(keyring, DEVICE, f"{payload}.{signature}") == Steward(id=LIN.id, name="新手", lead=False)
    assert raised != payload
    assert signed_in(keyring, DEVICE, f"{raised}.{signature}") is None


def test_a_credential_of_another_house_is_worth_nothing(keyring: Keyring, tmp_path: Path):
    text = credential(_keyring(tmp_path, "x" * 32), DEVICE, LIN)

    assert signed_in(keyring, DEVICE, text) is None


@pytest.mark.parametrize("text", ["", ".", "e30.", "e30.é", "{}", "a.b.c"])
def test_what_is_no_credential_names_nobody(keyring: Keyring, text: str):
    assert signed_in(keyring, DEVICE, text) is None
