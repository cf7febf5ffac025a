"""How somebody is introduced: whom they speak for, the title, the name with its honorific, and how it is read.

Pure; `cues` asks it about everybody whom a line names. A name stays in the script that its owner uses.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from checkin.stage.cue_words import spoken
from checkin.stage.models import Participant, Person, Role, Round, Stage
from checkin.stage.readings import needs_reading
from events.core.i18n import Language
from events.models import Guest, Text

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_PAUSE = re.compile("[、，；,;]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduced:
    """Somebody as a line names them. title: with the organisation, as it is read out. second: the name in the other
    script. reading: pinyin or jyutping, and whether somebody confirmed it.

    doubtful: the name asks for a reading that nobody confirmed. untranslated: an English line has no English title.
    stands_for: whose part they took.
    """

    role: Role
    title: str
    name: str
    second: str = ""
    honorific: str = ""
    reading: str = ""
    confirmed: bool = False
    doubtful: bool = False
    untranslated: bool = False
    stands_for: str = ""
    words: str
    """All of it in one breath, as it stands in a sentence."""

    @property
    def doubts_reading(self) -> bool:
        """Whether a reading is given or needed, and nobody confirmed it."""
        return not self.confirmed and (self.doubtful or bool(self.reading))


def introduced(stage: Stage, held: Round, participant: Participant, language: Language) -> Introduced:
    """Who has that part now, as they are introduced in `language`."""
    person = stage.person(participant)
    if person is None:
        nobody = spoken("nobody", language)
        return Introduced(role=participant.role, title="", name=nobody, words=nobody)
    title, names = _title(held, participant, person.guest, language), _names(person.guest, language)
    honorific, reading = own_words(person.spoken.honorific, language), person.spoken.reading
    return Introduced(
        role=participant.role,
        title=title,
        name=names[0],
        second=names[1],
        honorific=honorific,
        reading=reading,
        confirmed=bool(reading and person.spoken.confirmed_at),
        doubtful=_is_doubtful(person, language),
        untranslated=language is Language.EN and bool(_HAN.search(title)),
        stands_for=_original_name(stage, held, participant, language),
        words=_in_one_breath(title, names[0], honorific, language),
    )


def briefly(person: Introduced, language: Language) -> str:
    """How somebody is thanked: by name and honorific, or as before where no honorific is known."""
    return _in_one_breath("", person.name, person.honorific, language) if person.honorific else person.words


def listed(people: Sequence[str], language: Language) -> str:
    """Everybody in one sentence; where a title has a pause of its own, the pauses between people are longer."""
    if language is Language.EN:
        return "; and ".join(filter(None, ("; ".join(people[:-1]), *people[-1:])))
    return ("，" if any(map(_PAUSE.search, people)) else "、").join(people)


def own_words(text: Text, language: Language) -> str:
    """What was said in `language` or in its sister script: an honorific of another tongue is none."""
    if language is Language.EN:
        return text.en
    return text.zh_hans or text.zh_hant if language is Language.ZH_HANS else text.zh_hant or text.zh_hans


def _names(guest: Guest, language: Language) -> tuple[str, str]:
    """The name as it is read out, and the other one."""
    if language is Language.EN and guest.name_latin:
        return guest.name_latin, guest.name
    return guest.name, guest.name_latin


def _title(held: Round, participant: Participant, guest: Guest, language: Language) -> str:
    """The title with the organisation, which is not said twice."""
    title = participant.title.said_in(language) or guest.job_title
    organisation, named = _organisation(held, participant, guest, language)
    if not organisation or any(name and name in title for name in named):
        return title
    if language is Language.EN:
        return ", ".join(filter(None, (title, organisation)))
    return f"{organisation}{title}"


def _organisation(held: Round, participant: Participant, guest: Guest, language: Language) -> tuple[str, set[str]]:
    """What a person speaks for in `language`, and all the names of it.

    Who signs speaks for the party; a witness may stand on its side and come from elsewhere.
    """
    party = held.party(participant.party)
    names = {name for text in (party.name, party.short) for name in dict(text).values()} if party else set[str]()
    if party and (participant.role is not Role.WITNESS or guest.organisation in {"", *names}):
        return party.name.said_in(language), names
    return guest.organisation, {guest.organisation}


def _in_one_breath(title: str, name: str, honorific: str, language: Language) -> str:
    if language is Language.EN:
        return ", ".join(filter(None, (f"{honorific} {name}".strip(), title)))
    gap = "" if _HAN.search(name) else " "
    return f"{title}{gap}{name}{gap if honorific else ''}{honorific}".strip()


def _is_doubtful(person: Person, language: Language) -> bool:
    is_read_as_spelt = language is Language.EN and bool(person.guest.name_latin)
    return not is_read_as_spelt and needs_reading(person.guest.name)


def _original_name(stage: Stage, held: Round, participant: Participant, language: Language) -> str:
    """Whose part it was at first, where somebody else has it now."""
    taken = [each for each in stage.substitutions.get(held.id, ()) if each.participant_id == participant.id]
    if not taken or taken[0].original_id == participant.guest_id:
        return ""
    original = stage.people.get(taken[0].original_id)
    return _names(original.guest, language)[0] if original else ""
