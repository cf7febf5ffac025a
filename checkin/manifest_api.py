"""`GET /manifest`: what a device takes offline. `docs/api.md` describes it; `checkin/manifest.py` builds it."""

from uuid import UUID

from starlette.responses import Response
from starlette.routing import Route

from checkin.manifest import Manifests, Wanted
from checkin.models import GateId
from events.access import event_for
from events.core.auth import Scope
from events.core.errors import Invalid
from events.core.web import Ask


async def manifest(request: Ask) -> Response:
    """`GET /events/{event}/manifest?gate=&since=&after=`"""
    event, _ = await event_for(request, Scope.DOOR)
    manifests: Manifests = request.scope["state"]["manifests"]
    content = await manifests.page(event, _wanted(request))
    return Response(content, media_type="application/json", headers={"Cache-Control": "no-store"})


def _wanted(request: Ask) -> Wanted:
    asked = request.query_params
    gate = asked.get("gate", "")
    try:
        gate_id = GateId(UUID(gate)) if gate else None
    except ValueError as error:
        raise Invalid("unknown_gate", fields={"gate": "not_offered"}) from error
    return Wanted(since=asked.get("since", ""), after=asked.get("after", ""), gate=gate_id)


routes = [Route("/api/v1/events/{event}/manifest", manifest, name="api:manifest")]
