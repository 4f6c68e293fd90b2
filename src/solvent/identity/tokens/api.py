"""Personal access tokens over HTTP: make, list, revoke; for people who are logged in, never by token."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from solvent.identity.tokens.domain import (
    LIFETIME_DAYS,
    LIFETIME_DAYS_MAX,
    TOKEN_NAME_CHARS_MAX,
    USUAL_SCOPES,
    MadeToken,
    NewToken,
    Token,
    TokenScope,
)
from solvent.identity.tokens.operations.list_tokens import list_tokens
from solvent.identity.tokens.operations.make_token import make_token
from solvent.identity.tokens.operations.revoke_token import revoke_token
from solvent.runtime.edge.answers import NO_STORE, json_answer
from solvent.runtime.edge.documented import problems
from solvent.runtime.edge.fields import Name
from solvent.runtime.edge.problems import declare
from solvent.runtime.edge.routes import CurrentWork, HouseholdRoute

declare(
    {
        "identity.bad_token_lifetime": 422,
        "identity.bad_token_name": 422,
        "identity.bad_token_scopes": 422,
        "identity.too_many_tokens": 409,
    }
)

router = APIRouter(prefix="/api/v1/tokens", tags=["tokens"], route_class=HouseholdRoute)


class TokenBody(BaseModel):
    """A token to be made; without a household it is for all of the person's."""

    name: Annotated[Name, Field(max_length=TOKEN_NAME_CHARS_MAX)]
    scopes: Annotated[list[TokenScope], Field(min_length=1, max_length=len(TokenScope))] = list(
        USUAL_SCOPES
    )
    household: UUID | None = None
    expires_in_days: Annotated[int, Field(ge=1, le=LIFETIME_DAYS_MAX)] = LIFETIME_DAYS


class TokensAnswer(BaseModel):
    """The tokens of a person; there are few, so there is one page."""

    items: list[Token]
    next_cursor: None = None


@router.get("", response_model=TokensAnswer, responses=problems(401, 403))
async def get_tokens(work: CurrentWork) -> Response:
    """List one's own tokens that are good now, newest first."""
    return json_answer({"items": await list_tokens(work), "next_cursor": None})


@router.post(
    "", status_code=201, response_model=MadeToken, responses=problems(401, 403, 404, 409, 422)
)
async def post_token(body: TokenBody, work: CurrentWork) -> Response:
    """Make a token; ``token`` in the answer is shown this once."""
    new = NewToken(body.name, body.scopes, body.household, body.expires_in_days)
    return json_answer(await make_token(work, new=new), 201, NO_STORE)


@router.delete("/{token}", status_code=204, responses=problems(401, 403, 404, 422))
async def delete_token(token: UUID, work: CurrentWork) -> Response:
    """Revoke a token; it is refused from this moment on."""
    await revoke_token(work, token=token)
    return Response(status_code=204)
