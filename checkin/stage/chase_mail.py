"""Writes the mail that asks a liaison where their guest is. The outbox asks for it on delivery."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from uuid import UUID

from jinja2 import Environment
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.alerts import house_language
from checkin.stage.board import Line, seen_of
from checkin.stage.chasing import Chase, chase_by_id
from checkin.stage.models import Person, Role
from checkin.stage.stage_words import ROLES
from events.core.accounts import user_by_email
from events.core.clock import Clock
from events.core.database import Database
from events.core.errors import NotFound
from events.core.i18n import Catalogues, Language, say_time
from events.core.ids import EventId
from events.core.outbox import Message
from events.models import Event
from events.store import event_by_id


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What a chase is about, as things stand when the mail goes out. role: of the guest in the round, None by now."""

    event: Event
    chase: Chase
    line: Line
    person: Person
    role: Role | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chaser:
    """Speaks to a liaison in the language of their account, to everybody else in the house's."""

    database: Database
    clock: Clock
    templates: Environment
    catalogues: Catalogues
    mail_from: str

    async def mail(self, message: Message) -> EmailMessage:
        """The mail to the liaison; its subject is the first line of its text."""
        now = self.clock.now()
        asked = await self.database.read(lambda tx: _asked(tx, message.event_id, message.subject_id, now))
        user = await self.database.read(lambda tx: user_by_email(tx, message.recipient))
        context = self._context(asked, user.language if user else house_language(asked.event))
        text = self.templates.get_template("mail/chase.txt").render(**context)
        mail = EmailMessage()
        mail["From"] = self.mail_from
        mail["To"] = message.recipient
        mail["Subject"] = text.partition("\n")[0]
        mail["Date"] = format_datetime(now)
        mail["Message-ID"] = f"<{message.id}@yingbin>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(text)
        mail.add_alternative(self.templates.get_template("mail/chase.html").render(**context), subtype="html")
        return mail

    def _context(self, asked: _Asked, language: Language) -> Mapping[str, object]:
        def say(sentence: str, **parameters: object) -> str:
            return self.catalogues.say(sentence, language, **parameters)

        def clock(moment: datetime) -> str:
            return say_time(moment, asked.event.zone, language)

        return {
            "_": say,
            "language": language,
            "event": asked.event,
            "chase": asked.chase,
            "line": asked.line,
            "person": asked.person,
            "role": ROLES[asked.role][language] if asked.role else "",
            "clock": clock,
        }


async def _asked(tx: AsyncConnection, event_id: EventId, chase_id: UUID, now: datetime) -> _Asked:
    chase = await chase_by_id(tx, event_id, chase_id)
    seen = await seen_of(tx, event_id, now)
    line = seen.line(chase.round_id)
    role = next((part.role for part in line.round.participants if part.guest_id == chase.guest_id), None)
    person = seen.stage.people.get(chase.guest_id)
    if person is None:
        raise NotFound
    return _Asked(event=await event_by_id(tx, event_id), chase=chase, line=line, person=person, role=role)
