"""OFX as banks send it: SGML without end tags for the euro accounts, XML for the dollar card."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import NamedTuple
from xml.sax.saxutils import escape

from solvent.entrypoints.demonstration.accounts import Terms
from solvent.entrypoints.demonstration.life import Movement
from solvent.kernel.money import decimal_text

NAME_CHARS_MAX = 32
"""Longest ``NAME`` that OFX allows; what is longer goes on in ``MEMO``."""

_SGML_HEADER = (
    "OFXHEADER:100",
    "DATA:OFXSGML",
    "VERSION:102",
    "SECURITY:NONE",
    "ENCODING:USASCII",
    "CHARSET:1252",
    "COMPRESSION:NONE",
    "OLDFILEUID:NONE",
    "NEWFILEUID:NONE",
    "",
)
_XML_HEADER = (
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?>',
    '<?OFX OFXHEADER="200" VERSION="220" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>',
)


class Tag(NamedTuple):
    """A tag that opens or closes something, or one with a value."""

    name: str
    value: str | None = None


def ofx_file(terms: Terms, rows: list[Movement], *, start: date, until: date, xml: bool) -> bytes:
    """Write the statement of an account from ``start`` to ``until``, its balance included."""
    tags = chain(
        _opening(terms, start=start, until=until),
        _transactions(rows),
        _closing(terms, rows, until=until),
    )
    header = _XML_HEADER if xml else _SGML_HEADER
    lines = chain(header, (_line(tag, xml=xml) for tag in tags))
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8" if xml else "cp1252")


def _line(tag: Tag, *, xml: bool) -> str:
    """Write one tag; only XML closes what has a value."""
    if tag.value is None:
        return f"<{tag.name}>"
    end = f"</{tag.name}>" if xml else ""
    return f"<{tag.name}>{escape(tag.value)}{end}"


def _message(terms: Terms) -> tuple[str, str, str]:
    """Return the names of the message set, the response and the statement for a kind of account."""
    if terms.kind == "liability":
        return "CREDITCARDMSGSRSV1", "CCSTMTTRNRS", "CCSTMTRS"
    return "BANKMSGSRSV1", "STMTTRNRS", "STMTRS"


def _opening(terms: Terms, *, start: date, until: date) -> Iterator[Tag]:
    """Yield everything before the first transaction."""
    yield from (Tag("OFX"), Tag("SIGNONMSGSRSV1"), Tag("SONRS"), *_status())
    yield from (Tag("DTSERVER", _day(until)), Tag("LANGUAGE", "ENG"))
    yield from (Tag("/SONRS"), Tag("/SIGNONMSGSRSV1"))
    messages, response, statement = _message(terms)
    yield from (Tag(messages), Tag(response), Tag("TRNUID", "1"), *_status())
    yield from (Tag(statement), Tag("CURDEF", terms.currency))
    if terms.kind == "liability":
        yield from (Tag("CCACCTFROM"), Tag("ACCTID", terms.number), Tag("/CCACCTFROM"))
    else:
        yield from (Tag("BANKACCTFROM"), Tag("BANKID", terms.bank), Tag("ACCTID", terms.number))
        yield from (Tag("ACCTTYPE", "SAVINGS"), Tag("/BANKACCTFROM"))
    yield from (Tag("BANKTRANLIST"), Tag("DTSTART", _day(start)), Tag("DTEND", _day(until)))


def _status() -> tuple[Tag, ...]:
    """Return the status of an answer that went well."""
    return Tag("STATUS"), Tag("CODE", "0"), Tag("SEVERITY", "INFO"), Tag("/STATUS")


def _transactions(rows: list[Movement]) -> Iterator[Tag]:
    """Yield the transactions; the bank's own id counts up within a day."""
    of_day: Counter[date] = Counter()
    for row in rows:
        of_day[row.booked_on] += 1
        yield Tag("STMTTRN")
        yield Tag("TRNTYPE", "CREDIT" if row.amount_minor > 0 else "DEBIT")
        yield Tag("DTPOSTED", _day(row.booked_on))
        yield Tag("DTUSER", _day(row.happened_on))
        yield Tag("TRNAMT", decimal_text(row.amount_minor, 2))
        yield Tag("FITID", f"{row.booked_on:%Y%m%d}{of_day[row.booked_on]:03d}")
        yield Tag("NAME", row.text[:NAME_CHARS_MAX].rstrip())
        if len(row.text) > NAME_CHARS_MAX:
            yield Tag("MEMO", row.text)
        yield Tag("/STMTTRN")


def _closing(terms: Terms, rows: list[Movement], *, until: date) -> Iterator[Tag]:
    """Yield everything after the last transaction: the balance at the end of ``until``."""
    balance_minor = terms.opening_balance_minor + sum(row.amount_minor for row in rows)
    messages, response, statement = _message(terms)
    yield from (Tag("/BANKTRANLIST"), Tag("LEDGERBAL"))
    yield from (Tag("BALAMT", decimal_text(balance_minor, 2)), Tag("DTASOF", _day(until)))
    yield from (Tag("/LEDGERBAL"), Tag(f"/{statement}"), Tag(f"/{response}"))
    yield from (Tag(f"/{messages}"), Tag("/OFX"))


def _day(day: date) -> str:
    """Write a day at noon, as banks do so that no time zone moves it."""
    return f"{day:%Y%m%d}120000"
