"""Exhibitors whom somebody listed in a spreadsheet: each row a booth, its headings in any of three languages.

What cannot be read is told with the row's number, and nothing is written before the organiser has seen it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, RootModel

from checkin.booth.exhibitor_form import LANGUAGES, TEXTS, ExhibitorForm
from events.core.errors import Invalid
from events.core.parsing import parsed
from events.spreadsheet import Cell, Rows

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "booth": ("booth", "展位", "展位号", "展位號", "展位編號"),
    "name.zh_hans": ("company (zh-hans)", "企业", "企业名称", "公司", "参展单位"),
    "name.zh_hant": ("company (zh-hant)", "公司名稱", "參展機構", "繁体名称", "繁體名稱"),
    "name.en": ("company (en)", "company", "英文名称", "英文名稱"),
    "field_name.zh_hans": ("field (zh-hans)", "领域"),
    "field_name.zh_hant": ("field (zh-hant)", "領域"),
    "field_name.en": ("field (en)", "field", "英文领域", "英文領域"),
    "summary.zh_hans": ("summary (zh-hans)", "展示内容", "简介"),
    "summary.zh_hant": ("summary (zh-hant)", "展示內容", "簡介"),
    "summary.en": ("summary (en)", "summary", "英文简介", "英文簡介"),
}
"""The columns, each by what it may be called; the first is what the page calls it."""
MOST_EXHIBITORS = 500
"""They are written in one transaction, for which everybody else waits."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a row: the column's name as in `COLUMNS`, and the code as forms have them."""

    row: int
    column: str
    code: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a spreadsheet holds. Only without problems it is fit to be written."""

    forms: Sequence[ExhibitorForm]
    problems: Sequence[Problem]


class ExhibitorForms(RootModel[Annotated[list[ExhibitorForm], Field(max_length=MOST_EXHIBITORS)]]):
    """Several exhibitors, as an import keeps them between showing and writing."""


def sheet_of(rows: Rows, taken: Collection[str]) -> Sheet:
    """The exhibitors in the rows of a spreadsheet; `taken` are the booths that somebody has.

    Raises Invalid where they have no headings that we know, `too_many_rows` beyond `MOST_EXHIBITORS`.
    """
    if len(rows) > MOST_EXHIBITORS + 1:
        raise Invalid("too_many_rows", most=MOST_EXHIBITORS)
    columns = [_column(cell) for cell in rows[0][1]] if rows else []
    if "booth" not in columns:
        raise Invalid("no_headings")
    forms: list[ExhibitorForm] = []
    problems: list[Problem] = []
    for number, cells in rows[1:]:
        told = {column: _text(cell) for column, cell in zip(columns, cells, strict=False) if column}
        try:
            forms.append(_form(told, {*taken, *(form.booth for form in forms)}))
        except Invalid as refused:
            problems += [Problem(number, field, code) for field, code in refused.fields.items()]
    return Sheet(forms, problems)


def _column(cell: Cell) -> str:
    name = " ".join(str(cell).split()).lower()
    return next((column for column, names in COLUMNS.items() if name in names), "")


def _text(cell: Cell) -> str:
    """A booth that is a mere number comes as 7.0."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _form(told: Mapping[str, str], taken: Collection[str]) -> ExhibitorForm:
    given: dict[str, Any] = {name: {each: told.get(f"{name}.{each}", "") for each in LANGUAGES} for name in TEXTS}
    form = parsed(ExhibitorForm, {"booth": told.get("booth", ""), **given})
    if form.booth in taken:
        raise Invalid(fields={"booth": "booth_taken"})
    return form
