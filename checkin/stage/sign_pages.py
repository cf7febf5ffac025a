"""Signing by hand: the tablet that signatories hold, one at a time, and what it sends."""

from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from checkin.stage.actor import Actor
from checkin.stage.handwriting import MAX_BYTES, MAX_POINTS, SignatureForm, Signing, sign_by_hand, signing_of
from checkin.stage.models import Participant, RoundId, Stage
from checkin.stage.record_document import Signature
from checkin.stage.saying import number_of
from checkin.stage.stage_words import name_of
from checkin.stage.store import round_by_id, stage_of
from events.access import event_for
from events.core.auth import Scope
from events.core.errors import TooLarge
from events.core.parsing import parsed_json
from events.core.web import Ask, language_for, page
from events.models import Event


async def tablet(request: Ask) -> Response:
    """`/stage/{event}/rounds/{round}/sign`: whose turn it is; `?participant=` asks for somebody, to sign again too."""
    event, _ = await event_for(request, Scope.STAGE)
    now = request.state["clock"].now()

    async def read(tx: AsyncConnection) -> tuple[Stage, Signing]:
        this = await round_by_id(tx, event.id, _round_id(request))
        return await stage_of(tx, event.id, now), await signing_of(tx, event.id, this)

    stage, signing = await request.state["database"].read(read)
    return page(request, "stage/sign.html", _shown(request, event, stage, signing))


async def take(request: Ask) -> Response:
    """`POST /api/v1/events/{event}/rounds/{round}/signatures`"""
    event, principal = await event_for(request, Scope.STAGE)
    body = await request.body()
    if len(body) > MAX_BYTES:
        raise TooLarge
    form = parsed_json(SignatureForm, body)
    signing = partial(
        sign_by_hand,
        event=event,
        round_id=_round_id(request),
        form=form,
        actor=Actor.of(principal),
        now=request.state["clock"].now(),
    )
    given = await request.state["database"].write(signing)
    request.state["live"].publish(event.id)
    return JSONResponse(_told(given), 201)


def _shown(request: Ask, event: Event, stage: Stage, signing: Signing) -> dict[str, object]:
    part = _whose_turn(request, signing)
    language = language_for(request)
    return {
        "event": event,
        "round": signing.round,
        "number": number_of(signing.round, stage),
        "signing": signing,
        "part": part,
        "party": signing.round.party(part.party) if part else None,
        "person": stage.person(part) if part else None,
        "person_of": stage.person,
        "name_of": partial(name_of, language=language),
        "max_points": MAX_POINTS,
        "max_bytes": MAX_BYTES,
    }


def _whose_turn(request: Ask, signing: Signing) -> Participant | None:
    """Whoever was asked for, else the next who has not signed; None while nobody can sign."""
    if not signing.is_open:
        return None
    asked = request.query_params.get("participant", "")
    return next((part for part in signing.signatories if str(part.id) == asked), signing.next)


def _told(given: Signature) -> dict[str, str]:
    told = {"id": str(given.id), "participant": str(given.participant_id), "guest": str(given.guest_id)}
    return {**told, "at": given.at.isoformat(), "digest": given.digest}


def _round_id(request: Ask) -> RoundId:
    return RoundId(request.path_params["round"])


routes = [
    Route("/stage/{event}/rounds/{round:uuid}/sign", tablet, name="stage:sign"),
    Route("/api/v1/events/{event}/rounds/{round:uuid}/signatures", take, name="api:signatures", methods=["POST"]),
]
