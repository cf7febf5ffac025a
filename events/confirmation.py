"""The mail that brings a guest the pass: the QR picture, the badge as PDF and a calendar entry."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime

from jinja2 import Environment

from events.calendar import calendar_entry
from events.core.clock import Clock
from events.core.database import Database
from events.core.errors import Conflict
from events.core.i18n import Catalogues, say_period
from events.core.outbox import Message
from events.models import Event, Guest, GuestId, GuestStatus
from events.store import event_by_id, guest_by_id
from events.ticket import grouped

BadgePdf = Callable[[Event, Guest], Awaitable[bytes]]
logger = logging.getLogger(__name__)

QrPng = Callable[[str], Awaitable[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """Composes confirmations. The two drawers come from the print shop, which stands above this package."""

    database: Database
    clock: Clock
    templates: Environment
    catalogues: Catalogues
    base_url: str
    mail_from: str
    badge_pdf: BadgePdf
    qr_png: QrPng

    async def compose(self, message: Message) -> EmailMessage:
        """The mail in the guest's language, as things stand when it is sent."""
        event = await self.database.read(lambda tx: event_by_id(tx, message.event_id))
        guest_id = GuestId(message.subject_id)
        guest = await self.database.read(lambda tx: guest_by_id(tx, message.event_id, guest_id))
        mail = self._headed(event, guest, message)
        context = self._context(event, guest)
        mail.set_content(self.templates.get_template("mail/confirmation.txt").render(**context))
        mail.add_alternative(self.templates.get_template("mail/confirmation.html").render(**context), subtype="html")
        if guest.status == GuestStatus.CONFIRMED:
            await self._attach_pass(mail, event, guest)
        return mail

    def _headed(self, event: Event, guest: Guest, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = self.mail_from
        mail["To"] = message.recipient
        mail["Subject"] = event.title.said_in(guest.language)
        mail["Date"] = format_datetime(self.clock.now())
        mail["Message-ID"] = f"<{message.id}@yingbin>"
        mail["Auto-Submitted"] = "auto-generated"
        return mail

    def _context(self, event: Event, guest: Guest) -> dict[str, object]:
        language = guest.language

        def say(sentence: str, **parameters: object) -> str:
            return self.catalogues.say(sentence, language, **parameters)

        return {
            "_": say,
            "language": language,
            "event": event,
            "guest": guest,
            "period": say_period(event.starts_at, event.ends_at, event.zone, language),
            "code": grouped(guest.code),
            "url": f"{self.base_url}/t/{guest.code}",
        }

    async def _attach_pass(self, mail: EmailMessage, event: Event, guest: Guest) -> None:
        page = list(mail.iter_parts())[1]
        page.add_related(await self.qr_png(guest.code), "image", "png", cid="<qr>", filename="qr.png")
        try:
            badge = await self.badge_pdf(event, guest)
        except Conflict:
            logger.warning("guest %s: the badge cannot be printed, so the mail goes without it", guest.id)
        else:
            mail.add_attachment(badge, maintype="application", subtype="pdf", filename="badge.pdf")
        url = f"{self.base_url}/t/{guest.code}"
        entry = calendar_entry(event, language=guest.language, url=url, now=self.clock.now())
        mail.add_attachment(entry, maintype="text", subtype="calendar", filename="event.ics")
