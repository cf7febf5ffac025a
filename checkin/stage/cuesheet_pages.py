"""The page of cue sheets: prints one for the lectern, keeps what it said, and tells which print is out of date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from anyio import to_thread
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response
from starlette.routing import Route

from badges import cuesheet as paper
from badges.pages import press_of
from checkin.stage.cue_json import languages_of
from checkin.stage.cue_sheet import sheet_of
from checkin.stage.cues import lines_of
from checkin.stage.models import Stage
from checkin.stage.prints import Print, PrintId, differences, last_print, print_by_id, prints_of, record_print
from checkin.stage.store import stage_of
from events.access import event_for
from events.core.auth import Scope
from events.core.errors import Invalid
from events.core.i18n import Language, language_of
from events.core.ids import EventId
from events.core.web import Ask, language_for, page, read_form, see_other
from events.models import Event, SegmentId


@dataclass(frozen=True, slots=True)
class Listed:
    """A print on the page, and how many lines read otherwise by now. title: of its segment, empty for the whole."""

    made: Print
    title: str
    changed: int


async def cuesheet(request: Ask) -> Response:
    """`/stage/{event}/cuesheet`"""
    event, principal = await event_for(request, Scope.READ)
    language, now = language_for(request), request.state["clock"].now()
    stage, prints = await request.state["database"].read(lambda tx: _stage_and_prints(tx, event.id, now))
    return page(
        request,
        "stage/cuesheet.html",
        {
            "event": event,
            "stage_section": "cuesheet",
            "segments": stage.segments,
            "offered": _offered(stage, language),
            "prints": [_listed(stage, event, each, language) for each in prints],
            "may_print": Scope.STAGE in principal.scopes,
        },
    )


async def print_sheet(request: Ask) -> Response:
    """Keeps what the sheet says now, and leads to it: marked with what changed since the print before."""
    event, principal = await event_for(request, Scope.STAGE)
    form, now = await read_form(request), request.state["clock"].now()
    language = language_of(form.get("language", "")) or language_for(request)
    segment_id = _segment_in(form.get("segment", ""))

    async def record(tx: AsyncConnection) -> Print | None:
        stage = await stage_of(tx, event.id, now)
        _check_segment(stage, segment_id)
        before = await last_print(tx, event.id, segment_id=segment_id, language=language)
        lines = lines_of(stage, event, language, segment_id=segment_id)
        await record_print(
            tx,
            event.id,
            segment_id=segment_id,
            language=language,
            lines=lines,
            actor_name=principal.shown,
            now=now,
        )
        return before

    before = await request.state["database"].write(record)
    query = {"segment": str(segment_id or ""), "lang": language.value, "since": str(before.id) if before else ""}
    given = {name: value for name, value in query.items() if value}
    return see_other(request, "api:cuesheet", event=event.slug, query=given)


async def cuesheet_pdf(request: Ask) -> Response:
    """`GET /events/{event}/cuesheet.pdf?segment=&lang=&since=`"""
    event, _ = await event_for(request, Scope.READ)
    language, now = language_for(request), request.state["clock"].now()
    asked = request.query_params
    segment_id, since = _segment_in(asked.get("segment", "")), _print_in(asked.get("since", ""))

    async def read(tx: AsyncConnection) -> tuple[Stage, Print | None]:
        stage = await stage_of(tx, event.id, now)
        _check_segment(stage, segment_id)
        return stage, await print_by_id(tx, event.id, since) if since else None

    stage, before = await request.state["database"].read(read)
    drawing = partial(sheet_of, stage, event, language, segment_id=segment_id, since=before)
    sheet = await to_thread.run_sync(drawing)
    content = await press_of(request).print(paper.draw, sheet)
    headers = {"Content-Disposition": f'inline; filename="{event.slug}-cuesheet.pdf"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)


async def _stage_and_prints(tx: AsyncConnection, event_id: EventId, now: datetime) -> tuple[Stage, list[Print]]:
    return await stage_of(tx, event_id, now), await prints_of(tx, event_id)


def _listed(stage: Stage, event: Event, made: Print, language: Language) -> Listed:
    titles = {segment.id: segment.title.said_in(language) for segment in stage.segments}
    lines = lines_of(stage, event, made.language, segment_id=made.segment_id)
    found = differences(made, lines, segment_id=made.segment_id)
    return Listed(made, titles.get(made.segment_id, "") if made.segment_id else "", found.count)


def _offered(stage: Stage, language: Language) -> Sequence[Language]:
    """The languages in which the event is announced, the reader's first where it is one of them."""
    return sorted(languages_of(stage.segments), key=lambda each: each is not language)


def _check_segment(stage: Stage, segment_id: SegmentId | None) -> None:
    if segment_id and segment_id not in {segment.id for segment in stage.segments}:
        raise Invalid(fields={"segment": "not_offered"})


def _segment_in(text: str) -> SegmentId | None:
    found = _id_in("segment", text)
    return SegmentId(found) if found else None


def _print_in(text: str) -> PrintId | None:
    found = _id_in("since", text)
    return PrintId(found) if found else None


def _id_in(field: str, text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Invalid(fields={field: "not_offered"}) from error


routes = [
    Route("/stage/{event}/cuesheet", cuesheet, name="stage:cuesheet", methods=["GET"]),
    Route("/stage/{event}/cuesheet", print_sheet, methods=["POST"]),
    Route("/api/v1/events/{event}/cuesheet.pdf", cuesheet_pdf, name="api:cuesheet"),
]
