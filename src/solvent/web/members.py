"""The household's members: who belongs to it, who is invited, and what each may do with what.

Owners invite, change and remove; everybody else sees who is there, what they may do themselves, and
the way out.
"""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from solvent.households.domain import Grants, Member
from solvent.households.operations.change_role import change_role
from solvent.households.operations.grant_access import grant_access
from solvent.households.operations.hand_over_household import hand_over_household
from solvent.households.operations.invite_member import Sent, invite_member
from solvent.households.operations.list_invitations import list_invitations, withdraw_invitation
from solvent.households.operations.list_members import list_members
from solvent.households.operations.remove_member import remove_member
from solvent.identity.edge import CurrentLetters
from solvent.kernel.access import Level, Role
from solvent.kernel.errors import BadValue, NotAllowed, NotFound, Refusal
from solvent.ledger.domain import AccountKind
from solvent.ledger.operations.read_accounts import read_accounts
from solvent.runtime.edge.facilities import facilities
from solvent.runtime.edge.problems import STATUSES
from solvent.runtime.proof import ProofNeeded
from solvent.web.page import SEE_OTHER, CurrentReader, PageRoute, Reader, form_of

PATH = "household/members"
ROLES = (Role.EDITOR, Role.ADVISER, Role.VIEWER)
OTHERS = "others"
LEVEL_OF = "level_"
"""How the name of a field begins that says the level of one account; its id follows."""

router = APIRouter(
    prefix="/h/{household}/household", route_class=PageRoute, include_in_schema=False
)


@router.get("/members")
async def get_members(reader: CurrentReader) -> Response:
    """Show who belongs to the household."""
    return await _page(reader)


@router.post("/members")
async def post_members(
    request: Request, reader: CurrentReader, letters: CurrentLetters
) -> Response:
    """Invite, withdraw an invitation, or leave."""
    form = await form_of(request)
    work = reader.work
    try:
        match form.get("do"):
            case "invite":
                sent = await invite_member(
                    work,
                    role=_role(form.get("role", "")),
                    email=form.get("email") or None,
                    letters=letters,
                )
                return await _page(reader, sent=sent)
            case "withdraw":
                await withdraw_invitation(work, invitation=_id(form, "invitation"))
            case "leave":
                await remove_member(work, person=work.person)
                return RedirectResponse("/", SEE_OTHER)
            case _:
                pass
    except ProofNeeded:
        raise
    except Refusal as refusal:
        return await _page(reader, form=form, refusal=refusal)
    return reader.to(PATH)


@router.get("/members/{person}")
async def get_member(person: UUID, reader: CurrentReader) -> Response:
    """Show what a member is, and what they may do with each account; for owners."""
    return await _member_page(reader, person)


@router.post("/members/{person}")
async def post_member(person: UUID, request: Request, reader: CurrentReader) -> Response:
    """Change a member, remove them, or hand the household over to them."""
    form = await form_of(request)
    work = reader.work
    try:
        match form.get("do"):
            case "role":
                await change_role(work, person=person, role=_role(form.get("role", "")))
            case "grants":
                await grant_access(work, person=person, grants=_grants(form))
            case "hand_over":
                await hand_over_household(work, person=person, role=_role(form.get("role", "")))
                return reader.to(PATH)
            case "remove":
                await remove_member(work, person=person)
                return reader.to(PATH)
            case _:
                pass
    except ProofNeeded:
        raise
    except Refusal as refusal:
        return await _member_page(reader, person, refusal)
    return reader.to(f"{PATH}/{person}")


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError as bad:
        raise BadValue("Choose a role.", field="role") from bad


def _level(text: str) -> Level | None:
    """Read a level; empty is as the role, or as the others."""
    try:
        return Level[text.upper()] if text else None
    except KeyError as bad:
        raise BadValue("Choose a level.", field="level") from bad


def _grants(form: Mapping[str, str]) -> Grants:
    """Read the whole matrix of one member."""
    accounts: dict[UUID, Level] = {}
    for name, text in form.items():
        level = _level(text) if name.startswith(LEVEL_OF) else None
        if level is not None:
            accounts[_uuid(name.removeprefix(LEVEL_OF), "account")] = level
    return Grants(_level(form.get(OTHERS, "")), accounts)


def _id(form: Mapping[str, str], kind: str) -> UUID:
    return _uuid(form.get(kind, ""), kind)


def _uuid(text: str, kind: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as bad:
        raise NotFound(kind) from bad


async def _page(
    reader: Reader,
    *,
    form: dict[str, str] | None = None,
    refusal: Refusal | None = None,
    sent: Sent | None = None,
) -> Response:
    work, typed = reader.work, form or {}
    owns = work.scope.role == Role.OWNER
    members = await list_members(work)
    field = None if refusal is None else refusal.facts.get("field")
    message = None if refusal is None else refusal.message
    return await reader.page(
        "members",
        "settings",
        status=200 if refusal is None else STATUSES.get(refusal.code, 422),
        owns=owns,
        me=work.person,
        members=[_listed(member) for member in members],
        bound=owns and sum(member.role == Role.OWNER for member in members) == 1,
        invitations=await list_invitations(work) if owns else [],
        sent=None if sent is None else sent.invitation,
        link=None if sent is None else _link(reader, sent.token),
        roles=ROLES,
        mine=await _own_levels(reader),
        values={"role": typed.get("role", Role.EDITOR.value), "email": typed.get("email", "")},
        errors={str(field): message} if field else {},
        problem=None if field else message,
    )


def _link(reader: Reader, token: str) -> str:
    return f"{facilities(reader.request).settings.public_url}/join?token={token}"


def _listed(member: Member) -> dict[str, object]:
    """Return a member as the list shows them; ``apart`` is how many levels are their own."""
    grants = member.grants
    return {
        "person": member.person,
        "name": member.name,
        "email": member.email,
        "role": member.role,
        "joined_at": member.joined_at,
        "apart": len(grants.accounts) + (grants.others is not None),
    }


async def _own_levels(reader: Reader) -> list[dict[str, object]]:
    """Return how far the reader goes with each account that they see."""
    access = reader.work.scope.access
    return [
        {"name": account.name, "level": access.level(account.id).name.lower()}
        for account in await read_accounts(reader.work)
        if AccountKind(account.kind).holds_money
    ]


async def _member_page(reader: Reader, person: UUID, refusal: Refusal | None = None) -> Response:
    work = reader.work
    if work.scope.role != Role.OWNER:
        raise NotAllowed("Only an owner of this household may do that. Ask one of them.")
    member = next((each for each in await list_members(work) if each.person == person), None)
    if member is None:
        raise NotFound("member")
    others = member.grants.others
    return await reader.page(
        "member",
        "settings",
        status=200 if refusal is None else STATUSES.get(refusal.code, 422),
        member=_listed(member),
        me=work.person,
        every_role=(Role.OWNER, *ROLES),
        roles=ROLES,
        levels=[level.name.lower() for level in Level],
        others="" if others is None else others.name.lower(),
        role_level=Role(member.role).level.name.lower(),
        accounts=[
            {
                "id": account.id,
                "name": account.name,
                "level": _level_name(member.grants.accounts.get(account.id)),
            }
            for account in await read_accounts(work)
            if AccountKind(account.kind).holds_money
        ],
        problem=None if refusal is None else refusal.message,
    )


def _level_name(level: Level | None) -> str:
    return "" if level is None else level.name.lower()
