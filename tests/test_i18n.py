from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from events.core.i18n import Catalogues, Language, language_of, negotiate, say_date, say_period, say_time
from events.models import Text

HANS, HANT, EN = Language.ZH_HANS, Language.ZH_HANT, Language.EN
HONG_KONG, LONDON, NEW_YORK = (ZoneInfo(name) for name in ("Asia/Hong_Kong", "Europe/London", "America/New_York"))
LATE = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
"""Half past eleven at night in Hong Kong, half past three in London."""


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh", HANS),
        ("zh-CN", HANS),
        ("zh-SG", HANS),
        ("zh-Hans", HANS),
        ("zh-Hans-HK", HANS),
        ("ZH_hans", HANS),
        ("zh-HK", HANT),
        ("zh-TW", HANT),
        ("zh-MO", HANT),
        ("zh-Hant", HANT),
        ("zh-Hant-CN", HANT),
        ("zh_hant_hk", HANT),
        ("en", EN),
        ("en-US", EN),
        (" EN-gb ", EN),
        ("fr", None),
        ("eng", None),
        ("zho", None),
        ("*", None),
        ("", None),
    ],
)
def test_a_tag_asks_for_one_of_our_languages(tag: str, language: Language | None) -> None:
    assert language_of(tag) is language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-HK", HANT),
        ("zh-TW,zh;q=0.9,en-US;q=0.8", HANT),
        ("zh-CN,zh;q=0.9,en;q=0.8", HANS),
        ("zh", HANS),
        ("en-US,en;q=0.9", EN),
        ("fr-FR, fr;q=0.9", EN),
        ("fr, zh-HK;q=0.5, en;q=0.4", HANT),
        ("en;q=0.8, zh-CN", HANS),
        ("en;q=0.5, zh-TW;q=0.5", EN),
        ("zh-CN;q=0, en;q=0.1", EN),
        ("zh-CN;q=0", EN),
        ("en ; Q=0.1 , zh-HK ; q=1.000", HANT),
        ("zh-CN;q=1.1, en;q=0.1", EN),
        ("zh-CN;q=nan, en;q=0.1", EN),
        ("zh-CN;q=inf, en;q=0.1", EN),
        ("zh-CN;q=-1, en;q=0.1", EN),
        ("zh-CN;q=١, en;q=0.1", EN),
        ("zh-CN;level=1", HANS),
        ("*", EN),
        ("", EN),
        (",,;;q=,=", EN),
        ("\x00\U0001f600", EN),
        ("fr," * 19 + "zh-CN", HANS),
        ("fr," * 20 + "zh-CN", EN),
    ],
)
def test_a_browser_gets_the_language_that_it_likes_best(header: str, language: Language) -> None:
    assert negotiate(header) is language


def test_each_language_has_its_own_name_and_conventions() -> None:
    assert [language.own_name for language in Language] == ["简体中文", "繁體中文", "English"]
    assert [str(language.locale) for language in Language] == ["zh_Hans_CN", "zh_Hant_HK", "en_GB"]


@pytest.mark.parametrize(
    ("language", "words"),
    [(HANS, "2026年3月2日 星期一"), (HANT, "2026年3月2日 星期一"), (EN, "Monday, 2 March 2026")],
)
def test_a_date_is_said_in_full_with_its_weekday(language: Language, words: str) -> None:
    assert say_date(LATE, HONG_KONG, language) == words


@pytest.mark.parametrize("language", Language)
def test_a_time_is_said_in_the_zone_of_the_event(language: Language) -> None:
    assert [say_time(LATE, zone, language) for zone in (HONG_KONG, LONDON, NEW_YORK)] == ["23:30", "15:30", "10:30"]


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        (HONG_KONG, "Monday, 2 March 2026 23:30–Tuesday, 3 March 2026 01:00"),
        (LONDON, "Monday, 2 March 2026 15:30–17:00"),
    ],
)
def test_a_period_names_the_second_day_only_where_midnight_lies_between(zone: ZoneInfo, words: str) -> None:
    assert say_period(LATE, LATE.replace(hour=17, minute=0), zone, EN) == words


def test_a_period_over_the_change_of_clocks_says_what_the_clocks_show() -> None:
    before, after = datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)

    assert say_period(before, after, LONDON, EN) == "Sunday, 29 March 2026 00:30–02:30"


def test_the_catalogues_say_a_sentence_in_each_language() -> None:
    catalogues = Catalogues()

    assert [catalogues.say("Registration is closed.", language) for language in Language] == [
        "登记已截止。",
        "登記已截止。",
        "Registration is closed.",
    ]


def test_a_sentence_is_filled_from_its_parameters_only_when_there_are_any() -> None:
    catalogues = Catalogues()

    assert catalogues.say("Version {number}", EN, number=3) == "Version 3"
    assert catalogues.say("Version {number}", EN) == "Version {number}"


def test_what_nobody_translated_is_said_in_english(tmp_path: Path) -> None:
    for language in (HANS, HANT):
        (tmp_path / f"{language}.po").write_text('msgid ""\nmsgstr ""\n\nmsgid "Known"\nmsgstr ""\n')
    catalogues = Catalogues(tmp_path)

    assert catalogues.say("Known", HANS) == "Known"
    assert catalogues.say("Unknown", HANT) == "Unknown"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (Text(zh_hans="简", zh_hant="繁", en="E"), ["简", "繁", "E"]),
        (Text(zh_hans="简", en="E"), ["简", "简", "E"]),
        (Text(zh_hant="繁", en="E"), ["繁", "繁", "E"]),
        (Text(zh_hant="繁"), ["繁", "繁", "繁"]),
        (Text(en="E"), ["E", "E", "E"]),
        (Text(), ["", "", ""]),
    ],
)
def test_a_text_is_said_in_the_nearest_language_that_has_words(text: Text, said: list[str]) -> None:
    assert [text.said_in(language) for language in Language] == said
