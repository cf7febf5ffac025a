from typing import Any

import pytest

from checkin.stage.models import Hosting, Role
from checkin.stage.round_form import RoundForm, described, form_of
from events.core.errors import Invalid
from events.core.i18n import Language
from events.core.parsing import parsed
from events.models import UNSAID, Text
from tests.stage_values import AGREEMENT, part, person, signing

GIVEN: dict[str, Any] = {"title": {"zh_hans": "协议"}}
ROUND = signing(31, part(21, person(11, "陈伟"), party=1, seat=2), part(22, None, party=2), copies=3)


def test_a_round_needs_no_more_than_a_title_that_may_still_be_empty() -> None:
    assert parsed(RoundForm, {"title": {}}) == RoundForm(title=UNSAID)
    assert RoundForm(title=UNSAID).model_dump(exclude={"title"}) == {
        "item": UNSAID.model_dump(),
        "script": UNSAID.model_dump(),
        "copies": 2,
        "languages": [],
        "cue_at": None,
        "wants_signature": False,
        "parties": [],
        "participants": [],
    }


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"title": None}, {"title": "not_valid"}),
        ({"title": {"zh_hans": "长" * 161}}, {"title": "too_long"}),
        ({"title": {"en": "a\x07"}}, {"title": "unreadable"}),
        ({"copies": 0}, {"copies": "not_valid"}),
        ({"copies": 100}, {"copies": "not_valid"}),
        ({"languages": ["fr"]}, {"languages.0": "not_valid"}),
        ({"cue_at": "2026-03-02T15:00:00"}, {"cue_at": "not_valid"}),
        ({"parties": [{"name": {}}]}, {"parties.0.name": "missing"}),
        ({"parties": [{"name": {"en": "A"}, "hosting": "left"}]}, {"parties.0.hosting": "not_valid"}),
        ({"parties": [{"name": {"en": "A"}}] * 13}, {"parties": "too_long"}),
        ({"participants": [{"role": "clown"}]}, {"participants.0.role": "not_valid"}),
        ({"participants": [{"role": "witness", "seat": 0}]}, {"participants.0.seat": "not_valid"}),
        ({"participants": [{"role": "witness", "guest_id": "x"}]}, {"participants.0.guest_id": "not_valid"}),
        ({"participants": [{"role": "witness", "name": "x"}]}, {"participants.0.name": "unknown_field"}),
        ({"state": "signed"}, {"state": "unknown_field"}),
    ],
)
def test_what_cannot_be_is_refused_by_field(given: dict[str, Any], fields: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        parsed(RoundForm, {**GIVEN, **given})

    assert refused.value.fields == fields


def test_a_language_counts_once_and_lines_are_cleaned() -> None:
    form = parsed(RoundForm, {"title": {"en": " An  agreement "}, "languages": ["en", "zh-Hans", "en"]})

    assert (form.title, form.languages) == (Text(en="An agreement"), [Language.EN, Language.ZH_HANS])


def test_a_round_is_described_as_a_form_takes_it() -> None:
    form = form_of(ROUND)

    assert (form.title, form.copies, [party.hosting for party in form.parties]) == (AGREEMENT, 3, [Hosting.NEITHER] * 2)
    assert [(each.id, each.role, each.party, each.seat) for each in form.participants] == [
        (ROUND.participants[0].id, Role.SIGNATORY, 1, 2),
        (ROUND.participants[1].id, Role.SIGNATORY, 2, None),
    ]
    assert set(described(ROUND)) == set(RoundForm.model_fields)
