"""The step of pages before something dangerous: it asks who it is, and goes on with what was asked."""

import re
from typing import Annotated, cast

import pytest
from fastapi import APIRouter, FastAPI, Form
from starlette.responses import PlainTextResponse

from solvent.identity.operations.open_page_session import open_page_session
from solvent.runtime.door.outermost import Outermost
from solvent.runtime.edge.credentials import COOKIE, CSRF_FIELD, Tokens
from solvent.runtime.proof import require_recent_proof
from solvent.runtime.settinggroups import Settings
from solvent.runtime.work import Works
from solvent.web.page import PROOF_PASSWORD, CurrentReader, PageRoute
from tests.clocks import HandMovedClock
from tests.database.clients import PASSWORD, Member

router = APIRouter(route_class=PageRoute)


@router.post("/danger")
async def post_danger(reader: CurrentReader, what: Annotated[str, Form()]) -> PlainTextResponse:
    """Do something that wants a recent proof."""
    require_recent_proof(reader.work)
    return PlainTextResponse(f"done: {what}")


@pytest.fixture
async def form(
    app: Outermost, signed_up: Member, works: Works, settings: Settings, clock: HandMovedClock
) -> dict[str, str]:
    """Return what a page's form of somebody who logged in a while ago brings along."""
    cast("FastAPI", app.app).include_router(router)
    async with works.for_nobody(cause="test") as work:
        cookie = await open_page_session(work, person=signed_up.person, lifetimes=settings.sessions)
    clock.advance(minutes=11)
    signed_up.client.headers["cookie"] = f"{COOKIE}={cookie}"
    return {CSRF_FIELD: Tokens(settings.secrets.keys, clock).csrf_token(cookie)}


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))


async def test_the_step_carries_the_form_along_and_goes_on_with_it(
    signed_up: Member, form: dict[str, str]
) -> None:
    asked = form | {"what": "close it"}
    step = await signed_up.client.post("/danger", data=asked)
    assert (step.status_code, "Is it you?" in step.text) == (200, True)
    assert hidden(step.text) == asked
    done = await signed_up.client.post("/danger", data=asked | {PROOF_PASSWORD: PASSWORD})
    assert (done.status_code, done.text) == (200, "done: close it")
    again = await signed_up.client.post("/danger", data=asked)
    assert again.text == "done: close it"


async def test_a_wrong_password_asks_again_and_does_nothing(
    signed_up: Member, form: dict[str, str]
) -> None:
    asked = form | {"what": "close it", PROOF_PASSWORD: "not this one"}
    step = await signed_up.client.post("/danger", data=asked)
    assert (step.status_code, "That is not right" in step.text) == (422, True)
    assert "not this one" not in step.text
    assert hidden(step.text) == form | {"what": "close it"}
