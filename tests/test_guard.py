from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial

import anyio
import httpx
import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from events.core.errors import Forbidden, TooLarge, TooMany
from events.core.guard import MAX_BODY_BYTES, BodyLimit, Brake, DoorFirst, SecurityHeaders, refuse_cross_site

HOST = {"host": "guests.example:8443"}


async def length(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def ignores(_request: Request) -> Response:
    return PlainTextResponse("ignored", headers={"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"})


async def streams(_request: Request) -> Response:
    async def parts() -> AsyncIterator[bytes]:
        yield b"one "
        yield b"two"

    return StreamingResponse(parts())


async def too_large(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("too large", 413)


def client(*, secure: bool = False) -> httpx.AsyncClient:
    methods = ["GET", "POST"]
    app = Starlette(
        routes=[
            Route("/length", length, methods=methods),
            Route("/ignores", ignores, methods=methods),
            Route("/streams", streams),
        ],
        middleware=[Middleware(SecurityHeaders, secure=secure), Middleware(BodyLimit)],
        exception_handlers={TooLarge: too_large},
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://guests.example")


@pytest.mark.parametrize(("size", "status"), [(0, 200), (MAX_BODY_BYTES, 200), (MAX_BODY_BYTES + 1, 413)])
async def test_a_body_has_a_largest_size(size: int, status: int) -> None:
    async with client() as asked:
        answer = await asked.post("/length", content=b"x" * size)

    assert answer.status_code == status
    assert answer.text == (str(size) if status == 200 else "too large")


async def test_a_body_in_many_parts_is_counted_as_one() -> None:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"x" * 100_000

    async with client() as asked:
        answer = await asked.post("/length", content=parts())

    assert answer.status_code == 413


async def test_a_body_that_nobody_reads_harms_nobody() -> None:
    async with client() as asked:
        answer = await asked.post("/ignores", content=b"x" * 2 * MAX_BODY_BYTES)

    assert answer.text == "ignored"


async def test_every_answer_binds_the_browser() -> None:
    async with client() as asked:
        answers = [await asked.get(path) for path in ("/length", "/streams", "/nothing")]

    assert [answer.status_code for answer in answers] == [200, 200, 404]
    for answer in answers:
        headers = answer.headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["permissions-policy"].startswith("camera=(self),")
        assert headers["cache-control"] == "private, no-cache"
        assert "strict-transport-security" not in headers


async def test_the_policy_allows_no_foreign_and_no_inline_script() -> None:
    async with client() as asked:
        policy = (await asked.get("/length")).headers["content-security-policy"]

    rules = {name: sources for name, _, sources in (rule.strip().partition(" ") for rule in policy.split(";"))}
    assert rules["default-src"] == "'self'"
    assert rules["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert rules["style-src"] == "'self'"
    assert [rules[name] for name in ("object-src", "base-uri", "frame-ancestors")] == ["'none'"] * 3
    assert rules["form-action"] == "'self'"


async def test_an_answer_that_binds_the_browser_closer_is_left_as_it_is() -> None:
    async with client() as asked:
        headers = (await asked.get("/ignores")).headers

    assert headers.get_list("referrer-policy") == ["no-referrer"]
    assert headers.get_list("cache-control") == ["no-store"]


async def test_over_https_a_browser_is_told_to_stay_there() -> None:
    async with client(secure=True) as asked:
        answer = await asked.get("/length")

    assert answer.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "https://elsewhere.example"},
        {"origin": "https://guests.example:8443"},
        {"origin": "http://guests.example:8443"},
    ],
)
def test_a_form_of_our_own_is_taken(headers: dict[str, str]) -> None:
    refuse_cross_site(Headers({**HOST, **headers}), "POST")


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": ""},
        {"sec-fetch-site": "cross-site", "origin": "https://guests.example:8443"},
        {"origin": "https://elsewhere.example"},
        {"origin": "https://guests.example"},
        {"origin": "https://guests.example:8443.elsewhere.example"},
        {"origin": "null"},
        {"origin": ""},
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
def test_a_form_from_another_site_is_refused(headers: dict[str, str], method: str) -> None:
    with pytest.raises(Forbidden) as refused:
        refuse_cross_site(Headers({**HOST, **headers}), method)

    assert refused.value.code == "cross_site"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_link_from_another_site_may_be_followed(method: str) -> None:
    refuse_cross_site(Headers({**HOST, "sec-fetch-site": "cross-site"}), method)


async def test_a_brake_lets_so_many_through_and_says_when_to_come_back() -> None:
    brake = Brake("3 per 5 minutes")
    for _ in range(3):
        await brake.press("lin")

    with pytest.raises(TooMany) as refused:
        await brake.press("lin")

    assert 0 < refused.value.retry_after_s <= 300


async def test_a_brake_holds_one_and_not_another() -> None:
    brake = Brake("1 per minute")
    await brake.press("lin", "home")

    await brake.press("lin", "office")
    await brake.press("ho", "home")
    with pytest.raises(TooMany):
        await brake.press("lin", "home")


async def test_of_twenty_at_once_a_brake_lets_so_many_through() -> None:
    brake = Brake("7 per minute")
    refused = 0

    async def press() -> None:
        nonlocal refused
        try:
            await brake.press("lin")
        except TooMany:
            refused += 1

    async with anyio.create_task_group() as tasks:
        for _ in range(20):
            tasks.start_soon(press)

    assert refused == 13


async def test_a_brake_lets_go_after_its_time() -> None:
    brake = Brake("1 per second")
    await brake.press("lin")

    with pytest.raises(TooMany) as refused:
        await brake.press("lin")
    await anyio.sleep(1.1)
    await brake.press("lin")

    assert refused.value.retry_after_s == 1


@dataclass
class House:
    """An application behind `DoorFirst` whose pages are ready when told; `inside` are those being worked on."""

    inside: list[str] = field(default_factory=list)
    ready: anyio.Event = field(default_factory=anyio.Event)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await Request(scope, receive).body()
        self.inside.append(scope["path"])
        await self.ready.wait()
        await PlainTextResponse(body or scope["path"])(scope, receive, send)
        self.inside.remove(scope["path"])

    def behind(self, *, places: int = 2, queue: int = 3) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(DoorFirst(self, places=places, queue=queue))
        return httpx.AsyncClient(transport=transport, base_url="http://guests.example")


async def _settled() -> None:
    """Returns when everybody has gone as far as they can."""
    await anyio.wait_all_tasks_blocked()


async def test_so_many_visitors_are_served_at_once_and_the_others_in_order() -> None:
    house, answers = House(), []

    async def visit(number: int) -> None:
        answers.append((await visitors.get(f"/e/{number}")).text)

    async with house.behind() as visitors, anyio.create_task_group() as tasks:
        for number in range(5):
            tasks.start_soon(visit, number)
        await _settled()
        served_first = list(house.inside)
        house.ready.set()

    assert served_first == ["/e/0", "/e/1"]
    assert answers == [f"/e/{number}" for number in range(5)]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/events/x/scans",
        "/api/v1/events/x/board",
        "/door",
        "/door/x",
        "/desk",
        "/board/x",
        "/stage/x",
        "/static/js/door/door.js",
        "/healthz",
        "/readyz",
    ],
)
async def test_the_door_and_what_it_needs_pass_by_whoever_waits(path: str) -> None:
    house = House()
    async with house.behind(places=1) as visitors, anyio.create_task_group() as tasks:
        for public in ("/", "/e/x", "/t/x"):
            tasks.start_soon(visitors.get, public)
        await _settled()
        before = list(house.inside)

        tasks.start_soon(visitors.get, path)
        await _settled()

        assert (before, house.inside) == (["/"], ["/", path])
        house.ready.set()


async def test_when_too_many_wait_the_next_is_told_to_come_back() -> None:
    house = House()
    async with house.behind(places=1, queue=2) as visitors, anyio.create_task_group() as tasks:
        for number in range(3):
            tasks.start_soon(visitors.get, f"/e/{number}")
        await _settled()

        refused = await visitors.get("/e/3")
        house.ready.set()
    async with house.behind() as visitors:
        welcome = await visitors.get("/e/3")

    assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
    assert [line[:4] for line in refused.text.splitlines()] == ["来访的人", "現時瀏覽", "Many"]
    assert welcome.text == "/e/3"


async def test_a_form_that_arrives_slowly_holds_up_nobody() -> None:
    house, rest = House(), anyio.Event()
    house.ready.set()

    async def slowly() -> AsyncIterator[bytes]:
        yield b"name="
        await rest.wait()
        yield b"Lin"

    async with house.behind(places=1) as visitors, anyio.create_task_group() as tasks:
        tasks.start_soon(_post_slowly, visitors, slowly())
        await _settled()
        overtaking = await visitors.get("/e/x")
        assert house.inside == []
        rest.set()

    assert overtaking.text == "/e/x"


async def _post_slowly(visitors: httpx.AsyncClient, parts: AsyncIterator[bytes]) -> None:
    assert (await visitors.post("/e/x/register", content=parts)).text == "name=Lin"


async def test_a_form_that_has_arrived_waits_in_order() -> None:
    house = House()
    async with house.behind(places=1) as visitors, anyio.create_task_group() as tasks:
        tasks.start_soon(visitors.get, "/e/x")
        await _settled()
        tasks.start_soon(partial(visitors.post, "/e/x/register", content=b"name=Lin"))
        await _settled()
        waiting = list(house.inside)
        house.ready.set()

    assert waiting == ["/e/x"]
    assert house.inside == []


async def test_an_answer_that_is_taken_slowly_holds_up_nobody() -> None:
    taken = anyio.Event()

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse(scope["path"])(scope, receive, send)

    async def slow(_message: Message) -> None:
        await taken.wait()

    guarded = DoorFirst(page, places=1)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(guarded, _asked("/e/slow"), _nothing_more, slow)
        await _settled()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(guarded), base_url="http://x") as visitor:
            overtaking = await visitor.get("/e/x")
        taken.set()

    assert overtaking.text == "/e/x"


def _asked(path: str) -> Scope:
    return {"type": "http", "method": "GET", "path": path, "headers": []}


async def _nothing_more() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def test_a_page_that_fails_leaves_its_place() -> None:
    async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise ValueError("broken")

    transport = httpx.ASGITransport(DoorFirst(broken, places=1))
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as visitor:
        for _ in range(3):
            with anyio.fail_after(1), pytest.raises(ValueError, match="broken"):
                await visitor.get("/e/x")


async def test_a_visitor_who_leaves_the_queue_leaves_no_gap() -> None:
    house = House()
    async with house.behind(places=1) as visitors, anyio.create_task_group() as tasks:
        tasks.start_soon(visitors.get, "/e/0")
        await _settled()
        with anyio.move_on_after(0.05):
            await visitors.get("/e/1")
        house.ready.set()
        with anyio.fail_after(1):
            third = await visitors.get("/e/2")

    assert third.text == "/e/2"


async def test_what_is_no_request_passes_by() -> None:
    seen = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    await DoorFirst(app)({"type": "lifespan"}, _nothing_more, _swallow)

    assert seen == ["lifespan"]


async def _swallow(_message: Message) -> None:
    """Nobody listens."""
