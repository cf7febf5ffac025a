import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from events.core.outbox import messages_of
from events.forms import GuestForm, HostForm
from events.guestlist import edit_guest
from events.models import Event, Guest, GuestStatus, Text
from events.planning import edit_event
from events.store import event_by_name, guest_by_id
from tests.booths import exhibitor
from tests.cast import Cast, event_form, eventually, filled, on_one_engine, planned

FORM = {
    "slug": "launch-2026",
    "title.zh_hans": "启动仪式",
    "title.en": "Launch",
    "starts_at": "2026-03-02T14:00",
    "ends_at": "2026-03-02T18:00",
    "timezone": "Asia/Hong_Kong",
    "registration": "open",
    "capacity": "",
}


def typed_into(page: httpx.Response) -> dict[str, str]:
    """What stands in the fields of a form."""
    inputs = re.findall(r'<input class="control"[^>]* name="([\w.]+)"[^>]* value="([^"]*)"', page.text)
    hidden = re.findall(r'<input type="hidden" name="([\w.]+)" value="([^"]*)"', page.text)
    areas = re.findall(r'<textarea[^>]* name="([\w.]+)"[^>]*>\n([^<]*)</textarea>', page.text)
    checked = re.findall(r'name="([\w.]+)" value="([^"]*)"[^>]* checked', page.text)
    chosen = re.findall(r'<select[^>]* name="(\w+)".*?<option value="([^"]*)" selected', page.text, re.DOTALL)
    return dict(inputs + hidden + areas + checked + chosen)


def errors_in(page: httpx.Response) -> dict[str, str]:
    return dict(re.findall(r'<p class="error" id="([\w.]+)-error">([^<]*)</p>', page.text))


async def event_of(cast: Cast, slug: str = "valley-launch") -> Event:
    return await cast.database.read(lambda tx: event_by_name(tx, slug))


async def guest_now(cast: Cast, guest: Guest) -> Guest:
    return await cast.database.read(lambda tx: guest_by_id(tx, cast.event.id, guest.id))


async def mails_of(cast: Cast) -> list[str]:
    return [message.recipient for message in await cast.database.read(lambda tx: messages_of(tx, cast.event.id))]


def page_of(cast: Cast, guest: Guest, verb: str = "") -> str:
    return f"/desk/valley-launch/guests/{guest.id}{verb}"


async def test_an_event_is_made_in_the_zone_that_was_chosen(cast: Cast) -> None:
    given = {**FORM, "timezone": "Europe/London", "capacity": "80", "venue_name.en": "Hall", "notice.en": "Ours"}

    answer = await cast.organiser.post("/desk/new", data=given)

    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/launch-2026")
    event = await event_of(cast, "launch-2026")
    assert event.starts_at.astimezone(event.zone).isoformat() == "2026-03-02T14:00:00+00:00"
    assert (event.timezone, event.capacity, event.venue.name.en) == ("Europe/London", 80, "Hall")
    assert (event.title, event.notice) == (Text(zh_hans="启动仪式", en="Launch"), Text(en="Ours"))


WRONG = {
    ("slug", "A B"): "This is not a valid entry.",
    ("slug", ""): "This is not a valid entry.",
    ("slug", "valley-launch"): "This short name is taken.",
    ("slug", "new"): "This short name is taken.",
    ("starts_at", ""): "This is not a valid entry.",
    ("starts_at", "02/03/2026"): "This is not a valid entry.",
    ("ends_at", "2026-03-02T14:00"): "The end must be after the beginning.",
    ("ends_at", "9999-12-31T23:59"): "This is not a valid entry.",
    ("capacity", "many"): "This is not a valid entry.",
    ("capacity", "0"): "This is not a valid entry.",
    ("registration", "closed"): "This is not a valid entry.",
    ("timezone", "Mars/Olympus"): "This is not a time zone.",
    ("timezone", "Asia"): "This is not a time zone.",
    ("timezone", "../../etc/passwd"): "This is not a time zone.",
    ("timezone", "\x00"): "This is not a time zone.",
    ("title.en", "x" * 161): "This is too long.",
    ("venue_name.en", "a\x00"): "This contains characters that cannot be read.",
}
"""What an organiser may type where, and what they are told."""


@on_one_engine
async def test_a_wrong_event_comes_back_with_everything_that_was_typed(cast: Cast) -> None:
    told, kept = {}, {}

    for (field, value), sentence in WRONG.items():
        given = {**FORM, "summary.zh_hans": "第一段\n第二段", field: value}
        page = await cast.organiser.post("/desk/new", data=given)
        assert page.status_code == 422, (field, value)
        summary = re.search(r'role="alert".*?</div>', page.text, re.DOTALL)
        assert summary
        told[field, value] = sentence if sentence in summary[0] else summary[0]
        kept[field, value] = typed_into(page)["summary.zh_hans"].replace("\r", "")

    assert told == WRONG
    assert set(kept.values()) == {"第一段\n第二段"}


@on_one_engine
async def test_the_form_of_an_event_shows_it_as_it_is(cast: Cast) -> None:
    await cast.organiser.post("/desk/new", data={**FORM, "summary.en": "One\r\n\r\nTwo", "capacity": "30"})

    page = await cast.organiser.get("/desk/launch-2026/edit")

    shown = typed_into(page)
    assert {name: shown[name] for name in FORM} == {**FORM, "capacity": "30"}
    assert (shown["summary.en"], shown["version"]) == ("One\n\nTwo", "1")
    assert "主办机构" in shown["notice.zh_hans"]


async def test_saving_an_event_unchanged_makes_no_new_notice(cast: Cast) -> None:
    shown = typed_into(await cast.organiser.get("/desk/valley-launch/edit"))
    sent = {name: value.replace("\n", "\r\n") for name, value in shown.items()}

    answer = await cast.organiser.post("/desk/valley-launch/edit", data=sent)

    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/valley-launch")
    event = await event_of(cast)
    assert (event.version, event.notice_version, event.notice) == (2, 1, cast.event.notice)
    assert (event.starts_at, event.title, event.venue) == (cast.event.starts_at, cast.event.title, cast.event.venue)


async def test_what_somebody_else_changed_in_an_event_is_not_overwritten_and_nothing_typed_is_lost(cast: Cast) -> None:
    shown = typed_into(await cast.organiser.get("/desk/valley-launch/edit"))
    form, now = event_form(title=Text(en="Theirs"), notice=cast.event.notice), cast.clock.now()
    await cast.database.write(lambda tx: edit_event(tx, cast.event, form, version=1, actor="other", now=now))
    mine = {**shown, "title.en": "Mine"}

    refused = await cast.organiser.post("/desk/valley-launch/edit", data=mine)
    again = await cast.organiser.post(
        "/desk/valley-launch/edit", data={**mine, "version": typed_into(refused)["version"]}
    )

    assert refused.status_code == 422
    assert "Somebody changed this in the meantime." in refused.text
    assert typed_into(refused)["title.en"] == "Mine"
    assert again.status_code == 303
    assert (await event_of(cast)).title.en == "Mine"


@on_one_engine
@pytest.mark.parametrize("version", ["", "0", "2", "x", "١٢٣", "9" * 30])
async def test_an_event_is_not_changed_without_its_version(cast: Cast, version: str) -> None:
    shown = typed_into(await cast.organiser.get("/desk/valley-launch/edit"))

    answer = await cast.organiser.post("/desk/valley-launch/edit", data={**shown, "version": version})

    assert answer.status_code == 422
    assert (await event_of(cast)).version == 1


@on_one_engine
async def test_an_event_may_be_renamed_and_not_to_a_name_that_is_taken(cast: Cast) -> None:
    shown = typed_into(await cast.organiser.get("/desk/valley-launch/edit"))

    taken = await cast.organiser.post("/desk/valley-launch/edit", data={**shown, "slug": "other-event"})
    renamed = await cast.organiser.post("/desk/valley-launch/edit", data={**shown, "slug": "renamed"})

    assert (taken.status_code, errors_in(taken)) == (422, {"slug": "This short name is taken."})
    assert renamed.headers["location"] == "/desk/renamed"


@on_one_engine
async def test_the_desk_lists_events_with_how_full_they_are(cast: Cast) -> None:
    await cast.guest()

    page = await cast.organiser.get("/desk")

    assert re.findall(r'href="/desk/([\w-]+)">', page.text) == ["account", "new", "other-event", "valley-launch"]
    assert '<span class="number">1</span> / <span class="number">200</span>' in page.text


@on_one_engine
async def test_an_event_at_a_glance_counts_who_stands_where(cast: Cast) -> None:
    await cast.guest("一")
    gone = await cast.guest("二")
    await cast.organiser.post(page_of(cast, gone, "/cancel"), data={"reason": "x"})

    page = await cast.organiser.get("/desk/valley-launch")

    counted = dict(re.findall(r'status=(\w+)">[^<]*</a></dt><dd[^>]*>(\d+)</dd>', page.text))
    assert counted == {"confirmed": "1", "pending": "0", "waitlisted": "0", "declined": "0", "cancelled": "1"}


@on_one_engine
async def test_whoever_may_only_read_is_offered_nothing_to_change(cast: Cast) -> None:
    guest = await cast.guest(email="wei@example.com")

    pages = [await cast.protocol.get(path) for path in ("/desk", "/desk/valley-launch", page_of(cast, guest))]
    by_organiser = [await cast.organiser.get(path) for path in ("/desk", "/desk/valley-launch", page_of(cast, guest))]

    changing = re.compile(r'method="post"|/edit"|/new"')
    assert [bool(changing.search(page.text)) for page in by_organiser] == [True] * 3
    assert [bool(changing.search(page.text)) for page in pages] == [False] * 3
    assert guest.code not in pages[2].text.replace(" ", "")


async def test_a_guest_is_added_with_a_mail_or_without(cast: Cast) -> None:
    one = await cast.organiser.post(
        "/desk/valley-launch/guests/new", data={"name": "陈伟", "email": "wei@example.com", "mail": "1"}
    )
    two = await cast.organiser.post("/desk/valley-launch/guests/new", data={"name": "李娜", "email": "na@example.com"})
    page = await cast.organiser.get(one.headers["location"])

    assert (one.status_code, two.status_code) == (303, 303)
    assert "The guest is on the list." in page.text
    assert await mails_of(cast) == ["wei@example.com"]
    assert (await event_of(cast)).registered == 2


@on_one_engine
async def test_a_wrong_guest_comes_back_with_everything_that_was_typed(cast: Cast) -> None:
    await cast.guest(email="taken@example.com")
    typed = {"name": "", "organisation": "河套研究院", "email": "TAKEN@example.com", "phone": "1", "category": "press"}

    page = await cast.organiser.post("/desk/valley-launch/guests/new", data=typed)
    taken = await cast.organiser.post(
        "/desk/valley-launch/guests/new", data={"name": "李娜", "email": "TAKEN@example.com", "language": "en"}
    )

    assert (page.status_code, taken.status_code) == (422, 422)
    assert errors_in(page) == {
        "name": "Please fill this in.",
        "phone": "This does not look like a phone number. Begin with + and the country code.",
    }
    kept = typed_into(page)
    assert {name: kept[name] for name in typed} == typed
    assert errors_in(taken) == {"email": "Another guest has this e-mail address."}
    assert (typed_into(taken)["name"], typed_into(taken)["language"]) == ("李娜", "en")


async def test_a_guest_is_changed(cast: Cast) -> None:
    guest = await cast.guest(organisation="旧")
    shown = typed_into(await cast.organiser.get(page_of(cast, guest)))

    answer = await cast.organiser.post(page_of(cast, guest), data={**shown, "organisation": "新", "phone": "91234567"})
    page = await cast.organiser.get(answer.headers["location"])

    assert answer.status_code == 303
    assert "The changes are saved." in page.text
    changed = await guest_now(cast, guest)
    assert (changed.organisation, changed.phone, changed.version) == ("新", "+85291234567", 2)
    assert (changed.name, changed.code, changed.category) == (guest.name, guest.code, guest.category)


async def test_what_somebody_else_changed_in_a_guest_is_not_overwritten_and_nothing_typed_is_lost(cast: Cast) -> None:
    guest = await cast.guest()
    shown = typed_into(await cast.organiser.get(page_of(cast, guest)))
    theirs, now = GuestForm(name="他们的", category="guest"), cast.clock.now()
    await cast.database.write(lambda tx: edit_guest(tx, cast.event, guest, theirs, version=1, actor="other", now=now))
    mine = {**shown, "name": "我的"}

    refused = await cast.organiser.post(page_of(cast, guest), data=mine)
    again = await cast.organiser.post(page_of(cast, guest), data={**mine, "version": typed_into(refused)["version"]})

    assert refused.status_code == 422
    assert "Somebody changed this in the meantime." in refused.text
    assert typed_into(refused)["name"] == "我的"
    assert again.status_code == 303
    assert (await guest_now(cast, guest)).name == "我的"


async def test_a_guest_may_not_be_given_the_address_of_another(cast: Cast) -> None:
    await cast.guest(email="taken@example.com")
    guest = await cast.guest("李娜")
    shown = typed_into(await cast.organiser.get(page_of(cast, guest)))

    answer = await cast.organiser.post(page_of(cast, guest), data={**shown, "email": "taken@example.com"})

    assert (answer.status_code, errors_in(answer)) == (422, {"email": "Another guest has this e-mail address."})


async def test_a_guest_is_cancelled_confirmed_and_given_a_new_ticket(cast: Cast) -> None:
    guest = await cast.guest(email="wei@example.com")

    cancelled = await cast.organiser.post(page_of(cast, guest, "/cancel"), data={"reason": "行程变更"})
    gone = await guest_now(cast, guest)
    confirmed = await cast.organiser.post(page_of(cast, guest, "/confirm"))
    back = await guest_now(cast, guest)
    replaced = await cast.organiser.post(page_of(cast, guest, "/replace-ticket"), data={"reason": "遗失"})
    fresh = await guest_now(cast, guest)

    assert (gone.status, gone.status_reason) == (GuestStatus.CANCELLED, "行程变更")
    assert (back.status, back.code) == (GuestStatus.CONFIRMED, guest.code)
    assert fresh.code != guest.code
    assert await mails_of(cast) == ["wei@example.com"]
    for answer, words in (
        (cancelled, "The registration is cancelled."),
        (confirmed, "The registration is confirmed."),
        (replaced, "The guest has a new ticket."),
    ):
        assert answer.status_code == 303
        assert words in (await cast.organiser.get(answer.headers["location"])).text


@on_one_engine
@pytest.mark.parametrize("verb", ["/cancel", "/replace-ticket"])
@pytest.mark.parametrize(
    ("reason", "words"), [("x" * 201, "This is too long."), ("a\x00b", "This contains characters that cannot be read.")]
)
async def test_a_reason_that_the_door_cannot_show_is_refused(cast: Cast, verb: str, reason: str, words: str) -> None:
    guest = await cast.guest()

    answer = await cast.organiser.post(page_of(cast, guest, verb), data={"reason": reason})

    assert answer.status_code == 422
    assert words in answer.text
    assert await guest_now(cast, guest) == guest


async def test_the_pass_is_mailed_again_at_most_every_ten_minutes(cast: Cast) -> None:
    guest = await cast.guest(email="wei@example.com")
    counts = []

    for minutes in (0, 9, 1):
        cast.clock.forward(minutes=minutes)
        answer = await cast.organiser.post(page_of(cast, guest, "/resend"))
        assert answer.status_code == 303
        counts.append(len(await mails_of(cast)))

    assert counts == [1, 1, 2]


@on_one_engine
async def test_a_guest_without_an_address_is_mailed_nothing(cast: Cast) -> None:
    guest = await cast.guest()

    await cast.organiser.post(page_of(cast, guest, "/resend"))

    assert await mails_of(cast) == []


async def test_the_guest_list_is_searched_narrowed_and_paged(cast: Cast) -> None:
    for number in range(52):
        await cast.guest(f"客{number:02}")
    await cast.guest("陈伟", organisation="河套研究院", category="press")

    async def listed(**asked: str) -> list[str]:
        page = await cast.organiser.get("/desk/valley-launch/guests", params=asked)
        return re.findall(r'href="/desk/valley-launch/guests/[\w-]{36}"[^>]*>(?:<bdi>)?([^<]+)', page.text)

    first = await cast.organiser.get("/desk/valley-launch/guests")
    cursor = re.search(r"cursor=([\w-]+)", first.text)
    assert cursor
    assert len(await listed()) == 50
    assert await listed(cursor=cursor[1]) == ["客02", "客01", "客00"]
    assert await listed(q="chenwei") == ["陈伟"]
    assert await listed(category="press") == ["陈伟"]
    assert await listed(q="nobody at all") == []
    assert len(await listed(status="nonsense", cursor="nonsense", category="")) == 50
    assert await listed(status="cancelled") == []


@on_one_engine
async def test_the_form_of_a_guest_offers_the_hosts_of_the_event(cast: Cast) -> None:
    await planned(cast.database, slug="hosted", hosts=[HostForm(key="hetao", name=Text(en="Hetao"))])

    page = await cast.organiser.get("/desk/hosted/guests/new")
    none = await cast.organiser.get("/desk/valley-launch/guests/new")
    answer = await cast.organiser.post("/desk/hosted/guests/new", data={"name": "陈伟", "side": "hetao"})

    assert '<option value="hetao">Hetao</option>' in page.text
    assert 'name="side"' not in none.text
    assert answer.status_code == 303


async def test_a_kept_mail_can_be_opened_until_its_file_is_gone(cast: Cast) -> None:
    await cast.stranger.post("/e/valley-launch/register", data=filled(cast.event, email="wei@example.com"))

    async def is_kept() -> bool:
        return "/mails/" in (await cast.organiser.get("/desk/valley-launch/mails")).text

    await eventually(is_kept)
    page = await cast.organiser.get("/desk/valley-launch/mails")
    path = re.search(r'href="(/desk/valley-launch/mails/[\w-]+)"', page.text)
    assert path
    mail = await cast.organiser.get(path[1])
    elsewhere = await cast.organiser.get(path[1].replace("valley-launch", "other-event"))
    for file in (cast.state["settings"].data_dir / "mail").iterdir():
        file.unlink()
    gone = await cast.organiser.get(path[1])

    assert "wei@example.com" in page.text
    assert "No mail leaves this system yet" in page.text
    assert mail.headers["content-type"] == "message/rfc822"
    assert mail.headers["content-disposition"].startswith("attachment")
    assert b"To: wei@example.com" in mail.content
    assert (elsewhere.status_code, gone.status_code) == (404, 404)


@on_one_engine
async def test_times_on_the_desk_are_in_the_zone_of_the_event(cast: Cast) -> None:
    start = cast.clock.now().replace(hour=20)
    ends, zone = start + timedelta(hours=2), "Asia/Hong_Kong"
    await planned(cast.database, slug="late", starts_at=start, ends_at=ends, timezone=zone)

    page = await cast.organiser.get("/desk/late/edit")

    shown = typed_into(page)
    assert (shown["starts_at"], shown["ends_at"]) == ("2026-03-03T04:00", "2026-03-03T06:00")


@on_one_engine
async def test_no_other_site_changes_anything(cast: Cast) -> None:
    guest = await cast.guest()
    headers = {"Origin": "https://evil.example"}
    paths: list[tuple[str, dict[str, Any]]] = [
        ("/desk/new", FORM),
        ("/desk/valley-launch/edit", FORM),
        ("/desk/valley-launch/guests/new", {"name": "陈伟"}),
        (page_of(cast, guest), {"name": "陈伟"}),
        *((page_of(cast, guest, verb), {}) for verb in ("/cancel", "/confirm", "/replace-ticket", "/resend")),
    ]

    answers = [await cast.organiser.post(path, data=form, headers=headers) for path, form in paths]

    assert {answer.status_code for answer in answers} == {403}
    assert await guest_now(cast, guest) == guest


@on_one_engine
async def test_a_guest_is_made_staff_of_a_booth_that_is_there(cast: Cast) -> None:
    without = await cast.organiser.get("/desk/valley-launch/guests/new")
    await exhibitor(cast, "A-01")
    guest = await cast.guest()
    typed = typed_into(await cast.organiser.get(page_of(cast, guest)))

    answer = await cast.organiser.post(page_of(cast, guest), data={**typed, "booth": "A-01"})
    page = await cast.organiser.get(page_of(cast, guest))

    assert 'name="booth"' not in without.text
    assert answer.status_code == 303
    assert (await guest_now(cast, guest)).booth == "A-01"
    assert re.findall(r'<option value="([\w-]*)" selected>A-01', page.text) == ["A-01"]
    told = await cast.script.get(f"{cast.api}/guests/{guest.id}")
    assert told.json()["booth"] == "A-01"
