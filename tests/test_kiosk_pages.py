import json
import re
from typing import Any

import httpx
import pytest

from checkin.models import Profile
from checkin.wording import kiosk_words
from events.core.i18n import Language
from tests.cast import Cast, on_one_engine
from tests.door_crew import phone

pytestmark = on_one_engine


async def test_a_kiosk_says_where_it_stands_in_all_languages_and_names_nobody(cast: Cast) -> None:
    await cast.guest("欧阳晓彤")
    kiosk, device_id = await phone(cast, profile=Profile.KIOSK, language=Language.ZH_HANT)

    page = await kiosk.get(f"/door/{cast.event.slug}/kiosk")

    told = _settings_in(page)
    identity = {"profile": "kiosk", "gate_id": str(cast.gate.id), "language": "zh-Hant"}
    assert told["device"] == {"id": str(device_id), "name": "主入口 1 号机", **identity}
    assert told["gate"] == {"id": str(cast.gate.id), "name": cast.gate.name}
    assert (told["language"], page.headers["content-language"]) == ("zh-Hant", "zh-Hant")
    assert told["messages"] == {language.value: kiosk_words(language) for language in Language}
    assert told["titles"] == {language.value: cast.event.title.said_in(language) for language in Language}
    assert told["version"] == page.headers["yingbin-version"]
    assert "欧阳晓彤" not in page.text


async def test_the_addresses_of_a_kiosk_answer(cast: Cast) -> None:
    kiosk, _ = await phone(cast, profile=Profile.KIOSK)
    guest = await cast.guest("黄丽", phone="+852 5555 1234")
    urls = _settings_in(await kiosk.get(f"/door/{cast.event.slug}/kiosk"))["urls"]

    scanned = await kiosk.post(urls["scans"], json={"scans": [cast.scan(guest.code)]})
    found = await kiosk.post(urls["kiosk_find"], json={"digits": "1234", "surname": "黄"})
    badge = await kiosk.get(urls["badge"].format(guest=guest.id))
    others = [await kiosk.get(urls[name]) for name in ("manifest", "summary", "worker", "leave")]

    assert scanned.json()["results"][0]["verdict"] == "admitted"
    assert [each["name"] for each in found.json()["guests"]] == ["黄丽"]
    assert badge.headers["content-type"] == "application/pdf"
    assert [answer.status_code for answer in others] == [200] * 4
    assert (await kiosk.get(urls["door"])).headers["location"] == f"/door/{cast.event.slug}/kiosk"


async def test_only_the_kiosk_may_hold_a_frame_with_what_it_has_fetched(cast: Cast) -> None:
    kiosk, _ = await phone(cast, profile=Profile.KIOSK)

    own = await kiosk.get(f"/door/{cast.event.slug}/kiosk")
    other = await kiosk.get(f"/door/{cast.event.slug}/self-test")

    assert own.headers["content-security-policy"] == f"{other.headers['content-security-policy']}; frame-src blob:"


async def test_somebody_who_is_signed_in_may_try_the_kiosk(cast: Cast) -> None:
    told = _settings_in(await cast.steward.get(f"/door/{cast.event.slug}/kiosk", headers={"Accept-Language": "en"}))

    assert (told["device"], told["language"], told["gate"]["id"]) == (None, "en", str(cast.gate.id))


@pytest.mark.parametrize(("who", "status"), [("stranger", 303), ("protocol", 403), ("outsider", 404)])
async def test_nobody_else_opens_a_kiosk(cast: Cast, who: str, status: int) -> None:
    answer = await getattr(cast, who).get(f"/door/{cast.event.slug}/kiosk")

    assert answer.status_code == status


def _settings_in(page: httpx.Response) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="kiosk">(.*?)</script>', page.text, re.DOTALL)
    assert found, page.text
    return json.loads(found[1])
