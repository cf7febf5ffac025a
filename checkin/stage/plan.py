"""Who sits and stands where, as a picture can show it: of a round its table and back row, of a list its rows.

Pure. Called by the pages of rounds and lists, by the fragment `stage/seatplan_svg.html` by way of `drawing`, and by
`plan_sheet` for paper. Left and right exist only here, for the view that was asked for.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checkin.stage.models import ROLES, Hosting, Participant, Party, Role, Round, Stage
from checkin.stage.plan_words import CHAIR, IN_TURN, PARTY, READING, SIDES, VIEWS
from checkin.stage.precedence import Placed
from checkin.stage.ranking import Ranking
from checkin.stage.seating import Figure, View, at_table, in_rows
from checkin.stage.stage_words import NOBODY, name_of
from checkin.stage.stage_words import ROLES as ROLE_WORDS
from events.core.i18n import Language
from events.models import Guest, SegmentKind

ROW_LIMIT = 12
"""More people than this stand in another row behind."""
MOST_ROWS = 3
_BY_PART = frozenset({Role.ASSISTANT, Role.PRESENTER, Role.RECIPIENT})
"""Parts that a drawing names; the others are told by where they stand."""
_TWO_HANZI = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Somebody on the drawing. name: as it is set. tag: side, part or number. under: whom they stand for.

    named: whether anybody has the part. signs: a signatory. assists: stands beside one.
    """

    key: str
    name: str
    tag: str = ""
    under: str = ""
    named: bool = True
    signs: bool = False
    assists: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """People from left to right as the view sees them. has_table: whether they sit at the signing table."""

    seats: tuple[Seat, ...]
    has_table: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One drawing. rows: the one nearest to the audience first, whoever looks."""

    title: str
    view: View
    rows: tuple[Row, ...]
    language: Language

    @property
    def spoken(self) -> str:
        """The drawing in words, for who cannot see it."""
        names = ("、" if self.language is not Language.EN else ", ").join
        rows = (names(seat.name.replace("\u3000", "") for seat in row.seats) for row in self.rows)
        told = (READING[self.language].format(names=row) for row in rows)
        return f"{VIEWS[self.view][self.language]}. {'; '.join(told)}"


def plan_of(this: Round, stage: Stage, view: View, language: Language) -> Plan:
    """A round as people sit and stand in it: signatories with their assistants at the table and witnesses behind; who
    presents, receives, opens or speaks in rows.

    More than two parties sign in the agreed order on one chair, and stand behind it until then (主席式); where they
    have seats, they sit side by side.
    """
    table = [*this.of_role(Role.SIGNATORY), *this.of_role(Role.ASSISTANT)]
    standing = [part for role in ROLES[this.kind] for part in this.of_role(role) if part not in table]
    seats = {str(part.id): _seat(part, this, stage, language) for part in this.participants}
    seated = at_table([_at_table(part, this) for part in table], view=view)
    behind = in_rows(_behind(standing, this), rows=rows_for(len(standing)), view=view)
    in_turn = len(this.parties) > len(SIDES) and not any(part.seat for part in table)
    chair = [Row(seats=(_chair(language),), has_table=True)] if seated and in_turn else []
    rows = [*chair, Row(seats=_found(seated, seats), has_table=not in_turn)] if seated else []
    rows += [Row(seats=_found(row, seats)) for row in behind]
    return Plan(title=this.title.said_in(language), view=view, rows=tuple(rows), language=language)


def plan_of_ranking(ranking: Ranking, view: View, language: Language) -> Plan:
    """A list as it stands in its rows, from the centre outwards; the tag is the position on the list."""
    seats = {str(each.entry.guest_id): _listed(each, ranking, language) for each in ranking.placed}
    figures = [Figure(key=key) for key in seats]
    rows = in_rows(figures, rows=ranking.rows, honour=ranking.honour, view=view)
    lines = tuple(Row(seats=_found(row, seats)) for row in rows)
    return Plan(title=ranking.title.said_in(language), view=view, rows=lines, language=language)


def rows_for(count: int) -> int:
    """In how many rows so many people stand where nobody said."""
    return min(max(-(-count // ROW_LIMIT), 1), MOST_ROWS)


def as_set(name: str) -> str:
    """A name as it is set among others: one of two hanzi takes the room of three."""
    return f"{name[0]}\u3000{name[1]}" if _TWO_HANZI.fullmatch(name) else name


def _at_table(part: Participant, this: Round) -> Figure:
    assists = part.role is Role.ASSISTANT
    return Figure(
        key=str(part.id),
        hosting=_hosting(this.party(part.party)),
        party=part.party,
        assists=assists,
        slot=None if assists else part.seat,
    )


def _behind(standing: Sequence[Participant], this: Round) -> list[Figure]:
    """Who stands, higher rank first: the first of each party before the second of any; of a presentation, presenters
    before recipients."""
    roles = ROLES[this.kind]
    ranked = sorted(standing, key=lambda part: (roles.index(part.role), part.position, part.party))
    signing = this.kind is SegmentKind.SIGNING
    return [
        Figure(
            key=str(part.id),
            hosting=_hosting(this.party(part.party)) if signing else Hosting.NEITHER,
            slot=part.place,
        )
        for part in ranked
    ]


def _chair(language: Language) -> Seat:
    """The one chair that several parties take in turn."""
    return Seat(key="", name=CHAIR[language], under=IN_TURN[language], named=False, signs=True)


def _seat(part: Participant, this: Round, stage: Stage, language: Language) -> Seat:
    person, party = stage.person(part), this.party(part.party)
    short = (party.short.said_in(language) or party.name.said_in(language)) if party else ""
    return Seat(
        key=str(part.id),
        name=as_set(name_of(person.guest, language)) if person else NOBODY[language],
        tag=_tag(part, party, language, several=len(this.parties) > len(SIDES)),
        under=short or (person.guest.organisation if person else ""),
        named=person is not None,
        signs=part.role is Role.SIGNATORY,
        assists=part.role is Role.ASSISTANT,
    )


def _tag(part: Participant, party: Party | None, language: Language, *, several: bool) -> str:
    if part.role in _BY_PART:
        return ROLE_WORDS[part.role][language]
    if party is None:
        return ""
    if party.hosting in SIDES and not several:
        return SIDES[party.hosting][language]
    return PARTY[language].format(number=party.number)


def _listed(placed: Placed, ranking: Ranking, language: Language) -> Seat:
    guest: Guest = ranking.guests[placed.entry.guest_id]
    name = as_set(name_of(guest, language))
    return Seat(key=str(guest.id), name=name, tag=str(placed.position), under=guest.organisation)


def _hosting(party: Party | None) -> Hosting:
    return party.hosting if party else Hosting.NEITHER


def _found(row: Sequence[Figure], seats: Mapping[str, Seat]) -> tuple[Seat, ...]:
    return tuple(seats[figure.key] for figure in row)
