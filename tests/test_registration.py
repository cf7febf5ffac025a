from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import anyio
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from events.core.database import Database
from events.core.errors import Conflict, Invalid
from events.core.outbox import messages_of
from events.core.tables import outbox
from events.forms import GuestForm
from events.guestlist import invite
from events.models import Event, GuestStatus, RegistrationMode, TicketState
from events.registration import Outcome, register
from events.store import event_by_id
from events.tables import guests, tickets
from tests.cast import NOON, planned

MINUTE = timedelta(minutes=1)


async def arrive(
    database: Database, event: Event, *, submission: UUID | None = None, later: timedelta = timedelta(), **given: str
) -> Outcome | None:
    """Somebody sends the form, in a transaction of their own."""
    form = GuestForm(**{"name": "陈伟", **given})
    submission_id, now = submission or uuid4(), NOON + later
    return await database.write(lambda tx: register(tx, event, form, submission_id=submission_id, now=now))


async def registered_in(database: Database, event: Event) -> int:
    return (await database.read(lambda tx: event_by_id(tx, event.id))).registered


async def rows_of(database: Database, event: Event) -> list[sa.Row]:
    chosen = sa.select(guests).where(guests.c.event_id == event.id).order_by(guests.c.guest_id)
    return list(await database.read(lambda tx: tx.execute(chosen)))


async def mails_of(database: Database, event: Event) -> list[str]:
    return [message.recipient for message in await database.read(lambda tx: messages_of(tx, event.id))]


async def test_a_guest_is_confirmed_with_a_ticket_a_seat_and_a_mail(database: Database) -> None:
    event = await planned(database)

    outcome = await arrive(database, event, email="Wei@Example.com", phone="9123 4567", organisation="河套研究院")

    assert outcome is not None
    assert not outcome.repeated
    guest = outcome.guest
    assert (guest.status, guest.source, guest.category) == (GuestStatus.CONFIRMED, "online", "guest")
    assert (guest.name, guest.organisation, guest.phone) == ("陈伟", "河套研究院", "+85291234567")
    assert guest.code.startswith(f"Y1{event.tag}")
    assert await registered_in(database, event) == 1
    assert await mails_of(database, event) == ["Wei@example.com"]


async def test_the_version_of_the_notice_that_was_agreed_to_is_kept(database: Database) -> None:
    event = replace(await planned(database), notice_version=7)

    await arrive(database, event)

    [row] = await rows_of(database, event)
    assert (row.consent_version, row.consent_at) == (7, NOON)


async def test_without_an_address_no_mail_is_queued(database: Database) -> None:
    event = await planned(database)

    await arrive(database, event)

    assert len(await rows_of(database, event)) == 1
    assert await mails_of(database, event) == []


async def test_thirty_at_once_never_exceed_the_capacity(database: Database) -> None:
    event = await planned(database, capacity=12)
    seated: list[str] = []

    async def come(number: int) -> None:
        if outcome := await arrive(database, event, name=f"客{number}", email=f"guest-{number}@example.com"):
            seated.append(outcome.guest.code)

    async with anyio.create_task_group() as tasks:
        for number in range(30):
            tasks.start_soon(come, number)

    assert (len(seated), len(set(seated))) == (12, 12)
    assert await registered_in(database, event) == 12
    assert len(await rows_of(database, event)) == 12
    assert len(await mails_of(database, event)) == 12


async def test_ten_at_once_with_one_address_make_one_guest(database: Database) -> None:
    event = await planned(database)
    outcomes: list[Outcome | None] = []

    async def come(number: int) -> None:
        outcomes.append(await arrive(database, event, name=f"客{number}", email="One@example.com"))

    async with anyio.create_task_group() as tasks:
        for number in range(10):
            tasks.start_soon(come, number)

    assert len({outcome.guest.id for outcome in outcomes if outcome}) == 1
    assert sorted(outcome.repeated for outcome in outcomes if outcome) == [False] + [True] * 9
    assert await registered_in(database, event) == 1
    assert await mails_of(database, event) == ["One@example.com"]


async def test_ten_clicks_at_once_on_one_form_make_one_guest(database: Database) -> None:
    event, submission = await planned(database, capacity=1), uuid4()
    outcomes: list[Outcome | None] = []

    async def click() -> None:
        outcomes.append(await arrive(database, event, submission=submission))

    async with anyio.create_task_group() as tasks:
        for _ in range(10):
            tasks.start_soon(click)

    assert len({outcome.guest.id if outcome else None for outcome in outcomes}) == 1
    assert await registered_in(database, event) == 1


async def test_a_known_address_in_any_case_changes_nothing(database: Database) -> None:
    event = await planned(database)
    first = await arrive(database, event, email="wei@example.com", organisation="河套研究院")
    assert first is not None

    for address in ("wei@example.com", "WEI@EXAMPLE.COM", "  wei@example.com "):
        again = await arrive(database, event, email=address, name="别人", organisation="别处", later=MINUTE)
        assert again == Outcome(first.guest, repeated=True)

    assert await registered_in(database, event) == 1


async def test_a_repeat_gets_the_pass_by_mail_at_most_every_ten_minutes(database: Database) -> None:
    event = await planned(database)
    counts = []

    for minutes in (0, 1, 9, 10, 11, 19, 20):
        await arrive(database, event, email="wei@example.com", later=minutes * MINUTE)
        counts.append(len(await mails_of(database, event)))

    assert counts == [1, 1, 1, 2, 2, 2, 3]


async def test_the_same_form_sent_again_keeps_its_answer_even_when_the_event_is_full(database: Database) -> None:
    event, submission = await planned(database, capacity=1), uuid4()
    first = await arrive(database, event, submission=submission)

    again = await arrive(database, event, submission=submission)

    assert first is not None
    assert again == Outcome(first.guest, repeated=True)
    assert await registered_in(database, event) == 1


async def test_a_form_sent_again_for_somebody_else_is_another_guest(database: Database) -> None:
    event, submission = await planned(database), uuid4()
    people = [
        {"name": "陈伟"},
        {"name": "李娜"},
        {"name": "陈伟", "email": "wei@example.com"},
        {"name": "王芳", "email": "fang@example.com"},
    ]

    outcomes = [await arrive(database, event, submission=submission, **person) for person in people]

    assert [outcome.repeated for outcome in outcomes if outcome] == [False] * 4
    assert [row.name for row in await rows_of(database, event)] == [person["name"] for person in people]
    assert await registered_in(database, event) == 4


async def test_a_full_event_answers_a_known_and_an_unknown_address_alike(database: Database) -> None:
    event = await planned(database, capacity=1)
    await arrive(database, event, email="known@example.com")

    known = await arrive(database, event, email="known@example.com", later=11 * MINUTE)
    unknown = await arrive(database, event, email="unknown@example.com")

    assert (known, unknown) == (None, None)
    assert await mails_of(database, event) == ["known@example.com"] * 2
    assert await registered_in(database, event) == 1


async def test_an_event_without_a_capacity_is_never_full(database: Database) -> None:
    event = await planned(database, capacity=None)

    for number in range(3):
        await arrive(database, event, email=f"guest-{number}@example.com")

    assert await registered_in(database, event) == 3


async def test_guests_beyond_the_capacity_are_the_organisers_choice(database: Database) -> None:
    event = await planned(database, capacity=1)
    await arrive(database, event, email="first@example.com")

    await database.write(lambda tx: invite(tx, event, GuestForm(name="市长"), actor="organiser", now=NOON))

    assert await registered_in(database, event) == 2
    assert await arrive(database, event, email="last@example.com") is None


async def test_subject_to_approval_a_guest_waits_with_a_seat_and_a_mail(database: Database) -> None:
    event = await planned(database, registration=RegistrationMode.APPROVAL)

    outcome = await arrive(database, event, email="wei@example.com")

    assert outcome is not None
    assert outcome.guest.status == GuestStatus.PENDING
    assert await registered_in(database, event) == 1
    assert await mails_of(database, event) == ["wei@example.com"]


async def test_by_invitation_only_nobody_registers(database: Database) -> None:
    event = await planned(database, registration=RegistrationMode.INVITATION)

    with pytest.raises(Conflict) as refused:
        await arrive(database, event)

    assert refused.value.code == "invitation_only"
    assert await registered_in(database, event) == 0


async def test_registration_ends_with_the_event(database: Database) -> None:
    event = await planned(database)
    until_end = event.ends_at - NOON

    assert await arrive(database, event, later=until_end - MINUTE) is not None
    with pytest.raises(Conflict) as refused:
        await arrive(database, event, later=until_end)

    assert refused.value.code == "registration_over"


async def test_a_choice_that_is_not_offered_to_the_public_is_refused(database: Database) -> None:
    event = await planned(database)

    for field, value in (("category", "vip"), ("category", "unheard-of"), ("side", "nowhere")):
        with pytest.raises(Invalid) as refused:
            await arrive(database, event, **{field: value})
        assert refused.value.fields == {field: "not_offered"}

    assert await registered_in(database, event) == 0


async def test_a_refused_registration_leaves_neither_seat_nor_ticket_nor_mail(database: Database) -> None:
    event = await planned(database)
    form = GuestForm(name="陈伟", email="wei@example.com")

    async def fails_late(tx: AsyncConnection) -> None:
        await register(tx, event, form, submission_id=uuid4(), now=NOON)
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(fails_late)

    assert await registered_in(database, event) == 0
    assert await mails_of(database, event) == []
    issued = sa.select(sa.func.count()).where(tickets.c.state == TicketState.ISSUED)
    assert (await database.read(lambda tx: tx.execute(issued))).scalar_one() == 0


async def test_one_address_may_register_for_two_events(database: Database) -> None:
    one, two = await planned(database), await planned(database, slug="second")

    first = await arrive(database, one, email="wei@example.com")
    second = await arrive(database, two, email="wei@example.com")

    assert first is not None
    assert second is not None
    assert first.guest.id != second.guest.id
    assert not second.repeated


async def test_a_mail_is_queued_for_the_guest_who_registered(database: Database) -> None:
    event = await planned(database)

    outcome = await arrive(database, event, email="wei@example.com")

    assert outcome is not None
    [row] = await database.read(lambda tx: tx.execute(sa.select(outbox)))
    assert (row.event_id, row.subject_id, row.kind) == (event.id, outcome.guest.id, "confirmation")
    assert (row.due_at, row.outcome, row.attempts) == (NOON, "waiting", 0)


async def test_a_reading_sees_one_moment_even_while_somebody_registers(database: Database) -> None:
    event = await planned(database)
    counted = sa.select(sa.func.count()).select_from(guests)

    async def body(tx: AsyncConnection) -> tuple[int, int]:
        before = (await event_by_id(tx, event.id)).registered
        await arrive(database, event)
        return before, (await tx.execute(counted)).scalar_one()

    assert await database.read(body) == (0, 0)
    assert (await database.read(lambda tx: tx.execute(counted))).scalar_one() == 1
