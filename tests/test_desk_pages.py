"""The desk's pages of gates and conflicts, as an organiser uses them."""

from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from checkin import store
from checkin.models import Gate
from events.core.auth import Scope
from events.core.ids import Role
from tests.cast import Cast, on_one_engine

pytestmark = on_one_engine

FORM = {"name": "Hall", "kind": "zone", "reentry": "once", "zone": "hall", "limit": "80", "admits.vip": "1"}


def _at(cast: Cast, rest: str = "") -> str:
    return f"/desk/{cast.event.slug}/door{rest}"


async def _gates(cast: Cast) -> list[Gate]:
    return await cast.database.read(lambda tx: tx.run_sync(store.gates_of, cast.event.id))


async def _offline(cast: Cast, word: str, **given: str) -> str:
    """A scan that its device judged alone: its id."""
    now = cast.clock.now().isoformat()
    scan = cast.scan(mode="offline", local_verdict=word, **given)
    answer = await cast.organiser.post(f"{cast.api}/scans", json={"sent_at": now, "scans": [scan]})
    assert answer.status_code == 200, answer.text
    return scan["id"]


async def test_the_page_tells_each_gates_rules_and_how_full_the_house_is(cast: Cast) -> None:
    await cast.organiser.post(_at(cast, "/gates/new"), data={**FORM, "opens_at": "2026-03-02T13:30"})
    await cast.scanned(cast.scan((await cast.guest()).code))

    shown = (await cast.organiser.get(_at(cast), params={"lang": "en"})).text

    told = ["Hall", "VIP", "Not open yet", "13:30", "Once: whoever has left comes in again only with a lead."]
    told += ["80 people at once", cast.gate.name, "All categories", "The whole time", "Any time"]
    assert [words for words in told if words not in shown] == []
    assert '<span class="number">1</span></p>' in shown
    assert '<span class="number">0</span> / <span class="number">80</span>' in shown


async def test_a_gate_is_opened_on_the_page_with_times_of_the_venue(cast: Cast) -> None:
    bell = cast.state["live"].bell(cast.event.id)

    made = await cast.organiser.post(_at(cast, "/gates/new"), data={**FORM, "closes_at": "2026-03-02T18:00"})

    hall = (await _gates(cast))[1]
    assert (made.status_code, made.headers["location"], bell.is_set()) == (303, _at(cast), True)
    assert (hall.name, hall.admits, hall.limit, hall.closes_at) == ("Hall", {"vip"}, 80, cast.event.ends_at)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Please fill this in."),
        ({"name": "正门 Main entrance"}, "This name is taken."),
        ({"opens_at": "2026-03-02T18:00", "closes_at": "2026-03-02T17:00"}, "The end must be after the beginning."),
        ({"admits.astronaut": "1"}, "Please choose one of the list."),
        ({"limit": "0"}, "This is not a valid entry."),
    ],
)
async def test_a_wrong_form_keeps_what_was_typed(cast: Cast, typed: dict[str, str], sentence: str) -> None:
    data = {**FORM, "zone": "尚未保存的区域", **typed}

    answer = await cast.organiser.post(_at(cast, "/gates/new"), data=data, headers={"Accept-Language": "en"})

    assert (answer.status_code, sentence in answer.text, "尚未保存的区域" in answer.text) == (422, True, True)
    assert len(await _gates(cast)) == 1


async def test_a_colleagues_change_is_shown_and_not_overwritten(cast: Cast) -> None:
    page, mine = _at(cast, f"/gates/{cast.gate.id}"), {**FORM, "zone": "mine", "version": "1"}
    await cast.organiser.post(page, data={**FORM, "zone": "theirs", "version": "1"})

    stale = await cast.organiser.post(page, data=mine, headers={"Accept-Language": "en"})
    kept = [gate.zone for gate in await _gates(cast)]
    again = await cast.organiser.post(page, data={**mine, "version": "2"})

    assert (stale.status_code, 'value="mine"' in stale.text, "theirs" in stale.text) == (412, True, True)
    assert 'name="version" value="2"' in stale.text
    assert (kept, again.status_code, [gate.zone for gate in await _gates(cast)]) == (["theirs"], 303, ["mine"])


async def test_a_wrong_change_keeps_what_was_typed(cast: Cast) -> None:
    page = _at(cast, f"/gates/{cast.gate.id}")

    shown = await cast.organiser.get(page)
    wrong = await cast.organiser.post(page, data={**FORM, "name": "", "zone": "kept", "version": "1"})

    assert (shown.status_code, cast.gate.name in shown.text) == (200, True)
    assert (wrong.status_code, 'value="kept"' in wrong.text) == (422, True)


async def test_a_gate_is_closed_and_opened_in_one_press(cast: Cast) -> None:
    guest = await cast.guest()
    page = _at(cast, f"/gates/{cast.gate.id}")

    closed = await cast.organiser.post(f"{page}/close", data={"version": "1"})
    [late] = await cast.scanned(cast.scan(guest.code))
    stale = await cast.organiser.post(f"{page}/open", data={"version": "1"})
    opened = await cast.organiser.post(f"{page}/open", data={"version": "2"})
    [in_time] = await cast.scanned(cast.scan(guest.code))

    assert [answer.status_code for answer in (closed, stale, opened)] == [303, 412, 303]
    assert (late["verdict"], in_time["verdict"]) == ("too_late", "admitted")


async def test_a_gate_is_removed_while_it_is_unused(cast: Cast) -> None:
    await cast.organiser.post(_at(cast, "/gates/new"), data=FORM)
    await cast.scanned(cast.scan((await cast.guest()).code))
    main, hall = await _gates(cast)

    removed, kept = [
        await cast.organiser.post(_at(cast, f"/gates/{gate.id}/remove"), data={"version": "1"}) for gate in (hall, main)
    ]
    page = await cast.organiser.get(_at(cast, f"/gates/{main.id}"))

    assert (removed.status_code, kept.status_code) == (303, 409)
    assert f"/gates/{main.id}/remove" not in page.text
    assert [gate.name for gate in await _gates(cast)] == [cast.gate.name]


async def test_a_preset_fills_the_form(cast: Cast) -> None:
    page = _at(cast, "/gates/new")

    vip = (await cast.organiser.get(page, params={"preset": "vip", "lang": "en"})).text
    plain = (await cast.organiser.get(page, params={"preset": "unheard-of"})).text

    assert ('value="VIP entrance"' in vip, 'name="admits.vip" value="1" checked' in vip) == (True, True)
    assert 'name="admits.vip" value="1" checked' not in plain


async def test_an_event_without_gates_says_where_they_come_from(cast: Cast) -> None:
    await cast.organiser.post(_at(cast, f"/gates/{cast.gate.id}/remove"), data={"version": "1"})

    shown = (await cast.organiser.get(_at(cast), params={"lang": "en"})).text

    assert "There is no gate yet." in shown


@pytest.mark.parametrize(
    ("word", "gate_closed", "sentences"),
    [
        ("admitted", True, ["let the guest in at", "The gate had closed."]),
        ("too_late", False, ["held the guest back at", "the guest should have come in."]),
    ],
)
async def test_a_conflict_is_told_as_a_sentence(cast: Cast, word: str, gate_closed: bool, sentences: list[str]) -> None:
    guest = await cast.guest("欧阳修远", organisation="河套研究院")
    if gate_closed:
        await cast.organiser.post(_at(cast, f"/gates/{cast.gate.id}/close"), data={"version": "1"})
    await _offline(cast, word, guest_id=str(guest.id))

    shown = (await cast.organiser.get(_at(cast, "/conflicts"), params={"lang": "en"})).text

    told = ["欧阳修远", "河套研究院", cast.gate.name, "12:00", "To be looked at: 1", *sentences]
    assert [words for words in told if words not in shown] == []


async def test_a_clock_that_was_wrong_is_told(cast: Cast) -> None:
    guest = await cast.guest()
    now = cast.clock.now()
    scan = cast.scan(mode="offline", local_verdict="too_late", guest_id=str(guest.id))
    scan["scanned_at"] = (now - timedelta(minutes=30)).isoformat()
    sent_at = (now - timedelta(minutes=20)).isoformat()
    await cast.organiser.post(f"{cast.api}/scans", json={"sent_at": sent_at, "scans": [scan]})

    shown = (await cast.organiser.get(_at(cast, "/conflicts"), params={"lang": "en"})).text

    assert ("11:50" in shown, "clock said 2026-03-02 11:30" in shown) == (True, True)


async def test_a_lead_settles_a_conflict_with_what_was_found(cast: Cast) -> None:
    guest = await cast.guest("欧阳修远")
    scan = await _offline(cast, "too_late", guest_id=str(guest.id))
    page = _at(cast, "/conflicts")

    settled = await cast.organiser.post(f"{page}/{scan}", data={"note": "两位同事同时扫码"})
    again = await cast.organiser.post(f"{page}/{scan}", data={"note": "another"})

    shown = (await cast.organiser.get(page, params={"lang": "en"})).text
    assert [answer.status_code for answer in (settled, again)] == [303, 303]
    assert ("To be looked at: 0" in shown, "Settled: 1" in shown, "两位同事同时扫码" in shown) == (True, True, True)
    assert "another" not in shown


async def test_a_note_that_is_too_long_is_kept_and_marked(cast: Cast) -> None:
    scan = await _offline(cast, "too_late", guest_id=str((await cast.guest()).id))
    note = "字" * 201

    answer = await cast.organiser.post(_at(cast, f"/conflicts/{scan}"), data={"note": note})

    assert (answer.status_code, note in answer.text, f'id="note-{scan}-error"' in answer.text) == (422, True, True)


async def test_what_is_not_there_is_not_found(cast: Cast) -> None:
    answers = [
        await cast.organiser.get(_at(cast, f"/gates/{uuid4()}")),
        await cast.organiser.post(_at(cast, f"/gates/{cast.gate.id}/sideways"), data={"version": "1"}),
        await cast.organiser.post(_at(cast, f"/conflicts/{uuid4()}"), data={"note": "x"}),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


async def test_only_the_desk_sees_and_changes_gates_and_conflicts(cast: Cast) -> None:
    gate = f"/gates/{cast.gate.id}"

    async def tried(who: httpx.AsyncClient) -> set[int]:
        seen = [await who.get(_at(cast, rest)) for rest in ("", "/gates/new", gate, "/conflicts")]
        done = [await who.post(_at(cast, rest), data=FORM) for rest in ("/gates/new", gate, f"{gate}/close")]
        return {answer.status_code for answer in (*seen, *done)}

    assert await tried(cast.steward) == await tried(await cast.token(Scope.DOOR)) == {403}
    assert await tried(await cast.person(Role.PROTOCOL)) == {403}
    assert await tried(cast.outsider) == {404}
    assert [gate.version for gate in await _gates(cast)] == [1]
