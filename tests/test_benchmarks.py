import re
from pathlib import Path

import pytest

from benchmarks import badges, checkins, door_under_load, manifest
from events.demo.venue import _free_port


async def test_check_ins_are_measured_beside_the_echo(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name, few in {"CONNECTIONS": (1, 4), "ROUNDS": 1, "REQUESTS": 40, "GUESTS": 8}.items():
        monkeypatch.setattr(checkins, name, few)
    event, gate, token, codes = await checkins._prepare(tmp_path)
    path = f"/api/v1/events/{event}/scans"

    async with (
        checkins._server(["-m", "events", "serve"], _free_port(), tmp_path) as scans,
        checkins._server(["-m", "uvicorn", "benchmarks.echo:app"], _free_port(), tmp_path) as echo,
    ):
        await checkins._compare(
            lambda: checkins._request(scans, path, token, checkins._bodies(gate, codes)),
            lambda: checkins._request(echo, "/echo", token, checkins._bodies(gate, codes)),
        )

    table = capsys.readouterr().out.splitlines()[2:]
    figures = [re.fullmatch(r" +(\d+) +[\d,]+ +[\d.]+ +[\d,]+ +\d\.\d\d", line) for line in table]
    assert [figure and figure[1] for figure in figures] == ["1", "4"]


async def test_scans_are_measured_with_and_without_visitors(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checkins, "GUESTS", 8)
    for name, few in {"SECONDS": 0.5, "ROUNDS": 1, "PORT": _free_port()}.items():
        monkeypatch.setattr(door_under_load, name, few)

    await door_under_load._measure()

    table = capsys.readouterr().out.splitlines()[2:]
    figures = [re.fullmatch(r" +(\d+) +(\d+)((?: +[\d.]+){3})", line) for line in table]
    assert [figure and figure[1] for figure in figures] == ["0", "16"]
    assert [int(figure[2]) > 0 for figure in figures] == [False, True]


async def test_the_manifest_is_weighed_and_taken_while_the_doors_scan(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checkins, "GUESTS", 4)
    monkeypatch.setattr(checkins, "CAPACITY", 20)
    for name, few in {"GUESTS": 9, "CHANGED": 2, "DEVICES": 2, "QUIET_S": 0.2, "PORT": _free_port()}.items():
        monkeypatch.setattr(manifest, name, few)

    await manifest._measure()

    lines = [re.split(r" {2,}", line) for line in capsys.readouterr().out.splitlines()]
    assert [line[0] for line in lines] == [
        "seconds to build 9 guests",
        "pages",
        "megabytes of JSON",
        "megabytes compressed",
        "kilobytes of the first page",
        "milliseconds for 2 changed guests",
        "kilobytes of them",
        "seconds until 2 devices hold all",
        "milliseconds a scan, p50",
        "milliseconds a scan, p95",
        "milliseconds a scan, p99",
    ]
    assert lines[1][1] == "1.0"


def test_badges_and_attendance_are_measured_beside_their_limits(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(badges, "BADGES", 12)
    monkeypatch.setattr(badges, "ROWS", 30)

    badges.main()

    lines = [re.split(r" {2,}", line) for line in capsys.readouterr().out.splitlines()]
    assert [(line[0], line[2]) for line in lines] == [
        ("seconds for 30 attendance rows", "at most 3"),
        ("megabytes of memory for them", "at most 100"),
        ("bytes per row", "at most 300"),
        ("badges per second", "at least 600"),
        ("bytes per badge", "at most 3,000"),
    ]
