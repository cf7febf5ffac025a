"""Runs the server: over HTTP behind a proxy, or over HTTPS with a certificate of its own; `events.cli` calls it.

With a certificate of its own, a second, plain listener shows phones how to trust it and sends everybody else on.
"""

import logging
import os
import socket
from collections.abc import AsyncGenerator, Collection, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from cryptography import x509
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from badges.picture import link_png
from badges.symbol import Symbol
from events import trust
from events.app import STATIC, Assets, create_app
from events.core import authority, logs
from events.core.errors import SettingError
from events.core.guard import SecurityHeaders
from events.core.i18n import Catalogues
from events.core.machine import Machine
from events.core.settings import Settings, read_settings
from events.core.web import template_environment
from events.trust import Trust, rows_of

logger = logging.getLogger(__name__)

_STANDARD_PORTS = {"http": 80, "https": 443}
_TRUST_URL = "YINGBIN_TRUST_URL"
"""Tells worker processes where phones fetch the certificate; made by this module, never set by hand."""
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_BLOCKS = " ▄▀█"


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the server listens, and in how many processes."""

    host: str
    port: int
    workers: int = 1

    def urls(self, machine: Machine, scheme: str) -> list[str]:
        """The addresses that others open, the best first."""
        return [url_of(scheme, host, self.port) for host in machine.reached_at(self.host)]


@dataclass(frozen=True, slots=True)
class Secured:
    """A house over HTTPS: its settings, the server's key and certificate, who certified it, under which names."""

    settings: Settings
    server_file: Path
    trust: Trust
    names: frozenset[str]
    port: int
    plain_port: int


def url_of(scheme: str, host: str, port: int) -> str:
    """An address without a slash at its end, and without the port that its scheme implies."""
    try:
        shown = f"[{host}]" if isinstance(ip_address(host), IPv6Address) else host
    except ValueError:
        shown = host
    return f"{scheme}://{shown}" if port == _STANDARD_PORTS[scheme] else f"{scheme}://{shown}:{port}"


def served_on(settings: Settings, at: Listening, machine: Machine, *, scheme: str = "http") -> Settings:
    """The settings with the address that guests see, where none is set: the one listened on."""
    return settings if settings.base_url else settings.model_copy(update={"base_url": at.urls(machine, scheme)[0]})


def secured(settings: Settings, at: Listening, machine: Machine, *, plain_port: int, now: datetime) -> Secured:
    """Makes or reuses the authority and the server's certificate in the data folder.

    Raises SettingError where the address that guests see is not one of HTTPS.
    """
    if settings.base_url and not settings.secure:
        raise SettingError(f"YINGBIN_BASE_URL = {settings.base_url!r}: with --https it must start with https://")
    folder, required, wanted = settings.data_dir / "authority", _public(settings), _names(at, machine)
    title = f"Yingbin {machine.hostname} {now:%Y-%m-%d}".replace("  ", " ")
    root = authority.authority_in(folder, wanted, required=required, title=title, now=now)
    names = authority.certifiable(root, required | wanted)
    _tell_left_out(wanted - names, folder)
    settings = _served_under(names, settings, at.urls(machine, "https"))
    server_file = authority.server_file(folder, root, names, now=now)
    url = url_of("http", urlsplit(settings.base_url).hostname or "", plain_port) + "/trust"
    return Secured(settings, server_file, _trust(root.certificate, url), names, at.port, plain_port)


def instructions(secure: Secured, urls: Sequence[str]) -> list[str]:
    """What an operator reads at the start: what devices open, and how they come to trust it."""
    base = secure.settings.base_url
    sections = {
        "house": [base, *(url for url in urls if url != base and urlsplit(url).hostname in secure.names)],
        "each phone": [f"{secure.trust.url}  (once, before it opens the door)"],
        "SHA-256": rows_of(authority.fingerprint(secure.trust.certificate)),
    }
    if urlsplit(base).hostname in _LOOPBACK:
        sections["note"] = ["only this machine can connect; --host 0.0.0.0 lets phones in"]
    return [
        f"  {'' if number else label:<12}{line}"
        for label, lines in sections.items()
        for number, line in enumerate(lines)
    ]


def run(settings: Settings, at: Listening, *, secure: Secured | None = None) -> None:
    """Serves until told to stop."""
    os.environ["YINGBIN_BASE_URL"] = settings.base_url
    if secure:
        os.environ[_TRUST_URL] = secure.trust.url
    with _beside(secure, at.host) if secure else nullcontext():
        uvicorn.run(
            "events.serving:worker" if at.workers > 1 else create_app(settings, trusted=secure and secure.trust),
            factory=at.workers > 1,
            host=at.host,
            port=at.port,
            workers=at.workers,
            ssl_certfile=secure and secure.server_file,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=5,
        )


def worker() -> Starlette:
    """The application of one of several processes."""
    settings = read_settings()
    logs.set_up(settings.log_format)
    url = os.environ.get(_TRUST_URL)
    if not url:
        return create_app(settings)
    certificate = (settings.data_dir / "authority" / authority.CERTIFICATE).read_bytes()
    return create_app(settings, trusted=_trust(x509.load_pem_x509_certificate(certificate), url))


def plain_app(secure: Secured) -> Starlette:
    """What is served without HTTPS: the page about trusting, and for everything else the way to HTTPS."""

    async def onward(request: Request) -> Response:
        return RedirectResponse(_secure_address(request, secure))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[Mapping[str, Any]]:
        yield {
            "settings": secure.settings,
            "catalogues": Catalogues(),
            "templates": template_environment("events"),
            "trust": secure.trust,
        }

    routes = [
        *trust.routes,
        Mount("/static", Assets(directory=STATIC), name="static"),
        Route("/", onward, name="home"),
        Route("/{rest:path}", onward),
    ]
    return Starlette(routes=routes, middleware=[Middleware(SecurityHeaders, secure=False)], lifespan=lifespan)


def _secure_address(request: Request, secure: Secured) -> str:
    """The same place over HTTPS, under the name that was asked for where we have a certificate for it."""
    base = urlsplit(secure.settings.base_url)
    host, port = base.hostname or "", base.port or _STANDARD_PORTS["https"]
    asked = request.url.hostname
    if asked in secure.names and asked != host:
        host, port = asked, secure.port
    query = request.scope["query_string"].decode("latin-1")
    path = request.scope["raw_path"].decode("latin-1")
    return url_of("https", host, port) + path + (f"?{query}" if query else "")


@contextmanager
def _beside(secure: Secured, host: str) -> Generator[None]:
    """The plain listener, in a thread: in this process however many others there are, and out of the door's way."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, secure.plain_port), family=family)
    server = uvicorn.Server(uvicorn.Config(plain_app(secure), log_config=None, access_log=False))
    thread = Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


def _public(settings: Settings) -> frozenset[str]:
    """The name that somebody chose for guests to see, if anybody did: without it no certificate will do."""
    host = urlsplit(settings.base_url).hostname
    return frozenset({host.encode("idna").decode()} if host else ())


def _names(at: Listening, machine: Machine) -> frozenset[str]:
    """Everything else under which somebody may open the house; it changes with the network."""
    return frozenset({*_LOOPBACK, *machine.names, *map(str, machine.addresses), *machine.reached_at(at.host)})


def _served_under(names: Collection[str], settings: Settings, urls: Sequence[str]) -> Settings:
    """The settings with the address that guests see, where none is set: the best with a certificate."""
    certified = [url for url in urls if urlsplit(url).hostname in names]
    return settings if settings.base_url else settings.model_copy(update={"base_url": [*certified, *urls][0]})


def _tell_left_out(names: Collection[str], folder: Path) -> None:
    if names:
        logger.warning(
            "Devices cannot open the house under %s: the certificate authority in %s was made without it. "
            "To serve under such a name, set YINGBIN_BASE_URL to it; devices then have to trust a new authority",
            ", ".join(sorted(names)),
            folder,
        )


def _trust(certificate: x509.Certificate, url: str) -> Trust:
    return Trust(certificate, url, link_png(url))


def blocks(symbol: Symbol) -> str:
    """A symbol for the terminal, two modules a character, with a quiet zone; to be shown dark on light."""
    side = symbol.side + 4
    rows = [_bits(symbol, number) for number in range(symbol.side)]
    dark = [[0] * side] * 2 + [[0, 0, *row, 0, 0] for row in rows] + [[0] * side] * 3
    pairs = zip(dark[::2], dark[1::2], strict=False)
    return "\n".join("".join(_BLOCKS[2 * above + below] for above, below in zip(*pair, strict=True)) for pair in pairs)


def _bits(symbol: Symbol, row: int) -> list[int]:
    width = len(symbol.rows) // symbol.side
    value = int.from_bytes(symbol.rows[row * width : (row + 1) * width])
    return [value >> (width * 8 - 1 - column) & 1 for column in range(symbol.side)]
