from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from checkin.credential import credential
from checkin.scan_form import ScanBatch
from events.core.auth import Scope
from tests.cast import Cast, on_one_engine
from tests.door_crew import steward
from tests.phones import paired, signed_on

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)


def _sent(at: datetime | None) -> ScanBatch:
    scan = {"id": str(uuid4()), "code": "Y1", "gate": str(uuid4()), "scanned_at": NOW.isoformat()}
    return ScanBatch.model_validate({"sent_at": at and at.isoformat(), "scans": [scan]})


@pytest.mark.parametrize(
    ("behind", "skew"),
    [
        (timedelta(0), timedelta(0)),
        (timedelta(seconds=1.9), timedelta(0)),
        (-timedelta(seconds=1.9), timedelta(0)),
        (timedelta(seconds=2), timedelta(seconds=2)),
        (timedelta(hours=1), timedelta(hours=1)),
        (-timedelta(hours=1), -timedelta(hours=1)),
    ],
)
def test_the_skew_is_what_the_devices_clock_is_behind_from_two_seconds_on(behind: timedelta, skew: timedelta):
    assert _sent(NOW - behind).skew(NOW) == skew


def test_without_a_time_of_sending_nobody_knows_the_skew():
    assert _sent(None).skew(NOW) is None


async def _by(cast: Cast, who: Any, scan: dict[str, Any]) -> Any:
    return await who.post(f"{cast.api}/scans", json={"scans": [scan]})


@on_one_engine
async def test_a_steward_on_a_device_is_named_to_the_next_door(cast: Cast) -> None:
    phone, guest = await paired(cast), await cast.guest()
    credential = await signed_on(cast, phone, "陈小满", lead=False)
    await cast.scanned(cast.scan(guest.code, steward=credential), by=phone.browser)

    [answer] = await cast.scanned(cast.scan(guest.code))

    assert (answer["verdict"], answer["first"]["by"]) == ("already_inside", "陈小满")


@on_one_engine
async def test_who_scanned_offline_is_named_also_after_the_pin_was_renewed(cast: Cast) -> None:
    phone, guest, (on, _) = await paired(cast), await cast.guest(), await steward(cast, "陈小满", lead=True)
    credential_text = credential(cast.state["keyring"], phone.id, on)
    await cast.organiser.post(f"/desk/{cast.event.slug}/door/stewards/{on.id}/pin", data={"mark": on.mark})

    queued = cast.scan(guest.code, mode="offline", local_verdict="admitted", steward=credential_text)
    await cast.scanned(queued, by=phone.browser)
    [answer] = await cast.scanned(cast.scan(guest.code))

    assert (answer["verdict"], answer["first"]["by"]) == ("already_inside", "陈小满")


@on_one_engine
@pytest.mark.parametrize("credential", ["", "nonsense", "e30.0000"])
async def test_without_a_good_credential_the_device_is_named(cast: Cast, credential: str) -> None:
    phone, guest = await paired(cast), await cast.guest()
    await cast.scanned(cast.scan(guest.code, steward=credential), by=phone.browser)

    [answer] = await cast.scanned(cast.scan(guest.code))

    assert answer["first"]["by"] == f"{cast.gate.name} 1"


@on_one_engine
async def test_a_credential_is_nothing_without_its_device(cast: Cast) -> None:
    phone, guest = await paired(cast), await cast.guest()
    credential = await signed_on(cast, phone, "林若晴", lead=True)
    await cast.scanned(cast.scan(guest.code, steward=credential))

    [answer] = await cast.scanned(cast.scan(guest.code))
    override = cast.scan(guest.code, steward=credential, override={"reason": "same person"})
    elsewhere = await _by(cast, cast.steward, override)

    assert answer["first"]["by"] == "steward"
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "forbidden")


@on_one_engine
async def test_a_lead_overrides_on_a_device_and_nobody_else_there(cast: Cast) -> None:
    phone, guest = await paired(cast), await cast.guest()
    lead = await signed_on(cast, phone, "林若晴", lead=True)
    helper = await signed_on(cast, phone, "陈小满", lead=False)
    await cast.scanned(cast.scan(guest.code))

    def again(credential: str) -> dict[str, Any]:
        return cast.scan(guest.code, steward=credential, override={"reason": "same person"})

    by_helper = await _by(cast, phone.browser, again(helper))
    by_lead = await _by(cast, phone.browser, again(lead))

    assert by_helper.status_code == 403
    assert by_lead.json()["results"][0]["verdict"] == "reentered"


@on_one_engine
async def test_what_stands_on_paper_is_entered_by_leads_only(cast: Cast) -> None:
    guest = await cast.guest()
    tick = cast.scan(guest_id=str(guest.id), mode="paper", local_verdict="admitted")
    door = await cast.token(Scope.DOOR)

    by_script = await _by(cast, door, tick)
    by_desk = await _by(cast, cast.organiser, tick)

    assert by_script.status_code == 403
    assert by_desk.json()["results"][0]["verdict"] == "admitted"
