"""The desk's pages of the programme: its parts in order, a form for each, and a spreadsheet taken in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from checkin.stage import programme
from checkin.stage.board import seen_of
from checkin.stage.looks import look
from checkin.stage.models import HOLDS_ROUNDS
from checkin.stage.programme_sheet import COLUMNS, Sheet, sheet_of
from checkin.stage.segment_form import SegmentForm, SegmentForms
from events.access import event_for
from events.core.auth import Principal, Scope
from events.core.errors import Conflict, Invalid, Stale
from events.core.i18n import Language
from events.core.parsing import parsed, parsed_json
from events.core.web import Ask, language_for, page, read_form, read_upload, see_other
from events.core.wording import SENTENCES, field_sentences
from events.models import SEGMENT_WORDS, Event, Segment, SegmentId
from events.spreadsheet import rows_of
from events.store import segments_of

_PATH = "/desk/{event}/programme"
_TEXTS = ("title", "place", "script")
_TONGUES = ("zh_hans", "zh_hant", "en")


async def overview(request: Ask) -> Response:
    """`/desk/{event}/programme`"""
    event, principal = await event_for(request, Scope.READ)
    now = request.state["clock"].now()
    seen = await request.state["database"].read(lambda tx: seen_of(tx, event.id, now))
    shown = look(request, event, seen, principal=principal, language=language_for(request))
    parts = {"segments": seen.stage.segments, "kinds": SEGMENT_WORDS, "with_rounds": HOLDS_ROUNDS}
    return page(request, "stage/programme.html", {**shown, **parts})


async def new_segment(request: Ask) -> Response:
    """The form, beginning where the programme ends so far."""
    event, _ = await event_for(request, Scope.STAGE)
    there = await request.state["database"].read(lambda tx: segments_of(tx, event.id))
    begins = _local(there[-1].ends_at if there else event.starts_at, event)
    values = {"kind": "speeches", "starts_at": begins, "ends_at": begins, "public": "1", "language.zh-Hans": "1"}
    return _form_page(request, event, values=values)


async def add_segment(request: Ask) -> Response:
    """Takes the form of a new part."""
    event, principal = await event_for(request, Scope.STAGE)
    values, now = await read_form(request), request.state["clock"].now()
    try:
        form = _form_of(values, event)
        await request.state["database"].write(
            lambda tx: programme.add_segments(tx, event, [form], actor=principal.name, now=now)
        )
    except Invalid as refused:
        return _form_page(request, event, values=values, refused=refused)
    return _done(request, event)


async def segment_form(request: Ask) -> Response:
    """The form of a part as it stands."""
    event, _, segment = await _asked(request)
    return _form_page(request, event, values=_values_of(segment, event), segment=segment)


async def change_segment(request: Ask) -> Response:
    """Takes the form; where somebody was faster, what stands on record is shown beside what was typed."""
    event, principal, segment = await _asked(request)
    values, now = await read_form(request), request.state["clock"].now()
    try:
        form = _form_of(values, event)
        await request.state["database"].write(
            lambda tx: programme.edit_segment(
                tx, event.id, segment.id, form, version=_version(values), actor=principal.name, now=now
            )
        )
    except (Invalid, Stale, Conflict) as refused:
        return _form_page(request, event, values=values, segment=segment, refused=refused)
    return _done(request, event)


async def drop_segment(request: Ask) -> Response:
    """Takes a part away to which nothing refers."""
    event, principal, segment = await _asked(request)
    version, now = _version(await read_form(request)), request.state["clock"].now()
    await request.state["database"].write(
        lambda tx: programme.remove_segment(tx, event.id, segment.id, version=version, actor=principal.name, now=now)
    )
    return _done(request, event)


async def move_segment(request: Ask) -> Response:
    """Puts a part at the place `to`, counted from 1; the others keep their order."""
    event, principal, segment = await _asked(request)
    values, now = await read_form(request), request.state["clock"].now()
    position = _number(values.get("to", "")) or segment.position
    await request.state["database"].write(
        lambda tx: programme.move_segment(tx, event, segment.id, position=position, actor=principal.name, now=now)
    )
    return _done(request, event)


async def import_form(request: Ask) -> Response:
    """`/desk/{event}/programme/import`: what a spreadsheet looks like, and the field that takes it."""
    event, _ = await event_for(request, Scope.STAGE)
    return _import_page(request, event)


async def look_at_sheet(request: Ask) -> Response:
    """Shows what the spreadsheet holds; nothing is written yet."""
    event, _ = await event_for(request, Scope.STAGE)
    try:
        rows = await rows_of(await read_upload(request, "sheet"))
        sheet = sheet_of(rows, event, request.state["catalogues"])
    except Invalid as refused:
        return _import_page(request, event, sentence=SENTENCES[refused.code], parameters=refused.parameters)
    return _import_page(request, event, sheet=sheet)


async def take_sheet(request: Ask) -> Response:
    """Writes what was shown."""
    event, principal = await event_for(request, Scope.STAGE)
    forms = parsed_json(SegmentForms, (await read_form(request)).get("rows", "").encode()).root
    now = request.state["clock"].now()
    await request.state["database"].write(
        lambda tx: programme.add_segments(tx, event, forms, actor=principal.name, now=now)
    )
    return _done(request, event)


async def _asked(request: Ask) -> tuple[Event, Principal, Segment]:
    event, principal = await event_for(request, Scope.STAGE)
    segment_id = SegmentId(request.path_params["segment"])
    segment = await request.state["database"].read(lambda tx: programme.segment_by_id(tx, event.id, segment_id))
    return event, principal, segment


def _done(request: Ask, event: Event) -> Response:
    request.state["live"].publish(event.id)
    return see_other(request, "desk:programme", event=event.slug)


def _form_page(
    request: Ask,
    event: Event,
    *,
    values: Mapping[str, str],
    segment: Segment | None = None,
    refused: Invalid | Stale | Conflict | None = None,
) -> Response:
    context = {
        "event": event,
        "segment": segment,
        "current": _values_of(segment, event) if segment else {},
        "values": values,
        "errors": field_sentences(_fields(refused)),
        "kinds": SEGMENT_WORDS,
        "with_rounds": HOLDS_ROUNDS,
    }
    return page(request, "stage/segment.html", context, status=refused.status if refused else 200)


def _fields(refused: Invalid | Stale | Conflict | None) -> dict[str, str]:
    if isinstance(refused, Stale):
        return {"version": "stale"}
    if isinstance(refused, Conflict):
        return {"kind": "has_rounds"}
    return refused.fields if refused else {}


def _import_page(
    request: Ask, event: Event, *, sheet: Sheet | None = None, sentence: str = "", parameters: Mapping[str, Any] = {}
) -> Response:
    rows = SegmentForms(list(sheet.forms)).model_dump_json() if sheet and not sheet.problems else ""
    told = {"sentence": sentence, "parameters": parameters, "columns": COLUMNS, "kinds": SEGMENT_WORDS}
    wrong = field_sentences({problem.code: problem.code for problem in sheet.problems}) if sheet else {}
    context = {"event": event, "sheet": sheet, "rows": rows, "wrong": wrong, **told}
    return page(request, "stage/import.html", context, status=422 if sentence or wrong else 200)


def _form_of(values: Mapping[str, str], event: Event) -> SegmentForm:
    texts = {name: {key: values.get(f"{name}.{key}", "") for key in _TONGUES} for name in _TEXTS}
    times = {name: _moment(values.get(name, ""), event) for name in ("starts_at", "ends_at")}
    languages = [language for language in Language if f"language.{language}" in values]
    plain = {"kind": values.get("kind", ""), "public": "public" in values, "languages": languages}
    return parsed(SegmentForm, {**plain, **texts, **times})


def _values_of(segment: Segment, event: Event) -> dict[str, str]:
    texts = {f"{name}.{key}": getattr(getattr(segment, name), key) for name in _TEXTS for key in _TONGUES}
    times = {"starts_at": _local(segment.starts_at, event), "ends_at": _local(segment.ends_at, event)}
    ticked = {f"language.{language}": "1" for language in segment.languages}
    plain = {"kind": segment.kind.value, "version": str(segment.version)}
    return {**plain, **texts, **times, **ticked, **({"public": "1"} if segment.public else {})}


def _local(moment: datetime, event: Event) -> str:
    return f"{moment.astimezone(event.zone):%Y-%m-%dT%H:%M}"


def _moment(text: str, event: Event) -> str | None:
    """A browser's local time with the offset of the venue; what is none is left for the form to refuse."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=event.zone).isoformat()
    except ValueError:
        return text or None


def _version(values: Mapping[str, str]) -> int:
    return _number(values.get("version", ""))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


routes: Sequence[Route] = [
    Route(_PATH, overview, name="desk:programme", methods=["GET"]),
    Route(f"{_PATH}/new", new_segment, name="desk:new_segment", methods=["GET"]),
    Route(f"{_PATH}/new", add_segment, methods=["POST"]),
    Route(f"{_PATH}/import", import_form, name="desk:import_programme", methods=["GET"]),
    Route(f"{_PATH}/import", look_at_sheet, methods=["POST"]),
    Route(f"{_PATH}/import/take", take_sheet, name="desk:take_programme", methods=["POST"]),
    Route(f"{_PATH}/{{segment:uuid}}", segment_form, name="desk:segment", methods=["GET"]),
    Route(f"{_PATH}/{{segment:uuid}}", change_segment, methods=["POST"]),
    Route(f"{_PATH}/{{segment:uuid}}/remove", drop_segment, name="desk:drop_segment", methods=["POST"]),
    Route(f"{_PATH}/{{segment:uuid}}/move", move_segment, name="desk:move_segment", methods=["POST"]),
]
