"""What people and scripts may send, checked once: the same models serve forms, JSON and the demonstration.

Text is taken as typed, in NFC and without control or direction-override characters, and never shortened silently.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from events.core.clock import zone_names
from events.core.i18n import Language
from events.models import RegistrationMode, Text, Venue

_UNWANTED = {"Cc", "Cs", "Co", "Cn"}
_HANZI = range(0x20000, 0x40000)  # planes of ideographs only: some are newer than our tables
_BLANKS = "\u115f\u1160\u3164\uffa0"  # letters by category that nobody sees
_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")
_OUR_ADDRESSES = {"account", "badge", "new", "pair", "sign-in", "sign-out", "sign-out-everywhere"}
_LIKE_AN_ID = re.compile("[0-9a-f]{32}")
_YEARS = range(2000, 2101)
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b50-\u2b55\ufe0f]")
_PHONE_REGIONS = ("HK", "CN")


def clean_line(value: Any) -> Any:
    """One line of text in NFC with single spaces; anything but text is left for the next check to refuse."""
    if not isinstance(value, str):
        return value
    line = " ".join(_OVERRIDES.sub("", unicodedata.normalize("NFC", value)).split())
    if "\ufffd" in line or any(map(_is_unwanted, line)):
        raise PydanticCustomError("unreadable", "unreadable characters")
    return line


def _is_unwanted(character: str) -> bool:
    return unicodedata.category(character) in _UNWANTED and ord(character) not in _HANZI


def _is_letter(character: str) -> bool:
    return ord(character) in _HANZI or (unicodedata.category(character)[0] in "LN" and character not in _BLANKS)


def _visible(value: str) -> str:
    if not any(map(_is_letter, value)):
        raise PydanticCustomError("missing", "needs a letter")
    return value


def _printable(value: str) -> str:
    if _EMOJI.search(value):
        raise PydanticCustomError("emoji", "pictures cannot be printed")
    return value


def _email(value: str) -> str:
    if not value:
        return ""
    try:
        return validate_email(value, check_deliverability=False, allow_smtputf8=False).ascii_email or ""
    except EmailNotValidError as error:
        raise PydanticCustomError("email", "not an e-mail address") from error


def _phone(value: str) -> str:
    if not value:
        return ""
    for region in _PHONE_REGIONS:
        try:
            number = phonenumbers.parse(value, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number) and (value.startswith("+") or phonenumbers.is_valid_number(number)):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    raise PydanticCustomError("phone", "not a phone number")


def _zone(value: str) -> str:
    if value not in zone_names():
        raise PydanticCustomError("timezone", "not a time zone")
    return value


def _free_slug(value: str) -> str:
    if value in _OUR_ADDRESSES:
        raise PydanticCustomError("slug_taken", "an address of the desk or the door")
    if _LIKE_AN_ID.fullmatch(value.replace("-", "")):
        raise PydanticCustomError("id", "would be read as an id")
    return value


def clean_prose(value: str) -> str:
    """Text of several lines in NFC: each line cleaned, line feeds only, no empty lines at either end."""
    return "\n".join(clean_line(line) for line in value.splitlines()).strip()


def _each(clean: Callable[[str], str], *, at_most: int) -> Callable[[Text], Text]:
    """Cleans a text in each of its languages and bounds its length."""

    def cleaned(value: Text) -> Text:
        said = {language: clean(words) for language, words in value}
        if any(len(words) > at_most for words in said.values()):
            raise PydanticCustomError("string_too_long", "too long")
        return Text(**said)

    return cleaned


def _clean_venue(value: Venue) -> Venue:
    return Venue(name=_each(clean_line, at_most=160)(value.name), address=_each(clean_line, at_most=300)(value.address))


def _in_our_time(value: datetime) -> datetime:
    if value.year not in _YEARS:
        raise PydanticCustomError("out_of_range", "not a year in which events are planned")
    return value


def _said(value: Text) -> Text:
    if not (value.zh_hans or value.zh_hant or value.en):
        raise PydanticCustomError("missing", "needs words in one language at least")
    return value


def email_key(email: str) -> str | None:
    """What makes two addresses the same guest: the address in lower case; None without one."""
    return email.lower() or None


Keyed = TypeVar("Keyed", "CategoryForm", "HostForm")
Line = Annotated[str, BeforeValidator(clean_line)]
Printed = Annotated[Line, AfterValidator(_printable)]
Key = Annotated[str, BeforeValidator(clean_line), Field(pattern=r"^[a-z0-9-]{1,40}$")]
Slug = Annotated[
    str,
    BeforeValidator(clean_line),
    Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60),
    AfterValidator(_free_slug),
]
ShortText = Annotated[Text, AfterValidator(_each(clean_line, at_most=160))]
SaidText = Annotated[Text, AfterValidator(_each(clean_line, at_most=160)), AfterValidator(_said)]
Prose = Annotated[Text, AfterValidator(_each(clean_prose, at_most=4000))]
Moment = Annotated[AwareDatetime, AfterValidator(_in_our_time)]


class GuestForm(BaseModel):
    """A guest as somebody describes them. `name` is the name in the script that the guest uses."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Printed, Field(max_length=80), AfterValidator(_visible)]
    name_latin: Annotated[Printed, Field(max_length=80)] = ""
    organisation: Annotated[Printed, Field(max_length=120)] = ""
    job_title: Annotated[Printed, Field(max_length=120)] = ""
    email: Annotated[Line, Field(max_length=254), AfterValidator(_email)] = ""
    phone: Annotated[Line, Field(max_length=32), AfterValidator(_phone)] = ""
    category: Annotated[Line, Field(max_length=40)] = ""
    language: Language = Language.ZH_HANS
    side: Annotated[Line, Field(max_length=40)] = ""
    leader_id: UUID | None = None
    liaison: Annotated[Line, Field(max_length=254), AfterValidator(_email)] = ""
    liaison_name: Annotated[Printed, Field(max_length=80)] = ""
    liaison_phone: Annotated[Line, Field(max_length=32), AfterValidator(_phone)] = ""
    pick_slot: Annotated[Printed, Field(max_length=12)] = ""
    booth: Annotated[Printed, Field(max_length=12)] = ""


class AccountForm(BaseModel):
    """The address of a new account, as an operator types it; unlike a guest's, there has to be one."""

    email: Annotated[Line, Field(min_length=1, max_length=254), AfterValidator(_email)]


class ReasonForm(BaseModel):
    """Why something is done, in the words of whoever does it."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[Line, Field(max_length=200)] = ""


class CategoryForm(BaseModel):
    """A category of guest."""

    model_config = ConfigDict(extra="forbid")

    key: Key
    name: SaidText
    colour: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] = "#475569"
    attention: bool = False
    rank: Annotated[int, Field(ge=0, le=1000)] = 100
    public: bool = True


class HostForm(BaseModel):
    """A hosting side."""

    model_config = ConfigDict(extra="forbid")

    key: Key
    name: SaidText


def _each_key_once(value: list[Keyed]) -> list[Keyed]:
    if len({item.key for item in value}) < len(value):
        raise PydanticCustomError("repeated", "a key stands twice")
    return value


def _default_categories() -> list[CategoryForm]:
    return [
        _category("vip", "贵宾", "貴賓", "VIP", colour="#9a6b00", rank=10, attention=True, public=False),
        _category("guest", "嘉宾", "嘉賓", "Guest", colour="#1d4f91", rank=50),
        _category("press", "媒体", "傳媒", "Press", colour="#7a2e6b", rank=70),
        _category("staff", "工作人员", "工作人員", "Staff", colour="#3f4a57", rank=90, public=False),
    ]


def _category(key: str, zh_hans: str, zh_hant: str, en: str, **rest: Any) -> CategoryForm:
    return CategoryForm(key=key, name=Text(zh_hans=zh_hans, zh_hant=zh_hant, en=en), **rest)


class EventForm(BaseModel):
    """An event as its organiser describes it. Times carry their offset; `capacity` unset: no limit."""

    model_config = ConfigDict(extra="forbid")

    slug: Slug
    title: SaidText
    summary: Prose = Text()
    starts_at: Moment
    ends_at: Moment
    timezone: Annotated[str, AfterValidator(_zone)] = "Asia/Hong_Kong"
    venue: Annotated[Venue, AfterValidator(_clean_venue)] = Venue()
    capacity: Annotated[int, Field(ge=1, le=100_000)] | None = None
    registration: RegistrationMode = RegistrationMode.OPEN
    notice: Prose = Text()
    hosts: Annotated[list[HostForm], Field(max_length=8), AfterValidator(_each_key_once)] = []
    categories: Annotated[
        list[CategoryForm],
        Field(min_length=1, max_length=40, default_factory=_default_categories),
        AfterValidator(_each_key_once),
    ]
