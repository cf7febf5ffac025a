"""What the door keeps for when the server is away, and how its version tells one release from another."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from checkin.service_worker import VERSION_HEADER, shell_of
from events.app import STATIC
from tests.cast import Cast, on_one_engine

TEMPLATES = Path(__file__).parents[1] / "checkin" / "templates"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The static files of another release."""
    ignored = shutil.ignore_patterns("node_modules", "fonts")
    return Path(shutil.copytree(STATIC, tmp_path / "static", ignore=ignored))


def told_in(script: httpx.Response) -> dict[str, Any]:
    found = re.match(r"const SHELL = (.*)\n", script.text)
    assert found
    return json.loads(found[1])


@on_one_engine
async def test_the_worker_may_keep_all_that_lies_below_the_door_and_is_asked_about_each_time(cast: Cast) -> None:
    script = await cast.stranger.get("/door/worker.js")

    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert script.headers["service-worker-allowed"] == "/door"
    assert script.headers["cache-control"] == "no-cache"
    assert script.text.endswith((STATIC / "js/door/worker.js").read_text("utf-8"))


@on_one_engine
async def test_everything_that_the_worker_keeps_is_there(cast: Cast) -> None:
    files = told_in(await cast.stranger.get("/door/worker.js"))["files"]

    found = [(await cast.stranger.get(path)).status_code for path in files]

    assert len(files) > 40
    assert set(found) == {200}
    assert "/static/js/door/worker.js" not in files


@pytest.mark.parametrize("template", ["door.html", "kiosk.html", "selftest.html"])
async def test_everything_that_a_page_of_the_door_names_is_kept(template: str) -> None:
    names = re.findall(r"static\('([^']+)'\)", (TEMPLATES / template).read_text("utf-8"))

    assert names
    assert set(names) <= set(shell_of(STATIC).names)


async def test_everything_that_the_scripts_of_the_door_import_is_kept() -> None:
    names = set(shell_of(STATIC).names)
    scripts = [STATIC / name for name in names if name.startswith("js/")]

    imported = {
        (script.parent / path).resolve().relative_to(STATIC).as_posix()
        for script in scripts
        for path in re.findall(r"(?:from|import) '(\.[^']+)'", script.read_text("utf-8"))
    }

    assert imported
    assert imported <= names


@pytest.mark.parametrize(
    ("path", "is_kept"),
    [
        ("/door/gala", True),
        ("/door/gala/kiosk", True),
        ("/door/gala/self-test", True),
        ("/door", False),
        ("/door/worker.js", False),
        ("/door/pair/ABCDEFGHJKMN", False),
        ("/door/badge/0198.pdf", False),
        ("/desk/gala", False),
    ],
)
@on_one_engine
async def test_only_the_pages_of_a_door_are_kept(cast: Cast, path: str, is_kept: bool) -> None:
    pages = told_in(await cast.stranger.get("/door/worker.js"))["pages"]

    assert bool(re.search(pages, path)) is is_kept


@on_one_engine
async def test_the_page_and_its_worker_are_of_one_version(cast: Cast) -> None:
    page = await cast.steward.get(f"/door/{cast.event.slug}")
    worker = await cast.stranger.get("/door/worker.js")

    assert page.headers[VERSION_HEADER] == told_in(worker)["version"]


@pytest.mark.parametrize("changed", ["js/door/lane.js", "js/door/worker.js", "css/door.css", "js/ticket.js"])
async def test_a_change_of_any_file_of_the_door_is_another_version(copy: Path, changed: str) -> None:
    before = shell_of(copy).version

    with (copy / changed).open("a") as file:
        file.write("\n")

    assert shell_of(copy).version != before


async def test_a_change_of_another_file_is_not(copy: Path) -> None:
    before = shell_of(copy)

    (copy / "css" / "desk.css").write_text("")

    assert shell_of(copy) == before
    assert before.version == shell_of(STATIC).version


async def test_a_page_names_the_modules_of_its_script_and_not_those_of_its_workers() -> None:
    modules = shell_of(STATIC).modules

    assert {"js/ticket.js", "js/verdict.js", "js/door/door.js", "vendor/idb/index.js"} <= set(modules)
    assert not {"js/door/decoding.js", "js/door/worker.js", "js/kiosk/kiosk.js"} & set(modules)
