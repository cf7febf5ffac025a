from typing import Any
from uuid import uuid4

import pytest

from checkin.stage.substitution_form import form_of
from events.core.database import Database
from events.core.errors import Invalid, NotFound
from events.core.i18n import Language
from events.forms import GuestForm
from events.models import UNSAID, GuestId, Text
from tests.cast import NOON, planned
from tests.stage_scene import set_stage

USUAL = {"participant": str(uuid4()), "authority": "礼宾负责人", "reason": "航班延误"}


def filled(**given: str) -> dict[str, str]:
    return {**USUAL, **given}


def refused(values: dict[str, str]) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        form_of(values, Language.ZH_HANS)
    return refusal.value.fields


async def taker(database: Database, **given: str) -> Any:
    event = await planned(database)
    scene = await set_stage(database, event, now=NOON)
    form = form_of(filled(**given), Language.EN)
    return scene, await database.read(lambda tx: form.taker(tx, event.id))


def test_everything_that_is_missing_is_told_at_once() -> None:
    assert refused({}) == {"authority": "missing", "reason": "missing", "substitute": "missing"}


def test_a_guest_and_a_new_person_together_are_too_many() -> None:
    assert refused(filled(substitute="陈伟", name="林晓")) == {"substitute": "either"}


def test_a_new_person_needs_a_name() -> None:
    assert refused(filled(organisation="科技园", phone="1")) == {"name": "missing", "phone": "phone"}


def test_a_part_that_nobody_could_mean_is_not_found() -> None:
    with pytest.raises(NotFound):
        form_of(filled(participant="x", substitute="陈伟"), Language.EN)


def test_the_title_is_said_in_the_language_of_the_page() -> None:
    titled, plain = [form_of(filled(substitute="陈伟", title=title), Language.ZH_HANT) for title in ("副主席", "")]

    assert (titled.title, plain.title) == (Text(zh_hant="副主席"), UNSAID)


async def test_a_typed_name_is_looked_up(database: Database) -> None:
    scene, found = await taker(database, substitute="欧阳文静")

    assert found == scene.spare.id


async def test_one_of_several_is_taken_as_chosen(database: Database) -> None:
    chosen = uuid4()

    _, found = await taker(database, substitute="陈伟", chosen=str(chosen))

    assert found == GuestId(chosen)


async def test_a_new_person_is_taken_as_described(database: Database) -> None:
    _, found = await taker(database, name=" 林晓 ", name_latin="LIN Xiao", phone="+852 5555 4321")

    assert found == GuestForm(name="林晓", name_latin="LIN Xiao", phone="+85255554321")
