"""A guided tour: its route, which the protocol team plans, and what the guide sees on a phone while walking it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from starlette.responses import Response
from starlette.routing import Route

from checkin.board_pages import board_of
from checkin.booth.models import Tour
from checkin.booth.route_form import acted, form_of, rows_from, rows_of
from checkin.booth.tours import seal, set_route, tour_of, tours_of
from events.access import event_for
from events.core.auth import Scope
from events.core.errors import Invalid, NotFound, Stale
from events.core.web import Ask, page, read_form, see_other
from events.core.wording import field_sentences
from events.models import Event, SegmentId
from events.store import exhibitors_of


async def guide(request: Ask) -> Response:
    """`/stage/{event}/tour/{tour}`: the stop to go to next, who is there, and the whole route below it.

    `?stop=` is where the guide is, so that each walks at their own pace; without it, where the clock says.
    """
    event, _ = await event_for(request, Scope.READ)
    tours = await board_of(request).shared(event.id, tours_of)
    tour = next((each for each in tours if each.segment.id == _segment_id(request)), None)
    if tour is None:
        raise NotFound
    now = request.state["clock"].now()
    at = min(_number(request.query_params.get("stop", "")) or tour.due(now), len(tour.stops))
    context = {"event": event, "tour": tour, "at": at, "coming": tour.stops[at - 1] if at else None, "now": now}
    return page(request, "booth/tour.html", context)


async def edit_route(request: Ask) -> Response:
    """`/stage/{event}/tour/{tour}/edit`: the route to be changed."""
    event, _ = await event_for(request, Scope.STAGE)
    tour = await _tour(request, event)
    stops = [each.stop for each in tour.stops]
    return await _route_page(request, event, tour, rows=rows_from(stops))


async def change_route(request: Ask) -> Response:
    """Takes the route after any of the form's buttons; refuses to overwrite what somebody else changed."""
    event, principal = await event_for(request, Scope.STAGE)
    tour, values = await _tour(request, event), await read_form(request)
    now, segment_id = request.state["clock"].now(), tour.segment.id
    rows = acted(rows_of(values), values.get("act", ""), added=values.get("add", ""))
    try:
        stops = form_of(rows).route()
        await request.state["database"].write(
            lambda tx: set_route(
                tx, event.id, segment_id, stops, seen=values.get("seen", ""), actor=principal.name, now=now
            )
        )
    except Stale:
        tour = await _tour(request, event)
        return await _route_page(request, event, tour, rows=rows, errors={"seen": "stale"}, status=412)
    except Invalid as refused:
        errors = {name.removeprefix("stops."): code for name, code in refused.fields.items()}
        return await _route_page(request, event, tour, rows=rows, errors=errors, status=422, seen=values.get("seen"))
    request.state["live"].publish(event.id)
    return see_other(request, "stage:edit_tour", event=event.slug, tour=segment_id)


async def _tour(request: Ask, event: Event) -> Tour:
    segment_id, now = _segment_id(request), request.state["clock"].now()
    return await request.state["database"].read(lambda tx: tour_of(tx, event.id, segment_id, now))


def _segment_id(request: Ask) -> SegmentId:
    segment_id: UUID = request.path_params["tour"]
    return SegmentId(segment_id)


async def _route_page(
    request: Ask,
    event: Event,
    tour: Tour,
    *,
    rows: Sequence[Mapping[str, str]],
    errors: Mapping[str, str] | None = None,
    status: int = 200,
    seen: str | None = None,
) -> Response:
    """The form. `seen`: the route that it began with, kept while what was typed is wrong; else the current one."""
    current = [each.stop for each in tour.stops]
    exhibitors = await request.state["database"].read(lambda tx: exhibitors_of(tx, event.id))
    context: dict[str, Any] = {
        "event": event,
        "tour": tour,
        "rows": rows,
        "seen": seen or seal(current),
        "exhibitors": exhibitors,
        "free": [each for each in exhibitors if each.booth not in {row.get("booth") for row in rows}],
        "errors": field_sentences(_by_field(errors or {})),
    }
    return page(request, "booth/route.html", context, status=status)


def _by_field(errors: Mapping[str, str]) -> dict[str, str]:
    """The model's names as the form's: `2.minutes` is `minutes.2`."""
    return {_field(name): code for name, code in errors.items()}


def _field(name: str) -> str:
    index, _, rest = name.partition(".")
    return f"{rest}.{index}" if index.isdecimal() else name


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else 0


routes = [
    Route("/stage/{event}/tour/{tour:uuid}", guide, name="stage:tour"),
    Route("/stage/{event}/tour/{tour:uuid}/edit", edit_route, name="stage:edit_tour", methods=["GET"]),
    Route("/stage/{event}/tour/{tour:uuid}/edit", change_route, methods=["POST"]),
]
