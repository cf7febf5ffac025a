import re

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin import board_pages
from checkin.stage.models import Act
from events.core import accounts
from events.core.auth import Scope
from events.core.i18n import Language
from events.core.ids import Role
from events.core.web import SESSION_COOKIE
from events.tables import guests
from tests.cast import NOON, Cast, on_one_engine
from tests.stage_scene import Scene, set_stage
from tests.test_board_pages import sent_in, words_of

pytestmark = on_one_engine


@pytest.fixture
async def scene(cast: Cast) -> Scene:
    return await set_stage(cast.database, cast.event, now=NOON)


@pytest.fixture
def path(cast: Cast) -> str:
    return f"/stage/{cast.event.slug}"


async def shown(browser: httpx.AsyncClient, path: str, **query: str) -> str:
    page = await browser.get(path, params={"lang": "en", **query})
    assert page.status_code == 200, page.text
    return page.text


async def of_side(cast: Cast, side: str) -> httpx.AsyncClient:
    """A browser on which a protocol officer of one hosting side is signed in."""
    given = {"email": f"{side}@example.org", "name": side, "role": Role.PROTOCOL, "language": Language.EN}
    keyring = cast.state["keyring"]

    async def signed_in(tx: AsyncConnection) -> str:
        user = await accounts.create_user(tx, **given, side=side, now=NOON)
        return await accounts.start_session(tx, keyring, user_id=user.id, now=NOON)

    return cast.browser(cookies={SESSION_COOKIE: await cast.database.write(signed_in)})


async def test_the_board_shows_each_round_with_who_is_here_and_how_long_it_is(
    cast: Cast, scene: Scene, path: str
) -> None:
    await cast.scanned(cast.scan(scene.host.code))

    page = await shown(cast.protocol, path)

    words = words_of(page)
    assert "Signing 12:10 –13:00 · Main stage" in words
    assert (
        "Next Round 1 Joint laboratory agreement Hetao Park × Innovation Board Draft 12:12 in 12 min 1 / 3 here"
        in words
    )
    assert "李晓明 LI Xiaoming Signatory Not here yet 林小姐 +85255554321 Chase 李晓明 Substitute 李晓明" in words
    assert 'href="tel:+85255554321"' in page
    assert "Round 2 Round 2 Hetao Park Draft 12:10 in 10 min nobody named" in words
    assert "To be mended before it is ready: 3" in words
    assert "王思远 WANG" not in words


async def test_who_was_here_and_left_is_waited_for_again(cast: Cast, scene: Scene, path: str) -> None:
    await cast.scanned(cast.scan(scene.visitor.code), cast.scan(scene.visitor.code, direction="exit"))

    words = words_of(await shown(cast.protocol, path))

    assert "李晓明 LI Xiaoming Signatory Left 12:00 · 正门 Main entrance" in words


async def test_a_round_whose_time_has_passed_says_so(cast: Cast, scene: Scene, path: str) -> None:
    cast.clock.forward(minutes=12)
    due = words_of(await shown(cast.protocol, path))
    cast.clock.forward(minutes=4)
    cast.state["live"].publish(cast.event.id)

    late = words_of(await shown(cast.protocol, path))

    assert ("12:12 now" in due, "12:12 4 min past" in late) == (True, True)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-Hans", ["就位看板", "下一轮", "还有 12 分钟", "未到", "催请", "替换", "确认就绪", "签字人"]),
        ("zh-Hant", ["就位看板", "下一輪", "尚餘 12 分鐘", "未到", "催請", "替換", "確認就緒", "簽署人"]),
        ("en", ["Readiness board", "Next", "in 12 min", "Not here yet", "Chase", "Substitute", "Confirm ready"]),
    ],
)
async def test_the_board_speaks_three_languages(
    cast: Cast, scene: Scene, path: str, language: str, words: list[str]
) -> None:
    page = words_of(await shown(cast.protocol, path, lang=language))

    assert [each for each in words if each not in page] == []


async def test_an_event_without_rounds_says_where_they_come_from(cast: Cast, path: str) -> None:
    assert "There are no rounds yet." in words_of(await shown(cast.protocol, path))


async def test_whoever_only_reads_finds_nothing_to_press(cast: Cast, scene: Scene, path: str) -> None:
    reader = await cast.token(Scope.READ)

    page = await shown(reader, path)

    pressed = await reader.post(f"{scene.path}/acts/ready", data={"version": "1"})
    assert ("李晓明" in page, "<button" in page, "?ask=substitute" in page) == (True, False, False)
    assert pressed.status_code == 403


async def test_each_side_sees_the_telephone_of_its_own_guests_only(cast: Cast, scene: Scene, path: str) -> None:
    own, other = await of_side(cast, "hk"), await of_side(cast, "sz")
    await cast.database.write(lambda tx: tx.execute(sa.update(guests).values(side="hk")))

    ours, theirs = [words_of(await shown(browser, path)) for browser in (own, other)]

    assert ("+85255554321" in ours, "林小姐" in ours) == (True, True)
    assert ("+85255554321" in theirs, "林小姐" in theirs, "李晓明" in theirs) == (False, False, True)


async def test_the_stream_sends_the_part_that_changes(
    cast: Cast, scene: Scene, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board_pages, "_STREAM_S", 0)
    await cast.scanned(cast.scan(scene.host.code))

    answer = await cast.protocol.get(f"{path}/stream", params={"lang": "en"})

    sent = sent_in(answer.text)
    assert 'data-part="rounds"' in sent
    assert "1 / 3 here" in words_of(sent)
    assert "Confirm ready" in words_of(sent)


async def test_chasing_says_so_at_the_guest_and_once_in_two_minutes(cast: Cast, scene: Scene, path: str) -> None:
    form = {"guest": str(scene.visitor.id), "back": "board"}
    first = await cast.protocol.post(f"{scene.path}/chase", data=form)
    cast.clock.forward(minutes=1)

    again = await cast.organiser.post(f"{scene.path}/chase", data=form)

    words = words_of(await shown(cast.protocol, path, done="chased_lately"))
    assert (first.status_code, first.headers["location"]) == (303, f"{path}#r-{scene.first}")
    assert (again.status_code, again.headers["location"]) == (303, f"{path}?done=chased_lately")
    assert "Chased 1 min ago by protocol" in words
    assert "The liaison was asked less than two minutes ago" in words


async def test_a_guest_who_has_arrived_is_not_chased(cast: Cast, scene: Scene) -> None:
    await cast.scanned(cast.scan(scene.visitor.code))

    answer = await cast.protocol.post(f"{scene.path}/chase", data={"guest": str(scene.visitor.id)})

    page = await shown(cast.protocol, scene.path, done="here")
    assert answer.headers["location"] == f"{scene.path}?done=here"
    assert "The guest has arrived in the meantime; nobody was written to." in words_of(page)


async def test_nobody_is_chased_without_a_name(cast: Cast, scene: Scene) -> None:
    answers = [await cast.protocol.post(f"{scene.path}/chase", data=form) for form in ({}, {"guest": "x"})]

    assert [answer.status_code for answer in answers] == [404, 404]


async def test_guests_are_offered_for_what_is_typed(cast: Cast, scene: Scene, path: str) -> None:
    found = await cast.protocol.get(f"{path}/guests", params={"q": "ouyang"})
    nobody = await cast.protocol.get(f"{path}/guests")

    assert found.json() == {"guests": [{"id": str(scene.spare.id), "label": "欧阳文静 · 创新委员会"}]}
    assert nobody.json() == {"guests": []}


async def test_a_round_that_is_over_has_one_quiet_line(cast: Cast, scene: Scene, path: str) -> None:
    await scene.does(Act.WITHDRAW, reason="改期")

    page = await shown(cast.protocol, path)

    [line] = re.findall(rf'<li class="round" id="r-{scene.first}".*?</li>', page, re.DOTALL)
    assert words_of(line).startswith("Round 1 Joint laboratory agreement")
    assert ("Withdrawn" in line, "<button" in line) == (True, False)
    assert "Next Round 2" in words_of(page)
