"""A programme that somebody wrote in a spreadsheet: each row a part, its headings in any of three languages.

Times are times of day at the venue, or whole dates; what cannot be read is told with the row's number, and nothing is
written before the organiser has seen it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from checkin.stage.segment_form import MOST_SEGMENTS, SegmentForm
from events.core.errors import Invalid
from events.core.i18n import Catalogues, Language
from events.core.parsing import parsed
from events.models import SEGMENT_WORDS, Event
from events.spreadsheet import Cell, Rows

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "kind": ("kind", "环节类型", "環節類型", "类型", "類型"),
    "starts_at": ("starts", "开始", "開始", "开始时间", "開始時間", "start", "starts at"),
    "ends_at": ("ends", "结束", "結束", "结束时间", "結束時間", "end", "ends at"),
    "title.zh_hans": ("title (zh-hans)", "名称", "环节", "简体名称"),
    "title.zh_hant": ("title (zh-hant)", "名稱", "環節", "繁體名稱"),
    "title.en": ("title (en)", "英文名称", "英文名稱", "title"),
    "place.zh_hans": ("place (zh-hans)", "地点", "简体地点"),
    "place.zh_hant": ("place (zh-hant)", "地點", "繁體地點"),
    "place.en": ("place (en)", "英文地点", "英文地點", "place"),
    "languages": ("languages", "语言", "語言"),
    "public": ("public", "公开", "公開"),
}
"""The columns, each by what it may be called; the first is what the empty form calls it."""

_LANGUAGES = {"简": "zh-Hans", "普": "zh-Hans", "繁": "zh-Hant", "粤": "zh-Hant", "粵": "zh-Hant", "英": "en"}
_WEEK = timedelta(days=7)
_NO = {"0", "no", "n", "false", "否", "不"}
_CLOCK = re.compile(r"([0-2]?\d)[:：时時]([0-5]\d)分?")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a row: the column's name as in `COLUMNS`, or empty for the row; `code` as forms have them."""

    row: int
    column: str
    code: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a spreadsheet holds. Only without problems it is fit to be written."""

    forms: Sequence[SegmentForm]
    problems: Sequence[Problem]


def sheet_of(rows: Rows, event: Event, catalogues: Catalogues) -> Sheet:
    """The programme in the rows of a spreadsheet; raises Invalid where they have no headings that we know, or there
    are too many."""
    columns = [_column(cell) for cell in rows[0][1]] if rows else []
    if not {"kind", "starts_at"} <= {*columns}:
        raise Invalid("no_headings")
    if len(rows) > MOST_SEGMENTS + 1:
        raise Invalid("too_many_segments", most=MOST_SEGMENTS)
    kinds = _kinds(catalogues)
    forms: list[SegmentForm] = []
    problems: list[Problem] = []
    for number, cells in rows[1:]:
        told = {column: cell for column, cell in zip(columns, cells, strict=False) if column and cell != ""}
        try:
            forms.append(parsed(SegmentForm, _given(told, event, kinds)))
        except Invalid as refused:
            problems += [Problem(number, field, code) for field, code in refused.fields.items()]
    return Sheet(forms, problems)


def _column(cell: Cell) -> str:
    name = " ".join(str(cell).split()).lower()
    return next((column for column, names in COLUMNS.items() if name in names), "")


def _kinds(catalogues: Catalogues) -> dict[str, str]:
    """Each kind by its key and by what it is called in each language."""
    said = {
        catalogues.say(words, language).lower(): kind for kind, words in SEGMENT_WORDS.items() for language in Language
    }
    return {**{kind: kind for kind in SEGMENT_WORDS}, **said}


def _given(told: Mapping[str, Cell], event: Event, kinds: Mapping[str, str]) -> dict[str, Any]:
    texts = {
        name: {key: str(told.get(f"{name}.{key}", "")) for key in ("zh_hans", "zh_hant", "en")}
        for name in ("title", "place")
    }
    kind = str(told.get("kind", "")).strip()
    starts_at = _moment(told.get("starts_at", ""), event)
    ends_at = _moment(told.get("ends_at", ""), event)
    given: dict[str, Any] = {**texts, "kind": kinds.get(kind.lower(), kind), "starts_at": starts_at, "ends_at": ends_at}
    if isinstance(starts_at, datetime) and isinstance(ends_at, datetime) and ends_at <= starts_at:
        raise Invalid(fields={"ends_at": "ends_before_start"})
    if languages := str(told.get("languages", "")):
        given["languages"] = _languages(languages)
    if str(told.get("public", "")).strip().lower() in _NO:
        given["public"] = False
    return given


def _languages(text: str) -> list[str]:
    """The languages named, by their tags or by the first character of their Chinese names."""
    parts = re.split(r"[\s,，、;；/]+", text.strip())
    return [_LANGUAGES.get(part[:1], part) for part in parts if part]


def _moment(cell: Cell, event: Event) -> object:
    """A time at the venue, on the day of the event where no day is named; as it is where it is none."""
    zone = event.zone
    first = event.starts_at.astimezone(zone).date()
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=zone)
    if isinstance(cell, time):
        return datetime.combine(first, cell, zone)
    if isinstance(cell, timedelta) and abs(cell) < _WEEK:
        return datetime.combine(first, time(), zone) + cell
    return _typed(str(cell).strip(), first, zone)


def _typed(text: str, first: date, zone: ZoneInfo) -> object:
    if clock := _CLOCK.fullmatch(text):
        hours, minutes = int(clock[1]), int(clock[2])
        return datetime.combine(first, time(hours % 24, minutes), zone) if hours < 24 else text
    try:
        told = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return text or None
    return told if told.tzinfo else told.replace(tzinfo=zone)
