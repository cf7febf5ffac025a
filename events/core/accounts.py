"""People who sign in: making an account, proving who one is, and ending sessions. Called by the desk and the CLI."""

import secrets
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

import sqlalchemy as sa
from anyio import to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy.ext.asyncio import AsyncConnection

from events.core.auth import Keyring, Scope, User, user_of
from events.core.errors import Conflict, Unauthenticated
from events.core.i18n import Language
from events.core.ids import EventId, Role, UserId, new_id
from events.core.tables import sessions, sign_in_links, tokens, users

SESSION_LIFE = timedelta(hours=14)
LINK_LIFE = timedelta(hours=12)
PASSWORD_LENGTH = 12


async def create_user(
    tx: AsyncConnection, *, email: str, name: str, role: Role, language: Language, now: datetime, side: str = ""
) -> User:
    """A new account without a password; raises Conflict where the address has one. `side`: see `User`."""
    if await user_by_email(tx, email):
        raise Conflict("duplicate_email")
    user = User(id=UserId(new_id()), email=_folded(email), name=name, role=role, language=language, side=side)
    row = {"user_id": user.id, "email": user.email, "name": name, "role": role, "language": language, "side": side}
    await tx.execute(sa.insert(users).values(**row, password_hash="", created_at=now))
    return user


async def user_by_email(tx: AsyncConnection, email: str) -> User | None:
    """The account of an address, in whatever case it is written."""
    row = (await tx.execute(sa.select(users).where(users.c.email == _folded(email)))).one_or_none()
    return user_of(row) if row else None


async def credentials(tx: AsyncConnection, email: str) -> tuple[User | None, str]:
    """The account of an address with what is stored of its password: nobody and nothing for an unknown one."""
    row = (await tx.execute(sa.select(users).where(users.c.email == _folded(email)))).one_or_none()
    return (user_of(row), row.password_hash) if row else (None, "")


async def verify(user: User | None, hashed: str, password: str) -> User:
    """The user of these `credentials`, whose password it is; raises Unauthenticated, as slowly for nobody as for a
    wrong password. Slow on purpose, so never in a transaction."""
    right = await to_thread.run_sync(_matches, hashed, password)
    if user is None or not right:
        raise Unauthenticated("wrong_password")
    return user


async def hash_password(password: str) -> str:
    """What is stored of a password: argon2id. Slow on purpose, so never in a transaction."""
    return await to_thread.run_sync(PasswordHasher().hash, password)


async def set_password(tx: AsyncConnection, user_id: UserId, hashed: str) -> None:
    """Replaces the password by one from `hash_password` and ends every session of the user."""
    await tx.execute(sa.update(users).where(users.c.user_id == user_id).values(password_hash=hashed))
    await end_sessions(tx, user_id)


async def start_session(tx: AsyncConnection, keyring: Keyring, *, user_id: UserId, now: datetime) -> str:
    """The secret of a new session, which ends after `SESSION_LIFE`. Sessions long over are swept out."""
    await tx.execute(sa.delete(sessions).where(sessions.c.expires_at < now))
    secret = secrets.token_urlsafe(32)
    row = {"session_hash": keyring.digest(secret), "user_id": user_id, "created_at": now}
    await tx.execute(sa.insert(sessions).values(**row, expires_at=now + SESSION_LIFE))
    return secret


async def end_session(tx: AsyncConnection, keyring: Keyring, secret: str) -> None:
    """Ends one session; ending it again does nothing."""
    await tx.execute(sa.delete(sessions).where(sessions.c.session_hash == keyring.digest(secret)))


async def end_sessions(tx: AsyncConnection, user_id: UserId) -> None:
    """Signs a user out everywhere and withdraws links not used yet."""
    await tx.execute(sa.delete(sessions).where(sessions.c.user_id == user_id))
    await tx.execute(sa.delete(sign_in_links).where(sign_in_links.c.user_id == user_id))


async def create_link(tx: AsyncConnection, keyring: Keyring, *, user_id: UserId, now: datetime) -> str:
    """The secret of a link that signs the user in once within `LINK_LIFE`."""
    secret = secrets.token_urlsafe(24)
    row = {"link_hash": keyring.digest(secret), "user_id": user_id, "expires_at": now + LINK_LIFE}
    await tx.execute(sa.insert(sign_in_links).values(**row))
    return secret


async def redeem_link(tx: AsyncConnection, keyring: Keyring, *, secret: str, now: datetime) -> User:
    """Whom the link is for; it works once. Raises Unauthenticated when used, unknown or too old."""
    used = sa.delete(sign_in_links).where(sign_in_links.c.link_hash == keyring.digest(secret))
    row = (await tx.execute(used.returning(sign_in_links))).one_or_none()
    if row is None or row.expires_at < now:
        raise Unauthenticated("link_used")
    return user_of((await tx.execute(sa.select(users).where(users.c.user_id == row.user_id))).one())


async def create_token(
    tx: AsyncConnection,
    keyring: Keyring,
    *,
    event_id: EventId,
    scope: Scope,
    name: str,
    now: datetime,
    device_id: UUID | None = None,
    side: str = "",
) -> str:
    """The secret of a new API token for one event; it is shown once. `device_id`: the paired browser that keeps it.

    side: see `Principal`.
    """
    secret = f"yb_{secrets.token_urlsafe(32)}"
    row = {
        "event_id": event_id,
        "token_hash": keyring.digest(secret),
        "scope": scope,
        "name": name,
        "device_id": device_id,
        "side": side,
    }
    await tx.execute(sa.insert(tokens).values(**row, created_at=now))
    return secret


async def revoke_tokens(tx: AsyncConnection, *, event_id: EventId, name: str, now: datetime) -> int:
    """Revokes every token of that name; how many were."""
    standing = tokens.c.event_id == event_id, tokens.c.name == name, tokens.c.revoked_at.is_(None)
    return (await tx.execute(sa.update(tokens).where(*standing).values(revoked_at=now))).rowcount


async def revoke_device(tx: AsyncConnection, *, event_id: EventId, device_id: UUID, now: datetime) -> bool:
    """Revokes what a paired browser keeps; whether anything stood."""
    standing = tokens.c.event_id == event_id, tokens.c.device_id == device_id, tokens.c.revoked_at.is_(None)
    return bool((await tx.execute(sa.update(tokens).where(*standing).values(revoked_at=now))).rowcount)


def _folded(email: str) -> str:
    return email.strip().lower()


@cache
def _nobody() -> str:
    return PasswordHasher().hash(secrets.token_urlsafe())


def _matches(hashed: str, password: str) -> bool:
    try:
        return PasswordHasher().verify(hashed or _nobody(), password)
    except (VerifyMismatchError, InvalidHashError):
        return False
