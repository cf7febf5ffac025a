"""The one cast of all tests: an organiser, a steward, a protocol officer, a guest, and an outsider."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import anyio
import httpx
import pytest

from checkin.gates import usable_gates
from checkin.models import Gate
from events.core import accounts
from events.core.auth import Scope
from events.core.database import Database
from events.core.i18n import Language
from events.core.ids import Role
from events.core.web import SESSION_COOKIE
from events.forms import EventForm, GuestForm
from events.guestlist import invite
from events.models import Event, Guest, Text
from events.planning import create_event

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
"""Noon in Hong Kong and Shenzhen on the day of the event."""

on_one_engine = pytest.mark.parametrize("server", ["sqlite"], indirect=True)
"""For what is about HTTP: the engine underneath makes no difference to it."""

unmeasured = pytest.mark.no_cover
"""For what goes a long way where other tests have been: to note every line of it takes as long again."""


@dataclass
class FrozenClock:
    """A clock that moves only when told."""

    moment: datetime = NOON

    def now(self) -> datetime:
        return self.moment

    def forward(self, **by: float) -> None:
        self.moment += timedelta(**by)


@dataclass
class Cast:
    """Everybody, each with their own browser or script; `state` is what the application holds."""

    state: Mapping[str, Any]
    clock: FrozenClock
    event: Event
    gate: Gate
    stranger: httpx.AsyncClient
    organiser: httpx.AsyncClient
    steward: httpx.AsyncClient
    protocol: httpx.AsyncClient
    outsider: httpx.AsyncClient
    script: httpx.AsyncClient
    transport: httpx.AsyncBaseTransport

    @property
    def database(self) -> Database:
        return self.state["database"]

    @property
    def api(self) -> str:
        return f"/api/v1/events/{self.event.id}"

    async def person(self, role: Role) -> httpx.AsyncClient:
        """Another browser on which somebody of that role is signed in."""
        address = f"{role}-{uuid4().hex[:8]}@example.org"
        secret = await _session(self.state, role, self.clock.now(), address)
        return self.browser(cookies={SESSION_COOKIE: secret})

    async def token(self, scope: Scope) -> httpx.AsyncClient:
        """A script with a token of that scope for the event."""
        return self.browser(headers=await _bearer(self.state, self.event, scope, self.clock.now()))

    def browser(self, **given: Any) -> httpx.AsyncClient:
        """A browser or script that nobody has used yet."""
        return httpx.AsyncClient(transport=self.transport, base_url=str(self.stranger.base_url), **given)

    async def guest(self, name: str = "陈伟", **fields: str) -> Guest:
        """A confirmed guest of the event."""
        form = GuestForm(name=name, **fields)
        return await self.database.write(
            lambda tx: invite(tx, self.event, form, actor="cast", now=self.clock.now(), mail=False)
        )

    def scan(self, code: str = "", **given: Any) -> dict[str, Any]:
        """A scan as a device makes it, at the main entrance and now."""
        now = self.clock.now().isoformat()
        made = {"id": str(uuid4()), "gate": str(self.gate.id), "scanned_at": now, **given}
        return {**made, "code": code} if code else made

    async def scanned(self, *scans: dict[str, Any], by: httpx.AsyncClient | None = None) -> list[dict[str, Any]]:
        """What the door answers to the scans."""
        answer = await (by or self.steward).post(f"{self.api}/scans", json={"scans": list(scans)})
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]


def event_form(**given: Any) -> EventForm:
    """An event on the day of `NOON`, from two in the afternoon to six."""
    usual = {
        "slug": "valley-launch",
        "title": Text(zh_hans="科创谷启动仪式", zh_hant="科創谷啟動儀式", en="Launch of the Valley"),
        "starts_at": NOON + timedelta(hours=2),
        "ends_at": NOON + timedelta(hours=6),
        "timezone": "Asia/Shanghai",
        "capacity": 200,
    }
    return EventForm(**{**usual, **given})


async def planned(database: Database, **given: Any) -> Event:
    """The event of `event_form`, made without the application."""
    return await database.write(lambda tx: create_event(tx, event_form(**given), actor="cast", now=NOON))


def filled(event: Event, **given: str) -> dict[str, str]:
    """The registration form as a guest sends it, having agreed to the notice that is shown."""
    hidden = {"submission": str(uuid4()), "consent": str(event.notice_version)}
    return {**hidden, "name": "陈伟", "language": "zh-Hans", **given}


async def eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    """Waits until something holds, ten seconds at most."""
    with anyio.fail_after(10):
        while not await holds():
            await anyio.sleep(0.01)


@dataclass(frozen=True)
class Seats:
    """What the cast has in a database: an event with its gate, and what each of them shows to be let in."""

    event: Event
    gate: Gate
    cookies: Mapping[Role, dict[str, str]]
    outsider: dict[str, str]
    script: dict[str, str]


async def take_seats(state: Mapping[str, Any], now: datetime) -> Seats:
    """Makes the event and its gate, and signs everybody in."""
    database: Database = state["database"]
    event, other = await planned(database), await planned(database, slug="other-event", title=Text(en="Another"))
    gates = await database.write(lambda tx: usable_gates(tx, event.id, actor="cast", now=now))
    roles = (Role.ORGANISER, Role.STEWARD, Role.PROTOCOL)
    return Seats(
        event=event,
        gate=gates[0],
        cookies={role: {SESSION_COOKIE: await _session(state, role, now, f"{role}@example.org")} for role in roles},
        outsider=await _bearer(state, other, Scope.ADMIN, now),
        script=await _bearer(state, event, Scope.ADMIN, now),
    )


def seat_cast(
    state: Mapping[str, Any], seats: Seats, *, transport: httpx.AsyncBaseTransport, clock: FrozenClock
) -> Cast:
    """Gives everybody who has a seat in the database a browser or script."""
    used = partial(httpx.AsyncClient, transport=transport, base_url="http://guests.test")
    return Cast(
        state=state,
        clock=clock,
        event=seats.event,
        gate=seats.gate,
        stranger=used(),
        organiser=used(cookies=seats.cookies[Role.ORGANISER]),
        steward=used(cookies=seats.cookies[Role.STEWARD]),
        protocol=used(cookies=seats.cookies[Role.PROTOCOL]),
        outsider=used(headers=seats.outsider),
        script=used(headers=seats.script),
        transport=transport,
    )


async def _bearer(state: Mapping[str, Any], event: Event, scope: Scope, now: datetime) -> dict[str, str]:
    database, keyring = state["database"], state["keyring"]
    token = await database.write(
        lambda tx: accounts.create_token(tx, keyring, event_id=event.id, scope=scope, name="test", now=now)
    )
    return {"Authorization": f"Bearer {token}"}


async def _session(state: Mapping[str, Any], role: Role, now: datetime, email: str) -> str:
    database, keyring = state["database"], state["keyring"]
    user = await database.write(
        lambda tx: accounts.create_user(tx, email=email, name=role.value, role=role, language=Language.EN, now=now)
    )
    return await database.write(lambda tx: accounts.start_session(tx, keyring, user_id=user.id, now=now))


def with_state(app: Any, state: Mapping[str, Any]) -> Any:
    """The application as a server runs it, with the state of its lifespan in every request."""

    async def served(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await app({**scope, "state": dict(state)}, receive, send)

    return served
