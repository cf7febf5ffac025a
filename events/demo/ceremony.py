"""What is signed, presented, launched and said at the demonstration event, and who stands where: by names of guests.

`seed-demo` puts them into the database, `yingbin demo` sends them to the API. A round is what the API takes, except
that `guest` stands where the API has `guest_id`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from pydantic import TypeAdapter

from events.models import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class StorySubstitution:
    """Who signs for whom."""

    original: str
    substitute: str
    authority: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPostponement:
    """Whose round is put off."""

    guest: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StorySpoken:
    """How a guest is announced."""

    guest: str
    honorific: Text
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPlace:
    """Somebody in a photograph. grade: of the position held, lower first."""

    guest: str
    grade: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMove:
    """Whom protocol puts elsewhere, and why."""

    guest: str
    to_position: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPhotograph:
    """A photograph for which two sides line up by turns. `segment`: as of a round."""

    segment: int
    title: Text
    tie_breaks: tuple[str, ...]
    rows: int
    people: tuple[StoryPlace, ...]
    move: StoryMove


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceremony:
    """The rounds in their order, and what comes between plan and day. A round's `segment`: its number, from 1."""

    rounds: tuple[Mapping[str, Any], ...]
    substitution: StorySubstitution
    postponement: StoryPostponement
    photograph: StoryPhotograph
    spoken: tuple[StorySpoken, ...]


def load_ceremony() -> Ceremony:
    """The ceremony of the demonstration event."""
    text = files("events.demo").joinpath("stage.json").read_text("utf-8")
    return TypeAdapter(Ceremony).validate_json(text)


def with_ids(story_round: Mapping[str, Any], guest_ids: Mapping[str, Any]) -> dict[str, Any]:
    """The round as the API takes it; `guest_ids` by name."""
    named = story_round["participants"]
    parts = [{**each, "guest_id": str(guest_ids[each["guest"]])} for each in named]
    told = {name: value for name, value in story_round.items() if name != "segment"}
    return {
        **told,
        "participants": [{name: value for name, value in part.items() if name != "guest"} for part in parts],
    }
