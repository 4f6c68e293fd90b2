"""``solvent secrets``: the keys of an installation, made, looked at and changed."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from solvent.entrypoints.cli.answers import DONE, REFUSED, AsJson, show
from solvent.entrypoints.cli.options import DataDir
from solvent.runtime.environment import process_environment
from solvent.runtime.keys import generate_key
from solvent.runtime.secretfiles import (
    SecretFileRefused,
    create_secret_file,
    read_secret_file,
    replace_secret_file,
    rotated,
    value_in,
    with_values,
)
from solvent.runtime.secretreport import HeldSecret, report_secrets, ring_file
from solvent.runtime.settings import KEY_FILES
from solvent.runtime.systemclock import SystemClock

app = App(name="secrets", default_parameter=Parameter(negative=()))

RINGS = {"secret": "SOLVENT_SECRET_KEYS", "field": "SOLVENT_FIELD_KEYS"}
FORMER_KEPT = {"SOLVENT_SECRET_KEYS": 1, "SOLVENT_FIELD_KEYS": 15}
"""How many former keys stay: one for what is signed, all for what is encrypted until it is re-wrapped."""

EnvFile = Annotated[
    Path | None, Parameter(name="--env-file", help="A file with lines such as NAME=value.")
]


@app.command
def generate(*, out: Path | None = None, as_json: AsJson = False) -> int:
    """Generate a key for each ring, as lines of an environment file; with --out into a new one."""
    made = {name: generate_key() for name in KEY_FILES}
    if out is None:
        show(made, [f"{name}={key}" for name, key in made.items()], as_json=as_json)
        return DONE
    create_secret_file(out, with_values("", made))
    document = {"file": str(out), "settings": list(made)}
    show(document, [f"Wrote {' and '.join(made)} to {out}, mode 0600."], as_json=as_json)
    return DONE


@app.command
def check(*, data_dir: DataDir = None, as_json: AsJson = False) -> int:
    """Check strength, origin and age of every secret, showing none; exit 1 when one is wanting."""
    report = report_secrets(process_environment(), flags=_flags(data_dir))
    document = {
        "secrets": [asdict(each) for each in report.secrets],
        "findings": [
            {"code": each.code, "setting": each.setting, "message": each.message}
            for each in report.findings
        ],
        "notices": [
            {"code": each.code, "setting": each.setting, "message": each.message}
            for each in report.notices
        ],
    }
    told = [_line(each) for each in report.secrets]
    told.extend(each.message for each in (*report.findings, *report.notices))
    show(document, told if report.findings else [*told, "Nothing is wrong."], as_json=as_json)
    return REFUSED if report.findings else DONE


@app.command
def rotate(
    *,
    ring: Literal["secret", "field"] = "secret",
    env_file: EnvFile = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> int:
    """Put a new key before those of a ring, in the file that holds it; a copy of before is kept.

    What was signed or encrypted with the key before it stays good. Running processes take the new
    ring up within ten seconds where it stands in a file of its own, else with their next start.
    """
    name = RINGS[ring]
    file = env_file or ring_file(name, process_environment(), flags=_flags(data_dir))
    if file is None:
        raise SecretFileRefused(
            f"{name} comes from no file of this machine. Name its environment file with "
            "--env-file, or put a key of `solvent secrets generate` before the others where it is."
        )
    text = read_secret_file(file)
    held = text.strip() if env_file is None else value_in(text, name)
    if not held:
        raise SecretFileRefused(f"{file} does not set {name}. Name the file that does.")
    changed = rotated(held, kept=FORMER_KEPT[name])
    whole = f"{changed}\n" if env_file is None else with_values(text, {name: changed})
    copy = replace_secret_file(file, whole, now=SystemClock().now())
    kid = changed.partition(":")[0]
    document = {"setting": name, "kid": kid, "file": str(file), "copy": str(copy)}
    lines = [f"{name} begins with {kid} now, in {file}.", f"Remove {copy} when all is well."]
    show(document, lines, as_json=as_json)
    return DONE


def _flags(data_dir: Path | None) -> dict[str, str]:
    return {} if data_dir is None else {"SOLVENT_DATA_DIR": str(data_dir)}


def _line(held: HeldSecret) -> str:
    """Say one secret's strength, origin and age for a person."""
    called = f"{held.part} of {held.setting}" if held.part else held.setting
    strength = f"{held.characters} characters" if held.bits is None else f"{held.bits} bits"
    aged = "" if held.kid is None else f", key {held.kid}, made {held.made_on or 'on no known day'}"
    return f"{called}: {strength}, from {held.origin}{aged}"
