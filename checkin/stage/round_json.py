"""A round as the API tells it; nobody's address or telephone number is in it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from checkin.stage.acts import possible
from checkin.stage.models import Participant, Party, Round, Stage, Substitution, Transition
from checkin.stage.readiness import Readiness, Standing
from checkin.stage.refusals import fault_json
from checkin.stage.saying import number_of
from checkin.stage.stage_words import line_of
from events.core.auth import Principal, Scope
from events.core.i18n import Language
from events.models import Guest


def round_json(
    this: Round, stage: Stage, principal: Principal, *, language: Language = Language.ZH_HANS
) -> dict[str, Any]:
    """The round with all that was done to it; `possible`: the acts that are open to whoever asks."""
    history = stage.transitions.get(this.id, ())
    acts = possible(this.kind, this.state, history) if Scope.STAGE in principal.scopes else []
    return {
        "id": str(this.id),
        "segment_id": str(this.segment_id),
        "kind": this.kind.value,
        "number": number_of(this, stage),
        "position": this.position,
        "title": this.title.model_dump(),
        "item": this.item.model_dump(),
        "script": this.script.model_dump(),
        "copies": this.copies,
        "languages": [each.value for each in this.languages],
        "cue_at": _moment(this.cue_at),
        "wants_signature": this.wants_signature,
        "state": this.state.value,
        "step": this.step,
        "version": this.version,
        "possible": [act.value for act in acts],
        "parties": [_party_json(party) for party in this.parties],
        "participants": [_participant_json(part, stage) for part in this.participants],
        "transitions": [_transition_json(each) for each in history],
        "substitutions": substitutions_json(stage.substitutions.get(this.id, ()), stage, language=language),
    }


def substitutions_json(made: Sequence[Substitution], stage: Stage, *, language: Language) -> list[dict[str, Any]]:
    """Who stood in for whom, first to last; `line` as the record has it."""
    return [substitution_json(each, stage, language=language) for each in made]


def substitution_json(made: Substitution, stage: Stage, *, language: Language) -> dict[str, Any]:
    """One substitution."""
    original, substitute = stage.people[made.original_id].guest, stage.people[made.substitute_id].guest
    return {
        "id": str(made.id),
        "participant": str(made.participant_id),
        "role": made.role.value,
        "original": _guest_json(original),
        "substitute": _guest_json(substitute),
        "line": line_of(made.role, substitute=substitute, original=original, language=language),
        "authority": made.authority,
        "reason": made.reason,
        "at": made.at.isoformat(),
        "by": made.actor_name,
    }


def readiness_json(
    readiness: Readiness, this: Round, stage: Stage, principal: Principal, *, language: Language = Language.ZH_HANS
) -> dict[str, Any]:
    """Who is in the house; liaisons with their numbers for whom they are the business of."""
    return {
        "round": str(this.id),
        "version": this.version,
        "needed": readiness.needed,
        "present": readiness.present,
        "cue_at": readiness.cue_at.isoformat(),
        "minutes_to_cue": readiness.minutes_to_cue,
        "missing": [{**_standing_json(each), **_liaison_json(each, principal)} for each in readiness.missing],
        "people": [_standing_json(each) for each in readiness.people],
        "faults": [fault_json(fault, this, stage, language=language) for fault in readiness.faults],
    }


def _party_json(party: Party) -> dict[str, Any]:
    names = {"name": party.name.model_dump(), "short": party.short.model_dump()}
    return {"number": party.number, **names, "hosting": party.hosting.value, "side": party.side}


def _participant_json(part: Participant, stage: Stage) -> dict[str, Any]:
    person = stage.person(part)
    return {
        "id": str(part.id),
        "role": part.role.value,
        "party": part.party,
        "guest_id": str(part.guest_id) if part.guest_id else None,
        "title": part.title.model_dump(),
        "position": part.position,
        "seat": part.seat,
        "place": part.place,
        "guest": _guest_json(person.guest) if person else None,
    }


def _guest_json(guest: Guest) -> dict[str, str]:
    plain = "name", "name_latin", "organisation", "job_title", "side"
    return {"id": str(guest.id), **{name: getattr(guest, name) for name in plain}}


def _transition_json(each: Transition) -> dict[str, Any]:
    return {
        "number": each.number,
        "act": each.act.value,
        "before": each.before.value,
        "after": each.after.value,
        "at": each.at.isoformat(),
        "by": each.actor_name,
        "where": each.where,
        "reason": each.reason,
        "undoes": each.undoes,
    }


def _standing_json(each: Standing) -> dict[str, Any]:
    person = each.person
    return {
        "participant": str(each.participant.id),
        "role": each.participant.role.value,
        "party": each.participant.party,
        "guest": _guest_json(person.guest) if person else None,
        "present": each.present,
        "first_at": _moment(person.first_at) if person else None,
        "left_at": _moment(each.left_at),
        "last_gate": person.last_gate if person else "",
        "last_at": _moment(person.last_at) if person else None,
    }


def _liaison_json(each: Standing, principal: Principal) -> dict[str, Any]:
    """Whom to ask; None where that is another side's business, or nobody is named."""
    guest = each.person.guest if each.person else None
    if guest is None or not principal.sees_contacts(guest.side):
        return {"liaison": None}
    return {"liaison": {"name": guest.liaison_name, "phone": guest.liaison_phone, "email": guest.liaison}}


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
