from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import anyio
import pytest
import sqlalchemy as sa

from events.core.database import Database
from events.core.errors import NotFound
from events.core.ids import EventId, new_id
from events.core.mail import FilePost, Post, SmtpPost
from events.core.outbox import Message, Postman, last_queued_at, messages_of, queue
from events.core.tables import outbox
from events.migrations import migrate
from tests.cast import NOON, FrozenClock, eventually, planned
from tests.post_office import PostOffice, post_office


async def compose(message: Message) -> EmailMessage:
    """A short letter; nobody can write to a guest who is gone."""
    if message.recipient == "gone@example.com":
        raise NotFound
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "desk@example.org", message.recipient, str(message.subject_id)
    mail.set_content("Welcome")
    return mail


@pytest.fixture
async def event_id(database: Database) -> EventId:
    return (await planned(database)).id


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as opened:
        yield opened


async def queued(
    database: Database, event_id: EventId, *recipients: str, subject_id: UUID | None = None, later: int = 0
) -> None:
    """One mail to each, each asked for in a transaction of its own."""
    for recipient in recipients:
        await database.write(
            lambda tx, recipient=recipient: queue(
                tx,
                event_id=event_id,
                kind="letter",
                subject_id=subject_id or new_id(),
                recipient=recipient,
                now=NOON + timedelta(minutes=later),
            )
        )


def postman(database: Database, clock: FrozenClock, post: Post) -> Postman:
    return Postman(database, clock, post, {"letter": compose})


def by_smtp(office: PostOffice) -> SmtpPost:
    return SmtpPost(f"smtp://127.0.0.1:{office.port}")


async def outcomes(database: Database, event_id: EventId) -> dict[str, str]:
    return {each.recipient: each.outcome for each in await messages(database, event_id)}


async def messages(database: Database, event_id: EventId) -> list[Message]:
    return await database.read(lambda tx: messages_of(tx, event_id))


def kept(database: Database, event_id: EventId) -> Callable[[], Awaitable[bool]]:
    async def holds() -> bool:
        return set((await outcomes(database, event_id)).values()) == {"kept"}

    return holds


def said_in(caplog: pytest.LogCaptureFixture, words: str, *, times: int = 1) -> Callable[[], Awaitable[bool]]:
    async def holds() -> bool:
        return caplog.text.count(words) >= times

    return holds


async def due_after(database: Database) -> float | None:
    """In how many seconds after noon the only mail is due."""
    due = (await database.read(lambda tx: tx.execute(sa.select(outbox.c.due_at)))).scalar_one()
    return (due - NOON).total_seconds() if due else None


async def test_a_mail_is_sent_once_and_settled(
    database: Database, clock: FrozenClock, event_id: EventId, office: PostOffice
) -> None:
    await queued(database, event_id, "wei@example.com", "na@example.com")
    carrier = postman(database, clock, by_smtp(office))

    taken = [await carrier.deliver_due() for _ in range(2)]

    assert taken == [2, 0]
    assert sorted(office.recipients) == ["na@example.com", "wei@example.com"]
    assert await outcomes(database, event_id) == {"wei@example.com": "sent", "na@example.com": "sent"}
    assert {each.attempts for each in await messages(database, event_id)} == {1}


async def test_a_mail_whose_reason_was_rolled_back_is_never_sent(
    database: Database, clock: FrozenClock, event_id: EventId, tmp_path: Path
) -> None:
    async def fails(tx) -> None:
        await queue(tx, event_id=event_id, kind="letter", subject_id=new_id(), recipient="wei@example.com", now=NOON)
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(fails)

    assert await postman(database, clock, FilePost(tmp_path)).deliver_due() == 0


async def test_a_kept_mail_is_named_on_the_desk(
    database: Database, clock: FrozenClock, event_id: EventId, tmp_path: Path
) -> None:
    await queued(database, event_id, "wei@example.com")

    await postman(database, clock, FilePost(tmp_path)).deliver_due()

    [message] = await messages(database, event_id)
    assert (message.outcome, message.detail) == ("kept", f"{message.id}.eml")
    assert (tmp_path / message.detail).is_file()


async def test_a_server_that_is_down_is_tried_again_less_and_less_often_until_it_comes_back(
    database: Database, clock: FrozenClock, event_id: EventId, office: PostOffice
) -> None:
    await queued(database, event_id, "wei@example.com")
    carrier = postman(database, clock, by_smtp(office))
    office.close()
    waits = []

    for _ in range(4):
        await carrier.deliver_due()
        wait = await due_after(database) - (clock.now() - NOON).total_seconds()
        waits.append(wait)
        clock.forward(seconds=wait - 1)
        assert await carrier.deliver_due() == 0
        clock.forward(seconds=1)
    [waiting] = await messages(database, event_id)
    office.open()
    await carrier.deliver_due()

    assert waits == [15, 30, 60, 120]
    assert (waiting.outcome, waiting.attempts) == ("waiting", 4)
    assert "refused" in waiting.detail.lower() or "connect" in waiting.detail.lower()
    assert office.recipients == ["wei@example.com"]
    [sent] = await messages(database, event_id)
    assert (sent.outcome, sent.attempts, sent.detail) == ("sent", 5, "")


async def test_a_server_that_refuses_is_tried_again_and_says_why(
    database: Database, clock: FrozenClock, event_id: EventId, office: PostOffice
) -> None:
    await queued(database, event_id, "wei@example.com")
    carrier = postman(database, clock, by_smtp(office))
    office.answer = "451 greylisted, come back"
    await carrier.deliver_due()
    [refused] = await messages(database, event_id)
    office.answer = "250 taken"
    clock.forward(seconds=15)

    await carrier.deliver_due()

    assert (refused.outcome, refused.detail.split(": ")[0]) == ("waiting", "SMTPDataError")
    assert "greylisted, come back" in refused.detail
    assert await outcomes(database, event_id) == {"wei@example.com": "sent"}


async def test_after_half_a_day_of_refusals_a_mail_has_failed(
    database: Database, clock: FrozenClock, event_id: EventId, office: PostOffice
) -> None:
    await queued(database, event_id, "wei@example.com")
    carrier = postman(database, clock, by_smtp(office))
    office.answer = "550 no such guest"
    rounds = 0

    while await due_after(database) is not None:
        rounds += await carrier.deliver_due()
        clock.forward(hours=1)

    [failed] = await messages(database, event_id)
    assert (failed.outcome, failed.attempts, rounds) == ("failed", 13, 13)
    assert "no such guest" in failed.detail


async def test_a_mail_that_cannot_be_written_fails_alone(
    database: Database, clock: FrozenClock, event_id: EventId, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await queued(database, event_id, "gone@example.com", "wei@example.com")

    await postman(database, clock, FilePost(tmp_path)).deliver_due()

    assert await outcomes(database, event_id) == {"gone@example.com": "failed", "wei@example.com": "kept"}
    assert "cannot be written" in caplog.text


async def test_a_long_error_is_cut_to_one_short_line(
    database: Database, clock: FrozenClock, event_id: EventId, tmp_path: Path
) -> None:
    await queued(database, event_id, "wei@example.com")

    async def fails(message: Message) -> EmailMessage:
        raise ValueError("long\n" * 400)

    await Postman(database, clock, FilePost(tmp_path), {"letter": fails}).deliver_due()

    [message] = await messages(database, event_id)
    assert message.detail == f"ValueError: {'long ' * 400}"[:400]


async def test_three_postmen_at_once_deliver_each_mail_once(
    database: Database, clock: FrozenClock, event_id: EventId, office: PostOffice
) -> None:
    await queued(database, event_id, *(f"guest-{number}@example.com" for number in range(15)))

    async with anyio.create_task_group() as tasks:
        for _ in range(3):
            tasks.start_soon(_empty, postman(database, clock, by_smtp(office)))

    assert Counter(office.recipients) == {f"guest-{number}@example.com": 1 for number in range(15)}


async def _empty(carrier: Postman) -> None:
    while await carrier.deliver_due():
        pass


async def test_what_a_postman_took_and_never_delivered_is_taken_again_after_two_minutes(
    database: Database, clock: FrozenClock, event_id: EventId, tmp_path: Path
) -> None:
    await queued(database, event_id, "wei@example.com")
    taken = anyio.Event()

    async def never(message: Message) -> EmailMessage:
        taken.set()
        return await anyio.sleep_forever()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(Postman(database, clock, FilePost(tmp_path), {"letter": never}).deliver_due)
        await taken.wait()
        tasks.cancel_scope.cancel()
    other = postman(database, clock, FilePost(tmp_path))
    clock.forward(seconds=119)
    early = await other.deliver_due()
    clock.forward(seconds=1)

    assert (early, await other.deliver_due()) == (0, 1)
    assert await outcomes(database, event_id) == {"wei@example.com": "kept"}


@pytest.fixture
async def running(database: Database, clock: FrozenClock, tmp_path: Path) -> AsyncIterator[Postman]:
    """A postman at work."""
    carrier = postman(database, clock, FilePost(tmp_path))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(carrier.run)
        yield carrier
        tasks.cancel_scope.cancel()


async def test_a_postman_who_is_woken_does_not_wait_for_the_next_round(
    database: Database, event_id: EventId, running: Postman
) -> None:
    await anyio.wait_all_tasks_blocked()
    await queued(database, event_id, *(f"guest-{number}@example.com" for number in range(7)))

    running.wake()

    await eventually(kept(database, event_id))


async def test_a_postman_outlives_a_database_that_is_not_ready(
    empty_url: str, clock: FrozenClock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    database = Database(empty_url)
    carrier = postman(database, clock, FilePost(tmp_path))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(carrier.run)
        await eventually(said_in(caplog, "the outbox could not be worked off"))
        await migrate(database)
        event_id = (await planned(database)).id
        await queued(database, event_id, "wei@example.com")
        carrier.wake()
        await eventually(kept(database, event_id))
        tasks.cancel_scope.cancel()
    await database.close()


async def test_a_postman_outlives_a_database_that_does_not_answer(
    clock: FrozenClock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    database = Database("postgresql+asyncpg://nobody@127.0.0.1:1/nothing")
    carrier = postman(database, clock, FilePost(tmp_path))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(carrier.run)
        for failures in (1, 2):
            carrier.wake()
            await eventually(said_in(caplog, "the outbox could not be worked off", times=failures))
        tasks.cancel_scope.cancel()
    await database.close()


async def test_the_last_mail_of_a_kind_about_somebody_is_remembered(database: Database, event_id: EventId) -> None:
    one, two = new_id(), new_id()
    await queued(database, event_id, "wei@example.com", subject_id=one)
    await queued(database, event_id, "wei@example.com", subject_id=one, later=5)

    async def last(subject_id: UUID, kind: str = "letter") -> object:
        return await database.read(lambda tx: last_queued_at(tx, event_id=event_id, kind=kind, subject_id=subject_id))

    assert await last(one) == NOON + timedelta(minutes=5)
    assert await last(one, "invoice") is None
    assert await last(two) is None


async def test_mails_are_listed_newest_first_and_only_those_of_the_event(database: Database, event_id: EventId) -> None:
    other = (await planned(database, slug="other")).id
    await queued(database, event_id, "first@example.com", "second@example.com", "third@example.com")
    await queued(database, other, "elsewhere@example.com")

    assert list(await outcomes(database, event_id)) == ["third@example.com", "second@example.com", "first@example.com"]
    newest = await database.read(lambda tx: messages_of(tx, event_id, limit=1))
    assert [message.recipient for message in newest] == ["third@example.com"]
