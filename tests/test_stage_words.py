import pytest

from checkin.stage.faults import FaultCode
from checkin.stage.models import Act, Role, RoundState
from checkin.stage.round_form import RoundForm
from checkin.stage.speaking import SpokenForm
from checkin.stage.stage_words import ACTS, FAULTS, FIELDS, ROLES, STATES, line_of, name_of
from events.core.i18n import Language
from tests.stage_values import person

YI, JIA = person(11, "乙", name_latin="Yi").guest, person(12, "甲").guest


def test_everything_that_can_be_said_has_words() -> None:
    assert (set(STATES), set(ACTS), set(ROLES), set(FAULTS)) == (set(RoundState), set(Act), set(Role), set(FaultCode))
    assert set(FIELDS) == {*RoundForm.model_fields, *SpokenForm.model_fields}


@pytest.mark.parametrize(
    ("role", "language", "line"),
    [
        (Role.SIGNATORY, Language.ZH_HANS, "乙 代 甲 签"),
        (Role.SIGNATORY, Language.ZH_HANT, "乙 代 甲 簽"),
        (Role.SIGNATORY, Language.EN, "Yi signs for 甲"),
        (Role.WITNESS, Language.ZH_HANS, "乙 代 甲"),
        (Role.PRESENTER, Language.ZH_HANT, "乙 代 甲"),
        (Role.SPEAKER, Language.EN, "Yi for 甲"),
    ],
)
def test_who_stands_in_is_said_as_the_record_has_it(role: Role, language: Language, line: str) -> None:
    assert line_of(role, substitute=YI, original=JIA, language=language) == line


def test_english_readers_get_the_latin_name_where_there_is_one() -> None:
    assert [name_of(YI, language) for language in Language] == ["乙", "乙", "Yi"]
    assert name_of(JIA, Language.EN) == "甲"
