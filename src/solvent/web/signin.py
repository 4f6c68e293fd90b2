"""Settings of signing in: the authenticator, its recovery codes, and passkeys."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from solvent.factors.domain import AuthenticatorKey
from solvent.factors.operations.change_passkey import remove_passkey, rename_passkey
from solvent.factors.operations.read_factors import read_factors
from solvent.factors.operations.remove_authenticator import remove_authenticator
from solvent.factors.operations.renew_recovery_codes import renew_recovery_codes
from solvent.factors.operations.set_up_authenticator import (
    confirm_authenticator,
    set_up_authenticator,
    show_authenticator_key,
)
from solvent.kernel.errors import NotFound, Refusal
from solvent.runtime.edge.facilities import facilities
from solvent.runtime.proof import ProofNeeded, require_recent_proof
from solvent.runtime.sealing import Seal
from solvent.web.page import CurrentReader, PageRoute, Reader, form_of

PLACE = "settings/sign-in"

router = APIRouter(prefix="/h/{household}", route_class=PageRoute, include_in_schema=False)


@router.get("/settings/sign-in")
async def get_sign_in(request: Request, reader: CurrentReader) -> Response:
    """Show what the person signs in with."""
    return await _page(reader, facilities(request).seal)


@router.post("/settings/sign-in")
async def post_sign_in(request: Request, reader: CurrentReader) -> Response:
    """Do what the form says; what is shown only once is shown in the answer."""
    form = await form_of(request)
    seal = facilities(request).seal
    work, key = reader.work, None
    try:
        match form.get("do"):
            case "set_up":
                return await _page(reader, seal, key=await set_up_authenticator(work, seal))
            case "confirm":
                key = await show_authenticator_key(work, seal)
                codes = await confirm_authenticator(work, seal, code=form.get("code", ""))
                return await _page(reader, seal, codes=codes)
            case "renew":
                return await _page(reader, seal, codes=await renew_recovery_codes(work, seal))
            case "remove":
                await remove_authenticator(work, seal)
            case "rename_passkey":
                await rename_passkey(work, passkey=_id(form), name=form.get("name", ""))
            case "remove_passkey":
                await remove_passkey(work, passkey=_id(form))
            case _:
                require_recent_proof(work)
    except ProofNeeded:
        raise
    except Refusal as refusal:
        return await _page(reader, seal, key=key, refusal=refusal)
    return reader.to(PLACE)


def _id(form: dict[str, str]) -> UUID:
    try:
        return UUID(form.get("passkey", ""))
    except ValueError as bad:
        raise NotFound("passkey") from bad


async def _page(
    reader: Reader,
    seal: Seal,
    *,
    key: AuthenticatorKey | None = None,
    codes: list[str] | None = None,
    refusal: Refusal | None = None,
) -> Response:
    field = None if refusal is None else refusal.facts.get("field")
    message = None if refusal is None else refusal.message
    return await reader.page(
        "sign_in",
        "settings",
        status=200 if refusal is None else 422,
        factors=await read_factors(reader.work, seal),
        key=key,
        codes=codes or [],
        errors={str(field): message} if field else {},
        problem=None if field else message,
    )
