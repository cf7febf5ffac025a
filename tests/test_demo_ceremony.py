"""The demonstration's rounds and photograph: of every kind, complete, and about guests who are on its list."""

from collections import Counter

import pytest

from events.demo.ceremony import Ceremony, load_ceremony, with_ids
from events.demo.story import load
from events.models import SegmentKind


@pytest.fixture(scope="module")
def ceremony() -> Ceremony:
    return load_ceremony()


def test_ten_companies_eight_partners_and_three_research_bodies_have_a_round(ceremony: Ceremony) -> None:
    segments = load().segments
    counted = Counter(segments[each["segment"] - 1].kind for each in ceremony.rounds)

    assert counted == {
        SegmentKind.SPEECHES: 4,
        SegmentKind.LAUNCH: 1,
        SegmentKind.SIGNING: 18,
        SegmentKind.PRESENTATION: 3,
    }


def test_everybody_on_the_stage_is_on_the_guest_list(ceremony: Ceremony) -> None:
    invited = {guest.name for guest in load().guests}
    named = {part["guest"] for each in ceremony.rounds for part in each["participants"]}
    told = {ceremony.substitution.substitute, *(spoken.guest for spoken in ceremony.spoken)}
    told |= {ceremony.photograph.move.guest}

    assert (named | told) - invited == set()
    assert {ceremony.substitution.original, ceremony.postponement.guest} <= named


def test_the_photograph_shows_every_principal_guest_once_in_its_part_of_the_programme(ceremony: Ceremony) -> None:
    story, photograph = load(), ceremony.photograph

    principals = [guest.name for guest in story.guests if guest.category == "principal"]
    assert sorted(place.guest for place in photograph.people) == sorted(principals)
    assert story.segments[photograph.segment - 1].kind is SegmentKind.PHOTO


def test_a_round_is_sent_with_ids_in_the_place_of_names(ceremony: Ceremony) -> None:
    launch = next(each for each in ceremony.rounds if each["segment"] == 4)
    ids = {part["guest"]: number for number, part in enumerate(launch["participants"])}

    sent = with_ids(launch, ids)

    assert [part["guest_id"] for part in sent["participants"]] == ["0", "1", "2", "3", "4", "5"]
    assert {"segment", "guest"} & {*sent, *sent["participants"][0]} == set()
