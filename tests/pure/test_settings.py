"""Settings: gathered from everywhere, judged at once, and silent about secrets."""

import os
import pickle
import stat
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from solvent.runtime.environment import FILE_BYTES_MAX, Finding, process_environment
from solvent.runtime.keys import generate_key
from solvent.runtime.secretstores import AWS_SECRET
from solvent.runtime.settinggroups import Env, LogFormat, LogLevel, Settings
from solvent.runtime.settings import all_settings, load, settings_findings
from solvent.runtime.settingsheets import reference, template, write_sheets
from solvent.runtime.settingvalues import Rate

ROOT = Path(__file__).parents[2]
DATABASE = "postgresql://app:CANARY-k9Qv7pZt3LmX2wYr8Nc5@db.example/solvent"
REDIS = "redis://:CANARY-h4Tq8Rw2Zx6Vb9Nm3Ks7Jd5Lp1Yc@cache:6379/0"


@pytest.fixture
def production() -> dict[str, str]:
    """Give an environment of production in which nothing is wrong."""
    return {
        "SOLVENT_DATABASE_URL": DATABASE,
        "SOLVENT_PUBLIC_URL": "https://money.example",
        "SOLVENT_SECRET_KEYS": generate_key(),
        "SOLVENT_FIELD_KEYS": generate_key(),
        "SOLVENT_MAIL_HOST": "mail.example",
        "HOME": "/home/solvent",
    }


@pytest.fixture
def development(tmp_path: Path) -> dict[str, str]:
    """Give an environment of development with a data directory of its own."""
    return {"SOLVENT_ENV": "development", "SOLVENT_DATA_DIR": str(tmp_path / "data")}


def loaded(environ: Mapping[str, str]) -> Settings:
    """Return the settings, which must be without a finding."""
    result = load(environ)
    assert result.findings == ()
    assert result.settings is not None
    return result.settings


def the_finding(environ: Mapping[str, str]) -> Finding:
    """Return the only finding, which must be one that stops the start."""
    (finding,) = settings_findings(environ)
    assert finding.stops
    assert load(environ).settings is None
    return finding


def test_a_good_production_has_no_finding_and_safe_defaults(production: dict[str, str]) -> None:
    settings = loaded(production)
    assert settings.env is Env.PRODUCTION
    assert settings.public_url == "https://money.example"
    assert settings.data_dir == Path("/home/solvent/.local/share/solvent")
    assert settings.insecure_lan is False
    assert settings.bcrypt_cost == 12
    assert settings.http.host == "127.0.0.1"
    assert settings.http.port == 8800
    assert settings.http.upload_bytes_max == 100 * 1024 * 1024
    assert settings.http.trusted_proxies == ()
    assert settings.limits.rate_login == Rate(5, 900)
    assert settings.database.pool_max == 20
    assert settings.sessions.access_minutes == 15
    assert settings.log.level is LogLevel.INFO
    assert settings.log.format is LogFormat.JSON
    assert load(production).notices == ()


def test_production_is_assumed_and_demands_everything_at_once() -> None:
    findings = settings_findings({})
    assert [finding.setting for finding in findings] == [
        "SOLVENT_DATA_DIR",
        "SOLVENT_SECRET_KEYS",
        "SOLVENT_FIELD_KEYS",
    ]
    assert {finding.code for finding in findings} == {"settings.missing"}
    assert all("Set it" in finding.message for finding in findings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SOLVENT_MAIL_DRIVER", "console"),
        ("SOLVENT_MAIL_SECURITY", "none"),
        ("SOLVENT_MAIL_USER", "solvent"),
        ("SOLVENT_MAIL_FROM", "nobody"),
    ],
)
def test_mail_that_others_could_read_is_refused_in_production(
    production: dict[str, str], name: str, value: str
) -> None:
    finding = the_finding(production | {name: value})
    assert finding.setting in {name, "SOLVENT_MAIL_PASSWORD"}


def test_letters_become_files_until_there_is_a_server(development: dict[str, str]) -> None:
    assert loaded(development).mail.driver == "file"
    assert loaded(development | {"SOLVENT_MAIL_HOST": "localhost"}).mail.driver == "smtp"


def test_production_without_a_mail_server_starts_and_says_so(production: dict[str, str]) -> None:
    del production["SOLVENT_MAIL_HOST"]
    assert loaded(production).mail.driver == "file"
    assert [notice.code for notice in load(production).notices] == ["settings.letters_stay"]
    assert load(production | {"SOLVENT_MAIL_DRIVER": "file"}).notices == ()
    del production["HOME"]
    assert the_finding(production).setting == "SOLVENT_MAIL_HOST"


def test_staging_demands_what_production_demands() -> None:
    assert settings_findings({"SOLVENT_ENV": "staging"}) == settings_findings({})


@pytest.mark.parametrize("env", ["development", "test"])
def test_missing_keys_are_made_once_into_the_data_directory(
    development: dict[str, str], env: str
) -> None:
    environ = development | {"SOLVENT_ENV": env}
    first, second = loaded(environ), loaded(environ)
    assert first.secrets.keys.derive("jwt") == second.secrets.keys.derive("jwt")
    assert first.secrets.keys.kids != first.secrets.field_keys.kids
    kept = Path(development["SOLVENT_DATA_DIR"]) / "keys" / "secret-keys"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_checking_makes_nothing(development: dict[str, str]) -> None:
    assert settings_findings(development) == ()
    assert not Path(development["SOLVENT_DATA_DIR"]).exists()


def test_nothing_is_made_while_something_else_is_wrong(development: dict[str, str]) -> None:
    assert load(development | {"SOLVENT_HTTP_PORT": "x"}).settings is None
    assert not Path(development["SOLVENT_DATA_DIR"]).exists()


def test_a_data_directory_that_cannot_be_used_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = load({"SOLVENT_ENV": "test", "SOLVENT_DATA_DIR": str(tmp_path / "file")})
    assert result.settings is None
    assert [finding.code for finding in result.findings] == ["settings.keys_not_kept"] * 2


def test_damaged_kept_keys_are_a_finding_and_stay_as_they_are(
    development: dict[str, str],
) -> None:
    kept = Path(development["SOLVENT_DATA_DIR"]) / "keys" / "secret-keys"
    kept.parent.mkdir(parents=True)
    kept.write_text("k1:short")
    (finding,) = load(development).findings
    assert (finding.code, finding.setting) == ("settings.keys_not_kept", "SOLVENT_SECRET_KEYS")
    assert kept.read_text() == "k1:short"


def test_development_logs_for_people_unless_told(development: dict[str, str]) -> None:
    assert loaded(development).log.format is LogFormat.CONSOLE
    told = development | {"SOLVENT_LOG_FORMAT": "json", "SOLVENT_LOG_LEVEL": "DEBUG"}
    assert loaded(told).log.format is LogFormat.JSON
    assert loaded(told).log.level is LogLevel.DEBUG
    assert loaded(development | {"SOLVENT_LOG_LEVEL": "debug"}).log.format is LogFormat.CONSOLE


def test_the_data_directory_is_the_users_unless_told() -> None:
    base = {"SOLVENT_ENV": "development", "SOLVENT_SECRET_KEYS": generate_key()}
    base["SOLVENT_FIELD_KEYS"] = generate_key()
    assert loaded(base | {"HOME": "/home/x", "XDG_DATA_HOME": "/d"}).data_dir == Path("/d/solvent")
    assert loaded(base | {"HOME": "/x"}).data_dir == Path("/x/.local/share/solvent")
    assert the_finding(base).setting == "SOLVENT_DATA_DIR"


def test_the_public_address_follows_the_port(development: dict[str, str]) -> None:
    settings = loaded(development | {"SOLVENT_HTTP_PORT": "9000"})
    assert settings.public_url == "http://localhost:9000"


def test_an_assumed_public_address_is_noticed_in_production(production: dict[str, str]) -> None:
    del production["SOLVENT_PUBLIC_URL"]
    assert loaded(production).public_url == "http://localhost:8800"
    assert [notice.code for notice in load(production).notices] == ["settings.public_url_assumed"]


@pytest.mark.parametrize("name", [setting.name.name for setting in all_settings()])
def test_an_empty_value_counts_as_unset(production: dict[str, str], name: str) -> None:
    without = {key: value for key, value in production.items() if key != name}
    for empty in ("", " ", "\n"):
        assert settings_findings(without | {name: empty}) == settings_findings(without)
        assert settings_findings(without | {name + "_FILE": empty}) == settings_findings(without)


def test_a_value_is_read_from_a_file_without_its_last_newline(
    production: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "url"
    file.write_text(production.pop("SOLVENT_DATABASE_URL") + "\n")
    file.chmod(0o600)
    production["SOLVENT_DATABASE_URL_FILE"] = str(file)
    assert loaded(production).database.url == DATABASE
    assert load(production).notices == ()


def test_a_secrets_file_that_everybody_can_read_is_noticed(
    production: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "keys"
    file.write_text(production.pop("SOLVENT_SECRET_KEYS"))
    file.chmod(0o644)
    production["SOLVENT_SECRET_KEYS_FILE"] = str(file)
    assert loaded(production)
    assert [notice.code for notice in load(production).notices] == ["settings.file_open_to_others"]


def test_a_settings_file_that_cannot_be_read_is_a_finding(
    production: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "large").write_bytes(b"x" * (FILE_BYTES_MAX + 1))
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    for file in ("missing", "large", "binary", "."):
        path = str(tmp_path / file)
        finding = the_finding(production | {"SOLVENT_REDIS_URL_FILE": path})
        assert (finding.code, finding.setting) == (
            "settings.file_unreadable",
            "SOLVENT_REDIS_URL",
        )


@pytest.mark.parametrize(
    ("foreign", "ours"),
    [
        ("DATABASE_URL", "SOLVENT_DATABASE_URL"),
        ("JWT_SECRET", "SOLVENT_SECRET_KEYS"),
        ("SECRET_KEY", "SOLVENT_SECRET_KEYS"),
        ("FIELD_ENCRYPTION_KEY", "SOLVENT_FIELD_KEYS"),
    ],
)
def test_a_foreign_name_is_read_with_a_notice(
    production: dict[str, str], foreign: str, ours: str
) -> None:
    production[foreign] = production.pop(ours)
    assert loaded(production)
    (notice,) = load(production).notices
    assert (notice.code, notice.setting) == ("settings.alias", ours)
    assert foreign in notice.message


def test_more_foreign_names_are_read(production: dict[str, str]) -> None:
    production |= {
        "REDIS_URL": REDIS,
        "ALLOWED_ORIGINS": "https://app.example, https://two.example",
        "PORT": "9000",
        "LOG_LEVEL": "WARNING",
    }
    settings = loaded(production)
    assert settings.redis_url == REDIS
    assert settings.http.allowed_origins == ("https://app.example", "https://two.example")
    assert settings.http.port == 9000
    assert settings.log.level is LogLevel.WARNING


def test_a_bare_key_under_a_foreign_name_gets_an_id_that_stays(
    production: dict[str, str],
) -> None:
    bare = production.pop("SOLVENT_SECRET_KEYS").partition(":")[2]
    production["JWT_SECRET"] = bare.replace("-", "+").replace("_", "/")
    once, again = loaded(production), loaded(production)
    assert once.secrets.keys.kids == again.secrets.keys.kids
    assert once.secrets.keys.current_kid.startswith("foreign-")


def test_a_weak_key_under_a_foreign_name_is_told_by_that_name(
    production: dict[str, str],
) -> None:
    del production["SOLVENT_SECRET_KEYS"]
    finding = the_finding(production | {"JWT_SECRET": "CANARY"})
    assert (finding.code, finding.setting) == ("settings.bad_keys", "SOLVENT_SECRET_KEYS")
    assert "JWT_SECRET" in finding.message


def test_two_names_with_different_values_refuse_to_start(
    production: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "port"
    file.write_text("9001")
    for other in ({"PORT": "9001"}, {"SOLVENT_HTTP_PORT_FILE": str(file)}):
        finding = the_finding(production | {"SOLVENT_HTTP_PORT": "9000"} | other)
        assert (finding.code, finding.setting) == ("settings.contradiction", "SOLVENT_HTTP_PORT")
        assert next(iter(other)) in finding.message


def test_two_names_that_agree_are_only_noticed(production: dict[str, str]) -> None:
    production["DATABASE_URL"] = DATABASE
    assert loaded(production)
    assert [notice.code for notice in load(production).notices] == ["settings.alias"]


def test_the_command_line_wins_without_a_contradiction(production: dict[str, str]) -> None:
    production |= {"SOLVENT_HTTP_PORT": "9000", "PORT": "9001"}
    result = load(production, flags={"SOLVENT_HTTP_PORT": "9002"})
    assert result.settings is not None
    assert result.settings.http.port == 9002


def test_an_unknown_name_is_found_with_its_nearest_and_does_not_stop(
    production: dict[str, str],
) -> None:
    production |= {"SOLVENT_DATABASE_ULR": "CANARY", "SOLVENT_ZZZ": "1", "SOLVENT_EMPTY": ""}
    result = load(production)
    assert result.settings is not None
    assert [(finding.code, finding.setting) for finding in result.findings] == [
        ("settings.unknown", "SOLVENT_DATABASE_ULR"),
        ("settings.unknown", "SOLVENT_ZZZ"),
    ]
    assert "Did you mean SOLVENT_DATABASE_URL?" in result.findings[0].message


def test_names_of_the_workshop_and_of_container_platforms_are_no_mistake(
    production: dict[str, str],
) -> None:
    production |= {
        "SOLVENT_CORPUS": "/corpus",
        "SOLVENT_TEST_DATABASE_URL": "x",
        "SOLVENT_PORT": "tcp://10.0.0.1:8800",
        "SOLVENT_PORT_8800_TCP_ADDR": "10.0.0.1",
        "SOLVENT_SERVICE_HOST": "10.0.0.1",
    }
    assert loaded(production)
    assert [f.setting for f in settings_findings({**production, "SOLVENT_PORT": "88"})] == [
        "SOLVENT_PORT"
    ]


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("SOLVENT_ENV", "live", "'development'"),
        ("SOLVENT_DATABASE_URL", "mysql://app:CANARY@db/x", "PostgreSQL address"),
        ("SOLVENT_DATABASE_URL", "postgresql://app:CAN#ARY@db/x", "%"),
        ("SOLVENT_DATABASE_URL", "postgresql://app:CA/NARY@db/x", "%XX"),
        ("SOLVENT_REDIS_URL", "redis://CANARY@cache:6379", "colon before it"),
        ("SOLVENT_REDIS_URL", "https://CANARY.example", "Redis address"),
        ("SOLVENT_PUBLIC_URL", "money.example", "https://money.example"),
        ("SOLVENT_PUBLIC_URL", "https://money.example/CANARY", "more than scheme"),
        ("SOLVENT_HTTP_ALLOWED_ORIGINS", "*", "no address"),
        ("SOLVENT_HTTP_TRUSTED_PROXIES", "10.0.0.0/8,CANARY", "no network"),
        ("SOLVENT_HTTP_PORT", "CANARY", "valid integer"),
        ("SOLVENT_HTTP_PORT", "65536", "less than or equal to 65535"),
        ("SOLVENT_HTTP_UPLOAD_BYTES_MAX", "1 TB", "a size such as"),
        ("SOLVENT_INSECURE_LAN", "CANARY", "valid boolean"),
        ("SOLVENT_RATE_IP", "100 per CANARY", "100/minute"),
        ("SOLVENT_RATE_IP", "0/minute", "between 1 and"),
        ("SOLVENT_DB_LOCK_TIMEOUT_S", "nan", "finite number"),
        ("SOLVENT_BCRYPT_COST", "16", "less than or equal to 15"),
        ("SOLVENT_BCRYPT_COST", "11", "below 12"),
        ("SOLVENT_SESSION_ACCESS_MINUTES", "61", "less than or equal to 60"),
        ("SOLVENT_LOG_LEVEL", "CANARY", "'info'"),
        ("SOLVENT_SECRET_KEYS", "k1:CANARY", "solvent secrets generate"),
    ],
)
def test_a_bad_value_is_found_and_never_shown(
    production: dict[str, str], setting: str, value: str, told: str
) -> None:
    finding = the_finding(production | {setting: value})
    assert finding.setting == setting
    assert setting in finding.message
    assert told in finding.message
    assert "CANARY" not in finding.message


def test_everything_that_is_wrong_is_said_at_once(production: dict[str, str]) -> None:
    del production["SOLVENT_FIELD_KEYS"]
    production |= {
        "SOLVENT_HTTP_PORT": "x",
        "SOLVENT_HTTP_WORKERS": "4",
        "SOLVENT_RATE_AI": "often",
        "SOLVENT_DB_POOL_MIN": "30",
        "SOLVENT_PUBLIC_URL": "http://money.example",
        "SOLVENT_NONSENSE": "1",
    }
    findings = settings_findings(production)
    assert {(finding.code, finding.setting) for finding in findings} == {
        ("settings.unknown", "SOLVENT_NONSENSE"),
        ("settings.bad_value", "SOLVENT_HTTP_PORT"),
        ("settings.bad_value", "SOLVENT_RATE_AI"),
        ("settings.at_odds", "SOLVENT_DB_POOL_MIN"),
        ("settings.missing", "SOLVENT_REDIS_URL"),
        ("settings.at_odds", "SOLVENT_PUBLIC_URL"),
        ("settings.missing", "SOLVENT_FIELD_KEYS"),
    }


def test_plain_http_on_another_host_has_to_be_accepted(production: dict[str, str]) -> None:
    production["SOLVENT_PUBLIC_URL"] = "http://nas.local:8800/"
    assert the_finding(production).setting == "SOLVENT_PUBLIC_URL"
    assert loaded(production | {"SOLVENT_INSECURE_LAN": "true"}).public_url == (
        "http://nas.local:8800"
    )


def test_a_cheap_hash_is_for_tests_only(development: dict[str, str]) -> None:
    cheap = development | {"SOLVENT_BCRYPT_COST": "4"}
    assert the_finding(cheap).setting == "SOLVENT_BCRYPT_COST"
    assert loaded(cheap | {"SOLVENT_ENV": "test"}).bcrypt_cost == 4


def test_both_rings_hold_keys_of_their_own(production: dict[str, str]) -> None:
    production["SOLVENT_FIELD_KEYS"] = production["SOLVENT_SECRET_KEYS"]
    assert the_finding(production).setting == "SOLVENT_FIELD_KEYS"


def test_other_addresses_of_a_database_need_the_first(development: dict[str, str]) -> None:
    finding = the_finding(development | {"SOLVENT_DB_OWNER_URL": DATABASE})
    assert finding.setting == "SOLVENT_DB_OWNER_URL"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg", "POSTGRESQL"])
def test_every_usual_form_of_a_database_address_is_taken(
    production: dict[str, str], scheme: str
) -> None:
    rest = "app:p%40s%2Fs-h4Tq8Rw2Zx6Vb9Nm3Ks7Jd5@db:5432/x?sslmode=require"
    production["SOLVENT_DATABASE_URL"] = f"{scheme}://{rest}"
    assert loaded(production).database.url == f"postgresql://{rest}"


def test_lists_sizes_and_switches_are_read(production: dict[str, str]) -> None:
    production |= {
        "SOLVENT_HTTP_TRUSTED_PROXIES": "10.0.0.0/8, ::1,",
        "SOLVENT_HTTP_REQUEST_BYTES_MAX": "2 MiB",
        "SOLVENT_VERIFY_BEFORE_LOGIN": "yes",
        "SOLVENT_DATA_DIR": "relative/dir",
    }
    settings = loaded(production)
    assert settings.http.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("::1"))
    assert settings.http.request_bytes_max == 2 * 1024 * 1024
    assert settings.verify_before_login is True
    assert settings.data_dir == Path.cwd() / "relative" / "dir"


def test_settings_are_frozen_and_show_no_secret(production: dict[str, str]) -> None:
    production["SOLVENT_REDIS_URL"] = REDIS
    settings = loaded(production)
    with pytest.raises(ValidationError):
        settings.bcrypt_cost = 4
    shown = f"{settings!r} {settings} {settings.database!r} {settings.secrets!r}"
    assert "CANARY" not in shown
    assert production["SOLVENT_SECRET_KEYS"].partition(":")[2] not in shown


def test_settings_travel_to_another_process(production: dict[str, str]) -> None:
    settings = loaded(production)
    copied: Settings = pickle.loads(pickle.dumps(settings))  # noqa: S301 - our own
    assert copied.database == settings.database
    assert copied.secrets.keys.derive("jwt") == settings.secrets.keys.derive("jwt")


def test_the_process_environment_is_a_copy() -> None:
    copied = process_environment()
    copied["SOLVENT_TEST_COPY"] = "1"
    assert "SOLVENT_TEST_COPY" not in os.environ


@given(st.integers(1, 1_000_000), st.integers(1, 7 * 86_400))
def test_a_rate_reads_back_as_it_was_written(count: int, seconds: int) -> None:
    rate = Rate(count, seconds)
    assert Rate.parse(str(rate)) == rate


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("100/minute", Rate(100, 60)),
        ("5/15minutes", Rate(5, 900)),
        (" 10 / 1 Hour ", Rate(10, 3_600)),
        ("3/2days", Rate(3, 172_800)),
    ],
)
def test_a_rate_is_a_count_in_a_time(text: str, rate: Rate) -> None:
    assert Rate.parse(text) == rate


VALUES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)
NAMES = st.sampled_from(
    [setting.name.name for setting in all_settings() if setting.name.name != AWS_SECRET]
)


@given(st.dictionaries(NAMES, VALUES, max_size=8))
def test_any_environment_is_judged_and_no_value_is_shown(environ: dict[str, str]) -> None:
    marked = {name: f"{value}CANARY" for name, value in environ.items()}
    for finding in settings_findings(marked):
        assert finding.message.endswith(".")
        assert "CANARY" not in finding.message


def test_every_setting_has_a_sentence_and_a_name_of_its_own() -> None:
    settings = all_settings()
    names = [spelled for s in settings for spelled in (s.name.name, *s.name.aliases)]
    assert len(names) == len(set(names))
    assert all(name.startswith("SOLVENT_") for name in (s.name.name for s in settings))
    assert all((s.field.description or "").endswith(".") for s in settings)


@pytest.mark.golden
def test_the_sheets_are_what_the_code_says() -> None:
    references = (ROOT / "tests/golden/settings.md", ROOT / "docs/reference/settings.md")
    templates = (ROOT / "deploy/solvent.env.template",)
    if os.environ.get("SOLVENT_GOLDEN"):
        write_sheets(references=references, templates=templates)
    for path in references:
        assert path.read_text(encoding="utf-8") == reference(), "refresh with SOLVENT_GOLDEN=1"
    for path in templates:
        assert path.read_text(encoding="utf-8") == template(), "refresh with SOLVENT_GOLDEN=1"


def test_the_template_names_every_setting_once_and_holds_no_secret() -> None:
    set_to = [line.partition("=")[::2] for line in template().splitlines() if "=" in line]
    assigned = {name[1:]: value for name, value in set_to if name.startswith("#SOLVENT_")}
    known = {setting.name.name: setting.name for setting in all_settings()}
    assert set(assigned) == set(known)
    assert not [name for name, value in assigned.items() if value and known[name].secret]


def test_the_template_uncommented_is_what_is_assumed_anyway(production: dict[str, str]) -> None:
    lines = [line[1:] for line in template().splitlines() if line.startswith("#SOLVENT_")]
    assumed = dict(line.split("=", 1) for line in lines)
    told, left = loaded({**assumed, **production}), loaded(production)
    assert told.model_dump(exclude={"secrets"}) == left.model_dump(exclude={"secrets"})
