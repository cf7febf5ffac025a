"""The demonstration event: complete, consistent, plainly invented, and fit for the forms that real events pass."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest

from events.demo.story import GuestLine, Story, load, more_guests
from events.forms import CategoryForm, GuestForm
from events.models import Language, SegmentKind, Text


@pytest.fixture(scope="module")
def story() -> Story:
    return load()


def texts(story: Story) -> Iterator[Text]:
    yield from (story.title, story.summary, story.notice, story.venue.name, story.venue.address)
    for named in (*story.hosts, *story.categories, *story.fields, *story.exhibitors):
        yield named.name
    for segment in story.segments:
        yield from (segment.title, segment.place)


def contrast_with_white(colour: str) -> float:
    """WCAG 2.2, 1.4.3."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def test_the_event_is_marked_as_invented(story: Story) -> None:
    assert story.invented is True
    assert "虚构" in story.summary.zh_hans
    assert "虛構" in story.summary.zh_hant
    assert "invented" in story.summary.en


def test_everything_is_said_in_three_languages(story: Story) -> None:
    said = [(text.zh_hans, text.zh_hant, text.en) for text in texts(story)]

    assert len(said) == 5 + 2 + 9 + 4 + 25 + 2 * 10
    assert [words for words in said if not all(words)] == []


def test_the_two_hosts_and_the_four_fields_have_their_keys(story: Story) -> None:
    assert [host.key for host in story.hosts] == ["hkstp", "hetao"]
    assert [field.key for field in story.fields] == ["life-health", "ai", "big-data", "manufacturing"]


def test_twenty_five_companies_stand_at_booths_of_their_field(story: Story) -> None:
    halls = {"life-health": "A", "ai": "B", "big-data": "C", "manufacturing": "D"}

    assert len({exhibitor.booth for exhibitor in story.exhibitors}) == 25
    assert [e.booth[0] for e in story.exhibitors] == [halls[e.field] for e in story.exhibitors]
    assert len({exhibitor.name.en for exhibitor in story.exhibitors}) == 25


def test_the_programme_has_every_kind_of_segment_and_two_signings(story: Story) -> None:
    kinds = Counter(segment.kind for segment in story.segments)

    assert kinds == {**dict.fromkeys(SegmentKind, 1), SegmentKind.SIGNING: 2}


def test_the_programme_fits_into_the_day(story: Story) -> None:
    segments = story.segments

    assert story.starts_at == segments[0].starts_at
    assert story.ends_at == segments[-1].ends_at
    assert all(segment.starts_at < segment.ends_at for segment in segments)
    assert [(a, b) for a, b in pairwise(segments[2:]) if a.ends_at != b.starts_at] == []


def test_a_time_of_day_becomes_a_moment_at_the_venue(story: Story) -> None:
    moment = story.moment(date(2026, 3, 2), time(14, 30))

    assert moment == datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
    assert moment.astimezone(ZoneInfo(story.timezone)).hour == 14


def test_white_words_are_legible_on_every_colour_and_no_two_are_the_same(story: Story) -> None:
    colours = [category.colour for category in story.categories]

    assert len(set(colours)) == len(colours) == 9
    assert [colour for colour in colours if contrast_with_white(colour) < 4.5] == []


def test_the_categories_pass_the_form_of_real_ones(story: Story) -> None:
    forms = [CategoryForm.model_validate(asdict(category)) for category in story.categories]

    assert [form.rank for form in forms] == sorted({form.rank for form in forms})
    assert [form.key for form in forms if form.attention] == ["principal", "signatory"]
    assert [form.key for form in forms if form.public] == ["research", "exhibitor", "guest", "press"]


def test_there_are_216_guests_of_whom_so_many_are_of_each_category(story: Story) -> None:
    assert Counter(guest.category for guest in story.guests) == {
        "principal": 6,
        "government": 26,
        "signatory": 24,
        "speaker": 5,
        "research": 16,
        "exhibitor": 50,
        "guest": 63,
        "press": 12,
        "staff": 14,
    }
    assert len(story.guests) == 216 <= story.capacity


def test_both_hosts_have_three_principal_guests(story: Story) -> None:
    principal = [guest.side for guest in story.guests if guest.category == "principal"]

    assert Counter(principal) == {"hkstp": 3, "hetao": 3}
    assert {guest.side for guest in story.guests} == {host.key for host in story.hosts}


def test_every_guest_passes_the_form_of_real_ones(story: Story) -> None:
    forms = [GuestForm.model_validate(asdict(guest)) for guest in story.guests]

    assert [form.name for form in forms] == [guest.name for guest in story.guests]


def test_nobody_is_on_the_list_twice(story: Story) -> None:
    emails = [guest.email for guest in story.guests if guest.email]

    assert len({(guest.name, guest.organisation) for guest in story.guests}) == 216
    assert len(set(emails)) == len(emails) == 209


def test_two_leaders_come_with_their_people_and_each_side_has_a_liaison(story: Story) -> None:
    listed = Counter(guest.name for guest in story.guests)
    named = [name for party in story.parties for name in (party.leader, *party.companions)]
    titles = {guest.name: guest.job_title for guest in story.guests}
    order = list(titles)

    assert [[titles[name] for name in (party.leader, *party.companions)] for party in story.parties] == [
        ["局長", "政治助理", "新聞秘書"],
        ["署长", "翻译", "司机"],
    ]
    assert {listed[name] for name in named} == {1}
    assert all(order.index(party.leader) < order.index(each) for party in story.parties for each in party.companions)
    people = {guest.email: (guest.name, guest.side) for guest in story.guests}
    assert {people[each.liaison] for each in story.liaisons.values()} == {("聶凱怡", "hkstp"), ("史珂", "hetao")}


def test_two_people_of_one_name_are_on_the_list(story: Story) -> None:
    namesakes = [guest.organisation for guest in story.guests if guest.name == "张伟"]

    assert len(namesakes) == 2


def test_no_address_or_number_can_belong_to_anybody(story: Story) -> None:
    domains = {guest.email.rpartition("@")[2] for guest in story.guests if guest.email}
    numbers = ["".join(filter(str.isdigit, guest.phone)) for guest in story.guests if guest.phone]
    local = [number for number in numbers if number.startswith(("86", "852"))]

    assert {domain.split(".", 1)[1] for domain in domains} == {"example.com", "example.org"}
    assert [number for number in local if not number.startswith(("86154", "8525555"))] == []


@pytest.mark.parametrize("character", "𬭎𠮷𨋢㛃喆堃昇翀䶮𣲗衞峯")
def test_a_rare_character_is_on_the_list(story: Story, character: str) -> None:
    written = [guest for guest in story.guests if character in guest.name + guest.organisation]

    assert len(written) >= 1


@pytest.mark.parametrize(
    "surname", [*"单曾解区仇查朴盖", "欧阳", "司徒", "上官", "諸葛", "夏侯", "令狐", "尉迟", "万俟", "范徐"]
)
def test_a_surname_that_is_compound_or_read_in_several_ways_is_on_the_list(story: Story, surname: str) -> None:
    bearers = [guest for guest in story.guests if guest.name.startswith(surname)]

    assert len(bearers) >= 1


def test_names_and_organisations_are_as_long_as_they_get(story: Story) -> None:
    assert max(len(guest.name) for guest in story.guests) == 45
    assert [max(len(g.organisation) for g in story.guests if g.language == it) for it in Language] == [52, 55, 57]


def test_a_crowd_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    assert list(more_guests(50, seed=1)) == list(more_guests(50, seed=1))
    assert list(islice(more_guests(50, seed=1), 10)) == list(more_guests(10, seed=1))
    assert {guest.name for guest in more_guests(50, seed=1)} != {guest.name for guest in more_guests(50, seed=2)}


def test_a_crowd_passes_the_form_of_real_guests_and_shares_no_address(story: Story) -> None:
    crowd: list[GuestLine] = [*more_guests(300, seed=1), *more_guests(300, seed=2), *story.guests]

    emails = [GuestForm.model_validate(asdict(guest)).email for guest in crowd]

    assert len(set(filter(None, emails))) == 600 + 209


def test_a_crowd_is_of_both_scripts_and_of_no_rank() -> None:
    crowd = list(more_guests(300))

    assert {guest.language for guest in crowd} == {Language.ZH_HANS, Language.ZH_HANT}
    assert {guest.category for guest in crowd} == {"guest", "exhibitor", "press", "research", "government"}
    assert {len(guest.name) for guest in crowd} == {3}
