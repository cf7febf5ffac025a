"""One line of what a master of ceremonies says, as a value; `cues` makes them, tablet and paper show them."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from checkin.stage.introductions import Introduced
from checkin.stage.models import RoundId, RoundState
from events.models import SegmentId

_DIGEST = 16


class CueKind(StrEnum):
    """What a line is for."""

    OPENING = "opening"
    CALL = "call"
    INVITE = "invite"
    ACT = "act"
    EXCHANGE = "exchange"
    CLOSE = "close"
    POSTPONED = "postponed"
    WITHDRAWN = "withdrawn"

    @property
    def is_spoken(self) -> bool:
        """Whether such a line is read out; the others say what has left the order."""
        return self not in (CueKind.POSTPONED, CueKind.WITHDRAWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class CueLine:
    """One line. sentence: as it is read out; script: what was written besides; both in the line's language.

    label: what kind of line that is, in words. number: of the round in the programme, 0 where the line belongs to none.
    people: whom it names, in that order; quiet ones stand there and are not read out.
    """

    key: str
    kind: CueKind
    label: str
    segment_id: SegmentId
    segment: str
    sentence: str
    script: str = ""
    at: datetime | None = None
    round_id: RoundId | None = None
    number: int = 0
    title: str = ""
    state: RoundState | None = None
    people: tuple[Introduced, ...] = ()


def digest_of(line: CueLine) -> str:
    """What of a line its reader goes by, in 16 characters: another time, name or word is another digest.

    That its round went on, or has another number now, is not: nothing else is said for it.
    """
    people = [
        (each.words, each.second, each.reading, each.confirmed, each.doubts_reading, each.stands_for)
        for each in line.people
    ]
    said = [line.kind, line.title, line.sentence, line.script, line.at.isoformat() if line.at else "", people]
    return sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:_DIGEST]
