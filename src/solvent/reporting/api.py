"""Reports over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from solvent.ledger.domain import AccountKind
from solvent.reporting.operations.report_net_worth import report_net_worth
from solvent.reporting.operations.report_spending import report_spending
from solvent.runtime.edge.answers import json_answer
from solvent.runtime.edge.documented import problems
from solvent.runtime.edge.fields import Day
from solvent.runtime.edge.routes import CurrentWork, StandingRoute

router = APIRouter(
    prefix="/api/v1/households/{household}/reports", tags=["reports"], route_class=StandingRoute
)

First = Annotated[Day | None, Query(alias="from")]
Last = Annotated[Day | None, Query(alias="to")]


@router.get("/spending", response_model=None, responses=problems(401, 404, 422))
async def get_spending(
    work: CurrentWork, first: First = None, last: Last = None, *, converted: bool = True
) -> Response:
    """Sum spending by category and month; without dates, over the whole history."""
    return json_answer(await report_spending(work, first=first, last=last, converted=converted))


@router.get("/income", response_model=None, responses=problems(401, 404, 422))
async def get_income(
    work: CurrentWork, first: First = None, last: Last = None, *, converted: bool = True
) -> Response:
    """Sum income by category and month; without dates, over the whole history."""
    return json_answer(
        await report_spending(
            work, first=first, last=last, kind=AccountKind.INCOME, converted=converted
        )
    )


@router.get("/net-worth", response_model=None, responses=problems(401, 404, 422))
async def get_net_worth(work: CurrentWork, first: First = None, last: Last = None) -> Response:
    """Read each account's balance and the net worth at the end of each month."""
    return json_answer(await report_net_worth(work, first=first, last=last))
