"""Forms are read in one place, with few parts: one file, and no more fields than a page has."""

from typing import Final

from starlette.datastructures import FormData
from starlette.requests import Request

FILES_MAX: Final = 1
FIELDS_MAX: Final = 500
FIELD_BYTES_MAX: Final = 64 * 1024


async def read_form(request: Request) -> FormData:
    """Return the form of a request; the framework refuses one of too many or too large parts."""
    return await request.form(
        max_files=FILES_MAX, max_fields=FIELDS_MAX, max_part_size=FIELD_BYTES_MAX
    )
