import re
from pathlib import Path

import pytest

from checkin.kiosk_words import KIOSK
from checkin.models import VerdictCode
from checkin.wording import WORDS, kiosk_words, words
from events.models import GuestStatus, Language

HOUSE = Path(__file__).parent.parent
# In seek.js `words` are those of a name.
SCRIPTS = sorted({*(HOUSE / "static" / "js" / "door").glob("*.js")} - {HOUSE / "static" / "js" / "door" / "seek.js"})
TEMPLATES = [
    HOUSE / "checkin" / "templates" / name
    for name in ("door.html", "door_panels.html", "door_verdict.html", "selftest.html")
]
KIOSK_SCRIPTS = sorted((HOUSE / "static" / "js" / "kiosk").glob("*.js"))
KIOSK_TEMPLATE = HOUSE / "checkin" / "templates" / "kiosk.html"

NAMED = re.compile(r"\b#?words\.(\w+)\b")
SPOKEN = re.compile(r'(?:\bwords\.|data-say="|\]\.)(\w+)')
QUOTED = re.compile(r"'([a-z_.]+)'")


@pytest.mark.parametrize("language", Language)
def test_every_string_is_said_in_every_language(language: Language):
    said = words(language)

    assert said.keys() == WORDS.keys()
    assert [key for key, text in said.items() if not text.strip()] == []


def test_every_language_leaves_the_same_holes_to_fill():
    holes = {key: {tuple(re.findall(r"\{\w+\}", text)) for text in said.values()} for key, said in WORDS.items()}

    assert [key for key, found in holes.items() if len(found) != 1] == []
    assert holes["search_none"] == {("{query}",)}


@pytest.mark.parametrize("code", [*VerdictCode, "reading", "no_answer", "not_recorded"])
@pytest.mark.parametrize("part", ["word", "do"])
def test_every_screen_has_its_word_and_its_instruction(code: str, part: str):
    assert f"{code}.{part}" in WORDS


@pytest.mark.parametrize("status", [status for status in GuestStatus if status is not GuestStatus.CONFIRMED])
def test_every_state_of_a_registration_can_be_shown_in_the_search(status: GuestStatus):
    assert f"state_{status}" in WORDS


@pytest.mark.parametrize("file", [*SCRIPTS, *TEMPLATES], ids=lambda file: file.name)
def test_the_page_asks_for_no_string_that_is_not_there(file: Path):
    asked = set(NAMED.findall(file.read_text("utf-8")))

    assert asked - WORDS.keys() == set()


def test_no_string_is_left_that_the_page_never_shows():
    text = "\n".join(file.read_text("utf-8") for file in [*SCRIPTS, *TEMPLATES])
    built = re.compile(r".+\.(word|do)|(state|warn|test)_\w+")

    shown = set(NAMED.findall(text)) | set(QUOTED.findall(text))

    assert len(shown & WORDS.keys()) > 40
    assert [key for key in WORDS if key not in shown and not built.fullmatch(key)] == []


@pytest.mark.parametrize("file", [*KIOSK_SCRIPTS, KIOSK_TEMPLATE], ids=lambda file: file.name)
def test_the_kiosk_asks_for_no_string_that_is_not_there(file: Path):
    asked = set(NAMED.findall(file.read_text("utf-8")))

    assert asked - kiosk_words(Language.EN).keys() == set()


def test_no_string_is_left_that_the_kiosk_never_shows():
    text = "\n".join(file.read_text("utf-8") for file in [*KIOSK_SCRIPTS, KIOSK_TEMPLATE])

    shown = set(SPOKEN.findall(text)) | set(QUOTED.findall(text))

    assert len(shown & KIOSK.keys()) > 20
    assert [key for key in KIOSK if key not in shown] == []


@pytest.mark.parametrize("language", Language)
def test_every_string_of_the_kiosk_is_said_with_those_of_its_pad_and_camera(language: Language):
    said = kiosk_words(language)

    assert [key for key, text in said.items() if not text.strip()] == []
    assert {"pin", "pin_wrong", "camera_denied", "welcome"} <= said.keys()


@pytest.mark.parametrize("key", [key for key in WORDS if key.startswith(("test_state_", "warn_"))])
def test_the_name_of_a_built_string_stands_in_the_scripts(key: str):
    text = "\n".join(file.read_text("utf-8") for file in SCRIPTS)

    assert key in text or key.removeprefix("test_state_") in text


def test_hong_kong_wording_is_not_the_mainland_wording_in_other_characters():
    mainland = {"短信", "邮箱", "信息", "屏蔽", "資料庫", "訊息", "單位", "簽到", "軟件包", "視頻", "菜單"}

    every = WORDS | KIOSK
    assert [key for key in every for word in mainland if word in every[key][Language.ZH_HANT]] == []
