"""Programs of the machine that look at our papers as a printer or a reader would."""

import os
import shutil
import subprocess
import tempfile
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader


def needs_program(name: str) -> str:
    """The path of a program; without it the test fails where `CI=true`, and is skipped with the reason elsewhere."""
    if found := shutil.which(name):
        return found
    if os.environ.get("CI") == "true":
        pytest.fail(f"{name} is not installed, and under CI it has to be")
    pytest.skip(f"{name} is not installed")


def text_of(pdf: bytes, *, page: int | None = None, layout: bool = False) -> str:
    """What `pdftotext` reads, of one page (from 1) or of all; `layout` keeps what stands side by side on one line."""
    pages = ["-f", str(page), "-l", str(page)] if page else []
    command = [needs_program("pdftotext"), *pages, *(["-layout"] if layout else ["-raw"]), "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def lines_of(pdf: bytes, *, page: int | None = None, layout: bool = False) -> list[str]:
    """The lines of `text_of` that are not empty, single-spaced."""
    return [" ".join(line.split()) for line in text_of(pdf, page=page, layout=layout).splitlines() if line.strip()]


def pictures_of(pdf: bytes, *, dpi: int) -> list[Image.Image]:
    """Every page as `pdftoppm` renders it at `dpi`."""
    program = needs_program("pdftoppm")
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "-r", str(dpi), "-gray", "-", str(Path(folder) / "page")]
        subprocess.run(command, input=pdf, check=True, capture_output=True)
        return [Image.open(BytesIO(path.read_bytes())) for path in sorted(Path(folder).iterdir())]


def codes_on(picture: Image.Image) -> list[str]:
    """The texts of all symbols that the door's decoder finds."""
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has."""
    return len(PdfReader(BytesIO(pdf)).pages)
