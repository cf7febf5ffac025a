import anyio
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from checkin.booth import exhibitors as verbs
from checkin.models import Gate, GateId, GateKind
from checkin.store import add_gate, gates_of
from events.core.errors import Conflict, Invalid, NotFound, Refusal, Stale
from events.core.ids import new_id
from events.models import Text
from events.store import exhibitors_of
from tests.booths import AI, agree, booth_phone, exhibitor, exhibitor_form, scanned, tour
from tests.cast import Cast

HEALTH = Text(zh_hans="生命健康", en="Life and health")


async def edit(cast: Cast, *, version: int, **given: object) -> None:
    form, now = exhibitor_form(**given), cast.clock.now()
    await cast.database.write(
        lambda tx: verbs.edit_exhibitor(tx, cast.event.id, form, version=version, actor="cast", now=now)
    )


async def remove(cast: Cast, booth: str = "A-01", *, version: int = 1) -> None:
    now = cast.clock.now()
    await cast.database.write(
        lambda tx: verbs.remove_exhibitor(tx, cast.event.id, booth, version=version, actor="cast", now=now)
    )


async def gates(cast: Cast) -> list[Gate]:
    return await cast.database.read(lambda tx: tx.run_sync(gates_of, cast.event.id))


async def open_gate(cast: Cast, booth: str = "A-01") -> Gate:
    now = cast.clock.now()
    return await cast.database.write(lambda tx: verbs.booth_gate(tx, cast.event.id, booth, actor="cast", now=now))


async def listed(cast: Cast) -> dict[str, tuple[str, Text]]:
    found = await cast.database.read(lambda tx: exhibitors_of(tx, cast.event.id))
    return {each.booth: (each.field, each.field_name) for each in found}


async def test_a_field_is_made_of_its_name_and_found_again_by_it(cast: Cast) -> None:
    await exhibitor(cast, "A-01")
    await exhibitor(cast, "A-02", field_name=Text(zh_hans="人工智能"))
    await exhibitor(cast, "B-01", field_name=HEALTH)
    await exhibitor(cast, "B-02", field_name=None, field="life-and-health")

    assert await listed(cast) == {
        "A-01": ("artificial-intelligence", Text(zh_hans="人工智能")),
        "A-02": ("artificial-intelligence", Text(zh_hans="人工智能")),
        "B-01": ("life-and-health", HEALTH),
        "B-02": ("life-and-health", HEALTH),
    }


@pytest.mark.parametrize(
    ("name", "known", "key"),
    [
        (Text(zh_hans="大数据"), {}, "field"),
        (Text(zh_hans="大数据"), {"field": AI}, "field-2"),
        (Text(en="AI & Robots"), {}, "ai-robots"),
        (Text(en="A" * 60), {}, "a" * 36),
    ],
)
def test_a_new_field_gets_a_key_that_is_free(name: Text, known: dict[str, Text], key: str) -> None:
    assert verbs.key_of(name, known) == key


@pytest.mark.parametrize(("field", "code"), [(None, "missing"), ("robots", "not_offered")])
async def test_a_field_without_a_name_has_to_be_known(cast: Cast, field: str | None, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        await exhibitor(cast, field_name=None, field=field)

    assert refused.value.fields == {"field": code}


async def test_a_booth_is_given_once_even_to_two_at_the_same_moment(cast: Cast) -> None:
    refused: list[str] = []

    async def add() -> None:
        try:
            await exhibitor(cast)
        except Conflict as error:
            refused.append(error.code)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(add)
        tasks.start_soon(add)

    assert refused == ["booth_taken"]
    assert list(await listed(cast)) == ["A-01"]


async def test_an_edit_raises_the_version_and_an_older_one_is_stale(cast: Cast) -> None:
    await exhibitor(cast)
    await edit(cast, version=1, name=Text(en="Renamed"))

    with pytest.raises(Stale):
        await edit(cast, version=1, name=Text(en="Too late"))

    [found] = await cast.database.read(lambda tx: exhibitors_of(tx, cast.event.id))
    assert (found.name.en, found.version) == ("Renamed", 2)


async def test_nobody_at_a_booth_can_be_changed_or_removed(cast: Cast) -> None:
    for change in (edit(cast, version=1), remove(cast), open_gate(cast)):
        with pytest.raises(NotFound):
            await change


async def test_an_exhibitor_whom_nothing_refers_to_is_removed(cast: Cast) -> None:
    await exhibitor(cast)

    await remove(cast)

    assert await listed(cast) == {}


async def test_somebody_else_changed_it_so_it_is_not_removed(cast: Cast) -> None:
    await exhibitor(cast)
    await edit(cast, version=1)

    with pytest.raises(Stale):
        await remove(cast, version=1)


async def staffed(cast: Cast) -> None:
    await cast.guest("员工", booth="A-01")


async def phoned(cast: Cast) -> None:
    await booth_phone(cast)


async def toured(cast: Cast) -> None:
    await tour(cast, "A-01")


async def visited(cast: Cast) -> None:
    phone = await booth_phone(cast)
    guest = await agree(cast, await cast.guest())
    await scanned(cast, phone.browser, guest.code)


@pytest.mark.parametrize("use", [staffed, phoned, toured, visited])
async def test_a_booth_that_something_refers_to_stays(cast: Cast, use: object) -> None:
    await exhibitor(cast)
    await use(cast)

    with pytest.raises(Refusal) as refused:
        await remove(cast)

    assert refused.value.code == "booth_used"


async def test_a_booths_gate_is_opened_once_and_after_the_main_entrance(cast: Cast) -> None:
    await exhibitor(cast)

    first, second = await open_gate(cast), await open_gate(cast)

    assert first == second
    assert (first.name, first.kind) == ("A-01 知微智能", GateKind.BOOTH)
    assert [gate.id for gate in await gates(cast)] == [cast.gate.id, first.id]


async def test_a_gate_that_was_opened_for_the_booth_by_hand_is_used(cast: Cast) -> None:
    await exhibitor(cast)
    made = Gate(id=GateId(new_id()), name="A-01 知微智能", kind=GateKind.BOOTH)
    await cast.database.write(lambda tx: tx.run_sync(add_gate, cast.event.id, made))

    assert await open_gate(cast) == made


async def test_it_is_told_how_many_phones_and_people_are_at_each_booth(cast: Cast) -> None:
    await exhibitor(cast, "A-01")
    await exhibitor(cast, "A-02")
    await booth_phone(cast, "A-02")
    await cast.guest("员工", booth="A-01")

    async def counted(tx: AsyncConnection) -> tuple[dict[str, int], dict[str, int]]:
        return await verbs.paired_booths(tx, cast.event.id), await verbs.staff_counts(tx, cast.event.id)

    assert await cast.database.read(counted) == ({"A-02": 1}, {"A-01": 1})
