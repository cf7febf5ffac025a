from uuid import UUID

from checkin.stage.changes import Change
from checkin.stage.faults import faults_of
from checkin.stage.refusals import Faulty, Overtaken
from events.core.errors import Conflict, Stale
from events.core.i18n import Language
from tests.cast import NOON
from tests.stage_values import part, person, signing, stage

CHANGE = Change(version=4, at=NOON, by="林晓", what="round.edited", fields=("title",))
THIS = signing(31, part(21, person(11, "陈伟"), party=1), part(22, None, party=2))
STAGE = stage(THIS, people=(person(11, "陈伟"),))


def test_whoever_comes_too_late_is_told_who_did_what_and_when_in_their_language() -> None:
    refused = Overtaken([CHANGE])

    assert isinstance(refused, Stale)
    assert (refused.status, refused.code, refused.changes) == (412, "stale", [CHANGE])
    assert refused.members(Language.ZH_HANS) == {
        "changes": [
            {
                "at": "2026-03-02T04:00:00+00:00",
                "by": "林晓",
                "what": "修改：名称",
                "code": "round.edited",
                "fields": ["title"],
                "version": 4,
            }
        ]
    }


def test_a_round_that_lacks_something_says_what_and_with_whom() -> None:
    refused = Faulty(faults_of(THIS, STAGE), this=THIS, stage=STAGE)

    assert isinstance(refused, Conflict)
    assert (refused.status, refused.code) == (409, "round_faulty")
    assert refused.members(Language.EN) == {
        "faults": [
            {
                "code": "unnamed",
                "party": 2,
                "participant": str(UUID(int=22)),
                "guest": None,
                "other_round": None,
                "message": "Signatory: nobody named yet",
            }
        ]
    }
