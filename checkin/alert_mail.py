"""Writes what is told of an arrival: the mail to the liaison, and the message that webhooks receive.

The outbox and the courier ask for it on delivery.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from jinja2 import Environment

from checkin.alerts import Alert, alert_by_id, house_language
from checkin.robots import Told
from events.core.accounts import user_by_email
from events.core.clock import Clock
from events.core.database import Database
from events.core.i18n import Catalogues, Language, say_time
from events.core.ids import EventId
from events.core.outbox import Message
from events.models import Event
from events.store import event_by_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Herald:
    """Speaks to a liaison in the language of their account, to everybody else in the house's."""

    database: Database
    clock: Clock
    templates: Environment
    catalogues: Catalogues
    mail_from: str

    async def mail(self, message: Message) -> EmailMessage:
        """The mail to the liaison; its subject is the first line of its text."""
        event, alert = await self._found(message.event_id, message.subject_id)
        user = await self.database.read(lambda tx: user_by_email(tx, message.recipient))
        context = self._context(event, alert, user.language if user else house_language(event))
        text = self.templates.get_template("mail/arrival.txt").render(**context)
        mail = EmailMessage()
        mail["From"] = self.mail_from
        mail["To"] = message.recipient
        mail["Subject"] = text.partition("\n")[0]
        mail["Date"] = format_datetime(self.clock.now())
        mail["Message-ID"] = f"<{message.id}@yingbin>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(text)
        mail.add_alternative(self.templates.get_template("mail/arrival.html").render(**context), subtype="html")
        return mail

    async def told(self, event_id: EventId, alert_id: UUID) -> Told:
        """What webhooks are told of an arrival."""
        event, alert = await self._found(event_id, alert_id)
        context = self._context(event, alert, house_language(event))
        text = self.templates.get_template("mail/arrival.txt").render(**context)
        return Told(text=text.strip(), facts=_facts(event, alert))

    def test(self, event: Event) -> Told:
        """What a webhook is sent to try it out."""
        context = self._spoken(event, house_language(event))
        text = self.templates.get_template("mail/arrival_test.txt").render(**context)
        return Told(text=text.strip(), facts={"type": "test", "event": _event_facts(event)})

    async def _found(self, event_id: EventId, alert_id: UUID) -> tuple[Event, Alert]:
        event = await self.database.read(lambda tx: event_by_id(tx, event_id))
        return event, await self.database.read(lambda tx: alert_by_id(tx, event_id, alert_id))

    def _context(self, event: Event, alert: Alert, language: Language) -> Mapping[str, object]:
        time = say_time(alert.at, event.zone, language)
        return {**self._spoken(event, language), "alert": alert, "guest": alert.guest, "time": time}

    def _spoken(self, event: Event, language: Language) -> Mapping[str, object]:
        def say(sentence: str, **parameters: object) -> str:
            return self.catalogues.say(sentence, language, **parameters)

        return {"_": say, "language": language, "event": event}


def _facts(event: Event, alert: Alert) -> dict[str, Any]:
    guest = alert.guest
    return {
        "type": "guest.arrived",
        "id": str(alert.id),
        "at": alert.at.astimezone(event.zone).isoformat(),
        "event": _event_facts(event),
        "gate": alert.gate,
        "guest": {
            "id": str(guest.id),
            "name": guest.name,
            "name_latin": guest.name_latin,
            "organisation": guest.organisation,
            "job_title": guest.job_title,
            "category": guest.category,
        },
        "companion": {"id": str(alert.companion_id), "name": alert.companion} if alert.companion_id else None,
    }


def _event_facts(event: Event) -> dict[str, Any]:
    return {"id": str(event.id), "slug": event.slug, "title": event.title.model_dump()}
