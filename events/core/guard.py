"""What every request passes on its way in: the door first, a limit on its size, no forms from other sites, headers
that bind the browser, and a brake on guessing. Pure ASGI: nothing here sees a body that it need not hold."""

import time

import anyio
from limits import parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from events.core.errors import Forbidden, TooLarge, TooMany

MAX_BODY_BYTES = 1_000_000
PUBLIC_PLACES = 2
"""One page is made while another waits for the database or the printer; more places only keep the door waiting."""
PUBLIC_QUEUE = 64
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_PASSES_BY = ("/api/", "/door", "/desk", "/board/", "/booth", "/stage/", "/static/", "/healthz", "/readyz")
_BUSY = (
    "来访的人很多，请稍后刷新。\n"
    "現時瀏覽人數眾多，請稍後重新整理。\n"
    "Many people are looking at this right now. Please try again in a moment.\n"
)
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
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


class DoorFirst:
    """Lets so many requests for public pages be worked on at once; the others wait in order, and the door and whoever
    works behind it pass by.

    A form takes its place when it has arrived, and an answer leaves its place when it stands: a slow line, or somebody
    who dawdles on purpose, holds up nobody. Where `queue` requests wait already, 503 costs next to nothing.
    """

    def __init__(self, app: ASGIApp, *, places: int = PUBLIC_PLACES, queue: int = PUBLIC_QUEUE) -> None:
        self.app = app
        self._queue = queue
        self._places = anyio.Semaphore(places)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Waits for a place where one is needed."""
        if scope["type"] != "http" or scope["path"].startswith(_PASSES_BY):
            await self.app(scope, receive, send)
            return
        if self._places.statistics().tasks_waiting >= self._queue:
            await PlainTextResponse(_BUSY, 503, {"Retry-After": "2"})(scope, receive, send)
            return
        place = _Place(self._places)
        if scope["method"] in _SAFE_METHODS:
            await place.take()
        try:
            await self.app(scope, place.once_arrived(receive), place.until_answered(send))
        finally:
            place.leave()


class _Place:
    """A place to be worked on, taken once."""

    def __init__(self, places: anyio.Semaphore) -> None:
        self._places = places
        self._was_taken = False
        self._is_held = False

    async def take(self) -> None:
        if self._was_taken:
            return
        self._was_taken = True
        await self._places.acquire()
        self._is_held = True

    def leave(self) -> None:
        if self._is_held:
            self._is_held = False
            self._places.release()

    def once_arrived(self, receive: Receive) -> Receive:
        """Takes the place with the last part of the body."""

        async def received() -> Message:
            message = await receive()
            if not message.get("more_body"):
                await self.take()
            return message

        return received

    def until_answered(self, send: Send) -> Send:
        """Leaves when the answer stands: what is left to do is the network's."""

        async def sent(message: Message) -> None:
            self._was_taken = True
            self.leave()
            await send(message)

        return sent


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
    """Slows down whoever tries too often: so many times in a sliding window, then TooMany.

    Two counters a key and not a list of moments: sweeping the lists of some hundred visitors took a core for itself.
    """

    def __init__(self, rate: str) -> None:
        self._rate = parse(rate)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def press(self, *who: str) -> None:
        """Counts one attempt; raises TooMany with the seconds to wait."""
        if not await self._limiter.hit(self._rate, *who):
            stats = await self._limiter.get_window_stats(self._rate, *who)
            raise TooMany(retry_after_s=max(1, round(stats.reset_time - time.time())))
