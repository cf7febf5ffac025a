"""The form by which somebody else takes a part: an invited guest by name, or a person who is registered with it.

Called by the page of a round.
"""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.stage.models import ParticipantId
from checkin.stage.naming import guest_named
from events.core.errors import Invalid, NotFound
from events.core.i18n import Language
from events.core.ids import EventId
from events.core.parsing import Model, parsed
from events.forms import GuestForm, Line
from events.models import GuestId, Text

NEW_PERSON = ("name", "name_latin", "organisation", "job_title", "phone")
"""What is asked of somebody who is not registered yet."""


class _Words(BaseModel):
    """authority: on whose word. title: as the substitute is read out, empty for their own."""

    authority: Annotated[Line, Field(min_length=1, max_length=200)]
    reason: Annotated[Line, Field(min_length=1, max_length=200)]
    title: Annotated[Line, Field(max_length=160)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstitutionForm:
    """What was asked for. named: the guest as typed; chosen: one of several of that name; newcomer: not invited yet."""

    participant_id: ParticipantId
    authority: str
    reason: str
    title: Text
    named: str = ""
    chosen: GuestId | None = None
    newcomer: GuestForm | None = None

    async def taker(self, tx: AsyncConnection, event_id: EventId) -> GuestId | GuestForm:
        """Who takes the part; raises Invalid where the name is nobody's, or several people's."""
        return self.newcomer or self.chosen or (await guest_named(tx, event_id, self.named)).id


def form_of(values: dict[str, str], language: Language) -> SubstitutionForm:
    """What was typed, `language` being that of the title; raises Invalid with everything that is wrong at once."""
    errors: dict[str, str] = {}
    words = _checked(_Words, {name: values.get(name, "") for name in _Words.model_fields}, errors)
    newcomer, named = _newcomer(values, errors), values.get("substitute", "").strip()
    if newcomer and named:
        errors["substitute"] = "either"
    if not (newcomer or named or any(values.get(name, "").strip() for name in NEW_PERSON)):
        errors["substitute"] = "missing"
    if errors or words is None:
        raise Invalid(fields=errors)
    return SubstitutionForm(
        participant_id=participant_in(values),
        authority=words.authority,
        reason=words.reason,
        title=_title(words.title, language),
        named=named,
        chosen=_id_in(values.get("chosen", "")) if named else None,
        newcomer=newcomer,
    )


def participant_in(values: dict[str, str]) -> ParticipantId:
    """Whose part it is; raises NotFound."""
    found = _id_in(values.get("participant", ""))
    if found is None:
        raise NotFound
    return ParticipantId(found)


def _newcomer(values: dict[str, str], errors: dict[str, str]) -> GuestForm | None:
    given = {name: values[name] for name in NEW_PERSON if values.get(name, "").strip()}
    return _checked(GuestForm, given, errors) if given else None


def _title(words: str, language: Language) -> Text:
    return Text.model_validate({language.value.lower().replace("-", "_"): words})


def _id_in(text: str) -> GuestId | None:
    try:
        return GuestId(UUID(text))
    except ValueError:
        return None


def _checked(model: type[Model], given: dict[str, str], errors: dict[str, str]) -> Model | None:
    try:
        return parsed(model, given)
    except Invalid as refused:
        errors.update(refused.fields)
        return None
