from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from events.core.errors import Invalid
from events.core.i18n import Language
from events.core.parsing import field_codes, parsed
from events.forms import EventForm, GuestForm, clean_line, clean_prose, email_key
from events.models import RegistrationMode, Text
from tests.cast import NOON, event_form


def guest(**fields: Any) -> GuestForm:
    return parsed(GuestForm, {"name": "陈伟", **fields})


def refused(**fields: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as error:
        guest(**fields)
    return error.value.fields


def event(**fields: Any) -> EventForm:
    usual = event_form().model_dump(mode="json")
    return parsed(EventForm, {**usual, **fields})


def refused_event(**fields: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as error:
        event(**fields)
    return error.value.fields


def test_a_name_is_all_that_a_guest_must_give() -> None:
    form = guest()

    assert form.model_dump() == {
        "name": "陈伟",
        "name_latin": "",
        "organisation": "",
        "job_title": "",
        "email": "",
        "phone": "",
        "category": "",
        "language": Language.ZH_HANS,
        "side": "",
        "leader_id": None,
        "liaison": "",
        "liaison_name": "",
        "liaison_phone": "",
        "pick_slot": "",
        "booth": "",
    }


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  陈\u3000 伟\n", "陈 伟"),
        ("Zoe\u0308", "Zoë"),
        ("\ufeff\u202eevil\u2066", "evil"),
        ("𠮷田 喆", "𠮷田 喆"),
        ("\U00031350", "\U00031350"),
        ("محمد بن سلمان", "محمد بن سلمان"),
        ("דָּוִד", "דָּוִד"),
        ("O’Neill-Łukasz", "O’Neill-Łukasz"),
        ("ශ්\u200dරී", "ශ්\u200dරී"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("Robert'); DROP TABLE guests;--", "Robert'); DROP TABLE guests;--"),
        ("{{ 7 * 7 }} %s {0}", "{{ 7 * 7 }} %s {0}"),
        ("3", "3"),
        ("字" * 80, "字" * 80),
    ],
)
def test_a_name_is_kept_as_the_guest_writes_it(typed: str, kept: str) -> None:
    assert guest(name=typed).name == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "missing"),
        ("   \n", "missing"),
        ("\u202e", "missing"),
        ("\u200b\u200d", "missing"),
        ("\u3164", "missing"),
        ("…", "missing"),
        ("字" * 81, "too_long"),
        ("a" * 300, "too_long"),
        ("陈\x00伟", "unreadable"),
        ("陈\x1b[31m", "unreadable"),
        ("\ufffd", "unreadable"),
        ("\ue000", "unreadable"),
        ("\uffff", "unreadable"),
        ("陈伟 😀", "emoji"),
        ("👩\u200d💻", "emoji"),
        ("Wei ❤\ufe0f", "emoji"),
        ("🇭🇰", "emoji"),
        (5, "not_text"),
        (None, "not_text"),
        (["陈伟"], "not_text"),
    ],
)
def test_a_name_that_cannot_stand_on_a_badge_is_refused(typed: object, code: str) -> None:
    assert refused(name=typed) == {"name": code}


def test_half_a_character_is_refused() -> None:
    assert refused(name=chr(0xD800)) == {"name": "unreadable"}


@pytest.mark.parametrize("field", ["name_latin", "organisation", "job_title"])
def test_the_other_lines_of_a_badge_are_held_to_the_same(field: str) -> None:
    assert refused(**{field: "🎉"}) == {field: "emoji"}
    assert refused(**{field: "\x07"}) == {field: "unreadable"}
    assert refused(**{field: "x" * 121}) == {field: "too_long"}
    assert getattr(guest(**{field: "  A  B "}), field) == "A B"


@given(st.text())
def test_a_cleaned_line_stays_as_it_is_when_cleaned_again(text: str) -> None:
    try:
        once = clean_line(text)
    except ValueError:
        return

    assert clean_line(once) == once
    assert once == once.strip()
    assert not set(once) & set("\n\r\t\x00\u202e\u2066")


@given(st.text())
def test_cleaned_prose_stays_as_it_is_when_cleaned_again(text: str) -> None:
    try:
        once = clean_prose(text)
    except ValueError:
        return

    assert clean_prose(once) == once


def test_prose_keeps_its_paragraphs_and_loses_what_a_browser_adds() -> None:
    assert clean_prose("\r\n 第一  段\r\n\r\nSecond\tone \r\n") == "第一 段\n\nSecond one"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        (" Wei.Chen@Example.COM ", "Wei.Chen@example.com"),
        ("wei+badge@example.com", "wei+badge@example.com"),
        ("wei@例子.广告", "wei@xn--fsqu00a.xn--4rr70v"),
        ("o'neill@example.ie", "o'neill@example.ie"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
    ],
)
def test_an_address_keeps_its_case_before_the_at_sign(typed: str, kept: str) -> None:
    assert guest(email=typed).email == kept


@pytest.mark.parametrize(
    "typed",
    [
        "wei",
        "wei@",
        "@example.com",
        "wei@localhost",
        "wei@example..com",
        "wei chen@example.com",
        "wei@example.com, na@example.com",
        "Wei <wei@example.com>",
        "wei@example.com\nBcc: all@example.com",
        '"wei"@example.com',
        "wei@[127.0.0.1]",
        "wei@exa_mple.com",
        "用户@example.com",
        "a@" + "b" * 64 + ".com",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    assert refused(email=typed) == {"email": "email"}


def test_an_address_longer_than_a_mail_system_takes_is_too_long() -> None:
    assert refused(email="a" * 250 + "@b.hk") == {"email": "too_long"}


def test_addresses_in_other_case_are_the_same_guest() -> None:
    assert email_key("Wei@Example.COM") == email_key("wei@example.com") == "wei@example.com"
    assert email_key("") is None


@given(st.emails())
def test_the_key_of_an_address_fits_its_column(address: str) -> None:
    try:
        form = guest(email=address)
    except Invalid:
        return

    assert len(email_key(form.email) or "") <= 254


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("9123 4567", "+85291234567"),
        ("+852 9123-4567", "+85291234567"),
        ("(852) 91234567", "+85291234567"),
        ("138 0013 8000", "+8613800138000"),
        ("+86 138 0013 8000", "+8613800138000"),
        ("0755-8888 8888", "+8675588888888"),
        ("+44 20 7946 0018", "+442079460018"),
        ("+853 6612 3456", "+85366123456"),
        ("９１２３４５６７", "+85291234567"),
    ],
)
def test_a_phone_number_is_taken_as_people_write_it(typed: str, kept: str) -> None:
    assert guest(phone=typed).phone == kept


@pytest.mark.parametrize("typed", ["1", "none", "12345", "+", "+852", "+999 1234 5678", "911", "0000000000000"])
def test_what_is_no_phone_number_is_refused(typed: str) -> None:
    assert refused(phone=typed) == {"phone": "phone"}


@pytest.mark.parametrize("language", ["fr", "zh", "zh-hans", "", None, 1])
def test_a_badge_is_printed_in_one_of_our_languages(language: object) -> None:
    assert refused(language=language) == {"language": "not_valid"}


def test_a_field_that_does_not_exist_is_named() -> None:
    assert refused(status="confirmed") == {"status": "unknown_field"}


def test_an_event_needs_a_slug_a_title_and_its_times() -> None:
    with pytest.raises(ValidationError) as error:
        EventForm.model_validate({})

    assert field_codes(error.value) == dict.fromkeys(["slug", "title", "starts_at", "ends_at"], "missing")


def test_an_event_that_says_no_more_is_open_in_hong_kong_without_a_limit() -> None:
    form = EventForm(slug="x", title=Text(en="X"), starts_at=NOON, ends_at=NOON + timedelta(hours=1))

    assert (form.timezone, form.capacity, form.registration) == ("Asia/Hong_Kong", None, RegistrationMode.OPEN)
    assert [category.key for category in form.categories] == ["vip", "guest", "press", "staff"]


@pytest.mark.parametrize("slug", ["a", "launch-2026", "2026", "a" * 60])
def test_a_short_name_is_small_letters_digits_and_hyphens(slug: str) -> None:
    assert event(slug=slug).slug == slug


@pytest.mark.parametrize(
    ("slug", "code"),
    [
        ("", "not_valid"),
        ("Launch", "not_valid"),
        ("a--b", "not_valid"),
        ("-a", "not_valid"),
        ("a-", "not_valid"),
        ("a/b", "not_valid"),
        ("..", "not_valid"),
        ("发布会", "not_valid"),
        ("a\x00", "unreadable"),
        ("a" * 61, "too_long"),
        ("new", "slug_taken"),
        ("sign-in", "slug_taken"),
        ("account", "slug_taken"),
        ("pair", "slug_taken"),
        ("0" * 32, "not_valid"),
        ("01a20840-2d93-70d7-a023-be2cbf9600e4", "not_valid"),
    ],
)
def test_a_short_name_that_no_address_can_hold_is_refused(slug: str, code: str) -> None:
    assert refused_event(slug=slug) == {"slug": code}


@pytest.mark.parametrize(
    ("title", "codes"),
    [
        ({}, {"title": "missing"}),
        ({"en": "  "}, {"title": "missing"}),
        ({"en": "\u202e"}, {"title": "missing"}),
        ({"en": "x" * 161}, {"title": "too_long"}),
        ({"en": "a\x00b"}, {"title": "unreadable"}),
        ({"fr": "Fête"}, {"title.fr": "unknown_field"}),
        ({"en": 5}, {"title.en": "not_text"}),
        ("Launch", {"title": "not_valid"}),
    ],
)
def test_a_title_is_said_in_one_language_at_least(title: object, codes: dict[str, str]) -> None:
    assert refused_event(title=title) == codes


def test_texts_are_cleaned_in_each_language() -> None:
    form = event(
        title={"en": " The \n Launch "}, summary={"zh_hans": "一\r\n\r\n二 "}, venue={"name": {"en": " Hall\t1"}}
    )

    assert (form.title.en, form.summary.zh_hans, form.venue.name.en) == ("The Launch", "一\n\n二", "Hall 1")


@pytest.mark.parametrize(("field", "length"), [("summary", 4001), ("notice", 4001)])
def test_prose_has_a_length_too(field: str, length: int) -> None:
    assert refused_event(**{field: {"en": "x" * length}}) == {field: "too_long"}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("starts_at", "2026-03-02T14:00", "not_valid"),
        ("starts_at", "tomorrow", "not_valid"),
        ("starts_at", "0001-01-01T00:00:00+14:00", "not_valid"),
        ("starts_at", "9999-12-31T23:59:59-12:00", "not_valid"),
        ("starts_at", 1e300, "not_valid"),
        ("timezone", "Mars/Olympus", "timezone"),
        ("timezone", "Asia", "timezone"),
        ("timezone", "../../etc/passwd", "timezone"),
        ("timezone", "", "timezone"),
        ("capacity", 0, "not_valid"),
        ("capacity", 100_001, "not_valid"),
        ("capacity", 10**400, "not_valid"),
        ("capacity", "many", "not_valid"),
        ("registration", "closed", "not_valid"),
        ("hosts", [{"key": "a", "name": {"en": "A"}}] * 2, "not_valid"),
        ("hosts", [{"key": f"h{number}", "name": {"en": "A"}} for number in range(9)], "too_long"),
        ("categories", [], "missing"),
        ("categories", [{"key": "a", "name": {"en": "A"}}] * 2, "not_valid"),
    ],
)
def test_an_event_that_cannot_be_held_is_refused(field: str, value: object, code: str) -> None:
    assert refused_event(**{field: value}) == {field: code}


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ({"key": "A"}, {"key": "not_valid"}),
        ({"key": "x" * 41}, {"key": "not_valid"}),
        ({"name": {}}, {"name": "missing"}),
        ({"colour": "red"}, {"colour": "not_valid"}),
        ({"rank": 1001}, {"rank": "not_valid"}),
    ],
)
def test_a_category_has_a_key_a_name_a_colour_and_a_rank(part: dict[str, object], code: dict[str, str]) -> None:
    category = {"key": "speaker", "name": {"en": "Speaker"}, "colour": "#112233", "rank": 20, **part}

    assert refused_event(categories=[category]) == {f"categories.0.{field}": said for field, said in code.items()}
