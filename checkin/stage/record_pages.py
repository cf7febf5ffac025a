"""The ceremony record: its page with the state of the chain, the paper, and the same as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from starlette.responses import Response
from starlette.routing import Route

from badges import record as paper
from badges.pages import press_of
from checkin.stage.ceremony import Ceremony, Entry, as_json, ceremony_of
from checkin.stage.models import RoundState
from checkin.stage.record import Record
from checkin.stage.record_sheet import sheet_of
from checkin.stage.record_words import say_verdict
from checkin.stage.stage_words import STATES
from events.access import event_for
from events.core.auth import Scope
from events.core.i18n import Language, language_of
from events.core.web import Ask, language_for, page
from events.models import Event, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A round on the page. state: its value and word. record: where it is on record, None while it goes on."""

    round_id: str
    number: int
    title: str
    state: str
    words: str
    record: Record | None


async def record(request: Ask) -> Response:
    """`/stage/{event}/record`"""
    event, _ = await event_for(request, Scope.READ)
    ceremony, language = await _read(request, event), language_for(request)
    context = {
        "event": event,
        "lines": [_line(entry, language) for entry in ceremony.entries],
        "superseded": _superseded(ceremony),
        "verdict": ceremony.verdict,
        "said": say_verdict(ceremony.verdict, language),
    }
    return page(request, "stage/record.html", context)


async def record_pdf(request: Ask) -> Response:
    """`/api/v1/events/{event}/record.pdf`"""
    event, _ = await event_for(request, Scope.READ)
    language = language_of(request.query_params.get("lang", "")) or language_for(request)
    ceremony = await _read(request, event)
    content = await press_of(request).print(paper.draw, sheet_of(ceremony, language=language))
    return Response(content, media_type="application/pdf", headers=_named(event, "pdf"))


async def record_json(request: Ask) -> Response:
    """`/api/v1/events/{event}/record.json`"""
    event, _ = await event_for(request, Scope.READ)
    content = as_json(await _read(request, event))
    return Response(content, media_type="application/json", headers=_named(event, "json"))


async def _read(request: Ask, event: Event) -> Ceremony:
    now: datetime = request.state["clock"].now()
    return await request.state["database"].read(partial(ceremony_of, event=event, now=now))


def _line(entry: Entry, language: Language) -> _Line:
    round_ = entry.document["round"]
    return _Line(
        round_id=round_["id"],
        number=entry.number,
        title=Text(**round_["title"]).said_in(language),
        state=round_["state"],
        words=STATES[RoundState(round_["state"])][language],
        record=entry.record,
    )


def _superseded(ceremony: Ceremony) -> Sequence[Record]:
    """Records that a later one of the same round has taken the place of, or whose round went on."""
    standing = {entry.record.number for entry in ceremony.entries if entry.record}
    return [each for each in ceremony.chain if each.number not in standing]


def _named(event: Event, ending: str) -> dict[str, str]:
    name = f'inline; filename="{event.slug}-record.{ending}"'
    return {"Content-Disposition": name, "Cache-Control": "no-store"}


routes = [
    Route("/stage/{event}/record", record, name="stage:record"),
    Route("/api/v1/events/{event}/record.pdf", record_pdf, name="api:record_pdf"),
    Route("/api/v1/events/{event}/record.json", record_json, name="api:record_json"),
]
