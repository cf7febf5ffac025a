from pathlib import Path

import anyio
import httpx
import pytest

from events.demo.story import load
from events.demo.venue import opened

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


async def test_the_server_is_there_with_the_event_and_gone_afterwards(tmp_path: Path) -> None:
    story = load()
    async with opened(tmp_path / "data", story) as venue, _client(venue.base_url, venue.token) as client:
        shown = (await client.get(venue.api)).json()

    async with _client(venue.base_url, venue.token) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get("/healthz")

    assert (shown["slug"], shown["registered"], shown["capacity"]) == (story.slug, 0, story.capacity)
    assert venue.public == {"research", "exhibitor", "guest", "press"}
    assert venue.attention == {"principal", "signatory"}


async def test_an_operators_own_settings_do_not_disturb_the_day(tmp_path: Path) -> None:
    own = ("SECRET_KEY=" + "s" * 40, f"DATABASE_URL=sqlite+aiosqlite:///{tmp_path}/own.sqlite3")
    (tmp_path / ".env").write_text("".join(f"YINGBIN_{line}\n" for line in own))

    async with opened(tmp_path / "data", load()) as venue, _client(venue.base_url, venue.token) as client:
        shown = await client.get(venue.api)

    assert shown.status_code == 200
    assert not (tmp_path / "own.sqlite3").exists()


async def test_the_server_is_gone_when_the_day_is_broken_off(tmp_path: Path) -> None:
    addresses: list[str] = []

    async def held() -> None:
        async with opened(tmp_path / "data", load()) as venue:
            addresses.append(venue.base_url)
            tasks.cancel_scope.cancel()
            await anyio.sleep_forever()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(held)

    async with _client(addresses[0], "") as client:
        with pytest.raises(httpx.ConnectError):
            await client.get("/healthz")


async def test_a_server_that_does_not_start_is_said(tmp_path: Path) -> None:
    broken = tmp_path / "events"
    broken.mkdir()
    (broken / "__init__.py").touch()
    (broken / "__main__.py").write_text("raise SystemExit(3)\n")

    with anyio.fail_after(30), pytest.raises(OSError, match="the demonstration's server did not start"):
        async with opened(tmp_path / "data", load()):
            pass


def _client(base_url: str, token: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=base_url, headers={"Authorization": f"Bearer {token}"}, timeout=20)
