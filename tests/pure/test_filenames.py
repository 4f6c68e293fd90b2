"""Names of files that others send."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.runtime.filenames import NAME_CHARS_MAX, safe_name

HOSTILE = {
    "../../etc/passwd": "passwd",
    "..\\..\\windows\\system32\\cmd.exe": "cmd.exe",
    "/absolute/path.csv": "path.csv",
    "C:\\Users\\me\\bank.csv": "bank.csv",
    "C:bank.csv": "Cbank.csv",
    "good.csv\x00.exe": ".exe".strip("."),
    "..": "file",
    ".": "file",
    "": "file",
    "   ": "file",
    "...": "file",
    "/": "file",
    ".htaccess": "htaccess",
    "con": "_con",
    "NUL.csv": "_NUL.csv",
    "com1.tar.gz": "_com1.tar.gz",
    "lpt¹": "_lpt¹",
    "console.csv": "console.csv",
    "name\r\nSet-Cookie: a=b.csv": "nameSet-Cookie a=b.csv",
    "invoice\u202efdp.exe": "invoicefdp.exe",
    "zero\u200bwidth\ufeff.csv": "zerowidth.csv",
    "tab\there.csv": "tabhere.csv",
    "trailing. . .": "trailing",
    '<img src=x onerror="alert(1)">.csv': "img src=x onerror=alert(1).csv",
    "a|b?c*d%2e%2e.csv": "abcd2e2e.csv",
    "esc\x1b[31mred.csv": "esc[31mred.csv",
    "lone\ud800.csv": "lone.csv",
    "Kontoauszug März 2026.csv": "Kontoauszug März 2026.csv",
    "明细.csv": "明细.csv",
    "كشف.csv": "كشف.csv",
}


@pytest.mark.parametrize(("said", "kept"), HOSTILE.items())
def test_a_hostile_name_becomes_a_plain_one(said: str, kept: str) -> None:
    assert safe_name(said) == kept


@given(st.text(max_size=400))
def test_whatever_is_said_a_name_is_short_plain_and_settled(said: str) -> None:
    name = safe_name(said)
    assert 0 < len(name) <= NAME_CHARS_MAX
    assert not re.search(r"[/\\\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", name)
    assert name == name.strip(" .")
    assert safe_name(name) == name


def test_a_long_name_keeps_its_ending() -> None:
    assert safe_name("a" * 500 + ".csv") == "a" * (NAME_CHARS_MAX - 4) + ".csv"
    assert len(safe_name("a." + "b" * 500)) == NAME_CHARS_MAX
