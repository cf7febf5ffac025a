"""What a colleague wrote into a round beside what was typed meanwhile; the editor of rounds shows both."""

from collections.abc import Mapping
from dataclasses import dataclass

from checkin.stage.editor_sheet import PARTIES, PEOPLE, Sheet
from events.core.i18n import Language

_UNSEEN = ("id", "guest_id", "party")
_TICKED = ("wants_signature",)


@dataclass(frozen=True, slots=True)
class Compared:
    """sheet: what was typed, with the rows that a colleague added. now: by field, what stands there now where it
    differs; `people.N` and `parties.N` are `added` or `removed` where a colleague did that to the row."""

    sheet: Sheet
    now: Mapping[str, str]


def compared(typed: Sheet, fresh: Sheet) -> Compared:
    """Rows of people are matched by the part's id, those of parties by their number."""
    rows = _matched(typed, fresh)
    renamed = {_renamed(name, rows): value for name, value in fresh.values.items()}
    added = [row for row in rows.values() if row not in typed.rows(PEOPLE)]
    known = {fresh.get(f"people.{row}.id") for row in fresh.rows(PEOPLE)}
    removed = [row for row in typed.rows(PEOPLE) if typed.get(f"people.{row}.id") not in {"", *known}]
    kept = {name: value for name, value in renamed.items() if _is_of(name, PEOPLE, added) or _is_new_party(name, typed)}
    values = {**typed.values, **kept, "version": fresh.get("version")}
    for row in removed:
        values[f"people.{row}.id"] = ""
    parties = [row for row in fresh.rows(PARTIES) if row not in typed.rows(PARTIES)]
    marks = {f"people.{row}": "added" for row in added} | {f"people.{row}": "removed" for row in removed}
    marks |= {f"parties.{row}": "added" for row in parties}
    return Compared(Sheet(values), {**_differences(Sheet(values), Sheet(renamed)), **marks})


def _matched(typed: Sheet, fresh: Sheet) -> dict[int, int]:
    """For each row of people that is on record, the row on the page; a new one where it is not there."""
    shown = {typed.get(f"people.{row}.id"): row for row in typed.rows(PEOPLE)}
    matched: dict[int, int] = {}
    following = typed.following(PEOPLE)
    for row in fresh.rows(PEOPLE):
        part = fresh.get(f"people.{row}.id")
        matched[row] = shown.get(part, following)
        following += part not in shown
    return matched


def _renamed(name: str, rows: Mapping[int, int]) -> str:
    kind, _, rest = name.partition(".")
    row, _, field = rest.partition(".")
    return f"{PEOPLE}.{rows[int(row)]}.{field}" if kind == PEOPLE else name


def _is_of(name: str, kind: str, rows: list[int]) -> bool:
    return any(name.startswith(f"{kind}.{row}.") for row in rows)


def _is_new_party(name: str, typed: Sheet) -> bool:
    return name.startswith(f"{PARTIES}.") and int(name.split(".")[1]) not in typed.rows(PARTIES)


def _differences(typed: Sheet, fresh: Sheet) -> dict[str, str]:
    told = {
        name: value
        for name, value in fresh.values.items()
        if not name.startswith("language.") and name.rpartition(".")[2] not in {*_UNSEEN, *_TICKED, "version"}
        if typed.get(name) != value.strip()
    }
    ticked = {name: fresh.get(name) for name in _TICKED if typed.get(name) != fresh.get(name)}
    spoken = [" ".join(each for each in Language if f"language.{each}" in sheet.values) for sheet in (typed, fresh)]
    return {**told, **ticked, **({"languages": spoken[1]} if spoken[0] != spoken[1] else {})}
