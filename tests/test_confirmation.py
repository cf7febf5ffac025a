from email.message import EmailMessage
from io import BytesIO

import pytest
import zxingcpp
from icalendar import Calendar
from PIL import Image
from pypdf import PdfReader

from badges.pages import print_badge
from badges.picture import qr_png
from badges.press import Press
from events.confirmation import Confirmation
from events.core.database import Database
from events.core.errors import Conflict, NotFound
from events.core.i18n import Catalogues, Language
from events.core.ids import new_id
from events.core.outbox import Message
from events.core.web import template_environment
from events.forms import GuestForm
from events.guestlist import cancel, invite, replace_ticket
from events.models import Event, Guest, GuestStatus, RegistrationMode, Text, Venue
from events.registration import register
from events.ticket import grouped
from tests.cast import NOON, FrozenClock, on_one_engine, planned

BASE = "https://guests.example"


@pytest.fixture
def confirmation(database: Database, clock: FrozenClock) -> Confirmation:
    """The composer, with drawers that answer at once."""

    async def badge(_event: Event, guest: Guest) -> bytes:
        if guest.name == "無字":
            raise Conflict("cannot_print", characters=guest.name)
        return f"badge of {guest.code}".encode()

    async def picture(code: str) -> bytes:
        return f"picture of {code}".encode()

    return composer(database, clock, badge, picture)


def composer(database: Database, clock: FrozenClock, badge, picture) -> Confirmation:
    return Confirmation(
        database=database,
        clock=clock,
        templates=template_environment("events"),
        catalogues=Catalogues(),
        base_url=BASE,
        mail_from="Yingbin 迎宾 <desk@example.org>",
        badge_pdf=badge,
        qr_png=picture,
    )


async def added(database: Database, event: Event, **given: str) -> Guest:
    form = GuestForm(**{"name": "陈伟", "email": "wei@example.com", **given})
    return await database.write(lambda tx: invite(tx, event, form, actor="test", now=NOON, mail=False))


def message_to(guest: Guest) -> Message:
    return Message(
        id=new_id(),
        event_id=guest.event_id,
        kind="confirmation",
        subject_id=guest.id,
        recipient=guest.email,
        created_at=NOON,
        attempts=0,
        outcome="waiting",
        detail="",
    )


def parts_of(mail: EmailMessage) -> dict[str, object]:
    return {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return body.get_content()


def html_of(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body is not None
    return body.get_content()


async def test_a_confirmation_brings_picture_badge_and_calendar_entry(
    database: Database, confirmation: Confirmation
) -> None:
    event = await planned(database)
    guest = await added(database, event)
    message = message_to(guest)

    mail = await confirmation.compose(message)

    assert (mail["To"], mail["Subject"]) == ("wei@example.com", "科创谷启动仪式")
    assert mail["From"].addresses[0].addr_spec == "desk@example.org"
    assert mail["Date"].datetime == NOON
    assert (mail["Message-ID"], mail["Auto-Submitted"]) == (f"<{message.id}@yingbin>", "auto-generated")
    parts = parts_of(mail)
    assert parts["image/png"] == f"picture of {guest.code}".encode()
    assert parts["application/pdf"] == f"badge of {guest.code}".encode()
    [entry] = Calendar.from_ical(parts["text/calendar"]).walk("VEVENT")
    assert str(entry["URL"]) == f"{BASE}/t/{guest.code}"


@on_one_engine
async def test_the_picture_stands_inside_the_page(database: Database, confirmation: Confirmation) -> None:
    guest = await added(database, await planned(database))

    mail = await confirmation.compose(message_to(guest))

    [picture] = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert picture["Content-ID"] == "<qr>"
    assert 'src="cid:qr"' in html_of(mail)
    assert [part.get_filename() for part in mail.iter_attachments()] == ["badge.pdf", "event.ics"]


@on_one_engine
@pytest.mark.parametrize(
    ("language", "greeting"),
    [(Language.ZH_HANS, "陈伟"), (Language.ZH_HANT, "陈伟"), (Language.EN, "Dear 陈伟,")],
)
async def test_the_mail_is_in_the_language_of_the_guest(
    database: Database, confirmation: Confirmation, language: Language, greeting: str
) -> None:
    venue = Venue(name=Text(zh_hans="深圳分园", zh_hant="深圳分園", en="Shenzhen Branch"))
    event = await planned(database, venue=venue)
    guest = await added(database, event, language=language.value)

    mail = await confirmation.compose(message_to(guest))

    assert mail["Subject"] == event.title.said_in(language)
    for body in (text_of(mail), html_of(mail)):
        assert greeting in body
        assert venue.name.said_in(language) in body
        assert grouped(guest.code) in body
        assert f"{BASE}/t/{guest.code}" in body
    assert f'lang="{language}"' in html_of(mail)


@on_one_engine
async def test_what_a_guest_typed_is_escaped_in_the_page_and_plain_in_the_text(
    database: Database, confirmation: Confirmation
) -> None:
    guest = await added(database, await planned(database), name='<b>O\'Neill & "Sons"</b>', language="en")

    mail = await confirmation.compose(message_to(guest))

    assert guest.name in text_of(mail)
    assert guest.name not in html_of(mail)
    assert "&lt;b&gt;O&#39;Neill &amp; &#34;Sons&#34;&lt;/b&gt;" in html_of(mail)


@on_one_engine
async def test_whoever_waits_is_told_so_and_gets_no_pass(database: Database, confirmation: Confirmation) -> None:
    event = await planned(database, registration=RegistrationMode.APPROVAL)
    form = GuestForm(name="陈伟", email="wei@example.com", language=Language.EN)
    outcome = await database.write(lambda tx: register(tx, event, form, submission_id=new_id(), now=NOON))
    assert outcome is not None

    mail = await confirmation.compose(message_to(outcome.guest))

    assert outcome.guest.status == GuestStatus.PENDING
    assert "It waits for the organiser" in text_of(mail)
    assert f"{BASE}/t/{outcome.guest.code}" in text_of(mail)
    assert grouped(outcome.guest.code) not in text_of(mail)
    assert list(parts_of(mail)) == ["text/plain", "text/html"]


@on_one_engine
async def test_whoever_was_cancelled_meanwhile_gets_no_pass(database: Database, confirmation: Confirmation) -> None:
    guest = await added(database, await planned(database), language="en")
    await database.write(lambda tx: cancel(tx, guest, reason="", actor="test", now=NOON))

    mail = await confirmation.compose(message_to(guest))

    assert "Your registration is cancelled" in text_of(mail)
    assert list(parts_of(mail)) == ["text/plain", "text/html"]


@on_one_engine
async def test_the_mail_brings_the_ticket_that_stands_when_it_is_sent(
    database: Database, confirmation: Confirmation
) -> None:
    event = await planned(database)
    guest = await added(database, event)
    fresh = await database.write(lambda tx: replace_ticket(tx, event, guest, reason="", actor="test", now=NOON))

    mail = await confirmation.compose(message_to(guest))

    assert grouped(fresh.code) in text_of(mail)
    assert grouped(guest.code) not in text_of(mail)


@on_one_engine
async def test_a_badge_that_cannot_be_printed_does_not_hold_up_the_pass(
    database: Database, confirmation: Confirmation, caplog: pytest.LogCaptureFixture
) -> None:
    guest = await added(database, await planned(database), name="無字")

    mail = await confirmation.compose(message_to(guest))

    assert [part.get_filename() for part in mail.iter_attachments()] == ["event.ics"]
    assert str(guest.id) in caplog.text
    assert "無字" not in caplog.text


async def test_nobody_is_written_to_who_is_not_there(database: Database, confirmation: Confirmation) -> None:
    guest = await added(database, await planned(database))
    other = await planned(database, slug="other")
    message = message_to(guest)

    for subject in ({"subject_id": new_id()}, {"event_id": other.id}, {"event_id": new_id()}):
        gone = Message(**{name: getattr(message, name) for name in Message.__slots__} | subject)
        with pytest.raises(NotFound):
            await confirmation.compose(gone)


@on_one_engine
async def test_the_printed_badge_and_the_picture_carry_the_code(database: Database, clock: FrozenClock) -> None:
    guest = await added(database, await planned(database))
    async with Press() as press:

        async def badge(event: Event, guest: Guest) -> bytes:
            return await print_badge(press, database, event, guest)

        async def picture(code: str) -> bytes:
            return qr_png(code)

        parts = parts_of(await composer(database, clock, badge, picture).compose(message_to(guest)))

    [page] = PdfReader(BytesIO(parts["application/pdf"])).pages
    assert "陈伟" in page.extract_text()
    [read] = zxingcpp.read_barcodes(Image.open(BytesIO(parts["image/png"])).convert("L"))
    assert read.text == guest.code


def test_the_templates_of_mails_are_with_those_of_the_pages() -> None:
    names = template_environment("events").list_templates()

    assert {name for name in names if name.startswith("mail/")} == {"mail/confirmation.html", "mail/confirmation.txt"}
