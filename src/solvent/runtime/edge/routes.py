"""Routes that open a work for their handler, and close it with the answer.

``HouseholdRoute`` wants a credential; it opens the work of that person, in the household that the
path names if it names one, answers 304 when nothing has changed, replays a write that was sent
before, and commits when the handler has answered. A personal access token is let in where the table
of permits says so and nowhere else; that it was used is noted after the answer.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeAlias
from uuid import UUID

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from starlette.background import BackgroundTask
from starlette.status import HTTP_200_OK, HTTP_400_BAD_REQUEST, HTTP_403_FORBIDDEN

from solvent.kernel.errors import NotFound
from solvent.runtime.edge import idempotency
from solvent.runtime.edge.credentials import SAFE_METHODS, Tokens
from solvent.runtime.edge.documented import problems
from solvent.runtime.edge.standing import StandingAnswers, unchanged
from solvent.runtime.edge.straight import Handler, straight
from solvent.runtime.edge.tokenuse import note_use
from solvent.runtime.edge.versions import answer_tag
from solvent.runtime.permit import NO_TOKEN, Permit
from solvent.runtime.work import Credential, Work, Works

Permits: TypeAlias = Mapping[tuple[str, str], Permit]
"""What a personal access token must be for, by method and path as the OpenAPI document has them."""


async def current_work(request: Request) -> Work:
    """Return the work that the route opened for this request.

    A coroutine: FastAPI would send a plain function to a thread.
    """
    work: Work = request.state.work
    return work


CurrentWork = Annotated[Work, Depends(current_work)]


class HouseholdRoute(APIRoute):
    """A route for people who are logged in, and for tokens that the table of permits lets in."""

    standing = False
    """Whether its answers hang on the books alone, so that they stand while the books do."""

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        responses: dict[int | str, dict[str, Any]] | None = None,
        **more: Any,
    ) -> None:
        """Document, beside what the route says itself, that somebody may be known and not let in."""
        documented = problems(HTTP_403_FORBIDDEN) | (responses or {})
        super().__init__(path, endpoint, responses=documented, **more)

    def get_route_handler(self) -> Handler:
        """Wrap the handler of the route in a work."""
        handler = straight(self.endpoint, super().get_route_handler())

        async def handle(request: Request) -> Response:
            tokens: Tokens = request.app.state.tokens
            works: Works = request.app.state.works
            permits: Permits = request.app.state.permits
            permit = permits.get((request.method, self.path_format), NO_TOKEN)
            credential = tokens.credential(request)
            await tokens.check_same_site(request)
            household = _household(request)
            known = await _unchanged(request, works, credential, household, permit)
            if known is not None:
                return known
            async with works.for_session(credential, household, cause="api", permit=permit) as work:
                request.state.work = work
                request.state.sender = work.scope.sender
                if request.method in SAFE_METHODS:
                    keep = permit if self.standing else None
                    answer = await _read(request, work, handler, standing=keep)
                else:
                    answer = await _write(request, work, handler)
            if work.scope.use_is_due:
                answer.background = BackgroundTask(note_use, works, work.scope)
            return answer

        return handle


class StandingRoute(HouseholdRoute):
    """A route whose answers hang on the books alone: given again from memory while they stand."""

    standing = True


def _household(request: Request) -> UUID | None:
    text = request.path_params.get("household")
    if text is None:
        return None
    try:
        return UUID(str(text))
    except ValueError as bad:
        raise NotFound("household") from bad


async def _unchanged(
    request: Request,
    works: Works,
    credential: Credential,
    household: UUID | None,
    permit: Permit,
) -> Response | None:
    """Answer 304 to a question whose answer still holds; no transaction is opened for it."""
    asked = request.headers.get("if-none-match")
    if asked is None or household is None or request.method not in SAFE_METHODS:
        return None
    scope = await works.glance(credential, household, permit=permit)
    request.state.sender = scope.sender
    tag = answer_tag(request, scope, works.clock)
    if asked != tag:
        return None
    answer = unchanged(tag)
    if scope.use_is_due:
        answer.background = BackgroundTask(note_use, works, scope)
    return answer


async def _read(
    request: Request, work: Work, handler: Handler, *, standing: Permit | None
) -> Response:
    """Answer a question; with a permit in ``standing``, the answer may be given again from memory."""
    answer = await handler(request)
    if answer.status_code >= HTTP_400_BAD_REQUEST:
        return answer
    own = answer.headers.get("etag")
    if own is not None and own == request.headers.get("if-none-match"):
        return unchanged(own)
    answer.headers.setdefault("cache-control", "private, no-cache")
    if own is None and work.scope.household:
        tag = answer.headers["etag"] = answer_tag(request, work.scope, work.clock)
        if standing is not None and answer.status_code == HTTP_200_OK:
            memory: StandingAnswers = request.app.state.standing
            memory.remember(request, answer, tag, standing)
    return answer


async def _write(request: Request, work: Work, handler: Handler) -> Response:
    key = request.headers.get(idempotency.HEADER)
    if key is None:
        return await handler(request)
    once = idempotency.Once(work, request, key)
    answer = await once.replay()
    if answer is None:
        answer = await handler(request)
        await once.keep(answer)
    return answer
