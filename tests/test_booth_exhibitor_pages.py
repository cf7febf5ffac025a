import re
from html import unescape

import pytest

from checkin.store import gates_of
from tests.booths import AI, booth_phone, exhibitor, tour
from tests.cast import Cast, on_one_engine

pytestmark = on_one_engine

DESK = "/desk/valley-launch/exhibitors"
TYPED = {
    "booth": "A-01",
    "name.zh_hans": "知微智能",
    "name.en": "Zhiwei Intelligence",
    "field": "",
    "field_name.zh_hans": "人工智能",
    "summary.en": "Models that run on a watch.",
}


async def test_an_exhibitor_that_is_added_stands_on_the_list_and_on_the_events_page(cast: Cast) -> None:
    answer = await cast.organiser.post(f"{DESK}/new", data=TYPED)

    listed = await cast.organiser.get(f"{answer.headers['location']}&lang=en")
    public = await cast.stranger.get("/e/valley-launch?lang=en")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{DESK}?done=added")
    assert "The exhibitor is on the list." in listed.text
    for page in (listed, public):
        assert "Zhiwei Intelligence" in page.text
        assert "Models that run on a watch." in page.text


async def test_the_list_says_how_many_people_and_phones_each_booth_has(cast: Cast) -> None:
    await exhibitor(cast)
    await booth_phone(cast)
    await cast.guest("员工甲", booth="A-01")
    await cast.guest("员工乙", booth="A-01")

    listed = await cast.organiser.get(f"{DESK}?lang=en")

    assert re.findall(r'data-label="(\w+)" class="number">(\d+)<', listed.text) == [("Staff", "2"), ("Phones", "1")]


async def test_a_protocol_officer_reads_the_list_and_changes_nothing_in_it(cast: Cast) -> None:
    await exhibitor(cast)
    await tour(cast, "A-01")

    listed = await cast.protocol.get(f"{DESK}?lang=en")

    assert "Zhiwei Intelligence" in listed.text
    assert "Stops: 1" in listed.text
    assert "<form" not in listed.text.partition("<main")[2]


async def test_nobody_exhibits_yet(cast: Cast) -> None:
    listed = await cast.organiser.get(f"{DESK}?lang=en")

    assert "Nobody exhibits yet." in listed.text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"booth": "A/01"}, "This is not a valid entry."),
        ({"name.zh_hans": "", "name.en": ""}, "Please fill this in."),
        ({"field_name.zh_hans": ""}, "Please fill this in."),
        ({"field": "robots"}, "Please choose one of the list."),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_is_kept(cast: Cast, given: dict[str, str], said: str) -> None:
    answer = await cast.organiser.post(f"{DESK}/new?lang=en", data={**TYPED, **given})

    assert answer.status_code == 422
    assert said in answer.text
    assert "Models that run on a watch." in answer.text


async def test_a_booth_that_is_taken_is_said_at_its_field(cast: Cast) -> None:
    await exhibitor(cast)

    answer = await cast.organiser.post(f"{DESK}/new?lang=en", data=TYPED)

    assert answer.status_code == 422
    assert "This booth is taken." in answer.text


async def test_the_form_of_an_exhibitor_is_filled_and_changes_it(cast: Cast) -> None:
    await exhibitor(cast)
    address = f"{DESK}/booth/A-01"

    form = await cast.organiser.get(address)
    typed = {**TYPED, "field": "artificial-intelligence", "name.en": "Renamed", "version": "1"}
    answer = await cast.organiser.post(address, data=typed)

    assert 'value="Zhiwei Intelligence"' in form.text
    assert (answer.status_code, answer.headers["location"]) == (303, f"{DESK}?done=saved")
    shown = (await cast.script.get(f"{cast.api}/exhibitors/A-01")).json()
    assert (shown["name"]["en"], shown["field_name"]) == ("Renamed", AI.model_dump())


async def test_after_a_clash_both_versions_are_shown_and_saving_again_decides(cast: Cast) -> None:
    await exhibitor(cast)
    await cast.script.patch(f"{cast.api}/exhibitors/A-01", json={"name": {"en": "Theirs"}})
    address, mine = f"{DESK}/booth/A-01?lang=en", {**TYPED, "field": "artificial-intelligence", "name.en": "Mine"}

    clash = await cast.organiser.post(address, data={**mine, "version": "1"})
    again = await cast.organiser.post(address, data={**mine, "version": "2"})

    assert clash.status_code == 412
    assert 'value="Mine"' in clash.text
    assert "Theirs" in clash.text
    assert 'name="version" value="2"' in clash.text
    assert again.status_code == 303


async def test_a_change_that_cannot_be_is_refused_with_what_was_typed(cast: Cast) -> None:
    await exhibitor(cast)
    typed = {**TYPED, "field": "artificial-intelligence", "name.zh_hans": "", "name.en": "", "version": "1"}

    answer = await cast.organiser.post(f"{DESK}/booth/A-01", data=typed)

    assert answer.status_code == 422
    assert "Models that run on a watch." in answer.text


async def test_an_exhibitor_is_removed(cast: Cast) -> None:
    await exhibitor(cast)

    answer = await cast.organiser.post(f"{DESK}/booth/A-01/remove", data={"version": "1"})

    assert (answer.status_code, answer.headers["location"]) == (303, f"{DESK}?done=removed")
    assert (await cast.organiser.get(f"{DESK}/booth/A-01")).status_code == 404


async def test_pairing_opens_the_booths_gate_and_leads_to_the_code(cast: Cast) -> None:
    await exhibitor(cast)

    answer = await cast.organiser.post(f"{DESK}/booth/A-01/pair")
    code = await cast.organiser.get(f"{answer.headers['location']}?lang=en")

    assert answer.status_code == 303
    assert "A-01 知微智能 1" in code.text
    gates = await cast.database.read(lambda tx: tx.run_sync(gates_of, cast.event.id))
    assert [gate.name for gate in gates] == [cast.gate.name, "A-01 知微智能"]


async def test_a_phone_that_scans_the_code_is_at_its_booth(cast: Cast) -> None:
    await exhibitor(cast)
    answer = await cast.organiser.post(f"{DESK}/booth/A-01/pair")
    secret = answer.headers["location"].rpartition("/")[2]
    phone = cast.browser()

    offered = await phone.get(f"/door/pair/{secret}?lang=en")
    paired = await phone.post(f"/door/pair/{secret}")
    booth, again = await phone.get("/booth"), await phone.get(f"/door/pair/{secret}")

    assert "Booth of an exhibitor" in offered.text
    assert (paired.status_code, paired.headers["location"]) == (303, "/booth")
    assert "Zhiwei Intelligence" in booth.text
    assert (again.status_code, again.headers["location"]) == (303, "/booth")


async def test_the_desks_page_of_a_booths_phone_offers_no_other_use(cast: Cast) -> None:
    await exhibitor(cast)
    phone = await booth_phone(cast)

    shown = await cast.organiser.get(f"/desk/valley-launch/door/devices/{phone.id}?lang=en")

    assert re.findall(r'<option value="(scanner|kiosk|booth)"', shown.text) == ["booth"]


async def test_booths_are_offered_to_the_phones_of_booths_and_doors_to_the_others(cast: Cast) -> None:
    await exhibitor(cast)
    phone = await booth_phone(cast)
    booth = "A-01 知微智能"

    own = await cast.organiser.get(f"/desk/valley-launch/door/devices/{phone.id}")
    fresh = await cast.organiser.get("/desk/valley-launch/door/devices")

    offered = [re.findall(r'<option value="[0-9a-f-]{36}"[^>]*>([^<]+)', shown.text) for shown in (own, fresh)]
    assert offered == [[booth], [cast.gate.name]]


SHEET = "booth,company (en),field (en)\nA-01,Zhiwei,AI\nA-02,Yanxi,AI\n"


def rows_in(html: str) -> str:
    [rows] = re.findall(r'name="rows" value="([^"]+)"', html)
    return unescape(rows)


async def test_a_spreadsheet_is_shown_first_and_then_taken(cast: Cast) -> None:
    looked = await cast.organiser.post(f"{DESK}/import?lang=en", files={"sheet": ("list.csv", SHEET)})
    before = (await cast.script.get(f"{cast.api}/exhibitors")).json()["exhibitors"]

    taken = await cast.organiser.post(f"{DESK}/import/take", data={"rows": rows_in(looked.text)})

    assert "2 exhibitors can be read" in looked.text
    assert before == []
    assert (taken.status_code, taken.headers["location"]) == (303, f"{DESK}?done=taken")
    after = (await cast.script.get(f"{cast.api}/exhibitors")).json()["exhibitors"]
    assert [(each["booth"], each["field"]) for each in after] == [("A-01", "ai"), ("A-02", "ai")]


async def test_a_row_that_is_wrong_is_named_and_nothing_can_be_taken(cast: Cast) -> None:
    await exhibitor(cast, "A-02")

    looked = await cast.organiser.post(f"{DESK}/import?lang=en", files={"sheet": ("list.csv", SHEET)})

    assert looked.status_code == 422
    assert "Row 3, booth: This booth is taken." in looked.text
    assert 'name="rows"' not in looked.text


async def test_what_is_no_spreadsheet_is_refused(cast: Cast) -> None:
    looked = await cast.organiser.post(f"{DESK}/import?lang=en", files={"sheet": ("list.pdf", b"%PDF-1.7\x00")})

    assert looked.status_code == 422


async def test_a_booth_that_was_given_away_meanwhile_stops_the_whole_list(cast: Cast) -> None:
    looked = await cast.organiser.post(f"{DESK}/import", files={"sheet": ("list.csv", SHEET)})
    await exhibitor(cast, "A-02")

    taken = await cast.organiser.post(f"{DESK}/import/take", data={"rows": rows_in(looked.text)})

    assert taken.status_code == 409
    listed = (await cast.script.get(f"{cast.api}/exhibitors")).json()["exhibitors"]
    assert [each["booth"] for each in listed] == ["A-02"]


@pytest.mark.parametrize(("address", "said"), [("/new", "It stays."), ("/import", "What the first row says")])
async def test_the_empty_forms_say_what_they_take(cast: Cast, address: str, said: str) -> None:
    form = await cast.organiser.get(f"{DESK}{address}?lang=en")

    assert said in form.text
