from pathlib import Path

from tests import torture
from tests.cast import unmeasured

ROUNDS = 5


@unmeasured
async def test_whatever_was_answered_survives_a_power_cut_and_nobody_is_admitted_twice(tmp_path: Path) -> None:
    played = [done async for done in torture.torture(tmp_path, rounds=ROUNDS)]

    assert [done.faults for done in played] == [[]] * ROUNDS
    assert [(done.recorded, done.admitted) for done in played] == [(2 * torture.GUESTS, torture.GUESTS)] * ROUNDS
    assert all(0 < done.answered < 2 * torture.GUESTS for done in played)
    assert sum(done.cut_off for done in played) > 0
