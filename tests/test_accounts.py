from collections import Counter
from datetime import timedelta

import anyio
import pytest
import sqlalchemy as sa

from events.core import accounts
from events.core.auth import Keyring, Scope, User
from events.core.database import Database
from events.core.errors import Conflict, Refusal, Unauthenticated
from events.core.i18n import Language
from events.core.ids import Role
from events.core.tables import sessions, sign_in_links, tokens, users
from tests.cast import NOON, FrozenClock, planned

PASSWORD = "correct horse battery"


@pytest.fixture
def keyring(database: Database, clock: FrozenClock) -> Keyring:
    return Keyring(database, clock, "k" * 32)


async def person(database: Database, email: str = "lin@example.org", role: Role = Role.ORGANISER) -> User:
    return await database.write(
        lambda tx: accounts.create_user(tx, email=email, name="林若晴", role=role, language=Language.ZH_HANT, now=NOON)
    )


async def with_password(database: Database, password: str = PASSWORD) -> User:
    user, hashed = await person(database), await accounts.hash_password(password)
    await database.write(lambda tx: accounts.set_password(tx, user.id, hashed))
    return user


async def verified(database: Database, email: str, password: str) -> User:
    user, hashed = await database.read(lambda tx: accounts.credentials(tx, email))
    return await accounts.verify(user, hashed, password)


async def count(database: Database, table: sa.Table) -> int:
    return (await database.read(lambda tx: tx.execute(sa.select(sa.func.count()).select_from(table)))).scalar_one()


async def session_of(database: Database, keyring: Keyring, user: User) -> str:
    return await database.write(
        lambda tx: accounts.start_session(tx, keyring, user_id=user.id, now=keyring.clock.now())
    )


async def link_of(database: Database, keyring: Keyring, user: User) -> str:
    return await database.write(lambda tx: accounts.create_link(tx, keyring, user_id=user.id, now=keyring.clock.now()))


async def redeemed(database: Database, keyring: Keyring, secret: str) -> User:
    now = keyring.clock.now()
    return await database.write(lambda tx: accounts.redeem_link(tx, keyring, secret=secret, now=now))


async def test_an_account_is_found_by_its_address_in_any_case(database: Database) -> None:
    user = await person(database, " Lin@Example.org ")

    assert (user.email, user.name, user.role, user.language) == (
        "lin@example.org",
        "林若晴",
        Role.ORGANISER,
        Language.ZH_HANT,
    )
    assert await database.read(lambda tx: accounts.user_by_email(tx, "LIN@example.org")) == user
    assert await database.read(lambda tx: accounts.user_by_email(tx, "lin@example.com")) is None


async def test_an_address_has_one_account(database: Database) -> None:
    await person(database)

    with pytest.raises(Conflict) as refused:
        await person(database, "LIN@example.org", Role.ADMIN)

    assert refused.value.code == "duplicate_email"


async def test_the_right_password_proves_who_one_is(database: Database) -> None:
    user = await with_password(database)

    assert await verified(database, "Lin@Example.org", PASSWORD) == user


async def test_a_wrong_password_and_an_unknown_address_are_refused_alike(database: Database) -> None:
    known = await with_password(database)
    tries = [
        (known.email, PASSWORD + " "),
        (known.email, PASSWORD.upper()),
        (known.email, ""),
        ("nobody@example.org", PASSWORD),
        ("", ""),
    ]

    for email, password in tries:
        with pytest.raises(Unauthenticated) as refused:
            await verified(database, email, password)
        assert refused.value.code == "wrong_password"


async def test_an_account_without_a_password_has_no_right_one(database: Database) -> None:
    await person(database)

    with pytest.raises(Unauthenticated):
        await verified(database, "lin@example.org", "")


async def test_a_password_is_stored_as_argon2id_with_a_salt_of_its_own(database: Database) -> None:
    await with_password(database)

    stored = (await database.read(lambda tx: tx.execute(sa.select(users.c.password_hash)))).scalar_one()

    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored
    assert await accounts.hash_password(PASSWORD) != stored


async def test_a_password_may_be_in_any_script_and_long(database: Database) -> None:
    password = "迎宾\x00" * 1000
    user = await with_password(database, password)

    assert await verified(database, user.email, password) == user


async def test_a_new_password_ends_sessions_and_withdraws_links(database: Database, keyring: Keyring) -> None:
    user = await with_password(database)
    await session_of(database, keyring, user)
    await link_of(database, keyring, user)
    hashed = await accounts.hash_password("another password")

    await database.write(lambda tx: accounts.set_password(tx, user.id, hashed))

    assert [await count(database, table) for table in (sessions, sign_in_links)] == [0, 0]
    assert await verified(database, user.email, "another password") == user
    with pytest.raises(Unauthenticated):
        await verified(database, user.email, PASSWORD)


async def test_the_database_knows_no_secret_that_opens_anything(database: Database, keyring: Keyring) -> None:
    user, event = await person(database), await planned(database)
    secrets = {await session_of(database, keyring, user), await link_of(database, keyring, user)}
    secrets.add(
        await database.write(
            lambda tx: accounts.create_token(tx, keyring, event_id=event.id, scope=Scope.READ, name="x", now=NOON)
        )
    )
    stored: set[str] = set()

    for column in (sessions.c.session_hash, sign_in_links.c.link_hash, tokens.c.token_hash):
        rows = await database.read(lambda tx, column=column: tx.execute(sa.select(column)))
        stored.update(rows.scalars())

    assert len(secrets) == len(stored) == 3
    assert stored == {keyring.digest(secret) for secret in secrets}
    assert {len(secret) >= 32 for secret in secrets} == {True}


async def test_a_session_ends_alone_and_ending_it_again_does_nothing(database: Database, keyring: Keyring) -> None:
    user = await person(database)
    one, two = [await session_of(database, keyring, user) for _ in range(2)]

    for _ in range(2):
        await database.write(lambda tx: accounts.end_session(tx, keyring, one))

    left = (await database.read(lambda tx: tx.execute(sa.select(sessions.c.session_hash)))).scalars().all()
    assert left == [keyring.digest(two)]


async def test_signing_out_everywhere_leaves_other_people_alone(database: Database, keyring: Keyring) -> None:
    user, other = await person(database), await person(database, "ho@example.org")
    for each in (user, user, other):
        await session_of(database, keyring, each)
        await link_of(database, keyring, each)

    await database.write(lambda tx: accounts.end_sessions(tx, user.id))

    assert [await count(database, table) for table in (sessions, sign_in_links)] == [1, 1]


async def test_sessions_long_over_are_swept_out(database: Database, keyring: Keyring, clock: FrozenClock) -> None:
    user = await person(database)
    await session_of(database, keyring, user)
    clock.forward(hours=14, seconds=1)

    await session_of(database, keyring, user)

    assert await count(database, sessions) == 1


async def test_a_link_signs_in_once(database: Database, keyring: Keyring) -> None:
    user = await person(database)
    secret = await link_of(database, keyring, user)

    assert await redeemed(database, keyring, secret) == user
    with pytest.raises(Unauthenticated) as refused:
        await redeemed(database, keyring, secret)
    assert refused.value.code == "link_used"


async def test_of_five_presses_at_once_on_a_link_one_signs_in(database: Database, keyring: Keyring) -> None:
    secret = await link_of(database, keyring, await person(database))
    outcomes: Counter[str] = Counter()

    async def press() -> None:
        try:
            await redeemed(database, keyring, secret)
        except Refusal as refused:
            outcomes[refused.code] += 1
        else:
            outcomes["signed in"] += 1

    async with anyio.create_task_group() as tasks:
        for _ in range(5):
            tasks.start_soon(press)

    assert outcomes == {"signed in": 1, "link_used": 4}


@pytest.mark.parametrize(("age", "works"), [(timedelta(hours=12), True), (timedelta(hours=12, seconds=1), False)])
async def test_a_link_is_good_for_twelve_hours(
    database: Database, keyring: Keyring, clock: FrozenClock, age: timedelta, works: bool
) -> None:
    user = await person(database)
    secret = await link_of(database, keyring, user)
    clock.moment += age

    if works:
        assert await redeemed(database, keyring, secret) == user
    else:
        with pytest.raises(Unauthenticated):
            await redeemed(database, keyring, secret)


async def test_a_link_that_was_never_given_out_is_refused(database: Database, keyring: Keyring) -> None:
    await link_of(database, keyring, await person(database))

    for secret in ("", "guessed", "\u8fce"):
        with pytest.raises(Unauthenticated):
            await redeemed(database, keyring, secret)


async def test_tokens_are_revoked_by_their_name_and_only_in_their_event(database: Database, keyring: Keyring) -> None:
    one, two = await planned(database), await planned(database, slug="other")
    for event, name in ((one, "printer"), (one, "printer"), (one, "board"), (two, "printer")):
        await database.write(
            lambda tx, event=event, name=name: accounts.create_token(
                tx, keyring, event_id=event.id, scope=Scope.READ, name=name, now=NOON
            )
        )

    revoked = [
        await database.write(lambda tx: accounts.revoke_tokens(tx, event_id=one.id, name="printer", now=NOON))
        for _ in range(2)
    ]

    assert revoked == [2, 0]
    standing = sa.select(tokens.c.name).where(tokens.c.revoked_at.is_(None)).order_by(tokens.c.name)
    assert (await database.read(lambda tx: tx.execute(standing))).scalars().all() == ["board", "printer"]
