import re

import httpx
import pytest

from events.companions import label, leader_named, likely_leaders, party_of, sought
from events.core.database import Database
from events.core.errors import Invalid
from events.forms import GuestForm
from events.guestlist import cancel, edit_guest, invite
from events.models import Event, Guest
from events.store import guest_by_id
from tests.cast import NOON, Cast, on_one_engine, planned


async def added(database: Database, event: Event, name: str, **given: object) -> Guest:
    form = GuestForm.model_validate({"name": name, **given})
    return await database.write(lambda tx: invite(tx, event, form, actor="cast", now=NOON, mail=False))


async def test_a_party_is_known_from_either_end(database: Database) -> None:
    event = await planned(database)
    leader, alone = await added(database, event, "单立民"), await added(database, event, "王静")
    people = [await added(database, event, name, leader_id=leader.id) for name in ("侯佳", "丁一")]

    parties = [await database.read(lambda tx, each=each: party_of(tx, each)) for each in (leader, people[0], alone)]

    assert [(label(party.leader), [each.name for each in party.companions]) for party in parties] == [
        ("", ["丁一", "侯佳"]),
        ("单立民", []),
        ("", []),
    ]


@pytest.mark.parametrize(
    "text", ["欧阳振邦 · 深圳市政协", "欧阳振邦", " 歐陽振邦 ", "ouyangzhenbang", "欧阳", "ouyang zhen"]
)
async def test_a_leader_is_named_as_offered_or_as_people_say_it(database: Database, text: str) -> None:
    event = await planned(database)
    leader = await added(database, event, "欧阳振邦", organisation="深圳市政协")
    await added(database, event, "王静")

    assert await database.read(lambda tx: leader_named(tx, event.id, text, of=None)) == leader.id


async def test_nobody_is_meant_by_nothing(database: Database) -> None:
    event = await planned(database)

    assert await database.read(lambda tx: leader_named(tx, event.id, "  ", of=None)) is None


async def test_a_name_that_nobody_or_several_have_is_refused(database: Database) -> None:
    event = await planned(database)
    first = await added(database, event, "张伟", organisation="甲")
    await added(database, event, "张伟", organisation="乙")
    await added(database, event, "张伟民", leader_id=first.id)

    said = {}
    for text in ("张伟", "张", "李敏", "张伟民", "张伟 · 丙"):
        with pytest.raises(Invalid) as refused:
            await database.read(lambda tx, text=text: leader_named(tx, event.id, text, of=None))
        said[text] = refused.value.fields["leader"]
    chosen = await database.read(lambda tx: leader_named(tx, event.id, "张伟 · 甲", of=None))

    assert said == {
        "张伟": "several",
        "张": "several",
        "李敏": "not_offered",
        "张伟民": "not_offered",
        "张伟 · 丙": "several",
    }
    assert chosen == first.id


async def test_a_whole_name_wins_over_longer_ones(database: Database) -> None:
    event = await planned(database)
    leader = await added(database, event, "张伟", organisation="甲")
    await added(database, event, "张伟民")

    assert await database.read(lambda tx: leader_named(tx, event.id, "张伟", of=None)) == leader.id


async def test_the_present_leader_stays_even_where_another_is_called_the_same(database: Database) -> None:
    event = await planned(database)
    leaders = [await added(database, event, "张伟", organisation="甲") for _ in range(2)]
    follower = await added(database, event, "侯佳", leader_id=leaders[1].id)

    assert await database.read(lambda tx: leader_named(tx, event.id, "张伟 · 甲", of=follower)) == leaders[1].id


async def test_those_who_ask_for_attention_are_offered_unless_they_follow_or_were_cancelled(database: Database) -> None:
    event = await planned(database)
    first = await added(database, event, "乙", organisation="河套", category="vip")
    gone = await added(database, event, "丙", category="vip")
    await added(database, event, "甲", category="vip", leader_id=first.id)
    await added(database, event, "丁")
    before = await database.read(lambda tx: likely_leaders(tx, event.id))
    await database.write(lambda tx: cancel(tx, gone, reason="", actor="cast", now=NOON))

    after = await database.read(lambda tx: likely_leaders(tx, event.id))

    assert ([label(each) for each in before], [label(each) for each in after]) == (["丙", "乙 · 河套"], ["乙 · 河套"])


async def test_who_fits_what_was_typed_is_sought_by_the_name_alone(database: Database) -> None:
    event = await planned(database)
    leader = await added(database, event, "张伟", organisation="甲")
    await added(database, event, "张伟", leader_id=leader.id)

    assert await database.read(lambda tx: sought(tx, event.id, "zhang wei · 丙")) == [leader]


def _offered(page: httpx.Response) -> list[str]:
    return re.findall(r'<option value="([^"]*)"></option>', page.text)


def _said(page: httpx.Response) -> str:
    found = re.search(r'id="leader-error">(.*?)</p>', page.text)
    return found[1] if found else ""


def _address(cast: Cast, guest: Guest) -> str:
    return f"/desk/{cast.event.slug}/guests/{guest.id}"


async def _saved(cast: Cast, guest: Guest, leader: str) -> httpx.Response:
    now = await cast.database.read(lambda tx: guest_by_id(tx, cast.event.id, guest.id))
    given = {"name": guest.name, "language": "zh-Hans", "version": str(now.version), "leader": leader}
    return await cast.organiser.post(_address(cast, guest), data=given)


async def test_a_companion_is_given_a_leader_and_set_free_on_the_page(cast: Cast) -> None:
    leader, guest = await cast.guest("单立民", organisation="河套发展署"), await cast.guest("侯佳")

    joined = await _saved(cast, guest, "单立民")
    page = await cast.organiser.get(_address(cast, guest))
    again = await _saved(cast, guest, "单立民 · 河套发展署")
    theirs = await cast.organiser.get(_address(cast, leader))
    await _saved(cast, guest, "")

    alone = await cast.organiser.get(_address(cast, leader))
    assert (joined.status_code, again.status_code) == (303, 303)
    assert re.search(r'id="leader" name="leader" type="text" value="([^"]*)"', page.text)[1] == "单立民 · 河套发展署"
    assert (_address(cast, leader) in page.text, _address(cast, guest) in theirs.text) == (True, True)
    assert (_address(cast, guest) in alone.text, 'name="leader"' in theirs.text) == (False, False)


@on_one_engine
async def test_a_name_of_several_comes_back_with_those_who_are_called_so(cast: Cast) -> None:
    await cast.guest("王静", category="vip")
    for organisation in ("甲", "乙"):
        await cast.guest("张伟", organisation=organisation)
    guest = await cast.guest("侯佳")

    usual = await cast.organiser.get(_address(cast, guest))
    several, nobody = await _saved(cast, guest, "张伟"), await _saved(cast, guest, "李敏")

    assert (several.status_code, nobody.status_code) == (422, 422)
    assert _said(several) == "Several guests are called this. Please choose one of the list."
    assert _said(nobody) == "Please choose one of the list."
    assert (_offered(usual), sorted(_offered(several)), _offered(nobody)) == (
        ["王静"],
        ["张伟 · 乙", "张伟 · 甲"],
        ["王静"],
    )


@on_one_engine
async def test_nobody_follows_themselves(cast: Cast) -> None:
    guest = await cast.guest("侯佳")

    answer = await _saved(cast, guest, "侯佳")

    assert (answer.status_code, _said(answer)) == (422, "Please choose one of the list.")


@on_one_engine
async def test_a_companion_is_added_from_the_page_of_the_leader(cast: Cast) -> None:
    leader = await cast.guest("单立民")
    page = await cast.organiser.get(_address(cast, leader))
    link = f"/desk/{cast.event.slug}/guests/new?leader={leader.id}"

    form = await cast.organiser.get(link)
    made = await cast.organiser.post(
        f"/desk/{cast.event.slug}/guests/new", data={"name": "侯佳", "language": "zh-Hans", "leader": "单立民"}
    )
    theirs = await cast.organiser.get(made.headers["location"])

    assert link in page.text
    assert 'name="leader" type="text" value="单立民"' in form.text
    assert _address(cast, leader) in theirs.text


@on_one_engine
async def test_a_form_that_says_nothing_of_a_leader_takes_the_id_as_it_is(cast: Cast) -> None:
    leader, guest = await cast.guest("单立民"), await cast.guest("侯佳")
    form = GuestForm(name="侯佳", leader_id=leader.id)
    await cast.database.write(
        lambda tx: edit_guest(tx, cast.event, guest, form, version=guest.version, actor="cast", now=NOON)
    )
    given = {"name": "侯佳佳", "language": "zh-Hans", "version": "2", "leader_id": str(leader.id)}

    await cast.organiser.post(_address(cast, guest), data=given)

    kept = await cast.database.read(lambda tx: guest_by_id(tx, cast.event.id, guest.id))
    assert (kept.name, kept.leader_id) == ("侯佳佳", leader.id)
