"""Secrets: published, sample, reused, short and old ones are found, and never repeated."""

import string
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.runtime.environment import Finding, Name
from solvent.runtime.keys import KeyRing, generate_key, made_on
from solvent.runtime.secretrules import (
    Secret,
    is_published,
    judge,
    judge_ages,
    judge_passwords,
    notice_ages,
    secrets_of,
)
from solvent.runtime.settings import load, settings_findings

DATABASE = Name("SOLVENT_DATABASE_URL", secret=True)
REDIS = Name("SOLVENT_REDIS_URL", secret=True)
STRONG = "Vb9Nm3Ks7Jd5Lp1YcH4Tq8Rw2Zx6"
TODAY = date(2026, 11, 1)


def production(**changes: str) -> dict[str, str]:
    """Return a sound environment of production with ``changes``."""
    return {
        "SOLVENT_DATABASE_URL": f"postgresql://app:{STRONG}@db.example/solvent",
        "SOLVENT_PUBLIC_URL": "https://money.example",
        "SOLVENT_SECRET_KEYS": generate_key(),
        "SOLVENT_FIELD_KEYS": generate_key(),
        "HOME": "/home/solvent",
    } | changes


def ring(*days: str) -> KeyRing:
    """Return a ring with a key for each of ``days``, which are the heads of their ids."""
    return KeyRing.parse(
        ",".join(f"{day}-k{n}:{generate_key().partition(':')[2]}" for n, day in enumerate(days))
    )


def day_of(environ: dict[str, str]) -> date:
    """Return the day on which the keys of ``environ`` were made."""
    made = made_on(environ["SOLVENT_SECRET_KEYS"].partition(":")[0])
    assert made is not None
    return made


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


@pytest.mark.parametrize("sample", ["changeme", "ChangeMe", "postgres", "solvent", "SECRET"])
def test_a_published_password_stops_production_and_is_not_repeated(sample: str) -> None:
    environ = production(SOLVENT_DATABASE_URL=f"postgresql://app:{sample}@db.example/solvent")
    published, short = settings_findings(environ)
    assert (published.code, published.stops) == ("settings.published_secret", True)
    assert (short.code, short.stops) == ("settings.short_password", False)
    assert f" {sample} " not in f" {published.message} "
    assert load(environ).settings is None


def test_development_may_use_a_sample_password(tmp_path: Path) -> None:
    environ = {
        "SOLVENT_ENV": "development",
        "SOLVENT_DATA_DIR": str(tmp_path),
        "SOLVENT_DATABASE_URL": "postgresql://app:postgres@localhost/solvent",
    }
    assert settings_findings(environ) == ()


@pytest.mark.parametrize(
    "text",
    [
        "<get from your vendor>",
        "your-database-password",
        "put_it_here",
        "xxxxxxxxxxxx",
        "********",
        "${DB_PASSWORD}",
        "{{ password }}",
        "TBD",
        "none",
        "my-secret",
    ],
)
def test_a_placeholder_is_found(text: str) -> None:
    (finding,) = judge([Secret("SOLVENT_MAIL_PASSWORD", "", text)])
    assert finding.code == "settings.placeholder_secret"
    assert finding.stops


def test_a_key_for_a_vendors_tests_is_found() -> None:
    (finding,) = judge([Secret("SOLVENT_STRIPE_KEY", "", "sk_test_" + STRONG)])
    assert finding.code == "settings.test_key_secret"


RANDOM = st.text(string.ascii_letters + string.digits, min_size=24, max_size=80)


@given(RANDOM)
def test_a_random_secret_is_taken(text: str) -> None:
    assert not is_published(text)
    found = list(judge([Secret("SOLVENT_X", "", text)]))
    assert not [finding for finding in found if finding.code == "settings.published_secret"]


@given(RANDOM, st.text(string.ascii_letters, max_size=5))
def test_a_secret_that_begins_another_counts_as_the_same(text: str, more: str) -> None:
    pair = [Secret("SOLVENT_A", "", text), Secret("SOLVENT_B", "", text + more)]
    assert "settings.secret_reused" in [finding.code for finding in judge(pair)]
    assert "settings.secret_reused" in [finding.code for finding in judge(pair[::-1])]


def test_secrets_are_found_inside_rings_and_addresses() -> None:
    one, other = generate_key(), generate_key()
    values = {
        "SOLVENT_SECRET_KEYS": f"{one},{other}",
        "SOLVENT_DATABASE_URL": "postgresql://app:p%40ss@db/x",
        "SOLVENT_REDIS_URL": "redis://cache:6379",
        "SOLVENT_PUBLIC_URL": "https://money.example",
    }
    names = [Name(name, secret=name != "SOLVENT_PUBLIC_URL") for name in values]
    assert {secret.text for secret in secrets_of(values, names)} == {
        one.partition(":")[2],
        other.partition(":")[2],
        "p@ss",
    }


@pytest.mark.parametrize(
    ("name", "url", "found"),
    [
        (DATABASE, f"postgresql://app:{STRONG[:24]}@db/x", False),
        (DATABASE, f"postgresql+asyncpg://app:{STRONG[:23]}@db/x", True),
        (DATABASE, "postgresql:///x?host=/run/postgresql", False),
        (REDIS, f"redis://:{STRONG}{STRONG}@cache:6379", False),
        (REDIS, f"redis://:{STRONG}@cache:6379", True),
        (REDIS, "redis://cache:6379", True),
        (REDIS, "redis://localhost:6379", False),
    ],
)
def test_a_password_has_its_length(name: Name, url: str, *, found: bool) -> None:
    assert bool(list(judge_passwords({name.name: url}, [name]))) is found


def test_the_day_of_a_key_stands_in_its_id() -> None:
    kid = generate_key().partition(":")[0]
    assert made_on(kid) is not None
    assert made_on("20261101-abc") == TODAY
    assert made_on("20261399-abc") is None
    assert made_on("k1") is None


@given(st.integers(0, 400), st.integers(1, 90))
def test_a_key_is_old_after_its_days(age: int, days_max: int) -> None:
    made = TODAY - timedelta(days=age)
    found = judge_ages(
        "SOLVENT_SECRET_KEYS", ring(f"{made:%Y%m%d}"), today=TODAY, days_max=days_max
    )
    assert bool(list(found)) is (age > days_max)


def test_former_keys_are_to_go_when_nothing_needs_them() -> None:
    fresh, used = ring("20261030", "20260801"), ring("20261001", "20260801")
    three = ring("20261030", "20261020", "20261010")
    name = "SOLVENT_SECRET_KEYS"
    assert not list(judge_ages(name, fresh, today=TODAY, days_max=90))
    for lingering in (used, three):
        (finding,) = judge_ages(name, lingering, today=TODAY, days_max=90)
        assert finding.code == "settings.key_lingers"
    assert not list(judge_ages("SOLVENT_FIELD_KEYS", used, today=TODAY, days_max=90))


def test_a_key_that_will_be_old_or_hides_its_age_is_noticed() -> None:
    def noticed(day: str) -> list[str]:
        name = "SOLVENT_SECRET_KEYS"
        return [each.code for each in notice_ages(name, ring(day), today=TODAY, days_max=90)]

    assert noticed(f"{TODAY - timedelta(days=81):%Y%m%d}") == ["settings.key_ages"]
    assert noticed(f"{TODAY - timedelta(days=60):%Y%m%d}") == []
    assert noticed("main") == ["settings.key_age_unknown"]


def test_old_keys_are_found_and_do_not_stop_the_start() -> None:
    environ = production()
    later = day_of(environ) + timedelta(days=91)
    loaded = load(environ, today=later)
    assert codes(loaded.findings) == ["settings.key_old"] * 2
    assert loaded.settings is not None
    stricter = environ | {"SOLVENT_SECRET_MAX_AGE_DAYS": "30"}
    sooner = day_of(environ) + timedelta(days=31)
    assert codes(settings_findings(stricter, today=sooner)) == ["settings.key_old"] * 2
