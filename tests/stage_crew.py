"""A signing in a database: its segment, its rounds, and a stage manager who presses; for tests of verbs."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from checkin.stage.actor import Actor
from checkin.stage.conducting import act
from checkin.stage.models import Act, ParticipantId, Role, Round, Stage, Substitution, Transition
from checkin.stage.round_form import ParticipantForm, PartyForm, RoundForm
from checkin.stage.rounds import add_round
from checkin.stage.store import round_by_id, stage_of
from checkin.stage.substituting import substitute
from events.core.database import Database
from events.core.ids import new_id
from events.forms import GuestForm
from events.guestlist import invite
from events.models import UNSAID, Event, Guest, GuestId, SegmentId, SegmentKind, Text
from events.tables import segments
from tests.cast import NOON

MANAGER = Actor(id="stage@example.org", name="何卓文")
DEPUTY = Actor(id="deputy@example.org", name="林晓")
AGREEMENT = Text(zh_hans="战略合作协议", zh_hant="策略合作協議", en="Agreement on Cooperation")
FORWARD = (Act.READY, Act.CALL, Act.STAGE, Act.SIGN, Act.EXCHANGE, Act.CLOSE)


@dataclass
class Crew:
    """Who works on the stage of an event, with a segment of each kind that was asked for."""

    database: Database
    event: Event
    places: dict[SegmentKind, SegmentId] = field(default_factory=dict[SegmentKind, SegmentId])

    async def segment(self, kind: SegmentKind = SegmentKind.SIGNING) -> SegmentId:
        """The segment of that kind, added to the programme when it is first asked for."""
        if kind not in self.places:
            self.places[kind] = await add_segment(self.database, self.event, kind, position=len(self.places) + 1)
        return self.places[kind]

    async def guest(self, name: str, **given: str) -> Guest:
        """A confirmed guest."""
        form = GuestForm(name=name, **given)
        return await self.database.write(lambda tx: invite(tx, self.event, form, actor="cast", now=NOON, mail=False))

    async def add(self, form: RoundForm, kind: SegmentKind = SegmentKind.SIGNING) -> Round:
        """A round of that form."""
        place = await self.segment(kind)
        return await self.database.write(lambda tx: add_round(tx, self.event, place, form, actor=MANAGER, now=NOON))

    async def signing(self, *names: str, **given: Any) -> Round:
        """A round that two or more new guests of those names sign, each for a party of their own."""
        people = [await self.guest(name) for name in names or ("甲", "丙")]
        return await self.add(signing_form(*(each.id for each in people), **given))

    async def press(self, this: Round, *acts: Act, version: int | None = None, **given: Any) -> Round:
        """The round after the acts; the first is pressed on that version."""
        for each in acts:
            this = await self._pressed(this, each, version=version, **{"actor": MANAGER, "now": NOON, **given})
            version = None
        return this

    async def replace(
        self, this: Round, taker: GuestId | GuestForm, *, part: ParticipantId | None = None, **given: Any
    ) -> Substitution:
        """Somebody takes a part, the first one unless another is named."""
        usual = {"authority": "主席", "reason": "航班延误", "version": None, "actor": MANAGER, "now": NOON}
        at = part or this.participants[0].id
        return await self.database.write(
            lambda tx: substitute(tx, self.event, this.id, at, substitute=taker, **{**usual, **given})
        )

    async def now(self, this: Round) -> Round:
        """The round as committed."""
        return await self.database.read(lambda tx: round_by_id(tx, self.event.id, this.id))

    async def stage(self, **later: float) -> Stage:
        """The whole stage as committed, read at noon or so much later."""
        return await self.database.read(lambda tx: stage_of(tx, self.event.id, NOON + timedelta(**later)))

    async def history(self, this: Round) -> list[Transition]:
        """What was done to the round."""
        return list((await self.stage()).transitions.get(this.id, ()))

    async def _pressed(self, this: Round, each: Act, **given: Any) -> Round:
        return await self.database.write(lambda tx: act(tx, self.event, this.id, each, **given))


async def add_segment(
    database: Database, event: Event, kind: SegmentKind = SegmentKind.SIGNING, *, position: int = 1
) -> SegmentId:
    """A segment of the programme that begins with the event."""
    made = SegmentId(new_id())
    times = {"starts_at": event.starts_at, "ends_at": event.ends_at}
    said = {"title": Text(en=kind.value), "place": UNSAID, "script": UNSAID, "languages": ["zh-Hans"], "public": True}
    row = {"event_id": event.id, "segment_id": made, "kind": kind, "position": position, "version": 1}
    await database.write(lambda tx: tx.execute(sa.insert(segments).values(**row, **times, **said)))
    return made


def signing_form(*signatories: GuestId | None, **given: Any) -> RoundForm:
    """A document between as many parties as there are signatories."""
    parties = [PartyForm(name=Text(zh_hans=f"第{number}方")) for number, _ in enumerate(signatories, 1)]
    parts = [
        ParticipantForm(role=Role.SIGNATORY, party=number, guest_id=guest_id)
        for number, guest_id in enumerate(signatories, 1)
    ]
    return RoundForm(**{"title": AGREEMENT, "parties": parties, "participants": parts, **given})
