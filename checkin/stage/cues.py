"""What a master of ceremonies says, line by line, as it follows from the stage: pure.

The tablet on the lectern, the printed cue sheet and the JSON are made of these lines. A line keeps its key while its
words change, so that whoever has read it can be told what is different. Who is replaced is named no more: a line reads
whoever really comes up.
"""

from collections.abc import Iterator
from itertools import chain

from checkin.stage.cue_lines import CueKind, CueLine, digest_of
from checkin.stage.cue_words import KINDS, label, spoken
from checkin.stage.introductions import Introduced, briefly, introduced, listed, own_words
from checkin.stage.models import HOLDS_ROUNDS, Role, Round, RoundState, Stage
from checkin.stage.saying import number_of
from events.core.i18n import Language
from events.models import Event, Segment, SegmentId, SegmentKind

__all__ = ["CueKind", "CueLine", "digest_of", "lines_of", "on_stage"]

_OUT = (RoundState.POSTPONED, RoundState.WITHDRAWN)
_UP = (RoundState.EXCHANGED, RoundState.SIGNED, RoundState.ON_STAGE, RoundState.CALLED)
"""The states of a round that is going on, the furthest first."""

_MARKS = '《〈「『“‘"'


def lines_of(stage: Stage, event: Event, language: Language, *, segment_id: SegmentId | None = None) -> list[CueLine]:
    """The lines of the whole programme, or of a segment, in the order in which they are said."""
    chosen = [segment for segment in stage.segments if segment_id in (None, segment.id)]
    return list(chain.from_iterable(_Speaker(stage, event, segment, language).lines() for segment in chosen))


def on_stage(stage: Stage) -> Round | None:
    """The round that is going on, the furthest where several are; None between two."""
    going_on = [each for each in stage.rounds if each.state in _UP]
    return min(going_on, key=lambda each: _UP.index(each.state), default=None)


class _Speaker:
    """Finds the words for one segment."""

    def __init__(self, stage: Stage, event: Event, segment: Segment, language: Language) -> None:
        self._stage = stage
        self._event = event
        self._segment = segment
        self._language = language
        self._rounds = stage.rounds_of(segment.id) if segment.kind in HOLDS_ROUNDS else []
        self._order = [each.id for each in self._rounds if each.state not in _OUT]

    def lines(self) -> Iterator[CueLine]:
        """The opening, then round by round; a round that left the order is named as such in its place."""
        yield self._opening()
        for held in self._rounds:
            if held.state in _OUT:
                yield self._notice(held)
            elif held.kind is SegmentKind.SIGNING:
                yield from self._signing(held)
            elif held.kind is SegmentKind.PRESENTATION:
                yield from self._presentation(held)
            else:
                yield from self._performance(held)

    def _opening(self) -> CueLine:
        segment, place = self._segment, self._segment.place.said_in(self._language)
        title = segment.title.said_in(self._language)
        words = {"title": title, "event": self._event.title.said_in(self._language)}
        where = {"place": place or self._say("there"), "at": self._say("at", place=place) if place else ""}
        return CueLine(
            key=f"segment:{segment.id}",
            kind=CueKind.OPENING,
            label=label(KINDS, "opening", self._language),
            segment_id=segment.id,
            segment=title,
            at=segment.starts_at,
            sentence=own_words(segment.script, self._language)
            or self._say(f"opening.{segment.kind}", **words, **where),
        )

    def _signing(self, held: Round) -> Iterator[CueLine]:
        parties, many = self._parties(held), ".many" if len(held.parties) > 2 else ""
        call = self._say(f"call.signing{'' if parties else '.bare'}", parties=parties, title=self._document(held))
        yield self._line(held, CueKind.CALL, self._turn(held) + call, is_first=True)
        yield from self._invited(held, Role.WITNESS)
        yield self._invitation(held, Role.SIGNATORY, besides=Role.ASSISTANT)
        yield self._line(held, CueKind.ACT, self._say(f"act.signing{many}"))
        yield self._line(held, CueKind.EXCHANGE, self._say(f"exchange.signing{many}"))
        yield self._line(held, CueKind.CLOSE, self._say("close.signing", parties=parties or self._say("both")))

    def _presentation(self, held: Round) -> Iterator[CueLine]:
        item = self._item(held)
        call = self._turn(held) + self._say("call.presentation", item=item)
        yield self._line(held, CueKind.CALL, call, is_first=True)
        yield self._invitation(held, Role.RECIPIENT)
        yield self._invitation(held, Role.PRESENTER)
        yield self._line(held, CueKind.ACT, self._say("act.presentation", item=item))
        yield self._line(held, CueKind.CLOSE, self._say("close.presentation"))

    def _performance(self, held: Round) -> Iterator[CueLine]:
        """A launch or a speech: people come up, do it, and are thanked."""
        is_launch = held.kind is SegmentKind.LAUNCH
        invitation = self._invitation(held, Role.OFFICIANT if is_launch else Role.SPEAKER, is_first=True)
        yield invitation
        if is_launch:
            yield self._line(held, CueKind.ACT, self._say("act.launch"))
        thanked = [briefly(each, self._language) for each in invitation.people]
        people = listed(thanked, self._language) or self._say("nobody")
        yield self._line(held, CueKind.CLOSE, self._say(f"close.{held.kind}", people=people))

    def _invited(self, held: Round, role: Role) -> Iterator[CueLine]:
        """Asks those of a role to come up, if the round has any."""
        if held.of_role(role):
            yield self._invitation(held, role)

    def _invitation(self, held: Round, role: Role, *, besides: Role | None = None, is_first: bool = False) -> CueLine:
        """Asks those of a role to come up. besides: the role of people who come with them and are not read out."""
        people = self._people(held, role)
        named = listed([each.words for each in people], self._language) or self._say("nobody")
        turn = self._turn(held) if role is Role.SPEAKER else ""
        sentence = turn + self._say(f"invite.{role}", people=named, item=self._item(held))
        beside = self._people(held, besides) if besides else ()
        return self._line(held, CueKind.INVITE, sentence, role=role, people=(*people, *beside), is_first=is_first)

    def _notice(self, held: Round) -> CueLine:
        """Says that a round left the order, and why."""
        kind = CueKind(held.state.value)
        reasons = [each.reason for each in self._stage.transitions.get(held.id, ()) if each.after is held.state]
        because = self._say("because", reason=reasons[-1]) if reasons and reasons[-1] else ""
        return self._line(held, kind, self._say(kind.value) + because)

    def _line(
        self,
        held: Round,
        kind: CueKind,
        sentence: str,
        *,
        role: Role | None = None,
        people: tuple[Introduced, ...] = (),
        is_first: bool = False,
    ) -> CueLine:
        """A line of a round; the first of them has its time and what was written for it."""
        key = ":".join(filter(None, ("round", str(held.id), kind.value, role)))
        return CueLine(
            key=key,
            kind=kind,
            label=self._label(held, kind, role),
            segment_id=held.segment_id,
            segment=self._segment.title.said_in(self._language),
            sentence=sentence,
            script=own_words(held.script, self._language) if is_first else "",
            at=held.cue_at if is_first or not kind.is_spoken else None,
            round_id=held.id,
            number=number_of(held, self._stage),
            title=held.title.said_in(self._language),
            state=held.state,
            people=people,
        )

    def _label(self, held: Round, kind: CueKind, role: Role | None) -> str:
        finest = (f"{kind}.{role}", f"{kind}.{held.kind}", kind.value)
        return label(KINDS, next(key for key in finest if key in KINDS), self._language)

    def _people(self, held: Round, role: Role) -> list[Introduced]:
        return [introduced(self._stage, held, each, self._language) for each in held.of_role(role)]

    def _parties(self, held: Round) -> str:
        """The parties in their order: A与B, A、B与C, A, B and C."""
        names = [party.name.said_in(self._language) for party in held.parties]
        comma = ", " if self._language is Language.EN else "、"
        return self._say("and").join(filter(None, (comma.join(names[:-1]), *names[-1:])))

    def _document(self, held: Round) -> str:
        """The title in the marks of the language, unless it brings its own."""
        title = held.title.said_in(self._language)
        if not title:
            return self._say("document")
        return title if title[0] in _MARKS else self._say("quoted", title=title)

    def _item(self, held: Round) -> str:
        return held.item.said_in(self._language) or held.title.said_in(self._language) or self._say("award")

    def _turn(self, held: Round) -> str:
        """First, next, finally: of what is left in the order."""
        place = self._order.index(held.id)
        if len(self._order) == 1:
            return self._say("only")
        return self._say("first" if place == 0 else "last" if place == len(self._order) - 1 else "next")

    def _say(self, key: str, **parameters: str) -> str:
        return spoken(key, self._language, **parameters)
