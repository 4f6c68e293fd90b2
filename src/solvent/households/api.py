"""Households over HTTP: registration, who I am, and another household."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from solvent.households.domain import Household, NewHousehold, SignedUp
from solvent.households.operations.create_household import OpenBooks, create_household
from solvent.households.operations.list_changes import list_changes
from solvent.households.operations.list_households import list_households
from solvent.households.operations.sign_up import sign_up
from solvent.identity.domain import Person
from solvent.identity.edge import CurrentLetters
from solvent.identity.operations.choose_password import choose_password
from solvent.identity.operations.limit_attempts import limit_attempts
from solvent.identity.operations.read_person import read_person
from solvent.runtime.edge.answers import NO_STORE, json_answer
from solvent.runtime.edge.documented import problems
from solvent.runtime.edge.facilities import CurrentFacilities, client_address
from solvent.runtime.edge.fields import Line, Name
from solvent.runtime.edge.problems import declare
from solvent.runtime.edge.routes import CurrentWork, HouseholdRoute
from solvent.runtime.journal import CHANGES_MAX

declare({"households.bad_name": 422, "households.unknown_time_zone": 422})

SEQ_MAX = 2**62

open_router = APIRouter(prefix="/api/v1/auth", tags=["auth"])
router = APIRouter(prefix="/api/v1", tags=["households"], route_class=HouseholdRoute)
changes_router = APIRouter(
    prefix="/api/v1/households/{household}", tags=["households"], route_class=HouseholdRoute
)


class HouseholdBody(BaseModel):
    """A household to be made; ``base_currency`` is an ISO 4217 code."""

    name: Name
    base_currency: Annotated[Line, Field(min_length=3, max_length=3)]
    time_zone: Annotated[Line, Field(max_length=64)] = "UTC"

    def value(self) -> NewHousehold:
        """Return what is to be made."""
        return NewHousehold(self.name, self.base_currency, self.time_zone)


class RegisterBody(BaseModel):
    """A person and their first household."""

    email: Annotated[str, Field(max_length=320)]
    password: Annotated[str, Field(max_length=1_024)]
    name: Name
    household: HouseholdBody


class MeAnswer(BaseModel):
    """Who is asking, and their households."""

    person: Person
    households: list[Household]


@open_router.post(
    "/register", status_code=201, response_model=SignedUp, responses=problems(409, 422, 429)
)
async def post_register(
    request: Request, body: RegisterBody, its: CurrentFacilities, letters: CurrentLetters
) -> Response:
    """Sign up: a person and their first household, usable at once."""
    household = body.household.value()
    rate = its.settings.limits.rate_auth
    async with limit_attempts(
        its.works, letters, email=body.email, address=client_address(request), rate=rate
    ):
        password = await choose_password(its.passwords, password=body.password, email=body.email)
        async with its.works.for_nobody(cause="api") as work:
            made = await sign_up(
                work,
                email=body.email,
                name=body.name,
                password=password,
                household=household,
                open_books=_open_books(request),
            )
    return json_answer(made, 201, NO_STORE)


@router.get("/me", response_model=MeAnswer, responses=problems(401))
async def get_me(work: CurrentWork) -> Response:
    """Say who is asking, and which households they are a member of."""
    person = await read_person(work)
    return json_answer({"person": person, "households": await list_households(work)})


@router.post(
    "/households", status_code=201, response_model=Household, responses=problems(401, 409, 422)
)
async def post_household(request: Request, body: HouseholdBody, work: CurrentWork) -> Response:
    """Make another household of one's own."""
    made = await create_household(
        work, household=body.value(), owner=work.person, open_books=_open_books(request)
    )
    return json_answer(made, 201)


@changes_router.get("/changes", response_model=None, responses=problems(401, 404, 422))
async def get_changes(
    work: CurrentWork,
    since: Annotated[int, Query(ge=0, le=SEQ_MAX)] = 0,
    limit: Annotated[int, Query(ge=1, le=CHANGES_MAX)] = 100,
) -> Response:
    """Read the household's journal after a seq, oldest first; the next page begins at its last seq."""
    changes = await list_changes(work, since=since, limit=limit)
    following = str(changes[-1].seq) if len(changes) == limit else None
    return json_answer({"items": changes, "next_cursor": following, "seq": work.scope.seq})


def _open_books(request: Request) -> OpenBooks:
    """Return the port that the entry point handed in."""
    open_books: OpenBooks = request.app.state.open_books
    return open_books
