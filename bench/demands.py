"""What must be reached: for each work the most it may cost, in floors and on the yardstick's machine.

The seconds were measured on one machine and hold there only; the ratio to the floor of the same run
is what is judged. Where the ratio changes with the number of rows, it is given at 10,000 and at
100,000.
"""

from dataclasses import dataclass

SMALL, LARGE = 10_000, 100_000
MANY = 30_000
"""From this many rows on, the figures at 100,000 count."""


@dataclass(frozen=True, slots=True)
class Demand:
    """One work; ``floors`` and ``seconds`` are for 10,000 rows and for 100,000."""

    title: str
    floors: tuple[float, float] | None
    seconds: tuple[float, float] | None

    def ratio_max(self, count: int) -> float | None:
        """Return how many floors it may cost at ``count`` rows."""
        return None if self.floors is None else self.floors[count > MANY]

    def seconds_max(self, count: int) -> float | None:
        """Return how many CPU seconds it may cost at ``count`` rows, on the yardstick's machine."""
        return None if self.seconds is None else self.seconds[count > MANY]


DEMANDS = {
    "W1": Demand("import six CSV files into empty accounts", (4.0, 4.0), (0.40, 3.0)),
    "W2": Demand("the same files again: adds 0", (3.0, 3.0), (0.20, 1.7)),
    "W2b": Demand("the same rows in files one byte longer: adds 0", (3.0, 3.0), (0.20, 1.7)),
    "W1l": Demand("at leisure after W1: statistics, memos for the search", None, None),
    "W3": Demand("spending by month and category", (0.92, 0.20), (0.006, 0.010)),
    "W4": Demand("balance by month and account", (1.0, 0.16), (0.004, 0.006)),
    "W5": Demand("search payee, amount, days; newest 50", (3.0, 3.0), (0.0012, 0.0012)),
    "W3n": Demand("W3 asked anew, nothing remembered", (0.92, 0.20), (0.006, 0.010)),
    "W4n": Demand("W4 asked anew", (1.0, 0.16), (0.004, 0.006)),
    "W5n": Demand("W5 asked anew", (3.0, 3.0), (0.0012, 0.0012)),
    "W7": Demand("move 1,000 transactions, read the month", (5.0, 4.3), (0.030, 0.030)),
    "W6": Demand("`solvent balances --json`, a new process", (3.6, 2.8), (0.50, 0.50)),
    "W6s": Demand("`solvent serve` on existing data to its first W4 answer", None, (2.0, 2.0)),
    "H1": Demand("GET /health/liveness", (1.67, 1.67), (0.00015, 0.00015)),
    "H2": Demand("GET the newest 50 transactions", (1.74, 1.74), (0.00075, 0.00075)),
    "H2n": Demand("H2 asked anew", (1.74, 1.74), (0.00075, 0.00075)),
    "H3": Demand(
        "the same unchanged (304), beside the floor of H2", (0.58, 0.58), (0.00025, 0.00025)
    ),
    "Pcsv": Demand("parse CSV, beside the csv module", (2.0, 2.0), (0.06, 0.60)),
    "Pofx": Demand("parse OFX, beside one regular expression", None, (0.25, 2.5)),
}
