"""Twenty thousand guests, put into the database by the thousand: asking for each would take the tests an hour."""

from itertools import islice, product

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from events.core.ids import new_id
from events.forms import GuestForm
from events.models import Event, GuestId, GuestStatus, TicketState
from events.registration import columns_of
from events.tables import guests, tickets
from tests.browser.house import House

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
_GIVEN = ("若晴", "小满", "卓文", "嘉怡", "思远", "大文", "国斌", "立人", "乐行", "晓东")
_AT_ONCE = 1000


async def crowd(house: House, event: Event, *, size: int) -> list[tuple[str, str]]:
    """Fills the event with confirmed guests; the name and the code of each."""
    drawn = [_drawn(surname + given) for surname, given in product(_SURNAMES, _GIVEN)]
    codes = await house.database.read(lambda tx: _codes(tx, event, size))
    made = [(drawn[index % len(drawn)], code) for index, code in enumerate(codes)]
    following = iter(made)
    while part := list(islice(following, _AT_ONCE)):
        await house.database.write(lambda tx, part=part: _seat(tx, house, event, part))
    return [(row["name"], code) for row, code in made]


def _drawn(name: str) -> dict[str, object]:
    form = GuestForm(name=name, organisation="深圳市河套深港科技创新合作区发展署", category="guest")
    return {**columns_of(form), "status": GuestStatus.CONFIRMED, "status_reason": "", "source": "cast", "version": 1}


async def _codes(tx: AsyncConnection, event: Event, size: int) -> list[str]:
    spare = tickets.c.event_id == event.id, tickets.c.state == TicketState.RESERVED
    found = await tx.execute(sa.select(tickets.c.code).where(*spare).order_by(tickets.c.serial).limit(size))
    return list(found.scalars())


async def _seat(tx: AsyncConnection, house: House, event: Event, part: list[tuple[dict[str, object], str]]) -> None:
    times = {"created_at": house.now, "changed_at": house.now}
    rows = [({**row, "event_id": event.id, "guest_id": GuestId(new_id()), **times}, code) for row, code in part]
    await tx.execute(sa.insert(guests), [row for row, _ in rows])
    taken = sa.update(tickets).where(tickets.c.event_id == sa.bindparam("of"), tickets.c.code == sa.bindparam("this"))
    issued = taken.values(state=TicketState.ISSUED, guest_id=sa.bindparam("whose"))
    await tx.execute(issued, [{"of": event.id, "this": code, "whose": row["guest_id"]} for row, code in rows])
