"""Bank files of many banks, held against what they are known to say.

The chosen files beside this module always run, against `expected.json`. Where SOLVENT_CORPUS names
the full corpus, its own scorer judges every file of it; where it does not, that is said.
"""

import importlib.util
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from solvent.entrypoints.cli.read import read

HERE = Path(__file__).parent
SOLVENT = HERE.parents[1] / ".venv/bin/solvent"
CHOSEN: dict[str, dict[str, Any]] = json.loads((HERE / "expected.json").read_text())
THROUGH_THE_SHELL = 3
CSV_ALONE_MIN = 66
SAID_OF = ("first_date", "last_date", "sums", "transactions")

Answer = dict[str, Any]
Reader = Callable[[Path, dict[str, Any] | None], Answer]


@pytest.fixture
def answer_of(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Reader:
    """Ask as `solvent read --json` does, without a process for each file."""

    def ask(file: Path, told: dict[str, Any] | None) -> Answer:
        mapping = None if told is None else tmp_path / "mapping.json"
        if mapping is not None:
            mapping.write_text(json.dumps(told))
        capsys.readouterr()
        read(file, mapping=mapping, as_json=True)
        answer: Answer = json.loads(capsys.readouterr().out)
        return answer

    return ask


@pytest.mark.parametrize("name", sorted(CHOSEN))
def test_a_chosen_file_says_what_is_known_of_it(name: str, answer_of: Reader) -> None:
    answer = answer_of(HERE / name, None)
    assert facts(answer) == CHOSEN[name]


def test_every_chosen_file_is_expected() -> None:
    files = {str(file.relative_to(HERE)) for file in HERE.glob("*/*") if file.suffix != ".pyc"}
    assert files == set(CHOSEN)


@pytest.mark.parametrize("name", sorted(CHOSEN)[:THROUGH_THE_SHELL])
def test_the_command_says_the_same(name: str) -> None:
    done = subprocess.run(
        [SOLVENT, "read", HERE / name, "--json"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert facts(json.loads(done.stdout)) == CHOSEN[name]


def test_the_full_corpus_is_read_as_its_scorer_demands(answer_of: Reader) -> None:
    named = os.environ.get("SOLVENT_CORPUS")
    if not named:
        print("LEFT OUT: the full corpus (SOLVENT_CORPUS is not set)")
        return
    corpus = Path(named)
    scorer = imported(corpus.parent / "tools/score_corpus.py")
    entries = json.loads((corpus / "manifest.json").read_text())
    short: dict[str, list[str]] = {"ofx": [], "csv": [], "csv told": []}
    counted = dict.fromkeys(short, 0)
    for entry in entries:
        if entry["format"] not in short:
            continue
        told = entry["expected"].get("mapping")
        tries = {entry["format"]: None}
        if told and told.get("sufficient", True):
            tries[f"{entry['format']} told"] = told
        for label, mapping in tries.items():
            counted[label] += 1
            missed = scorer.shortfalls(entry, answer_of(corpus / entry["path"], mapping))
            short[label] += [f"{entry['path']}: {'; '.join(missed)}"] if missed else []
    assert all(counted.values()), counted
    assert not short["ofx"]
    assert not short["csv told"]
    assert counted["csv"] - len(short["csv"]) >= CSV_ALONE_MIN, "\n".join(short["csv"])


def facts(answer: Answer) -> Answer:
    """Return what `expected.json` keeps of an answer: figures, closings, codes."""
    kept = {name: answer[name] for name in SAID_OF}
    return kept | {
        "closing": [[each["amount"], each["currency"], each["on"]] for each in answer["closing"]],
        "rejected": [[each["line"], each["code"]] for each in answer["rejected"]],
        "warnings": [each["code"] for each in answer["warnings"]],
        "error": answer["error"] and answer["error"]["code"],
    }


def imported(path: Path) -> ModuleType:
    """Import the scorer from where the corpus has it."""
    spec = importlib.util.spec_from_file_location("score_corpus", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
