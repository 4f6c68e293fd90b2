"""Addresses, names and passwords: what is taken and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.identity.domain import (
    EMAIL_CHARS_MAX,
    LOCK_MAX,
    PASSWORD_BYTES_MAX,
    BadEmail,
    BadPersonName,
    Lockout,
    TooManyAttempts,
    WeakPassword,
    check_password,
    checked_name,
    normal_email,
)

EMAIL = "alma@example.org"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("alma@example.org", "alma@example.org"),
        ("  Alma.Example+money@Example.ORG\n", "alma.example+money@example.org"),
        ("o'neil@mail.example.co.uk", "o'neil@mail.example.co.uk"),
        ("alma@bücher.example", "alma@xn--bcher-kva.example"),
    ],
)
def test_an_address_has_one_spelling(written: str, kept: str) -> None:
    assert normal_email(written) == kept
    assert normal_email(kept) == kept


@pytest.mark.parametrize(
    "written",
    [
        "",
        "@",
        "alma",
        "alma@",
        "@example.org",
        "alma@localhost",
        "alma@example..org",
        "alma@-example.org",
        "al ma@example.org",
        "al\0ma@example.org",
        "alma@exa\0mple.org",
        ".alma@example.org",
        "alma.@example.org",
        "älma@example.org",
        '"alma"@example.org',
        "alma@bruno@example.org",
        "alma@example.org\nbcc: bruno@example.org",
        "a" * 65 + "@example.org",
        "alma@" + "a" * 64 + ".org",
        "alma@" + "a." * 130 + "org",
        "alma@[192.0.2.1]",
    ],
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(BadEmail):
        normal_email(written)


@given(st.text(max_size=300))
def test_any_text_is_an_address_in_one_spelling_or_refused(written: str) -> None:
    try:
        kept = normal_email(written)
    except BadEmail:
        return
    assert kept.isascii()
    assert kept == kept.lower()
    assert len(kept) <= EMAIL_CHARS_MAX
    assert normal_email(kept) == kept


@pytest.mark.parametrize(
    "password",
    ["Twelve chars", "twelve ch4rs", "x1y2" * 64, "пароль длинный и простой", "🐟🐠🐡🦈" * 16],
)
def test_a_password_that_is_long_or_mixed_enough_is_taken(password: str) -> None:
    check_password(password, email=EMAIL)


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "at least 12"),
        ("Elevenchar!", "at least 12"),
        ("fifteen letters", "mixes"),
        ("x1y2" * 64 + "z", f"at most {PASSWORD_BYTES_MAX}"),
        ("🐟🐠🐡🦈" * 17, f"at most {PASSWORD_BYTES_MAX}"),
        ("aaaaaaaaaaaa", "different"),
        ("ALMA@example.org", "first thing"),
        ("Alma@example.org-2", "first thing"),
        ("my-own-ALMA-4-ever", "first thing"),
    ],
)
def test_a_password_that_breaks_a_rule_is_refused_with_the_rule(password: str, said: str) -> None:
    with pytest.raises(WeakPassword, match=said) as refused:
        check_password(password, email=EMAIL)
    assert password == "" or password not in refused.value.message


def test_the_name_before_the_at_is_no_password_either() -> None:
    with pytest.raises(WeakPassword):
        check_password("alma.example", email="alma.example@example.org")


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\0b", "\u2028x\u2028y", "x" * 201, "\ud800"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(BadPersonName):
        checked_name(name)


def test_a_name_is_kept_composed_and_without_space_around() -> None:
    assert checked_name("  Zoe\u0308 Example ") == "Zoë Example"


@pytest.mark.parametrize(
    ("seconds", "said"), [(1, "Wait a minute"), (60, "Wait a minute"), (61, "Wait 2 minutes")]
)
def test_how_long_to_wait_is_said_in_whole_minutes(seconds: int, said: str) -> None:
    refused = TooManyAttempts(retry_after_s=seconds)
    assert said in refused.message
    assert refused.facts == {"retry_after_s": seconds}


def test_a_lock_grows_from_the_fifth_failure_on_and_not_beyond_a_day() -> None:
    newest = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)

    def lasts(failures: int, later: timedelta = timedelta()) -> timedelta:
        return Lockout().wait(failures=failures, newest=newest, now=newest + later)

    assert lasts(4) == timedelta()
    assert [lasts(failures).total_seconds() for failures in (5, 6, 7)] == [900, 1800, 3600]
    assert lasts(5, timedelta(minutes=14)) == timedelta(minutes=1)
    assert lasts(5, timedelta(minutes=16)) == timedelta()
    assert lasts(10_000) == LOCK_MAX
