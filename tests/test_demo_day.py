import csv
import json
import os
import re
import subprocess
import sys
from collections import Counter
from io import StringIO
from pathlib import Path

import httpx
import pytest
from rich.console import Console
from rich.progress import Progress

from events.cli import main
from events.demo import day
from events.demo.day import Day, Disagreement, _check, _open_doors
from events.demo.story import load
from events.demo.venue import Venue
from events.ticket import parse
from tests.programs import page_count, text_of

ROOT = Path(__file__).parent.parent
GUESTS, CANCELLED, ABSENT, EXCUSED = 216, 1, 12, 1
CAME = GUESTS - 2 - ABSENT
PAPERS = ("attendance.csv", "attendance.pdf", "badges.pdf", "record.pdf")
COUNTS = {"expected": 2, "admitted": 1, "inside": 1}


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """The papers of one day, and what the command said."""
    out = tmp_path_factory.mktemp("demo") / "out"
    command = [sys.executable, "-m", "events", "demo", "--out", str(out)]
    environment = {**os.environ, "COLUMNS": "200"}
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    return out, ran


def _paper(held: tuple[Path, object], name: str) -> bytes:
    return (held[0] / name).read_bytes()


def test_the_day_ends_well_and_says_so(held: tuple[Path, subprocess.CompletedProcess[str]]):
    out, ran = held

    assert (ran.returncode, "216 guests, every count agrees" in ran.stdout) == (0, True)
    assert sorted(path.name for path in out.iterdir()) == [*PAPERS]


def test_the_record_has_every_round_the_substitution_and_the_one_that_was_postponed(held: tuple[Path, object]):
    words = text_of(_paper(held, "record.pdf"))

    assert "共 26 轮 · 已结束 25 · 延后 1 · 替换 1 人" in words
    assert "熊大伟 代 蒋𣲗 签" in words
    assert "来宾航班取消，改期签署" in words
    assert [f"第 {number} 轮" in words for number in range(1, 28)] == [True] * 26 + [False]


def test_the_attendance_says_who_was_excused_and_by_whom_represented(held: tuple[Path, object]):
    text = _paper(held, "attendance.csv").decode("utf-8-sig")
    [row] = [row for row in csv.DictReader(StringIO(text, newline="")) if row["姓名"] == "蒋𣲗"]

    assert row["状态"] == "请假（由 熊大伟 代）"


def test_every_guest_has_one_badge_with_a_code_of_their_own(held: tuple[Path, object]):
    badges = _paper(held, "badges.pdf")
    pages = text_of(badges).split("\f")[:-1]
    names = {"".join(line.name.split()) for line in load().guests}
    printed = "".join("".join(pages).split())

    lines = [re.split("展位|Booth", line)[0] for page in pages for line in page.splitlines()]
    codes = {code.text for line in lines if (code := parse(line))}
    assert (page_count(badges), len(codes)) == (GUESTS, GUESTS)
    assert [name for name in names if name not in printed] == []


def test_the_papers_agree_on_who_came(held: tuple[Path, object]):
    text = _paper(held, "attendance.csv").decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(text, newline="")))
    gates = Counter(row["入口"] for row in rows if row["首次入场"])

    assert (len(rows), gates.total()) == (GUESTS - CANCELLED, CAME)
    assert max(gates.values()) - min(gates.values()) <= 1
    assert sorted(gates) == sorted(day._GATES)
    assert text_of(_paper(held, "attendance.pdf")).count("未到") == GUESTS - CANCELLED - CAME - EXCUSED


def _facts(**altered: object) -> Day:
    """A small day whose papers say what happened, but for what is altered."""
    record = {"guests": [{"id": "a", "first_at": "now"}, {"id": "b", "first_at": None}], "totals": [{"attended": 1}]}
    papers = {
        "attendance.json": json.dumps(record),
        "summary": json.dumps(COUNTS),
        "attendance.csv": "\ufeffname\r\na\r\nb\r\n",
    }
    venue = Venue(base_url="", slug="", token="", public=frozenset(), attention=frozenset())
    known = {"seen": Counter(admitted=1), "expected": Counter(admitted=1), "came": {"a"}}
    chosen = {**known, **{key: value for key, value in altered.items() if key in known}}
    said = {**papers, **{key: value for key, value in altered.items() if key in papers}}
    return Day(
        client=httpx.AsyncClient(),
        venue=venue,
        lines=(),
        progress=Progress(console=Console(quiet=True)),
        guests=[{"id": key} for key in ("a", "b", "cancelled")],
        papers={name: str(content).encode() for name, content in said.items()},
        **chosen,
    )


def test_papers_that_say_what_happened_agree():
    facts = _facts()

    _check(facts)

    assert sorted(facts.papers) == ["attendance.csv", "attendance.json"]


@pytest.mark.parametrize(
    ("altered", "what"),
    [
        ({"seen": Counter(admitted=2)}, "verdicts: {'admitted': 2} instead of {'admitted': 1}"),
        ({"came": {"b"}}, "people in attendance.json: {'a'} instead of {'b'}"),
        (
            {"attendance.json": '{"guests": [{"id": "a", "first_at": "now"}], "totals": []}'},
            "totals by category: 0 instead of 1",
        ),
        ({"attendance.csv": "\ufeffname\r\na\r\n"}, "lines of attendance.csv: 1 instead of 2"),
        (
            {"summary": json.dumps({**COUNTS, "inside": 0})},
            f"live counts: {COUNTS | {'inside': 0}} instead of {COUNTS}",
        ),
    ],
)
def test_a_paper_that_says_something_else_is_named(altered: dict[str, object], what: str):
    with pytest.raises(Disagreement) as disagreed:
        _check(_facts(**altered))

    assert str(disagreed.value) == what


async def test_a_door_that_fails_ends_the_day_with_its_own_error():
    def server(request: httpx.Request) -> httpx.Response:
        return httpx.Response(503 if request.url.path.endswith("/scans") else 200, json={"id": "gate"})

    facts = _facts()
    facts.guests = [{"id": str(number), "code": "Y1", "category": "guest"} for number in range(9)]
    facts.client = httpx.AsyncClient(base_url="http://guests.test", transport=httpx.MockTransport(server))

    with pytest.raises(httpx.HTTPStatusError, match="503 Service Unavailable"):
        await _open_doors(facts)


def test_a_day_that_goes_wrong_ends_in_one_line_and_leaves_no_papers(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
):
    monkeypatch.setattr(day, "_BY_FORM", GUESTS)  # more than the registration's brake lets through in a minute
    monkeypatch.setattr(sys, "argv", ["yingbin", "demo", "--out", str(tmp_path / "out")])

    with pytest.raises(SystemExit) as ended:
        main()

    last = capfd.readouterr().err.splitlines()[-1]
    assert ended.value.code == 1
    assert last.startswith("yingbin: registration of ")
    assert last.endswith(": 429 instead of 303")
    assert not (tmp_path / "out").exists()
