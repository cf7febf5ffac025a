import re
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

import anyio
import httpx
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from events.core.i18n import Catalogues, Language
from events.core.outbox import messages_of
from events.forms import GuestForm
from events.guestlist import cancel, replace_ticket
from events.models import Event, Guest, RegistrationMode, SegmentKind, Text
from events.planning import edit_event
from events.registration import register
from events.store import event_by_id, guest_by_ticket
from events.tables import exhibitors, guests, segments
from events.ticket import grouped
from tests.booths import exhibitor
from tests.cast import Cast, event_form, filled, on_one_engine, planned

TICKING = {"date", "set-cookie"}
"""Headers that differ from one answer to the next whatever they answer."""


async def held(cast: Cast, **given: Any) -> Event:
    """Another event at the same time."""
    return await planned(cast.database, **{"slug": "second", **given})


async def send(
    cast: Cast, event: Event | None = None, browser: httpx.AsyncClient | None = None, **given: str
) -> httpx.Response:
    """What a browser is answered that sends the form."""
    of = event or cast.event
    return await (browser or cast.stranger).post(f"/e/{of.slug}/register", data=filled(of, **given))


async def came_in(cast: Cast, event: Event | None = None) -> list[sa.Row]:
    chosen = sa.select(guests).where(guests.c.event_id == (event or cast.event).id).order_by(guests.c.guest_id)
    return list(await cast.database.read(lambda tx: tx.execute(chosen)))


async def mails_of(cast: Cast) -> list[str]:
    messages = await cast.database.read(lambda tx: messages_of(tx, cast.event.id))
    return [message.recipient for message in messages]


def lasting(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in TICKING}


def typed_into(page: str) -> dict[str, str]:
    """What stands in the fields of a form."""
    inputs = re.findall(r'<input class="control" id="(\w+)"[^>]* value="([^"]*)"', page)
    checked = re.findall(r'name="(\w+)" value="([^"]*)" checked', page)
    return dict(inputs + checked)


def hidden_submission(page: str) -> str:
    found = re.search(r'name="submission" value="([^"]+)"', page)
    assert found
    return found[1]


async def test_a_guest_with_an_address_is_sent_to_their_mail(cast: Cast) -> None:
    answer = await send(cast, email="wei@example.com", organisation="河套研究院", phone="9123 4567")
    page = await cast.stranger.get(answer.headers["location"])

    assert (answer.status_code, answer.headers["location"]) == (303, "/e/valley-launch/registered")
    assert "wei@example.com" in page.text
    assert "/t/Y1" not in page.text
    [row] = await came_in(cast)
    assert (row.name, row.organisation, row.phone, row.source) == ("陈伟", "河套研究院", "+85291234567", "online")
    assert (row.consent_version, row.consent_at) == (1, cast.clock.now())
    assert await mails_of(cast) == ["wei@example.com"]


async def test_a_guest_without_an_address_sees_the_pass_at_once(cast: Cast) -> None:
    answer = await send(cast, name="陈伟", name_latin="Chen Wei")
    page = await cast.stranger.get(answer.headers["location"])

    assert answer.status_code == 303
    code = answer.headers["location"].removeprefix("/t/")
    assert code.startswith(f"Y1{cast.event.tag}")
    assert grouped(code) in page.text
    assert "陈伟" in page.text
    assert "Chen Wei" in page.text
    assert f'src="/t/{code}/qr.png"' in page.text


async def test_an_unknown_and_a_known_address_are_answered_byte_for_byte_alike(cast: Cast) -> None:
    given = {"name": "Somebody", "email": "wei@example.com", "submission": str(uuid4())}
    first, second = cast.browser(), cast.browser()

    new = await send(cast, browser=first, **given)
    known = await send(cast, browser=second, **{**given, "name": "Somebody else", "submission": str(uuid4())})

    assert len(await came_in(cast)) == 1
    assert (known.status_code, known.content, lasting(known)) == (new.status_code, new.content, lasting(new))
    assert known.headers["set-cookie"] == new.headers["set-cookie"]
    pages = [await browser.get(new.headers["location"]) for browser in (first, second)]
    assert pages[0].content == pages[1].content
    assert lasting(pages[0]) == lasting(pages[1])


async def test_a_full_event_answers_a_known_and_an_unknown_address_byte_for_byte_alike(cast: Cast) -> None:
    event = await held(cast, capacity=1)
    await send(cast, event, email="known@example.com")

    known = await send(cast, event, email="known@example.com")
    unknown = await send(cast, event, email="unknown@example.com")
    nameless = await send(cast, event)

    assert known.status_code == unknown.status_code == nameless.status_code == 409
    assert known.content == unknown.content == nameless.content
    assert lasting(known) == lasting(unknown) == lasting(nameless)
    assert "All places are taken." in known.text
    assert len(await came_in(cast, event)) == 1


async def test_a_repeat_is_mailed_at_most_every_ten_minutes(cast: Cast) -> None:
    await send(cast, email="wei@example.com")
    await send(cast, email="WEI@example.com")
    within = len(await mails_of(cast))
    cast.clock.forward(minutes=10)
    await send(cast, email="wei@example.com")

    assert (within, len(await mails_of(cast))) == (1, 2)


async def test_thirty_forms_at_once_fill_the_event_exactly(cast: Cast) -> None:
    event = await held(cast, capacity=7)
    statuses: list[int] = []

    async def come(number: int) -> None:
        statuses.append((await send(cast, event, browser=cast.browser(), name=f"客{number}")).status_code)

    async with anyio.create_task_group() as tasks:
        for number in range(30):
            tasks.start_soon(come, number)

    assert sorted(statuses) == [303] * 7 + [409] * 23
    assert (await cast.database.read(lambda tx: event_by_id(tx, event.id))).registered == 7


async def test_the_same_form_sent_twice_makes_one_guest_and_leads_to_one_pass(cast: Cast) -> None:
    page = await cast.stranger.get("/e/valley-launch/register")
    submission = hidden_submission(page.text)

    answers = [await send(cast, submission=submission) for _ in range(2)]

    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert len(await came_in(cast)) == 1


async def test_going_back_and_changing_the_name_registers_somebody_else(cast: Cast) -> None:
    submission = str(uuid4())

    answers = [await send(cast, submission=submission, name=name) for name in ("陈伟", "李娜")]

    assert [row.name for row in await came_in(cast)] == ["陈伟", "李娜"]
    assert answers[0].headers["location"] != answers[1].headers["location"]


@on_one_engine
async def test_each_form_is_shown_with_a_submission_of_its_own(cast: Cast) -> None:
    pages = [await cast.stranger.get("/e/valley-launch/register") for _ in range(2)]

    assert len({hidden_submission(page.text) for page in pages}) == 2


@on_one_engine
async def test_a_submission_that_was_tampered_with_registers_all_the_same(cast: Cast) -> None:
    submissions = ("", "not an id", "\x00", "' OR 1=1")

    statuses = [(await send(cast, submission=submission)).status_code for submission in submissions]

    assert statuses == [303] * 4


@on_one_engine
async def test_nobody_registers_without_agreeing_to_the_notice(cast: Cast) -> None:
    for consent in ("", "0", "2", "on", "１"):
        answer = await send(cast, consent=consent, name="", organisation="河套研究院")

        assert answer.status_code == 422
        assert "Please agree to the privacy notice." in answer.text
        assert "Please fill this in." in answer.text
        assert typed_into(answer.text)["organisation"] == "河套研究院"
    assert await came_in(cast) == []


async def test_a_notice_that_changed_meanwhile_is_shown_and_asked_about_again(cast: Cast) -> None:
    shown = filled(cast.event, name="陈伟", job_title="主任")
    form = event_form(notice=Text(en="We also film."))
    now = cast.clock.now()
    await cast.database.write(lambda tx: edit_event(tx, cast.event, form, version=1, actor="o", now=now))

    asked = await cast.stranger.post("/e/valley-launch/register", data=shown)
    agreed = await cast.stranger.post("/e/valley-launch/register", data={**shown, "consent": "2"})

    assert asked.status_code == 422
    assert "We also film." in asked.text
    assert "Please agree to the privacy notice." in asked.text
    assert "consent" not in typed_into(asked.text)
    assert typed_into(asked.text)["job_title"] == "主任"
    assert agreed.status_code == 303
    [row] = await came_in(cast)
    assert row.consent_version == 2


@on_one_engine
@pytest.mark.parametrize("language", Language)
async def test_switching_the_language_keeps_everything_that_was_typed(cast: Cast, language: Language) -> None:
    typed = {
        "name": '"陈" <伟> & Co',
        "name_latin": "Chen Wei",
        "organisation": "河套研究院",
        "job_title": "主任",
        "email": "not yet an address",
        "phone": "12",
        "category": "press",
        "language": "zh-Hant",
    }
    given = filled(cast.event, **typed, switch=language)

    page = await cast.stranger.post("/e/valley-launch/register", data=given)
    later = await cast.stranger.get("/e/valley-launch")

    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    assert f"<h1>{Catalogues().say('Register', language)}</h1>" in page.text
    escaped = {**typed, "name": "&#34;陈&#34; &lt;伟&gt; &amp; Co", "consent": "1"}
    assert typed_into(page.text) == escaped
    assert hidden_submission(page.text) == given["submission"]
    assert 'aria-invalid="true"' not in page.text
    assert await came_in(cast) == []
    assert f'<html lang="{language}">' in later.text


@on_one_engine
async def test_the_form_speaks_the_language_of_the_browser_and_offers_it_for_the_badge(cast: Cast) -> None:
    page = await cast.stranger.get("/e/valley-launch/register", headers={"Accept-Language": "zh-HK"})

    assert '<html lang="zh-Hant">' in page.text
    assert typed_into(page.text)["language"] == "zh-Hant"


@on_one_engine
async def test_only_categories_for_the_public_are_offered(cast: Cast) -> None:
    page = await cast.stranger.get("/e/valley-launch/register")
    sly = await send(cast, category="vip")

    assert re.findall(r'name="category" value="(\w+)"', page.text) == ["guest", "press"]
    assert sly.status_code == 422
    assert "Please choose one of the list." in sly.text


WRONG = {
    ("name", ""): "Please fill this in.",
    ("name", "   "): "Please fill this in.",
    ("name", "\u200b"): "Please fill this in.",
    ("name", "陈" * 300): "This is too long.",
    ("name", "陈\x00伟"): "This contains characters that cannot be read.",
    ("name", "陈\x1b[2J"): "This contains characters that cannot be read.",
    ("name", "陈伟🎉"): "Please write this without emoji: they cannot be printed on a badge.",
    ("organisation", "x" * 121): "This is too long.",
    ("job_title", "\ufffd"): "This contains characters that cannot be read.",
    ("email", "wei@"): "This does not look like an e-mail address.",
    ("email", "wei@example.com\r\nBcc: x@y.zz"): "This does not look like an e-mail address.",
    ("email", "a" * 300 + "@b.hk"): "This is too long.",
    ("phone", "12"): "This does not look like a phone number. Begin with + and the country code.",
    ("category", "\x00"): "This contains characters that cannot be read.",
    ("category", "unheard-of"): "Please choose one of the list.",
    ("language", "fr"): "This is not a valid entry.",
}
"""What somebody may type where, and what they are told."""


@on_one_engine
async def test_what_is_wrong_is_said_beside_the_field_and_nothing_that_was_typed_is_lost(cast: Cast) -> None:
    told = {}

    for (field, value), sentence in WRONG.items():
        answer = await send(cast, **{"name": "李娜", "job_title": "主任", field: value})
        assert answer.status_code == 422, (field, value)
        assert f'id="{field}-error"' in answer.text
        kept = typed_into(answer.text)
        assert kept["consent"] == "1"
        assert kept["job_title"] == "主任" or field == "job_title"
        told[field, value] = sentence if f'id="{field}-error">{sentence}</p>' in answer.text else answer.text

    assert told == WRONG
    assert await came_in(cast) == []


TAKEN = {
    "محمد بن سلمان": "محمد بن سلمان",
    "\u202eevil\u202c": "evil",
    "Zoe\u0308  O’Neill": "Zoë O’Neill",
    "<script>alert(1)</script>": "<script>alert(1)</script>",
    "{{ 7 * 7 }}": "{{ 7 * 7 }}",
    "陈\n伟\t": "陈 伟",
    "𠮷田 喆": "𠮷田 喆",
    "字" * 80: "字" * 80,
}
"""What people type as their name, and what is kept of it."""


async def test_names_of_every_script_are_kept_and_shown_as_text(cast: Cast) -> None:
    kept = {}

    for name in TAKEN:
        answer = await send(cast, name=name)
        page = await cast.stranger.get(answer.headers["location"])
        assert "<script>alert" not in page.text
        assert "evil" not in page.text or "\u202e" not in page.text
        kept[name] = (await came_in(cast))[-1].name

    assert kept == TAKEN


@on_one_engine
async def test_a_form_in_no_known_encoding_comes_back_and_is_never_a_fault(cast: Cast) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    for body in (b"name=%FF%FE", b"name=%ED%A0%80", b"name=%C3%28", b"name=%", b"%=%&&==", b"\x00" * 100):
        answer = await cast.stranger.post("/e/valley-launch/register", content=body, headers=headers)

        assert answer.status_code == 422
        assert 'id="name-error"' in answer.text
    assert await came_in(cast) == []


typing = st.dictionaries(
    st.sampled_from(["name", "name_latin", "organisation", "email", "phone", "category", "language", "submission"]),
    st.text(max_size=100),
)


@given(typed=typing)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_is_typed_is_taken_or_comes_back(cast: Cast, typed: dict[str, str]) -> None:
    before = len(await came_in(cast))

    answer = await send(cast, **typed)

    assert answer.status_code in {303, 422}
    assert len(await came_in(cast)) - before == (answer.status_code == 303)


async def test_subject_to_approval_a_guest_is_told_to_wait(cast: Cast) -> None:
    event = await held(cast, registration=RegistrationMode.APPROVAL)

    form = await cast.stranger.get("/e/second/register")
    answer = await send(cast, event)
    page = await cast.stranger.get(answer.headers["location"])
    code = answer.headers["location"].removeprefix("/t/")
    files = [await cast.stranger.get(f"/t/{code}/{name}") for name in ("badge.pdf", "qr.png")]

    assert "The organiser confirms each registration." in form.text
    assert "Your registration waits for the organiser" in page.text
    assert grouped(code) not in page.text
    assert [file.status_code for file in files] == [404, 404]


@on_one_engine
@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"registration": RegistrationMode.INVITATION}, "Registration is by invitation only."),
        ({"capacity": 1}, "All places are taken."),
        ({"over": True}, "Registration is closed."),
    ],
)
async def test_where_nobody_can_register_the_pages_say_so(cast: Cast, given: dict[str, Any], words: str) -> None:
    over = given.pop("over", False)
    event = await held(cast, **given)
    if event.capacity == 1:
        await send(cast, event)
    if over:
        cast.clock.forward(hours=6)

    pages = [await cast.stranger.get(path) for path in ("/e/second", "/e/second/register")]
    answer = await send(cast, event)

    assert [page.status_code for page in pages] == [200, 200]
    assert answer.status_code == 409
    for page in (*pages, answer):
        assert words in page.text
        assert "<form" not in page.text
    assert 'href="/e/second/register"' not in pages[0].text


@on_one_engine
async def test_no_other_site_registers_anybody(cast: Cast) -> None:
    answer = await cast.stranger.post(
        "/e/valley-launch/register", data=filled(cast.event), headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 403
    assert await came_in(cast) == []


@on_one_engine
async def test_a_flood_from_one_address_is_slowed_down_and_switching_languages_is_not(cast: Cast) -> None:
    switched = [(await send(cast, switch="en")).status_code for _ in range(61)]
    statuses = [(await send(cast, consent="")).status_code for _ in range(61)]

    assert switched == [200] * 61
    assert statuses == [422] * 60 + [429]


@on_one_engine
async def test_the_page_after_registering_says_no_more_than_what_was_typed_here(cast: Cast) -> None:
    answer = await send(cast, email="Wei@Example.com")
    cookie = SimpleCookie(answer.headers["set-cookie"])["yingbin_registered"]
    bare = await cast.browser().get("/e/valley-launch/registered")
    sly = await cast.browser(cookies={"yingbin_registered": "%3Cb%3Ex%00%ff"}).get("/e/valley-launch/registered")

    assert (cookie["path"], cookie["httponly"], cookie["max-age"]) == ("/e/valley-launch/registered", True, "600")
    assert "We have written to the address that you gave." in bare.text
    assert "&lt;b&gt;x" in sly.text


@on_one_engine
async def test_the_home_page_leads_to_the_one_coming_event_and_lists_several(cast: Cast) -> None:
    both = await cast.stranger.get("/")
    cast.clock.forward(hours=7)
    later = await held(
        cast, starts_at=cast.clock.now() + timedelta(days=1), ends_at=cast.clock.now() + timedelta(days=2)
    )
    one = await cast.stranger.get("/")

    assert re.findall(r'href="/e/([\w-]+)"', both.text) == ["other-event", "valley-launch"]
    assert 'aria-labelledby="title"' in one.text
    assert re.findall(r'href="/e/([\w-]+)"', one.text) == [later.slug, "other-event", "valley-launch"]


@on_one_engine
async def test_the_home_page_says_when_nothing_is_planned(cast: Cast) -> None:
    cast.clock.forward(days=1)

    page = await cast.stranger.get("/")

    assert "No event is planned at the moment." in page.text
    assert "Past events" in page.text


async def test_an_event_shows_its_programme_and_its_exhibitors(cast: Cast) -> None:
    await _furnish(cast)

    page = await cast.stranger.get("/e/valley-launch", headers={"Accept-Language": "zh-CN"})

    assert "科创谷启动仪式" in page.text
    assert page.text.index("致辞") < page.text.index("签约")
    assert "14:30" in page.text
    assert "A01" in page.text
    assert "大疆" in page.text
    assert 'href="/e/valley-launch/register"' in page.text


async def _furnish(cast: Cast) -> None:
    start, said = cast.event.starts_at, Text(zh_hans="会场")
    rows = [
        {"kind": SegmentKind.SIGNING, "title": Text(zh_hans="签约"), "starts_at": start + timedelta(hours=1)},
        {"kind": SegmentKind.SPEECHES, "title": Text(zh_hans="致辞"), "starts_at": start + timedelta(minutes=30)},
    ]
    booth = {"event_id": cast.event.id, "booth": "A01", "field": "ai", "field_name": Text(en="AI")}

    async def add(tx: Any) -> None:
        for row in rows:
            ends = row["starts_at"] + timedelta(minutes=20)
            own = {"event_id": cast.event.id, "segment_id": uuid4(), "place": said, "ends_at": ends}
            told = {"position": 1, "languages": ["zh-Hans"], "public": True, "script": Text(), "version": 1}
            await tx.execute(sa.insert(segments).values(**row, **own, **told))
        told = {"name": Text(zh_hans="大疆"), "summary": Text(), "version": 1}
        await tx.execute(sa.insert(exhibitors).values(**booth, **told))

    await cast.database.write(add)


async def pass_of(cast: Cast, guest: Guest, **asked: Any) -> httpx.Response:
    return await cast.stranger.get(f"/t/{guest.code}", **asked)


async def test_a_pass_is_nobody_elses_business(cast: Cast) -> None:
    guest = await cast.guest()

    page = await pass_of(cast, guest)

    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-robots-tag"] == "noindex"
    assert page.headers.get_list("referrer-policy") == ["no-referrer"]


async def test_a_code_that_was_typed_loosely_leads_to_its_pass(cast: Cast) -> None:
    guest = await cast.guest()
    loose = grouped(guest.code).lower().replace("0", "o").replace("1", "l")

    answer = await cast.stranger.get(f"/t/{loose}")

    assert answer.headers["location"] == f"/t/{guest.code}"
    assert (await pass_of(cast, guest)).status_code == 200


async def test_a_code_that_opens_nothing_is_not_found(cast: Cast) -> None:
    guest = await cast.guest()
    last = "0" if guest.code[-1] != "0" else "1"
    await cast.database.write(
        lambda tx: replace_ticket(tx, cast.event, guest, reason="", actor="cast", now=cast.clock.now())
    )

    codes = ["nonsense", guest.code[:-1] + last, guest.code, "%00", "%F0%9F%98%80", "a" * 3000, "Y1" + "0" * 26]
    answers = [
        await cast.stranger.get(f"/t/{code}{file}") for code in codes for file in ("", "/event.ics", "/badge.pdf")
    ]

    assert {answer.status_code for answer in answers} == {404}


@on_one_engine
async def test_the_pass_of_a_cancelled_guest_says_so_and_shows_no_code(cast: Cast) -> None:
    guest = await cast.guest()
    await cast.database.write(lambda tx: cancel(tx, guest, reason="", actor="cast", now=cast.clock.now()))

    page = await pass_of(cast, guest)

    assert "Your registration is cancelled" in page.text
    assert grouped(guest.code) not in page.text
    assert "qr.png" not in page.text


async def test_the_calendar_entry_of_a_pass_is_in_the_language_of_the_reader(cast: Cast) -> None:
    guest = await cast.guest()

    answer = await cast.stranger.get(f"/t/{guest.code}/event.ics", headers={"Accept-Language": "zh-CN"})

    [entry] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(entry["SUMMARY"]) == "科创谷启动仪式"
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="valley-launch.ics"'
    assert answer.headers["cache-control"] == "no-store"


@on_one_engine
async def test_dates_are_shown_in_the_zone_of_the_event_across_midnight(cast: Cast) -> None:
    start = cast.clock.now().replace(hour=15)
    await held(cast, starts_at=start, ends_at=start + timedelta(hours=3), timezone="Asia/Hong_Kong")
    await held(cast, slug="third", starts_at=start, ends_at=start + timedelta(hours=3), timezone="Europe/London")

    pages = [await cast.stranger.get(f"/e/{slug}") for slug in ("second", "third")]

    shown = [re.findall(r"<time[^>]*>([^<]*) <span>([^<]*)</span>", page.text) for page in pages]
    assert shown == [
        [("Monday, 2 March 2026", "23:00–"), ("Tuesday, 3 March 2026", "02:00")],
        [("Monday, 2 March 2026", "15:00–18:00")],
    ]


async def test_two_tabs_register_two_people(cast: Cast) -> None:
    tabs = [await cast.stranger.get("/e/valley-launch/register") for _ in range(2)]

    answers = [
        await send(cast, submission=hidden_submission(tab.text), name=name)
        for tab, name in zip(tabs, ("陈伟", "李娜"), strict=True)
    ]

    assert [row.name for row in await came_in(cast)] == ["陈伟", "李娜"]
    assert len({answer.headers["location"] for answer in answers}) == 2


async def test_a_registration_while_the_form_is_open_is_seen_by_the_verb_and_the_page_alike(cast: Cast) -> None:
    event = await held(cast, capacity=1)
    form = GuestForm(name="先来")
    await cast.database.write(lambda tx: register(tx, event, form, submission_id=uuid4(), now=cast.clock.now()))

    answer = await send(cast, event, name="后来")

    assert answer.status_code == 409
    assert [row.name for row in await came_in(cast, event)] == ["先来"]


async def test_the_form_asks_to_share_where_somebody_exhibits_and_nobody_has_agreed_yet(cast: Cast):
    before = await cast.stranger.get("/e/valley-launch/register")
    await exhibitor(cast)

    form = await cast.stranger.get("/e/valley-launch/register")

    assert 'name="shares"' not in before.text
    assert '<input type="checkbox" id="shares" name="shares" value="1" aria-describedby="shares-hint">' in form.text


@pytest.mark.parametrize(("typed", "agreed"), [({}, False), ({"shares": "1"}, True), ({"shares": "yes"}, False)])
async def test_a_guest_who_ticks_the_box_and_nobody_else_shares(cast: Cast, typed: dict[str, str], agreed: bool):
    await exhibitor(cast)

    answer = await cast.stranger.post("/e/valley-launch/register", data={**filled(cast.event), **typed})

    guest = await guest_of_pass(cast, answer.headers["location"])
    assert guest.shares_at == (cast.clock.now() if agreed else None)


async def test_nobody_shares_what_nobody_asked_for(cast: Cast):
    answer = await cast.stranger.post("/e/valley-launch/register", data=filled(cast.event, shares="1"))

    guest = await guest_of_pass(cast, answer.headers["location"])
    assert guest.shares_at is None


async def test_switching_the_language_keeps_the_tick(cast: Cast):
    await exhibitor(cast)

    form = await cast.stranger.post("/e/valley-launch/register", data={"shares": "1", "switch": "en"})

    assert 'name="shares" value="1" checked' in form.text


async def test_a_guest_agrees_on_the_pass_and_takes_it_back(cast: Cast):
    await exhibitor(cast)
    guest = await cast.guest()
    address = f"/t/{guest.code}"

    before = await cast.stranger.get(f"{address}?lang=en")
    answer = await cast.stranger.post(f"{address}/sharing", data={"shares": "1"})
    agreed = await cast.stranger.get(f"{address}?lang=en")
    await cast.stranger.post(f"{address}/sharing", data={"shares": ""})
    after = await cast.stranger.get(f"{address}?lang=en")

    assert (answer.status_code, answer.headers["location"]) == (303, address)
    assert ["Take back my consent" in page.text for page in (before, agreed, after)] == [False, True, False]
    assert ["I agree" in page.text for page in (before, agreed, after)] == [True, False, True]


async def test_a_pass_asks_nothing_where_nobody_exhibits(cast: Cast):
    guest = await cast.guest()

    assert "/sharing" not in (await cast.stranger.get(f"/t/{guest.code}")).text


async def test_a_code_that_is_nobodys_shares_nothing(cast: Cast):
    assert (await cast.stranger.post(f"/t/Y1{'0' * 26}/sharing", data={"shares": "1"})).status_code == 404


async def guest_of_pass(cast: Cast, location: str) -> Guest:
    code = location.rpartition("/")[2]
    return await cast.database.read(lambda tx: guest_by_ticket(tx, cast.event.id, code))
