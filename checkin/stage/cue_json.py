"""The cue lines as JSON, in every language at once, so that a tablet changes its language without network.

Called by the API and by the page of the master of ceremonies, which shows the very same.
"""

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from checkin.stage.cue_words import NOTES, label
from checkin.stage.cues import CueLine, digest_of, lines_of, on_stage
from checkin.stage.introductions import Introduced
from checkin.stage.models import Stage
from checkin.stage.saying import number_of
from checkin.stage.stage_words import ROLES, STATES
from events.core.i18n import Language, say_time
from events.models import Event, Segment

_VERSION = 12
_CHINESE = {Language.ZH_HANS, Language.ZH_HANT}


def cues_json(stage: Stage, event: Event, languages: Iterable[Language] = Language) -> dict[str, Any]:
    """All lines by language, and the round that is going on. `version` changes whenever anything of it does, the time
    of reading apart."""
    lines = {each.value: [line_json(line, event, each) for line in lines_of(stage, event, each)] for each in languages}
    current = on_stage(stage)
    shown = {
        "on_stage": {"round": str(current.id), "number": number_of(current, stage), "state": current.state.value}
        if current
        else None,
        "languages": [each.value for each in languages_of(stage.segments)],
        "lines": lines,
    }
    digest = sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()
    return {"at": stage.at.isoformat(), "version": digest[:_VERSION], **shown}


def told_by(stage: Stage) -> tuple[object, ...]:
    """All of the stage that its lines are made of: who comes and goes at the door changes none of them."""
    people = {guest_id: (person.guest, person.spoken) for guest_id, person in stage.people.items()}
    return stage.segments, stage.rounds, stage.transitions, stage.substitutions, people


def languages_of(segments: Iterable[Segment]) -> list[Language]:
    """The languages in which anything is announced, what is said in Chinese in both scripts; all where nobody said."""
    spoken = {language for segment in segments for language in segment.languages}
    if not spoken.isdisjoint(_CHINESE):
        spoken |= _CHINESE
    return [language for language in Language if language in spoken] or list(Language)


def line_json(line: CueLine, event: Event, language: Language) -> dict[str, Any]:
    """One line, its time by the clocks of the event."""
    return {
        "key": line.key,
        "kind": line.kind.value,
        "label": line.label,
        "spoken": line.kind.is_spoken,
        "segment": line.segment,
        "segment_id": str(line.segment_id),
        "round_id": str(line.round_id) if line.round_id else None,
        "number": line.number,
        "round": label(NOTES, "round", language, number=line.number) if line.number else "",
        "title": line.title,
        "state": line.state.value if line.state else None,
        "state_word": STATES[line.state][language] if line.state else "",
        "at": line.at.isoformat() if line.at else None,
        "time": say_time(line.at, event.zone, language) if line.at else "",
        "sentence": line.sentence,
        "script": line.script,
        "people": [_person_json(each, language) for each in line.people],
        "digest": digest_of(line),
    }


def notes_on(person: Introduced, language: Language) -> list[tuple[str, str]]:
    """What whoever reads the name has to know besides, each with its kind: a stand-in, a doubtful reading, no title."""
    found = [("stands_for", label(NOTES, "stands_for", language, name=person.stands_for))] if person.stands_for else []
    if person.doubts_reading:
        found.append(("unconfirmed", label(NOTES, "unconfirmed", language)))
    if person.untranslated:
        found.append(("untranslated", label(NOTES, "untranslated", language)))
    return found


def _person_json(person: Introduced, language: Language) -> dict[str, Any]:
    return {
        "role": person.role.value,
        "role_word": ROLES[person.role][language],
        "title": person.title,
        "name": person.name,
        "second": person.second,
        "honorific": person.honorific,
        "reading": person.reading,
        "confirmed": person.confirmed,
        "notes": [{"kind": kind, "words": words} for kind, words in notes_on(person, language)],
    }
