import json
import logging
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import anyio
import httpx
import pytest
import sqlalchemy as sa
from starlette.responses import RedirectResponse, Response

from checkin import courier as module
from checkin.alert_mail import Herald
from checkin.courier import Courier, client_for_webhooks
from checkin.device_tables import alerts, deliveries, webhooks
from checkin.gates import usable_gates
from checkin.models import Direction, Mode, RobotFormat, VerdictCode
from checkin.robots import PER_MINUTE
from checkin.tables import scans
from checkin.webhooks import add_webhook, remove_webhook, webhook_by_id
from events.core.database import Database
from events.core.i18n import Catalogues
from events.core.ids import new_id
from events.core.web import template_environment
from events.forms import GuestForm
from events.guestlist import invite
from events.models import Event
from tests.cast import NOON, FrozenClock, eventually, on_one_engine, planned
from tests.receiver import Receiver, receiving

REFUSED = Response(b'{"errcode": 310000, "errmsg": "sign not match"}')


@dataclass
class Post:
    """An event with a receiver, and what is queued for it."""

    database: Database
    clock: FrozenClock
    event: Event
    receiver: Receiver
    client: httpx.AsyncClient

    def courier(self, *, chance: float = 0.5) -> Courier:
        """Another process."""
        return Courier(self.database, self.clock, self.client, herald(self.database, self.clock), lambda: chance)

    async def webhook(
        self, robot: RobotFormat = RobotFormat.GENERIC, *, path: str = "/hook?key=secret", secret: str = ""
    ) -> UUID:
        added = await self.database.write(
            lambda tx: add_webhook(
                tx, self.event.id, self.receiver.url + path, robot=robot, secret=secret, actor="test", now=NOON
            )
        )
        return added.id

    async def queue(self, webhook_id: UUID, *, count: int = 1) -> None:
        """Deliveries as an announcement leaves them, each of a guest of its own."""
        for number in range(count):
            await self.database.write(lambda tx, number=number: self._queue(tx, webhook_id, number))

    async def _queue(self, tx, webhook_id: UUID, number: int) -> None:
        now = self.clock.now()
        guest = await invite(
            tx, self.event, GuestForm(name=f"嘉宾{number}", category="vip"), actor="test", now=now, mail=False
        )
        [gate, *_] = await usable_gates(tx, self.event.id, actor="test", now=now)
        scan, alert, own = uuid4(), new_id(), {"event_id": self.event.id}
        await tx.execute(sa.insert(scans).values(**own, **_scan(scan, gate.id, guest.id)))
        row = {"alert_id": alert, "guest_id": guest.id, "scan_id": scan, "gate": gate.name, "at": now}
        await tx.execute(sa.insert(alerts).values(**own, **row))
        waiting = {"due_at": now, "attempts": 0, "outcome": "waiting", "detail": ""}
        row = {"delivery_id": new_id(), "webhook_id": webhook_id, "alert_id": alert, **waiting}
        await tx.execute(sa.insert(deliveries).values(**own, **row))

    async def rows(self) -> list[Any]:
        """The deliveries in the order in which they were queued."""
        chosen = sa.select(deliveries).order_by(deliveries.c.delivery_id)
        return list(await self.database.read(lambda tx: tx.execute(chosen)))

    async def outcomes(self) -> list[tuple[str, str, int]]:
        return [(row.outcome, row.detail, row.attempts) for row in await self.rows()]

    async def due_after(self) -> float:
        """In how many seconds the only delivery is due."""
        [row] = await self.rows()
        return (row.due_at - self.clock.now()).total_seconds()


def _scan(scan_id: UUID, gate_id: UUID, guest_id: UUID) -> dict[str, Any]:
    flags = {"admits": True, "entered": True, "conflict": False, "rehearsal": False}
    times = dict.fromkeys(("scanned_at", "received_at", "counted_at"), NOON)
    words = dict.fromkeys(("raw", "local_verdict", "doubt", "override_reason", "actor", "actor_name"), "")
    kinds = {"direction": Direction.ENTRY, "mode": Mode.ONLINE, "verdict": VerdictCode.ADMITTED_VIP}
    ids = {"scan_id": scan_id, "recorded": new_id(), "gate_id": gate_id, "guest_id": guest_id}
    return {**ids, **kinds, **times, **flags, **words, "answer": {}}


def herald(database: Database, clock: FrozenClock) -> Herald:
    return Herald(
        database=database,
        clock=clock,
        templates=template_environment("events", "checkin"),
        catalogues=Catalogues(),
        mail_from="desk@example.org",
    )


@pytest.fixture
async def post(database: Database, clock: FrozenClock) -> AsyncGenerator[Post]:
    event = await planned(database)
    async with receiving() as receiver, client_for_webhooks() as client:
        yield Post(database, clock, event, receiver, client)


async def test_an_arrival_is_delivered_once_and_settled(post: Post) -> None:
    await post.queue(await post.webhook(secret="shared"))
    courier = post.courier()

    taken = [await courier.deliver_due() for _ in range(2)]

    assert taken == [1, 0]
    [(path, body, headers)] = post.receiver.posted
    assert (path, json.loads(body)["guest"]["name"]) == ("/hook?key=secret", "嘉宾0")
    assert headers["yingbin-signature"].startswith(f"t={int(NOON.timestamp())},v1=")
    assert await post.outcomes() == [("sent", "", 1)]
    assert [row.tried_at for row in await post.rows()] == [NOON]


@on_one_engine
@pytest.mark.parametrize("robot", list(RobotFormat))
async def test_each_receiver_is_spoken_to_in_its_own_format(post: Post, robot: RobotFormat) -> None:
    await post.queue(await post.webhook(robot, secret="s"))

    await post.courier().deliver_due()

    [(path, body, _)] = post.receiver.posted
    assert ("sign=" in path) is (robot is RobotFormat.DINGTALK)
    assert ("嘉宾0 已到场" in body.decode(), "科创谷启动仪式" in body.decode()) == (True, True)
    assert await post.outcomes() == [("sent", "", 1)]


@on_one_engine
async def test_a_robot_that_refuses_is_asked_again_and_its_words_are_kept(post: Post) -> None:
    await post.queue(await post.webhook(RobotFormat.DINGTALK))
    post.receiver.answer = REFUSED

    await post.courier().deliver_due()

    assert await post.outcomes() == [("waiting", "310000: sign not match", 1)]
    assert await post.due_after() == 5


@on_one_engine
async def test_a_receiver_that_stays_away_is_asked_less_and_less_often_and_then_no_more(post: Post) -> None:
    await post.queue(await post.webhook())
    post.receiver.answer = Response(status_code=503)
    waits = []

    for _ in range(9):
        await post.courier().deliver_due()
        waits.append(await post.due_after())
        post.clock.forward(seconds=waits[-1] - 1)
        assert await post.courier().deliver_due() == 0
        post.clock.forward(seconds=1)
    await post.courier().deliver_due()

    assert waits == [5, 10, 20, 40, 80, 160, 320, 600, 600]
    assert await post.outcomes() == [("failed", "HTTP 503", 10)]


@on_one_engine
@pytest.mark.parametrize(("chance", "wait"), [(0.0, 3.75), (1.0, 6.25)])
async def test_chance_spreads_the_next_try(post: Post, chance: float, wait: float) -> None:
    await post.queue(await post.webhook())
    post.receiver.answer = Response(status_code=503)

    await post.courier(chance=chance).deliver_due()

    assert await post.due_after() == wait


@on_one_engine
async def test_nobody_at_home_is_a_reason_to_try_again(post: Post) -> None:
    post.receiver.url = "http://127.0.0.1:9"
    await post.queue(await post.webhook())

    await post.courier().deliver_due()

    assert await post.outcomes() == [("waiting", "ConnectError: All connection attempts failed", 1)]


@on_one_engine
async def test_a_receiver_that_does_not_answer_in_time_is_left(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    await post.queue(await post.webhook())
    post.receiver.pause_s = 30
    monkeypatch.setattr(module, "TIMEOUT_S", 0.2)

    await post.courier().deliver_due()

    assert await post.outcomes() == [("waiting", "TimeoutError: ", 1)]


@on_one_engine
async def test_nobody_is_followed_elsewhere(post: Post) -> None:
    await post.queue(await post.webhook())
    post.receiver.answer = RedirectResponse("/elsewhere")

    await post.courier().deliver_due()

    assert [path for path, _, _ in post.receiver.posted] == ["/hook?key=secret"]
    assert await post.outcomes() == [("waiting", "HTTP 307", 1)]


@on_one_engine
async def test_an_endless_answer_is_not_read_to_its_end(post: Post) -> None:
    await post.queue(await post.webhook(RobotFormat.WECOM))
    post.receiver.answer = Response(b" " * 5_000_000)

    await post.courier().deliver_due()

    assert await post.outcomes() == [("waiting", "the answer is not a robot's", 1)]


async def test_two_processes_deliver_each_arrival_once(post: Post) -> None:
    await post.queue(await post.webhook(), count=30)
    couriers = [post.courier(), post.courier()]

    async def work(courier: Courier) -> None:
        while await courier.deliver_due():
            pass

    async with anyio.create_task_group() as processes:
        for courier in couriers:
            processes.start_soon(work, courier)

    told = sorted(json.loads(body)["guest"]["name"] for _, body, _ in post.receiver.posted)
    assert told == sorted(f"嘉宾{number}" for number in range(30))
    assert await post.outcomes() == [("sent", "", 1)] * 30


@on_one_engine
async def test_a_slow_receiver_does_not_hold_up_the_others(post: Post) -> None:
    async with receiving() as slow:
        slow.pause_s, swift = 30, post.receiver
        post.receiver = slow
        await post.queue(await post.webhook())
        post.receiver = swift
        await post.queue(await post.webhook())

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(post.courier().deliver_due)
            with anyio.fail_after(4):
                await swift.arrived.wait()
            tasks.cancel_scope.cancel()

    assert len(swift.posted) == 1


@on_one_engine
async def test_a_delivery_that_a_stop_cuts_off_is_made_by_the_next_process(post: Post) -> None:
    await post.queue(await post.webhook())
    post.receiver.pause_s = 30

    async with anyio.create_task_group() as process:
        process.start_soon(post.courier().run)
        await post.receiver.arrived.wait()
        process.cancel_scope.cancel()
    cut_off = await post.outcomes()
    post.receiver.pause_s = 0
    post.clock.forward(minutes=1)
    await post.courier().deliver_due()

    assert cut_off == [("waiting", "", 1)]
    assert await post.outcomes() == [("sent", "", 2)]


@on_one_engine
async def test_a_robot_gets_no_more_than_it_takes_a_minute(post: Post) -> None:
    await post.queue(await post.webhook(RobotFormat.WECOM), count=PER_MINUTE + 2)
    courier = post.courier()

    while await courier.deliver_due():
        pass
    at_once = len(post.receiver.posted)
    post.clock.forward(seconds=30)
    await courier.deliver_due()
    meanwhile = len(post.receiver.posted)
    post.clock.forward(seconds=31)
    await courier.deliver_due()

    assert (at_once, meanwhile, len(post.receiver.posted)) == (PER_MINUTE, PER_MINUTE, PER_MINUTE + 2)
    assert await post.outcomes() == [("sent", "", 1)] * (PER_MINUTE + 2)


@on_one_engine
async def test_what_was_removed_while_it_was_under_way_stays_removed(post: Post) -> None:
    webhook_id = await post.webhook()
    await post.queue(webhook_id)
    post.receiver.pause_s = 0.3

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(post.courier().deliver_due)
        await post.receiver.arrived.wait()
        await post.database.write(
            lambda tx: remove_webhook(tx, post.event.id, webhook_id, actor="test", now=post.clock.now())
        )

    assert await post.outcomes() == [("removed", "", 1)]
    assert await post.courier().deliver_due() == 0


@on_one_engine
async def test_a_message_that_cannot_be_written_fails_and_holds_up_no_other(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    webhook_id = await post.webhook()
    await post.queue(webhook_id, count=2)
    await spoil(post, webhook_id, url="http://host\n/?key=secret", deliveries_kept=1)

    await post.courier().deliver_due()

    assert [outcome for outcome, _, _ in await post.outcomes()] == ["failed", "sent"]
    assert "cannot be made" in caplog.text
    assert "key=secret" not in caplog.text


@on_one_engine
async def test_the_loop_goes_on_when_the_database_was_away_and_wakes_at_once(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    courier, gone = post.courier(), Database("sqlite+aiosqlite:////nowhere/at/all.sqlite3")
    courier.database = gone
    await post.queue(await post.webhook())

    async def has_failed() -> bool:
        return "could not be worked off" in caplog.text

    async with anyio.create_task_group() as process:
        process.start_soon(courier.run)
        await eventually(has_failed)
        courier.database = post.database
        courier.wake()
        with anyio.fail_after(1.5):
            await post.receiver.arrived.wait()
        process.cancel_scope.cancel()

    await gone.close()
    assert len(post.receiver.posted) == 1


@on_one_engine
async def test_a_test_is_sent_at_once_and_says_how_it_went(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    webhook_id = await post.webhook(RobotFormat.FEISHU)
    receiver = await post.database.read(lambda tx: webhook_by_id(tx, post.event.id, webhook_id))

    taken = await post.courier().try_out(receiver, post.event)
    post.receiver.answer = Response(b'{"code": 19021, "msg": "sign match fail"}')
    refused = await post.courier().try_out(receiver, post.event)

    [(_, body, _), _] = post.receiver.posted
    assert json.loads(body)["content"]["text"].splitlines()[0] == "这是一条测试消息：嘉宾到场时将在此通知。"
    assert (taken, refused) == ("", "19021: sign match fail")


@on_one_engine
async def test_a_test_to_nobody_says_so(post: Post) -> None:
    post.receiver.url = "http://127.0.0.1:9"
    webhook_id = await post.webhook()
    receiver = await post.database.read(lambda tx: webhook_by_id(tx, post.event.id, webhook_id))

    assert await post.courier().try_out(receiver, post.event) == "ConnectError: All connection attempts failed"


async def spoil(post: Post, webhook_id: UUID, *, url: str, deliveries_kept: int) -> None:
    """Gives the first deliveries to a receiver whose address nobody can read."""
    broken = await post.webhook(path="/broken")
    change = sa.update(webhooks).where(webhooks.c.webhook_id == broken).values(url=url)
    await post.database.write(lambda tx: tx.execute(change))
    rows = await post.rows()
    moved = [row.delivery_id for row in rows[: len(rows) - deliveries_kept]]
    move = sa.update(deliveries).where(deliveries.c.delivery_id.in_(moved)).values(webhook_id=broken)
    await post.database.write(lambda tx: tx.execute(move))
