"""Every sentence that the program says is translated, once, and nothing is translated that it never says."""

from pathlib import Path
from string import Formatter

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from opencc import OpenCC

import checkin
import events
from checkin.attendance import COLUMNS, EXCUSED, REPRESENTED
from events.core.i18n import Language
from events.core.wording import FIELD_SENTENCES, SENTENCES
from events.models import SEGMENT_WORDS, STATUS_WORDS

CHINESE = (Language.ZH_HANS, Language.ZH_HANT)
OWN_NAMES = "简体中文繁體中文"
IN_BOTH_SCRIPTS = "准群台"
SAID_OTHERWISE_IN_HONG_KONG = {"胸牌": "名牌", "签到": "報到", "邮箱": "電郵", "主办单位": "主辦機構"}


@pytest.fixture(scope="module")
def said() -> set[str]:
    packages = (Path(package.__path__[0]) / "templates" for package in (events, checkin))
    named = {*STATUS_WORDS.values(), *SEGMENT_WORDS.values(), *COLUMNS, EXCUSED, REPRESENTED}
    in_code = {*SENTENCES.values(), *FIELD_SENTENCES.values(), *named}
    return in_code.union(*(in_templates(directory) for directory in packages))


@pytest.mark.parametrize("language", CHINESE)
def test_the_catalogue_holds_exactly_what_is_said(language: Language, said: set[str]) -> None:
    translations = catalogue(language)

    assert set(translations) - said == set(), "translated, but never said"
    assert said - set(translations) == set(), "said, but not translated"


@pytest.mark.parametrize("language", CHINESE)
def test_no_translation_is_empty_or_fuzzy(language: Language) -> None:
    with path_of(language).open("rb") as file:
        messages = [message for message in read_po(file) if message.id]

    assert [message.id for message in messages if message.fuzzy or not str(message.string).strip()] == []


@pytest.mark.parametrize("language", CHINESE)
def test_a_translation_is_filled_from_the_same_parameters(language: Language) -> None:
    translations = catalogue(language)

    assert {sentence: parameters(words) for sentence, words in translations.items()} == {
        sentence: parameters(sentence) for sentence in translations
    }


@pytest.mark.parametrize("language", CHINESE)
def test_each_sentence_is_entered_once(language: Language) -> None:
    entered = [line for line in path_of(language).read_text("utf-8").splitlines() if line.startswith('msgid "')]

    assert sorted(entered) == sorted(set(entered))


@pytest.mark.parametrize(
    ("language", "conversion"), [(Language.ZH_HANS, "t2s"), (Language.ZH_HANT, "s2t")], ids=CHINESE
)
def test_no_character_of_the_other_script_slips_in(language: Language, conversion: str) -> None:
    foreign = Foreign(conversion)
    assert [character for character in OWN_NAMES if foreign.holds(character)] != []

    slips = {words: found for words in catalogue(language).values() if (found := list(filter(foreign.holds, words)))}

    assert slips == {}


def test_traditional_chinese_speaks_as_hong_kong_does() -> None:
    simplified, traditional = catalogue(Language.ZH_HANS), catalogue(Language.ZH_HANT)
    expected = {
        (sentence, there)
        for sentence, words in simplified.items()
        for here, there in SAID_OTHERWISE_IN_HONG_KONG.items()
        if here in words
    }

    assert {there for _, there in expected} == set(SAID_OTHERWISE_IN_HONG_KONG.values())
    assert {(sentence, there) for sentence, there in expected if there not in traditional[sentence]} == set()


class Foreign:
    """Characters that a conversion to a script would change: they belong to the other one.

    Some stand in both with a meaning of their own (准許 beside 標準) and are let pass.
    """

    def __init__(self, conversion: str) -> None:
        self._converter = OpenCC(conversion)

    def holds(self, character: str) -> bool:
        return character not in IN_BOTH_SCRIPTS and self._converter.convert(character) != character


def catalogue(language: Language) -> dict[str, str]:
    with path_of(language).open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def path_of(language: Language) -> Path:
    return Path(events.__path__[0]) / "locale" / f"{language.value}.po"


def in_templates(directory: Path) -> set[str]:
    kinds = [("**.html", "jinja2"), ("**.txt", "jinja2")]
    options = {"**": {"silent": "false"}}
    found = extract_from_dir(directory, kinds, options, keywords={"_": None})
    return {sentence for _, _, sentence, _, _ in found if isinstance(sentence, str)}


def parameters(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
