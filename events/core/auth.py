"""Who is asking and what they may do: passwords, sessions, one-time links and API tokens.

Only hashes of secrets are stored. A session or token that was found is remembered for a few seconds, because the door
asks hundreds of times a second; revoking forgets it at once in this process and within `_REMEMBERED` in others.
"""

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from events.core.clock import Clock
from events.core.database import Database
from events.core.errors import Forbidden, NotFound, Unauthenticated
from events.core.i18n import Language
from events.core.ids import EventId, Role, UserId
from events.core.tables import sessions, tokens, users

_REMEMBERED = timedelta(seconds=5)
_Find = Callable[[AsyncConnection, str, datetime], Awaitable["Principal | None"]]


class Scope(StrEnum):
    """What a token or a role opens."""

    ADMIN = "admin"
    DESK = "desk"
    DOOR = "door"
    STAGE = "stage"
    BOOTH = "booth"
    READ = "read"


ROLE_SCOPES: dict[Role, frozenset[Scope]] = {
    Role.ADMIN: frozenset(Scope),
    Role.ORGANISER: frozenset({Scope.DESK, Scope.DOOR, Scope.STAGE, Scope.READ}),
    Role.STEWARD: frozenset({Scope.DOOR}),
    Role.PROTOCOL: frozenset({Scope.STAGE, Scope.READ}),
}
TOKEN_SCOPES: dict[Scope, frozenset[Scope]] = {
    Scope.ADMIN: frozenset(Scope),
    Scope.DESK: frozenset({Scope.DESK, Scope.DOOR, Scope.READ}),
    Scope.DOOR: frozenset({Scope.DOOR}),
    Scope.STAGE: frozenset({Scope.STAGE, Scope.READ}),
    Scope.BOOTH: frozenset({Scope.BOOTH}),
    Scope.READ: frozenset({Scope.READ}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person who can sign in. `side`: the key of the hosting side they work for, empty for all of them."""

    id: UserId
    email: str
    name: str
    role: Role
    language: Language
    side: str = ""


@dataclass(frozen=True, slots=True)
class Principal:
    """Whoever asks: a person, a token or a paired device. `event_id` is set when it opens one event only.

    side: the hosting side whose people's contact data they may see; empty: everybody's.
    """

    name: str
    scopes: frozenset[Scope]
    event_id: EventId | None = None
    user: User | None = None
    device_id: UUID | None = None
    label: str = ""
    side: str = ""

    def sees_contacts(self, side: str) -> bool:
        """Whether e-mail, telephone and liaison of a guest of `side` are their business."""
        return self.side in {"", side}

    @property
    def shown(self) -> str:
        """What a colleague's screen calls them."""
        return self.user.name if self.user else self.label or self.name

    def require(self, scope: Scope, event_id: EventId | None = None) -> None:
        """Raises NotFound for another event's token, Forbidden without the scope."""
        if self.event_id is not None and event_id != self.event_id:
            raise NotFound
        self.require_somewhere(scope)

    def require_somewhere(self, scope: Scope) -> None:
        """Raises Forbidden without the scope, whatever the event."""
        if scope not in self.scopes:
            raise Forbidden


@dataclass(slots=True)
class Keyring:
    """Turns what a browser or a script presents into a Principal."""

    database: Database
    clock: Clock
    secret_key: str
    _known: dict[tuple[str, str], tuple[Principal, datetime]] = field(
        default_factory=dict[tuple[str, str], tuple[Principal, datetime]]
    )

    def digest(self, secret: str) -> str:
        """What is stored instead of `secret`; worthless without the secret key."""
        return hmac.new(self.secret_key.encode(), secret.encode(), hashlib.sha256).hexdigest()

    async def by_session(self, secret: str) -> Principal:
        """Raises Unauthenticated for an unknown or expired session."""
        return await self._remembered(self.digest(secret), _principal_of_session)

    async def by_token(self, secret: str) -> Principal:
        """Raises Unauthenticated for an unknown or revoked token (`device_revoked` for a device's)."""
        return await self._remembered(self.digest(secret), _principal_of_token)

    def forget(self) -> None:
        """Asks the database again from now on; called after anything was revoked."""
        self._known.clear()

    async def _remembered(self, digest: str, find: _Find) -> Principal:
        now = self.clock.now()
        known = self._known.get((find.__name__, digest))
        if known and known[1] > now:
            return known[0]
        principal = await self.database.read(lambda tx: find(tx, digest, now))
        if principal is None:
            raise Unauthenticated
        if len(self._known) > 10_000:
            self._known.clear()
        self._known[find.__name__, digest] = (principal, now + _REMEMBERED)
        return principal


async def _principal_of_session(tx: AsyncConnection, digest: str, now: datetime) -> Principal | None:
    joined = sessions.join(users)
    found = sessions.c.session_hash == digest, sessions.c.expires_at > now
    row = (await tx.execute(sa.select(users).select_from(joined).where(*found))).one_or_none()
    if row is None:
        return None
    user = user_of(row)
    return Principal(user.email, ROLE_SCOPES[user.role], user=user, side=user.side)


async def _principal_of_token(tx: AsyncConnection, digest: str, _now: datetime) -> Principal | None:
    row = (await tx.execute(sa.select(tokens).where(tokens.c.token_hash == digest))).one_or_none()
    if row is None:
        return None
    if row.revoked_at:
        raise Unauthenticated("device_revoked" if row.device_id else None)
    scopes, event_id = TOKEN_SCOPES[Scope(row.scope)], EventId(row.event_id)
    if row.device_id:
        name = f"device:{row.device_id}"
        return Principal(name, scopes, event_id=event_id, device_id=row.device_id, label=row.name)
    return Principal(f"token:{row.name}", scopes, event_id=event_id, side=row.side)


def user_of(row: sa.Row[Any]) -> User:
    """The user in a row of `users`."""
    name, role, language = row.name, row.role, row.language
    return User(id=UserId(row.user_id), email=row.email, name=name, role=role, language=language, side=row.side)
