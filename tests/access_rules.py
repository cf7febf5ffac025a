"""Who may come, who is let in where, and what stands in the places of an address.

Called by `tests/test_access.py`, which asks everybody everywhere, and by `tests/test_access_door.py`.
"""

from dataclasses import replace
from uuid import uuid4

import anyio
import httpx

from checkin.gates import usable_gates
from checkin.models import Profile
from checkin.stage.acts import NEEDS_REASON
from checkin.stage.models import Act
from checkin.stage.round_form import RoundForm
from events.core.auth import Scope
from events.core.ids import Role
from events.models import Text
from events.store import event_by_name
from tests.booths import booth_phone, exhibitor, tour
from tests.cast import Cast, eventually
from tests.door_crew import code_for, steward
from tests.phones import Phone, paired
from tests.stage_crew import Crew

NOBODY, STEWARD, PROTOCOL, ORGANISER, ADMIN = "nobody", "steward", "protocol", "organiser", "admin"
OUTSIDER, READER, SCANNER = "a token of another event", "a read token", "a door token"
PHONE, KIOSK, FOREIGN = "a paired phone", "a kiosk", "a phone of another event"
STAND = "a phone at a booth"

PEOPLE = {STEWARD, PROTOCOL, ORGANISER, ADMIN}
PHONES = {PHONE, KIOSK}
BOUND = {OUTSIDER, READER, SCANNER, PHONE, KIOSK, STAND, FOREIGN}
"""Whoever comes for one event and finds nothing of all events."""
EVERYBODY = {NOBODY} | PEOPLE | BOUND
SIGNED_IN = EVERYBODY - {NOBODY}

DESK = {ORGANISER, ADMIN}
READ = {PROTOCOL, ORGANISER, ADMIN, READER}
STAGE = {PROTOCOL, ORGANISER, ADMIN}
DOOR = {STEWARD, ORGANISER, ADMIN, SCANNER} | PHONES

API = "/api/v1/events/{event}"
GUEST = "/desk/{event}/guests/{guest}"
GATES = "/desk/{event}/door"
GATE = f"{GATES}/gates/{{gate:uuid}}"
DEVICES = f"{GATES}/devices"
DEVICE = f"{DEVICES}/{{device:uuid}}"
STEWARDS = f"{GATES}/stewards"
ROUND_PAGE = "/stage/{event}/rounds/{round:uuid}"
LIST_PAGE = "/stage/{event}/precedence/{list:uuid}"
LIST = f"{API}/precedence/{{list:uuid}}"
ALERTS = f"{GATES}/alerts"
WEBHOOK = f"{ALERTS}/webhooks/{{webhook:uuid}}"

Rules = dict[str, tuple[set[str], int]]

PUBLIC: Rules = {
    "GET /": (EVERYBODY, 200),
    "GET /e/{slug}": (EVERYBODY, 200),
    "GET /e/{slug}/register": (EVERYBODY, 200),
    "POST /e/{slug}/register": (EVERYBODY, 422),
    "GET /e/{slug}/registered": (EVERYBODY, 200),
    "GET /t/{code}": (EVERYBODY, 200),
    "POST /t/{code}/sharing": (EVERYBODY, 303),
    "GET /t/{code}/event.ics": (EVERYBODY, 200),
    "GET /t/{code}/badge.pdf": (EVERYBODY, 200),
    "GET /t/{code}/qr.png": (EVERYBODY, 200),
    "GET /healthz": (EVERYBODY, 200),
    "GET /readyz": (EVERYBODY, 200),
    "GET /favicon.ico": (EVERYBODY, 200),
    "GET /trust": (EVERYBODY, 404),
    "GET /trust/ca.crt": (EVERYBODY, 404),
    "GET /trust/ca.mobileconfig": (EVERYBODY, 404),
    "GET /trust/qr.png": (EVERYBODY, 404),
}
"""For guests. What is about trust is for everybody too, and is there only with `--https`."""

SIGN_IN: Rules = {
    "GET /desk/sign-in": (EVERYBODY, 200),
    "POST /desk/sign-in": (EVERYBODY, 422),
    "GET /desk/sign-in/{secret}": (EVERYBODY, 200),
    "POST /desk/sign-in/{secret}": (set(), 401),
    "POST /desk/sign-out": (SIGNED_IN, 303),
    "POST /desk/sign-out-everywhere": (PEOPLE, 303),
    "GET /desk/account": (PEOPLE, 200),
    "POST /desk/account": (PEOPLE, 422),
}

ORGANISING: Rules = {
    "GET /desk": (READ - {READER}, 200),
    "GET /desk/new": (DESK, 200),
    "POST /desk/new": (DESK, 422),
    "GET /desk/{event}": (READ, 200),
    "GET /desk/{event}/edit": (DESK, 200),
    "POST /desk/{event}/edit": (DESK, 422),
    "GET /desk/{event}/guests": (READ, 200),
    "GET /desk/{event}/guests/new": (DESK, 200),
    "POST /desk/{event}/guests/new": (DESK, 422),
    f"GET {GUEST}": (READ, 200),
    f"POST {GUEST}": (DESK, 422),
    f"POST {GUEST}/cancel": (DESK, 303),
    f"POST {GUEST}/confirm": (DESK, 303),
    f"POST {GUEST}/replace-ticket": (DESK, 303),
    f"POST {GUEST}/resend": (DESK, 303),
    "GET /desk/{event}/mails": (DESK, 200),
    "GET /desk/{event}/mails/{message:uuid}": (DESK, 200),
    "GET /desk/{event}/badges.pdf": (DESK, 200),
    "GET /desk/{event}/attendance.pdf": (READ, 200),
    "GET /desk/{event}/attendance.csv": (READ, 200),
    "GET /desk/{event}/attendance.xlsx": (READ, 200),
    "GET /desk/{event}/attendance.json": (READ, 200),
}

DESK_OF_THE_DOOR: Rules = {
    f"GET {GATES}": (DESK, 200),
    f"POST {GATES}": (DESK, 422),
    f"GET {GATES}/conflicts": (DESK, 200),
    f"POST {GATES}/conflicts/{{scan:uuid}}": (DESK, 303),
    f"GET {GATES}/gates/new": (DESK, 200),
    f"POST {GATES}/gates/new": (DESK, 422),
    f"GET {GATE}": (DESK, 200),
    f"POST {GATE}": (DESK, 422),
    f"POST {GATE}/remove": (DESK, 412),
    f"POST {GATE}/{{turn}}": (DESK, 412),
    f"GET {DEVICES}": (DESK, 200),
    f"POST {DEVICES}": (DESK, 422),
    f"GET {DEVICES}/pair/{{secret}}": (DESK, 200),
    f"GET {DEVICE}": (DESK, 200),
    f"POST {DEVICE}": (DESK, 422),
    f"POST {DEVICE}/withdraw": (DESK, 303),
    f"GET {STEWARDS}": (DESK, 200),
    f"POST {STEWARDS}": (DESK, 422),
    f"POST {STEWARDS}/{{steward:uuid}}/pin": (DESK, 412),
    f"POST {STEWARDS}/{{steward:uuid}}/remove": (DESK, 303),
    f"GET {ALERTS}": (DESK, 200),
    f"POST {ALERTS}": (DESK, 422),
    f"GET {ALERTS}/stream": (DESK, 200),
    f"POST {WEBHOOK}/test": (DESK, 502),
    f"GET {WEBHOOK}/test": (DESK, 303),
    f"POST {WEBHOOK}/remove": (DESK, 303),
    f"GET {GATES}/sheets": (DESK, 200),
    f"GET {GATES}/sheets.pdf": (DESK, 200),
    f"POST {GATES}/slots": (DESK, 303),
    f"GET {GATES}/ticks": (DESK, 200),
    f"POST {GATES}/ticks": (DESK, 303),
}
"""A form of another version is answered 412, a webhook that nobody hears 502."""

AT_THE_DOOR: Rules = {
    "GET /door": (DOOR | {OUTSIDER, FOREIGN}, 200),
    "GET /door/worker.js": (EVERYBODY, 200),
    "GET /door/pair/{secret}": (EVERYBODY, 409),
    "POST /door/pair/{secret}": (EVERYBODY, 409),
    "GET /door/badge/{guest:uuid}.pdf": (DOOR | {OUTSIDER, FOREIGN}, 404),
    "GET /door/{event}": (DOOR, 200),
    "GET /door/{event}/self-test": (DOOR, 200),
    "GET /door/{event}/kiosk": (DOOR, 200),
    "GET /board/{event}": (DOOR | {PROTOCOL}, 200),
    "GET /board/{event}/stream": (DOOR | {PROTOCOL}, 200),
}
"""A code that was used pairs nobody, and whom one has not let in oneself has no badge: 409 and 404 for everybody."""

ON_STAGE: Rules = {
    "GET /stage/{event}/record": (READ, 200),
    f"GET {API}/record.pdf": (READ, 200),
    f"GET {API}/record.json": (READ, 200),
    f"GET {ROUND_PAGE}/sign": (STAGE, 200),
    f"POST {API}/rounds/{{round:uuid}}/signatures": (STAGE, 422),
    "GET /stage/{event}/cards": (READ, 200),
    f"GET {API}/tablecards.pdf": (READ, 404),
    "GET /stage/worker.js": (EVERYBODY, 200),
    "GET /stage/{event}/mc": (READ, 200),
    "GET /stage/{event}/mc/stream": (READ, 200),
    "GET /stage/{event}/cuesheet": (READ, 200),
    "POST /stage/{event}/cuesheet": (STAGE, 303),
    f"GET {API}/cues": (READ, 200),
    f"GET {API}/cuesheet.pdf": (READ, 200),
    "GET /stage/{event}": (READ, 200),
    "GET /stage/{event}/stream": (READ, 200),
    "GET /stage/{event}/guests": (STAGE, 200),
    f"GET {ROUND_PAGE}": (READ, 200),
    f"GET {ROUND_PAGE}/stream": (READ, 200),
    f"POST {ROUND_PAGE}/acts/{{act}}": (STAGE, 412),
    f"GET {ROUND_PAGE}/acts/{{act}}": (READ, 303),
    f"POST {ROUND_PAGE}/substitute": (STAGE, 422),
    f"GET {ROUND_PAGE}/substitute": (READ, 303),
    f"POST {ROUND_PAGE}/chase": (STAGE, 404),
    "GET /stage/{event}/segments/{segment:uuid}/new": (STAGE, 200),
    "POST /stage/{event}/segments/{segment:uuid}/new": (STAGE, 422),
    f"GET {ROUND_PAGE}/edit": (STAGE, 200),
    f"POST {ROUND_PAGE}/edit": (STAGE, 422),
    f"POST {ROUND_PAGE}/remove": (STAGE, 412),
    f"GET {ROUND_PAGE}/remove": (READ, 303),
    f"POST {ROUND_PAGE}/move": (STAGE, 412),
    f"GET {ROUND_PAGE}/move": (READ, 303),
    "GET /stage/{event}/speaking": (READ, 200),
    "POST /stage/{event}/speaking/{guest}": (STAGE, 303),
    "GET /stage/{event}/speaking/{guest}": (READ, 303),
    f"GET {API}/guests/{{guest}}/spoken": (READ, 200),
    f"PUT {API}/guests/{{guest}}/spoken": (STAGE, 200),
}
"""A press that names no version is answered 412, a chase after nobody 404."""

PROGRAMME = "/desk/{event}/programme"
PART = f"{PROGRAMME}/{{segment:uuid}}"
PLANNING: Rules = {
    f"GET {PROGRAMME}": (READ, 200),
    f"GET {PROGRAMME}/new": (STAGE, 200),
    f"POST {PROGRAMME}/new": (STAGE, 422),
    f"GET {PROGRAMME}/import": (STAGE, 200),
    f"POST {PROGRAMME}/import": (STAGE, 422),
    f"POST {PROGRAMME}/import/take": (STAGE, 400),
    f"GET {PART}": (STAGE, 200),
    f"POST {PART}": (STAGE, 422),
    f"POST {PART}/remove": (STAGE, 412),
    f"POST {PART}/move": (STAGE, 303),
    f"GET {API}/segments": (READ, 200),
    f"POST {API}/segments": (STAGE, 422),
    f"POST {API}/segments/order": (STAGE, 422),
    f"PATCH {API}/segments/{{segment:uuid}}": (STAGE, 200),
    f"DELETE {API}/segments/{{segment:uuid}}": (STAGE, 409),
}

EXHIBITORS = "/desk/{event}/exhibitors"
EXHIBITOR = f"{EXHIBITORS}/booth/{{booth}}"
TOUR = "/stage/{event}/tour/{tour:uuid}"
AT_BOOTHS: Rules = {
    "GET /booth": ({STAND}, 200),
    "GET /booth/leads.csv": ({STAND}, 200),
    "GET /booth/leads.xlsx": ({STAND}, 200),
    f"POST {API}/leads": ({STAND}, 422),
    f"GET {API}/leads.json": (DESK | {STAND}, 200),
    f"GET {API}/leads.csv": (DESK | {STAND}, 200),
    f"GET {API}/leads.xlsx": (DESK | {STAND}, 200),
    f"GET {API}/exhibitors": (READ, 200),
    f"POST {API}/exhibitors": (DESK, 422),
    f"GET {API}/exhibitors/{{booth}}": (READ, 200),
    f"PATCH {API}/exhibitors/{{booth}}": (DESK, 200),
    f"DELETE {API}/exhibitors/{{booth}}": (DESK, 409),
    f"GET {EXHIBITORS}": (READ, 200),
    f"GET {EXHIBITORS}/new": (DESK, 200),
    f"POST {EXHIBITORS}/new": (DESK, 422),
    f"GET {EXHIBITORS}/import": (DESK, 200),
    f"POST {EXHIBITORS}/import": (DESK, 422),
    f"POST {EXHIBITORS}/import/take": (DESK, 400),
    f"GET {EXHIBITOR}": (DESK, 200),
    f"POST {EXHIBITOR}": (DESK, 422),
    f"POST {EXHIBITOR}/remove": (DESK, 409),
    f"POST {EXHIBITOR}/pair": (DESK, 303),
    f"GET {TOUR}": (READ, 200),
    f"GET {TOUR}/edit": (STAGE, 200),
    f"POST {TOUR}/edit": (STAGE, 412),
}
"""A phone stands at the booth of `places_of`, so that booth stays; a route that names no version is answered 412."""

SCRIPTS: Rules = {
    "POST /api/v1/events": (DESK, 422),
    f"GET {API}": (READ, 200),
    f"POST {API}/guests": (DESK, 201),
    f"GET {API}/guests": (READ, 200),
    f"GET {API}/guests/{{guest}}": (READ, 200),
    f"PATCH {API}/guests/{{guest}}": (DESK, 200),
    f"POST {API}/guests/{{guest}}/cancel": (DESK, 200),
    f"POST {API}/guests/{{guest}}/confirm": (DESK, 200),
    f"POST {API}/guests/{{guest}}/replace-ticket": (DESK, 200),
    f"GET {API}/badges.pdf": (DESK, 200),
    f"GET {API}/attendance.pdf": (READ, 200),
    f"GET {API}/attendance.csv": (READ, 200),
    f"GET {API}/attendance.xlsx": (READ, 200),
    f"GET {API}/attendance.json": (READ, 200),
    f"POST {API}/gates": (DESK, 422),
    f"PATCH {API}/gates/{{gate:uuid}}": (DESK, 200),
    f"DELETE {API}/gates/{{gate:uuid}}": (DESK, 409),
    f"GET {API}/devices": (DESK, 200),
    f"POST {API}/webhooks": (DESK, 422),
    f"GET {API}/webhooks": (DESK, 200),
    f"DELETE {API}/webhooks/{{webhook:uuid}}": (DESK, 204),
}

SCANNING: Rules = {
    f"GET {API}/gates": (DOOR, 200),
    f"POST {API}/scans": (DOOR, 422),
    f"POST {API}/scans/{{scan:uuid}}/undo": (DOOR, 422),
    f"GET {API}/door-search": (DOOR, 200),
    f"GET {API}/summary": (DOOR, 200),
    f"GET {API}/board": (DOOR, 200),
    f"GET {API}/manifest": (DOOR, 200),
    f"POST {API}/walk-ins": (DOOR, 422),
    f"POST {API}/device": (PHONES | {STAND}, 422),
    f"POST {API}/device/sign-on": (PHONES, 422),
    f"POST {API}/kiosk/find": ({KIOSK}, 422),
}

ROUND = f"{API}/rounds/{{round:uuid}}"
CONDUCTING: Rules = {
    f"POST {API}/segments/{{segment:uuid}}/rounds": (STAGE, 422),
    f"GET {API}/rounds": (READ, 200),
    f"GET {ROUND}": (READ, 200),
    f"GET {ROUND}/readiness": (READ, 200),
    f"PATCH {ROUND}": (STAGE, 200),
    f"DELETE {ROUND}": (STAGE, 409),
    f"POST {ROUND}/move": (STAGE, 422),
    f"POST {ROUND}/substitute": (STAGE, 422),
    **{f"POST {ROUND}/{act}": (STAGE, 409) for act in Act},
    **{f"POST {ROUND}/{act}": (STAGE, 422) for act in NEEDS_REASON},
}
"""The round of `places_of` is an empty draft that was postponed once, and taken back."""

LEADING: Rules = {
    f"GET {API}/conflicts": (DESK, 200),
    f"POST {API}/conflicts/{{scan:uuid}}": (DESK, 200),
    f"POST {API}/door/guests/{{guest}}/confirm": (DESK, 200),
}
"""For the desk, and for a phone on which a lead has signed on."""

PRECEDENCE: Rules = {
    "GET /stage/{event}/precedence": (READ, 200),
    "POST /stage/{event}/precedence": (STAGE, 422),
    f"GET {LIST_PAGE}": (READ, 200),
    f"GET {LIST_PAGE}/{{form}}": (READ, 303),
    f"POST {LIST_PAGE}/move": (STAGE, 422),
    f"POST {LIST_PAGE}/undo": (STAGE, 422),
    f"POST {LIST_PAGE}/people": (STAGE, 412),
    f"POST {LIST_PAGE}/people/{{guest:uuid}}/remove": (STAGE, 412),
    f"GET {LIST_PAGE}/people/{{guest:uuid}}/remove": (READ, 303),
    f"POST {LIST_PAGE}/facts": (STAGE, 412),
    f"POST {LIST_PAGE}/settings": (STAGE, 422),
    f"POST {LIST_PAGE}/remove": (STAGE, 412),
    f"GET {ROUND_PAGE}/plan": (READ, 200),
    f"POST {API}/precedence": (STAGE, 422),
    f"GET {API}/precedence": (READ, 200),
    f"GET {LIST}": (READ, 200),
    f"PATCH {LIST}": (STAGE, 200),
    f"DELETE {LIST}": (STAGE, 409),
    f"POST {LIST}/people": (STAGE, 200),
    f"DELETE {LIST}/people/{{guest:uuid}}": (STAGE, 404),
    f"POST {LIST}/facts": (STAGE, 200),
    f"POST {LIST}/moves": (STAGE, 422),
    f"POST {LIST}/undo": (STAGE, 422),
    f"GET {API}/seatplan.pdf": (READ, 200),
}
"""Whoever sends no version is not heard: the page never shows the version 0."""

RULES = (
    PUBLIC
    | SIGN_IN
    | ORGANISING
    | DESK_OF_THE_DOOR
    | AT_THE_DOOR
    | ON_STAGE
    | PLANNING
    | AT_BOOTHS
    | SCRIPTS
    | SCANNING
    | CONDUCTING
    | LEADING
    | PRECEDENCE
)
"""Who is let in, and what they are answered when they send nothing. Everybody else is refused."""

FOR_PHONES = {rule for rule, (welcome, _) in RULES.items() if welcome & PHONES} | set(LEADING)
"""What a phone of the event may ask for, with a lead or without."""

ENDLESS = {
    f"GET {API}/board",
    f"GET {ALERTS}/stream",
    "GET /board/{event}/stream",
    "GET /stage/{event}/stream",
    "GET /stage/{event}/mc/stream",
    f"GET {ROUND_PAGE}/stream",
}
"""Event streams: whoever is let in listens for ever, which this client cannot."""

ALLOWED_LATER = {"POST /desk/sign-out", "POST /desk/sign-out-everywhere"}
"""What ends the session of whoever asks, so that each asks with a session of their own."""

SENT_ON = {*(("GET /door", who) for who in BOUND), ("GET /door/{event}", KIOSK)}
"""Who is let in by another address: whoever comes for one event to its door, a kiosk to its own page."""


def answer_to(rule: str, who: str) -> int:
    """What somebody is answered."""
    welcome, answer = RULES[rule]
    if who not in welcome:
        return refusal_of(rule, who)
    return 303 if (rule, who) in SENT_ON else answer


def refusal_of(rule: str, who: str) -> int:
    """How somebody is refused: a person is sent to sign in, an outsider finds nothing."""
    method, path = rule.split(" ")
    if path == "/desk/sign-in/{secret}":
        return 401
    if who == NOBODY or path in {"/desk/account", "/desk/sign-out-everywhere"}:
        return 303 if method == "GET" and not path.startswith("/api/") else 401
    if path.startswith("/booth"):
        return 403
    of_all_events = path in {"/desk", "/desk/new", "/api/v1/events"}
    elsewhere = who == OUTSIDER or (who == FOREIGN and rule in FOR_PHONES)
    return 404 if elsewhere or (of_all_events and who in BOUND) else 403


async def callers_of(cast: Cast) -> dict[str, httpx.AsyncClient]:
    """Everybody, each with a browser or a script of their own."""
    return {
        NOBODY: cast.stranger,
        STEWARD: cast.steward,
        PROTOCOL: cast.protocol,
        ORGANISER: cast.organiser,
        ADMIN: await cast.person(Role.ADMIN),
        OUTSIDER: cast.outsider,
        READER: await cast.token(Scope.READ),
        SCANNER: await cast.token(Scope.DOOR),
        PHONE: (await paired(cast)).browser,
        KIOSK: (await paired(cast, Profile.KIOSK)).browser,
        STAND: (await stand(cast)).browser,
        FOREIGN: (await foreign_phone(cast)).browser,
    }


async def stand(cast: Cast) -> Phone:
    """A phone at the booth of an exhibitor, whom it adds."""
    await exhibitor(cast, "A-01")
    return await booth_phone(cast, "A-01")


async def foreign_phone(cast: Cast) -> Phone:
    """A phone that is paired at the other event."""
    now = cast.clock.now()
    event = await cast.database.read(lambda tx: event_by_name(tx, "other-event"))
    gates = await cast.database.write(lambda tx: usable_gates(tx, event.id, actor="cast", now=now))
    return await paired(replace(cast, event=event, gate=gates[0]))


async def places_of(cast: Cast) -> dict[str, str]:
    """What stands in the places of an address: an event, a guest with a pass, a mail that was kept, and so on."""
    changed, standing = await cast.guest("变动", email="changed@example.com"), await cast.guest("不变")
    await cast.organiser.post(f"/desk/{cast.event.slug}/guests/{changed.id}/resend")
    return {
        "event": cast.event.slug,
        "slug": cast.event.slug,
        "guest": str(changed.id),
        "guest:uuid": str(changed.id),
        "code": standing.code,
        "scan:uuid": await conflict(cast),
        "message:uuid": await _kept_mail(cast),
        "secret": await _used_code(cast),
        "gate:uuid": str(cast.gate.id),
        "turn": "open",
        "act": "call",
        "booth": "A-01",
        "tour:uuid": str(await tour(cast)),
        "device:uuid": str((await paired(cast)).id),
        "steward:uuid": str((await steward(cast))[0].id),
        "webhook:uuid": str(uuid4()),
        **await stage_of(cast),
        "list:uuid": await ranking(cast),
        "form": "move",
    }


async def stage_of(cast: Cast) -> dict[str, str]:
    """A segment, and a round in it that was postponed and taken back."""
    crew = Crew(cast.database, cast.event)
    this = await crew.add(RoundForm(title=Text(en="Agreement")))
    await crew.press(this, Act.POSTPONE, Act.UNDO, reason="later")
    return {"segment:uuid": str(this.segment_id), "round:uuid": str(this.id)}


async def ranking(cast: Cast) -> str:
    """A precedence list on which somebody was moved."""
    people = [str((await cast.guest(name)).id) for name in ("甲", "乙")]
    form = {"title": {"zh_hans": "合影"}, "people": {"guest_ids": people}}
    made = (await cast.script.post(f"{cast.api}/precedence", json=form)).json()
    last = made["entries"][1]["guest"]["id"]
    move = {"guest_id": last, "to_position": 1, "reason": "主宾"}
    await cast.script.post(f"{cast.api}/precedence/{made['id']}/moves", json=move)
    return made["id"]


async def conflict(cast: Cast) -> str:
    """A scan of which device and server did not say the same."""
    [answer] = await cast.scanned(cast.scan("Y1", mode="offline", local_verdict="admitted"))
    assert answer["conflict"]
    return answer["id"]


async def sent(browser: httpx.AsyncClient, rule: str, places: dict[str, str]) -> httpx.Response:
    """The answer to a request of that rule with nothing in it, in twenty seconds at most: a stream would not end.

    Everybody who signs in does so under another name, lest a brake stop the last of them.
    """
    method, path = rule.split(" ")
    for name, value in places.items():
        path = path.replace(f"{{{name}}}", value)
    body = {"json": {}} if path.startswith("/api/") and method != "GET" else {}
    if rule == "POST /desk/sign-in":
        body = {"data": {"email": uuid4().hex}}
    with anyio.fail_after(20):
        return await browser.request(method, path, **body)


async def webhook(cast: Cast) -> str:
    """A receiver whom nobody hears; it can be removed once."""
    answer = await cast.script.post(f"{cast.api}/webhooks", json={"url": "http://127.0.0.1:9/"})
    return answer.json()["id"]


async def _kept_mail(cast: Cast) -> str:
    async def is_kept() -> bool:
        return "/mails/" in (await cast.organiser.get(f"/desk/{cast.event.slug}/mails")).text

    await eventually(is_kept)
    [file] = (cast.state["settings"].data_dir / "mail").iterdir()
    return file.stem


async def _used_code(cast: Cast) -> str:
    code = await code_for(cast, name="A")
    await cast.browser().post(f"/door/pair/{code}")
    return code
