"""An exhibitor as somebody describes it: the same model for the API, the desk's form and a spreadsheet."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from events.core.parsing import parsed
from events.forms import Key, Printed, Prose, SaidText
from events.models import UNSAID, Exhibitor

TEXTS = ("field_name", "name", "summary")
LANGUAGES = ("zh_hans", "zh_hant", "en")


class ExhibitorForm(BaseModel):
    """A booth and whose it is. `field` without `field_name` is one that the event has; with it, it is named so.

    `field_name` alone is the field of that name, which becomes a new one where there is none.
    """

    model_config = ConfigDict(extra="forbid")

    booth: Annotated[Printed, Field(pattern=r"^\w[\w.-]{0,11}$")]
    field: Key | None = None
    field_name: SaidText | None = None
    name: SaidText
    summary: Prose = UNSAID


def form_of(values: Mapping[str, str]) -> ExhibitorForm:
    """What was typed on the desk's form; raises Invalid by field. A chosen field needs no name."""
    texts = {name: {each: values.get(f"{name}.{each}", "") for each in LANGUAGES} for name in TEXTS}
    chosen = values.get("field") or None
    if chosen or not any(texts["field_name"].values()):
        del texts["field_name"]
    return parsed(ExhibitorForm, {"booth": values.get("booth", ""), "field": chosen, **texts})


def values_of(exhibitor: Exhibitor) -> dict[str, str]:
    """The fields of the filled form; the name of the field is left out, because the field is chosen."""
    said = {"name": exhibitor.name, "summary": exhibitor.summary}
    texts = {f"{name}.{each}": str(getattr(text, each)) for name, text in said.items() for each in LANGUAGES}
    return {"booth": exhibitor.booth, "field": exhibitor.field, **texts, "version": str(exhibitor.version)}
