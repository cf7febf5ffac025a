"""The house put together: which address leads where, what every request passes, what runs beside them.

This is the one file that imports all the others; read it top to bottom to see the whole.
"""

import gc
import os
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import anyio
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.datastructures import URLPath
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from badges import pages as print_pages
from badges.picture import qr_png
from badges.press import Press
from checkin import (
    alert_pages,
    board_pages,
    device_api,
    device_pages,
    gates_api,
    kiosk_api,
    kiosk_pages,
    manifest_api,
    pairing_pages,
    sheet_pages,
    steward_pages,
    walkin_api,
    webhook_api,
)
from checkin import api as door_api
from checkin import desk_pages as gate_pages
from checkin import pages as door_pages
from checkin.alert_mail import Herald
from checkin.arrivals import ARRIVAL
from checkin.board import Board
from checkin.board_pages import Painter
from checkin.booth import booth_pages, exhibitor_api, exhibitor_pages, tour_pages, visit_api
from checkin.courier import Courier, client_for_webhooks
from checkin.door import Door
from checkin.manifest import Manifests
from checkin.service_worker import shell_of
from checkin.stage import api as stage_api
from checkin.stage import (
    card_pages,
    cuesheet_pages,
    editor_pages,
    mc_pages,
    mc_shell,
    plan_pages,
    programme_pages,
    ranking_api,
    ranking_pages,
    readiness_pages,
    record_pages,
    round_pages,
    segment_api,
    sign_pages,
    speaking_pages,
)
from checkin.stage.chase_mail import Chaser
from checkin.stage.chasing import CHASE
from events import api, confirmation, desk, pages, signin, trust
from events.core.auth import Keyring
from events.core.clock import Clock, SystemClock
from events.core.database import Database
from events.core.errors import Refusal, Unavailable
from events.core.guard import BodyLimit, Brake, DoorFirst, SecurityHeaders
from events.core.i18n import Catalogues
from events.core.live import Live
from events.core.mail import post_for
from events.core.outbox import Postman
from events.core.settings import Settings
from events.core.web import failure, refusal, template_environment
from events.migrations import current_revision, head_revision, migrate
from events.models import Event, Guest
from events.registration import CONFIRMATION

_ASSETS = {"css", "icons", "js", "vendor"}
STATIC = Path(__file__).parent.parent / "static"


class Assets(StaticFiles):
    """Our scripts, styles and pictures: kept by browsers, and asked about each time whether they changed."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Finds page assets only: what the build leaves beside them is nobody's business."""
        return super().lookup_path(path) if path.partition(os.sep)[0] in _ASSETS else ("", None)

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Adds the header that makes a browser ask."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


class Compressed(GZipMiddleware):
    """Compresses pages and files; what the API answers to a scan is smaller than the work of looking at it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes by what a device posts."""
        if scope["type"] == "http" and scope["method"] == "POST":
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


class Directory(Router):
    """Looks a route up by its name: a page links to dozens, and asking each of two hundred took a third of its time."""

    def __init__(self, routes: Sequence[BaseRoute], **options: Any) -> None:
        super().__init__(routes, **options)
        self._named = {route.name: route for route in reversed(routes) if isinstance(route, Route | Mount)}

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        """The path of the first route of that name."""
        return self._named[name].url_path_for(name, **path_params)


async def healthz(_request: Request) -> Response:
    """Whether the process answers."""
    return JSONResponse({"status": "ok"})


async def readyz(request: Request) -> Response:
    """Whether the database answers and is of this version."""
    found = await request.state["database"].read(current_revision)
    if found != head_revision():
        raise Unavailable
    return JSONResponse({"status": "ready", "revision": found})


async def favicon(_request: Request) -> Response:
    """The icon that browsers ask for by this name."""
    return FileResponse(STATIC / "icons" / "favicon.svg", media_type="image/svg+xml")


routes: list[BaseRoute] = [
    Mount("/static", Assets(directory=STATIC), name="static"),
    *door_api.routes,
    *device_api.routes,
    *pairing_pages.routes,
    *device_pages.routes,
    *steward_pages.routes,
    *gates_api.routes,
    *manifest_api.routes,
    *walkin_api.routes,
    *kiosk_api.routes,
    *kiosk_pages.routes,
    *gate_pages.routes,
    *sheet_pages.routes,
    *webhook_api.routes,
    *alert_pages.routes,
    *board_pages.routes,
    *mc_shell.routes,
    *stage_api.routes,
    *mc_pages.routes,
    *cuesheet_pages.routes,
    *segment_api.routes,
    *card_pages.routes,
    *programme_pages.routes,
    *readiness_pages.routes,
    *round_pages.routes,
    *editor_pages.routes,
    *speaking_pages.routes,
    *record_pages.routes,
    *sign_pages.routes,
    *ranking_api.routes,
    *ranking_pages.routes,
    *plan_pages.routes,
    *exhibitor_api.routes,
    *exhibitor_pages.routes,
    *visit_api.routes,
    *booth_pages.routes,
    *tour_pages.routes,
    *door_pages.routes,
    *print_pages.routes,
    *api.routes,
    *signin.routes,
    *trust.routes,
    *desk.routes,
    *pages.routes,
    Route("/healthz", healthz),
    Route("/readyz", readyz),
    Route("/favicon.ico", favicon),
]


def create_app(settings: Settings, *, clock: Clock | None = None, trusted: trust.Trust | None = None) -> Starlette:
    """The application; everything that it holds open belongs to its lifespan.

    `trusted` is the house's own certificate authority, where it has one. Browsers are then not told to insist on
    HTTPS: that binds every port of the machine, the plain one with `/trust` too.
    """
    handlers: Mapping[Any, Any] = {
        Refusal: refusal,
        HTTPException: refusal,
        SQLAlchemyError: failure,
        OSError: failure,
        Exception: failure,
    }
    middleware = [
        Middleware(SecurityHeaders, secure=settings.secure and not trusted),
        Middleware(ServerErrorMiddleware, handler=handlers[Exception]),
        Middleware(DoorFirst),
        Middleware(Compressed, minimum_size=1000, compresslevel=5),
        Middleware(BodyLimit),
    ]
    lifespan = partial(_lifespan, settings=settings, clock=clock or SystemClock(), trusted=trusted)
    app = Starlette(middleware=middleware, exception_handlers=handlers)
    app.router = Directory(routes, lifespan=lifespan)
    return app


@asynccontextmanager
async def _lifespan(
    _app: Starlette, *, settings: Settings, clock: Clock, trusted: trust.Trust | None
) -> AsyncGenerator[Mapping[str, Any]]:
    async with AsyncExitStack() as stack:
        database = Database(settings.database)
        stack.push_async_callback(database.close)
        await migrate(database)
        press = await stack.enter_async_context(Press())
        webhook_client = await stack.enter_async_context(client_for_webhooks())
        tasks = await stack.enter_async_context(anyio.create_task_group())
        stack.callback(tasks.cancel_scope.cancel)
        live = Live()
        catalogues = Catalogues()
        templates = template_environment("events", "checkin")
        composer = confirmation.Confirmation(
            database=database,
            clock=clock,
            templates=templates,
            catalogues=catalogues,
            base_url=settings.base_url,
            mail_from=settings.mail_from,
            badge_pdf=partial(_badge, press, database),
            qr_png=_picture,
        )
        post = post_for(settings.smtp_url, settings.data_dir)
        herald = Herald(
            database=database, clock=clock, templates=templates, catalogues=catalogues, mail_from=settings.mail_from
        )
        chaser = Chaser(
            database=database, clock=clock, templates=templates, catalogues=catalogues, mail_from=settings.mail_from
        )
        composers = {CONFIRMATION: composer.compose, ARRIVAL: herald.mail, CHASE: chaser.mail}
        postman = Postman(database, clock, post, composers)
        courier = Courier(database, clock, webhook_client, herald)
        tasks.start_soon(postman.run)
        tasks.start_soon(courier.run)
        gc.collect()
        gc.freeze()  # what is here now stays: a full collection would stop the door for 60 ms, again and again
        yield {
            "settings": settings,
            "trust": trusted,
            "database": database,
            "clock": clock,
            "keyring": Keyring(database, clock, settings.secret_key),
            "catalogues": catalogues,
            "templates": templates,
            "postman": postman,
            "live": live,
            "press": press,
            "door": Door(database, clock, live, tasks),
            "board": Board(database, live, clock),
            "painter": Painter(),
            "courier": courier,
            "manifests": Manifests(database, clock),
            "door_shell": shell_of(STATIC),
            "mc_shell": mc_shell.mc_shell_of(STATIC),
            "kiosk_brake": Brake("20 per minute"),
            "sign_in_brake": Brake("10 per 5 minutes"),
            "client_brake": Brake("40 per 5 minutes"),
            "account_brake": Brake("300 per hour"),
            "registration_brake": Brake("60 per minute"),
            "pairing_brake": Brake("200 per 5 minutes"),
            "pin_brake": Brake("10 per 5 minutes"),
            "booth_brake": Brake("120 per minute"),
        }


async def _badge(press: Press, database: Database, event: Event, guest: Guest) -> bytes:
    return await print_pages.print_badge(press, database, event, guest)


async def _picture(code: str) -> bytes:
    return await to_thread.run_sync(qr_png, code)
