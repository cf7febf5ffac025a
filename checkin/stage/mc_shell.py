"""The service worker of the lectern's tablet, and what it keeps so that the page opens with the server away.

The application makes one `Shell` at its start. The page says the version of it, and the worker keeps only pages of its
own: a tablet never shows the page of one release with the scripts of another.
"""

import json
from hashlib import sha256
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from checkin.service_worker import Shell
from events.core.web import Ask

_SCRIPT = "js/stage/mc-worker.js"
_FILES = (
    "js/stage/mc*.js",
    "js/board/freshness.js",
    "js/board/stream.js",
    "js/door/dom.js",
    "css/tokens.css",
    "css/live.css",
    "css/stage-mc*.css",
    "icons/favicon.svg",
)
_TEMPLATES = ("mc.html", "mc_line.html")
_PAGES = "^{scope}[^/]+/mc$"
_VERSION_LENGTH = 12


def mc_shell_of(static: Path) -> Shell:
    """Reads the tablet's files once."""
    files = sorted({path for pattern in _FILES for path in static.glob(pattern)} - {static / _SCRIPT})
    templates = [Path(__file__).parent.parent / "templates" / "stage" / name for name in _TEMPLATES]
    digest = sha256()
    for path in (*files, static / _SCRIPT, *templates):
        digest.update(path.name.encode() + sha256(path.read_bytes()).digest())
    names = [path.relative_to(static).as_posix() for path in files]
    return Shell(digest.hexdigest()[:_VERSION_LENGTH], names, (static / _SCRIPT).read_text("utf-8"))


def shell_in(request: Ask) -> Shell:
    """The shell that the lifespan made."""
    return request.scope["state"]["mc_shell"]


async def worker(request: Ask) -> Response:
    """`/stage/worker.js`: the worker with what it keeps, for the pages below `/stage/`."""
    shell = shell_in(request)
    scope = request.url_for("stage:worker").path.removesuffix("worker.js")
    files = [request.url_for("static", path=name).path for name in shell.names]
    told = {"version": shell.version, "files": files, "pages": _PAGES.format(scope=scope)}
    headers = {"Service-Worker-Allowed": scope, "Cache-Control": "no-cache"}
    script = f"const SHELL = {json.dumps(told)}\n{shell.script}"
    return Response(script, media_type="text/javascript", headers=headers)


routes = [Route("/stage/worker.js", worker, name="stage:worker")]
