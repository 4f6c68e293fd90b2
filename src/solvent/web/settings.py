"""Settings: the person, the household, language and theme; and logging out."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from solvent.households.operations.list_households import list_households
from solvent.households.operations.rename_household import rename_household
from solvent.identity.operations.change_person import change_person
from solvent.identity.operations.log_out import log_out
from solvent.identity.operations.read_person import read_person
from solvent.kernel.errors import Refusal
from solvent.web.page import (
    SEE_OTHER,
    THEME_COOKIE,
    THEMES,
    YEAR_S,
    CurrentReader,
    PageRoute,
    Reader,
    forget_session,
    form_of,
    set_cookie,
    theme,
)
from solvent.web.rendering import Pages

router = APIRouter(prefix="/h/{household}", route_class=PageRoute, include_in_schema=False)


@router.get("/settings")
async def get_settings(reader: CurrentReader) -> Response:
    """Show who, what, and how it reads."""
    return await _page(reader, None)


@router.post("/settings")
async def post_settings(request: Request, reader: CurrentReader) -> Response:
    """Do what the form says."""
    form = await form_of(request)
    try:
        match form.get("do"):
            case "person":
                await change_person(reader.work, name=form.get("name", ""))
            case "household":
                await rename_household(reader.work, name=form.get("household_name", ""))
            case "reading":
                return await _read_otherwise(request, reader, form)
            case "log_out":
                return await _log_out(reader)
            case _:
                pass
    except Refusal as refusal:
        return await _page(reader, refusal)
    return reader.to("settings")


async def _read_otherwise(request: Request, reader: Reader, form: dict[str, str]) -> Response:
    """Keep the language with the person and the theme with the device."""
    pages: Pages = request.app.state.pages
    language = form.get("language", "")
    if language in pages.languages:
        await change_person(reader.work, locale=language)
    answer = reader.to("settings")
    if form.get("theme") in THEMES:
        set_cookie(request, answer, THEME_COOKIE, form["theme"], max_age=YEAR_S)
    return answer


async def _log_out(reader: Reader) -> Response:
    await log_out(reader.work)
    answer = RedirectResponse("/log-in", SEE_OTHER)
    forget_session(reader.request, answer)
    return answer


async def _page(reader: Reader, refusal: Refusal | None) -> Response:
    work = reader.work
    person = await read_person(work)
    field = None if refusal is None else refusal.facts.get("field")
    message = None if refusal is None else refusal.message
    return await reader.page(
        "settings",
        "settings",
        status=200 if refusal is None else 422,
        person=person,
        household={
            "name": await _household_name(reader),
            "base_currency": work.scope.base_currency,
        },
        values={"language": person.locale, "theme": theme(reader.request)},
        errors={str(field): message} if field else {},
        problem=None if field else message,
    )


async def _household_name(reader: Reader) -> str:
    households = await list_households(reader.work)
    return next(h.name for h in households if h.id == reader.work.household)
