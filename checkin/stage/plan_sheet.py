"""From plans to paper: what of a drawing of seats stands on the A4 sheet. Called by the page that prints it."""

from collections.abc import Sequence
from datetime import datetime

from badges import seatplan as paper
from checkin.stage.plan import Plan, Row
from checkin.stage.seating import View
from events.core.i18n import Language
from events.models import Event


def sheet_of(event: Event, plans: Sequence[Plan], *, now: datetime, language: Language) -> paper.SeatPlans:
    """The plans, one a page, under the event's title."""
    return paper.SeatPlans(
        heading=event.title.said_in(language),
        plans=[
            paper.SeatPlan(title=plan.title, rows=[_row(row) for row in plan.rows], from_hall=plan.view is View.HALL)
            for plan in plans
        ],
        printed_at=now,
        zone=event.zone,
        language=language.value,
    )


def _row(row: Row) -> paper.PlanRow:
    return paper.PlanRow(
        seats=[
            paper.PlanSeat(
                name=seat.name,
                tag=seat.tag,
                under=seat.under,
                named=seat.named,
                signs=seat.signs,
                assists=seat.assists,
            )
            for seat in row.seats
        ],
        has_table=row.has_table,
    )
