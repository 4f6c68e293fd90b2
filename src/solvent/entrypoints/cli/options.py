"""Options that several commands have."""

from pathlib import Path
from typing import Annotated, TypeAlias

from cyclopts import Parameter

DataDir: TypeAlias = Annotated[
    Path | None, Parameter(help="Where files, keys and the embedded database live.")
]

HouseholdName: TypeAlias = Annotated[
    str, Parameter(name="--household", help="The household, by its id or its name.")
]
