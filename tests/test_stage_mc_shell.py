"""What the lectern's tablet keeps for when the server is away."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from checkin.service_worker import VERSION_HEADER
from checkin.stage.mc_shell import mc_shell_of
from events.app import STATIC
from tests.cast import Cast, on_one_engine

PAGE = Path(__file__).parents[1] / "checkin" / "templates" / "stage" / "mc.html"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The static files of another release."""
    ignored = shutil.ignore_patterns("node_modules", "vendor")
    return Path(shutil.copytree(STATIC, tmp_path / "static", ignore=ignored))


def told_in(script: httpx.Response) -> dict[str, Any]:
    found = re.match(r"const SHELL = (.*)\n", script.text)
    assert found
    return json.loads(found[1])


@on_one_engine
async def test_the_worker_is_for_the_pages_of_the_stage_and_is_asked_about_each_time(cast: Cast) -> None:
    script = await cast.stranger.get("/stage/worker.js")

    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert script.headers["service-worker-allowed"] == "/stage/"
    assert script.headers["cache-control"] == "no-cache"
    assert script.text.endswith((STATIC / "js/stage/mc-worker.js").read_text("utf-8"))


@on_one_engine
async def test_everything_that_the_worker_keeps_is_there(cast: Cast) -> None:
    files = told_in(await cast.stranger.get("/stage/worker.js"))["files"]

    found = [(await cast.stranger.get(path)).status_code for path in files]

    assert len(files) > 8
    assert set(found) == {200}
    assert "/static/js/stage/mc-worker.js" not in files


async def test_everything_that_the_page_names_and_its_scripts_import_is_kept() -> None:
    kept = set(mc_shell_of(STATIC).names)
    text = PAGE.read_text("utf-8")
    sheets = re.search(r"for sheet in (\[.*?\])", text)
    assert sheets
    named = {*re.findall(r"static\('(\w[^']*\.\w+)'\)", text), *(f"css/{name}.css" for name in json.loads(sheets[1]))}
    imported = {
        (script.parent / path).resolve().relative_to(STATIC).as_posix()
        for script in (STATIC / name for name in kept if name.endswith(".js"))
        for path in re.findall(r"from '(\.[^']+)'", script.read_text("utf-8"))
    }

    assert len(named) == 6
    assert len(imported) > 6
    assert named | imported <= kept


@pytest.mark.parametrize(
    ("path", "is_kept"),
    [
        ("/stage/gala/mc", True),
        ("/stage/gala", False),
        ("/stage/gala/mc/stream", False),
        ("/stage/gala/cuesheet", False),
        ("/stage/worker.js", False),
        ("/desk/gala/mc", False),
    ],
)
@on_one_engine
async def test_only_the_page_of_the_lectern_is_kept(cast: Cast, path: str, is_kept: bool) -> None:
    pages = told_in(await cast.stranger.get("/stage/worker.js"))["pages"]

    assert bool(re.search(pages, path)) is is_kept


@on_one_engine
async def test_the_page_and_its_worker_are_of_one_version(cast: Cast) -> None:
    page = await cast.protocol.get(f"/stage/{cast.event.slug}/mc")

    assert page.headers[VERSION_HEADER] == told_in(await cast.stranger.get("/stage/worker.js"))["version"]


@pytest.mark.parametrize("changed", ["js/stage/mc-book.js", "js/stage/mc-worker.js", "css/stage-mc.css"])
async def test_a_change_of_any_file_is_another_version(copy: Path, changed: str) -> None:
    before = mc_shell_of(copy).version
    assert before == mc_shell_of(STATIC).version

    with (copy / changed).open("a") as file:
        file.write("\n")

    assert mc_shell_of(copy).version != before
