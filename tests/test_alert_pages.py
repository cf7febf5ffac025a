import re
from typing import Any

import pytest

from checkin import board_pages
from tests.cast import Cast, on_one_engine
from tests.receiver import Receiver, receiving
from tests.test_board_pages import sent_in, words_of

pytestmark = on_one_engine

URL = "https://oapi.dingtalk.com/robot/send?access_token=1f2e3d4c5b6a"


@pytest.fixture
def path(cast: Cast) -> str:
    return f"/desk/{cast.event.slug}/door/alerts"


async def added(cast: Cast, path: str, **given: str) -> Any:
    form = {"url": URL, "format": "dingtalk", "secret": "", **given}
    return await cast.organiser.post(path, data=form, params={"lang": "en"})


async def shown(cast: Cast, path: str, **query: str) -> str:
    page = await cast.organiser.get(path, params={"lang": "en", **query})
    assert page.status_code == 200
    return page.text


async def test_the_page_lists_who_has_arrived(cast: Cast, path: str) -> None:
    leader = await cast.guest("李晓明", name_latin="LI Xiaoming", category="vip")
    companion = await cast.guest("王方", leader_id=str(leader.id))
    guest = await cast.guest("陈伟", liaison="lam@example.org", organisation="科技园", job_title="总裁")
    empty = words_of(await shown(cast, path))

    await cast.scanned(cast.scan(companion.code), cast.scan(guest.code))

    page = await shown(cast, path)
    words = words_of(page)
    assert "Nobody has been announced yet." in empty
    assert "12:00 陈伟 科技园 · 总裁 Has arrived Guest · 正门 Main entrance" in words
    assert "12:00 李晓明 LI Xiaoming Companion here, principal follows VIP · 正门 Main entrance · 王方" in words
    assert f'href="/desk/{cast.event.slug}/guests/{leader.id}"' in page


async def test_a_webhook_is_added_and_its_address_shown_shortened(cast: Cast, path: str) -> None:
    answer = await added(cast, path, secret="SECabc")

    page = await shown(cast, path, done="added")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?done=added")
    assert "The webhook is added." in words_of(page)
    assert "DingTalk https://oapi.dingtalk.com/…5b6a · signed" in words_of(page)
    assert ("1f2e3d4c" in page, "SECabc" in page) == (False, False)


async def test_a_wrong_address_keeps_what_was_typed_but_not_the_secret(cast: Cast, path: str) -> None:
    answer = await added(cast, path, url="ftp://example.org", secret="SECabc")

    assert answer.status_code == 422
    assert "This is not a web address that can be written to." in answer.text
    assert 'value="ftp://example.org"' in answer.text
    assert "SECabc" not in answer.text
    assert 'value="dingtalk" selected' in answer.text


async def test_a_removed_webhook_is_gone(cast: Cast, path: str) -> None:
    await added(cast, path)
    [remove] = re.findall(rf'action="({path}/webhooks/[^"]+/remove)"', await shown(cast, path))

    answer = await cast.organiser.post(remove)
    again = await cast.organiser.post(remove)

    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?done=removed")
    assert again.status_code == 404
    assert "oapi.dingtalk.com" not in await shown(cast, path)


async def test_a_test_that_arrives_is_confirmed(cast: Cast, path: str) -> None:
    async with receiving() as receiver:
        answer = await cast.organiser.post(await address_of_test(cast, path, receiver))

    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?done=tested")
    assert [address for address, _, _ in receiver.posted] == ["/hook?key=k"]
    assert "The test has arrived." in await shown(cast, path, done="tested")


async def test_a_test_that_does_not_arrive_says_why(cast: Cast, path: str) -> None:
    async with receiving() as receiver:
        address = await address_of_test(cast, path, receiver)
        receiver.answer.body = b'{"errcode": 310000, "errmsg": "keywords not in content"}'
        receiver.answer.headers["content-length"] = str(len(receiver.answer.body))
        answer = await cast.organiser.post(address, params={"lang": "en"})
        back = await cast.organiser.get(address, params={"lang": "zh-Hant"})

    words = words_of(answer.text)
    assert answer.status_code == 502
    assert "The test did not arrive" in words
    assert "310000: keywords not in content" in words
    assert (back.status_code, back.headers["location"]) == (303, f"{path}?lang=zh-Hant")


async def test_messages_are_listed_with_what_became_of_them(cast: Cast, path: str) -> None:
    assert "No message has been sent yet." in await shown(cast, path)
    await added(cast, path, url="http://127.0.0.1:9/hook", format="generic")
    guest = await cast.guest("李晓明", category="vip")

    await cast.scanned(cast.scan(guest.code))

    words = words_of(await shown(cast, path))
    assert "李晓明 http://127.0.0.1:9/…hook Waiting" in words


async def test_the_stream_of_the_page_sends_its_parts(cast: Cast, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board_pages, "_STREAM_S", -1.0)
    guest = await cast.guest("李晓明", category="vip")
    await cast.scanned(cast.scan(guest.code))

    answer = await cast.organiser.get(f"{path}/stream", params={"lang": "zh-Hant"})

    html = sent_in(answer.text)
    assert re.findall(r'data-part="(\w+)"', html) == ["arrivals", "deliveries"]
    assert f'href="/desk/{cast.event.slug}/guests/{guest.id}"' in html
    assert "最近到場" in html


async def test_only_the_desk_sees_the_page(cast: Cast, path: str) -> None:
    for address in (path, f"{path}/stream"):
        answers = [await who.get(address) for who in (cast.steward, cast.protocol, cast.outsider, cast.stranger)]
        assert [answer.status_code for answer in answers] == [403, 403, 404, 303]
    assert (await cast.organiser.get(path)).status_code == 200


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-Hans", ["最近到场", "企业微信", "钉钉", "飞书", "发送测试", "移除"]),
        ("zh-Hant", ["最近到場", "企業微信", "釘釘", "飛書", "發送測試", "移除"]),
    ],
)
async def test_the_page_speaks_chinese(cast: Cast, path: str, language: str, words: list[str]) -> None:
    await added(cast, path)

    page = words_of(await shown(cast, path, lang=language))

    assert [each for each in words if each not in page] == []


async def address_of_test(cast: Cast, path: str, receiver: Receiver) -> str:
    """Where to press "Send a test" for a robot that listens here."""
    await added(cast, path, url=f"{receiver.url}/hook?key=k", format="wecom")
    [address] = re.findall(rf'action="({path}/webhooks/[^"]+/test)"', await shown(cast, path))
    return address
