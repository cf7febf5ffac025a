from dataclasses import replace
from datetime import timedelta

import pytest

from checkin.stage.faults import Fault, FaultCode
from checkin.stage.readiness import Standing, readiness_of
from tests.cast import NOON
from tests.stage_values import part, person, signing, stage

CAME = NOON - timedelta(minutes=20)
LEFT = NOON - timedelta(minutes=5)
HERE = person(11, "陈伟", first_at=CAME, inside=True, last_at=CAME, last_gate="正门")
GONE = person(12, "李静", first_at=CAME, inside=False, last_at=LEFT, last_gate="出口")
AWAY = person(13, "王芳")
PARTS = part(21, HERE, party=1), part(22, GONE, party=2), part(23, AWAY), part(24, None)
ROUND = signing(31, *PARTS)
STAGE = stage(ROUND, people=(HERE, GONE, AWAY))


def test_present_is_who_is_in_the_house_now() -> None:
    readiness = readiness_of(ROUND, STAGE)

    assert (readiness.needed, readiness.present) == (4, 1)
    assert [each.participant for each in readiness.people] == list(PARTS)
    assert readiness.missing == [
        Standing(participant=PARTS[1], person=GONE),
        Standing(participant=PARTS[2], person=AWAY),
        Standing(participant=PARTS[3]),
    ]


def test_who_left_is_missing_with_the_time_at_which_they_left() -> None:
    assert [each.left_at for each in readiness_of(ROUND, STAGE).people] == [None, LEFT, None, None]


@pytest.mark.parametrize(("cue", "minutes"), [(600, 10), (59, 0), (0, 0), (-1, -1), (-120, -2)])
def test_minutes_to_the_cue_are_whole_ones_that_are_left(cue: int, minutes: int) -> None:
    this = replace(ROUND, cue_at=NOON + timedelta(seconds=cue))

    readiness = readiness_of(this, STAGE)

    assert (readiness.cue_at, readiness.minutes_to_cue) == (this.cue_at, minutes)


def test_without_a_cue_of_its_own_a_round_is_called_when_its_segment_begins() -> None:
    readiness = readiness_of(ROUND, STAGE)

    assert (readiness.cue_at, readiness.minutes_to_cue) == (NOON + timedelta(hours=1), 60)


def test_what_is_wrong_is_told_beside() -> None:
    this = signing(31, *PARTS[:2], part(24, None))

    faults = readiness_of(this, stage(this, people=(HERE, GONE))).faults

    assert faults == (Fault(code=FaultCode.UNNAMED, participant_id=PARTS[3].id),)


def test_a_round_without_people_is_complete_and_nobody_is_missing() -> None:
    readiness = readiness_of(signing(31), STAGE)

    assert (readiness.needed, readiness.present, readiness.missing) == (0, 0, [])
