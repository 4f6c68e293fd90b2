"""What is taken out of a log line: by name, by shape, by kind."""

import math
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.kernel.errors import BadValue
from solvent.runtime.redaction import (
    MASK,
    MEMBERS_MAX,
    TEXT_CHARS_MAX,
    is_hidden,
    plain,
    redact,
    told,
)

TOKEN = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", min_size=12)


@pytest.mark.parametrize(
    "name",
    [
        *("password", "new_password", "accessToken", "refresh_token", "clientSecret", "Cookie"),
        *("Set-Cookie", "Authorization", "key", "field_keys", "APIKey", "api_key", "sentry_dsn"),
        *("amount", "amount_minor", "amounts", "payee", "payee_id", "memo", "identifier", "iban"),
        *("email", "owner_email", "balance_minor", "note", "otp", "pin"),
    ],
)
def test_a_field_named_like_a_secret_or_somebodys_data_is_masked(name: str) -> None:
    assert is_hidden(name)
    assert plain(name, "anything") == MASK
    assert plain(name, 1050) == MASK
    assert plain("request", {name: {"inside": 1}}) == {name: MASK}


@pytest.mark.parametrize(
    "name",
    [
        *("status", "route", "code", "household_id", "request_id", "duration_ms", "rows"),
        *("keyboard", "opinion", "shopping", "annotated", "monkey", "size", "actor"),
    ],
)
def test_a_plain_fact_is_shown(name: str) -> None:
    assert plain(name, "plain") == "plain"
    assert plain(name, 12) == 12


def test_that_a_secret_is_there_or_not_may_be_told() -> None:
    assert plain("token", None) is None
    assert plain("has_password", value=True) is True


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Bearer abc.DEF-123_456", "Bearer ***"),
        ("authorization: Basic dXNlcjpwYXNz", "authorization: ***"),
        ('"Cookie": "__Host-session=abc; theme=dark"', '"Cookie": ***'),
        ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_1 end", "jwt [jwt] end"),
        ("postgresql://app:p%40ss@db:5432/x is down", "postgresql://***@db:5432/x is down"),
        ("redis://:pa/ss@cache/0", "redis://***@cache/0"),
        ("postgresql://u:p@ss@db/x", "postgresql://***@db/x"),
        ("GET /reset?token=abc123&next=/home", "GET /reset?token=***&next=/home"),
        ("password = 'two words' rest", "password = *** rest"),
        ("DE89 3704 0044 0532 0130 00 was paid", "[iban] was paid"),
        ("from NL91ABNA0417164300.", "from [iban]."),
        ("de89370400440532013000", "[iban]"),
        ("GB29-NWBK-6016-1331-9268-19", "[iban]"),
        ("card 4111 1111 1111 1111 used", "card [card] used"),
        ("mail to jo.doe+x@mail.example failed", "mail to [email] failed"),
        (
            'violates unique constraint "person_email"\nDETAIL:  Key (email)=(x).\nand its rest',
            'violates unique constraint "person_email"\n***',
        ),
        ("new row: Failing row contains (1, ALDI, 1050).", "new row: ***"),
        ("invalid input for query argument $2: 'ALDI' (str)", "invalid input for query argument"),
        ("1 validation error [type=int, input_value='ALDI']", "1 validation error [type=int, ***"),
        ("{'loc': ('a',), 'input': {'memo': 'x'}}", "{'loc': ('a',), ***"),
    ],
)
def test_a_secret_is_masked_wherever_it_stands_in_a_text(text: str, left: str) -> None:
    assert redact(text).startswith(left)
    assert "ALDI" not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        *("request.finished", "/api/v1/households/{h}/transactions", "http://localhost:8800/x"),
        "person:0199d1c0-8f3a-7cc2-9a41-5b7de0c4a111",
        *("1763776800000", "2026-11-22T02:28:36.427762Z", "ab12cd34ef56ab12cd34", "10.0.0.1:5432"),
        *("the detail page has no token", "basic settings", "bearer of news", "14:03 key", ""),
    ],
)
def test_an_ordinary_text_stays_as_it_is(text: str) -> None:
    assert redact(text) == text


@given(TOKEN, st.sampled_from(["password", "X-Api-Key", "refresh_token", "client-secret"]))
def test_no_named_secret_survives(secret: str, name: str) -> None:
    for text in (f"{name}={secret}", f'{{"{name}": "{secret}"}}', f"{name}: {secret}, next"):
        assert secret not in redact(text)


@given(TOKEN, TOKEN)
def test_no_password_of_an_address_survives(user: str, password: str) -> None:
    assert password not in redact(f"cannot reach postgresql://{user}:{password}@host/name")


@given(st.text("0123456789", min_size=18, max_size=18))
def test_no_iban_survives_in_groups_or_whole(account: str) -> None:
    rest = int(f"{account}131400") % 97
    iban = f"DE{98 - rest:02}{account}"
    grouped = " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))
    for text in (iban, iban.lower(), grouped, f"<{iban}>"):
        assert account not in redact(text).replace(" ", "")
        assert "[iban]" in redact(text)


@given(st.text())
def test_any_text_can_be_redacted_twice(text: str) -> None:
    once = redact(text)
    assert len(once) <= 3 * TEXT_CHARS_MAX
    assert redact(once) == once


@pytest.mark.parametrize(
    "piece",
    ["://:", "a-", "eyJ-", "AB12", "4111 ", "a.b@", "x@b-", "eyJaaaaa.", "secret='", "bearer "],
)
@pytest.mark.timeout(5)
def test_no_text_makes_redaction_slow(piece: str) -> None:
    for _ in range(10):
        redact(piece * TEXT_CHARS_MAX)


def test_a_long_text_is_cut() -> None:
    assert redact("x, " * TEXT_CHARS_MAX).endswith("…")


def test_objects_are_named_and_never_shown() -> None:
    class Holder:
        def __repr__(self) -> str:
            return "Holder(ALDI)"

    assert plain("thing", Holder()) == "<Holder>"
    assert plain("raw", b"ALDI") == "<4 bytes>"


def test_plain_facts_become_text() -> None:
    assert plain("id", UUID(int=7)) == "00000000-0000-0000-0000-000000000007"
    assert plain("on", date(2026, 3, 1)) == "2026-03-01"
    assert plain("rate", Decimal("1.10")) == "1.10"
    assert plain("file", Path("/var/lib/x")) == "/var/lib/x"
    assert plain("share", math.nan) == "nan"
    assert plain("rows", (1, {2})) == [1, [2]]


def test_members_are_followed_only_so_far() -> None:
    nested: list[object] = []
    nested.append(nested)
    assert "…" in str(plain("loop", nested))
    assert plain("rows", list(range(1_000))) == list(range(MEMBERS_MAX))


def test_a_refusal_tells_its_own_sentence_redacted() -> None:
    assert told(BadValue("no such day; ask jo@mail.example", field="on")) == (
        "no such day; ask [email]"
    )


def test_an_exception_that_cannot_be_told_is_masked() -> None:
    class Broken(Exception):  # noqa: N818 - it only stands for one
        def __str__(self) -> str:
            raise RuntimeError

    assert told(Broken()) == MASK
