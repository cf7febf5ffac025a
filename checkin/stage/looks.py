"""What the templates of the board and of a round are given, and for whom. Called by their pages and their streams."""

from dataclasses import dataclass
from functools import partial

from checkin.stage.board import LEADING, Line, Seen
from checkin.stage.faults import Fault
from checkin.stage.models import Act
from checkin.stage.saying import number_of, say_change, say_fault
from checkin.stage.stage_words import ACTS, ROLES, STATES, line_of, name_of
from events.core.auth import Principal, Scope
from events.core.i18n import Language
from events.core.web import Ask
from events.models import Event


@dataclass(frozen=True, slots=True)
class Viewer:
    """What makes a difference to a drawing: who sees it alike shares one. side: see `Principal`.

    acts: whether they press on the stage.
    """

    acts: bool
    side: str


def viewer_of(principal: Principal) -> Viewer:
    """How this principal sees the stage."""
    return Viewer(acts=Scope.STAGE in principal.scopes, side=principal.side)


def look(request: Ask, event: Event, seen: Seen, *, principal: Principal, language: Language) -> dict[str, object]:
    """What every template of these pages needs. at, desk: where the event's pages of the stage and the desk begin."""
    return {
        "event": event,
        "seen": seen,
        "now": seen.stage.at,
        "viewer": viewer_of(principal),
        "sees_contacts": principal.sees_contacts,
        "at": request.url_for("stage:board", event=event.slug).path,
        "desk": request.url_for("desk:event", event=event.slug).path,
        "Act": Act,
        "ACTS": {act: words[language] for act, words in ACTS.items()},
        "ROLES": {role: words[language] for role, words in ROLES.items()},
        "STATES": {state: words[language] for state, words in STATES.items()},
        "LEADING": LEADING,
        "name_of": partial(name_of, language=language),
        "line_of": partial(line_of, language=language),
        "say_fault": partial(_say_fault, seen=seen, language=language),
        "say_change": partial(say_change, language=language),
        "number_of": partial(number_of, stage=seen.stage),
    }


def _say_fault(fault: Fault, line: Line, *, seen: Seen, language: Language) -> str:
    return say_fault(fault, line.round, seen.stage, language)
