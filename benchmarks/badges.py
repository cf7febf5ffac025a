"""How many badges a second one core prints and what each weighs, and how fast a long attendance record is drawn.

Run as `python -m benchmarks.badges`; bounded to a few seconds. Prints each figure beside its limit.
"""

import random
import resource
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from badges import attendance, badge
from events.ticket import ALPHABET, LENGTH

BADGES = 2_000
ROWS = 20_000
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂香"


def main() -> None:
    """Print the figures."""
    chance = random.Random(20260302)
    for name, figure, limit in (*_attendance(chance), *_badges(chance)):
        print(f"{name:<34}{figure:>12,.1f}   {limit}")


def _badges(chance: random.Random) -> Iterator[tuple[str, float, str]]:
    batch = [_badge(chance, number) for number in range(BADGES)]
    event = badge.EventHeader(titles=("启动仪式", "Launch"), dates="2026年3月2日", hosts="主办单位", language="zh-Hans")
    badge.draw(batch[:1], event=event)
    start = time.perf_counter()
    pdf = badge.draw(batch, event=event)
    yield "badges per second", BADGES / (time.perf_counter() - start), "at least 600"
    yield "bytes per badge", len(pdf) / BADGES, "at most 3,000"


def _attendance(chance: random.Random) -> Iterator[tuple[str, float, str]]:
    sheet = _sheet(chance)
    attendance.draw(replace(sheet, rows=sheet.rows[:1]))
    before = _peak_mb()
    start = time.perf_counter()
    pdf = attendance.draw(sheet)
    yield f"seconds for {ROWS:,} attendance rows", time.perf_counter() - start, "at most 3"
    yield "megabytes of memory for them", _peak_mb() - before, "at most 100"
    yield "bytes per row", len(pdf) / ROWS, "at most 300"


def _badge(chance: random.Random, number: int) -> badge.Badge:
    return badge.Badge(
        code="Y1" + "".join(chance.choices(ALPHABET, k=LENGTH - 2)),
        name=_name(chance),
        name_latin="Chen Xiaoming",
        organisation="深圳市福田区科技创新局",
        job_title="高级工程师",
        category_name=("嘉宾", "传媒", "签约嘉宾")[number % 3],
        category_colour=("#1d4e89", "#f2c230", "#a8231c")[number % 3],
        language="zh-Hans",
        slot=f"B-{number}",
    )


def _sheet(chance: random.Random) -> attendance.AttendanceSheet:
    opened = datetime(2026, 3, 2, 1, tzinfo=UTC)
    rows = [
        attendance.AttendanceRow(
            name=_name(chance),
            name_latin="Chen Xiaoming",
            organisation=chance.choice(
                ("深圳市福田区科技创新局", "Hong Kong Applied Science and Technology Institute")
            ),
            job_title="高级工程师",
            category="嘉宾",
            first_entry=opened + timedelta(seconds=number % 7000) if number % 10 else None,
            gate="正门",
        )
        for number in range(ROWS)
    ]
    totals = [attendance.Total(name="嘉宾", expected=ROWS, attended=ROWS * 9 // 10)]
    return attendance.AttendanceSheet(
        title="启动仪式",
        zone=ZoneInfo("Asia/Hong_Kong"),
        generated_at=opened,
        totals=totals,
        rows=rows,
        language="zh-Hans",
    )


def _name(chance: random.Random) -> str:
    return chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.randint(1, 2)))


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
