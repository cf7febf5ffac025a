"""How somebody is introduced in each language."""

import pytest

from checkin.stage.introductions import Introduced, briefly, introduced, listed, own_words
from checkin.stage.models import Participant, Person, Role
from events.core.i18n import Language
from events.models import UNSAID, Text
from tests.lectern import CHEN, FUNG, MR, OUYANG, PARK, SHAN, SIGNATORIES, YUCHI, held, part, person, stage, swapped

ZH, HK, EN = Language.ZH_HANS, Language.ZH_HANT, Language.EN


def told(who: Person, language: Language = ZH, *, role: Role = Role.SIGNATORY, **given: object) -> Introduced:
    """How somebody is introduced in a round."""
    here = held(participants=(part(31, role, who, **given),))
    return introduced(stage(here, people=[who]), here, here.participants[0], language)


@pytest.mark.parametrize(
    ("language", "words", "second"),
    [
        (ZH, "河套发展署署长单立民先生", "Shan Limin"),
        (HK, "河套发展署署长单立民先生", "Shan Limin"),
        (EN, "Mr Shan Limin, 署长, 河套发展署", "单立民"),
    ],
)
def test_a_name_stands_where_its_language_puts_it(language: Language, words: str, second: str) -> None:
    found = told(SHAN, language)

    assert (found.words, found.second) == (words, second)


def test_the_title_that_was_given_for_the_round_goes_before_the_guests_own() -> None:
    found = told(SHAN, EN, party=2, title=Text(en="Director-General"))

    assert (found.words, found.untranslated) == (
        "Mr Shan Limin, Director-General, Hetao Development Authority",
        False,
    )


@pytest.mark.parametrize("title", ["香港科技园公司主席", "香港科技園公司主席"])
def test_an_organisation_is_not_said_twice(title: str) -> None:
    assert told(FUNG, party=1, title=Text(zh_hans=title)).words == f"{title}馮啟邦先生"


def test_a_witness_speaks_for_their_own_house_unless_it_is_the_party() -> None:
    elsewhere = told(OUYANG, role=Role.WITNESS, party=1)
    of_the_party = told(FUNG, EN, role=Role.WITNESS, party=1, title=Text(en="Chairman"))

    assert elsewhere.title == "深圳市政协副主席，福田区委书记"
    assert of_the_party.title == f"Chairman, {PARK.en}"


def test_a_name_in_latin_letters_has_room_around_it() -> None:
    visitor = person(16, "Anna Schmidt", honorific=Text(zh_hans="女士"), organisation="西门子", job_title="总裁")

    assert told(visitor).words == "西门子总裁 Anna Schmidt 女士"
    assert told(person(17, "Anna")).words == "Anna"


@pytest.mark.parametrize(
    ("reading", "confirmed", "doubts"),
    [("", False, True), ("Shàn Lìmín", False, True), ("Shàn Lìmín", True, False)],
)
def test_a_name_that_misleads_is_doubted_until_its_reading_is_confirmed(
    reading: str, confirmed: bool, doubts: bool
) -> None:
    found = told(person(12, "单立民", reading=reading, confirmed=confirmed))

    assert (found.reading, found.confirmed, found.doubts_reading) == (reading, confirmed, doubts)


def test_a_reading_that_nobody_confirmed_is_doubted_whatever_the_name() -> None:
    assert told(person(15, "陈静", reading="Chén Jìng")).doubts_reading
    assert not told(CHEN).doubts_reading


def test_in_english_a_latin_name_is_read_as_it_is_spelt() -> None:
    assert not told(SHAN, EN).doubts_reading
    assert told(person(12, "单立民"), EN).doubts_reading


def test_an_english_line_says_where_no_english_title_was_given() -> None:
    assert (told(YUCHI, EN).untranslated, told(YUCHI, ZH).untranslated) == (True, False)


def test_a_part_that_nobody_has_is_to_be_named() -> None:
    here = held(participants=(part(31, Role.SIGNATORY, None),))

    found = introduced(stage(here), here, here.participants[0], EN)

    assert (found.name, found.words, found.title) == ("(to be named)", "(to be named)", "")


def test_the_third_in_a_row_stands_for_the_first() -> None:
    participant = part(31, Role.SIGNATORY, CHEN, party=1)
    here = held(participants=(participant,))
    chain = [swapped(here, participant, FUNG, SHAN), swapped(here, participant, SHAN, CHEN)]

    found = introduced(stage(here, substitutions={here.id: chain}), here, participant, EN)

    assert found.stands_for == "Anthony FUNG Kai-pong"


def test_whoever_got_their_own_part_back_stands_for_nobody() -> None:
    participant: Participant = SIGNATORIES[0]
    here = held()
    chain = [swapped(here, participant, FUNG, CHEN), swapped(here, participant, CHEN, FUNG)]

    assert introduced(stage(here, substitutions={here.id: chain}), here, participant, ZH).stands_for == ""


def test_an_original_whom_nobody_knows_any_more_is_not_named() -> None:
    participant = part(31, Role.SIGNATORY, CHEN)
    here = held(participants=(participant,))
    there = stage(here, people=[CHEN], substitutions={here.id: [swapped(here, participant, FUNG, CHEN)]})

    assert introduced(there, here, participant, ZH).stands_for == ""


@pytest.mark.parametrize(
    ("people", "language", "words"),
    [
        ([], ZH, ""),
        (["甲"], EN, "甲"),
        (["甲", "乙", "丙"], ZH, "甲、乙、丙"),
        (["副主席，甲", "乙"], HK, "副主席，甲，乙"),
        (["Mr A, Chair", "Ms B, Head", "C"], EN, "Mr A, Chair; Ms B, Head; and C"),
    ],
)
def test_people_are_listed_with_pauses_that_are_longer_than_their_own(
    people: list[str], language: Language, words: str
) -> None:
    assert listed(people, language) == words


def test_somebody_is_thanked_by_name_and_honorific_and_by_title_where_there_is_none() -> None:
    polite, plain = told(SHAN), told(YUCHI)

    assert [briefly(each, ZH) for each in (polite, plain)] == ["单立民先生", "香港中联办深圳联络部部长尉迟明哲"]
    assert briefly(told(SHAN, EN), EN) == "Mr Shan Limin"


def test_an_honorific_comes_from_the_sister_script_and_from_no_other_tongue() -> None:
    said = [own_words(Text(zh_hant="先生"), language) for language in (ZH, HK, EN)]

    assert said == ["先生", "先生", ""]
    assert (own_words(replace_en(MR), ZH), own_words(UNSAID, EN)) == ("", "")


def replace_en(text: Text) -> Text:
    return Text(en=text.en)
