"""What is wrong with a round and what was changed in it, as sentences; without HTTP or SQL.

Called by refusals, the API and the stage's pages.
"""

from checkin.stage.changes import Change
from checkin.stage.faults import Fault, FaultCode
from checkin.stage.models import Act, Round, Stage
from checkin.stage.stage_words import ACTS, CHANGES, FAULTS, FIELDS, NOBODY, ROLES, ROUND, TWICE_IN_ROUND, name_of
from events.core.i18n import Language

_BETWEEN = " · "


def say_fault(fault: Fault, this: Round, stage: Stage, language: Language) -> str:
    """A fault of a round in the reader's language, with names."""
    twice_here = fault.code is FaultCode.TWICE_ON_STAGE and fault.other_round_id == this.id
    words = TWICE_IN_ROUND if twice_here else FAULTS[fault.code]
    party = this.party(fault.party)
    role = next((part.role for part in this.participants if part.id == fault.participant_id), None)
    return words[language].format(
        name=_subject(fault, this, stage, language),
        party=party.name.said_in(language) if party else "",
        role=ROLES[role][language] if role else "",
        round=_round_name(fault, stage, language),
        holes=fault.holes,
    )


def say_change(change: Change, language: Language) -> str:
    """What somebody did to a round, in the reader's language."""
    act = change.what.removeprefix("round.")
    if act in set(Act):
        return ACTS[Act(act)][language]
    fields = _BETWEEN.join(FIELDS[field][language] for field in change.fields)
    return CHANGES[change.what][language].format(fields=fields, **change.detail)


def number_of(this: Round, stage: Stage) -> int:
    """The round's place in the whole programme, from 1."""
    return [each.id for each in stage.rounds].index(this.id) + 1


def _subject(fault: Fault, this: Round, stage: Stage, language: Language) -> str:
    """Whose name or which title the fault is about."""
    if fault.participant_id:
        person = stage.people.get(fault.guest_id) if fault.guest_id else None
        return name_of(person.guest, language) if person else NOBODY[language]
    party = this.party(fault.party)
    return party.name.said_in(language) if party else this.title.said_in(language)


def _round_name(fault: Fault, stage: Stage, language: Language) -> str:
    """The number of the other round, with what it is about."""
    other = next((each for each in stage.rounds if each.id == fault.other_round_id), None)
    if other is None:
        return ""
    title = other.title.said_in(language)
    number = ROUND[language].format(number=number_of(other, stage))
    return f"{number}{_BETWEEN}{title}" if title else number
