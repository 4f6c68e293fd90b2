"""The accounts of a file: which statement is of which account, and what each closed with."""

from dataclasses import dataclass, field
from datetime import date

from solvent.intake.formats.ofx.refusals import OfxUnidentified
from solvent.intake.formats.reading import ClosingBalance, Reading, SourceAccount
from solvent.kernel.currency import UNKNOWN_CODE


@dataclass(slots=True)
class Statement:
    """One statement as far as it has been read; ``account`` is -1 until it is listed."""

    line: int
    kind: str = "asset"
    identifier: str = ""
    currency: str = UNKNOWN_CODE
    digits: int = 2
    account: int = -1
    nameless: bool = False
    """Whether it is a whole statement without any tag for its account and its currency."""
    row_currencies: set[str] = field(default_factory=set)
    """Currencies that only rows state, where the statement states none."""
    balance: tuple[int, date | None] | None = None

    @property
    def blank(self) -> bool:
        """Say whether it states nothing: no account, no transaction, no balance."""
        return not self.identifier and self.account < 0 and self.balance is None


class Accounts:
    """Lists accounts and closing balances in a :class:`Reading`, each once."""

    def __init__(self, reading: Reading) -> None:
        """Begin with none; ``bank`` is what the accounts are named after."""
        self.bank = ""
        self._reading = reading
        self._known: dict[tuple[str, str, str], int] = {}

    def add(self, statement: Statement) -> None:
        """List the account, or find it if an earlier statement was of the same."""
        key = (statement.identifier, statement.currency, statement.kind)
        if statement.identifier and key in self._known:
            statement.account = self._known[key]
            return
        statement.account = len(self._reading.accounts)
        self._reading.accounts.append(self._described(statement))
        if statement.identifier:
            self._known[key] = statement.account

    def correct(self, statement: Statement) -> None:
        """Describe the account anew if it was listed before everything was known."""
        if statement.account >= 0:
            self._reading.accounts[statement.account] = self._described(statement)

    def close(self, statement: Statement) -> None:
        """List the account and its balance; refuse a statement that nobody can place."""
        if statement.currency == UNKNOWN_CODE and len(statement.row_currencies) == 1:
            statement.currency = min(statement.row_currencies)
            self.correct(statement)
        if statement.nameless and statement.currency == UNKNOWN_CODE:
            raise OfxUnidentified(statement.line)
        if statement.account < 0:
            self.add(statement)
        if statement.balance is not None:
            minor, on = statement.balance
            self._add_closing(ClosingBalance(statement.account, minor, statement.currency, on))

    def _described(self, statement: Statement) -> SourceAccount:
        return SourceAccount(statement.identifier, statement.currency, self.bank, statement.kind)

    def _add_closing(self, closing: ClosingBalance) -> None:
        """Add a balance, once; say where two of the same day differ."""
        others = [one for one in self._reading.closings if one.account == closing.account]
        if closing in others:
            return
        if any(one.on == closing.on for one in others):
            self._reading.warn(
                "intake.ofx_balances_differ",
                "The file states two different closing balances of one account for the same day; "
                "check which of them the bank shows.",
            )
        self._reading.closings.append(closing)
