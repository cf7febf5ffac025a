import plistlib
import re
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from badges.picture import link_png
from events.app import create_app
from events.core.authority import authority_in, fingerprint
from events.core.settings import read_settings
from events.trust import System, Trust, profile, rows_of, system_of
from tests.cast import NOON, Cast, on_one_engine, with_state

BASE = "https://192.168.1.20:8443"
PLAIN = "http://192.168.1.20:8444/trust"
OPENED = re.compile(r'<details class="trust-system" name="system" open>\s*<summary><h3>([^<]+)')


@pytest.fixture
def trust(tmp_path: Path) -> Trust:
    certificate = authority_in(tmp_path / "authority", ["localhost"], title="Yingbin hall", now=NOON).certificate
    return Trust(certificate, PLAIN, link_png(PLAIN))


@pytest.fixture
async def phone(trust: Trust, tmp_path: Path) -> AsyncGenerator[httpx.AsyncClient]:
    settings = read_settings(data_dir=tmp_path, base_url=BASE, _env_file=None)
    app = create_app(settings, trusted=trust)
    async with app.router.lifespan_context(app) as state:
        transport = httpx.ASGITransport(app=with_state(app, state))
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            yield client


async def test_the_page_shows_what_to_compare_and_where_the_next_phone_goes(
    phone: httpx.AsyncClient, trust: Trust
) -> None:
    answer = await phone.get("/trust", headers={"Accept-Language": "en"})

    shown = re.findall(r"<span>((?:[0-9A-F]{2} ?){8})</span>", answer.text)
    assert shown == rows_of(fingerprint(trust.certificate))
    assert "“Yingbin hall”" in answer.text
    assert f'<p class="trust-address">{PLAIN}</p>' in answer.text
    assert f'href="{BASE}/door"' in answer.text


@pytest.mark.parametrize(("language", "title"), [("zh-Hans", "信任本服务器"), ("zh-Hant", "信任本伺服器")])
async def test_the_page_speaks_the_reader_s_language_and_sets_no_cookie(
    phone: httpx.AsyncClient, language: str, title: str
) -> None:
    answer = await phone.get("/trust", params={"lang": language})

    assert f"<h1>{title}</h1>" in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("user_agent", "opened"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) Safari/604.1", ["iPhone, iPad"]),
        ("Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/156.0", ["Android"]),
        ("curl/8.0", []),
    ],
)
async def test_the_steps_for_the_reader_s_device_are_open(
    phone: httpx.AsyncClient, user_agent: str, opened: list[str]
) -> None:
    answer = await phone.get("/trust", params={"lang": "en"}, headers={"User-Agent": user_agent})

    assert OPENED.findall(answer.text) == opened
    assert answer.text.count("<details") == len(System)


@pytest.mark.parametrize(
    ("user_agent", "system"),
    [
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 ArkWeb/4.1 Mobile", System.HARMONY),
        ("Mozilla/5.0 (Linux; Android 10; HarmonyOS; NOH-AN00) HuaweiBrowser/15", System.HARMONY),
        ("Mozilla/5.0 (Linux; Android 15; 2312) MicroMessenger/8.0", System.ANDROID),
        ("Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X)", System.IOS),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", System.MACOS),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64)", System.WINDOWS),
        ("Mozilla/5.0 (X11; Linux x86_64)", None),
        ("", None),
    ],
)
def test_a_device_is_known_by_what_its_browser_says(user_agent: str, system: System | None) -> None:
    assert system_of(user_agent) is system


async def test_the_certificate_comes_as_devices_take_it(phone: httpx.AsyncClient, trust: Trust) -> None:
    answer = await phone.get("/trust/ca.crt")

    assert answer.content == trust.certificate.public_bytes(Encoding.DER)
    assert answer.headers["content-type"] == "application/x-x509-ca-cert"
    assert answer.headers["content-disposition"] == 'inline; filename="yingbin-ca.crt"'


async def test_the_profile_holds_the_certificate(phone: httpx.AsyncClient, trust: Trust) -> None:
    answer = await phone.get("/trust/ca.mobileconfig")

    held = plistlib.loads(answer.content)
    [root] = held["PayloadContent"]
    assert answer.headers["content-type"] == "application/x-apple-aspen-config"
    assert (held["PayloadType"], held["PayloadDisplayName"]) == ("Configuration", "Yingbin hall")
    assert (root["PayloadType"], root["PayloadContent"]) == ("com.apple.security.root", trust.der)


def test_a_profile_replaces_itself_and_no_other(trust: Trust, tmp_path: Path) -> None:
    again = Trust(trust.certificate, PLAIN, b"")
    another = authority_in(tmp_path / "other", ["localhost"], title="Yingbin hall", now=NOON).certificate

    assert profile(again) == profile(trust)
    assert _identity(profile(Trust(another, PLAIN, b""))) != _identity(profile(trust))


def _identity(content: bytes) -> str:
    return plistlib.loads(content)["PayloadUUID"]


async def test_the_picture_leads_to_the_plain_page(phone: httpx.AsyncClient) -> None:
    answer = await phone.get("/trust/qr.png")

    assert (answer.content, answer.headers["content-type"]) == (link_png(PLAIN), "image/png")


async def test_browsers_are_not_told_to_insist_on_https_where_one_page_must_do_without(
    phone: httpx.AsyncClient,
) -> None:
    answer = await phone.get("/trust")

    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "strict-transport-security" not in answer.headers


@on_one_engine
@pytest.mark.parametrize("path", ["/trust", "/trust/ca.crt", "/trust/ca.mobileconfig", "/trust/qr.png"])
async def test_a_house_without_an_authority_has_no_such_page(cast: Cast, path: str) -> None:
    assert (await cast.stranger.get(path)).status_code == 404
