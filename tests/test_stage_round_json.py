from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from checkin.stage.models import Act, RoundState, Transition
from checkin.stage.readiness import readiness_of
from checkin.stage.round_json import readiness_json, round_json
from events.core.auth import Principal, Scope
from events.core.i18n import Language
from tests.cast import NOON
from tests.stage_values import part, person, signing, stage, swap

LIAISON = {"liaison": "lu@example.org", "liaison_name": "陆遥", "liaison_phone": "+85291234567"}
JIA = person(11, "甲", side="park", **LIAISON)
YI = person(12, "乙", name_latin="Yi", first_at=NOON, last_at=NOON, last_gate="正门", inside=True)
PART, EMPTY = part(21, YI, party=1, seat=1), part(22, None, party=2)
ROUND = signing(31, PART, EMPTY, state=RoundState.READY, step=1, version=3, cue_at=NOON + timedelta(minutes=9))
READY = Transition(
    round_id=ROUND.id,
    number=1,
    act=Act.READY,
    before=RoundState.DRAFT,
    after=RoundState.READY,
    at=NOON,
    actor="stage@example.org",
    actor_name="何卓文",
    where="后台",
)
SWAP = swap(1, PART, JIA, YI)
STAGE = stage(ROUND, people=(JIA, YI), transitions={ROUND.id: [READY]}, substitutions={ROUND.id: [SWAP]})
MANAGER = Principal("stage@example.org", frozenset({Scope.STAGE, Scope.READ}))
READER = Principal("token:reader", frozenset({Scope.READ}))


def test_a_round_is_told_with_all_that_was_done_and_nobody_s_address() -> None:
    told = round_json(ROUND, STAGE, MANAGER)

    assert told == {
        "id": str(ROUND.id),
        "segment_id": str(ROUND.segment_id),
        "kind": "signing",
        "number": 1,
        "position": 31,
        "title": {"zh_hans": "合作协议", "zh_hant": "合作協議", "en": "Agreement"},
        "item": {"zh_hans": "", "zh_hant": "", "en": ""},
        "script": {"zh_hans": "", "zh_hant": "", "en": ""},
        "copies": 2,
        "languages": [],
        "cue_at": "2026-03-02T04:09:00+00:00",
        "wants_signature": False,
        "state": "ready",
        "step": 1,
        "version": 3,
        "possible": ["call", "postpone", "withdraw", "undo"],
        "parties": [_party(1, "科技园公司", "The Parks"), _party(2, "发展署", "The Authority")],
        "participants": [
            {**_part(21, 1), "seat": 1, "guest_id": str(YI.guest.id), "guest": _guest(12, "乙", name_latin="Yi")},
            _part(22, 2),
        ],
        "transitions": [
            {
                "number": 1,
                "act": "ready",
                "before": "draft",
                "after": "ready",
                "at": "2026-03-02T04:00:00+00:00",
                "by": "何卓文",
                "where": "后台",
                "reason": "",
                "undoes": None,
            }
        ],
        "substitutions": [
            {
                "id": str(SWAP.id),
                "participant": str(PART.id),
                "role": "signatory",
                "original": _guest(11, "甲", side="park"),
                "substitute": _guest(12, "乙", name_latin="Yi"),
                "line": "乙 代 甲 签",
                "authority": "主席",
                "reason": "第1次",
                "at": "2026-03-02T04:01:00+00:00",
                "by": "何卓文",
            }
        ],
    }


def test_who_may_only_read_is_offered_no_act() -> None:
    assert round_json(ROUND, STAGE, READER)["possible"] == []


def test_who_stood_in_is_said_in_the_reader_s_language() -> None:
    [told] = round_json(ROUND, STAGE, READER, language=Language.EN)["substitutions"]

    assert told["line"] == "Yi signs for 甲"


def test_readiness_says_who_is_here_whom_to_ask_for_the_others_and_what_is_wrong() -> None:
    this = replace(ROUND, participants=(PART, part(22, JIA, party=2), part(23, None, party=2)))
    reading = stage(this, people=(JIA, YI))

    told = readiness_json(readiness_of(this, reading), this, reading, MANAGER)

    here = {"present": True, "first_at": "2026-03-02T04:00:00+00:00", "left_at": None, "last_gate": "正门"}
    away = {"present": False, "first_at": None, "left_at": None, "last_gate": "", "last_at": None}
    came = {**_place(21, 1), "guest": _guest(12, "乙", name_latin="Yi"), **here, "last_at": here["first_at"]}
    missing = {**_place(22, 2), "guest": _guest(11, "甲", side="park"), **away}
    nobody = {**_place(23, 2), "guest": None, **away}
    whom = {"name": "陆遥", "phone": "+85291234567", "email": "lu@example.org"}
    fault = {"code": "unnamed", "participant": str(UUID(int=23)), "guest": None, "party": 2, "other_round": None}
    assert told == {
        "round": str(this.id),
        "version": 3,
        "needed": 3,
        "present": 1,
        "cue_at": "2026-03-02T04:09:00+00:00",
        "minutes_to_cue": 9,
        "missing": [{**missing, "liaison": whom}, {**nobody, "liaison": None}],
        "people": [came, missing, nobody],
        "faults": [{**fault, "message": "签字人人选未定"}],
    }


def test_a_liaison_is_the_business_of_the_guest_s_own_side_only() -> None:
    this = replace(ROUND, participants=(part(22, JIA, party=2),))
    reading = stage(this, people=(JIA,))

    def asked(side: str) -> Any:
        viewer = replace(READER, side=side)
        [missing] = readiness_json(readiness_of(this, reading), this, reading, viewer)["missing"]
        return missing["liaison"] and missing["liaison"]["name"]

    assert [asked(side) for side in ("", "park", "valley")] == ["陆遥", "陆遥", None]


def _party(number: int, zh_hans: str, en: str) -> dict[str, Any]:
    name, unsaid = {"zh_hans": zh_hans, "zh_hant": "", "en": en}, {"zh_hans": "", "zh_hant": "", "en": ""}
    return {"number": number, "name": name, "short": unsaid, "hosting": "neither", "side": ""}


def _place(number: int, party: int) -> dict[str, Any]:
    return {"participant": str(UUID(int=number)), "role": "signatory", "party": party}


def _part(number: int, party: int) -> dict[str, Any]:
    unsaid = {"zh_hans": "", "zh_hant": "", "en": ""}
    empty = {"guest_id": None, "title": unsaid, "position": 1, "seat": None, "place": None, "guest": None}
    return {"id": str(UUID(int=number)), "role": "signatory", "party": party, **empty}


def _guest(number: int, name: str, **given: str) -> dict[str, str]:
    empty = {"name_latin": "", "organisation": "", "job_title": "", "side": ""}
    return {"id": str(UUID(int=number)), "name": name, **empty, **given}
