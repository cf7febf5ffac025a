"""The desk's pages of exhibitors: who shows what at which booth, and the phones that stand there."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response
from starlette.routing import Route

from checkin import devices
from checkin.booth import exhibitors as verbs
from checkin.booth.exhibitor_form import form_of, values_of
from checkin.booth.exhibitor_sheet import COLUMNS, ExhibitorForms, Sheet, sheet_of
from checkin.booth.tours import tours_of
from checkin.devices import Placement
from checkin.models import Profile
from events.access import event_for
from events.core.auth import Principal, Scope
from events.core.errors import Conflict, Invalid, Stale
from events.core.parsing import parsed_json
from events.core.web import Ask, language_for, page, read_form, read_upload, see_other
from events.core.wording import SENTENCES, field_sentences
from events.models import Event, Exhibitor
from events.spreadsheet import rows_of
from events.store import exhibitors_of


async def exhibitor_list(request: Ask) -> Response:
    """`/desk/{event}/exhibitors`: everybody by field, and the tours that lead past them."""
    event, _ = await event_for(request, Scope.READ)
    now = request.state["clock"].now()

    async def read(tx: AsyncConnection) -> dict[str, object]:
        return {
            "exhibitors": await exhibitors_of(tx, event.id),
            "staff": await verbs.staff_counts(tx, event.id),
            "phones": await verbs.paired_booths(tx, event.id),
            "tours": await tours_of(tx, event.id, now),
        }

    shown = await request.state["database"].read(read)
    return page(request, "booth/exhibitors.html", {"event": event, **shown})


async def new_exhibitor(request: Ask) -> Response:
    """The empty form."""
    event, _ = await event_for(request, Scope.DESK)
    return await _form_page(request, event, values={})


async def add_exhibitor(request: Ask) -> Response:
    """Takes the form."""
    event, principal = await event_for(request, Scope.DESK)
    values, now = await read_form(request), request.state["clock"].now()
    try:
        form = form_of(values)
        await request.state["database"].write(
            lambda tx: verbs.add_exhibitor(tx, event.id, form, actor=principal.name, now=now)
        )
    except (Invalid, Conflict) as refused:
        return await _form_page(request, event, values=values, errors=_field_errors(refused))
    return _back(request, event, "added")


async def import_form(request: Ask) -> Response:
    """`/desk/{event}/exhibitors/import`: what a spreadsheet looks like, and the field that takes it."""
    event, _ = await event_for(request, Scope.DESK)
    return _import_page(request, event)


async def look_at_sheet(request: Ask) -> Response:
    """Shows what the spreadsheet holds; nothing is written yet."""
    event, _ = await event_for(request, Scope.DESK)
    taken = {each.booth for each in await request.state["database"].read(lambda tx: exhibitors_of(tx, event.id))}
    try:
        sheet = sheet_of(await rows_of(await read_upload(request, "sheet")), taken)
    except Invalid as refused:
        return _import_page(request, event, refused=refused)
    return _import_page(request, event, sheet=sheet)


async def take_sheet(request: Ask) -> Response:
    """Writes what was shown: everybody, or nobody where a booth was given away meanwhile."""
    event, principal = await event_for(request, Scope.DESK)
    forms = parsed_json(ExhibitorForms, (await read_form(request)).get("rows", "").encode()).root
    now = request.state["clock"].now()

    async def take(tx: AsyncConnection) -> None:
        for form in forms:
            await verbs.add_exhibitor(tx, event.id, form, actor=principal.name, now=now)

    await request.state["database"].write(take)
    return _back(request, event, "taken")


async def exhibitor_home(request: Ask) -> Response:
    """One exhibitor, to be changed, given a phone, or removed."""
    event, exhibitor, _ = await _exhibitor_for(request)
    return await _form_page(request, event, values=values_of(exhibitor), exhibitor=exhibitor)


async def edit_exhibitor(request: Ask) -> Response:
    """Takes the filled form; refuses to overwrite what somebody else changed, and shows both."""
    event, exhibitor, principal = await _exhibitor_for(request)
    values, now = await read_form(request), request.state["clock"].now()
    values["booth"] = exhibitor.booth
    try:
        form, version = form_of(values), _number(values.get("version", ""))
        await request.state["database"].write(
            lambda tx: verbs.edit_exhibitor(tx, event.id, form, version=version, actor=principal.name, now=now)
        )
    except Stale:
        fresh = await _exhibitor(request, event)
        values["version"] = str(fresh.version)
        return await _form_page(request, event, values=values, exhibitor=fresh, errors={"version": "stale"})
    except Invalid as refused:
        return await _form_page(request, event, values=values, exhibitor=exhibitor, errors=refused.fields)
    return _back(request, event, "saved")


async def remove_exhibitor(request: Ask) -> Response:
    """Removes an exhibitor whom nothing refers to yet."""
    event, exhibitor, principal = await _exhibitor_for(request)
    version, now = _number((await read_form(request)).get("version", "")), request.state["clock"].now()
    await request.state["database"].write(
        lambda tx: verbs.remove_exhibitor(tx, event.id, exhibitor.booth, version=version, actor=principal.name, now=now)
    )
    return _back(request, event, "removed")


async def pair_phone(request: Ask) -> Response:
    """Makes a code that pairs a phone for this booth alone; the booth's gate is opened with the first one."""
    event, exhibitor, principal = await _exhibitor_for(request)
    keyring, now, language = request.state["keyring"], request.state["clock"].now(), language_for(request)

    async def start(tx: AsyncConnection) -> str:
        gate = await verbs.booth_gate(tx, event.id, exhibitor.booth, actor=principal.name, now=now)
        placed = Placement(name="", gate_id=gate.id, profile=Profile.BOOTH, language=language)
        return await devices.start_pairing(tx, keyring, event_id=event.id, placed=placed, actor=principal.name, now=now)

    code = await request.state["database"].write(start)
    request.state["live"].publish(event.id)
    return see_other(request, "desk:pairing", event=event.slug, secret=devices.grouped(code))


async def _exhibitor_for(request: Ask) -> tuple[Event, Exhibitor, Principal]:
    event, principal = await event_for(request, Scope.DESK)
    return event, await _exhibitor(request, event), principal


async def _exhibitor(request: Ask, event: Event) -> Exhibitor:
    booth = request.path_params["booth"]
    return await request.state["database"].read(lambda tx: verbs.exhibitor_by_booth(tx, event.id, booth))


async def _form_page(
    request: Ask,
    event: Event,
    *,
    values: Mapping[str, str],
    exhibitor: Exhibitor | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    known = await request.state["database"].read(lambda tx: exhibitors_of(tx, event.id))
    context = {
        "event": event,
        "exhibitor": exhibitor,
        "fields": {each.field: each.field_name for each in known},
        "values": values,
        "errors": field_sentences(dict(errors or {})),
    }
    status = 412 if "version" in (errors or {}) else 422 if errors else 200
    return page(request, "booth/exhibitor.html", context, status=status)


def _import_page(request: Ask, event: Event, *, sheet: Sheet | None = None, refused: Invalid | None = None) -> Response:
    rows = ExhibitorForms(list(sheet.forms)).model_dump_json() if sheet and not sheet.problems else ""
    wrong = field_sentences({problem.code: problem.code for problem in sheet.problems}) if sheet else {}
    context = {"event": event, "sheet": sheet, "rows": rows, "wrong": wrong, "columns": COLUMNS}
    told = {"sentence": SENTENCES[refused.code] if refused else "", "parameters": refused.parameters if refused else {}}
    return page(request, "booth/import.html", {**context, **told}, status=422 if refused or wrong else 200)


def _field_errors(refused: Invalid | Conflict) -> Mapping[str, str]:
    return refused.fields if isinstance(refused, Invalid) else {"booth": refused.code}


def _back(request: Ask, event: Event, done: str) -> Response:
    return see_other(request, "desk:exhibitors", query={"done": done}, event=event.slug)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


_ONE = "/desk/{event}/exhibitors/booth/{booth}"

routes = [
    Route("/desk/{event}/exhibitors", exhibitor_list, name="desk:exhibitors"),
    Route("/desk/{event}/exhibitors/new", new_exhibitor, name="desk:new_exhibitor", methods=["GET"]),
    Route("/desk/{event}/exhibitors/new", add_exhibitor, methods=["POST"]),
    Route("/desk/{event}/exhibitors/import", import_form, name="desk:import_exhibitors", methods=["GET"]),
    Route("/desk/{event}/exhibitors/import", look_at_sheet, methods=["POST"]),
    Route("/desk/{event}/exhibitors/import/take", take_sheet, name="desk:take_exhibitors", methods=["POST"]),
    Route(_ONE, exhibitor_home, name="desk:exhibitor", methods=["GET"]),
    Route(_ONE, edit_exhibitor, methods=["POST"]),
    Route(f"{_ONE}/remove", remove_exhibitor, name="desk:remove_exhibitor", methods=["POST"]),
    Route(f"{_ONE}/pair", pair_phone, name="desk:pair_booth", methods=["POST"]),
]
