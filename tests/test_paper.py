import pytest

from badges.paper import A4, A6, POINTS_PER_MM, Box


def test_a_box_knows_its_far_edges():
    box = Box(10, 20, 30, 40)

    assert (box.right, box.bottom) == (40, 60)


def test_an_inset_box_stays_in_the_middle():
    assert Box(10, 20, 30, 40).inset(1, 2) == Box(11, 22, 28, 36)


def test_the_rest_of_a_box_keeps_the_lower_edge():
    assert Box(10, 20, 30, 40).starting_at(25) == Box(10, 25, 30, 35)


def test_a_moved_box_keeps_its_size():
    assert Box(10, 20, 30, 40).at(0) == Box(10, 0, 30, 40)


@pytest.mark.parametrize(("paper", "points"), [(A4, (595.28, 841.89)), (A6, (297.64, 419.53))])
def test_sheets_have_the_sizes_of_iso_216(paper, points):
    box = paper.box

    assert (box.left, box.top) == (0, 0)
    assert (box.width * POINTS_PER_MM, box.height * POINTS_PER_MM) == pytest.approx(points, abs=0.01)
