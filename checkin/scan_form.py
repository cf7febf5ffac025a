"""Scans as devices send them, and who stands behind each: a steward who signed on, a device, an account.

The door's API reads requests with these models.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from checkin.credential import signed_in
from checkin.models import DeviceId, Direction, GateId, Mode, Scan, ScanId, Steward
from checkin.outcome import JITTER
from events.core.auth import Keyring, Principal
from events.core.errors import Forbidden, Invalid
from events.forms import Line
from events.models import GuestId

_AT_ONCE = 1000
_CODE_LENGTH = 2000
_CREDENTIAL_LENGTH = 2000


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("before the year 1 or after 9999 in UTC") from error


_Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class Override(BaseModel):
    """Why a lead lets somebody in."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[Line, Field(min_length=1, max_length=200)]


class ScanForm(BaseModel):
    """One scan as a device sends it: `code` as it was read, or `guest_id` from the search.

    steward: the credential of who scanned, on a device.
    """

    model_config = ConfigDict(extra="forbid")

    id: UUID
    code: Annotated[str, Field(max_length=_CODE_LENGTH)] = ""
    guest_id: UUID | None = None
    gate: UUID
    direction: Direction = Direction.ENTRY
    scanned_at: _Moment
    mode: Mode = Mode.ONLINE
    local_verdict: Annotated[str, Field(max_length=20)] = ""
    override: Override | None = None
    steward: Annotated[str, Field(max_length=_CREDENTIAL_LENGTH)] = ""
    rehearsal: bool = False

    @property
    def is_for_leads(self) -> bool:
        """Whether not everybody may do this: override a verdict, enter what stands on paper."""
        return self.override is not None or self.mode is Mode.PAPER


class ScanBatch(BaseModel):
    """Scans in the order in which they happened. sent_at: by the clock of the device that sends them."""

    model_config = ConfigDict(extra="forbid")

    sent_at: _Moment | None = None
    scans: Annotated[list[ScanForm], Field(min_length=1, max_length=_AT_ONCE)]

    def skew(self, received_at: datetime) -> timedelta | None:
        """How far the device's clock is behind ours; nothing where the two agree as well as clocks do."""
        if self.sent_at is None:
            return None
        skew = received_at - self.sent_at
        return skew if abs(skew) >= JITTER else timedelta()


@dataclass(frozen=True, slots=True)
class Crew:
    """Who sends a batch. leads: the credentials in it of whoever may do what `is_for_leads`."""

    principal: Principal
    keyring: Keyring
    leads: Collection[str] = ()

    def scans(self, batch: ScanBatch, *, received_at: datetime) -> list[Scan]:
        """The batch as the door takes it; raises Invalid for a scan of nothing, Forbidden for what leads do only.

        An offline scan is never forbidden: it happened.
        """
        skew, steward_of = batch.skew(received_at), cache(self.steward)
        return [self._scan(form, skew=skew, steward_of=steward_of) for form in batch.scans]

    def steward(self, credential: str) -> Steward | None:
        """Who signed on to the device that sends, if it is one and the credential is of it."""
        device_id = self.principal.device_id
        return signed_in(self.keyring, DeviceId(device_id), credential) if device_id and credential else None

    def _scan(self, form: ScanForm, *, skew: timedelta | None, steward_of: Callable[[str], Steward | None]) -> Scan:
        if bool(form.code) == bool(form.guest_id):
            raise Invalid(fields={"code": "missing"})
        may = form.steward in self.leads
        if form.is_for_leads and not may and form.mode is not Mode.OFFLINE:
            raise Forbidden
        steward, principal = steward_of(form.steward), self.principal
        return Scan(
            id=ScanId(form.id),
            gate_id=GateId(form.gate),
            code=form.code,
            guest_id=GuestId(form.guest_id) if form.guest_id else None,
            direction=form.direction,
            scanned_at=form.scanned_at,
            skew=skew,
            mode=form.mode,
            local_verdict=form.local_verdict,
            override_reason=form.override.reason if form.override else "",
            may_override=may,
            rehearsal=form.rehearsal,
            device_id=DeviceId(principal.device_id) if principal.device_id else None,
            actor=principal.name,
            actor_name=steward.name if steward else principal.shown,
        )
