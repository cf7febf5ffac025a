"""From guests to printable values: what of an event and its guests stands on their badges."""

from collections.abc import Sequence
from dataclasses import replace

from badges import badge
from badges.badge import Badge, EventHeader
from badges.fonts import MissingGlyph, coverage, missing
from events.core.i18n import Language, say_period
from events.models import Category, Event, Guest, Host

_BOOTH = {Language.ZH_HANS: "展位 {booth}", Language.ZH_HANT: "展位 {booth}", Language.EN: "Booth {booth}"}
_NAMED = 10
"""Names in a refusal, before it says that there are more."""


def header_of(event: Event, hosts: Sequence[Host], language: Language) -> EventHeader:
    """The head of a badge in `language`, its title in one more language where the event has one."""
    second = Language.EN if language != Language.EN else Language.ZH_HANS
    period = say_period(event.starts_at, event.ends_at, event.zone, language)
    titles = dict.fromkeys(event.title.said_in(spoken) for spoken in (language, second))
    return EventHeader(
        titles=tuple(titles),
        dates="\n".join((period, event.venue.name.said_in(language))),
        hosts="\n".join(host.name.said_in(language) for host in hosts),
        language=language.value,
    )


def badge_of(guest: Guest, categories: Sequence[Category]) -> Badge:
    """A guest's badge, the category's name in the guest's language."""
    category = next(category for category in categories if category.key == guest.category)
    return Badge(
        code=guest.code,
        name=guest.name,
        name_latin=guest.name_latin,
        organisation=guest.organisation,
        job_title=guest.job_title,
        category_name=category.name.said_in(guest.language),
        category_colour=category.colour,
        language=guest.language.value,
        slot=guest.pick_slot,
        booth=_BOOTH[guest.language].format(booth=guest.booth) if guest.booth else "",
    )


def draw_all(badges: Sequence[Badge], event: EventHeader) -> bytes:
    """Runs in a worker: draws all badges, or raises MissingGlyph with everybody who cannot be printed.

    A name in a script that no face draws gives way to its Latin form, where the guest gave one.
    """
    ready = [_legible(each) for each in badges]
    gaps = coverage((each.name, f"{each.name}{each.name_latin}{each.organisation}{each.job_title}") for each in ready)
    if gaps:
        names = [gap.key for gap in gaps[:_NAMED]] + ["…"] * (len(gaps) > _NAMED)
        raise MissingGlyph(", ".join(names), "".join(sorted({*"".join(gap.characters for gap in gaps)})))
    return badge.draw(ready, event=event)


def _legible(drawn: Badge) -> Badge:
    if drawn.name_latin and missing(drawn.name) and not missing(drawn.name_latin):
        return replace(drawn, name=drawn.name_latin, name_latin="")
    return drawn
