"""Rounds and people as plain values, for tests of what is pure; nobody in it exists."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from checkin.stage.models import (
    Participant,
    ParticipantId,
    Party,
    Person,
    Role,
    Round,
    RoundId,
    Spoken,
    Stage,
    Substitution,
)
from events.core.i18n import Language
from events.core.ids import EventId
from events.models import UNSAID, Guest, GuestId, GuestStatus, Segment, SegmentId, SegmentKind, Text
from tests.cast import NOON

EVENT = EventId(UUID(int=1))
HALL = SegmentId(UUID(int=2))
AGREEMENT = Text(zh_hans="合作协议", zh_hant="合作協議", en="Agreement")
PARK, VALLEY = Text(zh_hans="科技园公司", en="The Parks"), Text(zh_hans="发展署", en="The Authority")


def person(number: int, name: str, *, status: GuestStatus = GuestStatus.CONFIRMED, **given: Any) -> Person:
    """Somebody of that number; `given`: what the door knows, and `name_latin`."""
    said = {name: given.pop(name, "") for name in ("name_latin", "side", "liaison", "liaison_name", "liaison_phone")}
    empty = dict.fromkeys(("organisation", "job_title", "email", "phone", "status_reason", "code", "source"), "")
    guest = Guest(
        id=GuestId(UUID(int=number)),
        event_id=EVENT,
        name=name,
        category="guest",
        language=Language.ZH_HANS,
        status=status,
        created_at=NOON,
        version=1,
        **empty,
        **said,
    )
    return Person(guest=guest, spoken=Spoken(guest_id=guest.id), **given)


def part(number: int, who: Person | None, role: Role = Role.SIGNATORY, **given: Any) -> Participant:
    """A part in a round."""
    guest_id = who.guest.id if who else None
    return Participant(id=ParticipantId(UUID(int=number)), role=role, guest_id=guest_id, **given)


def signing(number: int = 31, *parts: Participant, **given: Any) -> Round:
    """A document between two parties."""
    parties = Party(number=1, name=PARK), Party(number=2, name=VALLEY)
    usual = {"kind": SegmentKind.SIGNING, "title": AGREEMENT, "parties": parties, "position": number}
    ids = {"id": RoundId(UUID(int=number)), "event_id": EVENT, "segment_id": HALL}
    return Round(**{**ids, **usual, "participants": parts, **given})


def stage(*rounds: Round, people: tuple[Person, ...] = (), **given: Any) -> Stage:
    """A reading at noon; its segment begins an hour later."""
    times = {"starts_at": NOON + timedelta(hours=1), "ends_at": NOON + timedelta(hours=2)}
    segment = Segment(id=HALL, position=1, kind=SegmentKind.SIGNING, title=UNSAID, place=UNSAID, **times)
    known = {each.guest.id: each for each in people}
    return Stage(**{"at": NOON, "segments": [segment], "rounds": rounds, "people": known, **given})


def swap(number: int, at: Participant, original: Person, taker: Person, **given: Any) -> Substitution:
    """Somebody takes a part, so many minutes after noon."""
    words = {"authority": "主席", "reason": f"第{number}次", "actor": "cast", "actor_name": "何卓文"}
    return Substitution(
        **{
            "id": UUID(int=number),
            "round_id": RoundId(UUID(int=31)),
            "participant_id": at.id,
            "role": at.role,
            "original_id": original.guest.id,
            "substitute_id": taker.guest.id,
            "at": NOON + timedelta(minutes=number),
            **words,
            **given,
        }
    )
