"""Stores of secrets beside the environment: a mounted directory, AWS Secrets Manager.

A directory is what Docker and Kubernetes mount: one file for each setting, called by its name. A secret of
AWS is one JSON object, its keys the names of settings. What a store says counts like the environment's own
word: where the two disagree, nothing starts. Values appear in no message.
"""

import importlib
import importlib.util
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from solvent.runtime.environment import FILE_BYTES_MAX, PREFIX, Finding, Store

DIRECTORY = "SOLVENT_SECRETS_DIR"
AWS_SECRET = "SOLVENT_AWS_SECRET"  # noqa: S105 - the name of a setting
STORED_MAX = 200
"""Most settings read from one store."""
AWS_TIMEOUT_S = 5
AWS_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Opened:
    """What the stores that the environment names hold, and which of them could not be read."""

    stores: tuple[Store, ...]
    findings: tuple[Finding, ...]


class _StoreError(Exception):
    """A store that cannot be read; its sentence says why and what to do."""


def open_stores(environ: Mapping[str, str]) -> Opened:
    """Read every store that ``environ`` names."""
    stores: list[Store] = []
    findings: list[Finding] = []
    for setting, read in ((DIRECTORY, _directory), (AWS_SECRET, _aws)):
        place = environ.get(setting, "").strip()
        if not place:
            continue
        try:
            stores.append(Store(setting, dict(read(place))))
        except _StoreError as wrong:
            sentence = f"What {setting} names cannot be read: {wrong}"
            findings.append(Finding("settings.store_unreadable", setting, sentence))
    return Opened(tuple(stores), tuple(findings))


def _directory(place: str) -> Iterator[tuple[str, str]]:
    """Yield name and content of each file that is called like a setting, in any case."""
    try:
        files = sorted(Path(place).expanduser().iterdir())
    except (OSError, RuntimeError) as wrong:
        reason = getattr(wrong, "strerror", None) or "it has no home directory"
        raise _StoreError(f"{reason}. Correct the path, or unset it.") from wrong
    named = [file for file in files if file.name.upper().startswith(PREFIX) and file.is_file()]
    if len(named) > STORED_MAX:
        raise _StoreError(f"it holds more than {STORED_MAX} settings. Name another directory.")
    for file in named:
        yield file.name.upper(), _content(file)


def _content(file: Path) -> str:
    """Return a file's text without its last newline."""
    try:
        with file.open("rb") as opened:
            raw = opened.read(FILE_BYTES_MAX + 1)
        if len(raw) > FILE_BYTES_MAX:
            raise _StoreError(f"{file.name} is larger than {FILE_BYTES_MAX} bytes. Shorten it.")
        return raw.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise _StoreError(f"{file.name} is not UTF-8 text. Write it anew.") from None
    except OSError as wrong:
        raise _StoreError(f"{file.name}: {wrong.strerror}. Correct its permissions.") from wrong


def _aws(secret: str) -> Iterator[tuple[str, str]]:
    """Yield what the secret called ``secret`` (a name or an ARN) holds."""
    if importlib.util.find_spec("boto3") is None:
        raise _StoreError("boto3 is not installed. Install the extra: solvent[aws].")
    document = _parsed(_fetched(secret))
    if len(document) > STORED_MAX:
        raise _StoreError(f"it holds more than {STORED_MAX} settings. Name another secret.")
    for name, value in document.items():
        if not isinstance(value, str):
            raise _StoreError("a value in it is no text. Write each value as a string.")
        yield name.upper(), value


def _fetched(secret: str) -> str:
    """Ask AWS for the current version of ``secret``; region and login are the environment's."""
    boto3: Any = importlib.import_module("boto3")
    config: Any = importlib.import_module("botocore.config")
    errors: Any = importlib.import_module("botocore.exceptions")
    bounds = config.Config(
        connect_timeout=AWS_TIMEOUT_S,
        read_timeout=AWS_TIMEOUT_S,
        retries={"total_max_attempts": AWS_ATTEMPTS, "mode": "standard"},
    )
    try:
        client = boto3.client("secretsmanager", config=bounds)
        return str(client.get_secret_value(SecretId=secret).get("SecretString", ""))
    except errors.ClientError as refused:
        code = refused.response.get("Error", {}).get("Code", "an error without a code")
        raise _StoreError(f"AWS answered {code}. Correct the name or its policy.") from None
    except errors.BotoCoreError as wrong:
        kind = type(wrong).__name__
        raise _StoreError(f"AWS was not reached ({kind}). Check region and network.") from None


def _parsed(text: str) -> dict[str, Any]:
    """Return the JSON object that a secret is."""
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise _StoreError('it is no JSON object such as {"SOLVENT_DATABASE_URL": "…"}.')
    return cast("dict[str, Any]", document)
