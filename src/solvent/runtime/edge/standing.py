"""Answers that still stand: what a household was told is told again while its seq stands still.

An answer about the books depends on nothing that its tag does not name (:mod:`versions`). So a
process remembers the answers of routes that say so, and gives one again after a single question to
the database: the one that checks the session, says what its person may see, and at which seq the
household is. It asks before the framework does, for that costs several times as much as the answer.
Nothing is ever thrown out by hand: an answer whose tag has moved on is forgotten, and so is the one
asked for the longest ago when there are too many.
"""

from collections import OrderedDict
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeAlias
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from solvent.kernel.errors import Refusal
from solvent.runtime.edge.credentials import Tokens
from solvent.runtime.edge.problems import refusal_answer
from solvent.runtime.edge.tokenuse import note_use
from solvent.runtime.edge.versions import answer_tag
from solvent.runtime.permit import Permit
from solvent.runtime.work import Credential, Works

PREFIX = "/api/v1/households/"
UUID_CHARS = 36
REMEMBERED_BYTES_MAX = 24 * 1024 * 1024
"""What one process remembers altogether, bodies and what belongs to them."""
ANSWER_BYTES_MAX = 512 * 1024
"""The longest body that is remembered."""
OVERHEAD_BYTES = 1_500
"""What an answer takes beside its body, roughly."""

Question: TypeAlias = tuple[Credential, str, bytes, str]
"""Who asks, the path, the query as it stands in the address, and the languages asked for."""


@dataclass(frozen=True, slots=True)
class StandingAnswer:
    """An answer as it was given, with the tag that it stands by and the route that gave it.

    ``permit`` is what a personal access token must be for to be told it.
    """

    tag: str
    permit: Permit
    start: Message
    body: Message
    route: object

    @property
    def bytes(self) -> int:
        """What it takes in memory, roughly."""
        return len(self.body["body"]) + OVERHEAD_BYTES


class StandingAnswers:
    """The answers that one process remembers."""

    def __init__(self, tokens: Tokens, works: Works) -> None:
        """Check who asks with ``tokens``, and what they may see with ``works``."""
        self._tokens = tokens
        self._works = works
        self._answers: OrderedDict[Question, StandingAnswer] = OrderedDict()
        self._bytes = 0

    async def answered(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Answer from memory, and tell whether that was possible; if not, nothing was sent."""
        if scope["type"] != "http" or scope["method"] != "GET":
            return False
        if not scope["path"].startswith(PREFIX):
            return False
        request = Request(scope)
        try:
            question = self._question(request)
            known = self._answers.get(question)
            if known is None:
                return False
            household = UUID(scope["path"][len(PREFIX) : len(PREFIX) + UUID_CHARS])
            seen = await self._works.glance(question[0], household, permit=known.permit)
        except Refusal as refusal:
            await refusal_answer(request, refusal)(scope, receive, send)
            return True
        if answer_tag(request, seen, self._works.clock) != known.tag:
            self._forget(question)
            return False
        self._answers.move_to_end(question)
        request.state.sender = seen.sender
        scope["route"] = known.route
        if request.headers.get("if-none-match") == known.tag:
            await unchanged(known.tag)(scope, receive, send)
        else:
            await send(known.start)
            await send(known.body)
        if seen.use_is_due:
            await note_use(self._works, seen)
        return True

    def remember(self, request: Request, answer: Response, tag: str, permit: Permit) -> None:
        """Keep ``answer``, which stands while its question has ``tag``, unless it is too long."""
        body = bytes(answer.body)
        if request.method != "GET" or len(body) > ANSWER_BYTES_MAX:
            return
        headers = list(answer.raw_headers)
        start = {"type": "http.response.start", "status": answer.status_code, "headers": headers}
        route: Any = request.scope.get("route")
        question = self._question(request)
        self._forget(question)
        end = {"type": "http.response.body", "body": body}
        kept = StandingAnswer(tag, permit, start, end, route)
        self._answers[question] = kept
        self._bytes += kept.bytes
        while self._bytes > REMEMBERED_BYTES_MAX:
            self._forget(next(iter(self._answers)))

    def _forget(self, question: Question) -> None:
        known = self._answers.pop(question, None)
        if known is not None:
            self._bytes -= known.bytes

    def _question(self, request: Request) -> Question:
        credential = self._tokens.credential(request)
        scope, languages = request.scope, request.headers.get("accept-language", "")
        return credential, scope["path"], scope["query_string"], languages


def unchanged(tag: str) -> Response:
    """Answer that what the client has is still right."""
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"etag": tag})
