"""Sheets and places on them, in mm from the top left corner; every printed document is laid out in these."""

from dataclasses import dataclass

POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a sheet: left and top edge, width and height, all in mm."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height

    def inset(self, across: float, down: float) -> "Box":
        """This box without a border of `across` mm at the sides and `down` mm above and below."""
        return Box(self.left + across, self.top + down, self.width - 2 * across, self.height - 2 * down)

    def at(self, top: float) -> "Box":
        """This box moved up or down to `top`."""
        return Box(self.left, top, self.width, self.height)

    def starting_at(self, top: float) -> "Box":
        """What is left of this box from `top` downward."""
        return Box(self.left, top, self.width, self.bottom - top)


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet or label, upright as it is read."""

    width: float
    height: float

    @property
    def box(self) -> Box:
        """The whole sheet."""
        return Box(0, 0, self.width, self.height)


A4 = Paper(210, 297)
A6 = Paper(105, 148)
