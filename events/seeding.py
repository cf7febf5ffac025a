"""Puts the demonstration event, its guests and its people into a database."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from events import planning
from events.core import accounts
from events.core.auth import Keyring
from events.core.i18n import Language
from events.core.ids import Role, new_id
from events.demo.story import GuestLine, Story
from events.forms import CategoryForm, EventForm, GuestForm, HostForm
from events.guestlist import invite
from events.models import Event, Guest, Text
from events.tables import events, exhibitors, segments

ACTOR = "demonstration"
PEOPLE = {
    "organiser@example.org": ("林若晴", Role.ORGANISER),
    "steward@example.org": ("陈小满", Role.STEWARD),
    "protocol@example.org": ("何卓文", Role.PROTOCOL),
}


async def is_empty(tx: AsyncConnection) -> bool:
    """Whether there is no event yet."""
    return (await tx.execute(sa.select(events.c.event_id).limit(1))).first() is None


async def seed_event(tx: AsyncConnection, story: Story, *, now: datetime) -> Event:
    """The demonstration event without guests: today if it has not begun, else tomorrow."""
    day = _next_day(story, now)
    event = await planning.create_event(tx, _form(story, day), actor=ACTOR, now=now)
    await _add_programme(tx, event, story, day)
    return event


async def seed_people(tx: AsyncConnection, *, now: datetime) -> None:
    """An organiser, a steward and a protocol officer, who sign in by links."""
    for email, (name, role) in PEOPLE.items():
        if not await accounts.user_by_email(tx, email):
            await accounts.create_user(tx, email=email, name=name, role=role, language=Language.ZH_HANS, now=now)


async def seed_guests(tx: AsyncConnection, event: Event, story: Story, *, now: datetime) -> int:
    """All guests of the story in their parties, confirmed and without mails; how many."""
    made: dict[str, Guest] = {}
    for line in story.guests:
        form = GuestForm(**asdict(line), **_place(story, line, made))
        made[line.name] = await invite(tx, event, form, actor=ACTOR, now=now, mail=False)
    return len(story.guests)


async def links_for(tx: AsyncConnection, keyring: Keyring, *, now: datetime) -> dict[str, str]:
    """The secret of a new one-time sign-in link for each of `PEOPLE`, by address."""
    secrets: dict[str, str] = {}
    for email in PEOPLE:
        user = await accounts.user_by_email(tx, email)
        if user:
            secrets[email] = await accounts.create_link(tx, keyring, user_id=user.id, now=now)
    return secrets


def _place(story: Story, line: GuestLine, made: Mapping[str, Guest]) -> dict[str, Any]:
    """What a form says of a guest of honour, or of somebody who comes with a leader further up in the list."""
    for party in story.parties:
        if line.name in party.companions:
            return {"leader_id": made[party.leader].id}
    honoured = {category.key for category in story.categories if category.attention}
    return asdict(story.liaisons[line.side]) if line.category in honoured else {}


def _next_day(story: Story, now: datetime) -> date:
    local = now.astimezone(ZoneInfo(story.timezone))
    return local.date() + timedelta(days=local.time() >= story.starts_at)


def _form(story: Story, day: date) -> EventForm:
    zone = ZoneInfo(story.timezone)
    return EventForm(
        slug=story.slug,
        title=story.title,
        summary=story.summary,
        starts_at=datetime.combine(day, story.starts_at, zone),
        ends_at=datetime.combine(day, story.ends_at, zone),
        timezone=story.timezone,
        venue=story.venue,
        capacity=story.capacity,
        registration=story.registration,
        notice=story.notice,
        hosts=[HostForm(key=host.key, name=host.name) for host in story.hosts],
        categories=[CategoryForm(**asdict(category)) for category in story.categories],
    )


async def _add_programme(tx: AsyncConnection, event: Event, story: Story, day: date) -> None:
    for position, segment in enumerate(story.segments, 1):
        starts_at = datetime.combine(day, segment.starts_at, event.zone)
        ends_at = datetime.combine(day, segment.ends_at, event.zone)
        row = {"event_id": event.id, "segment_id": new_id(), "kind": segment.kind, "title": segment.title}
        row |= {"starts_at": starts_at, "ends_at": ends_at, "place": segment.place, "position": position}
        said = {"languages": list(segment.languages), "public": True, "script": Text(), "version": 1}
        await tx.execute(sa.insert(segments).values(**row, **said))
    names = {each.key: each.name for each in story.fields}
    for exhibitor in story.exhibitors:
        row = {"booth": exhibitor.booth, "name": exhibitor.name, "field": exhibitor.field}
        row |= {"field_name": names[exhibitor.field], "summary": Text(), "gate_id": None, "version": 1}
        await tx.execute(sa.insert(exhibitors).values(event_id=event.id, **row))
