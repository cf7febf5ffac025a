import pytest

from badges.handwriting import fitted
from badges.paper import Box

BOX = Box(100, 50, 34, 12)
WIDE = [[[0, 0, 0, 500], [3000, 600, 16, 500]], [[1000, 300, 40, 500]]]


def test_a_signature_fills_its_box_as_far_as_it_stays_undistorted() -> None:
    first, second = fitted(WIDE, BOX)

    scale = 34 / 3000
    assert [pytest.approx(point) for point in first.points] == [(100, 52.6), (134, 52.6 + 600 * scale)]
    assert second.points == (pytest.approx((100 + 1000 * scale, 52.6 + 300 * scale)),)


def test_a_tall_one_stands_in_the_middle() -> None:
    [stroke] = fitted([[[0, 0, 0, 0], [100, 1200, 9, 0]]], BOX)

    assert [pytest.approx(point) for point in stroke.points] == [(116.5, 50), (117.5, 62)]


def test_a_small_one_is_not_blown_up() -> None:
    [stroke] = fitted([[[0, 0, 0, 0], [10, 10, 9, 0]]], BOX)

    assert [pytest.approx(point) for point in stroke.points] == [(116, 55), (118, 57)]


def test_a_heavier_hand_draws_a_thicker_line() -> None:
    strokes = [[[0, 0, 0, pressure], [9, 9, 9, pressure]] for pressure in (100, 500, 0, 1000)]

    light, usual, unknown, heavy = [line.thickness for line in fitted(strokes, BOX)]

    assert light < usual == unknown < heavy


@pytest.mark.parametrize("strokes", [[], [[]]])
def test_nothing_is_drawn_of_nothing(strokes: list[list[list[int]]]) -> None:
    assert fitted(strokes, BOX) == []
