"""`solvent read`: what a file says, as the contract has it, quickly and without a stack trace."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from solvent.entrypoints.cli.answers import as_text, visible
from solvent.entrypoints.cli.main import app

SOLVENT = Path(sys.executable).parent / "solvent"
CORPUS = Path(__file__).parent.parent / "corpus" / "ofx"
CARD = CORPUS / "annacruz-ofx__creditcard.ofx"

ASKED = """Date,Amount
01/02/2026,10.00
03/04/2026,-4.20
"""


def read(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, Any, str]:
    """Run the command in this process; return its exit code, its document and its complaints."""
    code = app(["read", *map(str, arguments), "--json"])
    said = capsys.readouterr()
    return code, json.loads(said.out), said.err


def test_the_document_has_every_field_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    code, document, complaints = read(capsys, CARD)
    assert (code, complaints) == (0, "")
    assert {
        "file",
        "format",
        "transactions",
        "sums",
        "first_date",
        "last_date",
        "closing",
        "accounts",
        "rejected",
        "warnings",
        "error",
    } <= set(document)
    assert document["file"] == str(CARD)
    assert document["format"] == "ofx"
    assert document["error"] is None
    (total,) = document["sums"].values()
    assert isinstance(total, str)
    assert "." in total
    assert document["first_date"] <= document["last_date"]


def test_a_closing_balance_names_its_account_its_amount_and_its_day(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, document, _ = read(capsys, CORPUS / "bankfile__header-on-one-line.qfx")
    (closing,) = document["closing"]
    assert set(closing) == {"account", "amount", "currency", "on"}
    assert closing["account"] == document["accounts"][0]["identifier"]


def test_a_file_that_needs_an_answer_is_refused_with_its_questions(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "bank.csv"
    file.write_text(ASKED)
    code, document, complaints = read(capsys, file)
    assert code == 1
    assert document["error"]["code"] == "intake.needs_answer"
    assert document["questions"][0]["message"] in document["error"]["message"]
    assert complaints.startswith("solvent: ")
    assert document["transactions"] == 0
    assert document["sums"] == {}


def test_a_mapping_answers_the_questions(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file, mapping = tmp_path / "bank.csv", tmp_path / "mapping.json"
    file.write_text(ASKED)
    told = {"date_format": "DD/MM/YYYY", "currency": "GBP"}
    _, asked, _ = read(capsys, file)
    for question in asked["questions"]:
        told |= question["choices"][0]["mapping"]
    mapping.write_text(json.dumps(told))
    code, document, _ = read(capsys, file, "--mapping", mapping)
    assert (code, document["error"], document["transactions"]) == (0, None, 2)
    assert document["sums"] == {"GBP": "5.80"}


def test_a_currency_that_no_one_names_is_unknown(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "bank.csv"
    file.write_text("Date,Description,Amount\n2026-01-31,Tea,-1.50\n2026-02-01,Pay,20.00\n")
    code, document, _ = read(capsys, file)
    assert (code, document["sums"]) == (0, {"UNKNOWN": "18.50"})


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "intake.empty_file"),
        (bytes(range(256)) * 50, "intake.not_a_statement"),
        (b"OFXHEADER:100\n\n<OFX>", "intake.ofx_"),
    ],
)
def test_what_is_no_statement_is_refused_by_code(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes, error: str
) -> None:
    file = tmp_path / "strange.ofx"
    file.write_bytes(content)
    code, document, _ = read(capsys, file)
    assert code == 1
    assert document["error"]["code"].startswith(error)
    assert document["transactions"] == 0


@pytest.mark.parametrize("name", ["nowhere.ofx", ".", "nul\0.ofx", "/dev/null", "pipe"])
def test_what_is_no_file_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    os.mkfifo(tmp_path / "pipe")
    code, document, _ = read(capsys, tmp_path / name)
    assert (code, document["error"]["code"]) == (1, "bad_value")


@pytest.mark.parametrize("text", ["[]", "no JSON", "[" * 100_000, '{"a": ' * 100_000])
def test_a_mapping_that_is_none_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str
) -> None:
    mapping = tmp_path / "mapping.json"
    mapping.write_text(text)
    code, document, _ = read(capsys, CARD, "--mapping", mapping)
    assert (code, document["error"]["code"]) == (1, "bad_value")


def test_a_person_gets_lines_without_control_characters(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "escape\x1b[2J.csv"
    file.write_text("Date,Description,Amount\n2026-01-31,Tea,-1.50\n2026-01-32,Pay,20.00\n")
    assert app(["read", str(file)]) == 0
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "refused  line 3" in said


def test_visible_text_leaves_nothing_to_a_terminal() -> None:
    assert visible("a\x1b[31m\r\nb\udcff") == "a\\x1b[31m\\r\\nb\\udcff"
    assert as_text({"name": "ä\udcff"}).isascii()


def test_the_command_starts_without_the_servers_and_the_databases_libraries() -> None:
    check = (
        "import sys; from solvent.entrypoints.cli.main import app; "
        f"app(['read', {str(CARD)!r}, '--json']); "
        "sys.exit(bool({'fastapi', 'asyncpg', 'pydantic', 'starlette', 'granian'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_program_exits_by_the_contract(tmp_path: Path) -> None:
    def code(*arguments: str | Path) -> int:
        return subprocess.run(
            [SOLVENT, *arguments], cwd=tmp_path, capture_output=True, check=False
        ).returncode

    assert code("read", CARD, "--json") == 0
    assert code("read", "nowhere.ofx", "--json") == 1
    assert code("read") == 2
    assert code("frobnicate") == 2
    assert code("--version") == 0
