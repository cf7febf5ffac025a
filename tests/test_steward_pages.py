import re
from html import unescape

import httpx
import pytest

from checkin.stewards import Listed, stewards_of
from tests.cast import Cast, on_one_engine
from tests.door_crew import phone, steward

pytestmark = on_one_engine
DESK = "/desk/valley-launch/door/stewards"


async def listed(cast: Cast) -> list[Listed]:
    return await cast.database.read(lambda tx: stewards_of(tx, cast.event.id))


async def names(cast: Cast) -> list[tuple[str, bool]]:
    return [(each.steward.name, each.steward.lead) for each in await listed(cast)]


def pins_in(page: httpx.Response) -> dict[str, str]:
    """The PINs on the slips, by name."""
    slips = re.findall(r'slip-name"><bdi>([^<]*)</bdi>.*?slip-pin">.*?</span>([\d ]+)</p>', page.text, re.DOTALL)
    return {unescape(name): pin.replace(" ", "") for name, pin in slips}


def errors_in(page: httpx.Response) -> dict[str, str]:
    return dict(re.findall(r'<p class="error" id="([\w.]+)-error">([^<]*)</p>', unescape(page.text)))


async def test_without_a_steward_the_page_says_so(cast: Cast) -> None:
    page = await cast.organiser.get(DESK, params={"lang": "en"})

    assert "No steward can sign on yet." in page.text


async def test_stewards_are_added_one_a_line_and_their_pins_are_shown_once(cast: Cast) -> None:
    browser, _ = await phone(cast)

    page = await cast.organiser.post(DESK, data={"names": "陈小满\r\n\r\n  李娜 \r\n", "lead": "1"})
    again = await cast.organiser.get(DESK)

    pins = pins_in(page)
    assert (page.status_code, page.headers["cache-control"], list(pins)) == (200, "no-store", ["陈小满", "李娜"])
    assert await names(cast) == [("李娜", True), ("陈小满", True)]
    assert (pins_in(again), [pin for pin in pins.values() if pin in again.text]) == ({}, [])
    answers = [await browser.post(f"{cast.api}/device/sign-on", json={"pin": pin}) for pin in pins.values()]
    assert [answer.json()["steward"]["name"] for answer in answers] == list(pins)


async def test_a_name_that_is_taken_adds_nobody_and_what_was_typed_is_kept(cast: Cast) -> None:
    await steward(cast, "陈小满")

    page = await cast.organiser.post(DESK, data={"names": "李娜\n陈小满"}, params={"lang": "en"})
    repeated = await cast.organiser.post(DESK, data={"names": "王芳\n王芳"}, params={"lang": "zh-Hant"})

    assert (page.status_code, errors_in(page)) == (422, {"names": "This name is taken: 陈小满"})
    assert "李娜\n陈小满</textarea>" in page.text
    assert errors_in(repeated) == {"names": "此名稱已被使用：王芳"}
    assert await names(cast) == [("陈小满", False)]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Please fill this in."),
        (" \n ", "Please fill this in."),
        ("x" * 81, "This is too long."),
        ("\n".join(map(str, range(101))), "This is too long."),
        ("A\nB\x00", "This contains characters that cannot be read."),
    ],
)
async def test_names_that_are_none_are_refused(cast: Cast, typed: str, sentence: str) -> None:
    page = await cast.organiser.post(DESK, data={"names": typed}, params={"lang": "en"})

    assert (page.status_code, errors_in(page)) == (422, {"names": sentence})
    assert await names(cast) == []


async def test_a_new_pin_is_shown_once_and_a_repeat_of_the_press_changes_nothing(cast: Cast) -> None:
    (added, before), (browser, _) = await steward(cast), await phone(cast)
    sent = {"mark": (await listed(cast))[0].mark}

    page = await cast.organiser.post(f"{DESK}/{added.id}/pin", data=sent)
    repeat = await cast.organiser.post(f"{DESK}/{added.id}/pin", data=sent)
    unmarked = await cast.organiser.post(f"{DESK}/{added.id}/pin")

    assert (page.status_code, repeat.status_code, unmarked.status_code) == (200, 412, 412)
    tried = [before, pins_in(page)["陈小满"]]
    answers = [await browser.post(f"{cast.api}/device/sign-on", json={"pin": pin}) for pin in tried]
    assert [answer.status_code for answer in answers] == [401, 200]


async def test_a_steward_is_removed(cast: Cast) -> None:
    (added, _), _ = await steward(cast), await steward(cast, "李娜", lead=True)

    answers = [await cast.organiser.post(f"{DESK}/{added.id}/remove") for _ in range(2)]
    page = await cast.organiser.get(answers[0].headers["location"], params={"lang": "en"})

    assert [answer.headers["location"] for answer in answers] == [f"{DESK}?done=removed"] * 2
    assert (
        "The steward is removed and signed off everywhere."
        in (await cast.organiser.get(DESK, params={"done": "removed", "lang": "en"})).text
    )
    assert (page.status_code, await names(cast)) == (200, [("李娜", True)])


async def test_the_stewards_are_the_desks_alone(cast: Cast) -> None:
    (added, _), (browser, _) = await steward(cast), await phone(cast)
    writes = (DESK, f"{DESK}/{added.id}/pin", f"{DESK}/{added.id}/remove")
    callers = (cast.steward, cast.protocol, browser, cast.outsider)

    asked = [(await each.get(DESK)).status_code for each in callers]
    sent = [[(await each.post(path, data={"names": "X"})).status_code for each in callers] for path in writes]
    unknown = [
        await cast.organiser.post(f"{DESK}/{'0' * 8}-0000-0000-0000-{'0' * 12}/{verb}") for verb in ("pin", "remove")
    ]

    assert [asked, *sent] == [[403, 403, 403, 404]] * 4
    assert [answer.status_code for answer in unknown] == [404] * 2
    assert await names(cast) == [("陈小满", False)]
