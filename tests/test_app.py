import httpx
import pytest
import sqlalchemy as sa
import uvicorn
from anyio import create_task_group

from events.app import STATIC, create_app
from events.core.database import Database
from events.core.errors import SettingError
from events.core.settings import Settings
from events.migrations import head_revision, migrate
from tests.cast import Cast, FrozenClock, eventually, on_one_engine, with_state

BINDING = ("content-security-policy", "x-content-type-options", "referrer-policy", "permissions-policy")


async def break_down(cast: Cast, statement: str) -> None:
    await cast.database.write(lambda tx: tx.execute(sa.text(statement)))


async def test_the_process_is_alive_and_the_database_ready(cast: Cast) -> None:
    alive, ready = await cast.stranger.get("/healthz"), await cast.stranger.get("/readyz")

    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ready", "revision": head_revision()})


async def test_a_database_of_another_version_is_not_ready(cast: Cast) -> None:
    await break_down(cast, "UPDATE alembic_version SET version_num = '9999'")

    alive, ready = await cast.stranger.get("/healthz"), await cast.stranger.get("/readyz")

    assert (alive.status_code, ready.status_code) == (200, 503)


async def test_a_database_that_does_not_answer_is_not_ready(settings: Settings, clock: FrozenClock) -> None:
    app = create_app(settings, clock=clock)
    async with app.router.lifespan_context(app) as state:
        gone = Database("postgresql+asyncpg://nobody@127.0.0.1:1/nothing")
        transport = httpx.ASGITransport(with_state(app, {**state, "database": gone}))
        async with httpx.AsyncClient(transport=transport, base_url="http://guests.test") as asked:
            answers = [await asked.get(path, headers={"Accept": "application/json"}) for path in ("/readyz", "/")]
        await gone.close()

    assert [answer.status_code for answer in answers] == [503, 503]
    assert [answer.json()["code"] for answer in answers] == ["unavailable", "unavailable"]


@on_one_engine
async def test_every_kind_of_answer_binds_the_browser(cast: Cast) -> None:
    guest = await cast.guest()
    paths = [
        "/",
        f"/t/{guest.code}",
        f"/t/{guest.code}/badge.pdf",
        f"/t/{guest.code}/qr.png",
        f"/t/{guest.code}/event.ics",
        "/healthz",
        "/static/css/base.css",
        "/favicon.ico",
        "/nothing-here",
        "/static/nothing-here",
        "/api/v1/events/nothing",
        "/desk",
        "/desk/sign-in",
    ]

    answers = [await cast.stranger.get(path) for path in paths] + [await cast.stranger.post("/healthz")]

    assert [answer.status_code for answer in answers] == [200] * 8 + [404, 404, 401, 303, 200, 405]
    for answer in answers:
        assert {name for name in BINDING if name not in answer.headers} == set(), answer.url
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert len(answer.headers.get_list("referrer-policy")) == 1


async def test_a_fault_of_ours_is_a_page_with_all_headers_and_a_line_in_the_log(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    await break_down(cast, "ALTER TABLE exhibitors RENAME TO elsewhere")

    page = await cast.stranger.get(f"/e/{cast.event.slug}")
    problem = await cast.stranger.get(f"/e/{cast.event.slug}", headers={"Accept": "application/json"})

    assert (page.status_code, problem.status_code) == (500, 500)
    assert "Something went wrong on our side." in page.text
    assert "exhibitors" not in page.text
    assert problem.json()["code"] == "broken"
    assert {name for name in BINDING if name not in page.headers} == set()
    assert caplog.text.count("GET /e/{slug} failed") == 2
    assert "exhibitors" in caplog.text


@on_one_engine
async def test_a_mistake_in_the_program_is_answered_like_any_fault(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    broken = {**cast.state, "clock": None}
    transport = httpx.ASGITransport(with_state(create_app(cast.state["settings"]), broken), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://guests.test") as asked:
        answer = await asked.get("/", headers={"Accept-Language": "zh-HK"})

    assert answer.status_code == 500
    assert "系統出現問題，我們已作記錄，請再試一次。" in answer.text
    assert {name for name in BINDING if name not in answer.headers} == set()
    assert "AttributeError" in caplog.text


@on_one_engine
@pytest.mark.parametrize(
    "path",
    [
        "/static/../events/app.py",
        "/static/%2e%2e/events/app.py",
        "/static/%2e%2e%2fpyproject.toml",
        "/static//etc/passwd",
        "/static/..%5c..%5cpyproject.toml",
        "/static/css/%00",
        "/static/" + "a/" * 500,
        "/static/" + "a" * 5000,
        "/static/",
        "/static/css",
    ],
)
async def test_no_file_outside_the_static_folder_is_served(cast: Cast, path: str) -> None:
    request = cast.stranger.build_request("GET", "http://guests.test/")
    request.url = httpx.URL(scheme="http", host="guests.test", raw_path=path.encode())

    answer = await cast.stranger.send(request)

    assert answer.status_code == 404
    assert "There is nothing at this address." in answer.text


@on_one_engine
async def test_our_scripts_are_kept_by_browsers_and_asked_about(cast: Cast) -> None:
    first = await cast.stranger.get("/static/css/base.css")
    again = await cast.stranger.get("/static/css/base.css", headers={"If-None-Match": first.headers["etag"]})

    assert first.text == (STATIC / "css" / "base.css").read_text("utf-8")
    assert first.headers["cache-control"] == "no-cache"
    assert first.headers["content-type"].startswith("text/css")
    assert (again.status_code, again.content) == (304, b"")


@on_one_engine
async def test_the_icon_is_where_browsers_look_for_it(cast: Cast) -> None:
    answer = await cast.stranger.get("/favicon.ico")

    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.text.startswith("<svg")


@on_one_engine
async def test_pages_travel_compressed_and_small_answers_do_not(cast: Cast) -> None:
    page, small = await cast.stranger.get("/"), await cast.stranger.get("/healthz")
    form = await cast.stranger.post(f"/e/{cast.event.slug}/register", data={"switch": "en"})

    assert page.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in page.headers["vary"]
    assert "content-encoding" not in small.headers
    assert "content-encoding" not in form.headers


@on_one_engine
@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/", {"GET", "HEAD"}),
        ("POST", "/healthz", {"GET", "HEAD"}),
        ("PUT", "/desk/sign-out", {"POST"}),
        ("GET", "/api/v1/events", {"POST"}),
        ("POST", "/static/css/base.css", {"GET", "HEAD"}),
    ],
)
async def test_a_method_that_an_address_does_not_take_is_named(
    cast: Cast, method: str, path: str, allowed: set[str]
) -> None:
    answer = await cast.stranger.request(method, path)

    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == allowed


@on_one_engine
async def test_the_head_of_a_page_has_no_body(cast: Cast) -> None:
    head, page = await cast.stranger.head("/healthz"), await cast.stranger.get("/healthz")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == page.headers["content-length"]


async def test_the_house_opens_on_an_empty_database_and_closes_without_a_trace(
    empty_url: str, settings: Settings, clock: FrozenClock
) -> None:
    app = create_app(settings.model_copy(update={"database_url": empty_url}), clock=clock)

    for _ in range(2):
        async with app.router.lifespan_context(app) as state:
            assert await state["database"].read(lambda tx: tx.execute(sa.text("SELECT count(*) FROM events")))


async def test_the_house_does_not_open_on_a_newer_database(settings: Settings, clock: FrozenClock) -> None:
    database = Database(settings.database)
    await database.write(lambda tx: tx.execute(sa.text("UPDATE alembic_version SET version_num = '9999'")))
    app = create_app(settings, clock=clock)

    with pytest.raises(SettingError, match="9999"):
        async with app.router.lifespan_context(app):
            pass

    await database.write(
        lambda tx: tx.execute(sa.text(f"UPDATE alembic_version SET version_num = '{head_revision()}'"))
    )
    assert await migrate(database) == head_revision()
    await database.close()


@on_one_engine
async def test_a_real_server_starts_answers_and_stops(settings: Settings, clock: FrozenClock) -> None:
    config = uvicorn.Config(create_app(settings, clock=clock), port=0, log_config=None, access_log=False)
    server = uvicorn.Server(config)

    async def has_started() -> bool:
        return server.started

    async with create_task_group() as tasks:
        tasks.start_soon(server.serve)
        await eventually(has_started)
        port = server.servers[0].sockets[0].getsockname()[1]
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as asked:
            ready = await asked.get("/readyz")
            large = await asked.post("/desk/sign-in", data={"email": "x" * 1_100_000})
        server.should_exit = True

    assert ready.json()["status"] == "ready"
    assert large.status_code == 413
