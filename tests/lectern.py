"""A ceremony by hand, for tests of what is said and printed: values only, and nobody in it exists."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from checkin.stage.models import (
    Hosting,
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
from events.models import (
    UNSAID,
    Event,
    Guest,
    GuestId,
    GuestStatus,
    RegistrationMode,
    Segment,
    SegmentId,
    SegmentKind,
    Text,
    Venue,
)
from tests.cast import NOON

HOUSE = EventId(UUID(int=1))
MR = Text(zh_hans="先生", zh_hant="先生", en="Mr")
MS = Text(zh_hans="女士", zh_hant="女士", en="Ms")
VALLEY = Text(zh_hans="科创谷启动仪式", zh_hant="科創谷啟動儀式", en="Launch of the Valley")
PARK = Text(zh_hans="香港科技园公司", zh_hant="香港科技園公司", en="Hong Kong Science and Technology Parks Corporation")
HETAO = Text(zh_hans="河套发展署", zh_hant="河套發展署", en="Hetao Development Authority")
LAB = Text(zh_hans="青年实验室", zh_hant="青年實驗室", en="Youth Laboratory")
AGREEMENT = Text(zh_hans="战略合作协议", zh_hant="策略合作協議", en="Agreement on Cooperation")
SIGNING = Text(zh_hans="入驻企业签约仪式", zh_hant="入駐企業簽約儀式", en="Signing: resident companies")
HALL = Text(zh_hans="三楼国际会议厅", zh_hant="三樓國際會議廳", en="Conference Hall, Level 3")


def event() -> Event:
    """The event, on the day of `NOON`."""
    return Event(
        id=HOUSE,
        slug="valley-launch",
        tag="K7M2X",
        title=VALLEY,
        summary=UNSAID,
        starts_at=NOON,
        ends_at=NOON + timedelta(hours=6),
        timezone="Asia/Hong_Kong",
        venue=Venue(),
        capacity=None,
        registered=0,
        registration=RegistrationMode.OPEN,
        notice=UNSAID,
        notice_version=1,
        version=1,
    )


def person(
    number: int, name: str, *, honorific: Text = UNSAID, reading: str = "", confirmed: bool = False, **given: str
) -> Person:
    """Somebody of that number, `given` as on the guest list."""
    fields: dict[str, Any] = {"name_latin": "", "organisation": "", "job_title": "", **given}
    guest = Guest(
        id=GuestId(UUID(int=number)),
        event_id=HOUSE,
        name=name,
        **fields,
        email="",
        phone="",
        category="guest",
        language=Language.ZH_HANS,
        side="",
        status=GuestStatus.CONFIRMED,
        status_reason="",
        code=f"Y1K7M2X{number}",
        source="cast",
        created_at=NOON,
        version=1,
    )
    at = NOON if confirmed else None
    return Person(guest=guest, spoken=Spoken(guest_id=guest.id, honorific=honorific, reading=reading, confirmed_at=at))


FUNG = person(
    11, "馮啟邦", honorific=MR, name_latin="Anthony FUNG Kai-pong", organisation="香港科技園公司", job_title="主席"
)
SHAN = person(12, "单立民", honorific=MR, name_latin="Shan Limin", organisation="河套发展署", job_title="署长")
YUCHI = person(
    13,
    "尉迟明哲",
    name_latin="Yuchi Mingzhe",
    organisation="香港中联办深圳联络部",
    job_title="部长",
    reading="Yùchí Míngzhé",
    confirmed=True,
)
OUYANG = person(
    14,
    "欧阳振邦",
    honorific=MR,
    name_latin="Ouyang Zhenbang",
    organisation="深圳市政协",
    job_title="副主席，福田区委书记",
)
CHEN = person(15, "陈静", honorific=MS, name_latin="Chen Jing", organisation="河套发展署", job_title="副署长")
EVERYBODY = (FUNG, SHAN, YUCHI, OUYANG, CHEN)


def part(number: int, role: Role, who: Person | None, *, party: int = 0, title: Text = UNSAID) -> Participant:
    """A part in a round."""
    guest_id = who.guest.id if who else None
    return Participant(id=ParticipantId(UUID(int=number)), role=role, party=party, guest_id=guest_id, title=title)


def segment(kind: SegmentKind = SegmentKind.SIGNING, number: int = 21, **given: Any) -> Segment:
    """A part of the programme."""
    usual: dict[str, Any] = {"position": 1, "title": SIGNING, "place": HALL, "starts_at": NOON}
    usual |= {"ends_at": NOON + timedelta(minutes=30), "id": SegmentId(UUID(int=number)), "kind": kind}
    return Segment(**{**usual, **given})


PARTIES = (
    Party(number=1, name=PARK, hosting=Hosting.HOST),
    Party(number=2, name=HETAO, hosting=Hosting.GUEST),
)
SIGNATORIES = (
    part(31, Role.SIGNATORY, FUNG, party=1, title=Text(zh_hans="主席", zh_hant="主席", en="Chairman")),
    part(32, Role.SIGNATORY, SHAN, party=2, title=Text(zh_hans="署长", zh_hant="署長", en="Director")),
)


def held(number: int = 41, *, within: Segment | None = None, **given: Any) -> Round:
    """A round, of the signing unless another segment is given."""
    place = within or segment()
    usual: dict[str, Any] = {"position": number, "title": AGREEMENT, "parties": PARTIES, "participants": SIGNATORIES}
    usual |= {"id": RoundId(UUID(int=number)), "event_id": HOUSE, "segment_id": place.id, "kind": place.kind}
    return Round(**{**usual, "cue_at": NOON, **given})


def stage(
    *rounds: Round, segments: Sequence[Segment] = (), people: Sequence[Person] = EVERYBODY, **given: Any
) -> Stage:
    """A stage with these rounds, and everybody known."""
    known = {each.guest.id: each for each in people}
    return Stage(at=NOON, segments=segments or [segment()], rounds=rounds, people=known, **given)


def swapped(here: Round, participant: Participant, original: Person, substitute: Person) -> Substitution:
    """Somebody takes a part in a round."""
    return Substitution(
        id=UUID(int=51),
        round_id=here.id,
        participant_id=participant.id,
        role=participant.role,
        original_id=original.guest.id,
        substitute_id=substitute.guest.id,
        authority="主席",
        reason="航班延误",
        at=NOON,
        actor="cast",
        actor_name="何卓文",
    )
