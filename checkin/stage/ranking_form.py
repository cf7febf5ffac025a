"""A precedence list as somebody describes it, and what they do to it: checked alike for pages, scripts and the
demonstration."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from checkin.stage.precedence import TieBreak
from checkin.stage.ranking import MOST_PEOPLE, Purpose, Ranking
from checkin.stage.seating import Honour
from events.forms import Line, SaidText

_MOST = 1000


def _each_once(value: list[TieBreak]) -> list[TieBreak]:
    return list(dict.fromkeys(value))


class RankingForm(BaseModel):
    """How a list is called, what it is for, by what it is ordered, and how it is drawn.

    tie_breaks: the first decides first; what they leave open, the spelling of the name decides.
    """

    model_config = ConfigDict(extra="forbid")

    title: SaidText
    purpose: Purpose = Purpose.PHOTO
    segment_id: UUID | None = None
    tie_breaks: Annotated[list[TieBreak], AfterValidator(_each_once)] = [TieBreak.POSITION, TieBreak.STROKES]
    interleaves: bool = False
    rows: Annotated[int, Field(ge=1, le=3)] = 1
    honour: Honour = Honour.RIGHT


class Source(BaseModel):
    """Whom a list begins with: the people of a segment's rounds, of one round, of a category, and whoever is named."""

    model_config = ConfigDict(extra="forbid")

    segment_id: UUID | None = None
    round_id: UUID | None = None
    category: Annotated[Line, Field(max_length=40)] = ""
    guest_ids: Annotated[list[UUID], Field(max_length=MOST_PEOPLE)] = []


class NewRanking(RankingForm):
    """A list to make, and whom it begins with."""

    people: Source = Source()


class Facts(BaseModel):
    """By what somebody is ranked; 0 and none: not given. grade: without one, that of the guest's category."""

    model_config = ConfigDict(extra="forbid")

    rank: Annotated[int, Field(ge=0, le=_MOST)] = 0
    grade: Annotated[int, Field(ge=0, le=_MOST)] = 0
    founded: Annotated[int, Field(ge=1, le=2100)] | None = None


class MoveForm(BaseModel):
    """Who goes where, and why; the reason is kept."""

    model_config = ConfigDict(extra="forbid")

    guest_id: UUID
    to_position: Annotated[int, Field(ge=1, le=MOST_PEOPLE)]
    reason: Annotated[Line, Field(min_length=1, max_length=200)]


class UndoForm(BaseModel):
    """Why the last move is taken back."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[Line, Field(min_length=1, max_length=200)]


def described(ranking: Ranking) -> dict[str, object]:
    """The list as `RankingForm` takes it, for a change of some of its fields."""
    return {**{name: getattr(ranking, name) for name in RankingForm.model_fields}, "tie_breaks": [*ranking.tie_breaks]}
