"""`yingbin demo`: a whole day over real HTTP against a real server, checked against what must come out.

Guests register, badges are printed, three doors scan (one of them offline for a while), some scans are refused as they
should be, the rounds are signed, and the papers must say what the day itself counted.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from uuid import uuid4

import anyio
import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from events.demo.ceremony import load_ceremony
from events.demo.stage import Stage
from events.demo.story import GuestLine, load, more_guests
from events.demo.venue import Venue, opened

_BY_FORM = 24
_AT_ONCE = 100
_PAGE = 500
_ABSENT_EVERY = 18
_REPEATED_EVERY = 20
_PAPERS = ("badges.pdf", "attendance.pdf", "attendance.csv", "record.pdf")
_GATES = ("北门 North", "南门 South", "西门 West")
_FORGED = "Y1ABCDE00000000000000000000X"


class Disagreement(Exception):
    """The papers say something else than what happened."""


@dataclass(slots=True)
class Day:
    """What happened so far. `rates` are things a second, `expected` verdicts as they must be."""

    client: httpx.AsyncClient
    venue: Venue
    lines: Sequence[GuestLine]
    progress: Progress
    rates: dict[str, float] = field(default_factory=dict[str, float])
    expected: Counter[str] = field(default_factory=Counter[str])
    seen: Counter[str] = field(default_factory=Counter[str])
    guests: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    came: set[str] = field(default_factory=set[str])
    papers: dict[str, bytes] = field(default_factory=dict[str, bytes])
    stage: Stage | None = None


async def run(out: Path, *, guests: int, console: Console) -> None:
    """The day with so many guests; leaves its papers in `out`. Raises Disagreement when a count is wrong."""
    story = load()
    lines = [*story.guests, *more_guests(guests - len(story.guests))][:guests]
    columns = TextColumn("{task.description:<14}"), BarColumn(), MofNCompleteColumn()
    with TemporaryDirectory(prefix="yingbin-") as folder, Progress(*columns, console=console) as progress:
        async with opened(Path(folder), story) as venue, _client(venue) as client:
            day = Day(client, venue, lines, progress)
            await _register(day)
            await _print_badges(day)
            day.stage = Stage(client, venue.api, load_ceremony())
            await day.stage.plan(day.guests)
            await _open_doors(day)
            await _hold_ceremony(day, day.stage)
            await _collect_papers(day)
            _check(day)
    await _write(day, out)
    console.print(_report(day, out))


def _client(venue: Venue) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {venue.token}", "Accept-Language": "zh-Hans"}
    return httpx.AsyncClient(base_url=venue.base_url, headers=headers, timeout=60)


async def _register(day: Day) -> None:
    """Some guests fill in the form themselves, secretaries send the others."""
    task, started = day.progress.add_task("register", total=len(day.lines)), perf_counter()
    public = [line for line in day.lines if line.category in day.venue.public and line.email and not line.booth]
    public = public[:_BY_FORM]
    for line in public:
        await _fill_in_form(day, line)
        day.progress.advance(task)
    by_form = {line.email for line in public}
    others = [asdict(line) for line in day.lines if line.email not in by_form]
    for start in range(0, len(others), _AT_ONCE):
        batch = others[start : start + _AT_ONCE]
        answer = (await _post(day, "guests", {"guests": batch}))["refused"]
        _agree("refused guests", answer, [])
        day.progress.advance(task, len(batch))
    await _read_guest_list(day)
    _agree("registered guests", len(day.guests), len(day.lines))
    day.rates["registrations"] = len(day.lines) / (perf_counter() - started)


async def _fill_in_form(day: Day, line: GuestLine) -> None:
    fields = {key: str(value) for key, value in asdict(line).items() if key not in {"side", "booth"}}
    answer = await day.client.post(f"/e/{day.venue.slug}/register", data={**fields, "consent": "1"})
    _agree(f"registration of {line.name}", answer.status_code, 303)


async def _read_guest_list(day: Day) -> None:
    cursor = ""
    while cursor is not None:
        query = {"limit": str(_PAGE), **({"cursor": cursor} if cursor else {})}
        page = (await day.client.get(f"{day.venue.api}/guests", params=query)).raise_for_status().json()
        day.guests += page["guests"]
        cursor = page["cursor"]


async def _print_badges(day: Day) -> None:
    task, started = day.progress.add_task("badges", total=len(day.guests)), perf_counter()
    answer = (await day.client.get(f"{day.venue.api}/badges.pdf", timeout=600)).raise_for_status()
    day.papers["badges.pdf"] = answer.content
    day.rates["badges"] = len(day.guests) / (perf_counter() - started)
    day.progress.advance(task, len(day.guests))


async def _open_doors(day: Day) -> None:
    """Three doors at once; the last is offline in the middle of the rush and uploads afterwards."""
    gates = [(await _post(day, "gates", {"name": name}))["id"] for name in _GATES]
    cancelled, replaced, *rest = day.guests
    await _post(day, f"guests/{cancelled['id']}/cancel", {"reason": "行程变更"})
    await _post(day, f"guests/{replaced['id']}/replace-ticket", {"reason": "遗失"})
    arriving = [guest for number, guest in enumerate(rest, 1) if _comes(day, guest, number)]
    task, started = day.progress.add_task("doors", total=len(arriving)), perf_counter()
    try:
        async with anyio.create_task_group() as doors:
            for number, gate in enumerate(gates):
                offline = number == len(gates) - 1
                doors.start_soon(_work_lane, day, gate, arriving[number :: len(gates)], offline, task)
    except ExceptionGroup as several:
        raise several.exceptions[0] from several
    day.rates["check-ins"] = len(arriving) / (perf_counter() - started)
    await _refuse_some(day, gates[0], cancelled["code"], replaced["code"], arriving)
    day.came = {guest["id"] for guest in arriving}


def _comes(day: Day, guest: Mapping[str, Any], number: int) -> bool:
    """Whether a guest comes: every one whom the stage needs, and most of the others."""
    if day.stage is None:
        return bool(number % _ABSENT_EVERY)
    needed, away = day.stage.people(), day.stage.away()
    return guest["id"] in needed or (guest["id"] not in away and bool(number % _ABSENT_EVERY))


async def _hold_ceremony(day: Day, stage: Stage) -> None:
    task, started = day.progress.add_task("rounds", total=len(stage.rounds)), perf_counter()
    await stage.conduct(day.guests, lambda: day.progress.advance(task))
    if stage.rounds:
        day.rates["rounds"] = len(stage.rounds) / (perf_counter() - started)


async def _work_lane(day: Day, gate: str, arriving: Sequence[dict[str, Any]], offline: bool, task: Any) -> None:
    queue: list[dict[str, Any]] = []
    third = len(arriving) // 3
    for number, guest in enumerate(arriving):
        away = offline and third <= number < 2 * third
        day.expected["admitted_vip" if guest["category"] in day.venue.attention else "admitted"] += 1
        queue.append(_scan(guest["code"], gate, mode="offline" if away else "online"))
        if not away or number == 2 * third - 1:
            await _send(day, queue)
            queue = []
        day.progress.advance(task)


async def _refuse_some(day: Day, gate: str, cancelled: str, replaced: str, arriving: list[dict[str, Any]]) -> None:
    again = [guest["code"] for guest in arriving[::_REPEATED_EVERY]]
    day.expected += Counter({"cancelled": 1, "revoked": 1, "unknown": 1, "already_inside": len(again)})
    await _send(day, [_scan(code, gate) for code in [cancelled, replaced, _FORGED, *again]])


async def _send(day: Day, scans: list[dict[str, Any]]) -> None:
    for start in range(0, len(scans), _PAGE):
        answer = await _post(day, "scans", {"scans": scans[start : start + _PAGE]})
        day.seen.update(result["verdict"] for result in answer["results"])


def _scan(code: str, gate: str, *, mode: str = "online") -> dict[str, Any]:
    return {"id": str(uuid4()), "code": code, "gate": gate, "scanned_at": datetime.now(UTC).isoformat(), "mode": mode}


async def _collect_papers(day: Day) -> None:
    names = ("attendance.pdf", "attendance.csv", "attendance.json", "record.pdf", "record.json")
    task = day.progress.add_task("papers", total=len(names))
    for name in names:
        answer = await day.client.get(f"{day.venue.api}/{name}", params={"lang": "zh-Hans"}, timeout=600)
        day.papers[name] = answer.raise_for_status().content
        day.progress.advance(task)
    day.papers["summary"] = (await day.client.get(f"{day.venue.api}/summary")).raise_for_status().content


def _check(day: Day) -> None:
    """Compares every paper with what happened."""
    expected = len(day.guests) - 1
    record = httpx.Response(200, content=day.papers["attendance.json"]).json()
    summary = httpx.Response(200, content=day.papers.pop("summary")).json()
    present = {guest["id"] for guest in record["guests"] if guest["first_at"]}
    _agree("verdicts", dict(day.seen), dict(day.expected))
    _agree("people in attendance.json", present, day.came)
    _agree("totals by category", sum(total["attended"] for total in record["totals"]), len(day.came))
    _agree("lines of attendance.csv", day.papers["attendance.csv"].decode("utf-8-sig").count("\r\n") - 1, expected)
    counted = {"expected": expected, "admitted": len(day.came), "inside": len(day.came)}
    _agree("live counts", {name: summary[name] for name in counted}, counted)
    if day.stage:
        _check_record(day, day.stage)


def _check_record(day: Day, stage: Stage) -> None:
    """The chain holds every round as it ended, and whoever was replaced is excused."""
    record = httpx.Response(200, content=day.papers["record.json"]).json()
    ended = Counter(entry["document"]["round"]["state"] for entry in record["records"])
    replaced = sum(len(entry["document"]["substitutions"]) for entry in record["records"])
    attendance = httpx.Response(200, content=day.papers["attendance.json"]).json()
    _agree("rounds on record", dict(ended), dict(stage.ended))
    _agree("substitutions on record", replaced, stage.replaced)
    _agree("excused guests", sum(bool(guest["excused"]) for guest in attendance["guests"]), stage.replaced)


def _agree(what: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise Disagreement(f"{what}: {found} instead of {wanted}")


async def _write(day: Day, out: Path) -> None:
    folder = anyio.Path(out)
    await folder.mkdir(parents=True, exist_ok=True)
    for name in _PAPERS:
        await (folder / name).write_bytes(day.papers[name])


def _report(day: Day, out: Path) -> Table:
    table = Table(title=f"{len(day.guests)} guests, every count agrees", title_justify="left", show_header=False)
    for verdict, count in sorted(day.seen.items()):
        table.add_row(verdict, f"{count:,}")
    table.add_section()
    for what, rate in day.rates.items():
        table.add_row(f"{what} a second", f"{rate:,.0f}")
    table.add_section()
    for name in _PAPERS:
        table.add_row(str(out / name), f"{len(day.papers[name]):,} bytes")
    return table


async def _post(day: Day, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await day.client.post(f"{day.venue.api}/{path}", json=body)
    return dict(answer.raise_for_status().json())
