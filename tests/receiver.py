"""A real HTTP server on this machine that takes webhooks, in whatever mood a test needs it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


class Receiver:
    """Keeps what was posted; `answer` is what it says to each, after `pause_s`."""

    def __init__(self) -> None:
        self.posted: list[tuple[str, bytes, dict[str, str]]] = []
        self.answer = Response(b'{"errcode": 0, "code": 0}')
        self.pause_s = 0.0
        self.arrived = anyio.Event()
        self.url = ""

    async def take(self, request: Request) -> Response:
        """Keeps a request with its address, body and headers."""
        path = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
        self.posted.append((path, await request.body(), dict(request.headers)))
        self.arrived.set()
        await anyio.sleep(self.pause_s)
        return self.answer


@asynccontextmanager
async def receiving() -> AsyncGenerator[Receiver]:
    """An open receiver."""
    receiver = Receiver()
    app = Starlette(routes=[Route("/{path:path}", receiver.take, methods=["POST"])])
    config = uvicorn.Config(app, port=0, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(server.serve)
        while not server.started:
            await anyio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        receiver.url = f"http://127.0.0.1:{port}"
        yield receiver
        server.should_exit = True
