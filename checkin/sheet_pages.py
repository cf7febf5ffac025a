"""The organiser's pages for the day without network: sign-in sheets to print, their ticks to enter, badge slots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from anyio import to_thread
from starlette.responses import Response
from starlette.routing import Route

from badges import signinsheet as paper
from badges.pages import press_of
from checkin.door import Door
from checkin.gates import usable_gates
from checkin.models import Entry
from checkin.signin_sheet import MAX_DESKS, Desk, Roll, Split, desks_of, roll_of, sheet_of
from checkin.slots import MAX_PER_BOX, PER_BOX, assign
from checkin.ticks import Tick, days_of, entries_of, meant, read_ticks, scans_of, undone_of
from events.access import event_for
from events.core.auth import Principal, Scope
from events.core.errors import Invalid
from events.core.i18n import Language, language_of
from events.core.web import Ask, language_for, page, read_form, see_other
from events.core.wording import field_sentences
from events.models import Event, Guest, GuestId

_ROWS = 60
_TICK, _TIME = "tick-", "time-"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """What of the list is wanted: how it is divided, which desk's part and which page of it."""

    split: Split
    desks: int
    desk: int
    page: int

    def query(self, **others: str) -> dict[str, str]:
        """The same in an address."""
        own = {"split": self.split.value, "desks": str(self.desks), "desk": str(self.desk), "page": str(self.page)}
        return {**own, **others}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Who is ticked, each with the time as typed; what is wrong with `who`; and whom that found."""

    times: Mapping[GuestId, str]
    wrong: Mapping[str, str]
    found: Sequence[Guest]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A guest on the page of ticks. entry: that they are in already. ticked, time: as typed; wrong: a code."""

    guest: Guest
    number: int
    entry: Entry | None
    ticked: bool
    time: str
    wrong: str


async def sheets(request: Ask) -> Response:
    """`/desk/{event}/door/sheets`: what can be printed, and who is on which list."""
    event, _ = await event_for(request, Scope.DESK)
    return await _sheets_page(request, event, values={"per_box": str(PER_BOX)}, errors={})


async def _sheets_page(request: Ask, event: Event, *, values: Mapping[str, str], errors: Mapping[str, str]) -> Response:
    roll, desks = await _divided(request, event, _choice(request))
    context = {
        "event": event,
        "choice": _choice(request),
        "splits": list(Split),
        "max_desks": MAX_DESKS,
        "desks": desks,
        "count": len(roll.guests),
        "slotted": sum(bool(guest.pick_slot) for guest in roll.guests),
        "max_per_box": MAX_PER_BOX,
        "values": values,
        "errors": field_sentences(dict(errors)),
    }
    return page(request, "desk_sheets.html", context, status=422 if errors else 200)


async def sheets_pdf(request: Ask) -> Response:
    """`/desk/{event}/door/sheets.pdf`"""
    event, _ = await event_for(request, Scope.DESK)
    language = language_of(request.query_params.get("lang", "")) or language_for(request)
    roll, desks = await _divided(request, event, _choice(request), language=language)
    drawing = partial(sheet_of, event, roll, desks, now=request.state["clock"].now(), language=language)
    sheet = await to_thread.run_sync(drawing)
    content = await press_of(request).print(paper.draw, sheet)
    headers = {"Content-Disposition": f'inline; filename="{event.slug}-sheets.pdf"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)


async def give_slots(request: Ask) -> Response:
    """Gives badge slots to who has none, or to everybody anew."""
    event, principal = await event_for(request, Scope.DESK)
    values = await read_form(request)
    now = request.state["clock"].now()
    assigning = partial(
        assign,
        event_id=event.id,
        per_box=_number(values.get("per_box", ""), least=1, most=MAX_PER_BOX, usual=PER_BOX),
        by_category=values.get("by_category") == "1",
        anew=values.get("anew") == "1",
        actor=principal.name,
        now=now,
    )
    try:
        given = await request.state["database"].write(assigning)
    except Invalid as refused:
        return await _sheets_page(request, event, values=values, errors=refused.fields)
    request.state["live"].publish(event.id)
    return see_other(request, "desk:sheets", query={"slots": str(given)}, event=event.slug)


async def ticks(request: Ask) -> Response:
    """`/desk/{event}/door/ticks`: one desk's sheets on the screen, to enter who came."""
    event, _ = await event_for(request, Scope.DESK)
    asked = request.query_params
    values = {name: asked.get(name, "") for name in ("gate", "day", "at")}
    return await _ticks_page(request, event, values=values, wrong={})


async def enter_ticks(request: Ask) -> Response:
    """Takes the ticks: what is right is recorded, what is not stays on the page with what is wrong."""
    event, principal = await event_for(request, Scope.DESK)
    values = await read_form(request)
    now = request.state["clock"].now()
    asked = await _asked(request, event, values)
    days = days_of(event, now)
    day = next((day for day in days if day.isoformat() == values.get("day")), days[-1])
    ready, wrong = read_ticks(asked.times, day=day, zone=event.zone, now=now)
    if ready:
        await _admit(request, event, ready, gate=values.get("gate", ""), principal=principal)
    if wrong or asked.wrong:
        return await _ticks_page(request, event, values=values, wrong={**wrong, **asked.wrong}, found=asked.found)
    kept = {name: values.get(name, "") for name in ("gate", "day", "at")}
    query = _choice(request).query(**kept, done=str(len(ready)))
    return see_other(request, "desk:ticks", query=query, event=event.slug)


async def _asked(request: Ask, event: Event, values: Mapping[str, str]) -> _Asked:
    """What the form says, without who is in already."""
    database = request.state["database"]
    roll = await database.read(lambda tx: roll_of(tx, event.id))
    entries = await database.read(lambda tx: entries_of(tx, event.id))
    ticked = [guest.id for guest in roll.guests if values.get(f"{_TICK}{guest.id}") and guest.id not in entries]
    times = {guest_id: values.get(f"{_TIME}{guest_id}") or values.get("at", "") for guest_id in ticked}
    who = values.get("who", "").strip()
    if not who:
        return _Asked(times=times, wrong={}, found=())
    found = await database.read(lambda tx: meant(tx, roll, event.id, who))
    if not found.sure:
        return _Asked(times=times, wrong={"who": "choose" if found.guests else "nobody"}, found=found.guests)
    [guest] = found.guests
    if guest.id in entries:
        return _Asked(times=times, wrong={"who": "in_already"}, found=found.guests)
    return _Asked(times={**times, guest.id: values.get("at", "")}, wrong={}, found=())


async def _admit(request: Ask, event: Event, ready: Sequence[Tick], *, gate: str, principal: Principal) -> None:
    """Records the ticks at the gate that was chosen, else at the first."""
    now = request.state["clock"].now()
    gates = await request.state["database"].write(lambda tx: usable_gates(tx, event.id, actor=principal.name, now=now))
    chosen = next((each for each in gates if str(each.id) == gate), gates[0])
    undone = await request.state["database"].read(lambda tx: undone_of(tx, event.id, ready))
    who = {"actor": principal.name, "actor_name": principal.shown}
    scans = scans_of(event.id, ready, gate_id=chosen.id, undone=undone, **who)
    door: Door = request.scope["state"]["door"]
    await door.admit(event.id, scans)


async def _ticks_page(
    request: Ask,
    event: Event,
    *,
    values: dict[str, str],
    wrong: dict[str, str],
    found: Sequence[Guest] = (),
) -> Response:
    choice, now = _choice(request), request.state["clock"].now()
    roll, desks = await _divided(request, event, choice)
    entries = await request.state["database"].read(lambda tx: entries_of(tx, event.id))
    mine: Sequence[Guest] = desks[min(choice.desk, len(desks)) - 1].guests if desks else ()
    shown = found or mine[(choice.page - 1) * _ROWS : choice.page * _ROWS]
    refused = [guest for guest in roll.guests if str(guest.id) in wrong and guest not in shown]
    context = {
        "event": event,
        "choice": choice,
        "desks": desks,
        "pages": -(-len(mine) // _ROWS),
        "lines": [_line(guest, roll, entries, values=values, wrong=wrong) for guest in [*refused, *shown]],
        "gates": roll.gates,
        "days": days_of(event, now),
        "kinds": {category.key: category for category in roll.categories},
        "values": values,
        "wrong": wrong,
        "found": found,
    }
    return page(request, "desk_ticks.html", context, status=422 if wrong else 200)


def _line(
    guest: Guest,
    roll: Roll,
    entries: Mapping[GuestId, Entry],
    *,
    values: Mapping[str, str],
    wrong: Mapping[str, str],
) -> _Line:
    key = str(guest.id)
    return _Line(
        guest=guest,
        number=roll.numbers[guest.id],
        entry=entries.get(guest.id),
        ticked=f"{_TICK}{key}" in values or key in wrong,
        time=values.get(f"{_TIME}{key}", ""),
        wrong=wrong.get(key, ""),
    )


async def _divided(
    request: Ask, event: Event, choice: _Choice, *, language: Language | None = None
) -> tuple[Roll, list[Desk]]:
    roll = await request.state["database"].read(lambda tx: roll_of(tx, event.id))
    spoken = language or language_for(request)
    desks = await to_thread.run_sync(lambda: desks_of(roll, split=choice.split, desks=choice.desks, language=spoken))
    return roll, desks


def _choice(request: Ask) -> _Choice:
    asked = request.query_params
    split = asked.get("split", "")
    return _Choice(
        split=Split(split) if split in set(Split) else Split.LETTERS,
        desks=_number(asked.get("desks", ""), least=1, most=MAX_DESKS, usual=1),
        desk=_number(asked.get("desk", ""), least=1, most=999, usual=1),
        page=_number(asked.get("page", ""), least=1, most=9999, usual=1),
    )


def _number(text: str, *, least: int, most: int, usual: int) -> int:
    number = int(text) if text.isdecimal() and len(text) < 6 else usual
    return min(max(number, least), most)


routes = [
    Route("/desk/{event}/door/sheets", sheets, name="desk:sheets"),
    Route("/desk/{event}/door/sheets.pdf", sheets_pdf, name="desk:sheets_pdf"),
    Route("/desk/{event}/door/slots", give_slots, name="desk:slots", methods=["POST"]),
    Route("/desk/{event}/door/ticks", ticks, name="desk:ticks", methods=["GET"]),
    Route("/desk/{event}/door/ticks", enter_ticks, methods=["POST"]),
]
