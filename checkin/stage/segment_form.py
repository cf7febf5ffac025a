"""A part of the programme as somebody describes it: in JSON, on the page, or as a row of a spreadsheet."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel

from events.core.i18n import Language
from events.forms import Moment, Prose, SaidText, ShortText
from events.models import UNSAID, Segment, SegmentKind

MOST_SEGMENTS = 100
"""Parts of one programme."""


def _each_once(value: list[Language]) -> list[Language]:
    return list(dict.fromkeys(value))


class SegmentForm(BaseModel):
    """One part of the programme. Times carry their offset; languages: in which it is announced, in that order."""

    model_config = ConfigDict(extra="forbid")

    kind: SegmentKind
    title: SaidText
    place: ShortText = UNSAID
    starts_at: Moment
    ends_at: Moment
    languages: Annotated[list[Language], Field(min_length=1, max_length=3), AfterValidator(_each_once)] = [
        Language.ZH_HANS
    ]
    public: bool = True
    script: Prose = UNSAID


class SegmentForms(RootModel[list[SegmentForm]]):
    """Several parts, as an import keeps them between showing and writing."""


class SegmentChanges(RootModel[dict[str, Any]]):
    """Some of the fields of a segment."""


def described(segment: Segment) -> dict[str, Any]:
    """The segment as `SegmentForm` takes it."""
    return {**{name: getattr(segment, name) for name in SegmentForm.model_fields}, "languages": [*segment.languages]}
