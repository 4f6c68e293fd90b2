"""Bank files that tests write: OFX and CSV of a few rows."""

from collections.abc import Iterable
from datetime import date

Row = tuple[str, date, int] | tuple[str, date, int, str]
"""The bank's id, the day, minor units, and perhaps the payee."""


def ofx(
    rows: Iterable[Row],
    *,
    account: str = "",
    currency: str = "EUR",
    closing: tuple[int, date] | None = None,
) -> bytes:
    """Return a statement of one account with ``rows``, as OFX 1 writes it."""
    return ofx_of([(account, currency, rows, closing)])


def ofx_of(
    statements: Iterable[tuple[str, str, Iterable[Row], tuple[int, date] | None]],
) -> bytes:
    """Return one file of several statements: account, currency, rows, closing balance."""
    head = "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nENCODING:UTF-8\r\nCHARSET:NONE\r\n\r\n"
    body = "".join(_statement(*each) for each in statements)
    return f"{head}<OFX><BANKMSGSRSV1>{body}</BANKMSGSRSV1></OFX>".encode()


def _statement(
    account: str, currency: str, rows: Iterable[Row], closing: tuple[int, date] | None
) -> str:
    own = f"<BANKACCTFROM><BANKID>100<ACCTID>{account}<ACCTTYPE>CHECKING</BANKACCTFROM>"
    balance = ""
    if closing is not None:
        minor, on = closing
        balance = f"<LEDGERBAL><BALAMT>{units(minor)}<DTASOF>{on:%Y%m%d}</LEDGERBAL>"
    return (
        f"<STMTTRNRS><STMTRS><CURDEF>{currency}{own if account else ''}"
        f"<BANKTRANLIST>\r\n{''.join(_row(*row) for row in rows)}</BANKTRANLIST>{balance}"
        "</STMTRS></STMTTRNRS>"
    )


def _row(external_id: str, day: date, minor: int, payee: str = "Somebody") -> str:
    return (
        f"<STMTTRN><TRNTYPE>OTHER<DTPOSTED>{day:%Y%m%d}<TRNAMT>{units(minor)}"
        f"<FITID>{external_id}<NAME>{payee}</STMTTRN>\r\n"
    )


def csv(rows: Iterable[Row]) -> bytes:
    """Return ``rows`` as a CSV file that names its columns; the bank's ids are left out."""
    lines = [
        f'{day:%Y-%m-%d},"{(*payee, "Somebody")[0]}",{units(minor)}'
        for _, day, minor, *payee in rows
    ]
    return "\n".join(["Date,Description,Amount", *lines, ""]).encode()


def units(minor: int) -> str:
    """Write minor units of a currency with two digits."""
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02d}"
