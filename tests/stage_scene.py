"""A stage to look at: one signing segment with three rounds, its people, and what the door and colleagues do.

Called by the tests of the board and of the page of a round, with and without a browser.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from checkin.stage.actor import Actor
from checkin.stage.conducting import act
from checkin.stage.models import Act, Hosting, ParticipantId, Role, Round, RoundId
from checkin.stage.round_form import ParticipantForm, PartyForm, RoundForm
from checkin.stage.rounds import add_round
from checkin.stage.store import round_by_id
from events.core.database import Database
from events.core.i18n import Language
from events.core.ids import new_id
from events.forms import GuestForm
from events.guestlist import invite
from events.models import Event, Guest, SegmentId, SegmentKind, Text
from events.tables import segments

COLLEAGUE = Actor(id="ho@example.org", name="何卓文")
LIAISON = "lam@example.org"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The rounds in their order. `host` and `visitor` sign the first; the visitor has a liaison."""

    database: Database
    event: Event
    now: datetime
    segment_id: SegmentId
    host: Guest
    visitor: Guest
    witness: Guest
    spare: Guest
    rounds: tuple[Round, ...]

    @property
    def first(self) -> RoundId:
        return self.rounds[0].id

    @property
    def path(self) -> str:
        """The page of the first round."""
        return f"/stage/{self.event.slug}/rounds/{self.first}"

    def part_of(self, guest: Guest) -> ParticipantId:
        """The part that a guest has in the first round."""
        return next(part.id for part in self.rounds[0].participants if part.guest_id == guest.id)

    async def round(self) -> Round:
        """The first round as it is now."""
        return await self.database.read(lambda tx: round_by_id(tx, self.event.id, self.first))

    async def does(self, *acts: Act, actor: Actor = COLLEAGUE, reason: str = "") -> Round:
        """A colleague's acts on the first round; the round after them."""
        for each in acts:
            await self.database.write(
                lambda tx, each=each: act(
                    tx, self.event, self.first, each, version=None, reason=reason, actor=actor, now=self.now
                )
            )
        return await self.round()


async def set_stage(database: Database, event: Event, *, now: datetime, witness: Guest | None = None) -> Scene:
    """The scene at `now`: the first round is called in twelve minutes, the others still lack something."""
    segment_id = await _segment(database, event, now=now)
    people = {name: await _guest(database, event, now=now, **given) for name, given in _PEOPLE.items()}
    people["witness"] = witness or people["witness"]
    rounds = [
        await _round(database, event, segment_id, form, now=now)
        for form in (
            _signing(people, title="人工智能联合实验室共建协议", cue_at=now + timedelta(minutes=12)),
            RoundForm(title=Text(), parties=_PARTIES[:1]),
            RoundForm(title=Text(zh_hans="数据跨境合作备忘录", zh_hant="數據跨境合作備忘錄", en="Data memorandum")),
        )
    ]
    return Scene(
        database=database,
        event=event,
        now=now,
        segment_id=segment_id,
        host=people["host"],
        visitor=people["visitor"],
        witness=people["witness"],
        spare=people["spare"],
        rounds=tuple(rounds),
    )


_PEOPLE = {
    "host": {"name": "王思远", "name_latin": "WANG Siyuan", "organisation": "科技园", "job_title": "总裁"},
    "visitor": {
        "name": "李晓明",
        "name_latin": "LI Xiaoming",
        "organisation": "创新委员会",
        "job_title": "副主任",
        "liaison": LIAISON,
        "liaison_name": "林小姐",
        "liaison_phone": "+852 5555 4321",
    },
    "witness": {"name": "陈伟", "phone": "+86 755 8888 1234"},
    "spare": {"name": "欧阳文静", "name_latin": "OUYANG Wenjing", "organisation": "创新委员会"},
}
_PARTIES = [
    PartyForm(name=Text(zh_hans="河套科技园", en="Hetao Park"), hosting=Hosting.HOST),
    PartyForm(name=Text(zh_hans="创新委员会", en="Innovation Board"), hosting=Hosting.GUEST),
]


def _signing(people: dict[str, Guest], *, title: str, cue_at: datetime) -> RoundForm:
    return RoundForm(
        title=Text(zh_hans=title, en="Joint laboratory agreement"),
        cue_at=cue_at,
        parties=_PARTIES,
        participants=[
            ParticipantForm(role=Role.SIGNATORY, party=1, guest_id=people["host"].id, seat=1),
            ParticipantForm(role=Role.SIGNATORY, party=2, guest_id=people["visitor"].id, seat=2),
            ParticipantForm(role=Role.WITNESS, party=2, guest_id=people["witness"].id),
        ],
    )


async def _segment(database: Database, event: Event, *, now: datetime) -> SegmentId:
    segment_id = SegmentId(new_id())
    row = {"event_id": event.id, "segment_id": segment_id, "kind": SegmentKind.SIGNING, "position": 20}
    said = {"title": Text(zh_hans="签约仪式", en="Signing"), "place": Text(zh_hans="主台", en="Main stage")}
    times = {"starts_at": now + timedelta(minutes=10), "ends_at": now + timedelta(hours=1)}
    more = {"script": Text(), "languages": [Language.ZH_HANS], "public": True, "version": 1}
    await database.write(lambda tx: tx.execute(sa.insert(segments).values(**row, **said, **times, **more)))
    return segment_id


async def _guest(database: Database, event: Event, *, now: datetime, **given: str) -> Guest:
    form = GuestForm(**given)
    return await database.write(lambda tx: invite(tx, event, form, actor="cast", now=now, mail=False))


async def _round(database: Database, event: Event, segment_id: SegmentId, form: RoundForm, *, now: datetime) -> Round:
    return await database.write(lambda tx: add_round(tx, event, segment_id, form, actor=COLLEAGUE, now=now))
