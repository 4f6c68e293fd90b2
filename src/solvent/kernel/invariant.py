"""What must hold for ever, written once: SQL that must return no row."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Invariant:
    """A statement about the books that tests, an hourly job and ``solvent verify`` all check.

    ``offenders`` is a query over all households, run by the verifier's role; each row it returns is
    one thing that is wrong, its first column the household where it has one. Columns that hold amounts end in
    ``_minor``: they are never shown.
    """

    code: str
    why: str
    offenders: str
