import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from events.core.logs import JsonLines, set_up


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    root.handlers = []
    yield
    root.handlers = kept
    root.setLevel(level)


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def test_each_entry_is_one_json_object_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("json")

    logging.getLogger("events.test").info("guest %s\nwas added", "陈伟")

    [line] = lines_of(capsys)
    entry = json.loads(line)
    assert (entry["level"], entry["logger"], entry["message"]) == ("info", "events.test", "guest 陈伟\nwas added")
    assert abs(datetime.now(UTC) - datetime.fromisoformat(entry["at"])).total_seconds() < 60
    assert entry["at"].endswith("+00:00")
    assert "陈伟" in line


def test_an_error_carries_its_trace(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("json")

    logging.getLogger("events.test").error("failed", exc_info=LookupError("nobody"))

    [line] = lines_of(capsys)
    assert json.loads(line)["trace"].splitlines()[-1] == "LookupError: nobody"


def test_text_is_one_line_that_a_person_reads(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("text")

    logging.getLogger("events.test").warning("the printer is out of labels")

    [line] = lines_of(capsys)
    assert line.endswith(" WARNING events.test: the printer is out of labels")


def test_the_chatter_of_libraries_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("text")

    for name in ("httpx", "alembic.runtime", "fontTools.subset", "events"):
        logging.getLogger(name).info("hello")

    assert [line.split()[-2] for line in lines_of(capsys)] == ["events:"]


def test_setting_up_again_does_not_double_the_lines(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("json")
    set_up("json")

    logging.getLogger("events.test").info("once")

    assert len(lines_of(capsys)) == 1


def test_a_record_keeps_the_moment_at_which_it_was_made() -> None:
    record = logging.makeLogRecord({"name": "x", "msg": "m", "levelname": "INFO", "created": 1772424000.25})

    assert json.loads(JsonLines().format(record)) == {
        "at": "2026-03-02T04:00:00.250+00:00",
        "level": "info",
        "logger": "x",
        "message": "m",
    }
