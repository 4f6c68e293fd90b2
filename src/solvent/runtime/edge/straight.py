"""Routes that ask for a work and one query, called straight: the framework solves nothing for them.

FastAPI finds out anew, for every request, what each parameter is; for a list with a dozen filters
that takes longer than reading the list. Here the query is checked by its model and the handler is
called. What the model refuses goes the framework's way, so that it is refused in the same words.
"""

from collections.abc import Awaitable, Callable, Coroutine
from inspect import signature
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from fastapi import Request, Response
from fastapi.params import Query
from pydantic import BaseModel, ValidationError

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
WORK = "work"


def straight(endpoint: Callable[..., Awaitable[Response]], otherwise: Handler) -> Handler:
    """Return what handles a request to ``endpoint``: ``otherwise`` unless it asks for no more."""
    asked = _query_of(endpoint)
    if asked is None:
        return otherwise
    name, model = asked

    async def handle(request: Request) -> Response:
        try:
            query = model.model_validate(dict(request.query_params))
        except ValidationError:
            return await otherwise(request)
        return await endpoint(**{WORK: request.state.work, name: query})

    return handle


def _query_of(endpoint: Callable[..., object]) -> tuple[str, type[BaseModel]] | None:
    """Return the name and the model of the query, if that and a work are all it takes."""
    names = [name for name in signature(endpoint).parameters if name != WORK]
    if len(names) != 1:
        return None
    hint = get_type_hints(endpoint, include_extras=True)[names[0]]
    if get_origin(hint) is not Annotated:
        return None
    model, *marks = get_args(hint)
    is_query = any(isinstance(mark, Query) for mark in marks)
    if not (is_query and isinstance(model, type) and issubclass(model, BaseModel)):
        return None
    return names[0], model
