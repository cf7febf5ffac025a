"""The words of the master of ceremonies: all in three languages, none idle, Hong Kong's own."""

import re
from collections.abc import Mapping
from pathlib import Path
from string import Formatter

import pytest

from badges.cuesheet_words import WORDS as PAPER
from checkin.stage import cue_words
from checkin.stage.mc_words import WORDS, words_in
from checkin.tongues import Said
from events.core.i18n import Language

HOUSE = Path(__file__).parents[1]
SPOKEN: Mapping[str, Mapping[str, Said]] = {
    "spoken": cue_words.SPOKEN,
    "kinds": cue_words.KINDS,
    "notes": cue_words.NOTES,
    "tablet": WORDS,
}


@pytest.mark.parametrize("words", SPOKEN.values(), ids=SPOKEN)
def test_everything_is_said_in_every_language(words: Mapping[str, Said]) -> None:
    assert [key for key, said in words.items() if set(said) != set(Language) or not all(said.values())] == []


@pytest.mark.parametrize("words", [WORDS, cue_words.NOTES, cue_words.KINDS], ids=["tablet", "notes", "kinds"])
def test_every_language_leaves_the_same_holes_to_fill(words: Mapping[str, Said]) -> None:
    holes = {
        key: {frozenset(field for _, field, _, _ in Formatter().parse(text) if field) for text in said.values()}
        for key, said in words.items()
    }

    assert [key for key, found in holes.items() if len(found) != 1] == []


def test_the_paper_says_the_same_things_in_every_language() -> None:
    assert [set(PAPER[language.value]) for language in Language] == [set(PAPER["en"])] * 3


def test_the_tablet_shows_every_word_that_it_has_and_asks_for_none_that_is_not_there() -> None:
    scripts = [*(HOUSE / "static/js/stage").glob("mc*.js"), *(HOUSE / "checkin/templates/stage").glob("mc*.html")]
    text = "\n".join(file.read_text("utf-8") for file in scripts)
    states = {"connecting", "live", "stale", "lost", "signed_out", "changed", "new", "previous", "next", "called"}

    asked = set(re.findall(r"words\.(\w+)\b(?!\()|data-(?:say|label)=\"(\w+)\"", text))
    found = {each for pair in asked for each in pair if each} | set(re.findall(r"(?:'|\]\.)([a-z_]+)\b", text))

    assert words_in(Language.EN).keys() - found - states == set()
    assert {first for first, _ in asked if first} - WORDS.keys() == set()


def test_hong_kong_speaks_its_own_words() -> None:
    mainland = {"打印", "實時", "台詞", "主持人", "領導", "來賓", "離線時間", "議程"}

    texts = [said[Language.ZH_HANT] for words in SPOKEN.values() for said in words.values()]
    texts += PAPER["zh-Hant"].values()

    assert [text for text in texts for word in mainland if word in text] == []
