"""Where the database is: by the names, the rules and the answers of the settings."""

from pathlib import Path

import pytest

from solvent.runtime.settings import all_settings, load
from solvent.runtime.whereabouts import NAMES, Nowhere, whereabouts

URL = "postgresql://app@db.example/books"


def test_the_names_are_those_of_the_settings() -> None:
    declared = {setting.name.name: setting.name for setting in all_settings()}
    assert [declared[name.name] for name in NAMES] == list(NAMES)


@pytest.mark.parametrize(
    "environ",
    [
        {"SOLVENT_ENV": "development", "HOME": "/home/somebody"},
        {"SOLVENT_ENV": "test", "XDG_DATA_HOME": "/data"},
        {"SOLVENT_ENV": "test", "SOLVENT_DATA_DIR": "/books", "HOME": "/home/somebody"},
        {
            "SOLVENT_ENV": "Development ",
            "DATABASE_URL": "postgres://app@db.example/books",
            "HOME": "/h",
        },
        {
            "SOLVENT_ENV": "test",
            "SOLVENT_DATABASE_URL": URL,
            "SOLVENT_DB_OWNER_URL": URL,
            "SOLVENT_DATA_DIR": "/x",
        },
    ],
)
def test_it_finds_what_the_settings_say(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    keys = {
        "SOLVENT_SECRET_KEYS_FILE": str(_key(tmp_path / "one", 7)),
        "SOLVENT_FIELD_KEYS_FILE": str(_key(tmp_path / "other", 11)),
    }
    loaded = load(environ | keys)
    assert loaded.settings is not None, loaded.findings
    found = whereabouts(environ)
    assert (found.url, found.owner_url, found.listen_url) == (
        loaded.settings.database.url,
        loaded.settings.database.owner_url,
        loaded.settings.database.listen_url,
    )
    if found.url is None:
        assert found.data_dir == loaded.settings.data_dir


def test_the_command_line_wins() -> None:
    found = whereabouts({"SOLVENT_DATA_DIR": "/one"}, flags={"SOLVENT_DATA_DIR": "/other"})
    assert found.data_dir == Path("/other")


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({}, "SOLVENT_DATA_DIR"),
        ({"SOLVENT_ENV": "production", "HOME": "/home/somebody"}, "SOLVENT_DATA_DIR"),
        ({"SOLVENT_DATABASE_URL": "mysql://a/b"}, "SOLVENT_DATABASE_URL cannot be used"),
        ({"SOLVENT_DATABASE_URL": URL, "DATABASE_URL": f"{URL}2"}, "different things"),
        ({"SOLVENT_DATABASE_URL_FILE": "/nowhere/at/all"}, "cannot be read"),
    ],
)
def test_what_is_unclear_is_refused_without_a_value(environ: dict[str, str], said: str) -> None:
    with pytest.raises(Nowhere, match=said) as refused:
        whereabouts(environ)
    assert "db.example" not in refused.value.message


def _key(path: Path, step: int) -> Path:
    """Write a key ring that nobody uses for anything."""
    scrambled = bytes((place * place * step + 31 * place) % 251 for place in range(48)).hex()
    path.write_text(f"test:{scrambled}")
    path.chmod(0o600)
    return path
