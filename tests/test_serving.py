import signal
import socket
from collections.abc import AsyncGenerator
from ipaddress import ip_address
from pathlib import Path

import anyio
import httpx
import pytest
import zxingcpp
from cryptography import x509
from PIL import Image
from starlette.applications import Starlette

from badges.symbol import Symbol, link_symbol
from events.core.authority import fingerprint
from events.core.errors import SettingError
from events.core.machine import Machine
from events.core.settings import Settings, read_settings
from events.demo.venue import _free_port
from events.serving import Listening, blocks, instructions, plain_app, secured, served_on, url_of, worker
from events.serving import Secured as Certified
from events.trust import rows_of
from tests.cast import NOON, with_state
from tests.secured import Secured, secured_house, serve_https

HALL = Machine("hall", (ip_address("192.168.1.20"), ip_address("10.0.0.5"), ip_address("fd00::20")))
EVERYWHERE = Listening("0.0.0.0", 8443)


def settings_in(folder: Path, **given: str) -> Settings:
    return read_settings(data_dir=folder, _env_file=None, **given)


@pytest.mark.parametrize(
    ("scheme", "host", "port", "url"),
    [
        ("https", "192.168.1.20", 8443, "https://192.168.1.20:8443"),
        ("https", "hall.local", 443, "https://hall.local"),
        ("http", "hall.local", 443, "http://hall.local:443"),
        ("http", "fd00::20", 80, "http://[fd00::20]"),
    ],
)
def test_an_address_names_its_port_where_that_is_not_implied(scheme: str, host: str, port: int, url: str) -> None:
    assert url_of(scheme, host, port) == url


def test_guests_see_the_address_that_is_listened_on(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)

    assert served_on(settings, Listening("127.0.0.1", 8000), HALL).base_url == "http://127.0.0.1:8000"
    assert served_on(settings, Listening("0.0.0.0", 8000), HALL).base_url == "http://192.168.1.20:8000"


def test_guests_see_the_address_that_is_set(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, base_url="https://guests.example.org")

    assert served_on(settings, EVERYWHERE, HALL) == settings


def test_a_secured_house_is_certified_for_everything_under_which_it_is_opened(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, base_url="https://guests.example.org/")

    house = secured(settings, EVERYWHERE, HALL, plain_port=8444, now=NOON)

    certificate = x509.load_pem_x509_certificate(house.server_file.read_bytes())
    held = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {str(each.value) for each in held} == {
        *("localhost", "127.0.0.1", "::1", "hall", "hall.local"),
        *("192.168.1.20", "10.0.0.5", "fd00::20", "guests.example.org"),
    }
    assert house.trust.url == "http://guests.example.org:8444/trust"
    assert house.trust.title == "Yingbin hall 2026-03-02"


def test_a_secured_house_is_certified_for_the_name_it_listens_on(tmp_path: Path) -> None:
    house = secured(settings_in(tmp_path), Listening("desk.lan", 8443), Machine("", ()), plain_port=80, now=NOON)

    assert house.names == {"localhost", "127.0.0.1", "::1", "desk.lan"}
    assert (house.settings.base_url, house.trust.url) == ("https://desk.lan:8443", "http://desk.lan/trust")
    assert house.trust.title == "Yingbin 2026-03-02"


def certified_names(house: Certified) -> set[str]:
    certificate = x509.load_pem_x509_certificate(house.server_file.read_bytes())
    held = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {str(each.value) for each in held}


def test_phones_trust_the_house_also_when_its_addresses_have_changed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings, hall = settings_in(tmp_path), ip_address("192.168.1.20")
    evening, morning = (Machine("", (ip_address(each), hall)) for each in ("2001:db8::a1", "2001:db8::b2"))
    everywhere = Listening("::", 8443)
    first = secured(settings, everywhere, evening, plain_port=8444, now=NOON)
    before = certified_names(first)

    second = secured(settings, everywhere, morning, plain_port=8444, now=NOON)

    assert fingerprint(second.trust.certificate) == fingerprint(first.trust.certificate)
    assert before == {"localhost", "127.0.0.1", "::1", "192.168.1.20", "2001:db8::a1"}
    assert certified_names(second) == second.names == {"localhost", "127.0.0.1", "::1", "192.168.1.20"}
    assert caplog.messages == [
        f"Devices cannot open the house under 2001:db8::b2: the certificate authority in {tmp_path / 'authority'} "
        "was made without it. To serve under such a name, set YINGBIN_BASE_URL to it; "
        "devices then have to trust a new authority"
    ]


def test_guests_see_an_address_with_a_certificate_where_there_is_one(tmp_path: Path) -> None:
    settings, carrier = settings_in(tmp_path), ip_address("100.64.0.9")
    secured(settings, EVERYWHERE, HALL, plain_port=8444, now=NOON)
    moved, alone = Machine("hall", (carrier, *HALL.addresses)), Machine("hall", (carrier,))

    house, lost = (secured(settings, EVERYWHERE, each, plain_port=8444, now=NOON) for each in (moved, alone))

    assert (house.settings.base_url, house.trust.url) == (
        "https://192.168.1.20:8443",
        "http://192.168.1.20:8444/trust",
    )
    assert instructions(house, EVERYWHERE.urls(moved, "https"))[:2] == [
        "  house       https://192.168.1.20:8443",
        "              https://10.0.0.5:8443",
    ]
    assert lost.settings.base_url == "https://100.64.0.9:8443"


def test_another_public_name_asks_for_another_authority(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    one, two = (settings_in(tmp_path, base_url=f"https://{name}.example.org") for name in ("guests", "gäste"))
    first = secured(one, EVERYWHERE, HALL, plain_port=8444, now=NOON)

    second = secured(two, EVERYWHERE, HALL, plain_port=8444, now=NOON)

    assert fingerprint(second.trust.certificate) != fingerprint(first.trust.certificate)
    assert "xn--gste-loa.example.org" in certified_names(second)
    assert len(caplog.messages) == 1


def test_a_plain_address_does_not_go_with_https(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, base_url="http://guests.example.org")

    with pytest.raises(SettingError, match="with --https it must start with https://"):
        secured(settings, EVERYWHERE, HALL, plain_port=8444, now=NOON)


def test_every_address_is_named_and_the_one_that_guests_see_first(tmp_path: Path) -> None:
    house = secured(settings_in(tmp_path), EVERYWHERE, HALL, plain_port=8444, now=NOON)

    told = instructions(house, EVERYWHERE.urls(HALL, "https"))

    assert told[:3] == [
        "  house       https://192.168.1.20:8443",
        "              https://10.0.0.5:8443",
        "  each phone  http://192.168.1.20:8444/trust  (once, before it opens the door)",
    ]
    assert len(told) == 3 + 4


@pytest.fixture
async def plain(tmp_path: Path) -> AsyncGenerator[httpx.AsyncClient]:
    app = plain_app(secured(settings_in(tmp_path), EVERYWHERE, HALL, plain_port=8444, now=NOON))
    async with app.router.lifespan_context(app) as state:
        transport = httpx.ASGITransport(app=with_state(app, state))
        async with httpx.AsyncClient(transport=transport, base_url="http://192.168.1.20:8444") as client:
            yield client


@pytest.mark.parametrize(
    ("asked", "sent_to"),
    [
        ("http://192.168.1.20:8444/", "https://192.168.1.20:8443/"),
        ("http://10.0.0.5:8444/door?gate=1&x=%20", "https://10.0.0.5:8443/door?gate=1&x=%20"),
        ("http://hall.local:8444/t/Y1%2F", "https://hall.local:8443/t/Y1%2F"),
        ("http://[fd00::20]:8444/door", "https://[fd00::20]:8443/door"),
        ("http://elsewhere.example/door", "https://192.168.1.20:8443/door"),
        ("http://192.168.1.20:8444//elsewhere.example/", "https://192.168.1.20:8443//elsewhere.example/"),
        ("http://192.168.1.20:8444/healthz", "https://192.168.1.20:8443/healthz"),
    ],
)
async def test_everything_else_is_sent_on_to_https(plain: httpx.AsyncClient, asked: str, sent_to: str) -> None:
    answer = await plain.get(asked)

    assert (answer.status_code, answer.headers["location"]) == (307, sent_to)


async def test_a_form_is_not_taken_without_https(plain: httpx.AsyncClient) -> None:
    answer = await plain.post("/desk/sign-in", data={"email": "a@example.org", "password": "hush"})

    assert answer.status_code == 405


async def test_the_page_about_trusting_needs_no_https_and_sets_no_cookie(plain: httpx.AsyncClient) -> None:
    answer = await plain.get("/trust", params={"lang": "zh-Hant"})
    style = await plain.get("/static/css/trust.css")

    assert (answer.status_code, style.status_code) == (200, 200)
    assert "信任本伺服器" in answer.text
    assert "set-cookie" not in answer.headers
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")


def test_the_terminal_shows_a_symbol_that_cameras_read() -> None:
    shown = blocks(link_symbol("http://192.168.1.20:8444/trust"))

    assert _read(shown) == ["http://192.168.1.20:8444/trust"]


def _read(shown: str) -> list[str]:
    lines = shown.splitlines()
    picture = Image.new("L", (len(lines[0]), 2 * len(lines)), 255)
    for row, line in enumerate(lines):
        for column, character in enumerate(line):
            for half, dark in enumerate({" ": "  ", "▀": "# ", "▄": " #", "█": "##"}[character]):
                picture.putpixel((column, 2 * row + half), 0 if dark == "#" else 255)
    larger = picture.resize((picture.width * 8, picture.height * 8), Image.Resampling.NEAREST)
    return [found.text for found in zxingcpp.read_barcodes(larger)]


def test_a_symbol_of_any_width_is_shown_whole() -> None:
    assert blocks(Symbol(1, b"\x80")) == "     \n  ▀  \n     "


def test_a_worker_process_trusts_as_its_parent_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = secured(settings_in(tmp_path), EVERYWHERE, HALL, plain_port=8444, now=NOON)
    monkeypatch.setenv("YINGBIN_DATA_DIR", str(tmp_path))
    without = worker()
    monkeypatch.setenv("YINGBIN_TRUST_URL", house.trust.url)

    app = worker()

    assert isinstance(without, Starlette)
    assert app.router.lifespan_context.keywords["trusted"] == house.trust
    assert without.router.lifespan_context.keywords["trusted"] is None


@pytest.fixture
async def running(tmp_path: Path) -> AsyncGenerator[Secured]:
    async with secured_house(tmp_path) as house:
        yield house


async def test_whoever_trusts_the_authority_opens_the_house_and_nobody_else(running: Secured) -> None:
    base = f"https://127.0.0.1:{running.port}"
    async with httpx.AsyncClient(base_url=base, verify=running.trusting) as phone:
        opened = await phone.get("/readyz")
        chosen = await phone.get("/", params={"lang": "en"})
    async with httpx.AsyncClient(base_url=base) as stranger:
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            await stranger.get("/readyz")

    assert opened.json()["status"] == "ready"
    assert "secure" in chosen.headers["set-cookie"].lower()


async def test_a_phone_fetches_without_trust_what_it_is_to_trust(running: Secured) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{running.plain_port}") as phone:
        certificate = (await phone.get("/trust/ca.crt")).content
        elsewhere = await phone.get("/door")

    assert x509.load_der_x509_certificate(certificate) == running.authority
    assert elsewhere.headers["location"] == f"https://127.0.0.1:{running.port}/door"


async def test_the_server_says_what_phones_open(running: Secured) -> None:
    running.process.terminate()
    await running.process.wait()
    said = b"".join([chunk async for chunk in running.process.stdout]).decode()

    first, *rest = rows_of(fingerprint(running.authority))
    assert said.splitlines() == [
        f"  house       https://127.0.0.1:{running.port}",
        f"  each phone  http://127.0.0.1:{running.plain_port}/trust  (once, before it opens the door)",
        f"  SHA-256     {first}",
        *(f"              {row}" for row in rest),
        "  note        only this machine can connect; --host 0.0.0.0 lets phones in",
    ]


@pytest.mark.parametrize(("told", "status"), [(signal.SIGINT, 0), (signal.SIGTERM, -signal.SIGTERM)])
async def test_the_server_ends_when_told(running: Secured, told: signal.Signals, status: int) -> None:
    running.process.send_signal(told)

    with anyio.fail_after(10):
        await running.process.wait()

    assert running.process.returncode == status


async def test_a_port_that_is_taken_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = await serve_https(tmp_path, "--port", str(_free_port()), "--plain-port", str(taken.getsockname()[1]))
        said = b"".join([chunk async for chunk in process.stderr]).decode()
        await process.wait()
        await process.aclose()

    assert (process.returncode, said.count("\n")) == (1, 1)
    assert said.startswith("yingbin: [Errno")
