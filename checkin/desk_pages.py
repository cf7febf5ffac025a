"""The organiser's pages about an event's gates and about scans on which device and server did not agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from starlette.responses import Response
from starlette.routing import Route

from checkin.conflicts import Disagreement, conflicts_of, settle
from checkin.gate_form import PRESETS, form_of, preset_values, values_of
from checkin.gates import closed_now, edit_gate, gate_by_id, open_gate, opened_now, posts_of, remove_gate, zones_of
from checkin.models import Gate, GateId, GateKind, Reentry, ScanId
from events import store
from events.access import event_for
from events.core.auth import Principal, Scope
from events.core.errors import Conflict, Invalid, NotFound, Stale
from events.core.ids import new_id
from events.core.parsing import parsed
from events.core.web import Ask, language_for, page, read_form, see_other
from events.core.wording import field_sentences
from events.forms import ReasonForm
from events.models import Event

_NOTABLE = timedelta(minutes=1)
"""A device's clock that is as wrong as this is told of."""

_TURNS = {"open": opened_now, "close": closed_now}


@dataclass(frozen=True, slots=True)
class _Edited:
    """A gate that is being changed, with who changes it."""

    event: Event
    gate: Gate
    principal: Principal


async def gates(request: Ask) -> Response:
    """`/desk/{event}/door`: the gates, who stands there, and how full the house is."""
    event, _ = await event_for(request, Scope.DESK)
    database = request.state["database"]
    posts = await database.read(lambda tx: posts_of(tx, event.id))
    zones = await database.read(lambda tx: zones_of(tx, event.id, [post.gate for post in posts]))
    categories = await database.read(lambda tx: store.categories_of(tx, event.id))
    context = {"event": event, "posts": posts, "zones": zones, "categories": categories}
    return page(request, "desk_gates.html", {**context, "presets": PRESETS, "now": request.state["clock"].now()})


async def new_gate(request: Ask) -> Response:
    """The gate form: empty, or filled with what most events have."""
    event, _ = await event_for(request, Scope.DESK)
    categories = await request.state["database"].read(lambda tx: store.categories_of(tx, event.id))
    preset = PRESETS.get(request.query_params.get("preset", ""))
    values = {"kind": "entrance", "reentry": "many"}
    if preset:
        values = preset_values(preset, categories=categories, language=language_for(request))
    return await _gate_page(request, event, values=values)


async def add_gate(request: Ask) -> Response:
    """Takes the gate form."""
    event, principal = await event_for(request, Scope.DESK)
    values = await read_form(request)
    now = request.state["clock"].now()
    try:
        gate = form_of(values, event.zone).gate(GateId(new_id()))
        await request.state["database"].write(lambda tx: open_gate(tx, event.id, gate, actor=principal.name, now=now))
    except (Invalid, Conflict) as refused:
        return await _gate_page(request, event, values=values, errors=_field_errors(refused))
    return _done(request, event)


async def gate_form(request: Ask) -> Response:
    """The gate form, filled."""
    edited = await _edited(request)
    values = values_of(edited.gate, edited.event.zone)
    return await _gate_page(request, edited.event, values=values, gate=edited.gate)


async def change_gate(request: Ask) -> Response:
    """Takes the filled gate form; a colleague's change is shown and not overwritten."""
    edited = await _edited(request)
    event, principal = edited.event, edited.principal
    values = await read_form(request)
    now = request.state["clock"].now()
    try:
        gate = form_of(values, event.zone).gate(edited.gate.id)
        await request.state["database"].write(
            lambda tx: edit_gate(tx, event.id, gate, version=_version(values), actor=principal.name, now=now)
        )
    except Stale as refused:
        fresh = await request.state["database"].read(lambda tx: gate_by_id(tx, event.id, edited.gate.id))
        values["version"] = str(fresh.version)
        return await _gate_page(request, event, values=values, gate=fresh, errors=_field_errors(refused), status=412)
    except (Invalid, Conflict) as refused:
        return await _gate_page(request, event, values=values, gate=edited.gate, errors=_field_errors(refused))
    return _done(request, event)


async def turn_gate(request: Ask) -> Response:
    """Opens or closes a gate in one press."""
    edited = await _edited(request)
    turn = _TURNS.get(request.path_params["turn"])
    if turn is None:
        raise NotFound
    event, actor = edited.event, edited.principal.name
    version, now = _version(await read_form(request)), request.state["clock"].now()
    wanted = turn(edited.gate, now)
    await request.state["database"].write(
        lambda tx: edit_gate(tx, event.id, wanted, version=version, actor=actor, now=now)
    )
    return _done(request, event)


async def drop_gate(request: Ask) -> Response:
    """Removes a gate that nothing refers to."""
    edited = await _edited(request)
    event, actor = edited.event, edited.principal.name
    version, now = _version(await read_form(request)), request.state["clock"].now()
    await request.state["database"].write(
        lambda tx: remove_gate(tx, event.id, edited.gate.id, version=version, actor=actor, now=now)
    )
    return _done(request, event)


async def conflicts(request: Ask) -> Response:
    """`/desk/{event}/door/conflicts`: where device and server did not agree, the open ones first."""
    event, _ = await event_for(request, Scope.DESK)
    found = await request.state["database"].read(lambda tx: conflicts_of(tx, event.id))
    return page(request, "desk_conflicts.html", {"event": event, **_told(found), "errors": {}, "values": {}})


async def settle_conflict(request: Ask) -> Response:
    """Takes what a lead found out. The scan stays as it is."""
    event, principal = await event_for(request, Scope.DESK)
    values = await read_form(request)
    now, scan_id = request.state["clock"].now(), ScanId(request.path_params["scan"])
    try:
        note = parsed(ReasonForm, {"reason": values.get("note", "")}).reason
    except Invalid as refused:
        found = await request.state["database"].read(lambda tx: conflicts_of(tx, event.id))
        errors = field_sentences({f"note-{scan_id}": refused.fields["reason"]})
        context = {
            "event": event,
            **_told(found),
            "errors": errors,
            "values": {f"note-{scan_id}": values.get("note", "")},
        }
        return page(request, "desk_conflicts.html", context, status=422)
    await request.state["database"].write(
        lambda tx: settle(tx, event.id, scan_id, note=note, actor=principal.shown, now=now)
    )
    return see_other(request, "desk:conflicts", event=event.slug)


def _told(found: Sequence[Disagreement]) -> dict[str, object]:
    """Conflicts as the page tells them."""
    still_open = [each for each in found if each.settled is None]
    return {"open": still_open, "settled": [each for each in found if each.settled], "notable": _NOTABLE}


async def _edited(request: Ask) -> _Edited:
    event, principal = await event_for(request, Scope.DESK)
    gate_id = GateId(request.path_params["gate"])
    return _Edited(event, await request.state["database"].read(lambda tx: gate_by_id(tx, event.id, gate_id)), principal)


def _done(request: Ask, event: Event) -> Response:
    request.state["live"].publish(event.id)
    return see_other(request, "desk:gates", event=event.slug)


async def _gate_page(
    request: Ask,
    event: Event,
    *,
    values: dict[str, str],
    gate: Gate | None = None,
    errors: dict[str, str] | None = None,
    status: int = 422,
) -> Response:
    database = request.state["database"]
    posts = await database.read(lambda tx: posts_of(tx, event.id))
    context = {
        "event": event,
        "gate": gate,
        "current": values_of(gate, event.zone) if gate else {},
        "values": values,
        "errors": field_sentences(errors or {}),
        "categories": await database.read(lambda tx: store.categories_of(tx, event.id)),
        "zones": sorted({post.gate.zone for post in posts if post.gate.zone}),
        "used": any(post.used for post in posts if gate and post.gate.id == gate.id),
        "kinds": list(GateKind),
        "reentries": list(Reentry),
        "now": request.state["clock"].now(),
    }
    return page(request, "desk_gate.html", context, status=status if errors else 200)


def _field_errors(refused: Invalid | Conflict | Stale) -> dict[str, str]:
    if isinstance(refused, Invalid):
        return refused.fields
    return {"name": "name_taken"} if isinstance(refused, Conflict) else {"version": "stale"}


def _version(values: dict[str, str]) -> int:
    text = values.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


routes = [
    Route("/desk/{event}/door", gates, name="desk:gates", methods=["GET"]),
    Route("/desk/{event}/door", add_gate, methods=["POST"]),
    Route("/desk/{event}/door/conflicts", conflicts, name="desk:conflicts", methods=["GET"]),
    Route("/desk/{event}/door/conflicts/{scan:uuid}", settle_conflict, name="desk:settle", methods=["POST"]),
    Route("/desk/{event}/door/gates/new", new_gate, name="desk:new_gate", methods=["GET"]),
    Route("/desk/{event}/door/gates/new", add_gate, methods=["POST"]),
    Route("/desk/{event}/door/gates/{gate:uuid}", gate_form, name="desk:gate", methods=["GET"]),
    Route("/desk/{event}/door/gates/{gate:uuid}", change_gate, methods=["POST"]),
    Route("/desk/{event}/door/gates/{gate:uuid}/remove", drop_gate, name="desk:drop_gate", methods=["POST"]),
    Route("/desk/{event}/door/gates/{gate:uuid}/{turn}", turn_gate, name="desk:turn_gate", methods=["POST"]),
]
