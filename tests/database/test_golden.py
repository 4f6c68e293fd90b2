"""What others build on, kept as files: the OpenAPI document and the schema of the database."""

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from fastapi import FastAPI

from solvent.entrypoints.asgi import create_app
from solvent.runtime.database import DatabaseAddress
from solvent.runtime.settinggroups import Settings
from tests.database.servers import Server

GOLDEN = Path(__file__).parents[1] / "golden"
DUMP = "/usr/lib/postgresql/15/bin/pg_dump"


def check(path: Path, text: str) -> None:
    """Hold ``text`` against the golden file; SOLVENT_GOLDEN=1 writes it anew."""
    if os.environ.get("SOLVENT_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, "refresh with `make golden` and read the diff"


@pytest.mark.golden
def test_the_openapi_document_is_as_it_was_reviewed(settings: Settings) -> None:
    nowhere = DatabaseAddress("postgresql://nowhere", "postgresql://nowhere", "")
    document = cast("FastAPI", create_app(settings, nowhere).app).openapi()
    check(GOLDEN / "openapi.json", json.dumps(document, indent=1, sort_keys=True) + "\n")


@pytest.mark.golden
def test_the_schema_is_as_it_was_reviewed(servers: Callable[[str], Server]) -> None:
    server = servers("debian-15")
    name = server.migrated()
    command = [DUMP, "--schema-only", "--no-owner", "--schema=solvent", server.address(name).owner]
    try:
        dumped = subprocess.run(command, check=True, capture_output=True, text=True)
    finally:
        server.drop(name)
    lines = [
        line
        for line in dumped.stdout.splitlines()
        if line.strip() and not line.startswith(("--", "SET ", "SELECT pg_catalog"))
    ]
    text = re.sub(r"^\\(un)?restrict .*$", "", "\n".join(lines), flags=re.MULTILINE)
    check(GOLDEN / "schema.sql", text.strip() + "\n")
