from email.message import EmailMessage
from uuid import UUID

import pytest
import sqlalchemy as sa

from checkin.stage.chase_mail import Chaser
from checkin.stage.chasing import CHASE, chase
from checkin.stage.tables import participants
from events.core import accounts
from events.core.errors import NotFound
from events.core.i18n import Catalogues, Language
from events.core.ids import Role, new_id
from events.core.outbox import Message
from events.core.web import template_environment
from tests.cast import NOON, Cast, eventually, on_one_engine
from tests.stage_scene import COLLEAGUE, LIAISON, Scene, set_stage

pytestmark = on_one_engine


@pytest.fixture
async def scene(cast: Cast) -> Scene:
    return await set_stage(cast.database, cast.event, now=NOON)


@pytest.fixture
def chaser(cast: Cast) -> Chaser:
    return Chaser(
        database=cast.database,
        clock=cast.clock,
        templates=template_environment("events", "checkin"),
        catalogues=Catalogues(),
        mail_from="Yingbin <desk@example.org>",
    )


async def asked(cast: Cast, scene: Scene) -> Message:
    """The mail that is queued when a colleague chases the visitor."""
    made = await cast.database.write(
        lambda tx: chase(tx, scene.event.id, scene.first, scene.visitor.id, actor=COLLEAGUE, now=cast.clock.now())
    )
    assert made is not None
    return message(scene, made.id)


def message(scene: Scene, subject_id: UUID) -> Message:
    return Message(
        id=new_id(),
        event_id=scene.event.id,
        kind=CHASE,
        subject_id=subject_id,
        recipient=LIAISON,
        created_at=NOON,
        attempts=1,
        outcome="waiting",
        detail="",
    )


def said(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return body.get_content()


async def speaks(cast: Cast, language: Language) -> None:
    await cast.database.write(
        lambda tx: accounts.create_user(tx, email=LIAISON, name="Lam", role=Role.PROTOCOL, language=language, now=NOON)
    )


async def test_the_mail_says_who_is_waited_for_where_and_when(cast: Cast, scene: Scene, chaser: Chaser) -> None:
    queued = await asked(cast, scene)

    mail = await chaser.mail(queued)

    assert (mail["To"], mail["From"]) == (LIAISON, "Yingbin <desk@example.org>")
    assert (mail["Message-ID"], mail["Auto-Submitted"]) == (f"<{queued.id}@yingbin>", "auto-generated")
    assert mail["Subject"] == "催请：李晓明 (LI Xiaoming)，第 1 轮，12:12"
    assert said(mail, "plain").splitlines() == [
        "催请：李晓明 (LI Xiaoming)，第 1 轮，12:12",
        "",
        "人工智能联合实验室共建协议",
        "签字人",
        "12:12，主台",
        "",
        "尚未到场。",
        "请尽快引导该嘉宾到台前候场；如无法到场，请立即告知何卓文。",
        "",
        "科创谷启动仪式",
    ]


async def test_a_liaison_with_an_account_reads_their_own_language(cast: Cast, scene: Scene, chaser: Chaser) -> None:
    await speaks(cast, Language.EN)

    mail = await chaser.mail(await asked(cast, scene))

    assert mail["Subject"] == "李晓明 (LI Xiaoming) is waited for: round 1, 12:12"
    assert "tell 何卓文 at once" in said(mail, "plain")
    assert "Joint laboratory agreement · Signatory" in said(mail, "html")
    assert "12:12, Main stage" in said(mail, "html")


async def test_in_hong_kong_it_reads_as_there(cast: Cast, scene: Scene, chaser: Chaser) -> None:
    await speaks(cast, Language.ZH_HANT)

    mail = await chaser.mail(await asked(cast, scene))

    assert "請盡快引領該嘉賓到台前候場；如未能到場，請立即通知何卓文。" in said(mail, "plain")


async def test_who_has_left_is_said_to_have_been_seen(cast: Cast, scene: Scene, chaser: Chaser) -> None:
    await cast.scanned(cast.scan(scene.visitor.code), cast.scan(scene.visitor.code, direction="exit"))

    mail = await chaser.mail(await asked(cast, scene))

    assert "最近一次：正门 Main entrance，12:00。" in said(mail, "plain")
    assert "最近一次：正门 Main entrance，12:00。" in said(mail, "html")


async def test_who_has_no_part_any_more_is_written_about_to_nobody(cast: Cast, scene: Scene, chaser: Chaser) -> None:
    queued = await asked(cast, scene)
    await cast.database.write(lambda tx: tx.execute(sa.delete(participants)))

    with pytest.raises(NotFound):
        await chaser.mail(queued)


async def test_the_house_writes_soon_after_the_press(cast: Cast, scene: Scene) -> None:
    await cast.protocol.post(f"{scene.path}/chase", data={"guest": str(scene.visitor.id)})

    async def is_kept() -> bool:
        page = (await cast.organiser.get(f"/desk/{cast.event.slug}/mails", params={"lang": "en"})).text
        return LIAISON in page and "Chase" in page and "Open the mail" in page

    await eventually(is_kept)
