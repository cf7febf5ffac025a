"""Making an event and changing it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from events.core import audit
from events.core.dialect import wait_turn
from events.core.errors import Conflict, Invalid, Stale
from events.core.ids import EventId, new_id
from events.forms import EventForm
from events.models import Event, Text
from events.pool import fill_pool
from events.store import event_by_id
from events.tables import categories, events, hosts, notices
from events.ticket import new_tag

_SLUGS = 0x736C7567  # "slug"

DEFAULT_NOTICE = Text(
    zh_hans="主办机构仅为筹办本次活动（登记、签到、席位安排及会后纪要）使用您填写的资料，"
    "不作其他用途；您可随时联系主办机构查阅、更正或删除。",
    zh_hant="主辦機構只會為籌辦本活動（登記、報到、座位安排及會後紀錄）使用閣下所提供的資料，"
    "不作其他用途；閣下可隨時聯絡主辦機構查閱、更正或刪除有關資料。",
    en="The organisers use what you enter here to hold this event (registration, check-in, seating and the minutes) "
    "and for nothing else. Ask them at any time to see, correct or delete it.",
)


async def create_event(tx: AsyncConnection, form: EventForm, *, actor: str, now: datetime) -> Event:
    """A new event with its ticket pool; raises Conflict where the slug is taken, Invalid where it ends too early."""
    _check_times(form)
    event_id = EventId(new_id())
    await _claim_slug(tx, form.slug, event_id)
    first = {"event_id": event_id, "tag": new_tag(), "registered": 0, "notice_version": 1, "created_at": now}
    await tx.execute(sa.insert(events).values(**first, version=1, slug=form.slug, **_columns(form)))
    await _add_notice(tx, event_id, version=1, text=_notice(form), now=now)
    await _add_parts(tx, event_id, form)
    await audit.note(tx, event_id=event_id, actor=actor, action="event.created", now=now)
    event = await event_by_id(tx, event_id)
    await fill_pool(tx, event)
    return event


async def edit_event(
    tx: AsyncConnection, event: Event, form: EventForm, *, version: int, actor: str, now: datetime
) -> Event:
    """The event changed to `form`; hosts and categories stay. A changed notice becomes a new version.

    Raises Stale where `version` is not the current one, Conflict where the slug is taken.
    """
    _check_times(form)
    await _claim_slug(tx, form.slug, event.id)
    notice_version = event.notice_version + (_notice(form) != event.notice)
    current = events.c.event_id == event.id, events.c.version == version
    values = {**_columns(form), "slug": form.slug, "notice_version": notice_version, "version": version + 1}
    if not (await tx.execute(sa.update(events).where(*current).values(**values))).rowcount:
        raise Stale
    if notice_version != event.notice_version:
        await _add_notice(tx, event.id, version=notice_version, text=_notice(form), now=now)
    await audit.note(tx, event_id=event.id, actor=actor, action="event.edited", now=now)
    changed = await event_by_id(tx, event.id)
    await fill_pool(tx, changed)
    return changed


def _check_times(form: EventForm) -> None:
    if form.ends_at <= form.starts_at:
        raise Invalid(fields={"ends_at": "ends_before_start"})


async def _claim_slug(tx: AsyncConnection, slug: str, event_id: EventId) -> None:
    """Raises Conflict where another event has it. Whoever claims one meanwhile waits."""
    await wait_turn(tx, _SLUGS)
    taken = sa.exists().where(events.c.slug == slug, events.c.event_id != event_id)
    if (await tx.execute(sa.select(taken))).scalar_one():
        raise Conflict("slug_taken", slug=slug)


def _notice(form: EventForm) -> Text:
    return form.notice if form.notice != Text() else DEFAULT_NOTICE


def _columns(form: EventForm) -> dict[str, object]:
    copied = ("title", "summary", "starts_at", "ends_at", "timezone", "venue", "capacity", "registration")
    return {name: getattr(form, name) for name in copied}


async def _add_notice(tx: AsyncConnection, event_id: EventId, *, version: int, text: Text, now: datetime) -> None:
    await tx.execute(sa.insert(notices).values(event_id=event_id, version=version, text=text, shown_from=now))


async def _add_parts(tx: AsyncConnection, event_id: EventId, form: EventForm) -> None:
    for position, host in enumerate(form.hosts):
        await tx.execute(sa.insert(hosts).values(event_id=event_id, position=position, key=host.key, name=host.name))
    for category in form.categories:
        values = {field: getattr(category, field) for field in type(category).model_fields}
        await tx.execute(sa.insert(categories).values(event_id=event_id, **values))
