from uuid import uuid4

import pytest

from checkin.alerts import Alert, alert_by_id, alerts_of, honours_of, house_language
from events.core.database import Database
from events.core.errors import NotFound
from events.core.i18n import Language
from events.models import Text
from tests.cast import Cast, on_one_engine, planned


async def found(cast: Cast, *, limit: int = 10) -> list[Alert]:
    return await cast.database.read(lambda tx: alerts_of(tx, cast.event.id, limit=limit))


async def honours(cast: Cast, *, limit: int = 10) -> list[Alert]:
    return await cast.database.read(lambda tx: honours_of(tx, cast.event.id, limit=limit))


async def test_an_alert_tells_who_came_where_and_when(cast: Cast) -> None:
    words = {"name_latin": "LI Xiaoming", "organisation": "科技创新委员会", "job_title": "副主任", "pick_slot": "B-07"}
    guest = await cast.guest("李晓明", category="vip", **words)

    await cast.scanned(cast.scan(guest.code))

    [alert] = await found(cast)
    assert (alert.at, alert.gate, alert.taken_back) == (cast.clock.now(), cast.gate.name, False)
    assert (alert.companion, alert.companion_id) == ("", None)
    told = alert.guest
    assert (told.id, told.name, told.second_name) == (guest.id, "李晓明", "LI Xiaoming")
    assert (told.organisation, told.job_title, told.pick_slot) == ("科技创新委员会", "副主任", "B-07")
    assert (told.category, told.category_name.en, told.category_colour) == ("vip", "VIP", "#9a6b00")


async def test_a_latin_name_that_says_the_same_is_not_said_twice(cast: Cast) -> None:
    guest = await cast.guest("Margaret Thornton", name_latin="Margaret Thornton", category="vip")

    await cast.scanned(cast.scan(guest.code))

    [alert] = await found(cast)
    assert (alert.guest.name, alert.guest.second_name) == ("Margaret Thornton", "")


async def test_the_newest_come_first_and_only_so_many(cast: Cast) -> None:
    for name in ("甲", "乙", "丙"):
        await cast.scanned(cast.scan((await cast.guest(name, category="vip")).code))

    assert [alert.guest.name for alert in await found(cast, limit=2)] == ["丙", "乙"]


async def test_an_undone_scan_shows_as_taken_back(cast: Cast) -> None:
    guest = await cast.guest("李晓明", category="vip")
    scan = cast.scan(guest.code)
    await cast.scanned(scan)

    await cast.steward.post(f"{cast.api}/scans/{scan['id']}/undo", json={"id": str(uuid4()), "reason": ""})

    assert [alert.taken_back for alert in await found(cast)] == [True]


async def test_a_guest_of_honour_is_shown_once_as_told_last(cast: Cast) -> None:
    leader = await cast.guest("李晓明", category="vip")
    companion = await cast.guest("王方", leader_id=str(leader.id))
    liaised = await cast.guest("陈伟", liaison="lam@example.org")
    await cast.scanned(cast.scan(companion.code))
    coming = await honours(cast)

    await cast.scanned(cast.scan(liaised.code), cast.scan(leader.code))

    assert [(alert.guest.name, alert.companion) for alert in coming] == [("李晓明", "王方")]
    assert [(alert.guest.name, alert.companion) for alert in await honours(cast)] == [("李晓明", "")]
    assert len(await found(cast)) == 3


async def test_an_alert_is_found_in_its_own_event_only(cast: Cast) -> None:
    guest = await cast.guest("李晓明", category="vip")
    await cast.scanned(cast.scan(guest.code))
    [alert] = await found(cast)

    again = await cast.database.read(lambda tx: alert_by_id(tx, cast.event.id, alert.id))

    assert again == alert
    with pytest.raises(NotFound):
        await cast.database.read(lambda tx: alert_by_id(tx, cast.event.id, uuid4()))


@pytest.mark.parametrize(
    ("title", "timezone", "language"),
    [
        (Text(zh_hans="启动", zh_hant="啟動", en="Launch"), "Asia/Shanghai", Language.ZH_HANS),
        (Text(zh_hans="启动", zh_hant="啟動", en="Launch"), "Asia/Hong_Kong", Language.ZH_HANT),
        (Text(zh_hans="启动"), "Asia/Hong_Kong", Language.ZH_HANS),
        (Text(zh_hant="啟動", en="Launch"), "Asia/Shanghai", Language.ZH_HANT),
        (Text(en="Launch"), "Asia/Hong_Kong", Language.EN),
    ],
)
@on_one_engine
async def test_the_house_speaks_as_the_title_does(
    database: Database, title: Text, timezone: str, language: Language
) -> None:
    event = await planned(database, title=title, timezone=timezone)

    assert house_language(event) == language
