"""The door's service worker, and what it keeps so that the door opens with the server away.

The application makes one `Shell` at its start; the door page says its version, and `/door/worker.js` is served from it.
The version changes with every file that the door consists of, so that a browser never mixes two of them.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from events.core.web import Ask

VERSION_HEADER = "Yingbin-Version"
_SCRIPT = "js/door/worker.js"
_FILES = (
    "js/ticket.js",
    "js/verdict.js",
    "js/door/*.js",
    "js/kiosk/*.js",
    "css/tokens.css",
    "css/door*.css",
    "css/kiosk.css",
    "css/notice.css",
    "icons/*.svg",
    "vendor/idb/*.js",
    "vendor/zxing/**/*.js",
    "vendor/zxing/**/*.wasm",
)
_TEMPLATES = ("door*.html", "kiosk*.html", "selftest.html", "wechat.html")
_PAGES = "^{door}/(?!worker\\.js$|pair$|badge$)[^/]+(/kiosk|/self-test)?$"
_IN_WORKER = {"js/door/decoding.js"}
_VERSION_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Shell:
    """The files of the door by their names under `static`, what they are together, and the worker that keeps them."""

    version: str
    names: Sequence[str]
    script: str

    @property
    def modules(self) -> Sequence[str]:
        """What the door page's script imports: named in the page, they load side by side, not one after another."""
        imported = ("js/ticket.js", "js/verdict.js", "js/door/", "vendor/idb/")
        return [name for name in self.names if name.startswith(imported) and name not in _IN_WORKER]


def shell_of(static: Path) -> Shell:
    """Reads the door's files once."""
    files = sorted({path for pattern in _FILES for path in static.glob(pattern)} - {static / _SCRIPT})
    sources = [*files, static / _SCRIPT, *_templates()]
    digest = sha256()
    for path in sources:
        digest.update(path.name.encode() + sha256(path.read_bytes()).digest())
    names = [path.relative_to(static).as_posix() for path in files]
    return Shell(digest.hexdigest()[:_VERSION_LENGTH], names, (static / _SCRIPT).read_text("utf-8"))


async def worker(request: Ask) -> Response:
    """`/door/worker.js`: the worker with what it keeps, for all that lies below `/door`."""
    shell: Shell = request.scope["state"]["door_shell"]
    door = request.url_for("door_home").path
    told = {
        "version": shell.version,
        "files": [request.url_for("static", path=name).path for name in shell.names],
        "pages": _PAGES.format(door=door),
    }
    script = f"const SHELL = {json.dumps(told)}\n{shell.script}"
    headers = {"Service-Worker-Allowed": door, "Cache-Control": "no-cache"}
    return Response(script, media_type="text/javascript", headers=headers)


def _templates() -> Iterator[Path]:
    folder = Path(__file__).parent / "templates"
    return (path for pattern in _TEMPLATES for path in sorted(folder.glob(pattern)))


routes = [Route("/door/worker.js", worker, name="door:worker")]
