"""A round as somebody describes it: checked alike whether a page, a script or the demonstration sends it.

Called by the API, the editor of rounds and the demonstration.
"""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from checkin.stage.models import Hosting, Role, Round
from events.core.i18n import Language
from events.forms import Line, Moment, Prose, SaidText, ShortText
from events.models import UNSAID

_MOST_PARTIES = 12
_MOST_PEOPLE = 80
_MOST_SEATS = 40


def _each_once(value: list[Language]) -> list[Language]:
    return list(dict.fromkeys(value))


class PartyForm(BaseModel):
    """An organisation that takes part. side: the key of the hosting side that looks after it."""

    model_config = ConfigDict(extra="forbid")

    name: SaidText
    short: ShortText = UNSAID
    hosting: Hosting = Hosting.NEITHER
    side: Annotated[Line, Field(max_length=40)] = ""


class ParticipantForm(BaseModel):
    """A part in a round. `id` is kept when it is given, so that what happened to the part stays with it.

    party: by its place in the list, from 1; 0 for none. position: by default, as the parts stand in the list.
    """

    model_config = ConfigDict(extra="forbid")

    id: UUID | None = None
    role: Role
    party: Annotated[int, Field(ge=0, le=_MOST_PARTIES)] = 0
    guest_id: UUID | None = None
    title: ShortText = UNSAID
    position: Annotated[int, Field(ge=1, le=_MOST_PEOPLE)] | None = None
    seat: Annotated[int, Field(ge=1, le=_MOST_SEATS)] | None = None
    place: Annotated[int, Field(ge=1, le=_MOST_SEATS)] | None = None


class RoundForm(BaseModel):
    """A round; what it still lacks is no matter until it is called ready."""

    model_config = ConfigDict(extra="forbid")

    title: ShortText
    item: ShortText = UNSAID
    script: Prose = UNSAID
    copies: Annotated[int, Field(ge=1, le=99)] = 2
    languages: Annotated[list[Language], AfterValidator(_each_once)] = []
    cue_at: Moment | None = None
    wants_signature: bool = False
    parties: Annotated[list[PartyForm], Field(max_length=_MOST_PARTIES)] = []
    participants: Annotated[list[ParticipantForm], Field(max_length=_MOST_PEOPLE)] = []


def form_of(this: Round) -> RoundForm:
    """The filled form."""
    return RoundForm.model_validate(described(this))


def described(this: Round) -> dict[str, object]:
    """The round as `RoundForm` takes it: for a change of some of its fields, and for a page that shows the form."""
    plain = "title", "item", "script", "copies", "cue_at", "wants_signature"
    return {
        **{name: getattr(this, name) for name in plain},
        "languages": list(this.languages),
        "parties": [
            {"name": party.name, "short": party.short, "hosting": party.hosting, "side": party.side}
            for party in this.parties
        ],
        "participants": [
            {name: getattr(part, name) for name in ParticipantForm.model_fields} for part in this.participants
        ],
    }
