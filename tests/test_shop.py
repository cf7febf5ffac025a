from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from badges.badge import Badge
from badges.fonts import MissingGlyph
from badges.shop import badge_of, draw_all, header_of
from events.core.i18n import Language
from events.core.ids import EventId
from events.models import (
    UNSAID,
    Category,
    Event,
    Guest,
    GuestId,
    GuestStatus,
    Host,
    RegistrationMode,
    Text,
    Venue,
)
from tests.programs import lines_of, page_count

CODE = "Y1ABCDE00000000000000000000X"
HOSTS = [Host(key="a", name=Text(zh_hans="甲方", en="Party A")), Host(key="b", name=Text(zh_hans="乙方"))]
CATEGORY = Category(
    key="vip",
    name=Text(zh_hans="贵宾", zh_hant="貴賓", en="VIP"),
    colour="#9a6b00",
    attention=True,
    rank=10,
    public=False,
)


def _event(**title: str) -> Event:
    return Event(
        id=EventId(uuid4()),
        slug="launch",
        tag="ABCDE",
        title=Text(**title),
        summary=UNSAID,
        starts_at=datetime(2026, 3, 2, 5, 30, tzinfo=UTC),
        ends_at=datetime(2026, 3, 2, 9, 45, tzinfo=UTC),
        timezone="Asia/Shanghai",
        venue=Venue(name=Text(zh_hans="分园", en="Branch")),
        capacity=None,
        registered=0,
        registration=RegistrationMode.OPEN,
        notice=UNSAID,
        notice_version=1,
        version=1,
    )


def _badge(name: str, **given: str) -> Badge:
    usual = {"category_name": "嘉宾", "category_colour": "#1d4f91", "language": "zh-Hans"}
    return Badge(code=CODE, name=name, **{**usual, **given})


@pytest.mark.parametrize(
    ("language", "titles", "dates"),
    [
        (Language.ZH_HANS, ("启动仪式", "Launch"), "2026年3月2日 星期一 13:30–17:45\n分园"),
        (Language.EN, ("Launch", "启动仪式"), "Monday, 2 March 2026 13:30–17:45\nBranch"),
    ],
)
def test_the_head_says_the_event_in_the_readers_language_and_one_more(
    language: Language, titles: tuple[str, ...], dates: str
):
    header = header_of(_event(zh_hans="启动仪式", en="Launch"), HOSTS, language)

    assert (header.titles, header.dates, header.language) == (titles, dates, language.value)


def test_a_title_in_one_language_stands_once():
    assert header_of(_event(en="Launch"), HOSTS, Language.ZH_HANT).titles == ("Launch",)


def test_each_host_has_a_line_in_the_nearest_language_it_has():
    assert header_of(_event(en="Launch"), HOSTS, Language.EN).hosts == "Party A\n乙方"


def _guest(language: Language = Language.ZH_HANT) -> Guest:
    return Guest(
        id=GuestId(uuid4()),
        event_id=EventId(uuid4()),
        name="陳偉",
        name_latin="Chan Wai",
        organisation="科技園",
        job_title="總監",
        email="wai@example.com",
        phone="+85221234567",
        category="vip",
        language=language,
        side="a",
        status=GuestStatus.CONFIRMED,
        status_reason="",
        code=CODE,
        source="test",
        created_at=datetime(2026, 3, 1, tzinfo=UTC),
        version=1,
    )


def test_a_badge_names_the_category_in_the_guests_language():
    assert badge_of(_guest(), [CATEGORY]) == Badge(
        code=CODE,
        name="陳偉",
        name_latin="Chan Wai",
        organisation="科技園",
        job_title="總監",
        category_name="貴賓",
        category_colour="#9a6b00",
        language="zh-Hant",
    )


def test_badges_are_drawn_one_a_page_in_the_order_given():
    pdf = draw_all([_badge("乙"), _badge("甲")], header_of(_event(en="Launch"), HOSTS, Language.EN))

    assert page_count(pdf) == 2
    assert ["乙" in lines_of(pdf, page=1), "甲" in lines_of(pdf, page=2)] == [True, True]


def test_everybody_who_cannot_be_printed_is_named_at_once_ten_at_most():
    header = header_of(_event(en="Launch"), HOSTS, Language.EN)
    nobody = [_badge(f"ندى{number}") for number in range(11)]

    with pytest.raises(MissingGlyph) as few:
        draw_all([_badge("甲"), *nobody[:2], _badge("丙", job_title="م")], header)
    with pytest.raises(MissingGlyph) as many:
        draw_all(nobody, header)

    assert (few.value.text, few.value.characters) == ("ندى0, ندى1, 丙", "".join(sorted("ندىم")))
    assert many.value.text == ", ".join([f"ندى{number}" for number in range(10)] + ["…"])


def test_a_name_in_a_script_that_no_face_draws_gives_way_to_its_latin_form():
    header = header_of(_event(en="Launch"), HOSTS, Language.EN)

    pdf = draw_all([_badge("ندى", name_latin="Nada"), _badge("陈伟", name_latin="Chen Wei")], header)

    assert lines_of(pdf, page=1).count("Nada") == 1
    assert {"陈伟", "Chen Wei"} <= set(lines_of(pdf, page=2))


def test_a_latin_form_that_cannot_be_printed_either_helps_nobody():
    header = header_of(_event(en="Launch"), HOSTS, Language.EN)

    with pytest.raises(MissingGlyph):
        draw_all([_badge("ندى", name_latin="ندى")], header)


@pytest.mark.parametrize(
    ("language", "said"),
    [(Language.ZH_HANS, "展位 A-01"), (Language.ZH_HANT, "展位 A-01"), (Language.EN, "Booth A-01")],
)
def test_the_badge_of_an_exhibitors_staff_names_the_booth_in_their_language(language: Language, said: str):
    staff = replace(_guest(language), booth="A-01")

    assert badge_of(staff, [CATEGORY]).booth == said
    assert badge_of(replace(staff, booth=""), [CATEGORY]).booth == ""
