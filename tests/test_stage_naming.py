from collections.abc import Awaitable, Callable

import pytest

from checkin.stage.naming import guest_named, offered
from events.companions import label
from events.core.database import Database
from events.core.errors import Invalid
from events.forms import GuestForm
from events.guestlist import cancel, invite
from events.models import Event, Guest
from tests.cast import NOON, planned

Add = Callable[..., Awaitable[Guest]]


@pytest.fixture
async def event(database: Database) -> Event:
    return await planned(database)


@pytest.fixture
def add(database: Database, event: Event) -> Add:
    async def added(name: str, **given: str) -> Guest:
        form = GuestForm(name=name, **given)
        return await database.write(lambda tx: invite(tx, event, form, actor="cast", now=NOON, mail=False))

    return added


async def named(database: Database, event: Event, text: str) -> Guest:
    return await database.read(lambda tx: guest_named(tx, event.id, text))


async def test_a_name_means_whoever_has_it(database: Database, event: Event, add: Add) -> None:
    guest, _ = await add("欧阳文静", name_latin="OUYANG Wenjing"), await add("陈伟")

    found = [await named(database, event, text) for text in ("欧阳文静", " ouyang wenjing ", "ouyang", label(guest))]

    assert {each.id for each in found} == {guest.id}


async def test_a_label_tells_namesakes_apart(database: Database, event: Event, add: Add) -> None:
    one, other = await add("陈伟", organisation="科技园"), await add("陈伟", organisation="创新委员会")

    found = [(await named(database, event, label(each))).id for each in (one, other)]

    assert found == [one.id, other.id]


async def test_the_whole_name_goes_before_a_part_of_one(database: Database, event: Event, add: Add) -> None:
    short, _ = await add("陈伟"), await add("陈伟业")

    assert (await named(database, event, "陈伟")).id == short.id


@pytest.mark.parametrize(("text", "code"), [("陈伟", "several"), ("张三", "not_offered"), ("  ", "not_offered")])
async def test_a_name_of_nobody_or_of_several_is_refused(
    database: Database, event: Event, add: Add, text: str, code: str
) -> None:
    await add("陈伟", organisation="甲")
    await add("陈伟", organisation="乙")

    with pytest.raises(Invalid) as refused:
        await named(database, event, text)

    assert refused.value.fields == {"substitute": code}


async def test_whoever_cancelled_is_not_offered(database: Database, event: Event, add: Add) -> None:
    gone, here = await add("陈伟"), await add("陈伟")
    await database.write(lambda tx: cancel(tx, gone, reason="行程有变", actor="cast", now=NOON))

    found = await database.read(lambda tx: offered(tx, event.id, "陈伟"))

    assert [guest.id for guest in found] == [here.id]
