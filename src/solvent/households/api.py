"""Households over HTTP: registration, who I am, and another household."""

from dataclasses import asdict
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from solvent.households.domain import Grants, Household, Member, NewHousehold, SignedUp
from solvent.households.operations.answer_invitation import answer_invitation, show_invitation
from solvent.households.operations.change_role import change_role
from solvent.households.operations.create_household import OpenBooks, create_household
from solvent.households.operations.grant_access import grant_access
from solvent.households.operations.hand_over_household import hand_over_household
from solvent.households.operations.invite_member import invite_member
from solvent.households.operations.list_changes import list_changes
from solvent.households.operations.list_households import list_households
from solvent.households.operations.list_invitations import list_invitations, withdraw_invitation
from solvent.households.operations.list_members import list_members
from solvent.households.operations.remove_member import remove_member
from solvent.households.operations.sign_up import sign_up
from solvent.identity.domain import EmailTaken, Person
from solvent.identity.edge import CurrentLetters
from solvent.identity.operations.choose_password import choose_password
from solvent.identity.operations.limit_attempts import limit_attempts
from solvent.identity.operations.read_person import read_person
from solvent.kernel.access import Level, Role
from solvent.kernel.errors import NotFound
from solvent.runtime.edge.answers import NO_STORE, json_answer
from solvent.runtime.edge.documented import problems
from solvent.runtime.edge.facilities import CurrentFacilities, client_address
from solvent.runtime.edge.fields import Line, Name
from solvent.runtime.edge.problems import declare
from solvent.runtime.edge.routes import CurrentWork, HouseholdRoute
from solvent.runtime.journal import CHANGES_MAX

declare(
    {
        "households.bad_name": 422,
        "households.invitation_for_another": 409,
        "households.invitation_gone": 404,
        "households.last_owner": 409,
        "households.member_already": 409,
        "households.too_many_members": 409,
        "households.unknown_time_zone": 422,
    }
)

SEQ_MAX = 2**62

open_router = APIRouter(prefix="/api/v1/auth", tags=["auth"])
router = APIRouter(prefix="/api/v1", tags=["households"], route_class=HouseholdRoute)
changes_router = APIRouter(
    prefix="/api/v1/households/{household}", tags=["households"], route_class=HouseholdRoute
)
members_router = APIRouter(
    prefix="/api/v1/households/{household}", tags=["members"], route_class=HouseholdRoute
)

LevelName: TypeAlias = Literal["nothing", "balance", "read", "annotate", "edit"]
MemberRole: TypeAlias = Literal["editor", "viewer", "adviser"]
Token: TypeAlias = Annotated[Line, Field(min_length=20, max_length=200)]
GRANTS_MAX = 1_000


class GrantsBody(BaseModel):
    """Levels of single accounts; ``others`` for all accounts not named, the role's where left out."""

    others: LevelName | None = None
    accounts: Annotated[dict[UUID, LevelName], Field(max_length=GRANTS_MAX)] = {}

    def value(self) -> Grants:
        """Return it as the domain has it."""
        return Grants(
            None if self.others is None else Level[self.others.upper()],
            {account: Level[level.upper()] for account, level in self.accounts.items()},
        )


class MemberPatch(BaseModel):
    """What a member is to be."""

    role: Literal["owner", "editor", "viewer", "adviser"]


class HandOverBody(BaseModel):
    """What the one who hands over is to be from then on."""

    role: MemberRole = "editor"


class InvitationBody(BaseModel):
    """Somebody to invite; with ``email``, only whoever has registered with that may accept."""

    role: MemberRole
    email: Annotated[str | None, Field(max_length=320)] = None
    grants: GrantsBody = GrantsBody()


class LinkBody(BaseModel):
    """What the link of an invitation ends in."""

    token: Token


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
    "/register",
    status_code=201,
    response_model=SignedUp,
    responses=problems(409, 422, 429) | {202: {"description": "Look into your mail."}},
)
async def post_register(
    request: Request, body: RegisterBody, its: CurrentFacilities, letters: CurrentLetters
) -> Response:
    """Sign up: a person and their first household, usable at once.

    Where an installation wants the address verified before the first log-in, the answer is 202 whether
    or not somebody has the address already.
    """
    household = body.household.value()
    strict = its.settings.verify_before_login
    rate = its.settings.limits.rate_auth
    made: SignedUp | None = None
    try:
        async with limit_attempts(
            its.works, letters, email=body.email, address=client_address(request), rate=rate
        ):
            password = await choose_password(
                its.passwords, password=body.password, email=body.email
            )
            async with its.works.for_nobody(cause="api") as work:
                made = await sign_up(
                    work,
                    email=body.email,
                    name=body.name,
                    password=password,
                    household=household,
                    open_books=_open_books(request),
                    letters=letters,
                    awaits_mail=strict,
                )
    except EmailTaken:
        if not strict:
            raise
    return Response(status_code=202) if strict else json_answer(made, 201, NO_STORE)


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


@members_router.get("/members", response_model=None, responses=problems(401, 404, 422))
async def get_members(work: CurrentWork) -> Response:
    """List the members; owners see addresses and grants of all, others their own only."""
    items = [_member(member) for member in await list_members(work)]
    return json_answer({"items": items, "next_cursor": None})


@members_router.patch(
    "/members/{person}", response_model=None, responses=problems(401, 403, 404, 409, 422)
)
async def patch_member(person: UUID, body: MemberPatch, work: CurrentWork) -> Response:
    """Change what a member is; owners only, with a recent proof."""
    return json_answer(_member(await change_role(work, person=person, role=Role(body.role))))


@members_router.delete(
    "/members/{person}", status_code=204, responses=problems(401, 403, 404, 409, 422)
)
async def delete_member(person: UUID, work: CurrentWork) -> Response:
    """Remove a member, or leave; the last owner stays."""
    await remove_member(work, person=person)
    return Response(status_code=204)


@members_router.post(
    "/members/{person}/ownership", response_model=None, responses=problems(401, 403, 404, 422)
)
async def post_ownership(
    person: UUID, work: CurrentWork, body: HandOverBody | None = None
) -> Response:
    """Hand the household over to another member."""
    role = Role((body or HandOverBody()).role)
    return json_answer(_member(await hand_over_household(work, person=person, role=role)))


@members_router.get("/grants/{person}", response_model=None, responses=problems(401, 404, 422))
async def get_grants(person: UUID, work: CurrentWork) -> Response:
    """Read the grants of a member: anyone's as an owner, else one's own."""
    for member in await list_members(work):
        if member.person == person:
            return json_answer(member.grants.facts())
    raise NotFound("member")


@members_router.put("/grants/{person}", response_model=None, responses=problems(401, 403, 404, 422))
async def put_grants(person: UUID, body: GrantsBody, work: CurrentWork) -> Response:
    """Put these grants in place of a member's; owners only, with a recent proof."""
    granted = await grant_access(work, person=person, grants=body.value())
    return json_answer(granted.grants.facts())


@members_router.get("/invitations", response_model=None, responses=problems(401, 403, 404, 422))
async def get_invitations(work: CurrentWork) -> Response:
    """List the invitations that nobody has answered; owners only."""
    items = [asdict(invitation) for invitation in await list_invitations(work)]
    return json_answer({"items": items, "next_cursor": None})


@members_router.post(
    "/invitations",
    status_code=201,
    response_model=None,
    responses=problems(401, 403, 404, 409, 422),
)
async def post_invitation(
    body: InvitationBody, work: CurrentWork, letters: CurrentLetters
) -> Response:
    """Invite somebody; the answer holds the token of the link, which is shown this once.

    With an address the link goes there by letter as well; it is ``/join?token=`` and the token.
    """
    sent = await invite_member(
        work,
        role=Role(body.role),
        email=body.email,
        grants=body.grants.value(),
        letters=letters,
    )
    return json_answer(asdict(sent.invitation) | {"token": sent.token}, 201, NO_STORE)


@members_router.delete(
    "/invitations/{invitation}", status_code=204, responses=problems(401, 403, 404, 422)
)
async def delete_invitation(invitation: UUID, work: CurrentWork) -> Response:
    """Withdraw an invitation."""
    await withdraw_invitation(work, invitation=invitation)
    return Response(status_code=204)


@router.post("/invitations/show", response_model=None, responses=problems(401, 404, 422))
async def post_show_invitation(body: LinkBody, work: CurrentWork) -> Response:
    """Read what the link of an invitation offers."""
    return json_answer(await show_invitation(work, token=body.token), headers=NO_STORE)


@router.post("/invitations/accept", response_model=None, responses=problems(401, 404, 409, 422))
async def post_accept_invitation(body: LinkBody, work: CurrentWork) -> Response:
    """Become a member of the household that invites; a link works once."""
    return json_answer({"household": await answer_invitation(work, token=body.token, accept=True)})


@router.post("/invitations/decline", status_code=204, responses=problems(401, 404, 409, 422))
async def post_decline_invitation(body: LinkBody, work: CurrentWork) -> Response:
    """Decline an invitation; its link leads nowhere from then on."""
    await answer_invitation(work, token=body.token, accept=False)
    return Response(status_code=204)


def _member(member: Member) -> dict[str, object]:
    return {
        "person": member.person,
        "name": member.name,
        "email": member.email,
        "role": member.role,
        "joined_at": member.joined_at,
        "grants": member.grants.facts(),
    }


def _open_books(request: Request) -> OpenBooks:
    """Return the port that the entry point handed in."""
    open_books: OpenBooks = request.app.state.open_books
    return open_books
