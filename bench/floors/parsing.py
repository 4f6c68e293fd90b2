"""Floor: the same files read by the csv module, and by one regular expression."""

import csv
import re
from datetime import date

from bench.household import Household

RECORD = re.compile(
    rb"<STMTTRN>.*?<DTPOSTED>(\d{8})[^<]*</DTPOSTED><TRNAMT>([^<]*)</TRNAMT><FITID>([^<]*)</FITID>"
    rb"<NAME>([^<]*)</NAME><MEMO>([^<]*)</MEMO>",
)


def read_csv(household: Household) -> tuple[int, int]:
    """Return how many rows the CSV files hold, and their sum in minor units."""
    count = total = 0
    for path in household.csv_files:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            next(rows)
            for day, payee, note, amount, _currency, _balance, reference in rows:
                fields = (date.fromisoformat(day), payee, note, minor(amount), reference)
                total += fields[3]
                count += 1
    return count, total


def read_ofx(household: Household) -> tuple[int, int]:
    """Return the same of the OFX files."""
    count = total = 0
    for path in household.ofx_files:
        for day, amount, reference, name, memo in RECORD.findall(path.read_bytes()):
            when = date(int(day[:4]), int(day[4:6]), int(day[6:]))
            fields = (
                when,
                minor(amount.decode()),
                reference.decode(),
                name.decode(),
                memo.decode(),
            )
            total += fields[1]
            count += 1
    return count, total


def minor(text: str) -> int:
    """Read a decimal with two places as minor units."""
    whole, _, part = text.partition(".")
    return int(whole + part)
