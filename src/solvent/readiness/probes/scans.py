"""Scans of the program's own files: statements that are built, secrets that are written down."""

import ast
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import quote

from solvent.kernel.probe import Bench, Probe, static_scan
from solvent.runtime.keys import generate_key
from solvent.runtime.secretreport import report_secrets

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

SHAPES: Final = "readiness/probes/shapes.txt"
"""Where the shapes of well-known keys stand, one expression a line."""
SECRET_CHARS_MIN: Final = 32
UNPROCESSABLE: Final = 422
STATEMENT: Final = re.compile(
    r"\s*(?:select\b.*\bfrom|insert\s+into|update\b.*\bset|delete\s+from|with\b.*\bas)\b",
    re.IGNORECASE | re.DOTALL,
)
READ_SUFFIXES: Final = frozenset(
    {".py", ".toml", ".html", ".css", ".js", ".json", ".txt", ".sql", ".po", ".j2", ".md"}
)
INJECTIONS: Final = (
    "' or '1'='1",
    "'; select pg_sleep(3); --",
    '" union select password_hash from person --',
    "%'; drop table journal; --",
    "\\'; delete from posting; --",
)
SLEPT_MS: Final = 2_500


@static_scan("input-sql-parameterised")
async def statements_are_constants(bench: Bench) -> None:
    """Read the program's statements, then try injections on every text of the list."""
    folder = bench.installation.package
    built = [where for path in sorted(folder.rglob("*.py")) for where in _built(path, folder)]
    bench.hold("No statement takes a text from its caller", not built, built or "none")
    who = await bench.someone()
    whole = await bench.get(f"{who.home}/transactions", by=who)
    for text in INJECTIONS:
        for name in ("text", "payee", "category", "state", "cursor"):
            path = f"{who.home}/transactions?{name}={quote(text)}"
            answer = await bench.get(path, by=who)
            sane = answer.status in {200, 404, UNPROCESSABLE} and answer.ms < SLEPT_MS
            grown = len(answer.at("items") or ()) > len(whole.at("items"))
            if not sane or grown:
                bench.hold(
                    f"{name} is only text", truth=False, got=f"{answer.status} {answer.ms:.0f} ms"
                )
    bench.note("Injections that were tried", len(INJECTIONS))


def _built(path: Path, folder: Path) -> Iterator[str]:
    """Yield where a public function puts a text that it was handed into a statement."""
    for function in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(function, Function) or function.name.startswith("_"):
            continue
        handed = {
            a.arg
            for a in _arguments(function)
            if a.annotation and ast.unparse(a.annotation) == "str"
        }
        for node in ast.walk(function):
            if isinstance(node, ast.JoinedStr) and _is_statement(node) and _put_in(node) & handed:
                yield f"{path.relative_to(folder)}:{node.lineno}"


def _arguments(function: Function) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def _is_statement(text: ast.JoinedStr) -> bool:
    said = "".join(str(each.value) for each in text.values if isinstance(each, ast.Constant))
    return bool(STATEMENT.match(said))


def _put_in(text: ast.JoinedStr) -> set[str]:
    """Return the names that stand in a text as they are."""
    parts = (each.value for each in text.values if isinstance(each, ast.FormattedValue))
    return {each.id for each in parts if isinstance(each, ast.Name)}


def _texts(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files below ``folder`` that a secret could stand in."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in READ_SUFFIXES and path.is_file():
            yield path.relative_to(folder), path.read_text("utf-8", errors="replace")


def _planted(bench: Bench, folder: Path) -> list[str]:
    """Return where something below ``folder`` looks like a secret."""
    shapes = (bench.installation.package / SHAPES).read_text("ascii").split()
    looks = re.compile("|".join(shapes) or "(?!)")
    return [
        f"{path}:{text.count(chr(10), 0, found.start()) + 1}"
        for path, text in _texts(folder)
        for found in looks.finditer(text)
    ]


@static_scan("secrets-none-in-source")
async def the_program_holds_no_secret(bench: Bench) -> None:
    """Read every file of the program."""
    found = _planted(bench, bench.installation.package)
    bench.hold("Nothing looks like a secret", not found, found or "none")


@static_scan("secrets-hardcoded-scan")
async def the_scan_finds_a_planted_secret(bench: Bench) -> None:
    """Plant a key in a folder of our own and let the scan look."""
    with tempfile.TemporaryDirectory(prefix="solvent-certify-") as folder:
        (Path(folder) / "settings.py").write_text(f'KEYS = "{generate_key()}"\n')
        found = _planted(bench, Path(folder))
    bench.equal("Where the scan finds a planted key", found, ["settings.py:1"])


@static_scan("secrets-none-in-documents")
async def no_document_holds_a_secret(bench: Bench) -> None:
    """Look for every secret in use in the program's files and in the last reports."""
    secrets = _values(bench.installation.environ)
    data_dir: Path | None = bench.installation.setting("SOLVENT_DATA_DIR")
    reports = [] if data_dir is None else [data_dir / "readiness"]
    hits = [
        str(path)
        for folder in (bench.installation.package, *reports)
        for path, text in _texts(folder)
        if any(secret in text for secret in secrets)
    ]
    bench.hold("No file holds one", not hits, hits or "none")
    plain = _files_of_secrets(data_dir)
    bench.hold("No file of plain secrets lies in the data directory", not plain, plain or "none")


def _files_of_secrets(data_dir: Path | None) -> list[str]:
    return [] if data_dir is None else [path.name for path in data_dir.glob("*secret*.txt")]


def _values(environ: Mapping[str, str]) -> list[str]:
    """Return the secret parts of ``environ``, long enough to be told from words."""
    names = {each.setting for each in report_secrets(environ).secrets}
    rings = (entry for name in names for entry in environ.get(name, "").split(","))
    texts = (entry.rpartition(":")[2] for entry in rings)
    return [text for text in texts if len(text) > SECRET_CHARS_MIN]


PROBES: Final[Sequence[Probe]] = (
    statements_are_constants,
    the_program_holds_no_secret,
    the_scan_finds_a_planted_secret,
    no_document_holds_a_secret,
)
