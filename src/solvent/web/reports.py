"""Reports: spending by category and month, and net worth; one date filter for the page."""

from collections.abc import Sequence
from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import Response

from solvent.kernel.clock import local_day
from solvent.kernel.period import month_end, month_of, months_later
from solvent.reporting.operations.report_net_worth import NetWorthReport, report_net_worth
from solvent.reporting.operations.report_spending import SpendingReport, report_spending
from solvent.web.page import CurrentReader, PageRoute

router = APIRouter(prefix="/h/{household}", route_class=PageRoute, include_in_schema=False)


@router.get("/reports")
async def get_reports(request: Request, reader: CurrentReader) -> Response:
    """Show both reports for the days asked for, the last twelve months unless told."""
    today = local_day(reader.work.clock, reader.work.scope.time_zone)
    presets = _presets(today)
    first = _day(request.query_params.get("first")) or presets["twelve"][0]
    last = _day(request.query_params.get("last")) or presets["twelve"][1]
    if last < first:
        first, last = last, first
    spending = await report_spending(reader.work, first=first, last=last)
    worth = await report_net_worth(reader.work, first=first, last=last)
    return await reader.page(
        "reports",
        "reports",
        first=first,
        last=last,
        presets=[
            {"key": key, "first": days[0], "last": days[1], "current": days == (first, last)}
            for key, days in presets.items()
        ],
        spending=_spending(spending),
        net_worth=_worth(worth, today),
    )


def _presets(today: date) -> dict[str, tuple[date, date]]:
    this = month_of(today)
    last = month_end(this)
    return {
        "month": (this, last),
        "quarter": (months_later(this, -2), last),
        "year": (date(today.year, 1, 1), last),
        "twelve": (months_later(this, -11), last),
    }


def _spending(report: SpendingReport) -> dict[str, object]:
    lines = [
        {
            "category": line.category,
            "name": line.name,
            "amounts_minor": line.amounts_minor,
            "total_minor": sum(line.amounts_minor),
        }
        for line in report.categories
        if any(line.amounts_minor)
    ]
    totals = [
        sum(column) for column in zip(*(c.amounts_minor for c in report.categories), strict=True)
    ]
    return {
        "currency": report.currency,
        "months": _months(report.months),
        "categories": lines,
        "totals_minor": totals or [0] * len(report.months),
        "total_minor": sum(totals),
        "missing": _currencies(report.missing_rates),
    }


def _worth(report: NetWorthReport, today: date) -> dict[str, object]:
    """Return the points of the line, until today; a month that lacks a rate has none."""
    points = [
        {"on": min(month_end(month), today), "amount_minor": minor}
        for month, minor in zip(_months(report.months), report.net_worth_minor, strict=True)
        if minor is not None and month <= today
    ]
    return {
        "currency": report.currency,
        "points": points if any(point["amount_minor"] for point in points) else [],
        "missing": _currencies(report.missing_rates),
    }


def _months(texts: Sequence[str]) -> list[date]:
    return [date.fromisoformat(f"{text}-01") for text in texts]


def _currencies(missing: Sequence[str]) -> list[str]:
    return sorted({text.partition(" ")[0] for text in missing})


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
