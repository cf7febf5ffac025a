import pytest

from events.core import accounts
from events.core.auth import ROLE_SCOPES, TOKEN_SCOPES, Keyring, Principal, Scope, User
from events.core.database import Database
from events.core.errors import Forbidden, NotFound, Unauthenticated
from events.core.i18n import Language
from events.core.ids import EventId, Role, new_id
from tests.cast import NOON, FrozenClock, planned

ADMIN, DESK, DOOR, STAGE, BOOTH, READ = Scope


@pytest.fixture
def keyring(database: Database, clock: FrozenClock) -> Keyring:
    return Keyring(database, clock, "k" * 32)


async def person(database: Database, role: Role = Role.STEWARD) -> User:
    email = f"{role}@example.org"
    return await database.write(
        lambda tx: accounts.create_user(tx, email=email, name="陈小满", role=role, language=Language.EN, now=NOON)
    )


async def session_of(keyring: Keyring, user: User) -> str:
    now = keyring.clock.now()
    return await keyring.database.write(lambda tx: accounts.start_session(tx, keyring, user_id=user.id, now=now))


async def token_of(keyring: Keyring, event_id: EventId, scope: Scope = READ) -> str:
    return await keyring.database.write(
        lambda tx: accounts.create_token(tx, keyring, event_id=event_id, scope=scope, name="board", now=NOON)
    )


def test_each_role_opens_what_its_work_needs() -> None:
    assert {
        Role.ADMIN: {ADMIN, DESK, DOOR, STAGE, BOOTH, READ},
        Role.ORGANISER: {DESK, DOOR, STAGE, READ},
        Role.STEWARD: {DOOR},
        Role.PROTOCOL: {STAGE, READ},
    } == ROLE_SCOPES


def test_each_token_opens_what_its_scope_says() -> None:
    assert {
        ADMIN: {ADMIN, DESK, DOOR, STAGE, BOOTH, READ},
        DESK: {DESK, DOOR, READ},
        DOOR: {DOOR},
        STAGE: {STAGE, READ},
        BOOTH: {BOOTH},
        READ: {READ},
    } == TOKEN_SCOPES


async def test_a_session_says_who_asks_and_what_they_may(database: Database, keyring: Keyring) -> None:
    for role in Role:
        user = await person(database, role)

        principal = await keyring.by_session(await session_of(keyring, user))

        assert principal == Principal(user.email, ROLE_SCOPES[role], user=user)
        assert principal.shown == "陈小满"


async def test_a_token_opens_one_event_in_its_scope(database: Database, keyring: Keyring) -> None:
    event = await planned(database)

    for scope in Scope:
        principal = await keyring.by_token(await token_of(keyring, event.id, scope))

        assert principal == Principal("token:board", TOKEN_SCOPES[scope], event_id=event.id)
        assert principal.shown == "token:board"


async def test_a_secret_of_one_kind_is_not_one_of_another_even_while_it_is_remembered(
    database: Database, keyring: Keyring
) -> None:
    event, user = await planned(database), await person(database)
    session, token = await session_of(keyring, user), await token_of(keyring, event.id)
    await keyring.by_session(session)
    await keyring.by_token(token)

    with pytest.raises(Unauthenticated):
        await keyring.by_token(session)
    with pytest.raises(Unauthenticated):
        await keyring.by_session(token)


async def test_an_unknown_secret_is_nobody(keyring: Keyring) -> None:
    for secret in ("", "guessed", "\x00", "迎" * 1000):
        for ask in (keyring.by_session, keyring.by_token):
            with pytest.raises(Unauthenticated):
                await ask(secret)


async def test_a_secret_is_worthless_under_another_key(database: Database, keyring: Keyring) -> None:
    secret = await session_of(keyring, await person(database))
    other = Keyring(database, keyring.clock, "o" * 32)

    with pytest.raises(Unauthenticated):
        await other.by_session(secret)


async def test_a_session_lives_fourteen_hours(database: Database, keyring: Keyring, clock: FrozenClock) -> None:
    secret = await session_of(keyring, await person(database))
    clock.forward(hours=14, seconds=-1)
    known = await keyring.by_session(secret)
    clock.forward(seconds=6)

    with pytest.raises(Unauthenticated):
        await keyring.by_session(secret)

    assert known.user is not None


async def test_what_is_remembered_is_asked_again_after_five_seconds(
    database: Database, keyring: Keyring, clock: FrozenClock
) -> None:
    user = await person(database)
    secret = await session_of(keyring, user)
    await keyring.by_session(secret)
    await database.write(lambda tx: accounts.end_sessions(tx, user.id))

    clock.forward(seconds=4)
    remembered = await keyring.by_session(secret)
    clock.forward(seconds=1)

    assert remembered.user == user
    with pytest.raises(Unauthenticated):
        await keyring.by_session(secret)


@pytest.mark.parametrize("kind", ["session", "token"])
async def test_what_was_revoked_is_forgotten_at_once(database: Database, keyring: Keyring, kind: str) -> None:
    event, user = await planned(database), await person(database)
    secret = await (session_of(keyring, user) if kind == "session" else token_of(keyring, event.id))
    ask = keyring.by_session if kind == "session" else keyring.by_token
    await ask(secret)
    await database.write(lambda tx: accounts.end_sessions(tx, user.id))
    await database.write(lambda tx: accounts.revoke_tokens(tx, event_id=event.id, name="board", now=NOON))

    keyring.forget()

    with pytest.raises(Unauthenticated):
        await ask(secret)


async def test_a_refusal_is_not_remembered(database: Database, keyring: Keyring) -> None:
    user = await person(database)
    with pytest.raises(Unauthenticated):
        await keyring.by_session("not yet")

    secret = await session_of(keyring, user)

    assert (await keyring.by_session(secret)).user == user


async def test_the_memory_is_bounded(database: Database, keyring: Keyring) -> None:
    secret = await session_of(keyring, await person(database))
    principal = await keyring.by_session(secret)
    keyring._known.update((("_principal_of_session", str(number)), (principal, NOON)) for number in range(10_001))
    other = await session_of(keyring, await person(database, Role.ADMIN))

    await keyring.by_session(other)

    assert list(keyring._known) == [("_principal_of_session", keyring.digest(other))]


def test_the_token_of_an_event_finds_no_other_event() -> None:
    mine, other = EventId(new_id()), EventId(new_id())
    token = Principal("token:board", TOKEN_SCOPES[READ], event_id=mine)

    token.require(READ, mine)
    for event_id in (other, None):
        with pytest.raises(NotFound):
            token.require(READ, event_id)


def test_a_scope_that_is_not_held_is_forbidden() -> None:
    steward = Principal("steward", ROLE_SCOPES[Role.STEWARD])

    steward.require(DOOR, EventId(new_id()))
    steward.require_somewhere(DOOR)
    for ask in (steward.require, steward.require_somewhere):
        with pytest.raises(Forbidden):
            ask(DESK)
