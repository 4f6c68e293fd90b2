"""Remarks: what a file says and its rows do not, counted while reading and told at the end."""

from collections import Counter

from solvent.intake.formats.reading import Reading

LEFT_OUT = "left out"
FOREIGN = "foreign"
ROUNDED = "rounded"
AMBIGUOUS = "ambiguous"
SIGNS = "signs"

BANK_ERRORS_MAX = 20
"""Most errors of the bank repeated from one file."""

_TOLD = {
    LEFT_OUT: (
        "intake.ofx_trades_left_out",
        "Buys, sells, dividends and other entries that are not plain cash were left out.",
    ),
    FOREIGN: (
        "intake.ofx_foreign_currency",
        "Some transactions name another currency; their amounts were taken in the account's.",
    ),
    ROUNDED: (
        "intake.ofx_rounded",
        "Some amounts have more decimals than their currency; they were rounded half to even.",
    ),
    AMBIGUOUS: (
        "intake.ofx_amount_ambiguous",
        "Some amounts like 1,234 could mean thousands; the comma was read as the decimal mark.",
    ),
    SIGNS: (
        "intake.ofx_signs_differ",
        "Some transactions marked DEBIT add money, or marked CREDIT take it; the sign counted.",
    ),
}


class Remarks:
    """Counts of what was noticed, by its kind, and the errors that the bank reported."""

    def __init__(self) -> None:
        """Begin with none."""
        self.counts: Counter[str] = Counter()
        self.bank_errors: list[str] = []

    def note_bank_error(self, said: str) -> None:
        """Keep an error, unless there are enough already."""
        if len(self.bank_errors) < BANK_ERRORS_MAX:
            self.bank_errors.append(said)

    def tell(self, reading: Reading) -> None:
        """Warn of each kind once, with how many transactions it concerns."""
        for said in self.bank_errors:
            reading.warn("intake.ofx_bank_error", f"The bank reports an error in the file: {said}.")
        for kind, (code, sentence) in _TOLD.items():
            if count := self.counts[kind]:
                reading.warn(code, f"{sentence} Transactions: {count}.")
