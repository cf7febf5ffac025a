from uuid import uuid4

import anyio
import pytest
import sqlalchemy as sa

from checkin.device_tables import webhooks
from checkin.models import RobotFormat
from checkin.webhooks import Webhook, add_webhook, deliveries_of, remove_webhook, webhook_by_id, webhooks_of
from events.core.errors import NotFound
from events.core.tables import audit
from tests.cast import Cast

URL = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7aaa"


async def added(cast: Cast, url: str = URL) -> Webhook:
    return await cast.database.write(
        lambda tx: add_webhook(
            tx, cast.event.id, url, robot=RobotFormat.WECOM, secret="hidden", actor="test", now=cast.clock.now()
        )
    )


async def removed(cast: Cast, webhook: Webhook) -> None:
    await cast.database.write(
        lambda tx: remove_webhook(tx, cast.event.id, webhook.id, actor="test", now=cast.clock.now())
    )


async def test_an_added_webhook_is_found_with_all_that_it_needs(cast: Cast) -> None:
    webhook = await added(cast)

    found = await cast.database.read(lambda tx: webhook_by_id(tx, cast.event.id, webhook.id))

    assert found == webhook
    assert (found.url, found.secret, found.format) == (URL, "hidden", RobotFormat.WECOM)


async def test_its_key_and_secret_are_neither_shown_nor_noted(cast: Cast) -> None:
    webhook = await added(cast)

    noted = sa.select(audit.c.detail).where(audit.c.action == "webhook.added")
    detail = (await cast.database.read(lambda tx: tx.execute(noted))).scalar_one()

    assert webhook.shown == "https://qyapi.weixin.qq.com/…7aaa"
    assert detail == {"format": "wecom", "url": webhook.shown}
    assert ("693a91f6" in repr(webhook), "hidden" in repr(webhook)) == (False, False)


async def test_a_removed_webhook_is_forgotten_with_its_key(cast: Cast) -> None:
    kept, gone = await added(cast), await added(cast, f"{URL}-2222")

    await removed(cast, gone)

    assert await cast.database.read(lambda tx: webhooks_of(tx, cast.event.id)) == [kept]
    row = sa.select(webhooks.c.url, webhooks.c.secret).where(webhooks.c.webhook_id == gone.id)
    stored = (await cast.database.read(lambda tx: tx.execute(row))).one()
    assert tuple(stored) == ("https://qyapi.weixin.qq.com/…2222", "")


async def test_what_waits_for_a_removed_webhook_is_not_sent(cast: Cast) -> None:
    webhook = await added(cast, "http://127.0.0.1:9/never")
    guest = await cast.guest("李晓明", category="vip")
    await cast.scanned(cast.scan(guest.code))

    await removed(cast, webhook)

    [delivery] = await cast.database.read(lambda tx: deliveries_of(tx, cast.event.id, limit=5))
    assert (delivery.outcome, delivery.due_at, delivery.guest) == ("removed", None, "李晓明")
    assert delivery.webhook.shown == "http://127.0.0.1:9/…ever"


async def test_removing_again_or_in_another_event_finds_nothing(cast: Cast) -> None:
    webhook = await added(cast)
    await removed(cast, webhook)

    for gone in (webhook.id, uuid4()):
        with pytest.raises(NotFound):
            await cast.database.write(
                lambda tx, gone=gone: remove_webhook(tx, cast.event.id, gone, actor="test", now=cast.clock.now())
            )


async def test_of_two_who_remove_it_at_once_one_is_told_that_it_is_gone(cast: Cast) -> None:
    webhook, outcomes = await added(cast), list[str]()

    async def remove() -> None:
        try:
            await removed(cast, webhook)
            outcomes.append("removed")
        except NotFound:
            outcomes.append("not found")

    async with anyio.create_task_group() as people:
        for _ in range(2):
            people.start_soon(remove)

    assert sorted(outcomes) == ["not found", "removed"]


async def test_deliveries_are_listed_newest_first_with_what_became_of_them(cast: Cast) -> None:
    await added(cast, "http://127.0.0.1:9/hook")
    guests = [await cast.guest(name, category="vip") for name in ("甲", "乙", "丙")]
    for guest in guests:
        await cast.scanned(cast.scan(guest.code))

    found = await cast.database.read(lambda tx: deliveries_of(tx, cast.event.id, limit=2))

    assert [delivery.guest for delivery in found] == ["丙", "乙"]
    assert [delivery.arrived_at for delivery in found] == [cast.clock.now()] * 2
