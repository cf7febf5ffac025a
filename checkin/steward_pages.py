"""The desk's page of stewards: who may sign on to the devices, and their PINs, each shown once to be handed over."""

from collections.abc import Mapping, Sequence
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response
from starlette.routing import Route

from checkin import stewards
from checkin.models import Steward, StewardId
from events.access import event_for
from events.core.auth import Scope
from events.core.errors import Conflict, Invalid
from events.core.parsing import parsed
from events.core.web import Ask, language_for, page, read_form, see_other
from events.core.wording import SENTENCES, field_sentences
from events.forms import Printed
from events.models import Event

_AT_ONCE = 100
Slip = tuple[Steward, str]


class NamesForm(BaseModel):
    """Stewards to add, one name a line."""

    model_config = ConfigDict(extra="ignore")

    names: Annotated[list[Annotated[Printed, Field(max_length=80)]], Field(min_length=1, max_length=_AT_ONCE)]
    lead: bool = False


async def steward_list(request: Ask) -> Response:
    """Who may sign on."""
    event, _ = await event_for(request, Scope.DESK)
    return await _page(request, event)


async def add_stewards(request: Ask) -> Response:
    """Adds everybody named and shows their PINs: in this answer and never again, so it is no redirect."""
    event, principal = await event_for(request, Scope.DESK)
    values = await read_form(request)
    keyring, now = request.state["keyring"], request.state["clock"].now()

    async def body(tx: AsyncConnection) -> list[Slip]:
        return [
            await stewards.add_steward(
                tx, keyring, event_id=event.id, name=name, lead=form.lead, actor=principal.name, now=now
            )
            for name in form.names
        ]

    try:
        lines = [line for line in values.get("names", "").splitlines() if line.strip()]
        form = parsed(NamesForm, {"names": lines, "lead": "lead" in values})
        slips = await request.state["database"].write(body)
    except Invalid as refused:
        code = next(iter(refused.fields.values()))
        return await _page(request, event, values=values, errors=field_sentences({"names": code}))
    except Conflict as refused:
        return await _page(request, event, values=values, errors={"names": _sentence(request, refused)})
    return await _page(request, event, slips=slips)


async def renew_pin(request: Ask) -> Response:
    """Gives a steward another PIN and shows it: in this answer and never again."""
    event, principal = await event_for(request, Scope.DESK)
    mark = (await read_form(request)).get("mark", "")
    keyring, now = request.state["keyring"], request.state["clock"].now()
    slip = await request.state["database"].write(
        lambda tx: stewards.new_pin(
            tx,
            keyring,
            event_id=event.id,
            steward_id=_steward_id(request),
            mark=mark,
            actor=principal.name,
            now=now,
        )
    )
    return await _page(request, event, slips=[slip])


async def remove_steward(request: Ask) -> Response:
    """Ends what a steward may do."""
    event, principal = await event_for(request, Scope.DESK)
    now = request.state["clock"].now()
    await request.state["database"].write(
        lambda tx: stewards.remove_steward(
            tx, event_id=event.id, steward_id=_steward_id(request), actor=principal.name, now=now
        )
    )
    return see_other(request, "desk:stewards", query={"done": "removed"}, event=event.slug)


def _steward_id(request: Ask) -> StewardId:
    steward: UUID = request.path_params["steward"]
    return StewardId(steward)


def _sentence(request: Ask, refused: Conflict) -> str:
    say = request.state["catalogues"].say
    return say(SENTENCES[refused.code], language_for(request), **refused.parameters)


async def _page(
    request: Ask,
    event: Event,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    slips: Sequence[Slip] = (),
) -> Response:
    context = {
        "event": event,
        "listed": await request.state["database"].read(lambda tx: stewards.stewards_of(tx, event.id)),
        "slips": slips,
        "values": values or {},
        "errors": errors or {},
    }
    answer = page(request, "desk_stewards.html", context, status=422 if errors else 200)
    if slips:
        answer.headers["Cache-Control"] = "no-store"
    return answer


routes = [
    Route("/desk/{event}/door/stewards", steward_list, name="desk:stewards", methods=["GET"]),
    Route("/desk/{event}/door/stewards", add_stewards, methods=["POST"]),
    Route("/desk/{event}/door/stewards/{steward:uuid}/pin", renew_pin, name="desk:new_pin", methods=["POST"]),
    Route(
        "/desk/{event}/door/stewards/{steward:uuid}/remove",
        remove_steward,
        name="desk:remove_steward",
        methods=["POST"],
    ),
]
