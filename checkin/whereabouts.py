"""Where the guests of one batch of scans are, kept up from scan to scan; the door's bench asks and tells it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from checkin.presence import Passage, Presence, after, replayed
from events.models import GuestId


@dataclass(slots=True)
class Whereabouts:
    """What the batch finds and leaves.

    earlier: of guests whose passages may come out of order, all that came before; of others nothing is needed.
    zones: people inside each zone, where somebody counts them. moved: guests whose presence is no longer what was read.
    """

    earlier: Mapping[GuestId, list[Passage]] = field(default_factory=dict[GuestId, list[Passage]])
    zones: dict[str, int] = field(default_factory=dict[str, int])
    moved: dict[GuestId, Presence] = field(default_factory=dict[GuestId, Presence])

    def take(self, guest_id: GuestId, present: Presence, passage: Passage) -> Presence:
        """The presence after a passage of who was `present`: as the latest, or in its place among earlier ones."""
        known = self.earlier.get(guest_id)
        if known is not None:
            known.append(passage)
        if known is None or present.last_at is None or passage.at > present.last_at:
            moved = after(present, passage)
        else:
            moved = replayed(known, attempt=present.attempt)
        self.moved[guest_id] = moved
        self._recount(present, moved)
        return moved

    def _recount(self, before: Presence, moved: Presence) -> None:
        if before.inside:
            self.zones[before.zone] = self.zones.get(before.zone, 0) - 1
        if moved.inside:
            self.zones[moved.zone] = self.zones.get(moved.zone, 0) + 1
