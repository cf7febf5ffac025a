"""A signature by hand as it is drawn on paper: its strokes scaled into a box, upright and undistorted. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from badges.paper import Box

_THINNEST, _THICKEST = 0.18, 0.55
_USUAL = 0.5
"""The pressure of a pen that does not tell it."""

Strokes = Sequence[Sequence[Sequence[int]]]
"""For each point x and y in any unit, downward, then its time, then its pressure in thousandths, 0 for unknown."""


@dataclass(frozen=True, slots=True)
class Line:
    """One stroke on the sheet. points, thickness: in mm."""

    points: tuple[tuple[float, float], ...]
    thickness: float


def fitted(strokes: Strokes, box: Box, *, largest: float = 0.2) -> list[Line]:
    """The strokes in the middle of `box`, as large as it allows and at most `largest` mm a unit."""
    points = [point for stroke in strokes for point in stroke]
    if not points:
        return []
    left, top = min(x for x, *_ in points), min(y for _, y, *_ in points)
    width, height = max(x for x, *_ in points) - left, max(y for _, y, *_ in points) - top
    scale = min(box.width / max(width, 1), box.height / max(height, 1), largest)
    right, down = box.left + (box.width - width * scale) / 2, box.top + (box.height - height * scale) / 2
    return [
        Line(tuple((right + (x - left) * scale, down + (y - top) * scale) for x, y, *_ in stroke), _thickness(stroke))
        for stroke in strokes
        if stroke
    ]


def _thickness(stroke: Sequence[Sequence[int]]) -> float:
    pressures = [pressure / 1000 or _USUAL for *_, pressure in stroke]
    return _THINNEST + (_THICKEST - _THINNEST) * sum(pressures) / len(pressures)
