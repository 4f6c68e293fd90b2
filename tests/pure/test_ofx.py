"""The dialects of OFX, what each refusal is for, and chosen files of real programs."""

import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from solvent.intake.formats.ofx.reader import OfxReader
from solvent.intake.formats.ofx.refusals import STATEMENTS_MAX, UNREADABLE_MAX
from solvent.intake.formats.reading import (
    BOOKED,
    PENDING,
    ClosingBalance,
    Reading,
    SourceAccount,
    SourceRow,
    UnreadableFile,
)

CORPUS = Path(__file__).parents[1] / "corpus" / "ofx"
HEADER = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n"
ACCOUNT = "<BANKACCTFROM><BANKID>77<BRANCHID>8<ACCTID>12-3<ACCTTYPE>CHECKING</BANKACCTFROM>"
ROW = "<STMTTRN><DTPOSTED>20240115<TRNAMT>-5.00<FITID>a1<NAME>Shop<MEMO>Milk</STMTTRN>"


def read(text: str | bytes) -> tuple[list[SourceRow], Reading]:
    data = text.encode() if isinstance(text, str) else text
    reading = Reading()
    return [row for rows in OfxReader().read(io.BytesIO(data), reading) for row in rows], reading


def statement(
    rows: str = ROW, *, currency: str = "EUR", account: str = ACCOUNT, after: str = ""
) -> str:
    return (
        f"<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>{currency}\n{account}\n<BANKTRANLIST>\n"
        f"{rows}</BANKTRANLIST>{after}</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    )


def one(text: str | bytes) -> SourceRow:
    rows, reading = read(text)
    assert (len(rows), reading.rejected) == (1, [])
    return rows[0]


def codes(reading: Reading) -> list[str]:
    return [warning.code for warning in reading.warnings]


def refusal(text: str | bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(text)
    return refused.value.code


def rejection(row: str) -> str:
    rows, reading = read(statement(ROW + row))
    assert (len(rows), reading.rejected_count) == (1, 1)
    return reading.rejected[0].code


PLAIN = SourceRow(0, 4, date(2024, 1, 15), -500, "EUR", "Shop", "Milk", "a1", BOOKED)


@pytest.mark.parametrize(
    ("dialect", "line"),
    [
        (statement(), 4),
        (HEADER + statement(), 10),
        (HEADER.replace("\n", "") + statement(), 4),
        (HEADER.replace("\n", "\r") + statement().replace("\n", "\r\n"), 10),
        ("\n\n\n" + HEADER + statement(), 13),
        ("\ufeff" + statement(), 4),
        ("HTTP/1.1 200 OK\n\n" + statement(), 6),
        (statement().lower(), 4),
        (statement().replace("<TRNAMT>-5.00", "<TRNAMT>\n  -5.00  </TRNAMT>\n"), 4),
        (statement().replace("<STMTTRN>", "<STMTTRN >").replace("<NAME>", '<NAME lang="en">'), 4),
        (statement().replace("</STMTTRN>", ""), 4),
        (statement().replace("</BANKTRANLIST>", ""), 4),
        (statement().replace("</STMTRS></STMTTRNRS></BANKMSGSRSV1>", ""), 4),
        (statement().replace("</BANKACCTFROM>", ""), 4),
        (statement().replace("Shop", "<![CDATA[Shop]]>").replace("-5.00", "<![CDATA[-5.00]]>"), 4),
        (statement().replace("<FITID>", "<!-- <TRNAMT>9 --><FITID>"), 4),
        (statement().replace("<MEMO>", "</NAME><CATEGORY/><MCC>5411<MEMO>"), 4),
        (statement().replace("<NAME>Shop", "<PAYEE><NAME>Shop<ADDR1>Street 1</PAYEE>"), 4),
        (statement().replace("<NAME>Shop", "<PAYEE>Shop</PAYEE>"), 4),
        (statement().replace("<NAME>Shop", "<NAME/><EXTDNAME>Shop"), 4),
        (statement().replace("<STMTTRN>", "<STMTTRN><BANKACCTTO><ACCTID>9</BANKACCTTO>"), 4),
        ('<?xml version="1.0"?><?OFX OFXHEADER="200"?>\n' + statement(), 5),
        (statement().replace("<MEMO>Milk", "<MEMO>Milk<MEMO>Bread<NAME>Other<TRNAMT>9"), 4),
        ("<!-- written\nby\nhand -->" + statement(), 6),
        (statement().replace("<", "<ofx:").replace("<ofx:/", "</ofx:"), 4),
    ],
)
def test_every_dialect_says_the_same(dialect: str, line: int) -> None:
    row = one(dialect)
    if dialect == dialect.lower():
        row = row._replace(payee=row.payee.title(), memo=row.memo.title())
    assert row == PLAIN._replace(line=line)


@pytest.mark.parametrize("codec", ["utf-8", "cp1252", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("declared", ["1252", "UTF-8", "NONE", "8859-1", "nonsense"])
def test_the_bytes_are_believed_before_the_header(codec: str, declared: str) -> None:
    text = HEADER.replace("1252", declared) + statement().replace("Shop", "Café €")
    assert one(text.encode(codec)).payee == "Café €"


def test_a_declared_character_set_counts_where_it_fits() -> None:
    text = HEADER.replace("1252", "1251") + statement().replace("Shop", "Магазин")
    assert one(text.encode("cp1251")).payee == "Магазин"
    text = '<?xml version="1.0" encoding="ISO-8859-2"?>' + statement().replace("Shop", "Łódź")
    assert one(text.encode("iso8859-2")).payee == "Łódź"


def test_characters_that_mean_nothing_are_marked_and_told() -> None:
    rows, reading = read(statement().encode().replace(b"Shop", b"Sh\x81p"))
    assert rows[0].payee == "Sh\ufffdp"
    assert codes(reading) == ["intake.ofx_characters_lost"]


def test_an_account_is_named_by_bank_branch_and_number() -> None:
    _, reading = read("<OFX><ORG>Old Bank\n" + statement())
    assert reading.accounts == [SourceAccount("77/8/12-3", "EUR", "Old Bank", "asset")]


def test_a_card_is_a_liability_and_so_is_a_credit_line() -> None:
    card = statement(account="<CCACCTFROM><ACCTID>4111</CCACCTFROM>").replace("STMTRS", "CCSTMTRS")
    assert read(card)[1].accounts == [SourceAccount("4111", "EUR", "", "liability")]
    line = statement(account=ACCOUNT.replace("CHECKING", "CREDITLINE"))
    assert read(line)[1].accounts[0].kind == "liability"


def test_a_closing_balance_is_the_ledger_balance() -> None:
    after = "<LEDGERBAL><BALAMT>1.234,5<DTASOF>20240131235959[-5]</LEDGERBAL>"
    after += "<AVAILBAL><BALAMT>9<DTASOF>20240201</AVAILBAL>"
    _, reading = read(statement(after=after))
    assert reading.closings == [ClosingBalance(0, 123450, "EUR", date(2024, 1, 31))]


@pytest.mark.parametrize(
    ("balance", "closings", "told"),
    [
        ("<LEDGERBAL><BALAMT>0,00<DTASOF>00000000</LEDGERBAL>", [0], []),
        ("<LEDGERBAL><BALAMT> <DTASOF>20240131</LEDGERBAL>", [], []),
        ("<LEDGERBAL><AVAILBAL><BALAMT>7</AVAILBAL>", [], []),
        ("<LEDGERBAL><BALAMT>n/a</LEDGERBAL>", [], ["intake.ofx_balance_unreadable"]),
        ("", [], []),
    ],
)
def test_a_balance_without_day_or_amount_is_no_obstacle(
    balance: str, closings: list[int], told: list[str]
) -> None:
    rows, reading = read(statement(after=balance))
    assert len(rows) == 1
    assert [(one.amount_minor, one.on) for one in reading.closings] == [(n, None) for n in closings]
    assert codes(reading) == told


def test_several_statements_each_have_their_account() -> None:
    second = statement(account="<BANKACCTFROM><ACCTID>9</BANKACCTFROM>", currency="USD")
    rows, reading = read(statement() + second + statement())
    assert [(row.account, row.currency) for row in rows] == [(0, "EUR"), (1, "USD"), (0, "EUR")]
    assert [account.identifier for account in reading.accounts] == ["77/8/12-3", "9"]


def test_two_statements_in_one_response_are_two() -> None:
    inner = "</STMTRS><STMTRS><CURDEF>USD<BANKACCTFROM><ACCTID>9</BANKACCTFROM>" + ROW
    rows, reading = read(statement(after=inner))
    assert [row.account for row in rows] == [0, 1]
    assert reading.accounts[1] == SourceAccount("9", "USD")


def test_an_account_named_after_its_rows_is_still_theirs() -> None:
    rows, reading = read("<OFX><STMTRS><CURDEF>EUR" + ROW + ACCOUNT + "</STMTRS></OFX>")
    assert [row.account for row in rows] == [0]
    assert reading.accounts == [SourceAccount("77/8/12-3", "EUR")]


def test_differing_balances_of_one_day_are_both_kept_and_told() -> None:
    balance = "<LEDGERBAL><BALAMT>{}<DTASOF>20240131</LEDGERBAL>"
    twice = statement(after=balance.format("1.00")) + statement(after=balance.format("2.00"))
    _, reading = read(twice)
    assert [closing.amount_minor for closing in reading.closings] == [100, 200]
    assert codes(reading) == ["intake.ofx_balances_differ"]


def test_a_currency_comes_from_the_rows_where_the_statement_has_none() -> None:
    stated = ROW.replace("<MEMO>", "<CURRENCY><CURRATE>1<CURSYM>aud</CURRENCY><MEMO>")
    rows, reading = read(statement(stated, currency=""))
    assert rows[0].currency == reading.accounts[0].currency == "AUD"


def test_the_currency_of_a_purchase_does_not_change_the_accounts() -> None:
    origin = "<ORIGCURRENCY><CURRATE>1.1<CURSYM>USD</ORIGCURRENCY>"
    rows, reading = read(statement(ROW.replace("<MEMO>", origin + "<MEMO>")))
    assert (rows[0].currency, codes(reading)) == ("EUR", [])
    rows, reading = read(statement(ROW.replace("<MEMO>", origin.replace("ORIG", "") + "<MEMO>")))
    assert (rows[0].currency, codes(reading)) == ("EUR", ["intake.ofx_foreign_currency"])


def test_a_currency_that_is_none_is_left_open_and_told() -> None:
    rows, reading = read(statement(currency="R$"))
    assert (rows[0].currency, codes(reading)) == ("XXX", ["intake.ofx_currency_unknown"])
    rows, reading = read(statement(currency=""))
    assert (rows[0].currency, codes(reading)) == ("XXX", [])


def test_rounding_is_told_and_what_it_took_is_kept() -> None:
    rows, reading = read(statement(ROW.replace("-5.00", "-5.0051") + ROW.replace("5.00", "5.000")))
    assert [row.amount_minor for row in rows] == [-501, -500]
    assert reading.rounded_off == {"EUR": Decimal("0.0049")}
    assert codes(reading) == ["intake.ofx_rounded"]


def test_the_sign_of_an_amount_outweighs_its_type() -> None:
    rows, reading = read(statement(ROW.replace("<DTPOSTED>", "<TRNTYPE>Credit<DTPOSTED>")))
    assert (rows[0].amount_minor, codes(reading)) == (-500, ["intake.ofx_signs_differ"])


def test_an_id_of_zeros_is_no_id() -> None:
    assert one(statement(ROW.replace("a1", "0000"))).external_id == ""
    assert one(statement(ROW.replace("<FITID>a1", "<FITID></FITID>"))).external_id == ""


def test_pending_transactions_are_rows_that_are_not_booked() -> None:
    pending = "<BANKTRANLISTP><STMTTRNP><DTTRAN>20240120<TRNAMT>-1<NAME>Inn</STMTTRNP>"
    rows, _ = read(statement(after=pending + "</BANKTRANLISTP>"))
    assert [(row.state, row.amount_minor) for row in rows] == [(BOOKED, -500), (PENDING, -100)]


def test_trades_are_left_out_and_counted() -> None:
    trade = "<BUYSTOCK><INVBUY><INVTRAN><FITID>9<MEMO>x</INVTRAN><TOTAL>-7</INVBUY></BUYSTOCK>"
    rows, reading = read(statement(trade + f"<INVBANKTRAN>{ROW}</INVBANKTRAN>" + trade))
    assert len(rows) == 1
    assert codes(reading) == ["intake.ofx_trades_left_out"]
    assert reading.warnings[0].message.endswith("Transactions: 2.")


def test_an_error_beside_a_statement_is_told() -> None:
    error = "<OFX><STATUS><CODE>2000<SEVERITY>ERROR<MESSAGE>One account failed.</STATUS>"
    rows, reading = read(error + statement())
    assert (len(rows), codes(reading)) == (1, ["intake.ofx_bank_error"])
    assert "2000 ERROR One account failed" in reading.warnings[0].message


def test_a_statement_without_transactions_says_so() -> None:
    rows, reading = read(statement(""))
    assert (rows, codes(reading)) == ([], ["intake.ofx_no_transactions"])


def test_a_file_that_ends_after_its_transactions_is_read_with_a_warning() -> None:
    rows, reading = read(statement().removesuffix("</OFX>"))
    assert (len(rows), codes(reading)) == (1, ["intake.ofx_unfinished"])


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (ROW.replace("20240115", ""), "intake.date_missing"),
        (ROW.replace("20240115", "00000000"), "intake.date_missing"),
        (ROW.replace("<DTPOSTED>20240115", ""), "intake.date_missing"),
        (ROW.replace("20240115", "20240230"), "intake.date_invalid"),
        (ROW.replace("<TRNAMT>-5.00", ""), "intake.amount_missing"),
        (ROW.replace("-5.00", "$5"), "intake.amount_invalid"),
        (ROW.replace("-5.00", "9" * 20), "intake.amount_out_of_range"),
        (ROW.replace("Milk", "x" * 70_000), "intake.row_too_long"),
        (ROW.replace("Milk", "<A>" * 30_000), "intake.row_too_long"),
    ],
)
def test_a_bad_row_is_rejected_and_the_others_are_read(row: str, code: str) -> None:
    assert rejection(row) == code


def test_a_rejected_row_is_found_by_its_line() -> None:
    _, reading = read(statement(f"{ROW}\n{ROW}\n" + ROW.replace("-5.00", "five")))
    assert [(bad.line, bad.reason) for bad in reading.rejected] == [(6, "“five” is not an amount.")]


BILLION = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "intake.ofx_empty"),
        ("this is totally not an ofx file", "intake.ofx_unrecognised"),
        (HEADER, "intake.ofx_unrecognised"),
        ("<OFX></OFX>", "intake.ofx_no_statement"),
        (f"<OFX><ACCTINFO>{ACCOUNT}</ACCTINFO></OFX>", "intake.ofx_no_statement"),
        ("<OFX><CCSTMTRS><CCACCTINFO><ACCTID></CCSTMTRS></OFX>", "intake.ofx_no_statement"),
        ("<OFX><STATUS><CODE>15500<SEVERITY>ERROR</STATUS></OFX>", "intake.ofx_bank_refused"),
        (f"<OFX><STMTRS>{ROW}</STMTRS></OFX>", "intake.ofx_unidentified"),
        (statement().partition("<MEMO>")[0], "intake.ofx_truncated"),
        (statement().partition("</BANKTRANLIST>")[0], "intake.ofx_truncated"),
        (statement().partition("<BANKTRANLIST>")[0][:-20], "intake.ofx_truncated"),
        (statement(after="<LEDGERBAL><BALAMT>12").partition("12")[0], "intake.ofx_truncated"),
        ("<OFX><SONRS>", "intake.ofx_truncated"),
        (statement() + "<!-- no end", "intake.ofx_truncated"),
        (statement() + "<![CDATA[ no end", "intake.ofx_truncated"),
        (BILLION + statement(), "intake.ofx_doctype"),
        (
            statement().replace("Milk", '<!entity x SYSTEM "file:///etc/passwd">'),
            "intake.ofx_doctype",
        ),
        ("<OFX>" + "<STMTRS>" * (STATEMENTS_MAX + 1), "intake.ofx_too_many_statements"),
        (statement("<STMTTRN>" * UNREADABLE_MAX), "intake.ofx_rows_unreadable"),
        (statement().encode("utf-16")[:400], "intake.ofx_truncated"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_code(text: str | bytes, code: str) -> None:
    assert refusal(text) == code


def test_an_empty_currency_and_account_are_left_open_not_refused() -> None:
    rows, reading = read(statement(currency="", account="<BANKACCTFROM><ACCTID></BANKACCTFROM>"))
    assert (len(rows), reading.accounts) == (1, [SourceAccount("", "XXX")])


def test_a_bare_list_of_transactions_is_read_for_an_account_to_be_chosen() -> None:
    rows, reading = read(f"{HEADER}<BANKTRANLIST>{ROW}</BANKTRANLIST>")
    assert [(row.currency, row.amount_minor) for row in rows] == [("XXX", -500)]
    assert reading.accounts == [SourceAccount("", "XXX")]
    assert codes(reading) == ["intake.ofx_unfinished"]


def test_a_statement_may_be_closed_as_one_of_another_kind() -> None:
    card = statement(account="<CCACCTFROM><ACCTID>4111</CCACCTFROM>").replace(
        "<STMTRS", "<CCSTMTRS"
    )
    assert read(card)[1].accounts == [SourceAccount("4111", "EUR", "", "liability")]


def test_ofx_is_recognised_by_what_it_holds() -> None:
    reader = OfxReader()
    for text in (HEADER, statement(), statement().lower(), '<?OFX OFXHEADER="200"?>'):
        assert reader.recognises(text.encode(), "download")
    assert reader.recognises(statement().encode("utf-16"), "download")
    assert reader.recognises(b'<ofx:OFX xmlns:ofx="http://ofx.example">', "download")
    assert reader.recognises(ROW.encode(), "part.QFX")
    assert not reader.recognises(ROW.encode(), "part.xml")
    assert not reader.recognises(b"this is totally not an ofx file", "bank.ofx")
    assert not reader.recognises(b"Date,Amount\n2024-01-15,-5.00\n", "bank.csv")
    assert not reader.recognises(b"", "bank.ofx")


@pytest.mark.parametrize(
    ("name", "rows", "sums", "closings"),
    [
        ("annacruz-ofx__creditcard.ofx", 3, {"USD": -2016}, [-111101]),
        (
            "asgrim-ofxparser__ofx-multiple-accounts-xml.ofx",
            3,
            {"GBP": 51472},
            [4301, 300025, 1172856],
        ),
        ("asgrim-ofxparser__ofxdata-investments-xml.ofx", 1, {"USD": 123456}, []),
        ("bankfile__header-on-one-line.qfx", 1, {"USD": -1000}, [9000]),
        ("bankfile__non-ascii-byte-declared-usascii.qfx", 1, {"USD": -1000}, [9000]),
        ("bankstatementparser__sample.ofx", 2, {"EUR": 117025}, []),
        ("ofxparse__ofx-v102-empty-tags.ofx", 1, {"AUD": 1234}, []),
        ("ofxparse__fidelity-savings.ofx", 4, {"USD": -177840}, []),
        ("ofxparse__date_missing.ofx", 0, {}, [0]),
    ],
)
def test_chosen_files_give_their_figures(
    name: str, rows: int, sums: dict[str, int], closings: list[int]
) -> None:
    got, reading = read((CORPUS / name).read_bytes())
    totals: dict[str, int] = {}
    for row in got:
        totals[row.currency] = totals.get(row.currency, 0) + row.amount_minor
    assert (len(got), totals) == (rows, sums)
    assert [closing.amount_minor for closing in reading.closings] == closings


def test_a_refused_sign_on_is_shown_in_the_banks_words() -> None:
    with pytest.raises(UnreadableFile) as refused:
        read((CORPUS / "ofxparse__signon_fail.ofx").read_bytes())
    assert refused.value.code == "intake.ofx_bank_refused"
    assert "15500 ERROR Your request could not be processed" in refused.value.message
