"""Measure: ``python -m bench [--n 10000,100000] [--rounds 2] [--only W3,H2] [--cpu 1]``."""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.demands import DEMANDS
from bench.household import make_household
from bench.metering import Cost
from bench.results import RESULTS, Measured, document, table
from bench.works import Works


def main() -> None:
    """Measure every size that was asked for, print the tables, and keep those of a whole run."""
    told = _arguments()
    os.sched_setaffinity(0, {told.cpu})
    only = told.only.split(",") if told.only else list(DEMANDS)
    tables: list[str] = []
    for count in map(int, told.n.split(",")):
        tables.append(table(count, measure(count, told.rounds, only)))
        print(f"\n{tables[-1]}", flush=True)
    if not told.only:
        RESULTS.write_text(document(tables, told.rounds, told.cpu), encoding="utf-8")
        print(f"Kept in {RESULTS}")


def measure(count: int, rounds: int, only: Sequence[str]) -> list[Measured]:
    """Do the works of ``only`` on ``count`` rows; the sides take turns, and turns at being first."""
    folder = Path(tempfile.mkdtemp(prefix="solvent-bench-"))
    folder.chmod(0o711)
    try:
        works = Works(make_household(count, folder / "files"), folder)
        try:
            return _rounds(works, rounds, only)
        finally:
            works.close()
    finally:
        shutil.rmtree(folder)


def _rounds(works: Works, rounds: int, only: Sequence[str]) -> list[Measured]:
    pairs = {key: pair for key, pair in works.pairs().items() if key in only}
    costs: dict[str, tuple[list[Cost], list[Cost]]] = {key: ([], []) for key in pairs}
    for number in range(rounds):
        for key, pair in pairs.items():
            for side in (0, 1) if number % 2 else (1, 0):
                cost = pair[side]()
                if cost is not None:
                    costs[key][side].append(cost)
            print(f"round {number + 1} {key}", file=sys.stderr, flush=True)
    return [Measured(key, *costs[key]) for key in DEMANDS if key in costs]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--n", default="10000", help="how many rows; several with commas")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", default="", help="keys with commas; the results are not kept")
    parser.add_argument("--cpu", type=int, default=max(os.sched_getaffinity(0)))
    return parser.parse_args()


if __name__ == "__main__":
    main()
