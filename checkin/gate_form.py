"""A gate as a page's form holds it: what is typed there as a `GateForm`, a gate as fields, and gates to begin with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from checkin.gates_api import GateForm
from checkin.models import Gate, GateKind
from events.core.i18n import Language
from events.core.parsing import parsed
from events.models import Category, Text

_PLAIN = ("name", "kind", "reentry", "zone")
_TIMES = ("opens_at", "closes_at")
_ADMITS = "admits."


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A gate as most events have one. vip: it admits the categories that a host is alerted of."""

    name: Text
    kind: GateKind = GateKind.ENTRANCE
    zone: Text = field(default_factory=Text)
    limit: str = ""
    vip: bool = False


_HALL = Text(zh_hans="展区", zh_hant="展區", en="Exhibition")
PRESETS: Mapping[str, Preset] = {
    "main": Preset(name=Text(zh_hans="正门 Main entrance", zh_hant="正門 Main entrance", en="Main entrance")),
    "vip": Preset(name=Text(zh_hans="贵宾入口 VIP", zh_hant="貴賓入口 VIP", en="VIP entrance"), vip=True),
    "zone": Preset(name=_HALL, kind=GateKind.ZONE, zone=_HALL, limit="100"),
    "exit": Preset(name=Text(zh_hans="出口 Exit", zh_hant="出口 Exit", en="Exit")),
}


def preset_values(preset: Preset, *, categories: Sequence[Category], language: Language) -> dict[str, str]:
    """The fields of a form that begins with the preset, its names in the reader's language."""
    admitted = [category.key for category in categories if preset.vip and category.attention]
    rule = {"kind": preset.kind.value, "reentry": "many", "limit": preset.limit}
    names = {"name": preset.name.said_in(language), "zone": preset.zone.said_in(language)}
    return {**names, **rule, **{f"{_ADMITS}{key}": "1" for key in admitted}}


def values_of(gate: Gate, zone: ZoneInfo) -> dict[str, str]:
    """The fields of the filled form, times as clocks at the venue show them."""
    plain = {name: str(getattr(gate, name)) for name in _PLAIN}
    times = {name: _local(getattr(gate, name), zone) for name in _TIMES}
    admitted = {f"{_ADMITS}{key}": "1" for key in gate.admits}
    return {**plain, **times, **admitted, "limit": str(gate.limit or ""), "version": str(gate.version)}


def form_of(values: Mapping[str, str], zone: ZoneInfo) -> GateForm:
    """What was typed; raises Invalid by field."""
    plain = {name: values.get(name, "") for name in _PLAIN}
    times = {name: _moment(values.get(name, ""), zone) for name in _TIMES}
    admits = [name.removeprefix(_ADMITS) for name in values if name.startswith(_ADMITS)]
    return parsed(GateForm, {**plain, **times, "admits": admits, "limit": values.get("limit") or None})


def _local(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%dT%H:%M}" if moment else ""


def _moment(text: str, zone: ZoneInfo) -> str | None:
    """A browser's local time with the offset of `zone` on that day; what is none is left for the form to refuse."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone).isoformat()
    except ValueError:
        return text or None
