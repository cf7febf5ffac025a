"""Rounds to test with: a signing between two parties, made and conducted by the verbs of the stage."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from checkin.stage.actor import Actor
from checkin.stage.conducting import act
from checkin.stage.models import Act, Hosting, Participant, Role, Round
from checkin.stage.round_form import ParticipantForm, PartyForm, RoundForm
from checkin.stage.rounds import add_round
from checkin.stage.store import round_by_id
from checkin.stage.substituting import substitute
from events.core.database import Database
from events.core.i18n import Language
from events.core.ids import new_id
from events.forms import GuestForm
from events.guestlist import invite
from events.models import UNSAID, Event, Guest, SegmentId, SegmentKind, Text
from events.store import confirmed_guests
from events.tables import segments
from tests.cast import NOON, FrozenClock

MANAGER = Actor(id="stage@example.org", name="何卓文", where="后台")
TO_THE_END = (Act.READY, Act.CALL, Act.STAGE, Act.SIGN, Act.EXCHANGE, Act.CLOSE)
HOST, GUEST = Text(zh_hans="河套发展署", en="Hetao Authority"), Text(zh_hans="鹏城芯片公司", en="Pengcheng Chips")


@dataclass
class Ceremony:
    """An event with rounds, and a clock that goes on by a minute with each act."""

    database: Database
    event: Event
    clock: FrozenClock = field(default_factory=FrozenClock)

    def again(self, database: Database) -> "Ceremony":
        """The same in a copy of its database."""
        return Ceremony(database, self.event, replace(self.clock))

    async def guest(self, name: str, **given: str) -> Guest:
        """A confirmed guest."""
        form = GuestForm(name=name, **given)
        return await self.database.write(
            lambda tx: invite(tx, self.event, form, actor="cast", now=self.clock.now(), mail=False)
        )

    async def segment(self, kind: SegmentKind = SegmentKind.SIGNING, *, position: int = 1) -> SegmentId:
        """A part of the programme."""
        values = {"segment_id": new_id(), "kind": kind, "position": position, "languages": ["zh-Hans"]}
        words = {"title": Text(zh_hans="签约仪式", zh_hant="簽約儀式", en="Signing"), "place": Text(zh_hans="大厅")}
        times = {"starts_at": NOON + timedelta(hours=3), "ends_at": NOON + timedelta(hours=4)}
        rest = {"public": True, "script": UNSAID, "version": 1}
        row = {"event_id": self.event.id, **values, **words, **times, **rest}
        await self.database.write(lambda tx: tx.execute(sa.insert(segments).values(**row)))
        return SegmentId(values["segment_id"])

    async def round(self, segment_id: SegmentId, form: RoundForm) -> Round:
        """A round of that segment."""
        return await self.database.write(
            lambda tx: add_round(tx, self.event, segment_id, form, actor=MANAGER, now=self.clock.now())
        )

    async def signing(self, title: str = "合作协议", *, segment_id: SegmentId | None = None, **given: Any) -> Round:
        """A document that 陈伟 signs for the host and 李静 for the guest, with 王芳 as a witness."""
        people = [await self.guest(name) for name in ("陈伟", "李静", "王芳")]
        form = RoundForm(
            title=Text(zh_hans=title, en=f"Agreement “{title}”"),
            languages=[Language.ZH_HANS, Language.EN],
            parties=[PartyForm(name=HOST, hosting=Hosting.HOST), PartyForm(name=GUEST, hosting=Hosting.GUEST)],
            participants=[
                ParticipantForm(role=Role.SIGNATORY, party=1, guest_id=people[0].id, title=Text(zh_hans="署长")),
                ParticipantForm(role=Role.SIGNATORY, party=2, guest_id=people[1].id),
                ParticipantForm(role=Role.WITNESS, party=1, guest_id=people[2].id),
            ],
            **given,
        )
        return await self.round(segment_id or await self.segment(), form)

    async def do(self, this: Round, *acts: Act, reason: str = "") -> Round:
        """The round after some acts, each a minute after the one before."""
        for each in acts:
            self.clock.forward(minutes=1)
            now, given = self.clock.now(), {"version": None, "reason": reason, "actor": MANAGER}
            await self.database.write(
                lambda tx, each=each, now=now, given=given: act(tx, self.event, this.id, each, now=now, **given)
            )
        return await self.now(this)

    async def stand_in(self, this: Round, part: Participant, guest: Guest) -> Round:
        """The round after a guest has taken a part."""
        self.clock.forward(minutes=1)
        told = {
            "authority": "署长办公室",
            "reason": "临时公务",
            "version": None,
            "actor": MANAGER,
            "now": self.clock.now(),
        }
        await self.database.write(lambda tx: substitute(tx, self.event, this.id, part.id, substitute=guest.id, **told))
        return await self.now(this)

    async def people(self) -> list[Guest]:
        """All confirmed guests."""
        return await self.database.read(lambda tx: confirmed_guests(tx, self.event.id))

    async def now(self, this: Round) -> Round:
        """The round as it is."""
        return await self.database.read(lambda tx: round_by_id(tx, self.event.id, this.id))
