"""Text that PostgreSQL can hold, or a refusal that names the place."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from solvent.runtime.edge.fields import Line, Name, Text


class Fields(BaseModel):
    """One of each."""

    line: Line = ""
    name: Name = "x"
    text: Text = ""


@pytest.mark.parametrize("bad", ["a\0b", "a\x1bb", "a\x7fb", "a\x85b", "a\ud800b"])
def test_no_field_takes_a_control_character(bad: str) -> None:
    for field in Fields.model_fields:
        with pytest.raises(ValidationError) as refused:
            Fields.model_validate({field: bad})
        assert refused.value.errors()[0]["loc"] == (field,)


def test_only_text_has_lines() -> None:
    assert Fields(text=" a\n\tb\r\nc ").text == "a\n\tb\r\nc"
    for field in ("line", "name"):
        with pytest.raises(ValidationError):
            Fields.model_validate({field: "a\nb"})


def test_space_around_is_taken_away_and_a_name_is_not_empty() -> None:
    assert Fields(line="  a b  ").line == "a b"
    with pytest.raises(ValidationError):
        Fields(name="  ")


@given(st.text())
def test_what_is_taken_can_be_stored_and_what_the_schema_lets_through_is_taken(text: str) -> None:
    for kind in (Line, Text):
        adapter = TypeAdapter(kind)
        pattern = adapter.json_schema()["pattern"]
        try:
            taken = adapter.validate_python(text)
        except ValidationError:
            assert re.search(pattern, text) is None
        else:
            assert "\0" not in taken
            json.dumps(taken).encode()
