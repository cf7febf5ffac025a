"""Three languages: which one a reader wants, and what our sentences are in it.

Sentences are English in the code; `events/locale/*.po` has the Chinese ones. The catalogues are read as they are, so
nothing needs compiling.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

_LOCALE_DIR = Path(__file__).parent.parent / "locale"
_QUALITY = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?", re.ASCII)
_TRADITIONAL = ("zh-hant", "zh-hk", "zh-mo", "zh-tw")


class Language(StrEnum):
    """A language of pages, mails and papers, as a BCP 47 tag."""

    ZH_HANS = "zh-Hans"
    ZH_HANT = "zh-Hant"
    EN = "en"

    @property
    def own_name(self) -> str:
        """What its readers call it."""
        return {"zh-Hans": "简体中文", "zh-Hant": "繁體中文", "en": "English"}[self.value]

    @property
    def locale(self) -> Locale:
        """Its conventions; traditional Chinese as in Hong Kong."""
        return Locale.parse({"zh-Hans": "zh_Hans_CN", "zh-Hant": "zh_Hant_HK", "en": "en_GB"}[self.value])


class Catalogues:
    """The translations of every sentence that the program can say."""

    def __init__(self, directory: Path = _LOCALE_DIR) -> None:
        self._messages: Mapping[Language, dict[str, str]] = {
            language: _read(directory / f"{language.value}.po") for language in Language if language != Language.EN
        }

    def say(self, sentence: str, language: Language, **parameters: object) -> str:
        """`sentence` in `language`, with `{name}` filled from `parameters`."""
        words = self._messages.get(language, {}).get(sentence) or sentence
        return words.format(**parameters) if parameters else words


@cache
def _read(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        catalogue: Catalog = read_po(file)
    return {str(message.id): str(message.string) for message in catalogue if message.id and message.string}


def language_of(tag: str) -> Language | None:
    """The language that a BCP 47 tag asks for, None where we have none for it."""
    folded = tag.strip().lower().replace("_", "-")
    if folded.startswith(_TRADITIONAL):
        return Language.ZH_HANT
    if folded == "zh" or folded.startswith("zh-"):
        return Language.ZH_HANS
    return Language.EN if folded == "en" or folded.startswith("en-") else None


def negotiate(accept_language: str) -> Language:
    """The best of our languages for an Accept-Language header (RFC 9110, 12.5.4); English where none fits."""
    wishes: list[tuple[float, int, str]] = []
    for position, part in enumerate(accept_language.split(",")[:20]):
        tag, _, quality = part.partition(";")
        wishes.append((-_quality(quality), position, tag))
    for negative, _, tag in sorted(wishes):
        if negative and (language := language_of(tag)):
            return language
    return Language.EN


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    return float(value) if _QUALITY.fullmatch(value.strip()) else 0.0


def say_date(moment: datetime, zone: ZoneInfo, language: Language) -> str:
    """The day in `zone`, long form with the weekday."""
    local = moment.astimezone(zone)
    if language == Language.EN:
        return format_date(local, "EEEE, d MMMM y", locale=language.locale)
    return format_date(local, "y年M月d日 EEEE", locale=language.locale)


def say_time(moment: datetime, zone: ZoneInfo, language: Language) -> str:
    """The time of day in `zone`, 24 hours."""
    return format_time(moment.astimezone(zone), "HH:mm", locale=language.locale)


def say_period(starts_at: datetime, ends_at: datetime, zone: ZoneInfo, language: Language) -> str:
    """From when to when in `zone`, the day said once if it is the same."""
    start, end = starts_at.astimezone(zone), ends_at.astimezone(zone)
    first = f"{say_date(start, zone, language)} {say_time(start, zone, language)}"
    last = say_time(end, zone, language)
    if start.date() != end.date():
        last = f"{say_date(end, zone, language)} {last}"
    return f"{first}–{last}"
