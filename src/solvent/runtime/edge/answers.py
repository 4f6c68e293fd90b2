"""Answers as JSON, encoded by msgspec: several times quicker than through a response model."""

from typing import Final

import msgspec
from pydantic import BaseModel
from starlette.responses import Response

JSON: Final = "application/json"
NO_STORE: Final = {"cache-control": "no-store"}


def _encoded(value: object) -> object:
    """Return what msgspec can encode in place of ``value``."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"{type(value).__name__} is no JSON")


_encoder = msgspec.json.Encoder(enc_hook=_encoded, decimal_format="string")


def json_answer(
    value: object, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """Answer with ``value`` as JSON; dates are ISO 8601, ids and decimals are strings."""
    return Response(_encoder.encode(value), status, headers, JSON)
