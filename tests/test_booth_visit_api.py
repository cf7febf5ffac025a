import csv
from collections.abc import Callable
from io import BytesIO, StringIO
from uuid import uuid4

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from checkin.devices import revoke
from checkin.models import Profile
from events.core import accounts
from events.core.auth import Scope
from events.core.ids import Role
from events.core.tables import audit, users
from tests.booths import agree, booth_phone, exhibitor, met, scanned, visitor
from tests.cast import Cast, on_one_engine
from tests.phones import Phone, paired

pytestmark = on_one_engine


@pytest.fixture
async def phone(cast: Cast) -> Phone:
    """The phone of booth A-01; A-02 is there too."""
    await exhibitor(cast, "A-01")
    await exhibitor(cast, "A-02")
    return await booth_phone(cast)


async def test_a_booth_gets_the_card_of_whoever_agreed(cast: Cast, phone: Phone) -> None:
    guest = await visitor(
        cast, "歐陽靖", name_latin="AU YEUNG Ching", organisation="河谷資本", job_title="合夥人", email="ay@example.com"
    )
    sent = str(uuid4())

    answer = await phone.browser.post(f"{cast.api}/leads", json={"id": sent, "code": guest.code, "note": "A"})

    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "id": sent,
        "result": "shared",
        "repeated": False,
        "lead": {
            "id": sent,
            "booth": "A-01",
            "at": "2026-03-02T12:00:00+08:00",
            "by": "A-01 知微智能 1",
            "name": "歐陽靖",
            "name_latin": "AU YEUNG Ching",
            "organisation": "河谷資本",
            "job_title": "合夥人",
            "email": "ay@example.com",
            "language": "zh-Hans",
            "note": "A",
        },
    }


async def test_a_booth_that_sends_more_than_it_can_scan_has_to_wait(cast: Cast, phone: Phone) -> None:
    sent = {"id": str(uuid4()), "code": "x"}

    answers = [(await phone.browser.post(f"{cast.api}/leads", json=sent)).status_code for _ in range(125)]

    assert (answers[0], answers[-1], 100 < answers.count(200) < 125) == (200, 429, True)


async def test_without_consent_a_booth_is_told_nothing_of_the_visitor(cast: Cast, phone: Phone) -> None:
    guest = await cast.guest("陈伟", email="chen@example.com", organisation="河谷资本")
    sent = str(uuid4())

    answer = await phone.browser.post(f"{cast.api}/leads", json={"id": sent, "code": guest.code})

    assert answer.json() == {"id": sent, "result": "not_agreed", "repeated": False, "lead": None}
    assert await met(cast, phone.browser) == []


async def test_a_scan_that_waited_counts_when_it_was_made(cast: Cast, phone: Phone) -> None:
    guest = await visitor(cast)
    cast.clock.forward(hours=1)

    found = await scanned(cast, phone.browser, guest.code, ago_s=600)

    assert found["lead"]["at"] == "2026-03-02T12:50:00+08:00"


@pytest.mark.parametrize(
    ("given", "field"),
    [({"ago_s": -1}, "ago_s"), ({"note": "x" * 401}, "note"), ({"code": ""}, "code"), ({"guest_id": "1"}, "guest_id")],
)
async def test_a_scan_that_cannot_be_is_refused(cast: Cast, phone: Phone, given: dict[str, object], field: str) -> None:
    answer = await phone.browser.post(f"{cast.api}/leads", json={"id": str(uuid4()), "code": "Y1", **given})

    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json()["fields"]] == [field]


async def test_no_clock_makes_a_scan_older_than_two_days(cast: Cast, phone: Phone) -> None:
    guest = await visitor(cast)
    cast.clock.forward(days=9)

    found = await scanned(cast, phone.browser, guest.code, ago_s=1e12)

    assert found["lead"]["at"] == "2026-03-09T12:00:00+08:00"


async def test_a_booth_sees_its_own_visitors_whatever_it_asks_for(cast: Cast, phone: Phone) -> None:
    other, guest, stranger = await booth_phone(cast, "A-02"), await visitor(cast, "甲"), await visitor(cast, "乙")
    await scanned(cast, phone.browser, guest.code)
    await scanned(cast, other.browser, stranger.code)

    assert await met(cast, phone.browser) == ["甲"]
    assert await met(cast, phone.browser, "?booth=A-02") == ["甲"]
    assert await met(cast, other.browser) == ["乙"]
    assert await met(cast, cast.organiser, "?booth=A-02") == ["乙"]
    assert sorted(await met(cast, cast.organiser)) == sorted(["甲", "乙"])


async def test_who_takes_back_the_consent_is_in_no_later_export(cast: Cast, phone: Phone) -> None:
    guest = await visitor(cast, "甲乙丙")
    await scanned(cast, phone.browser, guest.code)
    before = [(await phone.browser.get(f"/booth/leads.{suffix}")).content for suffix in ("csv", "xlsx")]
    cast.clock.forward(seconds=1)

    await agree(cast, guest, agrees=False)

    after = [(await phone.browser.get(f"/booth/leads.{suffix}")).content for suffix in ("csv", "xlsx")]
    assert [names(content) for content in before] == [["甲乙丙"], ["甲乙丙"]]
    assert [names(content) for content in after] == [[], []]


def names(content: bytes) -> list[str]:
    """The names in an exported list."""
    if content.startswith(b"PK"):
        rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    else:
        rows = list(csv.reader(StringIO(content.decode("utf-8-sig"))))
    return [str(row[2]) for row in rows[1:]]


async def test_a_name_that_would_be_a_formula_is_a_name(cast: Cast, phone: Phone) -> None:
    guest = await visitor(cast, "=HYPERLINK(1)", organisation="+cmd")
    await scanned(cast, phone.browser, guest.code, note="@note")

    answer = await phone.browser.get("/booth/leads.csv?lang=zh-Hant")

    assert answer.headers["content-disposition"] == 'attachment; filename="valley-launch-leads-A-01.csv"'
    assert list(csv.reader(StringIO(answer.content.decode("utf-8-sig")))) == [
        ["展位", "時間", "姓名", "英文姓名", "機構", "職銜", "電郵", "備註"],
        ["A-01", "2026-03-02 12:00:00", "'=HYPERLINK(1)", "", "'+cmd", "", "", "'@note"],
    ]


async def test_who_took_a_list_away_is_written_down(cast: Cast, phone: Phone) -> None:
    await scanned(cast, phone.browser, (await visitor(cast)).code)

    await phone.browser.get("/booth/leads.xlsx")
    await cast.organiser.get(f"{cast.api}/leads.csv")

    chosen = sa.select(audit.c.actor, audit.c.detail).where(audit.c.action == "leads.exported")
    rows = (await cast.database.read(lambda tx: tx.execute(chosen.order_by(audit.c.entry_id)))).all()
    assert [(row.actor, row.detail) for row in rows] == [
        (f"device:{phone.id}", {"booth": "A-01", "visitors": 1, "as": "xlsx"}),
        ("organiser@example.org", {"booth": "", "visitors": 1, "as": "csv"}),
    ]


async def test_the_desk_asks_for_a_booth_that_nobody_has(cast: Cast) -> None:
    answer = await cast.organiser.get(f"{cast.api}/leads.json?booth=Z-99")

    assert answer.status_code == 404


async def test_an_organiser_of_one_side_gets_no_address_of_the_others_guests(cast: Cast, phone: Phone) -> None:
    guest = await visitor(cast, email="ay@example.com")
    await scanned(cast, phone.browser, guest.code)
    browser = await cast.person(Role.ORGANISER)
    everybody = (await browser.get(f"{cast.api}/leads.json")).json()["leads"]
    await cast.database.write(lambda tx: tx.execute(sa.update(users).values(side="hkstp")))
    cast.state["keyring"].forget()

    one_side = (await browser.get(f"{cast.api}/leads.json")).json()["leads"]

    assert [lead["email"] for lead in everybody] == ["ay@example.com"]
    assert [(lead["name"], lead["email"]) for lead in one_side] == [("陈伟", "")]
    assert names((await browser.get(f"{cast.api}/leads.csv")).content) == ["陈伟"]
    assert b"ay@example.com" not in (await browser.get(f"{cast.api}/leads.csv")).content


FORBIDDEN = ("manifest", "gates", "door-search?q=陈", "summary", "board", "guests", "conflicts", "attendance.json")


@pytest.mark.parametrize("address", FORBIDDEN)
async def test_a_booths_phone_reads_nothing_of_the_door(cast: Cast, phone: Phone, address: str) -> None:
    answer = await phone.browser.get(f"{cast.api}/{address}")

    assert answer.status_code == 403


async def test_a_booths_phone_admits_nobody(cast: Cast, phone: Phone) -> None:
    guest = await cast.guest()

    scan = await phone.browser.post(f"{cast.api}/scans", json={"scans": [cast.scan(guest.code)]})
    pin = await phone.browser.post(f"{cast.api}/device/sign-on", json={"pin": "123456"})
    walk_in = await phone.browser.post(f"{cast.api}/walk-ins", json={})

    assert [answer.status_code for answer in (scan, pin, walk_in)] == [403, 403, 403]


async def test_a_booths_phone_tells_how_it_is(cast: Cast, phone: Phone) -> None:
    report = {"sent_at": cast.clock.now().isoformat(), "waiting": 2, "battery": 80}

    answer = await phone.browser.post(f"{cast.api}/device", json=report)

    assert answer.json()["device"]["profile"] == "booth"
    [shown] = (await cast.organiser.get(f"{cast.api}/devices")).json()["devices"]
    assert (shown["waiting"], shown["battery"], shown["concerns"]) == (2, 80, [])


async def elsewhere(cast: Cast) -> Phone:
    return Phone((await paired(cast)).id, cast.outsider)


async def at_the_door(cast: Cast) -> Phone:
    return await paired(cast)


async def at_a_kiosk(cast: Cast) -> Phone:
    return await paired(cast, Profile.KIOSK)


@pytest.mark.parametrize(("who", "status"), [(elsewhere, 404), (at_the_door, 403), (at_a_kiosk, 403)])
@pytest.mark.usefixtures("phone")
async def test_nobody_else_scans_for_a_booth(cast: Cast, who: Callable[[Cast], object], status: int) -> None:
    guest, other = await visitor(cast), await who(cast)

    asked = await other.browser.post(f"{cast.api}/leads", json={"id": str(uuid4()), "code": guest.code})
    listed = await other.browser.get(f"{cast.api}/leads.json")

    assert (asked.status_code, listed.status_code) == (status, status)


async def test_a_token_that_is_no_phone_is_at_no_booth(cast: Cast, phone: Phone) -> None:
    del phone
    keyring, now = cast.state["keyring"], cast.clock.now()
    token = await cast.database.write(
        lambda tx: accounts.create_token(tx, keyring, event_id=cast.event.id, scope=Scope.BOOTH, name="script", now=now)
    )
    script = cast.browser(headers={"Authorization": f"Bearer {token}"})

    answers = [
        await script.post(f"{cast.api}/leads", json={"id": str(uuid4()), "code": "Y1"}),
        await script.get(f"{cast.api}/leads.json"),
        await script.get("/booth"),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]


async def test_a_phone_that_was_withdrawn_learns_nothing_more(cast: Cast, phone: Phone) -> None:
    guest, now = await visitor(cast), cast.clock.now()
    await cast.database.write(lambda tx: revoke(tx, event_id=cast.event.id, device_id=phone.id, actor="cast", now=now))
    cast.state["keyring"].forget()

    answer = await phone.browser.post(f"{cast.api}/leads", json={"id": str(uuid4()), "code": guest.code})

    assert (answer.status_code, answer.json()["code"]) == (401, "device_revoked")


async def test_an_address_of_the_api_that_somebody_types_on_a_booths_phone_shows_nothing(
    cast: Cast, phone: Phone
) -> None:
    answer = await phone.browser.get(f"{cast.api}/leads.json", headers={"Sec-Fetch-Mode": "navigate"})

    assert answer.status_code == 401


async def test_the_list_stands_in_the_order_in_which_visitors_came(cast: Cast, phone: Phone) -> None:
    for name in ("甲", "乙", "丙"):
        cast.clock.forward(minutes=1)
        await scanned(cast, phone.browser, (await visitor(cast, name)).code)

    assert await met(cast, phone.browser) == ["甲", "乙", "丙"]
