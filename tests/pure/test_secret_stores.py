"""Stores of secrets: a mounted directory, and AWS Secrets Manager as moto speaks it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from solvent.runtime.environment import FILE_BYTES_MAX
from solvent.runtime.keys import generate_key
from solvent.runtime.secretstores import open_stores
from solvent.runtime.settings import load, settings_findings
from solvent.runtime.whereabouts import whereabouts

URL = "postgresql://app:CANARY-k9Qv7pZt3LmX2wYr8Nc5@db.example/solvent"


@pytest.fixture
def held() -> dict[str, str]:
    """Give what a store holds of a sound installation."""
    return {
        "SOLVENT_DATABASE_URL": URL,
        "SOLVENT_SECRET_KEYS": generate_key(),
        "SOLVENT_FIELD_KEYS": generate_key(),
    }


@pytest.fixture
def around() -> dict[str, str]:
    """Give the rest of its environment, which holds no secret."""
    return {
        "SOLVENT_PUBLIC_URL": "https://money.example",
        "SOLVENT_MAIL_HOST": "mail.example",
        "HOME": "/home/solvent",
    }


def mounted(directory: Path, held: dict[str, str]) -> dict[str, str]:
    """Write ``held`` as Kubernetes mounts it: a hidden folder, and links into it."""
    (directory / "..data").mkdir()
    for name, value in held.items():
        (directory / "..data" / name).write_text(value + "\n")
        (directory / name.lower()).symlink_to(directory / "..data" / name)
    (directory / "unrelated").write_text("x")
    return {"SOLVENT_SECRETS_DIR": str(directory)}


def test_a_mounted_directory_is_read(
    tmp_path: Path, held: dict[str, str], around: dict[str, str]
) -> None:
    environ = around | mounted(tmp_path, held)
    result = load(environ)
    assert (result.findings, result.notices) == ((), ())
    assert result.settings is not None
    assert result.settings.database.url == URL
    assert whereabouts(environ).url == URL


def test_a_store_that_contradicts_the_environment_stops_the_start(
    tmp_path: Path, held: dict[str, str], around: dict[str, str]
) -> None:
    environ = around | mounted(tmp_path, held) | {"SOLVENT_DATABASE_URL": URL + "2"}
    (finding,) = settings_findings(environ)
    assert finding.code == "settings.contradiction"
    assert "SOLVENT_SECRETS_DIR" in finding.message
    assert "CANARY" not in finding.message


@pytest.mark.parametrize("content", [b"x" * (FILE_BYTES_MAX + 1), b"\xff\xfe\xff"])
def test_a_mounted_file_that_cannot_be_read_stops_the_start(
    tmp_path: Path, around: dict[str, str], content: bytes
) -> None:
    (tmp_path / "SOLVENT_DATABASE_URL").write_bytes(content)
    opened = open_stores(around | {"SOLVENT_SECRETS_DIR": str(tmp_path)})
    assert [finding.code for finding in opened.findings] == ["settings.store_unreadable"]


def test_a_directory_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    environ = {"SOLVENT_SECRETS_DIR": str(tmp_path / "none")}
    assert "settings.store_unreadable" in [each.code for each in settings_findings(environ)]


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    """Give the address of a server that speaks AWS's protocol."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def at_aws(aws: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give a client of Secrets Manager, which the loader finds by the environment."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", aws)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "tests")
    client: Any = boto3.client("secretsmanager")
    yield client
    for secret in client.list_secrets()["SecretList"]:
        client.delete_secret(SecretId=secret["Name"], ForceDeleteWithoutRecovery=True)


def test_a_secret_of_aws_is_read_and_a_new_version_with_the_next_start(
    at_aws: Any, held: dict[str, str], around: dict[str, str]
) -> None:
    at_aws.create_secret(Name="solvent/books", SecretString=json.dumps(held))
    environ = around | {"SOLVENT_AWS_SECRET": "solvent/books"}
    first = load(environ)
    assert first.findings == ()
    assert first.settings is not None
    changed = held | {"SOLVENT_SECRET_KEYS": f"{generate_key()},{held['SOLVENT_SECRET_KEYS']}"}
    at_aws.put_secret_value(SecretId="solvent/books", SecretString=json.dumps(changed))
    second = load(environ)
    assert second.settings is not None
    assert second.settings.secrets.keys.kids[1:] == first.settings.secrets.keys.kids


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "ResourceNotFoundException"), ("CANARY", "no JSON object"), ('{"A": 1}', "no text")],
)
def test_a_secret_of_aws_that_cannot_be_used_stops_the_start(
    at_aws: Any, content: str | None, said: str
) -> None:
    if content is not None:
        at_aws.create_secret(Name="other", SecretString=content)
    (finding,) = open_stores({"SOLVENT_AWS_SECRET": "other"}).findings
    assert finding.stops
    assert said in finding.message
    assert "CANARY" not in finding.message


def test_aws_out_of_reach_stops_the_start(at_aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    del at_aws
    monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://127.0.0.1:9")
    (finding,) = open_stores({"SOLVENT_AWS_SECRET": "other"}).findings
    assert "was not reached" in finding.message
