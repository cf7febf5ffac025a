"""Who of a round is in the house, how long it is until they are called, and what is wrong; without HTTP or SQL.

Called by the board, the page of a round and the API.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from checkin.stage.faults import Fault, Prints, faults_of, holes
from checkin.stage.models import Participant, Person, Round, Stage

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A part and whoever has it; `person` None where nobody is named yet."""

    participant: Participant
    person: Person | None = None

    @property
    def present(self) -> bool:
        """Whether they are in the house now."""
        return self.person is not None and self.person.inside

    @property
    def left_at(self) -> datetime | None:
        """When somebody who had come went away (UTC); None for who is here or never came."""
        came = self.person is not None and self.person.first_at is not None
        return self.person.last_at if self.person and came and not self.person.inside else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """How ready a round is. people: by part, in the round's order.

    cue_at: when it is called (UTC). minutes_to_cue: whole minutes that are left, below 0 once it has passed.
    """

    people: tuple[Standing, ...]
    cue_at: datetime
    minutes_to_cue: int
    faults: tuple[Fault, ...]

    @property
    def needed(self) -> int:
        """How many parts the round has."""
        return len(self.people)

    @property
    def present(self) -> int:
        """How many of them are filled by somebody in the house."""
        return sum(each.present for each in self.people)

    @property
    def missing(self) -> list[Standing]:
        """Who is not in the house, and the parts that nobody has."""
        return [each for each in self.people if not each.present]


def readiness_of(this: Round, stage: Stage, *, prints: Prints = holes) -> Readiness:
    """The readiness of a round at the moment of the reading. Without its own cue its segment's beginning counts."""
    cue_at = this.cue_at or stage.segment(this.segment_id).starts_at
    return Readiness(
        people=tuple(Standing(participant=part, person=stage.person(part)) for part in this.participants),
        cue_at=cue_at,
        minutes_to_cue=(cue_at - stage.at) // _MINUTE,
        faults=tuple(faults_of(this, stage, prints)),
    )
