"""The form in which a tour's route is edited: its fields as stops, stops as fields, and what each of its buttons does.

A button carries what it does in `act`: `save`, `add`, or `up.2`, `down.2`, `remove.2` of the stop with that index.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from checkin.booth.exhibitor_form import LANGUAGES
from checkin.booth.models import Stop
from events.core.parsing import parsed
from events.forms import Line, Prose
from events.models import UNSAID

MOST_STOPS = 30
USUAL_MINUTES = 5


class StopForm(BaseModel):
    """One stop as somebody describes it."""

    model_config = ConfigDict(extra="forbid")

    booth: Annotated[Line, Field(min_length=1, max_length=12)]
    minutes: Annotated[int, Field(ge=1, le=240)] = USUAL_MINUTES
    note: Prose = UNSAID


class RouteForm(BaseModel):
    """The stops in order."""

    stops: Annotated[list[StopForm], Field(max_length=MOST_STOPS)]

    def route(self) -> list[Stop]:
        """The stops that this describes."""
        return [Stop(booth=each.booth, minutes=each.minutes, note=each.note) for each in self.stops]


def rows_of(values: Mapping[str, str]) -> list[dict[str, str]]:
    """What stands in each row of the form: `booth`, `minutes` and the note in each language."""
    numbers = (name.removeprefix("booth.") for name in values)
    indexes = sorted({int(number) for number in numbers if number.isdecimal() and len(number) < 4})
    return [_row(values, index) for index in indexes[:MOST_STOPS]]


def rows_from(stops: Sequence[Stop]) -> list[dict[str, str]]:
    """The rows of the filled form."""
    return [{"booth": stop.booth, "minutes": str(stop.minutes), **_notes(stop)} for stop in stops]


def acted(rows: Sequence[Mapping[str, str]], act: str, *, added: str = "") -> list[Mapping[str, str]]:
    """The rows after a button was pressed; one that leads nowhere changes nothing. added: the booth to add."""
    verb, _, number = act.partition(".")
    index = int(number) if number.isdecimal() and len(number) < 4 else -1
    changed = list(rows)
    if verb == "add" and added:
        return [*changed, {"booth": added, "minutes": str(USUAL_MINUTES)}]
    if not 0 <= index < len(changed):
        return changed
    if verb == "remove":
        del changed[index]
    target = index + {"up": -1, "down": 1}.get(verb, 0)
    if verb in {"up", "down"} and 0 <= target < len(changed):
        changed[index], changed[target] = changed[target], changed[index]
    return changed


def form_of(rows: Sequence[Mapping[str, str]]) -> RouteForm:
    """What was typed; raises Invalid, its fields named as in the form: `minutes.2`."""
    stops = [
        {
            "booth": row.get("booth", ""),
            "minutes": row.get("minutes", ""),
            "note": {each: row.get(f"note.{each}", "") for each in LANGUAGES},
        }
        for row in rows
    ]
    return parsed(RouteForm, {"stops": stops})


def _row(values: Mapping[str, str], index: int) -> dict[str, str]:
    names = ("booth", "minutes", *(f"note.{each}" for each in LANGUAGES))
    return {name: values.get(f"{name}.{index}", "") for name in names}


def _notes(stop: Stop) -> dict[str, str]:
    return {f"note.{each}": str(getattr(stop.note, each)) for each in LANGUAGES}
