"""Precedence lists as the API tells them. Nobody's contact data stands on a list."""

from typing import Any

from checkin.stage.precedence import Move, Placed
from checkin.stage.ranking import Ranking


def ranking_json(ranking: Ranking) -> dict[str, Any]:
    """The list with everybody where they stand, why, and all moves first to last."""
    return {
        "id": str(ranking.id),
        "segment_id": str(ranking.segment_id) if ranking.segment_id else None,
        "title": ranking.title.model_dump(),
        "purpose": ranking.purpose.value,
        "tie_breaks": [each.value for each in ranking.tie_breaks],
        "interleaves": ranking.interleaves,
        "rows": ranking.rows,
        "honour": ranking.honour.value,
        "version": ranking.version,
        "entries": [_entry_json(each, ranking) for each in ranking.placed],
        "moves": [_move_json(each) for each in ranking.moves],
    }


def _entry_json(placed: Placed, ranking: Ranking) -> dict[str, Any]:
    entry, guest = placed.entry, ranking.guests[placed.entry.guest_id]
    told = {name: getattr(guest, name) for name in ("name", "name_latin", "organisation", "job_title", "side")}
    return {
        "position": placed.position,
        "natural": placed.natural,
        "ground": placed.ground.value,
        "move": placed.move.number if placed.move else None,
        "rank": entry.rank,
        "grade": entry.grade,
        "founded": entry.founded,
        "guest": {"id": str(guest.id), **told},
    }


def _move_json(move: Move) -> dict[str, Any]:
    return {
        "number": move.number,
        "guest_id": str(move.guest_id),
        "from_position": move.from_position,
        "to_position": move.to_position,
        "reason": move.reason,
        "at": move.at.isoformat(),
        "by": move.actor_name,
        "undoes": move.undoes,
    }
