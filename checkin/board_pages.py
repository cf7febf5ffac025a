"""The live board on the big screen, and the streams that keep it and the desk's page of arrivals current.

The server draws, the screen replaces: what changes is one template, rendered once for all who see it alike.
"""

import json
from collections.abc import AsyncIterator, Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

import anyio
from sse_starlette import EventSourceResponse
from starlette.responses import Response
from starlette.routing import Route

from checkin.board import Board, Read, Reader
from checkin.wall import MINUTES, Wall, wall_of
from events.access import event_for
from events.core.auth import Principal, Scope
from events.core.ids import EventId
from events.core.web import Ask, language_for, page, part, principal_of
from events.models import Event

_STREAM_S = 600.0
"""So long a stream lasts: the screen asks again then, and who lost their rights gets nothing more."""

_AGAIN_MS = 500

_MOST_DRAWINGS = 100
"""Each keeps the whole reading that it shows; who looks at a page that was dropped has it drawn again."""

Draw = Callable[[Any], str]


@dataclass(slots=True)
class Painter:
    """Keeps what was drawn of a reading for everybody else who sees it alike."""

    _drawn: dict[Hashable, tuple[object, str]] = field(default_factory=dict[Hashable, tuple[object, str]])

    def drawn(self, key: Hashable, reading: object, draw: Draw) -> str:
        """What `draw` makes of `reading`, or made of one that says the same; `key` says for whom, so that it never
        holds more than one drawing each."""
        known = self._drawn.pop(key, None)
        if known is None or known[0] != reading:
            known = reading, draw(reading)
        self._drawn[key] = known
        if len(self._drawn) > _MOST_DRAWINGS:
            del self._drawn[next(iter(self._drawn))]
        return known[1]


async def board(request: Ask) -> Response:
    """`/board/{event}`"""
    event, principal = await _watched(request)
    wall = await board_of(request).shared(event.id, wall_of)
    return page(request, "board.html", _shown(event, wall, names=_sees_names(principal)))


async def stream(request: Ask) -> Response:
    """`/board/{event}/stream`: the changing part of the board as an event stream."""
    event, principal = await _watched(request)
    names, language = _sees_names(principal), language_for(request)

    def draw(wall: Wall) -> str:
        return part(request, "board_live.html", _shown(event, wall, names=names), language=language)

    return live_part(request, event.id, wall_of, draw, key=("board", event.id, language, names))


def live_part(
    request: Ask, event_id: EventId, read: Reader[Read], draw: Callable[[Read], str], *, key: Hashable
) -> Response:
    """A stream of what `draw` makes of each reading; see `Painter.drawn` for `key`."""
    return EventSourceResponse(drawings(board_of(request), painter_of(request), event_id, read, draw, key=key))


async def drawings(
    board: Board, painter: Painter, event_id: EventId, read: Reader[Read], draw: Draw, *, key: Hashable
) -> AsyncIterator[dict[str, Any]]:
    """The events of such a stream, until it has lasted long enough. One without a drawing: all is as it was."""
    ends, before = anyio.current_time() + _STREAM_S, None
    async for reading in board.follow(event_id, read):
        html = painter.drawn(key, reading, draw)
        news = {} if html == before else {"html": html}
        before = html
        yield {"event": "board", "data": json.dumps(news, ensure_ascii=False), "retry": _AGAIN_MS}
        if anyio.current_time() > ends:
            return


def board_of(request: Ask) -> Board:
    """The readings that everybody shares."""
    return request.scope["state"]["board"]


def painter_of(request: Ask) -> Painter:
    """The drawings that everybody shares who sees them alike."""
    return request.scope["state"]["painter"]


async def _watched(request: Ask) -> tuple[Event, Principal]:
    """The event, for whoever works at its door or on its stage."""
    principal = await principal_of(request)
    return await event_for(request, Scope.STAGE if Scope.STAGE in principal.scopes else Scope.DOOR)


def _sees_names(principal: Principal) -> bool:
    """Guests of honour are named to people who signed in; a script or a phone sees figures."""
    return principal.user is not None


def _shown(event: Event, wall: Wall, *, names: bool) -> dict[str, object]:
    return {"event": event, "wall": wall, "names": names, "tallest": max(*wall.minutes, 5), "MINUTES": MINUTES}


routes = [
    Route("/board/{event}", board, name="board"),
    Route("/board/{event}/stream", stream, name="board:stream"),
]
