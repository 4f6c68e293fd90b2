"""Each rule by which a CSV file is found out, with a file that shows it and one that does not."""

import pytest

from solvent.intake.formats.csv_table.reader import CsvReader
from solvent.intake.formats.reading import NeedsAnswer, SourceAccount
from tests.pure.csv_files import read

COMMON = """Date,Payee,Note,Amount,Currency,Balance,Reference
2024-01-02,Shop,groceries,-5.00,EUR,95.00,R-1
2024-01-03,Work,wages,100.00,EUR,195.00,R-2
"""


def test_the_common_layout_maps_each_column_to_its_field() -> None:
    answer = read(COMMON)
    row = answer.rows[0]
    assert (row.payee, row.memo, row.external_id) == ("Shop", "groceries", "R-1")
    assert (row.line, row.amount_minor, row.currency, row.state) == (2, -500, "EUR", "booked")
    assert answer.reading.accounts == [SourceAccount("", "EUR")]
    assert answer.closings == [(19500, "EUR", "2024-01-03")]
    assert answer.reading.mapping["date_format"] == "%Y-%m-%d"


def test_an_id_that_repeats_is_no_id() -> None:
    assert read(COMMON.replace("R-2", "R-1")).rows[0].external_id == ""


def test_the_delimiter_is_the_one_that_yields_dates_and_amounts() -> None:
    for mark in ",;\t|":
        answer = read(COMMON.replace(",", mark))
        assert answer.minors == [-500, 10000]
        assert answer.reading.mapping["delimiter"] == mark


def test_a_comma_in_amounts_does_not_part_cells() -> None:
    answer = read("Datum;Text;Betrag\n02.01.2024;Laden, Ecke;-1.234,50\n")
    assert (answer.minors, answer.payees) == ([-123450], ["Laden, Ecke"])


def test_an_announced_delimiter_is_believed() -> None:
    answer = read("sep=;\nDatum;Text;Betrag\n13.01.2024;Laden;-5,00\n")
    assert [(row.line, row.amount_minor) for row in answer.rows] == [(3, -500)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_any_line_end_will_do(end: str) -> None:
    assert read(COMMON.replace("\n", end)).minors == [-500, 10000]


def test_a_cell_may_run_over_lines() -> None:
    answer = read('Date,Payee,Amount\n2024-01-02,"Shop\nRome",-5.00\n2024-01-03,Pub,-6.00\n')
    assert [(row.line, row.payee) for row in answer.rows] == [(2, "Shop Rome"), (4, "Pub")]


def test_quotation_marks_need_not_be_doubled() -> None:
    answer = read('"Date","Payee","Amount"\n"2024-01-02","UAB "Nak,tida"","-5.00"\n')
    assert (answer.payees, answer.minors) == (['UAB "Nak,tida"'], [-500])
    assert answer.reading.mapping["quoting"] == "none"


def test_doubled_quotation_marks_are_one() -> None:
    answer = read('Date,Payee,Amount\n2024-01-02,"The ""Shop"", Rome",-5.00\n')
    assert answer.payees == ['The "Shop", Rome']
    assert "quoting" not in answer.reading.mapping


def test_what_stands_above_the_header_is_left_aside() -> None:
    answer = read("Account:,123\nFrom:,2024-01-01\n\n" + COMMON)
    assert [row.line for row in answer.rows] == [5, 6]
    assert answer.reading.mapping["header_row"] == 4


def test_an_iban_above_the_header_is_the_account() -> None:
    above = "Konto;DE12 5001 0517 0648 4898 90\n\n"
    answer = read(above + COMMON.replace(",", ";"))
    assert answer.reading.accounts == [SourceAccount("DE12500105170648489890", "EUR")]
    wrong = read(above.replace("90\n", "91\n") + COMMON.replace(",", ";"))
    assert wrong.reading.accounts == [SourceAccount("", "EUR")]


def test_a_file_without_a_header_is_read_by_what_its_cells_are() -> None:
    answer = read("13/01/2024,Shop in Rome,-5.00,95.00\n14/01/2024,Work,100.00,195.00\n")
    assert answer.reading.mapping["header_row"] is None
    assert (answer.minors, answer.payees) == ([-500, 10000], ["Shop in Rome", "Work"])
    assert answer.closings == [(19500, "XXX", "2024-01-14")]


def test_comments_above_a_file_without_header_are_skipped() -> None:
    answer = read("# made by hand\n2024-01-02,$1\n2024-01-03,$2\n")
    assert answer.minors == [100, 200]
    assert answer.reading.mapping["skip_rows"] == 1


def test_a_header_in_an_unknown_language_is_a_header() -> None:
    answer = read("Ημερομηνία;Περιγραφή;Ποσό\n13/01/2024;Αγορά;-5,00\n")
    assert (answer.minors, answer.payees) == ([-500], ["Αγορά"])


def test_totals_and_notes_below_the_table_are_left_out_and_said_to_be() -> None:
    answer = read(COMMON + ",,Total,95.00,,,\n\nPrinted by the bank\n")
    assert answer.minors == [-500, 10000]
    assert answer.rejected == []
    assert answer.warnings == {"intake.lines_left_out"}
    assert "line 4, 6" in answer.reading.warnings[0].message


def test_balances_among_the_rows_are_no_transactions() -> None:
    file = (
        "Date,Text,Amount,D/K\n2024-01-01,Opening balance,50.00,K\n2024-01-02,Shop,5.00,D\n"
        "2024-01-03,Pay,7.00,K\n2024-01-31,Closing balance,52.00,K\n"
    )
    answer = read(file)
    assert answer.minors == [-500, 700]
    assert answer.closings == [(5200, "XXX", "2024-01-31")]


def test_a_repeated_header_is_left_out() -> None:
    assert read(COMMON + COMMON).minors == [-500, 10000] * 2


def test_a_day_above_twelve_settles_the_order_for_all_rows() -> None:
    assert (
        read("Date,Text,Amount\n02/01/2024,A,-5.00\n13/01/2024,B,-6.00\n").days[0] == "2024-01-02"
    )
    assert (
        read("Date,Text,Amount\n02/01/2024,A,-5.00\n01/13/2024,B,-6.00\n").days[0] == "2024-02-01"
    )


def test_a_day_above_twelve_in_the_last_of_many_rows_settles_it_too() -> None:
    rows = "02/01/2024,A,-5.00\n01/02/2024,A,-5.00\n" * 5_000
    assert read("Date,Text,Amount\n" + rows + "01/13/2024,B,-6.00\n").days[0] == "2024-02-01"


def test_an_undecided_order_is_asked_and_the_answer_taken() -> None:
    file = "Date,Text,Amount\n02/01/2024,A,-5.00\n"
    with pytest.raises(NeedsAnswer) as asked:
        read(file)
    (question,) = asked.value.questions
    assert question.code == "intake.date_order"
    assert [choice.label for choice in question.choices] == [
        "02/01/2024 is 02 January 2024",
        "02/01/2024 is 01 February 2024",
    ]
    days = [read(file, choice.mapping).days[0] for choice in question.choices]
    assert days == ["2024-01-02", "2024-02-01"]
    first = question.choices[0].mapping
    assert read(file, asked.value.mapping | first).days == ["2024-01-02"]


@pytest.mark.parametrize(
    ("file", "day"),
    [
        ("Date;Text;Amount\n02.01.2024;A;-5.00\n", "2024-01-02"),
        ("Date;Text;Amount\n02/01/2024;A;-5,00\n", "2024-01-02"),
        ("Fecha;Concepto;Importe\n02/01/2024;A;-5.00\n", "2024-01-02"),
        ("Date,Text,Amount,Currency\n02/01/2024,A,-5.00,GBP\n", "2024-01-02"),
        ("Date,Text,Amount (NZD)\n02/01/2024,A,-5.00\n", "2024-01-02"),
        ("Date,Text,Amount\n12/11/2023,A,-5\n11/12/2023,B,-1.0\n03/01/2024,C,-1\n", "2023-11-12"),
    ],
)
def test_other_facts_settle_the_order(file: str, day: str) -> None:
    assert read(file).days[0] == day


@pytest.mark.parametrize("currency", ["USD", "CAD", "XXX"])
def test_a_currency_of_the_new_world_settles_nothing(currency: str) -> None:
    with pytest.raises(NeedsAnswer):
        read(f"Date,Text,Amount,Currency\n02/01/2024,A,-5.00,{currency}\n")


def test_many_rows_on_one_day_of_each_month_are_days_of_one_month() -> None:
    busy = "05/01/2024,A,-5.00\n" * 7 + "05/02/2024,B,-5.00\n05/03/2024,C,-5.00\n"
    assert set(read("Date,Text,Amount\n" + busy).days) == {"2024-05-01", "2024-05-02", "2024-05-03"}
    with pytest.raises(NeedsAnswer):
        read("Date,Text,Amount\n05/01/2024,A,-5.00\n05/02/2024,A,-5.00\n05/03/2024,A,-5.00\n")


def test_a_missing_year_is_taken_from_above_the_table_or_asked() -> None:
    file = "Date,Text,Amount\n27 Dec,A,-5.00\n02 Jan,B,-6.00\n"
    assert read("Statement 2023\n" + file).days == ["2023-12-27", "2024-01-02"]
    assert read(file, {"year": 2020}).days == ["2020-12-27", "2021-01-02"]
    with pytest.raises(NeedsAnswer) as asked:
        read(file)
    assert asked.value.questions[0].code == "intake.year"


def test_years_of_one_and_two_digits_are_of_our_time() -> None:
    assert read("Date,Text,Amount\n13/1/5,A,-5.00\n").days == ["2005-01-13"]
    assert read("Datum;Text;Betrag\n13.01.24;A;-5,00\n").days == ["2024-01-13"]


def test_a_year_of_two_digits_may_stand_first_where_it_must() -> None:
    days = "Date,Text,Amount\n24/01/02,A,-5.00\n24/01/12,B,-5.00\n24/02/25,C,-5.00\n"
    assert read(days).days == ["2024-01-02", "2024-01-12", "2024-02-25"]


def test_a_transaction_over_two_rows_is_one() -> None:
    file = "Date,Text,Amount\n2024-01-02,CARD,-5.00\n,SHOP IN ROME,\n2024-01-03,PAY,9.00\n"
    answer = read(file)
    assert [(row.payee, row.memo) for row in answer.rows] == [("CARD", "SHOP IN ROME"), ("PAY", "")]
    assert answer.rejected == []


def test_debit_and_credit_have_columns_of_their_own() -> None:
    file = "Date,Text,Debit,Credit\n2024-01-02,Shop,5.00,\n2024-01-03,Pay,,9.00\n"
    assert read(file).minors == [-500, 900]
    assert read(file.replace("5.00", "-5.00")).minors == [-500, 900]
    assert read(file.replace("5.00,", "5.00,0.00").replace(",,9", ",0,9")).minors == [-500, 900]


def test_a_signed_amount_wins_over_columns_that_repeat_it() -> None:
    file = "Date;Text;Amount;credit;debit\n2024-01-02;Shop;-5,00;;-5,00\n2024-01-03;P;9,00;9,00;\n"
    assert read(file).minors == [-500, 900]


def test_a_balance_tells_which_column_is_the_credit() -> None:
    file = (
        "2024-01-02,Pay,9.00,,109.00\n2024-01-03,Shop,,5.00,104.00\n2024-01-04,Pub,,4.00,100.00\n"
    )
    assert read(file).minors == [900, -500, -400]


def test_a_column_with_a_word_gives_the_sign() -> None:
    file = "Datum,Naam,Af Bij,Bedrag\n20240102,Winkel,Af,5.00\n20240103,Loon,Bij,9.00\n"
    answer = read(file)
    assert answer.minors == [-500, 900]
    assert answer.reading.mapping["direction_values"] == {"Af": "out", "Bij": "in"}


def test_a_written_sign_wins_over_a_word() -> None:
    file = "CREDIT,20240102,Shop,-5.00\nDEBIT,20240103,Pub,-6.00\nDEBIT,20240104,Inn,-7.00\n"
    assert read(file).minors == [-500, -600, -700]


def test_words_that_contradict_every_sign_turn_them() -> None:
    file = "DEBIT,20240102,Shop,5.00\nDEBIT,20240103,Pub,6.00\nCREDIT,20240104,Paid,-7.00\n"
    assert read(file).minors == [-500, -600, 700]


def test_rows_that_are_neither_in_nor_out_count_nothing_and_say_so() -> None:
    file = "日期,商品,收/支,金额\n2024-01-02,a,支出,5.00\n2024-01-03,b,不计收支,6.00\n2024-01-04,c,收入,7.00\n"
    answer = read(file)
    assert answer.minors == [-500, 0, 700]
    assert answer.rows[1].memo == "(不计收支 6.00)"
    assert answer.warnings == {"intake.neutral_rows"}


def test_a_card_prints_its_charges_without_a_sign() -> None:
    answer = read(
        "Merchant Name,Card Used,Date,Amount\nShop,*1,2024-01-02,5.00\nPub,*1,2024-01-03,6.00\n"
    )
    assert answer.minors == [-500, -600]
    assert answer.reading.accounts[0].kind == "liability"
    thanked = "Date,Text,Amount\n2024-01-02,Shop,5.00\n2024-01-09,PAYMENT - THANK YOU,-9.00\n"
    assert read(thanked).minors == [-500, 900]


def test_without_such_a_sign_amounts_stay_as_written_with_a_word() -> None:
    answer = read("Date,Text,Amount\n" + "2024-01-02,Shop,5.00\n" * 3)
    assert answer.minors == [500] * 3
    assert answer.warnings == {"intake.all_money_in"}
    seller = "Date,Text,Amount,Card,Customer\n" + "2024-01-02,Sold,5.00,*1,Me\n" * 3
    assert read(seller).minors == [500] * 3


def test_bare_amounts_are_out_where_only_money_in_is_marked() -> None:
    credit = (
        "Date,Text,Amount\n2024-01-02,Shop,5.00\n2024-01-03,Paid,9.00 CR\n2024-01-04,Pub,6.00\n"
    )
    assert read(credit).minors == [-500, 900, -600]
    plus = "Datum;Text;Betrag\n13.01.2024;Laden;5,00\n14.01.2024;Lohn;+9,00\n"
    assert read(plus).minors == [-500, 900]
    assert read(plus + "15.01.2024;Kino;-6,00\n").minors == [500, 900, -600]


def test_the_currency_stands_in_a_column_a_header_or_the_cell() -> None:
    assert read("Date,Text,Amount,Ccy\n2024-01-02,A,-5.00,chf\n").rows[0].currency == "CHF"
    assert read("Date,Text,Betrag (EUR)\n2024-01-02,A,-5.00\n").rows[0].currency == "EUR"
    assert read("Date,Text,Amount\n2024-01-02,A,-5.00 zł\n").rows[0].currency == "PLN"
    assert read("Currency: SEK\n\nDate,Text,Amount\n2024-01-02,A,-5.00\n").rows[0].currency == "SEK"
    assert read("Date,Text,Amount\n2024-01-02,A,$5.00\n").rows[0].currency == "XXX"


def test_cells_of_several_currencies_keep_their_own() -> None:
    answer = read(
        "Date,Text,Amount\n2024-01-02,A,-5.00 EUR\n2024-01-03,B,¥500\n2024-01-04,C,JPY 500\n"
    )
    assert [(row.amount_minor, row.currency) for row in answer.rows] == [
        *((-500, "EUR"), (50000, "XXX"), (500, "JPY")),
    ]


def test_several_accounts_in_a_file_are_kept_apart() -> None:
    file = "Date,Text,Amount,Account,Balance\n2024-01-02,A,-5.00,One,5.00\n2024-01-02,B,7.00,Two,70.00\n"
    answer = read(file + "2024-01-03,C,-1.00,One,4.00\n")
    assert [account.identifier for account in answer.reading.accounts] == ["One", "Two"]
    assert [row.account for row in answer.rows] == [0, 1, 0]
    assert answer.closings == [(400, "XXX", "2024-01-03"), (7000, "XXX", "2024-01-02")]
    assert answer.warnings == set()


def test_the_account_of_the_other_side_is_not_ours() -> None:
    file = "Datum;Empfänger;Kontonummer;Betrag\n13.01.2024;A;1234567890;-5,00\n"
    assert read(file).reading.accounts == [SourceAccount("", "XXX")]
    ours = file.replace("Kontonummer", "Auftragskonto")
    assert read(ours).reading.accounts == [SourceAccount("1234567890", "XXX")]


@pytest.mark.parametrize("newest_first", [True, False])
def test_the_closing_balance_is_the_newest(*, newest_first: bool) -> None:
    rows = ["2024-01-02,A,-5.00,95.00", "2024-01-02,B,10.00,105.00", "2024-01-02,C,-1.00,104.00"]
    ordered = rows[::-1] if newest_first else rows
    answer = read("Date,Text,Amount,Balance\n" + "\n".join(ordered))
    assert answer.closings == [(10400, "XXX", "2024-01-02")]
    assert answer.warnings == set()


def test_balances_that_do_not_follow_are_reported() -> None:
    file = "Date,Text,Amount,Balance\n2024-01-02,A,-5.00,95.00\n2024-01-03,B,10.00,200.00\n"
    assert read(file).warnings == {"intake.balances_disagree"}
    assert read(file.replace("200.00", "105.00")).warnings == set()


def test_a_balance_that_falls_by_positive_amounts_turns_the_sign() -> None:
    file = "Date,Text,Amount,Balance\n2024-01-02,A,5.00,95.00\n2024-01-03,B,10.00,85.00\n"
    assert read(file + "2024-01-04,C,-3.00,88.00\n").minors == [-500, -1000, 300]


def test_the_net_counts_where_fees_are_named() -> None:
    file = "Date,Name,Gross,Fee,Net,Currency\n2024-01-02,A,10.00,-0.59,9.41,USD\n"
    assert read(file).minors == [941]


def test_an_odd_row_changes_nothing_of_the_others() -> None:
    rows = "".join(
        f"2024-01-{n % 28 + 1:02},Shop {n},-{n}.50,EUR,1.00,R{n}\n" for n in range(1, 2000)
    )
    header = "Date,Payee,Amount,Currency,Balance,Reference\n"
    plain = read(header + rows)
    odd = read(header + rows + "2024-01-02,Last,,,,\n")
    assert odd.rows == plain.rows
    assert odd.rejected == [(2001, "intake.no_amount")]


def test_batches_keep_the_order_of_the_file() -> None:
    rows = "".join(f"2024-01-02,Shop {n},-{n}.00\n" for n in range(1, 12_001))
    answer = read("Date,Payee,Amount\n" + rows)
    assert [row.line for row in answer.rows] == list(range(2, 12_002))
    assert answer.minors == [-100 * n for n in range(1, 12_001)]


def test_a_table_is_recognised_by_its_rows_or_its_name() -> None:
    reader = CsvReader()
    assert reader.format == "csv"
    assert reader.recognises(COMMON.encode(), "statement")
    assert reader.recognises(b"\xff\xfe" + COMMON.encode("utf-16-le"), "statement")
    assert reader.recognises(b"name,amount\n", "x.csv")
    assert not reader.recognises(b"name,amount\n", "x.txt")
    assert not reader.recognises(b"2024-01-02 * Shop\n  Expenses:Food  5.00 EUR\n", "x.ledger")
    assert not reader.recognises(b"\x00\x01\x02\x03" * 50, "x.csv")


@pytest.mark.parametrize(("currency", "minor"), [("KWD", 12345), ("EUR", 1234500), ("JPY", 12345)])
def test_three_digits_are_read_as_the_currency_has_them(currency: str, minor: int) -> None:
    for file in (
        f"Date,Text,Amount,Currency\n2024-01-02,A,12.345,{currency}\n",
        f"Date,Text,Amount ({currency})\n2024-01-02,A,12.345\n",
    ):
        assert read(file).minors == [minor]
