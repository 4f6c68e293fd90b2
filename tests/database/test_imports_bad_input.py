"""A file that is no statement, or a bad one: a clear problem, nothing half-imported, never a bug."""

import gzip
import io
import zipfile
from datetime import date
from typing import Any

import pytest

from solvent.intake.formats.reading import FILE_BYTES_MAX
from solvent.runtime.database import DatabaseAddress
from tests.database.bookkeeping import Books, dropped, offences
from tests.database.clients import Member
from tests.database.statements import Row, csv, ofx

DAY = date(2026, 3, 2)
ROWS: list[Row] = [("f1", DAY, -4_250, "Corner Shop"), ("f2", DAY, 1_000, "Refund")]
GOOD = ofx(ROWS, account="55554711")


def zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("statement.csv", content)
    return packed.getvalue()


def xml(inside: str, doctype: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{doctype}'
        '<?OFX OFXHEADER="200" VERSION="200" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>'
        f"<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR</CURDEF>{inside}</STMTRS></STMTTRNRS>"
        "</BANKMSGSRSV1></OFX>"
    ).encode()


BILLION_LAUGHS = (
    '<!DOCTYPE OFX [<!ENTITY a "lol">'
    + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)
OUTSIDE = '<!DOCTYPE OFX [<!ENTITY x SYSTEM "file:///etc/passwd">]>'

UNREADABLE: dict[str, tuple[str, bytes]] = {
    "nothing": ("bank.ofx", b""),
    "one blank": ("bank.csv", b" "),
    "only line ends": ("bank.csv", b"\r\n" * 50),
    "a letter": ("letter.txt", b"Dear customer,\n\nthank you for your patience.\n"),
    "a picture": ("bank.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20),
    "NULs": ("bank.csv", b"\x00" * 5_000),
    "a page of a web site": ("bank.csv", b"<!doctype html><html><body>Log in again</body></html>"),
    "a PDF": ("bank.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"),
    "a zip": ("bank.zip", zipped(csv(ROWS))),
    "a bomb of a zip": ("bank.csv", zipped(b"0" * 50_000_000)),
    "a bomb of a gzip": ("bank.csv.gz", gzip.compress(b"0" * 50_000_000)),
    "JSON": ("bank.json", b'[{"date": "2026-03-02", "amount": -1}]'),
    "a header without rows of money": ("bank.csv", b"Name,Colour\nAlma,red\nBruno,blue\n"),
    "entities that grow": ("bank.ofx", xml("<MEMO>&i;</MEMO>", BILLION_LAUGHS)),
    "an entity from outside": ("bank.ofx", xml("<MEMO>&x;</MEMO>", OUTSIDE)),
    "OFX cut in its list": ("bank.ofx", GOOD[: GOOD.index(b"</STMTTRN>") + 30]),
    "OFX cut in its header": ("bank.ofx", GOOD[:60]),
    "OFX of tags without end": ("bank.ofx", b"OFXHEADER:100\n\n<OFX>" + b"<A>" * 100_000),
    "OFX about nothing": ("bank.ofx", b"OFXHEADER:100\r\n\r\n<OFX></OFX>"),
    "a line without end": ("bank.csv", b"Date,Amount\n" + b"9" * 3_000_000),
    "half a UTF-16": ("bank.csv", b"\xff\xfeD\x00a\x00t"),
}


async def upload(books: Books, content: bytes, name: str, **form: str) -> Any:
    files = {"file": (name, content)}
    return await books.ask("POST", "imports", files=files, data=form, timeout=60)


@pytest.fixture
async def books(signed_up: Member) -> Books:
    made = Books(signed_up)
    await made.learn()
    return made


def told(answer: Any) -> str:
    """Return "refused" for a clear problem, else what came instead."""
    if answer.status_code in {409, 413, 422}:
        problem = answer.json()
        if problem["code"].startswith(("intake.", "upload.")) and len(problem["detail"]) > 20:
            return "refused"
    return f"{answer.status_code} {answer.text[:300]}"


async def test_what_is_no_statement_is_refused_and_leaves_nothing(
    books: Books, address: DatabaseAddress
) -> None:
    found = {
        what: [
            told(await upload(books, content, name, commit=commit)) for commit in ("true", "false")
        ]
        for what, (name, content) in UNREADABLE.items()
    }
    assert found == dict.fromkeys(UNREADABLE, ["refused"] * 2)
    assert (await books.done("GET", "imports"))["items"] == []
    assert await books.list() == []
    assert await offences(address) == []


async def test_a_file_of_more_than_100_mib_is_refused_by_its_length(books: Books) -> None:
    answer = await books.ask(
        "POST",
        "imports",
        content=b"x",
        headers={
            "content-type": "multipart/form-data; boundary=x",
            "content-length": str(FILE_BYTES_MAX + 1024 * 1024),
        },
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "request.too_large")


def row(**changes: bytes) -> bytes:
    """Return the good statement with the fields of its first row changed."""
    content = GOOD
    for name, value in changes.items():
        old = content.split(f"<{name}>".encode())[1].split(b"<")[0]
        content = content.replace(f"<{name}>".encode() + old, f"<{name}>".encode() + value, 1)
    return content


BAD_ROWS: dict[str, bytes] = {
    "a day that does not exist": row(DTPOSTED=b"20260230"),
    "a month that does not exist": row(DTPOSTED=b"20261301"),
    "no day": row(DTPOSTED=b""),
    "a day of zeros": row(DTPOSTED=b"00000000"),
    "an amount that is no number": row(TRNAMT=b"ten"),
    "no amount": row(TRNAMT=b""),
    "not a number": row(TRNAMT=b"NaN"),
    "infinity": row(TRNAMT=b"-Infinity"),
    "an exponent": row(TRNAMT=b"1e9999999"),
    "10^18": row(TRNAMT=b"1" + b"0" * 18),
    "a thousand digits": row(TRNAMT=b"9" * 1_000),
}


async def test_a_row_that_cannot_be_is_left_out_and_named(
    books: Books, address: DatabaseAddress
) -> None:
    found = {}
    for number, (what, content) in enumerate(BAD_ROWS.items()):
        own = content.replace(b"55554711", f"{number:08d}".encode())
        answer = await dropped(books, own)
        found[what] = (answer["rows"], answer["rejected_count"], answer["rejected"][0]["line"])
    assert found == dict.fromkeys(BAD_ROWS, (1, 1, 8))
    assert len(await books.list(limit=1000)) == len(BAD_ROWS)
    assert await offences(address) == []


STRANGE_ROWS: dict[str, bytes] = {
    "a day before the books": row(DTPOSTED=b"10000101"),
    "a day after the books": row(DTPOSTED=b"99991231"),
    "control characters": row(NAME=b"Corner\x00\x07\x1b[2J\x7fShop"),
    "only control characters": row(NAME=b"\x01\x02"),
    "only blanks": row(NAME=b"   "),
    "bytes of another encoding": row(NAME=b"Caf\xe9 \xff\xfe"),
    "characters that turn round": row(NAME="\u202eegassem\u202c \u200b\ufeff".encode()),
    "a payee of 20,000 characters": row(NAME=b"long " * 4_000),
    "a payee that cannot be compressed": row(
        NAME="".join(chr(0x4E00 + n * 7919 % 20_000) for n in range(1_000)).encode()
    ),
    "an id of 20,000 characters": row(FITID=b"i" * 20_000),
    "a NUL in the id": row(FITID=b"a\x00b"),
    "an account of 20,000 characters": row(ACCTID=b"7" * 20_000),
    "a NUL in the account": row(ACCTID=b"7\x007"),
    "a currency of no country": row(CURDEF=b"ZZZ"),
    "a currency of three NULs": row(CURDEF=b"\x00\x00\x00"),
    "the largest amount there is": row(TRNAMT=b"9999999999999.99"),
    "a name of markup": row(NAME=b"&lt;script&gt;alert(1)&lt;/script&gt;"),
    "a name of SQL": row(NAME=b"'; drop table posting; --"),
    "a name of a template": row(NAME=b"{{ 7 * 7 }} ${jndi:ldap://x} %s %n"),
}


async def test_a_strange_row_is_taken_or_named_and_never_a_bug(
    books: Books, address: DatabaseAddress
) -> None:
    found: dict[str, int | str] = {}
    for number, (what, content) in enumerate(STRANGE_ROWS.items()):
        own = content.replace(b"55554711", f"{number:08d}".encode())
        answer = await upload(books, own, f"{number}.ofx")
        outcome = answer.status_code if answer.status_code == 201 else told(answer)
        found[what] = 0 if outcome in {201, "refused"} else outcome
    assert found == dict.fromkeys(STRANGE_ROWS, 0)
    for each in await books.list(limit=1000):
        name = (each["payee"] or {"name": "x"})["name"]
        assert name.isprintable(), repr(name)
        assert 0 < len(name) <= 200
    assert await offences(address) == []


CSV_HEAD = b"Date,Description,Amount\n2026-03-02,Kiosk,-1.00\n2026-03-14,Bakery,-2.00\n"

STRANGE_TABLES: dict[str, bytes] = {
    "a NUL in a cell": CSV_HEAD + b"2026-03-15,a\x00b,-1\n",
    "a quotation without end": CSV_HEAD + b'2026-03-15,"never ends,-1\n' * 50,
    "a cell of a million characters": CSV_HEAD + b"2026-03-15," + b"x" * 1_000_000 + b",-1\n",
    "ten thousand columns": CSV_HEAD + b"2026-03-15" + b",x" * 10_000 + b"\n",
    "a formula": CSV_HEAD + b"2026-03-15,=cmd|'/c calc'!A1,-1\n",
    "a wrong encoding": CSV_HEAD + "2026-03-15,Café,-1\n".encode("latin-1") + "Ä,é".encode(),
    "a lone surrogate": CSV_HEAD + b"2026-03-15,\xed\xa0\x80,-1\n",
    "cut in a row": CSV_HEAD + b"2026-03-",
    "10^18": CSV_HEAD + b"2026-03-15,Rich,1000000000000000000\n",
    "a total below": CSV_HEAD + b"Total,,-3.00\n",
}


async def test_a_strange_table_is_taken_or_refused_and_never_a_bug(
    books: Books, address: DatabaseAddress
) -> None:
    found: dict[str, str] = {}
    for number, (what, content) in enumerate(STRANGE_TABLES.items()):
        answer = await upload(books, content, f"{number}.csv", account="new")
        taken = answer.status_code == 201 and answer.json()["accounts"][0]["added"] >= 2
        found[what] = "fine" if taken or told(answer) == "refused" else told(answer)
    assert found == dict.fromkeys(STRANGE_TABLES, "fine")
    assert await offences(address) == []


async def test_a_file_whose_sum_is_beyond_64_bits_is_refused_whole(
    books: Books, address: DatabaseAddress
) -> None:
    rows: list[Row] = [(f"r{number}", DAY, 10**15, "Rich") for number in range(9_300)]
    answer = await upload(books, ofx(rows, account="1"), "rich.ofx")
    assert (answer.status_code, answer.json()["code"]) == (422, "money.sum_out_of_range")
    assert await books.list() == []
    assert (await books.done("GET", "imports"))["items"] == []
    assert await offences(address) == []


BAD_FORMS: dict[str, dict[str, str]] = {
    "an account that is no id": {"account": "Cash"},
    "a mapping that is no JSON": {"mapping": "{"},
    "a mapping that is a list": {"mapping": "[]"},
    "a mapping that is a number": {"mapping": "1"},
    "a mapping with a NUL": {"mapping": '{"delimiter": "\\u0000"}'},
    "a mapping with a NUL nowhere": {"mapping": '{"nowhere": "\\u0000"}'},
    "a mapping of nonsense": {"mapping": '{"columns": {"date": 7}, "date_format": []}'},
    "a mapping of columns that are not there": {"mapping": '{"columns": {"date": "Tag"}}'},
    "a mapping that is very deep": {"mapping": '{"a":' + "[" * 9_000 + "]" * 9_000 + "}"},
    "a mapping that is very long": {"mapping": '{"a": "' + "x" * 20_001 + '"}'},
    "a word for commit": {"commit": "perhaps"},
}


async def test_a_form_that_makes_no_sense_is_refused(books: Books) -> None:
    found = {}
    for what, form in BAD_FORMS.items():
        answer = await upload(books, csv(ROWS), "a.csv", **form)
        problem = answer.headers["content-type"].startswith("application/problem+json")
        found[what] = 422 if problem and answer.status_code == 422 else answer.text
    assert found == dict.fromkeys(BAD_FORMS, 422)
    assert (await books.done("GET", "imports"))["items"] == []
    no_file = await books.refused("POST", "imports", data={"commit": "true"})
    assert no_file == (422, "request.invalid")


NAMES = ["", "a\x00b.ofx", "../../etc/passwd", "x" * 400 + ".ofx", "\u202efx.exe", "a\r\nb.ofx"]


async def test_the_name_of_a_file_is_only_a_name(books: Books) -> None:
    for number, name in enumerate(NAMES):
        answer = await named(books, name, GOOD.replace(b"55554711", f"{number:08d}".encode()))
        assert answer.status_code in {201, 422}, answer.text
    for kept in (await books.done("GET", "imports"))["items"]:
        assert kept["name"].isprintable()
        assert 0 < len(kept["name"]) <= 255


async def named(books: Books, name: str, content: bytes) -> Any:
    """Upload ``content`` under any name, also one that no client would send."""
    boundary = b"----edge"
    body = (
        b'--%s\r\ncontent-disposition: form-data; name="file"; filename="%s"\r\n'
        b"content-type: application/octet-stream\r\n\r\n%s\r\n--%s--\r\n"
    ) % (boundary, name.replace("\r\n", "%0D%0A").encode(), content, boundary)
    headers = {"content-type": f"multipart/form-data; boundary={boundary.decode()}"}
    return await books.ask("POST", "imports", content=body, headers=headers)
