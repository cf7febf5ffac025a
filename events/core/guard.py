"""What every request passes on its way in: a limit on its size, no forms from other sites, headers that bind the
browser, and a brake on guessing. Pure ASGI: nothing here sees a body that it need not hold."""

import time

from limits import parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from events.core.errors import Forbidden, TooLarge, TooMany

MAX_BODY_BYTES = 1_000_000
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=()",
    "Cache-Control": "private, no-cache",
}


class BodyLimit:
    """Refuses a body of more than `MAX_BODY_BYTES` while it is read, as TooLarge."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in _SAFE_METHODS:
            await self.app(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > MAX_BODY_BYTES:
                raise TooLarge
            return message

        await self.app(scope, counted, send)


class SecurityHeaders:
    """Adds the headers that bind the browser to every answer that does not say otherwise."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app = app
        extra = {"Strict-Transport-Security": "max-age=31536000"} if secure else {}
        self._headers = [(name.lower().encode(), value.encode()) for name, value in {**_HEADERS, **extra}.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name.lower() for name, _ in message["headers"]}
                added = [(name, value) for name, value in self._headers if name not in own]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


def refuse_cross_site(headers: Headers, method: str) -> None:
    """Raises Forbidden for a write that another site's page sent in the name of whoever is signed in here.

    Browsers say where a request comes from: `Sec-Fetch-Site`, older ones `Origin`. Scripts send neither and no cookie.
    """
    if method in _SAFE_METHODS:
        return
    site = headers.get("sec-fetch-site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise Forbidden("cross_site")
        return
    origin = headers.get("origin")
    if origin is not None and origin.partition("://")[2] != headers.get("host"):
        raise Forbidden("cross_site")


class Brake:
    """Slows down whoever tries too often: so many times in a moving window, then TooMany."""

    def __init__(self, rate: str) -> None:
        self._rate = parse(rate)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def press(self, *who: str) -> None:
        """Counts one attempt; raises TooMany with the seconds to wait."""
        if not await self._limiter.hit(self._rate, *who):
            stats = await self._limiter.get_window_stats(self._rate, *who)
            raise TooMany(retry_after_s=max(1, round(stats.reset_time - time.time())))
