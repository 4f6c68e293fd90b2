"""Plain imports, pure rooms, rooms that keep apart, and contracts that can be broken."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tools.generated import ROOT
from tools.tidy.imports import imports_are_plain, pure_rooms_stay_pure, rooms_keep_apart
from tools.tidy.source import Source


def at(path: str, text: str) -> Source:
    return Source(f"src/solvent/{path}", text)


@pytest.mark.parametrize(
    "bad",
    [
        "from . import money\n",
        "from ..kernel import money\n",
        "from typing import TYPE_CHECKING\n",
        "import typing\nif typing.TYPE_CHECKING:\n    x = 1\nTYPE_CHECKING\n",
        "def f():\n    import json\n",
        "async def f():\n    if x:\n        from json import loads\n",
    ],
)
def test_an_import_that_is_not_plain_is_found(bad: str) -> None:
    assert list(imports_are_plain(at("ledger/domain.py", bad)))


def test_absolute_imports_at_the_top_are_plain() -> None:
    assert not list(imports_are_plain(at("ledger/domain.py", "from solvent.kernel import money\n")))


@pytest.mark.parametrize("path", ["kernel/money.py", "ledger/domain.py", "ledger/invariants.py"])
def test_pure_code_uses_the_standard_library_only(path: str) -> None:
    assert not list(pure_rooms_stay_pure(at(path, "from decimal import Decimal\n")))
    assert list(pure_rooms_stay_pure(at(path, "import asyncpg\n")))


def test_code_with_input_and_output_may_use_libraries() -> None:
    assert not list(pure_rooms_stay_pure(at("ledger/store.py", "import asyncpg\n")))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("kernel/money.py", "from solvent.runtime.work import Work\n"),
        ("runtime/work.py", "from solvent.ledger.domain import Account\n"),
        ("ledger/domain.py", "from solvent.runtime.work import Work\n"),
        ("ledger/domain.py", "from solvent.ledger.store import Accounts\n"),
        ("ledger/domain.py", "from solvent.households.operations.add_member import add_member\n"),
        ("ledger/invariants.py", "from solvent.ledger.domain import Account\n"),
        ("intake/store.py", "from solvent.ledger.store import Accounts\n"),
        ("intake/store.py", "from solvent.ledger.domain import Account\n"),
        ("intake/operations/undo_import.py", "from solvent.ledger.store import Accounts\n"),
        ("intake/operations/undo_import.py", "from solvent.ledger import store\n"),
        ("ledger/api.py", "from solvent.ledger.store import Accounts\n"),
        ("ledger/api.py", "from solvent.households.api import router\n"),
        ("web/pages.py", "from solvent.ledger.store import Accounts\n"),
    ],
)
def test_a_room_that_reaches_too_far_is_found(path: str, text: str) -> None:
    assert list(rooms_keep_apart(at(path, text)))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("kernel/money.py", "from solvent.kernel.errors import Refusal\n"),
        ("runtime/work.py", "from solvent.kernel.clock import Clock\n"),
        ("runtime/schema.py", "import solvent\n"),
        ("ledger/domain.py", "from solvent.households.domain import Role\n"),
        ("ledger/store/accounts.py", "from solvent.ledger.domain import Account\n"),
        ("ledger/store.py", "from solvent.runtime.work import Work\n"),
        ("intake/operations/undo_import.py", "from solvent.intake.store.claims import Claims\n"),
        ("intake/operations/undo_import.py", "from solvent.intake.formats.ofx import Ofx\n"),
        ("intake/operations/undo_import.py", "from solvent.ledger.operations.post import post\n"),
        ("intake/operations/undo_import.py", "from solvent.categorisation.payees import clean\n"),
        ("ledger/api.py", "from solvent.ledger.operations.post import post\n"),
        ("web/pages.py", "from solvent.ledger.operations.post import post\n"),
        ("entrypoints/asgi.py", "from solvent.ledger.store import Accounts\n"),
    ],
)
def test_a_room_may_use_what_the_design_gives_it(path: str, text: str) -> None:
    assert not list(rooms_keep_apart(at(path, text)))


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """An empty house with every package and the contracts of this checkout."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    source = ROOT / "src"
    for package in (path.parent for path in source.rglob("__init__.py")):
        folder = tmp_path / "src" / package.relative_to(source)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
    return tmp_path


def contracts_kept(house: Path) -> bool:
    """Run the contracts over ``house`` and tell whether all are kept."""
    command = [str(ROOT / ".venv/bin/lint-imports"), "--no-cache", "--no-logo"]
    environment = os.environ | {"PYTHONPATH": str(house / "src")}
    done = subprocess.run(command, cwd=house, env=environment, capture_output=True, check=False)
    return done.returncode == 0


def test_an_empty_house_keeps_its_contracts(house: Path) -> None:
    assert contracts_kept(house)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("kernel/money.py", "import solvent.ledger\n"),
        ("ledger/store.py", "import solvent.ledger.operations\n"),
        ("garage/__init__.py", ""),
    ],
    ids=["upward", "from a lower room", "a package without a storey"],
)
def test_a_broken_contract_is_found(house: Path, path: str, text: str) -> None:
    (house / "src/solvent/ledger/operations").mkdir(exist_ok=True)
    (house / "src/solvent/ledger/operations/__init__.py").touch()
    (house / "src/solvent" / path).parent.mkdir(exist_ok=True)
    (house / "src/solvent" / path).write_text(text)
    assert not contracts_kept(house)


def test_a_cycle_is_found_at_any_depth(house: Path) -> None:
    formats = house / "src/solvent/intake/formats"
    formats.mkdir(exist_ok=True)
    (formats / "__init__.py").touch()
    (formats / "ofx.py").write_text("import solvent.intake.formats.csv\n")
    (formats / "csv.py").write_text("import solvent.intake.formats.ofx\n")
    assert not contracts_kept(house)
