"""A house whose program can be replaced by a newer one while its doors are open."""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL

import anyio

from tests.browser.house import House, house_in

_SOURCE = Path(__file__).parents[2]
_PACKAGES = ("events", "badges", "checkin", "static")
_FONTS = "static/vendor/fonts"


@dataclass
class MovableHouse(House):
    """Runs from a copy of the program."""

    program: Path = Path()

    async def start(self) -> None:
        command = [sys.executable, "-m", "events", "serve", "--port", self.url.rpartition(":")[2]]
        given = {"YINGBIN_DATA_DIR": str(self.settings.data_dir), "PYTHONPATH": str(self.program)}
        self._process = await anyio.open_process(
            command, cwd=self.program, env={**os.environ, **given}, stdin=DEVNULL, stdout=DEVNULL, stderr=None
        )
        with anyio.fail_after(60):
            while not await self._answers():
                assert self._process.returncode is None
                await anyio.sleep(0.05)

    def improve(self) -> None:
        """Changes one script of the door, as any release does."""
        script = self.program / "static/js/door/sounds.js"
        script.write_text(script.read_text("utf-8") + "\n// A little better.\n", "utf-8")


def movable_house_in(folder: Path) -> MovableHouse:
    """A house with a copy of the program in `folder`, not started yet."""
    program = folder / "program"
    for package in _PACKAGES:
        ignored = shutil.ignore_patterns("node_modules", "__pycache__", "fonts")
        shutil.copytree(_SOURCE / package, program / package, ignore=ignored)
    (program / _FONTS).symlink_to(_SOURCE / _FONTS)
    return MovableHouse(house_in(folder / "data").settings, program=program)
