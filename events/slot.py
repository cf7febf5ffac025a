"""The badge slot: where a printed badge stands, such as B-07 for box B, place 7. Pure.

`checkin.slots` gives them out; the print shop puts badges in their order.
"""

import re
from collections.abc import Iterator
from string import ascii_uppercase
from typing import NamedTuple

_SLOT = re.compile(r"([A-Z]{1,2})-([0-9]{2})")
_LETTERS = len(ascii_uppercase)
BOXES = _LETTERS * (_LETTERS + 1)
"""A to ZZ: more letters would read as a word that somebody chose, such as VIP."""


class Place(NamedTuple):
    """A box and the place in it, both from 0."""

    box: int
    number: int

    def __str__(self) -> str:
        before, last = divmod(self.box, _LETTERS)
        letters = ascii_uppercase[before - 1 : before] + ascii_uppercase[last]
        return f"{letters}-{self.number + 1:02}"

    def following(self, per_box: int) -> Iterator["Place"]:
        """This place and all after it, `per_box` in each box."""
        place = self
        while True:
            yield place
            place = Place(place.box, place.number + 1) if place.number + 1 < per_box else Place(place.box + 1, 0)


def place_of(slot: str) -> Place | None:
    """Where a slot is; None for what somebody named otherwise."""
    found = _SLOT.fullmatch(slot)
    if found is None:
        return None
    letters = [ascii_uppercase.index(letter) + 1 for letter in found[1]]
    box = letters[-1] - 1 + (letters[0] * _LETTERS if len(letters) == 2 else 0)
    return Place(box, int(found[2]) - 1)


def slot_key(slot: str) -> tuple[bool, int, int, str]:
    """Where a slot stands among others: box after box, then what is named otherwise, at last who has none."""
    box, number = place_of(slot) or (BOXES, 0)
    return not slot, box, number, slot
