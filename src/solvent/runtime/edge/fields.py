"""Types of text in requests: text that PostgreSQL can hold and a person can read.

Control characters are refused at the edge, with the place they stand at: the database holds no NUL,
and a name with a line break in it is a trick or a mistake.
"""

import re
from datetime import date
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

NAME_CHARS_MAX = 200
LINE_CHARS_MAX = 1_000
TEXT_CHARS_MAX = 10_000

_CONTROLS = "\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029"
_CONTROLS_BUT_BREAKS = "\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_IN_LINE = re.compile(f"[{_CONTROLS}]")
_IN_TEXT = re.compile(f"[{_CONTROLS_BUT_BREAKS}]")


def _one_line(text: str) -> str:
    if _IN_LINE.search(text):
        raise PydanticCustomError("control_character", "Text on one line holds no such character")
    return text


def _readable(text: str) -> str:
    if _IN_TEXT.search(text):
        raise PydanticCustomError("control_character", "Text holds no control characters")
    return text


def _iso_day(value: object) -> object:
    """Refuse what pydantic would take for a number of seconds."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise PydanticCustomError("day", "A day is written as YYYY-MM-DD")
    return value


Day: TypeAlias = Annotated[date, BeforeValidator(_iso_day)]
"""A calendar day, written as YYYY-MM-DD and in no other way."""

Line: TypeAlias = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=LINE_CHARS_MAX),
    AfterValidator(_one_line),
    Field(json_schema_extra={"pattern": f"^[^{_CONTROLS}]*$"}),
]
"""Text on one line, stripped, perhaps empty."""

Name: TypeAlias = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_CHARS_MAX),
    AfterValidator(_one_line),
    Field(json_schema_extra={"pattern": f"^[^{_CONTROLS}]*$"}),
]
"""What a person calls something: one line, stripped, not empty."""

Text: TypeAlias = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=TEXT_CHARS_MAX),
    AfterValidator(_readable),
    Field(json_schema_extra={"pattern": f"^[^{_CONTROLS_BUT_BREAKS}]*$"}),
]
"""Text of any number of lines, stripped, perhaps empty."""
