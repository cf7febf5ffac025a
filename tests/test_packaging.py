import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The files in a wheel that is built as anybody builds it, without its metadata."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--no-cache-dir"]
    subprocess.run([*command, "-w", str(folder), str(ROOT)], check=True, timeout=120)
    [wheel] = folder.glob("*.whl")
    return [name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name]


@pytest.mark.parametrize(
    "pattern",
    [
        "events/templates/*.html",
        "events/templates/desk/*.html",
        "events/templates/mail/*",
        "events/migrations/*.mako",
        "events/migrations/versions/*.py",
        "events/locale/*.po",
        "events/demo/*.json",
        "events/demo/*.csv",
        "checkin/templates/*.html",
        "badges/*.py",
        "static/css/*.css",
        "static/js/**/*.js",
        "static/icons/*",
        "static/vendor/fonts/*.ttf",
        "static/vendor/fonts/LICENSE-*",
        "static/vendor/zxing/reader/*",
        "static/vendor/signature_pad/*",
        "static/vendor/strokes/*",
    ],
)
def test_the_wheel_holds_every_file_that_the_program_reads(packed: list[str], pattern: str):
    wanted = {path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern) if path.is_file()}

    assert len(wanted) > 0
    assert wanted - set(packed) == set()


@pytest.mark.parametrize(
    "pattern",
    [
        "tests/*",
        "benchmarks/*",
        "docs/*",
        "*node_modules*",
        "*package*.json",
        "*.npmrc",
        "static/vendoring.py",
        "*.pyc",
    ],
)
def test_the_wheel_holds_nothing_that_only_builders_need(packed: list[str], pattern: str):
    assert [name for name in packed if fnmatch(name, pattern)] == []


def test_the_wheel_has_our_packages_and_no_others(packed: list[str]):
    assert {name.partition("/")[0] for name in packed} == {"badges", "checkin", "events", "static"}
