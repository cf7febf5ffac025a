"""A precedence list as a page's forms hold it: what is typed there as forms of `ranking_form`, and a list as fields."""

from collections.abc import Mapping
from uuid import UUID

from checkin.stage.ranking import Ranking
from checkin.stage.ranking_form import Facts, RankingForm, Source
from events.core.errors import Invalid
from events.core.parsing import parsed
from events.models import GuestId

TIES = ("tie_1", "tie_2", "tie_3")
"""The fields of the tie-breaks, the one that decides first first."""
_LANGUAGES = ("zh_hans", "zh_hant", "en")
_PLAIN = ("purpose", "rows", "honour")
_FACTS = ("rank", "grade", "founded")
_EMPTY = "0"


def values_of(ranking: Ranking) -> dict[str, str]:
    """The fields of the filled form."""
    titles = {f"title.{language}": getattr(ranking.title, language) for language in _LANGUAGES}
    plain = {name: str(getattr(ranking, name)) for name in _PLAIN}
    ties = dict(zip(TIES, (each.value for each in ranking.tie_breaks), strict=False))
    return {**titles, **plain, **ties, "segment_id": str(ranking.segment_id or ""), **_ticked(ranking.interleaves)}


def form_of(values: Mapping[str, str]) -> RankingForm:
    """What was typed; raises Invalid by field."""
    return parsed(RankingForm, _described(values))


def source_of(values: Mapping[str, str]) -> Source:
    """Whom the list is to begin with, or to take in: `kind:id` as the page offers it."""
    kind, _, key = values.get("source", "").partition(":")
    fields = {"segment": "segment_id", "round": "round_id", "category": "category"}
    try:
        return parsed(Source, {fields[kind]: key} if kind in fields else {})
    except Invalid as refused:
        raise Invalid(fields={"source": "not_offered"}) from refused


def facts_of(values: Mapping[str, str], ranking: Ranking) -> dict[GuestId, Facts]:
    """The facts that were typed and differ from what is on the list; raises Invalid by field."""
    wrong: dict[str, str] = {}
    facts: dict[GuestId, Facts] = {}
    for entry in ranking.entries:
        key = str(entry.guest_id)
        typed = {name: values.get(f"{name}-{key}", "").strip() or None for name in _FACTS}
        given = {name: typed[name] or _EMPTY for name in ("rank", "grade")} | {"founded": typed["founded"]}
        try:
            told = parsed(Facts, given)
        except Invalid as refused:
            wrong |= {f"{name}-{key}": code for name, code in refused.fields.items()}
            continue
        if told != Facts(rank=entry.rank, grade=entry.grade, founded=entry.founded):
            facts[entry.guest_id] = told
    if wrong:
        raise Invalid(fields=wrong)
    return facts


def fact_values(ranking: Ranking) -> dict[str, str]:
    """The facts of everybody as fields; what was not given is empty."""
    return {f"{name}-{entry.guest_id}": str(getattr(entry, name) or "") for entry in ranking.entries for name in _FACTS}


def moved_in(values: Mapping[str, str]) -> dict[str, object]:
    """A move as `MoveForm` takes it."""
    return {name: values.get(name, "") for name in ("guest_id", "to_position", "reason")}


def version_in(values: Mapping[str, str]) -> int:
    """The version that the page showed; 0, which none has, for what is no number."""
    text = values.get("version", "")
    return int(text) if text.isdecimal() and len(text) < _LONGEST else 0


def id_in(text: str) -> UUID | None:
    """An id in a query; None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


_LONGEST = 10


def _described(values: Mapping[str, str]) -> dict[str, object]:
    title = {language: values.get(f"title.{language}", "") for language in _LANGUAGES}
    plain = {name: values[name] for name in _PLAIN if values.get(name)}
    ties = [values[name] for name in TIES if values.get(name)]
    segment_id = values.get("segment_id") or None
    return {
        "title": title,
        **plain,
        "tie_breaks": ties,
        "segment_id": segment_id,
        "interleaves": "interleaves" in values,
    }


def _ticked(interleaves: bool) -> dict[str, str]:
    return {"interleaves": "1"} if interleaves else {}
