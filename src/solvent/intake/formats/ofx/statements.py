"""Units to statements: rows, and the accounts and balances that belong to them.

OFX states an account and its currency once, then the transactions, then a balance. What a file says
beside that (trades, another currency, a bank's error) is noted and told at the end, so that nothing
is left out without a word.
"""

import re
from datetime import date
from decimal import Decimal

from solvent.intake.formats.ofx.accounts import Accounts, Statement
from solvent.intake.formats.ofx.markup import UNIT_CHARS_MAX, fields
from solvent.intake.formats.ofx.refusals import (
    STATEMENTS_MAX,
    UNREADABLE_MAX,
    OfxBankRefused,
    OfxRowsUnreadable,
    OfxTooManyRows,
    OfxTooManyStatements,
    OfxTruncated,
    OfxUnrecognised,
    OfxWithoutStatement,
)
from solvent.intake.formats.ofx.remarks import AMBIGUOUS, FOREIGN, LEFT_OUT, ROUNDED, SIGNS, Remarks
from solvent.intake.formats.ofx.values import (
    Amount,
    NotTaken,
    first_text,
    parse_amount,
    parse_day,
    plain_text,
)
from solvent.intake.formats.reading import BOOKED, PENDING, ROWS_MAX, Reading, SourceRow
from solvent.kernel.currency import UNKNOWN_CODE, Currency, UnknownCurrency

ID_CHARS_MAX = 255
"""Longest identifier kept, of an account or of a transaction: the limit of OFX itself."""
DAYS_MAX = 10_000
"""Most days remembered while reading, so that a day is parsed once."""

_LISTS = frozenset({"BANKTRANLIST", "BANKTRANLISTP", "INVTRANLIST", "LOANTRANLIST"})
_IN_LISTS = frozenset({"INVTRAN", "/INVTRAN", "LOANSTMTTRN", "/LOANSTMTTRN", "/STMTTRNP"})
_CARRYING = re.compile(r"(BANK|CC|INV|LOAN)ACCTFROM|LEDGERBAL|STMTTRNP?|CURDEF|STATUS|ORG")
_STATEMENT = re.compile(r"(CC|INV|LOAN)?STMTRS")
_ENVELOPE = re.compile(r"/?(CC|INV|LOAN)?STMTTRNRS|/(CC|INV|LOAN)?STMTRS")
_ACCOUNT = re.compile(r"(BANK|CC|INV|LOAN)ACCTFROM")
_OWED = frozenset({"CC", "LOAN"})
_PLAIN_AMOUNT = re.compile(r"([+-]?[0-9]{1,12})\.([0-9]{2})").fullmatch
_PLAIN_DIGITS = 2
_DAY_CHARS = 8


class Statements:
    """The statements of one file, and through them its rows; fills a :class:`Reading`."""

    def __init__(self, reading: Reading) -> None:
        """Begin without any statement."""
        self._reading = reading
        self._accounts = Accounts(reading)
        self._remarks = Remarks()
        self._days: dict[str, date] = {}
        self._statement: Statement | None = None
        self._opened = self._closed = self._taken = 0
        self._in_list = self._listing_accounts = self._ended = False

    def transaction(self, body: str, line: int, state: str = BOOKED) -> SourceRow | None:
        """Return the row of a STMTTRN; None where it is rejected."""
        self._in_list = True
        statement = self._statement or self._open("", line)
        if statement.account < 0:
            self._accounts.add(statement)
        try:
            row = self._row(body, line, statement, state)
        except NotTaken as refusal:
            self._reject(line, refusal)
            return None
        self._taken += 1
        return row

    def mark(self, tag: str, body: str, line: int) -> SourceRow | None:
        """Take note of any other unit; a pending transaction (STMTTRNP) is a row too."""
        if tag == "STMTTRNP":
            return self.transaction(body, line, PENDING)
        if tag not in _IN_LISTS:
            self._in_list = tag in _LISTS
        if _ENVELOPE.fullmatch(tag):
            self._close()
        elif found := _STATEMENT.fullmatch(tag):
            self._close()
            self._open(found[1], line).nameless = True
        elif found := _ACCOUNT.fullmatch(tag):
            self._take_account(found[1], body, line)
        elif tag == "LEDGERBAL":
            self._take_balance(body, line)
        elif tag in {"INVTRAN", "LOANSTMTTRN"}:
            self._remarks.counts[LEFT_OUT] += 1
        else:
            self._mark_plain(tag, body, line)
        return None

    def finish(self, last: str, line: int) -> None:
        """Close the file after its ``last`` tag; raise where it is no statement, or cut off."""
        if not last:
            raise OfxUnrecognised
        if self._in_list:
            raise OfxTruncated("its list of transactions", line)
        if _CARRYING.fullmatch(last):
            raise OfxTruncated(f"<{last}>", line)
        self._close()
        if not self._closed:
            if self._remarks.bank_errors:
                raise OfxBankRefused(self._remarks.bank_errors[0])
            if not self._ended:
                raise OfxTruncated("what comes before its first statement", line)
            raise OfxWithoutStatement
        self._remarks.tell(self._reading)
        if not self._taken and not self._reading.rejected_count:
            self._reading.warn(
                "intake.ofx_no_transactions", "The file holds no transactions of an account."
            )
        if not self._ended:
            self._reading.warn(
                "intake.ofx_unfinished",
                "The file ends without </OFX>. What stands in it was read; compare the closing "
                "balance, for a later part may be missing.",
            )

    def _row(self, body: str, line: int, statement: Statement, state: str) -> SourceRow:
        if len(body) > UNIT_CHARS_MAX:
            raise NotTaken("intake.row_too_long", "The transaction is too long to be one.")
        values = fields(body)
        posted = (values.get("DTPOSTED") or values.get("DTTRAN", "")).strip()
        day = self._days.get(posted[:_DAY_CHARS]) or self._new_day(posted)
        currency, digits = statement.currency, statement.digits
        if "CURRENCY" in values:
            currency, digits = self._row_currency(values, statement)
        stated = values.get("TRNAMT", "").strip()
        plain = _PLAIN_AMOUNT(stated)
        if plain and digits == _PLAIN_DIGITS:
            minor = int(plain[1] + plain[2])
        else:
            minor = self._odd_amount(parse_amount(stated, digits), currency)
        kind = values.get("TRNTYPE", "").strip().upper()
        if (kind == "DEBIT" and minor > 0) or (kind == "CREDIT" and minor < 0):
            self._remarks.counts[SIGNS] += 1
        identifier = plain_text(values.get("FITID", ""), ID_CHARS_MAX)
        return SourceRow(
            statement.account,
            line,
            day,
            minor,
            currency,
            plain_text(values.get("NAME", "")) or first_text(values, "PAYEE", "EXTDNAME"),
            plain_text(values.get("MEMO", "")),
            # An id of zeros is a placeholder, the same for every row.
            identifier if identifier.strip("0") else "",
            state,
        )

    def _reject(self, line: int, refusal: NotTaken) -> None:
        """Reject a row; give the file up where nothing but such rows comes."""
        self._reading.reject(line, refusal.code, refusal.reason)
        if not self._taken and self._reading.rejected_count >= UNREADABLE_MAX:
            raise OfxRowsUnreadable(refusal.reason)
        if self._reading.rejected_count > ROWS_MAX:
            raise OfxTooManyRows

    def _row_currency(self, values: dict[str, str], statement: Statement) -> tuple[str, int]:
        """Return the currency of a row that states one, and its digits.

        The account's own counts where it is known, as in other programs, although OFX defines it
        the other way round; that they differ is told.
        """
        stated = _known_currency(first_text(values, "CURSYM"))
        if stated is None or stated.code == statement.currency:
            return statement.currency, statement.digits
        if statement.currency != UNKNOWN_CODE:
            self._remarks.counts[FOREIGN] += 1
            return statement.currency, statement.digits
        statement.row_currencies.add(stated.code)
        return stated.code, stated.digits

    def _odd_amount(self, amount: Amount, currency: str) -> int:
        """Return the minor units of an amount that is not written plainly, and take note of it."""
        if amount.lost is not None:
            self._remarks.counts[ROUNDED] += 1
            lost = self._reading.rounded_off
            lost[currency] = lost.get(currency, Decimal(0)) + amount.lost
        self._remarks.counts[AMBIGUOUS] += amount.ambiguous
        return amount.minor

    def _new_day(self, posted: str) -> date:
        """Read a day and remember it; forget all when there are absurdly many."""
        day = parse_day(posted)
        if len(self._days) >= DAYS_MAX:
            self._days.clear()
        if (written := posted[:_DAY_CHARS]).isdecimal():
            self._days[written] = day
        return day

    def _mark_plain(self, tag: str, body: str, line: int) -> None:
        """Take note of the units that hold one value, or none."""
        if tag == "CURDEF":
            self._take_currency(plain_text(body.partition("<")[0], ID_CHARS_MAX), line)
        elif tag == "ORG" and not self._accounts.bank:
            self._accounts.bank = plain_text(body.partition("<")[0], ID_CHARS_MAX)
        elif tag == "STATUS":
            self._note_status(fields(body[:UNIT_CHARS_MAX]))
        elif tag in {"ACCTINFO", "/ACCTINFO"}:
            self._listing_accounts = tag == "ACCTINFO"
        elif tag == "/OFX":
            self._ended = True

    def _open(self, family: str, line: int) -> Statement:
        """Begin a statement of a family: ``CC``, ``INV``, ``LOAN``, else a bank's."""
        self._opened += 1
        if self._opened > STATEMENTS_MAX:
            raise OfxTooManyStatements
        self._statement = Statement(line, "liability" if family in _OWED else "asset")
        return self._statement

    def _close(self) -> None:
        statement, self._statement = self._statement, None
        if statement is not None and not statement.blank:
            self._accounts.close(statement)
            self._closed += 1

    def _take_account(self, family: str, body: str, line: int) -> None:
        """Take the account of a statement; those in a mere list of accounts are none."""
        if self._listing_accounts:
            return
        statement = self._statement or self._open(family, line)
        statement.nameless = False
        values = fields(body[:UNIT_CHARS_MAX])
        number = first_text(values, "ACCTID")
        if statement.identifier or not number:
            return
        parts = (first_text(values, "BANKID", "BROKERID"), first_text(values, "BRANCHID"), number)
        statement.identifier = "/".join(part for part in parts if part)[:ID_CHARS_MAX]
        if family in _OWED or first_text(values, "ACCTTYPE").upper() == "CREDITLINE":
            statement.kind = "liability"
        self._accounts.correct(statement)

    def _take_currency(self, code: str, line: int) -> None:
        statement = self._statement or self._open("", line)
        statement.nameless = False
        if not code or statement.currency != UNKNOWN_CODE:
            return
        known = _known_currency(code)
        if known is None:
            self._reading.warn(
                "intake.ofx_currency_unknown",
                f"“{code[:8]}” is not a currency; choose the account's when you import the file.",
            )
            return
        statement.currency, statement.digits = known.code, known.digits
        self._accounts.correct(statement)

    def _take_balance(self, body: str, line: int) -> None:
        """Take the closing balance of the statement; an empty one is none."""
        values = fields(body[:UNIT_CHARS_MAX])
        stated = values.get("BALAMT", "").strip()
        if self._statement is None or self._statement.balance is not None or not stated:
            return
        try:
            amount = parse_amount(stated, self._statement.digits)
        except NotTaken as refusal:
            self._reading.warn(
                "intake.ofx_balance_unreadable",
                f"The closing balance at line {line} was left out: {refusal.reason}",
            )
            return
        try:
            on = parse_day(values.get("DTASOF", "").strip())
        except NotTaken:
            on = None
        self._statement.balance = amount.minor, on

    def _note_status(self, values: dict[str, str]) -> None:
        """Keep a status that is an error, as the bank words it."""
        if first_text(values, "SEVERITY").upper() == "ERROR":
            said = (first_text(values, tag) for tag in ("CODE", "SEVERITY", "MESSAGE"))
            self._remarks.note_bank_error(" ".join(part for part in said if part).rstrip("."))


def _known_currency(code: str) -> Currency | None:
    """Return the currency of a code; None where there is none, or it means no currency."""
    try:
        known = Currency.of(code.upper())
    except UnknownCurrency:
        return None
    return None if known.code == UNKNOWN_CODE else known
