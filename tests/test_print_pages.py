from io import BytesIO

import pytest
import sqlalchemy as sa
from PIL import Image

from events.models import Guest, GuestStatus
from events.tables import guests
from tests.cast import Cast, on_one_engine
from tests.programs import codes_on, lines_of, page_count, pictures_of, text_of

pytestmark = on_one_engine

HOLES = "".join(sorted("ندى"))


async def _status(cast: Cast, guest: Guest, status: GuestStatus) -> None:
    changed = sa.update(guests).where(guests.c.guest_id == guest.id).values(status=status)
    await cast.database.write(lambda tx: tx.execute(changed))


async def test_a_guests_own_badge_says_who_they_are_and_decodes_to_their_code(cast: Cast) -> None:
    guest = await cast.guest("欧阳修远", name_latin="Ouyang Xiuyuan", organisation="河套研究院")

    badge = await cast.stranger.get(f"/t/{guest.code}/badge.pdf")

    assert badge.headers["content-type"] == "application/pdf"
    assert badge.headers["cache-control"] == "no-store"
    assert {"欧阳修远", "Ouyang Xiuyuan", "河套研究院"} <= set(lines_of(badge.content))
    assert [codes_on(picture) for picture in pictures_of(badge.content, dpi=203)] == [[guest.code]]


async def test_a_guests_picture_decodes_to_their_code(cast: Cast) -> None:
    guest = await cast.guest()

    picture = await cast.stranger.get(f"/t/{guest.code}/qr.png")

    assert (picture.headers["content-type"], picture.headers["cache-control"]) == ("image/png", "no-store")
    assert codes_on(Image.open(BytesIO(picture.content)).convert("L")) == [guest.code]


@pytest.mark.parametrize("status", [status for status in GuestStatus if status != GuestStatus.CONFIRMED])
async def test_who_is_not_confirmed_has_neither_badge_nor_picture(cast: Cast, status: GuestStatus) -> None:
    guest = await cast.guest()
    paths = [f"/t/{guest.code}/{name}" for name in ("badge.pdf", "qr.png")]
    before = [(await cast.stranger.get(path)).status_code for path in paths]
    await _status(cast, guest, status)

    after = [(await cast.stranger.get(path)).status_code for path in paths]

    assert (before, after) == ([200, 200], [404, 404])


async def test_a_cancelled_guests_ticket_prints_nothing(cast: Cast) -> None:
    guest = await cast.guest()
    await cast.script.post(f"{cast.api}/guests/{guest.id}/cancel", json={"reason": ""})

    answers = [await cast.stranger.get(f"/t/{code}/badge.pdf") for code in (guest.code, "Y1", "no-code")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


async def test_a_name_that_only_latin_letters_can_print_gives_way_to_them(cast: Cast) -> None:
    guest = await cast.guest("ندى", name_latin="Nada Haddad")

    badge = await cast.stranger.get(f"/t/{guest.code}/badge.pdf")

    assert badge.status_code == 200
    assert lines_of(badge.content).count("Nada Haddad") == 1


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", f"No installed font can draw: {HOLES} (ندى)"),
        ("zh-Hans", f"现有字体无法显示：{HOLES} (ندى)"),
        ("zh-Hant", f"現有字型未能顯示：{HOLES} (ندى)"),
    ],
)
async def test_whom_no_font_prints_is_named_in_the_readers_language(cast: Cast, language: str, sentence: str) -> None:
    await cast.guest("陈伟")
    await cast.guest("ندى")

    answer = await cast.organiser.get(f"{cast.api}/badges.pdf", headers={"Accept-Language": language})

    assert (answer.status_code, answer.json()["code"]) == (409, "cannot_print")
    assert answer.json()["detail"] == sentence


async def test_a_guest_whose_organisation_cannot_be_printed_is_named(cast: Cast) -> None:
    await cast.guest("陈伟", organisation="شركة")

    answer = await cast.organiser.get(f"{cast.api}/badges.pdf", headers={"Accept-Language": "en"})

    assert (answer.status_code, answer.json()["code"]) == (409, "cannot_print")
    assert answer.json()["detail"].endswith("(陈伟)")


async def test_a_batch_holds_each_confirmed_guest_once_by_category_and_name(cast: Cast) -> None:
    named = [("丙", "guest"), ("甲", "vip"), ("乙", "guest"), ("丁", "guest")]
    made = {name: await cast.guest(name, category=category) for name, category in named}
    await _status(cast, made["丁"], GuestStatus.PENDING)

    answer = await cast.organiser.get(f"/desk/{cast.event.slug}/badges.pdf")

    expected = [made[name].code for name in ("丙", "乙", "甲")]
    assert answer.headers["content-disposition"] == 'inline; filename="valley-launch.pdf"'
    assert page_count(answer.content) == 3
    assert [codes_on(picture) for picture in pictures_of(answer.content, dpi=150)] == [[code] for code in expected]


async def test_a_batch_is_of_one_category_or_of_one_guest(cast: Cast) -> None:
    vip, guest = await cast.guest("甲", category="vip"), await cast.guest("乙")

    of_category = await cast.script.get(f"{cast.api}/badges.pdf", params={"category": "vip"})
    of_guest = await cast.script.get(f"{cast.api}/badges.pdf", params={"guest": str(guest.id)})

    assert [page_count(answer.content) for answer in (of_category, of_guest)] == [1, 1]
    assert (vip.name in text_of(of_category.content), guest.name in text_of(of_guest.content)) == (True, True)


async def test_a_batch_of_nobody_is_not_found(cast: Cast) -> None:
    nobody = await cast.script.get(f"{cast.api}/badges.pdf")
    guest = await cast.guest()
    some = await cast.script.get(f"{cast.api}/badges.pdf", params={"guest": str(guest.id)})
    none_of_them = await cast.script.get(f"{cast.api}/badges.pdf", params={"category": "astronaut"})
    no_id = await cast.script.get(f"{cast.api}/badges.pdf", params={"guest": "nobody"})

    assert [answer.status_code for answer in (nobody, some, none_of_them, no_id)] == [404, 200, 404, 422]


async def test_only_the_desk_prints_batches(cast: Cast) -> None:
    await cast.guest()

    answers = [await who.get(f"{cast.api}/badges.pdf") for who in (cast.steward, cast.protocol, cast.outsider)]

    assert [answer.status_code for answer in answers] == [403, 403, 404]


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("slot", ["曾国藩", "安一", "陳大明"]),
        ("pinyin", ["安一", "陳大明", "曾国藩"]),
        ("", ["安一", "曾国藩", "陳大明"]),
    ],
)
async def test_badges_are_ordered_as_asked(cast: Cast, order: str, names: list[str]) -> None:
    for name, slot in (("曾国藩", "A-01"), ("安一", "A-02"), ("陳大明", "")):
        await cast.guest(name, pick_slot=slot)

    answer = await cast.organiser.get(f"{cast.api}/badges.pdf", params={"order": order})

    lines = [lines_of(answer.content, page=page) for page in (1, 2, 3)]
    assert [name in page for name, page in zip(names, lines, strict=True)] == [True, True, True]


async def test_a_badge_says_where_it_stands(cast: Cast) -> None:
    guest = await cast.guest("曾国藩", pick_slot="B-07")

    badge = await cast.stranger.get(f"/t/{guest.code}/badge.pdf")

    assert "B-07" in lines_of(badge.content)
