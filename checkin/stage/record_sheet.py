"""From the ceremony to its paper: what of it stands in the ceremony record, in the reader's language.

Rounds are drawn from their documents, whether these are on record or as yet only true.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from badges import record as paper
from checkin.stage.ceremony import Ceremony, Entry
from checkin.stage.models import Act, Hosting, Role, RoundState
from checkin.stage.record import strokes_digest
from checkin.stage.record_document import Document
from checkin.stage.record_words import COPIES, HOSTING, ITEM, REASON, SUBSTITUTED, UNDONE, say_summary, say_verdict
from checkin.stage.stage_words import ACTS, NOBODY, ROLES, ROUND, STATES, line_between
from events.core.i18n import Language, say_period
from events.models import Segment, SegmentKind, Text

_SHAPES = {RoundState.CLOSED: "●", RoundState.POSTPONED: "△", RoundState.WITHDRAWN: "×"}
_OPEN = "○"
_NOT_HELD = {RoundState.POSTPONED, RoundState.WITHDRAWN}
_ORDER = list(Role)


def sheet_of(ceremony: Ceremony, *, language: Language) -> paper.CeremonyRecord:
    """The record in `language`, its times for the event's zone."""
    event = ceremony.event
    last = ceremony.chain[-1] if ceremony.chain else None
    return paper.CeremonyRecord(
        title=event.title.said_in(language),
        when=say_period(event.starts_at, event.ends_at, event.zone, language),
        venue=event.venue.name.said_in(language),
        hosts=[host.name.said_in(language) for host in ceremony.hosts],
        summary=_summary(ceremony.entries, language),
        verdict=say_verdict(ceremony.verdict, language) if ceremony.verdict.fault else "",
        segments=list(_segments(ceremony, language)),
        stands=[
            paper.Stand(
                booth=stand.exhibitor.booth,
                name=stand.exhibitor.name.said_in(language),
                field=stand.exhibitor.field_name.said_in(language),
                staff=[(_called(name, latin, language), at) for name, latin, at in stand.staff],
            )
            for stand in ceremony.stands
        ],
        number=last.number if last else 0,
        digest=last.digest if last else "",
        zone=event.zone,
        generated_at=ceremony.at,
        language=language.value,
    )


def _summary(entries: Sequence[Entry], language: Language) -> str:
    states = [RoundState(entry.document["round"]["state"]) for entry in entries]
    replaced = {each["participant_id"] for entry in entries for each in entry.document["substitutions"]}
    return say_summary(states, replaced=len(replaced), language=language) if entries else ""


def _segments(ceremony: Ceremony, language: Language) -> Iterator[paper.SegmentEntry]:
    """The parts of the programme that have rounds, in its order."""
    event, programme = ceremony.event, {str(segment.id): segment for segment in ceremony.segments}
    for segment_id, entries in groupby(ceremony.entries, key=lambda entry: entry.document["segment"]["id"]):
        segment = programme[segment_id]
        yield paper.SegmentEntry(
            title=segment.title.said_in(language),
            where=_where(segment, event.zone, language),
            rounds=[_Drawing(entry, ceremony.strokes, event.zone, language).entry() for entry in entries],
        )


def _where(segment: Segment, zone: ZoneInfo, language: Language) -> str:
    begins, ends = (f"{at.astimezone(zone):%H:%M}" for at in (segment.starts_at, segment.ends_at))
    return " · ".join(filter(None, (f"{begins}–{ends}", segment.place.said_in(language))))


@dataclass(frozen=True, slots=True)
class _Drawing:
    """One round's document in a language."""

    source: Entry
    strokes: Mapping[str, Any]
    zone: ZoneInfo
    language: Language

    @property
    def document(self) -> Document:
        return self.source.document

    @property
    def state(self) -> RoundState:
        return RoundState(self.document["round"]["state"])

    def entry(self) -> paper.RoundEntry:
        round_, record = self.document["round"], self.source.record
        return paper.RoundEntry(
            label=_capital(ROUND[self.language].format(number=self.source.number)),
            title=self._said(round_["title"]),
            facts=self._facts(),
            state=f"{_SHAPES.get(self.state, _OPEN)} {STATES[self.state][self.language]}",
            sides=list(self._sides()),
            steps=[(_at(each), self._step(each)) for each in self._standing()],
            notes=[*self._substitutions(), *self._reasons(), *self._undone()],
            number=record.number if record else 0,
            digest=record.digest if record else "",
        )

    def _facts(self) -> str:
        round_ = self.document["round"]
        signed = round_["kind"] == SegmentKind.SIGNING
        item = self._said(round_["item"])
        return " · ".join(
            filter(
                None,
                (
                    COPIES[self.language].format(count=round_["copies"]) if signed else "",
                    "、".join(Language(each).own_name for each in round_["languages"]),
                    ITEM[self.language].format(item=item) if item else "",
                ),
            )
        )

    def _sides(self) -> Iterator[paper.Side]:
        """The parties in their order with their people; whoever stands for none comes first, under no party's name."""
        names = {
            each["number"]: f"{HOSTING[Hosting(each['hosting'])][self.language]} · {self._said(each['name'])}"
            for each in self.document["parties"]
        }
        for number in (0, *names):
            own = [each for each in self.document["participants"] if each["party"] == number]
            own.sort(key=lambda each: (_ORDER.index(Role(each["role"])), each["position"]))
            if own or number:
                yield paper.Side(name=names.get(number, ""), people=[self._attendant(each) for each in own])

    def _attendant(self, part: Document) -> paper.Attendant:
        role, guest = ROLES[Role(part["role"])][self.language], part["guest"]
        if guest is None:
            return paper.Attendant(role=role, name=NOBODY[self.language], is_named=False)
        name = self._name(guest)
        held = self.document["happened_at"] and self.state not in _NOT_HELD
        return paper.Attendant(
            role=role,
            name=name,
            second=guest["name"] if name != guest["name"] else guest["name_latin"],
            title=self._said(part["title"]) or guest["job_title"],
            organisation=guest["organisation"],
            instead=self._instead(part),
            first_at=datetime.fromisoformat(guest["first_at"]) if guest["first_at"] else None,
            gate=guest["first_gate"],
            was_there=guest["in_house"] if held else None,
            strokes=self._signature(part),
        )

    def _instead(self, part: Document) -> str:
        """«乙 代 甲 签», where 甲 is who had the part at first."""
        own = [each for each in self.document["substitutions"] if each["participant_id"] == part["id"]]
        if not own or own[0]["original_id"] == part["guest_id"]:
            return ""
        return self._line(part["role"], substitute=part["guest"], original=own[0]["original"])

    def _signature(self, part: Document) -> paper.Strokes:
        """The last one that was given in that part by whoever has it, if its strokes are those of the record."""
        own = [each for each in self.document["signatures"] if each["participant_id"] == part["id"]]
        given = own[-1] if own and own[-1]["guest_id"] == part["guest_id"] else None
        strokes = self.strokes.get(given["id"]) if given else None
        return strokes if given and strokes and strokes_digest(strokes) == given["digest"] else ()

    def _standing(self) -> list[Document]:
        taken_back = {each["undoes"] for each in self.document["transitions"]}
        acts = (each for each in self.document["transitions"] if each["act"] != Act.UNDO)
        return [each for each in acts if each["number"] not in taken_back]

    def _step(self, transition: Document) -> str:
        act = Act(transition["act"])
        return ACTS[act][self.language] if act is Act.RESUME else STATES[RoundState(transition["after"])][self.language]

    def _substitutions(self) -> Iterator[str]:
        for each in self.document["substitutions"]:
            line = self._line(each["role"], substitute=each["substitute"], original=each["original"])
            told = {name: each[name] for name in ("authority", "reason")}
            yield SUBSTITUTED[self.language].format(line=line, **told, time=self._time(each), by=each["actor_name"])

    def _reasons(self) -> Iterator[str]:
        for each in self._standing():
            if each["reason"]:
                told = {"act": self._step(each), "reason": each["reason"], "by": each["actor_name"]}
                yield REASON[self.language].format(time=self._time(each), **told)

    def _undone(self) -> Iterator[str]:
        done = {each["number"]: each for each in self.document["transitions"]}
        for each in done.values():
            if each["undoes"] in done:
                act = ACTS[Act(done[each["undoes"]]["act"])][self.language]
                told = {"time": self._time(done[each["undoes"]]), "act": act, "undone_at": self._time(each)}
                yield UNDONE[self.language].format(**told, by=each["actor_name"])

    def _line(self, role: str, *, substitute: Document, original: Document) -> str:
        names = {"substitute": self._name(substitute), "original": self._name(original)}
        return line_between(Role(role), **names, language=self.language)

    def _name(self, guest: Document) -> str:
        return _called(guest["name"], guest["name_latin"], self.language)

    def _said(self, text: dict[str, str]) -> str:
        return Text(**text).said_in(self.language)

    def _time(self, each: Document) -> str:
        return f"{_at(each).astimezone(self.zone):%H:%M}"


def _at(each: Document) -> datetime:
    return datetime.fromisoformat(each["at"])


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _called(name: str, latin: str, language: Language) -> str:
    return latin or name if language is Language.EN else name
