"""Versions of things and of answers, as entity tags (RFC 9110).

A single resource's tag is the seq of its own last change; ``If-Match`` names it. The tag of any other
answer about a household is a digest of everything that it depends on: while the household's seq
stands still, the same question by the same person has the same answer.
"""

import hashlib
from importlib.metadata import version

from starlette.requests import Request

from solvent.kernel.clock import Clock, local_day
from solvent.kernel.errors import Refusal
from solvent.runtime.scope import Scope

RELEASE = version("solvent")


class StaleVersion(Refusal):
    """The thing has changed since the version that the request names."""

    code = "request.version_stale"

    def __init__(self, *, current: int) -> None:
        """Name the current version."""
        super().__init__(
            "This has been changed in the meantime. Read it again and repeat your change.",
            current=current,
        )


class BadVersion(Refusal):
    """``If-Match`` does not hold a version."""

    code = "request.bad_version"

    def __init__(self) -> None:
        """Say the form."""
        super().__init__('If-Match takes the ETag that was read, such as "12", or *.')


def resource_tag(changed_seq: int) -> str:
    """Return the entity tag of a resource last changed at ``changed_seq``."""
    return f'"{changed_seq}"'


def seen_tag(tag: str, scope: Scope) -> str:
    """Return the tag of a resource for whoever does not see all of it: another one for each access."""
    return tag if scope.access.reads_all else f'{tag[:-1]}-{scope.access.digest}"'


def expected_version(header: str | None) -> int | None:
    """Read ``If-Match``: a seq, or None when absent or ``*``."""
    if header is None or header.strip() == "*":
        return None
    text = header.strip().removeprefix("W/").strip('"').partition("-")[0]
    if not (text.isascii() and text.isdigit() and len(text) < 19):  # noqa: PLR2004 - 64 bits
        raise BadVersion
    return int(text)


def check_version(expected: int | None, current: int) -> None:
    """Refuse when a version is expected and it is not the current one."""
    if expected is not None and expected != current:
        raise StaleVersion(current=current)


def answer_tag(request: Request, scope: Scope, clock: Clock) -> str:
    """Return the tag of the answer to ``request`` while the household's seq stands still."""
    question = request.scope["query_string"].decode("latin-1")
    allowed = "all" if scope.allowed is None else " ".join(sorted(scope.allowed))
    facts = (
        f"{scope.household}|{scope.seq}|{scope.person}|{scope.access.digest}|{allowed}"
        f"|{scope.only_household}|{request.scope['path']}?"
        f"{question}|{local_day(clock, scope.time_zone)}|{scope.locale}|{RELEASE}"
        f"|{request.headers.get('accept-language', '')}"
    )
    return f'W/"{hashlib.blake2b(facts.encode(), digest_size=12).hexdigest()}"'
