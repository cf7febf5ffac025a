from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest

from checkin.alert_mail import Herald
from checkin.alerts import alerts_of
from checkin.arrivals import ARRIVAL
from events.core import accounts
from events.core.i18n import Catalogues, Language
from events.core.ids import Role, new_id
from events.core.outbox import Message
from events.core.web import template_environment
from tests.cast import Cast, eventually, on_one_engine

pytestmark = on_one_engine

LIAISON = "lam@example.org"
WORDS = {
    "name_latin": "LI Xiaoming",
    "organisation": "科技创新委员会",
    "job_title": "副主任",
    "category": "vip",
    "pick_slot": "B-07",
}


@pytest.fixture
def herald(cast: Cast) -> Herald:
    return Herald(
        database=cast.database,
        clock=cast.clock,
        templates=template_environment("events", "checkin"),
        catalogues=Catalogues(),
        mail_from="Yingbin <desk@example.org>",
    )


async def arrived(cast: Cast, *, with_companion: bool = False, **words: str) -> Message:
    """The mail that is queued when the guest, or a companion, comes in."""
    leader = await cast.guest("李晓明", **{**WORDS, **words})
    companion = await cast.guest("王方", leader_id=str(leader.id))
    await cast.scanned(cast.scan(companion.code if with_companion else leader.code))
    [alert] = await cast.database.read(lambda tx: alerts_of(tx, cast.event.id, limit=2))
    return Message(
        id=new_id(),
        event_id=cast.event.id,
        kind=ARRIVAL,
        subject_id=alert.id,
        recipient=LIAISON,
        created_at=cast.clock.now(),
        attempts=1,
        outcome="waiting",
        detail="",
    )


def said(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return body.get_content()


async def test_the_mail_says_who_came_where_and_when(cast: Cast, herald: Herald) -> None:
    message = await arrived(cast)

    mail = await herald.mail(message)

    assert (mail["To"], mail["From"], mail["Subject"]) == (
        LIAISON,
        "Yingbin <desk@example.org>",
        "李晓明 (LI Xiaoming) 已到场",
    )
    assert (mail["Message-ID"], mail["Auto-Submitted"]) == (f"<{message.id}@yingbin>", "auto-generated")
    assert said(mail, "plain").splitlines() == [
        "李晓明 (LI Xiaoming) 已到场",
        "科技创新委员会 · 副主任",
        "贵宾",
        "",
        "12:00，正门 Main entrance",
        "胸牌格位 B-07",
        "",
        "科创谷启动仪式",
    ]


async def test_the_page_of_the_mail_says_the_same_and_escapes_names(cast: Cast, herald: Herald) -> None:
    page = said(await herald.mail(await arrived(cast, organisation="A<b>B & C")), "html")

    for words in ("李晓明 已到场", "LI Xiaoming", "贵宾", "12:00，正门 Main entrance", "胸牌格位 B-07"):
        assert words in page
    assert "A&lt;b&gt;B &amp; C · 副主任" in page


async def test_a_companion_means_that_the_leader_is_about_to_come(cast: Cast, herald: Herald) -> None:
    mail = await herald.mail(await arrived(cast, with_companion=True))

    assert mail["Subject"] == "李晓明 (LI Xiaoming) 即将到达"
    assert "随员 王方 已到，主宾将至。" in said(mail, "plain")
    assert "随员 王方 已到，主宾将至。" in said(mail, "html")


async def test_a_liaison_with_an_account_reads_their_own_language(cast: Cast, herald: Herald) -> None:
    await cast.database.write(
        lambda tx: accounts.create_user(
            tx, email=LIAISON, name="Lam", role=Role.PROTOCOL, language=Language.EN, now=cast.clock.now()
        )
    )

    mail = await herald.mail(await arrived(cast, with_companion=True))

    assert mail["Subject"] == "李晓明 (LI Xiaoming) is about to arrive"
    assert "A companion is here: 王方. The guest of honour is on the way." in said(mail, "plain")
    assert "Launch of the Valley" in said(mail, "plain")


async def test_scripts_are_told_facts_in_the_time_of_the_event(cast: Cast, herald: Herald) -> None:
    message = await arrived(cast, with_companion=True)

    told = await herald.told(cast.event.id, message.subject_id)

    guest, companion = told.facts["guest"], told.facts["companion"]
    assert told.text.splitlines()[0] == "李晓明 (LI Xiaoming) 即将到达"
    assert told.facts["type"] == "guest.arrived"
    assert told.facts["id"] == str(message.subject_id)
    assert told.facts["at"] == cast.clock.now().astimezone(ZoneInfo("Asia/Shanghai")).isoformat()
    assert (told.facts["event"]["slug"], told.facts["gate"]) == ("valley-launch", cast.gate.name)
    assert (guest["name"], guest["category"], companion["name"]) == ("李晓明", "vip", "王方")


async def test_no_way_to_reach_a_guest_is_told_to_anybody(cast: Cast, herald: Herald) -> None:
    guest = await cast.guest("李晓明", email="li@example.org", phone="+852 5555 4321", category="vip")
    await cast.scanned(cast.scan(guest.code))
    [alert] = await cast.database.read(lambda tx: alerts_of(tx, cast.event.id, limit=1))

    told = await herald.told(cast.event.id, alert.id)

    spoken = f"{told.text} {told.facts}"
    assert "李晓明" in spoken
    assert [each for each in ("li@example.org", "4321", guest.code) if each in spoken] == []


async def test_the_house_writes_to_the_liaison_soon_after_the_scan(cast: Cast) -> None:
    guest = await cast.guest("李晓明", liaison=LIAISON, **WORDS)
    await cast.scanned(cast.scan(guest.code))

    async def is_kept() -> bool:
        page = (await cast.organiser.get(f"/desk/{cast.event.slug}/mails", params={"lang": "en"})).text
        return LIAISON in page and "Arrival" in page and "Open the mail" in page

    await eventually(is_kept)
