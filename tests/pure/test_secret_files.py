"""Files of secrets: other lines stay, a file is replaced whole, and what was there is kept."""

import json
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.runtime.keys import KeyRing, generate_key
from solvent.runtime.secretfiles import (
    SecretFileRefused,
    create_secret_file,
    replace_secret_file,
    rotated,
    value_in,
    with_values,
)

NOW = datetime(2026, 11, 1, 12, 30, tzinfo=UTC)
SAMPLE = """\
# The books of the house
export SOLVENT_ENV=production
SOLVENT_PUBLIC_URL = 'https://money.example'

SOLVENT_SECRET_KEYS="old"
# SOLVENT_SECRET_KEYS=commented
NOT A LINE OF OURS
LAST=1"""

VALUES = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=20)
LINES = st.one_of(
    st.just("# a comment"),
    st.just(""),
    st.just("no assignment"),
    st.builds("{}={}".format, st.sampled_from(["A", "B", "export C", " D "]), VALUES),
    st.builds('{}="{}"'.format, st.sampled_from(["A", "B"]), VALUES),
)


def test_only_the_chosen_lines_change_and_keep_their_quotes() -> None:
    changed = with_values(SAMPLE, {"SOLVENT_SECRET_KEYS": "new", "SOLVENT_ENV": "staging"})
    assert changed == SAMPLE.replace('"old"', '"new"').replace("=production", "=staging")


def test_a_missing_name_is_added_on_a_line_of_its_own() -> None:
    assert with_values(SAMPLE, {"ADDED": "1"}) == SAMPLE + "\nADDED=1\n"
    assert with_values("", {"ADDED": "1"}) == "ADDED=1\n"


@given(st.lists(LINES, max_size=12), st.dictionaries(st.sampled_from("ABCXY"), VALUES, max_size=3))
def test_what_is_set_is_read_back_and_other_lines_stay(
    lines: list[str], values: dict[str, str]
) -> None:
    before = "\n".join(lines)
    after = with_values(before, values)
    for name, value in values.items():
        assert value_in(after, name) == value
    kept = [
        line for line in before.splitlines() if not any(value_in(line, name) for name in values)
    ]
    assert [line for line in after.splitlines() if line in kept][: len(kept)] == kept


def test_a_file_is_replaced_with_its_mode_and_a_copy_of_before(tmp_path: Path) -> None:
    file = tmp_path / "env"
    file.write_text("A=1\n")
    file.chmod(0o640)
    copy = replace_secret_file(file, "A=2\n", now=NOW)
    assert file.read_text() == "A=2\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert (copy.name, copy.read_text()) == ("env.20261101T123000.bak", "A=1\n")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert sorted(tmp_path.iterdir()) == [file, copy]


def test_a_file_that_cannot_be_replaced_is_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / ("n" * 250)
    file.write_text("A=1\n")
    with pytest.raises(SecretFileRefused, match="as it was"):
        replace_secret_file(file, "A=2\n", now=NOW)
    assert file.read_text() == "A=1\n"
    assert list(tmp_path.iterdir()) == [file]


def test_a_new_file_takes_no_others_place(tmp_path: Path) -> None:
    file = tmp_path / "env"
    create_secret_file(file, "A=1\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(SecretFileRefused, match="there already"):
        create_secret_file(file, "A=2\n")
    assert file.read_text() == "A=1\n"


def test_a_rotated_ring_begins_with_a_new_key_and_keeps_so_many() -> None:
    ring = ",".join(generate_key() for _ in range(3))
    before, after = KeyRing.parse(ring), KeyRing.parse(rotated(ring, kept=2))
    assert after.kids[1:] == before.kids[:2]
    assert after.current_kid not in before.kids


def solvent(*arguments: str, **environ: str) -> tuple[int, str]:
    """Run the command with ``environ`` alone; return its exit code and what it printed."""
    done = subprocess.run(
        [Path(sys.executable).with_name("solvent"), "secrets", *arguments],
        env={"PATH": os.environ["PATH"], "HOME": "/nowhere"} | environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


def told(*arguments: str, **environ: str) -> tuple[int, Any]:
    """Run the command with --json; return its exit code and its document."""
    code, printed = solvent(*arguments, "--json", **environ)
    return code, json.loads(printed.splitlines()[0])


def test_secrets_are_made_looked_at_and_changed_by_command(tmp_path: Path) -> None:
    file = tmp_path / "solvent.env"
    assert told("generate", "--out", str(file))[0] == 0
    made = dict(line.split("=", 1) for line in file.read_text().splitlines())
    environ = made | {"SOLVENT_DATABASE_URL": "postgresql://app@localhost/x"}
    code, report = told("check", **environ)
    assert (code, report["findings"]) == (0, [])
    assert [(one["setting"], one["bits"]) for one in report["secrets"]] == [
        ("SOLVENT_SECRET_KEYS", 512),
        ("SOLVENT_FIELD_KEYS", 512),
    ]
    code, changed = told("rotate", "--env-file", str(file), **environ)
    assert (code, changed["setting"]) == (0, "SOLVENT_SECRET_KEYS")
    after = dict(line.split("=", 1) for line in file.read_text().splitlines())
    assert after["SOLVENT_SECRET_KEYS"].endswith("," + made["SOLVENT_SECRET_KEYS"])
    assert after["SOLVENT_FIELD_KEYS"] == made["SOLVENT_FIELD_KEYS"]
    for ring in made.values():
        assert ring.partition(":")[2] not in json.dumps([report, changed])


def test_a_ring_in_a_file_of_its_own_is_changed_there(tmp_path: Path) -> None:
    file = tmp_path / "ring"
    create_secret_file(file, generate_key() + "\n")
    pointer = {"SOLVENT_FIELD_KEYS_FILE": str(file)}
    code, changed = told("rotate", "--ring", "field", **pointer)
    assert (code, changed["file"]) == (0, str(file))
    assert len(KeyRing.parse(file.read_text().strip()).kids) == 2


def test_a_ring_of_the_environment_is_not_changed_behind_its_back() -> None:
    code, printed = solvent("rotate", SOLVENT_SECRET_KEYS=generate_key())
    assert code == 1
    assert "--env-file" in printed


def test_a_wanting_secret_makes_the_check_fail_without_being_shown() -> None:
    code, printed = solvent(
        "check",
        SOLVENT_SECRET_KEYS=generate_key(),
        SOLVENT_FIELD_KEYS=generate_key(),
        SOLVENT_DATABASE_URL="postgresql://app:hunter2@db.example/x",
    )
    assert code == 1
    assert "published" in printed
    assert "hunter2" not in printed
