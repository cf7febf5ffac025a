import asyncio
import csv
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from subprocess import DEVNULL, PIPE

import anyio
import httpx
import pytest
from python_calamine import CalamineWorkbook

from events.app import create_app
from events.cli import main
from events.core.database import Database
from events.core.settings import read_settings
from events.demo.venue import _answering, _free_port
from events.migrations import migrate
from tests.cast import planned, with_state
from tests.ceremony import TO_THE_END, Ceremony
from tests.programs import lines_of, page_count

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    status: int
    out: bytes
    err: str

    @property
    def said(self) -> str:
        return self.out.decode()


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> Run:
    """The command line, run in an empty folder that holds its data."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["yingbin", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capfdbinary.readouterr()
        return Ran(int(ended.value.code or 0), captured.out, captured.err.decode())

    return command


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demonstration event; tests only read it, or add to it."""
    folder = tmp_path_factory.mktemp("seeded")
    _program("seed-demo", YINGBIN_DATA_DIR=str(folder))
    return folder


@pytest.fixture
def run_seeded(run: Run, seeded: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("YINGBIN_DATA_DIR", str(seeded))
    return run


def _program(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "events", *arguments]
    given = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1", **environment}
    return subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, timeout=60, check=False)


def test_the_help_names_every_command():
    helped = _program("--help")

    commands = ("serve", "migrate", "seed-demo", "create-user", "create-token", "badges", "attendance", "demo")
    commands += ("record", "verify", "backup", "restore")
    assert (helped.returncode, helped.stderr) == (0, "")
    assert [name for name in commands if not re.search(rf"^\W*{name}\s", helped.stdout, re.MULTILINE)] == []


def test_several_processes_on_sqlite_are_refused_in_one_line(tmp_path: Path):
    refused = _program("serve", "--workers", "2", YINGBIN_DATA_DIR=str(tmp_path))

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "yingbin: --workers 2: several processes need PostgreSQL in YINGBIN_DATABASE_URL\n"


def test_migrating_twice_leaves_the_same_revision(run: Run):
    first, again = run("migrate"), run("migrate")

    assert re.fullmatch(r"database at revision \w+\n", first.said)
    assert (first.status, again) == (0, first)


def test_the_demonstration_is_seeded_into_an_empty_database_only(run_seeded: Run):
    again = run_seeded("seed-demo", "--if-empty")
    forced = run_seeded("seed-demo")

    assert (again.status, again.said) == (0, "there are events already: nothing was added\n")
    assert (forced.status, forced.err) == (1, "yingbin: This short name is taken: hetao-2026\n")


def test_seeding_says_what_was_added(run: Run):
    seeded = run("seed-demo", "--if-empty")

    assert (seeded.status, seeded.said) == (0, "hetao-2026: 216 invented guests\n")


def test_an_account_is_made_once_and_its_link_is_printed(run: Run):
    made = run("create-user", "lead@example.org", "--role", "organiser")
    again = run("create-user", "Lead@Example.org", "--role", "steward")

    assert made.status == 0
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/desk/sign-in/[\w-]{32}\n", made.said)
    assert (again.status, again.out) == (1, b"")
    assert again.err == "yingbin: This e-mail address is already in use.\n"


def test_the_link_begins_where_people_reach_the_program(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("YINGBIN_BASE_URL", "https://guests.example.org/")

    made = run("create-user", "lead@example.org", "--role", "admin")

    assert made.said.startswith("https://guests.example.org/desk/sign-in/")


def test_a_new_link_is_printed_for_an_account_that_exists(run: Run):
    run("create-user", "lead@example.org", "--role", "organiser")

    link, unknown = run("sign-in-link", "lead@example.org"), run("sign-in-link", "nobody@example.org")

    assert re.fullmatch(r"http://127\.0\.0\.1:8000/desk/sign-in/[\w-]{32}\n", link.said)
    assert (unknown.status, unknown.err) == (1, "yingbin: There is no account with this address.\n")


def test_every_token_of_a_name_is_revoked_once(run_seeded: Run):
    for _ in range(2):
        run_seeded("create-token", "hetao-2026", "--scope", "read", "--name", "lost")

    first, again = [run_seeded("revoke-token", "hetao-2026", "lost") for _ in range(2)]

    assert (first.status, first.said) == (0, "2 revoked\n")
    assert (again.status, again.err) == (1, "yingbin: There is no such token.\n")


async def test_a_token_opens_its_event(seeded: Path):
    made = _program("create-token", "hetao-2026", "--scope", "read", YINGBIN_DATA_DIR=str(seeded))
    settings = read_settings(data_dir=seeded, _env_file=None)
    app = create_app(settings)

    async with app.router.lifespan_context(app) as state:
        transport = httpx.ASGITransport(app=with_state(app, state))
        headers = {"Authorization": f"Bearer {made.stdout.strip()}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://guests.test", headers=headers) as script:
            shown = await script.get("/api/v1/events/hetao-2026")
            refused = await script.get("/api/v1/events/hetao-2026/gates")

    assert made.stdout.startswith("yb_")
    assert (shown.status_code, shown.json()["registered"], refused.status_code) == (200, 216, 403)


def test_badges_are_written_to_a_file_or_to_standard_output(run_seeded: Run, tmp_path: Path):
    file = run_seeded("badges", "hetao-2026", "--out", "badges.pdf")
    piped = run_seeded("badges", "hetao-2026", "--out", "-")

    written = (tmp_path / "badges.pdf").read_bytes()
    assert (file.status, file.out) == (0, b"")
    assert file.err == f"badges.pdf: {len(written):,} bytes\n"
    assert (piped.status, piped.out, piped.err) == (0, written, "")
    assert page_count(written) == 216


def test_attendance_is_written_as_the_ending_says(run_seeded: Run, tmp_path: Path):
    for name in ("record.pdf", "record.csv", "record.xlsx"):
        assert run_seeded("attendance", "hetao-2026", "--out", name, "--lang", "en").status == 0

    rows = list(csv.reader(StringIO((tmp_path / "record.csv").read_bytes().decode("utf-8-sig"), newline="")))
    sheet = CalamineWorkbook.from_path(tmp_path / "record.xlsx").get_sheet_by_index(0).to_python()
    assert len(rows) == len(sheet) == 217
    assert rows[0] == sheet[0]
    assert [row[0] for row in rows] == [row[0] for row in sheet]
    assert lines_of((tmp_path / "record.pdf").read_bytes(), page=1)[0] == "Attendance record"


def test_attendance_on_standard_output_is_a_pdf(run_seeded: Run):
    piped = run_seeded("attendance", "hetao-2026", "--out", "-", "--lang", "zh-Hant")

    assert (piped.status, piped.err) == (0, "")
    assert lines_of(piped.out, page=1)[0] == "出席記錄"


def test_another_ending_is_wrong_usage(run: Run, tmp_path: Path):
    refused = run("attendance", "hetao-2026", "--out", "record.doc")

    assert refused.status == 2
    assert "the file must end in .pdf, .csv or .xlsx" in refused.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments", [("attend",), ("create-user", "a@example.org", "--role", "king"), ("badges", "x")]
)
def test_what_no_command_takes_is_wrong_usage(run: Run, arguments: tuple[str, ...]):
    assert run(*arguments).status == 2


@pytest.mark.parametrize(
    "arguments", [("badges", "--out", "x.pdf"), ("attendance", "--out", "x.csv"), ("create-token", "--scope", "read")]
)
def test_an_unknown_event_is_one_line(run_seeded: Run, arguments: tuple[str, ...], tmp_path: Path):
    command, *options = arguments

    refused = run_seeded(command, "no-such-event", *options)

    assert (refused.status, refused.out) == (1, b"")
    assert refused.err == "yingbin: There is nothing at this address.\n"
    assert list(tmp_path.iterdir()) == []


def test_an_event_whose_guests_nobody_confirmed_has_no_badges(run: Run, tmp_path: Path):
    asyncio.run(_planned_in(tmp_path / "data"))

    refused = run("badges", "valley-launch", "--out", "badges.pdf")

    assert (refused.status, refused.out) == (1, b"")
    assert refused.err == "yingbin: valley-launch: nobody is confirmed, so there are no badges\n"


async def _planned_in(folder: Path) -> None:
    database = Database(read_settings(data_dir=folder, _env_file=None).database)
    await migrate(database)
    await planned(database)
    await database.close()


def test_a_folder_that_is_not_there_is_one_line(run_seeded: Run):
    refused = run_seeded("attendance", "hetao-2026", "--out", "nowhere/record.csv")

    assert refused.status == 1
    assert refused.err == "yingbin: [Errno 2] No such file or directory: 'nowhere/record.csv'\n"


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("LOG_FORMAT", "xml", "YINGBIN_LOG_FORMAT = 'xml': "),
        ("DATABASE_URL", "mysql://root:hush@db/x", "YINGBIN_DATABASE_URL = (not shown): "),
        ("SECRET_KEY", "short", "YINGBIN_SECRET_KEY is too short: use 32 characters or more"),
    ],
)
def test_a_wrong_setting_stops_with_its_name(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, line: str
):
    monkeypatch.setenv(f"YINGBIN_{name}", value)

    refused = run("migrate")

    assert (refused.status, refused.out, refused.err.count("\n")) == (1, b"", 1)
    assert refused.err.startswith(f"yingbin: {line}")
    assert "hush" not in refused.err


def test_a_database_that_does_not_answer_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("YINGBIN_DATABASE_URL", "postgresql+asyncpg://nobody@127.0.0.1:9/none")

    refused = run("migrate")

    assert (refused.status, refused.out, refused.err.count("\n")) == (1, b"", 1)
    assert refused.err.startswith("yingbin: ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("create-token", "x", "--scope", "read"),
        ("revoke-token", "x", "script"),
        ("sign-in-link", "lead@example.org"),
        ("badges", "x", "--out", "x.pdf"),
        ("attendance", "x", "--out", "x.pdf"),
    ],
)
def test_a_command_before_any_migration_says_what_to_do(run: Run, arguments: tuple[str, ...]):
    refused = run(*arguments)

    assert (refused.status, refused.out) == (1, b"")
    assert refused.err == "yingbin: the database is not of this version: run `yingbin migrate` first\n"


@pytest.mark.parametrize(
    ("email", "line"),
    [
        ("lead@example", "This does not look like an e-mail address."),
        ("lead", "This does not look like an e-mail address."),
        ("", "Please fill this in."),
    ],
)
def test_an_account_needs_an_address(run: Run, email: str, line: str):
    refused = run("create-user", email, "--role", "organiser")

    assert (refused.status, refused.out, refused.err) == (1, b"", f"yingbin: {line}\n")


async def test_a_server_welcomes_with_one_time_links(seeded: Path):
    port = _free_port()
    environment = {**os.environ, "YINGBIN_DATA_DIR": str(seeded), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "events", "serve", "--port", str(port), "--welcome"]
    process = await anyio.open_process(command, cwd=ROOT, env=environment, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL)
    try:
        await _answering(f"http://127.0.0.1:{port}", process)
        process.terminate()
        await process.wait()
        printed = b"".join([chunk async for chunk in process.stdout]).decode()
    finally:
        await process.aclose()

    base = f"http://127.0.0.1:{port}"
    assert re.fullmatch(
        rf"  guests      {base}/e/hetao-2026\n"
        rf"  door        {base}/desk/sign-in/[\w-]{{32}}\?next=/door\n"
        rf"  organiser   {base}/desk/sign-in/[\w-]{{32}}\?next=/desk\n"
        r"  the two sign-in links work once; `yingbin serve --welcome` prints new ones\n",
        printed,
    )


def test_the_ceremony_record_is_written_as_pdf_and_json(run_seeded: Run, tmp_path: Path):
    paper, told = (
        run_seeded("record", "hetao-2026", "--out", "record.pdf"),
        run_seeded("record", "hetao-2026", "--out", "record.json"),
    )
    streamed = run_seeded("record", "hetao-2026", "--out", "-", "--lang", "en")

    assert (paper.status, told.status, streamed.status) == (0, 0, 0)
    assert "签约纪实" in lines_of((tmp_path / "record.pdf").read_bytes())
    assert json.loads((tmp_path / "record.json").read_text())["whole"] is True
    assert "Ceremony record" in lines_of(streamed.out)


def test_a_record_of_another_kind_is_refused_as_wrong_usage(run_seeded: Run):
    refused = run_seeded("record", "hetao-2026", "--out", "record.doc")

    assert refused.status == 2


def test_verifying_says_of_every_event_that_its_records_and_counts_are_whole(run_seeded: Run):
    all_events, one = run_seeded("verify"), run_seeded("verify", "hetao-2026")

    assert (all_events.status, all_events.said) == (0, one.said)
    assert re.fullmatch(
        r"hetao-2026: (No records yet|\d+ records, none altered; the last digest is \w{64})\n"
        r"hetao-2026: \d+ people came in, \d+ seats are taken: both counts agree\n",
        one.said,
    )


def test_verifying_an_event_that_does_not_exist_fails_in_one_line(run_seeded: Run):
    refused = run_seeded("verify", "nothing")

    assert (refused.status, refused.err) == (1, "yingbin: There is nothing at this address.\n")


def test_verifying_names_the_first_record_that_was_altered(run: Run):
    run("seed-demo")
    asyncio.run(_close_two_rounds())
    whole = run("verify")
    _sql("UPDATE records SET document = replace(document, '甲约', '乙约') WHERE number = 1")
    altered = run("verify")

    assert (whole.status, "2 records, none altered" in whole.said) == (0, True)
    said = "valley-launch: Record 1 was altered: its text is not the one of its digest.\n"
    assert (altered.status, said in altered.err) == (1, True)


def test_verifying_names_counts_that_do_not_agree(run: Run):
    run("seed-demo")
    _sql("UPDATE events SET registered = registered + 1")

    refused = run("verify", "hetao-2026")

    assert refused.status == 1
    assert "seats are taken by registrations and" in refused.err


def test_a_backup_is_put_back_into_a_new_database_only(run: Run, monkeypatch: pytest.MonkeyPatch):
    run("seed-demo")

    written = run("backup", "house.gz")
    refused = run("restore", "house.gz")
    monkeypatch.setenv("YINGBIN_DATA_DIR", "elsewhere")
    restored = run("restore", "house.gz")
    spoiled = run("restore", "house.gz")

    assert re.fullmatch(r"house\.gz: [\d,]+ rows, [\d,]+ bytes\n", written.err)
    assert (refused.status, refused.err) == (
        1,
        "yingbin: the database is not empty: a backup is restored into a new one only\n",
    )
    assert restored.err == f"house.gz: {written.err.split()[1]} rows restored\n"
    assert (spoiled.status, run("verify").status) == (1, 0)


def test_a_backup_needs_a_database_of_this_version(run: Run):
    refused = run("backup", "house.gz")

    assert (refused.status, refused.err) == (
        1,
        "yingbin: the database is not of this version: run `yingbin migrate` first\n",
    )


async def _close_two_rounds() -> None:
    database = Database(read_settings().database)
    ceremony = Ceremony(database, await planned(database))
    for title in ("甲约", "丙约"):
        await ceremony.do(await ceremony.signing(title), *TO_THE_END)
    await database.close()


def _sql(statement: str) -> None:
    with closing(sqlite3.connect(read_settings().database.partition("///")[2])) as file, file:
        file.execute(statement)
