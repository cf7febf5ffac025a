import re
from pathlib import Path

import pytest

from checkin.booth.booth_words import BOOTH, COLUMNS, booth_words, column_words
from events.core.i18n import Language

HOUSE = Path(__file__).parent.parent
SCRIPTS = sorted((HOUSE / "static" / "js" / "booth").glob("*.js"))
TEMPLATE = HOUSE / "checkin" / "templates" / "booth" / "booth.html"
NAMED = re.compile(r"\b(?:words|messages)\.(\w+)\b")
QUOTED = re.compile(r"'([a-z_]+)'")
SHOWN_AS_STATES = {"shared", "not_agreed", "unknown", "kept", "failed"}


@pytest.mark.parametrize("language", Language)
def test_every_string_is_said_in_every_language(language: Language) -> None:
    assert [key for key, words in booth_words(language).items() if not words.strip()] == []
    assert len(column_words(language)) == len(COLUMNS) == 8


@pytest.mark.parametrize("file", [*SCRIPTS, TEMPLATE], ids=lambda file: file.name)
def test_the_page_asks_for_no_string_that_is_not_there(file: Path) -> None:
    asked = set(NAMED.findall(file.read_text("utf-8")))

    assert asked - booth_words(Language.EN).keys() == set()


def test_no_string_is_left_that_the_page_never_shows() -> None:
    text = "\n".join(file.read_text("utf-8") for file in [*SCRIPTS, TEMPLATE])

    shown = set(NAMED.findall(text)) | set(QUOTED.findall(text))

    assert shown >= SHOWN_AS_STATES
    assert [key for key in BOOTH if key not in shown] == []


def test_every_language_leaves_the_same_holes_to_fill() -> None:
    holes = {key: {tuple(re.findall(r"\{\w+\}", text)) for text in said.values()} for key, said in BOOTH.items()}

    assert [key for key, found in holes.items() if len(found) != 1] == []
    assert holes["waiting"] == {("{count}",)}
