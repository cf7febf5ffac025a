import re
from pathlib import Path

import pytest
import typer

from events.cli import cli
from events.core.settings import Settings
from tests.pictures import INPUTS, ROOT, digest_of, inputs_of, kept_digest

README = (ROOT / "README.md").read_text("utf-8")
MOST_WORDS = 550


def test_the_table_of_settings_is_what_the_program_reads() -> None:
    table = [
        f"| `YINGBIN_{name.upper()}` | {f'`{field.default}`' if str(field.default) else ''} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]

    shown = [line for line in README.splitlines() if line.startswith("| `YINGBIN_")]

    assert [re.sub(r"\s+", " ", line) for line in shown] == [re.sub(r"\s+", " ", line) for line in table]


def test_it_is_read_in_a_few_minutes() -> None:
    assert len(README.split()) <= MOST_WORDS


def test_every_link_leads_to_a_file_that_is_there() -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)

    assert set(targets) >= {"docs/pictures/door.png", "docs/decisions/"}
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_every_command_that_it_names_exists() -> None:
    known = set(typer.main.get_command(cli).commands)
    goals = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    named = set(re.findall(r"(?:bin/|`)yingbin ([a-z]+(?:-[a-z]+)*)", README))

    assert named >= {"serve", "demo"}
    assert named - known == set()
    assert set(re.findall(r"\bmake ([a-z]+)\s+#", README)) - goals == set()


@pytest.mark.parametrize("picture", INPUTS)
def test_every_picture_shows_the_program_as_it_is(picture: str) -> None:
    assert kept_digest(picture) == digest_of(picture), "run python -m tests.pictures"


def test_a_picture_is_out_of_date_when_what_it_shows_has_changed(tmp_path: Path) -> None:
    for path in inputs_of("door.png"):
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    same = digest_of("door.png", tmp_path)

    (tmp_path / "static/css/door.css").write_text("body { color: red }")

    assert (same == digest_of("door.png"), digest_of("door.png", tmp_path) == same) == (True, False)


@pytest.mark.parametrize("pattern", sorted({pattern for patterns in INPUTS.values() for pattern in patterns}))
def test_every_pattern_of_what_pictures_show_finds_files(pattern: str) -> None:
    assert list(ROOT.glob(pattern))
