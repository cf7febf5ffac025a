"""Which table cards are needed and in what order: as they are laid, from left to right as the audience sees the table.

Pure. Called by the page of table cards and by whoever prints them. A card has whoever has the part now, so that a
substitute's is there as soon as the substitution is on record.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from badges.tablecard import CardPaper, CardTray, TableCard
from checkin.stage.models import Participant, Role, Round, RoundId, RoundState, Stage
from checkin.stage.plan import plan_of
from checkin.stage.seating import View
from events.core.i18n import Language
from events.models import Event, Guest, GuestId, SegmentId, Text

TITLE = Text(zh_hans="桌签", zh_hant="枱牌", en="Table cards")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A card on the table: whose it is, and for which organisation they sit there. round: None on a list.

    number: of the round in the programme, or of the place on the list.
    """

    guest: Guest
    below: str = ""
    round: Round | None = None
    number: int = 0
    replaces: str = ""


def places_of(stage: Stage, *, segment_id: SegmentId | None = None, round_id: RoundId | None = None) -> list[Place]:
    """Everybody who sits at the table or stands in front, by round, then as they sit; each person once.

    Nobody sits for a round that was withdrawn.
    """
    found: dict[GuestId, Place] = {}
    for number, held in enumerate(stage.rounds, 1):
        is_other = (segment_id and held.segment_id != segment_id) or (round_id and held.id != round_id)
        if is_other or held.state is RoundState.WITHDRAWN:
            continue
        for part in _in_order(held, stage):
            person = stage.person(part)
            if person:
                place = Place(
                    guest=person.guest,
                    below=_stands_for(held, part, person.guest),
                    round=held,
                    number=number,
                    replaces=_replaced(stage, held, part),
                )
                found.setdefault(person.guest.id, place)
    return list(found.values())


def tray_of(event: Event, places: Sequence[Place], *, paper: CardPaper, language: Language) -> CardTray:
    """The cards as the print shop takes them."""
    title = TITLE.said_in(language)
    cards = [
        _card(place, f"{event.title.said_in(language)} · {at}/{len(places)}") for at, place in enumerate(places, 1)
    ]
    return CardTray(
        cards=cards, paper=paper, title=title, author=event.title.said_in(language), language=language.value
    )


def _card(place: Place, note: str) -> TableCard:
    guest = place.guest
    return TableCard(
        name=guest.name, second=guest.name_latin, below=place.below, note=note, language=guest.language.value
    )


def _in_order(held: Round, stage: Stage) -> list[Participant]:
    """The parts that need a card, as the audience sees them: who assists or bears witness stands."""
    parts = {str(part.id): part for part in held.participants}
    rows = plan_of(held, stage, View.HALL, Language.EN).rows
    seated = [parts[seat.key] for row in rows for seat in row.seats if seat.key]
    return [part for part in seated if part.role not in {Role.ASSISTANT, Role.WITNESS}]


def _stands_for(held: Round, part: Participant, guest: Guest) -> str:
    party = held.party(part.party)
    if party is None:
        return guest.organisation
    return (party.short.said_in(guest.language) or party.name.said_in(guest.language)) or guest.organisation


def _replaced(stage: Stage, held: Round, part: Participant) -> str:
    """The name of whoever had the part first, where it changed hands."""
    changed = [each for each in stage.substitutions.get(held.id, ()) if each.participant_id == part.id]
    if not changed or changed[0].original_id == part.guest_id:
        return ""
    return stage.people[changed[0].original_id].guest.name
