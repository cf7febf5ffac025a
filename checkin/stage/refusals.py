"""Refusals of the stage that say more than their sentence: what is wrong with a round, what others did to it meanwhile.

Raised by the verbs; `events.core.web` asks them what a problem document says besides, pages ask for `changes` and
`faults`.
"""

from collections.abc import Sequence
from typing import Any

from checkin.stage.changes import Change
from checkin.stage.faults import Fault
from checkin.stage.models import Round, Stage
from checkin.stage.saying import say_change, say_fault
from events.core.errors import Conflict, Stale
from events.core.i18n import Language


class Overtaken(Stale):
    """Somebody changed the round since the caller read it; `changes`: what they did, first to last."""

    def __init__(self, changes: Sequence[Change]) -> None:
        super().__init__()
        self.changes = changes

    def members(self, language: Language) -> dict[str, Any]:
        """The changes, each with its sentence."""
        return {"changes": [change_json(change, language) for change in self.changes]}


class Faulty(Conflict):
    """The round lacks something; `faults`: what."""

    status, code = 409, "round_faulty"

    def __init__(self, faults: Sequence[Fault], *, this: Round, stage: Stage) -> None:
        super().__init__()
        self.faults = faults
        self._round = this
        self._stage = stage

    def members(self, language: Language) -> dict[str, Any]:
        """The faults, each with its sentence."""
        return {"faults": [fault_json(fault, self._round, self._stage, language=language) for fault in self.faults]}


def change_json(change: Change, language: Language) -> dict[str, Any]:
    """Who did what and when; `code` for scripts, `what` for people."""
    told = {"at": change.at.isoformat(), "by": change.by, "what": say_change(change, language)}
    return {**told, "code": change.what, "fields": list(change.fields), "version": change.version}


def fault_json(fault: Fault, this: Round, stage: Stage, *, language: Language) -> dict[str, Any]:
    """What is wrong and with whom; `code` for scripts, `message` for people."""
    ids = fault.participant_id, fault.guest_id, fault.other_round_id
    about = zip(("participant", "guest", "other_round"), (str(each) if each else None for each in ids), strict=True)
    return {
        "code": fault.code.value,
        "party": fault.party,
        **dict(about),
        "message": say_fault(fault, this, stage, language),
    }
